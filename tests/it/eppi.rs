//! Maps of EPPI-Mapper: what is read from them, what is written for them, and that nothing is lost on the way there and back.

use crate::cli::Desk;
use folkmoot::eppi::{self, Axis, Choice, EvidenceMap, Item, Reference, Report, Unclear};
use folkmoot::findings::show::{self, Notes, Styled};
use folkmoot::findings::{Checked, Severity};
use folkmoot::sources::Source;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;

/// A report as EPPI-Reviewer writes it, and as programs beside it do: numbers as text, fields that nobody knows, lists
/// that are missing.
const REPORT: &str = r#"{
"CodeSets": [
{
  "SetName": "Harbor map",
  "ReviewSetId": 93,
  "SetId": 7,
  "SetType": { "SetTypeName": "Standard", "SetTypeDescription": "" },
  "Attributes": {
    "AttributesList": [
      { "AttributeSetId": 1, "AttributeId": 100, "AttributeType": "Not selectable (no checkbox)", "AttributeName": "Interventions", "Attributes": { "AttributesList": [
        { "AttributeId": 1, "AttributeName": "Retail\t\t", "AttributeDescription": "What shops may do.", "Attributes": { "AttributesList": [
          { "AttributeId": 2, "AttributeName": "Licensing", "AttributeDescription": "", "AttributeSetDescription": "Permits,\rtoo." },
          { "AttributeId": "3", "AttributeName": "Other" } ] } },
        { "AttributeId": 4.0, "AttributeName": "Tax" } ] } },
      { "AttributeId": 200, "AttributeName": "Outcomes", "Attributes": { "AttributesList": [
        { "AttributeId": 5, "AttributeName": "Sales" },
        { "AttributeId": 6, "AttributeName": "Other" } ] } },
      { "AttributeId": 300, "AttributeName": "Quality", "Attributes": { "AttributesList": [
        { "AttributeId": 8, "AttributeName": "Low" },
        { "AttributeId": 9, "AttributeName": "High" } ] } },
      { "AttributeId": 400, "AttributeName": "Region", "Attributes": { "AttributesList": [
        { "AttributeId": 10, "AttributeName": "Coast" } ] } },
      { "AttributeId": 500, "AttributeName": "Remarks" }
    ]
  }
}
],
"References": [
  {
    "ItemId": 34040449, "Title": "Fees *and* [licences]", "ParentTitle": "Harbor Review", "ShortTitle": "Lind (2019)", "Year": "2019",
    "Publisher": "Harbor Press", "Volume": "3", "Pages": "4-9", "Issue": "2", "URL": "https://harbor.example.org/fees",
    "Abstract": "First.\r\r1. Second & <b>third</b>.\r\n- [[Fourth]]", "TypeName": "Journal, Article", "Authors": "Lind A ; Okoro B N; ",
    "DOI": "https://doi.org/10.5555/abc<1> ", "ItemStatus": "I",
    "Codes": [
      { "AttributeId": 2, "AdditionalText": "two counties", "ArmId": 0, "ArmTitle": "" },
      { "AttributeId": 1, "AdditionalText": "", "ArmId": 1, "ArmTitle": "A" },
      { "AttributeId": 1, "AdditionalText": "", "ArmId": 2, "ArmTitle": "B" },
      { "AttributeId": 6, "AdditionalText": "" },
      { "AttributeId": 5, "AdditionalText": "" },
      { "AttributeId": 9 },
      { "AttributeId": 10 },
      { "AttributeId": 777 } ],
    "Outcomes": [ { "OutcomeId": 1 } ]
  },
  { "ItemId": "12", "Title": "", "ShortTitle": "Okoro (2020a)", "Year": "2020a", "URL": "see the library", "Codes": [ { "AttributeId": "4" }, { "AttributeId": 5 } ] },
  { "ItemId": 13, "Title": "Fees *and* [licences]", "Year": 2021, "DOI": "doi:10.5555/XYZ", "Codes": null },
  { "ItemId": 14, "Title": "Gone", "Year": null, "ItemStatus": "D", "Codes": [ { "AttributeId": 4 } ] }
]
}"#;

fn source(text: &str) -> Source {
    Source::of("map.json", text)
}

#[track_caller]
fn read(text: &str) -> Report {
    let Checked { value, findings } = eppi::read(&source(text));
    assert!(findings.is_empty(), "{findings:#?}");
    value.unwrap()
}

fn choice(rows: &str, columns: &str, segments: &[&str]) -> Choice {
    let segments = segments.iter().map(|name| (*name).to_owned()).collect();
    Choice { title: None, rows: Some(rows.into()), columns: Some(columns.into()), segments }
}

/// An axis on one line: names, with those below them in parentheses.
fn outline(axis: &Axis) -> String {
    fn list(items: &[Item]) -> String {
        let one = |item: &Item| match item.children.as_slice() {
            [] => item.title.clone(),
            below => format!("{} ({})", item.title, list(below)),
        };
        items.iter().map(one).collect::<Vec<_>>().join(", ")
    }
    format!("{}: {}", axis.title, list(&axis.items))
}

// Reading.

#[test]
fn a_report_gives_the_map_that_was_chosen() {
    let chosen = read(REPORT).map(&choice("Interventions", "outcomes", &["Quality"])).unwrap();
    let map = &chosen.map;
    assert_eq!(map.title, "Harbor map");
    assert_eq!(outline(&map.rows), "Interventions: Retail (Licensing, Other), Tax");
    assert_eq!(outline(&map.columns), "Outcomes: Sales, Other");
    assert_eq!(outline(&map.segments[0]), "Quality: Low, High");
    assert_eq!(map.rows.items[0].definition, "What shops may do.");
    assert_eq!(map.rows.items[0].children[0].definition, "Permits,\rtoo.", "guidance for this review serves where there is no other");

    let [fees, okoro, again] = map.references.as_slice() else { panic!("{:#?}", map.references) };
    assert_eq!(fees.title, "Fees *and* [licences]");
    assert_eq!(fees.authors, ["Lind A", "Okoro B N"]);
    assert_eq!(
        (fees.rows.clone(), fees.columns.clone()),
        (vec!["1".into(), "2".into()], vec!["5".into(), "6".into()]),
        "in the map's order"
    );
    assert_eq!(fees.segments, ["9"]);
    assert_eq!((fees.doi.as_str(), fees.year.as_str(), fees.id.as_str()), ("10.5555/abc<1>", "2019", "34040449"));
    assert_eq!((okoro.title.as_str(), okoro.year.as_str(), okoro.rows.clone()), ("Okoro (2020a)", "2020a", vec!["4".to_owned()]));
    assert_eq!((again.year.as_str(), again.doi.as_str(), again.rows.len()), ("2021", "10.5555/XYZ", 0));

    let left = &chosen.left;
    assert_eq!(left.codes.iter().map(|group| (group.name.as_str(), group.times)).collect::<Vec<_>>(), [("Region", 1)]);
    assert_eq!((left.nameless, left.gone, left.notes, left.outcomes, left.unplaced), (1, 1, 1, 1, 1));
}

