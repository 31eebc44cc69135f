//! The pages of knowledge-gap maps: what there is to ask for of each, and the addresses of it.

mod cell;
mod data;
mod eppi;
mod line;
mod matrix;
mod picture;
mod priority;
mod register;
mod report;
mod since;
mod summary;

use super::Route;
use super::addresses::{Claimant, Claims};
use super::claims::decoded;
use super::desk::Desk;
use super::lists::page_path;
use super::pages::Page;
use super::views::{GapCount, GapMark, Link, MapHead, MapNumbers, Missing, TopicCell, TopicGaps, Way};
use crate::findings::{Finding, Place};
use crate::knowledge::gaps::axis::{Item, Side, Subject};
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{decimals, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::gaps::{self, GapMap};
use crate::knowledge::{EntryId, Knowledge};
use matrix::Only;
use std::borrow::Cow;

pub use data::Data;
pub use register::worst;
pub use summary::{GapForm, GapSummary, GapSummaryLine};

/// The folder of all of them.
pub const FOLDER: &str = "gaps";

/// What `data/MAP/gaps.json` is, as JSON Schema (draft 2020-12).
pub const GAPS_SCHEMA: &str = include_str!("gaps.schema.json");

/// How many cells of a map stand on the page of their topic.
const CELLS: usize = 24;

/// How many lines of a register stand on a page.
const LINES: usize = 50;

/// One thing a reader can ask for of gap maps; maps by their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GapRoute {
    /// A page of the register of all maps.
    All(usize),
    /// A page of the register of one.
    Register(usize, usize),
    /// The table, whole or with only some of it.
    Matrix(usize, Only),
    Priority(usize),
    Since(usize),
    Picture(usize),
    Cell(usize, usize),
    Data(usize, Data),
}

/// The way to all gaps, where there is a map.
pub fn link(desk: &Desk) -> Option<Link> {
    let label = desk.t.get("say.gaps.title").to_owned();
    desk.k.has_maps().then(|| Link { label, path: desk.path(&format!("{FOLDER}/")) })
}

/// The path of a map's first page.
pub fn map_path(map: &GapMap) -> String {
    format!("{FOLDER}/{}/", crate::knowledge::paths::encoded(map.id()))
}

/// The path of a cell's page; none where the cell makes no sense.
pub fn cell_path(map: &GapMap, cell: &Cell) -> Option<String> {
    let slug = |item: &Item| crate::knowledge::paths::encoded(&item.slug);
    let makes_sense = !matches!(cell.state, State::NotApplicable(_));
    makes_sense.then(|| format!("{}{}/{}/", map_path(map), slug(map.row(cell)), slug(map.column(cell))))
}

/// Claims the addresses of all maps.
pub fn claim<'k>(k: &'k Knowledge, claims: &mut Claims<'k>) {
    if !k.has_maps() {
        return;
    }
    let at = || Some(Cow::Owned(Place::top(&k.config.file)));
    for page in 1..=register::pages_of_all(k) {
        claims.page(&page_path(&format!("{FOLDER}/"), page), Route::Gaps(GapRoute::All(page)), Claimant::plain("the page of gaps"), None);
    }
    for (number, map) in k.maps().iter().enumerate() {
        let path = map_path(map);
        let what = || Claimant::named("the map `", map.id(), "`");
        for page in 1..=map.register.len().div_ceil(LINES).max(1) {
            claims.page(&page_path(&path, page), Route::Gaps(GapRoute::Register(number, page)), what(), at());
        }
        for only in Only::all(k, map) {
            let path = format!("{path}{}", only.path(k, map));
            claims.page(&path, Route::Gaps(GapRoute::Matrix(number, only)), what(), at());
        }
        claims.page(&format!("{path}priority/"), Route::Gaps(GapRoute::Priority(number)), what(), at());
        if k.since.is_some() {
            claims.page(&format!("{path}since/"), Route::Gaps(GapRoute::Since(number)), what(), at());
        }
        claims.file(&decoded(&format!("{path}map.svg")), Route::Gaps(GapRoute::Picture(number)), what(), at());
        for data in Data::ALL {
            claims.file(&decoded(&data.path(map)), Route::Gaps(GapRoute::Data(number, data)), what(), at());
        }
        for (at_cell, cell) in map.cells.iter().enumerate() {
            if let Some(path) = cell_path(map, cell) {
                claims.page(&path, Route::Gaps(GapRoute::Cell(number, at_cell)), what(), at());
            }
        }
    }
}

