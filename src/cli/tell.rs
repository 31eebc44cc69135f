//! What the person at the terminal reads, and what a program behind a pipe reads.

use super::choices::Telling;
use super::place;
use crate::findings::show::{self, Format, Notes, Styled};
use crate::findings::{self, Finding, Place};
use crate::sources::Sources;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Says something that was asked for.
///
/// # Errors
/// When it cannot be written, unless its reader has gone away.
pub fn out(text: &str) -> anyhow::Result<()> {
    written(write_to(&mut anstream::stdout(), text))
}

/// Writes a document for a program, to the byte.
///
/// # Errors
/// As for [`out`].
pub fn document(text: &str) -> anyhow::Result<()> {
    written(write_to(&mut std::io::stdout(), text))
}

/// Says something beside what was asked for: it must not end up in a file made of the rest.
pub fn aside(text: &str) -> anyhow::Result<()> {
    written(write_to(&mut anstream::stderr(), text))
}

/// Says why a command could not be carried out.
pub fn trouble(trouble: &anyhow::Error) {
    // There is nobody left to tell that this could not be told.
    let _ = write_to(&mut anstream::stderr(), &format!("{trouble:#}"));
}

fn write_to(to: &mut impl Write, text: &str) -> std::io::Result<()> {
    to.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// A reader who has read enough (`| head`) is no trouble, and the work goes on.
fn written(result: std::io::Result<()>) -> anyhow::Result<()> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints findings about the knowledge base in a folder the way that was asked for. For people, and in the log of a
/// workflow, nothing is printed where there are none.
pub fn findings(findings: &mut Vec<Finding>, sources: &Sources, root: &Path, telling: &Telling) -> anyhow::Result<()> {
    findings::sort(findings);
    let texts = |path: &str| readable(sources, path);
    match telling.format {
        Format::Json => document(&show::json(findings, &texts)),
        Format::Sarif => document(&show::sarif(findings, &texts, &place::way_to(root))),
        Format::Text | Format::Github if findings.is_empty() => Ok(()),
        Format::Github => document(&show::github(findings, &texts, &place::way_to(root))),
        // Colours are taken out again where this is no terminal.
        Format::Text => out(&show::text(findings, &texts, Styled::Coloured, telling.notes())),
    }
}

/// This many errors are told whole in a preview: a screen has room for no more, and a slip can make hundreds.
const ERRORS_SHOWN: usize = 5;

/// What a preview tells in the terminal: the first errors whole, warnings gathered, no notes.
pub fn for_preview(findings: &[Finding], sources: &Sources) -> String {
    let of = |severity| findings.iter().filter(move |finding| finding.severity == severity);
    let (errors, warnings) = (of(findings::Severity::Error), of(findings::Severity::Warning));
    let left = errors.clone().count().saturating_sub(ERRORS_SHOWN);
    let shown: Vec<Finding> = errors.take(ERRORS_SHOWN).chain(warnings).cloned().collect();
    let mut text = show::text(&shown, &|path| readable(sources, path), Styled::Coloured, Notes::Gathered);
    if left > 0 {
        text.push_str(&format!("and {} more; `folkmoot check` shows them all\n", show::counted(left, "error")));
    }
    text
}

/// The line a place begins on, counted from 1.
pub fn line(sources: &Sources, place: &Place) -> usize {
    let before = readable(sources, &place.file).and_then(|text| text.as_bytes().get(..place.span.start as usize));
    before.unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1
}

/// A source as far as it is UTF-8: what stands before the first byte that is not is what its line is counted by.
pub fn readable<'s>(sources: &'s Sources, path: &str) -> Option<&'s str> {
    let bytes = &sources.source(path)?.bytes;
    Some(match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    })
}
