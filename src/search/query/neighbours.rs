//! Shelf `n`: which entries have two words beside each other.

use super::shelves::{ByNumber, Library, Trouble};
use crate::search::numbers::Numbers;

/// The bucket of two words that stand beside each other, of 2 to the power of `bits`.
///
/// The hash is FNV-1a over UTF-16 units, with its bits mixed once more, since only the first ones count.
pub fn bucket(first: &str, second: &str, bits: u32) -> usize {
    let units = first.encode_utf16().chain([u16::from(b' ')]).chain(second.encode_utf16());
    let hash = units.fold(2_166_136_261u32, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(16_777_619));
    let mixed = (hash ^ (hash >> 16)).wrapping_mul(73_244_475);
    mixed.checked_shr(u32::BITS.saturating_sub(bits)).unwrap_or(0) as usize
}

/// The entries that may have two words beside each other, rising.
pub fn of(library: &Library, first: &str, second: &str) -> Result<Vec<u32>, Trouble> {
    let bucket = bucket(first, second, library.start.bits);
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
