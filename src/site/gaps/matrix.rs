//! A map as a table, whole or with only some of it.

use super::{FOLDER, branch, cell_path, communities, item_path, map_path, map_title, mark, owners, step, title};
use crate::config::Segment as Divided;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::freshness::FreshnessState;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::axis::{KINDS, Subject};
use crate::knowledge::gaps::cells::{Cell, State};
use crate::knowledge::gaps::exact::{decimals, thousandths};
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::practices::Maturity;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::desk::Desk;
use crate::site::pages::{Page, dimension_name};
use crate::site::views::{BarPart, Choice, Filter, MatrixCell, MatrixColumn, MatrixRow, MatrixSection, MatrixView, Segment};
use crate::theme::Value;
use std::collections::BTreeMap;

/// What of the table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    All,
    /// What there is of a kind.
    Kind(Kind),
    /// The rows below this one, and itself.
    Branch(usize),
    /// Cells with a kind of gap.
    Gap(Gap),
    /// Cells that somebody sees to.
    Owner(EntryId),
    /// What there is of a community.
    Community(EntryId),
}

impl Only {
    /// Every page the table has.
    pub fn all(k: &Knowledge, map: &GapMap) -> Vec<Only> {
        let mut all = vec![Only::All];
        // Where columns are kinds, the table itself tells them apart.
        if !map.columns.is_kinds() {
            all.extend(KINDS.into_iter().filter(|kind| map.map.include.contains(kind)).map(Only::Kind));
        }
        let has_below = |at: &usize| map.rows.items[*at].parent.is_none() && map.rows.items[*at].end > at + 1;
        all.extend((0..map.rows.items.len()).filter(has_below).map(Only::Branch));
        all.extend(Gap::ALL.into_iter().filter(|gap| map.totals.of(*gap) > 0).map(Only::Gap));
        all.extend(owners(k, map).into_iter().map(Only::Owner));
        let communities = communities(k, map);
        if communities.len() > 1 {
            all.extend(communities.into_iter().map(Only::Community));
        }
        all
    }

    fn key(self) -> &'static str {
        match self {
            Only::All => "",
            Only::Kind(_) => "kind",
            Only::Branch(_) => "branch",
            Only::Gap(_) => "gap",
            Only::Owner(_) => "owner",
            Only::Community(_) => "community",
        }
    }

    /// What stands for it in an address.
    fn value(self, k: &Knowledge, map: &GapMap) -> String {
        match self {
            Only::All => String::new(),
            Only::Kind(kind) => kind.word().to_owned(),
            Only::Branch(at) => map.rows.items[at].slug.clone(),
            Only::Gap(gap) => gap.name().to_owned(),
            Only::Owner(id) | Only::Community(id) => crate::entries::names::slug(&k.entry(id).id),
        }
    }

    /// Its path below the map's.
    pub fn path(self, k: &Knowledge, map: &GapMap) -> String {
        match self {
            Only::All => "matrix/".into(),
            only => format!("matrix/{}/{}/", only.key(), crate::knowledge::paths::encoded(&only.value(k, map))),
        }
    }

    fn label(self, desk: &Desk, map: &GapMap) -> String {
        match self {
            Only::All => desk.t.get("say.gaps.filters.all").to_owned(),
            Only::Kind(kind) => desk.kind_plural(kind),
            Only::Branch(at) => title(desk, &map.rows.items[at]),
            Only::Gap(gap) => mark(desk, gap).word,
            Only::Owner(id) | Only::Community(id) => desk.k.entry(id).title.clone(),
        }
    }

    /// Whether a cell is shown, and how many of its entries count.
    fn shows(self, k: &Knowledge, map: &GapMap, cell: &Cell) -> Option<usize> {
        let n = |is: &dyn Fn(EntryId) -> bool| Some(cell.supply.iter().filter(|standing| is(standing.entry)).count()).filter(|n| *n > 0);
        match self {
            Only::All => Some(cell.n()),
            Only::Kind(kind) => n(&|id| k.kind(id) == kind),
            Only::Community(community) => n(&|id| k.said(id).communities.contains(&community)),
            Only::Branch(at) => (at..map.rows.items[at].end).contains(&cell.row).then(|| cell.n()),
            Only::Gap(gap) => (cell.open_gaps().has(gap)).then(|| cell.n()),
            Only::Owner(owner) => (cell.counts() && map.owner(k, cell) == Some(owner)).then(|| cell.n()),
        }
    }
}

