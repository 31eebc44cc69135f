//! Findings as they are read: the whole text with its caret, and the document for programs.

use folkmoot::findings::show::{Notes, Styled, json, text};
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
    }
}
