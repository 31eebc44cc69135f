//! One entry by itself: its front matter, text, headings and outgoing links, with the places of all of them.
//!
//! [`parse`] takes one source and nothing else, so what it gives can be remembered by the source's content alone.

pub mod body;
pub mod front_matter;
pub mod markdown;
pub mod names;

mod anchors;
mod assembly;
mod escape;
mod links;
mod plain;
mod raw_html;
mod sanitise;

use crate::fields;
use crate::findings::nearest::nearest;
use crate::findings::{At, Finding, Place, Span, catalogue};
use crate::kinds::Kind;
use crate::sources::Source;
use crate::time::{self, Date};
use body::{Body, Piece, Problem};
use front_matter::session::InlineQuestion;
use front_matter::{Common, Own, Question, Session};
use std::sync::Arc;

/// The line that opens and closes front matter.
const FENCE: &str = "+++";

/// The longest summary taken from an entry's text, in characters.
const SUMMARY_LENGTH: usize = 240;

/// Where an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file of its own.
    File,
    /// Stated within a session's file.
    Inline,
    /// Named by others, without a file.
    Named,
}

/// One thing somebody wrote, understood by itself.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: Kind,
    pub origin: Origin,
    /// NFC, as the author spelled it.
    pub id: String,
    /// The id and the title in the form in which names are compared, made once.
    pub key: String,
    pub title_key: String,
    /// The title in the form in which titles are put in order from A to Z.
    pub title_order: String,
    /// The part of its address that is its own.
    pub slug: String,
    pub title: String,
    /// Where its title or id stands, for findings about the entry as a whole.
    pub at: Place,
    /// Its own summary, else the opening of its text.
    pub summary: String,
    pub date: Option<Date>,
    pub common: Common,
    pub own: Own,
    pub body: Body,
    /// Its front matter as JSON, without what is private; empty where it has none of its own.
    pub authored: Box<str>,
}

/// What one file gives: an entry and what is stated within it, and what there is to say about them.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    pub entries: Vec<Arc<Entry>>,
    pub findings: Vec<Finding>,
}

/// Understands one file under `content/` by itself.
pub fn parse(source: &Source) -> Parsed {
    let file = &source.path;
    let mut findings = Vec::new();
    let text = match std::str::from_utf8(&source.bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            return Parsed { entries: Vec::new(), findings: vec![catalogue::not_utf8(Place::new(file, Span::new(at..at)))] };
        }
    };
    let Some((kind, stem)) = kind_and_stem(file, &mut findings) else { return Parsed { entries: Vec::new(), findings } };
    let parts = match split(text) {
        Ok(parts) => parts,
        Err(unread) => {
            findings.push(match unread {
                Unread::Unclosed(opening) => catalogue::unclosed_front_matter(Place::new(file, opening)),
                Unread::Yaml(whole) => catalogue::yaml_front_matter(Place::new(file, whole)),
            });
            return Parsed { entries: Vec::new(), findings };
        }
    };
    let front = parts.front.clone().unwrap_or(0..0);
    let read = fields::read(file, &text[front.clone()], front.start, private(kind), |f| front_matter::read(kind, f));
    findings.extend(read.findings);
    let (common, own) = read.value;
    let mut body = markdown::read(&text[parts.body..], parts.body);
    tell_problems(file, &body, &mut findings);

    let title = title(file, &stem, parts.front.is_some(), &common, &body, &mut findings);
    keep_leading_title(&mut body, &title);
    let date = common.date.as_ref().map(|date| date.value).or_else(|| date_in_name(file, &stem, kind, &own, &mut findings));
    let id = names::nfc(common.id.as_ref().map_or(stem.as_str(), |id| id.as_str()));
    let slug = names::slug(&id);
    let at = Place::new(file, common.id.as_ref().or(common.title.as_ref()).map_or(Span::default(), |text| text.span));
    if slug.is_empty() {
        findings.push(catalogue::unusable_id(at, &id));
        return Parsed { entries: Vec::new(), findings };
    }
    let summary = common.summary.as_ref().map_or_else(|| shortened(&body.opening), |text| text.value.clone());
    // A copy, since it takes no more room than it needs.
    let authored = read.authored.as_str().into();
    let (key, title_key) = (names::key(&id), names::key(&title));
    let title_order = names::sorting(&title_key);
    let origin = Origin::File;
    let entry = Entry { kind, origin, id, key, title_key, title_order, slug, title, at, summary, date, common, own, body, authored };
    let mut entries = inline_questions(&entry);
    entries.insert(0, Arc::new(entry));
    Parsed { entries, findings }
}

