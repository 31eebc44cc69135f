//! The page of an entry: what all kinds have in common, and the view of its own kind beside it.

use super::direction;
use super::feeds::Scope;
use super::lists::{self, SHORT, Sub};
use super::pages::Page;
use super::views::{EntryView, Freshness, Group, Link, Listing, Missing, Registration, Related, State, TocItem};
use crate::entries::body::{LinkKind, Target, Word};
use crate::entries::front_matter::session::RegistrationSaid;
use crate::entries::front_matter::{Own, Text};
use crate::entries::{Origin, front_matter};
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::freshness::FreshnessState;
use crate::knowledge::links::{LinkTarget, raw_mode};
use crate::knowledge::references::Part;
use crate::knowledge::{EntryId, Shown, paths, related};
use crate::theme::Value;
use crate::time::{Date, days_between};

/// With fewer headings than this, a table of contents is longer than it is useful.
const LEAST_HEADINGS: usize = 3;

/// How many days before registration closes it is said that it closes.
pub const CLOSING_DAYS: i64 = 14;

impl Page<'_> {
    /// The page of one entry.
    pub fn entry(&self, id: EntryId) -> Result<Vec<u8>, Finding> {
        let entry = self.k().entry(id);
        let mut head = self.head(template(entry.kind), &entry.title);
        head.description = entry.summary.clone();
        head.breadcrumb = vec![self.home_link()];
        head.breadcrumb.extend(self.index_link(entry.kind));
        head.section = if entry.kind == Kind::Page { entry.id.clone() } else { entry.kind.folder().to_owned() };
        head.noindex = self.k().shown(id) == Shown::Unlisted;
        head.watermark = self.desk.watermark(id);
        if matches!(entry.kind, Kind::Topic | Kind::Series) && self.k().is_listed(id) {
            head.feeds = self.feed_links(Scope::Entry(id));
        }
        let mut view = self.entry_view(id);
        let own = self.own_view(id, &mut view);
        let mut views = vec![("entry", Value::from_serializable(&view))];
        views.extend(own);
        self.render(head, views)
    }

    fn own_view(&self, id: EntryId, view: &mut EntryView) -> Option<(&'static str, Value)> {
        Some(match &self.k().entry(id).own {
            Own::Session(session) => ("session", Value::from_serializable(&self.session_view(id, session, view))),
            Own::Practice(practice) => ("practice", Value::from_serializable(&self.practice_view(id, practice))),
            Own::CaseStudy(case_study) => ("case_study", Value::from_serializable(&self.case_study_view(id, case_study))),
            Own::Series(series) => ("series", Value::from_serializable(&self.series_view(id, series))),
            Own::Topic(topic) => ("topic", Value::from_serializable(&self.topic_view(id, topic))),
            Own::Question(question) => ("question", Value::from_serializable(&self.question_view(id, question))),
            Own::Resource(resource) => ("resource", Value::from_serializable(&self.resource_view(id, resource))),
            Own::Voice(voice) => ("voice", Value::from_serializable(&self.voice_view(id, voice))),
            Own::Organization(organization) => ("organization", Value::from_serializable(&self.organization_view(id, organization))),
            Own::Person(person) => ("person", Value::from_serializable(&self.person_view(id, person))),
            Own::Community(community) => ("community", Value::from_serializable(&self.community_view(id, community))),
            Own::Page(_) => return None,
        })
    }

    fn entry_view(&self, id: EntryId) -> EntryView {
        let (k, desk) = (self.k(), &self.desk);
        let entry = k.entry(id);
        let common = &entry.common;
        let body = self.body(id);
        let language = common.language.as_ref().map_or_else(|| k.config.language.clone(), |language| language.value.clone());
        let headings: Vec<_> = entry.body.headings.iter().filter(|heading| (2..=3).contains(&heading.level)).collect();
        let toc = if headings.len() >= LEAST_HEADINGS { headings } else { Vec::new() };
        let written = entry.origin == Origin::File;
        EntryView {
            kind: entry.kind.word(),
            kind_label: desk.kind_label(entry.kind),
            id: entry.id.clone(),
            title: entry.title.clone(),
            // A summary taken from the text would say its opening twice.
            summary: common.summary.as_ref().map(|summary| summary.value.clone()).unwrap_or_default(),
            has_body: !body.trim().is_empty(),
            body: Value::safe_string(&body),
            toc: toc
                .into_iter()
                .map(|heading| TocItem { level: heading.level, id: heading.id.clone(), text: heading.text.clone() })
                .collect(),
            dir: direction(&language),
            language,
            topics: desk.links_to(k.said(id).topics.iter().copied()),
            communities: desk.links_to(k.said(id).communities.iter().copied()),
            voices: desk.links_to(k.targets(id, &common.voices)),
            audiences: desk.links_to(k.targets(id, &common.audiences)),
            places: common.places.iter().map(|place| desk.place(place)).collect(),
            authors: desk.all_named(id, &common.authors),
            organizations: desk.all_named(id, &common.organizations),
            // The leaf shows a session's day; the day of its notes would only confuse.
            date: entry.date.filter(|_| entry.kind != Kind::Session).map(|date| desk.date(date)),
            updated: common.updated.as_ref().map(|updated| desk.date(updated.value)),
            freshness: self.freshness(id),
            superseded_by: common.superseded_by.as_ref().and_then(|by| desk.linked(id, by)),
            supersedes: desk.links_to(k.referring(id, Part::SupersededBy)),
            archived: common.archived,
            source: if written { entry.at.file.to_string() } else { String::new() },
            edit_url: k
                .config
                .edit
                .url
                .as_ref()
                .filter(|_| entry.origin != Origin::Named)
                .map(|url| url.replace("{path}", &paths::encoded(&entry.at.file))),
            missing: Vec::new(),
            answers: desk.links_to(k.referring(id, Part::Answer)),
            mentions: self.listing(id, Sub::Mentions),
            related: related::to(k, id)
                .into_iter()
                .map(|(other, reason)| Related {
                    card: desk.card(other),
                    reason: desk.t.get(&format!("say.related.{}", reason.word())).to_owned(),
                })
                .collect(),
        }
    }

    /// The text of an entry, with addresses as they are from this page.
    pub fn body(&self, id: EntryId) -> String {
        let (k, desk) = (self.k(), &self.desk);
        let root = self.root();
        let entry = k.entry(id);
        let targets = &k.links(id);
        let word = |word: Word| desk.t.get(word_key(word));
        entry.body.fill(raw_mode(k.config.raw_html), &word, &mut |number, link| match &targets[number as usize] {
            LinkTarget::Entry { id: to, fragment } => {
                let fragment = fragment.as_ref().map(|fragment| format!("#{}", paths::encoded(fragment))).unwrap_or_default();
                let text = Some(k.entry(*to).title.clone());
                Target::Address { href: format!("{root}{}{fragment}", desk.entry_path(*to)), text, class: "" }
            }
            LinkTarget::Path(path) => Target::Address { href: format!("{root}{}", desk.path(path)), text: None, class: "" },
            LinkTarget::Fragment(fragment) => Target::Address { href: format!("#{}", paths::encoded(fragment)), text: None, class: "" },
            LinkTarget::Away => {
                let class = if link.kind == LinkKind::External && link.target.starts_with("http") { "external" } else { "" };
                Target::Address { href: link.target.clone(), text: None, class }
            }
            LinkTarget::Plain => Target::Plain { text: None },
            LinkTarget::Wanted => Target::Wanted { text: None },
        })
    }

    fn freshness(&self, id: EntryId) -> Option<Freshness> {
        let (k, desk) = (self.k(), &self.desk);
        let freshness = &k.facts(id).freshness;
        if matches!(freshness.state, FreshnessState::Exempt) && freshness.reviewed.is_none() {
            return None;
        }
        let review = k.entry(id).common.review.as_ref();
        let reviewed = freshness.reviewed.and_then(|index| review?.log.get(index));
        let sentence = match (reviewed, freshness.since) {
            (Some(reviewed), Some(on)) => {
                let by = reviewed
                    .by
                    .as_ref()
                    .and_then(|by| desk.named(id, by))
                    .map(|by| desk.t.say("say.reviewed_by", &[("name", &by.label)]))
                    .unwrap_or_default();
                let checked: Vec<String> = reviewed.checked.iter().map(|what| what.value.clone()).collect();
                let checked = if checked.is_empty() {
                    String::new()
                } else {
                    desk.t.say("say.reviewed_checked", &[("what", &desk.t.list(&checked))])
                };
                desk.t.say("say.reviewed_on", &[("date", &desk.t.date(on)), ("by", &by), ("checked", &checked)])
            }
            (None, Some(on)) => desk.t.say("say.not_reviewed", &[("date", &desk.t.date(on))]),
            _ => desk.t.get("say.undated").to_owned(),
        };
        let mut state = desk.state("freshness", freshness.state.word());
        state.why = freshness.next.map(|next| desk.t.say("say.review_due_on", &[("date", &desk.t.date(next))]));
        Some(Freshness {
            state,
            sentence,
            owner: k.owner_of(id).filter(|owner| k.has_page(*owner)).map(|owner| desk.name(owner)),
            ask: k.whom_to_ask(id).filter(|whom| k.has_page(*whom)).map(|whom| desk.name(whom)),
            reviewed: reviewed.and_then(|reviewed| reviewed.on.as_ref()).map(|on| desk.date(on.value)),
            next: freshness.next.map(|next| desk.date(next)),
        })
    }

    /// A list that stands on an entry's page, short, with a way to the rest; none if it is empty.
    pub fn listing(&self, id: EntryId, sub: Sub) -> Option<Listing> {
        let ids = lists::entries(self.k(), id, sub);
        (!ids.is_empty()).then(|| self.short(id, sub, &ids))
    }

    fn short(&self, id: EntryId, sub: Sub, ids: &[EntryId]) -> Listing {
        let long = ids.len() > SHORT;
        let path = format!("{}{}/", self.k().path(id), sub.folder());
        let shown = &ids[..ids.len().min(SHORT)];
        let parts = lists::grouped(&self.desk, id, sub, shown);
        let in_parts = parts.iter().any(|(title, _)| !title.is_empty());
        let part = |(index, (title, ids)): (usize, (String, Vec<EntryId>))| Group {
            title,
            id: format!("fm-part-{}-{}", sub.folder(), index + 1),
            cards: self.desk.cards(&ids),
            questions: Vec::new(),
        };
        let parts: Vec<Group> = if in_parts { parts.into_iter().enumerate().map(part).collect() } else { Vec::new() };
        Listing {
            id: format!("fm-part-{}", sub.folder()),
            title: self.sub_title(id, sub),
            count: ids.len(),
            cards: if parts.is_empty() { self.desk.cards(shown) } else { Vec::new() },
            groups: parts,
            more: long
                .then(|| Link { label: self.desk.t.say("say.all_of_them", &[("n", &ids.len().to_string())]), path: self.desk.path(&path) }),
        }
    }

    /// The lists on an entry's page but for what mentions it, in their order.
    pub fn kind_listings(&self, id: EntryId) -> Vec<Listing> {
        let kind = self.k().kind(id);
        let subs = lists::subs(kind).into_iter().filter(|sub| *sub != Sub::Mentions && !lists::apart(kind).contains(sub));
        subs.filter_map(|sub| self.listing(id, sub)).collect()
    }

    /// The way to a list of its own for what only begins on the page of an entry.
    pub fn way_to_all(&self, id: EntryId, sub: Sub) -> Option<Link> {
        let listed = self.site.plan().lists.get(&(id, sub))?;
        let path = self.desk.path(&format!("{}{}/", self.k().path(id), sub.folder()));
        Some(Link { label: self.desk.t.say("say.all_of_them", &[("n", &listed.total.to_string())]), path })
    }

    pub fn missing(&self, code: &'static str) -> Missing {
        let key = format!("say.missing.{code}");
        let ask = format!("say.missing.{code}-ask");
        Missing { code, what: self.desk.t.get(&key).to_owned(), ask: self.desk.t.maybe(&ask).map(str::to_owned), path: None, url: None }
    }

    /// How to register for a session: its own way, else its series'.
    pub fn registration(&self, occasion: Occasion) -> Option<Registration> {
        self.desk.registration_of(occasion).map(|registration| self.registration_view(registration))
    }

    pub fn registration_view(&self, registration: &front_matter::session::Registration) -> Registration {
        Registration {
            url: text(&registration.url),
            state: Some(self.registration_state(registration)),
            cost: text(&registration.cost),
            eligibility: text(&registration.eligibility),
            capacity: registration.capacity.as_ref().map(|capacity| capacity.value),
        }
    }

    fn registration_state(&self, registration: &front_matter::session::Registration) -> State {
        let t = self.desk.t;
        match RegistrationState::of(registration, self.k().today) {
            RegistrationState::NotYetOpen => {
                let mut state = self.desk.state("registration", "not-yet-open");
                state.why = registration.opens.as_ref().map(|opens| t.say("say.opens_on", &[("date", &t.date(opens.value))]));
                state
            }
            RegistrationState::Open => self.desk.state("registration", "open"),
            RegistrationState::ClosesIn(days) => {
                let mut state = self.desk.state("registration", "closes-soon");
                state.word = if days == 0 { t.get("say.closes_today").to_owned() } else { t.count("say.closes_in", days as usize) };
                state
            }
            RegistrationState::Full => self.desk.state("registration", "full"),
            RegistrationState::Closed => self.desk.state("registration", "closed"),
        }
    }

    /// Where a piece of evidence stands: a page of this site, an address, or only a sentence.
    pub fn evidence(&self, evidence: &Option<Text>) -> Sourced {
        let Some(text) = evidence else { return Sourced::default() };
        if text.starts_with("https://") || text.starts_with("http://") {
            return Sourced { text: Some(text.value.clone()), url: Some(text.value.clone()), path: None };
        }
        let found = text.split_once('/').and_then(|(folder, id)| self.k().lookup().of_kind(Kind::from_folder(folder)?, id));
        match found.filter(|id| self.k().is_listed(*id)) {
            Some(id) => Sourced { text: Some(self.k().entry(id).title.clone()), url: None, path: Some(self.desk.entry_path(id)) },
            // Evidence stands in registers, which do not name what is in no list.
            None if found.is_some() => Sourced::default(),
            None => Sourced { text: Some(text.value.clone()), url: None, path: None },
        }
    }
}

