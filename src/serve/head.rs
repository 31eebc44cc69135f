//! Reads the head of a request, strictly (RFC 9112): the same from the same bytes, however they were cut on their way.
//!
//! What one program reads one way and the next program another is how requests are smuggled past a check. So a head
//! means one clear thing or is refused, each line as soon as it has come, and only what was understood goes further.

use super::Answer;
use super::http::Asked;

/// A browser's head has one or two thousand bytes; cookies of other programs on this host come on top of it.
const HEAD_AT_MOST: usize = 16 << 10;

/// A little more than the 8000 bytes that RFC 9112, section 3, asks every server to take.
const FIRST_LINE_AT_MOST: usize = 8 << 10;

/// A browser sends about fifteen.
const FIELDS_AT_MOST: usize = 100;

/// The first byte of a TLS connection (RFC 8446, section 5.1): somebody typed https.
const TLS: u8 = 0x16;

/// The methods that have a meaning (RFC 9110, section 9, and RFC 5789): what we do not offer of them is "not allowed",
/// any other is "not implemented".
const KNOWN_METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// What matters of a head that has been understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    pub method: String,
    /// As it was sent: visible ASCII characters.
    pub target: String,
    pub hosts: Vec<String>,
    pub origins: Vec<String>,
}

impl Head {
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            method: &self.method,
            target: &self.target,
            hosts: self.hosts.iter().map(String::as_str).collect(),
            origins: self.origins.iter().map(String::as_str).collect(),
        }
    }
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    words: &'static str,
}

impl Refusal {
    pub fn answer(self) -> Answer {
        Answer::text(self.status, self.words)
    }
}

fn refuse<T>(status: u16, words: &'static str) -> Result<T, Refusal> {
    Err(Refusal { status, words })
}

/// A head of which a part has come.
#[derive(Default)]
pub struct Reading {
    size: usize,
    /// The line under way.
    line: Vec<u8>,
    /// An empty line before everything is passed over once (RFC 9112, section 2.2).
    began_empty: bool,
    first: Option<FirstLine>,
    fields: Fields,
}

struct FirstLine {
    method: String,
    target: String,
    version: Version,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Http10,
    /// And whatever later 1.x there may be: it has to be understood as this one (RFC 9110, section 2.5).
    Http11,
}

/// The fields that matter. All others are looked at for their form only.
#[derive(Default)]
struct Fields {
    count: usize,
    hosts: Vec<String>,
    origins: Vec<String>,
    lengths: Vec<Vec<u8>>,
    codings: usize,
}

impl Reading {
    pub fn has_begun(&self) -> bool {
        self.size > 0
    }

