//! Plans what a corpus has for gap maps: two dimensions of topics, and where among them each entry stands.

use crate::front_matter::{Table, some};
use crate::plan::{Names, PEOPLE, person_id};
use crate::random::Random;
use crate::words::slug;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Fewer topics than this on a side have no trees; more than this run out of names.
pub const LEAST_SIDE: usize = 4;
pub const MOST_SIDE: usize = 1_000;

pub const VOICES: [&str; 7] = ["youth", "families", "tribal-health", "rural", "frontline-staff", "older-adults", "retailers"];

/// Where in each run of topics the parent of each stands: rows in trees of three levels and of two, with some by themselves.
const ROW_PARENTS: [Option<usize>; 14] =
    [None, Some(0), Some(0), Some(2), Some(2), Some(0), None, None, Some(7), Some(7), Some(7), Some(7), None, None];
const COLUMN_PARENTS: [Option<usize>; 6] = [None, None, Some(1), Some(1), None, None];

/// One of so many topics of an entry is named by its synonym, and one of so many entries names the topic above as well.
const BY_SYNONYM: usize = 8;
const WITH_ABOVE: usize = 12;
/// One of so many practices contradicts another one, where there is one in its cell.
const AT_ODDS: usize = 12;
/// One of so many entries is placed by hand.
const BY_HAND: usize = 25;
/// How uneven entries lie on the two sides: the higher, the more of them in few rows or columns.
const ROW_POWER: i32 = 3;
const COLUMN_POWER: i32 = 3;
/// One of so many cells makes no sense, and one of so many is accepted.
const NOT_APPLICABLE: usize = 80;
const ACCEPTED: usize = 60;
/// There is one more question and one more resource for so many entries, and never fewer than the least.
const MORE: usize = 20;
const LEAST_MORE: usize = 24;

/// Days until which gaps are accepted. Those that a build for 2026-11-22 finds over come first: long ago, and that very day.
const UNTIL: [&str; 5] = ["2026-06-30", "2026-11-22", "2026-11-23", "2027-01-31", "2027-12-31"];

const QUESTION_OPENINGS: [&str; 6] =
    ["How to begin", "Who has tried", "What it takes to fund", "Whether to stop", "When to change", "How others staff"];
const RESOURCE_OPENINGS: [&str; 6] = ["Toolkit for", "Guide to", "Checklist for", "Figures on", "Model text for", "Handbook of"];

/// A topic of one of the two dimensions.
pub struct Term {
    pub title: String,
    pub synonym: String,
    pub parent: Option<usize>,
}

impl Term {
    pub fn id(&self) -> String {
        slug(&self.title)
    }

    /// Its id, or now and then its synonym, which is as good.
    fn name(&self, random: &mut Random) -> String {
        if random.one_in(BY_SYNONYM) { self.synonym.clone() } else { self.id() }
    }
}

pub struct Side {
    pub dimension: &'static str,
    pub terms: Vec<Term>,
    /// Those that entries name, with those that are named most first.
    named: Vec<usize>,
    /// Those that entries are placed at by hand: all but groups.
    placeable: Vec<usize>,
}

/// The topics that an entry names.
pub struct Place {
    rows: Vec<usize>,
    columns: Vec<usize>,
}

pub struct Map {
    pub rows: Side,
    pub columns: Side,
    /// Of each entry.
    pub places: Vec<Place>,
    /// Practices that contradict another one of the same cell, and which.
    pub at_odds: BTreeMap<usize, usize>,
    pub questions: Vec<String>,
    pub resources: Vec<String>,
}

impl Side {
    fn plan(dimension: &'static str, count: usize, parents: &[Option<usize>], names: &mut Names, random: &mut Random) -> Side {
        let terms: Vec<Term> = (0..count)
            .map(|at| Term {
                title: names.pair(random),
                // With its dimension and number no two are the same.
                synonym: format!("{} {dimension} {}", names.vocabulary.rare(random), at + 1),
                parent: parents[at % parents.len()].map(|parent| at - at % parents.len() + parent),
            })
            .collect();
        let mut is_parent = vec![false; count];
        terms.iter().filter_map(|term| term.parent).for_each(|parent| is_parent[parent] = true);
        // Of topics above others every second stays a group, which nothing names; of those without any below them every fourth
        // is named by hand alone.
        let (mut parents, mut leaves) = (0, 0);
        let (mut named, mut placeable) = (Vec::new(), Vec::new());
        for (at, is_parent) in is_parent.into_iter().enumerate() {
            let (seen, one_of) = if is_parent { (&mut parents, 2) } else { (&mut leaves, 4) };
            *seen += 1;
            let skipped = *seen % one_of == 0;
            if !skipped {
                named.push(at);
            }
            if !(skipped && is_parent) {
                placeable.push(at);
            }
        }
        for at in (1..named.len()).rev() {
            named.swap(at, random.below(at + 1));
        }
        Side { dimension, terms, named, placeable }
    }

