//! The search page, and what the index is told of each entry: no more than lists and the entry's own page show.

use super::desk::Desk;
use super::pages::Page;
use super::registers::What;
use super::views::{Link, SearchGroup, SearchIndex, SearchView, State};
use super::{Site, gaps, orders};
use crate::entries::Entry;
use crate::entries::front_matter::session::{self, MaterialKind};
use crate::entries::front_matter::{Own, Text};
use crate::fields::Ref;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::gaps::axis::Subject;
use crate::knowledge::gaps::letters::Gap;
use crate::knowledge::links::{LinkTarget, raw_mode};
use crate::knowledge::practices::Maturity;
use crate::knowledge::references::Part;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, Knowledge};
use crate::search::{Chapter, Document, Facet, FacetValue, Field, Index, KnownGap, Setting};
use crate::theme::Value;
use rayon::prelude::*;
use serde_json::json;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

pub const FOLDER: &str = "search";
/// The first file that a search loads, and the folder of all others.
pub const ROOT: &str = "search/root.js";
pub const DATA: &str = "search/data";

/// What results can be narrowed by, in the order of the page, each with the kind without which there is nothing in it.
const GROUPS: [(&str, Option<Kind>); 8] = [
    ("kind", None),
    ("topic", Some(Kind::Topic)),
    ("series", Some(Kind::Series)),
    ("year", None),
    ("organization", Some(Kind::Organization)),
    ("voice", Some(Kind::Voice)),
    ("maturity", Some(Kind::Practice)),
    ("recording", Some(Kind::Session)),
];

/// The way to the search page.
pub fn link(desk: &Desk) -> Link {
    Link { label: desk.t.get("search.title").to_owned(), path: desk.path(&format!("{FOLDER}/")) }
}

/// Makes the index of everything that is listed.
pub fn index(site: &Site) -> Index {
    let (k, desk) = (&site.knowledge, site.desk());
    let entries = oldest_first(k);
    let setting = setting(&desk, &entries);
    Index::of(setting, |number| document(&desk, entries[number]))
}

/// Everything that is listed, what has no day first, then the oldest.
fn oldest_first(k: &Knowledge) -> Vec<EntryId> {
    let mut entries: Vec<EntryId> = k.ids().filter(|id| k.is_listed(*id) && k.has_page(*id)).collect();
    entries.sort_by_key(|id| (day(k, *id), *id));
    entries
}

/// The day that a card shows as well.
fn day(k: &Knowledge, id: EntryId) -> Option<crate::time::Date> {
    match k.kind(id) {
        Kind::Person | Kind::Organization | Kind::Voice | Kind::Community => None,
        _ => k.day(id),
    }
}

fn setting(desk: &Desk, entries: &[EntryId]) -> Setting {
    let k = desk.k;
    let mut texts = desk.t.under("search.script");
    let called: BTreeMap<&str, String> = Kind::ALL.into_iter().map(|kind| (kind.word(), desk.kind_label(kind))).collect();
    texts["kinds"] = json!(called);
    // What a result says of an entry's state, and the code by which a theme draws it.
    let states: BTreeMap<String, &str> =
        entries.iter().filter_map(|id| told_state(desk, *id)).map(|state| (state.word, state.code)).collect();
    texts["states"] = json!(states);
    // How a day is put: options of `Intl.DateTimeFormat` (ECMA-402). Its parts become those of a leaf.
    texts["date"] = json!({"weekday": "short", "day": "numeric", "month": "short", "year": "numeric", "timeZone": "UTC"});
    Setting {
        entries: entries.len(),
        language: k.config.language.clone(),
        kinds: Kind::ALL.map(Kind::word).to_vec(),
        facets: vec![
            kinds(desk, entries),
            years(k, entries),
            maturities(desk, entries),
            recordings(desk, entries),
            facet(k, entries, "topic", Kind::Topic, &|id| k.said(id).topics.to_vec()),
            facet(k, entries, "series", Kind::Series, &|id| k.session(id).and_then(|session| session.series).into_iter().collect()),
            facet(k, entries, "organization", Kind::Organization, &|id| k.knowing(id, &[Part::Organization, Part::SpeakerOrganization])),
            facet(k, entries, "voice", Kind::Voice, &|id| k.voices(id)),
        ],
        gaps: known_gaps(desk),
        ask: k.config.search.ask.clone().unwrap_or_default(),
        texts,
    }
}

