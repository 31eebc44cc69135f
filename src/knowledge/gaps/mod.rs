//! Knowledge-gap maps: what the community does not know, reckoned from what it wrote (SPEC section 8).
//!
//! A map is a table of topics, or of voices, places, series or organizations, by topics or kinds. [`axis`] says what its
//! rows and columns are, [`placement`] which entries stand in which cells, [`cells`] what that measures and which gaps it
//! makes; here all of it is put together, and brought into the order in which something should be done about it.

pub mod axis;
pub mod cells;
mod checks;
pub mod exact;
pub mod gate;
pub mod letters;
pub mod mend;
pub mod placement;
pub mod snapshot;

use super::{ById, EntryId, Knowledge};
use crate::config::Map;
use crate::findings::Finding;
use crate::kinds::Kind;
use axis::{Item, Side, Subject};
use cells::{Cell, Measures, Standing, State, Supply, Surroundings};
use letters::{Gap, Gaps};
use placement::{Counted, Part};
use rayon::prelude::*;
use std::cmp::Reverse;

/// A map as far as it is known before anything is counted: what its rows and columns are.
#[derive(Debug)]
pub struct Outline {
    /// As it was declared, or as it is where none is.
    pub map: Map,
    pub rows: Side,
    pub columns: Side,
}

/// One map, reckoned.
#[derive(Debug)]
pub struct GapMap {
    /// As it was declared, or as it is where none is.
    pub map: Map,
    pub rows: Side,
    pub columns: Side,
    /// Row by row.
    pub cells: Vec<Cell>,
    /// Everything it counts, and where that stands.
    pub counted: Vec<Counted>,
    /// The cells with gaps, what should be looked at first before the rest, what is accepted at the end: their numbers.
    pub register: Vec<usize>,
    pub totals: Totals,
}

/// A map in numbers. Groups are in none of them but their own, and what is accepted is in no gap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Cells that make sense and are no groups.
    pub cells: usize,
    pub not_applicable: usize,
    pub groups: usize,
    pub accepted: usize,
    /// Cells with a gap.
    pub with_gaps: usize,
    /// How many cells have each kind of gap, in the order of [`Gap::ALL`].
    pub gaps: [usize; 12],
    /// The mean coverage of cells, in thousandths.
    pub coverage: i64,
    /// The mean share of what is certainly placed in cells that have something, in thousandths.
    pub certain: i64,
    /// Distinct entries in cells.
    pub entries: usize,
    pub planned: usize,
    pub questions: usize,
    /// Distinct entries that name only one side.
    pub margin: usize,
}

impl Totals {
    pub fn all_gaps(&self) -> usize {
        self.gaps.iter().sum()
    }

    pub fn of(&self, gap: Gap) -> usize {
        self.gaps[gap as usize]
    }
}

impl GapMap {
    pub fn id(&self) -> &str {
        &self.map.id
    }

    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        &self.cells[row * self.columns.items.len() + column]
    }

    pub fn row(&self, cell: &Cell) -> &Item {
        &self.rows.items[cell.row]
    }

    pub fn column(&self, cell: &Cell) -> &Item {
        &self.columns.items[cell.column]
    }

    /// What it counts that names only one side, each entry once.
    pub fn margin(&self) -> Vec<&Counted> {
        let mut margin: Vec<&Counted> = self.counted.iter().filter(|counted| counted.margin.is_some()).collect();
        margin.dedup_by_key(|counted| counted.entry);
        margin
    }

    /// Who sees to a cell: whoever accepted its gaps, else the steward of its row, else of its column.
    pub fn owner(&self, k: &Knowledge, cell: &Cell) -> Option<EntryId> {
        let accepted = match cell.state {
            State::Accepted(at) => self.map.accepted[at].owner.as_ref(),
            _ => None,
        };
        let accepted = accepted.and_then(|owner| k.lookup().of_kind(Kind::Person, owner)).filter(|owner| k.is_listed(*owner));
        accepted.or(self.row(cell).steward).or(self.column(cell).steward)
    }

    /// The nearest cells in which something is known, beginning with the same row: for whoever stands before an empty one.
    pub fn neighbours(&self, cell: &Cell, most: usize) -> Vec<&Cell> {
        let (height, width) = (self.rows.items.len(), self.columns.items.len());
        let mut in_row: Vec<usize> = (0..width).filter(|column| *column != cell.column).collect();
        in_row.sort_by_key(|column| (column.abs_diff(cell.column), *column));
        let mut in_column: Vec<usize> = (0..height).filter(|row| *row != cell.row).collect();
        in_column.sort_by_key(|row| (row.abs_diff(cell.row), *row));
        let near = in_row.into_iter().map(|column| self.cell(cell.row, column));
        let near = near.chain(in_column.into_iter().map(|row| self.cell(row, cell.column)));
        near.filter(|near| near.n() > 0 && near.counts()).take(most).collect()
    }
}

