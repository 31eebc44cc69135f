//! The gate: limits that a community holds its gaps to, for continuous checks (SPEC section 8).

use super::GapMap;
use super::cells::Cell;
use super::exact::{Exact, decimals, rounded, thousandths, whole};
use super::letters::Gap;
use super::mend::{Mend, lower, mend};
use super::snapshot::{self, Snapshot};
use crate::findings::{Finding, Place, catalogue};
use crate::knowledge::Knowledge;
use std::collections::HashMap;

/// How many cells are named beside a limit that is broken by more.
const NAMED: usize = 5;

/// What a limit of `max` is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Gap(Gap),
    Total,
    Score,
}

impl Limit {
    pub fn of(word: &str) -> Option<Limit> {
        match word {
            "total" => Some(Limit::Total),
            "score" => Some(Limit::Score),
            letter => Gap::of_letter(letter).map(Limit::Gap),
        }
    }
}

/// A share from 0 to 1 with up to three decimals, in thousandths: `0.4` is 400.
pub fn thousandths_of(share: &str) -> Option<i64> {
    let (whole, decimals) = share.split_once('.').unwrap_or((share, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 || (whole.is_empty() && decimals.is_empty()) {
        return None;
    }
    let share = format!("{whole:0>1}{decimals:0<3}").parse().ok()?;
    (0..=1000).contains(&share).then_some(share)
}

/// What the gate came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// One for each limit that is broken, in the order of the configuration.
    pub broken: Vec<Finding>,
    /// How many limits there are, on how many maps.
    pub limits: usize,
    pub maps: usize,
}

/// Holds the maps to the limits. The baseline is what the configuration names, where it could be read.
///
/// What is accepted until a day is under no limit on gaps; coverage and certainty are means over all cells that make sense.
pub fn check(k: &Knowledge, baseline: Option<&Snapshot>) -> Verdict {
    let gate = &k.config.gate;
    let maps: Vec<&GapMap> = k.maps().iter().filter(|map| gate.map.as_ref().is_none_or(|id| id.value == map.id())).collect();
    let at = |span| Place::new(&k.config.file, span);
    let mut verdict = Verdict { limits: gate.max.len() + gate.min.len() + gate.no_new.len(), maps: maps.len(), ..Verdict::default() };
    for map in &maps {
        for (name, most) in &gate.max {
            let broken = match Limit::of(name) {
                Some(Limit::Gap(gap)) => too_many(k, map, gap, most.value),
                Some(Limit::Total) => too_many_in_all(k, map, most.value),
                Some(Limit::Score) => too_high(k, map, most.value),
                None => None,
            };
            verdict.broken.extend(broken.map(|(title, help)| catalogue::gate_max(at(most.span), title, help)));
        }
        for (key, least) in &gate.min {
            let Some(wanted) = thousandths_of(least) else { continue };
            let broken = if *key == "coverage" { uncovered(k, map, wanted) } else { uncertain(k, map, wanted) };
            verdict.broken.extend(broken.map(|(title, help)| catalogue::gate_min(at(least.span), title, help)));
        }
        let Some(baseline) = baseline else { continue };
        let known = snapshot::known_gaps(baseline);
        let known = known.get(map.id());
        for letter in &gate.no_new {
            let Some(gap) = Gap::of_letter(letter) else { continue };
            let new = |cell: &&Cell| {
                let (row, column) = (map.row(cell).id.as_str(), map.column(cell).id.as_str());
                cell.open_gaps().has(gap) && !known.is_some_and(|known| known.contains(&(row, column, gap)))
            };
            let cells: Vec<&Cell> = map.cells.iter().filter(new).collect();
            if !cells.is_empty() {
                let title =
                    format!("The map `{}` has {} that the baseline of {} does not have.", map.id(), gaps(cells.len(), gap), baseline.today);
                let help = mends(k, map, cells.len(), cells.into_iter().map(|cell| (cell, gap)).collect());
                verdict.broken.push(catalogue::gate_new(at(letter.span), title, help));
            }
        }
    }
    verdict
}

type Broken = (String, Vec<String>);

fn too_many(k: &Knowledge, map: &GapMap, gap: Gap, most: i64) -> Option<Broken> {
    let mut cells: Vec<&Cell> = map.cells.iter().filter(|cell| cell.open_gaps().has(gap)).collect();
    let excess = cells.len() as i64 - most;
    if excess <= 0 {
        return None;
    }
    cells.sort_by_key(|cell| easiest(cell));
    let title = format!("The map `{}` has {}, and at most {most} may be.", map.id(), gaps(cells.len(), gap));
    Some((title, mends(k, map, excess as usize, cells.into_iter().map(|cell| (cell, gap)).collect())))
}

fn too_many_in_all(k: &Knowledge, map: &GapMap, most: i64) -> Option<Broken> {
    let excess = map.totals.all_gaps() as i64 - most;
    if excess <= 0 {
        return None;
    }
    // An edit of what is there opens no gap elsewhere; a new entry may, where it has one source or no evidence.
    let writes = |gap: Gap| matches!(gap, Gap::Absolute | Gap::Thin | Gap::Shortfall | Gap::Synthesis | Gap::Use);
    let mut all: Vec<(&Cell, Gap)> = map.cells.iter().flat_map(|cell| cell.open_gaps().iter().map(move |gap| (cell, gap))).collect();
    all.sort_by_key(|(cell, gap)| (writes(*gap), easiest(cell), *gap as usize));
    let title = format!("The map `{}` has {} gaps in all, and at most {most} may be.", map.id(), map.totals.all_gaps());
    Some((title, mends(k, map, excess as usize, all)))
}

fn too_high(k: &Knowledge, map: &GapMap, most: i64) -> Option<Broken> {
    let over: Vec<&Cell> = map
        .register
        .iter()
        .map(|at| &map.cells[*at])
        .filter(|cell| !cell.open_gaps().is_empty() && rounded(cell.measures.score) > most)
        .collect();
    let highest = over.first()?;
    let title = format!(
        "In the map `{}`, {} with a score over {most}; the highest is {}.",
        map.id(),
        if over.len() == 1 { "there is one cell".to_owned() } else { format!("there are {} cells", over.len()) },
        rounded(highest.measures.score)
    );
    let steps = over.iter().map(|cell| step(map, &[cell], &lower(k, map, cell, most)));
    Some((title, with(help(map, "Each of these has to come down:", over.len(), steps.take(NAMED).collect()), or_accept(k))))
}

fn uncovered(k: &Knowledge, map: &GapMap, wanted: i64) -> Option<Broken> {
    if map.totals.coverage >= wanted {
        return None;
    }
    let mut cells: Vec<&Cell> = map.cells.iter().filter(|cell| cell.counts() && cell.measures.coverage < whole(1)).collect();
    // Where most is won with one cell comes first; of equals, where least has to be written.
    cells.sort_by_key(|cell| (cell.measures.coverage, cell.measures.target, cell.row, cell.column));
    let mut missing = Exact::new(i128::from(wanted - map.totals.coverage), 1000) * whole(map.totals.cells as i64);
    let mut needed = 0;
    for cell in &cells {
        if missing <= whole(0) {
            break;
        }
        missing -= whole(1) - cell.measures.coverage;
        needed += 1;
    }
    let title = format!(
        "The mean coverage of the map `{}` is {}, and at least {} is wanted.",
        map.id(),
        decimals(map.totals.coverage),
        decimals(wanted)
    );
    let intro = if needed == 1 {
        "Covering one cell in full is enough:".to_owned()
    } else {
        format!("Covering {needed} cells in full is enough, such as these:")
    };
    let steps = cells.iter().map(|cell| step(map, &[cell], &mend(k, map, cell, Gap::Shortfall)));
    Some((title, help(map, &intro, needed, steps.take(needed.min(NAMED)).collect())))
}

fn uncertain(k: &Knowledge, map: &GapMap, wanted: i64) -> Option<Broken> {
    if map.totals.certain >= wanted {
        return None;
    }
    let title = format!(
        "In the map `{}`, a mean share of {} is certainly placed, and at least {} is wanted.",
        map.id(),
        decimals(map.totals.certain),
        decimals(wanted)
    );
    // An entry that names many rows and columns makes most cells uncertain.
    let mut inferred: Vec<_> = map.counted.iter().filter(|counted| !counted.certain).collect();
    inferred.sort_by_key(|counted| (std::cmp::Reverse(counted.cells.len()), counted.entry));
    let help = inferred.iter().take(NAMED).map(|counted| {
        let (row, column) = counted.cells[0];
        format!(
            "`{}` stands in {} cells because it names several rows and several columns. Say which it is about: `[[cells]]` with `map = \"{}\"`, `row = \"{}\"`, `col = \"{}\"`.",
            k.entry(counted.entry).at.file,
            counted.cells.len(),
            map.id(),
            map.rows.items[row].id,
            map.columns.items[column].id
        )
    });
    Some((title, help.collect()))
}

/// "12 absolute gaps (A)".
fn gaps(count: usize, gap: Gap) -> String {
    format!("{count} {} of the kind {} ({})", if count == 1 { "gap" } else { "gaps" }, gap.word(), gap.name())
}

/// What wants least work first: the smallest weight missing.
fn easiest(cell: &Cell) -> (i64, usize, usize) {
    let missing = whole(cell.measures.target) - Exact::new(i128::from(cell.measures.value), 8);
    (thousandths(missing).max(0), cell.row, cell.column)
}

/// How to close as many gaps as are needed, each with its files. One edit that closes several comes first.
fn mends(k: &Knowledge, map: &GapMap, needed: usize, all: Vec<(&Cell, Gap)>) -> Vec<String> {
    let mut edits: Vec<(Mend, Vec<&Cell>)> = Vec::new();
    let mut at: HashMap<(String, Vec<String>), usize> = HashMap::new();
    for (cell, gap) in &all {
        let mend = mend(k, map, cell, *gap);
        let key = (mend.change.clone(), mend.files.clone());
        match at.get(&key) {
            Some(at) => edits[*at].1.push(cell),
            None => {
                at.insert(key, edits.len());
                edits.push((mend, vec![cell]));
            }
        }
    }
    edits.sort_by_key(|(_, cells)| std::cmp::Reverse(cells.len()));
    let mut left = needed;
    let enough: Vec<String> = edits
        .iter()
        .take_while(|(_, cells)| {
            let wanted = left > 0;
            left = left.saturating_sub(cells.len());
            wanted
        })
        .map(|(mend, cells)| step(map, cells, mend))
        .collect();
    let intro = match (enough.len(), edits.len()) {
        (1, 1) => "This edit is enough:".to_owned(),
        (1, _) => "One edit is enough, such as this:".to_owned(),
        (edits, of) if edits == of => "All of these are needed:".to_owned(),
        (edits, _) => format!("{edits} edits are enough, such as these:"),
    };
    let needed = enough.len();
    with(help(map, &intro, needed, enough.into_iter().take(NAMED).collect()), or_accept(k))
}

/// What to do for some cells, and in which files.
fn step(map: &GapMap, cells: &[&Cell], mend: &Mend) -> String {
    let files: Vec<String> = mend.files.iter().map(|file| format!("`{file}`")).collect();
    let named: Vec<String> = cells.iter().take(NAMED).map(|cell| format!("`{}` × `{}`", map.row(cell).id, map.column(cell).id)).collect();
    let more = cells.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}: {} ({})", named.join(", "), mend.change, files.join(", "))
}

/// The steps under a sentence that says how many of them it takes.
fn help(map: &GapMap, intro: &str, needed: usize, steps: Vec<String>) -> Vec<String> {
    let left = needed.saturating_sub(steps.len());
    let mut help = vec![intro.to_owned()];
    help.extend(steps);
    if left > 0 {
        help.push(format!("And {left} more: `folkmoot gaps --map {} --top {}` lists all gaps.", map.id(), map.register.len()));
    }
    help
}

fn with(mut help: Vec<String>, more: String) -> Vec<String> {
    help.push(more);
    help
}

/// The way out for gaps; means are taken over what is accepted as well.
fn or_accept(k: &Knowledge) -> String {
    format!("Or accept one until a day, in `{}`: `[[maps.accepted]]` with `row`, `col`, `until`, `why` and `owner`.", k.config.file)
}
