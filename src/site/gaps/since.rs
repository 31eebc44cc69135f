//! What opened, closed and moved since a snapshot.

use super::{FOLDER, cell_path, cell_title, map_title, mark, percent};
use crate::findings::Finding;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::snapshot::{self, Change, Snapshot};
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::views::{ChangeLine, Link, MovedLine, Name, SinceView};
use crate::theme::Value;

/// How many changes of each sort are shown.
const SHOWN: usize = 60;

impl Page<'_> {
    pub(super) fn since(&self, map: &GapMap) -> Result<Vec<u8>, Finding> {
        let desk = &self.desk;
        let then = self.k().since.as_ref().expect("the page is there only with a snapshot");
        let since = snapshot::since(map, then);
        let (opened, closed) = (lines(desk, map, &since.opened), lines(desk, map, &since.closed));
        let view = SinceView {
            then: day(desk, then),
            now: desk.date(self.k().today),
            gaps_then: since.gaps_then,
            gaps_now: since.gaps_now,
            coverage_then: percent(since.coverage_then),
            coverage_now: percent(since.coverage_now),
            known: since.known,
            opened_total: since.opened.len(),
            closed_total: since.closed.len(),
            moved_total: since.moved.len(),
            opened: opened.into_iter().take(SHOWN).collect(),
            closed: closed.into_iter().take(SHOWN).collect(),
            moved: since
                .moved
                .iter()
                .take(SHOWN)
                .map(|moved| {
                    let cell = &map.cells[moved.cell];
                    let path = cell_path(map, cell).map(|path| desk.path(&path)).unwrap_or_default();
                    MovedLine { cell: Link { label: cell_title(desk, map, cell), path }, then: moved.then, now: moved.now }
                })
                .collect(),
        };
        let title = desk.t.say("say.gaps.since_title", &[("map", &map_title(desk, map))]);
        let mut head = self.head("gap-since", &title);
        head.breadcrumb = self.gap_crumbs(Some(map));
        head.section = FOLDER.to_owned();
        self.render(
            head,
            vec![("map", Value::from_serializable(&self.map_head(map, Some("since")))), ("since", Value::from_serializable(&view))],
        )
    }
}

/// The day of a snapshot in words; as it stands where it is no day.
pub fn day(desk: &Desk, then: &Snapshot) -> String {
    then.today.parse().map_or_else(|_| then.today.clone(), |day| desk.t.date(day))
}

/// Changes by cell, in their order.
fn lines(desk: &Desk, map: &GapMap, changes: &[Change]) -> Vec<ChangeLine> {
    let of = |same: &[Change]| {
        let first = &same[0];
        let cell = match first.cell.map(|at| &map.cells[at]) {
            Some(cell) => Name { label: cell_title(desk, map, cell), path: cell_path(map, cell).map(|path| desk.path(&path)) },
            None => Name { label: desk.t.say("say.gaps.cell", &[("row", &first.row), ("column", &first.column)]), path: None },
        };
        ChangeLine { cell, gaps: same.iter().map(|change| mark(desk, change.gap)).collect() }
    };
    changes.chunk_by(|a, b| (&a.row, &a.column) == (&b.row, &b.column)).map(of).collect()
}
