//! Which words of a text a query means, to be marked where results are shown.

use super::grammar;
use super::meaning::Meaning;
use super::shelves::{Library, Trouble};
use crate::search::text::{fold, is_dense, is_of_words};
use std::collections::BTreeSet;
use std::ops::Range;

/// What a query means, as far as it shows in a text.
#[derive(Debug, Clone, Default)]
pub struct Meant {
    words: Vec<MeantWord>,
}

#[derive(Debug, Clone)]
struct MeantWord {
    text: String,
    /// Whether what goes on from there is meant as well.
    is_typed: bool,
    /// Every written form, as far as it stands in the files that were read for the word: a browser has no others.
    forms: BTreeSet<String>,
}

impl Meant {
    pub fn add(&mut self, library: &Library, word: &grammar::Wanted, meaning: &Meaning) -> Result<(), Trouble> {
        let terms = meaning.alternatives.iter().map(|alternative| alternative.term.as_str()).collect();
        let forms = library.forms(&meaning.files, &terms)?;
        self.words.push(MeantWord { text: word.text.clone(), is_typed: word.is_typed, forms });
        Ok(())
    }
}

impl MeantWord {
    /// Whether a word, folded, is one that is meant.
    fn has(&self, text: &str) -> bool {
        (self.is_typed && text.starts_with(&self.text)) || self.forms.contains(text)
    }
}

/// The ranges of a text, in bytes, that a query means: rising, and parted from each other.
pub fn of(meant: &Meant, text: &str) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for piece in pieces(text) {
        let words = grammar::words(&fold(&text[piece.clone()]));
        let is_meant = words.iter().any(|word| meant.words.iter().any(|meant| meant.has(word)));
        match marks.last_mut() {
            _ if !is_meant => (),
            // Pairs of a dense stretch overlap.
            Some(last) if last.end > piece.start => last.end = piece.end,
            _ => marks.push(piece),
        }
    }
    marks
}

/// Where words stand in a text that is not folded: whole ones, and each pair of characters of a dense stretch.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    // The first of the characters that belong together, and whether they are dense.
    let mut open: Option<(usize, bool)> = None;
    let mut close = |open: &mut Option<(usize, bool)>, end: usize| match open.take() {
        Some((start, true)) => pairs(text, start..end, &mut pieces),
        Some((start, false)) => pieces.push(start..end),
        None => (),
    };
    for (at, c) in text.char_indices() {
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        // What folds away, as accents and soft hyphens do, belongs to the word that it stands in.
        let Some(first) = folded.chars().next() else { continue };
        if !folded.chars().all(is_of_words) {
            close(&mut open, at);
        } else if open.is_none_or(|(_, dense)| dense != is_dense(first)) {
            close(&mut open, at);
            open = Some((at, is_dense(first)));
        }
    }
    close(&mut open, text.len());
    pieces
}

fn pairs(text: &str, stretch: Range<usize>, pieces: &mut Vec<Range<usize>>) {
    let starts: Vec<usize> = text[stretch.clone()].char_indices().map(|(at, _)| stretch.start + at).collect();
    if starts.len() < 2 {
        return pieces.push(stretch);
    }
    let ends = starts[2..].iter().copied().chain([stretch.end]);
    pieces.extend(starts.iter().zip(ends).map(|(start, end)| *start..end));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_and_pairs() {
        let cut = |text: &'static str| pieces(text).into_iter().map(|piece| &text[piece]).collect::<Vec<&str>>();
        assert_eq!(cut("Re-use, l’été 3.5"), ["Re", "use", "l", "été", "3", "5"]);
        assert_eq!(cut("co\u{ad}op e\u{301}tat"), ["co\u{ad}op", "e\u{301}tat"]);
        assert_eq!(cut("Web知识库。水"), ["Web", "知识", "识库", "水"]);
        assert_eq!(cut(""), [""; 0]);
    }
}
