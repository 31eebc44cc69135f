//! The data of all entries, for other programs: every field that may be seen, and what follows from them.

use super::desk::Desk;
use crate::entries::front_matter::{Own, Text};
use crate::entries::{Entry, Origin};
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::references::{self, Part};
use crate::knowledge::{EntryId, Knowledge};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Raised whenever a key of `data/entries.json` changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// How many entries are put into words by one core at a time.
const CHUNK: usize = 64;

/// How many chunks are put into words before they are put together: enough for many cores, and little beside the whole.
const BATCH: usize = 32;

/// About how many bytes a line has besides what its author wrote.
const USUAL_LINE: usize = 1024;

/// All entries as JSON, one to a line, so that a change of one is a change of one line.
pub fn json(desk: &Desk) -> String {
    let k = desk.k;
    let head = json!({
        "version": SCHEMA_VERSION,
        "title": k.config.title,
        "base_url": k.config.base_url,
        "language": k.config.language,
        "time_zone": k.config.time_zone.name(),
        "today": k.today.to_string(),
    });
    let head = head.to_string();
    let ids = public(k);
    let mut text = String::with_capacity(head.len() + ids.iter().map(|id| k.entry(*id).authored.len() + USUAL_LINE).sum::<usize>());
    text.push_str(head.trim_end_matches('}'));
    text.push_str(",\"entries\":[\n");
    for batch in ids.chunks(CHUNK * BATCH) {
        let chunks: Vec<String> = batch.par_chunks(CHUNK).map(|ids| lines(desk, ids)).collect();
        chunks.iter().for_each(|chunk| text.push_str(chunk));
    }
    text.truncate(text.trim_end_matches(",\n").len());
    text.push_str("\n]}\n");
    text
}

fn lines(desk: &Desk, ids: &[EntryId]) -> String {
    let mut lines = String::new();
    for id in ids {
        line(desk, *id, &mut lines);
        lines.push_str(",\n");
    }
    lines
}

fn public(k: &Knowledge) -> Vec<EntryId> {
    k.ids().filter(|id| k.is_listed(*id)).collect()
}

/// What is known of an entry, in the order of its keys; those that a kind does not have are left out.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'static str,
    id: &'a str,
    title: &'a str,
    path: &'a str,
    source: Option<&'a str>,
    origin: &'static str,
    summary: &'a str,
    date: Option<String>,
    topics: Vec<&'a str>,
    communities: Vec<&'a str>,
    voices: Vec<&'a str>,
    organizations: Vec<&'a str>,
    words: u32,
    freshness: &'static str,
    next_review: Option<String>,
    archived: bool,
    superseded: bool,
    /// `folder/id`.
    mentioned_by: Vec<String>,
    #[serde(flatten)]
    own: Map<String, Value>,
}

/// One entry on one line. What its author wrote is already JSON and goes in as it stands.
fn line(desk: &Desk, id: EntryId, out: &mut String) {
    let k = desk.k;
    let entry = k.entry(id);
    let facts = k.facts(id);
    // What stands in no list is not named in the data of what does.
    let listed = |ids: &[EntryId]| ids.iter().filter(|id| k.is_listed(**id)).map(|id| k.entry(*id).id.as_str()).collect::<Vec<_>>();
    let line = Line {
        kind: entry.kind.word(),
        id: &entry.id,
        title: &entry.title,
        path: k.path(id),
        source: (entry.origin != Origin::Named).then_some(&*entry.at.file),
        origin: match entry.origin {
            Origin::File => "file",
            Origin::Inline => "inline",
            Origin::Named => "named",
        },
        summary: &entry.summary,
        date: k.day(id).map(|day| day.to_string()),
        topics: listed(&k.said(id).topics),
        communities: listed(&k.said(id).communities),
        voices: listed(&k.voices(id)),
        organizations: listed(&k.targets(id, &entry.common.organizations)),
        words: entry.body.words,
        freshness: facts.freshness.state.word(),
        next_review: facts.freshness.next.map(|next| next.to_string()),
        archived: entry.common.archived,
        superseded: entry.common.superseded_by.is_some(),
        mentioned_by: k.mentioned_by(id).iter().map(|id| k.entry(*id).reference()).collect(),
        own: derived(k, id, entry),
    };
    out.push_str(&serde_json::to_string(&line).expect("a line is plain JSON"));
    out.pop();
    out.push_str(",\"fields\":");
    out.push_str(&authored(k, id, entry));
    out.push('}');
}

