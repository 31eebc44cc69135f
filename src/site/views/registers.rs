//! Views of registers: what entries say in passing, gathered, and what follows from all of them together.

use super::{Commitment, Count, DateView, Link, Missing, Name, Pager, State, Subscribe, Success, Tally};
use crate::theme::Value;
use serde::Serialize;

/// What stands in many entries, gathered on pages of its own.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterView {
    /// `commitments`, `lessons`, `takeaways`, `success`, `reviews`, `promises`, `who-knows`, `voices`, `a-z`, `places`, `years`.
    pub key: &'static str,
    pub lead: String,
    /// How many there are, each counted once.
    pub total: usize,
    /// The orders it can be read in; the one that is shown has no path.
    pub orders: Vec<Name>,
    /// How many of each state, where lines have one.
    pub tally: Vec<Tally>,
    /// Every list of the site and how much is in it: only where titles stand from A to Z.
    pub lists: Vec<Count>,
    /// The ways to its parts, where they have pages of their own: letters.
    pub jumps: Vec<Link>,
    pub groups: Vec<RegisterGroup>,
    pub pager: Option<Pager>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RegisterGroup {
    pub id: String,
    pub title: Name,
    /// How many lines the part has, on all pages.
    pub count: usize,
    /// A sentence on the part.
    pub about: Option<String>,
    /// A calendar of the part.
    pub subscribe: Option<Subscribe>,
    pub lines: Lines,
}

/// The lines of a part, by what they are: `kind` and `items`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", content = "items", rename_all = "kebab-case")]
pub enum Lines {
    Commitments(Vec<Commitment>),
    /// Lessons and takeaways.
    Texts(Vec<TextLine>),
    Success(Vec<Success>),
    Reviews(Vec<ReviewLine>),
    Missing(Vec<Missing>),
    Knowledge(Vec<KnowledgeLine>),
    Knowers(Vec<KnowerLine>),
    Titles(Vec<TitleLine>),
    Counted(Vec<CountedLine>),
    Voices(VoiceTable),
}

/// Something said in a session or case study, and where.
#[derive(Debug, Clone, Serialize)]
pub struct TextLine {
    pub text: String,
    pub from: Link,
    /// `session` or `case-study`.
    pub kind: &'static str,
    pub kind_label: String,
    pub date: Option<DateView>,
    pub organizations: Vec<Name>,
}

/// An entry that is due for review.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewLine {
    pub kind: &'static str,
    pub kind_label: String,
    pub entry: Link,
    /// `due`, `overdue`, `expired`.
    pub state: State,
    /// The day by which it was or is to be reviewed.
    pub due: Option<DateView>,
    /// When it was last looked at.
    pub since: Option<DateView>,
    /// Whoever is to look at it; none where the part is theirs, or nobody is named.
    pub owner: Option<Name>,
}

/// A topic and who knows about it.
#[derive(Debug, Clone, Serialize)]
pub struct KnowledgeLine {
    pub topic: Link,
    pub depth: u8,
    /// `nobody`, `gone`, `alone`, `shared`; `why` says on whom it hangs.
    pub hold: State,
    /// The first of them.
    pub knowers: Vec<super::Knower>,
    /// How many there are.
    pub total: usize,
    /// All of them.
    pub more: Option<Link>,
    /// What is missing where nobody is left.
    pub missing: Option<Missing>,
}

/// A person or an organization, and the topics they know about.
#[derive(Debug, Clone, Serialize)]
pub struct KnowerLine {
    pub name: Name,
    pub kind: &'static str,
    pub kind_label: String,
    pub left: Option<DateView>,
    pub willing_to_talk: bool,
    /// The topics, those they know most about first.
    pub topics: Vec<Link>,
    pub total: usize,
}

/// A title, or another name that leads to one.
#[derive(Debug, Clone, Serialize)]
pub struct TitleLine {
    pub label: String,
    /// The entry itself; none where `see` leads to it.
    pub path: Option<String>,
    pub see: Option<Link>,
    pub kind: &'static str,
    pub kind_label: String,
}

/// A place or a year, with how much there is.
#[derive(Debug, Clone, Serialize)]
pub struct CountedLine {
    pub label: String,
    pub path: String,
    pub count: usize,
    /// By kind, only what there is.
    pub counts: Vec<Count>,
}

/// Voices in columns; topics or sessions in rows.
#[derive(Debug, Clone, Serialize)]
pub struct VoiceTable {
    pub columns: Vec<Link>,
    pub rows: Vec<VoiceRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceRow {
    pub title: String,
    pub path: String,
    /// Topics only.
    pub depth: u8,
    /// Sessions only.
    pub date: Option<DateView>,
    /// One for each column.
    pub cells: Vec<VoiceCell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceCell {
    /// The name of the column, for where a row is read alone.
    pub voice: String,
    /// `speaks`, `addressed`, `absent`, `not-noted` (nobody noted who was there); none where nobody expects it and it is not there.
    pub state: Option<State>,
    /// It should speak here.
    pub expected: bool,
    /// In how many entries it speaks, or is addressed; for sessions 1.
    pub count: u32,
}

/// One voice over time: in how many of the sessions that were held it was heard, and where it is expected and absent.
#[derive(Debug, Clone, Serialize)]
pub struct VoiceSummary {
    /// The years in columns, newest first, each with the number of sessions held of which it is known who was heard.
    pub years: Vec<VoiceYear>,
    pub rows: Vec<VoiceSummaryRow>,
    /// How many voices are expected somewhere and not heard there.
    pub absent: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceYear {
    pub year: String,
    pub held: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct VoiceSummaryRow {
    pub voice: Link,
    /// Entries in which it speaks, and in which it is only addressed.
    pub speaks: usize,
    pub addressed: usize,
    /// For each year, in how many of the sessions held it was heard.
    pub years: Vec<usize>,
    /// Whether it is expected anywhere.
    pub expected: bool,
    /// Where it is expected and not heard: the first of them.
    pub absent: Vec<Link>,
    /// How many more there are.
    pub more: usize,
}

/// The page that hands over what somebody looked after.
#[derive(Debug, Clone, Serialize)]
pub struct HandoffView {
    /// "From Ana Lind to Ben Okoro".
    pub title: String,
    pub lead: String,
    pub from: Name,
    pub to: Option<Name>,
    pub date: DateView,
    pub parts: Vec<HandoffPart>,
    /// The style of the theme, since the page stands alone.
    pub style: Value,
}

#[derive(Debug, Clone, Serialize)]
pub struct HandoffPart {
    pub title: String,
    /// What to say where there is nothing.
    pub nothing: String,
    pub lines: Vec<HandoffLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct HandoffLine {
    pub text: String,
    /// A full address, else none.
    pub url: Option<String>,
    /// The file it is written in.
    pub source: String,
    pub facts: Vec<String>,
}
