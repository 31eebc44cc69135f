//! Shelves `p` and `m`: the entries that hold a term, how well it describes each, and where in it.

use super::shelves::{ByKey, Library, Lists, Trouble};
use crate::search::numbers::Numbers;
use serde::Deserialize;

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

/// Where a term is.
pub fn of(library: &Library, term: &str, extent: Extent) -> Result<List, Trouble> {
    let file = library.file_of(ByKey::Terms, term)?.ok_or_else(|| Trouble::Missing { file: "p".to_owned() })?;
    // All but one list of a file is of no use here, so none of them is read but that one.
    let item = library.look(&file, &mut |lists: Lists| lists.get(term).map(|list| serde_json::from_str(list.get())).transpose())?;
    let item = item.ok_or_else(|| Trouble::unreadable(&file, format!("it has no list for `{term}`")))?;
    let (text, more, is_long) = match item {
        Item::Text(text) => (text, Vec::new(), false),
        Item::Long(mut texts) => {
            let more = if texts.is_empty() { Vec::new() } else { texts.split_off(1) };
            (texts.pop().unwrap_or_default(), more, true)
        }
    };
    let mut list = List { is_long, places: Vec::new() };
    groups(library, &file, &text, &mut list.places)?;
    if extent == Extent::All {
        for file in more {
            let text: String = library.value(&file)?;
            groups(library, &file, &text, &mut list.places)?;
        }
    }
    Ok(list)
}

/// Reads the places that a text lists.
pub fn groups(library: &Library, file: &str, text: &str, places: &mut Vec<Place>) -> Result<(), Trouble> {
    let broken = || Trouble::unreadable(file, "one of its lists breaks off");
    let mut numbers = Numbers::of(text);
    while let Some(group) = numbers.next() {
        let (level, is_said) = (group / 2, group % 2 == 0);
        let count = numbers.next().ok_or_else(broken)?;
        let mut before = library.start.room;
        for _ in 0..count {
            let skipped = numbers.next().ok_or_else(broken)?;
            let entry = before.checked_sub(1).and_then(|last| last.checked_sub(skipped)).ok_or_else(broken)?;
            let section = if is_said { numbers.next().ok_or_else(broken)? } else { 0 };
            places.push(Place { entry, level, section });
            before = entry;
        }
    }
    Ok(())
}
