//! Brings entries together: sorted, with what is only named, and with their references followed.

use super::lookup::{self, Lead, Lookup};
use super::references::{self, Part};
use super::{Audience, Circumstances, Drafts, Entries, EntryId, Internal, Shown, undeclared};
use crate::entries::front_matter::Visibility;
use crate::entries::{Entry, Origin};
use crate::findings::nearest::nearest;
use crate::findings::{Finding, Place, catalogue};
use crate::kinds::Kind;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Declared entries and those that are only named, sorted by kind and id. Of two with one id the second is told, and
/// goes on under another, so that all there is to say of it is said in the same run.
pub fn assemble(declared: &Entries, circumstances: &Circumstances, findings: &mut Vec<Finding>) -> (Entries, Lookup) {
    let mut declared: Vec<Arc<Entry>> = declared.iter().cloned().collect();
    declared.par_sort_by(|a, b| (a.kind, &a.key, a.origin as u8, &a.at).cmp(&(b.kind, &b.key, b.origin as u8, &b.at)));
    let mut kept: Vec<Arc<Entry>> = Vec::with_capacity(declared.len());
    let mut taken: Vec<Arc<Entry>> = Vec::new();
    for entry in declared {
        match kept.last() {
            Some(last) if last.kind == entry.kind && last.key == entry.key => {
                findings.push(catalogue::id_taken(entry.at.clone(), entry.kind, &entry.id, last.at.clone()));
                taken.push(entry);
            }
            _ => kept.push(entry),
        }
    }
    let all_kept = taken.is_empty();
    for (number, entry) in taken.into_iter().enumerate() {
        let mut other = Entry::clone(&entry);
        // A slug keeps no tilde, so this meets nobody's address.
        for name in [&mut other.id, &mut other.key, &mut other.slug] {
            name.push_str(&format!("~{}", number + 2));
        }
        kept.push(Arc::new(other));
    }
    if !all_kept {
        kept.par_sort_by(by_kind_and_key);
    }
    let kept = Entries::from(kept);
    let lookup = Lookup::new(&kept);
    let named = undeclared::named(&kept, &lookup, &circumstances.config, circumstances.audience);
    if named.is_empty() {
        return (kept, lookup);
    }
    // Both are in order already, so that each takes its place beside the others.
    let (mut moved, mut added) = (Vec::with_capacity(kept.len()), Vec::with_capacity(named.len()));
    let mut all: Vec<Arc<Entry>> = Vec::with_capacity(kept.len() + named.len());
    let mut named = named.into_iter().peekable();
    for entry in kept.iter().cloned() {
        while let Some(named) = named.next_if(|named| by_kind_and_key(named, &entry).is_lt()) {
            added.push(EntryId(all.len() as u32));
            all.push(named);
        }
        moved.push(EntryId(all.len() as u32));
        all.push(entry);
    }
    for named in named {
        added.push(EntryId(all.len() as u32));
        all.push(named);
    }
    let all = Entries::from(all);
    let lookup = lookup.moved(&moved, &all, &added);
    (all, lookup)
}

fn by_kind_and_key(a: &Arc<Entry>, b: &Arc<Entry>) -> Ordering {
    (a.kind, &a.key).cmp(&(b.kind, &b.key))
}

pub fn kind_ranges(entries: &Entries) -> HashMap<Kind, Range<u32>> {
    let mut ranges = HashMap::new();
    for kind in Kind::ALL {
        let start = entries.partition_point(|entry| entry.kind < kind);
        let end = entries.partition_point(|entry| entry.kind <= kind);
        ranges.insert(kind, start as u32..end as u32);
    }
    ranges
}

pub fn shown(entry: &Entry, audience: Audience) -> Shown {
    let visibility = entry.common.visibility();
    if (entry.common.draft && audience.drafts == Drafts::Hidden)
        || (visibility == Visibility::Internal && audience.internal == Internal::Hidden)
    {
        return Shown::Hidden;
    }
    match visibility {
        Visibility::Unlisted => Shown::Unlisted,
        Visibility::Public | Visibility::Internal => Shown::Listed,
    }
}

