//! Shelves `p` and `m`: the entries that hold a term, how well it describes each, and where in it.

use super::shelves::{ByKey, Library, Trouble};
use crate::search::numbers::Numbers;
use serde::Deserialize;
use std::borrow::Cow;

/// How much of a long list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Its best part, which stands in shelf `p`.
    Best,
    /// All of it.
    All,
}

/// Where a term is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// How many entries hold the term.
    pub entries: u32,
    /// Whether it goes on in other files.
    pub is_long: bool,
    pub places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub entry: u32,
    /// How well the term describes the entry, 1 to 31.
    pub level: u32,
    pub section: u32,
}

/// A text, or a text and the files that go on with it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Item {
    Text(String),
    Long(Vec<String>),
}

pub fn has(library: &Library, term: &str) -> Result<bool, Trouble> {
    Ok(find(library, term)?.is_some())
}

/// Where a term is; an empty list if the index does not know it.
pub fn of(library: &Library, term: &str, extent: Extent) -> Result<List, Trouble> {
    let Some((file, item)) = find(library, term)? else { return Ok(List::default()) };
    let (text, more, is_long) = match item {
        Item::Text(text) => (text, Vec::new(), false),
        Item::Long(mut texts) => {
            let more = if texts.is_empty() { Vec::new() } else { texts.split_off(1) };
            (texts.pop().unwrap_or_default(), more, true)
        }
    };
    let mut numbers = Numbers::of(&text);
    let (Some(entries), Some(without)) = (numbers.next(), numbers.next()) else {
        return Err(Trouble::unreadable(&file, format!("the list of `{term}` has no beginning")));
    };
    let sections = if without == 0 { Sections::Said } else { Sections::NotSaid };
    let mut list = List { entries, is_long, places: Vec::new() };
    groups(library, &file, numbers, sections, &mut list.places)?;
    if extent == Extent::All {
        for file in more {
            let text: String = library.value(&file)?;
            groups(library, &file, Numbers::of(&text), sections, &mut list.places)?;
        }
    }
    Ok(list)
}

/// Whether places say in which section they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sections {
    Said,
    NotSaid,
}

fn find(library: &Library, term: &str) -> Result<Option<(String, Item)>, Trouble> {
    let Some(file) = library.file_of(ByKey::Terms, term)? else { return Ok(None) };
    // All but one list of a file is of no use here, so none of them is read but that one.
    let item = library.look(&file, &mut |values| {
        for pair in values.chunks_exact(2) {
            if serde_json::from_str::<Cow<str>>(pair[0].get())? == term {
                return serde_json::from_str(pair[1].get()).map(Some);
            }
        }
        Ok(None)
    })?;
    Ok(item.map(|item| (file, item)))
}

fn groups(library: &Library, file: &str, mut numbers: Numbers, sections: Sections, places: &mut Vec<Place>) -> Result<(), Trouble> {
    let broken = || Trouble::unreadable(file, "one of its lists breaks off");
    while let Some(level) = numbers.next() {
        let count = numbers.next().ok_or_else(broken)?;
        let mut before = library.start.room;
        for _ in 0..count {
            let skipped = numbers.next().ok_or_else(broken)?;
            let entry = before.checked_sub(1).and_then(|last| last.checked_sub(skipped)).ok_or_else(broken)?;
            let section = if sections == Sections::Said { numbers.next().ok_or_else(broken)? } else { 0 };
            places.push(Place { entry, level, section });
            before = entry;
        }
    }
    Ok(())
}
