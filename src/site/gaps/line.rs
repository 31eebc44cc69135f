//! One cell in a line, and what comes next in it.

use super::{cell_path, cell_title, map_path, map_title, marks, percent, title};
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{decimals, rounded, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::views::{Accepted, Age, GapLine, Help, Link};

/// What to do about a kind of gap in a cell, in a sentence.
pub fn next_step(desk: &Desk, map: &GapMap, cell: &Cell, gap: Gap) -> String {
    let (row, column) = (title(desk, map.row(cell)), title(desk, map.column(cell)));
    let missing: Vec<String> = cell.measures.missing_voices.iter().map(|voice| desk.k.entry(*voice).title.clone()).collect();
    let voices = desk.t.list(&missing);
    let values = [("row", row.as_str()), ("column", column.as_str()), ("voices", voices.as_str())];
    match super::noun(desk, map.column(cell)) {
        // "Write the first case study about youth vaping", not "one entry about case studies in it".
        Some(noun) if matches!(gap, Gap::Absolute | Gap::Thin | Gap::Shortfall) => {
            desk.t.say("say.gaps.next_kind", &[values[0], ("nouns", &noun)])
        }
        _ => desk.t.say(&format!("say.gaps.next.{}", gap.name()), &values),
    }
}

/// How old a cell is: since the oldest of what is asked, else since the latest of what is known.
fn age(desk: &Desk, cell: &Cell) -> Option<Age> {
    let code = if cell.measures.oldest.is_some() { "asked" } else { "latest" };
    Some(Age { code, label: desk.t.get(&format!("say.gaps.ages.{code}")).to_owned(), on: desk.date(cell.since()?) })
}

/// What is accepted, until when and why.
pub fn accepted(desk: &Desk, map: &GapMap, cell: &Cell) -> Option<Accepted> {
    let State::Accepted(at) = cell.state else { return None };
    let accepted = &map.map.accepted[at];
    Some(Accepted {
        until: desk.date(accepted.until.value),
        why: accepted.why.clone(),
        owner: accepted.owner.as_ref().and_then(|_| map.owner(desk.k, cell)).map(|owner| desk.name(owner)),
    })
}

impl Page<'_> {
    pub(super) fn gap_line(&self, map: &GapMap, cell: &Cell, name_map: bool) -> GapLine {
        let (k, desk) = (self.k(), &self.desk);
        let coverage = thousandths(cell.measures.coverage);
        GapLine {
            path: cell_path(map, cell).map(|path| desk.path(&path)).unwrap_or_default(),
            row: title(desk, map.row(cell)),
            column: title(desk, map.column(cell)),
            map: name_map.then(|| Link { label: map_title(desk, map), path: desk.path(&map_path(map)) }),
            score: rounded(cell.measures.score),
            priority: cell.priority,
            coverage: decimals(coverage),
            coverage_percent: percent(coverage),
            n: cell.n(),
            certain: cell.measures.certain,
            questions: cell.questions.len(),
            gaps: marks(desk, cell),
            owner: map.owner(k, cell).map(|owner| desk.name(owner)),
            age: age(desk, cell),
            next: cell.gaps.first().map(|gap| next_step(desk, map, cell, gap)).unwrap_or_default(),
            accepted: accepted(desk, map, cell),
        }
    }

    /// Where to help with a cell, or with the maps as a whole: the form or mail that the configuration names, already
    /// begun; else where mistakes are reported.
    pub(super) fn help(&self, cell: Option<(&GapMap, &Cell)>) -> Option<Help> {
        let (k, desk) = (self.k(), &self.desk);
        let label = desk.t.get(if cell.is_some() { "say.gaps.help_cell" } else { "say.gaps.help" }).to_owned();
        let Some(form) = &k.config.gaps.help else {
            return k.config.edit.report_url.clone().map(|url| Help { url, label });
        };
        let subject = match cell {
            Some((map, cell)) => desk.t.say("say.gaps.help_subject", &[("cell", &cell_title(desk, map, cell))]),
            None => desk.t.get("say.gaps.help").to_owned(),
        };
        let page = cell.and_then(|(map, cell)| cell_path(map, cell)).unwrap_or_else(|| format!("{}/", super::FOLDER));
        let page = format!("{}{page}", k.config.base_url.as_deref().unwrap_or("/"));
        let body = desk.t.say("say.gaps.help_body", &[("page", &page)]);
        let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let url = if form.starts_with("mailto:") && !form.contains('?') {
            format!("{form}?subject={}&body={}", encoded(&subject), encoded(&body))
        } else {
            form.replace("{title}", &encoded(&subject)).replace("{body}", &encoded(&body)).replace("{page}", &encoded(&page))
        };
        Some(Help { url, label })
    }
}
