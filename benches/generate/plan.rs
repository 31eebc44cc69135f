//! Decides which entries a corpus has, and their names, days and headings, before any text is written: links need them.

use crate::MAP_STREAM;
use crate::days::{self, Day};
use crate::map::Map;
use crate::random::Random;
use crate::words::{Vocabulary, capitalised, slug};
use std::collections::HashSet;

const TOPICS: usize = 50;
const SERIES: usize = 40;
const ORGANIZATIONS: usize = 100;
/// People are named by the entries only, as in communities that have not begun to keep their own list.
pub const PEOPLE: usize = 300;

/// Hours at which sessions begin, far from the night hours that clock changes skip or repeat.
const HOURS: [usize; 6] = [9, 10, 11, 13, 14, 15];
pub const ZONES: [&str; 4] = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"];
pub const PLACES: [&str; 24] = [
    "Alder County",
    "Birch County",
    "Cedar County",
    "Dogwood County",
    "Elm County",
    "Fir County",
    "Grove City",
    "Hazel County",
    "Ironwood County",
    "Juniper County",
    "Kelp Bay",
    "Larch County",
    "Maple County",
    "North Ridge",
    "Oak County",
    "Pine County",
    "Quarry Falls",
    "Rowan County",
    "South Ridge",
    "Tamarack County",
    "Upper Valley",
    "Vine County",
    "Willow County",
    "Yarrow County",
];
const INSTITUTIONS: [&str; 8] = [
    "Health Department",
    "School District",
    "Family Coalition",
    "Clinic Network",
    "Housing Office",
    "Youth Council",
    "Nutrition Program",
    "Tribal Health Board",
];

const SESSION_OPENINGS: [&str; 8] = [
    "Office hour on",
    "Working session on",
    "Panel on",
    "Field notes on",
    "Case clinic on",
    "Open call on",
    "Briefing on",
    "Round table on",
];
const CASE_OPENINGS: [&str; 7] = ["Two years of", "Trying", "Scaling up", "A pilot of", "Rebuilding", "Lessons from", "A first year of"];
const PRACTICE_OPENINGS: [&str; 9] = ["Offer", "Map", "Share", "Schedule", "Pair", "Test", "Publish", "Simplify", "Rehearse"];

const SESSION_HEADINGS: [&str; 9] = [
    "What we heard about",
    "Questions from the floor on",
    "A story about",
    "What changed in",
    "Working through",
    "Numbers behind",
    "Next steps for",
    "Where we differ on",
    "Background to",
];
const CASE_HEADINGS: [&str; 9] = [
    "Where we started with",
    "What we did about",
    "What got in the way of",
    "What helped with",
    "Results for",
    "What it cost in",
    "What surprised us about",
    "Who took part in",
    "What comes after",
];
const PRACTICE_HEADINGS: [&str; 9] = [
    "When to use",
    "How to begin with",
    "Steps for",
    "Who is needed for",
    "What can go wrong with",
    "Signs of progress in",
    "Adapting",
    "Keeping up",
    "Evidence for",
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Session { series: usize, number: usize },
    CaseStudy,
    Practice,
}

impl Sort {
    /// Its kind, as maps call it.
    pub fn kind(self) -> &'static str {
        match self {
            Sort::Session { .. } => "session",
            Sort::CaseStudy => "case-study",
            Sort::Practice => "practice",
        }
    }
}

pub struct Entry {
    pub sort: Sort,
    pub title: String,
    /// Below `content/`.
    pub path: String,
    pub day: Day,
    pub headings: Vec<String>,
}

impl Entry {
    pub fn id(&self) -> String {
        slug(&self.title)
    }
}

pub struct Series {
    pub title: String,
    pub first: Day,
    pub last: Day,
    pub hour: usize,
    pub zone: &'static str,
}

pub struct Corpus {
    pub seed: u64,
    pub vocabulary: Vocabulary,
    pub topics: Vec<String>,
    pub series: Vec<Series>,
    pub organizations: Vec<String>,
    /// Sessions, then case studies, then practices.
    pub entries: Vec<Entry>,
    pub practices: std::ops::Range<usize>,
    pub map: Option<Map>,
}

/// The id of the person with a number, from 1.
pub fn person_id(number: usize) -> String {
    format!("member-{number:03}")
}

impl Corpus {
    /// `map` are the rows and columns of a map, where there is to be one.
    pub fn plan(count: usize, seed: u64, map: Option<(usize, usize)>) -> Corpus {
        let vocabulary = Vocabulary::new(seed);
        let mut random = Random::of(seed, 0);
        let mut names = Names { vocabulary: &vocabulary, taken: HashSet::new() };
        let topics = (0..TOPICS).map(|_| names.pair(&mut random)).collect();
        let series: Vec<Series> = (0..SERIES).map(|at| names.series(at, &mut random)).collect();
        let organizations =
            (0..ORGANIZATIONS).map(|at| format!("{} {}", PLACES[at % PLACES.len()], INSTITUTIONS[at / PLACES.len() + at % 3])).collect();
        let sessions = count * 6 / 10;
        let case_studies = sessions..sessions + count * 2 / 10;
        let practices = case_studies.end..count;
        let entries = (0..count)
            .map(|at| {
                if at < sessions {
                    names.session(at, sessions, &series, &mut random)
                } else if at < case_studies.end {
                    names.case_study(&mut random)
                } else {
                    names.practice(&mut random)
                }
            })
            .collect();
        let map = map.map(|sides| Map::plan(sides, count, &practices, &mut names, &mut Random::of(seed, MAP_STREAM)));
        Corpus { seed, vocabulary, topics, series, organizations, entries, practices, map }
    }

