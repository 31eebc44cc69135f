//! What a word of a query may mean: terms of the index, as written, being typed, or nearly.

use super::dictionary::{Word, units};
use super::distance::{To, leads};
use super::grammar::Wanted;
use super::shelves::{ByKey, Library, Trouble};
use crate::search::index::{ENDING, START};
use crate::search::text::order;
use std::collections::BTreeSet;

/// How much a place counts by the way in which its term was found.
const AS_WRITTEN: u32 = 16;
const TYPED: u32 = 12;
/// With each slip that leads to the word, so much less than while it is being typed.
const SLIP: u32 = 2;

/// How many words are taken where several are near, or begin as what is being typed does.
const COMMONEST: usize = 8;

/// Up to so many UTF-16 units, what is being typed has a list of its own in the index.
const SHORT: usize = 2;
/// For each so many characters one slip is allowed; shorter words are near too many others.
const A_SLIP_IN: usize = 4;
/// Shorter beginnings are near too many others.
const TYPED_NEAR_LENGTH: usize = 5;
/// How far a word may be that is suggested: as half its letters say, but so far at most.
const SUGGESTED: usize = 3;

/// A term that stands for a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub term: String,
    pub factor: u32,
}

/// The terms that stand for a word, the best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    pub alternatives: Vec<Alternative>,
    /// The words it was taken for, where it is not in the index itself, or might be taken for.
    pub near: Vec<String>,
    /// The files of shelf `w` in which its words stand.
    pub files: BTreeSet<usize>,
    /// How common the first of its words is.
    pub class: u32,
}

impl Meaning {
    pub fn is_unknown(&self) -> bool {
        self.alternatives.is_empty()
    }

    fn add(&mut self, term: String, factor: u32) {
        // Factors fall, so that a term that is there already has a greater one.
        if !self.alternatives.iter().any(|known| known.term == term) {
            self.alternatives.push(Alternative { term, factor });
        }
    }

    fn add_word(&mut self, library: &Library, word: Word, factor: u32) {
        if self.files.is_empty() {
            self.class = word.class;
        }
        self.files.extend(library.number_of(ByKey::Words, &word.text));
        word.terms.into_iter().for_each(|term| self.add(term, factor));
    }
}

/// What a wanted word may mean.
pub fn of(library: &Library, word: &Wanted) -> Result<Meaning, Trouble> {
    let mut meaning = as_written(library, &word.text)?;
    if word.is_typed {
        being_typed(library, &word.text, &mut meaning)?;
    }
    if meaning.is_unknown() {
        let length = word.text.chars().count();
        let end = if word.is_typed && length >= TYPED_NEAR_LENGTH { To::Beginning } else { To::Whole };
        let (slips, words) = near(library, &word.text, SUGGESTED.min(length.saturating_sub(1) / 2), end)?;
        meaning.near = words.iter().map(|word| word.text.clone()).collect();
        let is_taken_as_it_is = word.is_in_phrase || word.text.chars().all(char::is_numeric);
        let allowed = if is_taken_as_it_is { 0 } else { length / A_SLIP_IN };
        if slips <= allowed {
            words.into_iter().for_each(|word| meaning.add_word(library, word, TYPED - SLIP * slips as u32));
        }
    }
    Ok(meaning)
}

/// What a word of a phrase, or one that is unwanted, may mean.
pub fn as_written(library: &Library, text: &str) -> Result<Meaning, Trouble> {
    let mut meaning = Meaning::default();
    if let Some(word) = library.word(text)? {
        meaning.add_word(library, word, AS_WRITTEN);
    }
    Ok(meaning)
}

fn being_typed(library: &Library, text: &str, meaning: &mut Meaning) -> Result<(), Trouble> {
    let beginning = if units(text) <= SHORT { format!("{text}{START}") } else { text.to_owned() };
    commonest(library.words_with(&beginning)?).into_iter().for_each(|word| meaning.add_word(library, word, TYPED));
    Ok(())
}

fn commonest(mut words: Vec<Word>) -> Vec<Word> {
    words.sort_by(Word::first);
    words.truncate(COMMONEST);
    words
}

/// How few slips lead to any word, and the commonest words that they lead to. At each number of slips, words with another
/// first letter are looked at only where none with the same one is near.
fn near(library: &Library, text: &str, most: usize, end: To) -> Result<(usize, Vec<Word>), Trouble> {
    let from: Vec<u16> = text.encode_utf16().collect();
    let within = |starts: &[String]| {
        let mut words: Vec<String> = Vec::new();
        for start in starts {
            library.written_with(start, &mut |word| {
                words.extend(leads(&from, &word.encode_utf16().collect::<Vec<u16>>(), most, end).then(|| word.to_owned()));
            })?;
        }
        words.sort_by(|a, b| order(a, b));
        words.dedup();
        Ok::<_, Trouble>(words)
    };
    let [Some(first), Some(second)] = std::array::from_fn(|place| text.chars().nth(place)) else { return Ok((most, Vec::new())) };
    if most == 0 {
        return Ok((most, Vec::new()));
    }
    let same = within(&[first.to_string()])?;
    let mut other = None;
    for slips in 1..=most {
        let nearest = |words: &[String]| {
            let leads = |word: &&String| leads(&from, &word.encode_utf16().collect::<Vec<u16>>(), slips, end);
            words.iter().filter(leads).cloned().collect::<Vec<String>>()
        };
        let mut words = nearest(&same);
        if words.is_empty() {
            if other.is_none() {
                other = Some(within(&[second.to_string(), format!("{ENDING}{first}"), format!("{ENDING}{second}")])?);
            }
            words = other.as_deref().map(nearest).unwrap_or_default();
        }
        if !words.is_empty() {
            let read = words.iter().filter_map(|word| library.word(word).transpose()).collect::<Result<_, _>>()?;
            return Ok((slips, commonest(read)));
        }
    }
    Ok((most, Vec::new()))
}
