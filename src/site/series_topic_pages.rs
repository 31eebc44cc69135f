//! The views of what brings entries together: series and topics.

use super::calendars::{self, Scope};
use super::entry_page::{text, texts};
use super::linked_data;
use super::lists::{STRIP, Sub, TOPICS};
use super::pages::{Page, dimension_name, topic_line};
use super::registers::{KNOWERS, What};
use super::views::{Count, CurriculumItem, Link, Listing, SeriesView, TopicView, UrlLink};
use crate::entries::Origin;
use crate::entries::front_matter::{Series, Topic};
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::knowers::Hold;
use crate::knowledge::presence::Heard;
use crate::knowledge::sessions::{SeriesState, SessionState};
use crate::theme::Value;
use crate::time::recurrence::Rule;

/// How many sessions of a series stand on its page before the rest go to pages of their own.
const SESSIONS: usize = 40;
/// How many sessions without notes are named on the page of their series.
const UNWRITTEN: usize = 3;

impl Page<'_> {
    pub fn series_view(&self, id: EntryId, series: &Series) -> SeriesView {
        let (k, desk) = (self.k(), &self.desk);
        let facts = k.series(id).expect("every series has facts");
        let scope = Scope::Entry(id);
        let occasions = self.site.plan().calendars.occasions(k, scope);
        let (upcoming, mut past): (Vec<Occasion>, Vec<Occasion>) = occasions.iter().copied().partition(|occasion| k.is_ahead(*occasion));
        past.reverse();
        let undated: Vec<EntryId> =
            facts.sessions.iter().copied().filter(|session| k.session(*session).is_none_or(|facts| facts.times.is_none())).collect();
        let next = upcoming.iter().copied().find(|occasion| k.is_coming(*occasion));
        let (start, end) = desk.window(id);
        // The next one stands at the top of the page already; a planned one has its place in the list all the same,
        // since its line is all it has.
        let later: Vec<Occasion> =
            upcoming.iter().copied().filter(|occasion| Some(*occasion) != next || k.planned(*occasion).is_some()).collect();
        let cards = |occasions: &[Occasion]| -> Vec<Value> { occasions.iter().map(|occasion| desk.occasion_card(*occasion)).collect() };
        let some_planned = upcoming.iter().any(|occasion| k.planned(*occasion).is_some());
        let listed = |key: &str, cards: Vec<Value>, most: usize| (!cards.is_empty()).then(|| self.session_listing(id, key, cards, most));
        let years = self.site.plan().calendars.years(k, scope);
        SeriesView {
            state: desk.state("series", facts.state.word()),
            window: desk.t.span(start, end),
            format: text(&series.format),
            rhythm: series.recurrence.as_ref().and_then(|recurrence| recurrence.rrule.as_ref()).map(|rule| self.rhythm(rule)),
            zone: series.time_zone.as_ref().map_or(&k.config.time_zone, |zone| &zone.value).name().to_owned(),
            facilitators: series.default.as_ref().map(|default| desk.all_named(id, &default.facilitators)).unwrap_or_default(),
            // What is over or called off cannot be registered for.
            registration: series
                .registration
                .as_ref()
                .filter(|_| matches!(facts.state, SeriesState::Announced | SeriesState::Running))
                .map(|registration| self.registration_view(registration)),
            next: next.map(|occasion| desk.occasion_card(occasion)),
            next_when: next.map(|occasion| desk.when(occasion)),
            add: next.and_then(|occasion| desk.add(occasion)),
            upcoming: listed("upcoming", cards(&later), if some_planned { usize::MAX } else { SESSIONS }),
            past: listed("past", cards(&past), SESSIONS),
            undated: listed("undated", desk.cards(&undated), SESSIONS),
            curriculum: self.curriculum(id, series),
            held: occasions.iter().filter(|occasion| k.occasion_state(**occasion) == SessionState::Held).count(),
            total: facts.sessions.len(),
            schedule_missing: facts.first.is_none().then(|| self.missing("no-schedule")),
            subscribe: self.subscription(scope),
            years: years
                .into_iter()
                .rev()
                .map(|year| Link { label: year.to_string(), path: desk.path(&calendars::year_path(k, scope, year)) })
                .collect(),
            unwritten: desk.unwritten(past.iter().copied(), UNWRITTEN),
            linked_data: linked_data::series(desk, id),
        }
    }

    fn session_listing(&self, id: EntryId, key: &str, mut cards: Vec<Value>, most: usize) -> Listing {
        let path = format!("{}{}/", self.k().path(id), Sub::Kind(Kind::Session).folder());
        let count = cards.len();
        // The rest of a long list has pages of its own; where most of it was only planned, it stands in the years. What is
        // planned and still to come has its only line here.
        let long = count > most;
        cards.truncate(most);
        let scope = Scope::Entry(id);
        let paged = self.site.plan().lists.contains_key(&(id, Sub::Kind(Kind::Session)));
        let year = self.site.plan().calendars.years(self.k(), scope).first().copied().filter(|_| !paged);
        let path = year.map_or(path, |year| calendars::year_path(self.k(), scope, year));
        Listing {
            id: format!("fm-part-{key}"),
            title: self.desk.t.get(&format!("say.sessions_{key}")).to_owned(),
            count,
            cards,
            groups: Vec::new(),
            more: long
                .then(|| Link { label: self.desk.t.say("say.all_of_them", &[("n", &count.to_string())]), path: self.desk.path(&path) }),
        }
    }

    /// Topics as planned, with the sessions that delivered them.
    fn curriculum(&self, id: EntryId, series: &Series) -> Vec<CurriculumItem> {
        let (k, desk) = (self.k(), &self.desk);
        k.targets(id, &series.curriculum)
            .into_iter()
            .map(|topic| {
                let about = k.sessions_about(id, topic);
                let code = k.curriculum_state(id, topic);
                let held = code == "delivered";
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
        let Ok(read) = Rule::read(rule) else { return rule.to_owned() };
        let part = |name: &str| read.part(name);
        let day =
            |code: &str| ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].iter().position(|known| *known == code).map(|index| t.weekday(index));
        let interval = part("INTERVAL").unwrap_or("1");
        let has_only = |known: &[&str]| {
            read.names().all(|name| ["FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST"].contains(&name) || known.contains(&name))
        };
        let words = match (part("FREQ"), part("BYDAY"), part("BYMONTHDAY")) {
            (Some("DAILY"), None, None) if has_only(&[]) && interval == "1" => Some(t.get("say.rhythm.daily").to_owned()),
            (Some("WEEKLY"), Some(by), None) if has_only(&["BYDAY"]) => {
                let days: Option<Vec<String>> = by.split(',').map(|code| day(code).map(str::to_owned)).collect();
                days.map(|days| match interval {
                    "1" => t.say("say.rhythm.weekly", &[("days", &t.list(&days))]),
                    n => t.say("say.rhythm.every_n_weeks", &[("n", n), ("days", &t.list(&days))]),
                })
            }
            (Some("MONTHLY"), Some(by), None) if has_only(&["BYDAY"]) && by.len() >= 3 => {
                let (nth, code) = by.split_at(by.len() - 2);
                let nth = t.maybe(&format!("say.rhythm.nth.{}", nth.trim_start_matches('+')));
                nth.zip(day(code)).map(|(nth, day)| match interval {
                    "1" => t.say("say.rhythm.monthly", &[("nth", nth), ("day", day)]),
                    n => t.say("say.rhythm.every_n_months", &[("n", n), ("nth", nth), ("day", day)]),
                })
            }
            (Some("MONTHLY"), None, Some(n)) if has_only(&["BYMONTHDAY"]) && interval == "1" && n.parse::<u8>().is_ok() => {
                Some(t.say("say.rhythm.on_day", &[("n", n)]))
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
        let voices: Vec<EntryId> = k.listed(Kind::Voice).filter(|voice| k.heard(id, *voice) != Heard::default()).collect();
        let (present, addressed): (Vec<EntryId>, Vec<EntryId>) = voices.into_iter().partition(|voice| k.heard(id, *voice).speaks > 0);
        let required = k.expected_in(id);
        let hold = k.hold(id);
        TopicView {
            definition: text(&topic.definition),
            not: text(&topic.not),
            synonyms: texts(&topic.synonyms),
            dimension: dimension_name(desk, topic.dimension()),
            parent: facts.parent.map(|parent| desk.link(parent)),
            children: facts.children.iter().take(TOPICS).map(|child| topic_line(desk, *child, 0)).collect(),
            all_children: self.way_to_all(id, Sub::Kind(Kind::Topic)),
            priority: Some(priority).filter(|_| topic.priority.is_some() || facts.parent.is_some()),
            steward: topic.steward.as_ref().and_then(|steward| desk.named(id, steward)),
            law: topic.law.iter().filter_map(|law| Some(UrlLink { label: text(&law.title)?, url: text(&law.url) })).collect(),
            counts: self.strip(id),
            essentials: desk.cards(&k.targets(id, &topic.essentials)),
            listings: self.kind_listings(id),
            who_knows: k.knowers(id).iter().take(KNOWERS).map(|knower| self.knower(knower)).collect(),
            more_knowers: self.more_knowers(id),
            all_who_know: self.register_link(What::WhoKnows),
            hold: Some(self.hold(id)).filter(|_| hold != Hold::Nobody || facts.total() > 0),
            voices_missing: desk.links_to(required.iter().copied().filter(|voice| !present.contains(voice))),
            voices_addressed: desk.links_to(addressed),
            voices_present: desk.links_to(present),
            gaps: super::gaps::rows_of(desk, id),
            declared: k.entry(id).origin == Origin::File,
            coming: self.soon(Scope::Entry(id)),
            calendar: self.calendar_link(Scope::Entry(id)),
            subscribe: self.subscription(Scope::Entry(id)),
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
                let path = (count > 0).then(|| format!("{}#fm-part-{}", desk.entry_path(id), kind.folder()));
                desk.count(kind, count, path)
            })
            .collect()
    }
}
