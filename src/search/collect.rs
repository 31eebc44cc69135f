//! Reads a stretch of entries for the index: which terms each holds, how well they describe it, and in which section.

use super::buckets::Begun;
use super::document::{Document, Field};
use super::reading::{self, BLOCK};
use super::runs::Run;
use super::stems::{self, Stems};
use super::{Limits, shelf, text};
use crate::entries::names;
use std::collections::HashMap;

/// Numbers that nobody hostile chooses: a quick hash will do.
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The highest level.
pub const TOP: u32 = 31;
/// How much a term must count in an entry for half of the highest level.
const HALF: f32 = 4.0;
/// The most that a term can count in all of an entry but its names.
const BESIDE: f32 = 12.0;
/// Words of a title or text of usual length: a word counts more in a shorter one.
const TITLE_WORDS: f32 = 4.0;
const TEXT_WORDS: f32 = 400.0;
/// Sections that a place can name; what stands further down belongs to the entry as a whole.
const SECTIONS: usize = 59;
/// Stands with the number of a section whose heading has the term.
pub const NAMED: u8 = 0x80;
/// Sections that a row lists: a file of results stays small whatever a text is like.
const LISTED: usize = 200;
/// Bytes of the longest word: what is longer is no word of any language, but data, and nobody types it.
const LONGEST: usize = 120;
/// The most characters of openings that one entry gives to the passages of results, and the least that a section gets.
const OPENINGS: usize = 440;
const OPENING: (usize, usize) = (80, 240);

/// What one stretch of entries holds. Terms and words have numbers of their own in it.
pub struct Stretch {
    pub terms: Vec<Box<str>>,
    /// Where each term is.
    pub places: Vec<Run>,
    /// Folded words, each with the number of its term.
    pub words: Vec<(Box<str>, u32)>,
    /// Which entries are in each bucket of neighbours.
    pub neighbours: Vec<Run>,
    /// JSON of each entry, as it stands in shelf `r`.
    pub rows: Vec<Box<str>>,
}

/// Reads documents one after the other.
pub struct Collector {
    /// The site's language.
    site: String,
    limits: Limits,
    stretch: Stretch,
    terms: Map<Box<str>, u32>,
    /// By language: the words read so far, as they were written.
    languages: Map<String, Language>,
    /// Sums of the entry that is being read, by term.
    sums: Vec<Sum>,
    touched: Vec<u32>,
    /// The number of the entry that is being read.
    entry: u32,
    /// Its row, in memory that is used again for the next one.
    row: String,
}

struct Language {
    stems: Stems,
    /// What the terms of another language than the site's end in: equal stems of two languages are no kin.
    ending: Option<String>,
    /// What a run of characters is, as it stands in a text.
    plain: Map<Box<str>, u32>,
    /// The same for words that had to be folded, by the form that is stemmed.
    folded: Map<Box<str>, u32>,
    known: Vec<Known>,
}

#[derive(Debug, Clone)]
struct Known {
    term: u32,
    folded: Box<str>,
    begun: Begun,
}

/// Where a text stands, and how much a word counts there.
#[derive(Debug, Clone, Copy)]
struct At {
    field: Field,
    weight: f32,
    section: u8,
}

/// What one entry says of a term.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    names: f32,
    fields: f32,
    in_text: u32,
    /// How often it stands in the section that is being read, and the section where it stood most.
    section: u8,
    votes: u32,
    best: u8,
    most: u32,
    /// Whether the entry that is being read has it.
    is_held: bool,
}

impl Collector {
    /// For a stretch that begins with this entry.
    pub fn new(site: &str, limits: Limits, first: usize) -> Collector {
        let stretch = Stretch {
            terms: Vec::new(),
            places: Vec::new(),
            words: Vec::new(),
            neighbours: (0..limits.buckets).map(|_| Run::default()).collect(),
            rows: Vec::new(),
        };
        Collector {
            site: site.to_owned(),
            limits,
            stretch,
            terms: Map::default(),
            languages: Map::default(),
            sums: Vec::new(),
            touched: Vec::new(),
            entry: first as u32,
            row: String::new(),
        }
    }

    pub fn finish(self) -> Stretch {
        self.stretch
    }

    /// Reads the next entry.
    pub fn read(&mut self, document: &Document) {
        let mut language = self.languages.remove(document.language).unwrap_or_else(|| Language::of(document.language, &self.site));
        let mut row = std::mem::take(&mut self.row);
        self.document(document, &mut language, &mut row);
        self.languages.insert(document.language.to_owned(), language);
        self.stretch.rows.push(row.as_str().into());
        row.clear();
        self.row = row;
        self.entry += 1;
    }

