//! Findings as people and programs read them.

mod github;
mod lines;
mod preview;
mod sarif;

pub use github::github;
pub use preview::{InPreview, in_preview};
pub use sarif::sarif;

use super::{Finding, Place, Severity};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use lines::{Files, Position};
use serde::Serialize;
use std::collections::HashMap;

/// Gives the text of a source by its path, as far as it is readable; none for what is no text at all.
pub type Texts<'a, 't> = &'a dyn Fn(&str) -> Option<&'t str>;

/// How findings are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: each with the line it concerns and a caret.
    Text,
    /// For programs: see [`json`].
    Json,
    /// For programs that gather what several checkers found: see [`sarif`].
    Sarif,
    /// For the log of a GitHub workflow: see [`github`].
    Github,
}

/// Whether text carries colours, as ANSI escape codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styled {
    Plain,
    Coloured,
}

/// What becomes of many notes and warnings that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// The first is told whole, and the next few by their place only.
    Gathered,
    All,
}

/// This many notes of one code are told whole: up to here, reading them is less work than reading about them.
const TOLD_WHOLE: usize = 3;

/// This many more are listed by their place: enough to see what they have in common.
const LISTED: usize = 5;

/// The longest piece of a source that stands for a note in a list, in characters, so that a line stays a line.
const SUBJECT_LENGTH: usize = 60;

/// Up to this far apart, two places of one finding are shown as one piece of the file.
const TOGETHER_LINES: usize = 6;

/// A line longer than this is not shown: nobody finds a caret in it, and laying it out takes long.
const LONGEST_LINE: usize = 4000;

/// Terminals of people who write are rarely narrower, and longer lines are hard to read in any.
const WIDTH: usize = 110;

/// All findings as text, in the order given, with a line at the end that counts them; nothing where there are none.
pub fn text<'t>(findings: &[Finding], texts: Texts<'_, 't>, styled: Styled, notes: Notes) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let renderer = match styled {
        Styled::Plain => Renderer::plain(),
        Styled::Coloured => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let mut files = Files::new(texts);
    let mut gathered = gather(findings, notes);
    let mut text = String::new();
    for finding in findings {
        let others = match gathered.get_mut(finding.code).filter(|_| finding.severity != Severity::Error) {
            Some(Gathered { told: true, .. }) => continue,
            Some(first) => {
                first.told = true;
                first.places.as_slice()
            }
            None => &[],
        };
        let report = [group(finding, &mut files)];
        text.push_str(&renderer.render(&report));
        text.push('\n');
        list(others, &mut files, &mut text);
        text.push('\n');
    }
    text.push_str(&closing_line(findings));
    text.push('\n');
    text
}

/// Notes of one code that are not told one by one.
struct Gathered<'f> {
    told: bool,
    /// All but the first.
    places: Vec<&'f Finding>,
}

fn gather(findings: &[Finding], notes: Notes) -> HashMap<&'static str, Gathered<'_>> {
    let mut by_code: HashMap<&'static str, Vec<&Finding>> = HashMap::new();
    if notes == Notes::Gathered {
        for note in findings.iter().filter(|finding| finding.severity != Severity::Error) {
            by_code.entry(note.code).or_default().push(note);
        }
    }
    by_code
        .into_iter()
        .filter(|(_, notes)| notes.len() > TOLD_WHOLE)
        .map(|(code, notes)| (code, Gathered { told: false, places: notes[1..].to_vec() }))
        .collect()
}

/// Names the places of further notes that say the same.
fn list(others: &[&Finding], files: &mut Files, text: &mut String) {
    if others.is_empty() {
        return;
    }
    text.push_str(&format!("  The same is true in {} more places:\n", others.len()));
    for note in others.iter().take(LISTED) {
        let Some(at) = &note.at else {
            text.push_str(&format!("    {}\n", tame(&note.title)));
            continue;
        };
        let Position { line, column } = files.position(&at.file, at.span.start);
        let subject = files.words(at, SUBJECT_LENGTH).unwrap_or_else(|| note.title.clone());
        text.push_str(&format!("    {}:{line}:{column}  {}\n", tame(&at.file), tame(&subject)));
    }
    if others.len() > LISTED {
        text.push_str(&format!("    and {} more; `folkmoot check --notes` shows them all\n", others.len() - LISTED));
    }
}

fn group<'a>(finding: &'a Finding, files: &mut Files) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(tame(&finding.title)).id(finding.code));
    if let Some(at) = &finding.at {
        let mut apart: Vec<&(Place, String)> = Vec::new();
        let mut near: Vec<(Mark, &str)> = Vec::new();
        let main = files.mark(at);
        for also in &finding.also {
            match (also.0.file == at.file).then(|| files.mark(&also.0)).flatten() {
                Some(mark) if main.as_ref().is_some_and(|main| main.line.abs_diff(mark.line) <= TOGETHER_LINES) => {
                    near.push((mark, &also.1));
                }
                _ => apart.push(also),
            }
        }
        group = match main {
            Some(main) => group.element(snippet(&at.file, main, &finding.label, &near, files)),
            None => group.element(origin(at, files)),
        };
        for (place, label) in apart {
            group = match files.mark(place) {
                Some(mark) => group.element(aside(&place.file, &mark, label, files)),
                None => group.element(origin(place, files)),
            };
        }
    }
    group.elements(finding.help.iter().map(|help| Level::HELP.message(tame(help))))
}

/// Something to point at that can be shown: one line, or the part of it that a place begins with.
struct Mark {
    /// From 0.
    line: usize,
    /// Bytes within the line.
    start: usize,
    end: usize,
}