/// Whether one can register on a day, by local dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationState {
    NotYetOpen,
    Open,
    /// Open for so many days more, and few: 0 on the last of them.
    ClosesIn(i64),
    Full,
    Closed,
}

impl RegistrationState {
    pub fn of(registration: &front_matter::session::Registration, today: Date) -> RegistrationState {
        let on = |day: &Option<crate::findings::At<Date>>| day.as_ref().map(|day| day.value);
        let (opens, closes) = (on(&registration.opens), on(&registration.closes));
        let left = closes.map(|closes| days_between(today, closes));
        match registration.state.as_ref().map(|said| said.value) {
            Some(RegistrationSaid::Full) => RegistrationState::Full,
            Some(RegistrationSaid::Closed) => RegistrationState::Closed,
            _ if left.is_some_and(|left| left < 0) => RegistrationState::Closed,
            None if opens.is_some_and(|opens| today < opens) => RegistrationState::NotYetOpen,
            _ => match left {
                Some(left) if left <= CLOSING_DAYS => RegistrationState::ClosesIn(left),
                _ => RegistrationState::Open,
            },
        }
    }
}

/// What shows something, and where it stands.
#[derive(Debug, Clone, Default)]
pub struct Sourced {
    pub text: Option<String>,
    pub url: Option<String>,
    pub path: Option<String>,
}