#[test]
fn the_same_is_read_however_it_is_spelled() {
    let plain = read(REPORT);
    let camel =
        REPORT.replace("\"AttributesList\"", "\"attributesList\"").replace("\"Codes\"", "\"codes\"").replace("\"Title\"", "\"title\"");
    for other in [format!("\u{feff}{REPORT}\r\n"), REPORT.replace('\n', "\r\n"), camel, REPORT.replace('\n', "")] {
        let read = read(&other);
        let maps = [&plain, &read].map(|report| report.map(&choice("Interventions", "Outcomes", &["Quality"])).unwrap().map);
        assert_eq!(maps[0], maps[1]);
    }
    // Lists that are missing are empty ones, and half a character is a sign that something is missing.
    let little = read(r#"{ "References": [ { "Title": "A \ud800 b" } ] }"#);
    assert!(little.references[0].reference.title.starts_with("A \u{fffd}"), "{:?}", little.references[0].reference.title);
    assert!(read(r#"{ "CodeSets": null }"#).code_sets.is_empty());
}

/// Everything there is to tell about a file, as people read it.
fn told(text: &str) -> String {
    let source = source(text);
    let findings = eppi::read(&source).findings;
    show::text(&findings, &|path| (path == "map.json").then_some(text), Styled::Plain, Notes::All)
}

#[test]
fn what_is_amiss_is_told_with_its_place() {
    assert_eq!(
        told("{ \"CodeSets\": [],\n  \"References\": [ { \"Title\": \"A\" }\n"),
        "error[not-json]: The file ends here, in the middle of what it says.\n --> map.json:2:35\n  |\n2 |   \"References\": [ { \"Title\": \"A\" }\n  \
         |                                   ^\n  |\n  = help: It was probably not copied whole. Take the file from EPPI-Reviewer once more, as it comes.\n\n1 error in 1 file.\n"
    );
    for (text, says, column) in [
        ("{ \"References\": [ 1, ] }", "A value is wanted here.", 22),
        ("{ \"References\": [ 1 2 ] }", "A comma is wanted here, or a bracket that closes.", 21),
        ("{ \"References\" [] }", "A colon is wanted here, between a name and its value.", 16),
        ("{ References: [] }", "A name in quotes is wanted here.", 3),
        ("{ \"References\": [], }", "A name in quotes is wanted here.", 21),
        ("{ \"References\": [] } []", "The JSON is at its end before this.", 22),
        ("{ \"References\": \"a\tb\" }", "A line break or the like stands within this text in quotes.", 18),
    ] {
        let told = told(text);
        assert!(told.starts_with(&format!("error[not-json]: {says}\n --> map.json:1:{column}\n")), "{told}");
    }
    for other in ["", "Title,Year", "[1, 2", "{ 'a': 1 }", "{ \"a\" 1 }", "{ \"a\": 1 \"b\": 2 }", "{} {}", "{ \"a\": \"b\nc\" }"] {
        assert!(told(other).starts_with("error[not-json]: "), "{other}: {}", told(other));
    }
    assert_eq!(
        told("\n{ \"items\": [] }"),
        "error[not-a-report]: This is neither a JSON report of EPPI-Reviewer nor a map of EPPI-Mapper.\n --> map.json:2:1\n  |\n2 | { \"items\": [] }\n  | ^\n  |\n  \
         = help: A report holds `CodeSets` and `References`; a map is the page that EPPI-Mapper gives to download.\n\n1 error in 1 file.\n"
    );
    for other in ["<html>const csvData = {};</html>", "[]", "12", "\"text\""] {
        assert!(told(other).starts_with("error[not-a-report]: "), "{other}: {}", told(other));
    }
    assert_eq!(
        told("{ \"References\": [\n  { \"Title\": \"A\", \"Codes\": \"12\", \"Year\": [2019] } ] }"),
        "warning[unlike-a-report]: `Year` holds a list here, and is to hold text.\n --> map.json:2:42\n  |\n2 |   { \"Title\": \"A\", \"Codes\": \"12\", \"Year\": [2019] } ] }\n  \
         |                                          ^^^^^^\n  |\n  = help: It is passed over; what else the file says is read.\n\n\
         warning[unlike-a-report]: `Codes` holds text here, and is to hold a list.\n --> map.json:2:28\n  |\n2 |   { \"Title\": \"A\", \"Codes\": \"12\", \"Year\": [2019] } ] }\n  \
         |                            ^^^^\n  |\n  = help: It is passed over; what else the file says is read.\n\n2 warnings in 1 file.\n"
    );
    assert_eq!(
        told(
            "{ \"CodeSets\": [ { \"Attributes\": { \"AttributesList\": [\n  { \"AttributeId\": 5, \"AttributeName\": \"Sales\" },\n  { \"AttributeId\": 5 } ] } } ] }"
        ),
        "warning[attribute-id-taken]: The attribute `5` stands here a second time.\n --> map.json:3:20\n  |\n2 |   { \"AttributeId\": 5, \"AttributeName\": \"Sales\" },\n  \
         |                    - first here\n3 |   { \"AttributeId\": 5 } ] } } ] }\n  |                    ^\n  |\n  \
         = help: References that have it are taken to mean “Sales”.\n\n1 warning in 1 file.\n"
    );
    assert_eq!(
        told("{ \"References\": [ { \"ItemId\": 31 } ] }"),
        "warning[reference-without-title]: This reference has no title, so it is called “Reference 31”.\n --> map.json:1:19\n  |\n\
         1 | { \"References\": [ { \"ItemId\": 31 } ] }\n  |                   ^^^^^^^^^^^^^^^^\n\n1 warning in 1 file.\n"
    );
    let utf16 = eppi::read(&Source::of("map.json", [0xff, 0xfe, b'{', 0]));
    assert_eq!(utf16.findings[0].code, "not-utf8");
}

#[test]
fn codes_without_end_are_no_trouble() {
    let depth = 5_000;
    let open = r#"{ "AttributeId": 1, "Attributes": { "AttributesList": [ "#.repeat(depth);
    let report = format!(r#"{{ "CodeSets": [ {{ "Attributes": {{ "AttributesList": [ {open}{} ] }} }} ] }}"#, "]}}".repeat(depth));
    let read = eppi::read(&source(&report));
    assert!(read.findings.iter().any(|finding| finding.title.contains("no more than 32 levels of codes")), "{:?}", read.findings.last());
}

proptest! {
    /// Whatever a file holds, there is an answer, and what is told stands in the file.
    #[test]
    fn no_bytes_are_too_strange(bytes in damaged()) {
        let source = Source::of("map.json", &bytes);
        let read = eppi::read(&source);
        for finding in &read.findings {
            let at = finding.at.as_ref().unwrap();
            prop_assert!(at.span.start <= at.span.end && at.span.end as usize <= bytes.len(), "{:?}", finding);
        }
        let text = String::from_utf8_lossy(&bytes);
        show::text(&read.findings, &|_| Some(text.as_ref()), Styled::Plain, Notes::All);
        if let Some(report) = read.value {
            let _ = report.map(&Choice::default());
            let _ = report.map(&choice("Interventions", "Outcomes", &["Quality"]));
        }
    }
}

/// A report or a page of which a piece was replaced by something else.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop_oneof![Just(REPORT.to_owned()), Just(page(&PLAIN_CELLS)), Just(page(&LINKED_CELLS))];
    let pieces = prop_oneof![
        "[\\[\\]{}\",:0-9a-z ]{0,6}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..4),
        Just(b"null".to_vec()),
        Just("\u{feff}\"\\ud83d\"".as_bytes().to_vec()),
    ];
    (whole, any::<prop::sample::Index>(), 0..40_usize, pieces).prop_map(|(whole, at, length, piece)| {
        let mut bytes = whole.into_bytes();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece);
        bytes
    })
}

// Published maps.

/// The header cells of a table as EPPI-Mapper 1 writes them. What stands over all rows spans fewer than there are.
const PLAIN_CELLS: [&str; 6] = [
    r#"[{"span":3,"isColumn":true,"id":200,"title":"Outcomes "}]"#,
    r#"[{"span":2,"isColumn":true,"id":20,"title":"Trade\t\t"},{"span":1,"isColumn":true,"id":21,"title":"Health"}]"#,
    r#"[{"span":1,"isColumn":true,"id":5,"title":"Sales"},{"span":1,"isColumn":true,"id":6,"title":"Fines"},{"span":1,"isColumn":true,"id":7,"title":"Smoking"}]"#,
    r#"[{"span":2,"isColumn":false,"id":100,"title":"Interventions"},{"span":2,"isColumn":false,"id":1,"title":"Retail"},{"span":1,"isColumn":false,"id":2,"title":"Licensing"}]"#,
    r#"[{"span":1,"isColumn":false,"id":3,"title":"Age of sale"}]"#,
    r#"[{"span":1,"isColumn":false,"id":30,"title":"Price"},{"span":1,"isColumn":false,"id":4,"title":"Tax"}]"#,
];

/// The same where each cell says what it stands below, and the tree is of uneven depth.
const LINKED_CELLS: [&str; 4] = [
    r#"[{"span":2,"isColumn":true,"id":200,"title":"Outcomes"}]"#,
    r#"[{"span":1,"isColumn":true,"id":5,"parentId":200,"title":"Sales"},{"span":1,"isColumn":true,"id":6,"parentId":200,"title":"Fines"}]"#,
    r#"[{"span":2,"isColumn":false,"id":100,"title":"Interventions"},{"span":1,"isColumn":false,"id":1,"parentId":100,"title":"Retail"},{"span":1,"isColumn":false,"id":2,"parentId":1,"title":"Licensing"}]"#,
    r#"[{"span":1,"isColumn":false,"id":4,"parentId":100,"title":"Tax"}]"#,
];

fn page(cells: &[&str]) -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="en"><head><title>EPPI-Mapper</title></head><body><script>
  const csvData = {{"rows":[{}],"totalColBreadth":3,"totalColDepth":3}};
  const filters = [{{"id":40,"label":"Region","checked":false,"children":[{{"id":10,"label":"Coast","checked":false,"children":[]}}]}}];
  const externalURLedAttributes = [{{"AttributeId":2,"AttributeName":"Interventions - Retail - Licensing","AttributeDescription":"Permits."}},{{"AttributeId":8,"AttributeName":"Quality - Low","AttributeDescription":""}}];
  const segmentAttributes = [{{"attribute":{{"AttributeName":"Low","AttributeId":8}},"color":"#EC1717"}},{{"attribute":{{"AttributeName":"High","AttributeId":9}},"color":"#7DBF0B"}}];
  const referenceData = [{{"ItemId":1,"Title":"Fees; const x = [","Year":"2019","Codes":[{{"AttributeId":2}},{{"AttributeId":6}},{{"AttributeId":9}},{{"AttributeId":10}}]}}];
  const summaryAttribute = "";
</script></body></html>"##,
        cells.join(",")
    )
}

