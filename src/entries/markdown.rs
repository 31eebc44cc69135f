//! Reads the Markdown of one entry: HTML with holes, links, headings, and what to tell its author.
//!
//! One pass over the parser's events writes the HTML into sheets, one for the text and one for each footnote. What
//! only the whole text decides (ids, levels of headings, numbers of footnotes) is left open in the sheets and
//! settled in `assembly`.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::entries::assembly::{Claimant, Draft, Drafts, Hole, Sheet};
use crate::entries::body::{Body, Link, LinkKind, Piece, Problem, Word, Written};
use crate::entries::links::{self, Destination};
use crate::entries::plain::{Part, Plain};
use crate::entries::{anchors, escape, raw_html, sanitise};
use crate::findings::{At, Span};

/// What is understood beyond CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_WIKILINKS);

/// A table with more columns than this may be wider than a phone, and gets a frame to scroll in.
const NARROW_TABLE: usize = 3;

/// HTML is longer than its Markdown by about a fifth; more room costs less than growing.
const HTML_PER_MARKDOWN: (usize, usize) = (5, 4);

/// File names that `![[…]]` shows as a picture; anything else named so is an entry.
const IMAGES: [&str; 7] = [".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"];

/// Reads the text of an entry, before which `offset` bytes stand in its file.
pub fn read(text: &str, offset: usize) -> Body {
    const BYTE_ORDER_MARK: char = '\u{FEFF}';
    let (text, offset) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (rest, offset + BYTE_ORDER_MARK.len_utf8()),
        None => (text, offset),
    };
    let mut undefined = Vec::new();
    let mut reader = Reader::new(text, offset);
    let keep_as_written = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        // `[word]` alone is ordinary text; `[text][name]` is meant as a link.
        if link.link_type == LinkType::Reference {
            undefined.push((link.reference.to_string(), link.span));
        }
        None
    };
    for (event, range) in Parser::new_with_broken_link_callback(text, OPTIONS, Some(keep_as_written)).into_offset_iter() {
        reader.event(event, range);
    }
    for (name, range) in undefined {
        let span = reader.span(range);
        reader.drafts.problems.push(Problem::UndefinedReference { name, span });
    }
    reader.finish()
}

struct Reader<'t> {
    text: &'t str,
    offset: usize,
    sheet: Sheet,
    /// The sheets that wait while a footnote is written, outermost first, each with the number of that footnote.
    waiting: Vec<(Sheet, u32)>,
    drafts: Drafts,
    plain: Plain,
    mode: Mode<'t>,
    /// The links that are open; more than one only where Markdown nests what HTML cannot.
    open_links: Vec<OpenLink>,
    /// References to footnotes that wait for the end of a link, since a link cannot stand in a link.
    after_link: Vec<Hole>,
    table: Table,
    /// Whether nothing has been read yet.
    at_start: bool,
    /// Bytes of text shown so far: a link that adds none shows nothing.
    shown: usize,
}

/// Events that are not written as they come.
enum Mode<'t> {
    Written,
    /// In the heading that repeats the title.
    Title {
        explicit: Option<At<String>>,
        range: Range<usize>,
    },
    /// In the text of an image.
    Image(OpenImage<'t>),
    /// In a block of raw HTML, which comes line by line.
    Raw(RawBlock),
}

struct OpenImage<'t> {
    link_type: LinkType,
    address: CowStr<'t>,
    title: CowStr<'t>,
    range: Range<usize>,
    alt: String,
    /// How many links and the like are open within it.
    depth: usize,
}

#[derive(Default)]
struct RawBlock {
    html: String,
    /// Where each line stands in `html`, and in the text.
    lines: Vec<(usize, Range<usize>)>,
}

struct OpenLink {
    /// None where the link falls away.
    number: Option<u32>,
    span: Span,
    link_type: LinkType,
    shown_before: usize,
}

