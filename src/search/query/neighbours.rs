//! Shelf `n`: which entries have two words beside each other.

use super::shelves::{ByNumber, Library, Trouble};
use crate::search::buckets::Begun;
use crate::search::numbers::Numbers;

/// The entries that may have two words beside each other, rising.
pub fn of(library: &Library, first: &str, second: &str) -> Result<Vec<u32>, Trouble> {
    let bucket = Begun::with(first).bucket(second, library.start.bits) as usize;
    let buckets = library.start.buckets as usize;
    let Some(file) = library.numbered(ByNumber::Neighbours, bucket / buckets)? else { return Ok(Vec::new()) };
    let text: String = library.value(&file)?;
    let list = text.split(' ').nth(bucket % buckets).ok_or_else(|| Trouble::unreadable(&file, "it has too few lists"))?;
    let mut next = 0u32;
    let mut entries = Vec::new();
    for skipped in Numbers::of(list) {
        let entry = next.saturating_add(skipped);
        entries.push(entry);
        next = entry.saturating_add(1);
    }
    Ok(entries)
}