/// A group of values that are no entries; each entry has at most one of them.
fn plain(
    name: &'static str,
    values: Vec<(String, String)>,
    entries: &[EntryId],
    value_of: &(dyn Fn(EntryId) -> Option<usize> + Sync),
) -> Facet {
    let values = values.into_iter().map(|(id, title)| FacetValue { id, title, depth: 0 }).collect();
    let of = entries.par_iter().map(|id| value_of(*id).map(|number| number as u32).into_iter().collect()).collect();
    Facet { name, values, of }
}

fn kinds(desk: &Desk, entries: &[EntryId]) -> Facet {
    let values = Kind::ALL.map(|kind| (kind.word().to_owned(), desk.kind_label(kind))).to_vec();
    plain("kind", values, entries, &|id| Some(kind_number(desk.k.kind(id)) as usize))
}

fn years(k: &Knowledge, entries: &[EntryId]) -> Facet {
    let year = |id: EntryId| day(k, id).map(|day| day.year());
    let mut years: Vec<i16> = entries.iter().filter_map(|id| year(*id)).collect();
    years.dedup();
    let values = years.iter().map(|year| (year.to_string(), year.to_string())).collect();
    plain("year", values, entries, &|id| years.binary_search(&year(id)?).ok())
}

fn maturities(desk: &Desk, entries: &[EntryId]) -> Facet {
    let k = desk.k;
    let all = [Maturity::Initial, Maturity::Documented, Maturity::Validated];
    let values = all.map(|of| (of.word().to_owned(), desk.state("maturity", of.word()).word)).to_vec();
    let maturity = |id: EntryId| k.practice(id).filter(|_| !k.is_retired(id)).map(|facts| facts.maturity);
    plain("maturity", values, entries, &|id| all.iter().position(|of| Some(*of) == maturity(id)))
}

fn recordings(desk: &Desk, entries: &[EntryId]) -> Facet {
    let is_recording = |material: &session::Material| material.kind.as_ref().is_some_and(|kind| kind.value == MaterialKind::Recording);
    let has = |id: EntryId| desk.k.entry(id).session().is_some_and(|session| session.materials.iter().any(is_recording));
    let values = vec![("yes".to_owned(), desk.t.get("search.recorded").to_owned())];
    plain("recording", values, entries, &|id| has(id).then_some(0))
}

fn kind_number(kind: Kind) -> u32 {
    Kind::ALL.iter().position(|other| *other == kind).unwrap_or_default() as u32
}

/// A group of values, each an entry of one kind; an entry of that kind has itself as a value.
fn facet(
    k: &Knowledge,
    entries: &[EntryId],
    name: &'static str,
    kind: Kind,
    values_of: &(dyn Fn(EntryId) -> Vec<EntryId> + Sync),
) -> Facet {
    let listed: Vec<EntryId> = k.listed(kind).filter(|id| k.has_page(*id)).collect();
    let known: HashSet<EntryId> = listed.iter().copied().collect();
    let parent = |id: EntryId| k.topic(id).and_then(|facts| facts.parent).filter(|parent| known.contains(parent));
    // Itself and all above it.
    let line = |id: EntryId| std::iter::successors(Some(id), |id| parent(*id));
    let mut below: HashMap<Option<EntryId>, Vec<EntryId>> = HashMap::new();
    listed.iter().for_each(|id| below.entry(parent(*id)).or_default().push(*id));
    // Each behind the one that it is below.
    let mut ordered: Vec<EntryId> = Vec::with_capacity(listed.len());
    let mut next: Vec<EntryId> = below.remove(&None).unwrap_or_default();
    next.reverse();
    while let Some(id) = next.pop() {
        ordered.push(id);
        next.extend(below.remove(&Some(id)).unwrap_or_default().into_iter().rev());
    }
    let numbers: HashMap<EntryId, u32> = ordered.iter().enumerate().map(|(number, id)| (*id, number as u32)).collect();
    let values = ordered
        .iter()
        .map(|id| FacetValue { id: k.entry(*id).id.clone(), title: k.entry(*id).title.clone(), depth: line(*id).count() - 1 })
        .collect();
    let of = entries
        .par_iter()
        .map(|id| {
            let named = values_of(*id).into_iter().chain([*id]).filter(|id| numbers.contains_key(id));
            let mut own: Vec<u32> = named.flat_map(line).filter_map(|id| numbers.get(&id).copied()).collect();
            own.sort_unstable();
            own.dedup();
            own
        })
        .collect();
    Facet { name, values, of }
}

