//! Answers one request: who may ask, what was asked for, and the headers that go with every answer.
//!
//! Everything here is a function of its arguments. A requested path is looked up among the site's routes and is never
//! turned into a file path.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Answer, Shown, reload};

/// Everything comes from this server, and nothing written into a page runs or styles it: the policy the site promises
/// to work under, so that a preview shows what a strict host would show.
const CONTENT_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; \
                              frame-ancestors 'self'";

/// What may stand unescaped in the path of an address (RFC 3986, unreserved characters and the slash).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What would break a header line, or let a value bring a header of its own.
const NOT_IN_A_HEADER: &AsciiSet = &CONTROLS.add(b' ');

/// What matters of a request.
pub struct Asked<'a> {
    pub method: &'a str,
    /// The request target as it was sent (RFC 9112, section 3.2).
    pub target: &'a str,
    /// Every `Host` header: more than one is refused.
    pub hosts: Vec<&'a str>,
    /// Every `Origin` header.
    pub origins: Vec<&'a str>,
}

/// The names this server answers to. Others are refused, because a name of somebody else's that leads to this machine
/// would let their pages read the site (DNS rebinding).
pub struct OwnNames {
    hosts: Vec<String>,
    /// Set where the server listens on every address of the machine, which cannot be listed: any bare address is
    /// then as good as a name of ours, because rebinding needs a name.
    any_address: Option<u16>,
}

impl OwnNames {
    pub fn new(bound: SocketAddr) -> Self {
        let port = bound.port();
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()];
        names.push(match bound.ip() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        });
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        // Browsers leave the port out where it is the usual one.
        if port == 80 {
            hosts.extend(names);
        }
        OwnNames { hosts, any_address: bound.ip().is_unspecified().then_some(port) }
    }

    fn include(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
            || self.any_address.is_some_and(|port| host.parse().is_ok_and(|asked: SocketAddr| asked.port() == port))
    }
}

/// The decoded path of a request that may be made, and its query as it was sent. Else what to say to it.
pub fn allow<'a>(asked: &Asked<'a>, names: &OwnNames) -> Result<(String, Option<&'a str>), Answer> {
    check_host(asked, names)?;
    if !matches!(asked.method, "GET" | "HEAD") {
        return Err(Answer::text(405, "This server can only be read from: use GET or HEAD."));
    }
    let (path, query) = read_target(asked.target).map_err(|why| Answer::text(400, why))?;
    if path.starts_with(reload::PREFIX) {
        check_origin(asked)?;
    }
    Ok((path, query))
}

/// What to send for a request.
pub fn answer(asked: &Asked, names: &OwnNames, shown: &Shown, run: &str) -> Answer {
    let (path, query) = match allow(asked, names) {
        Ok(parts) => parts,
        Err(refusal) => return refusal,
    };
    if path.starts_with(reload::PREFIX) {
        return reload::answer(&path, query, shown, run);
    }
    let found = shown.snapshot.answer(&path).or_else(|| to_the_slash(&path, query, shown));
    reload::follow(&path, found.unwrap_or_else(|| shown.snapshot.not_found()), shown, run)
}

/// An answer as it is sent: head and content.
pub fn whole(mut answer: Answer) -> Vec<u8> {
    let head = head(&answer);
    // Put before the content where that stands, because a large one should not stand in memory twice.
    answer.bytes.splice(0..0, head.into_bytes());
    answer.bytes
}

/// The status line and headers of an answer (RFC 9112), up to and with the empty line.
pub fn head(answer: &Answer) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot go wrong.
        let _ = write!(head, "{name}: {value}\r\n");
    };
    line("Content-Type", &content_type(&answer.content_type));
    line("Content-Length", &answer.bytes.len().to_string());
    if let Some(location) = &answer.location {
        line("Location", &Cow::from(utf8_percent_encode(location, NOT_IN_A_HEADER)));
    }
    if answer.status == 405 {
        line("Allow", "GET, HEAD");
    }
    line("Content-Security-Policy", CONTENT_POLICY);
    line("X-Content-Type-Options", "nosniff");
    line("Cross-Origin-Resource-Policy", "same-origin");
    line("Referrer-Policy", "no-referrer");
    // Yesterday's preview is of no use, and a redirect kept by the browser would outlive the address it leads to.
    line("Cache-Control", "no-store");
    // tiny_http lets bursts on connections that are kept alive wait for a second and more; closed ones never wait.
    line("Connection", "close");
    head.push_str("\r\n");
    head
}

fn check_host(asked: &Asked, names: &OwnNames) -> Result<(), Answer> {
    match asked.hosts.as_slice() {
        [host] if names.include(host) => Ok(()),
        [_] => Err(Answer::text(403, "This server answers only to its own name. Open the address it printed.")),
        // RFC 9112, section 3.2: a request names exactly one host.
        _ => Err(Answer::text(400, "A request names one host, in one Host header.")),
    }
}

/// Live reload is for our own pages only. A browser leaves `Origin` out where a page asks its own server.
fn check_origin(asked: &Asked) -> Result<(), Answer> {
    let own =
        |origin: &str| origin.strip_prefix("http://").is_some_and(|origin| asked.hosts.iter().all(|h| h.eq_ignore_ascii_case(origin)));
    match asked.origins.as_slice() {
        [] => Ok(()),
        [origin] if own(origin) => Ok(()),
        _ => Err(Answer::text(403, "This address is for pages of this server only.")),
    }
}

