//! Findings as workflow commands, which GitHub shows beside the lines of a change.

use super::lines::{Files, Position};
use super::{Finding, Severity, Texts, is_obeyed};

/// All findings as workflow commands (GitHub Docs, "Workflow commands for GitHub Actions"), one a line, in the order given.
///
/// `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=CODE::message`, for warnings `::warning`, for notes
/// `::notice`; without file and lines where a finding concerns no file. The message is what is, then other places that
/// have a part in it, then what to do, each on a line of its own. Files are named by `way`, the names of folders with a
/// slash after each that lead to the knowledge base, and their path in it.
///
/// Lines and columns are those of [`json`](super::json): from 1, in Unicode characters, the end after the last one.
/// Where a place goes on for several lines, its columns are left out, because GitHub takes them for one line only.
pub fn github<'t>(findings: &[Finding], texts: Texts<'_, 't>, way: &str) -> String {
    let mut files = Files::new(texts);
    findings.iter().map(|finding| command(finding, &mut files, way)).collect()
}

fn command(finding: &Finding, files: &mut Files, way: &str) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(at) = &finding.at {
        let (start, end) = files.extent(at);
        properties.push(("file", format!("{way}{}", at.file)));
        properties.push(("line", start.line.to_string()));
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
        }
        properties.push(("endLine", end.line.to_string()));
        if start.line == end.line {
            properties.push(("endColumn", end.column.to_string()));
        }
    }
    properties.push(("title", finding.code.to_owned()));
    let properties: Vec<String> = properties.into_iter().map(|(key, value)| format!("{key}={}", escaped(&value, Part::Property))).collect();

    let mut lines = vec![finding.title.clone()];
    lines.extend(finding.also.iter().map(|(place, label)| {
        let Position { line, column } = files.position(&place.file, place.span.start);
        let place = format!("{way}{}:{line}:{column}", place.file);
        if label.is_empty() { place } else { format!("{place}: {label}") }
    }));
    lines.extend(finding.help.iter().cloned());
    format!("::{word} {}::{}\n", properties.join(","), escaped(&lines.join("\n"), Part::Message))
}

/// The two parts of a command that hold text of ours, each with its own signs to escape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Property,
    Message,
}

/// Text that stays inside its part of the command, so that no line of an author's becomes a command of its own. What a
/// terminal would obey is taken out, because logs are shown with colours.
fn escaped(text: &str, part: Part) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if part == Part::Property => escaped.push_str("%3A"),
            ',' if part == Part::Property => escaped.push_str("%2C"),
            c if is_obeyed(c) => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}
