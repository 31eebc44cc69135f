//! What Folkmoot tells an author: places in sources, findings, and a value together with its findings.

pub mod catalogue;
pub mod nearest;
pub mod show;

use std::sync::Arc;

/// A range of bytes within one source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(range: std::ops::Range<usize>) -> Self {
        Span { start: range.start as u32, end: range.end as u32 }
    }

    /// The same text, in a file where this much stands before it.
    pub fn after(self, bytes: usize) -> Self {
        Span { start: self.start + bytes as u32, end: self.end + bytes as u32 }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where something stands: a file, named from the project's folder, and a range of bytes in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: Arc<str>,
    pub span: Span,
}

impl Place {
    pub fn new(file: &Arc<str>, span: Span) -> Self {
        Place { file: file.clone(), span }
    }

    /// The first character of a file: for what concerns the file as a whole.
    pub fn top(file: &Arc<str>) -> Self {
        Place { file: file.clone(), span: Span::default() }
    }
}

/// A value with the place its author wrote it at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// How much a finding matters: an error keeps the site from being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One thing Folkmoot tells an author: what is, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable kebab-case name, such as `unknown-topic`.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence that says what is.
    pub title: String,
    /// The place it concerns; none where it concerns no file in particular.
    pub at: Option<Place>,
    /// A few words beside the caret.
    pub label: String,
    /// Other places that have a part in it, each with a few words.
    pub also: Vec<(Place, String)>,
    /// What to type or do.
    pub help: Vec<String>,
}

impl Finding {
    /// The order in which findings are told: by file, place and code, so that it never depends on the number of cores.
    fn order(&self) -> (Option<&Place>, Severity, &str, &str) {
        (self.at.as_ref(), self.severity, self.code, &self.title)
    }
}

/// A value and everything there is to tell about how it was written.
#[derive(Debug, Clone)]
pub struct Checked<T> {
    pub value: T,
    pub findings: Vec<Finding>,
}

impl<T> Checked<T> {
    pub fn new(value: T, findings: Vec<Finding>) -> Self {
        Checked { value, findings }
    }
}

/// Puts findings into the order they are told in, each said once.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
}

/// Whether any finding keeps the site from being published.
pub fn any_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