impl Page<'_> {
    pub(super) fn matrix(&self, map: &GapMap, only: &Only) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let only = *only;
        let shown: Vec<Option<usize>> = map.cells.iter().map(|cell| only.shows(k, map, cell)).collect();
        let width = map.columns.items.len();
        let (mut rows, mut columns) = (vec![only == Only::All; map.rows.items.len()], vec![only == Only::All; width]);
        for (at, _) in shown.iter().enumerate().filter(|(_, shown)| shown.is_some()) {
            rows[at / width] = true;
            columns[at % width] = true;
        }
        let communities = communities(k, map);
        let numbers: BTreeMap<EntryId, usize> = communities.iter().enumerate().map(|(number, id)| (*id, number)).collect();
        let drawn = Drawn { page: self, map, communities: &numbers };
        let several_dimensions = map.rows.is_topics() && {
            let mut all: Vec<&Option<String>> = map.rows.items.iter().map(|item| &item.dimension).collect();
            all.sort_unstable();
            all.dedup();
            all.len() > 1
        };
        let mut sections: Vec<(Option<String>, Vec<MatrixRow>)> = Vec::new();
        for (at, item) in map.rows.items.iter().enumerate().filter(|(at, _)| rows[*at]) {
            let root = &map.rows.items[branch(&map.rows, at)];
            let section = root.dimension.as_ref().filter(|_| several_dimensions).map(|dimension| dimension_name(desk, dimension));
            let cells = (0..width).filter(|column| columns[*column]);
            let row = MatrixRow {
                id: item.slug.clone(),
                title: title(desk, item),
                path: item_path(desk, item),
                depth: item.depth,
                group: item.group,
                priority: item.priority,
                branch: root.slug.clone(),
                cells: cells.map(|column| drawn.cell(map.cell(at, column), shown[at * width + column])).collect(),
            };
            match sections.last_mut() {
                Some((title, rows)) if *title == section => rows.push(row),
                _ => sections.push((section, vec![row])),
            }
        }
        let view = MatrixView {
            caption: desk.t.say("say.gaps.caption", &[("map", &map_title(desk, map))]),
            rows_are: side_name(desk, &map.rows),
            columns_are: side_name(desk, &map.columns),
            columns: map
                .columns
                .items
                .iter()
                .enumerate()
                .filter(|(at, _)| columns[*at])
                .map(|(_, item)| MatrixColumn {
                    title: title(desk, item),
                    path: item_path(desk, item),
                    depth: item.depth,
                    group: item.group,
                    kind: match item.subject {
                        Subject::Kind(kind) => Some(kind.word()),
                        _ => None,
                    },
                    priority: item.priority,
                })
                .collect(),
            sections: sections.into_iter().map(|(title, rows)| MatrixSection { title, rows }).collect(),
            only: (only != Only::All).then(|| only.label(desk, map)),
            filters: self.filters(map, only),
            segments: segments(desk, map),
        };
        let title = desk.t.say("say.gaps.matrix_title", &[("map", &map_title(desk, map))]);
        let mut head = self.head("gap-matrix", &title);
        head.breadcrumb = self.gap_crumbs(Some(map));
        head.section = FOLDER.to_owned();
        if only != Only::All {
            head.title = desk.t.say("say.gaps.only_title", &[("title", &title), ("only", &only.label(desk, map))]);
            // The whole table says everything that a part of it does.
            head.noindex = true;
        }
        let way = (only == Only::All).then_some("matrix");
        self.render(head, vec![("map", Value::from_serializable(&self.map_head(map, way))), ("matrix", Value::from_serializable(&view))])
    }

    fn filters(&self, map: &GapMap, chosen: Only) -> Vec<Filter> {
        let (k, desk) = (self.k(), &self.desk);
        let all = Only::all(k, map);
        let keys = ["kind", "branch", "gap", "owner", "community"];
        let filter = |key: &'static str| {
            let choices: Vec<Choice> = all
                .iter()
                .filter(|only| only.key() == key)
                .map(|only| Choice {
                    value: only.value(k, map),
                    label: only.label(desk, map),
                    path: (*only != chosen).then(|| desk.path(&format!("{}{}", map_path(map), only.path(k, map)))),
                    chosen: *only == chosen,
                })
                .collect();
            (!choices.is_empty()).then(|| Filter { key, label: desk.t.get(&format!("say.gaps.filters.{key}")).to_owned(), choices })
        };
        keys.into_iter().filter_map(filter).collect()
    }
}