#[test]
fn a_published_map_says_itself_what_stands_where() {
    let chosen = read(&page(&PLAIN_CELLS)).map(&Choice::default()).unwrap();
    assert!(!chosen.guessed);
    let map = &chosen.map;
    assert_eq!(map.title, "Interventions by Outcomes");
    assert_eq!(outline(&map.rows), "Interventions: Retail (Licensing, Age of sale), Price (Tax)");
    assert_eq!(outline(&map.columns), "Outcomes: Trade (Sales, Fines), Health (Smoking)");
    assert_eq!(outline(&map.segments[0]), "Quality: Low, High");
    assert_eq!(map.rows.items[0].children[0].definition, "Permits.");
    let reference = &map.references[0];
    assert_eq!(
        (&reference.rows[..], &reference.columns[..], &reference.segments[..]),
        (&["2".into()][..], &["6".into()][..], &["9".into()][..])
    );
    assert_eq!(chosen.left.codes[0].name, "Region");
    // Filters can be brought as well.
    let with_region = Choice { segments: vec!["region".into()], ..Choice::default() };
    let map = read(&page(&PLAIN_CELLS)).map(&with_region).unwrap().map;
    assert_eq!(map.segments.iter().map(outline).collect::<Vec<_>>(), ["Region: Coast", "Quality: Low, High"]);
}

