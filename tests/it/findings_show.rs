//! Findings as they are read: the whole text with its caret, and the documents for programs.

use folkmoot::findings::show::{Notes, Styled, github, json, sarif, text};
use folkmoot::findings::{Finding, Place, Severity, Span, catalogue};
use folkmoot::kinds::Kind;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::Arc;

const FILE: &str = "content/practices/retail-licensing.md";

/// The place of some words in a text.
fn place(file: &str, text: &str, words: &str) -> Place {
    let start = text.find(words).expect("the words stand in the text");
    Place::new(&Arc::from(file), Span::new(start..start + words.len()))
}

fn at(start: u32, end: u32) -> Place {
    Place::new(&Arc::from(FILE), Span { start, end })
}

fn finding(severity: Severity, at: Option<Place>) -> Finding {
    Finding { code: "wanted-entry", severity, title: "Something is so.".into(), at, label: String::new(), also: vec![], help: vec![] }
}

/// Findings about one text, as plain text.
fn told(source: &str, findings: &[Finding]) -> String {
    text(findings, &|file| (file == FILE).then_some(source), Styled::Plain, Notes::Gathered)
}

fn document(source: &str, findings: &[Finding]) -> Value {
    serde_json::from_str(&json(findings, &|file| (file == FILE).then_some(source))).expect("it is JSON")
}

