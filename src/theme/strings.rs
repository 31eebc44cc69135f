//! What the site says in words, in its language: one table of strings per language, overridden key by key.

use crate::findings::{Finding, Place, Span, catalogue};
use crate::sources::Source;
use crate::time::{self, Date, Time};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::{Table, Value};

/// The language whose strings serve where another has none.
const FALLBACK: &str = "en";

/// Languages written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"];

type Map<V> = std::collections::HashMap<String, V, foldhash::fast::RandomState>;

/// The strings of one language, English where it has none.
#[derive(Debug, Clone)]
pub struct Strings {
    /// Every string by its dotted key; those for one and for several stand under `KEY.one` and `KEY.other`.
    texts: Map<String>,
    lists: Map<Vec<String>>,
    /// The whole table as templates see it.
    pub value: tera::Value,
}

/// Loads the strings of a language (`es-MX`, else `es`, else English).
pub fn load(builtin: &BTreeMap<&str, &[u8]>, own: &[(&str, &Source)], language: &str, findings: &mut Vec<Finding>) -> Strings {
    let mut table = Table::new();
    let base = language.split('-').next().unwrap_or(language);
    let mut languages = vec![FALLBACK, base, language];
    languages.dedup();
    for language in &languages {
        let name = format!("strings/{language}.toml");
        if let Some(bytes) = builtin.get(name.as_str()) {
            let text = std::str::from_utf8(bytes).expect("the theme's own strings are text");
            merge(&mut table, text.parse().expect("a test holds that the theme's own strings are sound"));
        }
        if let Some((_, source)) = own.iter().find(|(own, _)| *own == name) {
            match source.text().map(str::parse::<Table>) {
                Some(Ok(mut own)) => {
                    let known = table.clone();
                    keep_shape(&mut own, &known, "", &source.path, source.text().unwrap_or_default(), findings);
                    merge(&mut table, own);
                }
                Some(Err(error)) => {
                    let span = error.span().unwrap_or(0..0);
                    let text = source.text().unwrap_or_default();
                    let rest = text.get(span.start..).unwrap_or_default();
                    findings.push(catalogue::toml_syntax(
                        Place::new(&source.path, Span::new(span)),
                        error.message(),
                        rest.lines().next().unwrap_or_default(),
                        rest,
                    ));
                }
                None => findings.push(catalogue::not_utf8(Place::top(&source.path))),
            }
        }
    }
    if !languages.iter().skip(1).any(|language| known(builtin, own, language)) && base != FALLBACK {
        findings.push(catalogue::untranslated(Place::top(&Arc::from(crate::sources::CONFIG)), language));
    }
    let value = tera::Value::from_serializable(&table);
    let mut strings = Strings { texts: Map::default(), lists: Map::default(), value };
    strings.flatten(&table, "");
    strings
}

/// Whether anybody has written strings in a language.
fn known(builtin: &BTreeMap<&str, &[u8]>, own: &[(&str, &Source)], language: &str) -> bool {
    let name = format!("strings/{language}.toml");
    builtin.contains_key(name.as_str()) || own.iter().any(|(own, _)| *own == name)
}

/// Takes out what has another shape than the theme's own string of that name: a page could not print it.
fn keep_shape(own: &mut Table, known: &Table, path: &str, file: &Arc<str>, text: &str, findings: &mut Vec<Finding>) {
    let mut wrong = Vec::new();
    for (key, value) in own.iter_mut() {
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (known.get(key), value) {
            (Some(Value::Table(known)), Value::Table(own)) => keep_shape(own, known, &name, file, text, findings),
            (Some(known), value) if known.type_str() != value.type_str() => {
                let (wants, example) = if known.is_table() {
                    ("a table of strings", format!("[{name}]"))
                } else {
                    ("text in quotes", format!("{key} = \"…\""))
                };
                let at = text.find(key.as_str()).unwrap_or(0);
                let span = Span::new(at..at + key.len().min(text.len() - at));
                findings.push(catalogue::wrong_type(Place::new(file, span), &name, "something else", wants, &example));
                wrong.push(key.clone());
            }
            _ => {}
        }
    }
    for key in wrong {
        own.remove(&key);
    }
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// The direction a language is written in.
pub fn direction(language: &str) -> &'static str {
    let base = language.split('-').next().unwrap_or(language);
    if RIGHT_TO_LEFT.contains(&base) { "rtl" } else { "ltr" }
}

