//! Lists of entries: the index of each kind, and lists too long for the page they belong to.

use super::desk::Desk;
use super::orders::{self, Order};
use super::pages::dimension_name;
use crate::entries::front_matter::question::QuestionStatus;
use crate::entries::names;
use crate::kinds::Kind;
use crate::knowledge::practices::Maturity;
use crate::knowledge::references::Part;
use crate::knowledge::sessions::{SeriesState, SessionState};
use crate::knowledge::topics::{self, COUNTED};
use crate::knowledge::{EntryId, Knowledge};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// How many entries of a list stand on the page it belongs to; the rest have pages of their own.
pub const SHORT: usize = 12;

/// How many topics stand on the page of the one above them, and how many that expect a voice on the page of the voice.
pub const TOPICS: usize = 36;

/// How many times the usual length a page of the tree of topics has.
const TREE: usize = 4;

/// A list that stands on an entry's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sub {
    /// Entries of one kind.
    Kind(Kind),
    /// Entries for a voice, not by it.
    Addressed,
    /// Entries whose text links here.
    Mentions,
    /// People and organizations that know about a topic.
    WhoKnows,
    /// Topics and communities a voice should be heard in.
    Expected,
}

impl Sub {
    /// The folder of its pages, below the entry's own.
    pub const fn folder(self) -> &'static str {
        match self {
            Sub::Kind(kind) => kind.folder(),
            Sub::Addressed => "addressed",
            Sub::Mentions => "mentions",
            Sub::WhoKnows => "who-knows",
            Sub::Expected => "expected",
        }
    }
}

/// A list in reading order, in parts, and how many of its items stand on a page: entries under plain titles, unless
/// something else is said.
#[derive(Debug, Clone)]
pub struct Listed<T = EntryId, G = String> {
    /// The title of each part and what stands in it.
    pub groups: Vec<(G, Vec<T>)>,
    pub total: usize,
    pub page_length: usize,
}

impl<T, G> Listed<T, G> {
    pub fn new(groups: Vec<(G, Vec<T>)>, page_length: usize) -> Listed<T, G> {
        let groups: Vec<(G, Vec<T>)> = groups.into_iter().filter(|(_, ids)| !ids.is_empty()).collect();
        let total = groups.iter().map(|(_, ids)| ids.len()).sum();
        Listed { groups, total, page_length }
    }

    pub fn pages(&self) -> usize {
        self.total.div_ceil(self.page_length).max(1)
    }

    /// The parts of a page, each with its title and how many items it has on all pages; a part that began on the page
    /// before has its title again.
    pub fn page(&self, number: usize) -> Vec<(&G, &[T], usize)> {
        let (from, to) = ((number - 1) * self.page_length, number * self.page_length);
        let mut at = 0;
        let mut parts = Vec::new();
        for (title, ids) in &self.groups {
            let (start, end) = (from.max(at), to.min(at + ids.len()));
            if start < end {
                parts.push((title, &ids[start - at..end - at], ids.len()));
            }
            at += ids.len();
        }
        parts
    }
}

/// The path of a page of a list.
pub fn page_path(path: &str, number: usize) -> String {
    if number == 1 { path.to_owned() } else { format!("{path}page/{number}/") }
}

/// The index of each kind that has something in it, in each of its orders.
pub fn indexes(desk: &Desk) -> HashMap<(Kind, Order), Listed> {
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page && desk.k.has(*kind));
    let all: Vec<(Kind, Order)> = kinds.flat_map(|kind| orders::of_kind(kind).iter().map(move |order| (kind, *order))).collect();
    let listed = all.into_par_iter().map(|(kind, order)| ((kind, order), index(desk, kind, order)));
    // Where nothing has a place, there is no list by place.
    listed.filter(|(_, listed)| listed.total > 0).collect()
}

