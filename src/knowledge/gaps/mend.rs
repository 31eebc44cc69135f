//! What closes a gap: which files to edit, and the smallest thing to write in them.

use super::cells::{self, Cell, GOOD_GRADE, Standing};
use super::exact::{Exact, rounded, whole};
use super::letters::Gap;
use super::placement::Part;
use super::{GapMap, axis::Subject};
use crate::entries::Entry;
use crate::kinds::Kind;
use crate::knowledge::references::Part as Role;
use crate::knowledge::{EntryId, Knowledge};

/// How many files are named for one gap: more than one gets done at a time help nobody.
const NAMED: usize = 3;

/// What closes one gap of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// Files to edit, from the project's folder; a new one first, where one has to be written.
    pub files: Vec<String>,
    /// What to write there, in a sentence.
    pub change: String,
}

/// What closes a gap of a cell.
pub fn mend(k: &Knowledge, map: &GapMap, cell: &Cell, gap: Gap) -> Mend {
    let all: Vec<EntryId> = cell.supply.iter().map(|standing| standing.entry).collect();
    let practices = || whole_row(k, map, cell).into_iter().filter(|id| k.kind(*id) == Kind::Practice);
    let file = |id: EntryId| k.entry(id).at.file.to_string();
    let files = |ids: &mut dyn Iterator<Item = EntryId>| -> Vec<String> { ids.map(file).take(NAMED).collect() };
    let (files, change) = match gap {
        Gap::Absolute | Gap::Thin | Gap::Shortfall => return supply_more(k, map, cell, gap),
        Gap::Synthesis => match practices().min_by_key(|id| !k.facts(*id).freshness.is_current()) {
            Some(practice) if k.facts(practice).freshness.is_current() => (
                vec![new_file(Kind::CaseStudy)],
                format!("Write one case study with `practices = [\"{}\"]`, so that the practice is documented.", k.entry(practice).id),
            ),
            Some(practice) => (vec![file(practice)], review_line(k)),
            None => (
                vec![new_file(Kind::Practice), new_file(Kind::CaseStudy)],
                format!("Write one practice with {}, and a case study that names it in `practices`.", names(map, cell)),
            ),
        },
        Gap::Evidence => (
            files(&mut practices()),
            format!("Add `[[evidence]]` with `grade = {GOOD_GRADE}` or better to one of them, with its `claim` and `source`."),
        ),
        Gap::Use => {
            let unused: Vec<EntryId> = practices().filter(|id| is_unused(k, *id)).collect();
            let ids: Vec<String> = unused.iter().map(|id| format!("`\"{}\"`", k.entry(*id).id)).collect();
            let mut named = vec![new_file(Kind::CaseStudy)];
            named.extend(files(&mut unused.into_iter()));
            (named, format!("Write a case study that has {} in `practices`.", ids.join(" and ")))
        }
        Gap::Stale => {
            let stale = || all.iter().copied().filter(|id| k.facts(*id).freshness.state.is_overdue());
            (files(&mut stale()), review_line(k))
        }
        Gap::Unanswered => {
            let waiting = cell.questions.iter().copied().filter(|id| cells::waits_too_long(k, *id));
            (
                files(&mut waiting.into_iter()),
                "Write an `answer`, name what answers it in `answers`, or set `status = \"parked\"`.".to_owned(),
            )
        }
        Gap::MissingVoice => {
            let voices: Vec<String> = cell.measures.missing_voices.iter().map(|voice| format!("`\"{}\"`", k.entry(*voice).id)).collect();
            let lacks = voices.join(", ");
            (
                files(&mut all.iter().copied()),
                format!("Hear {lacks}: write an entry about it with them, or add them to `voices` of one of these where they spoke."),
            )
        }
        Gap::AtRisk => match cell.measures.experts.is_empty() && cell.measures.people.len() == 1 {
            true => (
                files(&mut cell.measures.people.iter().copied()),
                format!("Name somebody else as knowing: add one of {} to a colleague's `expertise`.", ids(map, cell)),
            ),
            false => (
                files(&mut all.iter().copied()),
                "Write an entry from a second organization, or add one to `organizations` of these where it had a part.".to_owned(),
            ),
        },
        Gap::Conflicting => {
            let here: Vec<EntryId> = practices().collect();
            let against =
                |id: &EntryId| k.practice(*id).is_some_and(|facts| facts.contradicted_by.iter().any(|other| here.contains(other)));
            (
                files(&mut here.iter().copied().filter(against)),
                "Decide which advice holds: set `superseded_by` on the other, or say in both when each applies and take out `contradicts`."
                    .to_owned(),
            )
        }
        Gap::Access => {
            let closed = all.iter().copied().filter(|id| cells::Supply::of(k, *id, 0).closed);
            (files(&mut closed.into_iter()), "Add `[[materials]]` of the type \"captions\" or \"transcript\".".to_owned())
        }
    };
    Mend { files, change }
}

