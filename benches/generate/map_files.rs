//! Files that only a corpus with maps has: topics of its dimensions, voices, series that recur, questions and resources.

use crate::days::{self, Day};
use crate::front_matter::{Table, some};
use crate::map::{Map, Side, VOICES, maybe_voices};
use crate::plan::{Corpus, PLACES};
use crate::random::Random;
use crate::words::{capitalised, slug};

/// Voices that bring others together, and which: what speaks with one of those speaks with this.
const WIDER: [(&str, &[&str]); 2] =
    [("residents", &["youth", "families", "older-adults"]), ("workforce", &["frontline-staff", "retailers"])];

/// How long ago something was reviewed, in days before the last day written on, and what a practice, which is to be reviewed
/// every 12 months, then is: current, due, overdue, expired. A resource has 18 months.
pub const PRACTICE_AGES: [(usize, usize); 4] = [(0, 300), (340, 360), (380, 700), (800, 1_400)];
const RESOURCE_AGES: [(usize, usize); 4] = [(0, 480), (525, 540), (560, 1_000), (1_110, 1_600)];

/// Days of asking reach back so far: many are older than the 90 days after which an open question is a gap, and many not.
const ASKED_WITHIN: usize = 400;

/// What writes one front matter.
type Writing<'c> = Box<dyn Fn(&mut Random) -> String + 'c>;

/// Where below `content/` each file stands, and what writes its front matter.
pub fn all<'c>(corpus: &'c Corpus, map: &'c Map) -> impl Iterator<Item = (String, Writing<'c>)> {
    let topics = [&map.rows, &map.columns].into_iter().flat_map(move |side| {
        (0..side.terms.len()).map(move |at| {
            (format!("topics/{}.md", side.terms[at].id()), Box::new(move |random: &mut Random| topic(corpus, side, at, random)) as Writing)
        })
    });
    let voices = VOICES
        .into_iter()
        .chain(WIDER.map(|(wider, _)| wider))
        .map(move |id| (format!("voices/{id}.md"), Box::new(move |random: &mut Random| voice(corpus, id, random)) as Writing));
    let series = (0..STANDING.len()).map(move |at| {
        (format!("series/{}.md", slug(STANDING[at])), Box::new(move |random: &mut Random| standing(corpus, map, at, random)) as Writing)
    });
    let questions = map.questions.iter().map(move |title| {
        (format!("questions/{}.md", slug(title)), Box::new(move |random: &mut Random| question(corpus, map, title, random)) as Writing)
    });
    let resources = map.resources.iter().map(move |title| {
        (format!("resources/{}.md", slug(title)), Box::new(move |random: &mut Random| resource(corpus, map, title, random)) as Writing)
    });
    topics.chain(voices).chain(series).chain(questions).chain(resources)
}

fn topic(corpus: &Corpus, side: &Side, at: usize, random: &mut Random) -> String {
    let term = &side.terms[at];
    let mut table = Table::titled(&term.title);
    table.text("definition", &corpus.vocabulary.sentence(random));
    table.text("dimension", side.dimension);
    if let Some(parent) = term.parent {
        table.text("parent", &side.terms[parent].id());
    }
    // Topics by themselves and the tops of trees mostly have a priority; what is below them mostly has theirs.
    let own = if term.parent.is_none() { !random.one_in(4) } else { random.one_in(4) };
    if own {
        table.bare("priority", random.below(4));
    }
    // A few have the place of the one before them, or none.
    match random.below(8) {
        0 => {}
        1 => table.bare("order", at),
        _ => table.bare("order", at + 1),
    }
    if !random.one_in(3) {
        table.text("steward", &corpus.person(random));
    }
    let voices = maybe_voices(random);
    if !voices.is_empty() {
        table.texts("required_voices", &voices);
    }
    table.texts("synonyms", std::slice::from_ref(&term.synonym));
    table.end()
}

fn voice(corpus: &Corpus, id: &str, random: &mut Random) -> String {
    let mut table = Table::titled(&capitalised(&id.replace('-', " ")));
    table.text("definition", &corpus.vocabulary.sentence(random));
    if let Some((wider, _)) = WIDER.iter().find(|(_, narrower)| narrower.contains(&id)) {
        table.text("parent", wider);
    }
    table.end()
}

/// Series whose sessions to come have no files yet. The second names no column.
const STANDING: [&str; 2] = ["Standing call of newcomers", "Standing call of stewards"];