impl Page<'_> {
    /// Makes what a reader asks for of gap maps.
    pub fn gaps(&self, route: &GapRoute) -> Result<Vec<u8>, Finding> {
        let map = |number: &usize| &self.k().maps()[*number];
        match route {
            GapRoute::All(page) => self.all_gaps(*page),
            GapRoute::Register(number, page) => self.gap_register(map(number), *page),
            GapRoute::Matrix(number, only) => self.matrix(map(number), only),
            GapRoute::Priority(number) => self.priority(map(number)),
            GapRoute::Since(number) => self.since(map(number)),
            GapRoute::Picture(number) => Ok(picture::svg(&self.desk, map(number)).into_bytes()),
            GapRoute::Cell(number, cell) => self.cell(map(number), &map(number).cells[*cell]),
            GapRoute::Data(number, data) => Ok(data.text(&self.desk, map(number)).into_bytes()),
        }
    }

    /// What every page of a map begins with; `shown` is the way the reader is on.
    fn map_head(&self, map: &GapMap, shown: Option<&str>) -> MapHead {
        let desk = &self.desk;
        let path = map_path(map);
        let ways = [("register", ""), ("matrix", "matrix/"), ("priority", "priority/"), ("since", "since/")];
        let ways = ways.into_iter().filter(|(code, _)| *code != "since" || self.k().since.is_some()).map(|(code, folder)| Way {
            code,
            label: desk.t.get(&format!("say.gaps.ways.{code}")).to_owned(),
            path: (shown != Some(code)).then(|| desk.path(&format!("{path}{folder}"))),
        });
        let picture = Link { label: desk.t.get("say.gaps.picture").to_owned(), path: format!("{path}map.svg") };
        let data = Data::ALL.into_iter().map(|data| Link { label: data.file().to_owned(), path: data.path(map) });
        MapHead {
            id: map.id().to_owned(),
            title: map_title(desk, map),
            path: desk.path(&path),
            ways: ways.collect(),
            downloads: std::iter::once(picture).chain(data).collect(),
            numbers: self.map_numbers(map),
        }
    }

    fn map_numbers(&self, map: &GapMap) -> MapNumbers {
        let (k, desk, totals) = (self.k(), &self.desk, &map.totals);
        let count = |gap: Gap| GapCount {
            mark: mark(desk, gap),
            about: desk.t.get(&format!("say.gaps.about.{}", gap.name())).to_owned(),
            count: totals.of(gap),
            path: Some(desk.path(&format!("{}{}", map_path(map), Only::Gap(gap).path(k, map)))),
        };
        MapNumbers {
            cells: totals.cells,
            with_gaps: totals.with_gaps,
            empty: map.cells.iter().filter(|cell| cell.counts() && cell.state == State::Open && cell.n() == 0).count(),
            accepted: totals.accepted,
            not_applicable: totals.not_applicable,
            entries: totals.entries,
            questions: totals.questions,
            planned: totals.planned,
            margin: totals.margin,
            coverage: decimals(totals.coverage),
            coverage_percent: percent(totals.coverage),
            certain: decimals(totals.certain),
            gaps: Gap::ALL.into_iter().filter(|gap| totals.of(*gap) > 0).map(count).collect(),
            gaps_total: totals.all_gaps(),
        }
    }

    /// The breadcrumb of a page below a map's own.
    fn gap_crumbs(&self, map: Option<&GapMap>) -> Vec<Link> {
        let mut crumbs = vec![self.home_link()];
        if let Some(map) = map {
            crumbs.extend(link(&self.desk));
            crumbs.push(Link { label: map_title(&self.desk, map), path: self.desk.path(&map_path(map)) });
        }
        crumbs
    }
}

/// A cell as something that is missing, for pages beside the maps.
pub fn missing(desk: &Desk, map: &GapMap, cell: &Cell) -> Missing {
    let first = cell.gaps.first();
    let code = if cell.n() == 0 { "no-entry" } else { "thin-cell" };
    Missing {
        code,
        what: desk.t.say(
            "say.gaps.missing",
            &[("cell", &cell_title(desk, map, cell)), ("gap", &first.map(|gap| mark(desk, gap).word).unwrap_or_default())],
        ),
        ask: first.map(|gap| line::next_step(desk, map, cell, gap)),
        path: cell_path(map, cell).map(|path| desk.path(&path)),
        url: None,
    }
}