/// What brings the score of a cell down to the most it may be: the least weight that does it, then the answers to its
/// questions, then its missing voices. What else a new entry may change, such as a second organization, is not counted on.
pub fn lower(k: &Knowledge, map: &GapMap, cell: &Cell, most: i64) -> Mend {
    let m = &cell.measures;
    let after = |weight: i64, questions: usize, missing: usize| {
        let covered = cells::coverage(m.value + 8 * weight, m.target);
        let single = cell.n() > 0 && m.organizations.len() == 1;
        let risk = cells::risk(m.stale, m.weight + 2 * weight, missing, m.required_voices.len(), single);
        rounded(cells::score(cell.priority, covered, cells::demand(questions), risk))
    };
    let full = missing_weight(m.value, whole(m.target)) * i64::from(m.coverage < whole(1));
    let (asked, missing) = (cell.questions.len(), m.missing_voices.len());
    let tries = [(asked, missing), (0, missing), (0, 0)];
    let found = tries.into_iter().find_map(|(questions, missing)| {
        (0..=full).find(|weight| after(*weight, questions, missing) <= most).map(|weight| (weight, questions, missing))
    });
    // Where all of that is not enough, it is the best that can be said.
    let (weight, questions, left) = found.unwrap_or((full, 0, 0));
    let (mut files, mut changes) = (Vec::new(), Vec::new());
    if weight > 0 {
        files.push(new_file(heaviest(map, cell)));
        changes.push(new_entries(k, map, cell, weight));
    }
    if questions < asked {
        files.extend(cell.questions.iter().take(NAMED).map(|id| k.entry(*id).at.file.to_string()));
        changes.push("Answer what is asked.".to_owned());
    }
    if left < missing {
        changes.push(mend(k, map, cell, Gap::MissingVoice).change);
    }
    if found.is_none() {
        changes.push("Review what is overdue, and bring in a second organization.".to_owned());
        files.extend(cell.supply.iter().take(NAMED).map(|standing| k.entry(standing.entry).at.file.to_string()));
    }
    if files.is_empty() {
        files.extend(cell.supply.iter().take(NAMED).map(|standing| k.entry(standing.entry).at.file.to_string()));
    }
    Mend { files, change: changes.join(" ") }
}

/// What fills a cell that has nothing, or too little.
fn supply_more(k: &Knowledge, map: &GapMap, cell: &Cell, gap: Gap) -> Mend {
    let m = &cell.measures;
    let enough = if gap == Gap::Thin { Exact::new(i128::from(m.target), 2) } else { whole(m.target) };
    // Anything at all ends an absolute gap.
    let wanted = if gap == Gap::Absolute { 1 } else { missing_weight(m.value, enough) };
    // What is there and only waits for a review counts whole again once it has one.
    let asleep: Vec<&Standing> = cell.supply.iter().filter(|standing| k.facts(standing.entry).freshness.state.is_overdue()).collect();
    let gained: i64 = asleep
        .iter()
        .map(|standing| {
            let halves = map.map.weight(k.entry(standing.entry).kind) * if standing.certain { 2 } else { 1 };
            halves * (4 - cells::quarters(k.facts(standing.entry).freshness.state))
        })
        .sum();
    if !asleep.is_empty() && Exact::new(i128::from(m.value + gained), 8) >= enough {
        let files = asleep.iter().map(|standing| k.entry(standing.entry).at.file.to_string()).take(NAMED).collect();
        return Mend { files, change: review_line(k) };
    }
    // An entry that names one side and not the other may only lack a word.
    let near: Vec<EntryId> = map
        .counted
        .iter()
        .filter(|counted| counted.part == Part::Supply)
        .filter(|counted| counted.margin.as_ref().is_some_and(|(rows, columns)| rows.contains(&cell.row) || columns.contains(&cell.column)))
        .map(|counted| counted.entry)
        .take(NAMED)
        .collect();
    let mut files = vec![new_file(heaviest(map, cell))];
    files.extend(near.iter().map(|id| k.entry(*id).at.file.to_string()));
    let or = if near.is_empty() { "" } else { " The other files name one of the two already: add the second where it is about both." };
    Mend { files, change: format!("{}{or}", new_entries(k, map, cell, wanted)) }
}

