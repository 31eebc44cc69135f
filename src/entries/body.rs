//! The text of an entry as HTML with holes, and how the holes are filled.

use crate::entries::{escape, sanitise};
use crate::findings::{At, Span};

/// The text of an entry, understood by itself: HTML with holes where addresses of other entries go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    pub pieces: Vec<Piece>,
    pub links: Vec<Link>,
    pub headings: Vec<Heading>,
    /// Every id in the HTML that Markdown made, in the order of the HTML.
    pub anchors: Vec<At<String>>,
    /// Every id in raw HTML; none of these exist where raw HTML is escaped.
    pub raw_anchors: Vec<At<String>>,
    /// A level-1 heading that begins the text: its title said again. It is in neither the pieces nor the headings;
    /// an empty element with its anchor stands in its place, so that links to it work.
    pub leading_title: Option<At<String>>,
    /// The first paragraph as plain text, at most 300 characters, cut after a word.
    pub opening: String,
    pub words: u32,
    /// In the order of the file.
    pub problems: Vec<Problem>,
    pub(super) has_raw: bool,
}

/// A part of the HTML. Numbers are those of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Html(String),
    /// The start tag of a link.
    Open(u32),
    /// The shown text of a link that has none of its own.
    Text(u32),
    /// The end tag of a link.
    Close(u32),
    /// A whole image: its address is the link's.
    Image {
        link: u32,
        alt: String,
    },
    /// HTML as its author wrote it.
    Raw(String),
    /// The attribute of a raw tag that holds an address.
    RawAddress {
        link: u32,
        name: &'static str,
        written: String,
    },
    /// A raw image that would be loaded from elsewhere; its text stands in for it where raw HTML is sanitised.
    RawImage {
        alt: String,
        written: String,
    },
    /// A word in the reader's language.
    Word(Word),
}

/// A word that Markdown does not say itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    /// The name of a box that is ticked.
    Done,
    /// The name of a box that is not.
    NotDone,
    /// The name of a table that can be scrolled.
    Table,
    /// The name of the list of footnotes.
    Footnotes,
    /// The name of the link from a footnote to where it is referred to.
    BackToText,
}

impl Word {
    pub fn english(self) -> &'static str {
        match self {
            Word::Note => "Note",
            Word::Tip => "Tip",
            Word::Important => "Important",
            Word::Warning => "Warning",
            Word::Caution => "Caution",
            Word::Done => "Done",
            Word::NotDone => "Not done",
            Word::Table => "Table",
            Word::Footnotes => "Footnotes",
            Word::BackToText => "Back to the text",
        }
    }
}

/// A link or image, as far as its own text says where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    pub written: Written,
    /// Of a file: its path, decoded, as its author spelled it (not in NFC). Of a wiki link: the name, white space
    /// made single. Outside: the whole address, ready for an `href`. Empty for a fragment.
    pub target: String,
    /// As written, without the question mark; only where the target is a file.
    pub query: Option<String>,
    /// Decoded and in NFC, as anchors are. Of a wiki link: the slug of what was written.
    pub fragment: Option<String>,
    /// What shows when one points at it; mostly empty.
    pub title: String,
    /// The whole link in the file.
    pub span: Span,
    /// The address in the file: for a reference link, in its definition; the whole link where it was written in such
    /// a way (escapes, raw HTML) that it cannot be told apart.
    pub target_span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A file, relative to the entry's folder.
    Relative,
    /// A place in the same text.
    Fragment,
    /// `[[name]]`: an entry by id, title or synonym.
    Wiki,
    /// `http`, `https`, `mailto`, `tel`.
    External,
    /// An image file: relative to the entry's folder or, where it begins with `/`, to the site.
    Image,
    /// A path that begins with `/`, relative to the site.
    Absolute,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Written {
    Markdown,
    /// In raw HTML: no link at all where that is escaped.
    RawHtml,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// As it stands in the HTML: 2 to 6, since the page's only heading of level 1 is its title.
    pub level: u8,
    pub id: String,
    /// Plain text.
    pub text: String,
    pub span: Span,
}

/// What an author should be told about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A link or image whose scheme is not let through; its text stays.
    RefusedScheme { scheme: String, span: Span },
    /// `[text]()`: a link to nowhere; its text stays.
    EmptyLink { span: Span },
    /// `[](address)`: a link that nobody can see; it shows its target's title.
    LinkWithoutText { span: Span },
    /// An image that would be loaded from elsewhere. In Markdown it becomes a link; in raw HTML, where that is
    /// sanitised, its text.
    ExternalImage { address: String, span: Span },
    /// `![](address)`: an image that says nothing to those who cannot see it.
    ImageWithoutText { span: Span },
    /// `[text][name]` without `[name]: address`; it stays as written.
    UndefinedReference { name: String, span: Span },
    /// `[^name]` without `[^name]: text`; it stays as written.
    UndefinedFootnote { name: String, span: Span },
    /// A footnote nobody refers to; it stands at the end of the list.
    UnusedFootnote { name: String, span: Span },
    /// A second footnote of the same name; nobody can refer to it.
    DuplicateFootnote { name: String, span: Span, first: Span },
    /// An id that was given before; a heading gets another one.
    DuplicateAnchor { id: String, span: Span, first: Span },
    /// An id that begins as the page's own do (`fm-`); a heading gets another one.
    ReservedAnchor { id: String, span: Span },
    /// An attribute of a heading other than an id or a simple class; it is left out.
    HeadingAttribute { name: String, span: Span },
    /// A raw element whose tag is left out where raw HTML is sanitised.
    RemovedElement { name: String, span: Span },
}

