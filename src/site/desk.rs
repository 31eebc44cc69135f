//! The desk on which views are put together: names, links, dates and cards, each made one way.

use super::calendars::{Scope, is_struck, year_path};
use super::cards::Cards;
use super::gathered::Gathering;
use super::views::{Card, Count, DateView, Leaf, Link, Name, State, When, ZoneTime};
use crate::entries::front_matter::Own;
use crate::entries::front_matter::session::{Mode, Registration};
use crate::entries::names;
use crate::fields::{Ref, Wall};
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::{SessionFacts, SessionState, Times};
use crate::knowledge::{EntryId, Knowledge, paths};
use crate::theme::{Strings, Value};
use crate::time::{Date, days_between};

/// How the site's own addresses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// `practices/x/`: for web servers.
    #[default]
    Folders,
    /// `practices/x/index.html`: also from a shared drive, with no server.
    Portable,
}

#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub k: &'a Knowledge,
    pub t: &'a Strings,
    pub links: Links,
    cards: &'a Cards,
}

impl<'a> Desk<'a> {
    pub fn new(k: &'a Knowledge, t: &'a Strings, links: Links, cards: &'a Cards) -> Self {
        Desk { k, t, links, cards }
    }

    /// A path as it is written in links.
    pub fn path(&self, path: &str) -> String {
        let folder = path.is_empty() || path.ends_with('/');
        if self.links == Links::Portable && folder { format!("{path}index.html") } else { path.to_owned() }
    }

    pub fn entry_path(&self, id: EntryId) -> String {
        self.path(self.k.path(id))
    }

    pub fn link(&self, id: EntryId) -> Link {
        Link { label: self.k.entry(id).title.clone(), path: self.entry_path(id) }
    }

    pub fn links_to(&self, ids: impl IntoIterator<Item = EntryId>) -> Vec<Link> {
        ids.into_iter().map(|id| self.link(id)).collect()
    }

    pub fn name(&self, id: EntryId) -> Name {
        Name { label: self.k.entry(id).title.clone(), path: Some(self.entry_path(id)) }
    }

    /// The name behind a reference: that of the entry it leads to, else what was written.
    pub fn named(&self, from: EntryId, reference: &Ref) -> Option<Name> {
        match self.k.target(from, reference) {
            Some(id) if self.k.has_page(id) => Some(self.name(id)),
            // What is hidden is not even named.
            Some(_) => None,
            None => Some(Name { label: names::readable(reference), path: None }),
        }
    }

    /// The names behind references as lists have them: what stands in no list is not named in one.
    pub fn all_listed(&self, from: EntryId, references: &[Ref]) -> Vec<Name> {
        let listed = |reference: &&Ref| self.k.target(from, reference).is_none_or(|id| self.k.is_listed(id));
        references.iter().filter(listed).filter_map(|reference| self.named(from, reference)).collect()
    }

    pub fn all_named(&self, from: EntryId, references: &[Ref]) -> Vec<Name> {
        references.iter().filter_map(|reference| self.named(from, reference)).collect()
    }

    pub fn linked(&self, from: EntryId, reference: &Ref) -> Option<Link> {
        self.k.target(from, reference).filter(|id| self.k.has_page(*id)).map(|id| self.link(id))
    }

    /// A place by its name, with the way to everything there.
    pub fn place(&self, name: &str) -> Name {
        let at = self.k.places.number(name);
        let path = at.map(|at| self.path(&Gathering::Place(at).path(self.k)));
        Name { label: name.to_owned(), path }
    }

    pub fn date(&self, date: Date) -> DateView {
        DateView { iso: date.to_string(), text: self.t.date(date) }
    }

    /// A state with its word in the reader's language: `states.GROUP.CODE`.
    pub fn state(&self, group: &str, code: &'static str) -> State {
        let key = format!("states.{group}.{code}");
        State { code, word: self.t.get(&key).to_owned(), why: None }
    }

    pub fn kind_label(&self, kind: Kind) -> String {
        self.t.get(&format!("kinds.{}.one", kind.word())).to_owned()
    }

    pub fn kind_plural(&self, kind: Kind) -> String {
        self.t.get(&format!("kinds.{}.other", kind.word())).to_owned()
    }

    /// How many there are of a kind, apart from the word, for a strip of counts; a way to them if there is one.
    pub fn count(&self, kind: Kind, count: usize, path: Option<String>) -> Count {
        let noun = if count == 1 { "noun" } else { "nouns" };
        Count { kind: kind.word(), label: self.t.get(&format!("kinds.{}.{noun}", kind.word())).to_owned(), count, path }
    }

    /// "3 practices".
    pub fn kind_count(&self, kind: Kind, count: usize) -> String {
        self.t.count(&format!("kinds.{}.counted", kind.word()), count)
    }