    pub fn person(&self, random: &mut Random) -> String {
        person_id(random.below(PEOPLE) + 1)
    }

    pub fn topics(&self, random: &mut Random) -> Vec<String> {
        let count = random.between(1, 3);
        random.some_below(self.topics.len(), count).into_iter().map(|at| slug(&self.topics[at])).collect()
    }

    pub fn organizations(&self, random: &mut Random, most: usize) -> Vec<String> {
        let count = random.between(1, most);
        random.some_below(self.organizations.len(), count).into_iter().map(|at| slug(&self.organizations[at])).collect()
    }

    /// Ids of practices that a case study tried: a few are tried by many, and most by few.
    pub fn tried_practices(&self, random: &mut Random) -> Vec<String> {
        let mut tried: Vec<usize> = (0..random.between(1, 3))
            .map(|_| (random.fraction().powi(2) * self.practices.len() as f64) as usize + self.practices.start)
            .collect();
        tried.sort_unstable();
        tried.dedup();
        tried.into_iter().filter(|at| *at < self.practices.end).map(|at| self.entries[at].id()).collect()
    }
}

/// Names that no two entries share, not even across kinds, so that a wiki link to any of them has one meaning.
pub struct Names<'v> {
    pub vocabulary: &'v Vocabulary,
    taken: HashSet<String>,
}

impl Names<'_> {
    fn unique(&mut self, mut make: impl FnMut() -> String) -> String {
        loop {
            let title = make();
            if self.taken.insert(slug(&title)) {
                return title;
            }
        }
    }

    pub fn pair(&mut self, random: &mut Random) -> String {
        let vocabulary = self.vocabulary;
        self.unique(|| capitalised(&vocabulary.subjects::<2>(random).join(" ")))
    }

    pub fn titled(&mut self, openings: &[&str], random: &mut Random) -> String {
        let vocabulary = self.vocabulary;
        self.unique(|| {
            let opening = random.pick(openings);
            let [a, b, c] = vocabulary.subjects(random);
            let joint = random.pick(&["and", "for", "with", "after"]);
            format!("{opening} {a} {b} {joint} {c}")
        })
    }

    fn series(&mut self, at: usize, random: &mut Random) -> Series {
        let title = self.titled(&["Series on"], random);
        // Five to eight years long; every fourth reaches to the end of the corpus and so still has sessions to come.
        let all = (days::LAST.0 - days::FIRST.0) as usize;
        let length = random.between(5 * 365, all);
        let first = if at.is_multiple_of(4) { all - length } else { random.below(all - length + 1) };
        Series {
            title,
            first: days::FIRST.plus(first),
            last: days::FIRST.plus(first + length),
            hour: HOURS[random.below(HOURS.len())],
            zone: ZONES[random.below(ZONES.len())],
        }
    }

    fn session(&mut self, at: usize, sessions: usize, series: &[Series], random: &mut Random) -> Entry {
        let (of, turn) = (at % series.len(), at / series.len());
        let turns = (sessions - of).div_ceil(series.len());
        let window = &series[of];
        // A weekend at the end of the window would move past it, hence the two days less.
        let length = (window.last.0 - window.first.0) as usize - 2;
        let day = window.first.plus(length * turn / turns).workday();
        self.entry(Sort::Session { series: of, number: turn + 1 }, day, random)
    }

    fn case_study(&mut self, random: &mut Random) -> Entry {
        let day = written_day(random);
        self.entry(Sort::CaseStudy, day, random)
    }

    fn practice(&mut self, random: &mut Random) -> Entry {
        let day = written_day(random);
        self.entry(Sort::Practice, day, random)
    }

    fn entry(&mut self, sort: Sort, day: Day, random: &mut Random) -> Entry {
        let (openings, leads, folder): (&[&str], &[&str], String) = match sort {
            Sort::Session { .. } => (&SESSION_OPENINGS, &SESSION_HEADINGS, format!("sessions/{}", day.year())),
            Sort::CaseStudy => (&CASE_OPENINGS, &CASE_HEADINGS, format!("case-studies/{}", day.year())),
            Sort::Practice => (&PRACTICE_OPENINGS, &PRACTICE_HEADINGS, "practices".to_owned()),
        };
        let title = self.titled(openings, random);
        let count = random.between(3, 6);
        // Each begins with other words, so that every heading of an entry has an anchor of its own.
        let headings = random
            .some_below(leads.len(), count)
            .into_iter()
            .map(|lead| format!("{} {}", leads[lead], self.vocabulary.subjects::<2>(random).join(" ")))
            .collect();
        Entry { sort, path: format!("{folder}/{}.md", slug(&title)), title, day, headings }
    }
}

fn written_day(random: &mut Random) -> Day {
    days::FIRST.plus(random.below((days::LAST_WRITTEN.0 - days::FIRST.0) as usize))
}
