//! Shelf `w`: every word of the index as it is written, and the terms that it stands for.

use super::shelves::{ByKey, Library, Trouble};
use crate::search::index::ENDING;
use crate::search::numbers;
use crate::search::text::order;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// How common it is, in steps of a quarter of a doubling of the entries that hold it.
    pub class: u32,
    pub terms: Vec<String>,
}

impl Word {
    /// The commonest first, then in the order of the index.
    pub fn first(&self, other: &Word) -> Ordering {
        other.class.cmp(&self.class).then_with(|| order(&self.text, &other.text))
    }
}

/// A line that gives a word.
struct Line<'a> {
    word: &'a str,
    class: u32,
    /// How its terms end; behind an ending, all that stands before it.
    ends: &'a str,
    file: &'a str,
}

impl Line<'_> {
    fn read(&self) -> Result<Word, Trouble> {
        let term = |end: &str| {
            let (taken, put) = first(end)?;
            let kept = units(self.word).checked_sub(taken as usize)?;
            Some(format!("{}{put}", cut(self.word, kept)?))
        };
        let terms = self.ends.split(' ').map(|end| term(end).ok_or_else(|| broken(self.file))).collect::<Result<_, _>>()?;
        Ok(Word { text: self.word.to_owned(), class: self.class, terms })
    }
}

impl Library<'_> {
    /// A word as it is written.
    pub fn word(&self, text: &str) -> Result<Option<Word>, Trouble> {
        let Some(file) = self.file_of(ByKey::Words, text)? else { return Ok(None) };
        let mut found = None;
        self.lines(&file, &mut |line| {
            if line.word == text {
                found = Some(line.read()?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The words of some files, by their numbers, that stand for one of some terms.
    pub fn forms(&self, files: &BTreeSet<usize>, terms: &BTreeSet<&str>) -> Result<BTreeSet<String>, Trouble> {
        let mut forms = BTreeSet::new();
        for file in files {
            self.lines(&self.name(ByKey::Words, *file)?, &mut |line| {
                if line.word.starts_with(ENDING) {
                    return Ok(());
                }
                let word = line.read()?;
                forms.extend(word.terms.iter().any(|term| terms.contains(term.as_str())).then_some(word.text));
                Ok(())
            })?;
        }
        Ok(forms)
    }

    /// The words with some beginning.
    pub fn words_with(&self, beginning: &str) -> Result<Vec<Word>, Trouble> {
        let mut words = Vec::new();
        for file in self.files_of(ByKey::Words, beginning)? {
            self.lines(&file, &mut |line| {
                if line.word.starts_with(beginning) {
                    words.push(line.read()?);
                }
                Ok(())
            })?;
        }
        Ok(words)
    }

    /// Gives the words with some beginning as they are written.
    pub fn written_with(&self, beginning: &str, give: &mut dyn FnMut(&str)) -> Result<(), Trouble> {
        for file in self.files_of(ByKey::Words, beginning)? {
            self.lines(&file, &mut |line| {
                if line.word.starts_with(beginning) {
                    match line.word.strip_prefix(ENDING) {
                        Some(ending) => line.ends.chars().for_each(|start| give(&format!("{start}{ending}"))),
                        None => give(line.word),
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The lines of a file, each with the word that it and those before it give.
    fn lines(&self, file: &str, give: &mut dyn FnMut(Line) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let text: String = self.value(file)?;
        let mut word = String::new();
        for line in text.split('\n').filter(|line| !line.is_empty()) {
            let (class, rest) = first(line).ok_or_else(|| broken(file))?;
            let (shared, rest) = first(rest).ok_or_else(|| broken(file))?;
            let (more, ends) = rest.split_once(' ').ok_or_else(|| broken(file))?;
            let kept = cut(&word, shared as usize).ok_or_else(|| broken(file))?.len();
            word.truncate(kept);
            word.push_str(more);
            give(Line { word: &word, class, ends, file })?;
        }
        Ok(())
    }
}

fn broken(file: &str) -> Trouble {
    Trouble::unreadable(file, "one of its lines is broken")
}

/// The number that one character stands for, and what is behind it.
fn first(text: &str) -> Option<(u32, &str)> {
    let byte = *text.as_bytes().first().filter(|byte| byte.is_ascii())?;
    Some((numbers::value(byte), &text[1..]))
}

pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The first so many UTF-16 units of a text; none where it has fewer, or where they end within a character.
fn cut(text: &str, count: usize) -> Option<&str> {
    if text.is_ascii() {
        return text.get(..count);
    }
    let mut left = count;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return Some(&text[..at]);
        }
        left = left.checked_sub(c.len_utf16())?;
    }
    Some(text).filter(|_| left == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_made_from_the_end_of_their_word() {
        let read = |word, ends| Line { word, class: 0, ends, file: "w0-aaaa" }.read().map(|word| word.terms);
        assert_eq!(read("licensing", "%"), Ok(vec!["licens".to_owned()]));
        assert_eq!(read("mice", "%ouse !"), Ok(vec!["mouse".to_owned(), "mice".to_owned()]));
        assert!(read("a", "%").is_err() && read("a", "").is_err() && read("a", "é").is_err());
    }

    #[test]
    fn texts_are_cut_by_utf_16_units() {
        assert_eq!(cut("a\u{10400}b", 3), Some("a\u{10400}"));
        assert_eq!(cut("a\u{10400}b", 2), None);
        assert_eq!((cut("ab", 2), cut("ab", 3), cut("", 0)), (Some("ab"), None, Some("")));
    }
}
