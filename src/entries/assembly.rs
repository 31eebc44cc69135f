//! Puts the sheets of a text together once all of it is read: ids, levels of headings, numbers of footnotes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::entries::anchors::{self, Anchors};
use crate::entries::body::{Body, Heading, Link, Piece, Problem, Word};
use crate::entries::escape;
use crate::findings::{At, Span};

/// The deepest heading HTML has.
const DEEPEST: u8 = 6;

/// A stretch of HTML, and what is to be put into it at which byte.
#[derive(Debug, Default)]
pub struct Sheet {
    pub html: String,
    pub holes: Vec<(usize, Hole)>,
}

/// What is only known in the end.
#[derive(Debug)]
pub enum Hole {
    Piece(Piece),
    HeadingOpen(usize),
    HeadingClose(usize),
    /// A reference to a footnote.
    Reference {
        note: u32,
        span: Span,
    },
}

impl Sheet {
    pub fn with_capacity(bytes: usize) -> Self {
        Sheet { html: String::with_capacity(bytes), holes: Vec::new() }
    }

    /// Begins a new line, unless one has just begun.
    pub fn line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    pub fn block(&mut self, tag: &str) {
        self.line();
        self.html.push_str(tag);
    }

    pub fn hole(&mut self, hole: Hole) {
        self.holes.push((self.html.len(), hole));
    }

    pub fn piece(&mut self, piece: Piece) {
        self.hole(Hole::Piece(piece));
    }
}

/// What a text has been found to hold while it is read.
#[derive(Default)]
pub struct Drafts {
    pub title: Option<At<String>>,
    pub headings: Vec<Draft>,
    pub links: Vec<Link>,
    pub notes: Notes,
    pub problems: Vec<Problem>,
    pub has_raw: bool,
    /// The ids that authors chose, in the order of the text.
    claims: Vec<(At<String>, Claimant)>,
}

/// A heading without its id.
pub struct Draft {
    /// As written.
    pub level: u8,
    pub classes: String,
    pub text: String,
    pub span: Span,
}

/// Who wants an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimant {
    Title,
    Heading(usize),
    Raw,
}

/// The footnotes of a text, numbered in the order they are first heard of.
#[derive(Default)]
pub struct Notes {
    by_name: HashMap<String, u32>,
    list: Vec<Note>,
}

struct Note {
    name: String,
    /// How many references there are.
    references: u32,
    /// Where it is defined, and what it says.
    text: Option<(Span, Sheet)>,
    /// Whether its name was taken, so that nobody can refer to it.
    is_duplicate: bool,
}

impl Notes {
    pub fn refer(&mut self, name: &str) -> u32 {
        let note = self.named(name);
        self.list[note as usize].references += 1;
        note
    }

    /// The number of a footnote that is defined here.
    pub fn define(&mut self, name: &str, span: Span) -> (u32, Option<Problem>) {
        let mut note = self.named(name);
        let mut problem = None;
        if let Some((first, _)) = self.list[note as usize].text {
            problem = Some(Problem::DuplicateFootnote { name: name.to_owned(), span, first });
            note = self.add(name);
            self.list[note as usize].is_duplicate = true;
        }
        self.list[note as usize].text = Some((span, Sheet::default()));
        (note, problem)
    }

    pub fn fill(&mut self, note: u32, sheet: Sheet) {
        if let Some((_, empty)) = &mut self.list[note as usize].text {
            *empty = sheet;
        }
    }

    fn named(&mut self, name: &str) -> u32 {
        let next = self.list.len() as u32;
        match self.by_name.entry(name.to_lowercase()) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                entry.insert(next);
                self.add(name)
            }
        }
    }

    fn add(&mut self, name: &str) -> u32 {
        self.list.push(Note { name: name.to_owned(), references: 0, text: None, is_duplicate: false });
        self.list.len() as u32 - 1
    }
}

impl Drafts {
    pub fn claim(&mut self, id: Option<At<String>>, claimant: Claimant) {
        self.claims.extend(id.map(|id| (id, claimant)));
    }

    /// An element that sanitising leaves out, said once a text.
    pub fn removed_element(&mut self, name: &str, span: Span) {
        let is_known = |problem: &Problem| matches!(problem, Problem::RemovedElement { name: n, .. } if n == name);
        if !self.problems.iter().any(is_known) {
            self.problems.push(Problem::RemovedElement { name: name.to_owned(), span });
        }
    }

