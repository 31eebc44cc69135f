//! Reads a report: every value that is not of the form it should have is told and passed over, and the rest is read.

use super::{Attribute, CodeSet, Coded, Reference, Report, Standing, page};
use crate::findings::{Checked, Finding, Place, Span, catalogue};
use crate::sources::Source;
use serde::de::{Deserializer as _, Error, Visitor};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// Codes below codes below codes: more levels than this are no vocabulary of anybody's, and each costs a reading of all
/// that is below it.
pub const DEEPEST: usize = 32;

/// What every DOI begins with (ISO 26324).
const DOI_START: &str = "10.";

/// Reads a JSON report of EPPI-Reviewer, or a map that EPPI-Mapper published as a page. None where it is neither.
pub fn read(source: &Source) -> Checked<Option<Report>> {
    let file = &source.path;
    let text = match std::str::from_utf8(&source.bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            return Checked::new(None, vec![catalogue::not_utf8(Place::new(file, Span::new(at..at)))]);
        }
    };
    let mut json = Json { file, text, findings: Vec::new() };
    let begins = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let report = if begins.starts_with('<') { page::read(&mut json) } else { report(&mut json, text.len() - begins.len()) };
    if let Some(report) = &report {
        tell_same_ids(&mut json, report);
    }
    Checked::new(report, json.findings)
}

fn report(json: &mut Json, start: usize) -> Option<Report> {
    let whole = json.parse(start)?;
    let top = json.fields(whole);
    let (sets, references) = (top.as_ref().and_then(|top| top.get("codesets")), top.as_ref().and_then(|top| top.get("references")));
    if sets.is_none() && references.is_none() {
        let at = Place::new(json.file, Span::new(start..start + 1));
        json.findings.push(catalogue::not_a_report(at));
        return None;
    }
    let code_sets = sets.map(|raw| json.list(raw, "CodeSets")).unwrap_or_default();
    let code_sets = code_sets.into_iter().filter_map(|raw| json.code_set(raw)).collect();
    let references = references.map(|raw| json.references(raw, "References")).unwrap_or_default();
    Some(Report { code_sets, references, stated: None })
}

/// Says where two attributes have one id: a reference that has it could mean either.
fn tell_same_ids(json: &mut Json, report: &Report) {
    fn look<'r>(attributes: &'r [Attribute], first: &mut HashMap<&'r str, &'r Attribute>, told: &mut Vec<(&'r Attribute, &'r Attribute)>) {
        for attribute in attributes {
            match first.get(attribute.id.as_str()) {
                Some(earlier) => told.push((attribute, earlier)),
                None if attribute.id.is_empty() => {}
                None => drop(first.insert(&attribute.id, attribute)),
            }
            look(&attribute.children, first, told);
        }
    }
    // A published map names its attributes in several lists, and means the same ones.
    if report.stated.is_some() {
        return;
    }
    let (mut first, mut told) = (HashMap::new(), Vec::new());
    report.code_sets.iter().for_each(|set| look(&set.attributes, &mut first, &mut told));
    for (attribute, earlier) in told {
        let [at, before] = [attribute.span, earlier.span].map(|span| Place::new(json.file, span));
        json.findings.push(catalogue::attribute_id_taken(at, before, &attribute.id, &earlier.name));
    }
}

/// A text that holds JSON, and what there was to say about it.
pub struct Json<'t> {
    pub file: &'t Arc<str>,
    pub text: &'t str,
    pub findings: Vec<Finding>,
}

/// The values of an object by their keys in lower case: programs beside EPPI-Reviewer spell them in several ways.
pub type Object<'t> = HashMap<String, &'t RawValue>;

