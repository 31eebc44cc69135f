//! How a query finds entries: the rules of the guide's page "How search works", on the files that a browser reads.
//!
//! The browser's engine follows the same rules in another language, and a test holds the two equal. So there is no
//! shorter way here, such as looking at knowledge that the files do not hold.

pub mod facets;
pub mod grammar;
pub mod shelves;
pub mod shown;

mod dictionary;
mod distance;
mod marks;
mod meaning;
mod neighbours;
mod places;
mod rank;

pub use facets::{Count, Filters, Group};
pub use rank::Found;
pub use shelves::{Shelf, Trouble};
pub use shown::{KnownGap, Section, Shown};

use facets::Facet;
use grammar::Query;
use marks::Meant;
use meaning::Meaning;
use places::{Extent, Place};
use rank::Held;
use shelves::Library;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// In which order results stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Those that say most about the query.
    #[default]
    Relevance,
    Newest,
}

/// What narrows and sorts results.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub filters: Filters,
    pub order: Order,
}

/// What a query found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// All results, in order.
    pub results: Vec<Found>,
    /// The words that were heard, in the order they were typed.
    pub wanted: Vec<Heard>,
    filters: Filters,
    /// What was found before it was narrowed.
    found: Vec<u32>,
    meant: Meant,
}

/// A word of a query, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Folded.
    pub text: String,
    pub is_typed: bool,
    pub is_in_phrase: bool,
    /// Whether no entry has it, nor a word that is near it.
    pub is_unknown: bool,
    /// The words that it was read as, where it is not in the index itself; if it is unknown, what it might be.
    pub near: Vec<String>,
}

/// Finds entries in an index.
pub struct Engine<'s> {
    collection: Library<'s>,
}

