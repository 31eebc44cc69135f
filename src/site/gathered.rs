//! What belongs to a place or to a year, whatever its kind.

use super::desk::Desk;
use super::lists::Listed;
use super::pages::Page;
use super::registers::What;
use super::views::{Group, ListView};
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge, paths, topics};
use crate::theme::Value;
use std::collections::{BTreeMap, HashMap};

/// What entries are gathered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gathering {
    /// A place, by its number among all.
    Place(usize),
    Year(i16),
}

impl Gathering {
    /// The path of its first page.
    pub fn path(self, k: &Knowledge) -> String {
        match self {
            Gathering::Place(at) => format!("places/{}/", paths::encoded(&k.places.all[at].slug)),
            Gathering::Year(year) => format!("years/{year}/"),
        }
    }

    pub fn title(self, k: &Knowledge) -> String {
        match self {
            Gathering::Place(at) => k.places.all[at].name.clone(),
            Gathering::Year(year) => year.to_string(),
        }
    }

    const fn what(self) -> What {
        match self {
            Gathering::Place(_) => What::Places,
            Gathering::Year(_) => What::Years,
        }
    }
}

/// Everything gathered: by place in parts for each kind, by year in parts for each month.
pub fn gathered(desk: &Desk) -> HashMap<Gathering, Listed> {
    let k = desk.k;
    let length = k.config.page_length;
    let places =
        k.places.all.iter().enumerate().map(|(at, place)| (Gathering::Place(at), Listed::new(by_kind(desk, &place.entries), length)));
    let years = by_year(k).into_iter().map(|(year, ids)| (Gathering::Year(year), Listed::new(by_month(desk, ids), length)));
    places.chain(years).collect()
}

/// The kinds of some entries, in their usual order, each once.
pub fn kinds_of(k: &Knowledge, ids: &[EntryId]) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| ids.iter().any(|id| k.kind(*id) == *kind)).collect()
}

fn by_kind(desk: &Desk, ids: &[EntryId]) -> Vec<(String, Vec<EntryId>)> {
    let of = |kind: Kind| ids.iter().copied().filter(|id| desk.k.kind(*id) == kind).collect();
    kinds_of(desk.k, ids).into_iter().map(|kind| (desk.kind_plural(kind), of(kind))).collect()
}

/// Listed entries that have a day of their own, by its year, newest first.
pub fn by_year(k: &Knowledge) -> BTreeMap<i16, Vec<EntryId>> {
    let mut years: BTreeMap<i16, Vec<EntryId>> = BTreeMap::new();
    for id in topics::COUNTED.into_iter().flat_map(|kind| k.listed(kind)) {
        if let Some(day) = k.day(id) {
            years.entry(day.year()).or_default().push(id);
        }
    }
    years.values_mut().for_each(|ids| k.newest_first(ids));
    years
}

fn by_month(desk: &Desk, ids: Vec<EntryId>) -> Vec<(String, Vec<EntryId>)> {
    let month = |id: &EntryId| desk.k.day(*id).map(|day| (day.year(), day.month()));
    let title = |id: EntryId| desk.k.day(id).map(|day| desk.t.month(day)).unwrap_or_default();
    ids.chunk_by(|a, b| month(a) == month(b)).map(|ids| (title(ids[0]), ids.to_vec())).collect()
}

impl Page<'_> {
    /// A page of what belongs to a place or to a year.
    pub fn gathered(&self, gathering: Gathering, number: usize) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let listed = &self.site.plan().gathered[&gathering];
        let title = gathering.title(k);
        let what = gathering.what();
        let mut head = self.head("list", &title);
        head.breadcrumb = vec![self.home_link()];
        head.breadcrumb.extend(self.register_link(what));
        head.section = what.word().to_owned();
        if number > 1 {
            head.title = desk.t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]);
        }
        let path = gathering.path(k);
        let all = || -> Vec<EntryId> { listed.groups.iter().flat_map(|(_, ids)| ids.iter().copied()).collect() };
        let view = ListView {
            counts: if number == 1 { self.counts_of(&all()) } else { Vec::new() },
            groups: self.groups(listed, number, false),
            mixed: matches!(gathering, Gathering::Year(_)),
            pager: self.pager(&path, number, listed.pages()),
            ..ListView::of(what.word(), listed.total)
        };
        self.render(head, vec![("list", Value::from_serializable(&view))])
    }

    /// The parts of a page of a list.
    pub fn groups(&self, listed: &Listed, number: usize, questions: bool) -> Vec<Group> {
        let group = |(index, (title, ids, _)): (usize, (&String, &[EntryId], usize))| Group {
            title: title.clone(),
            id: format!("fm-part-{}", index + 1),
            cards: if questions { Vec::new() } else { self.desk.cards(ids) },
            questions: if questions { ids.iter().map(|id| self.question_line(*id)).collect() } else { Vec::new() },
        };
        listed.page(number).into_iter().enumerate().map(group).collect()
    }
}
