//! Registers: the cells with gaps, what should be looked at first before the rest.

use super::{FOLDER, LINES, map_path, map_title, title};
use crate::findings::Finding;
use crate::knowledge::Knowledge;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::cells::{Cell, State};
use crate::site::pages::Page;
use crate::site::registers::What;
use crate::site::views::{GapRegisterView, GapsView, MarginLine, NotApplicable, Wanted};
use crate::theme::Value;
use std::cmp::Reverse;

/// How many wanted entries, margin lines and reasons are shown: lists beside the register are no registers.
const BESIDE: usize = 40;
/// How many of those who link to a wanted entry are named.
const LINKING: usize = 4;

/// How many pages the register of all maps has.
pub fn pages_of_all(k: &Knowledge) -> usize {
    k.maps().iter().map(|map| map.register.len()).sum::<usize>().div_ceil(LINES).max(1)
}

/// All cells with gaps of all maps, in the order of a register.
fn of_all(k: &Knowledge) -> Vec<(&GapMap, &Cell)> {
    let mut all: Vec<(usize, &GapMap, &Cell)> =
        k.maps().iter().enumerate().flat_map(|(number, map)| map.register.iter().map(move |at| (number, map, &map.cells[*at]))).collect();
    all.sort_by_key(|(number, _, cell)| {
        let m = &cell.measures;
        (cell.state != State::Open, Reverse(m.score), Reverse(cell.priority), m.coverage, *number, cell.row, cell.column)
    });
    all.into_iter().map(|(_, map, cell)| (map, cell)).collect()
}

/// The worst gaps of all maps that nobody has accepted.
pub fn worst(k: &Knowledge, most: usize) -> Vec<(&GapMap, &Cell)> {
    of_all(k).into_iter().filter(|(_, cell)| cell.state == State::Open).take(most).collect()
}

impl Page<'_> {
    pub(super) fn all_gaps(&self, number: usize) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let all = of_all(k);
        let several = k.maps().len() > 1;
        let shown = all.iter().skip((number - 1) * LINES).take(LINES);
        let first = number == 1;
        let mut wanted: Vec<_> = k.wanted.iter().collect();
        wanted.sort_by_key(|wanted| (Reverse(wanted.by.len()), wanted.name.clone()));
        let title = desk.t.get("say.gaps.title").to_owned();
        let view = GapsView {
            maps: if first { k.maps().iter().map(|map| self.map_head(map, None)).collect() } else { Vec::new() },
            lines: shown.map(|(map, cell)| self.gap_line(map, cell, several)).collect(),
            several,
            total: all.len(),
            pager: self.pager(&format!("{FOLDER}/"), number, pages_of_all(k)),
            wanted_total: wanted.len(),
            wanted: wanted
                .into_iter()
                .take(if first { BESIDE } else { 0 })
                .map(|wanted| Wanted {
                    name: wanted.name.clone(),
                    by: desk.links_to(wanted.by.iter().copied().take(LINKING)),
                    more: wanted.by.len().saturating_sub(LINKING),
                })
                .collect(),
            promises: self.register_count(What::Promises).filter(|_| first),
            help: self.help(None),
        };
        let mut head = self.head("gaps", &title);
        head.breadcrumb = self.gap_crumbs(None);
        head.section = FOLDER.to_owned();
        head.description = desk.t.get("say.gaps.lead").to_owned();
        if number > 1 {
            head.title = desk.t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]);
        }
        self.render(head, vec![("gaps", Value::from_serializable(&view))])
    }

    pub(super) fn gap_register(&self, map: &GapMap, number: usize) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let first = number == 1;
        let margin = map.margin();
        let name = |side: &crate::knowledge::gaps::axis::Side, all: &[usize]| -> Vec<String> {
            all.iter().map(|at| title(desk, &side.items[*at])).collect()
        };
        let not = |cell: &&Cell| match cell.state {
            State::NotApplicable(at) => Some(NotApplicable {
                row: title(desk, map.row(cell)),
                column: title(desk, map.column(cell)),
                why: map.map.not_applicable[at].why.clone(),
            }),
            _ => None,
        };
        let view = GapRegisterView {
            lines: map
                .register
                .iter()
                .skip((number - 1) * LINES)
                .take(LINES)
                .map(|at| self.gap_line(map, &map.cells[*at], false))
                .collect(),
            total: map.register.len(),
            pager: self.pager(&map_path(map), number, map.register.len().div_ceil(LINES)),
            margin_more: margin.len().saturating_sub(BESIDE),
            margin: margin
                .iter()
                .take(if first { BESIDE } else { 0 })
                .map(|counted| {
                    let (rows, columns) = counted.margin.clone().unwrap_or_default();
                    MarginLine {
                        kind: k.entry(counted.entry).kind.word(),
                        entry: desk.link(counted.entry),
                        rows: name(&map.rows, &rows),
                        columns: name(&map.columns, &columns),
                    }
                })
                .collect(),
            not_applicable: map.cells.iter().filter_map(|cell| not(&cell)).take(if first { BESIDE } else { 0 }).collect(),
            help: self.help(None),
        };
        let title = map_title(desk, map);
        let mut head = self.head("gap-map", &title);
        head.breadcrumb = self.gap_crumbs(Some(map));
        head.breadcrumb.pop();
        head.section = FOLDER.to_owned();
        head.description = desk.t.get("say.gaps.lead").to_owned();
        if number > 1 {
            head.title = desk.t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]);
        }
        let shown = first.then_some("register");
        self.render(
            head,
            vec![("map", Value::from_serializable(&self.map_head(map, shown))), ("register", Value::from_serializable(&view))],
        )
    }
}