/// The place of a finding, with other places of it that stand close by.
fn snippet<'a>(file: &'a str, main: Mark, label: &str, near: &[(Mark, &str)], files: &mut Files) -> Snippet<'a, Annotation<'a>> {
    let first = near.iter().map(|(mark, _)| mark.line).chain([main.line]).min().unwrap_or(main.line);
    let last = near.iter().map(|(mark, _)| mark.line).chain([main.line]).max().unwrap_or(main.line);
    let mut starts = Vec::new();
    let mut source = String::new();
    for line in first..=last {
        starts.push(source.len());
        source.push_str(files.line(file, line).filter(|line| is_showable(line)).unwrap_or("…"));
        source.push('\n');
    }
    let annotate = |kind: AnnotationKind, mark: &Mark, label: &str| {
        let start = starts[mark.line - first];
        let annotation = kind.span(start + mark.start..start + mark.end);
        if label.is_empty() { annotation } else { annotation.label(tame(label)) }
    };
    let annotations: Vec<_> = std::iter::once(annotate(AnnotationKind::Primary, &main, label))
        .chain(near.iter().map(|(mark, label)| annotate(AnnotationKind::Context, mark, label)))
        .collect();
    Snippet::source(source).path(tame(file)).line_start(first + 1).annotations(annotations)
}

/// Another place that has a part in a finding, in another file or far away in this one.
fn aside<'a>(file: &str, mark: &Mark, label: &str, files: &mut Files) -> Snippet<'a, Annotation<'a>> {
    let source = format!("{}\n", files.line(file, mark.line).unwrap_or_default());
    let annotation = AnnotationKind::Primary.span(mark.start..mark.end).label(tame(label));
    Snippet::source(source).path(tame(file)).line_start(mark.line + 1).annotation(annotation)
}

/// A place that can be named and not shown.
fn origin<'a>(at: &Place, files: &mut Files) -> Origin<'a> {
    let Position { line, column } = files.position(&at.file, at.span.start);
    Origin::path(tame(&at.file)).line(line).char_column(column)
}

/// Whether a line is text that fits a terminal.
fn is_showable(line: &str) -> bool {
    line.len() <= LONGEST_LINE && !line.chars().any(|c| c.is_control() && c != '\t')
}

/// Text of authors and files, without what a terminal would obey.
pub fn tame(text: &str) -> String {
    text.trim_end().chars().map(|c| if c != '\n' && is_obeyed(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether a terminal would do something rather than show it: control characters and changes of direction.
fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// "3 errors, 1 warning and 12 notes in 5 files."
fn closing_line(findings: &[Finding]) -> String {
    let Counts { errors, warnings, notes, files } = Counts::of(findings);
    let said: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| counted(number, word))
        .collect();
    let said = match said.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        said => said.concat(),
    };
    if files == 0 { format!("{said}.") } else { format!("{said} in {}.", counted(files, "file")) }
}

/// "1 file", "2 files".
pub fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// How many findings of each severity there are, and in how many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub files: usize,
}

impl Counts {
    pub fn of(findings: &[Finding]) -> Counts {
        let of = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let mut files: Vec<&str> = findings.iter().filter_map(|finding| finding.at.as_ref()).map(|at| &*at.file).collect();
        files.sort_unstable();
        files.dedup();
        Counts { errors: of(Severity::Error), warnings: of(Severity::Warning), notes: of(Severity::Note), files: files.len() }
    }
}

/// The number of the JSON below; it grows when a key changes its meaning or goes away, not when one is added.
const JSON_VERSION: u32 = 1;

/// All findings as one JSON document, in the order given.
///
/// `{ "version": 1, "findings": [{ "code", "severity", "message", "file", "line", "column", "end_line", "end_column",
/// "label", "help": [], "also": [{ "file", "line", "column", "label" }] }], "counts": { "errors", "warnings", "notes",
/// "files" } }`. Lines and columns count from 1; a column counts Unicode characters, and the end is the place after the
/// last one. A finding about no file in particular has no `file` and no lines; `severity` is `error`, `warning` or `note`.
pub fn json<'t>(findings: &[Finding], texts: Texts<'_, 't>) -> String {
    let mut files = Files::new(texts);
    let document = Document {
        version: JSON_VERSION,
        findings: findings.iter().map(|finding| Told::of(finding, &mut files)).collect(),
        counts: Counts::of(findings),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("plain structs of texts and numbers can be written as JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'f> {
    version: u32,
    findings: Vec<Told<'f>>,
    counts: Counts,
}

#[derive(Serialize)]
struct Told<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    #[serde(flatten)]
    at: Option<Extent<'f>>,
    label: &'f str,
    help: &'f [String],
    also: Vec<Also<'f>>,
}

#[derive(Serialize)]
struct Extent<'f> {
    file: &'f str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Also<'f> {
    file: &'f str,
    line: usize,
    column: usize,
    label: &'f str,
}

impl<'f> Told<'f> {
    fn of(finding: &'f Finding, files: &mut Files) -> Told<'f> {
        let at = finding.at.as_ref().map(|at| {
            let (Position { line, column }, end) = files.extent(at);
            Extent { file: &at.file, line, column, end_line: end.line, end_column: end.column }
        });
        let also = |(place, label): &'f (Place, String)| {
            let Position { line, column } = files.position(&place.file, place.span.start);
            Also { file: &place.file, line, column, label }
        };
        Told {
            code: finding.code,
            severity: finding.severity.word(),
            message: &finding.title,
            at,
            label: &finding.label,
            help: &finding.help,
            also: finding.also.iter().map(also).collect(),
        }
    }
}
