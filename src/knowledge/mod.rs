//! How everything hangs together: references, links both ways, times, freshness, maturity and addresses of entries.
//!
//! [`resolve`] sees all entries at once and works on what each says of itself, never on its text.

pub mod assemble;
pub mod calendar;
pub mod doubles;
mod edges;
pub mod freshness;
pub mod gaps;
pub mod knowers;
pub mod links;
pub mod lookup;
pub mod memory;
pub mod mentions;
pub mod ownership;
pub mod paths;
pub mod places;
pub mod practices;
pub mod presence;
pub mod questions;
pub mod recurrence;
pub mod references;
pub mod related;
pub mod sessions;
pub mod similar;
pub mod topics;
pub mod undeclared;

use crate::config::Config;
use crate::entries::front_matter::question::QuestionStatus;
use crate::entries::{Entry, Origin, names};
use crate::fields::Ref;
use crate::findings::{Checked, Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::later::Later;
use crate::sheets::Sheets;
use crate::sources::Source;
use crate::time::Date;
use assemble::Followed;
use calendar::Occasion;
use edges::{Edges, Said};
use freshness::Freshness;
use links::{Files, FollowedLinks, LinkTarget};
use lookup::Lookup;
use memory::{Assembled, Memory, Resolved};
use practices::PracticeFacts;
use rayon::prelude::*;
use references::Part;
use sessions::{SeriesFacts, SessionFacts};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An entry's place among all entries, which stand sorted by kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

impl EntryId {
    /// The same, for lists.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// All entries, sorted by kind and id.
pub type Entries = Sheets<Arc<Entry>>;

/// Something for each of some entries. Ids are looked up by the hundred thousand, and nobody outside chooses them: a quick
/// hash is enough.
pub type ById<T> = HashMap<EntryId, T, foldhash::fast::RandomState>;

/// What a build leaves out for the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audience {
    pub drafts: Drafts,
    pub internal: Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drafts {
    #[default]
    Hidden,
    Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Internal {
    #[default]
    Hidden,
    Shown,
}

/// Who gets to see an entry in this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// As if absent: a draft, or for staff only.
    Hidden,
    /// Has a page, stands in no list.
    Unlisted,
    Listed,
}

/// What follows about one entry from all the others, on one day.
#[derive(Debug, Clone)]
pub struct Facts {
    pub freshness: Freshness,
    pub own: OwnFacts,
}

/// What follows for entries of one kind only.
#[derive(Debug, Clone)]
pub enum OwnFacts {
    Session(Box<SessionFacts>),
    Series(Box<SeriesFacts>),
    Practice(Box<PracticeFacts>),
    Topic(Box<topics::TopicFacts>),
    None,
}

/// Something many wiki links name and nobody has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    /// Who links to it, each once.
    pub by: Vec<EntryId>,
}

/// Everything the community wrote, and how it hangs together on one day. Never changes once made.
#[derive(Debug)]
pub struct Knowledge {
    pub config: Arc<Config>,
    pub today: Date,
    pub audience: Audience,
    assembled: Assembled,
    /// Where references lead.
    followed: Sheets<Arc<Followed>>,
    edges: Edges,
    links: Sheets<Arc<Checked<FollowedLinks>>>,
    mentions: Sheets<Arc<[EntryId]>>,
    facts: Vec<Facts>,
    days: Vec<Option<Date>>,
    /// The place of each entry among all, newest first: lists are sorted by it, so that no list compares titles again.
    ranks: Vec<u32>,
    /// Everything listed that has a day, by its start.
    pub calendar: Vec<Occasion>,
    pub places: places::Places,
    /// What gap maps there are, in the order they are declared in.
    outlines: Vec<gaps::Outline>,
    people: Later<People>,
    maps: Later<Vec<gaps::GapMap>>,
    /// The maps as they were on the day that pages tell the changes since.
    pub since: Option<gaps::snapshot::Snapshot>,
    /// The maps as they were on the day that the gate allows no new gaps since.
    pub baseline: Option<gaps::snapshot::Snapshot>,
    pub wanted: Vec<Wanted>,
    /// Files beside entries that something shown names: their project paths.
    pub published_files: HashSet<Arc<str>>,
    any_error: bool,
}

/// What follows from all entries about people.
#[derive(Debug)]
struct People {
    /// Who knows about each topic.
    knowers: knowers::Knowers,
    /// Which voices are heard in each topic and community.
    presence: presence::Presence,
}

/// What resolving needs besides the entries.
pub struct Circumstances<'a> {
    pub config: Arc<Config>,
    pub today: Date,
    pub audience: Audience,
    pub files: &'a Files,
    /// Snapshots of gaps beside the configuration.
    pub snapshots: &'a [Source],
}