/// Keys that do not leave the file as they are written: what is printed of them depends on consent.
fn private(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Session => &["join"],
        Kind::Person => &["contact", "photo"],
        Kind::Voice => &["reach.contact"],
        _ => &[],
    }
}

/// The kind that the folder under `content/` gives, and the name that the file's stem (or, for `index.md`, its folder) gives.
fn kind_and_stem(file: &Arc<str>, findings: &mut Vec<Finding>) -> Option<(Kind, String)> {
    let parts: Vec<&str> = file.split('/').skip(1).collect();
    let folder = if parts.len() > 1 { parts[0] } else { "" };
    let Some(kind) = Kind::from_folder(folder) else {
        let near = nearest(folder, Kind::ALL.iter().map(|kind| kind.folder()));
        findings.push(catalogue::outside_a_kind(Place::top(file), folder, near));
        return None;
    };
    let name = parts.last().copied().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = match stem {
        "index" if parts.len() > 2 => parts[parts.len() - 2],
        stem => stem,
    };
    Some((kind, stem.to_owned()))
}

/// Where the parts of a file lie, in bytes.
struct Parts {
    front: Option<std::ops::Range<usize>>,
    body: usize,
}

/// Finds the front matter.
fn split(text: &str) -> Result<Parts, Unread> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = text[start..].lines().next().unwrap_or_default();
    if first.trim_end() != FENCE {
        if let Some(end) = yaml_end(&text[start..]) {
            return Err(Unread::Yaml(Span::new(start..start + end)));
        }
        return Ok(Parts { front: None, body: start });
    }
    let opening = Span::new(start..start + FENCE.len());
    let front = match text[start..].find('\n') {
        Some(end) => start + end + 1,
        None => return Err(Unread::Unclosed(opening)),
    };
    let mut at = front;
    for line in text[front..].split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Ok(Parts { front: Some(front..at), body: at + line.len() });
        }
        at += line.len();
    }
    Err(Unread::Unclosed(opening))
}

/// Why front matter could not be told from the text.
enum Unread {
    /// The opening line, which no other closes.
    Unclosed(Span),
    /// Front matter of another kind of program, from its first line to its last.
    Yaml(Span),
}

/// Where front matter in YAML ends, if that is what stands first: `---`, lines with a key and a colon, `---`.
fn yaml_end(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut at = first.len();
    let mut keys = false;
    for line in lines {
        let key =
            line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)));
        match line.trim_end() {
            "---" => return keys.then_some(at + "---".len()),
            "" => {}
            // A rule at the top of a text is followed by anything; front matter is keys and what belongs to them.
            _ if key || keys => keys = true,
            _ => return None,
        }
        at += line.len();
    }
    None
}

fn title(file: &Arc<str>, stem: &str, has_front: bool, common: &Common, body: &Body, findings: &mut Vec<Finding>) -> String {
    if let Some(title) = &common.title {
        return title.value.clone();
    }
    let heading =
        body.leading_title.as_ref().map(|title| title.value.clone()).or_else(|| body.headings.first().map(|heading| heading.text.clone()));
    let (title, from) = match heading.filter(|text| !text.is_empty()) {
        Some(heading) => (heading, "its first heading"),
        None => (names::readable(strip_date(stem)), "its file name"),
    };
    let already = findings.iter().any(|finding| {
        finding.title.contains("`title`") || finding.help.iter().any(|help| help.contains("`title`")) || finding.code == "toml-syntax"
    });
    if has_front && !already {
        findings.push(catalogue::missing_title(Place::top(file), &title));
    } else if !has_front {
        findings.push(catalogue::no_front_matter(Place::top(file), &title, from));
    }
    title
}

