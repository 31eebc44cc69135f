//! The views: everything a template may see, and nothing else.
//!
//! All addresses in views are *paths*: they run from the site's root, have no leading slash, are already
//! percent-encoded, and are written in templates as `{{ root }}{{ x.path }}`. That makes a card the same value on every
//! page, so it is made once and shared. Anything that leads off the site is called `url`.
//! All text is in the site's language and is escaped by the template; only `Html` fields hold markup.

mod calendar;
mod gaps;
mod registers;

pub use calendar::{
    Add, AgendaMonth, CalendarView, Day, DayEvent, MonthLink, MonthView, SeriesCalendar, SmallMonth, Subscribe, Weekday, YearRow,
    YearStrip, YearView,
};

pub use gaps::{
    Accepted, Age, Asked, AxisView, BarPart, CellEntries, CellGap, CellView, ChangeLine, Choice, Fact, Filter, GapCount, GapLine, GapMark,
    GapRegisterView, GapsView, Help, MapHead, MapNumbers, MarginLine, MatrixCell, MatrixColumn, MatrixRow, MatrixSection, MatrixView,
    MovedLine, Neighbour, NotApplicable, PriorityView, Quarter, Segment, SinceView, Term, TopicCell, TopicGaps, Wanted, Way,
};

pub use registers::{
    CountedLine, HandoffLine, HandoffPart, HandoffView, KnowerLine, KnowledgeLine, Lines, RegisterGroup, RegisterView, ReviewLine,
    TextLine, TitleLine, VoiceCell, VoiceRow, VoiceSummary, VoiceSummaryRow, VoiceTable, VoiceYear,
};

pub use crate::theme::Html;

use crate::theme::Value;
use serde::Serialize;

/// The same on every page of a site.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    pub title: String,
    pub description: String,
    /// BCP 47, for `<html lang>`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The path of the home page: empty, or `index.html` in a portable site.
    pub home: String,
    /// Only what exists; `kind` is the folder name (`sessions`) or the page's id, to find the current one.
    pub nav: Vec<NavItem>,
    /// Paths of theme assets by their plain name, with `_` for `.` and `-`: `style_css`, `site_js`, `mark_svg`, ….
    pub assets: Value,
    /// The community's own logo, if the configuration names one.
    pub logo: Option<String>,
    /// Paths of the site's feeds.
    pub feed_atom: String,
    pub feed_json: String,
    /// Every title from A to Z, and the way to every list.
    pub a_z: Link,
    /// The search page; none where the site cannot be searched.
    pub search: Option<Link>,
    /// Where a reader can report a mistake: a `url`.
    pub report_url: Option<String>,
    /// The licence line of the community, from the configuration.
    pub licence: Option<String>,
    /// `today` as the site was built for it.
    pub today: DateView,
    pub generator: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct NavItem {
    pub label: String,
    pub path: String,
    pub key: String,
}

/// What every page says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// The template's name without `.html`; also in `<body data-template>`.
    pub template: &'static str,
    /// For `<title>` and Open Graph; the h1 too, but on the home page.
    pub title: String,
    pub description: String,
    pub language: String,
    pub dir: &'static str,
    /// Full addresses, only where the site has a `base_url`.
    pub canonical: Option<String>,
    /// From the home page down to this one's parent.
    pub breadcrumb: Vec<Link>,
    /// The `key` of the current navigation item.
    pub section: String,
    /// The page's own feeds, where it has any.
    pub feeds: Vec<FeedLink>,
    /// Not for search engines: unlisted entries and previews.
    pub noindex: bool,
    /// Said across the top of the page in a preview: "Draft", "Internal".
    pub watermark: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct FeedLink {
    pub title: String,
    pub path: String,
    /// The media type.
    pub media: &'static str,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Link {
    pub label: String,
    pub path: String,
}

/// A name that may or may not have a page.
#[derive(Debug, Clone, Serialize)]
pub struct Name {
    pub label: String,
    pub path: Option<String>,
}

