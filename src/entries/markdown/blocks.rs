//! Headings, alerts, code, tasks, tables and footnotes.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, TagEnd};

use super::{Mode, NARROW_TABLE, Reader, Table};
use crate::entries::assembly::{Claimant, Draft, Hole};
use crate::entries::body::{Piece, Problem, Word};
use crate::entries::plain::Part;
use crate::entries::{anchors, sanitise};
use crate::findings::At;

impl<'t> Reader<'t> {
    pub(super) fn in_title(&mut self, event: Event<'t>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.plain.push(&text),
            Event::SoftBreak | Event::HardBreak => self.plain.gap(),
            Event::End(TagEnd::Heading(_)) => {
                if let Mode::Title { explicit, range } = std::mem::replace(&mut self.mode, Mode::Written) {
                    let text = self.plain.take_heading();
                    let span = self.trimmed_span(range);
                    self.plain.part = Part::Body;
                    self.plain.gap();
                    if !text.is_empty() {
                        self.drafts.claim(explicit, Claimant::Title);
                        self.drafts.title = Some(At { value: text, span });
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'t>>,
        classes: &[CowStr<'t>],
        attributes: &[(CowStr<'t>, Option<CowStr<'t>>)],
        range: Range<usize>,
    ) {
        self.plain.part = Part::Heading;
        let (simple, odd): (Vec<_>, Vec<_>) = classes.iter().partition(|class| sanitise::is_simple_word(class));
        for name in odd.into_iter().chain(attributes.iter().map(|(name, _)| name)) {
            let span = self.span_of(name).unwrap_or_else(|| self.trimmed_span(range.clone()));
            self.drafts.problems.push(Problem::HeadingAttribute { name: name.to_string(), span });
        }
        let number = self.drafts.headings.len();
        let explicit = id.and_then(|id| self.explicit_id(&id, &range));
        self.drafts.claim(explicit, Claimant::Heading(number));
        self.drafts.headings.push(Draft {
            level: level as u8,
            classes: simple.iter().map(|class| &***class).collect::<Vec<_>>().join(" "),
            text: String::new(),
            span: self.trimmed_span(range),
        });
        self.sheet.line();
        self.sheet.hole(Hole::HeadingOpen(number));
    }

    pub(super) fn end_heading(&mut self) {
        let text = self.plain.take_heading();
        self.plain.part = self.resting_part();
        self.plain.gap();
        if let Some(heading) = self.drafts.headings.last_mut() {
            heading.text = text;
        }
        self.sheet.hole(Hole::HeadingClose(self.drafts.headings.len() - 1));
        self.sheet.html.push('\n');
    }

    /// The id an author gave a heading, if it may have it.
    pub(super) fn explicit_id(&mut self, id: &str, range: &Range<usize>) -> Option<At<String>> {
        let span = self.span_of(id).unwrap_or_else(|| self.trimmed_span(range.clone()));
        let value = anchors::written(id);
        if anchors::usable(&value) {
            return Some(At { value, span });
        }
        if !value.is_empty() {
            self.drafts.problems.push(Problem::ReservedAnchor { id: value, span });
        }
        None
    }

    pub(super) fn start_alert(&mut self, kind: BlockQuoteKind) {
        let (class, word) = match kind {
            BlockQuoteKind::Note => ("note", Word::Note),
            BlockQuoteKind::Tip => ("tip", Word::Tip),
            BlockQuoteKind::Important => ("important", Word::Important),
            BlockQuoteKind::Warning => ("warning", Word::Warning),
            BlockQuoteKind::Caution => ("caution", Word::Caution),
        };
        self.sheet.block("<div class=\"alert alert-");
        self.sheet.html.extend([class, "\" role=\"note\">\n<p class=\"alert-title\">"]);
        self.sheet.piece(Piece::Word(word));
        self.sheet.html.push_str("</p>\n");
    }

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'t>) {
        self.plain.part = Part::Nowhere;
        // It can be scrolled, so it can be reached by keyboard.
        self.sheet.block("<pre tabindex=\"0\"><code");
        if let CodeBlockKind::Fenced(info) = kind {
            let language = info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{')).next().unwrap_or_default();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#' | '.');
            if !language.is_empty() && language.chars().all(is_name) {
                self.sheet.html.extend([" class=\"language-", language, "\""]);
            }
        }
        self.sheet.html.push('>');
    }

    pub(super) fn task(&mut self, done: bool) {
        for (plain, marked) in [("<li>", "<li class=\"task\">"), ("<li>\n<p>", "<li class=\"task\">\n<p>")] {
            if self.sheet.html.ends_with(plain) {
                self.sheet.html.truncate(self.sheet.html.len() - plain.len());
                self.sheet.html.push_str(marked);
                break;
            }
        }
        let (checked, word) = if done { (" checked=\"\"", Word::Done) } else { ("", Word::NotDone) };
        self.sheet.html.extend(["<input type=\"checkbox\" disabled=\"\"", checked, " aria-label=\""]);
        self.sheet.piece(Piece::Word(word));
        self.sheet.html.push_str("\"> ");
    }

    pub(super) fn start_table(&mut self, columns: Vec<Alignment>) {
        if columns.len() > NARROW_TABLE {
            // A group, not a region: a page with two tables would have two landmarks of one name.
            self.sheet.block("<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
            self.sheet.piece(Piece::Word(Word::Table));
            self.sheet.html.push_str("\">");
        }
        self.sheet.block("<table>");
        self.table = Table { columns, ..Table::default() };
    }

    pub(super) fn start_cell(&mut self) {
        self.table.cell = self.sheet.html.len();
        self.sheet.html.push_str(if self.table.in_head { "<th scope=\"col\"" } else { "<td" });
        self.sheet.html.push_str(match self.table.columns.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            Some(Alignment::None) | None => ">",
        });
    }

    pub(super) fn end_cell(&mut self) {
        let html = &mut self.sheet.html;
        let is_empty = html[self.table.cell..].find('>').is_some_and(|end| self.table.cell + end + 1 == html.len())
            && self.sheet.holes.last().is_none_or(|(at, _)| *at < html.len());
        if self.table.in_head && is_empty {
            // A header that says nothing is no header.
            html.truncate(self.table.cell);
            html.push_str("<td></td>");
        } else {
            html.push_str(if self.table.in_head { "</th>" } else { "</td>" });
        }
        self.table.column += 1;
        self.plain.gap();
    }

    pub(super) fn footnote_reference(&mut self, name: &str, range: Range<usize>) {
        let span = self.span(range);
        let note = self.drafts.notes.refer(name);
        let hole = Hole::Reference { note, span };
        self.shown += name.len();
        if self.open_links.is_empty() {
            self.sheet.hole(hole);
        } else {
            self.after_link.push(hole);
        }
    }

    pub(super) fn start_footnote(&mut self, name: &str, range: Range<usize>) {
        let span = self.span_of(name).unwrap_or_else(|| self.trimmed_span(range));
        let (note, problem) = self.drafts.notes.define(name, span);
        self.drafts.problems.extend(problem);
        self.waiting.push((std::mem::take(&mut self.sheet), note));
        self.plain.part = Part::Nowhere;
    }

    pub(super) fn end_footnote(&mut self) {
        if let Some((sheet, note)) = self.waiting.pop() {
            self.drafts.notes.fill(note, std::mem::replace(&mut self.sheet, sheet));
        }
        self.plain.part = self.resting_part();
        self.plain.gap();
    }

    /// Text that reads `[^name]` was meant as a footnote, but there is none of that name: else it would be no text.
    pub(super) fn look_for_undefined_footnote(&mut self, range: Range<usize>) {
        let Some(name) = self.text[range.end..].strip_prefix('^') else {
            return;
        };
        let length = name.find([']', '[', ' ', '\t', '\r', '\n']).unwrap_or(name.len());
        if length > 0 && name[length..].starts_with(']') && !self.text[..range.start].ends_with('\\') {
            let name = &name[..length];
            let span = self.span(range.start..range.start + "[^]".len() + length);
            self.drafts.problems.push(Problem::UndefinedFootnote { name: name.to_owned(), span });
        }
    }

    /// Where text goes that is in no particular block.
    pub(super) fn resting_part(&self) -> Part {
        if self.waiting.is_empty() { Part::Body } else { Part::Nowhere }
    }
}
