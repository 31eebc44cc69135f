//! Two texts side by side, for a test that fails: what was expected, what came, with a little around it.

/// How many lines around a difference are shown.
const AROUND: usize = 3;

/// Nothing where two texts are the same; else their lines, `-` for what was expected and `+` for what came.
pub fn difference(expected: &str, came: &str) -> Option<String> {
    if expected == came {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.split('\n').collect(), came.split('\n').collect());
    let steps = steps(&old, &new);
    let changed = |at: usize| steps[at].0 != ' ';
    let mut shown = String::new();
    let mut skipped = false;
    for at in 0..steps.len() {
        let near = (at.saturating_sub(AROUND)..(at + AROUND + 1).min(steps.len())).any(changed);
        if near {
            if std::mem::take(&mut skipped) {
                shown.push_str("  …\n");
            }
            shown.push_str(&format!("{} {}\n", steps[at].0, steps[at].1));
        } else {
            skipped = true;
        }
    }
    Some(shown)
}

/// The shortest way from one list of lines to the other, by their longest common subsequence.
fn steps<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let mut common = vec![vec![0u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push((' ', old[i]));
            i += 1;
            j += 1;
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            steps.push(('-', old[i]));
            i += 1;
        } else {
            steps.push(('+', new[j]));
            j += 1;
        }
    }
    steps
}

#[test]
fn a_difference_shows_what_was_expected_and_what_came() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\n").unwrap(), "  a\n- b\n+ x\n  c\n  \n");
    let (long, other) = ("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\n7\n8\nx");
    assert_eq!(difference(long, other).unwrap(), "  …\n  6\n  7\n  8\n- 9\n+ x\n");
}
