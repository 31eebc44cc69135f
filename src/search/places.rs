//! Where terms are: turned round from entry by entry to term by term, and written so that the best come first.

use super::collect::{NAMED, Stretch, TOP};
use super::numbers;

/// A list longer than this is written in several texts; the first of them has so many places, and each further one.
const LONG: usize = 3_000;
const HEAD: usize = 2_500;
const MORE: usize = 10_000;
/// A term in more than one entry of so many says nothing about sections that are not named so.
const COMMON: usize = 8;
/// Entries listed for those who have typed only a letter or two.
pub const STARTS: usize = 64;

/// The entries of all terms.
pub struct Held {
    ends: Vec<u32>,
    entries: Vec<u32>,
    /// Level and section, by place.
    levels: Vec<(u8, u8)>,
}

impl Held {
    /// How many entries hold a term.
    pub fn count(&self, term: u32) -> u32 {
        self.ends[term as usize + 1] - self.ends[term as usize]
    }

    /// The entries of a term in rising order, each with level and section.
    pub fn of(&self, term: u32) -> impl Iterator<Item = (u32, u8, u8)> + Clone {
        let range = self.ends[term as usize] as usize..self.ends[term as usize + 1] as usize;
        self.entries[range.clone()].iter().zip(&self.levels[range]).map(|(entry, (level, section))| (*entry, *level, *section))
    }
}

/// Turns places round.
pub fn turn(stretches: Vec<Stretch>, translated: &[Vec<u32>], terms: usize) -> Held {
    let mut ends = vec![0u32; terms + 1];
    for (stretch, translated) in stretches.iter().zip(translated) {
        for term in stretch.entries.iter().flat_map(|collected| &collected.terms) {
            ends[translated[*term as usize] as usize + 1] += 1;
        }
    }
    for at in 0..terms {
        ends[at + 1] += ends[at];
    }
    let total = ends[terms] as usize;
    let (mut next, mut entries, mut levels) = (ends.clone(), vec![0u32; total], vec![(0u8, 0u8); total]);
    let mut entry = 0;
    for (stretch, translated) in stretches.into_iter().zip(translated) {
        for collected in stretch.entries {
            for (term, level) in collected.terms.into_iter().zip(collected.levels) {
                let at = &mut next[translated[term as usize] as usize];
                entries[*at as usize] = entry;
                levels[*at as usize] = level;
                *at += 1;
            }
            entry += 1;
        }
    }
    Held { ends, entries, levels }
}

/// The places of a term as text, and texts that go on with it.
pub struct Lists {
    pub text: String,
    pub more: Vec<String>,
}

/// Writes the places of a term; `is_start` for the beginning of words, of which only the best are listed.
pub fn lists(held: impl Iterator<Item = (u32, u8, u8)> + Clone, is_start: bool, count: usize, room: usize) -> Lists {
    let total = held.clone().count();
    let is_common = count > 64 && total * COMMON > count;
    // Groups by falling level, first those that say their sections: counted out, since most lists are long or tiny.
    let place = |(entry, level, section): (u32, u8, u8)| {
        let is_said = section > 0 && (!is_common || section & NAMED > 0);
        (2 * level + u8::from(is_said), entry, section & !NAMED)
    };
    let mut steps = [0usize; 2 * TOP as usize + 2];
    for (group, ..) in held.clone().map(place) {
        steps[group as usize] += 1;
    }
    let mut next = steps;
    let mut before = 0;
    for group in (0..next.len()).rev() {
        before += steps[group];
        next[group] = before;
    }
    let mut sorted = vec![(0u8, 0u32, 0u8); total];
    for place in held.map(place) {
        let at = &mut next[place.0 as usize];
        *at -= 1;
        sorted[*at] = place;
    }
    if is_start {
        sorted.truncate(STARTS);
    }
    let total = sorted.len();
    let mut text = String::with_capacity(4 + total.min(LONG) * 2);
    let head = if total > LONG { HEAD } else { total };
    groups(&mut text, &sorted[..head], room);
    let more = sorted[head..]
        .chunks(MORE)
        .map(|places| {
            let mut text = String::new();
            groups(&mut text, places, room);
            text
        })
        .collect();
    Lists { text, more }
}

/// Writes places that are sorted: groups of one level, those with an odd number with sections.
pub fn groups(text: &mut String, places: &[(u8, u32, u8)], room: usize) {
    for group in places.chunk_by(|a, b| a.0 == b.0) {
        let is_said = group[0].0 % 2 > 0;
        numbers::push(text, u32::from(group[0].0 / 2 * 2) + u32::from(!is_said));
        numbers::push(text, group.len() as u32);
        let mut last = room as u32;
        for (_, entry, section) in group {
            numbers::push(text, last - 1 - entry);
            last = *entry;
            if is_said {
                numbers::push(text, u32::from(*section));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::numbers::Numbers;

    #[test]
    fn the_best_and_the_newest_come_first() {
        let held = [(0, 5, 1), (3, 9, 0), (4, 5, 2)];
        let lists = lists(held.into_iter(), false, 10, 1_024);
        let numbers: Vec<u32> = Numbers::of(&lists.text).collect();
        assert_eq!(numbers, [19, 1, 1_020, 10, 2, 1_019, 2, 3, 1]);
        assert!(lists.more.is_empty());
    }

    #[test]
    fn long_lists_go_on_elsewhere() {
        let held = (0..15_000u32).map(|entry| (entry, 1 + (entry % 3) as u8, if entry == 9 { 4 | NAMED } else { 4 }));
        let lists = lists(held, false, 15_000, 15_360);
        assert_eq!(lists.more.len(), 2);
        let numbers: Vec<u32> = Numbers::of(&lists.text).take(4).collect();
        assert_eq!(numbers, [7, 2_500, 360, 2], "of a common term, a section is said where it is named so");
    }
}