    /// A topic; the share of all entries that name it falls from the first to the last as a power does.
    fn pick(&self, power: i32, random: &mut Random) -> usize {
        self.named[(random.fraction().powi(power) * self.named.len() as f64) as usize]
    }

    fn pick_some(&self, count: usize, power: i32, random: &mut Random) -> Vec<usize> {
        let mut picked: Vec<usize> = Vec::new();
        for _ in 0..count {
            let at = self.pick(power, random);
            if !picked.contains(&at) {
                picked.push(at);
            }
        }
        picked
    }

    fn placeable(&self, random: &mut Random) -> &Term {
        &self.terms[self.placeable[random.below(self.placeable.len())]]
    }
}

impl Map {
    pub fn plan((rows, columns): (usize, usize), entries: usize, practices: &Range<usize>, names: &mut Names, random: &mut Random) -> Map {
        let rows = Side::plan("policy-area", rows, &ROW_PARENTS, names, random);
        let columns = Side::plan("knowledge", columns, &COLUMN_PARENTS, names, random);
        let more = (entries / MORE).max(LEAST_MORE);
        let questions = (0..more).map(|_| names.titled(&QUESTION_OPENINGS, random)).collect();
        let resources = (0..more).map(|_| names.titled(&RESOURCE_OPENINGS, random)).collect();
        let mut map = Map { rows, columns, places: Vec::new(), at_odds: BTreeMap::new(), questions, resources };
        map.places = (0..entries).map(|_| map.place(random)).collect();
        for at in practices.clone() {
            if random.one_in(AT_ODDS)
                && let Some(other) = map.beside(at, practices)
            {
                map.at_odds.insert(at, other);
            }
        }
        map
    }

    /// Where an entry may stand: mostly in one cell, often in several, sometimes in no row or no column or in neither.
    pub fn place(&self, random: &mut Random) -> Place {
        let sides = random.below(16);
        let rows = 1 + usize::from(random.one_in(3)) + usize::from(random.one_in(6));
        let columns = 1 + usize::from(random.one_in(3));
        let mut place = Place {
            rows: self.rows.pick_some(if matches!(sides, 0 | 1) { 0 } else { rows }, ROW_POWER, random),
            columns: self.columns.pick_some(if matches!(sides, 1 | 2) { 0 } else { columns }, COLUMN_POWER, random),
        };
        if random.one_in(WITH_ABOVE) {
            let above = place.rows.first().and_then(|row| self.rows.terms[*row].parent);
            place.rows.extend(above.filter(|above| !place.rows.contains(above)));
        }
        place
    }

    /// What an entry at a place writes into `topics`.
    pub fn names(&self, place: &Place, random: &mut Random) -> Vec<String> {
        let rows = place.rows.iter().map(|row| &self.rows.terms[*row]);
        let columns = place.columns.iter().map(|column| &self.columns.terms[*column]);
        rows.chain(columns).map(|term| term.name(random)).collect()
    }

    /// What a person writes into `expertise`: a few rows and perhaps a column, so that some are known to one person, or to none.
    pub fn expertise(&self, random: &mut Random) -> Vec<String> {
        let mut known = some_names(&self.rows, random.between(1, 2), random);
        if random.one_in(3) {
            known.extend(some_names(&self.columns, 1, random));
        }
        known
    }

    /// The first practice after one that stands in the same cell, if there is any.
    fn beside(&self, at: usize, practices: &Range<usize>) -> Option<usize> {
        let cell = |at: usize| Some((*self.places[at].rows.first()?, *self.places[at].columns.first()?));
        let own = cell(at)?;
        (at + 1..practices.end).chain(practices.start..at).find(|other| cell(*other) == Some(own))
    }

    /// Whether a practice has a part in a contradiction. Such are kept current: others contradict nobody.
    pub fn is_at_odds(&self, at: usize) -> bool {
        self.at_odds.contains_key(&at) || self.at_odds.values().any(|other| *other == at)
    }

    /// Writes placements by hand into some entries: on the map of topics, on the map of kinds, or on both.
    pub fn by_hand(&self, kind: &str, table: &mut Table, random: &mut Random) {
        if !random.one_in(BY_HAND) {
            return;
        }
        let which = random.below(3);
        if which != 0 {
            for _ in 0..random.between(1, 2) {
                let row = self.rows.placeable(random).name(random);
                let column = self.columns.placeable(random).name(random);
                cell(table, "main", &row, &column);
            }
        }
        if which != 1 {
            let column = if random.one_in(4) { "practice" } else { kind };
            cell(table, "kinds", &self.rows.placeable(random).name(random), column);
        }
    }

