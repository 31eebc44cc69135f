//! Ids, keys and slugs: how a name written by hand becomes something to look up or to put in an address.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// How many words of a question or commitment make its id, where none is given.
const ID_WORDS: usize = 8;

/// One of the several ways in which Unicode writes the same text (NFC). Plain letters have only one, and need no tables.
pub fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// The same in lower case.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().flat_map(char::to_lowercase).collect() }
}

/// In lower case and without what is written above or below the letters of European scripts: `Peña` is `pena`. Marks of
/// other scripts are letters of their own and stay.
pub fn unaccented(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for c in lower(text).nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
        push_plain(&mut plain, c);
    }
    plain
}

/// Writes a small letter without what is part of it: these are letters by themselves, and Unicode takes nothing off them.
pub fn push_plain(plain: &mut String, c: char) {
    match c {
        'ß' => plain.push_str("ss"),
        'æ' => plain.push_str("ae"),
        'œ' => plain.push_str("oe"),
        'ø' => plain.push('o'),
        'đ' | 'ð' => plain.push('d'),
        'ł' => plain.push('l'),
        'ı' => plain.push('i'),
        c => plain.push(c),
    }
}

/// The form in which names are compared: NFC, lower case, one hyphen for any white space or underscore.
pub fn key(name: &str) -> String {
    lookup_key(name).into_owned()
}

/// The same for looking something up: most names are written in this form already.
pub fn lookup_key(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Cow::Borrowed(name);
    }
    let mut key = String::with_capacity(name.len());
    for c in lower(name.trim()).chars() {
        if c.is_whitespace() || c == '_' {
            if !key.ends_with('-') {
                key.push('-');
            }
        } else {
            key.push(c);
        }
    }
    Cow::Owned(key)
}

/// The part of an address that stands for a name: lower case, hyphens for spaces, letters of any script kept and all
/// else dropped. Empty if nothing is left.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in lower(name).chars() {
        if c.is_alphanumeric() || is_mark(c) {
            slug.push(c);
        } else if (c.is_whitespace() || "-_./–—".contains(c)) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The longest file name made from a title, in characters: file systems take 255 bytes, and some letters need four.
const LONGEST_NAME: usize = 60;

/// The name, without its ending, of the file of an entry with this title: a slug of whole words, so that its address
/// reads well. Empty if nothing is left.
pub fn file_stem(title: &str) -> String {
    let slug = slug(title);
    if slug.chars().count() <= LONGEST_NAME {
        return slug;
    }
    let cut: String = slug.chars().take(LONGEST_NAME).collect();
    cut.rsplit_once('-').map_or(cut.as_str(), |(words, _)| words).to_owned()
}

/// How many digits numbers are compared by, so that "lab 2" comes before "lab 10".
const DIGITS: usize = 8;

/// A key as names are put in order by: without accents, without quotation marks and the like before its first letter,
/// and numbers by their value.
pub fn sorting(key: &str) -> String {
    let key = key.trim_start_matches(|c: char| !c.is_alphanumeric());
    let plain: String = if key.is_ascii() { key.to_owned() } else { key.nfd().filter(|c| !is_mark(*c)).collect() };
    if !plain.bytes().any(|byte| byte.is_ascii_digit()) {
        return plain;
    }
    let mut sorting = String::with_capacity(plain.len() + DIGITS);
    for run in plain.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        let run = std::str::from_utf8(run).unwrap_or_default();
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            sorting.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(run.len())));
        }
        sorting.push_str(run);
    }
    sorting
}

/// The letter a name stands under, in capitals and without its accent; "#" for what begins with no letter.
pub fn letter(sorting: &str) -> String {
    let first = sorting.chars().next().filter(|c| c.is_alphabetic());
    first.map_or_else(|| "#".to_owned(), |c| c.to_uppercase().collect())
}

/// Vowel signs and other marks carry meaning in many scripts, so they stay.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The id of something that has only words: the slug of the first eight.
pub fn id_from_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(ID_WORDS).collect();
    slug(&words.join(" "))
}

/// A name made readable: `retail-licensing` is "Retail licensing".
pub fn readable(id: &str) -> String {
    // An id with capitals or spaces was already written to be read.
    if id.chars().any(|c| c.is_uppercase() || c.is_whitespace()) {
        return id.to_owned();
    }
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
