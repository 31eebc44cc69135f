//! HTML that stands among the Markdown: its ids, its addresses, and what sanitising will leave out of it.

use std::ops::Range;

use super::{Mode, Reader};
use crate::entries::assembly::Claimant;
use crate::entries::body::{Link, LinkKind, Piece, Problem, Written};
use crate::entries::links::{self, Destination};
use crate::entries::{anchors, raw_html, sanitise};
use crate::findings::{At, Span};

/// A block of raw HTML whose end has not come yet.
#[derive(Default)]
pub struct RawBlock {
    pub html: String,
    /// Where each line stands in `html`, and in the text.
    pub lines: Vec<(usize, Range<usize>)>,
}

impl Reader<'_> {
    pub(super) fn end_raw_block(&mut self) {
        if let Mode::Raw(block) = std::mem::replace(&mut self.mode, Mode::Written) {
            self.sheet.line();
            self.raw(&block.html, &block.lines);
        }
    }

    /// Raw HTML, and where each of its lines begins in it and stands in the text.
    pub(super) fn raw(&mut self, html: &str, lines: &[(usize, Range<usize>)]) {
        // A comment says nothing to readers, and a text that only has comments needs no sanitising.
        if raw_html::is_only_a_comment(html) {
            return;
        }
        self.shown += 1;
        if let Some(tag) = sanitise::harmless_by_itself(html) {
            self.raw_piece(tag);
            return;
        }
        self.drafts.has_raw = true;
        let mut copied = 0;
        for tag in raw_html::tags(html) {
            let span = self.raw_span(&tag.range, lines);
            if !sanitise::keeps_element(&tag.name) {
                self.drafts.removed_element(&tag.name, span);
            } else if let Some(id) = tag.attribute("id") {
                let value = anchors::written(&id.value);
                if anchors::usable(&value) {
                    self.drafts.claim(Some(At { value, span }), Claimant::Raw);
                } else if !value.is_empty() {
                    self.drafts.problems.push(Problem::ReservedAnchor { id: value, span });
                }
            }
            let (name, file) = match &*tag.name {
                "a" => ("href", LinkKind::Relative),
                "img" => ("src", LinkKind::Image),
                _ => continue,
            };
            let Some(address) = tag.attribute(name) else {
                continue;
            };
            let destination = links::destination(&address.value);
            if destination == Destination::Nowhere {
                continue;
            }
            let Some(link) = self.link(destination, file, span, span) else {
                continue;
            };
            let is_elsewhere = link.kind == LinkKind::External;
            if is_elsewhere && file == LinkKind::Image {
                self.raw_piece(&html[copied..tag.range.start]);
                let alt = tag.attribute("alt").map(|alt| alt.value.clone().into_owned()).unwrap_or_default();
                self.sheet.piece(Piece::RawImage { alt, written: html[tag.range.clone()].to_owned() });
                copied = tag.range.end;
                continue;
            }
            let link = self.add_link(Link { written: Written::RawHtml, ..link });
            if !is_elsewhere {
                self.raw_piece(&html[copied..address.range.start]);
                let written = html[address.range.clone()].to_owned();
                self.sheet.piece(Piece::RawAddress { link, name, written });
                copied = address.range.end;
            }
        }
        self.raw_piece(&html[copied..]);
    }

    pub(super) fn raw_piece(&mut self, html: &str) {
        if html.is_empty() {
            return;
        }
        let html = if html.contains('\r') { html.replace("\r\n", "\n").replace('\r', "\n") } else { html.to_owned() };
        self.sheet.piece(Piece::Raw(html));
    }

    /// Where a part of raw HTML stands in the file. A part of several lines is named by its first.
    pub(super) fn raw_span(&self, part: &Range<usize>, lines: &[(usize, Range<usize>)]) -> Span {
        let line = lines.partition_point(|(start, _)| *start <= part.start).saturating_sub(1);
        let Some((start, range)) = lines.get(line) else {
            return self.span(0..0);
        };
        let from = (range.start + part.start - start).min(range.end);
        let to = (range.start + part.end - start).min(range.end);
        self.span(from..to)
    }
}
