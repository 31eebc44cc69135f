//! Views of knowledge-gap maps.

use super::{Count, DateView, Link, Name, Pager};
use crate::theme::Value;
use serde::Serialize;

/// What every page of a map begins with.
#[derive(Debug, Clone, Serialize)]
pub struct MapHead {
    pub id: String,
    pub title: String,
    /// The map's first page.
    pub path: String,
    /// The ways to look at it, in order: `register`, `matrix`, `priority`, `since`. The one that is shown has no path.
    pub ways: Vec<Way>,
    /// The picture, and data for other programs.
    pub downloads: Vec<Link>,
    pub numbers: MapNumbers,
}

#[derive(Debug, Clone, Serialize)]
pub struct Way {
    pub code: &'static str,
    pub label: String,
    pub path: Option<String>,
}

/// A map in numbers.
#[derive(Debug, Clone, Serialize)]
pub struct MapNumbers {
    /// Cells that make sense.
    pub cells: usize,
    pub with_gaps: usize,
    /// Cells in which nothing is known.
    pub empty: usize,
    pub accepted: usize,
    pub not_applicable: usize,
    pub entries: usize,
    pub questions: usize,
    pub planned: usize,
    pub margin: usize,
    /// `0.406`, and as a whole number of percent.
    pub coverage: String,
    pub coverage_percent: i64,
    pub certain: String,
    /// How many cells have each kind of gap: only those that occur.
    pub gaps: Vec<GapCount>,
    pub gaps_total: usize,
}

