//! A map as data for other programs: `gaps.json`, `gaps.csv`, `matrix.csv`, `placements.csv`, and `report.md` for people.

use super::report::report;
use super::{line, map_title, title};
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::axis::{Item, KINDS, Side};
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{Exact, decimals, rounded, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::data::csv_line;
use crate::site::desk::Desk;
use serde_json::{Map, Value, json};

/// Raised whenever a key of `gaps.json` changes its meaning or goes.
pub const VERSION: u32 = 1;

/// The files of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    Json,
    Csv,
    Matrix,
    Placements,
    Report,
}

impl Data {
    pub const ALL: [Data; 5] = [Data::Json, Data::Csv, Data::Matrix, Data::Placements, Data::Report];

    pub const fn file(self) -> &'static str {
        match self {
            Data::Json => "gaps.json",
            Data::Csv => "gaps.csv",
            Data::Matrix => "matrix.csv",
            Data::Placements => "placements.csv",
            Data::Report => "report.md",
        }
    }

    pub fn path(self, map: &GapMap) -> String {
        format!("data/{}/{}", crate::knowledge::paths::encoded(map.id()), self.file())
    }

    pub fn text(self, desk: &Desk, map: &GapMap) -> String {
        match self {
            Data::Json => register_json(desk, map),
            Data::Csv => register_csv(desk, map),
            Data::Matrix => matrix_csv(map),
            Data::Placements => placements_csv(desk.k, map),
            Data::Report => report(desk, map),
        }
    }
}

/// A whole map, a row, column, cell or entry to a line, so that a change of one is a change of one line.
fn register_json(desk: &Desk, map: &GapMap) -> String {
    let k = desk.k;
    let totals = &map.totals;
    let gaps: Map<String, Value> = Gap::ALL.into_iter().map(|gap| (gap.word().to_owned(), json!(totals.of(gap)))).collect();
    let numbers = json!({
        "cells": totals.cells,
        "not_applicable": totals.not_applicable,
        "groups": totals.groups,
        "accepted": totals.accepted,
        "with_gaps": totals.with_gaps,
        "gaps": gaps,
        "gaps_total": totals.all_gaps(),
        "coverage": number(totals.coverage),
        "certain": number(totals.certain),
        "entries": totals.entries,
        "planned": totals.planned,
        "questions": totals.questions,
        "margin": totals.margin,
    });
    let mut out = format!(
        "{{\"version\":{VERSION},\"map\":{},\"title\":{},\"today\":{},\n\"rows\":[\n{}],\n\"columns\":[\n{}],\n\"totals\":{numbers},\n\"cells\":[\n",
        json!(map.id()),
        json!(map_title(desk, map)),
        json!(k.today.to_string()),
        items(desk, &map.rows),
        items(desk, &map.columns),
    );
    let cells: Vec<String> = map.cells.iter().map(|cell| cell_json(k, map, cell).to_string()).collect();
    out.push_str(&cells.join(",\n"));
    out.push_str("\n],\n\"margin\":[\n");
    let ids = |side: &Side, all: &[usize]| all.iter().map(|at| side.items[*at].id.clone()).collect::<Vec<_>>();
    let margin = map.margin().into_iter().map(|counted| {
        let (rows, columns) = counted.margin.clone().unwrap_or_default();
        json!({ "entry": k.entry(counted.entry).reference(), "rows": ids(&map.rows, &rows), "columns": ids(&map.columns, &columns) })
            .to_string()
    });
    out.push_str(&margin.collect::<Vec<_>>().join(",\n"));
    out.push_str("\n]}\n");
    out
}

fn items(desk: &Desk, side: &Side) -> String {
    let item = |item: &Item| {
        json!({
            "id": item.id,
            "title": title(desk, item),
            "priority": item.priority,
            "parent": item.parent.map(|at| &side.items[at].id),
            "group": item.group,
        })
        .to_string()
    };
    let all: Vec<String> = side.items.iter().map(item).collect();
    format!("{}\n", all.join(",\n"))
}

