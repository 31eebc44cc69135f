//! A map as it was on a day, kept in a file: what opened, closed and moved since is reckoned against it.

use super::exact::{rounded, thousandths};
use super::letters::{Gap, Gaps};
use super::{Cell, GapMap};
use crate::config::Config;
use crate::findings::{At, Finding, Place, Span, catalogue};
use crate::knowledge::Knowledge;
use crate::sources::Source;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Raised whenever a key of a snapshot changes its meaning or goes.
pub const VERSION: u32 = 1;

/// Some maps on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub version: u32,
    /// The day it was made for.
    pub today: String,
    pub maps: Vec<MapThen>,
}

/// A map on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapThen {
    pub id: String,
    /// Mean coverage of its cells, in thousandths.
    pub coverage: i64,
    pub cells: Vec<CellThen>,
}

/// A cell on a day: cells that make no sense and groups are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellThen {
    pub row: String,
    pub column: String,
    pub n: usize,
    /// In thousandths.
    pub coverage: i64,
    pub score: i64,
    /// Letters.
    pub gaps: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
}

impl CellThen {
    fn gaps(&self) -> Gaps {
        let mut gaps = Gaps::default();
        self.gaps.iter().filter_map(|letter| Gap::of_letter(letter)).for_each(|gap| gaps.note(gap, true));
        gaps
    }

    /// What nobody had accepted.
    fn open(&self) -> Gaps {
        if self.accepted { Gaps::default() } else { self.gaps() }
    }
}

impl Snapshot {
    /// Some maps as they are.
    pub fn of<'a>(k: &Knowledge, maps: impl IntoIterator<Item = &'a GapMap>) -> Snapshot {
        let map = |map: &GapMap| MapThen {
            id: map.id().to_owned(),
            coverage: map.totals.coverage,
            cells: map.cells.iter().filter(|cell| cell.counts()).map(|cell| then(map, cell)).collect(),
        };
        Snapshot { version: VERSION, today: k.today.to_string(), maps: maps.into_iter().map(map).collect() }
    }

    /// Reads what [`Snapshot::text`] wrote.
    ///
    /// # Errors
    /// Where it is no such text, with the line (from 1), the column and what is wrong.
    pub fn read(text: &str) -> Result<Snapshot, Unreadable> {
        let text = text.trim_start_matches('\u{feff}');
        let read: Snapshot = serde_json::from_str(text).map_err(|error| {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            Unreadable { line: error.line(), column: error.column(), what }
        })?;
        let wrong = |what: String| Err(Unreadable { line: 1, column: 1, what });
        if read.version != VERSION {
            return wrong(format!("its version is {}, and this program knows {VERSION}", read.version));
        }
        if crate::time::read_date(&read.today).is_none() {
            return wrong(format!("`{}` is not a day", read.today));
        }
        for map in &read.maps {
            let cells = || map.cells.iter();
            let shares = cells().map(|cell| cell.coverage).chain([map.coverage]);
            if shares.into_iter().any(|share| !(0..=1000).contains(&share)) || cells().any(|cell| !(0..=100).contains(&cell.score)) {
                return wrong(format!("in the map `{}`, a coverage is not from 0 to 1000 or a score not from 0 to 100", map.id));
            }
        }
        Ok(read)
    }

    /// As JSON, a cell to a line, so that a change of one cell is a change of one line.
    pub fn text(&self) -> String {
        let mut text = format!("{{\"version\":{},\"today\":{},\"maps\":[\n", self.version, json(&self.today));
        for (number, map) in self.maps.iter().enumerate() {
            text.push_str(&format!("{{\"id\":{},\"coverage\":{},\"cells\":[\n", json(&map.id), map.coverage));
            let cells: Vec<String> = map.cells.iter().map(json).collect();
            text.push_str(&cells.join(",\n"));
            text.push_str(if number + 1 == self.maps.len() { "\n]}\n" } else { "\n]},\n" });
        }
        text.push_str("]}\n");
        text
    }

    pub fn map(&self, id: &str) -> Option<&MapThen> {
        self.maps.iter().find(|map| map.id == id)
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers are plain JSON")
}

/// Why a snapshot cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub column: usize,
    pub what: String,
}

fn then(map: &GapMap, cell: &Cell) -> CellThen {
    CellThen {
        row: map.row(cell).id.clone(),
        column: map.column(cell).id.clone(),
        n: cell.n(),
        coverage: thousandths(cell.measures.coverage),
        score: rounded(cell.measures.score),
        gaps: cell.gaps.iter().map(|gap| gap.word().to_owned()).collect(),
        accepted: cell.state != super::State::Open,
    }
}

/// One gap that came or went: the number of its cell, or its row and column where there is no such cell any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub gap: Gap,
    pub cell: Option<usize>,
    pub row: String,
    pub column: String,
}