/// Topics about which a map says that there is nothing at all, and entries that links ask for and nobody has written.
fn known_gaps(desk: &Desk) -> Vec<KnownGap> {
    let k = desk.k;
    let mut known: Vec<KnownGap> = Vec::new();
    for map in k.maps() {
        for (number, row) in map.rows.items.iter().enumerate() {
            let Subject::Entry(topic) = row.subject else { continue };
            let cells: Vec<_> = (0..map.columns.items.len()).map(|column| map.cell(number, column)).collect();
            let absolute = cells.iter().find(|cell| cell.gaps.has(Gap::Absolute));
            let nothing = k.kind(topic) == Kind::Topic && cells.iter().all(|cell| cell.n() == 0);
            let Some(path) = absolute.filter(|_| nothing).and_then(|cell| gaps::cell_path(map, cell)) else { continue };
            let title = k.entry(topic).title.clone();
            if known.iter().all(|gap| gap.title != title) {
                let names = std::iter::once(title.clone()).chain(synonyms(k.entry(topic)).iter().map(|name| name.value.clone())).collect();
                known.push(KnownGap { title, path: desk.path(&path), names });
            }
        }
    }
    if let Some(gaps) = gaps::link(desk) {
        known.extend(k.wanted.iter().map(|wanted| KnownGap {
            title: wanted.name.clone(),
            path: gaps.path.clone(),
            names: vec![wanted.name.clone()],
        }));
    }
    known
}

/// How an entry stands, where that is worth a word: that a session was held or is to come its date says.
fn told_state(desk: &Desk, id: EntryId) -> Option<State> {
    let usual = matches!(desk.k.session(id).map(|facts| facts.state), Some(SessionState::Held | SessionState::Scheduled));
    desk.state_of(id).filter(|_| !usual)
}

fn document<'a>(desk: &Desk<'a>, id: EntryId) -> Document<'a> {
    let k = desk.k;
    let entry = k.entry(id);
    let session = k.session(id);
    let series = session.and_then(|facts| facts.series).filter(|series| k.is_listed(*series));
    let shown = |target: &LinkTarget| match target {
        LinkTarget::Entry { id, .. } if k.is_listed(*id) => Some(k.entry(*id).title.as_str()),
        _ => None,
    };
    let link_texts = entry.body.links.iter().zip(k.links(id).iter()).map(|(link, target)| shown(target).or(Some(&link.target))).collect();
    let chapters = entry.session().map(|session| session.chapters.iter().map(chapter_of).collect()).unwrap_or_default();
    Document {
        path: desk.entry_path(id),
        title: &entry.title,
        kind: kind_number(entry.kind),
        date: day(k, id).map(|day| day.to_string()).unwrap_or_default(),
        state: told_state(desk, id).map(|state| state.word).unwrap_or_default(),
        series: series.map(|series| k.entry(series).title.clone()).unwrap_or_default(),
        summary: desk.summary_of(id),
        language: entry.common.language.as_ref().map_or(&k.config.language, |language| &language.value),
        texts: texts(k, id),
        body: &entry.body,
        raw: raw_mode(k.config.raw_html),
        link_texts,
        chapters,
    }
}

