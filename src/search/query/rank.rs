//! Which entries a query means, and in which order: weights, values, mass and scores.

use super::places::Place;
use std::collections::HashMap;

/// What is taken from every weight, and the least that is left.
const WEIGHT_BASE: u32 = 60;
const LEAST_WEIGHT: u32 = 4;
/// Steps of a weight for each time that a word is half as common.
const STEPS: u64 = 16;

/// An entry is kept if it has so much of the greatest mass: five eighths.
const ENOUGH: (u64, u64) = (5, 8);

/// How much a word says about the entries that hold it, by how many of all entries do.
pub fn weight(entries: u32, holding: u32) -> u32 {
    let rare = (STEPS * (u64::from(entries) + 1) / (u64::from(holding) + 1)).max(1);
    let halvings = rare.ilog2();
    let between = (STEPS * (rare - (1 << halvings))) >> halvings;
    (STEPS as u32 * halvings + between as u32).saturating_sub(WEIGHT_BASE).max(LEAST_WEIGHT)
}

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
    pub is_optional: bool,
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

/// The entries that hold enough of some words, in the order of their numbers.
pub fn entries(words: &[Held], is_left_out: &dyn Fn(u32) -> bool) -> Vec<Found> {
    let mut mass: HashMap<u32, u64> = HashMap::new();
    for word in words.iter().filter(|word| !word.is_optional) {
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
    let all: u64 = held.iter().map(|(weight, _)| weight).sum();
    let score: u64 = held.iter().map(|(weight, best)| weight * u64::from(best.value)).sum();
    // The section and how much is in it: the lower one of equals.
    let (mut section, mut there) = (0, 0);
    for (_, Best { section: here, .. }) in &held {
        let sum: u64 = held.iter().filter(|(_, best)| best.section == *here).map(|(weight, _)| weight).sum();
        if sum > there || (sum == there && *here < section) {
            (section, there) = (*here, sum);
        }
    }
    // Words that stand together say more than the same words far from each other.
    let together = if held.len() > 1 { score.saturating_mul(there) / (8 * all) } else { 0 };
    Found { entry, score: score + together, section }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_weighs_more() {
        // 16·1001÷2 = 8008 = 2^12 + 3912: 192 + 15 − 60.
        assert_eq!(weight(1_000, 1), 147);
        assert_eq!(weight(1_000, 0), 163);
        // 158 = 2^7 + 30: 112 + 3 − 60.
        assert_eq!(weight(1_000, 100), 55);
        assert_eq!([weight(1_000, 1_000), weight(1_000, u32::MAX), weight(0, 0)], [LEAST_WEIGHT; 3]);
    }

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
    fn words_that_stand_together_count_more() {
        let words = [held(100, &[(1, 10, 3)]), held(60, &[(1, 20, 2)]), held(40, &[(1, 1, 2)])];
        // 100·160 + 60·320 + 40·16 = 35,840; of equal sums the lower section; 35,840·100÷1,600 = 2,240 more.
        assert_eq!(entries(&words, &|_| false), [Found { entry: 1, score: 38_080, section: 2 }]);
        assert_eq!(entries(&words[..1], &|_| false), [Found { entry: 1, score: 16_000, section: 3 }]);
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