#[test]
fn a_finding_shows_its_line_with_a_caret_and_what_to_type() {
    let source = "+++\ntitle = \"Retail licensing\"\ntopics = [\"vapin\"]\n+++\n";
    let finding = catalogue::unknown_reference(place(FILE, source, "\"vapin\""), Kind::Topic, "vapin", Some("vaping"));
    assert_eq!(
        told(source, &[finding]),
        "\
error[unknown-topic]: There is no topic `vapin`.
 --> content/practices/retail-licensing.md:3:11
  |
3 | topics = [\"vapin\"]
  |           ^^^^^^^
  |
  = help: Did you mean `vaping`?

1 error in 1 file.
"
    );
}

#[test]
fn two_places_close_to_each_other_are_shown_as_one_piece() {
    let source = "## Steps {#steps}\n\nText.\n\n## More {#steps}\n";
    let first = place(FILE, source, "#steps");
    let second = Place::new(&first.file, Span::new(source.rfind("#steps").unwrap()..source.len() - 2));
    assert_eq!(
        told(source, &[catalogue::anchor_taken(second, "steps", first)]),
        "\
error[anchor-taken]: Two places in this text have the id `steps`.
 --> content/practices/retail-licensing.md:5:10
  |
1 | ## Steps {#steps}
  |           ------ the first one
...
5 | ## More {#steps}
  |          ^^^^^^
  |
  = help: Give one of them another id.

1 error in 1 file.
"
    );
}

#[test]
fn a_place_in_another_file_is_shown_after_it() {
    let other = "content/practices/other.md";
    let (source, others) = ("+++\nid = \"retail\"\n+++\n", "+++\ntitle = \"Retail\"\nid = \"retail\"\n+++\n");
    let finding = catalogue::id_taken(place(FILE, source, "\"retail\""), Kind::Practice, "retail", place(other, others, "\"retail\""));
    let shown = text(&[finding], &|file| Some(if file == FILE { source } else { others }), Styled::Plain, Notes::Gathered);
    assert_eq!(
        shown,
        "\
error[id-taken]: Two entries in `practices/` have the id `retail`.
 --> content/practices/retail-licensing.md:2:6
  |
2 | id = \"retail\"
  |      ^^^^^^^^
  |
 ::: content/practices/other.md:3:6
  |
3 | id = \"retail\"
  |      ^^^^^^^^ the other one
  |
  = help: Rename one of the two files, or give it an `id` of its own.

1 error in 1 file.
"
    );
}

#[test]
fn a_finding_about_no_file_has_no_place() {
    let finding = finding(Severity::Warning, None);
    assert_eq!(told("", &[finding]), "warning[wanted-entry]: Something is so.\n\n1 warning.\n");
}

#[test]
fn a_file_that_is_no_text_is_named_and_not_shown() {
    let finding = finding(Severity::Error, Some(Place::top(&Arc::from("static/picture.png"))));
    assert_eq!(told("", &[finding]), "error[wanted-entry]: Something is so.\n--> static/picture.png:1:1\n\n1 error in 1 file.\n");
}

#[test]
fn many_notes_that_say_the_same_are_gathered() {
    let source: String = (1..=9).map(|n| format!("name-{n}\n")).collect();
    let notes: Vec<Finding> = (0..9)
        .map(|n| catalogue::undeclared_reference(at(n * 7, n * 7 + 6), Kind::Person, &format!("name-{}", n + 1), None))
        .chain([catalogue::empty_link(at(0, 6))])
        .collect();
    assert_eq!(
        told(&source, &notes),
        "\
note[unknown-person]: `name-1` has no file in `content/people/`; the name is used as it stands.
 --> content/practices/retail-licensing.md:1:1
  |
1 | name-1
  | ^^^^^^
  |
  = help: To say more about it, run `folkmoot new person \"Name 1\"`.
  The same is true in 8 more places:
    content/practices/retail-licensing.md:2:1  name-2
    content/practices/retail-licensing.md:3:1  name-3
    content/practices/retail-licensing.md:4:1  name-4
    content/practices/retail-licensing.md:5:1  name-5
    content/practices/retail-licensing.md:6:1  name-6
    and 3 more; `folkmoot check --notes` shows them all

warning[empty-link]: This link leads nowhere, so its text stands without a link.
 --> content/practices/retail-licensing.md:1:1
  |
1 | name-1
  | ^^^^^^
  |
  = help: Write the address between the round brackets, or take the brackets away.

1 warning and 9 notes in 1 file.
"
    );
    let all = text(&notes, &|_| Some(&source), Styled::Plain, Notes::All);
    assert_eq!(all.matches("note[unknown-person]").count(), 9);
    // Errors and warnings are never gathered, and neither are three notes.
    assert_eq!(told(&source, &notes[..3]).matches("note[unknown-person]").count(), 3);
    let errors: Vec<Finding> = (0..9).map(|_| finding(Severity::Error, Some(at(0, 1)))).collect();
    assert_eq!(told(&source, &errors).matches("error[").count(), 9);
}

#[test]
fn the_last_line_counts() {
    let several = [Severity::Error, Severity::Error, Severity::Warning, Severity::Note].map(|severity| finding(severity, Some(at(0, 0))));
    assert!(told("text", &several).ends_with("\n2 errors, 1 warning and 1 note in 1 file.\n"));
    assert_eq!(told("text", &[]), "");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_count_for_nothing() {
    let source = "\u{feff}+++\r\ntitle = \"Wörter\"\r\nköy = 1\r\n";
    for (words, line, column) in [("+++", 1, 1), ("\"Wörter\"", 2, 9), ("1", 3, 7)] {
        let findings = [finding(Severity::Error, Some(place(FILE, source, words)))];
        let told = told(source, &findings);
        assert!(told.contains(&format!("{FILE}:{line}:{column}\n")), "{told}");
        assert!(!told.contains(['\r', '\u{feff}']));
        let document = document(source, &findings);
        assert_eq!((document["findings"][0]["line"].as_u64(), document["findings"][0]["column"].as_u64()), (Some(line), Some(column)));
    }
}

#[test]
fn the_empty_line_at_the_end_can_be_pointed_at() {
    let source = "one\ntwo\n";
    let mut last = finding(Severity::Error, Some(at(8, 8)));
    last.also = vec![(at(4, 7), "here".into())];
    assert!(told(source, &[last]).contains(&format!("--> {FILE}:3:1\n")));
}

#[test]
fn nothing_an_author_wrote_moves_the_terminal() {
    let source = "a \u{1b}[2J b \u{9b}2J \u{202e}c\n";
    let place = Place::new(&Arc::from("content/\u{1b}]0;x.md"), Span::new(0..1));
    let mut bad = finding(Severity::Error, Some(at(0, 1)));
    bad.title = "A \u{1b}[31m title \u{9b}31m \u{202e}.".into();
    bad.label = "a \u{1b}c label".into();
    bad.help = vec!["Some \u{7}help".into()];
    bad.also = vec![(place, "\u{1b}[1m".into())];
    let shown = text(&[bad], &|_| Some(source), Styled::Plain, Notes::All);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    assert!(!shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn a_very_long_line_is_named_and_not_laid_out() {
    let source = format!("{}\n", "word ".repeat(200_000));
    let many: Vec<Finding> = (0..200).map(|n| finding(Severity::Error, Some(at(n * 5, n * 5 + 4)))).collect();
    let told = told(&source, &many);
    assert!(told.contains(&format!("--> {FILE}:1:496\n")), "{}", &told[..400]);
    assert!(told.len() < 40_000);
}

#[test]
fn the_document_has_its_shape() {
    let source = "one\ntwo “three”\n";
    let mut error = finding(Severity::Error, Some(place(FILE, source, "“three”")));
    error.help = vec!["Do this.".into()];
    error.label = "here".into();
    error.also = vec![(place(FILE, source, "one"), "there".into())];
    assert_eq!(
        document(source, &[error, finding(Severity::Note, None)]),
        serde_json::json!({
            "version": 1,
            "findings": [
                {
                    "code": "wanted-entry", "severity": "error", "message": "Something is so.",
                    "file": FILE, "line": 2, "column": 5, "end_line": 2, "end_column": 12,
                    "label": "here", "help": ["Do this."],
                    "also": [{ "file": FILE, "line": 1, "column": 1, "label": "there" }],
                },
                { "code": "wanted-entry", "severity": "note", "message": "Something is so.", "label": "", "help": [], "also": [] },
            ],
            "counts": { "errors": 1, "warnings": 0, "notes": 1, "files": 1 },
        })
    );
}

// For other programs: a SARIF log, and workflow commands.

const OTHER: &str = "content/topics/50%, off: ü.md";

/// Two files with every kind of finding: signs outside ASCII, several lines, other places, and none at all.
fn several() -> ([(&'static str, &'static str); 2], Vec<Finding>) {
    let (source, other) = ("one\ntwo “three” four\n", "\u{feff}# Ünï\n日本 five\r\nsix\n");
    let mut error = finding(Severity::Error, Some(place(FILE, source, "“three”")));
    error.label = "here".into();
    error.also = vec![(place(OTHER, other, "five"), "there".into()), (place(FILE, source, "one"), String::new())];
    error.help = vec!["Do this.".into(), "Or that.".into()];
    let mut warning = finding(Severity::Warning, Some(place(OTHER, other, "本 five\r\nsi")));
    warning.code = "broken-link";
    let nowhere = Finding { code: "no-base-url", ..finding(Severity::Note, None) };
    ([(FILE, source), (OTHER, other)], vec![error, warning, nowhere, finding(Severity::Note, Some(at(3, 3)))])
}

/// The text of a file among a few.
fn among<'t>(files: &'t [(&str, &'t str)]) -> impl Fn(&str) -> Option<&'t str> {
    |file| files.iter().find(|(name, _)| *name == file).map(|(_, text)| *text)
}

#[test]
fn workflow_commands_are_one_a_line() {
    let (files, findings) = several();
    assert_eq!(
        github(&findings, &among(&files), ""),
        "\
::error file=content/practices/retail-licensing.md,line=2,col=5,endLine=2,endColumn=12,title=wanted-entry::Something is so.%0A\
content/topics/50%25, off: ü.md:2:4: there%0Acontent/practices/retail-licensing.md:1:1%0ADo this.%0AOr that.
::warning file=content/topics/50%25%2C off%3A ü.md,line=2,endLine=3,title=broken-link::Something is so.
::notice title=no-base-url::Something is so.
::notice file=content/practices/retail-licensing.md,line=1,col=4,endLine=1,endColumn=4,title=wanted-entry::Something is so.
"
    );
    assert_eq!(github(&[], &among(&files), ""), "");
}

#[test]
fn a_sarif_log_has_its_shape() {
    let (files, findings) = several();
    let log = sarif(&findings, &among(&files), "our docs/");
    let at = |file: &str, region: [u32; 4]| {
        let [start_line, start_column, end_line, end_column] = region;
        serde_json::json!({
            "artifactLocation": { "uri": file, "uriBaseId": "SRCROOT" },
            "region": { "startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column },
        })
    };
    let file = "our%20docs/content/practices/retail-licensing.md";
    let other = "our%20docs/content/topics/50%25%2C%20off%3A%20%C3%BC.md";
    assert_eq!(
        serde_json::from_str::<Value>(&log).unwrap(),
        serde_json::json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "Folkmoot",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": [
                        { "id": "broken-link", "shortDescription": { "text": "Broken link" } },
                        { "id": "no-base-url", "shortDescription": { "text": "No base url" } },
                        { "id": "wanted-entry", "shortDescription": { "text": "Wanted entry" } },
                    ],
                } },
                "originalUriBaseIds": { "SRCROOT": { "description": { "text":
                    "The folder the command ran in; the one that holds `folkmoot.toml` where that does not lie below it." } } },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "wanted-entry", "ruleIndex": 2, "level": "error",
                        "message": { "text": "Something is so.\nDo this.\nOr that." },
                        "locations": [{ "physicalLocation": at(file, [2, 5, 2, 12]), "message": { "text": "here" } }],
                        "relatedLocations": [
                            { "physicalLocation": at(other, [2, 4, 2, 8]), "message": { "text": "there" } },
                            { "physicalLocation": at(file, [1, 1, 1, 4]) },
                        ],
                    },
                    {
                        "ruleId": "broken-link", "ruleIndex": 0, "level": "warning",
                        "message": { "text": "Something is so." },
                        "locations": [{ "physicalLocation": at(other, [2, 2, 3, 3]) }],
                    },
                    { "ruleId": "no-base-url", "ruleIndex": 1, "level": "note", "message": { "text": "Something is so." } },
                    {
                        "ruleId": "wanted-entry", "ruleIndex": 2, "level": "note",
                        "message": { "text": "Something is so." },
                        "locations": [{ "physicalLocation": at(file, [1, 4, 1, 4]) }],
                    },
                ],
            }],
        })
    );
    assert_eq!(log, sarif(&findings, &among(&files), "our docs/"), "the same findings give the same bytes");
}

