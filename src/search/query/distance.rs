//! Whether a few slips lead from one word to another.

/// Words that share so many letters before they part, and have at most so many after, may be forms of one word: their
/// endings count as one slip.
const KIN_BEGINNING: usize = 5;
const KIN_ENDING: usize = 3;

/// What a word has to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The other word.
    Whole,
    /// The other word, or any beginning of it.
    Beginning,
}

/// Whether so many slips, or fewer, lead from one text to another: a unit left out, put in, exchanged or swapped with its
/// neighbour, or another ending.
pub fn leads(from: &[u16], to: &[u16], slips: usize, end: To) -> bool {
    let alike = from.iter().zip(to).take_while(|(one, other)| one == other).count();
    let (from, to) = (&from[alike..], &to[alike..]);
    if from == to || (end == To::Beginning && from.is_empty()) {
        return true;
    }
    if slips == 0 {
        return false;
    }
    if alike >= KIN_BEGINNING && from.len() <= KIN_ENDING && to.len() <= KIN_ENDING {
        return true;
    }
    let is_swapped = from.len() > 1 && to.len() > 1 && from[0] == to[1] && from[1] == to[0];
    let ways = [(1, 0, true), (0, 1, true), (1, 1, true), (2, 2, is_swapped)];
    ways.into_iter().any(|(x, y, may)| may && leads(from.get(x..).unwrap_or_default(), to.get(y..).unwrap_or_default(), slips - 1, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(word: &str) -> Vec<u16> {
        word.encode_utf16().collect()
    }

    /// The fewest slips that lead from one word to another.
    fn slips(one: &str, other: &str) -> Option<usize> {
        (0..4).find(|slips| leads(&units(one), &units(other), *slips, To::Whole))
    }

    #[test]
    fn slips_are_counted() {
        for (one, other, least) in [
            ("vaping", "vaping", Some(0)),
            ("vapng", "vaping", Some(1)),
            ("vapping", "vaping", Some(1)),
            ("vaqing", "vaping", Some(1)),
            ("vapign", "vaping", Some(1)),
            ("licence", "license", Some(1)),
            ("ca", "abc", Some(3)),
            ("", "abc", Some(3)),
            ("abc", "", Some(3)),
            ("abcd", "", None),
            ("知识", "识知", Some(1)),
        ] {
            assert_eq!(slips(one, other), least, "{one} {other}");
            assert_eq!(slips(other, one), least, "{other} {one}");
        }
    }

    #[test]
    fn another_ending_is_one_slip() {
        for (one, other) in [("enforced", "enforcing"), ("analysis", "analyses"), ("policy", "policing")] {
            assert_eq!(slips(one, other), Some(1), "{one} {other}");
        }
        assert_eq!(slips("enfroced", "enforcing"), None, "five letters are shared before it");
        assert_eq!(slips("reguletory", "regulating"), None);
        assert_eq!(slips("ergulatory", "regulating"), Some(2), "behind another slip");
        assert_eq!(slips("retail", "retain-all"), None, "at most three more");
        assert_eq!(slips("smoking", "smokers"), Some(3), "four letters are shared");
    }

    #[test]
    fn beginnings_are_near_as_well() {
        let begins = |one: &str, other: &str, slips| leads(&units(one), &units(other), slips, To::Beginning);
        assert!(begins("ordin", "ordinance", 0) && begins("ordni", "ordinance", 1) && begins("ordix", "ordinance", 1));
        assert!(!begins("ordni", "ordinance", 0) && !begins("odrni", "ordinance", 1));
    }
}