impl Problem {
    pub fn span(&self) -> Span {
        match self {
            Problem::RefusedScheme { span, .. }
            | Problem::EmptyLink { span }
            | Problem::LinkWithoutText { span }
            | Problem::ExternalImage { span, .. }
            | Problem::ImageWithoutText { span }
            | Problem::UndefinedReference { span, .. }
            | Problem::UndefinedFootnote { span, .. }
            | Problem::UnusedFootnote { span, .. }
            | Problem::DuplicateFootnote { span, .. }
            | Problem::DuplicateAnchor { span, .. }
            | Problem::ReservedAnchor { span, .. }
            | Problem::HeadingAttribute { span, .. }
            | Problem::RemovedElement { span, .. } => *span,
        }
    }
}

/// What becomes of HTML that an author wrote by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RawHtml {
    #[default]
    Sanitize,
    Escape,
    Allow,
}

/// Where a link leads, once everything else is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `class` may be empty. `text` is shown where the link has no text of its own.
    Address { href: String, text: Option<String>, class: &'static str },
    /// The link falls away, its text stays.
    Plain { text: Option<String> },
    /// An entry nobody has written yet.
    Wanted { text: Option<String> },
}

impl Body {
    /// Whether a link can lead to `#id` in this text.
    pub fn has_anchor(&self, id: &str, raw: RawHtml) -> bool {
        let is_it = |anchor: &At<String>| anchor.value == id;
        self.anchors.iter().any(is_it) || (raw != RawHtml::Escape && self.raw_anchors.iter().any(is_it))
    }

    /// Whether its author wrote HTML in it.
    pub fn has_raw_html(&self) -> bool {
        self.has_raw
    }

    /// The finished HTML. `target` is asked once for each link, in the order of the HTML.
    pub fn fill<'w>(&self, raw: RawHtml, word: &dyn Fn(Word) -> &'w str, target: &mut dyn FnMut(u32, &Link) -> Target) -> String {
        let mut html = String::with_capacity(self.pieces.iter().map(Piece::expected_length).sum());
        // Links do not stand in links, so one target is enough to remember.
        let mut current = Target::Plain { text: None };
        for piece in &self.pieces {
            match piece {
                Piece::Html(text) => html.push_str(text),
                Piece::Word(which) => escape::attribute(&mut html, word(*which)),
                Piece::Open(number) => {
                    let link = &self.links[*number as usize];
                    current = target(*number, link);
                    open(&mut html, link, &current);
                }
                Piece::Text(number) => escape::text(&mut html, shown(&self.links[*number as usize], &current)),
                Piece::Close(_) => html.push_str(match current {
                    Target::Address { .. } => "</a>",
                    Target::Plain { .. } => "",
                    Target::Wanted { .. } => "</span>",
                }),
                Piece::Image { link: number, alt } => {
                    let link = &self.links[*number as usize];
                    image(&mut html, link, alt, &target(*number, link));
                }
                Piece::Raw(text) => match raw {
                    RawHtml::Escape => escape::text(&mut html, text),
                    RawHtml::Sanitize | RawHtml::Allow => html.push_str(text),
                },
                Piece::RawImage { alt, written } => match raw {
                    RawHtml::Sanitize => escape::text(&mut html, alt),
                    RawHtml::Escape => escape::text(&mut html, written),
                    RawHtml::Allow => html.push_str(written),
                },
                Piece::RawAddress { link, name, written } => match raw {
                    RawHtml::Escape => escape::text(&mut html, written),
                    RawHtml::Sanitize | RawHtml::Allow => {
                        if let Target::Address { href, .. } = target(*link, &self.links[*link as usize]) {
                            html.extend([name, "=\""]);
                            escape::attribute(&mut html, &href);
                            html.push('"');
                        }
                    }
                },
            }
        }
        if self.has_raw && raw == RawHtml::Sanitize { sanitise::clean(&html) } else { html }
    }
}

impl Piece {
    /// Bytes, about right: an address and its markup are rarely longer.
    fn expected_length(&self) -> usize {
        const HOLE: usize = 96;
        match self {
            Piece::Html(text) | Piece::Raw(text) => text.len(),
            Piece::Close(_) => 0,
            _ => HOLE,
        }
    }
}

fn open(html: &mut String, link: &Link, target: &Target) {
    match target {
        Target::Address { href, class, .. } => {
            html.push_str("<a href=\"");
            escape::attribute(html, href);
            html.push('"');
            if !class.is_empty() {
                html.extend([" class=\"", class, "\""]);
            }
            if link.kind == LinkKind::External && link.target.starts_with("http") {
                html.push_str(" rel=\"noopener\"");
            }
            title(html, link);
            html.push('>');
        }
        Target::Plain { .. } => {}
        Target::Wanted { .. } => html.push_str("<span class=\"wanted\">"),
    }
}

fn image(html: &mut String, link: &Link, alt: &str, target: &Target) {
    let Target::Address { href, .. } = target else {
        return escape::text(html, alt);
    };
    html.push_str("<img src=\"");
    escape::attribute(html, href);
    html.push_str("\" alt=\"");
    escape::attribute(html, alt);
    html.push('"');
    title(html, link);
    html.push_str(" loading=\"lazy\" decoding=\"async\">");
}

fn title(html: &mut String, link: &Link) {
    if !link.title.is_empty() {
        html.push_str(" title=\"");
        escape::attribute(html, &link.title);
        html.push('"');
    }
}

/// What a link shows that has no text of its own: what its target is called, else where it leads.
fn shown<'a>(link: &'a Link, target: &'a Target) -> &'a str {
    let (Target::Address { text, .. } | Target::Plain { text } | Target::Wanted { text }) = target;
    match (text, &link.fragment) {
        (Some(text), _) => text,
        (None, Some(fragment)) if link.target.is_empty() => fragment,
        (None, _) => &link.target,
    }
}
