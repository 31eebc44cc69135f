//! Findings as a SARIF log, which editors and code hosts read.

use super::lines::Files;
use super::{Finding, Place, Texts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const VERSION: &str = "2.1.0";

/// The name under which a log says where its paths begin (section 3.14.14). It says so in words, not with an address:
/// that would be one of the machine, and the log another on each.
const BASE: &str = "SRCROOT";
const BASE_IS: &str = "The folder the command ran in; the one that holds `folkmoot.toml` where that does not lie below it.";

/// What must be escaped in an address: all but the unreserved characters (RFC 3986, section 2.3) and the slash. A colon
/// in a first folder's name would else make a scheme of it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// All findings as one SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format") with one run, in the order
/// given.
///
/// Rules are the codes that occur, sorted. A message is what is, then what to do, each on a line of its own. The words
/// beside the caret are the message of the location; other places are related locations. A finding about no file has no
/// location. Files are named by `way`, the names of folders with a slash after each that lead to the knowledge base, and
/// their path in it.
///
/// Lines and columns are those of [`json`](super::json): from 1, in Unicode characters (`columnKind` says so), the end
/// after the last one, a byte-order mark counting for nothing. That is how section 3.30 counts them.
pub fn sarif<'t>(findings: &[Finding], texts: Texts<'_, 't>, way: &str) -> String {
    let mut files = Files::new(texts);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect::<BTreeSet<_>>().into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code, "shortDescription": message(&readable(code)) })).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &codes, &mut files, way)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [{
            "tool": { "driver": driver(rules) },
            "originalUriBaseIds": { BASE: { "description": message(BASE_IS) } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("texts and numbers can be written as JSON");
    text.push('\n');
    text
}

fn driver(rules: Vec<Value>) -> Value {
    let mut driver = json!({ "name": "Folkmoot", "version": env!("CARGO_PKG_VERSION") });
    // Both are empty until the package names them.
    let homes = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    if let Some(home) = homes.into_iter().find(|home| !home.is_empty()) {
        driver["informationUri"] = home.into();
    }
    driver["rules"] = rules.into();
    driver
}

fn result(finding: &Finding, codes: &[&str], files: &mut Files, way: &str) -> Value {
    let said: Vec<&str> = [&finding.title].into_iter().chain(&finding.help).map(String::as_str).collect();
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.binary_search(&finding.code).expect("the codes are those of all findings, sorted"),
        // The words for severities are SARIF's words for levels.
        "level": finding.severity.word(),
        "message": message(&said.join("\n")),
    });
    if let Some(at) = &finding.at {
        result["locations"] = json!([location(at, &finding.label, files, way)]);
    }
    if !finding.also.is_empty() {
        let related: Vec<Value> = finding.also.iter().map(|(place, label)| location(place, label, files, way)).collect();
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(at: &Place, label: &str, files: &mut Files, way: &str) -> Value {
    let (start, end) = files.extent(at);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {
                "uri": utf8_percent_encode(&format!("{way}{}", at.file), ESCAPED).to_string(),
                "uriBaseId": BASE,
            },
            "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
        },
    });
    if !label.is_empty() {
        location["message"] = message(label);
    }
    location
}

/// A message that means its text as it stands: braces are doubled, since single ones hold a place for something else
/// (section 3.11.5), and what an author wrote makes no link (section 3.11.6).
fn message(text: &str) -> Value {
    let mut plain = String::with_capacity(text.len());
    let mut after_backslash = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == ']' && !after_backslash && rest.peek() == Some(&'(') {
            plain.push('\\');
        }
        plain.push(c);
        if matches!(c, '{' | '}') {
            plain.push(c);
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    json!({ "text": plain })
}

/// A code in words: `unknown-topic` is "Unknown topic".
fn readable(code: &str) -> String {
    let words = code.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
