//! The text of an entry as it is read: what stands under each heading, without markup.

use crate::entries::body::{Body, Piece, RawHtml, Target};
use std::borrow::Cow;

/// Stands between blocks: words on both sides of it are no neighbours.
pub const BLOCK: char = '\u{1f}';

/// Elements that stand within a line, and part no words.
const INLINE: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "u", "var",
];

/// What stands under one heading, or before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The place of its heading among those of the body; none before the first.
    pub heading: Option<usize>,
    /// Its text without the heading, blocks parted by [`BLOCK`].
    pub text: String,
}

/// The sections of a text in their order. `shown` says what stands in place of a link without text, by its number.
pub fn sections<'a>(body: &Body, raw: RawHtml, shown: &dyn Fn(u32) -> Option<&'a str>) -> Vec<Section> {
    let mut reader = Reader { body, sections: vec![Section::default()], heading: None };
    if body.has_raw_html() && raw != RawHtml::Escape {
        // What an author's own tags hold is only known when they have been made safe; scripts are no text in any case.
        let html = body.fill(RawHtml::Sanitize, &|_| "", &mut |number, _| Target::Plain { text: shown(number).map(str::to_owned) });
        reader.html(&html);
        return reader.sections;
    }
    for piece in &body.pieces {
        match piece {
            Piece::Html(html) => reader.html(html),
            Piece::Text(number) => {
                if let Some(text) = shown(*number) {
                    reader.text(text);
                }
            }
            Piece::Raw(text) | Piece::RawImage { written: text, .. } | Piece::RawAddress { written: text, .. } => reader.text(text),
            Piece::Open(_) | Piece::Close(_) | Piece::Image { .. } | Piece::Word(_) => {}
        }
    }
    reader.sections
}

struct Reader<'b> {
    body: &'b Body,
    sections: Vec<Section>,
    /// Within the heading of the last section.
    heading: Option<u8>,
}

impl Reader<'_> {
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            self.text(&unescaped(&rest[..open]));
            let end = rest[open..].find('>').map_or(rest.len(), |end| open + end + 1);
            self.tag(&rest[open..end]);
            rest = &rest[end..];
        }
        self.text(&unescaped(rest));
    }

    fn text(&mut self, text: &str) {
        if self.heading.is_some() || text.is_empty() {
            return;
        }
        let into = &mut self.sections.last_mut().expect("there is a section from the start").text;
        // Line ends within a paragraph are spaces.
        into.extend(text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
    }

    fn tag(&mut self, tag: &str) {
        let closes = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if INLINE.binary_search(&name).is_ok() {
            return;
        }
        match (name.as_bytes(), closes) {
            ([b'h', level @ b'2'..=b'6'], false) => {
                let after = self.sections.last().and_then(|section| section.heading).map_or(0, |last| last + 1);
                let rest = self.body.headings.get(after..).unwrap_or_default();
                let number = attribute(tag, "id").and_then(|id| rest.iter().position(|heading| heading.id == id));
                if let Some(number) = number.map(|number| after + number) {
                    self.sections.push(Section { heading: Some(number), text: String::new() });
                    self.heading = Some(*level);
                }
            }
            ([b'h', level], true) if self.heading == Some(*level) => self.heading = None,
            _ => {}
        }
        let into = &mut self.sections.last_mut().expect("there is a section from the start").text;
        if !into.is_empty() && !into.ends_with(BLOCK) {
            into.push(BLOCK);
        }
    }
}

/// The value of an attribute of a start tag that our own writer made: in double quotes.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let end = tag[at..].find('"')? + at;
    Some(unescaped(&tag[at..end]))
}

/// Text with the references that our own writer and the sanitiser make resolved.
fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut plain = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")];
        let (written, meant) = known.into_iter().find(|(written, _)| rest.starts_with(written)).unwrap_or(("&", "&"));
        plain.push_str(meant);
        rest = &rest[written.len()..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The beginning of a text, at most `length` characters, cut after a word and marked where it goes on.
pub fn opening(text: &str, length: usize) -> String {
    let mut opening = String::new();
    let mut count = 0;
    let parts = text.split(|c: char| c == BLOCK || c.is_whitespace()).filter(|part| !part.is_empty());
    for part in parts {
        let more = part.chars().count() + usize::from(count > 0);
        if count + more > length {
            if count == 0 {
                // A text without spaces is cut where the room ends.
                opening.extend(part.chars().take(length));
            }
            opening.push('…');
            break;
        }
        if count > 0 {
            opening.push(' ');
        }
        opening.push_str(part);
        count += more;
    }
    opening
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::markdown;

    fn read(text: &str) -> Vec<(Option<usize>, String)> {
        let sections = sections(&markdown::read(text, 0), RawHtml::Sanitize, &|_| Some("Shown"));
        sections.into_iter().map(|section| (section.heading, section.text.replace(BLOCK, "|"))).collect()
    }

    #[test]
    fn each_section_has_its_text_without_its_heading() {
        let text = "One **bo**ld line\nand more.\n\n## Two &amp; *three*\n\n- a\n- b <c>\n\n## Four\n";
        assert_eq!(read(text), [(None, "One bold line and more.|".to_owned()), (Some(0), "a| |b |".to_owned()), (Some(1), String::new())]);
    }

    #[test]
    fn what_a_script_says_is_not_read() {
        assert_eq!(read("a <script>alert(1)</script> b")[0].1.trim_end_matches('|'), "a  b");
    }

    #[test]
    fn openings_are_cut_after_a_word() {
        assert_eq!(opening("one two three", 8), "one two…");
        assert_eq!(opening("one\u{1f} two", 7), "one two");
        assert_eq!(opening("知识库知识库", 3), "知识库…");
    }
}