/// The decoded path and the query as it was sent, of a target that means one clear thing.
fn read_target(target: &str) -> Result<(String, Option<&str>), &'static str> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    // Decoded once and only once: what is still escaped afterwards is meant literally.
    let path = percent_decode_str(path).decode_utf8().map_err(|_| "The address is not UTF-8.")?;
    if !path.starts_with('/') {
        return Err("The address does not begin with a slash.");
    }
    // Control characters are looked for in the whole target, because a redirect repeats the query in a header.
    if path.chars().chain(target.chars()).any(char::is_control) || path.contains('\\') {
        return Err("The address contains a character that no page of the site has.");
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("The address contains a step to another folder; ask for the page itself.");
    }
    Ok((path.into_owned(), query))
}

/// `/x` leads to `/x/` where only that exists, so that the relative links of the page hold.
fn to_the_slash(path: &str, query: Option<&str>, shown: &Shown) -> Option<Answer> {
    // A location that begins with two slashes would lead to another host (RFC 3986, section 4.2).
    if path.ends_with('/') || path.starts_with("//") {
        return None;
    }
    let folder = format!("{path}/");
    shown.snapshot.answer(&folder)?;
    let mut location = utf8_percent_encode(&folder, PATH).to_string();
    if let Some(query) = query {
        location.push('?');
        location.push_str(query);
    }
    let mut moved = Answer::text(301, format!("This page is at {folder}"));
    moved.location = Some(location);
    Some(moved)
}

/// The media type as sent: text says its charset, and what cannot stand in a header is not sent.
fn content_type(given: &str) -> Cow<'_, str> {
    if given.is_empty() || !given.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed("application/octet-stream");
    }
    let lower = given.to_ascii_lowercase();
    let media = lower.split(';').next().unwrap_or_default().trim();
    let is_text = media.starts_with("text/")
        || media.ends_with("+xml")
        || media.ends_with("json")
        || matches!(media, "application/xml" | "application/javascript");
    if is_text && !lower.contains("charset=") { Cow::Owned(format!("{given}; charset=utf-8")) } else { Cow::Borrowed(given) }
}

/// The words after the status code. They are for people who read along; no program looks at them.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        410 => "Gone",
        413 => "Content Too Large",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bound: &str) -> OwnNames {
        OwnNames::new(bound.parse().expect("an address with a port"))
    }

    #[test]
    fn a_host_is_ours_with_our_port_only() {
        let own = names("127.0.0.1:4400");
        for host in ["localhost:4400", "LOCALHOST:4400", "127.0.0.1:4400", "[::1]:4400"] {
            assert!(own.include(host), "{host}");
        }
        for host in ["localhost", "localhost:4401", "127.0.0.1", "127.0.0.1:44000", "localhost.:4400", "", "a:4400"] {
            assert!(!own.include(host), "{host}");
        }
    }

    #[test]
    fn the_usual_port_may_be_left_out() {
        let own = names("127.0.0.1:80");
        assert!(own.include("localhost") && own.include("localhost:80") && !own.include("localhost:81"));
    }

    #[test]
    fn a_server_on_every_address_answers_to_addresses_and_not_to_names() {
        let own = names("0.0.0.0:4400");
        assert!(own.include("192.0.2.7:4400") && own.include("[2001:db8::7]:4400"));
        assert!(!own.include("192.0.2.7:80") && !own.include("example.org:4400"));
    }

    #[test]
    fn a_target_is_decoded_once() {
        let read = |target: &str| read_target(target).map(|(path, query)| (path, query.map(str::to_owned)));
        assert_eq!(read("/a%20b/?q=%20"), Ok(("/a b/".to_owned(), Some("q=%20".to_owned()))));
        assert_eq!(read("/%C3%BCben/"), Ok(("/üben/".to_owned(), None)));
        assert_eq!(read("/%252e%252e/"), Ok(("/%2e%2e/".to_owned(), None)));
        assert_eq!(read("/100%"), Ok(("/100%".to_owned(), None)));
        for target in ["/a%00b", "/%ff", "/a%5Cb", "/a\\b", "/..", "/a/%2e%2E/b", "/..%2Fb", "/./", "*", "a", ""] {
            assert!(read(target).is_err(), "{target}");
        }
        assert!(read("http://localhost:4400/").is_err());
        assert!(read("/x?\nSet-Cookie:%20a=b").is_err());
    }

    #[test]
    fn text_says_its_charset_and_no_value_brings_a_header() {
        assert_eq!(content_type("text/css"), "text/css; charset=utf-8");
        assert_eq!(content_type("image/svg+xml"), "image/svg+xml; charset=utf-8");
        assert_eq!(content_type("text/plain; charset=iso-8859-1"), "text/plain; charset=iso-8859-1");
        assert_eq!(content_type("image/png"), "image/png");
        assert_eq!(content_type("text/html\r\nX: y"), "application/octet-stream");
        let mut moved = Answer::text(301, "");
        moved.location = Some("/a\r\nX: y/ü".to_owned());
        let head = head(&moved);
        assert!(head.contains("Location: /a%0D%0AX:%20y/%C3%BC\r\n"), "{head}");
    }
}