#[test]
fn nothing_an_author_wrote_becomes_a_workflow_command() {
    let hostile = "a\n::error file=x,line=1::b\r\n::stop-commands::c 100%, d: %0A \u{1b}[31m\u{85}\u{202e}##[group]e";
    let mut bad = finding(Severity::Error, Some(Place::new(&Arc::from(hostile), Span::default())));
    bad.title = hostile.into();
    bad.help = vec![hostile.into()];
    bad.also = vec![(bad.at.clone().unwrap(), hostile.into())];
    let property = "a%0A%3A%3Aerror file=x%2Cline=1%3A%3Ab%0D%0A%3A%3Astop-commands%3A%3Ac 100%25%2C d%3A %250A \u{fffd}[31m\u{fffd}\u{fffd}##[group]e";
    let message = "a%0A::error file=x,line=1::b%0D%0A::stop-commands::c 100%25, d: %250A \u{fffd}[31m\u{fffd}\u{fffd}##[group]e";
    assert_eq!(
        github(&[bad], &|_| None, ""),
        format!(
            "::error file={property},line=1,col=1,endLine=1,endColumn=1,title=wanted-entry::\
             {message}%0A{message}:1:1: {message}%0A{message}\n"
        )
    );
}

#[test]
fn a_sarif_message_means_its_text_as_it_stands() {
    for (text, written) in [
        ("Give `{#steps}` another id, {0}.", "Give `{{#steps}}` another id, {{0}}."),
        ("There is no file at `[x](https://example.org)`.", "There is no file at `[x\\](https://example.org)`."),
        ("an end ]( that is no link\\](1) \\\\](2)", "an end \\]( that is no link\\](1) \\\\\\](2)"),
        ("[brackets], (parentheses) and ::error%0A stay", "[brackets], (parentheses) and ::error%0A stay"),
    ] {
        let mut finding = finding(Severity::Error, Some(at(0, 0)));
        finding.title = text.into();
        finding.label = text.into();
        let log: Value = serde_json::from_str(&sarif(&[finding], &|_| None, "")).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!((&result["message"]["text"], &result["locations"][0]["message"]["text"]), (&written.into(), &written.into()));
    }
}

