//! Looks through the HTML an author wrote by hand for what others need to know: its ids and its addresses.
//!
//! Nothing here makes a page safe (that is the sanitiser's work); a tag that is overlooked here is only a link
//! that nobody checks.

use std::borrow::Cow;
use std::ops::Range;

/// Elements whose content is no markup, so that what looks like a tag in it is none.
const OPAQUE: [&str; 6] = ["script", "style", "textarea", "title", "iframe", "noscript"];

/// A start tag.
#[derive(Debug)]
pub struct Tag<'h> {
    /// In lower case.
    pub name: Cow<'h, str>,
    pub attributes: Vec<Attribute<'h>>,
    pub range: Range<usize>,
}

#[derive(Debug)]
pub struct Attribute<'h> {
    /// In lower case.
    pub name: Cow<'h, str>,
    /// Without quotes, character references resolved.
    pub value: Cow<'h, str>,
    /// Name and value, with quotes.
    pub range: Range<usize>,
}

impl Tag<'_> {
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'_>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// Whether the HTML is one comment and nothing else. What ends a comment is taken from the HTML standard
/// (section 13.2.5.43 and on), where `-->` is not the only way.
pub fn is_only_a_comment(html: &str) -> bool {
    let Some(inside) = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) else {
        return false;
    };
    !(inside.starts_with('>') || inside.starts_with("->") || inside.contains("-->") || inside.contains("--!>"))
}

/// The start tags of a piece of HTML, in order. Any text is accepted.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start + 1..];
        at = if rest.starts_with("!--") {
            after(html, start + 2, "-->")
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = tag(html, start);
            let mut end = tag.range.end;
            if OPAQUE.contains(&&*tag.name) {
                end = closing(html, end, &tag.name);
            }
            tags.push(tag);
            end
        } else if rest.starts_with(['/', '!', '?']) {
            after(html, start + 1, ">")
        } else {
            start + 1
        };
    }
    tags
}

fn after(html: &str, from: usize, end: &str) -> usize {
    html[from..].find(end).map_or(html.len(), |found| from + found + end.len())
}

/// Where the closing tag of an opaque element begins.
fn closing(html: &str, from: usize, name: &str) -> usize {
    html[from..]
        .match_indices("</")
        .map(|(found, _)| from + found)
        .find(|start| html.as_bytes()[start + 2..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())))
        .unwrap_or(html.len())
}

/// Reads the start tag that begins at `start`; one that is not closed goes on to the end.
fn tag(html: &str, start: usize) -> Tag<'_> {
    let bytes = html.as_bytes();
    let mut at = start + 1;
    let skip = |at: &mut usize, go_on: &dyn Fn(u8) -> bool| {
        while bytes.get(*at).is_some_and(|byte| go_on(*byte)) {
            *at += 1;
        }
    };
    skip(&mut at, &|byte| !byte.is_ascii_whitespace() && byte != b'/' && byte != b'>');
    let name = lower(&html[start + 1..at]);
    let mut attributes = Vec::new();
    loop {
        skip(&mut at, &|byte| byte.is_ascii_whitespace() || byte == b'/');
        if at >= bytes.len() || bytes[at] == b'>' {
            break;
        }
        let begin = at;
        // An equals sign at the beginning belongs to the name.
        at += 1;
        skip(&mut at, &|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let name = lower(&html[begin..at]);
        let name_end = at;
        skip(&mut at, &|byte| byte.is_ascii_whitespace());
        if bytes.get(at) != Some(&b'=') {
            attributes.push(Attribute { name, value: Cow::Borrowed(""), range: begin..name_end });
            continue;
        }
        at += 1;
        skip(&mut at, &|byte| byte.is_ascii_whitespace());
        let value = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                at += 1;
                let from = at;
                skip(&mut at, &|byte| byte != quote);
                let value = &html[from..at];
                at = (at + 1).min(html.len());
                value
            }
            _ => {
                let from = at;
                skip(&mut at, &|byte| !byte.is_ascii_whitespace() && byte != b'>');
                &html[from..at]
            }
        };
        attributes.push(Attribute { name, value: resolved(value), range: begin..at });
    }
    Tag { name, attributes, range: start..(at + 1).min(html.len()) }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
}

/// With the character references resolved that addresses and ids are written with.
fn resolved(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        match reference(rest) {
            Some((letter, length)) => {
                text.push(letter);
                rest = &rest[length..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character reference that the text begins with, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 8] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&colon;", ':'),
        ("&Tab;", '\t'),
        ("&NewLine;", '\n'),
    ];
    if let Some((name, letter)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*letter, name.len()));
    }
    let number = text.strip_prefix("&#")?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let letter = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
    let end = text.len() - digits.len() + length;
    let semicolon = usize::from(text[end..].starts_with(';'));
    Some((letter, end + semicolon))
}
