//! How often the names of a kind are written in front matter, and where: those of entries, and those nothing goes by.

use super::lookup::Lead;
use super::references::{self, Part};
use super::{EntryId, Knowledge};
use crate::entries::{Origin, names};
use crate::findings::Place;
use crate::kinds::Kind;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// One thing that references name.
#[derive(Debug, Clone)]
pub struct Mentioned {
    /// As it is written most often, without a folder before it.
    pub name: String,
    /// What the name leads to; none where the kind is closed and nothing goes by it.
    pub entry: Option<EntryId>,
    /// How many references name it.
    pub times: usize,
    /// In how many files.
    pub files: usize,
    pub first: Place,
}

/// Who is asked what they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Entries with a page in this build.
    Shown,
    /// Hidden ones, too.
    All,
}

/// Everything of a kind that is named by what has a page, by the order of its names.
pub fn of(k: &Knowledge, kind: Kind) -> Vec<Mentioned> {
    gather(k, kind, Asked::Shown)
}

/// The names among them that no file declares.
pub fn undeclared(k: &Knowledge, kind: Kind) -> Vec<Mentioned> {
    of(k, kind).into_iter().filter(|mentioned| mentioned.is_undeclared(k)).collect()
}

/// How many more names no file declares, that only hidden entries write.
pub fn undeclared_by_hidden(k: &Knowledge, kind: Kind) -> usize {
    let all = gather(k, kind, Asked::All);
    all.iter().filter(|mentioned| mentioned.is_undeclared(k)).count() - undeclared(k, kind).len()
}

impl Mentioned {
    pub fn is_undeclared(&self, k: &Knowledge) -> bool {
        self.entry.is_none_or(|id| k.entry(id).origin == Origin::Named)
    }
}

/// What is known of a name while entries are gone through.
#[derive(Default)]
struct Tally {
    entry: Option<EntryId>,
    /// How often each spelling is written, and where first.
    spellings: BTreeMap<String, (usize, Option<Place>)>,
    files: HashSet<Arc<str>>,
}

fn gather(k: &Knowledge, kind: Kind, asked: Asked) -> Vec<Mentioned> {
    // An entry goes by several names, and is one thing all the same.
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for id in k.ids().filter(|id| asked == Asked::All || k.has_page(*id)) {
        let entry = k.entry(id);
        references::each(entry, &mut |reference, wants, part| {
            // A question stated in a session repeats the session's own references.
            if entry.origin == Origin::Inline && matches!(part, Part::Topic | Part::Community) {
                return;
            }
            let (key, to) = match k.lookup().follow(reference, wants) {
                Lead::One(to) if k.kind(to) == kind => (k.entry(to).key.clone(), Some(to)),
                Lead::Nothing(Some(wanted), name) if wanted == kind => (names::key(&name), None),
                _ => return,
            };
            let tally = tallies.entry(key).or_default();
            tally.entry = to;
            tally.files.insert(entry.at.file.clone());
            let (times, first) = tally.spellings.entry(bare(reference, kind).to_owned()).or_default();
            let place = Place::new(&entry.at.file, reference.span);
            *times += 1;
            if first.as_ref().is_none_or(|known| place < *known) {
                *first = Some(place);
            }
        });
    }
    tallies.into_values().filter_map(Tally::sum).collect()
}

impl Tally {
    fn sum(self) -> Option<Mentioned> {
        let times = self.spellings.values().map(|(times, _)| times).sum();
        let first = self.spellings.values().filter_map(|(_, first)| first.clone()).min()?;
        let usual = self.spellings.into_iter().max_by_key(|(_, (times, first))| (*times, std::cmp::Reverse(first.clone())));
        Some(Mentioned { name: usual?.0, entry: self.entry, times, files: self.files.len(), first })
    }
}

/// A reference without the folder that may stand before it.
pub fn bare(written: &str, kind: Kind) -> &str {
    match written.split_once('/') {
        Some((folder, id)) if folder == kind.folder() => id.trim_end_matches('/').trim_end_matches(".md"),
        _ => written,
    }
}
