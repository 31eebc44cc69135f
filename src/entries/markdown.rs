//! Reads the Markdown of one entry: HTML with holes, links, headings, and what to tell its author.
//!
//! One pass over the parser's events writes the HTML into sheets, one for the text and one for each footnote. What
//! only the whole text decides (ids, levels of headings, numbers of footnotes) is left open in the sheets and
//! settled in `assembly`.

mod blocks;
mod linking;
mod raw;

use std::ops::Range;

use pulldown_cmark::{Alignment, BrokenLink, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use self::linking::{OpenImage, OpenLink};
use self::raw::RawBlock;
use crate::entries::assembly::{Drafts, Hole, Sheet};
use crate::entries::body::{Body, Problem};
use crate::entries::escape;
use crate::entries::plain::{Part, Plain};
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

/// Reads the text of an entry, before which `offset` bytes stand in its file.
pub fn read(text: &str, offset: usize) -> Body {
    read_with(text, offset).finish()
}

/// A text in which Markdown sees no marks of its own (CommonMark 0.31, section 2.4), on one line.
pub fn escaped(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A number with a full stop begins a list, but only at the beginning of a line.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::with_capacity(line.len());
    for (at, letter) in line.char_indices() {
        let begins = at == 0 && matches!(letter, '+' | '-' | '=' | ':');
        let numbers = digits > 0 && at == digits && matches!(letter, '.' | ')');
        if begins || numbers || matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn read_with(text: &str, offset: usize) -> Reader<'_> {
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
    reader
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
                if self.plain.part == Part::Body && self.plain.opening.trim().is_empty() {
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
                    self.plain.part = Part::Body;
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
        let opening = self.plain.take_opening();
        Body { opening, words: self.plain.words, ..self.drafts.assemble(self.sheet) }
    }
}