    pub fn leaf(&self, times: &Times, state: SessionState) -> Leaf {
        let date = times.wall.date();
        Leaf {
            iso: iso(times),
            weekday: self.t.weekday_short(date),
            day: date.day().to_string(),
            month: self.t.month_short(date),
            year: (date.year() != self.k.today.year()).then(|| date.year().to_string()),
            struck: is_struck(state),
        }
    }

    /// The leaf of a session; none where it has no day.
    pub fn session_leaf(&self, facts: &SessionFacts) -> Option<Leaf> {
        facts.times.as_ref().map(|times| self.leaf(times, facts.state))
    }

    /// "1:00–2:30 pm CST", or "all day".
    pub fn time(&self, times: &Times) -> String {
        match times.wall {
            Wall::Day(first) if first == times.last => self.t.get("say.all_day").to_owned(),
            Wall::Day(_) => self.t.say("say.all_day_until", &[("to", &self.t.date(times.last))]),
            Wall::Time(_) => self.zoned(&times.start, &times.end),
        }
    }

    fn zoned(&self, start: &crate::time::Moment, end: &crate::time::Moment) -> String {
        let clocks = self.t.clocks(start.time(), end.time());
        let next = days_between(start.date(), end.date());
        let until = if next > 0 && end.time() != crate::time::clock(0, 0, 0).unwrap_or_default() {
            format!(" ({})", self.t.get("say.next_day"))
        } else {
            String::new()
        };
        let (from, to) = (start.abbreviation(), end.abbreviation());
        if from != to {
            // The clocks were set in between.
            return format!("{} {from}–{} {to}{until}", self.t.clock(start.time()), self.t.clock(end.time()));
        }
        format!("{clocks} {from}{until}")
    }

    /// When something is, for the zones of its series, else the site's.
    pub fn when(&self, occasion: Occasion) -> When {
        let times = self.k.times(occasion);
        let all_day = matches!(times.wall, Wall::Day(_));
        let series = self.k.series_of(occasion).and_then(|series| self.k.entry(series).series());
        let own: Vec<&crate::time::Zone> =
            series.map(|series| series.display_zones.iter().map(|zone| &zone.value).collect()).unwrap_or_default();
        let zones = if own.is_empty() { self.k.config.display_zones.iter().collect() } else { own };
        let others = zones.into_iter().filter(|zone| !all_day && **zone != times.zone).map(|zone| {
            let (start, end) = (times.start.in_zone(zone), times.end.in_zone(zone));
            let day = match days_between(times.start.date(), start.date()) {
                0 => None,
                1.. => Some(self.t.get("say.next_day").to_owned()),
                _ => Some(self.t.get("say.previous_day").to_owned()),
            };
            ZoneTime { place: zone.place(), time: self.zoned(&start, &end), day }
        });
        When {
            iso_start: iso(times),
            iso_end: times.end.rfc3339(),
            date: self.t.full_date(times.wall.date()),
            time: self.time(times),
            zone: times.zone.name().to_owned(),
            all_day,
            minutes: times.minutes,
            others: others.collect(),
        }
    }

    /// The occasion of a session; none where it has no day.
    pub fn occasion(&self, id: EntryId) -> Option<Occasion> {
        self.k.session(id).filter(|facts| facts.times.is_some()).map(|_| Occasion::Session(id))
    }

    /// What something in a calendar is called: a planned session as its series.
    pub fn occasion_title(&self, occasion: Occasion) -> String {
        self.k.entry(self.k.host(occasion)).title.clone()
    }

    /// The address of something in a calendar: a planned session is a line on the page of its series, and when it is over,
    /// on that of its year.
    pub fn occasion_path(&self, occasion: Occasion) -> String {
        let host = self.k.host(occasion);
        let path = if self.k.planned(occasion).is_some() && !self.k.is_ahead(occasion) {
            self.path(&year_path(self.k, Scope::Entry(host), self.k.times(occasion).wall.date().year()))
        } else {
            self.entry_path(host)
        };
        match self.k.planned(occasion) {
            None => path,
            Some(planned) => format!("{path}#{}", paths::encoded(&self.planned_anchor(occasion, planned.date))),
        }
    }

    /// The anchor of a planned session on the pages of its series; no other series has it, since lists may hold several.
    pub fn planned_anchor(&self, occasion: Occasion, date: Date) -> String {
        format!("fm-{}-{date}", self.k.entry(self.k.host(occasion)).slug)
    }

    pub fn occasion_card(&self, occasion: Occasion) -> Value {
        match occasion {
            Occasion::Session(id) => self.card(id),
            Occasion::Planned { series, at } => self.cards.of_planned(self, series, at),
        }
    }