/// The whole weight that is missing, in entries that are certain and current.
fn missing_weight(value_in_eighths: i64, wanted: Exact) -> i64 {
    let missing = wanted - Exact::new(i128::from(value_in_eighths), 8);
    (missing.ceil().to_integer() as i64).max(1)
}

/// The kind that fills a cell with the fewest entries.
fn heaviest(map: &GapMap, cell: &Cell) -> Kind {
    if let Subject::Kind(kind) = map.column(cell).subject {
        return kind;
    }
    // Only sessions belong to a series.
    if [&map.rows, &map.columns].into_iter().any(|side| side.key() == Some("series")) {
        return Kind::Session;
    }
    let kinds = super::axis::KINDS.into_iter().filter(|kind| map.map.include.contains(kind));
    kinds.max_by_key(|kind| map.map.weight(*kind)).unwrap_or(Kind::Practice)
}

/// "Write 2 practices with `topics = [\"a\", \"b\"]`."
fn new_entries(k: &Knowledge, map: &GapMap, cell: &Cell, weight: i64) -> String {
    let kind = heaviest(map, cell);
    let each = map.map.weight(kind).max(1);
    let count = (weight + each - 1) / each;
    let word = kind.word().replace('-', " ");
    let what = match (count, kind) {
        (1, _) => format!("one {word}"),
        (n, Kind::CaseStudy) => format!("{n} case studies"),
        (n, _) => format!("{n} {word}s"),
    };
    // So written, it opens no other gap: it counts whole, has two sources, and is told with those who know.
    let voices: Vec<String> = cell.measures.missing_voices.iter().map(|voice| format!("\"{}\"", k.entry(*voice).id)).collect();
    let voices = if voices.is_empty() { String::new() } else { format!(", `voices = [{}]` who had a part in it", voices.join(", ")) };
    let day = if kind == Kind::Session { "`start`" } else { "`date`" };
    let sound = match kind {
        Kind::Practice => format!(", its {day}, two `organizations`{voices}, and `[[evidence]]` of `grade = 2` or better"),
        _ => format!(", its {day}{voices} and two `organizations`"),
    };
    format!("Write {what} with {}{sound}.", names(map, cell))
}

/// The keys that put an entry into a cell.
fn names(map: &GapMap, cell: &Cell) -> String {
    let (row, column) = (&map.row(cell).id, &map.column(cell).id);
    // A session belongs to one series; of everything else there can be several.
    let line = |key: &str, id: &str| if key == "series" { format!("`series = \"{id}\"`") } else { format!("`{key} = [\"{id}\"]`") };
    match (map.rows.key(), map.columns.key()) {
        (Some(one), Some(other)) if one == other => format!("`{one} = [\"{row}\", \"{column}\"]`"),
        (Some(one), Some(other)) => format!("{} and {}", line(one, row), line(other, column)),
        (one, other) => line(one.or(other).unwrap_or("topics"), if one.is_some() { row } else { column }),
    }
}

fn ids(map: &GapMap, cell: &Cell) -> String {
    match map.column(cell).subject {
        Subject::Kind(_) => format!("`\"{}\"`", map.row(cell).id),
        _ => format!("`\"{}\"`, `\"{}\"`", map.row(cell).id, map.column(cell).id),
    }
}

fn new_file(kind: Kind) -> String {
    format!("content/{}/…", kind.folder())
}

fn review_line(k: &Knowledge) -> String {
    format!("Look at it again, and add `[[review.log]]` with `on = {}` and `checked = [\"…\"]`.", k.today)
}

/// Everything known in the row where columns are kinds, else in the cell.
fn whole_row(k: &Knowledge, map: &GapMap, cell: &Cell) -> Vec<EntryId> {
    let cells: Vec<&Cell> =
        if map.columns.is_kinds() { (0..map.columns.items.len()).map(|column| map.cell(cell.row, column)).collect() } else { vec![cell] };
    let mut all: Vec<EntryId> = cells.iter().flat_map(|cell| cell.supply.iter().map(|standing| standing.entry)).collect();
    all.sort_by_key(|id| (k.kind(*id), *id));
    all.dedup();
    all
}

fn is_unused(k: &Knowledge, practice: EntryId) -> bool {
    let entry: &Entry = k.entry(practice);
    let strong = entry.practice().is_some_and(|own| i64::from(own.grade()) >= cells::STRONG_GRADE);
    strong && k.referring(practice, Role::Tried).all(|from| k.kind(from) != Kind::CaseStudy)
}
