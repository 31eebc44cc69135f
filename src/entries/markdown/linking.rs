//! Links and images.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType};

use super::{Mode, Reader};
use crate::entries::body::{Link, LinkKind, Piece, Problem, Written};
use crate::entries::escape;
use crate::entries::links::{self, Destination};
use crate::findings::Span;

/// File names that `![[…]]` shows as a picture; anything else named so is an entry.
const IMAGES: [&str; 7] = [".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"];

/// A link whose end has not come yet.
pub struct OpenLink {
    /// None where the link falls away.
    pub number: Option<u32>,
    span: Span,
    pub link_type: LinkType,
    shown_before: usize,
}

/// An image whose end has not come yet.
pub struct OpenImage<'t> {
    pub link_type: LinkType,
    pub address: CowStr<'t>,
    pub title: CowStr<'t>,
    pub range: Range<usize>,
    pub alt: String,
    /// How many links and the like are open within it.
    pub depth: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn start_link(&mut self, link_type: LinkType, address: &str, title: &str, range: Range<usize>) {
        let span = self.span(range);
        let target_span = self.span_of(address).unwrap_or(span);
        let is_nested = self.open_links.iter().any(|link| link.number.is_some());
        let link = if is_nested {
            None
        } else {
            match link_type {
                LinkType::WikiLink { .. } => self.wiki_link(address, span, target_span),
                LinkType::Email => {
                    let link = external(format!("mailto:{address}"), span, target_span);
                    Some(link)
                }
                _ => self.link(links::destination(address), LinkKind::Relative, span, target_span),
            }
        };
        let number = link.map(|link| self.add_link(Link { title: title.to_owned(), ..link }));
        if let Some(number) = number {
            self.sheet.piece(Piece::Open(number));
        }
        self.open_links.push(OpenLink { number, span, link_type, shown_before: self.shown });
    }

    pub(super) fn end_link(&mut self) {
        let Some(OpenLink { number, span, link_type, shown_before }) = self.open_links.pop() else {
            return;
        };
        if let Some(number) = number {
            if self.shown == shown_before {
                if !matches!(link_type, LinkType::WikiLink { .. }) {
                    self.drafts.problems.push(Problem::LinkWithoutText { span });
                }
                self.sheet.piece(Piece::Text(number));
                self.shown += 1;
            }
            self.sheet.piece(Piece::Close(number));
        }
        if self.open_links.is_empty() {
            for hole in std::mem::take(&mut self.after_link) {
                self.sheet.hole(hole);
            }
        }
    }

    pub(super) fn end_image(&mut self) {
        let Mode::Image(image) = std::mem::replace(&mut self.mode, Mode::Written) else {
            return;
        };
        let OpenImage { link_type, address, title, range, alt, .. } = image;
        self.plain.push(&alt);
        self.shown += alt.len();
        let span = self.span(range);
        let target_span = self.span_of(&address).unwrap_or(span);
        let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
        let is_picture = |name: &str| {
            let name = name.to_ascii_lowercase();
            IMAGES.iter().any(|ending| name.ends_with(ending))
        };
        let link = if is_wiki && !is_picture(links::wiki(&address).0.as_str()) {
            self.wiki_link(&address, span, target_span)
        } else {
            self.link(links::destination(&address), LinkKind::Image, span, target_span)
        };
        let is_linked = self.open_links.iter().any(|link| link.number.is_some());
        match link {
            Some(link) if link.kind == LinkKind::Image => {
                if alt.trim().is_empty() {
                    self.drafts.problems.push(Problem::ImageWithoutText { span });
                }
                let link = self.add_link(Link { title: title.into_string(), ..link });
                self.sheet.piece(Piece::Image { link, alt });
            }
            Some(link) if !is_linked => {
                let bare = alt.is_empty() || link_type == LinkType::WikiLink { has_pothole: false };
                let number = self.add_link(Link { title: title.into_string(), ..link });
                self.sheet.piece(Piece::Open(number));
                if bare {
                    self.sheet.piece(Piece::Text(number));
                    self.shown += 1;
                } else {
                    escape::text(&mut self.sheet.html, &alt);
                }
                self.sheet.piece(Piece::Close(number));
            }
            _ => escape::text(&mut self.sheet.html, &alt),
        }
    }

    /// The link an address makes, if any; `file` is what it is where it leads to a file.
    pub(super) fn link(&mut self, destination: Destination, file: LinkKind, span: Span, target_span: Span) -> Option<Link> {
        let is_image = file == LinkKind::Image;
        let problem = match destination {
            Destination::External(target) => {
                if is_image {
                    self.drafts.problems.push(Problem::ExternalImage { address: target.clone(), span });
                }
                return Some(external(target, span, target_span));
            }
            Destination::File(address) => {
                let kind = if !is_image && address.path.starts_with('/') { LinkKind::Absolute } else { file };
                return Some(Link {
                    target: address.path,
                    query: address.query,
                    fragment: address.fragment,
                    ..empty(kind, span, target_span)
                });
            }
            Destination::Fragment(fragment) if !is_image => {
                return Some(Link { fragment: Some(fragment), ..empty(LinkKind::Fragment, span, target_span) });
            }
            Destination::Fragment(_) | Destination::Nowhere => Problem::EmptyLink { span },
            Destination::Refused(scheme) => Problem::RefusedScheme { scheme, span },
        };
        self.drafts.problems.push(problem);
        None
    }

    pub(super) fn wiki_link(&mut self, written: &str, span: Span, target_span: Span) -> Option<Link> {
        let (target, fragment) = links::wiki(written);
        if target.is_empty() && fragment.is_none() {
            self.drafts.problems.push(Problem::EmptyLink { span });
            return None;
        }
        let kind = if target.is_empty() { LinkKind::Fragment } else { LinkKind::Wiki };
        Some(Link { target, fragment, ..empty(kind, span, target_span) })
    }

    pub(super) fn add_link(&mut self, link: Link) -> u32 {
        self.drafts.links.push(link);
        self.drafts.links.len() as u32 - 1
    }
}

impl<'t> OpenImage<'t> {
    /// Adds to the text of the image; says whether the image ends here.
    pub fn ends_with(&mut self, event: Event<'t>) -> bool {
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) if self.depth == 0 => return true,
            Event::End(_) => self.depth -= 1,
            Event::Text(text) | Event::Code(text) => self.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
            _ => {}
        }
        false
    }
}

fn external(target: String, span: Span, target_span: Span) -> Link {
    Link { target, ..empty(LinkKind::External, span, target_span) }
}

fn empty(kind: LinkKind, span: Span, target_span: Span) -> Link {
    Link { kind, written: Written::Markdown, target: String::new(), query: None, fragment: None, title: String::new(), span, target_span }
}