/// Brings all entries together. `memory` is from the last time, under the same settings and with the same files beside
/// entries; it changes how long this takes, and never what comes of it.
pub fn resolve(declared: Entries, circumstances: &Circumstances, memory: &mut Memory) -> Checked<Knowledge> {
    let mut findings = Vec::new();
    let config = &circumstances.config;
    let Resolved { assembled, followed, edges, linked, any_error } = memory.resolve(declared, circumstances, &mut findings);
    let Assembled { entries, shown, .. } = assembled;

    let settled = |index: usize| {
        entries[index].question().is_some_and(|question| {
            let seen = |answer: &Ref| followed[index].at(answer.span.start).is_some_and(|to| shown[to.at()] == Shown::Listed);
            let answered = question.answer.is_some() || question.answers.iter().any(seen);
            !matches!(question.status_with(answered), QuestionStatus::Open | QuestionStatus::Partly)
        })
    };
    let freshness: Vec<Freshness> =
        entries.par_iter().enumerate().map(|(index, entry)| freshness::of(entry, config, circumstances.today, settled(index))).collect();
    for (entry, freshness) in entries.iter().zip(&freshness) {
        if freshness.state == freshness::FreshnessState::Undated && entry.origin == Origin::File {
            findings.push(catalogue::undated(entry.at.clone()));
        }
    }

    let facts = freshness.into_iter().map(|freshness| Facts { freshness, own: OwnFacts::None }).collect();
    let mut knowledge = Knowledge {
        config: config.clone(),
        today: circumstances.today,
        audience: circumstances.audience,
        followed: followed.clone(),
        edges: edges.clone(),
        links: linked.followed.clone(),
        mentions: linked.mentions.clone(),
        wanted: linked.wanted(shown),
        published_files: linked.files(shown),
        any_error,
        assembled: assembled.clone(),
        facts,
        days: Vec::new(),
        ranks: Vec::new(),
        calendar: Vec::new(),
        places: places::Places::default(),
        outlines: Vec::new(),
        people: Later::default(),
        maps: Later::default(),
        since: None,
        baseline: None,
    };
    knowledge.reckon(&mut findings);
    let named = gaps::snapshot::named(config, circumstances.snapshots, &mut findings);
    knowledge.since = named.since;
    knowledge.baseline = named.baseline;
    Checked::new(knowledge, findings)
}

/// The place of each entry in an order of all.
fn places(in_order: Vec<EntryId>) -> Vec<u32> {
    let mut places = vec![0; in_order.len()];
    for (place, id) in in_order.into_iter().enumerate() {
        places[id.at()] = place as u32;
    }
    places
}