/// The only declared community, which entries that name none belong to.
pub fn only_one(kinds: &HashMap<Kind, Range<u32>>, kind: Kind, entries: &Entries) -> Option<EntryId> {
    let range = kinds.get(&kind)?.clone();
    let mut declared = range.filter(|id| entries[*id as usize].origin == Origin::File);
    let first = declared.next()?;
    declared.next().is_none().then_some(EntryId(first))
}

pub fn belongs_somewhere(kind: Kind) -> bool {
    matches!(kind, Kind::Session | Kind::Practice | Kind::CaseStudy | Kind::Series | Kind::Question | Kind::Resource)
}

/// Where the references of one entry lead.
#[derive(Debug, Default)]
pub struct Followed {
    /// By the part they play, in the order of the fields.
    pub named: Vec<(Part, EntryId)>,
    /// By the place they are written at, in its order.
    places: Vec<(u32, EntryId)>,
    pub findings: Vec<Finding>,
    /// Whether these depend on what other entries are called.
    pub by_title: bool,
}

impl Followed {
    /// What the reference that is written at a place leads to; none if it leads nowhere.
    pub fn at(&self, place: u32) -> Option<EntryId> {
        let at = self.places.partition_point(|(at, _)| *at < place);
        self.places.get(at).filter(|(at, _)| *at == place).map(|(_, to)| *to)
    }

    /// What they lead to, in the order in which they are written.
    pub fn as_written(&self) -> impl Iterator<Item = EntryId> + use<'_> {
        self.places.iter().map(|(_, to)| *to)
    }
}

/// Follows the references of one entry. `doubtful` is what is only named although others of its kind have files.
pub fn follow(id: EntryId, entries: &Entries, lookup: &Lookup, doubtful: &HashMap<EntryId, Option<String>>) -> Followed {
    let entry = &entries[id.0 as usize];
    let Followed { mut named, mut places, mut findings, mut by_title } = Followed::default();
    references::each(entry, &mut |reference, wants, part| {
        let at = || Place::new(&entry.at.file, reference.span);
        match lookup.follow(reference, wants) {
            Lead::One(to) if to == id && part != Part::Promise => findings.push(catalogue::refers_to_itself(at(), &reference.value)),
            Lead::One(to) => {
                named.push((part, to));
                places.push((reference.span.start, to));
                // The file that a name could have is worth a note where the vocabulary is open but not empty.
                if let Some(near) = doubtful.get(&to).filter(|_| entry.origin != Origin::Inline) {
                    let target = &entries[to.0 as usize];
                    findings.push(catalogue::undeclared_reference(at(), target.kind, &target.id, near.as_deref()));
                }
            }
            Lead::Several(fits) => {
                let fits: Vec<String> = fits.iter().map(|id| entries[id.0 as usize].reference()).collect();
                findings.push(catalogue::ambiguous_reference(at(), reference, &fits));
            }
            // A question stated in a session repeats the session's own references, which are told there.
            Lead::Nothing(..) if entry.origin == Origin::Inline && matches!(part, Part::Topic | Part::Community) => {}
            Lead::Nothing(Some(kind), name) => {
                let near = nearest(&name, lookup::candidates(entries, kind));
                findings.push(catalogue::unknown_reference(at(), kind, &name, near));
            }
            Lead::Nothing(None, name) => {
                by_title = true;
                let all = Kind::ALL.into_iter().flat_map(|kind| lookup::candidates(entries, kind));
                let near = nearest(&name, all).map(str::to_owned);
                let near = near.and_then(|near| match lookup.wiki(&near) {
                    Lead::One(id) => Some(entries[id.0 as usize].reference()),
                    _ => None,
                });
                let folders = Kind::ALL.iter().map(|kind| kind.folder());
                let folder = reference.split_once('/').and_then(|(folder, id)| Some(format!("{}/{id}", nearest(folder, folders)?)));
                findings.push(catalogue::unknown_folder(at(), reference, near.or(folder).as_deref()));
            }
        }
    });
    places.sort_unstable();
    Followed { named, places, findings, by_title }
}
