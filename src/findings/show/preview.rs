//! Findings as a browser shows them over the page they concern.

use super::lines::{Files, Position};
use super::{Finding, Place, Texts, tame};
use serde::Serialize;

/// One finding, taken apart for drawing. All texts are plain text, without what a terminal would obey.
#[derive(Debug, Clone, Serialize)]
pub struct InPreview {
    pub severity: &'static str,
    pub code: &'static str,
    pub title: String,
    /// What to type or do.
    pub help: Vec<String>,
    /// The place it concerns, then others that have a part in it.
    pub places: Vec<PlaceInPreview>,
}

/// A place in a source, and its line.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceInPreview {
    /// From the project's folder.
    pub file: String,
    /// From 1, like the column, which counts characters.
    pub line: usize,
    pub column: usize,
    /// A few words beside the caret.
    pub label: String,
    /// The line in three parts, the second of which is meant; all empty where it cannot be shown.
    pub before: String,
    pub marked: String,
    pub after: String,
}

/// Takes findings apart, in the order given.
pub fn in_preview<'f, 't>(findings: impl IntoIterator<Item = &'f Finding>, texts: Texts<'_, 't>) -> Vec<InPreview> {
    let mut files = Files::new(texts);
    findings.into_iter().map(|finding| one(finding, &mut files)).collect()
}

fn one(finding: &Finding, files: &mut Files) -> InPreview {
    let own = finding.at.iter().map(|at| (at, finding.label.as_str()));
    let also = finding.also.iter().map(|(place, label)| (place, label.as_str()));
    InPreview {
        severity: finding.severity.word(),
        code: finding.code,
        title: tame(&finding.title),
        help: finding.help.iter().map(|help| tame(help)).collect(),
        places: own.chain(also).map(|(place, label)| shown(place, label, files)).collect(),
    }
}

fn shown(place: &Place, label: &str, files: &mut Files) -> PlaceInPreview {
    let Position { line, column } = files.position(&place.file, place.span.start);
    let (mut before, mut marked, mut after) = (String::new(), String::new(), String::new());
    if let Some(mark) = files.mark(place)
        && let Some(text) = files.line(&place.file, mark.line)
    {
        // A space at the end of a line may be what is meant, so nothing is trimmed.
        before = text[..mark.start].to_owned();
        marked = text[mark.start..mark.end].to_owned();
        after = text[mark.end..].to_owned();
    }
    PlaceInPreview { file: tame(&place.file), line, column, label: tame(label), before, marked, after }
}