fn index(desk: &Desk, kind: Kind, order: Order) -> Listed {
    let k = desk.k;
    let mut ids: Vec<EntryId> = k.listed(kind).collect();
    let groups = match (kind, order) {
        (Kind::Session, Order::Series) => {
            k.newest_first(&mut ids);
            let of = |id: &EntryId| k.session(*id).and_then(|facts| facts.series).into_iter().collect();
            under(desk, &ids, of, "say.without_series")
        }
        (Kind::CaseStudy, Order::Organization) => {
            k.newest_first(&mut ids);
            under(desk, &ids, |id| k.targets(*id, &k.entry(*id).common.organizations), "say.without_organization")
        }
        (Kind::CaseStudy, Order::Place) => {
            k.newest_first(&mut ids);
            by_place(desk, &ids)
        }
        (Kind::Practice, Order::Title) => {
            by_title(k, &mut ids);
            by_letter(ids, |id| Cow::Borrowed(&k.entry(*id).title_order))
        }
        (Kind::Question, Order::Age) => {
            oldest_first(k, &mut ids);
            by_status(desk, &ids)
        }
        (Kind::Question, Order::Times) => {
            oldest_first(k, &mut ids);
            ids.sort_by_key(|id| (std::cmp::Reverse(k.times_asked(*id)), !k.is_open_question(*id)));
            ids.chunk_by(|a, b| k.times_asked(*a) == k.times_asked(*b))
                .map(|ids| (desk.t.count("say.asked_times_title", k.times_asked(ids[0]) as usize), ids.to_vec()))
                .collect()
        }
        (Kind::Session, _) => sessions(desk, ids),
        (Kind::Practice, _) => {
            by_title(k, &mut ids);
            let levels = [Maturity::Validated, Maturity::Documented, Maturity::Initial];
            let mut groups: Vec<(String, Vec<EntryId>)> = levels
                .into_iter()
                .map(|level| {
                    let of = |id: &EntryId| !k.is_retired(*id) && k.practice(*id).is_some_and(|facts| facts.maturity == level);
                    (desk.state("maturity", level.word()).word, ids.iter().copied().filter(of).collect())
                })
                .collect();
            groups.push((desk.t.get("say.retired").to_owned(), ids.iter().copied().filter(|id| k.is_retired(*id)).collect()));
            groups
        }
        (Kind::CaseStudy, _) => {
            k.newest_first(&mut ids);
            by_year(desk, ids)
        }
        (Kind::Series, _) => {
            let states = [SeriesState::Running, SeriesState::Announced, SeriesState::Finished, SeriesState::Cancelled];
            ids.sort_by_cached_key(|id| (std::cmp::Reverse(k.series(*id).and_then(|facts| facts.last)), *id));
            let of =
                |state: SeriesState| ids.iter().copied().filter(|id| k.series(*id).is_some_and(|facts| facts.state == state)).collect();
            states.into_iter().map(|state| (desk.state("series", state.word()).word, of(state))).collect()
        }
        (Kind::Question, _) => {
            k.newest_first(&mut ids);
            by_status(desk, &ids)
        }
        (Kind::Topic, _) => {
            let trees = topics::trees(k);
            let alone = trees.len() == 1;
            let title = |dimension: &str| if alone { String::new() } else { dimension_name(desk, dimension) };
            trees.into_iter().map(|(dimension, lines)| (title(&dimension), lines.into_iter().map(|(id, _)| id).collect())).collect()
        }
        _ => {
            by_title(k, &mut ids);
            by_letter(ids, |id| Cow::Borrowed(&k.entry(*id).title_order))
        }
    };
    // A tree of topics is a map of the vocabulary: cut into many pages it would be none.
    let length = if kind == Kind::Topic { TREE } else { 1 };
    Listed::new(groups, k.config.page_length * length)
}

/// Entries under the title of each entry they belong to, titles in order; those that belong to none come last.
fn under(desk: &Desk, ids: &[EntryId], of: impl Fn(&EntryId) -> Vec<EntryId>, otherwise: &str) -> Vec<(String, Vec<EntryId>)> {
    let k = desk.k;
    let mut by: BTreeMap<(u32, EntryId), Vec<EntryId>> = BTreeMap::new();
    let mut rest = Vec::new();
    for id in ids {
        let owners: Vec<EntryId> = of(id).into_iter().filter(|owner| k.is_listed(*owner)).collect();
        owners.iter().for_each(|owner| by.entry((k.by_title(*owner), *owner)).or_default().push(*id));
        if owners.is_empty() {
            rest.push(*id);
        }
    }
    if by.is_empty() {
        return Vec::new();
    }
    let groups = by.into_iter().map(|((_, owner), ids)| (k.entry(owner).title.clone(), ids));
    groups.chain([(desk.t.get(otherwise).to_owned(), rest)]).collect()
}