    pub fn assemble(mut self, sheet: Sheet) -> Body {
        let mut anchors = Anchors::default();
        let mut ids: Vec<Option<String>> = vec![None; self.headings.len()];
        let mut title_id = None;
        let mut raw_anchors = Vec::new();
        // What authors chose comes first, so that a slug further up never takes it from them.
        for (id, claimant) in std::mem::take(&mut self.claims) {
            match anchors.take(&id.value, id.span) {
                Ok(()) => match claimant {
                    Claimant::Title => title_id = Some(id.value),
                    Claimant::Heading(number) => ids[number] = Some(id.value),
                    Claimant::Raw => raw_anchors.push(id),
                },
                Err(first) => {
                    self.problems.push(Problem::DuplicateAnchor { id: id.value, span: id.span, first });
                }
            }
        }
        let mut assembly = Assembly::default();
        if let Some(title) = &self.title {
            let id = title_id.unwrap_or_else(|| anchors.free(anchors::slug(&title.value), title.span));
            assembly.html.push_str("<span id=\"");
            assembly.id(&id, title.span);
            assembly.html.push_str("\"></span>\n");
        }
        let shift = u8::from(self.headings.iter().any(|heading| heading.level == 1));
        assembly.headings = std::mem::take(&mut self.headings)
            .into_iter()
            .zip(ids)
            .map(|(draft, id)| {
                let id = id.unwrap_or_else(|| anchors.free(anchors::slug(&draft.text), draft.span));
                let level = (draft.level + shift).min(DEEPEST);
                let heading = Heading { level, id, text: draft.text, span: draft.span };
                (heading, draft.classes)
            })
            .collect();
        assembly.notes = std::mem::take(&mut self.notes.list)
            .into_iter()
            .map(|note| NumberedNote::new(note, &mut anchors, &mut self.problems))
            .collect();

        assembly.sheet(sheet);
        assembly.footnotes();
        assembly.flush();
        self.problems.sort_by_key(Problem::span);
        Body {
            pieces: assembly.pieces,
            links: self.links,
            headings: assembly.headings.into_iter().map(|(heading, _)| heading).collect(),
            anchors: assembly.anchors,
            raw_anchors,
            leading_title: self.title,
            problems: self.problems,
            has_raw: self.has_raw,
            ..Body::default()
        }
    }
}

/// The pieces written so far, and what they are written from.
#[derive(Default)]
struct Assembly {
    pieces: Vec<Piece>,
    /// HTML that is not a piece yet.
    html: String,
    anchors: Vec<At<String>>,
    /// With their classes.
    headings: Vec<(Heading, String)>,
    notes: Vec<NumberedNote>,
    /// The footnotes in the order they are referred to.
    order: Vec<usize>,
}

struct NumberedNote {
    name: String,
    id: String,
    /// The ids of the references to it.
    references: Vec<String>,
    /// How many of these have been written.
    written: usize,
    text: Option<(Span, Sheet)>,
    /// From 1, once it has been referred to.
    number: Option<usize>,
}

impl NumberedNote {
    fn new(note: Note, anchors: &mut Anchors, problems: &mut Vec<Problem>) -> Self {
        let mut id = String::new();
        let mut references = Vec::new();
        if let Some((span, _)) = note.text {
            let slug = anchors::slug(&note.name);
            id = anchors.free(format!("fn-{slug}"), span);
            references = (1..=note.references)
                .map(|number| match number {
                    1 => anchors.free(format!("fnref-{slug}"), span),
                    _ => anchors.free(format!("fnref-{slug}-{number}"), span),
                })
                .collect();
            if references.is_empty() && !note.is_duplicate {
                problems.push(Problem::UnusedFootnote { name: note.name.clone(), span });
            }
        }
        NumberedNote { name: note.name, id, references, written: 0, text: note.text, number: None }
    }
}

impl Assembly {
    fn sheet(&mut self, sheet: Sheet) {
        let end = sheet.html.len();
        self.part(&sheet.html, sheet.holes, end);
    }

