//! What stands in the rows and columns of a map, in order, and what of it an entry names.

use crate::config::{Axis, From, Map};
use crate::entries::names;
use crate::findings::nearest::nearest;
use crate::kinds::Kind;
use crate::knowledge::references::Part;
use crate::knowledge::{EntryId, Knowledge, topics};
use std::collections::HashMap;

/// The kinds that can be columns, in their order.
pub const KINDS: [Kind; 4] = [Kind::Session, Kind::CaseStudy, Kind::Practice, Kind::Resource];

/// What a row or a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A topic, voice, series or organization.
    Entry(EntryId),
    /// The place with this number.
    Place(usize),
    Kind(Kind),
}

/// One row or column of a map.
#[derive(Debug, Clone)]
pub struct Item {
    pub subject: Subject,
    /// What a map's settings and data files call it.
    pub id: String,
    /// Its part of an address.
    pub slug: String,
    /// The dimension of a topic.
    pub dimension: Option<String>,
    /// From 0 to 3; none where it is no topic and the map gives it none.
    pub priority: Option<u8>,
    /// Where the priority is the map's own and not the topic's.
    pub overridden: bool,
    pub parent: Option<usize>,
    pub depth: u8,
    /// Behind the last item below it: items stand in the order of their tree.
    pub end: usize,
    /// Whether it only brings together what is below it: nothing names the item itself.
    pub group: bool,
    /// People who name it, or anything below it, as their expertise; sorted.
    pub experts: Vec<EntryId>,
    /// Voices its topic requires; sorted.
    pub required: Vec<EntryId>,
    /// Who looks after its topic.
    pub steward: Option<EntryId>,
}

/// The rows or the columns of a map.
#[derive(Debug, Clone, Default)]
pub struct Side {
    pub items: Vec<Item>,
    places: HashMap<Subject, usize>,
    sort: Sort,
}

/// What an entry is asked for, to find where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sort {
    #[default]
    Topics,
    Kinds,
    Voices,
    Places,
    Series,
    Organizations,
}

impl Side {
    /// The items of a side of a map.
    pub fn new(k: &Knowledge, map: &Map, axis: &Axis) -> Side {
        let all = |kind: Kind| -> Vec<(Subject, u8)> {
            let mut ids: Vec<EntryId> = k.listed(kind).collect();
            ids.sort_unstable_by_key(|id| k.by_title(*id));
            ids.into_iter().map(|id| (Subject::Entry(id), 0)).collect()
        };
        let (sort, subjects) = match axis {
            Axis::AllTopics => (Sort::Topics, tree(k, None)),
            Axis::Topics(dimension) => (Sort::Topics, tree(k, Some(dimension))),
            Axis::From(From::Voices) => (Sort::Voices, all(Kind::Voice)),
            Axis::From(From::Series) => (Sort::Series, all(Kind::Series)),
            Axis::From(From::Organizations) => (Sort::Organizations, all(Kind::Organization)),
            Axis::From(From::Places) => (Sort::Places, (0..k.places.all.len()).map(|at| (Subject::Place(at), 0)).collect()),
            Axis::From(From::Kinds) => {
                let kinds = KINDS.into_iter().filter(|kind| map.include.contains(kind));
                (Sort::Kinds, kinds.map(|kind| (Subject::Kind(kind), 0)).collect())
            }
        };
        let places = subjects.iter().enumerate().map(|(at, (subject, _))| (*subject, at)).collect();
        let mut side = Side { items: subjects.into_iter().map(|(subject, depth)| item(k, subject, depth)).collect(), places, sort };
        side.join();
        side
    }

    /// Parents and ends, from the depths; who knows of what is below stands with what is above.
    fn join(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.items.len() {
            while open.last().is_some_and(|above| self.items[*above].depth >= self.items[at].depth) {
                open.pop();
            }
            self.items[at].parent = open.last().copied();
            self.items[at].end = at + 1;
            for above in &open {
                self.items[*above].end = at + 1;
                let below = self.items[at].experts.clone();
                self.items[*above].experts.extend(below);
            }
            open.push(at);
        }
        for item in &mut self.items {
            item.experts.sort_unstable();
            item.experts.dedup();
        }
    }

    /// The priorities that the map gives instead of the topics' own: for just the items it names.
    pub fn give_priority(&mut self, at: usize, priority: u8) {
        self.items[at].priority = Some(priority);
        self.items[at].overridden = true;
    }

    pub fn is_kinds(&self) -> bool {
        self.sort == Sort::Kinds
    }

    pub fn is_topics(&self) -> bool {
        self.sort == Sort::Topics
    }

