//! What is kept from one time of resolving to the next: as long as a change moves no entry and no name, only what it
//! touches is followed again.

use super::assemble::{self, Followed};
use super::edges::{Edges, Ends};
use super::links::{self, Linked};
use super::lookup::{Lead, Lookup};
use super::{Circumstances, Entries, EntryId, Shown, paths, places, references, undeclared};
use crate::entries::{Entry, Origin};
use crate::findings::{Finding, Span, any_error};
use crate::kinds::Kind;
use crate::sheets::Sheets;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// Everything that is the same again, or nothing yet. What it was reckoned under, the settings and the files beside
/// entries, is for its holder to compare: under others it is to be forgotten.
#[derive(Debug, Default)]
pub struct Memory {
    last: Option<Last>,
}

#[derive(Debug)]
struct Last {
    /// As they were given.
    declared: Entries,
    /// Whether there was nothing to tell about the entries as a whole. Of two entries with one id, the second goes by
    /// another, and which is the second may change: then nothing stands.
    untold: bool,
    assembled: Assembled,
    references: References,
    linked: Linked,
}

/// An entry in the place of what it was.
type Changed = (EntryId, Arc<Entry>);

/// Entries in their order, and what follows about each from what it is called and who may see it. A copy shares nearly
/// all of it.
#[derive(Debug, Clone)]
pub struct Assembled {
    pub entries: Entries,
    pub lookup: Arc<Lookup>,
    pub kinds: HashMap<Kind, Range<u32>>,
    pub kind_of: Arc<[Kind]>,
    /// The place of each among all by title: lists are sorted by it, so that no list compares titles again.
    pub by_title: Arc<[u32]>,
    /// From the site's root, percent-encoded, with a slash at its end: `practices/retail-licensing/`.
    pub paths: Arc<[String]>,
    pub shown: Arc<[Shown]>,
}

/// Where the references of all entries lead.
#[derive(Debug)]
struct References {
    followed: Sheets<Arc<Followed>>,
    edges: Edges,
    /// What is only named although others of its kind have files, and what could be meant.
    doubtful: HashMap<EntryId, Option<String>>,
    /// The entries with an error among them.
    in_error: BTreeSet<EntryId>,
    /// Those whose findings depend on what others are called.
    by_title: BTreeSet<EntryId>,
}

/// What resolving goes on with.
pub struct Resolved<'a> {
    pub assembled: &'a Assembled,
    pub followed: &'a Sheets<Arc<Followed>>,
    pub edges: &'a Edges,
    pub linked: &'a Linked,
    /// Whether there is an error among references and links. What there is to tell of these stands beside them.
    pub any_error: bool,
}

/// How much changed since the last time: these entries, which go by their old ids and synonyms and are shown to whom they
/// were. Some have other titles, of which these are the keys, old and new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    pub changed: BTreeSet<EntryId>,
    pub titles: HashSet<String>,
}

impl Memory {
    /// Brings entries together and follows their references and links, by the last result where that still stands.
    pub fn resolve(&mut self, declared: Entries, circumstances: &Circumstances, findings: &mut Vec<Finding>) -> Resolved<'_> {
        let last = match self.last.take() {
            Some(mut last) => match last.changed(&declared, circumstances) {
                Some(changed) => {
                    last.renew(declared, changed, circumstances);
                    last
                }
                None => Last::of(declared, circumstances, findings),
            },
            None => Last::of(declared, circumstances, findings),
        };
        let Last { assembled, references, linked, .. } = self.last.insert(last);
        let any_error = !references.in_error.is_empty() || linked.any_error();
        Resolved { assembled, followed: &references.followed, edges: &references.edges, linked, any_error }
    }
}

impl Assembled {
    fn of(declared: &Entries, circumstances: &Circumstances, findings: &mut Vec<Finding>) -> Assembled {
        let (entries, lookup) = assemble::assemble(declared, circumstances, findings);
        let shown: Vec<Shown> = entries.par_iter().map(|entry| assemble::shown(entry, circumstances.audience)).collect();
        Assembled {
            kinds: assemble::kind_ranges(&entries),
            kind_of: entries.iter().map(|entry| entry.kind).collect(),
            by_title: by_title(&entries),
            paths: paths::of_entries(&entries).into(),
            shown: shown.into(),
            lookup: Arc::new(lookup),
            entries,
        }
    }

    fn ends(&self) -> Ends<'_> {
        Ends { entries: &self.entries, shown: &self.shown, only_community: assemble::only_one(&self.kinds, Kind::Community, &self.entries) }
    }

    /// Puts entries in the places of what they were.
    fn renew(&mut self, changed: Vec<Changed>) -> Extent {
        let mut retitled = Vec::new();
        let mut extent = Extent { changed: BTreeSet::new(), titles: HashSet::new() };
        for (id, entry) in changed {
            let old = &self.entries[id.at()];
            if old.title != entry.title {
                retitled.push(id);
                extent.titles.extend([old.title_key.clone(), entry.title_key.clone()]);
            }
            extent.changed.insert(id);
            self.entries.set(id.at(), entry);
        }
        if !retitled.is_empty() {
            self.lookup = Arc::new(self.lookup.with_titles_of(&retitled, &self.entries));
            self.by_title = by_title(&self.entries);
        }
        extent
    }
}

fn by_title(entries: &Entries) -> Arc<[u32]> {
    let mut keys: Vec<(&str, EntryId)> =
        entries.par_iter().enumerate().map(|(at, entry)| (entry.title_key.as_str(), EntryId(at as u32))).collect();
    keys.par_sort_unstable();
    places(keys.into_iter().map(|(_, id)| id).collect()).into()
}