/// A heading that begins the text and says something other than the entry's title is kept as a heading; one that only
/// repeats it stays left out, since the page shows the title itself.
fn keep_leading_title(body: &mut Body, title: &str) {
    let Some(leading) = &body.leading_title else { return };
    if names::key(leading) != names::key(title) {
        let mut html = String::from("<h2>");
        escape::text(&mut html, leading);
        html.push_str("</h2>\n");
        body.pieces.insert(0, Piece::Html(html));
    }
}

/// `2026-03-04-opening-call` without the day at its front.
fn strip_date(stem: &str) -> &str {
    match named_date(stem) {
        Some(_) => stem[10..].trim_start_matches(['-', '_', ' ']),
        None => stem,
    }
}

fn named_date(stem: &str) -> Option<Date> {
    stem.get(..10).and_then(time::read_date)
}

/// The day in a file's name, for entries that name none; sessions with a `start` need none.
fn date_in_name(file: &Arc<str>, stem: &str, kind: Kind, own: &Own, findings: &mut Vec<Finding>) -> Option<Date> {
    let date = named_date(stem)?;
    if kind == Kind::Session && matches!(own, Own::Session(session) if session.start.is_some()) {
        return None;
    }
    findings.push(catalogue::date_taken(Place::top(file), &date.to_string()));
    Some(date)
}

/// Questions stated within a session behave as if they stood in files of their own: they take topics, communities,
/// places, visibility and the day they were asked from it.
fn inline_questions(entry: &Entry) -> Vec<Arc<Entry>> {
    let Own::Session(session) = &entry.own else { return Vec::new() };
    session.questions.iter().map(|inline| Arc::new(inline_question(entry, session, inline))).collect()
}

fn inline_question(entry: &Entry, session: &Session, inline: &InlineQuestion) -> Entry {
    let own_id = inline.id.as_ref().map_or_else(|| names::id_from_words(&inline.text), |id| id.value.clone());
    let id = format!("{}--{}", entry.id, own_id);
    let asked = session.start_or(entry.date).map(|start| start.date());
    let mut question: Question = inline.question.clone();
    let from = |span| At { value: entry.id.clone(), span };
    question.asked_in.get_or_insert_with(|| from(inline.text.span));
    if question.asked_on.is_none() {
        question.asked_on = asked.map(|value| At { value, span: inline.text.span });
    }
    let common = Common {
        title: Some(inline.text.clone()),
        date: question.asked_on.clone(),
        topics: entry.common.topics.clone(),
        communities: entry.common.communities.clone(),
        places: entry.common.places.clone(),
        visibility: entry.common.visibility.clone(),
        language: entry.common.language.clone(),
        draft: entry.common.draft,
        archived: entry.common.archived,
        ..Common::default()
    };
    let title_key = names::key(&inline.text);
    Entry {
        kind: Kind::Question,
        origin: Origin::Inline,
        // The session's own slug and the question's, with two hyphens between, so that the pair reads as one.
        slug: format!("{}--{}", entry.slug, names::slug(&own_id)),
        key: names::key(&id),
        title_order: names::sorting(&title_key),
        title_key,
        id,
        title: inline.text.value.clone(),
        at: Place::new(&entry.at.file, inline.id.as_ref().unwrap_or(&inline.text).span),
        summary: question.answer.as_ref().map(|answer| shortened(&answer.value)).unwrap_or_default(),
        date: question.asked_on.as_ref().map(|on| on.value),
        common,
        own: Own::Question(Box::new(question)),
        body: Body::default(),
        authored: Box::default(),
    }
}