#[test]
fn a_published_map_may_say_which_cell_stands_below_which() {
    let map = read(&page(&LINKED_CELLS)).map(&Choice::default()).unwrap().map;
    assert_eq!(outline(&map.rows), "Interventions: Retail (Licensing), Tax");
    assert_eq!(outline(&map.columns), "Outcomes: Sales, Fines");
}

// Choosing.

fn sets(sets: &[(&str, &[&str])]) -> Report {
    let mut text = String::from("{ \"CodeSets\": [");
    let mut id = 0;
    for (at, (name, tops)) in sets.iter().enumerate() {
        let mut list = String::new();
        for top in *tops {
            id += 10;
            let comma = if list.is_empty() { "" } else { "," };
            write!(
                list,
                "{comma}{{\"AttributeId\": {id}, \"AttributeName\": \"{top}\", \"Attributes\": {{ \"AttributesList\": [ {{ \"AttributeId\": {}, \"AttributeName\": \"{top} 1\" }} ] }} }}",
                id + 1
            )
            .unwrap();
        }
        let comma = if at == 0 { "" } else { "," };
        write!(text, "{comma}{{ \"SetName\": \"{name}\", \"SetId\": {}, \"Attributes\": {{ \"AttributesList\": [{list}] }} }}", at + 1)
            .unwrap();
    }
    read(&format!("{text}] }}"))
}

#[test]
fn two_things_to_choose_from_need_no_choice() {
    let chosen = sets(&[("Interventions", &["Tax"]), ("Outcomes", &["Sales"])]).map(&Choice::default()).unwrap();
    assert_eq!(
        (outline(&chosen.map.rows), outline(&chosen.map.columns)),
        ("Interventions: Tax (Tax 1)".into(), "Outcomes: Sales (Sales 1)".into())
    );
    assert!(chosen.guessed);
    let chosen = sets(&[("Map", &["Tax", "Sales"])]).map(&Choice::default()).unwrap();
    assert_eq!((outline(&chosen.map.rows), outline(&chosen.map.columns)), ("Tax: Tax 1".into(), "Sales: Sales 1".into()));
    // With one named, the other is clear.
    let columns = Choice { columns: Some("tax".into()), ..Choice::default() };
    let chosen = sets(&[("Map", &["Tax", "Sales"])]).map(&columns).unwrap();
    assert_eq!((outline(&chosen.map.rows), chosen.guessed), ("Sales: Sales 1".into(), false));
    // And a third one named as segments leaves two.
    let segment = Choice { segments: vec!["Tax".into()], ..Choice::default() };
    let chosen = sets(&[("Map", &["Tax", "Sales", "Age"])]).map(&segment).unwrap();
    assert_eq!((outline(&chosen.map.rows), outline(&chosen.map.columns)), ("Sales: Sales 1".into(), "Age: Age 1".into()));
}

#[test]
fn what_is_not_clear_is_asked() {
    let many = sets(&[("Map", &["Tax", "Sales", "Age"])]);
    let Err(Unclear::Which(all)) = many.map(&Choice::default()) else { panic!() };
    assert_eq!(all.iter().map(|candidate| candidate.name.as_str()).collect::<Vec<_>>(), ["Tax", "Sales", "Age"]);
    assert!(matches!(sets(&[("Map", &["Tax"])]).map(&Choice::default()), Err(Unclear::TooFew(_))));
    assert!(matches!(many.map(&choice("Taks", "Sales", &[])), Err(Unclear::Unknown { near: Some(near), .. }) if near == "Tax"));
    assert!(matches!(many.map(&choice("Everything", "Sales", &[])), Err(Unclear::Unknown { near: None, .. })));
    assert!(matches!(many.map(&choice("Map", "Sales", &[])), Err(Unclear::Overlap(..))));
    assert!(matches!(many.map(&choice("Tax", "Sales", &["tax"])), Err(Unclear::Overlap(..))));
    let twice = sets(&[("One", &["Tax", "Age"]), ("Two", &["Tax"])]);
    let Err(Unclear::Several { all, .. }) = twice.map(&choice("Tax", "Age", &[])) else { panic!() };
    assert_eq!(all.iter().map(|candidate| candidate.id.as_str()).collect::<Vec<_>>(), ["10", "30"]);
    assert_eq!(outline(&twice.map(&choice("30", "Age", &[])).unwrap().map.rows), "Tax: Tax 1", "a number tells them apart");
    // A codeset that holds nothing but an attribute of its name stands for that one.
    let same = sets(&[("Tax", &["Tax"]), ("Two", &["Age"])]);
    assert_eq!(outline(&same.map(&choice("Tax", "Age", &[])).unwrap().map.rows), "Tax: Tax 1");
}

// Writing.

