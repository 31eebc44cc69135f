//! How far one word is from another: letters left out, put in, exchanged, or swapped with their neighbour.

/// Words of so many letters that begin alike and end differently are forms of one word, as far as anybody can tell.
const KIN_LENGTH: usize = 6;
const KIN_BEGINNING: usize = 5;
const KIN_ENDING: usize = 3;
/// How far kin is.
pub const KIN: usize = 1;

/// The distances of a word to each beginning of another, from the empty one to the whole (optimal string alignment).
pub fn to_beginnings(typed: &[char], word: &[char]) -> Vec<usize> {
    let mut above: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    for (row, letter) in typed.iter().enumerate() {
        let mut now = vec![row + 1];
        for (at, other) in word.iter().enumerate() {
            let mut least = (last[at] + usize::from(letter != other)).min(last[at + 1] + 1).min(now[at] + 1);
            if row > 0 && at > 0 && *letter == word[at - 1] && typed[row - 1] == *other {
                least = least.min(above[at - 1] + 1);
            }
            now.push(least);
        }
        above = std::mem::replace(&mut last, now);
    }
    last
}

/// The distance of two words where it is at most so much.
pub fn within(most: usize, typed: &[char], word: &[char]) -> Option<usize> {
    // Most words of an index are told apart by their length.
    if typed.len().abs_diff(word.len()) > most {
        return None;
    }
    to_beginnings(typed, word).pop().filter(|distance| *distance <= most)
}

/// Whether two words are long, begin alike, and differ only in how they end.
pub fn are_kin(one: &[char], other: &[char]) -> bool {
    let shared = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let fits = |word: &[char]| word.len() >= KIN_LENGTH && word.len() - shared <= KIN_ENDING;
    shared >= KIN_BEGINNING && fits(one) && fits(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[test]
    fn slips_are_counted() {
        let far = |one: &str, other: &str| to_beginnings(&letters(one), &letters(other)).pop();
        for (one, other, distance) in [
            ("vaping", "vaping", 0),
            ("vapng", "vaping", 1),
            ("vapping", "vaping", 1),
            ("vaqing", "vaping", 1),
            ("vapign", "vaping", 1),
            ("ca", "abc", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("知识", "识知", 1),
        ] {
            assert_eq!(far(one, other), Some(distance), "{one} {other}");
            assert_eq!(far(other, one), Some(distance), "{other} {one}");
        }
        assert_eq!(within(1, &letters("licence"), &letters("license")), Some(1));
        assert_eq!(within(1, &letters("licence"), &letters("licensing")), None);
    }

    #[test]
    fn beginnings_are_measured_as_well() {
        assert_eq!(to_beginnings(&letters("ordn"), &letters("ordinance")), [4, 3, 2, 1, 1, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn kin_begin_alike() {
        let kin = |one: &str, other: &str| are_kin(&letters(one), &letters(other));
        assert!(kin("enforced", "enforcing") && kin("analysis", "analyses") && kin("policy", "policing"));
        assert!(!kin("polic", "policy"), "six letters at least");
        assert!(!kin("retail", "retain-all"), "at most three more");
        assert!(!kin("smoking", "smokers"), "five letters are shared");
    }
}