impl References {
    fn of(assembled: &Assembled) -> References {
        let Assembled { entries, lookup, .. } = assembled;
        let doubtful = undeclared::doubtful(entries);
        let followed: Vec<_> = (0..entries.len() as u32)
            .into_par_iter()
            .map(|id| Arc::new(assemble::follow(EntryId(id), entries, lookup, &doubtful)))
            .collect();
        let edges = Edges::of(assembled.ends(), &followed);
        let ids = |holds: fn(&Followed) -> bool| {
            let all = followed.iter().enumerate().filter(|(_, followed)| holds(followed));
            all.map(|(at, _)| EntryId(at as u32)).collect()
        };
        let (in_error, by_title) = (ids(|followed| any_error(&followed.findings)), ids(|followed| followed.by_title));
        References { followed: followed.into(), edges, doubtful, in_error, by_title }
    }

    fn renew(&mut self, assembled: &Assembled, extent: &Extent) {
        let mut again = extent.changed.clone();
        if !extent.titles.is_empty() {
            again.extend(&self.by_title);
        }
        let mut before = Vec::with_capacity(again.len());
        for id in again {
            let followed = assemble::follow(id, &assembled.entries, &assembled.lookup, &self.doubtful);
            set_where(any_error(&followed.findings), &mut self.in_error, id);
            set_where(followed.by_title, &mut self.by_title, id);
            before.push((id, self.followed[id.at()].clone()));
            self.followed.set(id.at(), Arc::new(followed));
        }
        self.edges.renew(assembled.ends(), &self.followed, &before);
    }
}

/// Has an id in a set where something holds, and else not.
pub fn set_where(holds: bool, ids: &mut BTreeSet<EntryId>, id: EntryId) {
    if holds {
        ids.insert(id);
    } else {
        ids.remove(&id);
    }
}

impl Last {
    fn of(declared: Entries, circumstances: &Circumstances, findings: &mut Vec<Finding>) -> Last {
        let assembled = Assembled::of(&declared, circumstances, findings);
        let untold = findings.is_empty();
        let references = References::of(&assembled);
        let linked = links::follow_all(&assembled, circumstances);
        Last { declared, untold, assembled, references, linked }
    }

    fn renew(&mut self, declared: Entries, changed: Vec<Changed>, circumstances: &Circumstances) {
        self.declared = declared;
        let extent = self.assembled.renew(changed);
        self.references.renew(&self.assembled, &extent);
        self.linked.renew(&self.assembled, &extent, circumstances);
    }

    /// The entries that changed, in their places; none where anything else did.
    fn changed(&self, declared: &Entries, circumstances: &Circumstances) -> Option<Vec<Changed>> {
        if !self.untold || self.declared.len() != declared.len() || declared.is_empty() {
            return None;
        }
        let mut changed = Vec::new();
        for at in declared.apart(&self.declared) {
            let (old, new) = (&self.declared[at], &declared[at]);
            if Arc::ptr_eq(old, new) {
                continue;
            }
            if !goes_by_the_same(old, new) || !self.names_the_same(old, new, circumstances) {
                return None;
            }
            let entries = &self.assembled.entries;
            let place = entries.partition_point(|entry| (entry.kind, &entry.key) < (new.kind, &new.key));
            entries.get(place).filter(|entry| (entry.kind, &entry.key) == (new.kind, &new.key))?;
            changed.push((EntryId(place as u32), new.clone()));
        }
        Some(changed)
    }

    /// Whether both name the same things that have no file: those are entries too, and as public as who names them.
    fn names_the_same(&self, old: &Entry, new: &Entry, circumstances: &Circumstances) -> bool {
        let (before, now) = (self.without_file(old), self.without_file(new));
        let (Some(before), Some(now)) = (before, now) else { return false };
        // The first place that names something is the place of its entry.
        let is_first = |(kind, key, _): &(Kind, String, Span)| {
            self.assembled.lookup.of_kind(*kind, key).is_some_and(|id| self.assembled.entries[id.at()].at.file == new.at.file)
        };
        let plain = |names: &BTreeSet<(Kind, String, Span)>| -> BTreeSet<(Kind, String)> {
            names.iter().map(|(kind, key, _)| (*kind, key.clone())).collect()
        };
        let same = if before.iter().any(is_first) { before == now } else { plain(&before) == plain(&now) };
        same && assemble::shown(old, circumstances.audience) == assemble::shown(new, circumstances.audience)
    }

    /// What an entry names that has no file, by kind, key and place; none where it names something that is nowhere yet.
    fn without_file(&self, entry: &Entry) -> Option<BTreeSet<(Kind, String, Span)>> {
        let mut named = BTreeSet::new();
        let mut all_known = true;
        references::each(entry, &mut |reference, wants, _| match self.assembled.lookup.follow(reference, wants) {
            Lead::One(to) => {
                let to = &self.assembled.entries[to.at()];
                if to.origin == Origin::Named {
                    named.insert((to.kind, to.key.clone(), reference.span));
                }
            }
            Lead::Several(_) => {}
            Lead::Nothing(..) => all_known = false,
        });
        all_known.then_some(named)
    }
}

/// Whether what one entry is found by finds the other, at the same address.
fn goes_by_the_same(old: &Entry, new: &Entry) -> bool {
    let synonyms = |entry: &Entry| -> Vec<String> { entry.synonyms().iter().map(|synonym| synonym.value.clone()).collect() };
    (old.kind, old.origin, &old.id, &old.key, &old.slug, &old.at.file) == (new.kind, new.origin, &new.id, &new.key, &new.slug, &new.at.file)
        && synonyms(old) == synonyms(new)
}
