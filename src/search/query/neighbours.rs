//! Shelf `n`: which entries have two words beside each other.

use super::places;
use super::shelves::{ByNumber, Library, Trouble};
use crate::search::buckets::Begun;

/// The entries that may have two words beside each other.
pub fn of(library: &Library, first: &str, second: &str) -> Result<Vec<u32>, Trouble> {
    let bucket = usize::from(Begun::with(first).bucket(second, library.start.buckets));
    let lists = library.start.lists as usize;
    let file = library.numbered(ByNumber::Neighbours, bucket / lists)?;
    let text: String = library.value(&file)?;
    let list = text.split(' ').nth(bucket % lists).ok_or_else(|| Trouble::unreadable(&file, "it has too few lists"))?;
    let mut places = Vec::new();
    places::groups(library, &file, list, &mut places)?;
    Ok(places.iter().map(|place| place.entry).collect())
}