fn standing(corpus: &Corpus, map: &Map, at: usize, random: &mut Random) -> String {
    let mut table = Table::titled(STANDING[at]);
    table.text("summary", &corpus.vocabulary.sentence(random));
    let term = |side: &Side, random: &mut Random| side.terms[random.below(side.terms.len())].id();
    let mut topics = vec![term(&map.rows, random)];
    if at == 0 {
        topics.push(term(&map.columns, random));
    }
    table.texts("topics", &topics);
    table.bare("start", days::LAST_WRITTEN.plus(7));
    table.bare("end", days::LAST);
    table.bare("default", "{ time = 11:00:00, minutes = 60, mode = \"online\" }");
    table.bare("recurrence", "{ rrule = \"FREQ=MONTHLY;BYDAY=2TU\" }");
    table.end()
}

fn question(corpus: &Corpus, map: &Map, title: &str, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let mut table = Table::titled(title);
    // Asked in a session that was held, whose topics it has where it names none.
    let session = corpus.entries[..corpus.practices.start].iter().filter(|entry| entry.sort.kind() == "session");
    let held: Vec<_> = session.filter(|entry| entry.day <= days::LAST_WRITTEN).collect();
    let asked_in = random.one_in(2).then(|| held[random.below(held.len())]);
    if let Some(session) = asked_in {
        table.text("asked_in", &session.id());
    }
    if asked_in.is_none() || random.one_in(3) {
        table.texts("topics", &map.names(&map.place(random), random));
    }
    let asked = Day(days::LAST_WRITTEN.0 - random.below(ASKED_WITHIN) as i64);
    table.bare("date", asked.plus(random.below(10)).min(days::LAST_WRITTEN));
    if !random.one_in(6) {
        table.bare("asked_on", asked);
    }
    table.text("asked_by", random.pick(&VOICES));
    table.text("ask", random.pick(&["information", "experience", "problem", "evidence", "resource", "decision"]));
    table.bare("asks", random.between(1, 6));
    if random.one_in(4) {
        // From long ago to far ahead.
        table.bare("needed_by", Day(days::LAST_WRITTEN.0 - 60).plus(random.below(180)));
    }
    match random.below(10) {
        0 => table.text("status", "parked"),
        1 => table.text("status", "already-known"),
        2 => table.text("answer", &words.sentence(random)),
        3 => {
            let practice = &corpus.entries[corpus.practices.start + random.below(corpus.practices.len())];
            table.texts("answers", &[format!("practices/{}", practice.id())]);
        }
        4 => {
            table.text("status", "answered");
            table.text("answer", &words.sentence(random));
        }
        5 => {
            table.text("status", "partly");
            table.text("answer", &words.sentence(random));
        }
        6 => table.text("status", "open"),
        _ => {}
    }
    map.by_hand("practice", &mut table, random);
    table.end()
}

fn resource(corpus: &Corpus, map: &Map, title: &str, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let mut table = Table::titled(title);
    table.text("summary", &words.sentence(random));
    table.texts("topics", &map.names(&map.place(random), random));
    let written = Day(days::LAST_WRITTEN.0 - random.below(2_000) as i64);
    let dated = !random.one_in(12);
    if dated {
        table.bare("date", written);
    }
    table.text("type", random.pick(&["toolkit", "guide", "checklist", "data"]));
    table.text("url", &format!("https://example.org/resources/{}", slug(title)));
    table.text("publisher", random.pick(&PLACES));
    if !random.one_in(3) {
        table.texts("organizations", &corpus.organizations(random, 2));
    }
    table.texts("voices", &some(&VOICES, 1, random));
    if random.one_in(2) {
        table.texts("authors", &[corpus.person(random)]);
    }
    table.text("why", &words.sentence(random));
    review(corpus, RESOURCE_AGES.get(random.below(6)), dated.then_some(written), &mut table, random);
    map.by_hand("resource", &mut table, random);
    table.end()
}

/// A review of an age, or none, and none before the day it was written.
pub fn review(corpus: &Corpus, age: Option<&(usize, usize)>, written: Option<Day>, table: &mut Table, random: &mut Random) {
    let Some((from, to)) = age else { return };
    let on = Day(days::LAST_WRITTEN.0 - random.between(*from, *to) as i64);
    table.next("review.log");
    table.bare("on", written.map_or(on, |written| on.max(written)));
    table.text("by", &corpus.person(random));
    table.texts("checked", &["links".to_owned()]);
}
