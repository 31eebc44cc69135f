//! Writes a map as a JSON report of EPPI-Reviewer, from which EPPI-Mapper makes a map.
//!
//! EPPI-Mapper puts a reference into every cell of one of its rows and one of its columns. So a reference that a
//! community placed into some of these cells only stands in all of them there, and one that has only rows, or only
//! columns, in none. EPPI-Mapper has cells for the narrowest rows and columns alone: what stands at a row with others
//! below it is not in its table.

use super::{Axis, EvidenceMap, Item, Reference};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// An attribute that references can have, in the words of EPPI-Reviewer.
const SELECTABLE: &str = "Selectable (show checkbox)";
/// An attribute that only holds others.
const NOT_SELECTABLE: &str = "Not selectable (no checkbox)";

/// What a report says of each reference beside what is known here. EPPI-Mapper takes every one of these for a text that
/// is there.
const UNKNOWN: [&str; 15] = [
    "DateCreated",
    "CreatedBy",
    "DateEdited",
    "EditedBy",
    "Month",
    "StandardNumber",
    "City",
    "Country",
    "Institution",
    "Edition",
    "Availability",
    "Comments",
    "ParentAuthors",
    "Keywords",
    "QuickCitation",
];

/// The report as text. The same map gives the same bytes: numbers are given in the order of rows, columns, segments and
/// references. An id that no item has is left out, and a title that two sides share is told apart by its side.
pub fn write(map: &EvidenceMap) -> String {
    let mut numbers = Numbers::default();
    let titles = titles(map);
    let axes = [&map.rows, &map.columns].into_iter().chain(&map.segments);
    let mut attributes = Vec::new();
    let mut known = Vec::new();
    for (axis, title) in axes.zip(&titles) {
        let number = numbers.next();
        let mut ids = HashMap::new();
        let below: Vec<Value> = axis.items.iter().map(|item| attribute(item, &mut numbers, &mut ids)).collect();
        attributes.push(fields(number, NOT_SELECTABLE, title, "", below));
        known.push(ids);
    }
    let (rows, rest) = known.split_first().expect("a map has rows");
    let (columns, segments) = rest.split_first().expect("a map has columns");
    let references: Vec<Value> =
        map.references.iter().enumerate().map(|(at, reference)| self::reference(at + 1, reference, rows, columns, segments)).collect();
    let report = json!({
        "CodeSets": [{
            "SetName": map.title,
            "ReviewSetId": 1,
            "SetId": 1,
            "SetType": { "SetTypeName": "Standard", "SetTypeDescription": "" },
            "SetDescription": "",
            "Attributes": { "AttributesList": attributes },
        }],
        "References": references,
    });
    format!("{report:#}\n")
}

/// Numbers of attributes.
#[derive(Default)]
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

/// What each side is called: rows and columns are chosen by name in EPPI-Mapper, so no two may have the same.
fn titles(map: &EvidenceMap) -> Vec<String> {
    let sides = ["rows".to_owned(), "columns".to_owned()].into_iter().chain((1..).map(|number| format!("segments {number}")));
    let axes: Vec<&Axis> = [&map.rows, &map.columns].into_iter().chain(&map.segments).collect();
    let mut taken: HashSet<String> = HashSet::new();
    let name = |(axis, side): (&&Axis, String)| {
        let wanted = axis.title.trim();
        let mut title = if wanted.is_empty() { side.clone() } else { wanted.to_owned() };
        while !taken.insert(title.to_lowercase()) {
            title = format!("{title} ({side})");
        }
        title
    };
    axes.iter().zip(sides).map(name).collect()
}

fn attribute<'m>(item: &'m Item, numbers: &mut Numbers, ids: &mut HashMap<&'m str, u32>) -> Value {
    let number = numbers.next();
    ids.entry(&item.id).or_insert(number);
    let below = item.children.iter().map(|child| attribute(child, numbers, ids)).collect();
    fields(number, SELECTABLE, &item.title, &item.definition, below)
}

fn fields(number: u32, kind: &str, name: &str, description: &str, below: Vec<Value>) -> Value {
    let mut fields = json!({
        "AttributeSetId": number,
        "AttributeId": number,
        "OriginalAttributeID": 0,
        "AttributeSetDescription": "",
        "AttributeType": kind,
        "AttributeName": name,
        "AttributeDescription": description,
        "ExtURL": "",
        "ExtType": "",
    });
    // EPPI-Reviewer leaves empty lists out.
    if !below.is_empty() {
        fields["Attributes"] = json!({ "AttributesList": below });
    }
    fields
}

type Ids<'m> = HashMap<&'m str, u32>;

fn reference(number: usize, reference: &Reference, rows: &Ids, columns: &Ids, segments: &[Ids]) -> Value {
    let mut codes: Vec<u32> = Vec::new();
    codes.extend(reference.rows.iter().filter_map(|id| rows.get(id.as_str())));
    codes.extend(reference.columns.iter().filter_map(|id| columns.get(id.as_str())));
    codes.extend(reference.segments.iter().filter_map(|id| segments.iter().find_map(|ids| ids.get(id.as_str()))));
    codes.sort_unstable();
    codes.dedup();
    let code = |number: u32| json!({ "AttributeId": number, "AdditionalText": "", "ArmId": 0, "ArmTitle": "" });
    // What stands between the names stands in none of them.
    let authors: Vec<String> = reference.authors.iter().map(|name| name.replace(';', ",")).collect();
    let mut fields = Map::new();
    fields.insert("ItemId".into(), number.into());
    let known = [
        ("Title", reference.title.clone()),
        ("ParentTitle", reference.part_of.clone()),
        ("ShortTitle", short_title(reference)),
        ("Year", reference.year.clone()),
        ("Publisher", reference.publisher.clone()),
        ("Volume", reference.volume.clone()),
        ("Pages", reference.pages.clone()),
        ("Issue", reference.issue.clone()),
        ("URL", reference.url.clone()),
        ("OldItemId", reference.id.clone()),
        ("Abstract", reference.abstract_text.clone()),
        ("TypeName", reference.kind.clone()),
        ("Authors", authors.join("; ")),
        ("DOI", reference.doi.clone()),
        ("ItemStatus", "I".to_owned()),
        ("ItemStatusTooltip", "Included in review".to_owned()),
    ];
    fields.extend(known.map(|(key, value)| (key.to_owned(), value.into())));
    fields.extend(UNKNOWN.map(|key| (key.to_owned(), "".into())));
    fields.insert("Codes".into(), codes.into_iter().map(code).collect());
    fields.insert("Outcomes".into(), Value::Array(Vec::new()));
    Value::Object(fields)
}

/// What a reference goes by in lists, as EPPI-Reviewer makes it: the first author's last name and the year.
fn short_title(reference: &Reference) -> String {
    let last_name = reference.authors.first().and_then(|name| name.split([' ', ',']).find(|part| !part.is_empty()));
    match (last_name, reference.year.is_empty()) {
        (Some(name), false) => format!("{name} ({})", reference.year),
        (Some(name), true) => name.to_owned(),
        (None, _) => reference.title.clone(),
    }
}