/// What follows for entries of one kind.
fn derived(k: &Knowledge, id: EntryId, entry: &Entry) -> Map<String, Value> {
    let mut own = Map::new();
    match &entry.own {
        Own::Session(session) => {
            let Some(facts) = k.session(id) else { return own };
            own.insert("status".into(), json!(facts.state.word()));
            own.insert("series".into(), json!(facts.series.filter(|series| k.is_listed(*series)).map(|series| k.entry(series).id.clone())));
            if let Some(times) = &facts.times {
                own.insert("start".into(), json!(times.start.rfc3339()));
                own.insert("end".into(), json!(times.end.rfc3339()));
                own.insert("minutes".into(), json!(times.minutes));
                own.insert("time_zone".into(), json!(times.zone.name()));
                own.insert("uid".into(), json!(k.uid(Occasion::Session(id))));
            }
            let commitments: Vec<Value> = session
                .commitments
                .iter()
                .map(|commitment| json!({ "id": Knowledge::commitment_id(commitment), "state": super::session_page::commitment_state(commitment, k.today) }))
                .collect();
            own.insert("commitments".into(), json!(commitments));
            if let Some(join) = session.join.as_ref().filter(|join| join.public) {
                own.insert("join_url".into(), json!(join.url.as_ref().map(|url| url.value.clone())));
            }
        }
        Own::Practice(practice) => {
            let Some(facts) = k.practice(id) else { return own };
            own.insert("maturity".into(), json!(facts.maturity.word()));
            own.insert("grade".into(), json!(practice.grade()));
            own.insert("case_studies".into(), json!(facts.case_studies.iter().map(|id| k.entry(*id).id.clone()).collect::<Vec<_>>()));
        }
        Own::Series(_) => {
            let Some(facts) = k.series(id) else { return own };
            own.insert("status".into(), json!(facts.state.word()));
            own.insert("sessions".into(), json!(facts.sessions.len()));
            let planned = facts.planned.iter().filter(|planned| planned.times.last >= k.today);
            own.insert("planned".into(), json!(planned.map(|planned| planned.date.to_string()).collect::<Vec<_>>()));
        }
        Own::Topic(_) => {
            let Some(facts) = k.topic(id) else { return own };
            own.insert("parent".into(), json!(crate::knowledge::topics::listed_parent(k, id).map(|parent| k.entry(parent).id.clone())));
            own.insert("priority".into(), json!(facts.priority));
            let counts: Map<String, Value> =
                crate::knowledge::topics::COUNTED.into_iter().map(|kind| (kind.word().to_owned(), json!(facts.count(kind)))).collect();
            own.insert("counts".into(), Value::Object(counts));
        }
        Own::Question(question) => {
            own.insert("status".into(), json!(k.question_status(id).map(|status| status.word())));
            own.insert("asked_on".into(), json!(question.asked_on.as_ref().map(|on| on.value.to_string())));
            own.insert("asked_times".into(), json!(k.times_asked(id)));
            own.insert("answered_on".into(), json!(k.answered_on(id).map(|on| on.to_string())));
            own.insert("days_to_answer".into(), json!(k.days_to_answer(id)));
            let session = question.asked_in.as_ref().and_then(|session| k.target(id, session)).filter(|session| k.is_listed(*session));
            own.insert("asked_in".into(), json!(session.map(|session| k.entry(session).id.clone())));
        }
        Own::Person(person) => {
            // Only there when the person agreed.
            own.insert("contact".into(), json!(person.contact.as_ref().map(|contact| contact.value.clone())));
        }
        _ => {}
    }
    own
}

