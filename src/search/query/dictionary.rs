//! Shelves `w` and `e`: every word of the index as it is written, and the terms that it stands for.

use super::shelves::{ByKey, Library, Trouble};
use crate::search::numbers;
use crate::search::text::order;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// How common it is: the logarithm of the number of entries that hold it in any form.
    pub class: u32,
    pub terms: Vec<String>,
}

impl Word {
    /// The commonest first, then in the order of the index.
    pub fn first(&self, other: &Word) -> Ordering {
        other.class.cmp(&self.class).then_with(|| order(&self.text, &other.text))
    }
}

/// What stands behind the comma of a line that gives a word.
struct Line<'a> {
    word: &'a str,
    behind: &'a str,
    file: &'a str,
}

impl Line<'_> {
    fn read(&self) -> Result<Word, Trouble> {
        let (class, mut rest) = first(self.behind).ok_or_else(|| broken(self.file))?;
        let mut terms = Vec::new();
        // How much is taken from the end may be written as a comma itself.
        while let Some((taken, put)) = first(rest) {
            let (put, after) = put.split_once(',').unwrap_or((put, ""));
            let kept = units(self.word).checked_sub(taken as usize).and_then(|kept| cut(self.word, kept));
            terms.push(format!("{}{put}", kept.ok_or_else(|| broken(self.file))?));
            rest = after;
        }
        Ok(Word { text: self.word.to_owned(), class, terms })
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
                let word = line.read()?;
                forms.extend(word.terms.iter().any(|term| terms.contains(term.as_str())).then_some(word.text));
                Ok(())
            })?;
        }
        Ok(forms)
    }

    /// The words with some beginning that somebody wants to have.
    pub fn words_with(&self, beginning: &str, wanted: &mut dyn FnMut(&str) -> bool) -> Result<Vec<Word>, Trouble> {
        let mut words = Vec::new();
        for file in self.files_of(ByKey::Words, beginning)? {
            self.lines(&file, &mut |line| {
                if line.word.starts_with(beginning) && wanted(line.word) {
                    words.push(line.read()?);
                }
                Ok(())
            })?;
        }
        Ok(words)
    }

    /// Gives the words whose second character this is.
    pub fn words_with_second(&self, second: char, give: &mut dyn FnMut(String)) -> Result<(), Trouble> {
        let beginning = second.to_string();
        for file in self.files_of(ByKey::Endings, &beginning)? {
            self.lines(&file, &mut |line| {
                if line.word.starts_with(second) {
                    line.behind.chars().for_each(|start| give(format!("{start}{}", line.word)));
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
            let (shared, rest) = first(line).ok_or_else(|| broken(file))?;
            let (more, behind) = rest.split_once(',').ok_or_else(|| broken(file))?;
            let kept = cut(&word, shared as usize).ok_or_else(|| broken(file))?.len();
            word.truncate(kept);
            word.push_str(more);
            give(Line { word: &word, behind, file })?;
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
        let read = |word, behind| Line { word, behind, file: "w0-aaaa" }.read().map(|word| (word.class, word.terms));
        assert_eq!(read("licensing", "'%"), Ok((5, vec!["licens".to_owned()])));
        assert_eq!(read("mice", "!$ouse,!"), Ok((0, vec!["miouse".to_owned(), "mice".to_owned()])));
        // The comma is the number 10.
        assert_eq!(read("commissioning", ",,,!"), Ok((10, vec!["com".to_owned(), "commissioning".to_owned()])));
        assert!(read("a", "!%").is_err() && read("a", "").is_err() && read("a", "é").is_err());
    }

    #[test]
    fn texts_are_cut_by_utf_16_units() {
        assert_eq!(cut("a\u{10400}b", 3), Some("a\u{10400}"));
        assert_eq!(cut("a\u{10400}b", 2), None);
        assert_eq!((cut("ab", 2), cut("ab", 3), cut("", 0)), (Some("ab"), None, Some("")));
    }
}