/// What is the same for all cells of a table.
struct Drawn<'p, 's> {
    page: &'p Page<'s>,
    map: &'p GapMap,
    communities: &'p BTreeMap<EntryId, usize>,
}

impl Drawn<'_, '_> {
    fn cell(&self, cell: &Cell, shown: Option<usize>) -> MatrixCell {
        let (k, desk) = (self.page.k(), &self.page.desk);
        let makes_sense = !matches!(cell.state, State::NotApplicable(_));
        let (kinds, communities) = self.counted(cell);
        MatrixCell {
            column: self.map.column(cell).slug.clone(),
            path: cell_path(self.map, cell).filter(|_| shown.is_some()).map(|path| desk.path(&path)),
            n: shown.unwrap_or(0),
            certain: cell.measures.certain,
            letters: if makes_sense { cell.gaps.letters() } else { String::new() },
            state: state(cell),
            step: step(cell),
            group: cell.group,
            text: if shown.is_some() { text(desk, self.map, cell) } else { String::new() },
            bar: if shown.is_some() { bar(k, self.map, cell) } else { Vec::new() },
            kinds,
            communities,
            owner: match self.map.owner(k, cell).filter(|_| cell.counts()) {
                Some(owner) => crate::entries::names::slug(&k.entry(owner).id),
                None => String::new(),
            },
            shown: shown.is_some(),
        }
    }

    /// How many of each kind, and how many of each kind in each community: `session2 practice1`, `0session2 1practice1`.
    fn counted(&self, cell: &Cell) -> (String, String) {
        let k = self.page.k();
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut communities: BTreeMap<(usize, Kind), usize> = BTreeMap::new();
        for standing in &cell.supply {
            let kind = k.entry(standing.entry).kind;
            *kinds.entry(kind).or_default() += 1;
            if self.communities.len() > 1 {
                let of = k.said(standing.entry).communities.iter().filter_map(|community| self.communities.get(community));
                of.for_each(|number| *communities.entry((*number, kind)).or_default() += 1);
            }
        }
        let kinds: Vec<String> = kinds.into_iter().map(|(kind, n)| format!("{}{n}", kind.word())).collect();
        let communities: Vec<String> = communities.into_iter().map(|((number, kind), n)| format!("{number}{}{n}", kind.word())).collect();
        (kinds.join(" "), communities.join(" "))
    }
}

/// How a cell is drawn: `not-applicable`, `accepted`, `absolute`, else `known`.
pub fn state(cell: &Cell) -> &'static str {
    match cell.state {
        State::NotApplicable(_) => "not-applicable",
        State::Accepted(_) => "accepted",
        State::Open if cell.gaps.has(Gap::Absolute) => "absolute",
        State::Open => "known",
    }
}

