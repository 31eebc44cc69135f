//! Priority by coverage: cells in four lists.

use super::{FOLDER, map_title};
use crate::findings::Finding;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{Exact, rounded};
use crate::site::pages::Page;
use crate::site::views::{PriorityView, Quarter};
use crate::theme::Value;
use std::cmp::Reverse;

/// How many cells of each list are shown.
const SHOWN: usize = 40;

/// From this priority on a cell matters much.
const HIGH: u8 = 2;

impl Page<'_> {
    /// What matters much and is half unknown first; then what matters much and is known, what matters less and is not
    /// known, and the rest.
    pub(super) fn priority(&self, map: &GapMap) -> Result<Vec<u8>, Finding> {
        let desk = &self.desk;
        let counting: Vec<&Cell> = map.cells.iter().filter(|cell| cell.counts() && cell.state == State::Open).collect();
        let quarters = [("act", true, false), ("keep", true, true), ("watch", false, false), ("rest", false, true)];
        let quarters = quarters.map(|(code, high, covered)| {
            let half = Exact::new(1, 2);
            let mut cells: Vec<&Cell> = counting
                .iter()
                .copied()
                .filter(|cell| (cell.priority >= HIGH) == high && (cell.measures.coverage >= half) == covered)
                .collect();
            cells.sort_by_key(|cell| (Reverse(rounded(cell.measures.score)), Reverse(cell.priority), cell.row, cell.column));
            Quarter {
                code,
                title: desk.t.get(&format!("say.gaps.quarters.{code}.title")).to_owned(),
                about: desk.t.get(&format!("say.gaps.quarters.{code}.about")).to_owned(),
                total: cells.len(),
                more: cells.len().saturating_sub(SHOWN),
                lines: cells.into_iter().take(SHOWN).map(|cell| self.gap_line(map, cell, false)).collect(),
            }
        });
        let view = PriorityView { quarters: quarters.into() };
        let title = desk.t.say("say.gaps.priority_title", &[("map", &map_title(desk, map))]);
        let mut head = self.head("gap-priority", &title);
        head.breadcrumb = self.gap_crumbs(Some(map));
        head.section = FOLDER.to_owned();
        self.render(
            head,
            vec![("map", Value::from_serializable(&self.map_head(map, Some("priority")))), ("priority", Value::from_serializable(&view))],
        )
    }
}