/// The fields as authored, without the names of entries that are not public.
fn authored<'a>(k: &Knowledge, id: EntryId, entry: &'a Entry) -> Cow<'a, str> {
    if entry.authored.is_empty() {
        return Cow::Borrowed("{}");
    }
    let mut hidden: Vec<String> = Vec::new();
    // Questions asked in a session's notes are entries of their own, and stand in its fields too.
    let inline = k.referring(id, Part::AskedIn).filter(|question| k.entry(*question).origin == Origin::Inline);
    for from in std::iter::once(id).chain(inline) {
        references::each(k.entry(from), &mut |reference, _, _: Part| {
            if k.target(from, reference).is_some_and(|to| !k.is_listed(to)) {
                hidden.push(reference.value.clone());
            }
        });
    }
    // What shows something may be named as `folder/id` too.
    for text in shown_by(entry) {
        let named = text.split_once('/').and_then(|(folder, id)| k.lookup().of_kind(Kind::from_folder(folder)?, id));
        if named.is_some_and(|to| !k.is_listed(to)) {
            hidden.push(text.value.clone());
        }
    }
    if hidden.is_empty() {
        return Cow::Borrowed(&entry.authored);
    }
    let mut value: Value = serde_json::from_str(&entry.authored).expect("what was kept as JSON is JSON");
    without(&mut value, &hidden);
    Cow::Owned(value.to_string())
}

/// The texts of an entry that say what shows something: sentences, addresses or entries.
fn shown_by(entry: &Entry) -> Vec<&Text> {
    match &entry.own {
        Own::Session(session) => session.commitments.iter().filter_map(|commitment| commitment.evidence.as_ref()).collect(),
        Own::Community(community) => community.success.iter().filter_map(|success| success.evidence.as_ref()).collect(),
        Own::Practice(practice) => practice.evidence.iter().filter_map(|evidence| evidence.source.as_ref()).collect(),
        Own::CaseStudy(case_study) => case_study.results.iter().filter_map(|result| result.source.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// Keys whose text is an entry's own and names no other.
const OWN_WORDS: [&str; 5] = ["id", "title", "text", "summary", "name"];

/// Takes texts out of a value, wherever they stand.
fn without(value: &mut Value, hidden: &[String]) {
    let is_hidden = |value: &Value| value.as_str().is_some_and(|text| hidden.iter().any(|hidden| hidden == text));
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_hidden(item));
            items.iter_mut().for_each(|item| without(item, hidden));
        }
        Value::Object(fields) => {
            fields.retain(|key, item| OWN_WORDS.contains(&key.as_str()) || !is_hidden(item));
            // People in the room are counted by voice, under the names of voices.
            if let Some(Value::Object(by_voice)) = fields.get_mut("by_voice") {
                by_voice.retain(|voice, _| !hidden.contains(voice));
            }
            fields.values_mut().for_each(|item| without(item, hidden));
        }
        _ => {}
    }
}

/// The columns of `data/entries.csv`.
const COLUMNS: [&str; 13] = [
    "kind",
    "id",
    "title",
    "path",
    "date",
    "status",
    "maturity",
    "freshness",
    "topics",
    "communities",
    "organizations",
    "places",
    "summary",
];

/// All entries as a table (RFC 4180); lists are separated by a semicolon.
pub fn csv(desk: &Desk) -> String {
    let k = desk.k;
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    let joined =
        |ids: &[EntryId]| ids.iter().filter(|id| k.is_listed(**id)).map(|id| k.entry(*id).id.clone()).collect::<Vec<_>>().join(";");
    for id in public(k) {
        let entry = k.entry(id);
        let facts = k.facts(id);
        let status = match &entry.own {
            Own::Session(_) => k.session(id).map(|facts| facts.state.word()),
            Own::Series(_) => k.series(id).map(|facts| facts.state.word()),
            Own::Question(_) => k.question_status(id).map(|status| status.word()),
            _ => None,
        };
        let maturity = k.practice(id).map(|facts| facts.maturity.word()).filter(|_| entry.kind == Kind::Practice);
        let places: Vec<&str> = entry.common.places.iter().map(|place| place.value.as_str()).collect();
        let row = [
            entry.kind.word().to_owned(),
            entry.id.clone(),
            entry.title.clone(),
            k.path(id).to_owned(),
            k.day(id).map(|day| day.to_string()).unwrap_or_default(),
            status.unwrap_or_default().to_owned(),
            maturity.unwrap_or_default().to_owned(),
            facts.freshness.state.word().to_owned(),
            joined(&k.said(id).topics),
            joined(&k.said(id).communities),
            joined(&k.targets(id, &entry.common.organizations)),
            places.join(";"),
            entry.summary.clone(),
        ];
        out.push_str(&csv_line(&row));
    }
    out
}

/// A line of a table (RFC 4180), with its end.
pub fn csv_line(cells: &[String]) -> String {
    let mut line = cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell: in quotes where it must be, and never a formula to a spreadsheet that opens it.
fn quoted(cell: &str) -> String {
    let guarded = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
