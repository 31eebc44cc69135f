//! Feeds of what is new: for the site, a kind, a topic and a series, as Atom (RFC 4287) and JSON Feed 1.1.

use super::desk::Desk;
use super::robots::escaped;
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge};
use crate::time::Date;
use serde_json::json;
use std::fmt::Write;

/// What a feed is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Site,
    Kind(Kind),
    /// Entries about a topic, or sessions of a series.
    Entry(EntryId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Atom,
    Json,
}

impl Format {
    pub const ALL: [Format; 2] = [Format::Atom, Format::Json];

    pub const fn file(self) -> &'static str {
        match self {
            Format::Atom => "feed.xml",
            Format::Json => "feed.json",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Atom => "application/atom+xml",
            Format::Json => "application/feed+json",
        }
    }
}

/// The kinds whose entries are news.
pub const NEWS: [Kind; 6] = [Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource, Kind::Series];

/// All feeds that have something in them.
pub fn scopes(knowledge: &Knowledge) -> Vec<Scope> {
    let mut scopes = vec![Scope::Site];
    scopes.extend(NEWS.into_iter().filter(|kind| knowledge.has(*kind)).map(Scope::Kind));
    let topics = knowledge.listed(Kind::Topic).chain(knowledge.listed(Kind::Series));
    scopes.extend(topics.map(Scope::Entry));
    scopes
}

/// The folder of a feed, as an output path.
pub fn folder(knowledge: &Knowledge, scope: Scope) -> String {
    match scope {
        Scope::Site => String::new(),
        Scope::Kind(kind) => format!("{}/", kind.folder()),
        Scope::Entry(id) => percent_encoding::percent_decode_str(knowledge.path(id)).decode_utf8_lossy().into_owned(),
    }
}

/// The path of a feed, as it is written in links.
pub fn path(knowledge: &Knowledge, scope: Scope, format: Format) -> String {
    let folder = match scope {
        Scope::Site => String::new(),
        Scope::Kind(kind) => format!("{}/", kind.folder()),
        Scope::Entry(id) => knowledge.path(id).to_owned(),
    };
    format!("{folder}{}", format.file())
}

pub fn title(desk: &Desk, scope: Scope) -> String {
    let site = &desk.k.config.title;
    match scope {
        Scope::Site => site.clone(),
        Scope::Kind(kind) => format!("{site}: {}", desk.kind_plural(kind)),
        Scope::Entry(id) => format!("{site}: {}", desk.k.entry(id).title),
    }
}

/// The newest entries of a feed, with the day each counts as new from.
fn entries(desk: &Desk, scope: Scope) -> Vec<(EntryId, Date)> {
    let k = desk.k;
    let ids: Vec<EntryId> = match scope {
        Scope::Site => NEWS.into_iter().flat_map(|kind| k.listed(kind)).collect(),
        Scope::Kind(kind) => k.listed(kind).collect(),
        Scope::Entry(id) if k.kind(id) == Kind::Series => k.series(id).map(|facts| facts.sessions.clone()).unwrap_or_default(),
        Scope::Entry(id) => NEWS.into_iter().flat_map(|kind| crate::knowledge::topics::entries_below(k, id, kind)).collect(),
    };
    let mut dated: Vec<(EntryId, Date)> = ids.into_iter().filter_map(|id| Some((id, news_day(k, id)?))).collect();
    dated.sort_by_key(|(id, day)| (std::cmp::Reverse(*day), *id));
    dated.truncate(k.config.feed_length);
    dated
}

/// The day an entry became news: when it was updated, else written. A session to come is news from the day its notes
/// were first written, where that is known; one without any such day is left to the calendar until it has been held.
fn news_day(k: &Knowledge, id: EntryId) -> Option<Date> {
    let entry = k.entry(id);
    let written = entry.common.updated.as_ref().or(entry.common.date.as_ref()).map(|at| at.value);
    written.or_else(|| k.day(id)).filter(|day| *day <= k.today)
}

