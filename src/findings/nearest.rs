//! "Did you mean …?": the known word closest to what somebody typed.

/// How far a word may be from what was typed: one slip in a short word, two or three in a long one. More than that, and
/// a suggestion is likelier to mislead than to help.
fn reach(length: usize) -> usize {
    match length {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    }
}

/// Bytes of the longest character in UTF-8.
const LONGEST_CHARACTER: usize = 4;

/// The candidate with the fewest slips of the finger; the first of equals.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    let most = reach(length);
    candidates
        .into_iter()
        // Words of very different length cannot be near, and measuring is what costs.
        .filter(|candidate| candidate.len() <= (length + most) * LONGEST_CHARACTER && candidate.chars().count().abs_diff(length) <= most)
        .map(|candidate| (slips(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(far, _)| *far <= most)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the finger lie between two words: letters left out, put in, mistaken or swapped.
pub fn slips(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(one, other)
}
