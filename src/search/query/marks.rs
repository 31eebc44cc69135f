//! Which words of a text a query means, to be marked where results are shown.

use super::dictionary::Word;
use super::grammar;
use super::meaning::Meaning;
use super::shelves::{Library, Trouble};
use crate::search::text::{fold, is_dense, is_of_words};
use std::ops::Range;

/// What a query means, as far as it shows in a text.
#[derive(Debug, Clone, Default)]
pub struct Meant {
    /// Words as they were typed.
    typed: Vec<String>,
    /// A word that may go on.
    beginning: Option<String>,
    terms: Vec<String>,
}

impl Meant {
    pub fn add(&mut self, word: &grammar::Wanted, meaning: &Meaning) {
        if word.is_typed {
            self.beginning = Some(word.text.clone());
        }
        self.typed.push(word.text.clone());
        self.terms.extend(meaning.alternatives.iter().map(|alternative| alternative.term.clone()));
    }

    fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Whether a word, folded, is one that the query means; `known` is what the index says of it.
    fn has(&self, text: &str, known: Option<&Word>) -> bool {
        self.typed.iter().any(|typed| typed == text)
            || self.beginning.as_ref().is_some_and(|beginning| text.starts_with(beginning.as_str()))
            || known.is_some_and(|word| word.terms.iter().any(|term| self.terms.contains(term)))
    }
}

/// The ranges of a text, in bytes, that a query means: rising, and parted from each other.
pub fn of(library: &Library, meant: &Meant, text: &str) -> Result<Vec<Range<usize>>, Trouble> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    if meant.is_empty() {
        return Ok(marks);
    }
    for piece in pieces(text) {
        let words = grammar::words(&fold(&text[piece.clone()]));
        let mut is_meant = false;
        for word in &words {
            is_meant |= meant.has(word, None) || meant.has(word, library.word(word)?.as_ref());
        }
        match marks.last_mut() {
            _ if !is_meant => (),
            // Pairs of a dense stretch overlap.
            Some(last) if last.end > piece.start => last.end = piece.end,
            _ => marks.push(piece),
        }
    }
    Ok(marks)
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
