//! Which entries a query means, and in which order: weights, values, mass and scores.

use super::places::Place;
use std::collections::HashMap;

/// An entry is kept if it has so much of the greatest mass: five eighths.
const ENOUGH: (u64, u64) = (5, 8);

/// Where an entry says something about a word, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Best {
    pub value: u32,
    pub section: u32,
}

/// A wanted word with all entries that are known to hold it.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub weight: u32,
    /// Whether so many entries hold it that it decides nothing beside words that fewer hold.
    pub is_common: bool,
    pub best: HashMap<u32, Best>,
}

impl Held {
    /// Adds the places of an alternative; where an entry has one of the same value, the earlier one stays.
    pub fn add(&mut self, places: &[Place], factor: u32) {
        for place in places {
            let here = Best { value: place.level.saturating_mul(factor), section: place.section };
            let best = self.best.entry(place.entry).or_insert(here);
            if here.value > best.value {
                *best = here;
            }
        }
    }
}

/// An entry that a query means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub entry: u32,
    pub score: u64,
    /// The section that says most, from 1; 0 for the entry as a whole.
    pub section: u32,
}

/// Whether no word decides more than others: all that is known is common.
pub fn all_common(words: &[Held]) -> bool {
    words.iter().all(|word| word.is_common || word.best.is_empty())
}

/// The entries that hold enough of some words, in the order of their numbers.
pub fn entries(words: &[Held], is_left_out: &dyn Fn(u32) -> bool) -> Vec<Found> {
    let mut mass: HashMap<u32, u64> = HashMap::new();
    let all_common = all_common(words);
    for word in words.iter().filter(|word| all_common || !word.is_common) {
        word.best.keys().for_each(|entry| *mass.entry(*entry).or_default() += u64::from(word.weight));
    }
    mass.retain(|entry, _| !is_left_out(*entry));
    let greatest = mass.values().max().copied().unwrap_or(0);
    let mut kept: Vec<u32> = mass.into_iter().filter(|(_, mass)| ENOUGH.1 * mass >= ENOUGH.0 * greatest).map(|(entry, _)| entry).collect();
    kept.sort_unstable();
    kept.into_iter().map(|entry| scored(words, entry)).collect()
}

fn scored(words: &[Held], entry: u32) -> Found {
    let held: Vec<(u64, Best)> =
        words.iter().filter_map(|word| word.best.get(&entry).map(|best| (u64::from(word.weight), *best))).collect();
    let score: u64 = held.iter().map(|(weight, best)| weight * u64::from(best.value)).sum();
    // The section and how much is in it: the lower one of equals.
    let (mut section, mut there) = (0, 0);
    for (_, Best { section: here, .. }) in &held {
        let sum: u64 = held.iter().filter(|(_, best)| best.section == *here).map(|(weight, _)| weight).sum();
        if sum > there || (sum == there && *here < section) {
            (section, there) = (*here, sum);
        }
    }
    Found { entry, score, section }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(weight: u32, places: &[(u32, u32, u32)]) -> Held {
        let mut held = Held { weight, ..Held::default() };
        let places: Vec<Place> =
            places.iter().map(|(entry, level, section)| Place { entry: *entry, level: *level, section: *section }).collect();
        held.add(&places, 16);
        held
    }

    #[test]
    fn entries_with_too_little_are_left_out() {
        let words = [held(100, &[(1, 10, 0), (2, 10, 0)]), held(61, &[(1, 10, 0), (3, 31, 0)])];
        let found = |left_out: u32| entries(&words, &|entry| entry == left_out).iter().map(|found| found.entry).collect::<Vec<u32>>();
        // 100 of 161 is not enough; without the entry that has both, it is. 61 of 100 is not.
        assert_eq!(found(0), [1]);
        assert_eq!(found(1), [2]);
    }

    #[test]
    fn the_section_is_that_of_the_weightiest_words() {
        let words = [held(100, &[(1, 10, 3)]), held(60, &[(1, 20, 2)]), held(40, &[(1, 1, 2)])];
        // 100·160 + 60·320 + 40·16; of equal sums the lower section.
        assert_eq!(entries(&words, &|_| false), [Found { entry: 1, score: 35_840, section: 2 }]);
        assert_eq!(entries(&words[..1], &|_| false), [Found { entry: 1, score: 16_000, section: 3 }]);
    }

    #[test]
    fn common_words_decide_nothing_beside_others() {
        let common = |places| Held { is_common: true, ..held(100, places) };
        let words = [common(&[(1, 10, 0), (2, 10, 0)]), held(10, &[(2, 10, 0), (3, 10, 0)])];
        let found = |words| entries(words, &|_| false).iter().map(|found| found.entry).collect::<Vec<u32>>();
        assert_eq!(found(&words), [2, 3]);
        assert_eq!(found(&words[..1]), [1, 2]);
    }

    #[test]
    fn of_equal_alternatives_the_first_gives_the_section() {
        let mut word = held(10, &[(1, 6, 4)]);
        word.add(&[Place { entry: 1, level: 8, section: 5 }], 12);
        assert_eq!(word.best[&1], Best { value: 96, section: 4 });
        word.add(&[Place { entry: 1, level: 13, section: 5 }], 8);
        assert_eq!(word.best[&1], Best { value: 104, section: 5 });
    }
}