/// An entry that is only named by others: its page gathers what names it.
pub fn named(kind: Kind, name: &str, at: Place) -> Entry {
    let common = Common::default();
    let own = match kind {
        Kind::Session => Own::Session(Box::default()),
        Kind::Practice => Own::Practice(Box::default()),
        Kind::CaseStudy => Own::CaseStudy(Box::default()),
        Kind::Series => Own::Series(Box::default()),
        Kind::Topic => Own::Topic(Box::default()),
        Kind::Question => Own::Question(Box::default()),
        Kind::Resource => Own::Resource(Box::default()),
        Kind::Voice => Own::Voice(Box::default()),
        Kind::Organization => Own::Organization(Box::default()),
        Kind::Person => Own::Person(Box::default()),
        Kind::Community => Own::Community(Box::default()),
        Kind::Page => Own::Page(Box::default()),
    };
    let title_key = names::key(&names::readable(name));
    Entry {
        kind,
        origin: Origin::Named,
        id: names::nfc(name),
        key: names::key(name),
        title_order: names::sorting(&title_key),
        title_key,
        slug: names::slug(name),
        title: names::readable(name),
        at,
        summary: String::new(),
        date: None,
        common,
        own,
        body: Body::default(),
        authored: Box::default(),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SUMMARY_LENGTH {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SUMMARY_LENGTH).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

/// Words what the reader of the Markdown stumbled over.
fn tell_problems(file: &Arc<str>, body: &Body, findings: &mut Vec<Finding>) {
    let at = |span: &Span| Place::new(file, *span);
    for problem in &body.problems {
        findings.push(match problem {
            Problem::RefusedScheme { scheme, span } => catalogue::refused_scheme(at(span), scheme),
            Problem::EmptyLink { span } => catalogue::empty_link(at(span)),
            Problem::UndefinedFootnote { name, span } => catalogue::undefined_footnote(at(span), name),
            Problem::DuplicateAnchor { id, span, first } => catalogue::anchor_taken(at(span), id, at(first)),
            Problem::ReservedAnchor { id, span } => catalogue::reserved_anchor(at(span), id),
            Problem::HeadingAttribute { name, span } => catalogue::heading_attribute(at(span), name),
            Problem::ExternalImage { span, .. } => catalogue::external_image(at(span)),
            Problem::LinkWithoutText { span } => catalogue::link_without_text(at(span)),
            Problem::ImageWithoutText { span } => catalogue::image_without_text(at(span)),
            Problem::UndefinedReference { name, span } => catalogue::undefined_reference(at(span), name),
            Problem::UnusedFootnote { name, span } => catalogue::unused_footnote(at(span), name),
            Problem::DuplicateFootnote { name, span, first } => catalogue::footnote_taken(at(span), name, at(first)),
            Problem::RemovedElement { name, span } => catalogue::removed_element(at(span), name),
        });
    }
}

impl Entry {
    /// `practices/retail-licensing`: the id with its folder, as references write it.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.id)
    }

    pub fn session(&self) -> Option<&Session> {
        match &self.own {
            Own::Session(session) => Some(session),
            _ => None,
        }
    }

    pub fn practice(&self) -> Option<&front_matter::Practice> {
        match &self.own {
            Own::Practice(practice) => Some(practice),
            _ => None,
        }
    }

    pub fn case_study(&self) -> Option<&front_matter::CaseStudy> {
        match &self.own {
            Own::CaseStudy(case_study) => Some(case_study),
            _ => None,
        }
    }

    pub fn series(&self) -> Option<&front_matter::Series> {
        match &self.own {
            Own::Series(series) => Some(series),
            _ => None,
        }
    }

    pub fn topic(&self) -> Option<&front_matter::Topic> {
        match &self.own {
            Own::Topic(topic) => Some(topic),
            _ => None,
        }
    }

    pub fn question(&self) -> Option<&Question> {
        match &self.own {
            Own::Question(question) => Some(question),
            _ => None,
        }
    }

    pub fn person(&self) -> Option<&front_matter::Person> {
        match &self.own {
            Own::Person(person) => Some(person),
            _ => None,
        }
    }

    pub fn voice(&self) -> Option<&front_matter::Voice> {
        match &self.own {
            Own::Voice(voice) => Some(voice),
            _ => None,
        }
    }

    pub fn community(&self) -> Option<&front_matter::Community> {
        match &self.own {
            Own::Community(community) => Some(community),
            _ => None,
        }
    }

    /// Other names it answers to.
    pub fn synonyms(&self) -> &[front_matter::Text] {
        match &self.own {
            Own::Topic(topic) => &topic.synonyms,
            Own::Practice(practice) => &practice.synonyms,
            Own::Organization(organization) => &organization.synonyms,
            Own::Person(person) => &person.synonyms,
            _ => &[],
        }
    }
}