impl Knowledge {
    /// Lays out every map that is declared, or the usual one; a map without rows or columns is told and left out.
    pub(super) fn outline_maps(&self, findings: &mut Vec<Finding>) -> Vec<Outline> {
        let declared = &self.config.maps;
        let maps: Vec<Outline> = if declared.is_empty() {
            let usual = Outline::of(self, Map::usual());
            // A community without topics has no map yet.
            if usual.rows.items.is_empty() { Vec::new() } else { vec![usual] }
        } else {
            let maps: Vec<Outline> = declared.iter().map(|map| Outline::of(self, map.clone())).collect();
            checks::maps(self, &maps, findings);
            // What cannot be shown is told, and left out; of two maps of one name the first stays.
            let mut kept: Vec<Outline> = Vec::new();
            for map in maps.into_iter().filter(|map| !map.is_empty()) {
                if kept.iter().all(|other| other.id() != map.id()) {
                    kept.push(map);
                }
            }
            kept
        };
        checks::placements(self, &maps, findings);
        checks::gate(self, &maps, findings);
        maps
    }

    /// A map by its id.
    pub fn map(&self, id: &str) -> Option<&GapMap> {
        self.maps().iter().find(|map| map.id() == id)
    }
}

impl Outline {
    fn of(k: &Knowledge, map: Map) -> Outline {
        let mut rows = Side::new(k, &map, &map.rows);
        let mut columns = Side::new(k, &map, &map.columns);
        for (id, priority) in &map.priority {
            for side in [&mut rows, &mut columns] {
                if let Some(at) = side.named(k, id) {
                    side.give_priority(at, *priority as u8);
                }
            }
        }
        Outline { map, rows, columns }
    }

    fn id(&self) -> &str {
        &self.map.id
    }

    fn is_empty(&self) -> bool {
        self.rows.items.is_empty() || self.columns.items.is_empty()
    }

    /// Counts what stands in it, and measures that.
    pub(super) fn reckon(&self, k: &Knowledge) -> GapMap {
        let Outline { map, rows, columns } = self;
        let (map, mut rows, mut columns) = (map.clone(), rows.clone(), columns.clone());
        let counted = placement::counted(k, &map, &rows, &columns);
        find_groups(&mut rows, &mut columns, &counted);
        let mut cells = empty(k, &map, &rows, &columns);
        fill(&mut cells, &rows, &columns, &counted);
        measure(k, &map, &rows, &columns, &counted, &mut cells);
        let register = register(&cells);
        let totals = totals(&cells, &counted);
        GapMap { map, rows, columns, cells, counted, register, totals }
    }
}

/// An item with others below it that nothing names itself is a group.
fn find_groups(rows: &mut Side, columns: &mut Side, counted: &[Counted]) {
    let mut named = (vec![false; rows.items.len()], vec![false; columns.items.len()]);
    for (row, column) in counted.iter().filter(|counted| counted.part != Part::Planned).flat_map(|counted| &counted.cells) {
        named.0[*row] = true;
        named.1[*column] = true;
    }
    for (side, named) in [(rows, named.0), (columns, named.1)] {
        for (at, item) in side.items.iter_mut().enumerate() {
            item.group = item.end > at + 1 && !named[at];
        }
    }
}

fn empty(k: &Knowledge, map: &Map, rows: &Side, columns: &Side) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(rows.items.len() * columns.items.len());
    for (row, of_row) in rows.items.iter().enumerate() {
        for (column, of_column) in columns.items.iter().enumerate() {
            cells.push(Cell {
                row,
                column,
                state: State::Open,
                group: of_row.group || of_column.group,
                priority: of_row.priority.max(of_column.priority).unwrap_or(1),
                supply: Vec::new(),
                planned: Vec::new(),
                questions: Vec::new(),
                measures: Measures::default(),
                gaps: Gaps::default(),
            });
        }
    }
    let width = columns.items.len();
    let at = |row: &str, column: &str| Some(rows.named(k, row)? * width + columns.named(k, column)?);
    // The first of two that speak of one cell holds.
    for (number, accepted) in map.accepted.iter().enumerate().rev() {
        if let Some(at) = at(&accepted.row, &accepted.col) {
            cells[at].state = if k.today < accepted.until.value { State::Accepted(number) } else { State::Open };
        }
    }
    for (number, not) in map.not_applicable.iter().enumerate().rev() {
        if let Some(at) = at(&not.row, &not.col) {
            cells[at].state = State::NotApplicable(number);
        }
    }
    cells
}

/// Puts what is counted into its cells and into all above them, into each once; certain if it is so in any.
fn fill(cells: &mut [Cell], rows: &Side, columns: &Side, counted: &[Counted]) {
    let width = columns.items.len();
    let mut into: Vec<usize> = Vec::new();
    for counted in counted {
        into.clear();
        for (row, column) in &counted.cells {
            for row in rows.with_above(*row) {
                into.extend(columns.with_above(*column).map(|column| row * width + column));
            }
        }
        into.sort_unstable();
        into.dedup();
        for at in &into {
            let cell = &mut cells[*at];
            match (counted.part, counted.occasion) {
                (Part::Supply, _) => cell.supply.push(Standing { entry: counted.entry, certain: counted.certain }),
                (Part::Planned, Some(occasion)) => cell.planned.push(occasion),
                (Part::Planned, None) => {}
                (Part::Question, _) => cell.questions.push(counted.entry),
            }
        }
    }
}

