//! The ids of a text: GitHub-style slugs for headings, each id given once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use unicode_normalization::char::is_combining_mark;

use crate::entries::names;
use crate::findings::Span;

/// The beginnings of ids that the page around a text uses; no author may take one of these. Chapters and commitments
/// of a session have ids that people share, so they read as what they are.
const RESERVED_PREFIXES: [&str; 3] = ["fm-", "chapter-", "commitment-"];

fn is_reserved(id: &str) -> bool {
    RESERVED_PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

/// What a heading is called whose text has no letter and no digit, and what stands before a reserved slug.
const UNNAMED: &str = "section";

/// The slug of a heading as GitHub makes it: lower case, spaces to hyphens, punctuation dropped, any script kept.
/// In NFC, so that it is equal to what a link says however either was typed.
pub fn slug(text: &str) -> String {
    let text = text.trim();
    let mut slug = String::with_capacity(text.len());
    slug.extend(names::lower(text).chars().filter_map(slug_letter));
    if slug.is_empty() {
        slug.push_str(UNNAMED);
    } else if is_reserved(&slug) {
        slug = format!("{UNNAMED}-{slug}");
    }
    slug
}

fn slug_letter(letter: char) -> Option<char> {
    match letter {
        'A'..='Z' => Some(letter.to_ascii_lowercase()),
        'a'..='z' | '0'..='9' | '-' | '_' => Some(letter),
        _ if letter.is_whitespace() => Some('-'),
        _ if letter.is_alphanumeric() || is_combining_mark(letter) => Some(letter),
        _ => None,
    }
}

/// An id as its author wrote it, in the form ids are compared in.
pub fn written(id: &str) -> String {
    names::nfc(id)
}

/// Whether an id can stand in a page: not empty, without white space, and none of the page's own.
pub fn usable(id: &str) -> bool {
    !id.is_empty() && !id.contains(char::is_whitespace) && !is_reserved(id)
}

/// Which ids of one text are taken.
#[derive(Default)]
pub struct Anchors {
    taken: HashMap<String, Taken>,
}

struct Taken {
    /// Where the id was first given.
    span: Span,
    /// The last number that was put behind it to make another id of it.
    last: u32,
}

impl Anchors {
    /// Takes an id that its author chose. Says where it stands already if it is taken.
    pub fn take(&mut self, id: &str, span: Span) -> Result<(), Span> {
        match self.taken.entry(id.to_owned()) {
            Entry::Occupied(entry) => Err(entry.get().span),
            Entry::Vacant(entry) => {
                entry.insert(Taken { span, last: 0 });
                Ok(())
            }
        }
    }

    /// Takes the id, or the first free one of `id-1`, `id-2`, …
    pub fn free(&mut self, id: String, span: Span) -> String {
        let Some(first) = self.taken.get(&id) else {
            self.taken.insert(id.clone(), Taken { span, last: 0 });
            return id;
        };
        let mut number = first.last;
        let numbered = loop {
            number += 1;
            let numbered = format!("{id}-{number}");
            if !self.taken.contains_key(&numbered) {
                break numbered;
            }
        };
        if let Some(first) = self.taken.get_mut(&id) {
            first.last = number;
        }
        self.taken.insert(numbered.clone(), Taken { span, last: 0 });
        numbered
    }
}
