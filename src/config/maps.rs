//! Gap maps and the gate as they are declared: which rows and columns, what counts and how much.

use crate::fields::{Fields, Word};
use crate::findings::{At, Span, catalogue};
use crate::kinds::Kind;
use crate::time::Date;
use crate::words;

words! {
    /// What a cell's bar is divided by.
    Segment { Kind = "kind", Maturity = "maturity", Freshness = "freshness" }
}

words! {
    /// What columns are taken from, where they are not topics.
    From {
        Kinds = "kinds",
        Voices = "voices",
        Places = "places",
        Series = "series",
        Organizations = "organizations",
    }
}

words! {
    /// What rows are taken from, where they are not topics. Kinds can only be columns: they say what sort of thing is
    /// known, not what about.
    Subject { Voices = "voices", Places = "places", Series = "series", Organizations = "organizations" }
}

impl std::convert::From<Subject> for From {
    fn from(subject: Subject) -> From {
        match subject {
            Subject::Voices => From::Voices,
            Subject::Places => From::Places,
            Subject::Series => From::Series,
            Subject::Organizations => From::Organizations,
        }
    }
}

/// What the rows or the columns of a map are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Axis {
    /// The topics of all dimensions, one dimension after the other: what rows are where no map is declared.
    AllTopics,
    /// The topics of one dimension.
    Topics(At<String>),
    From(From),
}

#[derive(Debug, Clone)]
pub struct Map {
    pub id: At<String>,
    pub title: Option<String>,
    pub rows: Axis,
    pub columns: Axis,
    pub include: Vec<Kind>,
    pub segment: Segment,
    /// Priorities by row or column id, 0 to 3.
    pub priority: Vec<(At<String>, i64)>,
    /// The weight wanted at each priority, 0 to 3.
    pub targets: [i64; 4],
    /// What an entry of each kind weighs.
    pub weights: Vec<(Kind, i64)>,
    pub not_applicable: Vec<NotApplicable>,
    pub required_voices: Vec<At<String>>,
    pub accepted: Vec<Accepted>,
}

/// A cell that makes no sense, and why.
#[derive(Debug, Clone)]
pub struct NotApplicable {
    pub row: At<String>,
    pub col: At<String>,
    pub why: String,
}

/// A gap the community lives with until a day.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub row: At<String>,
    pub col: At<String>,
    /// The day on which it counts again.
    pub until: At<Date>,
    pub why: Option<String>,
    pub owner: Option<At<String>>,
}

/// What the pages of gaps offer besides what is reckoned.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    /// Where to offer help: an address with `{title}`, `{body}` and `{page}` in it, or `mailto:` one.
    pub help: Option<String>,
    /// The snapshot that pages tell the changes since.
    pub since: Option<At<String>>,
}

/// Limits for continuous checks.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    pub map: Option<At<String>>,
    pub max: Vec<(At<String>, At<i64>)>,
    /// Shares from 0 to 1, as written.
    pub min: Vec<(&'static str, At<String>)>,
    pub no_new: Vec<At<String>>,
    pub baseline: Option<At<String>>,
}

/// The weight wanted at priorities 0 to 3, unless a map says otherwise.
const TARGETS: [i64; 4] = [0, 2, 4, 6];

/// What entries weigh, unless a map says otherwise.
const WEIGHTS: [(Kind, i64); 4] = [(Kind::Practice, 3), (Kind::CaseStudy, 2), (Kind::Resource, 1), (Kind::Session, 1)];

/// What a map counts, unless it says otherwise.
const INCLUDED: [Kind; 5] = [Kind::Practice, Kind::CaseStudy, Kind::Resource, Kind::Session, Kind::Question];

/// The most that an entry can weigh, or a cell want.
const HEAVIEST: i64 = 1000;

impl Map {
    /// The map of a community that declares none: what there is of each kind about each topic.
    pub fn usual() -> Map {
        Map {
            id: At { value: "main".into(), span: Span::default() },
            title: None,
            rows: Axis::AllTopics,
            columns: Axis::From(From::Kinds),
            include: INCLUDED.to_vec(),
            segment: Segment::Kind,
            priority: Vec::new(),
            targets: TARGETS,
            weights: WEIGHTS.to_vec(),
            not_applicable: Vec::new(),
            required_voices: Vec::new(),
            accepted: Vec::new(),
        }
    }

    /// What an entry of a kind weighs; questions weigh nothing.
    pub fn weight(&self, kind: Kind) -> i64 {
        self.weights.iter().find(|(known, _)| *known == kind).map_or(0, |(_, weight)| *weight)
    }