fn chapter_of(chapter: &session::Chapter) -> Chapter<'_> {
    Chapter { anchor: chapter.anchor(), title: &chapter.title, at: chapter.clock() }
}

fn synonyms(entry: &Entry) -> &[Text] {
    match &entry.own {
        Own::Topic(topic) => &topic.synonyms,
        Own::Practice(practice) => &practice.synonyms,
        Own::Organization(organization) => &organization.synonyms,
        Own::Person(person) => &person.synonyms,
        _ => &[],
    }
}

/// What stands in an entry's fields, as its page shows it.
fn texts<'a>(k: &'a Knowledge, id: EntryId) -> Vec<(Field, Cow<'a, str>)> {
    let entry = k.entry(id);
    let mut texts = Texts { k, id, all: Vec::new() };
    let common = &entry.common;
    texts.add(Field::Synonym, synonyms(entry));
    texts.entries(Field::About, &k.said(id).topics);
    texts.entries(Field::About, &k.voices(id));
    texts.add(Field::About, &common.places);
    texts.entries(Field::About, &k.said(id).communities);
    texts.named(Field::Who, &common.authors);
    texts.named(Field::Who, &common.organizations);
    common.review.iter().flat_map(|review| &review.log).for_each(|reviewed| texts.add(Field::Part, &reviewed.checked));
    match &entry.own {
        Own::Session(own) => {
            texts.named(Field::About, own.series.as_slice());
            texts.named(Field::Who, &own.facilitators);
            for speaker in &own.speakers {
                texts.named(Field::Who, speaker.person.as_slice());
                texts.add(Field::Who, speaker.name.as_slice());
                texts.named(Field::Who, speaker.organization.as_slice());
                texts.add(Field::Who, speaker.role.as_slice());
            }
            texts.add(Field::Part, own.location.as_slice());
            for list in [&own.objectives, &own.takeaways, &own.decisions, &own.lessons] {
                texts.add(Field::Part, list);
            }
            own.agenda.iter().for_each(|item| texts.add(Field::Part, item.title.as_slice()));
            own.materials.iter().for_each(|material| texts.add(Field::Part, material.title.as_slice()));
            own.questions.iter().for_each(|question| texts.add(Field::Part, std::slice::from_ref(&question.text)));
            for commitment in &own.commitments {
                texts.add(Field::Part, std::slice::from_ref(&commitment.text));
                texts.named(Field::Who, &commitment.by);
            }
            texts.add(Field::Part, own.cancel_reason.as_slice());
        }
        Own::Practice(own) => {
            texts.add(Field::Summary, own.problem.as_slice());
            texts.add(Field::Part, own.context.as_slice());
            texts.add(Field::Part, &own.when_not);
            for evidence in &own.evidence {
                [&evidence.claim, &evidence.source, &evidence.note].into_iter().for_each(|text| texts.add(Field::Part, text.as_slice()));
            }
        }
        Own::CaseStudy(own) => {
            texts.named(Field::About, &own.practices);
            [&own.setting, &own.cost].into_iter().for_each(|text| texts.add(Field::Part, text.as_slice()));
            for list in [&own.barriers, &own.enablers, &own.lessons] {
                texts.add(Field::Part, list);
            }
            for outcome in &own.results {
                let parts = [&outcome.measure, &outcome.baseline, &outcome.result, &outcome.unit, &outcome.source];
                parts.into_iter().for_each(|text| texts.add(Field::Part, text.as_slice()));
            }
        }
        Own::Topic(own) => {
            texts.add(Field::Summary, own.definition.as_slice());
            texts.add(Field::Body, own.not.as_slice());
            texts.named(Field::Who, own.steward.as_slice());
            own.law.iter().for_each(|law| texts.add(Field::Part, law.title.as_slice()));
        }
        Own::Question(own) => {
            texts.add(Field::Part, own.answer.as_slice());
            texts.named(Field::Who, own.owner.as_slice());
            for look in &own.checked {
                texts.add(Field::Part, look.place.as_slice());
                texts.add(Field::Part, look.found.as_slice());
            }
        }
        Own::Resource(own) => {
            texts.add(Field::Who, own.publisher.as_slice());
            texts.add(Field::Summary, own.why.as_slice());
            texts.add(Field::Part, own.what.as_slice());
            texts.add(Field::Part, own.access.as_slice());
        }
        Own::Voice(own) => {
            texts.add(Field::Summary, own.definition.as_slice());
            texts.add(Field::Part, own.reach.as_ref().and_then(|reach| reach.how.as_ref()).map(std::slice::from_ref).unwrap_or_default());
        }
        Own::Organization(own) => texts.add(Field::About, own.place.as_slice()),
        Own::Person(own) => {
            texts.named(Field::Who, own.organization.as_slice());
            texts.add(Field::About, own.role.as_slice());
            texts.add(Field::About, own.place.as_slice());
            texts.named(Field::About, &own.expertise);
            texts.add(Field::Part, &own.offers);
        }
        Own::Community(own) => {
            texts.add(Field::Summary, own.purpose.as_slice());
            for role in &own.roles {
                texts.named(Field::Who, role.person.as_slice());
                texts.add(Field::Part, role.role.as_slice());
                texts.add(Field::Part, &role.decides);
            }
            for success in &own.success {
                [&success.measure, &success.target].into_iter().for_each(|text| texts.add(Field::Part, text.as_slice()));
            }
            texts.add(
                Field::Part,
                own.join.as_ref().and_then(|join| join.eligibility.as_ref()).map(std::slice::from_ref).unwrap_or_default(),
            );
        }
        Own::Series(own) => {
            texts.add(Field::Part, own.format.as_slice());
            texts.named(Field::About, &own.curriculum);
        }
        Own::Page(_) => {}
    }
    texts.all
}

