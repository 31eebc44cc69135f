//! The views of what brings entries together: series and topics.

use super::entry_page::{text, texts};
use super::lists::{STRIP, Sub};
use super::pages::{Page, dimension_name, topic_line};
use super::views::{Count, CurriculumItem, Knower, Link, Listing, SeriesView, TopicView, UrlLink};
use crate::entries::Origin;
use crate::entries::front_matter::series::rule_parts;
use crate::entries::front_matter::{Own, Series, Topic};
use crate::kinds::Kind;
use crate::knowledge::references::Part;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, topics};

/// How many sessions of a series stand on its page before the rest go to pages of their own.
const SESSIONS: usize = 40;
/// How many people are named as knowing about a topic.
const KNOWERS: usize = 8;

impl Page<'_> {
    pub fn series_view(&self, id: EntryId, series: &Series) -> SeriesView {
        let (k, desk) = (self.k(), &self.desk);
        let facts = k.series(id).expect("every series has facts");
        let state_of = |session: &EntryId| k.session(*session).map(|facts| facts.state);
        let is_coming =
            |session: &EntryId| k.session(*session).and_then(|facts| facts.times.as_ref()).is_some_and(|times| times.last >= k.today);
        let undated: Vec<EntryId> =
            facts.sessions.iter().copied().filter(|session| k.session(*session).is_none_or(|facts| facts.times.is_none())).collect();
        let (upcoming, mut past): (Vec<EntryId>, Vec<EntryId>) =
            facts.sessions.iter().copied().filter(|session| !undated.contains(session)).partition(is_coming);
        past.reverse();
        let next = upcoming.iter().copied().find(|session| k.session(*session).is_some_and(|facts| facts.is_upcoming()));
        let held = facts.sessions.iter().filter(|session| state_of(session) == Some(SessionState::Held)).count();
        // A session outside the window is part of it all the same, and the window says so.
        let start = series.start.as_ref().map(|at| at.value).into_iter().chain(facts.first).min();
        let end = series.end.as_ref().map(|at| at.value).into_iter().chain(facts.last).max();
        let later: Vec<EntryId> = upcoming.iter().copied().filter(|session| Some(*session) != next).collect();
        let group = |key: &str, ids: &[EntryId]| (!ids.is_empty()).then(|| self.session_listing(id, key, ids));
        SeriesView {
            state: desk.state("series", facts.state.word()),
            window: desk.t.span(start, end),
            format: text(&series.format),
            rhythm: series.recurrence.as_ref().and_then(|recurrence| recurrence.rrule.as_ref()).map(|rule| self.rhythm(rule)),
            zone: series.time_zone.as_ref().map_or(&k.config.time_zone, |zone| &zone.value).name().to_owned(),
            facilitators: series.default.as_ref().map(|default| desk.all_named(id, &default.facilitators)).unwrap_or_default(),
            registration: self.registration(id),
            next: next.map(|session| desk.card(session)),
            next_when: next.and_then(|session| desk.when(session)),
            upcoming: group("upcoming", &later),
            past: group("past", &past),
            undated: group("undated", &undated),
            curriculum: self.curriculum(id, series),
            held,
            total: facts.sessions.len(),
            schedule_missing: facts.first.is_none().then(|| self.missing("no-schedule")),
            calendar: None,
        }
    }

    fn session_listing(&self, id: EntryId, key: &str, ids: &[EntryId]) -> Listing {
        let path = format!("{}{}/", self.k().facts(id).path, Sub::Kind(Kind::Session).folder());
        let long = ids.len() > SESSIONS;
        Listing {
            id: format!("fm-part-{key}"),
            title: self.desk.t.get(&format!("say.sessions_{key}")).to_owned(),
            count: ids.len(),
            cards: self.desk.cards(&ids[..ids.len().min(SESSIONS)]),
            more: long
                .then(|| Link { label: self.desk.t.say("say.all_of_them", &[("n", &ids.len().to_string())]), path: self.desk.path(&path) }),
        }
    }

    /// Topics as planned, with the sessions that delivered them.
    fn curriculum(&self, id: EntryId, series: &Series) -> Vec<CurriculumItem> {
        let (k, desk) = (self.k(), &self.desk);
        let sessions = k.series(id).map(|facts| facts.sessions.clone()).unwrap_or_default();
        k.targets(id, &series.curriculum)
            .into_iter()
            .map(|topic| {
                let about: Vec<EntryId> = sessions.iter().copied().filter(|session| k.facts(*session).topics.contains(&topic)).collect();
                let held = about.iter().any(|session| k.session(*session).is_some_and(|facts| facts.state == SessionState::Held));
                let planned = about.iter().any(|session| k.session(*session).is_some_and(|facts| facts.is_upcoming()));
                let code = if held {
                    "delivered"
                } else if planned {
                    "planned"
                } else {
                    "not-delivered"
                };
                // Beside “delivered” stand the sessions that did it; what is still planned says so in its own list.
                let shown =
                    about.into_iter().filter(|session| !held || k.session(*session).is_some_and(|facts| facts.state == SessionState::Held));
                CurriculumItem { topic: desk.link(topic), sessions: desk.links_to(shown), state: desk.state("curriculum", code) }
            })
            .collect()
    }

    /// A recurrence rule in words, as far as they reach; else as it was written.
    fn rhythm(&self, rule: &str) -> String {
        let t = self.desk.t;
        let Ok(parts) = rule_parts(rule) else { return rule.to_owned() };
        let part = |name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let day =
            |code: &str| ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].iter().position(|known| *known == code).map(|index| t.weekday(index));
        let interval = part("INTERVAL").unwrap_or("1");
        let plain = parts.iter().all(|(name, _)| matches!(name.as_str(), "FREQ" | "BYDAY" | "INTERVAL" | "UNTIL" | "COUNT" | "WKST"));
        let words = match (part("FREQ"), part("BYDAY"), plain) {
            (Some("WEEKLY"), Some(by), true) => {
                let days: Option<Vec<String>> = by.split(',').map(|code| day(code).map(str::to_owned)).collect();
                days.map(|days| match interval {
                    "1" => t.say("say.rhythm.weekly", &[("days", &t.list(&days))]),
                    n => t.say("say.rhythm.every_n_weeks", &[("n", n), ("days", &t.list(&days))]),
                })
            }
            (Some("MONTHLY"), Some(by), true) if by.len() >= 3 && interval == "1" => {
                let (nth, code) = by.split_at(by.len() - 2);
                let nth = t.maybe(&format!("say.rhythm.nth.{}", nth.trim_start_matches('+')));
                nth.zip(day(code)).map(|(nth, day)| t.say("say.rhythm.monthly", &[("nth", nth), ("day", day)]))
            }
            _ => None,
        };
        words.unwrap_or_else(|| rule.to_owned())
    }

    pub fn topic_view(&self, id: EntryId, topic: &Topic) -> TopicView {
        let (k, desk) = (self.k(), &self.desk);
        let facts = k.topic(id).expect("every topic has facts");
        let mut priority = desk.state("priority", ["0", "1", "2", "3"][usize::from(facts.priority.min(3))]);
        if topic.priority.is_none() && facts.parent.is_some() {
            priority.why = Some(desk.t.get("say.priority_inherited").to_owned());
        }
        let present = self.voices_of(&facts.entries);
        let required = k.targets(id, &topic.required_voices);
        TopicView {
            definition: text(&topic.definition),
            not: text(&topic.not),
            synonyms: texts(&topic.synonyms),
            dimension: dimension_name(desk, topic.dimension()),
            parent: facts.parent.map(|parent| desk.link(parent)),
            children: facts.children.iter().map(|child| topic_line(desk, *child, 0)).collect(),
            priority: Some(priority).filter(|_| topic.priority.is_some() || facts.parent.is_some()),
            steward: topic.steward.as_ref().and_then(|steward| desk.named(id, steward)),
            law: topic.law.iter().filter_map(|law| Some(UrlLink { label: text(&law.title)?, url: text(&law.url) })).collect(),
            counts: self.strip(id),
            essentials: desk.cards(&k.targets(id, &topic.essentials)),
            listings: self.kind_listings(id),
            who_knows: self.who_knows(id),
            voices_missing: desk.links_to(required.iter().copied().filter(|voice| !present.contains(voice))),
            voices_present: desk.links_to(present),
            declared: k.entry(id).origin == Origin::File,
        }
    }

    /// How much there is of each kind; zero is shown, since it is what is missing.
    fn strip(&self, id: EntryId) -> Vec<Count> {
        let (k, desk) = (self.k(), &self.desk);
        let Some(facts) = k.topic(id) else { return Vec::new() };
        // A community that has no practices at all is not told so on every page.
        STRIP
            .into_iter()
            .filter(|kind| k.has(*kind))
            .map(|kind| {
                let count = facts.count(kind);
                let noun = if count == 1 { "noun" } else { "nouns" };
                Count {
                    kind: kind.word(),
                    label: desk.t.get(&format!("kinds.{}.{noun}", kind.word())).to_owned(),
                    count,
                    path: (count > 0).then(|| format!("{}#fm-part-{}", desk.entry_path(id), kind.folder())),
                }
            })
            .collect()
    }

    /// The voices that entries carry, each once.
    pub fn voices_of(&self, entries: &[EntryId]) -> Vec<EntryId> {
        let mut voices: Vec<EntryId> = Vec::new();
        for id in entries {
            for voice in self.k().voices(*id) {
                if !voices.contains(&voice) {
                    voices.push(voice);
                }
            }
        }
        voices.sort_unstable();
        voices
    }

    /// People whose expertise a topic is, and organizations with case studies about it.
    fn who_knows(&self, id: EntryId) -> Vec<Knower> {
        let (k, desk) = (self.k(), &self.desk);
        let people = k
            .referring(id, Part::Expertise)
            .filter(|person| k.entry(*person).person().is_some_and(|own| own.left_on.as_ref().is_none_or(|left| left.value > k.today)));
        let mut knowers: Vec<Knower> = people
            .map(|person| Knower { name: desk.name(person), because: desk.t.get("say.expertise").to_owned(), willing_to_talk: false })
            .collect();
        let mut organizations: Vec<(EntryId, usize, bool)> = Vec::new();
        for case in topics::entries_below(k, id, Kind::CaseStudy) {
            let Own::CaseStudy(case_study) = &k.entry(case).own else { continue };
            for organization in k.targets(case, &k.entry(case).common.organizations) {
                match organizations.iter_mut().find(|(known, _, _)| *known == organization) {
                    Some((_, count, talks)) => {
                        *count += 1;
                        *talks |= case_study.willing_to_talk;
                    }
                    None => organizations.push((organization, 1, case_study.willing_to_talk)),
                }
            }
        }
        organizations.sort_by_key(|(id, count, _)| (std::cmp::Reverse(*count), *id));
        knowers.extend(organizations.into_iter().map(|(organization, count, willing_to_talk)| Knower {
            name: desk.name(organization),
            because: desk.kind_count(Kind::CaseStudy, count),
            willing_to_talk,
        }));
        knowers.truncate(KNOWERS);
        knowers
    }
}