/// Everything a cell says, in words.
pub fn text(desk: &Desk, map: &GapMap, cell: &Cell) -> String {
    let t = desk.t;
    let (row, column) = (title(desk, map.row(cell)), title(desk, map.column(cell)));
    let mut said = Vec::new();
    match cell.state {
        State::NotApplicable(at) => said.push(t.say("say.gaps.text.not_applicable", &[("why", &map.map.not_applicable[at].why)])),
        _ => {
            let n = cell.n();
            said.push(if n == 0 { t.get("say.gaps.text.nothing").to_owned() } else { t.count("say.gaps.text.entries", n) });
            if cell.measures.certain < n {
                said.push(t.count("say.gaps.text.certain", cell.measures.certain));
            }
            said.push(t.say("say.gaps.text.coverage", &[("share", &decimals(thousandths(cell.measures.coverage)))]));
            if !cell.questions.is_empty() {
                said.push(t.count("say.gaps.text.questions", cell.questions.len()));
            }
            if let State::Accepted(at) = cell.state {
                said.push(t.say("say.gaps.text.accepted", &[("date", &t.date(map.map.accepted[at].until.value))]));
            }
            if !cell.gaps.is_empty() {
                let words: Vec<String> = cell.gaps.iter().map(|gap| mark(desk, gap).word).collect();
                said.push(t.say("say.gaps.text.gaps", &[("gaps", &words.join(", "))]));
            }
        }
    }
    t.say("say.gaps.text.cell", &[("row", &row), ("column", &column), ("said", &said.join("; "))])
}

/// What bars are divided by, in order: a class and a string.
fn divisions(map: &GapMap) -> Vec<(&'static str, &'static str)> {
    match map.map.segment {
        Divided::Kind => KINDS.into_iter().filter(|kind| map.map.include.contains(kind)).map(|kind| (kind.word(), "kind")).collect(),
        Divided::Maturity => [Maturity::Validated, Maturity::Documented, Maturity::Initial]
            .map(|maturity| (maturity.word(), "maturity"))
            .into_iter()
            .chain([("other", "gaps")])
            .collect(),
        Divided::Freshness => [
            FreshnessState::Current,
            FreshnessState::Exempt,
            FreshnessState::Due,
            FreshnessState::Undated,
            FreshnessState::Overdue,
            FreshnessState::Expired,
        ]
        .map(|freshness| (freshness.word(), "freshness"))
        .into(),
    }
}

fn segments(desk: &Desk, map: &GapMap) -> Vec<Segment> {
    let word = |code: &'static str, group: &str| match group {
        "kind" => Kind::from_word(code).map_or_else(String::new, |kind| desk.kind_plural(kind)),
        "gaps" => desk.t.get("say.gaps.other").to_owned(),
        group => desk.state(group, code).word,
    };
    divisions(map).into_iter().map(|(code, group)| Segment { code, word: word(code, group) }).collect()
}

/// The parts of a cell's bar: how its entries divide, in hundredths.
fn bar(k: &Knowledge, map: &GapMap, cell: &Cell) -> Vec<BarPart> {
    let n = cell.n() as i64;
    let part = |id: EntryId| match map.map.segment {
        Divided::Kind => k.kind(id).word(),
        Divided::Maturity if k.kind(id) == Kind::Practice => k.practice(id).map_or("other", |facts| facts.maturity.word()),
        Divided::Maturity => "other",
        Divided::Freshness => k.facts(id).freshness.state.word(),
    };
    let mut parts = Vec::new();
    let mut before = 0;
    for (code, _) in divisions(map) {
        let count = cell.supply.iter().filter(|standing| part(standing.entry) == code).count() as i64;
        if count > 0 {
            let (from, to) = (before * 100 / n, (before + count) * 100 / n);
            parts.push(BarPart { code, from, width: to - from });
            before += count;
        }
    }
    parts
}

pub fn side_name(desk: &Desk, side: &crate::knowledge::gaps::axis::Side) -> String {
    let mut dimensions: Vec<&String> = side.items.iter().filter_map(|item| item.dimension.as_ref()).collect();
    dimensions.sort_unstable();
    dimensions.dedup();
    match (dimensions.as_slice(), side.key()) {
        ([one], _) => dimension_name(desk, one),
        (_, key) => desk.t.get(&format!("say.gaps.sides.{}", key.unwrap_or("kinds"))).to_owned(),
    }
}
