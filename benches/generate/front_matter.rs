//! Writes what stands at the top of a file: the fields that people really fill in, for each kind of entry.

use crate::days;
use crate::map::{Map, VOICES};
use crate::map_files::{PRACTICE_AGES, review};
use crate::plan::{Corpus, Entry, PLACES, Series, Sort};
use crate::random::Random;
use crate::words::slug;
use crate::{MAP_ENTRY_STREAM, MAP_PERSON_STREAM};
use std::fmt::Write;

pub fn of(corpus: &Corpus, at: usize, random: &mut Random) -> String {
    let entry = &corpus.entries[at];
    let mut table = Table::titled(&entry.title);
    table.text("summary", &corpus.vocabulary.sentence(random));
    let mut topics = corpus.topics(random);
    let mut of_map = Random::of(corpus.seed, MAP_ENTRY_STREAM + at as u64);
    if let Some(map) = &corpus.map {
        topics.extend(map.names(&map.places[at], &mut of_map));
    }
    table.texts("topics", &topics);
    if let Some(map) = &corpus.map {
        map_keys(corpus, map, at, &mut table, &mut of_map);
    }
    match entry.sort {
        Sort::Session { series, number } => session(corpus, entry, &corpus.series[series], number, &mut table, random),
        Sort::CaseStudy => case_study(corpus, entry, &mut table, random),
        Sort::Practice => practice(corpus, entry, &mut table, random),
    }
    if let Some(map) = &corpus.map {
        map_tables(corpus, map, at, &mut table, &mut of_map);
    }
    table.end()
}

/// What a corpus with maps has besides in the head of an entry: what takes it out of them, and what is at odds in them.
fn map_keys(corpus: &Corpus, map: &Map, at: usize, table: &mut Table, random: &mut Random) {
    let entry = &corpus.entries[at];
    if random.one_in(60) {
        table.bare("archived", true);
    }
    match entry.sort {
        Sort::Session { .. } if entry.day > days::LAST_WRITTEN => {
            if let Some(status) = ["tentative", "cancelled", "postponed"].get(random.below(8)) {
                table.text("status", status);
            }
        }
        Sort::Practice => {
            if random.one_in(60) {
                let other = corpus.practices.start + random.below(corpus.practices.len());
                if other != at {
                    table.text("superseded_by", &corpus.entries[other].id());
                }
            }
            if let Some(other) = map.at_odds.get(&at) {
                table.texts("contradicts", &[corpus.entries[*other].id()]);
            }
        }
        Sort::Session { .. } | Sort::CaseStudy => {}
    }
}

/// What it has besides at the end: who spoke, what goes with a recording, when it was last reviewed, where it was placed by hand.
fn map_tables(corpus: &Corpus, map: &Map, at: usize, table: &mut Table, random: &mut Random) {
    let entry = &corpus.entries[at];
    match entry.sort {
        Sort::Session { .. } if entry.day <= days::LAST_WRITTEN => {
            if random.one_in(6) {
                table.next("speakers");
                table.text("person", &corpus.person(random));
                table.text("voice", random.pick(&VOICES));
            }
            // Half of the sessions have a recording, whether or not they have this: most recordings stay without.
            if random.one_in(3) {
                let sort = random.pick(&["captions", "transcript"]);
                table.next("materials");
                table.text("type", sort);
                table.text("url", &format!("https://example.org/{sort}/{}", entry.id()));
            }
        }
        Sort::Practice => {
            let age = if map.is_at_odds(at) { Some(&PRACTICE_AGES[0]) } else { PRACTICE_AGES.get(random.below(6)) };
            review(corpus, age, Some(entry.day), table, random);
        }
        Sort::Session { .. } | Sort::CaseStudy => {}
    }
    map.by_hand(entry.sort.kind(), table, random);
}