/// A cell that had gaps and has gaps, and whose score changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub cell: usize,
    pub then: i64,
    pub now: i64,
}

/// What changed in a map since a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// Gaps that were not there, in the order of the map.
    pub opened: Vec<Change>,
    /// Gaps that are not there any more.
    pub closed: Vec<Change>,
    /// The largest steps first.
    pub moved: Vec<Moved>,
    pub gaps_then: usize,
    pub gaps_now: usize,
    /// Mean coverage then, in thousandths.
    pub coverage_then: i64,
    pub coverage_now: i64,
    /// Whether the snapshot knows the map.
    pub known: bool,
}

/// Compares a map with what it was. What is accepted is no open gap, then as now.
pub fn since(map: &GapMap, then: &Snapshot) -> Since {
    let Some(before) = then.map(map.id()) else {
        return Since { gaps_now: map.totals.all_gaps(), coverage_now: map.totals.coverage, ..Since::default() };
    };
    let mut old: BTreeMap<(&str, &str), &CellThen> =
        before.cells.iter().map(|cell| ((cell.row.as_str(), cell.column.as_str()), cell)).collect();
    let mut since = Since {
        known: true,
        gaps_then: before.cells.iter().map(|cell| cell.open().len()).sum(),
        gaps_now: map.totals.all_gaps(),
        coverage_then: before.coverage,
        coverage_now: map.totals.coverage,
        ..Since::default()
    };
    for (at, cell) in map.cells.iter().enumerate().filter(|(_, cell)| cell.counts()) {
        let (row, column) = (map.row(cell).id.as_str(), map.column(cell).id.as_str());
        let was = old.remove(&(row, column));
        let (then, now) = (was.map_or(Gaps::default(), CellThen::open), cell.open_gaps());
        let change = |gap| Change { gap, cell: Some(at), row: row.to_owned(), column: column.to_owned() };
        since.opened.extend(now.iter().filter(|gap| !then.has(*gap)).map(change));
        // What is accepted now is there all the same.
        since.closed.extend(then.iter().filter(|gap| !cell.gaps.has(*gap)).map(change));
        let score = rounded(cell.measures.score);
        if let Some(was) = was.filter(|was| was.score != score && !then.is_empty() && !now.is_empty()) {
            since.moved.push(Moved { cell: at, then: was.score, now: score });
        }
    }
    // Cells that are gone took their gaps with them; one that was declared to make no sense closed nothing.
    let is_there = |cell: &&&CellThen| map.cells.iter().any(|now| map.row(now).id == cell.row && map.column(now).id == cell.column);
    for cell in old.values().filter(|cell| !is_there(cell)) {
        since.closed.extend(cell.open().iter().map(|gap| Change { gap, cell: None, row: cell.row.clone(), column: cell.column.clone() }));
    }
    since.moved.sort_by_key(|moved| (std::cmp::Reverse((moved.now - moved.then).abs()), moved.cell));
    since
}

/// The snapshots that the configuration names.
#[derive(Debug, Default)]
pub struct Named {
    pub since: Option<Snapshot>,
    pub baseline: Option<Snapshot>,
}

/// Reads the snapshots that the configuration names; one that is not there or no snapshot is told. Where only the gate has
/// one, pages tell the changes since that.
pub fn named(config: &Config, there: &[Source], findings: &mut Vec<Finding>) -> Named {
    let mut read = |name: &At<String>| {
        let Some(source) = there.iter().find(|source| *source.path == *name.value) else {
            findings.push(catalogue::no_snapshot(Place::new(&config.file, name.span), name));
            return None;
        };
        let text = source.text().unwrap_or_default();
        Snapshot::read(text)
            .map_err(|unreadable| {
                let before: usize = text.split_inclusive('\n').take(unreadable.line.saturating_sub(1)).map(str::len).sum();
                let at = (before + unreadable.column.saturating_sub(1)).min(text.len());
                findings.push(catalogue::unreadable_snapshot(Place::new(&source.path, Span::new(at..at)), &unreadable.what));
            })
            .ok()
    };
    let baseline = config.gate.baseline.as_ref().and_then(&mut read);
    let since = match &config.gaps.since {
        Some(name) => read(name),
        None => baseline.clone(),
    };
    Named { since, baseline }
}

/// Every gap a snapshot knows of, accepted ones included, as map, row, column and letter.
pub fn known_gaps(snapshot: &Snapshot) -> HashMap<&str, BTreeSet<(&str, &str, Gap)>> {
    let mut known: HashMap<&str, BTreeSet<(&str, &str, Gap)>> = HashMap::new();
    for map in &snapshot.maps {
        let gaps = map.cells.iter().flat_map(|cell| cell.gaps().iter().map(|gap| (cell.row.as_str(), cell.column.as_str(), gap)));
        known.entry(&map.id).or_default().extend(gaps.collect::<Vec<_>>());
    }
    known
}