impl<'s> Engine<'s> {
    /// # Errors
    /// When `root` is not there or cannot be read; later calls say the same of other files.
    pub fn open(shelf: &'s dyn Shelf) -> Result<Engine<'s>, Trouble> {
        Ok(Engine { collection: Library::open(shelf)? })
    }

    /// The words for kinds, in the order of [`Shown::kind`].
    pub fn kinds(&self) -> &[String] {
        &self.collection.start.kinds
    }

    /// Finds what a query means.
    pub fn find(&self, text: &str, options: &Options) -> Result<Answer, Trouble> {
        let query = Query::read(text);
        let meanings = query.wanted.iter().map(|word| meaning::of(&self.collection, word)).collect::<Result<Vec<Meaning>, _>>()?;
        let words = self.held(&meanings)?;
        let left_out = self.left_out(&query, &words)?;
        let mut results = if query.wanted.is_empty() {
            let all = (0..self.collection.start.entries).filter(|entry| !left_out.has(*entry));
            all.map(|entry| Found { entry, score: 0, section: 0 }).collect()
        } else {
            rank::entries(&words, &|entry| left_out.has(entry))
        };
        let found = results.iter().map(|found| found.entry).collect();
        for (facet, chosen) in self.narrowing(&options.filters)?.values() {
            results.retain(|found| facet.fits(found.entry, chosen));
        }
        match options.order {
            Order::Relevance => results.sort_by_key(|found| Reverse((found.score, found.entry))),
            Order::Newest => results.sort_by_key(|found| Reverse(found.entry)),
        }
        let mut meant = Meant::default();
        for (word, meaning) in query.wanted.iter().zip(&meanings) {
            meant.add(&self.collection, word, meaning)?;
        }
        let wanted = query.wanted.into_iter().zip(meanings).map(|(word, meaning)| Heard {
            text: word.text,
            is_typed: word.is_typed,
            is_in_phrase: word.is_in_phrase,
            is_unknown: meaning.is_unknown(),
            near: meaning.near,
        });
        Ok(Answer { results, wanted: wanted.collect(), filters: options.filters.clone(), found, meant })
    }

    /// The entries that hold each wanted word.
    fn held(&self, meanings: &[Meaning]) -> Result<Vec<Held>, Trouble> {
        let mut words = meanings.iter().map(|meaning| self.held_of(meaning, Extent::Best)).collect::<Result<Vec<Held>, _>>()?;
        if rank::all_common(&words) {
            // Nothing else says which entries are meant, so all are looked at.
            words = meanings.iter().map(|meaning| self.held_of(meaning, Extent::All)).collect::<Result<_, _>>()?;
        }
        Ok(words)
    }

    fn held_of(&self, meaning: &Meaning, extent: Extent) -> Result<Held, Trouble> {
        let mut word = Held { weight: self.collection.start.weight.saturating_sub(meaning.class).max(1), ..Held::default() };
        for (place, alternative) in meaning.alternatives.iter().enumerate() {
            let list = places::of(&self.collection, &alternative.term, extent)?;
            word.is_common |= place == 0 && list.is_long;
            word.add(&list.places, alternative.factor);
        }
        Ok(word)
    }

    /// What phrases and unwanted words keep from being found.
    fn left_out(&self, query: &Query, words: &[Held]) -> Result<LeftOut, Trouble> {
        let mut left_out = LeftOut::default();
        for phrase in &query.phrases {
            for word in words[phrase.clone()].iter().filter(|word| !word.is_common) {
                left_out.without(&word.best.keys().copied().collect());
            }
            for pair in query.wanted[phrase.clone()].windows(2) {
                left_out.without(&neighbours::of(&self.collection, &pair[0].text, &pair[1].text)?.into_iter().collect());
            }
        }
        for phrase in &query.unwanted {
            let mut holding: Option<HashSet<u32>> = None;
            let mut keep = |entries: HashSet<u32>| match &mut holding {
                Some(holding) => holding.retain(|entry| entries.contains(entry)),
                None => holding = Some(entries),
            };
            for word in phrase {
                let mut entries = HashSet::new();
                for alternative in meaning::as_written(&self.collection, word)?.alternatives {
                    let list = places::of(&self.collection, &alternative.term, Extent::All)?;
                    entries.extend(list.places.iter().map(|Place { entry, .. }| *entry));
                }
                keep(entries);
            }
            for pair in phrase.windows(2) {
                keep(neighbours::of(&self.collection, &pair[0], &pair[1])?.into_iter().collect());
            }
            left_out.unwanted.extend(holding.unwrap_or_default());
        }
        Ok(left_out)
    }

    /// The groups in which something was chosen.
    fn narrowing(&self, filters: &Filters) -> Result<BTreeMap<Group, (Facet, Vec<usize>)>, Trouble> {
        let mut narrowing = BTreeMap::new();
        for (group, ids) in filters.iter().filter(|(_, ids)| !ids.is_empty()) {
            let facet = Facet::read(&self.collection, *group)?;
            let chosen = facet.chosen(ids);
            narrowing.insert(*group, (facet, chosen));
        }
        Ok(narrowing)
    }

    /// How many entries there would be of each value of a group, among those that fit what was chosen in all others.
    pub fn counts(&self, answer: &Answer, group: Group) -> Result<Vec<Count>, Trouble> {
        let mut others = self.narrowing(&answer.filters)?;
        let (facet, chosen) = match others.remove(&group) {
            Some(own) => own,
            None => (Facet::read(&self.collection, group)?, Vec::new()),
        };
        let fits = |entry: &u32| others.values().all(|(facet, chosen)| facet.fits(*entry, chosen));
        Ok(facet.counts(answer.found.iter().copied().filter(fits), &chosen))
    }

    /// The values that results can be narrowed to: their ids and titles.
    pub fn values(&self, group: Group) -> Result<Vec<(String, String)>, Trouble> {
        let values = Facet::read(&self.collection, group)?.values.into_iter().filter(|value| !value.id.is_empty());
        Ok(values.map(|value| (value.id, value.title)).collect())
    }

    /// What is shown of an entry.
    pub fn entry(&self, entry: u32) -> Result<Shown, Trouble> {
        shown::of(&self.collection, entry)
    }

    /// The words of a text that the query means, in bytes.
    pub fn marks(&self, answer: &Answer, text: &str) -> Vec<Range<usize>> {
        marks::of(&answer.meant, text)
    }

    /// What is known to be unknown, among what a query asks for.
    pub fn gaps(&self, text: &str) -> Result<Vec<KnownGap>, Trouble> {
        let query = Query::read(text);
        let words: Vec<&str> = query.wanted.iter().map(|word| word.text.as_str()).collect();
        shown::gaps(&self.collection, &words)
    }
}

/// Entries that are not found whatever else they hold.
#[derive(Debug, Default)]
struct LeftOut {
    /// With a phrase, only these are found.
    only: Option<HashSet<u32>>,
    unwanted: HashSet<u32>,
}

impl LeftOut {
    fn without(&mut self, entries: &HashSet<u32>) {
        match &mut self.only {
            Some(only) => only.retain(|entry| entries.contains(entry)),
            None => self.only = Some(entries.clone()),
        }
    }

    fn has(&self, entry: u32) -> bool {
        self.only.as_ref().is_some_and(|only| !only.contains(&entry)) || self.unwanted.contains(&entry)
    }
}

#[cfg(test)]
mod tests;