#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct DateView {
    /// `2026-03-04`, for `<time datetime>`.
    pub iso: String,
    /// "4 March 2026".
    pub text: String,
}

/// The date leaf: the small typographic calendar leaf every session carries.
#[derive(Debug, Clone, Serialize)]
pub struct Leaf {
    /// `2026-03-04` or `2026-03-04T13:00:00-06:00`.
    pub iso: String,
    pub weekday: String,
    pub day: String,
    pub month: String,
    /// Only if it is not the year of `today`.
    pub year: Option<String>,
    /// Cancelled, or postponed without a new date: the leaf is struck.
    pub struck: bool,
}

/// When a session takes place, said for the zone it is held in and for every zone the community wants shown.
#[derive(Debug, Clone, Serialize)]
pub struct When {
    pub iso_start: String,
    pub iso_end: String,
    /// "Wednesday 4 March 2026".
    pub date: String,
    /// "13:00–14:30 CST", "all day".
    pub time: String,
    /// "America/Chicago".
    pub zone: String,
    pub all_day: bool,
    pub minutes: u32,
    pub others: Vec<ZoneTime>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ZoneTime {
    /// "New York".
    pub place: String,
    /// "14:00–15:30 EST".
    pub time: String,
    /// "next day", "previous day", or none.
    pub day: Option<String>,
}

/// A state with its word and, where there is one, its reason.
#[derive(Debug, Clone, Serialize)]
pub struct State {
    /// A stable kebab-case word for classes: `cancelled`, `validated`, `overdue`.
    pub code: &'static str,
    pub word: String,
    pub why: Option<String>,
}

/// Something that is not here yet, and what a reader could do about it: drawn with the dashed outline.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// A stable kebab-case word: `no-notes`, `no-recording`, `no-transcript`, `no-case-study`, `no-answer`, `no-voice`, ….
    pub code: &'static str,
    /// "Nobody has written up this session yet."
    pub what: String,
    /// "If you were there, send your notes."
    pub ask: Option<String>,
    /// Where to go to help, or the entry it is about.
    pub path: Option<String>,
    pub url: Option<String>,
}

/// One entry as it stands in lists; made once per entry.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// `session`, `case-study`, ….
    pub kind: &'static str,
    /// "Session".
    pub kind_label: String,
    /// The anchor of its line: only for planned sessions, which have no page of their own.
    pub id: Option<String>,
    pub title: String,
    pub path: String,
    pub summary: String,
    /// When a session that is still to come is over, for the script that then takes it from what is coming.
    pub ends: Option<String>,
    pub date: Option<DateView>,
    /// Sessions with a date only.
    pub leaf: Option<Leaf>,
    /// Sessions only: the line under the leaf, "13:00–14:30 CST".
    pub time: Option<String>,
    pub state: Option<State>,
    pub series: Option<Name>,
    /// A few plain words that tell entries of this kind apart: "3 case studies", "Ash County Health", "notes, recording".
    pub facts: Vec<String>,
    /// The language, where it differs from the site's.
    pub language: Option<String>,
    pub watermark: Option<String>,
    /// Superseded or archived: listed, but quieter.
    pub retired: bool,
    /// The card as a line of a list of its own kind, drawn once by `parts/card.html`.
    pub row: Html,
    /// The same for lists of several kinds.
    pub mixed: Html,
}