impl<'t> Json<'t> {
    /// The value that makes up the whole text from a byte on.
    fn parse(&mut self, start: usize) -> Option<&'t RawValue> {
        match serde_json::from_str(&self.text[start..]) {
            Ok(value) => Some(value),
            Err(error) => {
                self.tell_syntax(start, &error);
                None
            }
        }
    }

    /// The value that begins at a byte, whatever follows it.
    pub fn parse_first(&mut self, start: usize) -> Option<&'t RawValue> {
        match serde_json::Deserializer::from_str(&self.text[start..]).into_iter().next() {
            Some(Ok(value)) => Some(value),
            Some(Err(error)) => {
                self.tell_syntax(start, &error);
                None
            }
            None => None,
        }
    }

    fn tell_syntax(&mut self, start: usize, error: &serde_json::Error) {
        let part = &self.text[start..];
        let line = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        // Where something is missing at the end, the last line that says something shows it best.
        let end = if error.is_eof() { part.trim_end().len() } else { part.len() };
        let mut at = start + (line + error.column().saturating_sub(1)).min(end);
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let end = at + self.text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        self.findings.push(catalogue::not_json(Place::new(self.file, Span::new(at..end)), &error.to_string()));
    }

    /// Where a value stands: it is a piece of the text, so its address tells.
    pub fn place(&self, raw: &RawValue) -> Place {
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        // A long value is shown by how it begins.
        let length = raw.get().find('\n').unwrap_or(raw.get().len());
        Place::new(self.file, Span::new(start..start + length))
    }

    fn tell_unlike(&mut self, raw: &RawValue, key: &str, wants: &str) {
        let finding = catalogue::unlike_a_report(self.place(raw), key, what(raw), wants);
        self.findings.push(finding);
    }

    /// The fields of an object; none where it is something else, and nobody is told.
    pub fn fields(&self, raw: &'t RawValue) -> Option<Object<'t>> {
        let fields: HashMap<String, &RawValue> = serde_json::from_str(raw.get()).ok()?;
        Some(fields.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect())
    }

    pub fn object(&mut self, raw: &'t RawValue, key: &str) -> Option<Object<'t>> {
        let fields = self.fields(raw);
        if fields.is_none() {
            self.tell_unlike(raw, key, "an object");
        }
        fields
    }

    /// The items of a list. `null` is an empty one.
    pub fn list(&mut self, raw: &'t RawValue, key: &str) -> Vec<&'t RawValue> {
        match serde_json::from_str(raw.get()) {
            Ok(items) => items,
            Err(_) if raw.get() == "null" => Vec::new(),
            Err(_) => {
                self.tell_unlike(raw, key, "a list");
                Vec::new()
            }
        }
    }

    /// A text without the spaces around it; also a number, as text. Empty where the key is missing or `null`.
    pub fn text(&mut self, object: &Object<'t>, key: &str) -> String {
        let Some(raw) = object.get(key.to_ascii_lowercase().as_str()).copied() else { return String::new() };
        match raw.get().as_bytes().first() {
            Some(b'"') => string(raw.get()).trim().to_owned(),
            Some(b'{' | b'[') => {
                self.tell_unlike(raw, key, "text");
                String::new()
            }
            Some(b'n') => String::new(),
            _ => raw.get().to_owned(),
        }
    }

    /// A number that stands for something, however it is written: `12`, `"12"` and `12.0` are one.
    pub fn id(&mut self, object: &Object<'t>, key: &str) -> String {
        let text = self.text(object, key);
        match text.strip_suffix(".0") {
            Some(whole) if whole.parse::<i64>().is_ok() => whole.to_owned(),
            _ => text,
        }
    }

    fn code_set(&mut self, raw: &'t RawValue) -> Option<CodeSet> {
        let fields = self.object(raw, "CodeSets")?;
        let attributes = self.below(&fields, 0);
        Some(CodeSet { id: self.id(&fields, "SetId"), name: self.text(&fields, "SetName"), attributes })
    }

    /// The attributes of a codeset or below an attribute: a list within an object, or the list itself.
    fn below(&mut self, fields: &Object<'t>, depth: usize) -> Vec<Attribute> {
        let Some(raw) = fields.get("attributes").copied() else { return Vec::new() };
        if depth > DEEPEST {
            self.tell_unlike(raw, "Attributes", &format!("no more than {DEEPEST} levels of codes"));
            return Vec::new();
        }
        let list = match self.fields(raw) {
            Some(inner) => match inner.get("attributeslist") {
                Some(list) => list,
                None => return Vec::new(),
            },
            None => raw,
        };
        let items = self.list(list, "AttributesList");
        items.into_iter().filter_map(|raw| self.attribute(raw, depth + 1)).collect()
    }

    fn attribute(&mut self, raw: &'t RawValue, depth: usize) -> Option<Attribute> {
        let fields = self.object(raw, "AttributesList")?;
        // What a code means is said in one of two places: for all reviews, or for this one.
        let [general, here] = ["AttributeDescription", "AttributeSetDescription"].map(|key| self.text(&fields, key));
        Some(Attribute {
            id: self.id(&fields, "AttributeId"),
            name: self.text(&fields, "AttributeName"),
            description: if general.is_empty() { here } else { general },
            children: self.below(&fields, depth),
            span: self.place(fields.get("attributeid").copied().unwrap_or(raw)).span,
        })
    }

    pub fn references(&mut self, raw: &'t RawValue, key: &str) -> Vec<Coded> {
        let items = self.list(raw, key);
        items.into_iter().filter_map(|raw| self.reference(raw, key)).collect()
    }

    fn reference(&mut self, raw: &'t RawValue, key: &str) -> Option<Coded> {
        let fields = self.object(raw, key)?;
        let mut text = |key: &str| self.text(&fields, key);
        let authors = text("Authors").split(';').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        let (title, short) = (text("Title"), text("ShortTitle"));
        let standing = match text("ItemStatus").as_str() {
            "D" | "S" => Standing::Gone,
            _ => Standing::Kept,
        };
        let mut reference = Reference {
            year: Some(text("Year")).filter(|year| year != "0").unwrap_or_default(),
            title: if title.is_empty() { short } else { title },
            authors,
            url: text("URL"),
            doi: doi(&text("DOI")).unwrap_or_default(),
            abstract_text: text("Abstract"),
            kind: text("TypeName"),
            publisher: text("Publisher"),
            part_of: text("ParentTitle"),
            volume: text("Volume"),
            issue: text("Issue"),
            pages: text("Pages"),
            ..Reference::default()
        };
        reference.id = self.id(&fields, "ItemId");
        if reference.title.is_empty() {
            reference.title = format!("Reference {}", reference.id).trim().to_owned();
            let finding = catalogue::reference_without_title(self.place(raw), &reference.title);
            self.findings.push(finding);
        }
        let (codes, notes) = self.codes(&fields);
        let outcomes = fields.get("outcomes").map_or(0, |raw| self.list(raw, "Outcomes").len());
        Some(Coded { reference, codes, standing, notes, outcomes })
    }

    /// The codes of a reference, each once, and how many of them have a note.
    fn codes(&mut self, reference: &Object<'t>) -> (Vec<String>, usize) {
        let Some(raw) = reference.get("codes").copied() else { return (Vec::new(), 0) };
        let (mut codes, mut notes, mut known) = (Vec::new(), 0, HashSet::new());
        for raw in self.list(raw, "Codes") {
            let Some(fields) = self.object(raw, "Codes") else { continue };
            let id = self.id(&fields, "AttributeId");
            notes += usize::from(!self.text(&fields, "AdditionalText").is_empty());
            // One code can be given several times: for each arm of a study.
            if !id.is_empty() && known.insert(id.clone()) {
                codes.push(id);
            }
        }
        (codes, notes)
    }
}

/// What a value is, for people.
fn what(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "text",
        Some(b't' | b'f') => "`true` or `false`",
        Some(b'n') => "nothing",
        _ => "a number",
    }
}

/// The text in quotes. Halves of characters, as some programs write them, become a sign that something is missing.
fn string(quoted: &str) -> String {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("text")
        }
        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
    let lossy = |_| serde_json::Deserializer::from_str(quoted).deserialize_bytes(Bytes).unwrap_or_default();
    serde_json::from_str(quoted).unwrap_or_else(lossy)
}

/// A DOI without the address or the word that stands before it; none where it is none.
fn doi(written: &str) -> Option<String> {
    let low = written.to_ascii_lowercase();
    let before = ["https://", "http://", "dx.doi.org/", "doi.org/", "www.doi.org/", "doi:", " "];
    let mut start = 0;
    while let Some(prefix) = before.iter().find(|prefix| low[start..].starts_with(**prefix)) {
        start += prefix.len();
    }
    let doi = &written[start..];
    (doi.starts_with(DOI_START) && doi.contains('/') && !doi.contains(char::is_whitespace)).then(|| doi.to_owned())
}
