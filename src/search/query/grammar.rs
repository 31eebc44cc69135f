//! What a query asks for: words that are wanted, phrases, and what is unwanted.

use crate::search::text::{self, fold, is_of_words};
use std::ops::Range;

/// So many UTF-16 units of a query count; a longer one is a slip of a paste.
const LONGEST: usize = 256;
/// So many wanted words are heard.
const MOST: usize = 16;

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub wanted: Vec<Wanted>,
    /// Runs of wanted words that must stand one behind the other.
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

/// Whether anything of the query stands behind a stretch of plain words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Something,
    Nothing,
}

impl Query {
    pub fn read(text: &str) -> Query {
        let text = beginning(text);
        let mut query = Query::default();
        let (mut plain, mut at) = (0, 0);
        let mut after_space = true;
        while let Some(c) = text[at..].chars().next() {
            let next = at + c.len_utf8();
            let rest = &text[next..];
            if c == '"' {
                query.plain(&text[plain..at], Behind::Something);
                let (phrase, length) = quoted(rest);
                query.phrase(phrase);
                at = next + length;
                plain = at;
            } else if c == '-' && after_space && rest.starts_with(|c| c == '"' || is_of_words(c)) {
                query.plain(&text[plain..at], Behind::Something);
                let (unwanted, length) = match rest.strip_prefix('"') {
                    Some(rest) => {
                        let (phrase, length) = quoted(rest);
                        (phrase, length + 1)
                    }
                    None => {
                        let end = rest.find(|c: char| c == '"' || c.is_whitespace()).unwrap_or(rest.len());
                        (&rest[..end], end)
                    }
                };
                query.unwanted.extend(Some(words(&fold(unwanted))).filter(|words| !words.is_empty()));
                at = next + length;
                plain = at;
            } else {
                at = next;
            }
            after_space = text[..at].ends_with(char::is_whitespace);
        }
        query.plain(&text[plain..], Behind::Nothing);
        query
    }

    fn plain(&mut self, stretch: &str, behind: Behind) {
        let folded = fold(stretch);
        let words = words(&folded);
        // A dense stretch ends with the pair that ends it.
        let ends = behind == Behind::Nothing && folded.ends_with(is_of_words);
        let last = words.len().wrapping_sub(1);
        for (place, text) in words.into_iter().enumerate() {
            let is_typed = ends && place == last;
            if let Some(again) = self.wanted.iter_mut().find(|word| !word.is_in_phrase && word.text == text) {
                again.is_typed |= is_typed;
            } else if self.wanted.len() < MOST {
                self.wanted.push(Wanted { text, is_typed, is_in_phrase: false });
            }
        }
    }

    fn phrase(&mut self, phrase: &str) {
        let start = self.wanted.len();
        let words = words(&fold(phrase)).into_iter().take(MOST - start);
        self.wanted.extend(words.map(|text| Wanted { text, is_typed: false, is_in_phrase: true }));
        if self.wanted.len() > start {
            self.phrases.push(start..self.wanted.len());
        }
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

/// What stands before the next quotation mark, and how many bytes there are up to behind it.
fn quoted(text: &str) -> (&str, usize) {
    match text.find('"') {
        Some(end) => (&text[..end], end + 1),
        None => (text, text.len()),
    }
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
        let mut parts = Vec::new();
        for (place, word) in query.wanted.iter().enumerate() {
            let is = |of: fn(&Range<usize>) -> usize| query.phrases.iter().any(|phrase| of(phrase) == place);
            let (open, close) = (if is(|phrase| phrase.start) { "[" } else { "" }, if is(|phrase| phrase.end - 1) { "]" } else { "" });
            parts.push(format!("{open}{}{}{close}", word.text, if word.is_typed { "…" } else { "" }));
        }
        parts.extend(query.unwanted.iter().map(|words| format!("-{}", words.join("+"))));
        parts.join(" ")
    }

    #[test]
    fn words_phrases_and_what_is_unwanted_are_told_apart() {
        assert_eq!(told("Retail “Licensing” "), "retail licensing");
        assert_eq!(told("a \"Local Ordinance\" b "), "a [local ordinance] b");
        assert_eq!(told("fees -menthol -\"flavor ban\" "), "fees -menthol -flavor+ban");
        assert_eq!(told("-e-cigarettes, fees "), "fees -e+cigarettes");
        assert_eq!(told("re-use - more --twice "), "re use more twice");
        assert_eq!(told("a\"b\"-c "), "a [b] c");
        assert_eq!(told("-\"never closed -at all"), "-never+closed+at+all");
        assert_eq!(told("\"\" -\"\" -. \"...\""), "");
        assert_eq!(told("知识库 -知识库 "), "知识 识库 -知识+识库");
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
        assert_eq!(told("\"fee\" lic\u{ad}"), "[fee] lic…");
        assert_eq!(told("fee lic fee"), "fee… lic");
    }

    #[test]
    fn words_are_heard_once_and_so_many() {
        assert_eq!(told("fee Fee \"fee fee\" fée "), "fee [fee fee]");
        let many: Vec<String> = (0..20).map(|number| format!("w{number}")).collect();
        let heard = told(&many.join(" "));
        assert!(heard.ends_with("w14 w15"), "{heard}");
        let phrase = told(&format!("a b \"{}\" c", many.join(" ")));
        assert!(phrase.ends_with("w12 w13]"), "{phrase}");
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let read = Query::read(&format!("{}\u{1f600}later", "a".repeat(255)));
        assert_eq!((read.wanted.len(), read.wanted[0].text.len(), read.wanted[0].is_typed), (1, 255, true));
    }
}