struct Texts<'a> {
    k: &'a Knowledge,
    id: EntryId,
    all: Vec<(Field, Cow<'a, str>)>,
}

impl<'a> Texts<'a> {
    fn add(&mut self, field: Field, texts: &'a [Text]) {
        self.all.extend(texts.iter().map(|text| (field, Cow::Borrowed(text.value.as_str()))));
    }

    /// Titles and other names of what references lead to, as far as lists name it.
    fn named(&mut self, field: Field, references: &[Ref]) {
        let to = self.k.targets(self.id, references);
        self.entries(field, &to);
    }

    fn entries(&mut self, field: Field, entries: &[EntryId]) {
        for id in entries.iter().filter(|id| self.k.is_listed(**id)) {
            let entry = self.k.entry(*id);
            self.all.push((field, Cow::Borrowed(&entry.title)));
            self.add(field, synonyms(entry));
        }
    }
}

impl Page<'_> {
    /// The page where one searches; without a script, the way to the lists.
    pub fn search(&self) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let title = desk.t.get("search.title").to_owned();
        let mut head = self.head("search", &title);
        head.breadcrumb = vec![self.home_link()];
        head.section = FOLDER.to_owned();
        head.description = desk.t.get("search.about").to_owned();
        let has_index = |kind: &Kind| self.site.plan().indexes.contains_key(&(*kind, orders::of_kind(*kind)[0]));
        let kinds = Kind::ALL.into_iter().filter(has_index).map(|kind| SearchIndex {
            title: desk.kind_plural(kind),
            path: desk.path(&format!("{}/", kind.folder())),
            count: Some(k.listed(kind).count()),
        });
        let of = |link: Link| SearchIndex { title: link.label, path: link.path, count: None };
        let calendar = super::frame::calendar_item(desk).map(|item| SearchIndex { title: item.label, path: item.path, count: None });
        let groups = GROUPS.into_iter().filter(|(_, kind)| kind.is_none_or(|kind| k.has(kind))).map(|(name, _)| {
            let title = desk.t.get(&format!("search.groups.{name}")).to_owned();
            SearchGroup { name, title }
        });
        let view = SearchView {
            groups: groups.collect(),
            indexes: self.register_link(What::AToZ).map(of).into_iter().chain(calendar).chain(kinds).collect(),
        };
        self.render(head, vec![("search", Value::from_serializable(&view))])
    }
}
