//! Things that probably stand in a knowledge base under several names: which to keep, and the synonyms to write for it.

use super::mentions::{self, Mentioned};
use super::similar::{self, Called, Thing, Why};
use super::{EntryId, Knowledge};
use crate::entries::{Origin, names};
use crate::findings::Place;
use crate::kinds::Kind;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The kinds whose names are compared: others are seldom named by hand, and people are known by few spellings.
pub const COMPARED: [Kind; 3] = [Kind::Topic, Kind::Organization, Kind::Person];

/// One thing and the names that are probably its own.
#[derive(Debug, Clone)]
pub struct Double {
    pub kind: Kind,
    pub keep: Side,
    /// The surest first.
    pub same: Vec<(Side, Why)>,
    /// All synonyms of the one that is kept, those it has included.
    pub synonyms: Vec<String>,
}

/// One name, and what stands behind it.
#[derive(Debug, Clone)]
pub struct Side {
    /// The title of an entry, or the name as it is written.
    pub name: String,
    pub id: String,
    /// The file that declares it; none where it is only named.
    pub file: Option<Arc<str>>,
    /// How many references name it, and where the first does.
    pub times: usize,
    pub first: Option<Place>,
}

/// All of them, the surest first.
pub fn all(k: &Knowledge) -> Vec<Double> {
    let mut doubles: Vec<Double> = COMPARED.into_iter().flat_map(|kind| of_kind(k, kind)).collect();
    doubles.sort_by_key(|double| double.same.first().map(|(_, why)| *why));
    doubles
}

/// The same of one kind, by their names.
pub fn of_kind(k: &Knowledge, kind: Kind) -> Vec<Double> {
    let known = candidates(k, kind);
    let things: Vec<Thing> = known.iter().map(|candidate| Thing { names: candidate.called() }).collect();
    let mut beside: HashMap<usize, Vec<(usize, Why)>> = HashMap::new();
    for likeness in similar::alike(kind, &things) {
        let (one, other) = (likeness.one, likeness.other);
        if !known[one].is_told_apart(&known[other]) {
            beside.entry(one).or_default().push((other, likeness.why));
            beside.entry(other).or_default().push((one, likeness.why));
        }
    }
    // Each name goes to the best one that it is like. What is like only a name that has gone shows in the next run, when
    // that name is a synonym: so nobody is asked to believe a chain of guesses.
    let mut gone: HashSet<usize> = HashSet::new();
    let mut doubles = Vec::new();
    for (keep, candidate) in known.iter().enumerate() {
        if gone.contains(&keep) {
            continue;
        }
        let mut same: Vec<(usize, Why)> = beside.remove(&keep).unwrap_or_default();
        same.retain(|(other, _)| *other > keep && !gone.contains(other));
        if same.is_empty() {
            continue;
        }
        same.sort_by_key(|(other, why)| (*why, *other));
        gone.extend(same.iter().map(|(other, _)| *other));
        let synonyms = candidate.synonyms_with(same.iter().map(|(other, _)| &known[*other]));
        let same = same.into_iter().map(|(other, why)| (known[other].side.clone(), why)).collect();
        doubles.push(Double { kind, keep: candidate.side.clone(), same, synonyms });
    }
    doubles
}

/// Something that may be kept, or be another name of something.
struct Candidate {
    side: Side,
    synonyms: Vec<String>,
    /// The keys of what it stands below.
    above: Vec<String>,
}

/// What there is of a kind, in the order in which it is kept: what has a file, is named more often, has a longer name,
/// has its accents.
fn candidates(k: &Knowledge, kind: Kind) -> Vec<Candidate> {
    let mentioned = mentions::of(k, kind);
    let by_entry: HashMap<EntryId, &Mentioned> = mentioned.iter().filter_map(|mentioned| Some((mentioned.entry?, mentioned))).collect();
    let declared = k.of_kind(kind).filter(|id| k.has_page(*id) && k.entry(*id).origin == Origin::File);
    let mut found: Vec<Candidate> = declared.map(|id| Candidate::declared(k, id, by_entry.get(&id).copied())).collect();
    found.extend(mentioned.iter().filter(|mentioned| mentioned.is_undeclared(k)).map(Candidate::named));
    found.sort_by_cached_key(|candidate| {
        let side = &candidate.side;
        let accents = side.name.chars().filter(|c| !c.is_ascii()).count();
        (side.file.is_none(), Reverse(side.times), Reverse(side.name.chars().count()), Reverse(accents), side.name.clone(), side.id.clone())
    });
    found
}

impl Candidate {
    fn declared(k: &Knowledge, id: EntryId, mentioned: Option<&Mentioned>) -> Candidate {
        let entry = k.entry(id);
        let side = Side {
            name: entry.title.clone(),
            id: entry.id.clone(),
            file: Some(entry.at.file.clone()),
            times: mentioned.map_or(0, |mentioned| mentioned.times),
            first: mentioned.map(|mentioned| mentioned.first.clone()),
        };
        let synonyms = entry.synonyms().iter().map(|synonym| synonym.value.clone()).collect();
        Candidate { side, synonyms, above: above(k, id) }
    }

    fn named(mentioned: &Mentioned) -> Candidate {
        let name = mentioned.name.clone();
        let side = Side { id: name.clone(), name, file: None, times: mentioned.times, first: Some(mentioned.first.clone()) };
        Candidate { side, synonyms: Vec::new(), above: Vec::new() }
    }

    fn called(&self) -> Vec<Called<'_>> {
        let mut names = vec![Called::Name(&self.side.name)];
        names.extend(self.synonyms.iter().map(|synonym| Called::Name(synonym)));
        if self.side.file.is_some() {
            names.push(Called::Id(&self.side.id));
        }
        names
    }

    /// The keys of what it goes by.
    fn keys(&self) -> [String; 2] {
        [names::key(&self.side.id), names::key(&self.side.name)]
    }

    /// Whether somebody has said already how the two hang together: as synonyms, or one below the other.
    fn is_told_apart(&self, other: &Candidate) -> bool {
        let says = |one: &Candidate, other: &Candidate| {
            let keys = other.keys();
            one.synonyms.iter().any(|synonym| keys.contains(&names::key(synonym))) || one.above.contains(&keys[0])
        };
        says(self, other) || says(other, self)
    }

    /// Its own synonyms and the names of others, each once, without the one it is looked up by anyway.
    fn synonyms_with<'a>(&'a self, others: impl Iterator<Item = &'a Candidate>) -> Vec<String> {
        let mut known: HashSet<String> = HashSet::from([names::key(&self.side.id)]);
        // References go by ids and synonyms, so a title that both have adds nothing; what is only named goes by its name.
        let title = names::key(&self.side.name);
        let theirs = others.flat_map(|other| {
            let name = Some(&other.side.name).filter(|name| names::key(name) != title);
            std::iter::once(&other.side.id).chain(name).chain(&other.synonyms)
        });
        self.synonyms.iter().chain(theirs).filter(|name| known.insert(names::key(name))).cloned().collect()
    }
}

/// The keys of all topics above one, and of the parent it names that nothing goes by.
fn above(k: &Knowledge, id: EntryId) -> Vec<String> {
    let parent = |id: &EntryId| k.topic(*id).and_then(|facts| facts.parent);
    let mut keys: Vec<String> = std::iter::successors(parent(&id), parent).map(|id| k.entry(id).key.clone()).collect();
    let written = k.entry(id).topic().and_then(|topic| topic.parent.as_ref());
    keys.extend(written.map(|written| names::key(mentions::bare(written, Kind::Topic))));
    keys
}