#[test]
fn a_folder_with_a_colon_is_no_scheme() {
    let log = sarif(&[finding(Severity::Error, Some(at(0, 0)))], &|_| None, "c:/ä/");
    assert!(log.contains("\"uri\": \"c%3A/%C3%A4/content/practices/retail-licensing.md\""), "{log}");
}

proptest! {
    /// A place may have been made for another state of the file: it is shown as near as can be.
    #[test]
    fn any_place_in_any_text_is_shown(
        source in "(\u{feff})?[a-zé\u{301}“日\t\r\n\u{0}\u{1b} ]{0,60}",
        start in 0u32..90,
        end in 0u32..90,
        also in prop::option::of((0u32..90, 0u32..90)),
    ) {
        let mut one = finding(Severity::Error, Some(at(start, end)));
        one.also = also.into_iter().map(|(start, end)| (at(start, end), "also".to_owned())).collect();
        let findings = [one, finding(Severity::Note, Some(at(end, u32::MAX)))];
        let told = told(&source, &findings);
        let document = document(&source, &findings);
        for finding in document["findings"].as_array().unwrap() {
            // People and programs are told the same place.
            let (line, column) = (finding["line"].as_u64().unwrap(), finding["column"].as_u64().unwrap());
            let place = format!("{FILE}:{line}:{column}\n");
            prop_assert!(told.contains(&place), "{place} in\n{told}");
            prop_assert!((line, column) <= (finding["end_line"].as_u64().unwrap(), finding["end_column"].as_u64().unwrap()));
        }
        let log: Value = serde_json::from_str(&sarif(&findings, &|_| Some(&source), "")).expect("it is JSON");
        let commands = github(&findings, &|_| Some(&source), "");
        prop_assert_eq!(commands.lines().count(), findings.len());
        let results = log["runs"][0]["results"].as_array().unwrap();
        for ((finding, result), command) in document["findings"].as_array().unwrap().iter().zip(results).zip(commands.lines()) {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            prop_assert_eq!((&finding["line"], &finding["column"]), (&region["startLine"], &region["startColumn"]));
            prop_assert_eq!((&finding["end_line"], &finding["end_column"]), (&region["endLine"], &region["endColumn"]));
            let (line, end) = (&finding["line"], &finding["end_line"]);
            let (column, end_column) = (&finding["column"], &finding["end_column"]);
            let place = match line == end {
                true => format!("line={line},col={column},endLine={end},endColumn={end_column},"),
                false => format!("line={line},endLine={end},"),
            };
            prop_assert!(command.contains(&place), "{place} in\n{command}");
        }
    }
}
