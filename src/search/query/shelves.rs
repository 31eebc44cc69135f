//! Reads the files of the index as a browser gets them: `root.js`, and the files that it names.

use crate::search::Index;
use crate::search::text::order;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Lists by terms, none of them read yet.
pub type Lists<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// Where the files of an index lie.
pub trait Shelf: Sync {
    /// The text of a file by its name without folder and ending: `root`, `p12-k3vq`.
    fn file(&self, name: &str) -> Option<Cow<'_, str>>;
}

impl Shelf for BTreeMap<String, String> {
    fn file(&self, name: &str) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.get(name)?))
    }
}

impl Shelf for Index {
    fn file(&self, name: &str) -> Option<Cow<'_, str>> {
        Index::file(self, name).map(Cow::Borrowed)
    }
}

/// What keeps an index from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Missing { file: String },
    Unreadable { file: String, what: String },
}

impl Trouble {
    pub fn unreadable(file: &str, what: impl fmt::Display) -> Trouble {
        Trouble::Unreadable { file: file.to_owned(), what: what.to_string() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Trouble::Missing { file } => write!(f, "The search index has no file `{file}.js`."),
            Trouble::Unreadable { file, what } => write!(f, "The file `{file}.js` of the search index cannot be read: {what}."),
        }
    }
}

impl std::error::Error for Trouble {}

/// The version of the files that this program reads.
const VERSION: u32 = 1;
/// The name of the file where a search begins.
const ROOT: &str = "root";
/// More entries than any knowledge base has: a damaged number must not fill the memory.
const MOST_ENTRIES: u32 = 1 << 24;

/// What `root.js` says.
#[derive(Debug, Clone, Deserialize)]
pub struct Root {
    version: u32,
    pub entries: u32,
    pub room: u32,
    /// What a word of class 0 weighs.
    pub weight: u32,
    pub kinds: Vec<String>,
    pub buckets: u16,
    /// Buckets of one file.
    pub lists: u32,
    keys: Keys,
    marks: Marks,
    /// Files of shelf `f` by group.
    pub facets: BTreeMap<String, Vec<String>>,
}

/// The least key of each file.
#[derive(Debug, Clone, Deserialize)]
struct Keys {
    w: Vec<String>,
    p: Vec<String>,
    i: Vec<u32>,
}

/// The marks of the files.
#[derive(Debug, Clone, Deserialize)]
struct Marks {
    w: Vec<String>,
    p: Vec<String>,
    n: Vec<String>,
    i: Vec<String>,
    g: Vec<String>,
}

/// A shelf whose files are found by keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByKey {
    Words,
    Terms,
}

/// A shelf whose files are found by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByNumber {
    Neighbours,
    Gaps,
}

/// The files of an index, and the first of them as it was read.
pub struct Library<'s> {
    shelf: &'s dyn Shelf,
    /// The file that a search begins with.
    pub start: Root,
}

impl<'s> Library<'s> {
    pub fn open(shelf: &'s dyn Shelf) -> Result<Library<'s>, Trouble> {
        let start: Root = value(shelf, ROOT)?;
        if start.version != VERSION {
            return Err(Trouble::unreadable(ROOT, format!("it is of version {}, and this program reads {VERSION}", start.version)));
        }
        let is_whole = start.entries <= start.room && start.room <= MOST_ENTRIES && start.buckets > 0 && start.lists > 0;
        if !is_whole {
            return Err(Trouble::unreadable(ROOT, "its numbers do not fit each other"));
        }
        Ok(Library { shelf, start })
    }

    /// The value of a file.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Result<T, Trouble> {
        value(self.shelf, name)
    }

    /// Looks at the value of a file as it is written, where little of it is wanted.
    pub fn look<T>(&self, name: &str, look: &mut dyn FnMut(Lists) -> serde_json::Result<T>) -> Result<T, Trouble> {
        let text = self.shelf.file(name).ok_or_else(|| Trouble::Missing { file: name.to_owned() })?;
        serde_json::from_str(body(name, &text)?).and_then(look).map_err(|error| Trouble::unreadable(name, error))
    }

    fn keyed(&self, shelf: ByKey) -> (char, &[String], &[String]) {
        let Root { keys, marks, .. } = &self.start;
        match shelf {
            ByKey::Words => ('w', &keys.w, &marks.w),
            ByKey::Terms => ('p', &keys.p, &marks.p),
        }
    }

    /// The number of the file that holds a key if any does.
    pub fn number_of(&self, shelf: ByKey, key: &str) -> Option<usize> {
        let (_, keys, _) = self.keyed(shelf);
        keys.partition_point(|least| order(least, key).is_le()).checked_sub(1)
    }

    /// The name of a file of a shelf whose files are found by keys.
    pub fn name(&self, shelf: ByKey, number: usize) -> Result<String, Trouble> {
        let (letter, _, marks) = self.keyed(shelf);
        named(letter, number, marks)
    }

    /// The name of the file that holds a key if any does.
    pub fn file_of(&self, shelf: ByKey, key: &str) -> Result<Option<String>, Trouble> {
        self.number_of(shelf, key).map(|number| self.name(shelf, number)).transpose()
    }

    /// The names of all files that may hold keys with some beginning.
    pub fn files_of(&self, shelf: ByKey, beginning: &str) -> Result<Vec<String>, Trouble> {
        let (letter, keys, marks) = self.keyed(shelf);
        let first = keys.partition_point(|least| order(least, beginning).is_le()).saturating_sub(1);
        let has = |(number, least): &(usize, &String)| *number == first || least.starts_with(beginning);
        keys.iter().enumerate().skip(first).take_while(has).map(|(number, _)| named(letter, number, marks)).collect()
    }

    /// The name of a file by its number.
    pub fn numbered(&self, shelf: ByNumber, number: usize) -> Result<String, Trouble> {
        match shelf {
            ByNumber::Neighbours => named('n', number, &self.start.marks.n),
            ByNumber::Gaps => named('g', number, &self.start.marks.g),
        }
    }

    /// The name of the file of shelf `i` that covers an entry.
    pub fn covering(&self, entry: u32) -> Result<Option<String>, Trouble> {
        let number = self.start.keys.i.partition_point(|first| *first <= entry).checked_sub(1);
        number.map(|number| named('i', number, &self.start.marks.i)).transpose()
    }
}

/// The name of a file: the letter of its shelf, its number there, and its mark.
fn named(letter: char, number: usize, marks: &[String]) -> Result<String, Trouble> {
    let mark = marks.get(number).ok_or_else(|| Trouble::Missing { file: format!("{letter}{number}") })?;
    Ok(format!("{letter}{number}-{mark}"))
}

/// Reads a file.
fn value<T: DeserializeOwned>(shelf: &dyn Shelf, name: &str) -> Result<T, Trouble> {
    let text = shelf.file(name).ok_or_else(|| Trouble::Missing { file: name.to_owned() })?;
    serde_json::from_str(body(name, &text)?).map_err(|error| Trouble::unreadable(name, error))
}

/// The value in the text of a file, which is a call of one function with the file's name and the value.
fn body<'t>(name: &str, text: &'t str) -> Result<&'t str, Trouble> {
    let call = text.trim_end().trim_end_matches(';').strip_prefix("folkmootShelf(\"").and_then(|rest| rest.strip_suffix(')'));
    let value = call.and_then(|call| call.strip_prefix(name)).and_then(|call| call.strip_prefix("\","));
    value.ok_or_else(|| Trouble::unreadable(name, "it is no call of `folkmootShelf` with its name"))
}
