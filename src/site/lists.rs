//! Lists of entries: the index of each kind, and lists too long for the page they belong to.

use super::desk::Desk;
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
use std::collections::HashMap;

/// How many entries of a list stand on the page it belongs to; the rest have pages of their own.
pub const SHORT: usize = 12;

/// A list that stands on an entry's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sub {
    /// Entries of one kind.
    Kind(Kind),
    /// Entries for a voice, not by it.
    Addressed,
    /// Entries whose text links here.
    Mentions,
}

impl Sub {
    /// The folder of its pages, below the entry's own.
    pub const fn folder(self) -> &'static str {
        match self {
            Sub::Kind(kind) => kind.folder(),
            Sub::Addressed => "addressed",
            Sub::Mentions => "mentions",
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

    /// The parts of a page, each with its title; a part that began on the page before has its title again.
    pub fn page(&self, number: usize) -> Vec<(&G, &[T])> {
        let (from, to) = ((number - 1) * self.page_length, number * self.page_length);
        let mut at = 0;
        let mut parts = Vec::new();
        for (title, ids) in &self.groups {
            let (start, end) = (from.max(at), to.min(at + ids.len()));
            if start < end {
                parts.push((title, &ids[start - at..end - at]));
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

/// The index of each kind that has something in it.
pub fn indexes(desk: &Desk) -> HashMap<Kind, Listed> {
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page && desk.k.has(*kind));
    kinds.map(|kind| (kind, index(desk, kind))).collect()
}

fn index(desk: &Desk, kind: Kind) -> Listed {
    let k = desk.k;
    let mut ids: Vec<EntryId> = k.listed(kind).collect();
    let groups = match kind {
        Kind::Session => sessions(desk, ids),
        Kind::Practice => {
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
        Kind::CaseStudy => {
            k.newest_first(&mut ids);
            by_year(desk, ids)
        }
        Kind::Series => {
            let states = [SeriesState::Running, SeriesState::Announced, SeriesState::Finished, SeriesState::Cancelled];
            ids.sort_by_cached_key(|id| (std::cmp::Reverse(k.series(*id).and_then(|facts| facts.last)), *id));
            let of =
                |state: SeriesState| ids.iter().copied().filter(|id| k.series(*id).is_some_and(|facts| facts.state == state)).collect();
            states.into_iter().map(|state| (desk.state("series", state.word()).word, of(state))).collect()
        }
        Kind::Question => {
            use QuestionStatus::{AlreadyKnown, Answered, Open, Parked, Partly};
            k.newest_first(&mut ids);
            let of = |status: QuestionStatus| ids.iter().copied().filter(|id| k.question_status(*id) == Some(status)).collect();
            [Open, Partly, Answered, AlreadyKnown, Parked]
                .into_iter()
                .map(|status| (desk.state("question", status.word()).word, of(status)))
                .collect()
        }
        // The tree of topics is one page: it is a map of the vocabulary, and cut in two it would be none.
        Kind::Topic => return Listed { groups: Vec::new(), total: ids.len(), page_length: ids.len().max(1) },
        _ => {
            by_title(k, &mut ids);
            by_letter(k, ids)
        }
    };
    Listed::new(groups, k.config.page_length)
}

fn by_title(k: &Knowledge, ids: &mut [EntryId]) {
    ids.sort_by_cached_key(|id| (k.entry(*id).title_key.clone(), *id));
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
    let mut groups: Vec<(String, Vec<EntryId>)> = Vec::new();
    for id in ids {
        let year = desk.k.day(id).map_or_else(|| desk.t.get("say.without_date").to_owned(), |day| day.year().to_string());
        match groups.last_mut() {
            Some((last, ids)) if *last == year => ids.push(id),
            _ => groups.push((year, vec![id])),
        }
    }
    groups
}

/// The first letter of a title, in capitals; "#" for anything else.
fn by_letter(k: &Knowledge, ids: Vec<EntryId>) -> Vec<(String, Vec<EntryId>)> {
    // A short list needs no letters.
    if ids.len() <= SHORT * 2 {
        return vec![(String::new(), ids)];
    }
    let mut groups: Vec<(String, Vec<EntryId>)> = Vec::new();
    for id in ids {
        let first = names::key(&k.entry(id).title).chars().find(|c| c.is_alphanumeric());
        let letter = first.filter(|c| c.is_alphabetic()).map_or_else(|| "#".to_owned(), |c| c.to_uppercase().collect());
        match groups.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((letter, vec![id])),
        }
    }
    groups
}

/// The kinds of entry that pages of topics, people and organizations list, in their order there.
const LISTED: [Kind; 5] = [Kind::Practice, Kind::CaseStudy, Kind::Session, Kind::Question, Kind::Resource];
/// The same for communities, which have series besides.
const LISTED_WITH_SERIES: [Kind; 6] = [Kind::Series, Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource];

/// The lists that the page of a kind has, in their order there.
pub fn subs(kind: Kind) -> Vec<Sub> {
    let kinds: &[Kind] = match kind {
        Kind::Topic | Kind::Person | Kind::Organization | Kind::Voice => &LISTED,
        Kind::Community => &LISTED_WITH_SERIES,
        Kind::Series => &[Kind::Session],
        Kind::Practice => &[Kind::CaseStudy],
        _ => &[],
    };
    let addressed = (kind == Kind::Voice).then_some(Sub::Addressed);
    kinds.iter().map(|kind| Sub::Kind(*kind)).chain(addressed).chain([Sub::Mentions]).collect()
}

/// The entries of one of them, newest first.
pub fn entries(k: &Knowledge, id: EntryId, sub: Sub) -> Cow<'_, [EntryId]> {
    match (k.entry(id).kind, sub) {
        (_, Sub::Mentions) => Cow::Borrowed(&k.facts(id).mentioned_by),
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
        (Kind::Topic, Sub::Kind(kind)) => topics::entries_below(k, id, kind).into(),
        (Kind::Person, Sub::Kind(kind)) => referring(k, id, kind, &[Part::Author, Part::Speaker, Part::Facilitator]).into(),
        (Kind::Organization, Sub::Kind(kind)) => referring(k, id, kind, &[Part::Organization, Part::SpeakerOrganization]).into(),
        (Kind::Voice, Sub::Kind(kind)) => referring(k, id, kind, &[Part::Voice, Part::SpeakerVoice, Part::AskedBy]).into(),
        (Kind::Community, Sub::Kind(kind)) => {
            let mut ids: Vec<EntryId> = k.listed(kind).filter(|entry| k.facts(*entry).communities.contains(&id)).collect();
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

/// Listed entries of a kind that refer to an entry in one of some parts, each once, newest first.
fn referring(k: &Knowledge, id: EntryId, kind: Kind, parts: &[Part]) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> = Vec::new();
    for part in parts {
        ids.extend(k.referring(id, *part).filter(|from| k.entry(*from).kind == kind));
    }
    ids.sort_unstable();
    ids.dedup();
    k.newest_first(&mut ids);
    ids
}

/// The lists that need pages of their own.
pub fn parts(desk: &Desk) -> HashMap<(EntryId, Sub), Listed> {
    let k = desk.k;
    let ids: Vec<EntryId> = k.ids().filter(|id| k.has_page(*id)).collect();
    ids.par_iter()
        .flat_map_iter(|id| {
            let lists = subs(k.entry(*id).kind).into_iter().map(|sub| (sub, entries(k, *id, sub)));
            let long = lists.filter(|(_, ids)| ids.len() > SHORT);
            long.map(|(sub, ids)| ((*id, sub), Listed::new(vec![(String::new(), ids.into_owned())], k.config.page_length)))
        })
        .collect()
}

/// The kinds that a topic's strip of counts shows, in their order.
pub const STRIP: [Kind; 5] = COUNTED;
