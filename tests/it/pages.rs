//! Pages as a reader's browser takes them: their tags, where they lead, and their text set out for people who compare.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

/// A part of a page.
pub enum Part<'a> {
    Tag(Tag<'a>),
    Text(&'a str),
}

pub struct Tag<'a> {
    pub name: &'a str,
    pub closing: bool,
    /// As it stands in the page, brackets and all.
    pub whole: &'a str,
    pub attributes: Vec<(&'a str, String)>,
}

impl Tag<'_> {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The parts of a page in order. It reads what the program writes, which is well-formed; it is no parser for the web.
pub fn parts(html: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        if start > 0 {
            parts.push(Part::Text(&rest[..start]));
        }
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let length = tag_length(rest);
        parts.push(Part::Tag(tag(&rest[..length])));
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn tag(whole: &str) -> Tag<'_> {
    let inner = whole.trim_start_matches('<').trim_end_matches('>');
    let closing = inner.starts_with('/');
    let inner = inner.trim_matches('/');
    let end = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((name, String::new()));
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        attributes.push((name, unescaped(value)));
        rest = after;
    }
    Tag { name, closing, whole, attributes }
}

/// A text without its character references, as far as the program writes any.
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let named =
            [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\''), ("&nbsp;", '\u{a0}')];
        match named.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, letter)) => {
                out.push(*letter);
                rest = &rest[name.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What of the links of a site does not hold: an address where nothing is, an anchor nobody set, an id set twice. A
/// site whose base is `https://example.org/library/` has the base path `/library/`.
pub fn broken(files: &BTreeMap<String, Vec<u8>>, base_path: &str) -> Vec<String> {
    let mut pages: HashMap<&str, (BTreeSet<String>, Vec<String>)> = HashMap::new();
    let mut broken = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let Ok(html) = std::str::from_utf8(bytes) else {
            broken.push(format!("{path}: not UTF-8"));
            continue;
        };
        let (mut ids, mut links) = (BTreeSet::new(), Vec::new());
        for part in parts(html) {
            let Part::Tag(tag) = part else { continue };
            if tag.closing {
                continue;
            }
            for (name, value) in &tag.attributes {
                match *name {
                    "id" if !ids.insert(value.clone()) => broken.push(format!("{path}: the id `{value}` stands twice")),
                    "href" | "src" | "poster" => links.push(value.clone()),
                    "content" if tag.attribute("http-equiv").is_some() => {
                        links.extend(value.split_once("url=").map(|(_, url)| url.to_owned()));
                    }
                    _ => {}
                }
            }
        }
        pages.insert(path, (ids, links));
    }
    for (path, (_, links)) in &pages {
        for link in links {
            if let Err(why) = follow(path, link, files, &pages, base_path) {
                broken.push(format!("{path}: `{link}` {why}"));
            }
        }
    }
    broken.sort();
    broken
}

type Pages<'a> = HashMap<&'a str, (BTreeSet<String>, Vec<String>)>;

fn follow(from: &str, link: &str, files: &BTreeMap<String, Vec<u8>>, pages: &Pages, base_path: &str) -> Result<(), String> {
    let scheme = link.split_once(':').filter(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)));
    if scheme.is_some() || link.starts_with("//") {
        return Ok(());
    }
    let (address, fragment) = link.split_once('#').map_or((link, None), |(address, fragment)| (address, Some(fragment)));
    let address = address.split('?').next().unwrap_or_default();
    let target = match (address, address.strip_prefix('/')) {
        ("", _) => from.to_owned(),
        (_, Some(_)) => match address.strip_prefix(base_path) {
            Some(inside) => joined("", inside).ok_or("leads out of the site")?,
            None => return Err("does not stand below the site's base".into()),
        },
        _ => joined(from.rsplit_once('/').map_or("", |(folder, _)| folder), address).ok_or("leads out of the site")?,
    };
    let bytes = files.get(&target).or_else(|| files.get(format!("{target}/index.html").trim_start_matches('/')));
    if bytes.is_none() {
        return Err(format!("leads to `{target}`, where nothing is"));
    }
    let target = if files.contains_key(&target) { target } else { format!("{target}/index.html").trim_start_matches('/').to_owned() };
    match (fragment.map(decoded).filter(|fragment| !fragment.is_empty()), pages.get(target.as_str())) {
        (Some(fragment), Some((ids, _))) if !ids.contains(&fragment) => Err(format!("names an anchor that `{target}` does not have")),
        _ => Ok(()),
    }
}

/// A plain path from a folder of the site and an address; none if it climbs out.
fn joined(folder: &str, address: &str) -> Option<String> {
    let mut parts: Vec<String> = folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let is_folder = address.is_empty() || address.ends_with('/') || address.ends_with("..") || address == ".";
    for part in address.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(decoded(part));
        }
    }
    if is_folder {
        parts.push("index.html".into());
    }
    Some(parts.join("/"))
}

pub fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What stands in `<main>`; the whole page where it has none.
pub fn main_of(html: &str) -> &str {
    let Some(start) = html.find("<main") else { return html };
    let end = html.find("</main>").map_or(html.len(), |end| end + "</main>".len());
    &html[start..end]
}