/// Cards under one heading, with a way to the rest when they are many.
#[derive(Debug, Clone, Serialize)]
pub struct Listing {
    pub id: String,
    pub title: String,
    pub count: usize,
    /// Shared [`Card`] values; empty where they stand in parts.
    pub cards: Vec<Value>,
    /// Sessions by series, questions by how far they are answered; empty where the list has no parts.
    pub groups: Vec<Group>,
    /// "All 214 sessions".
    pub more: Option<Link>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Related {
    pub card: Value,
    /// "same practice", "answers the same question".
    pub reason: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct TocItem {
    pub level: u8,
    pub id: String,
    pub text: String,
}

/// What every entry page has, whatever its kind. The kind's own view stands beside it under the kind's name with
/// underscores (`session`, `case_study`).
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    pub kind: &'static str,
    pub kind_label: String,
    pub id: String,
    pub title: String,
    pub summary: String,
    /// The notes or text; empty when nothing is written.
    pub body: Html,
    pub has_body: bool,
    /// Headings of levels 2 and 3; empty when there are fewer than three.
    pub toc: Vec<TocItem>,
    pub language: String,
    pub dir: &'static str,
    pub topics: Vec<Link>,
    pub communities: Vec<Link>,
    /// Whose experience it carries.
    pub voices: Vec<Link>,
    /// Whom it is for.
    pub audiences: Vec<Link>,
    pub places: Vec<Name>,
    pub authors: Vec<Name>,
    pub organizations: Vec<Name>,
    pub date: Option<DateView>,
    pub updated: Option<DateView>,
    pub freshness: Option<Freshness>,
    pub superseded_by: Option<Link>,
    pub supersedes: Vec<Link>,
    pub archived: bool,
    /// `content/sessions/x.md`, and where to edit it.
    pub source: String,
    pub edit_url: Option<String>,
    /// What is missing here, said where nothing more particular says it.
    pub missing: Vec<Missing>,
    /// Questions that it answers.
    pub answers: Vec<Link>,
    /// Entries that mention this one.
    pub mentions: Option<Listing>,
    pub related: Vec<Related>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Freshness {
    /// `current`, `due`, `overdue`, `expired`, `exempt`, `undated`.
    pub state: State,
    /// "Reviewed on 4 May 2026 by Ana Lind: links and figures checked."
    pub sentence: String,
    pub owner: Option<Name>,
    /// Whom to ask about it: the owner, or where they have left, their successor.
    pub ask: Option<Name>,
    pub reviewed: Option<DateView>,
    pub next: Option<DateView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SessionView {
    pub leaf: Option<Leaf>,
    pub when: Option<When>,
    /// `scheduled`, `tentative`, `cancelled`, `postponed`, `held`, `undated`.
    pub state: State,
    pub upcoming: bool,
    /// "moved from 4 March 2026", newest first.
    pub moved_from: Vec<DateView>,
    pub cancel_reason: Option<String>,
    pub series: Option<SeriesPlace>,
    /// "Online", "In person", "Hybrid".
    pub mode: Option<State>,
    pub location: Option<String>,
    /// Only when the author made it public.
    pub join: Option<Join>,
    pub registration: Option<Registration>,
    pub facilitators: Vec<Name>,
    pub speakers: Vec<Speaker>,
    pub objectives: Vec<String>,
    pub agenda: Vec<AgendaItem>,
    pub materials: Vec<Material>,
    pub chapters: Vec<Chapter>,
    /// The recording the chapters lead into.
    pub recording_url: Option<String>,
    pub takeaways: Vec<String>,
    pub decisions: Vec<String>,
    pub lessons: Vec<String>,
    pub questions: Vec<QuestionLine>,
    pub commitments: Vec<Commitment>,
    pub attendance: Option<Attendance>,
    /// Expected voices that were not in the room.
    pub absent_voices: Vec<Link>,
    /// How to put it into a calendar; none where it is in no calendar or is not going to take place.
    pub add: Option<Add>,
    /// What search engines are told of it (schema.org): JSON that can stand in a page.
    pub linked_data: Option<Html>,
}

/// A session's place in its series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesPlace {
    pub title: String,
    pub path: String,
    pub number: Option<i64>,
    /// How many sessions the series has, where all of them are known.
    pub of: Option<usize>,
    pub previous: Option<Link>,
    pub next: Option<Link>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Join {
    pub url: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Registration {
    pub url: Option<String>,
    /// `not-yet-open`, `open`, `closes-soon`, `full`, `closed`.
    pub state: Option<State>,
    pub cost: Option<String>,
    pub eligibility: Option<String>,
    pub capacity: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Speaker {
    pub name: Name,
    pub role: Option<String>,
    pub organization: Option<Name>,
    pub voice: Option<Link>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AgendaItem {
    /// "13:05", where given or reckoned from the items before.
    pub at: Option<String>,
    pub minutes: Option<i64>,
    pub title: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Material {
    /// `slides`, `recording`, `transcript`, ….
    pub kind: &'static str,
    pub label: String,
    pub title: String,
    pub url: Option<String>,
    pub path: Option<String>,
    pub language: Option<String>,
    pub minutes: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Chapter {
    /// The id it has on the page, `chapter-750`.
    pub id: String,
    /// "12:30".
    pub at: String,
    pub seconds: u32,
    pub title: String,
    /// The recording at that moment, where its address can say so.
    pub url: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct QuestionLine {
    pub text: String,
    pub path: Option<String>,
    /// `open`, `partly`, `answered`, `already-known`, `parked`.
    pub state: State,
    /// "Asked on 4 March 2026 by families; asked 3 times".
    pub detail: Option<String>,
    pub answer: Option<String>,
    /// Entries that answer it.
    pub answers: Vec<Link>,
    /// Where somebody looked, and what they found.
    pub checked: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Commitment {
    /// `commitment-…`, its anchor on the session's page.
    pub id: String,
    pub text: String,
    pub by: Vec<Name>,
    pub due: Option<DateView>,
    pub done: Option<DateView>,
    /// `open`, `overdue`, `done`.
    pub state: State,
    pub evidence: Option<String>,
    pub evidence_url: Option<String>,
    pub evidence_path: Option<String>,
    /// The session it was made in, where shown elsewhere.
    pub session: Option<Link>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Attendance {
    pub registered: Option<i64>,
    pub attended: Option<i64>,
    /// Voice, people, share of those present in percent.
    pub by_voice: Vec<VoiceCount>,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceCount {
    pub voice: Name,
    pub count: i64,
    pub percent: u32,
}

#[derive(Debug, Clone, Serialize)]
pub struct PracticeView {
    /// `initial`, `documented`, `validated`, with the reason as a sentence in `why`.
    pub maturity: State,
    pub problem: Option<String>,
    pub context: Option<String>,
    pub when_not: Vec<String>,
    pub effort: Option<State>,
    pub synonyms: Vec<String>,
    pub evidence: Vec<Evidence>,
    /// "Grade 3: an evaluation with comparison".
    pub best_grade: State,
    pub case_studies: Option<Listing>,
    /// One line per case study: organization, place, direction, would do again.
    pub proof: Vec<Proof>,
    pub contradicts: Vec<Link>,
    pub replaces: Vec<Link>,
    pub missing_proof: Option<Missing>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    pub claim: String,
    pub grade: u8,
    /// "an evaluation with comparison".
    pub grade_word: String,
    pub source: Option<String>,
    pub source_url: Option<String>,
    pub source_path: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    pub title: String,
    pub path: String,
    pub organizations: Vec<Name>,
    pub places: Vec<Name>,
    pub period: Option<String>,
    /// The directions of its results, each once.
    pub directions: Vec<State>,
    pub would_do_again: Option<State>,
    pub willing_to_talk: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct CaseStudyView {
    pub setting: Option<String>,
    /// "March 2024 to June 2025".
    pub period: Option<String>,
    pub practices: Vec<Link>,
    pub results: Vec<ResultLine>,
    pub barriers: Vec<String>,
    pub enablers: Vec<String>,
    pub cost: Option<String>,
    pub lessons: Vec<String>,
    pub contact: Option<String>,
    /// The contact as an address one can follow, where it is one.
    pub contact_url: Option<String>,
    pub willing_to_talk: bool,
    pub would_do_again: Option<State>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ResultLine {
    pub measure: String,
    pub baseline: Option<String>,
    pub result: Option<String>,
    pub unit: Option<String>,
    pub audience: Option<Name>,
    pub direction: Option<State>,
    pub source: Option<String>,
    pub source_url: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SeriesView {
    /// `announced`, `running`, `finished`, `cancelled`.
    pub state: State,
    /// "January 2024 to June 2025"; none: "schedule to be announced" (then `missing` says so).
    pub window: Option<String>,
    pub format: Option<String>,
    /// "Second Thursday of each month" or as written; none if not recurring.
    pub rhythm: Option<String>,
    pub zone: String,
    pub facilitators: Vec<Name>,
    pub registration: Option<Registration>,
    /// The next session, a shared card.
    pub next: Option<Value>,
    pub next_when: Option<When>,
    pub upcoming: Option<Listing>,
    pub past: Option<Listing>,
    pub undated: Option<Listing>,
    pub curriculum: Vec<CurriculumItem>,
    /// How many sessions of it have been held, and of how many planned.
    pub held: usize,
    pub total: usize,
    pub schedule_missing: Option<Missing>,
    /// Its calendar; none where nothing of it has a date.
    pub subscribe: Option<Subscribe>,
    /// Its years on paper, newest first.
    pub years: Vec<Link>,
    /// Sessions held that nobody has written up.
    pub unwritten: Vec<Missing>,
    /// How to put the next session into a calendar.
    pub add: Option<Add>,
    /// What search engines are told of it (schema.org): JSON that can stand in a page.
    pub linked_data: Html,
}

#[derive(Debug, Clone, Serialize)]
pub struct CurriculumItem {
    pub topic: Link,
    /// The session that delivered it; none is a gap.
    pub sessions: Vec<Link>,
    pub state: State,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicView {
    pub definition: Option<String>,
    pub not: Option<String>,
    pub synonyms: Vec<String>,
    pub dimension: String,
    pub parent: Option<Link>,
    pub children: Vec<TopicLine>,
    /// The way to all of them, where they are more than are named.
    pub all_children: Option<Link>,
    pub priority: Option<State>,
    pub steward: Option<Name>,
    pub law: Vec<UrlLink>,
    /// One per kind that can be counted, zero included.
    pub counts: Vec<Count>,
    /// Curated reading, in its order: shared cards.
    pub essentials: Vec<Value>,
    pub listings: Vec<Listing>,
    pub who_knows: Vec<Knower>,
    /// The way to who knows about other topics.
    pub all_who_know: Option<Link>,
    /// All who know, where they are more than are named.
    pub more_knowers: Option<Link>,
    /// `nobody`, `gone`, `alone`, `shared`; none where nothing is written about it either.
    pub hold: Option<State>,
    pub voices_present: Vec<Link>,
    /// Voices it is written for and that do not speak in it.
    pub voices_addressed: Vec<Link>,
    pub voices_missing: Vec<Link>,
    /// Its cells on each map.
    pub gaps: Vec<TopicGaps>,
    /// Whether somebody wrote a file for it, or it is only named by others.
    pub declared: bool,
    /// The sessions about it that are coming, soonest first: shared cards.
    pub coming: Vec<Value>,
    pub calendar: Option<Link>,
    pub subscribe: Option<Subscribe>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicLine {
    pub title: String,
    pub path: String,
    pub definition: Option<String>,
    /// Entries about it and below it.
    pub count: usize,
    pub priority: Option<u8>,
    pub depth: u8,
}

#[derive(Debug, Clone, Serialize)]
pub struct UrlLink {
    pub label: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Count {
    pub kind: &'static str,
    /// "practices" or "practice", to fit the number.
    pub label: String,
    pub count: usize,
    pub path: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Knower {
    pub name: Name,
    /// `person` or `organization`.
    pub kind: &'static str,
    /// "expertise; 2 case studies; spoke in 3 sessions".
    pub because: String,
    pub willing_to_talk: bool,
    /// They are no longer there.
    pub left: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct QuestionView {
    pub state: State,
    /// "Information", "Experience", ….
    pub ask: Option<State>,
    pub asked_on: Option<DateView>,
    pub asked_in: Option<Link>,
    pub asked_by: Option<Link>,
    pub times: i64,
    pub needed_by: Option<DateView>,
    /// Days between asking and answering, or since it was asked.
    pub age: Option<String>,
    /// "answered after 12 days".
    pub answered_after: Option<String>,
    pub answer: Option<String>,
    /// Entries that answer it: shared cards.
    pub answers: Vec<Value>,
    pub checked: Vec<Checked>,
    pub owner: Option<Name>,
    pub missing_answer: Option<Missing>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    pub on: Option<DateView>,
    pub by: Option<Name>,
    pub place: Option<String>,
    pub found: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ResourceView {
    pub what: Option<String>,
    pub url: Option<String>,
    pub path: Option<String>,
    pub publisher: Option<String>,
    pub published: Option<String>,
    pub languages: Vec<String>,
    pub access: Option<String>,
    /// The community's own note on why it matters.
    pub why: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceView {
    pub definition: Option<String>,
    pub parent: Option<Link>,
    pub children: Vec<Link>,
    pub expected_in: Vec<Link>,
    /// The way to all of them, where they are more than are named.
    pub all_expected: Option<Link>,
    pub reach_how: Option<String>,
    pub counts: Vec<Count>,
    pub listings: Vec<Listing>,
    pub commitments: Vec<Commitment>,
    /// The way to everybody's.
    pub all_commitments: Option<Link>,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Clone, Serialize)]
pub struct OrganizationView {
    pub what: Option<String>,
    pub place: Option<Name>,
    pub url: Option<String>,
    pub synonyms: Vec<String>,
    pub people: Vec<Name>,
    pub listings: Vec<Listing>,
    pub commitments: Vec<Commitment>,
    /// The way to everybody's.
    pub all_commitments: Option<Link>,
    pub declared: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonView {
    pub organization: Option<Name>,
    pub role: Option<String>,
    pub place: Option<Name>,
    pub url: Option<String>,
    pub expertise: Vec<Link>,
    pub offers: Vec<String>,
    /// Only with consent.
    pub contact: Option<String>,
    /// The contact as an address one can follow, where it is one.
    pub contact_url: Option<String>,
    pub photo: Option<String>,
    pub left_on: Option<DateView>,
    pub successor: Option<Name>,
    pub listings: Vec<Listing>,
    pub commitments: Vec<Commitment>,
    /// The way to everybody's.
    pub all_commitments: Option<Link>,
    pub declared: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct CommunityView {
    pub purpose: Option<String>,
    pub parent: Option<Link>,
    pub children: Vec<Link>,
    pub started: Option<DateView>,
    pub ends: Option<DateView>,
    pub join_url: Option<String>,
    pub eligibility: Option<String>,
    pub contact: Option<String>,
    /// The contact as an address one can follow, where it is one.
    pub contact_url: Option<String>,
    pub roles: Vec<Role>,
    pub success: Vec<Success>,
    pub voices_present: Vec<Link>,
    pub voices_missing: Vec<Missing>,
    /// Its sessions that are coming, soonest first: shared cards.
    pub coming: Vec<Value>,
    pub calendar: Option<Link>,
    pub subscribe: Option<Subscribe>,
    pub counts: Vec<Count>,
    pub listings: Vec<Listing>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Role {
    pub name: Name,
    pub role: String,
    pub decides: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Success {
    pub audience: Option<Name>,
    /// No audience is named: it is for everyone.
    pub everyone: bool,
    pub measure: String,
    pub target: Option<String>,
    pub due: Option<DateView>,
    pub status: Option<String>,
    pub evidence: Option<String>,
    pub evidence_url: Option<String>,
    pub evidence_path: Option<String>,
    /// The day has passed, and nothing says where it stands.
    pub overdue: bool,
    /// The community it belongs to, where shown elsewhere.
    pub community: Option<Link>,
}

/// The home page: four questions answered without scrolling on a desk.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// The opening of `pages/index.md`, if there is one.
    pub welcome: Html,
    pub has_welcome: bool,
    /// When do we meet next: a shared session card and its full time.
    pub next: Option<Value>,
    pub next_when: Option<When>,
    pub next_registration: Option<Registration>,
    pub next_add: Option<Add>,
    /// The calendar of everything.
    pub calendar: Option<Link>,
    /// The sessions after it, at most four.
    pub then: Vec<Value>,
    /// What is new, newest first, at most six: shared cards.
    pub news: Vec<Value>,
    /// Where do I look: the topics of the highest level, by dimension.
    pub topics: Vec<TopicGroup>,
    pub more_topics: Option<Link>,
    /// What do we not know: at most three, most wanted first.
    pub gaps: Vec<Missing>,
    pub more_gaps: Option<Link>,
    /// How much there is, by kind.
    pub counts: Vec<Count>,
    /// The ways to further lists: whom to ask, what is due, where and when.
    pub lists: Vec<Link>,
    /// Nothing but a title yet: the page then says how to begin.
    pub empty: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicGroup {
    /// The dimension, in words: "Policy area".
    pub title: String,
    pub topics: Vec<TopicLine>,
}

/// An index page: all entries of a kind, or a part of them too long for the page it belongs to.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// The kind's folder name (`sessions`), or the kind the list is of.
    pub key: String,
    pub lead: Option<String>,
    pub total: usize,
    /// Sections in reading order: "Coming up", "2026", "A", ….
    pub groups: Vec<Group>,
    /// Topic indexes only: trees by dimension, with how much there is of each kind.
    pub topics: Option<TopicTable>,
    /// Voice indexes only: who speaks, who is only addressed, who is missing.
    pub voices: Option<VoiceSummary>,
    /// The orders it can be read in; the one that is shown has no path.
    pub orders: Vec<Name>,
    /// Practices only: how many of each maturity; questions only: how many of each status.
    pub tally: Vec<Tally>,
    /// Places and years only: how much there is of each kind.
    pub counts: Vec<Count>,
    /// A sentence on the whole.
    pub note: Option<String>,
    /// Whether its entries are of several kinds.
    pub mixed: bool,
    /// Whether its parts are few enough to be jumped to.
    pub jumps: bool,
    pub pager: Option<Pager>,
    pub missing: Vec<Missing>,
}

impl ListView {
    /// An empty one of a key, with how much there is.
    pub fn of(key: &str, total: usize) -> ListView {
        ListView {
            key: key.to_owned(),
            lead: None,
            total,
            groups: Vec::new(),
            topics: None,
            voices: None,
            orders: Vec::new(),
            tally: Vec::new(),
            counts: Vec::new(),
            note: None,
            mixed: false,
            jumps: false,
            pager: None,
            missing: Vec::new(),
        }
    }
}

/// Topics in rows, kinds in columns.
#[derive(Debug, Clone, Serialize)]
pub struct TopicTable {
    pub columns: Vec<TopicColumn>,
    pub groups: Vec<TopicRows>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicColumn {
    pub kind: &'static str,
    pub label: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicRows {
    /// The dimension; empty where there is only one.
    pub title: String,
    pub rows: Vec<TopicRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicRow {
    pub line: TopicLine,
    /// One for each column: distinct entries about it and below it.
    pub counts: Vec<usize>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Empty for an index with a single part.
    pub title: String,
    pub id: String,
    pub cards: Vec<Value>,
    /// Lists of questions only, in place of cards.
    pub questions: Vec<QuestionLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    pub state: State,
    pub count: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    pub page: usize,
    pub pages: usize,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// Numbered pages worth showing: first, last and the neighbours; `path` is none for the current page and label "…" marks a break.
    pub numbers: Vec<Name>,
}

/// A page that leads elsewhere.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectView {
    pub label: String,
    pub path: String,
}

/// The page where one searches: what it offers without a script.
#[derive(Debug, Clone, Serialize)]
pub struct SearchView {
    pub indexes: Vec<SearchIndex>,
}

/// A way to everything of one sort.
#[derive(Debug, Clone, Serialize)]
pub struct SearchIndex {
    pub title: String,
    pub path: String,
    pub count: Option<usize>,
}
