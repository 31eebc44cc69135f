//! Text as search sees it: folded, and cut into words. The browser's engine follows the same rules.
//!
//! A word is a run of letters, marks and digits, and nothing is joined across punctuation as UAX 29 would: the browser
//! must cut a query in the same way with one regular expression.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where the marks stand that fold away: accents of Latin, Greek and Cyrillic, points of Hebrew, vowels of Arabic.
const ACCENTS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{6ff}';

/// Characters of the category Cf, which are not seen: soft hyphens, joiners, marks of direction. First and last.
const UNSEEN: [(char, char); 20] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{2066}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0001}', '\u{e007f}'),
];

/// Scripts that do not part words by spaces, and Korean, whose words carry their particles. First and last.
const DENSE: [(char, char); 8] = [
    ('\u{e00}', '\u{eff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1100}', '\u{11ff}'),
    ('\u{1780}', '\u{17ff}'),
    ('\u{3000}', '\u{9fff}'),
    ('\u{ac00}', '\u{d7ff}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{20000}', '\u{3ffff}'),
];

/// Letters that are not made of others, and how they are spelt.
pub const SPELT: [(char, &str); 10] =
    [('ß', "ss"), ('æ', "ae"), ('œ', "oe"), ('ø', "o"), ('đ', "d"), ('ð', "d"), ('þ', "th"), ('ł', "l"), ('ı', "i"), ('ς', "σ")];

fn is_in(ranges: &[(char, char)], c: char) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= ranges[after - 1].1
}

/// Whether a character is of a script that is cut into pairs.
pub fn is_dense(c: char) -> bool {
    c >= DENSE[0].0 && is_in(&DENSE, c)
}

/// Whether a character is of a word: a letter, a mark or a number.
pub fn is_of_words(c: char) -> bool {
    c.is_alphabetic() || c.is_numeric() || is_combining_mark(c)
}

/// Text in the form in which it is compared: compatibility forms, case and accents make no difference.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.nfkd().collect::<String>().to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    for c in lower.chars() {
        let is_dropped = (ACCENTS.contains(&c) && is_combining_mark(c)) || is_in(&UNSEEN, c);
        match SPELT.iter().find(|(letter, _)| *letter == c) {
            _ if is_dropped => (),
            Some((_, spelt)) => plain.push_str(spelt),
            None => plain.push(c),
        }
    }
    plain.nfc().collect()
}

/// A word of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    pub text: &'a str,
    /// One character of a longer dense stretch, there so that one can be found. It is no neighbour of any word, and
    /// queries have none.
    pub is_single: bool,
}

/// The words of a folded text, one after the other.
pub fn words<'a>(folded: &'a str, give: &mut dyn FnMut(Word<'a>)) {
    let mut rest = folded;
    while let Some(start) = rest.find(is_of_words) {
        let run = &rest[start..];
        let end = run.find(|c| !is_of_words(c)).unwrap_or(run.len());
        stretches(&run[..end], give);
        rest = &run[end..];
    }
}

/// Parts a run into stretches of dense and of other characters.
fn stretches<'a>(run: &'a str, give: &mut dyn FnMut(Word<'a>)) {
    let mut rest = run;
    while let Some(first) = rest.chars().next() {
        let dense = is_dense(first);
        let end = rest.find(|c| is_dense(c) != dense).unwrap_or(rest.len());
        let (stretch, after) = rest.split_at(end);
        if dense {
            pairs(stretch, give)
        } else {
            give(Word { text: stretch, is_single: false })
        }
        rest = after;
    }
}

fn pairs<'a>(stretch: &'a str, give: &mut dyn FnMut(Word<'a>)) {
    let starts: Vec<usize> = stretch.char_indices().map(|(at, _)| at).collect();
    if starts.len() == 1 {
        return give(Word { text: stretch, is_single: false });
    }
    for (place, start) in starts[..starts.len() - 1].iter().enumerate() {
        let end = starts.get(place + 2).copied().unwrap_or(stretch.len());
        give(Word { text: &stretch[*start..end], is_single: false });
    }
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(stretch.len());
        give(Word { text: &stretch[*start..end], is_single: true });
    }
}

/// What is a word, as a regular expression of browsers (with the flag `v`): two dense characters, the second of them only
/// looked at, or one that stands alone, or a run of other letters, marks and numbers, with what is not seen among them.
pub fn pattern() -> String {
    let letter = r"[\p{Alphabetic}\p{M}\p{N}\p{Cf}]";
    let ranges = DENSE.map(|(first, last)| format!("\\u{{{:x}}}-\\u{{{:x}}}", first as u32, last as u32)).concat();
    let dense = format!("[[{ranges}]&&{letter}]");
    format!("{dense}(?=({dense}))|(?<!{dense}){dense}|[{letter}--{dense}]+")
}

/// How words stand in the index: by UTF-16 code units, as a browser compares them.
pub fn order(a: &str, b: &str) -> std::cmp::Ordering {
    // Bytes of UTF-8 agree but where characters beyond the basic plane meet those from U+E000.
    let high = |text: &str| !text.is_ascii() && text.bytes().any(|byte| byte >= 0xee);
    if high(a) && high(b) { a.encode_utf16().cmp(b.encode_utf16()) } else { a.cmp(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let folded = fold(text);
        let mut all = Vec::new();
        words(&folded, &mut |word| all.push(if word.is_single { format!("+{}", word.text) } else { word.text.to_owned() }));
        all
    }

    #[test]
    fn case_accents_and_compatibility_forms_make_no_difference() {
        assert_eq!(fold("Ångström ÉCOLE ﬁne Straße ŁÓDŹ Ωμός"), "angstrom ecole fine strasse lodz ωμοσ");
        assert_eq!(fold("İstanbul ısı"), "istanbul isi");
        assert_eq!(fold("co\u{ad}oper\u{200d}ate \u{202e}x"), "cooperate x");
        assert_eq!(fold("한국어"), "한국어");
    }

    #[test]
    fn words_end_at_punctuation() {
        assert_eq!(cut("Don't re-use 3.5 front_matter, L’école"), ["don", "t", "re", "use", "3", "5", "front", "matter", "l", "ecole"]);
    }

    #[test]
    fn dense_scripts_become_pairs() {
        assert_eq!(cut("知识库和Web"), ["知识", "识库", "库和", "+知", "+识", "+库", "+和", "web"]);
        assert_eq!(cut("水"), ["水"]);
        assert_eq!(cut("학교에"), ["학교", "교에", "+학", "+교", "+에"]);
    }

    #[test]
    fn order_is_that_of_a_browser() {
        assert_eq!(order("\u{10400}", "\u{fa0e}"), std::cmp::Ordering::Less);
        assert_eq!(order("abc", "abd"), std::cmp::Ordering::Less);
    }
}
