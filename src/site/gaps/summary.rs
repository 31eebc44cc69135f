//! Maps for people at a terminal and for programs behind a pipe.

use super::{Data, eppi, line, map_title, mark, report, title};
use crate::knowledge::gaps::exact::{decimals, rounded, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::gaps::snapshot::Snapshot;
use crate::site::Site;

/// A map in a form for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapForm {
    Json,
    Csv,
    Report,
    /// What EPPI-Mapper takes in: as large as all entries of the map, so it is made only when somebody asks for it.
    Eppi,
}

/// A map at a glance.
#[derive(Debug, Clone)]
pub struct GapSummary {
    pub id: String,
    pub title: String,
    pub today: String,
    /// Its numbers in a sentence.
    pub numbers: String,
    /// How many cells have each kind of gap: `A 42 Nothing known, …`.
    pub gaps: String,
    /// What should be looked at first.
    pub lines: Vec<GapSummaryLine>,
    /// How many more cells have gaps.
    pub more: usize,
}

#[derive(Debug, Clone)]
pub struct GapSummaryLine {
    pub score: i64,
    pub cell: String,
    pub letters: String,
    /// `7 (5 certain)`.
    pub known: String,
    pub coverage: String,
    /// In days.
    pub age: Option<i64>,
    pub owner: Option<String>,
    pub next: String,
}

impl Site {
    /// A map by its number, in a form for a file.
    pub fn gaps_as(&self, map: usize, form: GapForm) -> String {
        let (desk, map) = (self.desk(), &self.knowledge.maps()[map]);
        match form {
            GapForm::Json => Data::Json.text(&desk, map),
            GapForm::Csv => Data::Csv.text(&desk, map),
            GapForm::Report => Data::Report.text(&desk, map),
            GapForm::Eppi => eppi::report(&desk, map),
        }
    }

    /// What changed in a map since a snapshot, as Markdown.
    pub fn gaps_since(&self, map: usize, then: &Snapshot) -> String {
        let (desk, map) = (self.desk(), &self.knowledge.maps()[map]);
        format!("# {}\n\n{}", crate::entries::markdown::escaped(&map_title(&desk, map)), report::since_text(&desk, map, then))
    }

    /// A map at a glance, with the first of its cells.
    pub fn gap_summary(&self, map: usize, most: usize) -> GapSummary {
        let (desk, map) = (self.desk(), &self.knowledge.maps()[map]);
        let k = &self.knowledge;
        let totals = &map.totals;
        let numbers = [
            ("cells", totals.cells.to_string()),
            ("gaps", totals.with_gaps.to_string()),
            ("coverage", format!("{} %", super::percent(totals.coverage))),
        ];
        let numbers: Vec<(&str, &str)> = numbers.iter().map(|(key, number)| (*key, number.as_str())).collect();
        let gaps = Gap::ALL.into_iter().filter(|gap| totals.of(*gap) > 0);
        let gaps: Vec<String> =
            gaps.map(|gap| format!("{} {} {}", gap.word(), totals.of(gap), mark(&desk, gap).word.to_lowercase())).collect();
        let lines = map.register.iter().take(most).map(|at| {
            let cell = &map.cells[*at];
            let (n, certain) = (cell.n(), cell.measures.certain);
            GapSummaryLine {
                score: rounded(cell.measures.score),
                cell: format!("{} × {}", title(&desk, map.row(cell)), title(&desk, map.column(cell))),
                letters: cell.gaps.letters(),
                known: if certain == n { n.to_string() } else { format!("{n} ({certain} certain)") },
                coverage: decimals(thousandths(cell.measures.coverage)),
                age: cell.age(k.today),
                owner: map.owner(k, cell).map(|owner| k.entry(owner).title.clone()),
                next: cell.gaps.first().map(|gap| line::next_step(&desk, map, cell, gap)).unwrap_or_default(),
            }
        });
        GapSummary {
            id: map.id().to_owned(),
            title: map_title(&desk, map),
            today: k.today.to_string(),
            numbers: desk.t.say("say.gaps.picture_about", &numbers),
            gaps: gaps.join(", "),
            lines: lines.collect(),
            more: map.register.len().saturating_sub(most),
        }
    }
}