    fn document(&mut self, document: &Document, language: &mut Language, row: &mut String) {
        let sections =
            reading::sections(document.body, document.raw, &|number| document.link_texts.get(number as usize).copied().flatten());
        let headings: Vec<&reading::Section> = sections.iter().filter(|section| section.heading.is_some()).collect();
        shown(row, document, &sections);
        let length = if headings.is_empty() { OPENING.1 } else { (OPENINGS / headings.len()).clamp(OPENING.0, OPENING.1) };

        self.field(document.title, Field::Title, 0, language);
        self.starts(document.title, Field::Title);
        for (field, text) in &document.texts {
            self.field(text, *field, 0, language);
            if *field == Field::Synonym {
                self.starts(text, *field);
            }
        }
        if !document.summary.is_empty() {
            self.field(document.summary, Field::Summary, 0, language);
        }
        let mut words = 0;
        let mut number = 0;
        for section in &sections {
            if let Some(heading) = section.heading.map(|at| &document.body.headings[at]) {
                number += 1;
                let at = if number <= SECTIONS { number as u8 } else { 0 };
                if number <= LISTED {
                    let opening = if number <= SECTIONS { reading::opening(&section.text, length) } else { String::new() };
                    let title = reading::opening(&heading.text, OPENING.1);
                    row.push_str(if number > 1 { "," } else { "" });
                    shelf::push_row(row, &[&heading.id, &title, &opening]);
                }
                self.field(&heading.text, Field::Heading, at, language);
                words += self.field(&section.text, Field::Body, at, language);
            } else {
                words += self.field(&section.text, Field::Body, 0, language);
            }
        }
        for chapter in &document.chapters {
            number += 1;
            if number <= LISTED {
                row.push_str(if number > 1 { "," } else { "" });
                shelf::push_row(row, &[&chapter.anchor, &reading::opening(chapter.title, OPENING.1), "", &chapter.at]);
            }
            self.field(chapter.title, Field::Heading, if number <= SECTIONS { number as u8 } else { 0 }, language);
        }
        row.push_str("]]");
        self.settle(words);
    }

