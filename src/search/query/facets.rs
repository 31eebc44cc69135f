//! Shelf `f`: what entries are about and of whom, to choose from and to count.

use super::shelves::{ByNumber, Library, Trouble};
use crate::kinds::Kind;
use crate::search::numbers::Numbers;
use std::collections::BTreeMap;

/// What results can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Kind,
    Topic,
    Series,
    Year,
    Organization,
    Voice,
    Maturity,
    Recording,
}

impl Group {
    pub const ALL: [Group; 8] =
        [Group::Kind, Group::Topic, Group::Series, Group::Year, Group::Organization, Group::Voice, Group::Maturity, Group::Recording];

    pub const fn word(self) -> &'static str {
        match self {
            Group::Kind => "kind",
            Group::Topic => "topic",
            Group::Series => "series",
            Group::Year => "year",
            Group::Organization => "organization",
            Group::Voice => "voice",
            Group::Maturity => "maturity",
            Group::Recording => "recording",
        }
    }

    pub fn from_word(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.word() == word)
    }
}

/// The chosen values of each group, by their ids. A group without any narrows nothing.
pub type Filters = BTreeMap<Group, Vec<String>>;

/// A value that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub id: String,
    /// The same as the id for kinds, years, maturity and recordings.
    pub title: String,
    /// The place of the value above it.
    pub parent: Option<usize>,
}

/// How many entries have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub id: String,
    pub title: String,
    /// The id of the value above it.
    pub parent: Option<String>,
    pub count: usize,
}

/// The values of one group, and which of them each entry has, those above them included.
pub struct Facet {
    pub values: Vec<Value>,
    of: Vec<Vec<usize>>,
}

/// How many kinds there are: a kind's number and a state of its entry share one number.
const KINDS: u32 = Kind::ALL.len() as u32;
/// What is added to the kind of a practice, by these words: once, twice, three times.
const MATURITY: [&str; 3] = ["initial", "documented", "validated"];
/// The one value of sessions that have a recording.
const RECORDING: &str = "yes";

impl Facet {
    pub fn read(library: &Library, group: Group) -> Result<Facet, Trouble> {
        match group {
            Group::Kind => {
                let values = library.start.kinds.iter().map(|kind| plain(kind)).collect();
                of_numbers(library, values, &|number| Some((number % KINDS) as usize))
            }
            Group::Maturity => {
                let practice = number(library, Kind::Practice);
                let maturity = |number: u32| if Some(number % KINDS) == practice { (number / KINDS).checked_sub(1) } else { None };
                of_numbers(library, MATURITY.map(plain).to_vec(), &|number| maturity(number).map(|steps| steps as usize))
            }
            Group::Recording => {
                let session = number(library, Kind::Session);
                let has = |number: u32| Some(number % KINDS) == session && number >= KINDS;
                of_numbers(library, vec![plain(RECORDING)], &|number| has(number).then_some(0))
            }
            Group::Year => Ok(years(library)),
            Group::Topic | Group::Series | Group::Organization | Group::Voice => listed(library, group),
        }
    }

    /// Whether an entry has one of some values.
    pub fn fits(&self, entry: u32, chosen: &[usize]) -> bool {
        self.of(entry).iter().any(|value| chosen.contains(value))
    }

    fn of(&self, entry: u32) -> &[usize] {
        self.of.get(entry as usize).map_or(&[], Vec::as_slice)
    }

    /// The places of values by their ids; those that nothing has are left out.
    pub fn chosen(&self, ids: &[String]) -> Vec<usize> {
        ids.iter().filter_map(|id| self.values.iter().position(|value| value.id == *id)).collect()
    }

    /// How many of some entries have each value; values that none of them has only where they are chosen.
    pub fn counts(&self, entries: impl Iterator<Item = u32>, chosen: &[usize]) -> Vec<Count> {
        let mut counts = vec![0; self.values.len()];
        entries.flat_map(|entry| self.of(entry)).for_each(|value| counts[*value] += 1);
        let named = self.values.iter().zip(counts).enumerate();
        let named = named.filter(|(place, (value, count))| !value.id.is_empty() && (*count > 0 || chosen.contains(place)));
        named
            .map(|(_, (value, count))| {
                let parent = value.parent.map(|parent| self.values[parent].id.clone());
                Count { id: value.id.clone(), title: value.title.clone(), parent, count }
            })
            .collect()
    }
}

fn plain(id: &str) -> Value {
    Value { id: id.to_owned(), title: id.to_owned(), parent: None }
}

fn number(library: &Library, kind: Kind) -> Option<u32> {
    library.start.kinds.iter().position(|word| word == kind.word()).map(|at| at as u32)
}

/// A group whose values follow from the one number that each entry has.
fn of_numbers(library: &Library, values: Vec<Value>, of: &dyn Fn(u32) -> Option<usize>) -> Result<Facet, Trouble> {
    let mut facet = Facet { of: Vec::new(), values };
    for file in library.start.facets.get(Group::Kind.word()).map_or(&[][..], Vec::as_slice) {
        let (_, text) = file_of::<String>(library, *file)?;
        let known = facet.values.len();
        facet.of.extend(Numbers::of(&text).map(|number| of(number).filter(|value| *value < known).into_iter().collect()));
    }
    Ok(facet)
}

fn years(library: &Library) -> Facet {
    let years = &library.start.years;
    let values = years.iter().map(|(year, _)| plain(year)).collect();
    let year = |entry| years.partition_point(|(_, first)| *first <= entry).checked_sub(1);
    let entries = library.start.entries;
    Facet { values, of: (0..entries).map(|entry| year(entry).into_iter().collect()).collect() }
}

/// A group that has a list of values, and for each entry a list of those it has.
fn listed(library: &Library, group: Group) -> Result<Facet, Trouble> {
    let Some((first, rest)) = library.start.facets.get(group.word()).and_then(|files| files.split_first()) else {
        return Ok(Facet { values: Vec::new(), of: Vec::new() });
    };
    let (_, rows) = file_of::<Vec<(String, String, usize)>>(library, *first)?;
    let known = rows.len();
    let values: Vec<Value> = rows
        .into_iter()
        .map(|(id, title, parent)| Value { id, title, parent: parent.checked_sub(1).filter(|parent| *parent < known) })
        .collect();
    let mut of = Vec::new();
    for file in rest {
        let (name, text) = file_of::<String>(library, *file)?;
        let mut numbers = Numbers::of(&text);
        while let Some(count) = numbers.next() {
            let mut held = Vec::new();
            for _ in 0..count {
                let value = numbers.next().map(|value| value as usize).filter(|value| *value < known);
                with_all_above(&values, value.ok_or_else(|| Trouble::unreadable(&name, "one of its lists is broken"))?, &mut held);
            }
            of.push(held);
        }
    }
    Ok(Facet { values, of })
}

fn with_all_above(values: &[Value], value: usize, held: &mut Vec<usize>) {
    let mut next = Some(value);
    while let Some(value) = next.filter(|value| !held.contains(value)) {
        held.push(value);
        next = values[value].parent;
    }
}

fn file_of<T: serde::de::DeserializeOwned>(library: &Library, number: usize) -> Result<(String, T), Trouble> {
    let name = library.numbered(ByNumber::Facets, number)?.ok_or_else(|| Trouble::Missing { file: format!("f{number}") })?;
    let value = library.value(&name)?;
    Ok((name, value))
}
