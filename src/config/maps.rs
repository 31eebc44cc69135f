//! Gap maps and the gate as they are declared: which rows and columns, what counts and how much.

use crate::fields::Fields;
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::Date;
use crate::words;

words! {
    /// What a cell's bar is divided by.
    Segment { Kind = "kind", Maturity = "maturity", Freshness = "freshness" }
}

words! {
    /// What rows or columns are taken from, where they are not topics.
    From {
        Kinds = "kinds",
        Voices = "voices",
        Places = "places",
        Series = "series",
        Organizations = "organizations",
    }
}

/// What the rows or the columns of a map are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Axis {
    /// The topics of one dimension.
    Topics(String),
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
    pub row: Option<At<String>>,
    pub col: Option<At<String>>,
    pub why: Option<String>,
}

/// A gap the community lives with until a day.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub row: Option<At<String>>,
    pub col: Option<At<String>>,
    pub until: Option<At<Date>>,
    pub why: Option<String>,
    pub owner: Option<At<String>>,
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

impl Map {
    /// None where it has no id: nothing could name it.
    pub fn read(f: &mut Fields) -> Option<Map> {
        let id = f.text("id", "Its id, also in its address.");
        let id = f.required(id);
        let map = Map {
            id: id.clone().unwrap_or(At { value: String::new(), span: f.whole() }),
            title: f.text("title", "What it is called.").map(|text| text.value),
            rows: axis(f, "rows").unwrap_or_else(|| Axis::Topics("topic".into())),
            columns: axis(f, "columns").unwrap_or(Axis::From(From::Kinds)),
            include: included(f),
            segment: f.word("segment", "What a cell's bar is divided by.").map_or(Segment::Kind, |word| word.value),
            priority: f
                .counts("priority", "Priorities by row or column id, 0 to 3.")
                .into_iter()
                .map(|(id, priority)| (id, priority.value.clamp(0, 3)))
                .collect(),
            targets: targets(f),
            weights: weights(f),
            not_applicable: f.tables("not_applicable", "Cells that make no sense, and why.", |f| {
                let row = f.text("row", "The row's id.");
                let row = f.required(row);
                let col = f.text("col", "The column's id.");
                let col = f.required(col);
                let why = f.text("why", "Why not.");
                NotApplicable { row, col, why: f.required(why).map(|text| text.value) }
            }),
            required_voices: f.references("required_voices", Kind::Voice, "Voices without which no cell is covered."),
            accepted: f.tables("accepted", "Gaps the community lives with for now.", |f| {
                let row = f.text("row", "The row's id.");
                let row = f.required(row);
                let col = f.text("col", "The column's id.");
                let col = f.required(col);
                let until = f.date("until", "The day on which it counts again.");
                let until = f.required(until);
                let why = f.text("why", "Why.").map(|text| text.value);
                let owner = f.reference("owner", Kind::Person, "Who sees to it.");
                Accepted { row, col, until, why, owner }
            }),
        };
        id.map(|_| map)
    }
}

fn axis(f: &mut Fields, key: &'static str) -> Option<Axis> {
    f.table(key, "What stands here: `{ topics = \"a dimension\" }` or `{ from = \"kinds\" }`.", |f| {
        let topics = f.text("topics", "The topics of this dimension.");
        let from = f.word::<From>("from", "Something other than topics.");
        match (topics, from) {
            (Some(topics), _) => Some(Axis::Topics(topics.value)),
            (None, Some(from)) => Some(Axis::From(from.value)),
            (None, None) => {
                f.tell_missing("topics");
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

fn targets(f: &mut Fields) -> [i64; 4] {
    let mut targets = TARGETS;
    for (priority, weight) in f.counts("targets", "The weight wanted at each priority: { 0 = 0, 1 = 2, 2 = 4, 3 = 6 }.") {
        match priority.parse::<usize>().ok().and_then(|index| targets.get_mut(index)) {
            Some(target) => *target = weight.value.max(0),
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
            Some((_, known)) => *known = weight.value.max(0),
            None => unknown_kind(f, "weights", &name),
        }
    }
    weights
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