fn session(corpus: &Corpus, entry: &Entry, series: &Series, number: usize, table: &mut Table, random: &mut Random) {
    let words = &corpus.vocabulary;
    let held = entry.day <= days::LAST_WRITTEN;
    table.text("series", &slug(&series.title));
    table.bare("number", number);
    table.bare("start", format!("{}T{:02}:00:00", entry.day, series.hour));
    table.bare("minutes", if random.one_in(5) { 90 } else { 60 });
    table.text("mode", random.pick(&["online", "online", "online", "hybrid", "in-person"]));
    table.texts("organizations", &corpus.organizations(random, 2));
    table.texts("voices", &some(&VOICES, 1, random));
    if random.one_in(4) {
        table.texts("audiences", &some(&VOICES, 1, random));
    }
    table.texts("facilitators", &[corpus.person(random)]);
    table.texts("objectives", &[words.sentence(random)]);
    if !held {
        table.bare(
            "registration",
            format!("{{ url = \"https://example.org/register/{}\", capacity = {} }}", entry.id(), random.between(30, 200)),
        );
        return;
    }
    table.texts("takeaways", &(0..random.between(2, 3)).map(|_| words.sentence(random)).collect::<Vec<_>>());
    if random.one_in(2) {
        table.texts("decisions", &[words.sentence(random)]);
    }
    let attended = random.between(8, 90);
    let registered = attended + random.below(30);
    // With maps one voice is counted now and then; which follows from the numbers, so that nothing is drawn for it.
    let by_voice = match corpus.map.is_some() && attended.is_multiple_of(5) {
        true => format!(", by_voice = {{ {} = {} }}", VOICES[registered % VOICES.len()], attended / 5),
        false => String::new(),
    };
    table.bare("attendance", format!("{{ registered = {registered}, attended = {attended}{by_voice} }}"));
    for _ in 0..random.between(1, 2) {
        table.next("speakers");
        table.text("name", &format!("A speaker from {}", random.pick(&PLACES)));
        table.text("role", random.pick(&["Coordinator", "Program manager", "Nurse", "Evaluator", "Parent leader"]));
        table.text("organization", &corpus.organizations(random, 1)[0]);
        if random.one_in(3) {
            table.text("voice", random.pick(&VOICES));
        }
    }
    if random.one_in(2) {
        for sort in ["slides", "recording"] {
            table.next("materials");
            table.text("type", sort);
            table.text("url", &format!("https://example.org/{sort}/{}", entry.id()));
        }
    }
    if random.one_in(10) {
        table.next("questions");
        table.text("text", &words.sentence(random).replace('.', "?"));
        table.text("ask", random.pick(&["information", "experience", "problem", "evidence", "resource", "decision"]));
        table.bare("asks", random.between(1, 6));
        if random.one_in(2) {
            table.text("answer", &words.sentence(random));
        }
    }
    if random.one_in(10) {
        table.next("commitments");
        table.text("text", &words.sentence(random));
        table.text("by", &corpus.organizations(random, 1)[0]);
        table.bare("due", entry.day.plus(60));
        if random.one_in(2) {
            table.bare("done", entry.day.plus(45).min(days::LAST_WRITTEN));
        }
    }
}

fn case_study(corpus: &Corpus, entry: &Entry, table: &mut Table, random: &mut Random) {
    let words = &corpus.vocabulary;
    table.bare("date", entry.day);
    table.texts("organizations", &corpus.organizations(random, 2));
    table.texts("places", &some(&PLACES, 1, random));
    table.texts("voices", &some(&VOICES, 1, random));
    table.texts("authors", &[corpus.person(random)]);
    table.text("setting", &words.phrase(random));
    table.bare("period", format!("{{ from = {}, to = {} }}", days::Day(entry.day.0 - 400), days::Day(entry.day.0 - 30)));
    table.texts("practices", &corpus.tried_practices(random));
    table.texts("barriers", &[words.sentence(random)]);
    table.texts("enablers", &[words.sentence(random)]);
    table.texts("lessons", &[words.sentence(random)]);
    table.bare("willing_to_talk", random.one_in(2));
    table.text("would_do_again", random.pick(&["yes", "with-changes", "no"]));
    for _ in 0..random.between(1, 3) {
        table.next("results");
        table.text("measure", &words.phrase(random));
        table.bare("baseline", random.between(5, 400));
        table.bare("result", random.between(5, 400));
        table.text("unit", random.pick(&["people", "visits", "percent", "days", "calls"]));
        table.text("direction", random.pick(&["improved", "improved", "improved", "no-change", "worse", "mixed"]));
    }
}

fn practice(corpus: &Corpus, entry: &Entry, table: &mut Table, random: &mut Random) {
    let words = &corpus.vocabulary;
    // With maps a few do not say when they were written, so that there is what is undated.
    if corpus.map.is_none() || entry.day.0 % 20 != 0 {
        table.bare("date", entry.day);
    }
    table.texts("organizations", &corpus.organizations(random, 2));
    table.texts("authors", &[corpus.person(random)]);
    table.text("problem", &words.sentence(random));
    table.text("context", &words.sentence(random));
    table.texts("when_not", &[words.sentence(random)]);
    table.text("effort", random.pick(&["low", "medium", "high"]));
    if random.one_in(2) {
        // Two made-up words: no other entry is called that, so the name stays clear.
        table.texts("synonyms", &[format!("{} {} {}", words.rare(random), words.rare(random), entry.headings.len())]);
    }
    for _ in 0..random.between(1, 3) {
        table.next("evidence");
        table.text("claim", &words.sentence(random));
        table.bare("grade", random.below(5));
        table.text("source", &format!("https://example.org/evidence/{}", random.below(1_000)));
    }
    if random.one_in(3) {
        table.begin("review");
        table.text("owner", &corpus.person(random));
    }
    if random.one_in(2) {
        table.next("review.log");
        table.bare("on", entry.day.plus(random.below(600)).min(days::LAST_WRITTEN));
        table.text("by", &corpus.person(random));
        table.texts("checked", &["links".to_owned(), "figures".to_owned()]);
    }
}

