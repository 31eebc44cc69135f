//! Addresses of entries: from the site's root, without a leading slash, percent-encoded.

use super::Entries;
use crate::kinds::Kind;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rayon::prelude::*;
use std::borrow::Cow;

/// What must be escaped in a path (RFC 3986, section 3.3), and the quotes and brackets that would end an attribute.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Makes a path that can stand in an address.
pub fn encoded(path: &str) -> String {
    in_address(path).into_owned()
}

/// The same; most paths can stand in an address as they are.
fn in_address(path: &str) -> Cow<'_, str> {
    utf8_percent_encode(path, RESERVED).into()
}

/// The path of each entry, in their order.
pub fn of_entries(entries: &Entries) -> Vec<String> {
    entries.par_iter().map(|entry| of(entry.kind, &entry.slug)).collect()
}

/// `practices/retail-licensing/`; pages stand at the root, and `pages/index.md` is the home page's own text.
pub fn of(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Page if slug == "index" => String::new(),
        Kind::Page => [&*in_address(slug), "/"].concat(),
        kind => [kind.folder(), "/", &*in_address(slug), "/"].concat(),
    }
}