    /// Takes what has come. Gives the head once it is whole; what comes after it is not looked at.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<Head>, Refusal> {
        for &byte in bytes {
            if let Some(head) = self.take_byte(byte)? {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    fn take_byte(&mut self, byte: u8) -> Result<Option<Head>, Refusal> {
        self.size += 1;
        if self.size == 1 && byte == TLS {
            return refuse(400, "This server speaks http, not https.");
        }
        if self.first.is_none() && self.line.len() >= FIRST_LINE_AT_MOST {
            return refuse(414, "The address is too long for this server.");
        }
        if self.size > HEAD_AT_MOST {
            return refuse(431, "The headers of the request are too large for this server.");
        }
        let after_return = self.line.last() == Some(&b'\r');
        match byte {
            b'\n' if after_return => return self.end_line(),
            b'\n' => return refuse(400, "A line of the request ends without a carriage return."),
            _ if after_return => return refuse(400, "A carriage return stands within a line of the request."),
            b'\r' | b' '..=b'~' => {}
            b'\t' | 0x80.. if self.first.is_some() => {}
            _ => return refuse(400, "The request contains a byte that cannot stand there."),
        }
        self.line.push(byte);
        Ok(None)
    }

    fn end_line(&mut self) -> Result<Option<Head>, Refusal> {
        let mut line = std::mem::take(&mut self.line);
        line.pop();
        match self.first.take() {
            None if line.is_empty() && !self.began_empty => self.began_empty = true,
            None => self.first = Some(first_line(&line)?),
            Some(first) if line.is_empty() => return whole(first, std::mem::take(&mut self.fields)).map(Some),
            Some(first) => {
                self.first = Some(first);
                self.fields.add(&line)?;
            }
        }
        Ok(None)
    }
}

/// `GET /path HTTP/1.1`, with single spaces (RFC 9112, section 3).
fn first_line(line: &[u8]) -> Result<FirstLine, Refusal> {
    let parts: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let (method, target, version) = match parts.as_slice() {
        [method, target, version] => (method, target, version),
        [method, target] if is_token(method) && target.starts_with(b"/") => {
            return refuse(505, "This server speaks HTTP/1.1, and the request names no version.");
        }
        _ => return refuse(400, "The first line of the request is not a method, an address and a version."),
    };
    let version = match *version {
        b"HTTP/1.0" => Version::Http10,
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9'] => Version::Http11,
        [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9'] | [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => {
            return refuse(505, "This server speaks HTTP/1.1.");
        }
        _ => return refuse(400, "The first line of the request does not end in a version of HTTP."),
    };
    if !is_token(method) {
        return refuse(400, "The method of the request is not a word.");
    }
    // A fragment is for the browser alone and is never sent (RFC 9110, section 4.2.5).
    if target.is_empty() || target.contains(&b'#') {
        return refuse(400, "The address of the request is not an address.");
    }
    Ok(FirstLine { method: ascii(method), target: ascii(target), version })
}

impl Fields {
    fn add(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.count += 1;
        if self.count > FIELDS_AT_MOST {
            return refuse(431, "The request has too many headers for this server.");
        }
        // A line that begins with white space once went on with the one before it (RFC 9112, section 5.2).
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return refuse(400, "A header of the request has no colon.");
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if !is_token(name) {
            return refuse(400, "A header of the request has a name that is not a word.");
        }
        match name.to_ascii_lowercase().as_slice() {
            b"host" => self.hosts.push(host(value)?),
            b"origin" => self.origins.push(String::from_utf8_lossy(value).into_owned()),
            b"content-length" => self.lengths.push(value.to_vec()),
            b"transfer-encoding" => self.codings += 1,
            _ => {}
        }
        Ok(())
    }
}

/// What may stand in a host and port at all (RFC 3986, section 3.2.2). An empty one is a host, though none of ours.
fn host(value: &[u8]) -> Result<String, Refusal> {
    if value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(byte)) {
        return Ok(ascii(value));
    }
    refuse(400, "The Host header is not the name of a host.")
}

/// What a head means as a whole.
fn whole(first: FirstLine, fields: Fields) -> Result<Head, Refusal> {
    match (fields.codings, fields.lengths.as_slice()) {
        (0, []) => {}
        (0, [length]) if length.is_empty() || !length.iter().all(u8::is_ascii_digit) => {
            return refuse(400, "The Content-Length of the request is not a number.");
        }
        (0, [length]) if length.iter().all(|digit| *digit == b'0') => {}
        (0, [_]) => return refuse(413, "This server can only be read from: a request has no content."),
        // Which of them counts is what programs disagree about (RFC 9112, section 6.3).
        (_, [_, ..]) => return refuse(400, "The request says in two ways how long it is."),
        (_, []) => return refuse(501, "This server can only be read from, and undoes no Transfer-Encoding."),
    }
    // RFC 9112, section 3.2. The older version may name none; who may ask is decided later.
    if fields.hosts.len() > 1 || (fields.hosts.is_empty() && first.version == Version::Http11) {
        return refuse(400, "A request names one host, in one Host header.");
    }
    if !KNOWN_METHODS.contains(&first.method.as_str()) {
        return refuse(501, "This server does not know that method; use GET or HEAD.");
    }
    Ok(Head { method: first.method, target: first.target, hosts: fields.hosts, origins: fields.origins })
}

/// A word of the protocol (RFC 9110, section 5.6.2).
fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// Bytes that have been looked at already, as text.
fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<Head>, u16> {
        Reading::default().take(bytes).map_err(|refusal| refusal.status)
    }

    fn status(bytes: impl AsRef<[u8]>) -> u16 {
        match read(bytes.as_ref()) {
            Ok(Some(_)) => 200,
            Ok(None) => 0,
            Err(status) => status,
        }
    }

    fn with(fields: &str) -> Vec<u8> {
        format!("GET / HTTP/1.1\r\nHost: localhost:4400\r\n{fields}\r\n").into_bytes()
    }

    #[test]
    fn a_head_is_what_stands_in_it() {
        let text = "\r\nHEAD /a?b HTTP/1.1\r\nhost:localhost:4400\r\nORIGIN: \t http://a \t\r\nCookie: \u{fc}\r\n\r\nGET";
        let head = read(text.as_bytes()).expect("it is understood").expect("it is whole");
        let expected =
            Head { method: "HEAD".into(), target: "/a?b".into(), hosts: vec!["localhost:4400".into()], origins: vec!["http://a".into()] };
        assert_eq!(head, expected);
    }