impl Strings {
    fn flatten(&mut self, table: &Table, path: &str) {
        for (key, value) in table {
            let key = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match value {
                Value::Table(inner) => self.flatten(inner, &key),
                Value::String(text) => {
                    self.texts.insert(key, text.clone());
                }
                Value::Array(items) => {
                    self.lists.insert(key, items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect());
                }
                _ => {}
            }
        }
    }

    /// A string by its dotted key; the key itself where there is none, so that a slip shows on the page and not as a
    /// hole in it.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.maybe(key).unwrap_or(key)
    }

    /// A string, if the language has it.
    pub fn maybe(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The strings under a dotted key as nested objects, for a script.
    pub fn under(&self, key: &str) -> serde_json::Value {
        let mut names: Vec<&String> =
            self.texts.keys().filter(|name| name.starts_with(key) && name[key.len()..].starts_with('.')).collect();
        names.sort_unstable();
        let mut all = serde_json::json!({});
        for name in names {
            let place = name[key.len() + 1..].split('.').fold(&mut all, |table, part| &mut table[part]);
            *place = self.texts[name].as_str().into();
        }
        all
    }

    /// A string with values where it has `{name}`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// The form of a string for a number, with the number where it has `{n}`.
    pub fn count(&self, key: &str, number: usize) -> String {
        let form = format!("{key}.{}", if number == 1 { "one" } else { "other" });
        fill(self.maybe(&form).unwrap_or(key), &[("n", &number.to_string())])
    }

    fn item(&self, key: &str, index: usize) -> &str {
        self.lists.get(key).and_then(|list| list.get(index)).map_or("", String::as_str)
    }

    /// "4 March 2026".
    pub fn date(&self, date: Date) -> String {
        self.dated("dates.day", date)
    }

    /// "Wednesday 4 March 2026".
    pub fn full_date(&self, date: Date) -> String {
        self.dated("dates.full", date)
    }

    /// "March 2026".
    pub fn month(&self, date: Date) -> String {
        self.dated("dates.month", date)
    }

    /// "March".
    pub fn month_name(&self, date: Date) -> &str {
        self.item("dates.months", date.month() as usize - 1)
    }

    fn dated(&self, key: &str, date: Date) -> String {
        fill(
            self.get(key),
            &[
                ("weekday", self.item("dates.weekdays", time::weekday(date))),
                ("day", &date.day().to_string()),
                ("month", self.item("dates.months", date.month() as usize - 1)),
                ("year", &date.year().to_string()),
            ],
        )
    }

    pub fn weekday_short(&self, date: Date) -> String {
        self.item("dates.weekdays_short", time::weekday(date)).to_owned()
    }

    /// The name of a weekday, 0 for Monday.
    pub fn weekday(&self, index: usize) -> &str {
        self.item("dates.weekdays", index)
    }

    pub fn month_short(&self, date: Date) -> String {
        self.item("dates.months_short", date.month() as usize - 1).to_owned()
    }

    /// "13:05" or "1:05 pm", as the language has it.
    pub fn clock(&self, at: Time) -> String {
        let (hour, minute) = (at.hour(), at.minute());
        if self.maybe("dates.clock") == Some("12") {
            let half = self.get(if hour < 12 { "dates.am" } else { "dates.pm" });
            return format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1);
        }
        format!("{hour:02}:{minute:02}")
    }

    /// "13:00–14:30", or "1:00–2:30 pm" where both lie in one half of the day.
    pub fn clocks(&self, from: Time, to: Time) -> String {
        let (start, end) = (self.clock(from), self.clock(to));
        if self.maybe("dates.clock") == Some("12") && (from.hour() < 12) == (to.hour() < 12) {
            let bare = start.rsplit_once(' ').map_or(start.as_str(), |(clock, _)| clock);
            return format!("{bare}–{end}");
        }
        format!("{start}–{end}")
    }

    /// "March 2024 to June 2025".
    pub fn span(&self, from: Option<Date>, to: Option<Date>) -> Option<String> {
        Some(match (from, to) {
            (None, None) => return None,
            (Some(from), Some(to)) if (from.year(), from.month()) == (to.year(), to.month()) => self.month(from),
            (Some(from), Some(to)) => self.say("dates.from_to", &[("from", &self.month(from)), ("to", &self.month(to))]),
            (Some(from), None) => self.say("dates.since", &[("from", &self.month(from))]),
            (None, Some(to)) => self.say("dates.until", &[("to", &self.month(to))]),
        })
    }

    /// "a, b and c".
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.get("say.and")),
        }
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + end];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[start..=start + end]),
        }
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    out
}
