//! A language to write in: more than sixty thousand words, used as often as words of a real language are.

use crate::random::Random;
use std::collections::HashSet;

/// English words that hold sentences together, commonest first.
const FRAME: &str = "the of and to a in is that for it was on with as are be this by from at have or an they which one \
    had we their not but what all were when can there more has if no who will would out up other about so them than its \
    into two our some could these most only how after may then any new also where much through before even should \
    because each just those between own both under while such never still during without again against among within \
    every few many since until though often less least across toward around nearly once whether rather instead";

/// What communities of practice in public service talk about.
const SUBJECT: &str = "community practice session health program county state team staff partner clinic school family \
    youth data service local policy support training people care group public member report work plan year question \
    agency example result evidence review access process survey meeting note lesson outreach referral screening vaccine \
    tobacco housing nutrition safety prevention coalition grant funding budget contract measure target baseline outcome \
    interview workshop webinar facilitator agenda recording transcript guide toolkit template checklist pilot evaluation \
    dashboard network coordinator manager director nurse teacher student parent tribe rural urban language translation \
    interpreter trust equity consent privacy record system form letter call message campaign media retailer license \
    enforcement ordinance compliance inspection complaint permit zoning transport pharmacy hospital shelter pantry \
    emergency response recovery weather smoke water heat mapping registry protocol standard procedure supervisor \
    volunteer mentor onboarding turnover burnout schedule calendar deadline commitment decision barrier enabler cost \
    hour week month quarter spring summer autumn winter visit home worker team leader council board committee";

/// Stems made from syllables, and the forms each takes; together with the words above more than 60,000.
const STEMS: usize = 15_000;
const ENDINGS: [&str; 5] = ["", "s", "ed", "ing", "er"];

const ONSETS: [&str; 34] = [
    "b", "c", "d", "f", "g", "h", "j", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "cl", "cr", "dr", "fl", "gr", "pl", "pr", "qu",
    "sc", "sh", "sl", "sp", "st", "str", "th", "tr", "ch",
];
const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "a", "e", "i", "ea", "ou"];
/// What may close a syllable inside a word, and at its end.
const INNER_CODAS: [&str; 8] = ["", "", "", "", "n", "r", "l", "s"];
const LAST_CODAS: [&str; 14] = ["b", "ck", "d", "l", "lt", "m", "n", "nd", "nt", "p", "r", "rn", "st", "t"];
/// How far, in letters, a word may stand from its place by length: short words are common ones, but not always.
const SPREAD: usize = 6;

/// Zipf's law as Mandelbrot mended it: the word of rank r is used as 1 / (r + 0.4), which makes "the" 6 % of a text, as in English.
const SHIFT: f64 = 0.4;

/// Words by falling frequency, with the sum of the frequencies down to each.
pub struct Vocabulary {
    words: Vec<String>,
    sums: Vec<f64>,
    /// Ranks of the subject words, which titles and headings are made of.
    subjects: std::ops::Range<usize>,
}

impl Vocabulary {
    pub fn new(seed: u64) -> Vocabulary {
        let mut random = Random::of(seed, u64::MAX);
        let mut known = HashSet::new();
        let mut words: Vec<String> = Vec::new();
        words.extend(FRAME.split_whitespace().filter(|word| known.insert(word.to_string())).map(str::to_owned));
        let first_subject = words.len();
        words.extend(SUBJECT.split_whitespace().filter(|word| known.insert(word.to_string())).map(str::to_owned));
        let subjects = first_subject..words.len();
        let mut made = Vec::with_capacity(STEMS * ENDINGS.len());
        for _ in 0..STEMS {
            let stem = stem(&mut random);
            made.extend(ENDINGS.iter().map(|ending| format!("{stem}{ending}")).filter(|word| known.insert(word.clone())));
        }
        made.sort_by_cached_key(|word| word.len() + random.below(SPREAD));
        words.extend(made);
        let mut sum = 0.0;
        let sums = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 1.0 + SHIFT);
                sum
            })
            .collect();
        Vocabulary { words, sums, subjects }
    }

    pub fn word(&self, random: &mut Random) -> &str {
        let at = random.fraction() * self.sums[self.sums.len() - 1];
        &self.words[self.sums.partition_point(|sum| *sum <= at)]
    }

    /// Different subject words, for a title.
    pub fn subjects<const N: usize>(&self, random: &mut Random) -> [&str; N] {
        let chosen = random.some_below(self.subjects.len(), N);
        std::array::from_fn(|at| self.words[self.subjects.start + chosen[at]].as_str())
    }

    /// A word of substance that few texts share, for names that differ.
    pub fn rare(&self, random: &mut Random) -> &str {
        &self.words[random.between(self.subjects.end, self.words.len() - 1)]
    }

    /// A few words that say something, without a full stop: "Pilot of the referral".
    pub fn phrase(&self, random: &mut Random) -> String {
        let [first, last] = self.subjects(random);
        let joint = random.pick(&["of the", "with", "for every", "and the", "before a", "without"]);
        capitalised(&format!("{first} {joint} {last}"))
    }

    pub fn sentence(&self, random: &mut Random) -> String {
        let length = random.between(6, 20);
        let mut sentence = String::with_capacity(length * 7);
        for at in 0..length {
            if at > 0 {
                // A comma about every tenth word, and none next to the sentence's ends.
                sentence.push_str(if at > 2 && at + 2 < length && random.one_in(10) { ", " } else { " " });
            }
            sentence.push_str(self.word(random));
        }
        let mut sentence = capitalised(&sentence);
        sentence.push(if random.one_in(18) { '?' } else { '.' });
        sentence
    }

    pub fn paragraph(&self, random: &mut Random) -> String {
        let sentences: Vec<String> = (0..random.between(2, 4)).map(|_| self.sentence(random)).collect();
        sentences.join(" ")
    }
}

fn stem(random: &mut Random) -> String {
    let mut stem = String::new();
    // Two syllables or three: one alone is too often an English word.
    let syllables = random.between(2, 3);
    for syllable in 1..=syllables {
        let codas: &[&str] = if syllable == syllables { &LAST_CODAS } else { &INNER_CODAS };
        stem.push_str(random.pick(&ONSETS));
        stem.push_str(random.pick(&VOWELS));
        stem.push_str(random.pick(codas));
    }
    stem
}

pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A title as a file name: lower case, words joined by hyphens. Titles here are ASCII letters, digits and spaces.
pub fn slug(title: &str) -> String {
    title.to_ascii_lowercase().replace(' ', "-")
}