/// Ids by the order of an axis, so that maps can be compared whose programs number them differently.
fn by_order(map: &EvidenceMap) -> EvidenceMap {
    fn renumber(items: &mut [Item], ids: &mut HashMap<String, String>) {
        for item in items {
            let number = (ids.len() + 1).to_string();
            ids.insert(std::mem::replace(&mut item.id, number.clone()), number);
            renumber(&mut item.children, ids);
        }
    }
    let mut map = map.clone();
    let [mut rows, mut columns, mut segments] = [(); 3].map(|()| HashMap::new());
    renumber(&mut map.rows.items, &mut rows);
    renumber(&mut map.columns.items, &mut columns);
    map.segments.iter_mut().for_each(|axis| renumber(&mut axis.items, &mut segments));
    for reference in &mut map.references {
        reference.id.clear();
        for (own, ids) in [(&mut reference.rows, &rows), (&mut reference.columns, &columns), (&mut reference.segments, &segments)] {
            *own = own.iter().map(|id| ids[id].clone()).collect();
            own.sort_by_key(|id| id.parse::<usize>().unwrap());
        }
    }
    map
}

fn rewritten(map: &EvidenceMap) -> EvidenceMap {
    let segments: Vec<&str> = map.segments.iter().map(|axis| axis.title.as_str()).collect();
    read(&eppi::write(map)).map(&choice(&map.rows.title, &map.columns.title, &segments)).unwrap().map
}

#[test]
fn what_is_written_is_read_again() {
    let map = read(REPORT).map(&choice("Interventions", "Outcomes", &["Quality", "Region"])).unwrap().map;
    assert_eq!(by_order(&rewritten(&map)), by_order(&map));
    let published = read(&page(&PLAIN_CELLS)).map(&Choice::default()).unwrap().map;
    assert_eq!(by_order(&rewritten(&published)), by_order(&published));
}

#[test]
fn a_written_report_has_the_form_that_eppi_mapper_reads() {
    let item =
        |id: &str, title: &str, children: Vec<Item>| Item { id: id.into(), title: title.into(), definition: String::new(), children };
    let map = EvidenceMap {
        title: "Harbor map".into(),
        rows: Axis { title: "Topics".into(), items: vec![item("retail", "Retail", vec![item("fees", "Fees", Vec::new())])] },
        columns: Axis { title: "topics".into(), items: vec![item("retail", "Sales", Vec::new())] },
        segments: vec![Axis { title: "Kinds".into(), items: vec![item("resource", "Resource", Vec::new())] }],
        references: vec![Reference {
            id: "resources/toolkit".into(),
            title: "Toolkit".into(),
            year: "2019".into(),
            authors: vec!["Lind, Ana".into(), "Harbor; county".into()],
            rows: vec!["fees".into(), "nowhere".into(), "fees".into()],
            columns: vec!["retail".into()],
            segments: vec!["resource".into()],
            ..Reference::default()
        }],
    };
    let text = eppi::write(&map);
    assert_eq!(text, eppi::write(&map.clone()), "the same map gives the same bytes");
    let report: Value = serde_json::from_str(&text).unwrap();
    let set = &report["CodeSets"][0];
    assert_eq!((&set["SetName"], &set["SetId"]), (&"Harbor map".into(), &1.into()));
    let sides = set["Attributes"]["AttributesList"].as_array().unwrap();
    let names: Vec<&str> = sides.iter().map(|side| side["AttributeName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Topics", "topics (columns)", "Kinds"], "sides are chosen by name, so no two have the same");
    assert_eq!(sides[0]["AttributeType"], "Not selectable (no checkbox)");
    let retail = &sides[0]["Attributes"]["AttributesList"][0];
    assert_eq!((&retail["AttributeId"], &retail["AttributeType"]), (&2.into(), &"Selectable (show checkbox)".into()));
    let fees = &retail["Attributes"]["AttributesList"][0];
    assert_eq!(fees["AttributeId"], 3);
    assert!(fees.get("Attributes").is_none(), "empty lists are left out");

    let reference = &report["References"][0];
    let codes: Vec<i64> = reference["Codes"].as_array().unwrap().iter().map(|code| code["AttributeId"].as_i64().unwrap()).collect();
    assert_eq!(codes, [3, 5, 7], "what no side has is left out");
    assert_eq!((&reference["ItemId"], &reference["OldItemId"]), (&1.into(), &"resources/toolkit".into()));
    assert_eq!((&reference["Authors"], &reference["ShortTitle"]), (&"Lind, Ana; Harbor, county".into(), &"Lind (2019)".into()));
    // EPPI-Mapper asks for these without looking whether they are there.
    for key in ["Title", "Abstract", "Authors", "ParentTitle", "Month", "City", "DOI", "Keywords", "DateCreated", "QuickCitation", "URL"] {
        assert!(reference[key].is_string(), "{key}");
    }
    assert_eq!(reference["Outcomes"], Value::Array(Vec::new()));
}

proptest! {
    /// Rows, columns, segments, references and their places survive the way there and back.
    #[test]
    fn nothing_is_lost_on_the_way_there_and_back(map in maps()) {
        prop_assert_eq!(by_order(&rewritten(&map)), by_order(&map));
        prop_assert_eq!(eppi::write(&map), eppi::write(&map));
    }
}

/// A text as people write it, and as nobody does: not empty, and without spaces around it.
fn words() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9<>&\"'\\\\{}\\[\\]#*+\\-é知\u{202e}\u{1f30a};]([ \ta-zé,.:\n\r/]{0,12}[a-z\"0-9])?"
}

fn tree() -> impl Strategy<Value = Vec<Item>> {
    let leaf = (words(), "[a-z .]{0,10}").prop_map(|(title, definition)| Item {
        id: String::new(),
        title,
        definition: definition.trim().into(),
        children: Vec::new(),
    });
    let item = leaf.prop_recursive(3, 12, 3, |inner| {
        (words(), prop::collection::vec(inner, 0..3)).prop_map(|(title, children)| Item { title, children, ..Item::default() })
    });
    prop::collection::vec(item, 1..4)
}

/// Gives every item an id, and tells how many there are.
fn numbered(items: &mut [Item], before: &str, next: &mut usize) {
    for item in items {
        item.id = format!("{before}{next}");
        *next += 1;
        numbered(&mut item.children, before, next);
    }
}