fn measure(k: &Knowledge, map: &Map, rows: &Side, columns: &Side, counted: &[Counted], cells: &mut [Cell]) {
    let supplied: Vec<&Counted> = counted.iter().filter(|counted| counted.part == Part::Supply && !counted.cells.is_empty()).collect();
    let supply: ById<Supply> =
        supplied.par_iter().map(|counted| (counted.entry, Supply::of(k, counted.entry, map.weight(counted.kind)))).collect();
    let of_map: Vec<EntryId> =
        map.required_voices.iter().filter_map(|voice| k.lookup().of_kind(Kind::Voice, voice)).filter(|voice| k.is_listed(*voice)).collect();
    let together = |lists: [&[EntryId]; 3]| {
        let mut all: Vec<EntryId> = lists.concat();
        all.sort_unstable();
        all.dedup();
        all
    };
    let practice = columns.of_kind(Kind::Practice);
    cells.par_chunks_mut(columns.items.len().max(1)).for_each(|of_row| {
        // Everything known in the row, where columns only tell its kinds apart.
        let whole: Vec<EntryId> = if columns.is_kinds() {
            let mut all: Vec<EntryId> = of_row.iter().flat_map(|cell| cell.supply.iter().map(|standing| standing.entry)).collect();
            all.sort_unstable();
            all.dedup();
            all
        } else {
            Vec::new()
        };
        for cell in of_row {
            let (row, column) = (&rows.items[cell.row], &columns.items[cell.column]);
            let around = Surroundings {
                k,
                supply: &|id| &supply[&id],
                target: map.targets[usize::from(cell.priority)],
                required_voices: together([&of_map, &row.required, &column.required]),
                experts: together([&row.experts, &column.experts, &[]]),
                row: columns.is_kinds().then_some(if practice == Some(cell.column) { whole.as_slice() } else { &[] }),
            };
            cell.measure(around);
            if matches!(cell.state, State::NotApplicable(_)) {
                cell.gaps = Gaps::default();
            }
        }
    });
}

/// The cells with gaps: by score and priority, both falling, then by coverage, rising; what is accepted after all others.
fn register(cells: &[Cell]) -> Vec<usize> {
    let mut register: Vec<usize> = (0..cells.len()).filter(|at| cells[*at].counts() && !cells[*at].gaps.is_empty()).collect();
    register.sort_by_key(|at| {
        let cell = &cells[*at];
        (cell.state != State::Open, Reverse(cell.measures.score), Reverse(cell.priority), cell.measures.coverage, *at)
    });
    register
}

fn totals(cells: &[Cell], counted: &[Counted]) -> Totals {
    let counting: Vec<&Cell> = cells.iter().filter(|cell| cell.counts()).collect();
    let is_not = |cell: &&Cell| matches!(cell.state, State::NotApplicable(_));
    // A coverage is a fraction in eighths of the target at most, so there are few denominators.
    let coverage = counting.iter().map(|cell| (*cell.measures.coverage.numer() as i64, *cell.measures.coverage.denom() as i64));
    let certain = counting.iter().filter(|cell| cell.n() > 0).map(|cell| (cell.measures.certain as i64, cell.n() as i64));
    let of = |part: Part| {
        let placed = counted.iter().filter(|counted| counted.part == part && !counted.cells.is_empty());
        placed.count()
    };
    let mut margin: Vec<EntryId> = counted.iter().filter(|counted| counted.margin.is_some()).map(|counted| counted.entry).collect();
    margin.dedup();
    Totals {
        cells: counting.len(),
        not_applicable: cells.iter().filter(is_not).count(),
        groups: cells.iter().filter(|cell| cell.group && !is_not(cell)).count(),
        accepted: counting.iter().filter(|cell| cell.state != State::Open).count(),
        with_gaps: counting.iter().filter(|cell| !cell.open_gaps().is_empty()).count(),
        gaps: Gap::ALL.map(|gap| counting.iter().filter(|cell| cell.open_gaps().has(gap)).count()),
        coverage: exact::mean(coverage.collect()).unwrap_or(1000),
        certain: exact::mean(certain.collect()).unwrap_or(1000),
        entries: of(Part::Supply),
        planned: of(Part::Planned),
        questions: of(Part::Question),
        margin: margin.len(),
    }
}

/// The name of a row or column; kinds have none of their own here.
pub fn name(k: &Knowledge, item: &Item) -> Option<String> {
    match item.subject {
        Subject::Entry(id) => Some(k.entry(id).title.clone()),
        Subject::Place(at) => Some(k.places.all[at].name.clone()),
        Subject::Kind(_) => None,
    }
}
