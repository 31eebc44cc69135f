//! Reads a TOML text: its syntax, each slip told once and at its place, then its keys.

use super::{Fields, json, pairs};
use crate::findings::{Finding, Place, Span, catalogue};
use crate::time;
use std::sync::Arc;
use toml::de::DeTable;

/// What came of reading a TOML text.
pub struct Outcome<T> {
    pub value: T,
    pub findings: Vec<Finding>,
    /// The table as its author wrote it, as JSON, without the keys that are nobody else's business.
    pub authored: String,
}

/// Reads a whole TOML text that stands in a file after `offset` bytes. Keys named in `private` (`contact`,
/// `reach.contact`) are left out of what is kept as authored.
pub fn read<T>(file: &Arc<str>, text: &str, offset: usize, private: &[&str], read: impl FnOnce(&mut Fields) -> T) -> Outcome<T> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut findings = Vec::new();
    let mut told: Vec<Span> = Vec::new();
    // Where a table's own line is broken, the keys below it seem to belong elsewhere: nothing useful can be said of them.
    let mut strayed_from = None;
    for error in errors {
        let range = widened(text, error.span().unwrap_or(0..0));
        let (start, line) = line_at(text, range.start);
        let span = Span::new(range.clone()).after(offset);
        // One slip can upset the parser twice on one line; the first complaint is the useful one.
        if told.iter().any(|earlier| line_at(text, earlier.start as usize - offset).0 == start) {
            continue;
        }
        told.push(span);
        if line.trim_start().starts_with('[') {
            strayed_from.get_or_insert(span.start);
        }
        findings.push(match impossible_day(line) {
            Some(Day { key, at, year, month, day }) => {
                let span = Span::new(start + at..start + at + DAY_LENGTH).after(offset);
                catalogue::day_not_in_calendar(Place::new(file, span), key, year, month, day)
            }
            None => catalogue::toml_syntax(Place::new(file, span), error.message(), line, &text[range.start..]),
        });
    }
    let authored = json::of(table.get_ref(), private);
    let mut fields = Fields {
        file: file.clone(),
        offset,
        pairs: pairs(table.into_inner(), offset),
        whole: Span::default(),
        known: Vec::new(),
        outer: Vec::new(),
        described: None,
        strayed_from,
        findings,
    };
    // What a syntax error left of a value must not be reported again as a missing or mistyped key.
    fields
        .pairs
        .retain(|pair| !told.iter().any(|span| span.start >= pair.key_span.start && span.start <= pair.span.end.max(pair.key_span.end)));
    let value = read(&mut fields);
    let findings = fields.finish();
    Outcome { value, findings, authored }
}

/// Where the line of a byte begins, and the line.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    (start, text[start..].lines().next().unwrap_or_default())
}

/// How long a day is as it is written, `2026-03-04`.
const DAY_LENGTH: usize = 10;

struct Day<'t> {
    key: &'t str,
    /// From the line's beginning.
    at: usize,
    year: u16,
    month: u8,
    day: u8,
}

/// A day on a line that reads as one and that the calendar does not have.
fn impossible_day(line: &str) -> Option<Day<'_>> {
    let (key, value) = line.split_once('=')?;
    let at = key.len() + 1 + value.find(|c: char| c.is_ascii_digit())?;
    let written = line.get(at..at + DAY_LENGTH)?;
    let mut parts = written.split('-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if parts.next().is_some() || time::day(year as i16, month as i8, day as i8).is_some() {
        return None;
    }
    Some(Day { key: key.trim(), at, year, month, day })
}

/// An empty range is widened to the character it stands at, so that a caret has something to point to.
fn widened(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = floor(text, range.start.min(text.len()));
    let end = floor(text, range.end.min(text.len())).max(start);
    if start < end {
        return start..end;
    }
    let end = text[start..].chars().next().filter(|c| *c != '\n').map_or(start, |c| start + c.len_utf8());
    start..end
}

fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}