/// Entries in their order, each where it comes first. For the few that one entry names.
fn each_once(ids: impl Iterator<Item = EntryId>) -> Vec<EntryId> {
    let mut found = Vec::new();
    for id in ids {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

impl Knowledge {
    /// What follows for each kind, in the order in which one needs the other.
    fn reckon(&mut self, findings: &mut Vec<Finding>) {
        self.reckon_sessions(findings);
        self.days = self.reckon_days();
        self.ranks = self.reckon_ranks();
        self.reckon_series(findings);
        let practices: Vec<EntryId> = self.of_kind(Kind::Practice).collect();
        let practices: Vec<_> = practices.into_par_iter().map(|id| (id, practices::reckon(self, id))).collect();
        for (id, facts) in practices {
            self.facts[id.at()].own = OwnFacts::Practice(Box::new(facts));
        }
        for (id, facts) in topics::reckon(self, findings) {
            self.facts[id.at()].own = OwnFacts::Topic(Box::new(facts));
        }
        self.places = self.reckon_places();
        self.calendar = self.reckon_calendar();
        let (mut of_maps, mut of_uids) = (Vec::new(), Vec::new());
        let (outlines, ()) = rayon::join(|| self.outline_maps(&mut of_maps), || self.check_uids(&mut of_uids));
        self.outlines = outlines;
        findings.extend(of_maps);
        findings.extend(of_uids);
    }

    /// What there is to tell entry by entry: about references and links, names that mean two things, and duties of those who
    /// have left. There may be much of it, so it is gathered when somebody wants to know.
    pub fn findings_of_entries(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.followed.iter().flat_map(|followed| &followed.findings).cloned().collect();
        findings.extend(self.links.iter().flat_map(|links| &links.findings).cloned());
        self.check_synonyms(&mut findings);
        self.check_owners(&mut findings);
        findings
    }

    /// Whether there is an error among these.
    pub fn any_error_of_entries(&self) -> bool {
        self.any_error
    }

    /// Reckons what pages of single entries need little of, and what there is nothing to tell about: who knows, who is heard,
    /// and the maps.
    pub fn complete(&self) {
        self.maps();
    }

    /// Knowledge-gap maps, in the order they are declared in.
    pub fn maps(&self) -> &[gaps::GapMap] {
        // Maps are made of it.
        self.people();
        self.maps.get_or_make(|| self.outlines.iter().map(|outline| outline.reckon(self)).collect())
    }

    /// Whether there is any of them.
    pub fn has_maps(&self) -> bool {
        !self.outlines.is_empty()
    }

    fn people(&self) -> &People {
        self.people.get_or_make(|| {
            let (knowers, presence) = rayon::join(|| self.reckon_knowers(), || self.reckon_presence());
            People { knowers, presence }
        })
    }

    fn reckon_sessions(&mut self, findings: &mut Vec<Finding>) {
        let reckoned: Vec<Checked<(EntryId, SessionFacts)>> = self
            .of_kind(Kind::Session)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|id| {
                let entry = self.entry(id);
                let session = entry.session().expect("entries in the range of sessions are sessions");
                let series =
                    session.series.as_ref().and_then(|series| self.target(id, series)).map(|series| (series, &**self.entry(series)));
                let mut findings = Vec::new();
                let facts = sessions::session(entry, session, series, &self.config, self.today, &mut findings);
                Checked::new((id, facts), findings)
            })
            .collect();
        for checked in reckoned {
            findings.extend(checked.findings);
            let (id, facts) = checked.value;
            self.facts[id.at()].own = OwnFacts::Session(Box::new(facts));
        }
    }

    fn reckon_series(&mut self, findings: &mut Vec<Finding>) {
        let mut members: HashMap<EntryId, Vec<EntryId>> = HashMap::new();
        for id in self.of_kind(Kind::Session) {
            if let Some(series) = self.session(id).and_then(|facts| facts.series).filter(|_| self.is_listed(id)) {
                members.entry(series).or_default().push(id);
            }
        }
        let series: Vec<EntryId> = self.of_kind(Kind::Series).collect();
        let members: Vec<(EntryId, Vec<EntryId>)> = series.into_iter().map(|id| (id, members.remove(&id).unwrap_or_default())).collect();
        let reckoned: Vec<Checked<SeriesFacts>> =
            members.into_par_iter().map(|(id, sessions)| self.reckon_one_series(id, sessions)).collect();
        for (id, checked) in self.of_kind(Kind::Series).zip(reckoned) {
            findings.extend(checked.findings);
            let facts = checked.value;
            for (session, date) in &facts.occurrences {
                if let OwnFacts::Session(facts) = &mut self.facts[session.at()].own {
                    facts.occurrence = Some(*date);
                }
            }
            self.facts[id.at()].own = OwnFacts::Series(Box::new(facts));
        }
    }

    /// What follows for one series.
    fn reckon_one_series(&self, id: EntryId, mut sessions: Vec<EntryId>) -> Checked<SeriesFacts> {
        let mut findings = Vec::new();
        sessions.sort_by_cached_key(|session| {
            let start = self.session(*session).and_then(|facts| facts.times.as_ref()).map(|times| times.start.seconds());
            (start.is_none(), start, self.entry(*session).title.clone(), *session)
        });
        let entry = self.entry(id);
        let series = entry.series().expect("entries in the range of series are series");
        let zone = series.time_zone.as_ref().map_or(&self.config.time_zone, |zone| &zone.value);
        let times = |session: &EntryId| self.session(*session).and_then(|facts| facts.times.as_ref());
        let stands_for = |session: &EntryId| {
            let own = self.entry(*session).session()?;
            sessions::occurrence(own, times(session), &|uid| self.date_in_uid(id, uid))
        };
        let mut written: Vec<Date> = sessions.iter().filter_map(stands_for).collect();
        written.sort_unstable();

        let recurring = recurrence::dates(entry, series, zone, &written, self.today, &mut findings);
        let occurrences: Vec<(EntryId, Date)> = sessions
            .iter()
            .filter_map(|session| Some((*session, stands_for(session)?)))
            .filter(|(_, date)| recurring.dates.binary_search(date).is_ok())
            .collect();
        let taken: Vec<Date> = occurrences.iter().map(|(_, date)| *date).collect();
        for session in sessions.iter().filter(|session| times(session).is_some_and(|times| times.last >= self.today)) {
            let stands = occurrences.iter().any(|(other, _)| other == session);
            let start = self.entry(*session).session().and_then(|own| own.start.as_ref());
            let near = start.and_then(|start| recurring.nearest_free(start.value.date(), &taken));
            if let (false, Some(start), Some(near)) = (stands, start, near) {
                findings.push(catalogue::stands_for_no_date(Place::new(&self.entry(*session).at.file, start.span), &near.to_string()));
            }
        }
        // What nobody gets to see needs no planning.
        let planned = if self.is_listed(id) {
            recurrence::planned(entry, series, zone, &recurring, &taken, self.today, &mut findings)
        } else {
            Vec::new()
        };

        let all = || sessions.iter().filter_map(times).chain(planned.iter().map(|planned| &planned.times));
        let first = all().map(|times| times.wall.date()).chain(recurring.dates.first().copied()).min();
        let last = all().map(|times| times.last).chain(recurring.dates.last().copied()).max().filter(|_| recurring.ends);
        let state = sessions::series_state(series, first, last, self.today);
        Checked::new(SeriesFacts { sessions, occurrences, planned, state, first, last }, findings)
    }

    /// One name for two things makes every reference by that name a guess.
    fn check_synonyms(&self, findings: &mut Vec<Finding>) {
        for (index, entry) in self.assembled.entries.iter().enumerate() {
            for synonym in entry.synonyms() {
                if let Some(other) = self.assembled.lookup.other_with_synonym(entry.kind, synonym, EntryId(index as u32)) {
                    let at = Place::new(&entry.at.file, synonym.span);
                    findings.push(catalogue::synonym_taken(at, synonym, self.entry(other).at.clone()));
                }
            }
        }
    }

    pub fn entry(&self, id: EntryId) -> &Arc<Entry> {
        &self.assembled.entries[id.at()]
    }

    /// All of them, hidden ones included.
    pub fn entries(&self) -> &Entries {
        &self.assembled.entries
    }

    pub fn lookup(&self) -> &Lookup {
        &self.assembled.lookup
    }

    /// From the site's root, percent-encoded, with a slash at its end: `practices/retail-licensing/`.
    pub fn path(&self, id: EntryId) -> &str {
        &self.assembled.paths[id.at()]
    }

    /// Whether each entry is shown to whom it was in an earlier state, at the same address, with the same old addresses
    /// leading there.
    pub fn is_addressed_like(&self, earlier: &Knowledge) -> bool {
        let (now, before) = (&self.assembled, &earlier.assembled);
        let aliases = |entry: &'_ Entry| entry.common.aliases.iter().map(|alias| alias.value.clone()).collect::<Vec<String>>();
        Arc::ptr_eq(&now.paths, &before.paths)
            && Arc::ptr_eq(&now.shown, &before.shown)
            && now.entries.apart(&before.entries).all(|at| aliases(&now.entries[at]) == aliases(&before.entries[at]))
    }

    pub fn kind(&self, id: EntryId) -> Kind {
        self.assembled.kind_of[id.at()]
    }

    pub fn shown(&self, id: EntryId) -> Shown {
        self.assembled.shown[id.at()]
    }

    /// Topics and communities, each once, hidden ones left out.
    pub fn said(&self, id: EntryId) -> &Said {
        &self.edges.said[id.at()]
    }

    /// References to an entry, by part and entry; those of listed entries only.
    pub fn incoming(&self, id: EntryId) -> &[(Part, EntryId)] {
        &self.edges.incoming[id.at()]
    }

    /// Where the links of its text lead, by their number.
    pub fn links(&self, id: EntryId) -> &Arc<[LinkTarget]> {
        &self.links[id.at()].value.targets
    }

    /// Entries whose text links to it, newest first.
    pub fn mentioned_by(&self, id: EntryId) -> &[EntryId] {
        &self.mentions[id.at()]
    }

    pub fn facts(&self, id: EntryId) -> &Facts {
        &self.facts[id.at()]
    }

    /// All entries, hidden ones included.
    pub fn ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.assembled.entries.len() as u32).map(EntryId)
    }

    /// All entries of a kind by id, hidden ones included.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = EntryId> + use<> {
        self.assembled.kinds.get(&kind).cloned().unwrap_or(0..0).map(EntryId)
    }

    /// The entries of a kind that stand in lists.
    pub fn listed(&self, kind: Kind) -> impl Iterator<Item = EntryId> + use<'_> {
        self.of_kind(kind).filter(|id| self.is_listed(*id))
    }

    pub fn is_listed(&self, id: EntryId) -> bool {
        self.shown(id) == Shown::Listed
    }

    /// Whether it has a page in this build.
    pub fn has_page(&self, id: EntryId) -> bool {
        self.shown(id) != Shown::Hidden
    }

    /// Where a reference of an entry leads; none if it leads nowhere.
    pub fn target(&self, from: EntryId, reference: &Ref) -> Option<EntryId> {
        self.followed[from.at()].at(reference.span.start)
    }

    /// Where references of an entry lead, as far as they lead to something with a page; each once.
    pub fn targets<'a>(&self, from: EntryId, references: impl IntoIterator<Item = &'a Ref>) -> Vec<EntryId> {
        each_once(references.into_iter().filter_map(|reference| self.target(from, reference)).filter(|to| self.has_page(*to)))
    }

    /// Where the references of an entry's front matter lead, as often and in the order they are written.
    pub fn referred(&self, from: EntryId) -> impl Iterator<Item = EntryId> + use<'_> {
        self.followed[from.at()].as_written()
    }

    /// Where the references of an entry's front matter lead, by the part they play, in the order of the fields.
    pub fn named(&self, from: EntryId) -> &[(Part, EntryId)] {
        &self.followed[from.at()].named
    }

    /// Listed entries that refer to this one in a part.
    pub fn referring(&self, to: EntryId, part: Part) -> impl Iterator<Item = EntryId> + use<'_> {
        let incoming = self.incoming(to);
        let start = incoming.partition_point(|(p, _)| *p < part);
        incoming[start..].iter().take_while(move |(p, _)| *p == part).map(|(_, from)| *from)
    }

    pub fn session(&self, id: EntryId) -> Option<&SessionFacts> {
        match &self.facts(id).own {
            OwnFacts::Session(facts) => Some(facts),
            _ => None,
        }
    }

    pub fn series(&self, id: EntryId) -> Option<&SeriesFacts> {
        match &self.facts(id).own {
            OwnFacts::Series(facts) => Some(facts),
            _ => None,
        }
    }

    pub fn practice(&self, id: EntryId) -> Option<&PracticeFacts> {
        match &self.facts(id).own {
            OwnFacts::Practice(facts) => Some(facts),
            _ => None,
        }
    }

    pub fn topic(&self, id: EntryId) -> Option<&topics::TopicFacts> {
        match &self.facts(id).own {
            OwnFacts::Topic(facts) => Some(facts),
            _ => None,
        }
    }

    /// Superseded or archived: kept, but no longer what the community would say.
    pub fn is_retired(&self, id: EntryId) -> bool {
        let common = &self.entry(id).common;
        common.archived || common.superseded_by.is_some()
    }

    /// The day an entry is filed under: that of a session, the day a question was asked, else its date, else the day it
    /// was updated.
    pub fn day(&self, id: EntryId) -> Option<Date> {
        self.days[id.at()]
    }

    fn reckon_days(&self) -> Vec<Option<Date>> {
        let day = |(at, entry): (usize, &Arc<Entry>)| {
            let id = EntryId(at as u32);
            let own = self.session(id).and_then(SessionFacts::date).or_else(|| self.asked_on(id));
            own.or(entry.date).or(entry.common.updated.as_ref().map(|at| at.value))
        };
        self.entries().par_iter().enumerate().map(day).collect()
    }

    /// The place of an entry among all by title.
    pub fn by_title(&self, id: EntryId) -> u32 {
        self.assembled.by_title[id.at()]
    }

    /// Puts entries in the order of a list: newest first, those without a day last, by title where days are the same.
    pub fn newest_first(&self, ids: &mut [EntryId]) {
        ids.sort_unstable_by_key(|id| self.rank(*id));
    }

    /// The place of an entry among all, newest first.
    pub fn rank(&self, id: EntryId) -> u32 {
        self.ranks[id.at()]
    }

    fn reckon_ranks(&self) -> Vec<u32> {
        let mut keys: Vec<_> = self.ids().map(|id| (std::cmp::Reverse(self.day(id)), self.by_title(id), id)).collect();
        keys.par_sort_unstable();
        places(keys.into_iter().map(|(_, _, id)| id).collect())
    }

    /// The sessions in which something was promised, with the ids commitments have on their pages.
    pub fn commitment_id(commitment: &crate::entries::front_matter::session::Commitment) -> String {
        let own = commitment.id.as_ref().map_or_else(|| names::id_from_words(&commitment.text), |id| names::slug(id));
        format!("commitment-{own}")
    }

    /// Whether anything of a kind stands in lists.
    pub fn has(&self, kind: Kind) -> bool {
        self.listed(kind).next().is_some()
    }

    /// The voices an entry speaks with: its own, and those of its speakers.
    pub fn voices(&self, id: EntryId) -> Vec<EntryId> {
        let speaks = |(part, to): &&(Part, EntryId)| matches!(part, Part::Voice | Part::SpeakerVoice) && self.has_page(*to);
        each_once(self.named(id).iter().filter(speaks).map(|(_, voice)| *voice))
    }
}
