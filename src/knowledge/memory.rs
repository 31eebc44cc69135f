//! What is kept from one time of resolving to the next: as long as a change moves no entry and no name, only what it
//! touches is followed again.

use super::assemble::Followed;
use super::edges::{Edges, Ends};
use super::links::FollowedLinks;
use super::lookup::{Lead, Lookup};
use super::references;
use super::{Circumstances, EntryId, Shown, assemble, undeclared};
use crate::entries::{Entry, Origin};
use crate::findings::{Checked, Finding, Span};
use crate::kinds::Kind;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
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
    declared: Vec<Arc<Entry>>,
    entries: Vec<Arc<Entry>>,
    lookup: Arc<Lookup>,
    /// What is only named although others of its kind have files, and what could be meant.
    doubtful: HashMap<EntryId, Option<String>>,
    followed: Vec<Arc<Followed>>,
    edges: Edges,
    links: Vec<Arc<Checked<FollowedLinks>>>,
}

/// An entry in the place of what it was.
type Changed = (EntryId, Arc<Entry>);

/// Entries in their order, how they are found, and how much of that is as it was.
pub struct Assembled {
    pub entries: Vec<Arc<Entry>>,
    pub lookup: Arc<Lookup>,
    pub extent: Extent,
}

/// How much changed since the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    Everything,
    /// These entries, which go by their old ids and synonyms and are shown to whom they were; some have other titles, of which these are the keys, old
    /// and new.
    Only {
        changed: Vec<EntryId>,
        titles: HashSet<String>,
    },
}

impl Memory {
    /// As [`assemble::assemble`], by the last result where that still stands.
    pub fn assemble(&mut self, declared: &[Arc<Entry>], circumstances: &Circumstances, findings: &mut Vec<Finding>) -> Assembled {
        if let Some(last) = &self.last
            && let Some(changed) = last.changed(declared, circumstances)
        {
            let mut entries = last.entries.clone();
            let mut retitled = Vec::new();
            let mut titles = HashSet::new();
            for (id, entry) in &changed {
                let old = std::mem::replace(&mut entries[id.0 as usize], entry.clone());
                if old.title != entry.title {
                    retitled.push(*id);
                    titles.extend([old.title_key.clone(), entry.title_key.clone()]);
                }
            }
            let lookup = if retitled.is_empty() { last.lookup.clone() } else { Arc::new(last.lookup.with_titles_of(&retitled, &entries)) };
            let changed = changed.into_iter().map(|(id, _)| id).collect();
            return Assembled { entries, lookup, extent: Extent::Only { changed, titles } };
        }
        self.last = None;
        let (entries, lookup) = assemble::assemble(declared.to_vec(), circumstances, findings);
        Assembled { entries, lookup: Arc::new(lookup), extent: Extent::Everything }
    }

    /// Where the references of all entries lead, and what that comes to at both ends.
    pub fn follow(&mut self, assembled: &Assembled, shown: &[Shown], only_community: Option<EntryId>) -> (Vec<Arc<Followed>>, Edges) {
        let Assembled { entries, lookup, extent } = assembled;
        let ends = Ends { entries, shown, only_community };
        let follow = |id: EntryId, doubtful: &HashMap<EntryId, Option<String>>| Arc::new(assemble::follow(id, entries, lookup, doubtful));
        match (extent, &mut self.last) {
            (Extent::Only { changed, titles }, Some(last)) => {
                let before: Vec<(EntryId, Arc<Followed>)> = changed.iter().map(|id| (*id, last.followed[id.0 as usize].clone())).collect();
                for id in changed {
                    last.followed[id.0 as usize] = follow(*id, &last.doubtful);
                }
                if !titles.is_empty() {
                    for (index, followed) in last.followed.iter_mut().enumerate().filter(|(_, followed)| followed.by_title) {
                        *followed = follow(EntryId(index as u32), &last.doubtful);
                    }
                }
                last.edges.renew(ends, &last.followed, &before);
                (last.followed.clone(), last.edges.clone())
            }
            _ => {
                let doubtful = undeclared::doubtful(entries);
                let followed: Vec<_> = (0..entries.len() as u32).into_par_iter().map(|id| follow(EntryId(id), &doubtful)).collect();
                let edges = Edges::of(ends, &followed);
                self.last = Some(Last {
                    declared: Vec::new(),
                    entries: entries.clone(),
                    lookup: lookup.clone(),
                    doubtful,
                    followed: followed.clone(),
                    edges: edges.clone(),
                    links: Vec::new(),
                });
                (followed, edges)
            }
        }
    }

    /// Where the links of all texts lead; `follow` follows those of one.
    pub fn follow_links(
        &mut self,
        assembled: &Assembled,
        follow: impl Fn(EntryId) -> Checked<FollowedLinks> + Sync,
    ) -> Vec<Arc<Checked<FollowedLinks>>> {
        let last = self.last.as_mut().expect("references were followed before");
        match &assembled.extent {
            // A link says something about what it leads to: its anchors, and whether anybody sees it.
            Extent::Only { changed, titles } => {
                let changed: HashSet<EntryId> = changed.iter().copied().collect();
                let concerns = |id: EntryId, links: &FollowedLinks| {
                    changed.contains(&id)
                        || links.seen.iter().any(|to| changed.contains(to))
                        || (!titles.is_empty() && links.go_by(titles, &assembled.entries[id.0 as usize]))
                };
                last.links.par_iter_mut().enumerate().for_each(|(index, links)| {
                    let id = EntryId(index as u32);
                    if concerns(id, &links.value) {
                        *links = Arc::new(follow(id));
                    }
                });
            }
            Extent::Everything => {
                last.links = (0..assembled.entries.len() as u32).into_par_iter().map(|id| Arc::new(follow(EntryId(id)))).collect();
            }
        }
        last.links.clone()
    }

    /// Keeps what was given and what came of it. `untold` says that there was nothing to tell about the entries as a whole.
    pub fn keep(&mut self, declared: Vec<Arc<Entry>>, assembled: &Assembled, untold: bool) {
        match &mut self.last {
            // Of two entries with one id, the second goes by another, and which is the second may change.
            Some(_) if !untold => self.last = None,
            Some(last) => {
                last.declared = declared;
                last.entries.clone_from(&assembled.entries);
                last.lookup = assembled.lookup.clone();
            }
            None => {}
        }
    }
}

impl Last {
    /// The entries that changed, in their places; none where anything else did.
    fn changed(&self, declared: &[Arc<Entry>], circumstances: &Circumstances) -> Option<Vec<Changed>> {
        if self.declared.len() != declared.len() || declared.is_empty() {
            return None;
        }
        let mut changed = Vec::new();
        for (old, new) in self.declared.iter().zip(declared) {
            if Arc::ptr_eq(old, new) {
                continue;
            }
            if !goes_by_the_same(old, new) || !self.names_the_same(old, new, circumstances) {
                return None;
            }
            let place = self.entries.binary_search_by(|entry| (entry.kind, &entry.key).cmp(&(new.kind, &new.key))).ok()?;
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
            self.lookup.of_kind(*kind, key).is_some_and(|id| self.entries[id.0 as usize].at.file == new.at.file)
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
        references::each(entry, &mut |reference, wants, _| match self.lookup.follow(reference, wants) {
            Lead::One(to) => {
                let to = &self.entries[to.0 as usize];
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