pub fn series(corpus: &Corpus, series: &Series, random: &mut Random) -> String {
    let mut table = Table::titled(&series.title);
    table.text("summary", &corpus.vocabulary.sentence(random));
    table.texts("topics", &corpus.topics(random));
    table.text("time_zone", series.zone);
    table.bare("start", series.first);
    table.bare("end", series.last);
    table.texts("curriculum", &corpus.topics(random));
    table.bare("default", format!("{{ time = {:02}:00:00, minutes = 60, mode = \"online\" }}", series.hour));
    table.end()
}

pub fn topic(corpus: &Corpus, at: usize, random: &mut Random) -> String {
    let mut table = Table::titled(&corpus.topics[at]);
    table.text("definition", &corpus.vocabulary.sentence(random));
    // Every other topic is of the second dimension; the first ten are parents of those after them in their own. With maps
    // these dimensions belong to the topics of the maps, and these topics have none.
    if corpus.map.is_none() {
        table.text("dimension", if at.is_multiple_of(2) { "policy-area" } else { "knowledge" });
    }
    if at >= 10 && random.one_in(2) {
        table.text("parent", &slug(&corpus.topics[at % 10]));
    }
    table.bare("priority", random.below(4));
    table.bare("order", at + 1);
    table.text("steward", &corpus.person(random));
    table.texts("required_voices", &some(&VOICES, 1, random));
    table.texts("synonyms", &[format!("{} {}", corpus.vocabulary.rare(random), at + 1)]);
    table.end()
}

/// A person: one of three has left.
pub fn person(corpus: &Corpus, number: usize, random: &mut Random) -> String {
    let mut table = Table::titled(&format!("Member {number}"));
    table.text("organization", &corpus.organizations(random, 1)[0]);
    let mut expertise = corpus.topics(random);
    let mut of_map = Random::of(corpus.seed, MAP_PERSON_STREAM + number as u64);
    if let Some(map) = &corpus.map {
        expertise.extend(map.expertise(&mut of_map));
    }
    table.texts("expertise", &expertise);
    if random.one_in(3) {
        table.bare("left_on", days::LAST_WRITTEN);
    } else if corpus.map.is_some() && of_map.one_in(4) {
        // Known to leave, and still here.
        table.bare("left_on", days::LAST);
    }
    table.end()
}

/// The one community, to which everything belongs.
pub fn community(corpus: &Corpus, random: &mut Random) -> String {
    let mut table = Table::titled("Everybody");
    table.text("purpose", &corpus.vocabulary.sentence(random));
    table.texts("expected_voices", &VOICES.map(str::to_owned));
    for voice in VOICES {
        table.next("success");
        table.text("audience", voice);
        table.text("measure", &corpus.vocabulary.phrase(random));
        table.bare("target", random.between(5, 400));
        if random.one_in(2) {
            table.text("status", &corpus.vocabulary.phrase(random));
        }
    }
    table.end()
}

pub fn organization(corpus: &Corpus, at: usize) -> String {
    let mut table = Table::titled(&corpus.organizations[at]);
    table.text("place", PLACES[at % PLACES.len()]);
    table.text("url", &format!("https://example.org/{}", slug(&corpus.organizations[at])));
    table.end()
}

pub fn some(from: &[&str], least: usize, random: &mut Random) -> Vec<String> {
    let count = random.between(least, 2);
    random.some_below(from.len(), count).into_iter().map(|at| from[at].to_owned()).collect()
}

/// A front matter in the making. Texts are ASCII words and addresses, which TOML takes as they are.
pub struct Table(String);

impl Table {
    pub fn titled(title: &str) -> Table {
        let mut table = Table("+++\n".to_owned());
        table.text("title", title);
        table
    }

    pub fn text(&mut self, key: &str, value: &str) {
        self.bare(key, format_args!("\"{value}\""));
    }

    pub fn texts(&mut self, key: &str, values: &[String]) {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        self.bare(key, format_args!("[{}]", quoted.join(", ")));
    }

    /// A number, a date, a truth value or a table in one line.
    pub fn bare(&mut self, key: &str, value: impl std::fmt::Display) {
        writeln!(self.0, "{key} = {value}").expect("a string takes all that is written to it");
    }

    /// Begins a table; what follows belongs to it.
    pub fn begin(&mut self, key: &str) {
        writeln!(self.0, "\n[{key}]").expect("a string takes all that is written to it");
    }

    /// Begins one more table of a list; what follows belongs to it.
    pub fn next(&mut self, key: &str) {
        writeln!(self.0, "\n[[{key}]]").expect("a string takes all that is written to it");
    }

    pub fn end(mut self) -> String {
        self.0.push_str("+++\n\n");
        self.0
    }
}
