//! A map as a text for people (Markdown): for a funder's report or a meeting.

use super::{cell_title, line, map_title, mark, percent, title};
use crate::entries::markdown::escaped as plain;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{rounded, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::gaps::snapshot::{self, Change, Snapshot};
use crate::site::desk::Desk;
use std::fmt::Write;

/// How many cells a report names.
const NAMED: usize = 20;

/// The report of a map; with what changed where there is a snapshot to compare with.
pub fn report(desk: &Desk, map: &GapMap) -> String {
    let t = desk.t;
    let totals = &map.totals;
    let mut out = format!("# {} ({})\n\n", plain(&map_title(desk, map)), desk.k.today);
    let _ = writeln!(
        out,
        "{}\n",
        t.say(
            "say.gaps.picture_about",
            &[
                ("cells", &totals.cells.to_string()),
                ("gaps", &totals.with_gaps.to_string()),
                ("coverage", &format!("{} %", percent(totals.coverage))),
            ],
        )
    );
    let _ = writeln!(out, "## {}\n", t.get("say.gaps.report.kinds"));
    let _ = writeln!(out, "| | {} | {} |\n|---|---|---:|", t.get("say.gaps.report.kind"), t.get("say.gaps.report.cells"));
    for gap in Gap::ALL.into_iter().filter(|gap| totals.of(*gap) > 0) {
        let _ = writeln!(out, "| {} | {} | {} |", gap.word(), mark(desk, gap).word, totals.of(gap));
    }
    let _ = writeln!(out, "\n## {}\n", t.get("say.gaps.report.first"));
    let open = map.register.iter().map(|at| &map.cells[*at]).filter(|cell| cell.state == State::Open);
    for (number, cell) in open.take(NAMED).enumerate() {
        let _ = writeln!(out, "{}. {}", number + 1, cell_line(desk, map, cell));
    }
    let left = map.register.len() - totals.accepted.min(map.register.len());
    if left > NAMED {
        let _ = writeln!(out, "\n{}", t.count("say.gaps.report.more", left - NAMED));
    }
    let accepted: Vec<&Cell> = map.cells.iter().filter(|cell| matches!(cell.state, State::Accepted(_)) && cell.counts()).collect();
    if !accepted.is_empty() {
        let _ = writeln!(out, "\n## {}\n", t.get("say.gaps.report.accepted"));
        for cell in accepted {
            if let Some(accepted) = line::accepted(desk, map, cell) {
                let why = accepted.why.map(|why| format!(": {}", plain(&why))).unwrap_or_default();
                let until = t.say("say.gaps.text.accepted", &[("date", &accepted.until.text)]);
                let _ = writeln!(out, "- **{}**, {until}{why}", plain(&cell_title(desk, map, cell)));
            }
        }
    }
    let not: Vec<&Cell> = map.cells.iter().filter(|cell| matches!(cell.state, State::NotApplicable(_))).collect();
    if !not.is_empty() {
        let _ = writeln!(out, "\n## {}\n", t.get("say.gaps.report.not_applicable"));
        for cell in not {
            if let State::NotApplicable(at) = cell.state {
                let _ = writeln!(out, "- **{}**: {}", plain(&cell_title(desk, map, cell)), plain(&map.map.not_applicable[at].why));
            }
        }
    }
    if let Some(then) = &desk.k.since {
        let _ = write!(out, "\n{}", since_text(desk, map, then));
    }
    out
}

/// "**Youth vaping: Cost** (score 88, A V P). Nothing is known … Owner: Ana."
fn cell_line(desk: &Desk, map: &GapMap, cell: &Cell) -> String {
    let t = desk.t;
    let next = cell.gaps.first().map(|gap| line::next_step(desk, map, cell, gap)).unwrap_or_default();
    let owner = map.owner(desk.k, cell).map(|owner| desk.k.entry(owner).title.clone());
    let owner = owner.unwrap_or_else(|| t.get("say.gaps.nobody").to_owned());
    let letters: Vec<&str> = cell.gaps.iter().map(Gap::word).collect();
    t.say(
        "say.gaps.report.line",
        &[
            ("cell", &plain(&cell_title(desk, map, cell))),
            ("score", &rounded(cell.measures.score).to_string()),
            ("letters", &letters.join(" ")),
            ("n", &cell.n().to_string()),
            ("share", &format!("{} %", percent(thousandths(cell.measures.coverage)))),
            ("next", &plain(&next)),
            ("owner", &plain(&owner)),
        ],
    )
}

/// What opened, closed and moved since a snapshot, as Markdown.
pub fn since_text(desk: &Desk, map: &GapMap, then: &Snapshot) -> String {
    let t = desk.t;
    let since = snapshot::since(map, then);
    let mut out = format!("## {}\n\n", t.say("say.gaps.report.since", &[("date", &super::since::day(desk, then))]));
    if !since.known {
        let _ = writeln!(out, "{}", t.get("say.gaps.report.since_unknown"));
        return out;
    }
    let _ = writeln!(
        out,
        "{}",
        t.say(
            "say.gaps.report.since_numbers",
            &[
                ("then", &since.gaps_then.to_string()),
                ("now", &since.gaps_now.to_string()),
                ("before", &format!("{} %", percent(since.coverage_then))),
                ("share", &format!("{} %", percent(since.coverage_now))),
            ],
        )
    );
    let name = |change: &Change| match change.cell.map(|at| &map.cells[at]) {
        Some(cell) => format!("{}: {}", title(desk, map.row(cell)), title(desk, map.column(cell))),
        None => format!("{}: {}", change.row, change.column),
    };
    for (key, changes) in [("opened", &since.opened), ("closed", &since.closed)] {
        let _ = writeln!(out, "\n### {} ({})\n", t.get(&format!("say.gaps.report.{key}")), changes.len());
        for change in changes {
            let _ = writeln!(out, "- {} {}: {}", change.gap.word(), mark(desk, change.gap).word, plain(&name(change)));
        }
        if changes.is_empty() {
            let _ = writeln!(out, "{}", t.get("say.gaps.report.none"));
        }
    }
    let _ = writeln!(out, "\n### {} ({})\n", t.get("say.gaps.report.moved"), since.moved.len());
    for moved in &since.moved {
        let cell = plain(&cell_title(desk, map, &map.cells[moved.cell]));
        let _ = writeln!(out, "- {cell}: {} → {}", moved.then, moved.now);
    }
    if since.moved.is_empty() {
        let _ = writeln!(out, "{}", t.get("say.gaps.report.none"));
    }
    out
}