/// The address of a contact that is a mail address or a telephone number and nothing else.
pub fn contact_url(contact: &str) -> Option<String> {
    let digits = contact.chars().filter(char::is_ascii_digit).count();
    if contact.contains('@') && !contact.contains(char::is_whitespace) && !contact.contains(['<', '>', '"', ':']) {
        return Some(format!("mailto:{contact}"));
    }
    // Shorter numbers are extensions, which lead nowhere from outside.
    let number = digits >= 7 && contact.chars().all(|c| c.is_ascii_digit() || "+-(). ".contains(c));
    number.then(|| format!("tel:{}", contact.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>()))
}

/// The plain text of an optional field.
pub fn text(field: &Option<Text>) -> Option<String> {
    field.as_ref().map(|text| text.value.clone())
}

/// The plain texts of a list.
pub fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

/// Every kind's template has its own name.
fn template(kind: Kind) -> &'static str {
    kind.word()
}

fn word_key(word: Word) -> &'static str {
    match word {
        Word::Note => "say.text.note",
        Word::Tip => "say.text.tip",
        Word::Important => "say.text.important",
        Word::Warning => "say.text.warning",
        Word::Caution => "say.text.caution",
        Word::Done => "say.text.done",
        Word::NotDone => "say.text.not_done",
        Word::Table => "say.text.table",
        Word::Footnotes => "say.text.footnotes",
        Word::BackToText => "say.text.back",
    }
}