fn by_place(desk: &Desk, ids: &[EntryId]) -> Vec<(String, Vec<EntryId>)> {
    let k = desk.k;
    let mut by: BTreeMap<usize, Vec<EntryId>> = BTreeMap::new();
    let mut rest = Vec::new();
    for id in ids {
        let mut places: Vec<usize> = k.places_of(*id).filter_map(|name| k.places.number(name)).collect();
        places.sort_unstable();
        places.dedup();
        places.iter().for_each(|place| by.entry(*place).or_default().push(*id));
        if places.is_empty() {
            rest.push(*id);
        }
    }
    if by.is_empty() {
        return Vec::new();
    }
    let groups = by.into_iter().map(|(place, ids)| (k.places.all[place].name.clone(), ids));
    groups.chain([(desk.t.get("say.without_place").to_owned(), rest)]).collect()
}

fn by_status(desk: &Desk, ids: &[EntryId]) -> Vec<(String, Vec<EntryId>)> {
    use QuestionStatus::{AlreadyKnown, Answered, Open, Parked, Partly};
    let of = |status: QuestionStatus| ids.iter().copied().filter(|id| desk.k.question_status(*id) == Some(status)).collect();
    [Open, Partly, Answered, AlreadyKnown, Parked]
        .into_iter()
        .map(|status| (desk.state("question", status.word()).word, of(status)))
        .collect()
}

/// By the day questions were asked; those without one last.
fn oldest_first(k: &Knowledge, ids: &mut [EntryId]) {
    ids.sort_by_cached_key(|id| (k.asked_on(*id).is_none(), k.asked_on(*id), k.by_title(*id)));
}

fn by_title(k: &Knowledge, ids: &mut [EntryId]) {
    ids.sort_unstable_by_key(|id| k.by_title(*id));
}

/// What is coming first, soonest first; then what has been, newest first, by year; then what has no day.
fn sessions(desk: &Desk, mut ids: Vec<EntryId>) -> Vec<(String, Vec<EntryId>)> {
    let k = desk.k;
    k.newest_first(&mut ids);
    let is_coming = |id: &EntryId| k.session(*id).is_some_and(|facts| facts.times.as_ref().is_some_and(|times| times.last >= k.today));
    let (mut coming, rest): (Vec<EntryId>, Vec<EntryId>) = ids.into_iter().partition(is_coming);
    coming.reverse();
    let (undated, past): (Vec<EntryId>, Vec<EntryId>) =
        rest.into_iter().partition(|id| k.session(*id).is_none_or(|facts| facts.times.is_none()));
    let mut groups = vec![(desk.t.get("say.coming_up").to_owned(), coming)];
    groups.extend(by_year(desk, past));
    groups.push((desk.state("session", SessionState::Undated.word()).word, undated));
    groups
}

fn by_year(desk: &Desk, ids: Vec<EntryId>) -> Vec<(String, Vec<EntryId>)> {
    let year = |id: &EntryId| desk.k.day(*id).map(|day| day.year());
    ids.chunk_by(|a, b| year(a) == year(b)).map(|ids| (year_title(desk, year(&ids[0])), ids.to_vec())).collect()
}

/// What stands above everything of a year, or of no day.
pub fn year_title(desk: &Desk, year: Option<i16>) -> String {
    year.map_or_else(|| desk.t.get("say.without_date").to_owned(), |year| year.to_string())
}

/// What is in order of its name, under the letters names begin with; "#" for what is no letter. `order` gives names in the
/// form of [`names::sorting`].
pub fn by_letter<'n, T>(items: Vec<T>, order: impl Fn(&T) -> Cow<'n, str>) -> Vec<(String, Vec<T>)> {
    // A short list needs no letters.
    if items.len() <= SHORT * 2 {
        return vec![(String::new(), items)];
    }
    let mut groups: Vec<(String, Vec<T>)> = Vec::new();
    for item in items {
        let letter = names::letter(&order(&item));
        match groups.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, items)) => items.push(item),
            None => groups.push((letter, vec![item])),
        }
    }
    groups
}

