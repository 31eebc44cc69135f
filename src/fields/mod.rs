//! Reads typed fields from a TOML table: every mistake becomes a finding, and what is read is what is documented.
//!
//! A kind of entry is one function that asks a [`Fields`] for its keys. The same function run without a table, by
//! [`describe`], lists those keys with their shapes and meanings. So the parser, the check for unknown keys, the JSON
//! Schema and the guide cannot drift apart.

pub mod colour;
mod json;
mod shape;
mod text;

pub use shape::{Described, Shape, Word};
pub use text::{Outcome, read};

use crate::findings::nearest::nearest;
use crate::findings::{At, Finding, Place, Span, catalogue};
use crate::kinds::Kind;
use crate::time::{self, Date, DateTime, Interval, Time, Zone};
use std::borrow::Cow;
use std::fmt::Arguments;
use std::sync::Arc;
use toml::de::{DeArray, DeTable, DeValue};

/// A reference to another entry, as written: an id, or a synonym where the kind has synonyms.
pub type Ref = At<String>;

/// A day, or a day and a time, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    Day(Date),
    Time(DateTime),
}

impl Wall {
    pub fn date(self) -> Date {
        match self {
            Wall::Day(date) => date,
            Wall::Time(time) => time.date(),
        }
    }

    /// The time itself; midnight for a whole day.
    pub fn time(self) -> DateTime {
        match self {
            Wall::Day(date) => time::midnight(date),
            Wall::Time(time) => time,
        }
    }
}

/// Lists the keys that a reading function asks for.
pub fn describe<T>(read: impl FnOnce(&mut Fields) -> T) -> Vec<Described> {
    let mut fields = Fields {
        file: Arc::from(""),
        offset: 0,
        pairs: Vec::new(),
        whole: Span::default(),
        known: Vec::new(),
        outer: Vec::new(),
        described: Some(Vec::new()),
        strayed_from: None,
        findings: Vec::new(),
    };
    read(&mut fields);
    fields.described.unwrap_or_default()
}

/// The keys of one table that have not been asked for yet, and what there was to say about the others.
pub struct Fields<'t> {
    file: Arc<str>,
    /// Bytes of the file before the TOML text: what its spans count from.
    offset: usize,
    pairs: Vec<Pair<'t>>,
    whole: Span,
    known: Vec<&'static str>,
    /// Keys of the table this one stands in: a key that strayed below a `[table]` line is recognised by them.
    outer: Vec<&'static str>,
    described: Option<Vec<Described>>,
    /// From here on in the file, a broken `[table]` line makes keys seem unknown that are not.
    strayed_from: Option<u32>,
    findings: Vec<Finding>,
}

struct Pair<'t> {
    key: String,
    key_span: Span,
    value: DeValue<'t>,
    span: Span,
}