    /// None where it has no id: nothing could name it.
    pub fn read(f: &mut Fields) -> Option<Map> {
        let id = f.text("id", "Its id, also in its address.");
        let id = f.required(id);
        let map = Map {
            id: id.clone().unwrap_or(At { value: String::new(), span: f.whole() }),
            title: f.text("title", "What it is called.").map(|text| text.value),
            rows: axis(f, "rows", "What stands in rows: `{ topics = \"a dimension\" }` or `{ from = \"voices\" }`.", |subject: Subject| {
                subject.into()
            })
            .unwrap_or(Axis::AllTopics),
            columns: axis(
                f,
                "columns",
                "What stands in columns: `{ topics = \"a dimension\" }` or `{ from = \"kinds\" }`.",
                |from: From| from,
            )
            .unwrap_or(Axis::From(From::Kinds)),
            include: included(f),
            segment: f.word("segment", "What a cell's bar is divided by.").map_or(Segment::Kind, |word| word.value),
            priority: f
                .counts("priority", "Priorities by row or column id, 0 to 3.")
                .into_iter()
                .map(|(id, priority)| {
                    let priority = within(f, &id, priority, 3);
                    (id, priority)
                })
                .collect(),
            targets: targets(f),
            weights: weights(f),
            not_applicable: f
                .tables("not_applicable", "Cells that make no sense, and why.", |f| {
                    let (row, col) = row_and_column(f);
                    let why = f.text("why", "Why not.");
                    let why = f.required(why);
                    Some(NotApplicable { row: row?, col: col?, why: why?.value })
                })
                .into_iter()
                .flatten()
                .collect(),
            required_voices: f.references("required_voices", Kind::Voice, "Voices without which no cell is covered."),
            accepted: f
                .tables("accepted", "Gaps the community lives with for now.", |f| {
                    let (row, col) = row_and_column(f);
                    let until = f.date("until", "The day on which it counts again.");
                    let until = f.required(until);
                    let why = f.text("why", "Why.").map(|text| text.value);
                    let owner = f.reference("owner", Kind::Person, "Who sees to it.");
                    Some(Accepted { row: row?, col: col?, until: until?, why, owner })
                })
                .into_iter()
                .flatten()
                .collect(),
        };
        id.map(|_| map)
    }
}

/// The cell that a table is about.
fn row_and_column(f: &mut Fields) -> (Option<At<String>>, Option<At<String>>) {
    let row = f.text("row", "The row's id.");
    let row = f.required(row);
    let col = f.text("col", "The column's id.");
    (row, f.required(col))
}

/// What stands at one side: topics, or what one of some words stands for.
fn axis<W: Word>(f: &mut Fields, key: &'static str, about: &'static str, from: fn(W) -> From) -> Option<Axis> {
    f.table(key, about, |f| {
        let written = f.has("topics") || f.has("from");
        let topics = f.text("topics", "The topics of this dimension.");
        let other = f.word::<W>("from", "Something other than topics.");
        match (topics, other) {
            (Some(topics), _) => Some(Axis::Topics(topics)),
            (None, Some(other)) => Some(Axis::From(from(other.value))),
            (None, None) => {
                // What is written and is none has been told already.
                if !written {
                    f.tell_missing("topics");
                }
                None
            }
        }
    })
    .flatten()
}

fn included(f: &mut Fields) -> Vec<Kind> {
    let named = f.texts("include", "The kinds it counts, in the singular.");
    if named.is_empty() {
        return INCLUDED.to_vec();
    }
    let mut kinds = Vec::new();
    for name in named {
        match Kind::from_word(&name).filter(|kind| INCLUDED.contains(kind)) {
            Some(kind) => kinds.push(kind),
            None => unknown_kind(f, "include", &name),
        }
    }
    kinds
}

fn unknown_kind(f: &mut Fields, key: &str, name: &At<String>) {
    let words: Vec<&str> = INCLUDED.iter().map(|kind| kind.word()).collect();
    let near = crate::findings::nearest::nearest(name, words.iter().copied());
    let place = f.place(name.span);
    f.tell(catalogue::unknown_word(place, key, name, near, &words));
}

/// A number from 0 to the most it can be; else it is told, and the nearest one taken.
fn within(f: &mut Fields, key: &str, number: At<i64>, most: i64) -> i64 {
    if !(0..=most).contains(&number.value) {
        let place = f.place(number.span);
        f.tell(catalogue::number_out_of_range(place, key, number.value, 0, most));
    }
    number.value.clamp(0, most)
}

fn targets(f: &mut Fields) -> [i64; 4] {
    let mut targets = TARGETS;
    for (priority, weight) in f.counts("targets", "The weight wanted at each priority: { 0 = 0, 1 = 2, 2 = 4, 3 = 6 }.") {
        match priority.parse::<usize>().ok().and_then(|index| targets.get_mut(index)) {
            Some(target) => *target = within(f, &priority, weight, HEAVIEST),
            None => {
                let place = f.place(priority.span);
                f.tell(catalogue::unknown_key(place, &priority, None, &["0", "1", "2", "3"]));
            }
        }
    }
    targets
}

fn weights(f: &mut Fields) -> Vec<(Kind, i64)> {
    let mut weights = WEIGHTS.to_vec();
    for (name, weight) in f.counts("weights", "What an entry of each kind weighs: { practice = 3, session = 1 }.") {
        match weights.iter_mut().find(|(kind, _)| kind.word() == name.value) {
            Some((_, known)) => *known = within(f, &name, weight, HEAVIEST),
            None => unknown_kind(f, "weights", &name),
        }
    }
    weights
}

impl Gaps {
    pub fn read(f: &mut Fields) -> Gaps {
        Gaps {
            help: f
                .link("help", "Where to offer help: a form's address with `{title}`, `{body}` and `{page}`, or \"mailto:…\".")
                .map(|text| text.value),
            since: f.text("since", "The snapshot that pages tell the changes since."),
        }
    }
}

impl Gate {
    pub fn read(f: &mut Fields) -> Gate {
        let mut min = Vec::new();
        let map = f.text("map", "The map it looks at; else all of them.");
        let max = f.counts("max", "The most there may be: of gaps by letter, in `total`, and the highest `score`.");
        if let Some(shares) = f.table("min", "The least there may be, as a share from 0 to 1.", |f| {
            ["coverage", "certain"].map(|key| f.figure(key, "A share from 0 to 1, the mean over all cells.").map(|share| (key, share)))
        }) {
            min.extend(shares.into_iter().flatten());
        }
        Gate {
            map,
            max,
            min,
            no_new: f.texts("no_new", "Letters of gaps of which there may be no new ones."),
            baseline: f.text("baseline", "The snapshot to compare with."),
        }
    }
}