    /// The declarations of both maps, for the end of the settings.
    pub fn settings(&self, random: &mut Random) -> String {
        let mut text = format!(
            "\n[[maps]]\nid = \"main\"\ntitle = \"What we know, by policy area\"\nrows = {{ topics = \"{}\" }}\ncolumns = {{ topics = \"{}\" }}\n\
             segment = \"kind\"\npriority = {{ {} }}\ntargets = {{ 0 = 0, 1 = 2, 2 = 4, 3 = 6 }}\n\
             weights = {{ practice = 3, case-study = 2, resource = 1, session = 1 }}\n",
            self.rows.dimension,
            self.columns.dimension,
            self.priorities(random),
        );
        let (height, width) = (self.rows.terms.len(), self.columns.terms.len());
        let cells = height * width;
        let (never, accepted) = ((cells / NOT_APPLICABLE).max(3), (cells / ACCEPTED).max(UNTIL.len()));
        // One draw for both, so that no cell is declared twice.
        let chosen: Vec<(String, String)> = random
            .some_below(cells, never + accepted)
            .into_iter()
            .map(|at| (self.rows.terms[at / width].id(), self.columns.terms[at % width].id()))
            .collect();
        declare(&mut text, &["youth", "rural"], &chosen[..never], &chosen[never..], random);
        write!(
            text,
            "\n[[maps]]\nid = \"kinds\"\ntitle = \"What sort of thing we know\"\nrows = {{ topics = \"{}\" }}\n\
             columns = {{ from = \"kinds\" }}\nsegment = \"freshness\"\n",
            self.rows.dimension,
        )
        .expect("a string takes all that is written to it");
        let kinds = ["session", "case-study", "practice", "resource"];
        let chosen: Vec<(String, String)> = random
            .some_below(height * kinds.len(), 2 + UNTIL.len())
            .into_iter()
            .map(|at| (self.rows.terms[at / kinds.len()].id(), kinds[at % kinds.len()].to_owned()))
            .collect();
        declare(&mut text, &["residents"], &chosen[..2], &chosen[2..], random);
        text
    }

    /// Other priorities for a few rows, a parent among them, and columns.
    fn priorities(&self, random: &mut Random) -> String {
        let rows = [0].into_iter().chain(random.some_below(self.rows.terms.len() - 1, 2).into_iter().map(|at| at + 1));
        let columns = random.some_below(self.columns.terms.len(), 2).into_iter();
        let terms: Vec<&Term> = rows.map(|at| &self.rows.terms[at]).chain(columns.map(|at| &self.columns.terms[at])).collect();
        terms.into_iter().map(|term| format!("{} = {}", term.id(), random.below(4))).collect::<Vec<_>>().join(", ")
    }
}

fn some_names(side: &Side, count: usize, random: &mut Random) -> Vec<String> {
    random.some_below(side.terms.len(), count).into_iter().map(|at| side.terms[at].name(random)).collect()
}

fn cell(table: &mut Table, map: &str, row: &str, column: &str) {
    table.next("cells");
    table.text("map", map);
    table.text("row", row);
    table.text("col", column);
}

/// The end of a map's declaration: voices, cells that make no sense, cells whose gaps are accepted.
fn declare(text: &mut String, voices: &[&str], never: &[(String, String)], accepted: &[(String, String)], random: &mut Random) {
    let voices: Vec<String> = voices.iter().map(|voice| format!("\"{voice}\"")).collect();
    let mut add = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    add(format!("required_voices = [{}]", voices.join(", ")));
    add("not_applicable = [".to_owned());
    for (row, column) in never {
        add(format!("  {{ row = \"{row}\", col = \"{column}\", why = \"Nothing of this sort can be known here.\" }},"));
    }
    add("]".to_owned());
    for (at, (row, column)) in accepted.iter().enumerate() {
        add(format!("\n[[maps.accepted]]\nrow = \"{row}\"\ncol = \"{column}\"\nuntil = {}", UNTIL[at % UNTIL.len()]));
        if random.one_in(2) {
            add("why = \"Work on this begins next year.\"".to_owned());
        }
        if random.one_in(2) {
            add(format!("owner = \"{}\"", person_id(random.between(1, PEOPLE))));
        }
    }
}

/// Voices that an entry or a topic names, or none.
pub fn maybe_voices(random: &mut Random) -> Vec<String> {
    if random.one_in(2) { some(&VOICES, 1, random) } else { Vec::new() }
}