#[derive(Default)]
struct Table {
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_rows: bool,
    /// Where the cell that is open begins in the sheet.
    cell: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, offset: usize) -> Self {
        let (more, less) = HTML_PER_MARKDOWN;
        Reader {
            text,
            offset,
            sheet: Sheet::with_capacity(text.len() / less * more),
            waiting: Vec::new(),
            drafts: Drafts::default(),
            plain: Plain::new(),
            mode: Mode::Written,
            open_links: Vec::new(),
            after_link: Vec::new(),
            table: Table::default(),
            at_start: true,
            shown: 0,
        }
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        match &mut self.mode {
            Mode::Written => self.write(event, range),
            Mode::Title { .. } => self.in_title(event),
            Mode::Image(image) => {
                if image.ends_with(event) {
                    self.end_image();
                }
            }
            Mode::Raw(block) => match event {
                Event::Html(line) => {
                    block.lines.push((block.html.len(), range));
                    block.html.push_str(&line);
                }
                _ => self.end_raw_block(),
            },
        }
    }

    fn write(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.words(&text, range),
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::SoftBreak => {
                self.plain.gap();
                self.sheet.html.push('\n');
            }
            Event::HardBreak => {
                self.plain.gap();
                self.sheet.html.push_str("<br>\n");
            }
            Event::Code(code) => {
                self.plain.push(&code);
                self.shown += code.len();
                self.sheet.html.push_str("<code>");
                escape::text(&mut self.sheet.html, &code);
                self.sheet.html.push_str("</code>");
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                self.at_start = false;
                self.raw(&html, &[(0, range)]);
            }
            Event::FootnoteReference(name) => self.footnote_reference(&name, range),
            Event::TaskListMarker(done) => self.task(done),
            Event::Rule => {
                self.at_start = false;
                self.sheet.block("<hr>\n");
            }
            // Formulas are not among the options.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.words(&text, range),
        }
    }

    fn words(&mut self, text: &str, range: Range<usize>) {
        self.plain.push(text);
        if text == "[" {
            self.look_for_undefined_footnote(range);
        }
        let in_bare_wiki_link =
            self.open_links.last().is_some_and(|link| link.link_type == LinkType::WikiLink { has_pothole: false } && link.number.is_some());
        if !in_bare_wiki_link {
            self.shown += text.len();
            escape::text(&mut self.sheet.html, text);
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        let first = std::mem::replace(&mut self.at_start, false);
        match tag {
            Tag::Paragraph => {
                if self.plain.part == Part::Section && self.plain.opening.is_empty() {
                    self.plain.part = Part::Opening;
                }
                self.sheet.block("<p>");
            }
            Tag::Heading { level: HeadingLevel::H1, id, .. } if first => {
                self.plain.part = Part::Heading;
                let explicit = id.and_then(|id| self.explicit_id(&id, &range));
                self.mode = Mode::Title { explicit, range };
            }
            Tag::Heading { level, id, classes, attrs } => self.start_heading(level, id, &classes, &attrs, range),
            Tag::BlockQuote(None) => self.sheet.block("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.start_alert(kind),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => self.mode = Mode::Raw(RawBlock::default()),
            Tag::List(None) => self.sheet.block("<ul>\n"),
            Tag::List(Some(1)) => self.sheet.block("<ol>\n"),
            Tag::List(Some(number)) => self.sheet.block(&format!("<ol start=\"{number}\">\n")),
            Tag::Item => self.sheet.block("<li>"),
            Tag::DefinitionList => self.sheet.block("<dl>\n"),
            Tag::DefinitionListTitle => self.sheet.block("<dt>"),
            Tag::DefinitionListDefinition => self.sheet.block("<dd>"),
            Tag::FootnoteDefinition(name) => self.start_footnote(&name, range),
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => {
                self.table.column = 0;
                self.table.in_head = true;
                self.sheet.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                if !std::mem::replace(&mut self.table.has_rows, true) {
                    self.sheet.html.push_str("<tbody>\n");
                }
                self.sheet.html.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.sheet.html.push_str("<em>"),
            Tag::Strong => self.sheet.html.push_str("<strong>"),
            Tag::Strikethrough => self.sheet.html.push_str("<del>"),
            Tag::Superscript => self.sheet.html.push_str("<sup>"),
            Tag::Subscript => self.sheet.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { link_type, dest_url: address, title, .. } => {
                self.mode = Mode::Image(OpenImage { link_type, address, title, range, alt: String::new(), depth: 0 });
            }
            // Front matter is not among the options.
            Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let html = &mut self.sheet.html;
        match tag {
            TagEnd::Paragraph => {
                html.push_str("</p>\n");
                self.plain.gap();
                if self.plain.part == Part::Opening {
                    self.plain.part = Part::Section;
                }
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(None) => html.push_str("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => html.push_str("</div>\n"),
            TagEnd::CodeBlock => {
                html.push_str("</code></pre>\n");
                self.plain.part = self.resting_part();
                self.plain.gap();
            }
            TagEnd::List(false) => html.push_str("</ul>\n"),
            TagEnd::List(true) => html.push_str("</ol>\n"),
            TagEnd::Item => {
                html.push_str("</li>\n");
                self.plain.gap();
            }
            TagEnd::DefinitionList => html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => {
                html.push_str("</dt>\n");
                self.plain.gap();
            }
            TagEnd::DefinitionListDefinition => {
                html.push_str("</dd>\n");
                self.plain.gap();
            }
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::Table => {
                html.push_str(if self.table.has_rows { "</tbody></table>" } else { "</table>" });
                html.push_str(if self.table.columns.len() > NARROW_TABLE { "</div>\n" } else { "\n" });
            }
            TagEnd::TableHead => {
                html.push_str("</tr></thead>\n");
                self.table.in_head = false;
            }
            TagEnd::TableRow => html.push_str("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => html.push_str("</em>"),
            TagEnd::Strong => html.push_str("</strong>"),
            TagEnd::Strikethrough => html.push_str("</del>"),
            TagEnd::Superscript => html.push_str("</sup>"),
            TagEnd::Subscript => html.push_str("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {}
        }
    }

    // Headings.

    fn in_title(&mut self, event: Event<'t>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.plain.push(&text),
            Event::SoftBreak | Event::HardBreak => self.plain.gap(),
            Event::End(TagEnd::Heading(_)) => {
                if let Mode::Title { explicit, range } = std::mem::replace(&mut self.mode, Mode::Written) {
                    let text = self.plain.take_heading();
                    let span = self.trimmed_span(range);
                    self.plain.part = Part::Section;
                    self.plain.gap();
                    self.drafts.claim(explicit, Claimant::Title);
                    self.drafts.title = Some(At { value: text, span });
                }
            }
            _ => {}
        }
    }

    fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'t>>,
        classes: &[CowStr<'t>],
        attributes: &[(CowStr<'t>, Option<CowStr<'t>>)],
        range: Range<usize>,
    ) {
        self.end_section();
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
            opening: String::new(),
        });
        self.sheet.line();
        self.sheet.hole(Hole::HeadingOpen(number));
    }

    fn end_heading(&mut self) {
        let text = self.plain.take_heading();
        self.plain.part = self.resting_part();
        self.plain.gap();
        if let Some(heading) = self.drafts.headings.last_mut() {
            heading.text = text;
        }
        self.sheet.hole(Hole::HeadingClose(self.drafts.headings.len() - 1));
        self.sheet.html.push('\n');
    }

    fn end_section(&mut self) {
        let opening = self.plain.take_section();
        if let Some(heading) = self.drafts.headings.last_mut() {
            heading.opening = opening;
        }
    }

    /// The id an author gave a heading, if it may have it.
    fn explicit_id(&mut self, id: &str, range: &Range<usize>) -> Option<At<String>> {
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

    // Blocks.

    fn start_alert(&mut self, kind: BlockQuoteKind) {
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

    fn start_code(&mut self, kind: &CodeBlockKind<'t>) {
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

    fn task(&mut self, done: bool) {
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

    fn start_table(&mut self, columns: Vec<Alignment>) {
        if columns.len() > NARROW_TABLE {
            // A group, not a region: a page with two tables would have two landmarks of one name.
            self.sheet.block("<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
            self.sheet.piece(Piece::Word(Word::Table));
            self.sheet.html.push_str("\">");
        }
        self.sheet.block("<table>");
        self.table = Table { columns, ..Table::default() };
    }

    fn start_cell(&mut self) {
        self.table.cell = self.sheet.html.len();
        self.sheet.html.push_str(if self.table.in_head { "<th scope=\"col\"" } else { "<td" });
        self.sheet.html.push_str(match self.table.columns.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            Some(Alignment::None) | None => ">",
        });
    }

    fn end_cell(&mut self) {
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

    // Footnotes.

    fn footnote_reference(&mut self, name: &str, range: Range<usize>) {
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

    fn start_footnote(&mut self, name: &str, range: Range<usize>) {
        let span = self.span_of(name).unwrap_or_else(|| self.trimmed_span(range));
        let (note, problem) = self.drafts.notes.define(name, span);
        self.drafts.problems.extend(problem);
        self.waiting.push((std::mem::take(&mut self.sheet), note));
        self.plain.part = Part::Nowhere;
    }

    fn end_footnote(&mut self) {
        if let Some((sheet, note)) = self.waiting.pop() {
            self.drafts.notes.fill(note, std::mem::replace(&mut self.sheet, sheet));
        }
        self.plain.part = self.resting_part();
        self.plain.gap();
    }

    /// Text that reads `[^name]` was meant as a footnote, but there is none of that name: else it would be no text.
    fn look_for_undefined_footnote(&mut self, range: Range<usize>) {
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
    fn resting_part(&self) -> Part {
        if self.waiting.is_empty() { Part::Section } else { Part::Nowhere }
    }

    // Links and images.

    fn start_link(&mut self, link_type: LinkType, address: &str, title: &str, range: Range<usize>) {
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

    fn end_link(&mut self) {
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

    fn end_image(&mut self) {
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
    fn link(&mut self, destination: Destination, file: LinkKind, span: Span, target_span: Span) -> Option<Link> {
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

    fn wiki_link(&mut self, written: &str, span: Span, target_span: Span) -> Option<Link> {
        let (target, fragment) = links::wiki(written);
        if target.is_empty() && fragment.is_none() {
            self.drafts.problems.push(Problem::EmptyLink { span });
            return None;
        }
        let kind = if target.is_empty() { LinkKind::Fragment } else { LinkKind::Wiki };
        Some(Link { target, fragment, ..empty(kind, span, target_span) })
    }

    fn add_link(&mut self, link: Link) -> u32 {
        self.drafts.links.push(link);
        self.drafts.links.len() as u32 - 1
    }

    // Raw HTML.

    fn end_raw_block(&mut self) {
        if let Mode::Raw(block) = std::mem::replace(&mut self.mode, Mode::Written) {
            self.sheet.line();
            self.raw(&block.html, &block.lines);
        }
    }

    /// Raw HTML, and where each of its lines begins in it and stands in the text.
    fn raw(&mut self, html: &str, lines: &[(usize, Range<usize>)]) {
        // A comment says nothing to readers, and a text that only has comments needs no sanitising.
        if raw_html::is_only_a_comment(html) {
            return;
        }
        self.drafts.has_raw = true;
        self.shown += 1;
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

    fn raw_piece(&mut self, html: &str) {
        let html = if html.contains('\r') { html.replace("\r\n", "\n").replace('\r', "\n") } else { html.to_owned() };
        self.sheet.piece(Piece::Raw(html));
    }

    /// Where a part of raw HTML stands in the file. A part of several lines is named by its first.
    fn raw_span(&self, part: &Range<usize>, lines: &[(usize, Range<usize>)]) -> Span {
        let line = lines.partition_point(|(start, _)| *start <= part.start).saturating_sub(1);
        let Some((start, range)) = lines.get(line) else {
            return self.span(0..0);
        };
        let from = (range.start + part.start - start).min(range.end);
        let to = (range.start + part.end - start).min(range.end);
        self.span(from..to)
    }

    // Places.

    fn span(&self, range: Range<usize>) -> Span {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end.max(start));
        Span::new(start..end).after(self.offset)
    }

    /// Without the line ends and spaces behind.
    fn trimmed_span(&self, range: Range<usize>) -> Span {
        let Span { start, end } = self.span(range);
        let written = &self.text[start as usize - self.offset..end as usize - self.offset];
        Span { start, end: start + written.trim_end().len() as u32 }
    }

    /// Where a part of the text stands, if the parser handed it on without a change.
    fn span_of(&self, part: &str) -> Option<Span> {
        let text = self.text.as_bytes().as_ptr_range();
        let part = part.as_bytes().as_ptr_range();
        let is_inside = text.start <= part.start && part.end <= text.end && part.start < part.end;
        is_inside.then(|| {
            let start = part.start as usize - text.start as usize;
            self.span(start..start + (part.end as usize - part.start as usize))
        })
    }

    fn finish(mut self) -> Body {
        self.end_section();
        let opening = self.plain.take_opening();
        Body { opening, words: self.plain.words, ..self.drafts.assemble(self.sheet) }
    }
}

impl<'t> OpenImage<'t> {
    /// Adds to the text of the image; says whether the image ends here.
    fn ends_with(&mut self, event: Event<'t>) -> bool {
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