fn maps() -> impl Strategy<Value = EvidenceMap> {
    let reference = (
        (words(), "(|[12][0-9]{3}[a-z]?|in press)", prop::collection::vec("[A-Z][a-z]{1,6}( [A-Z]){0,2}", 0..4)),
        (
            "(|10\\.[0-9]{4}/[a-z<>()0-9]{1,8})",
            "(|https://[a-z]{1,6}\\.example\\.org/[a-z?=&%]{0,6})",
            "(|[a-z<*.][a-z\r\n &;.]{0,30}[a-z.])",
        ),
        (
            prop::collection::vec(any::<prop::sample::Index>(), 0..4),
            prop::collection::vec(any::<prop::sample::Index>(), 0..4),
            prop::collection::vec(any::<prop::sample::Index>(), 0..2),
        ),
    );
    (words(), tree(), tree(), tree(), prop::collection::vec(reference, 0..5)).prop_map(|(title, rows, columns, segments, references)| {
        let axis = |title: &str, mut items: Vec<Item>| {
            let mut count = 0;
            numbered(&mut items, title, &mut count);
            (Axis { title: title.to_owned(), items }, count)
        };
        // Names by which nothing below them is called.
        let ((rows, r), (columns, c), (segment, s)) =
            (axis("The rows", rows), axis("The columns", columns), axis("The segments", segments));
        let some = |picked: Vec<prop::sample::Index>, side: &str, count: usize| -> Vec<String> {
            let mut numbers: Vec<usize> = picked.into_iter().map(|index| index.index(count)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers.into_iter().map(|number| format!("{side}{number}")).collect()
        };
        let references =
            references.into_iter().map(|((title, year, authors), (doi, url, abstract_text), (on_rows, on_columns, on_segments))| {
                Reference {
                    title,
                    year,
                    authors,
                    doi,
                    url,
                    abstract_text,
                    rows: some(on_rows, "The rows", r),
                    columns: some(on_columns, "The columns", c),
                    segments: some(on_segments, "The segments", s),
                    ..Reference::default()
                }
            });
        EvidenceMap { title, references: references.collect(), rows, columns, segments: vec![segment] }
    })
}

// The command.

const SIDES: [&str; 6] = ["--rows", "Interventions", "--columns", "Outcomes", "--segment", "Quality"];

fn with_report() -> Desk {
    let desk = Desk::begun();
    desk.write("map.json", REPORT);
    desk
}

fn import<'a>(file: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    ["import", "eppi", file, "kb"].into_iter().chain(options.iter().copied()).collect()
}

#[test]
fn a_map_becomes_topics_resources_and_a_map() {
    let desk = with_report();
    let before = desk.read("kb/folkmoot.toml");
    let said = desk.run(&import("map.json", &SIDES)).well();
    assert_eq!(
        said,
        "`map.json` has 3 references; the rows are 4 codes of “Interventions”, the columns 2 codes of “Outcomes”.\n\
         Wrote 8 topics into `kb/content/topics/harbor-map`.\n\
         Wrote 3 resources into `kb/content/resources/harbor-map`.\n\
         Added the map `harbor-map` to `kb/folkmoot.toml`.\n\
         What is not as it was:\n  \
         “Quality” is a dimension of topics now, `quality`. Bars are divided by kind, maturity or freshness here, not by topics.\n  \
         Codes of “Region” (1) were left out. `--segment` brings such codes as topics.\n  \
         1 code that the file does not name: left out.\n  \
         1 note beside codes: left out.\n  \
         1 outcome of studies: left out.\n  \
         1 reference that EPPI-Reviewer has as deleted or as a copy: left out.\n  \
         1 reference whose `URL` is no address: without a link.\n  \
         1 reference without a row or without a column: a resource, but in no cell of the map.\n\
         This is the first file in `content/topics/`. From now on, naming one there that has no file is an error; `folkmoot check` lists them.\n\
         This is the first file in `content/resources/`. From now on, naming one there that has no file is an error; `folkmoot check` lists them.\n"
    );
    assert_eq!(
        desk.read("kb/folkmoot.toml"),
        format!(
            "{before}\n[[maps]]\nid = \"harbor-map\"\ntitle = \"Harbor map\"\nrows = {{ topics = \"interventions\" }}\ncolumns = {{ topics = \"outcomes\" }}\n"
        )
    );
    assert_eq!(
        desk.read("kb/content/topics/harbor-map/licensing.md"),
        "+++\ntitle = \"Licensing\"\ndate = 2026-03-04\ndimension = \"interventions\"\nparent = \"retail\"\norder = 1\ndefinition = \"Permits, too.\"\n+++\n"
    );
    // What has one name at several places is called by what it stands below, too.
    for (id, dimension) in [("retail-other", "interventions"), ("outcomes-other", "outcomes")] {
        assert!(desk.read(&format!("kb/content/topics/harbor-map/{id}.md")).contains(&format!("dimension = \"{dimension}\"\n")));
    }
    assert_eq!(
        desk.read("kb/content/resources/harbor-map/fees-and-licences.md"),
        "+++\ntitle = \"Fees *and* [licences]\"\ndate = 2026-03-04\ntopics = [\"retail\", \"licensing\", \"sales\", \"outcomes-other\", \"high\"]\n\
         type = \"Journal, Article\"\nurl = \"https://harbor.example.org/fees\"\npublisher = \"Harbor Press\"\npublished = \"2019\"\n+++\n\n\
         First.\n\n1\\. Second \\& \\<b\\>third\\</b\\>.\n\n\\- \\[\\[Fourth\\]\\]\n\n\
         Lind A; Okoro B N. 2019. Harbor Review 3(2): 4-9. <https://doi.org/10.5555/abc%3C1%3E>\n"
    );
    let again = desk.read("kb/content/resources/harbor-map/fees-and-licences-2021.md");
    assert!(again.contains("url = \"https://doi.org/10.5555/XYZ\"\n") && again.ends_with("+++\n\n2021.\n"), "{again}");

    let checked = desk.run(&["check", "kb"]).well();
    assert!(checked.ends_with("13 entries checked; nothing to mend.\n"), "{checked}");
    desk.run(&["build", "kb"]).well();
    let built = desk.read("kb/public/resources/fees-and-licences/index.html");
    assert!(built.contains("1. Second &amp; &lt;b&gt;third&lt;/b&gt;."), "{built}");
}