    /// The first and last day of a series. A session outside its window is part of it all the same, and the window says
    /// so; one that recurs without an end has none.
    pub fn window(&self, series: EntryId) -> (Option<Date>, Option<Date>) {
        let own = self.k.entry(series).series();
        let facts = self.k.series(series);
        let start = own.and_then(|own| own.start.as_ref()).map(|at| at.value).into_iter().chain(facts.and_then(|facts| facts.first)).min();
        let end = own.and_then(|own| own.end.as_ref()).map(|at| at.value).into_iter().chain(facts.and_then(|facts| facts.last)).max();
        (start, end)
    }

    /// Whether people meet online, in one place or both: as the session says, else its series.
    pub fn mode_of(&self, occasion: Occasion) -> Option<Mode> {
        let own = self.k.entry(self.k.host(occasion)).session().and_then(|session| session.mode.as_ref());
        let series = self.k.series_of(occasion).and_then(|series| self.k.entry(series).series());
        own.or(series.and_then(|series| series.default.as_ref()?.mode.as_ref())).map(|mode| mode.value)
    }

    /// How to register: the session's own way, else its series'.
    pub fn registration_of(&self, occasion: Occasion) -> Option<&'a Registration> {
        let own = self.k.entry(self.k.host(occasion)).session().and_then(|session| session.registration.as_ref());
        let series = self.k.series_of(occasion).and_then(|series| self.k.entry(series).series());
        own.or(series.and_then(|series| series.registration.as_ref()))
    }

    /// The shared card of an entry.
    pub fn card(&self, id: EntryId) -> Value {
        self.cards.of_entry(self, id)
    }

    pub fn cards(&self, ids: &[EntryId]) -> Vec<Value> {
        ids.iter().map(|id| self.card(*id)).collect()
    }

    /// What an entry's card says, before it is drawn.
    pub fn new_card(&self, id: EntryId) -> Card {
        let entry = self.k.entry(id);
        let session = self.k.session(id);
        let site_language = &self.k.config.language;
        let date = match entry.kind {
            // The day a file about them was written says nothing of people.
            Kind::Person | Kind::Organization | Kind::Voice | Kind::Community => None,
            _ => self.k.day(id).map(|date| self.date(date)),
        };
        Card {
            kind: entry.kind.word(),
            kind_label: self.kind_label(entry.kind),
            id: None,
            title: entry.title.clone(),
            path: self.entry_path(id),
            summary: self.summary_of(id).to_owned(),
            ends: self.occasion(id).and_then(|occasion| self.ends(occasion)),
            date,
            leaf: session.and_then(|facts| self.session_leaf(facts)),
            time: session.and_then(|facts| facts.times.as_ref()).map(|times| self.time(times)),
            state: self.state_of(id),
            series: session.and_then(|facts| facts.series).filter(|series| self.k.is_listed(*series)).map(|series| self.name(series)),
            facts: self.card_facts(id),
            language: entry.common.language.as_ref().map(|language| language.value.clone()).filter(|language| language != site_language),
            watermark: self.watermark(id),
            retired: self.k.is_retired(id),
            row: Value::none(),
            mixed: Value::none(),
        }
    }

    /// What the card of a planned session says: it has no entry of its own yet.
    pub fn new_planned_card(&self, occasion: Occasion) -> Card {
        let (series, times) = (self.k.host(occasion), self.k.times(occasion));
        let state = self.k.occasion_state(occasion);
        let fact =
            if self.k.is_coming(occasion) { Some("say.planned") } else { self.k.is_unwritten(occasion).then_some("say.not_written_up") };
        Card {
            kind: Kind::Session.word(),
            kind_label: self.kind_label(Kind::Session),
            id: self.k.planned(occasion).map(|planned| self.planned_anchor(occasion, planned.date)),
            title: self.occasion_title(occasion),
            path: self.occasion_path(occasion),
            summary: String::new(),
            ends: self.ends(occasion),
            date: Some(self.date(times.wall.date())),
            leaf: Some(self.leaf(times, state)),
            time: Some(self.time(times)),
            state: Some(self.state("session", state.word())),
            series: None,
            facts: fact.into_iter().map(|fact| self.t.get(fact).to_owned()).collect(),
            language: None,
            watermark: self.watermark(series),
            retired: false,
            row: Value::none(),
            mixed: Value::none(),
        }
    }

    /// When something that is still to come is over.
    fn ends(&self, occasion: Occasion) -> Option<String> {
        self.k.is_ahead(occasion).then(|| self.k.times(occasion).end.rfc3339())
    }

    pub fn summary_of(&self, id: EntryId) -> &'a str {
        let entry = self.k.entry(id);
        let own = match &entry.own {
            Own::Topic(topic) => topic.definition.as_ref(),
            Own::Voice(voice) => voice.definition.as_ref(),
            Own::Community(community) => community.purpose.as_ref(),
            Own::Resource(resource) => resource.why.as_ref(),
            Own::Practice(practice) => practice.problem.as_ref(),
            _ => None,
        };
        // What the author chose to say comes before what their text happens to begin with.
        match (&entry.common.summary, own) {
            (Some(summary), _) => &summary.value,
            (None, Some(own)) => &own.value,
            (None, None) => &entry.summary,
        }
    }

    /// "Draft" or "Internal", in previews that show them.
    pub fn watermark(&self, id: EntryId) -> Option<String> {
        let common = &self.k.entry(id).common;
        let internal = common.visibility() == crate::entries::front_matter::Visibility::Internal;
        let key = if common.draft {
            "say.draft"
        } else if internal {
            "say.internal"
        } else {
            return None;
        };
        Some(self.t.get(key).to_owned())
    }

    pub fn state_of(&self, id: EntryId) -> Option<State> {
        let entry = self.k.entry(id);
        Some(match &entry.own {
            Own::Session(_) => self.state("session", self.k.session(id)?.state.word()),
            // What has been replaced is not on its way to being proven.
            Own::Practice(_) if self.k.is_retired(id) => return None,
            Own::Practice(_) => self.state("maturity", self.k.practice(id)?.maturity.word()),
            Own::Series(_) => self.state("series", self.k.series(id)?.state.word()),
            Own::Question(_) => self.state("question", self.k.question_status(id)?.word()),
            Own::CaseStudy(case_study) => self.state("again", case_study.would_do_again.as_ref()?.value.word()),
            _ => return None,
        })
    }

    /// A few plain words that tell entries of one kind apart.
    fn card_facts(&self, id: EntryId) -> Vec<String> {
        let entry = self.k.entry(id);
        let title = |id: &EntryId| self.k.entry(*id).title.clone();
        let mut facts = Vec::new();
        match &entry.own {
            Own::Session(session) => {
                use crate::entries::front_matter::session::MaterialKind::{Recording, Transcript};
                let held = self.k.session(id).is_some_and(|facts| facts.state == SessionState::Held);
                let has = |kind| session.materials.iter().any(|material| material.kind.as_ref().is_some_and(|of| of.value == kind));
                let moved = session.previous_starts.last().filter(|_| self.k.session(id).is_some_and(SessionFacts::is_upcoming));
                if let Some(before) = moved {
                    facts.push(self.t.say("say.moved_from", &[("date", &self.t.date(before.value.date()))]));
                }
                if held && has(Recording) {
                    facts.push(self.t.get("say.with_recording").to_owned());
                }
                if held && has(Transcript) {
                    facts.push(self.t.get("say.with_transcript").to_owned());
                }
            }
            Own::Practice(_) => {
                let count = self.k.practice(id).map_or(0, |facts| facts.case_studies.len());
                facts.push(self.kind_count(Kind::CaseStudy, count));
            }
            Own::CaseStudy(_) => {
                let organizations = self.k.targets(id, &entry.common.organizations).into_iter().filter(|id| self.k.is_listed(*id));
                facts.extend(organizations.take(2).map(|id| title(&id)));
                facts.extend(entry.common.places.iter().take(2).map(|place| place.value.clone()));
            }
            Own::Series(_) => {
                let count = self.k.series(id).map_or(0, |facts| facts.sessions.len());
                facts.push(self.kind_count(Kind::Session, count));
            }
            Own::Topic(_) => {
                let count = self.k.topic(id).map_or(0, |facts| facts.total());
                facts.push(self.t.count("say.entries", count));
            }
            Own::Question(question) => {
                let asks = question.asks.as_ref().map_or(1, |asks| asks.value);
                if asks > 1 {
                    facts.push(self.t.count("say.asked_times", asks as usize));
                }
            }
            Own::Resource(resource) => {
                facts.extend([&resource.what, &resource.publisher].into_iter().flatten().map(|text| text.value.clone()))
            }
            Own::Organization(organization) => {
                facts.extend([&organization.what, &organization.place].into_iter().flatten().map(|text| text.value.clone()));
            }
            Own::Person(person) => {
                facts.extend(person.role.iter().map(|role| role.value.clone()));
                facts.extend(self.k.targets(id, &person.organization).iter().filter(|id| self.k.is_listed(**id)).map(title));
            }
            Own::Voice(_) => facts.push(self.t.count("say.entries", self.k.spoken_in(id).len())),
            Own::Community(_) | Own::Page(_) => {}
        }
        if self.k.facts(id).freshness.state.is_overdue() {
            facts.push(self.t.get("say.review_overdue").to_owned());
        }
        facts
    }
}

/// A session's start for machines: a day, or a moment.
fn iso(times: &Times) -> String {
    match times.wall {
        Wall::Day(date) => date.to_string(),
        Wall::Time(_) => times.start.rfc3339(),
    }
}