/// The cells of an entry that is a row or a column of a map, for its own page.
pub fn rows_of(desk: &Desk, id: EntryId) -> Vec<TopicGaps> {
    let of = |map: &GapMap| {
        let cells: Vec<(&Cell, &Item)> = match (map.rows.of_entry(id), map.columns.of_entry(id)) {
            (Some(row), _) => (0..map.columns.items.len()).map(|at| (map.cell(row, at), &map.columns.items[at])).collect(),
            (None, Some(column)) => (0..map.rows.items.len()).map(|at| (map.cell(at, column), &map.rows.items[at])).collect(),
            (None, None) => return None,
        };
        let more = cells.len().saturating_sub(CELLS);
        let cells = cells.into_iter().take(CELLS).map(|(cell, item)| TopicCell {
            title: title(desk, item),
            path: cell_path(map, cell).map(|path| desk.path(&path)),
            n: cell.n(),
            letters: if matches!(cell.state, State::NotApplicable(_)) { String::new() } else { cell.gaps.letters() },
            state: matrix::state(cell),
            step: step(cell),
            text: matrix::text(desk, map, cell),
        });
        Some(TopicGaps {
            map: Link { label: map_title(desk, map), path: desk.path(&format!("{}matrix/", map_path(map))) },
            cells: cells.collect(),
            more,
        })
    };
    desk.k.maps().iter().filter_map(of).collect()
}

/// What a map is called: by its title, else as the map of the community.
pub fn map_title(desk: &Desk, map: &GapMap) -> String {
    map.map.title.clone().unwrap_or_else(|| desk.t.get("say.gaps.usual_title").to_owned())
}

/// What a row or a column is called.
pub fn title(desk: &Desk, item: &Item) -> String {
    gaps::name(desk.k, item).unwrap_or_else(|| match item.subject {
        Subject::Kind(kind) => desk.kind_plural(kind),
        _ => item.id.clone(),
    })
}

/// What a column of a kind holds, as it stands in a sentence: "case studies".
fn noun(desk: &Desk, item: &Item) -> Option<String> {
    match item.subject {
        Subject::Kind(kind) => Some(desk.t.get(&format!("kinds.{}.nouns", kind.word())).to_owned()),
        _ => None,
    }
}

/// Both names of a cell: "Youth vaping: Enforcement".
pub fn cell_title(desk: &Desk, map: &GapMap, cell: &Cell) -> String {
    desk.t.say("say.gaps.cell", &[("row", &title(desk, map.row(cell))), ("column", &title(desk, map.column(cell)))])
}

/// The page of a row or a column.
fn item_path(desk: &Desk, item: &Item) -> Option<String> {
    match item.subject {
        Subject::Entry(id) => Some(desk.entry_path(id)),
        Subject::Place(at) => desk.place(&desk.k.places.all[at].name).path,
        Subject::Kind(kind) => desk.k.has(kind).then(|| desk.path(&format!("{}/", kind.folder()))),
    }
}

pub fn mark(desk: &Desk, gap: Gap) -> GapMark {
    GapMark { letter: gap.word(), code: gap.name(), word: desk.t.get(&format!("say.gaps.words.{}", gap.name())).to_owned() }
}

pub fn marks(desk: &Desk, cell: &Cell) -> Vec<GapMark> {
    cell.gaps.iter().map(|gap| mark(desk, gap)).collect()
}

/// Thousandths as a whole number of percent, halves up.
const fn percent(thousandths: i64) -> i64 {
    (thousandths + 5) / 10
}

/// How full a cell is drawn: 0 where nothing is known, then 1 for less than a quarter of what is wanted to 4 for all of it.
pub fn step(cell: &Cell) -> u8 {
    match (cell.n(), thousandths(cell.measures.coverage)) {
        (0, _) => 0,
        (_, ..250) => 1,
        (_, 250..500) => 2,
        (_, 500..1000) => 3,
        _ => 4,
    }
}

/// The first ancestor of an item, by which a table is filtered.
fn branch(side: &Side, at: usize) -> usize {
    side.with_above(at).last().unwrap_or(at)
}

/// The communities of what stands in a cell, each once.
fn communities(k: &Knowledge, map: &GapMap) -> Vec<EntryId> {
    let mut all: Vec<EntryId> = map
        .counted
        .iter()
        .filter(|counted| !counted.cells.is_empty())
        .flat_map(|counted| k.said(counted.entry).communities.iter().copied())
        .filter(|community| k.is_listed(*community))
        .collect();
    all.sort_unstable_by_key(|id| k.by_title(*id));
    all.dedup();
    all
}

/// Those who see to cells, each once, by name.
fn owners(k: &Knowledge, map: &GapMap) -> Vec<EntryId> {
    let mut all: Vec<EntryId> = map.cells.iter().filter(|cell| cell.counts()).filter_map(|cell| map.owner(k, cell)).collect();
    all.sort_unstable_by_key(|id| k.by_title(*id));
    all.dedup();
    all
}
