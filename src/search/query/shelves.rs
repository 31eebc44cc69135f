//! Reads the files of the index as a browser gets them: `root.js`, and the files that it names.

use crate::search::Index;
use crate::search::text::order;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

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
/// Letters of a mark.
const MARK: usize = 4;
/// More entries than any knowledge base has: a damaged number must not fill the memory.
const MOST_ENTRIES: u32 = 1 << 24;

/// What `root.js` says.
#[derive(Debug, Clone, Deserialize)]
pub struct Root {
    version: u32,
    pub entries: u32,
    pub room: u32,
    pub kinds: Vec<String>,
    /// Years with the first entry of each, rising; "" for entries without a date.
    pub years: Vec<(String, u32)>,
    pub bits: u32,
    pub buckets: u32,
    shelves: Shelves,
    /// The files of shelf `f` that belong to a group.
    pub facets: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Shelves {
    w: Keyed<String>,
    e: Keyed<String>,
    p: Keyed<String>,
    i: Keyed<u32>,
    n: String,
    f: String,
    g: String,
}

/// The least key of each file, and their marks.
type Keyed<K> = (Vec<K>, String);

/// A shelf whose files are found by keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByKey {
    Words,
    Endings,
    Terms,
}

/// A shelf whose files are found by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByNumber {
    Neighbours,
    Facets,
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
        let is_whole =
            start.entries <= start.room && start.room <= MOST_ENTRIES && (1..=u32::BITS).contains(&start.bits) && start.buckets > 0;
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
    pub fn look<T>(&self, name: &str, look: &mut dyn FnMut(&[&RawValue]) -> serde_json::Result<T>) -> Result<T, Trouble> {
        let text = self.shelf.file(name).ok_or_else(|| Trouble::Missing { file: name.to_owned() })?;
        let values = serde_json::from_str::<Vec<&RawValue>>(body(name, &text)?);
        values.and_then(|values| look(&values)).map_err(|error| Trouble::unreadable(name, error))
    }

    fn keyed(&self, shelf: ByKey) -> (char, &Keyed<String>) {
        let shelves = &self.start.shelves;
        match shelf {
            ByKey::Words => ('w', &shelves.w),
            ByKey::Endings => ('e', &shelves.e),
            ByKey::Terms => ('p', &shelves.p),
        }
    }

    /// The number of the file that holds a key if any does.
    pub fn number_of(&self, shelf: ByKey, key: &str) -> Option<usize> {
        let (_, (keys, _)) = self.keyed(shelf);
        keys.partition_point(|least| order(least, key).is_le()).checked_sub(1)
    }

    /// The name of a file of a shelf whose files are found by keys.
    pub fn name(&self, shelf: ByKey, number: usize) -> Result<String, Trouble> {
        let (letter, (_, marks)) = self.keyed(shelf);
        named(letter, number, marks)
    }

    /// The name of the file that holds a key if any does.
    pub fn file_of(&self, shelf: ByKey, key: &str) -> Result<Option<String>, Trouble> {
        self.number_of(shelf, key).map(|number| self.name(shelf, number)).transpose()
    }

    /// The names of all files that may hold keys with some beginning.
    pub fn files_of(&self, shelf: ByKey, beginning: &str) -> Result<Vec<String>, Trouble> {
        let (letter, (keys, marks)) = self.keyed(shelf);
        let first = keys.partition_point(|least| order(least, beginning).is_le()).saturating_sub(1);
        let has = |(number, least): &(usize, &String)| *number == first || least.starts_with(beginning);
        keys.iter().enumerate().skip(first).take_while(has).map(|(number, _)| named(letter, number, marks)).collect()
    }

    /// The name of a file by its number; none where the shelf is empty.
    pub fn numbered(&self, shelf: ByNumber, number: usize) -> Result<Option<String>, Trouble> {
        let (letter, marks) = match shelf {
            ByNumber::Neighbours => ('n', &self.start.shelves.n),
            ByNumber::Facets => ('f', &self.start.shelves.f),
            ByNumber::Gaps => ('g', &self.start.shelves.g),
        };
        if marks.is_empty() { Ok(None) } else { named(letter, number, marks).map(Some) }
    }

    /// The file of shelf `i` that covers an entry: its number, its name and its first entry.
    pub fn covering(&self, entry: u32) -> Result<Option<(usize, String, u32)>, Trouble> {
        let (firsts, marks) = &self.start.shelves.i;
        let Some(number) = firsts.partition_point(|first| *first <= entry).checked_sub(1) else { return Ok(None) };
        Ok(Some((number, named('i', number, marks)?, firsts[number])))
    }
}

/// The name of a file: the letter of its shelf, its number there, and its mark.
pub fn named(letter: char, number: usize, marks: &str) -> Result<String, Trouble> {
    let mark = number.checked_mul(MARK).and_then(|start| marks.get(start..start.checked_add(MARK)?));
    let mark = mark.ok_or_else(|| Trouble::Missing { file: format!("{letter}{number}") })?;
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
