//! Where terms are: turned round from entry by entry to term by term, and written so that the best come first.

use super::collect::{NAMED, TOP};
use super::numbers;
use super::runs::Run;

/// A list longer than this is written in several texts; the first of them has so many places, and each further one.
const LONG: usize = 3_000;
const HEAD: usize = 2_500;
const MORE: usize = 10_000;
/// A term in more than one entry of so many says nothing about sections that are not named so.
const COMMON: usize = 8;
/// Entries listed for those who have typed only a letter or two.
pub const STARTS: usize = 64;

/// Where a term is: a run of each stretch that has it, in the order of the entries.
#[derive(Debug, Default)]
pub struct Held(Vec<Run>);

impl Held {
    /// How many entries hold the term.
    pub fn count(&self) -> u32 {
        self.0.iter().map(Run::count).sum()
    }

    /// The entries of the term in rising order, each with level and section.
    fn places(&self) -> impl Iterator<Item = (u32, u8, u8)> {
        self.0.iter().flat_map(Run::places)
    }
}

/// Brings the runs of all stretches together by term, `numbers` being those of each stretch's own terms among all.
pub fn turn(stretches: Vec<Vec<Run>>, numbers: &[Vec<u32>], terms: usize) -> Vec<Held> {
    let mut all: Vec<Held> = (0..terms).map(|_| Held::default()).collect();
    for (runs, numbers) in stretches.into_iter().zip(numbers) {
        for (run, number) in runs.into_iter().zip(numbers) {
            all[*number as usize].0.push(run);
        }
    }
    all
}

/// The places of a term as text, and texts that go on with it.
pub struct Lists {
    pub text: Box<str>,
    pub more: Vec<Box<str>>,
}

/// Memory that is used again from one term to the next.
#[derive(Default)]
pub struct Scratch {
    places: Vec<(u8, u32, u8)>,
    sorted: Vec<(u8, u32, u8)>,
    text: String,
}

/// Writes the places of a term; `is_start` for the beginning of words, of which only the best are listed.
pub fn lists(held: &Held, is_start: bool, count: usize, room: usize, scratch: &mut Scratch) -> Lists {
    let Scratch { places, sorted, text } = scratch;
    let total = held.count() as usize;
    let is_common = count > 64 && total * COMMON > count;
    // Groups by falling level, first those that say their sections: counted out, since most lists are long or tiny.
    let mut steps = [0usize; 2 * TOP as usize + 2];
    places.clear();
    places.extend(held.places().map(|(entry, level, section)| {
        let is_said = section > 0 && (!is_common || section & NAMED > 0);
        let group = 2 * level + u8::from(is_said);
        steps[usize::from(group)] += 1;
        (group, entry, section & !NAMED)
    }));
    let mut next = steps;
    let mut before = 0;
    for group in (0..next.len()).rev() {
        before += steps[group];
        next[group] = before;
    }
    sorted.clear();
    sorted.resize(total, (0, 0, 0));
    for place in places {
        let at = &mut next[usize::from(place.0)];
        *at -= 1;
        sorted[*at] = *place;
    }
    if is_start {
        sorted.truncate(STARTS);
    }
    let head = if sorted.len() > LONG { HEAD } else { sorted.len() };
    let mut written = |places: &[(u8, u32, u8)]| -> Box<str> {
        text.clear();
        groups(text, places, room);
        text.as_str().into()
    };
    Lists { text: written(&sorted[..head]), more: sorted[head..].chunks(MORE).map(written).collect() }
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

    fn lists_of(places: impl Iterator<Item = (u32, u8, u8)>, count: usize, room: usize) -> Lists {
        let mut run = Run::default();
        places.for_each(|(entry, level, section)| run.place(entry, level, section));
        lists(&Held(vec![run]), false, count, room, &mut Scratch::default())
    }

    #[test]
    fn the_best_and_the_newest_come_first() {
        let lists = lists_of([(0, 5, 1), (3, 9, 0), (4, 5, 2)].into_iter(), 10, 1_024);
        let numbers: Vec<u32> = Numbers::of(&lists.text).collect();
        assert_eq!(numbers, [19, 1, 1_020, 10, 2, 1_019, 2, 3, 1]);
        assert!(lists.more.is_empty());
    }

    #[test]
    fn stretches_are_brought_together_by_their_terms() {
        let run = |entry| {
            let mut run = Run::default();
            run.place(entry, 3, 0);
            run
        };
        let stretches = vec![vec![run(0), run(1)], vec![run(7), run(8)]];
        let held = turn(stretches, &[vec![0, 2], vec![2, 1]], 3);
        let entries = |held: &Held| held.places().map(|(entry, ..)| entry).collect::<Vec<u32>>();
        assert_eq!(held.iter().map(entries).collect::<Vec<_>>(), [vec![0], vec![8], vec![1, 7]]);
        assert_eq!(held[2].count(), 2);
    }

    #[test]
    fn long_lists_go_on_elsewhere() {
        let held = (0..15_000u32).map(|entry| (entry, 1 + (entry % 3) as u8, if entry == 9 { 4 | NAMED } else { 4 }));
        let lists = lists_of(held, 15_000, 15_360);
        assert_eq!(lists.more.len(), 2);
        let numbers: Vec<u32> = Numbers::of(&lists.text).take(4).collect();
        assert_eq!(numbers, [7, 2_500, 360, 2], "of a common term, a section is said where it is named so");
    }
}
