//! Shelves `i`, `r` and `g`: what results show, and gaps that are known.

use super::shelves::{ByNumber, Library, Trouble};
use serde::Deserialize;

/// What is shown of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shown {
    /// From the root of the site.
    pub path: String,
    pub title: String,
    /// Its place among the kinds of the index.
    pub kind: usize,
    /// As 2026-03-11, or empty.
    pub date: String,
    /// A word in the site's language, or empty: cancelled, validated, answered.
    pub state: String,
    /// The title of a session's series, or empty.
    pub series: String,
    pub summary: String,
    pub sections: Vec<Section>,
}

/// A heading of an entry, or a chapter of its recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub anchor: String,
    pub title: String,
    /// How the text below a heading begins.
    pub opening: String,
    /// When a chapter begins, as it is shown.
    pub time: Option<String>,
}

impl<'de> Deserialize<'de> for Section {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Section, D::Error> {
        let mut parts = Vec::<String>::deserialize(deserializer)?.into_iter();
        let (Some(anchor), Some(title), Some(opening)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(serde::de::Error::custom("a section has three parts or four"));
        };
        Ok(Section { anchor, title, opening, time: parts.next() })
    }
}

/// What is shown of the entry with a number.
pub fn of(library: &Library, entry: u32) -> Result<Shown, Trouble> {
    let index = library.covering(entry)?.ok_or_else(|| Trouble::Missing { file: "i".to_owned() })?;
    let files: Vec<(u32, String)> = library.value(&index)?;
    let file = files.into_iter().take_while(|(start, _)| *start <= entry).last();
    let (start, file) = file.ok_or_else(|| Trouble::unreadable(&index, format!("it does not cover the entry {entry}")))?;
    let rows: Vec<Shown> = library.value(&file)?;
    let row = rows.into_iter().nth((entry - start) as usize);
    row.ok_or_else(|| Trouble::unreadable(&file, format!("it does not hold the entry {entry}")))
}

/// A topic or an entry about which a map says that there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownGap {
    pub title: String,
    /// From the root of the site.
    pub path: String,
    names: Vec<String>,
}

/// The known gaps one of whose names is among some words.
pub fn gaps(library: &Library, words: &[&str]) -> Result<Vec<KnownGap>, Trouble> {
    let mut gaps: Vec<KnownGap> = library.value(&library.numbered(ByNumber::Gaps, 0)?)?;
    let is_asked = |name: &String| !name.is_empty() && name.split(' ').all(|word| words.contains(&word));
    gaps.retain(|gap| gap.names.iter().any(is_asked));
    Ok(gaps)
}