/// The elements of a class, outermost first, in the order of the page.
pub fn of_class<'a>(html: &'a str, class: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    for part in parts(html) {
        let Part::Tag(tag) = part else { continue };
        let start = tag.whole.as_ptr() as usize - html.as_ptr() as usize;
        let end = start + tag.whole.len();
        let is_of_it = !tag.closing && tag.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|own| own == class));
        match &mut open {
            None if is_of_it => open = Some((start, tag.name, 1)),
            Some((_, name, depth)) if *name == tag.name => *depth = if tag.closing { *depth - 1 } else { *depth + 1 },
            _ => {}
        }
        if let Some((start, _, 0)) = open {
            found.push(&html[start..end]);
            open = None;
        }
    }
    found
}

/// Elements that begin a line of their own when a page is set out.
const BLOCKS: [&str; 42] = [
    "main",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "nav",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "blockquote",
    "figure",
    "figcaption",
    "pre",
    "hr",
    "details",
    "summary",
    "form",
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
];

/// Elements without an end.
const VOID: [&str; 8] = ["hr", "br", "img", "input", "meta", "link", "source", "wbr"];

/// A page with one block to a line, indented by its depth, so that a change of a word is a change of a line. Drawings
/// are left out: their paths say nothing to a reader of a difference.
pub fn set_out(html: &str) -> String {
    let mut sheet = Sheet::default();
    let (mut drawing, mut as_written) = (false, false);
    for part in parts(html) {
        match part {
            Part::Tag(tag) if tag.name == "svg" => {
                drawing = !tag.closing;
                sheet.line.push_str(if tag.closing { "…</svg>" } else { tag.whole });
            }
            _ if drawing => {}
            Part::Tag(tag) if BLOCKS.contains(&tag.name) => {
                as_written = tag.name == "pre" && !tag.closing;
                if tag.closing { sheet.close(tag.whole) } else { sheet.open(&tag) }
            }
            Part::Tag(tag) => sheet.line.push_str(tag.whole),
            Part::Text(text) if as_written => sheet.line.push_str(text),
            Part::Text(text) => sheet.text(text),
        }
    }
    sheet.end_line();
    sheet.out
}

#[derive(Default)]
struct Sheet {
    out: String,
    line: String,
    depth: usize,
    /// Whether the block that was opened last began on this line.
    begun_here: bool,
}

impl Sheet {
    fn open(&mut self, tag: &Tag) {
        self.end_line();
        self.line.push_str(tag.whole);
        if VOID.contains(&tag.name) || tag.whole.ends_with("/>") {
            self.end_line();
        } else {
            self.depth += 1;
            self.begun_here = true;
        }
    }

    fn close(&mut self, whole: &str) {
        if !std::mem::take(&mut self.begun_here) {
            self.end_line();
        }
        self.depth = self.depth.saturating_sub(1);
        self.line.push_str(whole);
        let depth = self.depth;
        self.finish(depth);
    }

    fn text(&mut self, text: &str) {
        for word in text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            self.line.push_str(bare);
            if bare.len() < word.len() && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        // A line that opens its block stands one step further out than what is in it.
        let depth = if self.begun_here { self.depth - 1 } else { self.depth };
        self.begun_here = false;
        self.finish(depth);
    }

    fn finish(&mut self, depth: usize) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            writeln!(self.out, "{:indent$}{}", "", line.trim(), indent = depth * 2).unwrap();
        }
    }
}

#[test]
fn a_page_is_set_out_one_block_to_a_line() {
    let html = "<main id=\"main\">\n<h1>A <em>b</em>\n c</h1><ul><li><p>one</p></li><li>two</li></ul><svg class=\"mark\"><path d=\"M\"/></svg></main>";
    let expected = "\
<main id=\"main\">
  <h1>A <em>b</em> c</h1>
  <ul>
    <li>
      <p>one</p>
    </li>
    <li>two</li>
  </ul>
  <svg class=\"mark\">…</svg>
</main>
";
    assert_eq!(set_out(html), expected);
}

#[test]
fn elements_are_found_by_their_class() {
    let html = "<div class=\"a b\"><div>1</div></div><p class=b>2</p><p class=\"bb\">3</p>";
    assert_eq!(of_class(html, "b"), ["<div class=\"a b\"><div>1</div></div>", "<p class=b>2</p>"]);
}

#[test]
fn links_that_do_not_hold_are_found() {
    let page = |text: &str| text.as_bytes().to_vec();
    let files = BTreeMap::from([
        ("index.html".to_owned(), page("<a href=\"a/\">a</a><a href=\"a/#there\">b</a><a href='https://elsewhere.example/'>c</a>")),
        ("a/index.html".to_owned(), page("<h2 id=there>x</h2><h2 id=\"there\">y</h2><a href=\"../\">home</a><img src=\"../no.png\">")),
        (
            "b/index.html".to_owned(),
            page("<a href=\"../a/#nowhere\">x</a><a href=\"#top\">y</a><a href=\"../../up\">z</a><a href=\"/a/\">w</a>"),
        ),
        ("404.html".to_owned(), page("<a href=\"/library/a/\">x</a>")),
    ]);
    assert_eq!(
        broken(&files, "/library/"),
        [
            "a/index.html: `../no.png` leads to `no.png`, where nothing is",
            "a/index.html: the id `there` stands twice",
            "b/index.html: `#top` names an anchor that `b/index.html` does not have",
            "b/index.html: `../../up` leads out of the site",
            "b/index.html: `../a/#nowhere` names an anchor that `a/index.html` does not have",
            "b/index.html: `/a/` does not stand below the site's base",
        ]
    );
}
