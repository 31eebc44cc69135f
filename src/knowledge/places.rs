//! Places: free names that entries share, gathered by what they come to as an address.

use super::{EntryId, Knowledge};
use crate::entries::front_matter::Own;
use crate::entries::names;
use std::collections::{BTreeMap, HashMap};

/// One place, however its name is spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The part of its address that stands for it: names that differ only in what no address keeps are one place.
    pub slug: String,
    /// The spelling used most often; of equals the first in order.
    pub name: String,
    /// Listed entries that name it, newest first.
    pub entries: Vec<EntryId>,
}

/// All places, by name.
#[derive(Debug, Default)]
pub struct Places {
    pub all: Vec<Place>,
    by_slug: HashMap<String, usize>,
}

impl Places {
    /// The number of the place that a name stands for.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.by_slug.get(&names::slug(name)).copied()
    }

    /// The place that a name stands for; none where only hidden entries name it.
    pub fn get(&self, name: &str) -> Option<&Place> {
        self.number(name).map(|at| &self.all[at])
    }
}

impl Knowledge {
    /// The places an entry names, as they are written.
    pub fn places_of(&self, id: EntryId) -> impl Iterator<Item = &str> {
        let entry = self.entry(id);
        let own = match &entry.own {
            Own::Organization(organization) => organization.place.as_ref(),
            Own::Person(person) => person.place.as_ref(),
            _ => None,
        };
        entry.common.places.iter().chain(own).map(|place| place.value.as_str())
    }

    pub(super) fn reckon_places(&self) -> Places {
        let mut by_slug: BTreeMap<String, (BTreeMap<&str, usize>, Vec<EntryId>)> = BTreeMap::new();
        for id in self.ids().filter(|id| self.is_listed(*id)) {
            for name in self.places_of(id) {
                let slug = names::slug(name);
                if slug.is_empty() {
                    continue;
                }
                let (spellings, entries) = by_slug.entry(slug).or_default();
                *spellings.entry(name.trim()).or_default() += 1;
                if entries.last() != Some(&id) {
                    entries.push(id);
                }
            }
        }
        let mut all: Vec<Place> = by_slug
            .into_iter()
            .map(|(slug, (spellings, mut entries))| {
                self.newest_first(&mut entries);
                let most = spellings.values().copied().max().unwrap_or(0);
                let name = spellings.iter().find(|(_, count)| **count == most).map_or(slug.as_str(), |(name, _)| *name);
                Place { name: name.to_owned(), slug, entries }
            })
            .collect();
        all.sort_by_cached_key(|place| (names::key(&place.name), place.slug.clone()));
        let by_slug = all.iter().enumerate().map(|(at, place)| (place.slug.clone(), at)).collect();
        Places { all, by_slug }
    }
}