    /// The HTML up to `end`, with its holes.
    fn part(&mut self, html: &str, holes: Vec<(usize, Hole)>, end: usize) {
        let mut copied = 0;
        for (at, hole) in holes {
            self.html.push_str(&html[copied..at]);
            copied = at;
            match hole {
                Hole::Piece(piece) => {
                    self.flush();
                    self.pieces.push(piece);
                }
                Hole::HeadingOpen(number) => self.heading_open(number),
                Hole::HeadingClose(number) => {
                    let level = self.headings[number].0.level;
                    self.html.push_str(&format!("</h{level}>"));
                }
                Hole::Reference { note, span } => self.reference(note as usize, span),
            }
        }
        self.html.push_str(&html[copied..end]);
    }

    /// Makes a piece of the HTML written so far.
    fn flush(&mut self) {
        if !self.html.is_empty() {
            // A copy takes no more room than it needs; what a text grew in often takes half as much again.
            self.pieces.push(Piece::Html(self.html.as_str().to_owned()));
            self.html.clear();
        }
    }

    fn id(&mut self, id: &str, span: Span) {
        escape::attribute(&mut self.html, id);
        self.anchors.push(At { value: id.to_owned(), span });
    }

    fn heading_open(&mut self, number: usize) {
        let (heading, classes) = &self.headings[number];
        let (id, span) = (heading.id.clone(), heading.span);
        self.html.push_str(&format!("<h{} id=\"", heading.level));
        let class = if classes.is_empty() { String::new() } else { format!(" class=\"{classes}\"") };
        self.id(&id, span);
        self.html.extend(["\"", &class, ">"]);
    }

    fn reference(&mut self, number: usize, span: Span) {
        let note = &mut self.notes[number];
        let Some(id) = note.references.get(note.written).cloned() else {
            // The parser found a footnote that we did not: it stays as written.
            let name = format!("[^{}]", note.name);
            return escape::text(&mut self.html, &name);
        };
        note.written += 1;
        let shown = match note.number {
            Some(shown) => shown,
            None => {
                self.order.push(number);
                note.number = Some(self.order.len());
                self.order.len()
            }
        };
        self.html.push_str("<sup class=\"note-ref\"><a href=\"#");
        escape::attribute(&mut self.html, &note.id);
        self.html.push_str("\" id=\"");
        self.id(&id, span);
        self.html.push_str(&format!("\" role=\"doc-noteref\">{shown}</a></sup>"));
    }

    /// The list of footnotes: as they are referred to, then those nobody refers to.
    fn footnotes(&mut self) {
        if self.notes.iter().all(|note| note.text.is_none()) {
            return;
        }
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
        self.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        self.flush();
        self.pieces.push(Piece::Word(Word::Footnotes));
        self.html.push_str("\">\n<ol>\n");
        let mut next = 0;
        loop {
            // A footnote may refer to another one, which then comes after those already in order.
            if next == self.order.len() {
                match self.notes.iter().position(|note| note.number.is_none() && note.text.is_some()) {
                    Some(unused) => {
                        self.order.push(unused);
                        self.notes[unused].number = Some(self.order.len());
                    }
                    None => break,
                }
            }
            self.footnote(self.order[next]);
            next += 1;
        }
        self.html.push_str("</ol>\n</section>\n");
    }

    fn footnote(&mut self, number: usize) {
        const LAST_PARAGRAPH_END: &str = "</p>\n";
        let note = &mut self.notes[number];
        let Some((span, sheet)) = note.text.take() else {
            return;
        };
        let (id, references) = (note.id.clone(), note.references.clone());
        self.html.push_str("<li id=\"");
        self.id(&id, span);
        self.html.push_str("\">");
        // The way back stands at the end of the last line, where there is one.
        let end = match sheet.html.strip_suffix(LAST_PARAGRAPH_END) {
            Some(before) if sheet.holes.last().is_none_or(|(at, _)| *at <= before.len()) => before.len(),
            _ => sheet.html.len(),
        };
        let rest = sheet.html[end..].to_owned();
        self.part(&sheet.html, sheet.holes, end);
        for (number, reference) in references.iter().enumerate() {
            self.html.push_str(" <a href=\"#");
            escape::attribute(&mut self.html, reference);
            self.html.push_str("\" class=\"note-back\" role=\"doc-backlink\" aria-label=\"");
            self.flush();
            self.pieces.push(Piece::Word(Word::BackToText));
            match number {
                0 => self.html.push_str("\">↩</a>"),
                _ => self.html.push_str(&format!(" {0}\">↩<sup>{0}</sup></a>", number + 1)),
            }
        }
        self.html.extend([&rest, "</li>\n"]);
    }
}