fn cell_json(k: &Knowledge, map: &GapMap, cell: &Cell) -> Value {
    let m = &cell.measures;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    let ids = |list: &[EntryId]| {
        let mut ids: Vec<&str> = list.iter().map(|id| k.entry(*id).id.as_str()).collect();
        ids.sort_unstable();
        json!(ids)
    };
    put("row", json!(map.row(cell).id));
    put("column", json!(map.column(cell).id));
    put("group", json!(cell.group));
    put("state", json!(state_word(cell)));
    put("priority", json!(cell.priority));
    put("n", json!(cell.n()));
    if let State::NotApplicable(at) = cell.state {
        put("why", json!(map.map.not_applicable[at].why));
        return Value::Object(out);
    }
    put("certain", json!(m.certain));
    let kinds: Map<String, Value> = KINDS.into_iter().map(|kind| (kind.word().to_owned(), json!(cell.of_kind(k, kind)))).collect();
    put("kinds", Value::Object(kinds));
    put("planned", json!(cell.planned.len()));
    put("target", json!(m.target));
    put("value", json!(m.value as f64 / 8.0));
    put("weight", json!(m.weight as f64 / 2.0));
    put("stale", json!(m.stale as f64 / 2.0));
    put("organizations", json!(m.organizations.len()));
    put("voices", ids(&m.voices));
    put("missing_voices", ids(&m.missing_voices));
    put("people", json!(m.people.len()));
    put("experts", json!(m.experts.len()));
    put("first", json!(m.first.map(|day| day.to_string())));
    put("latest", json!(m.latest.map(|day| day.to_string())));
    put("grade", json!(m.grade));
    put("questions", json!(cell.questions.len()));
    put("oldest_question", json!(m.oldest.map(|day| day.to_string())));
    put("coverage", share(m.coverage));
    put("demand", share(m.demand));
    put("risk", share(m.risk));
    put("score", json!(rounded(m.score)));
    put("gaps", json!(cell.gaps.iter().map(Gap::word).collect::<Vec<_>>()));
    put("owner", json!(map.owner(k, cell).map(|owner| &k.entry(owner).id)));
    put("since", json!(cell.since().map(|day| day.to_string())));
    if let State::Accepted(at) = cell.state {
        let accepted = &map.map.accepted[at];
        put("accepted", json!({ "until": accepted.until.value.to_string(), "why": accepted.why }));
    }
    Value::Object(out)
}

const fn state_word(cell: &Cell) -> &'static str {
    match cell.state {
        State::Open => "open",
        State::Accepted(_) => "accepted",
        State::NotApplicable(_) => "not-applicable",
    }
}

/// Thousandths as a number with at most three decimals.
fn number(thousandths: i64) -> Value {
    json!(thousandths as f64 / 1000.0)
}

fn share(exact: Exact) -> Value {
    number(thousandths(exact))
}

/// The register as a table (RFC 4180).
fn register_csv(desk: &Desk, map: &GapMap) -> String {
    let k = desk.k;
    let mut out = String::from(
        "row,column,row_title,column_title,state,score,priority,coverage,demand,risk,n,certain,planned,questions,gaps,owner,since,next_step\r\n",
    );
    for at in &map.register {
        let cell = &map.cells[*at];
        let m = &cell.measures;
        let (row, column) = (map.row(cell), map.column(cell));
        let next = cell.gaps.first().map(|gap| line::next_step(desk, map, cell, gap)).unwrap_or_default();
        out.push_str(&csv_line(&[
            row.id.clone(),
            column.id.clone(),
            title(desk, row),
            title(desk, column),
            state_word(cell).to_owned(),
            rounded(m.score).to_string(),
            cell.priority.to_string(),
            decimals(thousandths(m.coverage)),
            decimals(thousandths(m.demand)),
            decimals(thousandths(m.risk)),
            cell.n().to_string(),
            m.certain.to_string(),
            cell.planned.len().to_string(),
            cell.questions.len().to_string(),
            cell.gaps.letters(),
            map.owner(k, cell).map(|owner| k.entry(owner).id.clone()).unwrap_or_default(),
            cell.since().map(|day| day.to_string()).unwrap_or_default(),
            next,
        ]));
    }
    out
}

/// How many are known in each cell: a row to a line, a column to each column.
fn matrix_csv(map: &GapMap) -> String {
    let mut head = vec!["row".to_owned()];
    head.extend(map.columns.items.iter().map(|item| item.id.clone()));
    let mut out = csv_line(&head);
    for (at, item) in map.rows.items.iter().enumerate() {
        let mut line = vec![item.id.clone()];
        line.extend((0..map.columns.items.len()).map(|column| map.cell(at, column).n().to_string()));
        out.push_str(&csv_line(&line));
    }
    out
}

/// Which entry stands in which cell, as it was placed: what only follows for the cells above is left out.
fn placements_csv(k: &Knowledge, map: &GapMap) -> String {
    let mut lines: Vec<(usize, usize, usize)> = Vec::new();
    for (number, counted) in map.counted.iter().enumerate() {
        lines.extend(counted.cells.iter().map(|(row, column)| (*row, *column, number)));
    }
    lines.sort_unstable();
    let mut out = String::from("row,column,entry,title,kind,certain,counts\r\n");
    for (row, column, number) in lines {
        let counted = &map.counted[number];
        let entry = k.entry(counted.entry);
        out.push_str(&csv_line(&[
            map.rows.items[row].id.clone(),
            map.columns.items[column].id.clone(),
            entry.reference(),
            entry.title.clone(),
            counted.kind.word().to_owned(),
            if counted.certain { "yes" } else { "no" }.to_owned(),
            counted.part.word().to_owned(),
        ]));
    }
    out
}
