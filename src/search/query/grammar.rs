//! What a query asks for: words that are wanted, phrases, and what is unwanted.

use crate::search::text::{self, fold};
use std::ops::Range;

/// So many UTF-16 units of a query count; a longer one is a slip of a paste.
const LONGEST: usize = 256;

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub wanted: Vec<Wanted>,
    /// Wanted words that must stand one behind the other, by their places.
    pub phrases: Vec<Range<usize>>,
    /// Words and phrases that entries must not hold; a word is a phrase of one.
    pub unwanted: Vec<Vec<String>>,
}

/// A word that was asked for, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub text: String,
    /// Whether somebody may still be writing it.
    pub is_typed: bool,
    pub is_in_phrase: bool,
}

impl Query {
    pub fn read(text: &str) -> Query {
        let folded = fold(beginning(text));
        let mut query = Query::default();
        // The stretch of plain words before what is read.
        let (mut plain, mut at) = (0, 0);
        while let Some(c) = folded[at..].chars().next() {
            let rest = &folded[at..];
            let is_after_space = at == 0 || folded[..at].ends_with(' ');
            let special = match rest.strip_prefix('-').filter(|_| is_after_space) {
                Some(unwanted) => quoted(unwanted).or_else(|| bare(unwanted)).map(|(words, length)| (true, words, length + 1)),
                None => quoted(rest).map(|(words, length)| (false, words, length)),
            };
            let Some((is_unwanted, words, length)) = special else {
                at += c.len_utf8();
                continue;
            };
            query.want(&folded[plain..at], false);
            if is_unwanted {
                query.unwanted.extend(Some(self::words(words)).filter(|words| !words.is_empty()));
            } else {
                let places = query.want(words, true);
                query.phrases.extend(Some(places).filter(|places| !places.is_empty()));
            }
            at += length;
            plain = at;
        }
        let last = query.want(&folded[plain..], false).last();
        if let Some(last) = last.map(|last| &mut query.wanted[last]) {
            last.is_typed = folded.ends_with(&last.text);
        }
        query
    }

    /// Wants the words of a stretch, and gives their places.
    fn want(&mut self, stretch: &str, is_in_phrase: bool) -> Range<usize> {
        let before = self.wanted.len();
        self.wanted.extend(words(stretch).into_iter().map(|text| Wanted { text, is_typed: false, is_in_phrase }));
        before..self.wanted.len()
    }
}

/// The part of a query that counts. A character that the limit cuts in half is left out.
fn beginning(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// What stands in quotation marks, to the end where they are never closed, and how many bytes it takes with them.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix('"')?;
    Some(inside.find('"').map_or((inside, text.len()), |end| (&inside[..end], end + 2)))
}

/// What stands before the next space or quotation mark, if anything does.
fn bare(text: &str) -> Option<(&str, usize)> {
    let end = text.find([' ', '"']).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], end))
}

/// The words of a folded text that a query asks for.
pub fn words(folded: &str) -> Vec<String> {
    let mut all = Vec::new();
    text::words(folded, &mut |word| all.extend(Some(word.text.to_owned()).filter(|_| !word.is_single)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A query in one line: `word…` is being typed, brackets hold phrases, and a dash stands before what is unwanted.
    fn told(text: &str) -> String {
        let query = Query::read(text);
        let said = |word: &Wanted| format!("{}{}", word.text, if word.is_typed { "…" } else { "" });
        let plain = query.wanted.iter().filter(|word| !word.is_in_phrase).map(said);
        let phrase = |places: &Range<usize>| query.wanted[places.clone()].iter().map(said).collect::<Vec<String>>().join(" ");
        let phrases = query.phrases.iter().map(|places| format!("[{}]", phrase(places)));
        let unwanted = query.unwanted.iter().map(|words| format!("-{}", words.join("+")));
        plain.chain(phrases).chain(unwanted).collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn words_phrases_and_what_is_unwanted_are_told_apart() {
        assert_eq!(told("Retail “Licensing” "), "retail licensing");
        assert_eq!(told("a \"Local Ordinance\" b "), "a b [local ordinance]");
        assert_eq!(told("fees -menthol -\"flavor ban\" "), "fees -menthol -flavor+ban");
        assert_eq!(told("-e-cigarettes, fees "), "fees -e+cigarettes");
        assert_eq!(told("re-use - more --twice "), "re use more -twice");
        assert_eq!(told("a\"b\"-c "), "a c [b]");
        assert_eq!(told("-\"never closed -at all"), "-never+closed+at+all");
        assert_eq!(told("\"\" -\"\" -. \"...\""), "");
        assert_eq!(told("知识库 -知识库 "), "知识 识库 -知识+识库");
        assert_eq!(told("ＦＥＥ\u{a0}－“x －ｙ ＂a b＂"), "fee [a b] -x -y", "as it is folded");
    }

    #[test]
    fn the_last_word_is_being_typed_while_nothing_stands_behind_it() {
        assert_eq!(told("retail lic"), "retail lic…");
        assert_eq!(told("知识库"), "知识 识库…");
        for done in ["lic ", "lic.", "lic -", "lic\u{a0}"] {
            assert_eq!(told(done), "lic", "{done:?}");
        }
        assert_eq!(told("lic \"fee"), "lic [fee]");
        assert_eq!(told("lic -fee"), "lic -fee");
        assert_eq!(told("\"fee\" lic\u{ad}"), "lic… [fee]");
        assert_eq!(told("fee lic fee"), "fee lic fee…");
        assert_eq!(told("\"fee\" fee"), "fee… [fee]", "a word behind a phrase is its own");
    }

    #[test]
    fn words_are_heard_as_often_as_they_stand_there() {
        assert_eq!(told("fee Fee \"fee law fee\" fée law "), "fee fee fee law [fee law fee]");
        assert_eq!(told("fee -fee "), "fee -fee");
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let read = Query::read(&format!("{}\u{1f600}later", "a".repeat(255)));
        assert_eq!((read.wanted.len(), read.wanted[0].text.len(), read.wanted[0].is_typed), (1, 255, true));
    }
}