    /// Reads one text, and says how many words it has.
    fn field(&mut self, text: &str, field: Field, section: u8, language: &mut Language) -> u32 {
        let at = At { field, weight: weight(text, field), section };
        let mut words = 0;
        let mut before = None;
        let bytes = text.as_bytes();
        let mut start = 0;
        while start < bytes.len() {
            // A run of letters, digits and whatever is beyond ASCII.
            let length = bytes[start..].iter().position(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
            let end = length.map_or(bytes.len(), |length| start + length);
            if end > start {
                let run = &text[start..end];
                if run.is_ascii() && run.len() > LONGEST {
                    before = None;
                } else if run.is_ascii() {
                    let number = self.plain(run, language);
                    self.word(&language.known[number as usize], at, &mut before);
                    words += 1;
                } else {
                    words += self.folded(run, at, &mut before, language);
                }
            }
            if bytes.get(end) == Some(&(BLOCK as u8)) {
                before = None;
            }
            start = end + 1;
        }
        words
    }

    /// The number of a word that is all ASCII.
    fn plain(&mut self, run: &str, language: &mut Language) -> u32 {
        if let Some(number) = language.plain.get(run) {
            return *number;
        }
        let lower = run.to_ascii_lowercase();
        let number = self.known(&lower, &lower, language);
        language.plain.insert(run.into(), number);
        number
    }

    /// Reads a run with characters beyond ASCII, which may be several words.
    fn folded(&mut self, run: &str, at: At, before: &mut Option<Begun>, language: &mut Language) -> u32 {
        let folded = text::fold(run);
        let mut words = 0;
        let whole = names::lower(run);
        text::words(&folded, &mut |word| {
            if word.text.len() > LONGEST {
                *before = None;
                return;
            }
            // Stemming goes before folding, since accents tell endings apart; where the run is one word it is known as written.
            let written = if word.text.len() == folded.len() && !word.is_single { whole.as_str() } else { word.text };
            let number = self.known(written, word.text, language);
            let known = &language.known[number as usize];
            if word.is_single {
                self.count(known.term, at);
            } else {
                self.word(known, at, before);
                words += 1;
            }
        });
        words
    }

    /// The number of a word by the form that is stemmed.
    fn known(&mut self, written: &str, folded: &str, language: &mut Language) -> u32 {
        if let Some(number) = language.folded.get(written) {
            return *number;
        }
        let mut stem = text::fold(&language.stems.stem(written));
        if stem.is_empty() {
            stem.push_str(folded);
        }
        if let Some(ending) = language.ending.as_ref().filter(|_| folded.chars().any(|c| c.is_alphabetic() && !text::is_dense(c))) {
            stem.push_str(ending);
        }
        let term = self.term(&stem);
        self.stretch.words.push((folded.into(), term));
        let number = language.known.len() as u32;
        language.known.push(Known { term, folded: folded.into(), begun: Begun::with(folded) });
        language.folded.insert(written.into(), number);
        number
    }

    fn term(&mut self, term: &str) -> u32 {
        if let Some(number) = self.terms.get(term) {
            return *number;
        }
        let number = self.stretch.terms.len() as u32;
        self.stretch.terms.push(term.into());
        self.stretch.places.push(Run::default());
        self.terms.insert(term.into(), number);
        self.sums.push(Sum::default());
        number
    }

    /// Counts a word that stands after another.
    fn word(&mut self, known: &Known, at: At, before: &mut Option<Begun>) {
        self.count(known.term, at);
        if let Some(begun) = *before {
            let bucket = begun.bucket(&known.folded, self.limits.buckets);
            self.stretch.neighbours[usize::from(bucket)].add(self.entry);
        }
        *before = Some(known.begun);
    }

    fn count(&mut self, term: u32, at: At) {
        let sum = &mut self.sums[term as usize];
        if !sum.is_held {
            *sum = Sum { is_held: true, ..Sum::default() };
            self.touched.push(term);
        }
        match at.field {
            Field::Body => sum.in_text += 1,
            Field::Title | Field::Synonym => sum.names += at.weight,
            _ => sum.fields += at.weight,
        }
        if sum.section != at.section {
            (sum.section, sum.votes) = (at.section, 0);
        }
        sum.votes += at.field.votes();
        // The first section that is named so says most, however often others speak of it.
        if at.field == Field::Heading && at.section > 0 && sum.most < u32::MAX {
            (sum.best, sum.most) = (at.section | NAMED, u32::MAX);
        }
        if sum.votes > sum.most {
            (sum.best, sum.most) = (at.section, sum.votes);
        }
    }

    /// Notes the beginnings of a title's words, for those who have typed only one or two letters.
    fn starts(&mut self, title: &str, field: Field) {
        let at = At { field, weight: weight(title, field), section: 0 };
        let folded = text::fold(title);
        let mut starts: Vec<String> = Vec::new();
        text::words(&folded, &mut |word| {
            let mut start = String::new();
            for c in word.text.chars() {
                start.push(c);
                if start.encode_utf16().count() > shelf::STARTS {
                    break;
                }
                starts.push(format!("{start}*"));
            }
        });
        starts.sort_unstable();
        starts.dedup();
        for start in starts {
            let term = self.term(&start);
            self.count(term, at);
        }
    }

    /// Turns the sums of an entry into places.
    fn settle(&mut self, words: u32) {
        let room = 0.25 + 0.75 * (rounded(words) as f32 / TEXT_WORDS);
        for term in self.touched.drain(..) {
            let sum = &mut self.sums[term as usize];
            sum.is_held = false;
            let beside = sum.fields + sum.in_text as f32 / room;
            // However often it is said elsewhere, that does not outweigh what the entry is called.
            let total = sum.names + BESIDE * beside / (BESIDE + beside);
            let level = (1.0 + (TOP - 1) as f32 * total / (total + HALF)) as u8;
            self.stretch.places[term as usize].place(self.entry, level.clamp(1, TOP as u8), sum.best);
        }
    }
}

impl Language {
    fn of(language: &str, site: &str) -> Language {
        let primary = stems::primary(language);
        let stems = Stems::of(&primary);
        let ending = (stems.has_rules() && primary != stems::primary(site)).then(|| format!(":{primary}"));
        Language { stems, ending, plain: Map::default(), folded: Map::default(), known: Vec::new() }
    }
}

/// What a word counts in a field: in a short title more than in a long one.
fn weight(text: &str, field: Field) -> f32 {
    match field {
        Field::Title | Field::Synonym => field.weight() / (0.2 + 0.8 * (text.split_whitespace().count() as f32 / TITLE_WORDS)),
        field => field.weight(),
    }
}

/// A length without its finer steps, so that a few words more in a text do not change the places of all its words.
fn rounded(words: u32) -> u32 {
    match words.checked_ilog2() {
        None => 0,
        Some(power) => {
            let low = 1 << power;
            if words >= low + low / 2 { low + low / 2 } else { low }
        }
    }
}

/// Writes the row of an entry in shelf `r` up to its sections.
fn shown(row: &mut String, document: &Document, sections: &[reading::Section]) {
    let summary = reading::opening(document.summary, OPENING.1);
    let opening = if summary.is_empty() { reading::opening(&sections[0].text, OPENING.1) } else { summary };
    row.push('[');
    shelf::push_text(row, &document.path);
    row.push(',');
    shelf::push_text(row, document.title);
    row.push_str(&format!(",{},", document.kind));
    shelf::push_text(row, &document.date);
    row.push(',');
    shelf::push_text(row, &document.state);
    row.push(',');
    shelf::push_text(row, &document.series);
    row.push(',');
    shelf::push_text(row, &opening);
    row.push_str(",[");
}
