//! Where a link leads, judged by its address alone and as a browser would read it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::entries::anchors;

/// The schemes a link may have; everything else could run something, or would work on one machine only.
pub const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What an address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// An empty address.
    Nowhere,
    /// A scheme that is not let through, in lower case.
    Refused(String),
    /// Somewhere else: the whole address, ready to stand in an `href`.
    External(String),
    /// A place in the same text.
    Fragment(String),
    /// A file, relative to the entry or, where it begins with `/`, to the site.
    File(FileAddress),
}

/// The address of a file, taken apart and decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAddress {
    pub path: String,
    /// As written, without the question mark.
    pub query: Option<String>,
    pub fragment: Option<String>,
}

/// Reads an address. White space around it and control characters in it are left out first, as browsers do
/// (URL Standard, section 4.4), so that `java&#9;script:` is seen for what it is.
pub fn destination(written: &str) -> Destination {
    let address = clean(written);
    if address.is_empty() {
        return Destination::Nowhere;
    }
    if let Some(fragment) = address.strip_prefix('#') {
        return Destination::Fragment(decoded_fragment(fragment));
    }
    if is_host_relative(&address) {
        // Without a scheme this would mean another machine's folder where the site is opened from a drive.
        return Destination::External(external(&format!("https://{}", address.trim_start_matches(['/', '\\']))));
    }
    match scheme(&address) {
        Some(scheme) if SCHEMES.contains(&scheme.as_str()) => Destination::External(external(&address)),
        Some(scheme) => Destination::Refused(scheme),
        None => Destination::File(file(&address)),
    }
}

/// The target and fragment of a wiki link: `name`, `name#section` or `#section`.
pub fn wiki(written: &str) -> (String, Option<String>) {
    // In a table the bar before the text is written `\|`, and the backslash stays with the name.
    let written = written.strip_suffix('\\').unwrap_or(written);
    let (name, fragment) = match written.split_once('#') {
        Some((name, fragment)) => (name, (!fragment.trim().is_empty()).then(|| anchors::slug(fragment))),
        None => (written, None),
    };
    (name.split_whitespace().collect::<Vec<_>>().join(" "), fragment)
}

fn clean(written: &str) -> Cow<'_, str> {
    let trimmed = written.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if trimmed.contains(char::is_control) {
        Cow::Owned(trimmed.chars().filter(|c| !c.is_control()).collect())
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// `//host/…`: an address that says the host and leaves the scheme to the page. Browsers take `\` for `/` here.
fn is_host_relative(address: &str) -> bool {
    let mut bytes = address.bytes();
    matches!((bytes.next(), bytes.next()), (Some(b'/' | b'\\'), Some(b'/' | b'\\')))
}

/// The scheme in lower case, if the address has one (RFC 3986, section 3.1). White space in it is overlooked:
/// nobody means a file by `java script:`.
fn scheme(address: &str) -> Option<String> {
    let end = address.find([':', '/', '?', '#'])?;
    if !address[end..].starts_with(':') {
        return None;
    }
    let scheme: String = address[..end].chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let goes_on = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    (begins && goes_on).then_some(scheme)
}

fn file(address: &str) -> FileAddress {
    let (rest, fragment) = match address.split_once('#') {
        Some((rest, fragment)) => (rest, Some(decoded_fragment(fragment))),
        None => (address, None),
    };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (rest, None),
    };
    FileAddress { path: decoded(path), query, fragment }
}

fn decoded_fragment(fragment: &str) -> String {
    anchors::written(&decoded(fragment))
}

/// Without percent signs; as written where that would not be text.
fn decoded(part: &str) -> String {
    match percent_decode_str(part).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => part.to_owned(),
    }
}

/// The address with every ASCII character escaped that no URL may contain (URL Standard, URL code points).
fn external(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    let mut rest = address.chars();
    while let Some(letter) = rest.next() {
        let begins_escape = || {
            let mut digits = rest.as_str().bytes();
            matches!((digits.next(), digits.next()), (Some(a), Some(b)) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
        };
        match letter {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                written.push_str(&format!("%{:02X}", letter as u32));
            }
            '%' if !begins_escape() => written.push_str("%25"),
            _ => written.push(letter),
        }
    }
    written
}