    /// The key by which entries name its items; kinds are not named.
    pub fn key(&self) -> Option<&'static str> {
        match self.sort {
            Sort::Topics => Some("topics"),
            Sort::Kinds => None,
            Sort::Voices => Some("voices"),
            Sort::Places => Some("places"),
            Sort::Series => Some("series"),
            Sort::Organizations => Some("organizations"),
        }
    }

    /// The column of a kind.
    pub fn of_kind(&self, kind: Kind) -> Option<usize> {
        self.places.get(&Subject::Kind(kind)).copied()
    }

    /// The row or column of an entry, where it is one.
    pub fn of_entry(&self, id: EntryId) -> Option<usize> {
        self.places.get(&Subject::Entry(id)).copied()
    }

    /// The item that a name stands for: an id or a synonym, a place however it is spelled, a kind.
    pub fn named(&self, k: &Knowledge, name: &str) -> Option<usize> {
        let subject = match self.sort {
            Sort::Kinds => Subject::Kind(Kind::from_word(name)?),
            Sort::Places => Subject::Place(k.places.number(name)?),
            Sort::Topics => Subject::Entry(k.lookup().of_kind(Kind::Topic, name)?),
            Sort::Voices => Subject::Entry(k.lookup().of_kind(Kind::Voice, name)?),
            Sort::Series => Subject::Entry(k.lookup().of_kind(Kind::Series, name)?),
            Sort::Organizations => Subject::Entry(k.lookup().of_kind(Kind::Organization, name)?),
        };
        self.places.get(&subject).copied()
    }

    /// The item whose name is nearest to one that there is not.
    pub fn near(&self, name: &str) -> Option<&str> {
        nearest(name, self.items.iter().map(|item| item.id.as_str()))
    }

    /// An item and everything above it.
    pub fn with_above(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| self.items[*at].parent)
    }

    /// What an entry names of it, in order: topics (of those above each other the lowest), voices it speaks with, or the
    /// field as it stands. `topics` are the entry's, which a question may have from its session.
    pub fn values(&self, k: &Knowledge, id: EntryId, kind: Kind, topics: &[EntryId]) -> Vec<usize> {
        let entries = |ids: &[EntryId]| -> Vec<usize> { ids.iter().filter_map(|id| self.of_entry(*id)).collect() };
        let mut values = match self.sort {
            Sort::Topics => entries(topics),
            Sort::Kinds => self.of_kind(kind).into_iter().collect(),
            Sort::Voices => entries(&k.voices(id)),
            Sort::Organizations => entries(&k.targets(id, &k.entry(id).common.organizations)),
            Sort::Series if k.kind(id) == Kind::Series => entries(&[id]),
            Sort::Series => entries(k.session(id).and_then(|facts| facts.series).as_slice()),
            Sort::Places => {
                let numbers = k.entry(id).common.places.iter().filter_map(|place| k.places.number(place));
                numbers.filter_map(|number| self.places.get(&Subject::Place(number)).copied()).collect()
            }
        };
        values.sort_unstable();
        values.dedup();
        let all = values.clone();
        values.retain(|at| !all.iter().any(|below| *below > *at && *below < self.items[*at].end));
        values
    }
}

/// The topics of a dimension, or of all dimensions one after the other, each followed by what is below it. A topic whose
/// parent is of another dimension begins a tree of its own, and nobody has to know of one that was given up.
fn tree(k: &Knowledge, dimension: Option<&str>) -> Vec<(Subject, u8)> {
    let own = |id: EntryId| k.entry(id).topic().map_or("", |topic| topic.dimension());
    let is_of = |id: EntryId| !k.is_retired(id) && dimension.is_none_or(|dimension| own(id) == dimension);
    let mut roots: Vec<EntryId> =
        k.listed(Kind::Topic).filter(|id| is_of(*id) && !topics::listed_parent(k, *id).is_some_and(is_of)).collect();
    roots.sort_by_cached_key(|id| topics::order(k, *id));
    // As on the page of topics, the dimension with the most trees comes first.
    let mut dimensions: Vec<(&str, Vec<EntryId>)> = Vec::new();
    for root in roots {
        match dimensions.iter_mut().find(|(known, _)| *known == own(root)) {
            Some((_, roots)) => roots.push(root),
            None => dimensions.push((own(root), vec![root])),
        }
    }
    dimensions.sort_by_key(|(_, roots)| std::cmp::Reverse(roots.len()));
    let roots = dimensions.into_iter().flat_map(|(_, roots)| roots);
    let mut found = Vec::new();
    let mut open: Vec<(EntryId, u8)> = roots.collect::<Vec<_>>().into_iter().rev().map(|id| (id, 0)).collect();
    while let Some((id, depth)) = open.pop() {
        found.push((Subject::Entry(id), depth));
        let children = k.topic(id).map_or(&[][..], |facts| &facts.children).iter().filter(|child| is_of(**child));
        open.extend(children.rev().map(|child| (*child, depth.saturating_add(1))));
    }
    found
}

fn item(k: &Knowledge, subject: Subject, depth: u8) -> Item {
    let mut item = Item {
        subject,
        id: String::new(),
        slug: String::new(),
        dimension: None,
        priority: None,
        overridden: false,
        parent: None,
        depth,
        end: 0,
        group: false,
        experts: Vec::new(),
        required: Vec::new(),
        steward: None,
    };
    match subject {
        Subject::Kind(kind) => {
            item.id = kind.word().to_owned();
            item.slug = kind.word().to_owned();
        }
        Subject::Place(at) => {
            let place = &k.places.all[at];
            item.id = place.slug.clone();
            item.slug = names::slug(&place.name);
        }
        Subject::Entry(id) => {
            let entry = k.entry(id);
            item.id = entry.id.clone();
            item.slug = names::slug(&entry.id);
            if let Some(topic) = entry.topic() {
                item.dimension = Some(topic.dimension().to_owned());
                item.priority = k.topic(id).map(|facts| facts.priority.min(3));
                item.experts = k.referring(id, Part::Expertise).filter(|who| k.kind(*who) == Kind::Person).collect();
                item.required = k.targets(id, &topic.required_voices).into_iter().filter(|voice| k.is_listed(*voice)).collect();
                item.required.sort_unstable();
                item.steward = topic.steward.as_ref().and_then(|steward| k.target(id, steward)).filter(|who| k.is_listed(*who));
            }
        }
    }
    item
}