#[test]
fn what_is_there_stays_as_it_is() {
    let desk = with_report();
    desk.write("kb/content/topics/levies.md", "+++\ntitle = \"Levies\"\ndate = 2026-01-01\nsynonyms = [\"Tax\"]\n+++\n");
    desk.write("kb/content/topics/harbor-map/low.md", "Ours.\n");
    desk.write("kb/folkmoot.toml", &format!("{}\n[[maps]]\nid = \"harbor-map\"\n", desk.read("kb/folkmoot.toml")));
    let before = desk.files("kb");
    let refused = desk.run(&import("map.json", &SIDES)).with_code(2).err;
    assert_eq!(
        refused,
        "These are there already, so nothing has been written:\n  topic `tax`, in `content/topics/levies.md`\n  \
         topic `low`, in `content/topics/harbor-map/low.md`\n  map `harbor-map`, in `folkmoot.toml`; `--title` gives the new one another name\n"
    );
    assert_eq!(desk.files("kb"), before);
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = with_report();
    let before = desk.files("kb");
    let said = desk.run(&import("map.json", &[&SIDES[..], &["--dry-run", "--title", "Fees"]].concat())).well();
    assert!(said.contains("Would write 8 topics into `kb/content/topics/fees`.\n"), "{said}");
    assert!(said.contains("\n[[maps]]\nid = \"fees\"\ntitle = \"Fees\"\nrows = { topics = \"interventions\" }\n"), "{said}");
    assert_eq!(desk.files("kb"), before);
}

#[test]
fn nothing_is_written_where_mistakes_would_come_of_it() {
    let desk = with_report();
    let undisturbed = |why: &str, code: i32| {
        let before = desk.files("kb");
        let ran = desk.run(&import("map.json", &SIDES)).with_code(code);
        assert_eq!(desk.files("kb"), before, "{why}");
        format!("{}{}", ran.out, ran.err)
    };
    // With the first topic that has a file, every other needs one.
    desk.write("kb/content/practices/visits.md", "+++\ntitle = \"Visits\"\ndate = 2026-01-01\ntopics = [\"inspection\"]\n+++\n");
    let said = undisturbed("a topic would be unknown", 1);
    assert!(said.contains("error[unknown-topic]") && said.contains("content/practices/visits.md:4:"), "{said}");
    assert!(
        said.contains(
            "nothing has been written. Mend them first; undeclared topics get their files by `folkmoot topics --undeclared --draft`."
        ),
        "{said}"
    );
    desk.run(&["topics", "kb", "--undeclared", "--draft"]).well();

    // Settings to which no map can be added.
    let settings = desk.read("kb/folkmoot.toml");
    desk.write("kb/folkmoot.toml", &format!("maps = [{{ id = \"other\" }}]\n{settings}"));
    let said = undisturbed("the maps stand in a list of their own", 1);
    assert!(said.contains("error[toml-syntax]"), "{said}");
    desk.write("kb/folkmoot.toml", &format!("{settings}\nlicence = \"not closed\n"));
    let said = undisturbed("the settings cannot be read", 2);
    assert!(said.starts_with("`folkmoot.toml` has a mistake that keeps it from being read"), "{said}");

    // Other mistakes are no obstacle. Line ends are kept as they are.
    let windows = settings.trim_end().replace('\n', "\r\n");
    desk.write("kb/folkmoot.toml", &windows);
    desk.write("kb/content/pages/rules.md", "+++\ntitle = \"Rules\"\ntopisc = []\n+++\n");
    desk.run(&import("map.json", &SIDES)).well();
    let added = desk.read("kb/folkmoot.toml");
    assert!(added.starts_with(&format!("{windows}\r\n\r\n[[maps]]\r\nid = \"harbor-map\"\r\n")), "{added:?}");
    assert_eq!(desk.run(&["check", "kb"]).with_code(1).out.matches("error[").count(), 1);
}

#[test]
fn what_has_to_be_said_is_listed() {
    let desk = with_report();
    let unclear = desk.run(&import("map.json", &[])).with_code(2);
    assert_eq!(
        unclear.err,
        "It is not clear which codes are the rows and which the columns. There are:\n  \
         “Interventions” in the codeset “Harbor map”: 4 codes, number 100\n  “Outcomes” in the codeset “Harbor map”: 2 codes, number 200\n  \
         “Quality” in the codeset “Harbor map”: 2 codes, number 300\n  “Region” in the codeset “Harbor map”: 1 code, number 400\n\
         Say which, for example: folkmoot import eppi map.json --rows Interventions --columns Outcomes\n"
    );
    let near = desk.run(&import("map.json", &["--rows", "Intervention", "--columns", "Outcomes"])).with_code(2);
    assert_eq!(near.err, "There are no codes `Intervention`. Did you mean `Interventions`?\n");
    let shared = desk.run(&import("map.json", &["--rows", "Retail", "--columns", "interventions"])).with_code(2);
    assert_eq!(shared.err, "“Retail” and “Interventions” share codes, and each code can stand at one side only. Name others.\n");
    let missing = desk.run(&import("nowhere.json", &SIDES)).with_code(2);
    assert!(missing.err.starts_with("`nowhere.json` cannot be read"), "{}", missing.err);
    desk.write("broken.json", &REPORT[..REPORT.len() - 2]);
    let broken = desk.run(&import("broken.json", &SIDES)).with_code(1);
    assert!(broken.out.starts_with("error[not-json]: The file ends here"), "{}", broken.out);
    assert_eq!(broken.err, "Nothing has been written.\n");
}

#[test]
fn a_guess_says_how_to_turn_the_map_round() {
    let desk = Desk::begun();
    desk.write("map.html", &page(&PLAIN_CELLS));
    let said = desk.run(&import("map.html", &["--segment", "Region"])).well();
    assert!(said.contains("the rows are 5 codes of “Interventions”, the columns 5 codes of “Outcomes”.\n"), "{said}");
    assert!(!said.contains("turn the map round"), "a published map says it itself: {said}");
    desk.run(&["check", "kb"]).well();

    let desk = Desk::begun();
    desk.write(
        "two.json",
        &eppi::write(&EvidenceMap { segments: Vec::new(), ..read(REPORT).map(&choice("Interventions", "Outcomes", &[])).unwrap().map }),
    );
    let said = desk.run(&import("two.json", &[])).well();
    assert!(said.contains("To turn the map round: `--rows Outcomes --columns Interventions`.\n"), "{said}");
}