    #[test]
    fn where_it_is_cut_changes_nothing() {
        let heads: [&[u8]; 5] =
            [&with("A: b\r\n"), b"GET / HTTP/1.1\nHost: a\n\n", b"GET /\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01"];
        for bytes in heads {
            let mut reading = Reading::default();
            let mut last = Ok(None);
            for byte in bytes {
                last = reading.take(&[*byte]);
                if !matches!(last, Ok(None)) {
                    break;
                }
            }
            assert_eq!(last.map_err(|refusal| refusal.status), read(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn a_first_line_has_three_parts() {
        let line = |line: &str| status(format!("{line}\r\nHost: a\r\n\r\n"));
        for (text, expected) in [
            ("GET / HTTP/1.1", 200),
            ("GET / HTTP/1.0", 200),
            ("GET / HTTP/1.2", 200),
            ("GET /", 505),
            ("GET / HTTP/0.9", 505),
            ("GET / HTTP/2.0", 505),
            ("GET / HTTP/3", 505),
            ("PRI * HTTP/2.0", 505),
            ("GET / http/1.1", 400),
            ("GET / HTTP/1.10", 400),
            ("GET / HTTP/1.1 ", 400),
            (" GET / HTTP/1.1", 400),
            ("GET  / HTTP/1.1", 400),
            ("GET /a b HTTP/1.1", 400),
            ("GET\t/ HTTP/1.1", 400),
            ("GET /\u{fc} HTTP/1.1", 400),
            ("GET /#a HTTP/1.1", 400),
            ("G(T / HTTP/1.1", 400),
            ("GET", 400),
            ("PUT / HTTP/1.1", 200),
            ("get / HTTP/1.1", 501),
            ("BREW / HTTP/1.1", 501),
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
        assert_eq!(status("\r\n\r\nGET / HTTP/1.1\r\n"), 400);
    }

    #[test]
    fn a_field_is_a_name_a_colon_and_a_value() {
        for (field, expected) in [
            ("A: b\r\n", 200),
            ("A:\r\n", 200),
            ("A: \u{fc}\tb\r\n", 200),
            ("A\r\n", 400),
            ("A : b\r\n", 400),
            (": b\r\n", 400),
            (" b\r\n", 400),
            ("\tb\r\n", 400),
            ("\u{fc}: b\r\n", 400),
            ("A: \0\r\n", 400),
            ("A: \u{7f}\r\n", 400),
            ("A: b\n", 400),
            ("A: b\rc\r\n", 400),
            ("A: b\r\r\n", 400),
        ] {
            assert_eq!(status(with(field)), expected, "{field:?}");
        }
    }

    #[test]
    fn nothing_that_could_have_content_is_let_through() {
        for (fields, expected) in [
            ("Content-Length: 0\r\n", 200),
            ("Content-Length: 00\r\n", 200),
            ("Content-Length: 5\r\n", 413),
            ("Content-Length: 99999999999999999999999999\r\n", 413),
            ("Content-Length:\r\n", 400),
            ("Content-Length: -1\r\n", 400),
            ("Content-Length: +5\r\n", 400),
            ("Content-Length: 0x10\r\n", 400),
            ("Content-Length: 0, 0\r\n", 400),
            ("Content-Length: 0\r\nContent-Length: 0\r\n", 400),
            ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: chunked\r\n", 501),
            ("transfer-encoding: xchunked\r\n", 501),
            ("Transfer-Encoding:\r\n", 501),
        ] {
            assert_eq!(status(with(fields)), expected, "{fields:?}");
        }
    }

    #[test]
    fn there_is_one_host() {
        assert_eq!(status(with("Host: localhost:4400\r\n")), 400);
        assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(status("GET / HTTP/1.0\r\n\r\n"), 200);
        for (host, expected) in [("", 200), ("[::1]:1", 200), ("a b", 400), ("a/b", 400), ("a@b", 400), ("\u{fc}", 400)] {
            assert_eq!(status(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), expected, "{host}");
        }
    }

    #[test]
    fn size_and_number_have_bounds() {
        let path = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(length));
        assert_eq!((status(path(8000)), status(path(8192)), status("a".repeat(9000))), (200, 414, 414));
        let long = |length: usize| status(with(&format!("A: {}\r\n", "a".repeat(length))));
        assert_eq!((long(16_000), long(16_384)), (200, 431));
        let many = |count: usize| status(with(&"A: b\r\n".repeat(count)));
        assert_eq!((many(99), many(100)), (200, 431));
        // Whatever was sent, it is refused before more of it has been kept.
        let endless = "A: b\r\n".repeat(1_000_000);
        assert_eq!(status(with(&endless)), 431);
    }
}