/// A kind of gap.
#[derive(Debug, Clone, Serialize)]
pub struct GapMark {
    /// `A`.
    pub letter: &'static str,
    /// `absolute`: the class by which a theme draws its shape.
    pub code: &'static str,
    pub word: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct GapCount {
    pub mark: GapMark,
    /// The rule, in a sentence.
    pub about: String,
    pub count: usize,
    /// The table with only these.
    pub path: Option<String>,
}

/// The page of all maps.
#[derive(Debug, Clone, Serialize)]
pub struct GapsView {
    pub maps: Vec<MapHead>,
    /// The worst of each map; of one map alone its register.
    pub lines: Vec<GapLine>,
    /// Whether lines name their map.
    pub several: bool,
    pub total: usize,
    pub pager: Option<Pager>,
    /// Names that texts link to and nobody has written.
    pub wanted: Vec<Wanted>,
    pub wanted_total: usize,
    /// What the community said it would do and has not done.
    pub promises: Option<Count>,
    pub help: Option<Help>,
}

/// Something many entries speak of and nobody has written.
#[derive(Debug, Clone, Serialize)]
pub struct Wanted {
    pub name: String,
    pub by: Vec<Link>,
    /// How many more name it.
    pub more: usize,
}

/// One cell in a register.
#[derive(Debug, Clone, Serialize)]
pub struct GapLine {
    pub path: String,
    pub row: String,
    pub column: String,
    /// The map, where there are several.
    pub map: Option<Link>,
    pub score: i64,
    pub priority: u8,
    pub coverage: String,
    pub coverage_percent: i64,
    pub n: usize,
    pub certain: usize,
    pub questions: usize,
    pub gaps: Vec<GapMark>,
    pub owner: Option<Name>,
    pub age: Option<Age>,
    /// What to do, in a sentence.
    pub next: String,
    pub accepted: Option<Accepted>,
}

/// How old a gap is: the day it counts from, which stays true overnight; a script may add how many days that is.
#[derive(Debug, Clone, Serialize)]
pub struct Age {
    /// `asked` or `latest`.
    pub code: &'static str,
    /// "asked on", "latest on".
    pub label: String,
    pub on: DateView,
}

#[derive(Debug, Clone, Serialize)]
pub struct Accepted {
    pub until: DateView,
    pub why: Option<String>,
    pub owner: Option<Name>,
}

/// A page of a map's register.
#[derive(Debug, Clone, Serialize)]
pub struct GapRegisterView {
    pub lines: Vec<GapLine>,
    pub total: usize,
    pub pager: Option<Pager>,
    /// Entries that name only one side, on the first page.
    pub margin: Vec<MarginLine>,
    pub margin_more: usize,
    /// Cells that make no sense, each with its reason, on the first page.
    pub not_applicable: Vec<NotApplicable>,
    pub help: Option<Help>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MarginLine {
    pub kind: &'static str,
    pub entry: Link,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct NotApplicable {
    pub row: String,
    pub column: String,
    pub why: String,
}

/// How to help: a form or a mail, already begun.
#[derive(Debug, Clone, Serialize)]
pub struct Help {
    pub url: String,
    pub label: String,
}

/// A map as a table.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixView {
    pub caption: String,
    /// What the rows and the columns are, in words.
    pub rows_are: String,
    pub columns_are: String,
    pub columns: Vec<MatrixColumn>,
    pub sections: Vec<MatrixSection>,
    /// What only is shown; none on the whole table.
    pub only: Option<String>,
    /// The ways to the table with only some of it, and back.
    pub filters: Vec<Filter>,
    /// What bars are divided by: parts with a class and a word.
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MatrixColumn {
    pub title: String,
    pub path: Option<String>,
    pub depth: u8,
    pub group: bool,
    /// `session`, …, where columns are kinds.
    pub kind: Option<&'static str>,
    pub priority: Option<u8>,
}

/// Rows of one dimension.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixSection {
    pub title: Option<String>,
    pub rows: Vec<MatrixRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MatrixRow {
    pub id: String,
    pub title: String,
    pub path: Option<String>,
    pub depth: u8,
    pub group: bool,
    pub priority: Option<u8>,
    /// The root of its tree: what it is filtered by.
    pub branch: String,
    pub cells: Vec<MatrixCell>,
}

/// A cell of the table; what is filtered out has no path and no text.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixCell {
    pub column: String,
    /// None where it makes no sense.
    pub path: Option<String>,
    /// What is printed largest: how many are known.
    pub n: usize,
    pub certain: usize,
    /// `AVP`.
    pub letters: String,
    /// `absolute` where nothing is known and something is wanted, `not-applicable`, `accepted`, else `known`.
    pub state: &'static str,
    /// 0 nothing, 1 below a quarter … 4 all that is wanted.
    pub step: u8,
    pub group: bool,
    /// Everything the cell says, in words: row, column, numbers and gaps.
    pub text: String,
    /// The parts of its bar, in percent of it; none where nothing is known.
    pub bar: Vec<BarPart>,
    /// How many of each kind, as `practice2 session1`: what a filter by kind counts.
    pub kinds: String,
    /// The same by the number of the community among the choices: `0practice1 1session2`.
    pub communities: String,
    /// The owner's id.
    pub owner: String,
    pub shown: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct BarPart {
    pub code: &'static str,
    /// Where it begins and how wide it is, in hundredths of the bar.
    pub from: i64,
    pub width: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Segment {
    pub code: &'static str,
    pub word: String,
}

/// One way to filter the table.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    /// `kind`, `branch`, `gap`, `owner`, `community`.
    pub key: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What stands for it in an address.
    pub value: String,
    pub label: String,
    /// The page with only this; none where it is shown, or where it has none of its own.
    pub path: Option<String>,
    pub chosen: bool,
}

/// Cells in four lists, by how much they matter and how much is known.
#[derive(Debug, Clone, Serialize)]
pub struct PriorityView {
    pub quarters: Vec<Quarter>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Quarter {
    /// `act`, `keep`, `watch`, `rest`.
    pub code: &'static str,
    pub title: String,
    pub about: String,
    pub total: usize,
    pub lines: Vec<GapLine>,
    pub more: usize,
}

/// What changed since a snapshot.
#[derive(Debug, Clone, Serialize)]
pub struct SinceView {
    pub then: String,
    pub now: DateView,
    pub gaps_then: usize,
    pub gaps_now: usize,
    /// In percent.
    pub coverage_then: i64,
    pub coverage_now: i64,
    /// Whether the snapshot knows the map.
    pub known: bool,
    pub opened: Vec<ChangeLine>,
    pub closed: Vec<ChangeLine>,
    pub moved: Vec<MovedLine>,
    pub opened_total: usize,
    pub closed_total: usize,
    pub moved_total: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct ChangeLine {
    pub cell: Name,
    pub gaps: Vec<GapMark>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MovedLine {
    pub cell: Link,
    pub then: i64,
    pub now: i64,
}

/// The page of a cell.
#[derive(Debug, Clone, Serialize)]
pub struct CellView {
    pub row: AxisView,
    pub column: AxisView,
    /// What is not known and who needs it, in a sentence or two.
    pub lead: String,
    pub empty: bool,
    pub group: bool,
    pub accepted: Option<Accepted>,
    pub score: i64,
    pub n: usize,
    pub certain: usize,
    pub gaps: Vec<CellGap>,
    pub next: Option<String>,
    pub owner: Option<Name>,
    pub help: Option<Help>,
    /// What the cell has, by kind, newest first: shared cards.
    pub have: Vec<CellEntries>,
    pub planned: Vec<Value>,
    pub planned_more: usize,
    pub asked: Vec<Asked>,
    pub asked_more: usize,
    pub knows: Vec<Name>,
    pub knows_more: usize,
    /// Those of them who have left.
    pub left: Vec<Name>,
    pub voices: Vec<Link>,
    pub missing_voices: Vec<Link>,
    pub neighbours: Vec<Neighbour>,
    pub terms: Vec<Term>,
    pub facts: Vec<Fact>,
}

/// A row or column on the page of a cell.
#[derive(Debug, Clone, Serialize)]
pub struct AxisView {
    pub title: String,
    pub path: Option<String>,
    pub about: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CellGap {
    pub mark: GapMark,
    /// The rule, in a sentence.
    pub about: String,
    /// What to do about it.
    pub next: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct CellEntries {
    pub kind: &'static str,
    pub title: String,
    pub total: usize,
    pub cards: Vec<Value>,
    pub more: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub question: Link,
    pub by: Vec<Link>,
    pub age: Option<Age>,
    pub times: Option<String>,
    pub late: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Neighbour {
    pub cell: Link,
    pub n: usize,
    pub coverage: String,
    pub coverage_percent: i64,
}

/// One step of the arithmetic: what it is, how it is reckoned, and what comes out.
#[derive(Debug, Clone, Serialize)]
pub struct Term {
    /// `priority`, `target`, `value`, `coverage`, `demand`, `risk`, `score`.
    pub code: &'static str,
    pub label: String,
    /// The sum as it is written, and below it what goes into it.
    pub sum: String,
    pub parts: Vec<String>,
    pub result: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// The cells of a topic on one map, on the topic's own page.
#[derive(Debug, Clone, Serialize)]
pub struct TopicGaps {
    /// Its table.
    pub map: Link,
    pub cells: Vec<TopicCell>,
    /// How many cells more there are in the table.
    pub more: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicCell {
    pub title: String,
    pub path: Option<String>,
    pub n: usize,
    pub letters: String,
    pub state: &'static str,
    pub step: u8,
    pub text: String,
}
