//! What a word of a query may mean: terms of the index, as written, being typed, or nearly.

use super::dictionary::{Word, units};
use super::distance;
use super::grammar::Wanted;
use super::places;
use super::shelves::{ByKey, Library, Trouble};
use crate::search::text::is_dense;
use std::collections::BTreeSet;

/// How much a place counts by the way in which its term was found.
const AS_WRITTEN: u32 = 16;
const TYPED: u32 = 12;
const SLIP: u32 = 10;
const SLIPS: u32 = 8;
const TYPED_SLIP: u32 = 8;

/// How many terms are taken of words that begin as what is being typed does.
const TYPED_TERMS: usize = 6;
/// How many words are taken where several are near.
const NEAR_WORDS: usize = 8;
const TYPED_NEAR_WORDS: usize = 6;

/// Up to so many UTF-16 units, what is being typed has a list of its own in the index.
const SHORT: usize = 2;
/// Shorter words are near too many others.
const NEAR_LENGTH: usize = 4;
/// From so many letters, two slips are allowed.
const TWO_SLIPS_LENGTH: usize = 8;
/// Shorter beginnings are near too many others.
const TYPED_NEAR_LENGTH: usize = 5;
/// How far a word may be that is only suggested: half its letters, but so many at most. A shorter one is not suggested for.
const SUGGESTED: usize = 3;
const SUGGESTED_LENGTH: usize = 3;

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
    /// The words it was taken for, where it is not in the index itself.
    pub near: Vec<String>,
    /// The files of shelf `w` in which it and the words it was read as stand.
    pub files: BTreeSet<usize>,
}

impl Meaning {
    pub fn is_unknown(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// The greatest factor of an alternative.
    pub fn best(&self) -> u32 {
        self.alternatives.first().map_or(0, |first| first.factor)
    }

    fn add(&mut self, term: String, factor: u32) {
        // Factors fall, so that a term that is there already has a greater one.
        if !self.alternatives.iter().any(|known| known.term == term) {
            self.alternatives.push(Alternative { term, factor });
        }
    }

    fn add_word(&mut self, library: &Library, word: Word, factor: u32) {
        self.files.extend(library.number_of(ByKey::Words, &word.text));
        word.terms.into_iter().for_each(|term| self.add(term, factor));
    }

    fn add_near(&mut self, library: &Library, words: Vec<Word>, factor: u32) {
        for word in words {
            self.near.push(word.text.clone());
            self.add_word(library, word, factor);
        }
    }
}

/// What a wanted word may mean.
pub fn of(library: &Library, word: &Wanted) -> Result<Meaning, Trouble> {
    let mut meaning = as_written(library, &word.text)?;
    if word.is_in_phrase {
        return Ok(meaning);
    }
    if word.is_typed {
        being_typed(library, &word.text, &mut meaning)?;
    }
    let letters: Vec<char> = word.text.chars().collect();
    if meaning.is_unknown() && may_be_near(&letters, NEAR_LENGTH) {
        let allowed = if letters.len() >= TWO_SLIPS_LENGTH { 2 } else { 1 };
        let (distance, words) = near(library, &letters, allowed)?;
        meaning.add_near(library, best(words, NEAR_WORDS), if distance > 1 { SLIPS } else { SLIP });
    }
    if meaning.is_unknown() && word.is_typed && may_be_near(&letters, TYPED_NEAR_LENGTH) {
        let begins = |other: &str| {
            let other: Vec<char> = other.chars().take(letters.len() + 1).collect();
            distance::to_beginnings(&letters, &other).contains(&1)
        };
        let words = library.words_with(&letters[0].to_string(), &mut |other| begins(other))?;
        meaning.add_near(library, best(words, TYPED_NEAR_WORDS), TYPED_SLIP);
    }
    Ok(meaning)
}

/// What a word of a phrase, or one that is unwanted, may mean.
pub fn as_written(library: &Library, text: &str) -> Result<Meaning, Trouble> {
    let mut meaning = Meaning::default();
    meaning.files.extend(library.number_of(ByKey::Words, text));
    if let Some(word) = library.word(text)? {
        meaning.add_word(library, word, AS_WRITTEN);
    }
    Ok(meaning)
}

fn being_typed(library: &Library, text: &str, meaning: &mut Meaning) -> Result<(), Trouble> {
    if units(text) <= SHORT {
        let term = format!("{text}*");
        if places::has(library, &term)? {
            meaning.add(term, TYPED);
        }
        return Ok(());
    }
    let most = meaning.alternatives.len() + TYPED_TERMS;
    for word in best(library.words_with(text, &mut |other| other != text)?, usize::MAX) {
        if meaning.alternatives.len() >= most {
            break;
        }
        meaning.add_word(library, word, TYPED);
    }
    Ok(())
}

/// The word that is nearest to one that nobody wrote.
pub fn suggestion(library: &Library, text: &str) -> Result<Option<String>, Trouble> {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < SUGGESTED_LENGTH || letters.iter().any(|c| is_dense(*c)) {
        return Ok(None);
    }
    let (_, words) = near(library, &letters, SUGGESTED.min(letters.len() / 2))?;
    Ok(best(words, 1).pop().map(|word| word.text))
}

fn may_be_near(letters: &[char], least: usize) -> bool {
    letters.len() >= least && !letters.iter().any(|c| is_dense(*c)) && !letters.iter().all(|c| c.is_numeric())
}

fn best(mut words: Vec<Word>, most: usize) -> Vec<Word> {
    words.sort_by(Word::first);
    words.truncate(most);
    words
}

/// The words at the least distance of those that are near enough, and that distance. Words with another first letter
/// are looked at only where none with the same one is.
fn near(library: &Library, typed: &[char], allowed: usize) -> Result<(usize, Vec<Word>), Trouble> {
    let mut least = usize::MAX;
    let mut nearer = |other: &str| {
        let other: Vec<char> = other.chars().collect();
        let kin = distance::are_kin(typed, &other).then_some(distance::KIN);
        let distance = kin.or_else(|| distance::within(allowed, typed, &other)).filter(|distance| *distance > 0 && *distance <= least);
        least = distance.unwrap_or(least);
        distance
    };
    let mut measure = |found: &mut Vec<(usize, Word)>, start: char| {
        let mut distances = Vec::new();
        let words = library.words_with(&start.to_string(), &mut |other| {
            let distance = nearer(other);
            distances.extend(distance);
            distance.is_some()
        })?;
        found.extend(distances.into_iter().zip(words));
        Ok::<(), Trouble>(())
    };
    let mut found = Vec::new();
    measure(&mut found, typed[0])?;
    if found.is_empty() {
        let second = typed.get(1).copied();
        second.map_or(Ok(()), |second| measure(&mut found, second))?;
        let mut others = Vec::new();
        for start in [Some(typed[0]), second].into_iter().flatten() {
            library.words_with_second(start, &mut |other| others.extend(nearer(&other).map(|distance| (distance, other))))?;
        }
        for (distance, other) in others {
            // Only those that are still the nearest are worth looking up.
            if distance == least && !found.iter().any(|(_, word)| word.text == other) {
                found.extend(library.word(&other)?.map(|word| (distance, word)));
            }
        }
    }
    found.retain(|(distance, _)| *distance == least);
    Ok((least, found.into_iter().map(|(_, word)| word).collect()))
}