#[test]
fn imported_written_and_imported_again_it_is_the_same() {
    let [first, second] = [Desk::begun(), Desk::begun()];
    first.write("map.json", REPORT);
    first.run(&import("map.json", &SIDES)).well();
    second.write("map.json", &eppi::write(&read(REPORT).map(&choice("Interventions", "Outcomes", &["Quality"])).unwrap().map));
    second.run(&import("map.json", &SIDES)).well();
    let files = |desk: &Desk| -> Vec<(String, String)> {
        let own = desk.path("kb");
        let shown = |(path, bytes): (std::path::PathBuf, Vec<u8>)| {
            (path.strip_prefix(&own).unwrap().display().to_string(), String::from_utf8(bytes).unwrap())
        };
        desk.files("kb").into_iter().map(shown).collect()
    };
    assert_eq!(files(&first), files(&second));
}

#[test]
fn no_text_does_harm() {
    let hostile = [
        "+++",
        "\"\"\"",
        "'''",
        "# Heading",
        "```",
        "~~~",
        "<script>alert(1)</script>",
        "<!-- -->",
        "[[nowhere]]",
        "[a](nowhere.md)",
        "![a](b.png)",
        "[^1]",
        "[a][b]",
        "| a | b |",
        "- [ ] task",
        "1) one",
        "+ plus",
        ": definition",
        "term\r: definition",
        "===",
        "***",
        "&amp; &#60;",
        "a\\",
        "\u{202e}abc",
        "\u{1b}[31m",
        "index",
        "  ",
        "???",
        "javascript:alert(1)",
        "../../../etc",
        "con",
        "知識",
        "e\u{301}",
        "> quote",
        "> [!NOTE]",
        "<a@b.org>",
        "title = \"x\"",
    ];
    let item = |at: usize, text: &str| Item { id: at.to_string(), title: text.into(), definition: text.into(), children: Vec::new() };
    let axis = |title: &str, before: usize| Axis {
        title: title.into(),
        items: hostile.iter().enumerate().map(|(at, text)| item(before + at, text)).collect(),
    };
    let references = hostile.iter().enumerate().map(|(at, text)| Reference {
        title: (*text).into(),
        year: (*text).into(),
        authors: vec![(*text).into()],
        url: (*text).into(),
        doi: format!("10.5555/{}", text.replace(char::is_whitespace, "")),
        abstract_text: format!("{text}\r\n{text} and {text}"),
        kind: (*text).into(),
        publisher: (*text).into(),
        part_of: (*text).into(),
        rows: vec![at.to_string()],
        columns: vec![(100 + at).to_string()],
        ..Reference::default()
    });
    let map = EvidenceMap {
        title: "# [x](y) <b>\"".into(),
        rows: axis("# \"rows\"", 0),
        columns: axis("", 100),
        segments: Vec::new(),
        references: references.collect(),
    };
    let desk = Desk::begun();
    desk.write("map.json", &eppi::write(&map));
    let said = desk.run(&import("map.json", &[])).well();
    assert!(said.contains(&format!("Wrote {} topics", 2 * hostile.len())), "{said}");
    let json = desk.run(&["check", "kb", "--format", "json"]).well();
    let document: Value = serde_json::from_str(&json).unwrap();
    let counts = &document["counts"];
    assert_eq!((&counts["errors"], &counts["warnings"]), (&0.into(), &0.into()), "{json}");
    let codes: Vec<&str> = document["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["no-base-url"], "no text means anything but itself: {json}");
    assert!(desk.files("kb/content").keys().all(|path| path.starts_with(desk.path("kb/content"))));
}

#[test]
fn findings_of_imports_are_of_the_severity_they_say() {
    let worst = |text: &str| eppi::read(&source(text)).findings.iter().map(|finding| finding.severity).min();
    assert_eq!(worst("{ \"References\": [ {} ] }"), Some(Severity::Warning));
    assert_eq!(worst("{"), Some(Severity::Error));
}

/// A map goes out as a report and comes in again: the same rows, columns and placements.
#[test]
fn a_map_of_the_site_can_be_taken_in_again() {
    let desk = Desk::new();
    desk.write(
        "from/folkmoot.toml",
        "title = \"Harbor\"\n[[maps]]\nid = \"main\"\ntitle = \"What we know\"\nrows = { topics = \"area\" }\ncolumns = { topics = \"knowledge\" }\n",
    );
    for (id, dimension, more) in [("retail", "area", ""), ("licences", "area", "parent = \"retail\"\n"), ("cost", "knowledge", "")] {
        let text = format!("+++\ntitle = \"The {id}\"\ndate = 2026-01-01\ndimension = \"{dimension}\"\n{more}+++\n");
        desk.write(&format!("from/content/topics/{id}.md"), &text);
    }
    desk.write(
        "from/content/resources/fees.md",
        "+++\ntitle = \"Table of fees\"\ndate = 2026-02-01\ntopics = [\"licences\", \"cost\"]\nurl = \"https://fees.example.org/\"\n+++\n\nAll of them.\n",
    );
    let out = desk.run(&["gaps", "from", "--map", "main", "--format", "eppi"]).well();
    desk.write("out.json", &out);
    desk.run(&["init", "to", "--title", "Other"]).well();
    desk.run(&["import", "eppi", "out.json", "to", "--rows", "area", "--columns", "knowledge", "--today", "2026-03-04"]).well();
    let there: Value = serde_json::from_str(&desk.run(&["gaps", "to", "--format", "json", "--map", "what-we-know"]).well()).unwrap();
    let standing = |cell: &&Value| cell["n"] == 1 && cell["group"] == false;
    let cells: Vec<&Value> = there["cells"].as_array().unwrap().iter().filter(standing).collect();
    assert_eq!(cells.len(), 1, "{there:#}");
    assert_eq!((cells[0]["row"].as_str(), cells[0]["column"].as_str()), (Some("the-licences"), Some("the-cost")));
}