fn pairs(table: DeTable<'_>, offset: usize) -> Vec<Pair<'_>> {
    table
        .into_iter()
        .map(|(key, value)| {
            let key_span = Span::new(key.span()).after(offset);
            let span = Span::new(value.span()).after(offset);
            Pair { key: key.into_inner().into_owned(), key_span, value: value.into_inner(), span }
        })
        .collect()
}

impl<'t> Fields<'t> {
    /// Whether the reading function only lists its keys.
    fn describing(&self) -> bool {
        self.described.is_some()
    }

    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Where a span of this file is.
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.file, span)
    }

    /// Adds a finding that the reading function came to by itself.
    pub fn tell(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The place of this table as a whole: that of its first key.
    pub fn whole(&self) -> Span {
        self.whole
    }

    fn take(&mut self, key: &'static str, shape: impl FnOnce() -> Shape, about: &'static str) -> Option<Pair<'t>> {
        self.known.push(key);
        if let Some(described) = &mut self.described {
            described.push(Described { key, shape: shape(), about, required: false });
        }
        let index = self.pairs.iter().position(|pair| pair.key == key)?;
        Some(self.pairs.swap_remove(index))
    }

    /// Marks the key just asked for as one that must be there, and says so if it is not.
    pub fn required<T>(&mut self, value: Option<T>) -> Option<T> {
        let key = self.known.last().copied().unwrap_or_default();
        self.required_key(key, value.is_some());
        value
    }

    /// Says that a key is missing, unless something was already said about it.
    pub fn required_key(&mut self, key: &'static str, there: bool) {
        if let Some(described) = &mut self.described {
            if let Some(entry) = described.iter_mut().find(|entry| entry.key == key) {
                entry.required = true;
            }
        } else if !there && !self.findings.iter().any(|finding| finding.title.contains(&format!("`{key}`"))) {
            self.findings.push(catalogue::missing_key(Place::new(&self.file, self.whole), key));
        }
    }

    /// Says that one of several keys is missing, named by the usual one; none of them alone must be there.
    /// Whether a key is written that has not been asked for yet.
    pub fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|pair| pair.key == key)
    }

    pub fn tell_missing(&mut self, key: &'static str) {
        if !self.describing() && !self.findings.iter().any(|finding| finding.title.contains(&format!("`{key}`"))) {
            self.findings.push(catalogue::missing_key(Place::new(&self.file, self.whole), key));
        }
    }

    fn wrong(&mut self, pair: &Pair, wants: &str, example: Arguments) {
        let found = what(&pair.value);
        self.findings.push(catalogue::wrong_type(Place::new(&self.file, pair.span), &pair.key, found, wants, &example.to_string()));
    }

    fn value<T>(
        &mut self,
        key: &'static str,
        shape: impl FnOnce() -> Shape,
        about: &'static str,
        wants: &str,
        example: Arguments,
        read: impl FnOnce(&DeValue) -> Option<T>,
    ) -> Option<At<T>> {
        let pair = self.take(key, shape, about)?;
        match read(&pair.value) {
            Some(value) => Some(At { value, span: pair.span }),
            None => {
                self.wrong(&pair, wants, example);
                None
            }
        }
    }

    pub fn text(&mut self, key: &'static str, about: &'static str) -> Option<At<String>> {
        self.value(key, || Shape::Text, about, "text in quotes", format_args!("{key} = \"…\""), text_of)
            .filter(|text| !text.value.is_empty())
    }

    /// A web address, a mail address or a path: text, in the schema a link.
    pub fn link(&mut self, key: &'static str, about: &'static str) -> Option<At<String>> {
        let link = self.value(key, || Shape::Link, about, "an address in quotes", format_args!("{key} = \"https://…\""), text_of)?;
        match refused_scheme(&link.value) {
            None if link.value.starts_with("www.") => {
                self.findings.push(catalogue::address_without_scheme(Place::new(&self.file, link.span), &link.value));
                None
            }
            None => Some(link).filter(|link| !link.value.is_empty()),
            Some(scheme) => {
                self.findings.push(catalogue::refused_scheme(Place::new(&self.file, link.span), &scheme));
                None
            }
        }
    }

    pub fn integer(&mut self, key: &'static str, least: i64, most: i64, about: &'static str) -> Option<At<i64>> {
        let shape = || Shape::Integer { least, most };
        let usual = if key == "minutes" { 60 } else { least.max(1) };
        let number = self.value(key, shape, about, "a whole number", format_args!("{key} = {usual}"), integer_of)?;
        if number.value < least || number.value > most {
            self.findings.push(catalogue::number_out_of_range(Place::new(&self.file, number.span), key, number.value, least, most));
            return None;
        }
        Some(number)
    }

    /// A number of people, dollars or anything measured, kept as it was written.
    pub fn figure(&mut self, key: &'static str, about: &'static str) -> Option<At<String>> {
        self.value(
            key,
            || Shape::Number,
            about,
            "a number, or text in quotes",
            format_args!("{key} = 12.5"),
            |value| match value {
                DeValue::String(text) => Some(text.trim().to_owned()),
                DeValue::Integer(number) => Some(number.to_string()),
                DeValue::Float(number) => Some(number.as_str().to_owned()),
                _ => None,
            },
        )
        .filter(|text| !text.value.is_empty())
    }

    pub fn flag(&mut self, key: &'static str, about: &'static str) -> Option<At<bool>> {
        self.value(
            key,
            || Shape::Flag,
            about,
            "`true` or `false`",
            format_args!("{key} = true"),
            |value| match value {
                DeValue::Boolean(flag) => Some(*flag),
                _ => None,
            },
        )
    }

    pub fn word<W: Word>(&mut self, key: &'static str, about: &'static str) -> Option<At<W>> {
        let words: Vec<&'static str> = W::ALL.iter().map(|(word, _)| *word).collect();
        let first = words.first().copied().unwrap_or_default();
        let text =
            self.value(key, || Shape::Word(words.clone()), about, "a word in quotes", format_args!("{key} = \"{first}\""), text_of)?;
        match W::from_word(&text.value) {
            Some(value) => Some(At { value, span: text.span }),
            None => {
                let near = nearest(&text.value, words.iter().copied());
                self.findings.push(catalogue::unknown_word(Place::new(&self.file, text.span), key, &text.value, near, &words));
                None
            }
        }
    }

    pub fn date(&mut self, key: &'static str, about: &'static str) -> Option<At<Date>> {
        match self.wall(key, Shape::Day, about, "a day", format_args!("{key} = 2026-03-04"))? {
            At { value: Wall::Day(date), span } => Some(At { value: date, span }),
            At { value: Wall::Time(time), span } => Some(At { value: time.date(), span }),
        }
    }

    pub fn date_or_time(&mut self, key: &'static str, about: &'static str) -> Option<At<Wall>> {
        self.wall(key, Shape::DayOrTime, about, "a day, or a day and a time", format_args!("{key} = 2026-03-04T13:00:00"))
    }

    fn wall(&mut self, key: &'static str, shape: Shape, about: &'static str, wants: &str, example: Arguments) -> Option<At<Wall>> {
        let pair = self.take(key, || shape, about)?;
        self.wall_of(key, &pair.value, pair.span, wants, example)
    }

    fn wall_of(&mut self, key: &'static str, value: &DeValue, span: Span, wants: &str, example: Arguments) -> Option<At<Wall>> {
        let place = Place::new(&self.file, span);
        let read = match value {
            DeValue::Datetime(written) => Ok(*written),
            // People quote dates; a quoted date that reads as one is understood as one would expect.
            DeValue::String(text) => text.trim().parse().map_err(|_| what(value)),
            other => Err(what(other)),
        };
        let written = match read {
            Ok(written) => written,
            Err(found) => {
                self.findings.push(catalogue::wrong_type(place, key, found, wants, &example.to_string()));
                return None;
            }
        };
        if written.offset.is_some() {
            self.findings.push(catalogue::time_with_offset(place, key));
            return None;
        }
        let Some(on) = written.date else {
            self.findings.push(catalogue::wrong_type(place, key, "a time of day", wants, &example.to_string()));
            return None;
        };
        let Some(date) = time::day(on.year as i16, on.month as i8, on.day as i8) else {
            self.findings.push(catalogue::day_not_in_calendar(place, key, on.year, on.month, on.day));
            return None;
        };
        Some(At {
            value: match written.time {
                None => Wall::Day(date),
                Some(at) => Wall::Time(date.at(at.hour as i8, at.minute as i8, at.second.unwrap_or(0).min(59) as i8, 0)),
            },
            span,
        })
    }

    pub fn dates(&mut self, key: &'static str, about: &'static str) -> Vec<At<Date>> {
        self.walls(key, Shape::Days, about).into_iter().map(|wall| At { value: wall.value.date(), span: wall.span }).collect()
    }

    pub fn dates_or_times(&mut self, key: &'static str, about: &'static str) -> Vec<At<Wall>> {
        self.walls(key, Shape::Days, about)
    }

    fn walls(&mut self, key: &'static str, shape: Shape, about: &'static str) -> Vec<At<Wall>> {
        self.array(key, || shape, about, "a list of days", format_args!("{key} = [2026-03-04]"))
            .into_iter()
            .filter_map(|(value, span)| self.wall_of(key, &value, span, "a list of days", format_args!("{key} = [2026-03-04]")))
            .collect()
    }

    pub fn clock(&mut self, key: &'static str, about: &'static str) -> Option<At<Time>> {
        self.value(
            key,
            || Shape::Clock,
            about,
            "a time of day",
            format_args!("{key} = 13:00:00"),
            |value| {
                let written = match value {
                    DeValue::Datetime(written) => *written,
                    DeValue::String(text) => text.trim().parse().ok()?,
                    _ => return None,
                };
                match (written.date, written.time, written.offset) {
                    (None, Some(at), None) => time::clock(at.hour as i8, at.minute as i8, at.second.unwrap_or(0).min(59) as i8),
                    _ => None,
                }
            },
        )
    }

    /// A day, or plain `true` for "yes, but the day is not known".
    pub fn date_or_flag(&mut self, key: &'static str, about: &'static str) -> Option<At<Option<Date>>> {
        let pair = self.take(key, || Shape::DayOrFlag, about)?;
        match &pair.value {
            DeValue::Boolean(true) => Some(At { value: None, span: pair.span }),
            DeValue::Boolean(false) => None,
            value => self
                .wall_of(key, value, pair.span, "a day, or `true`", format_args!("{key} = 2026-03-04"))
                .map(|wall| At { value: Some(wall.value.date()), span: wall.span }),
        }
    }

    pub fn zone(&mut self, key: &'static str, about: &'static str) -> Option<At<Zone>> {
        let name =
            self.value(key, || Shape::Zone, about, "a zone's name in quotes", format_args!("{key} = \"America/Chicago\""), text_of)?;
        self.zone_of(name)
    }

    fn zone_of(&mut self, name: At<String>) -> Option<At<Zone>> {
        match Zone::named(&name.value) {
            Some(zone) => Some(At { value: zone, span: name.span }),
            None => {
                self.findings.push(catalogue::unknown_zone(Place::new(&self.file, name.span), &name.value));
                None
            }
        }
    }

    pub fn zones(&mut self, key: &'static str, about: &'static str) -> Vec<At<Zone>> {
        let names = self.text_list(key, Shape::Zones, about, "[\"America/Chicago\"]");
        names.into_iter().filter_map(|name| self.zone_of(name)).collect()
    }

    pub fn interval(&mut self, key: &'static str, about: &'static str) -> Option<At<Interval>> {
        let text =
            self.value(key, || Shape::Interval, about, "a length of time in quotes", format_args!("{key} = \"12 months\""), text_of)?;
        match Interval::read(&text.value) {
            Some(interval) => Some(At { value: interval, span: text.span }),
            None => {
                self.findings.push(catalogue::not_an_interval(Place::new(&self.file, text.span), key, &text.value));
                None
            }
        }
    }

    pub fn texts(&mut self, key: &'static str, about: &'static str) -> Vec<At<String>> {
        self.text_list(key, Shape::Texts, about, "[\"…\", \"…\"]")
    }

    fn text_list(&mut self, key: &'static str, shape: Shape, about: &'static str, example: &str) -> Vec<At<String>> {
        let items = self.array(key, || shape, about, "a list of texts", format_args!("{key} = {example}"));
        self.text_items(key, items, "text in quotes here", format_args!("{key} = {example}"))
    }

    /// The texts of a list; what is empty is left out, and what is no text is told.
    fn text_items(&mut self, key: &str, items: Vec<(DeValue, Span)>, wants: &str, example: Arguments) -> Vec<At<String>> {
        let mut texts = Vec::with_capacity(items.len());
        for (value, span) in items {
            match text_of(&value) {
                Some(text) if text.is_empty() => {}
                Some(value) => texts.push(At { value, span }),
                None => {
                    let place = Place::new(&self.file, span);
                    self.findings.push(catalogue::wrong_type(place, key, what(&value), wants, &example.to_string()));
                }
            }
        }
        texts
    }

    fn array(
        &mut self,
        key: &'static str,
        shape: impl FnOnce() -> Shape,
        about: &'static str,
        wants: &str,
        example: Arguments,
    ) -> Vec<(DeValue<'t>, Span)> {
        let Some(pair) = self.take(key, shape, about) else { return Vec::new() };
        match pair.value {
            DeValue::Array(items) => spanned(items, self.offset),
            value => {
                self.wrong(&Pair { value, ..pair }, wants, example);
                Vec::new()
            }
        }
    }

    /// An id of an entry of one kind.
    pub fn reference(&mut self, key: &'static str, kind: Kind, about: &'static str) -> Option<Ref> {
        self.value(key, || Shape::Reference(kind.folder()), about, "an id in quotes", format_args!("{key} = \"…\""), text_of)
            .filter(|id| !id.value.is_empty())
    }

    /// Ids of entries of one kind.
    pub fn references(&mut self, key: &'static str, kind: Kind, about: &'static str) -> Vec<Ref> {
        self.text_list(key, Shape::References(kind.folder()), about, "[\"…\"]")
    }

    /// Ids of entries of any kind, written `folder/id`.
    pub fn any_references(&mut self, key: &'static str, about: &'static str) -> Vec<Ref> {
        self.text_list(key, Shape::References(""), about, "[\"practices/…\"]")
    }

    pub fn any_reference(&mut self, key: &'static str, about: &'static str) -> Option<Ref> {
        self.value(key, || Shape::Reference(""), about, "an id in quotes", format_args!("{key} = \"…\""), text_of)
            .filter(|id| !id.value.is_empty())
    }

    /// One id or several, of any kind that can act: `by = "ana"` or `by = ["ana", "organizations/county-health"]`.
    pub fn one_or_more(&mut self, key: &'static str, about: &'static str) -> Vec<Ref> {
        let Some(pair) = self.take(key, || Shape::References(""), about) else { return Vec::new() };
        let items = match pair.value {
            DeValue::Array(items) => spanned(items, self.offset),
            value => vec![(value, pair.span)],
        };
        self.text_items(key, items, "an id in quotes", format_args!("{key} = \"…\""))
    }

    /// A day or a year, kept as it was written: much that is published names only its year.
    pub fn date_text(&mut self, key: &'static str, about: &'static str) -> Option<At<String>> {
        self.value(
            key,
            || Shape::Text,
            about,
            "a day, or text in quotes",
            format_args!("{key} = 2026-03-04"),
            |value| match value {
                DeValue::String(text) => Some(text.trim().to_owned()),
                DeValue::Integer(number) => Some(number.to_string()),
                DeValue::Datetime(written) => Some(written.to_string()),
                _ => None,
            },
        )
        .filter(|text| !text.value.is_empty())
    }

    /// A table under a key of its own.
    pub fn table<T>(&mut self, key: &'static str, about: &'static str, read: impl Fn(&mut Fields) -> T) -> Option<T> {
        let pair = self.take(key, || Shape::Table(describe(&read)), about)?;
        match pair.value {
            DeValue::Table(table) => Some(self.inner(table, pair.key_span, &read)),
            value => {
                self.wrong(&Pair { value, ..pair }, "a table", format_args!("[{key}]"));
                None
            }
        }
    }

    /// A list of tables, `[[key]]`.
    pub fn tables<T>(&mut self, key: &'static str, about: &'static str, read: impl Fn(&mut Fields) -> T) -> Vec<T> {
        let items = self.array(key, || Shape::Tables(describe(&read)), about, "a list of tables", format_args!("[[{key}]]"));
        let mut values = Vec::with_capacity(items.len());
        for (value, span) in items {
            match value {
                DeValue::Table(table) => values.push(self.inner(table, span, &read)),
                other => {
                    let place = Place::new(&self.file, span);
                    self.findings.push(catalogue::wrong_type(place, key, what(&other), "a table here", &format!("[[{key}]]")));
                }
            }
        }
        values
    }

    fn inner<T>(&mut self, table: DeTable<'t>, header: Span, read: impl Fn(&mut Fields) -> T) -> T {
        let mut outer = self.known.clone();
        outer.extend(&self.outer);
        let mut inner = Fields {
            file: self.file.clone(),
            offset: self.offset,
            pairs: pairs(table, self.offset),
            whole: header,
            known: Vec::new(),
            outer,
            described: None,
            strayed_from: self.strayed_from,
            findings: Vec::new(),
        };
        let value = read(&mut inner);
        self.findings.extend(inner.finish());
        value
    }

    /// A table whose keys are names the author chose, each with a whole number: `by_voice = { youth = 4 }`.
    pub fn counts(&mut self, key: &'static str, about: &'static str) -> Vec<(Ref, At<i64>)> {
        self.map(key, || Shape::Counts, about, "a whole number", integer_of)
    }

    /// A table whose keys are names the author chose, each with a text.
    pub fn named_texts(&mut self, key: &'static str, about: &'static str) -> Vec<(At<String>, At<String>)> {
        self.map(key, || Shape::Map(Box::new(Shape::Text)), about, "text in quotes", text_of)
    }

    fn map<T>(
        &mut self,
        key: &'static str,
        shape: impl FnOnce() -> Shape,
        about: &'static str,
        wants: &str,
        read: impl Fn(&DeValue) -> Option<T>,
    ) -> Vec<(At<String>, At<T>)> {
        let Some(pair) = self.take(key, shape, about) else { return Vec::new() };
        let DeValue::Table(table) = pair.value else {
            self.wrong(&pair, "a table", format_args!("{key} = {{ … }}"));
            return Vec::new();
        };
        let mut values = Vec::new();
        for inner in pairs(table, self.offset) {
            match read(&inner.value) {
                Some(value) => values.push((At { value: inner.key, span: inner.key_span }, At { value, span: inner.span })),
                None => {
                    let place = Place::new(&self.file, inner.span);
                    self.findings.push(catalogue::wrong_type(place, &inner.key, what(&inner.value), wants, &format!("{} = …", inner.key)));
                }
            }
        }
        values
    }

    /// What was never asked for is unknown: says so, and hands over everything there is to say.
    fn finish(mut self) -> Vec<Finding> {
        if self.describing() {
            return self.findings;
        }
        for pair in std::mem::take(&mut self.pairs) {
            if self.strayed_from.is_some_and(|from| pair.key_span.start > from) {
                continue;
            }
            let place = Place::new(&self.file, pair.key_span);
            let strayed = self.outer.contains(&pair.key.as_str());
            let near = nearest(&pair.key, self.known.iter().copied());
            self.findings.push(if strayed {
                catalogue::strayed_key(place, &pair.key)
            } else {
                catalogue::unknown_key(place, &pair.key, near, &self.known)
            });
        }
        self.findings
    }
}

fn spanned(items: DeArray<'_>, offset: usize) -> Vec<(DeValue<'_>, Span)> {
    items
        .into_iter()
        .map(|item| {
            let span = Span::new(item.span()).after(offset);
            (item.into_inner(), span)
        })
        .collect()
}

/// Line endings are one thing on every system, so that the same text gives the same bytes.
fn plain_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

fn text_of(value: &DeValue) -> Option<String> {
    match value {
        DeValue::String(text) => Some(plain_lines(text.trim()).into_owned()),
        _ => None,
    }
}

fn integer_of(value: &DeValue) -> Option<i64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    }
}

/// What somebody wrote, in words.
fn what(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The scheme of an address that must not become a link; none for the schemes that may, and for paths.
pub fn refused_scheme(address: &str) -> Option<String> {
    // Browsers skip control characters and spaces at the front of an address and inside its scheme (WHATWG URL, 4.4).
    let bare: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let (scheme, _) = bare.split_once(':')?;
    if scheme.is_empty() || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    (!["http", "https", "mailto", "tel", "webcal"].contains(&scheme.as_str())).then_some(scheme)
}