/// The kinds of entry that pages of topics, people and organizations list, in their order there.
const LISTED: [Kind; 5] = [Kind::Practice, Kind::CaseStudy, Kind::Session, Kind::Question, Kind::Resource];
/// The same for communities, which have series besides.
const LISTED_WITH_SERIES: [Kind; 6] = [Kind::Series, Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource];

/// The same for organizations, whose people are listed where they are many.
const LISTED_WITH_PEOPLE: [Kind; 6] = [Kind::Practice, Kind::CaseStudy, Kind::Session, Kind::Question, Kind::Resource, Kind::Person];

/// The lists of a kind whose beginning stands on the page in a form of its own.
pub const fn apart(kind: Kind) -> &'static [Sub] {
    match kind {
        Kind::Topic => &[Sub::Kind(Kind::Topic), Sub::WhoKnows],
        Kind::Voice => &[Sub::Expected],
        _ => &[],
    }
}

/// The lists that the page of a kind has, in their order there.
pub fn subs(kind: Kind) -> Vec<Sub> {
    let kinds: &[Kind] = match kind {
        Kind::Topic | Kind::Person | Kind::Voice => &LISTED,
        Kind::Organization => &LISTED_WITH_PEOPLE,
        Kind::Community => &LISTED_WITH_SERIES,
        Kind::Series => &[Kind::Session],
        Kind::Practice => &[Kind::CaseStudy],
        _ => &[],
    };
    let addressed = (kind == Kind::Voice).then_some(Sub::Addressed);
    kinds.iter().map(|kind| Sub::Kind(*kind)).chain(addressed).chain(apart(kind).iter().copied()).chain([Sub::Mentions]).collect()
}

/// The entries of one of them, newest first.
pub fn entries(k: &Knowledge, id: EntryId, sub: Sub) -> Cow<'_, [EntryId]> {
    match (k.kind(id), sub) {
        (_, Sub::Mentions) => Cow::Borrowed(k.mentioned_by(id)),
        (_, Sub::WhoKnows) => k.knowers(id).iter().map(|knower| knower.who).collect::<Vec<_>>().into(),
        (_, Sub::Addressed) => {
            let mut addressed: Vec<EntryId> = k.referring(id, Part::Audience).collect();
            k.newest_first(&mut addressed);
            addressed.into()
        }
        (Kind::Topic, Sub::Kind(Kind::Question)) => {
            let mut questions = topics::entries_below(k, id, Kind::Question);
            questions.sort_by_key(|question| !k.is_open_question(*question));
            questions.into()
        }
        (Kind::Topic, Sub::Kind(Kind::Topic)) => many(k.topic(id).map_or(&[][..], |facts| &facts.children)),
        (_, Sub::Expected) => many(&k.expecting(id)).into_owned().into(),
        (Kind::Topic, Sub::Kind(kind)) => topics::entries_below(k, id, kind).into(),
        (Kind::Person, Sub::Kind(kind)) => referring(k, id, kind, &[Part::Author, Part::Speaker, Part::Facilitator]).into(),
        // A few people stand beside the organization, and need no list.
        (Kind::Organization, Sub::Kind(Kind::Person)) => {
            let people = referring(k, id, Kind::Person, &[Part::WorksAt]);
            if people.len() > SHORT { people.into() } else { Cow::Borrowed(&[]) }
        }
        (Kind::Organization, Sub::Kind(kind)) => referring(k, id, kind, &[Part::Organization, Part::SpeakerOrganization]).into(),
        (Kind::Voice, Sub::Kind(kind)) => {
            // What it asked is its own, though it does not speak in it.
            let mut ids = referring(k, id, kind, &[Part::AskedBy]);
            ids.extend(k.spoken_in(id).iter().copied().filter(|entry| k.kind(*entry) == kind));
            ids.sort_unstable();
            ids.dedup();
            k.newest_first(&mut ids);
            ids.into()
        }
        (Kind::Community, Sub::Kind(kind)) => {
            let mut ids: Vec<EntryId> = k.listed(kind).filter(|entry| k.said(*entry).communities.contains(&id)).collect();
            k.newest_first(&mut ids);
            ids.into()
        }
        (Kind::Series, Sub::Kind(_)) => {
            let mut sessions = k.series(id).map(|facts| facts.sessions.clone()).unwrap_or_default();
            k.newest_first(&mut sessions);
            sessions.into()
        }
        (Kind::Practice, Sub::Kind(_)) => Cow::Borrowed(k.practice(id).map_or(&[][..], |facts| &facts.case_studies)),
        _ => Cow::Borrowed(&[]),
    }
}

