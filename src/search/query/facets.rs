//! Shelf `f`: what entries are about and of whom, to choose from and to count.

use super::shelves::{Library, Trouble};
use crate::search::numbers::Numbers;
use serde::Deserialize;
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Value {
    pub id: String,
    pub title: String,
    /// How many values are above it; they stand before it.
    pub depth: usize,
}

/// How many entries have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub id: String,
    pub title: String,
    pub depth: usize,
    pub count: usize,
}

/// The values of one group, and which of them each entry has, those above them included.
pub struct Facet {
    pub values: Vec<Value>,
    of: Vec<Vec<usize>>,
}

impl Facet {
    pub fn read(library: &Library, group: Group) -> Result<Facet, Trouble> {
        let files = library.start.facets.get(group.word()).map_or(&[][..], Vec::as_slice);
        let Some((first, rest)) = files.split_first() else { return Ok(Facet { values: Vec::new(), of: Vec::new() }) };
        let values: Vec<Value> = library.value(first)?;
        let mut of = Vec::new();
        for file in rest {
            let text: String = library.value(file)?;
            let mut numbers = Numbers::of(&text);
            while let Some(count) = numbers.next() {
                let mut held = Vec::new();
                for _ in 0..count {
                    let value = numbers.next().map(|value| value as usize).filter(|value| *value < values.len());
                    held.push(value.ok_or_else(|| Trouble::unreadable(file, "one of its lists is broken"))?);
                }
                of.push(held);
            }
        }
        Ok(Facet { values, of })
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
        let named = named.filter(|(place, (_, count))| *count > 0 || chosen.contains(place));
        named.map(|(_, (value, count))| Count { id: value.id.clone(), title: value.title.clone(), depth: value.depth, count }).collect()
    }
}