pub fn render(desk: &Desk, scope: Scope, format: Format) -> String {
    match format {
        Format::Atom => atom(desk, scope),
        Format::Json => json(desk, scope),
    }
}

/// An id that stays the same wherever the site stands: its address, else a `tag:` (RFC 4151).
fn id_of(desk: &Desk, path: &str, day: Option<Date>) -> String {
    match &desk.k.config.base_url {
        Some(base) => format!("{base}{path}"),
        None => {
            let day = day.map_or_else(|| "2000-01-01".to_owned(), |day| day.to_string());
            format!("tag:{},{day}:/{path}", desk.k.config.site_id)
        }
    }
}

/// An address for a link in a feed: full where the site's place is known, else from the feed.
fn address(desk: &Desk, scope: Scope, path: &str) -> String {
    match &desk.k.config.base_url {
        Some(base) => format!("{base}{}", desk.path(path)),
        None => {
            let depth = self::path(desk.k, scope, Format::Atom).matches('/').count();
            format!("{}{}", if depth == 0 { "./".to_owned() } else { "../".repeat(depth) }, desk.path(path))
        }
    }
}

fn atom(desk: &Desk, scope: Scope) -> String {
    let k = desk.k;
    let entries = entries(desk, scope);
    // A feed must say when it last changed; one without entries has not changed since the beginning.
    let updated = entries.iter().map(|(_, day)| *day).max().map_or_else(|| "2000-01-01".to_owned(), |day| day.to_string());
    let own = path(k, scope, Format::Atom);
    let home = own.trim_end_matches("feed.xml");
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{}</id>\n<updated>{updated}T00:00:00Z</updated>\n",
        escaped(&k.config.language),
        escaped(&title(desk, scope)),
        escaped(&id_of(desk, &own, None)),
    );
    let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&address(desk, scope, home)));
    let _ = writeln!(xml, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escaped(&address(desk, scope, &own)));
    let _ = writeln!(xml, "<author><name>{}</name></author>", escaped(&k.config.title));
    for (id, day) in entries {
        let entry = k.entry(id);
        let path = &k.path(id);
        let _ = write!(
            xml,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<updated>{day}T00:00:00Z</updated>\n",
            escaped(&entry.title),
            escaped(&id_of(desk, path, entry.date)),
            escaped(&address(desk, scope, path)),
        );
        for author in desk.all_listed(id, &entry.common.authors) {
            let _ = writeln!(xml, "<author><name>{}</name></author>", escaped(&author.label));
        }
        let _ = writeln!(xml, "<category term=\"{}\"/>", entry.kind.word());
        if !entry.summary.is_empty() {
            let _ = writeln!(xml, "<summary>{}</summary>", escaped(&entry.summary));
        }
        xml.push_str("</entry>\n");
    }
    xml.push_str("</feed>\n");
    xml
}

fn json(desk: &Desk, scope: Scope) -> String {
    let k = desk.k;
    let own = path(k, scope, Format::Json);
    let items: Vec<serde_json::Value> = entries(desk, scope)
        .into_iter()
        .map(|(id, day)| {
            let entry = k.entry(id);
            let path = &k.path(id);
            let authors: Vec<_> =
                desk.all_listed(id, &entry.common.authors).into_iter().map(|author| json!({ "name": author.label })).collect();
            let mut item = json!({
                "id": id_of(desk, path, entry.date),
                "url": address(desk, scope, path),
                "title": entry.title,
                "content_text": entry.summary,
                "date_modified": format!("{day}T00:00:00Z"),
                "tags": [entry.kind.word()],
            });
            if !authors.is_empty() {
                item["authors"] = authors.into();
            }
            item
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(desk, scope),
        "home_page_url": address(desk, scope, own.trim_end_matches("feed.json")),
        "feed_url": address(desk, scope, &own),
        "language": k.config.language,
        "items": items,
    });
    let mut text = serde_json::to_string_pretty(&feed).expect("a feed is plain JSON");
    text.push('\n');
    text
}