/// A list that stands on the page itself unless it is long.
fn many(ids: &[EntryId]) -> Cow<'_, [EntryId]> {
    Cow::Borrowed(if ids.len() > TOPICS { ids } else { &[] })
}

/// Listed entries of a kind that refer to an entry in one of some parts, each once, newest first.
fn referring(k: &Knowledge, id: EntryId, kind: Kind, parts: &[Part]) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> = Vec::new();
    for part in parts {
        ids.extend(k.referring(id, *part).filter(|from| k.kind(*from) == kind));
    }
    ids.sort_unstable();
    ids.dedup();
    k.newest_first(&mut ids);
    ids
}

/// A list in parts: sessions about a topic by their series, questions by whether they are answered; others in one.
pub fn grouped(desk: &Desk, id: EntryId, sub: Sub, ids: &[EntryId]) -> Vec<(String, Vec<EntryId>)> {
    let k = desk.k;
    match (k.kind(id), sub) {
        (Kind::Topic, Sub::Kind(Kind::Session)) if ids.iter().any(|id| series_of(k, *id).is_some()) => by_series(desk, ids),
        (Kind::Topic, Sub::Kind(Kind::Question)) => {
            let (open, rest): (Vec<EntryId>, Vec<EntryId>) = ids.iter().partition(|id| k.is_open_question(**id));
            let title = |key: &str| desk.t.get(key).to_owned();
            // Where all are open, or none is, their state says so already.
            if open.is_empty() || rest.is_empty() {
                return vec![(String::new(), ids.to_vec())];
            }
            vec![(title("say.questions_open"), open), (title("say.questions_rest"), rest)]
        }
        (_, Sub::Expected) => {
            let (heard, absent): (Vec<EntryId>, Vec<EntryId>) = ids.iter().partition(|stage| k.heard(**stage, id).speaks > 0);
            let title = |key: &str| desk.t.get(key).to_owned();
            vec![(title("say.expected_absent"), absent), (title("say.expected_heard"), heard)]
        }
        _ => vec![(String::new(), ids.to_vec())],
    }
}

fn series_of(k: &Knowledge, session: EntryId) -> Option<EntryId> {
    k.session(session).and_then(|facts| facts.series).filter(|series| k.is_listed(*series))
}

/// Sessions under their series, in the order of the first of each; those of none come last.
fn by_series(desk: &Desk, ids: &[EntryId]) -> Vec<(String, Vec<EntryId>)> {
    let k = desk.k;
    let mut groups: Vec<(Option<EntryId>, Vec<EntryId>)> = Vec::new();
    for id in ids {
        let series = series_of(k, *id);
        match groups.iter_mut().find(|(known, _)| *known == series) {
            Some((_, ids)) => ids.push(*id),
            None => groups.push((series, vec![*id])),
        }
    }
    groups.sort_by_key(|(series, _)| series.is_none());
    let title = |series: Option<EntryId>| {
        series.map_or_else(|| desk.t.get("say.without_series").to_owned(), |series| k.entry(series).title.clone())
    };
    groups.into_iter().map(|(series, ids)| (title(series), ids)).collect()
}

/// The lists that need pages of their own.
pub fn parts(desk: &Desk) -> HashMap<(EntryId, Sub), Listed> {
    let k = desk.k;
    let ids: Vec<EntryId> = k.ids().filter(|id| k.has_page(*id)).collect();
    ids.par_iter()
        .flat_map_iter(|id| {
            let lists = subs(k.kind(*id)).into_iter().map(|sub| (sub, entries(k, *id, sub)));
            let long = lists.filter(|(_, ids)| ids.len() > SHORT);
            long.map(|(sub, ids)| ((*id, sub), Listed::new(grouped(desk, *id, sub, &ids), k.config.page_length)))
        })
        .collect()
}

/// The kinds that a topic's strip of counts shows, in their order.
pub const STRIP: [Kind; 5] = COUNTED;
