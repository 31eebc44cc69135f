//! Which entries a map counts, and which cells each of them stands in.

use super::axis::{KINDS, Side};
use crate::config::Map;
use crate::entries::front_matter::Cell as Written;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, Knowledge};
use rayon::prelude::*;

/// What an entry is to a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Something the community knows.
    Supply,
    /// A session that is still to come.
    Planned,
    /// Something somebody asked and nobody has answered, or not wholly.
    Question,
}

impl Part {
    pub const fn word(self) -> &'static str {
        match self {
            Part::Supply => "supply",
            Part::Planned => "planned",
            Part::Question => "question",
        }
    }
}

/// One thing that a map counts.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The entry; of a session that only follows from a recurrence, its series.
    pub entry: EntryId,
    pub kind: Kind,
    pub part: Part,
    /// Of planned sessions.
    pub occasion: Option<Occasion>,
    /// The cells it names or follows from what it names, as row, column; those above them not included.
    pub cells: Vec<(usize, usize)>,
    /// Whether there is no doubt about them: few rows or few columns, or its author said so.
    pub certain: bool,
    /// What it names of rows and of columns, where it names only one side.
    pub margin: Option<(Vec<usize>, Vec<usize>)>,
}

/// Everything a map counts and where it stands, in the order of kinds and ids.
///
/// An entry stands in the cells its front matter names for this map; else in the cross product of its rows and columns,
/// which is certain unless there are several of both. Where columns are kinds, a question stands in the practice column.
pub fn counted(k: &Knowledge, map: &Map, rows: &Side, columns: &Side) -> Vec<Counted> {
    let mut all = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| map.include.contains(kind)) {
        for id in k.listed(kind).filter(|id| !k.is_retired(*id)) {
            let (part, occasion) = match k.session(id).map(|facts| facts.state) {
                None | Some(SessionState::Held) => (Part::Supply, None),
                Some(SessionState::Scheduled | SessionState::Tentative) => (Part::Planned, Some(Occasion::Session(id))),
                Some(_) => continue,
            };
            all.push(Counted { occasion, ..new(id, kind, part) });
        }
    }
    if map.include.contains(&Kind::Session) {
        for series in k.listed(Kind::Series).filter(|series| !k.is_retired(*series)) {
            let coming = k.planned_of(series).filter(|occasion| {
                let planned = k.planned(*occasion).is_some_and(|planned| planned.times.last >= k.today);
                planned && matches!(k.occasion_state(*occasion), SessionState::Scheduled | SessionState::Tentative)
            });
            for occasion in coming {
                all.push(Counted { occasion: Some(occasion), ..new(series, Kind::Session, Part::Planned) });
            }
        }
    }
    if map.include.contains(&Kind::Question) {
        for id in k.listed(Kind::Question).filter(|id| !k.is_retired(*id) && k.is_open_question(*id)) {
            all.push(new(id, Kind::Question, Part::Question));
        }
    }
    all.into_par_iter().map(|counted| placed(k, map, rows, columns, counted)).collect()
}

fn new(entry: EntryId, kind: Kind, part: Part) -> Counted {
    Counted { entry, kind, part, occasion: None, cells: Vec::new(), certain: true, margin: None }
}

fn placed(k: &Knowledge, map: &Map, rows: &Side, columns: &Side, mut counted: Counted) -> Counted {
    let entry = k.entry(counted.entry);
    // A question asks for what works, whatever has been said so far.
    let asks = counted.kind == Kind::Question && columns.is_kinds();
    let written = |cell: &Written| {
        let of_map = cell.map.as_ref().is_some_and(|id| id.value == map.id.value);
        let (row, column) = (cell.row.as_ref()?, cell.col.as_ref()?);
        let column = if asks { columns.of_kind(Kind::Practice) } else { columns.named(k, column) };
        Some((rows.named(k, row)?, column?)).filter(|_| of_map)
    };
    counted.cells = entry.common.cells.iter().filter_map(written).collect();
    if !counted.cells.is_empty() {
        counted.cells.sort_unstable();
        counted.cells.dedup();
        return counted;
    }
    let topics = topics_of(k, counted.entry);
    let in_rows = rows.values(k, counted.entry, counted.kind, topics);
    let in_columns = columns.values(k, counted.entry, if asks { Kind::Practice } else { counted.kind }, topics);
    counted.certain = in_rows.len() <= 1 || in_columns.len() <= 1;
    counted.cells = in_rows.iter().flat_map(|row| in_columns.iter().map(move |column| (*row, *column))).collect();
    if in_rows.is_empty() != in_columns.is_empty() {
        counted.margin = Some((in_rows, in_columns));
    }
    counted
}

/// The topics of an entry; a question that names none has those of the session it was asked in.
fn topics_of(k: &Knowledge, id: EntryId) -> &[EntryId] {
    let entry = k.entry(id);
    let session = entry.question().filter(|_| entry.common.topics.is_empty()).and_then(|question| question.asked_in.as_ref());
    let session = session.and_then(|session| k.target(id, session)).filter(|session| k.is_listed(*session));
    &k.said(session.unwrap_or(id)).topics
}
