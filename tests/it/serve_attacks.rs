//! What the preview answers to those who mean it no good: paths, hosts and origins, and the protocol itself.
//!
//! Every case says what is sent and what comes back. Each answer, whatever it says, is one whole answer with every
//! header of safety, and after each family the server still shows its pages.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use folkmoot::serve::Event;

use crate::serving::{AT_MOST, Reply, Serving, connect, hear};

/// In place of a status: the connection is closed without a word.
const CLOSED: u16 = 0;

/// How long a request may take to come, with a while for a busy machine.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// Sends this and says no more, but stays.
#[track_caller]
fn send(serving: &Serving, bytes: &[u8]) -> Reply {
    let mut stream = connect(serving.address());
    // The server may have had enough before everything was sent.
    let _ = stream.write_all(bytes);
    heard(&mut stream)
}

#[track_caller]
fn heard(stream: &mut TcpStream) -> Reply {
    let reply = hear(stream);
    if reply.status != CLOSED {
        is_sound(&reply);
    }
    reply
}

/// One answer and nothing after it, with what every answer has.
#[track_caller]
fn is_sound(reply: &Reply) {
    let Reply { head, body, .. } = reply;
    assert!(head.starts_with("HTTP/1.1 "), "{head}");
    assert_eq!(reply.header("Content-Length"), Some(body.len().to_string().as_str()), "{head}\n{body}");
    assert_eq!(reply.header("Connection"), Some("close"), "{head}");
    assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"), "{head}");
    assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{head}");
    assert!(reply.header("Content-Security-Policy").is_some_and(|policy| policy.starts_with("default-src 'self'")), "{head}");
    assert!(reply.header("Content-Type").is_some_and(|kind| kind.contains("charset=utf-8")), "{head}");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None, "{head}");
    assert_eq!(reply.status == 405, reply.header("Allow") == Some("GET, HEAD"), "{head}");
}

#[track_caller]
fn still_there(serving: &Serving) {
    let reply = serving.get("/");
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains("first words"), "{}", reply.body);
}

/// Sends each request to a server of its own and compares the status.
#[track_caller]
fn each_is_answered<B: AsRef<[u8]>>(serving: &Serving, cases: &[(&str, B, u16)]) {
    let told: Vec<String> = cases
        .iter()
        .filter_map(|(name, bytes, expected)| {
            let Reply { status, body, .. } = send(serving, bytes.as_ref());
            assert!(!body.contains("secret words"), "{name}: {body}");
            (status != *expected).then(|| format!("{name}: {status} in place of {expected}: {body}"))
        })
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    still_there(serving);
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let serving = Serving::new();
    serving.write("secret.md", "secret words");
    let own = format!("http://{}/", serving.host());
    let secret = format!("{}/secret.md", serving.folder.path().display());
    let long = format!("/{}", "a".repeat(7000));
    let longer = format!("/{}", "a".repeat(9000));
    let climbing = format!("/{}secret.md", "%2e%2e%2f".repeat(300));
    let slashes = "/".repeat(3000);
    let escaped = format!("/{}2e/", "%25".repeat(1000));
    let cases = [
        // A step to another folder, however it is written.
        ("/../secret.md", 400),
        ("/./", 400),
        ("/.", 400),
        ("/%2e%2e/secret.md", 400),
        ("/%2E%2e%2Fsecret.md", 400),
        ("/..%2fsecret.md", 400),
        ("/notes/../../secret.md", 400),
        ("/_folkmoot/../secret.md", 400),
        ("/_folkmoot/%2e%2e/secret.md", 400),
        (&climbing, 400),
        // Escaped twice, it is the name of a page that is not there.
        ("/%252e%252e/secret.md", 404),
        ("/%252e%252e%252fsecret.md", 404),
        (&escaped, 404),
        // Almost a step.
        ("/...", 404),
        ("/..../secret.md", 404),
        ("/.%20./secret.md", 404),
        ("/..;/secret.md", 404),
        ("/%20../secret.md", 404),
        // Back-slashes, which are slashes to some programs.
        ("/..%5csecret.md", 400),
        ("/..\\secret.md", 400),
        ("/%5c%5chost/share", 400),
        ("/\\\\host\\share", 400),
        // Letters that look like slashes and dots, and bytes that would be some if they were read carelessly.
        ("/%ef%bc%8f..%ef%bc%8fsecret.md", 404),
        ("/%e2%88%95secret.md", 404),
        ("/%e2%80%a4%e2%80%a4/secret.md", 404),
        ("/%c0%ae%c0%ae/secret.md", 400),
        ("/%c0%afsecret.md", 400),
        ("/%e0%80%ae/", 400),
        ("/%f0%80%80%ae/", 400),
        ("/%ff", 400),
        ("/%ed%a0%80", 400),
        ("/\u{ff0f}secret.md", 400),
        ("/%u002e%u002e/secret.md", 404),
        // What ends a name for some programs.
        ("/%00", 400),
        ("/secret.md%00.svg", 400),
        ("/home.md%0a", 400),
        ("/%7f", 400),
        ("/%c2%85", 400),
        ("/secret.md.", 404),
        ("/secret.md%20", 404),
        ("/secret.md::$DATA", 404),
        ("/picture.svg/", 404),
        ("/notes/may%20call/;v=1", 404),
        // Drives, devices and other hosts.
        ("/C:/", 404),
        ("/c%3a/", 404),
        ("/C:secret.md", 404),
        ("/CON", 404),
        ("//host/share", 404),
        ("//secret.md", 404),
        ("///", 404),
        ("/etc/passwd", 404),
        ("/proc/self/environ", 404),
        (&secret, 404),
        ("/secret.md", 404),
        ("/content/home.md", 404),
        ("/folkmoot.toml", 404),
        // Not the path of an address.
        ("*", 400),
        ("secret.md", 400),
        ("?", 400),
        ("/#", 400),
        ("/notes/#/../secret.md", 400),
        ("http://localhost/", 400),
        (&own, 400),
        ("https://example.org/", 400),
        ("file:///etc/passwd", 400),
        ("localhost:80", 400),
        // Odd, and a good address all the same.
        ("/?", 200),
        ("/?/../../secret.md", 200),
        ("/?a=%00&b=\\", 200),
        ("/notes/may%20call/", 200),
        ("/%6eotes/may%20call/", 200),
        // Broken escapes are letters.
        ("/%", 404),
        ("/%zz", 404),
        ("/%2", 404),
        // The server's own addresses are written in one way.
        ("/_folkmoot/", 404),
        ("/_folkmoot/state/", 404),
        ("/_folkmoot//state", 404),
        ("/_FOLKMOOT/state", 404),
        ("//_folkmoot/state", 404),
        ("/_folkmoot%2fstate", 200),
        // As long as one likes, up to a point.
        (&long, 404),
        (&slashes, 404),
        (&longer, 414),
    ];
    let host = serving.host();
    let requests = cases.map(|(target, status)| (target, format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"), status));
    each_is_answered(&serving, &requests);
}

#[test]
fn no_other_name_and_no_other_page_gets_anything() {
    let serving = Serving::new();
    let port = serving.address().port();
    let own = serving.host();
    let hosts = [
        (format!("localhost:{port}"), 200),
        (format!("LOCALHOST:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        (format!(" \t localhost:{port} \t"), 200),
        (format!("example.org:{port}"), 403),
        ("example.org".into(), 403),
        ("localhost".into(), 403),
        ("localhost:".into(), 403),
        ("localhost:1".into(), 403),
        (format!("localhost:0{port}"), 403),
        (format!("localhost:{port}0"), 403),
        (format!("localhost.:{port}"), 403),
        (format!("localhost.example.org:{port}"), 403),
        (format!("127.0.0.1.nip.io:{port}"), 403),
        (format!("xlocalhost:{port}"), 403),
        (format!("localhost%00:{port}"), 403),
        (format!("localhos%74:{port}"), 403),
        (format!("xn--lcalhost-54a:{port}"), 403),
        (format!("2130706433:{port}"), 403),
        (format!("0x7f.1:{port}"), 403),
        (format!("127.1:{port}"), 403),
        (format!("127.0.0.2:{port}"), 403),
        (format!("0.0.0.0:{port}"), 403),
        (format!("[::ffff:127.0.0.1]:{port}"), 403),
        (format!("[::]:{port}"), 403),
        (format!("localhost:{port},example.org"), 403),
        (String::new(), 403),
        (format!("localhost:{port}@example.org"), 400),
        (format!("example.org@localhost:{port}"), 400),
        (format!("localhost:{port}/"), 400),
        (format!("http://localhost:{port}"), 400),
        (format!("localhost:{port} example.org"), 400),
        (format!("localhost:{port}#"), 400),
        (format!("localhost:{port}?"), 400),
        (format!("localhost:{port}\\"), 400),
        (format!("l\u{f6}calhost:{port}"), 400),
        (format!("\u{ff4c}ocalhost:{port}"), 400),
    ];
    let requests = hosts.map(|(host, status)| (host.clone(), format!("GET / HTTP/1.1\r\nHost:{host}\r\n\r\n"), status));
    let requests: Vec<_> = requests.iter().map(|(name, bytes, status)| (name.as_str(), bytes, *status)).collect();
    each_is_answered(&serving, &requests);

    let good = format!("Host: {own}\r\n");
    let lines = [
        ("no host", String::new(), 400),
        ("two hosts", format!("{good}Host: example.org\r\n"), 400),
        ("two hosts, the other first", format!("Host: example.org\r\n{good}"), 400),
        ("the same host twice", format!("{good}{good}"), 400),
        ("a host on two lines", format!("Host:\r\n {own}\r\n"), 400),
        ("a host forwarded for", format!("Host: example.org\r\nX-Forwarded-Host: {own}\r\nForwarded: host={own}\r\n"), 403),
        ("a host forwarded for another", format!("{good}X-Forwarded-Host: example.org\r\nX-Original-URL: /broken/\r\n"), 200),
    ];
    let requests: Vec<_> = lines.iter().map(|(name, lines, status)| (*name, format!("GET / HTTP/1.1\r\n{lines}\r\n"), *status)).collect();
    each_is_answered(&serving, &requests);
    let absolute = [
        ("an address of ours", format!("GET http://{own}/ HTTP/1.1\r\n{good}\r\n"), 400),
        ("an address of ours for another host", format!("GET http://{own}/ HTTP/1.1\r\nHost: example.org\r\n\r\n"), 403),
        ("another address for our host", format!("GET http://example.org/ HTTP/1.1\r\n{good}\r\n"), 400),
        ("no host in the older version", "GET / HTTP/1.0\r\n\r\n".into(), 400),
        ("our host in the older version", format!("GET / HTTP/1.0\r\n{good}\r\n"), 200),
        ("another host in the older version", "GET / HTTP/1.0\r\nHost: example.org\r\n\r\n".into(), 403),
    ];
    each_is_answered(&serving, &absolute);

    let origins = [
        (format!("Origin: http://{own}"), 200),
        (format!("origin:http://{own}"), 200),
        ("X-Origin: http://example.org".into(), 200),
        (format!("Origin: https://{own}"), 403),
        (format!("Origin: http://localhost:{port}"), 403),
        (format!("Origin: http://{own}/"), 403),
        (format!("Origin: http://{own}.example.org"), 403),
        (format!("Origin: http://{own}@example.org"), 403),
        (format!("Origin: http://example.org#{own}"), 403),
        (format!("Origin: http://{own} http://example.org"), 403),
        (format!("Origin: http://{own}\r\nOrigin: http://example.org"), 403),
        (format!("Origin: http://{own}\r\nOrigin: http://{own}"), 403),
        (format!("Origin: {own}"), 403),
        ("Origin: http://ex\u{e4}mple.org".into(), 403),
        ("Origin: http://example.org".into(), 403),
        ("Origin: null".into(), 403),
        ("Origin:".into(), 403),
    ];
    let requests = |path: &str| -> Vec<(String, u16)> {
        origins.iter().map(|(line, status)| (format!("GET {path} HTTP/1.1\r\n{good}{line}\r\n\r\n"), *status)).collect()
    };
    for path in ["/_folkmoot/state", "/_folkmoot/looks?at=/", "/_folkmoot/about?at=/", "/%5ffolkmoot/state"] {
        let requests = requests(path);
        each_is_answered(&serving, &requests.iter().map(|(bytes, status)| (bytes.as_str(), bytes, *status)).collect::<Vec<_>>());
    }
    // A link on another site may lead to a page; that site's scripts see nothing of it.
    let requests = requests("/");
    each_is_answered(&serving, &requests.iter().map(|(bytes, _)| (bytes.as_str(), bytes, 200)).collect::<Vec<_>>());
}

#[test]
fn crooked_requests_are_refused_with_what_is_wrong() {
    let serving = Serving::new();
    let host = serving.host();
    let with = |lines: &[u8]| [format!("GET / HTTP/1.1\r\nHost: {host}\r\n").as_bytes(), lines, b"\r\n"].concat();
    let first = |line: &[u8]| [line, format!("\r\nHost: {host}\r\n\r\n").as_bytes()].concat();
    let posted = |lines: &str| format!("POST / HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n").into_bytes();
    let many = "A: b\r\n".repeat(10_000);
    let wide = format!("Cookie: {}\r\n", "a".repeat(20_000));
    let method = format!("{} / HTTP/1.1", "A".repeat(10_000));
    let client_hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x5a\x0a\x0a\x00\x20\x13\x01\x13\x02\x00\x00\x00\x0d\x00\x0b";
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        // How long a request is.
        ("no content", with(b"Content-Length: 0\r\n"), 200),
        ("content", posted("Content-Length: 5\r\n"), 413),
        ("content with a request for a page", with(b"Content-Length: 5\r\n"), 413),
        ("content that nobody has", with(b"Content-Length: 18446744073709551616\r\n"), 413),
        ("a length below nothing", with(b"Content-Length: -1\r\n"), 400),
        ("a length with a sign", with(b"Content-Length: +5\r\n"), 400),
        ("a length to another base", with(b"Content-Length: 0x10\r\n"), 400),
        ("a length with a space in it", with(b"Content-Length: 0 0\r\n"), 400),
        ("a length that is a fraction", with(b"Content-Length: 0.0\r\n"), 400),
        ("a list of lengths", with(b"Content-Length: 0, 0\r\n"), 400),
        ("an empty length", with(b"Content-Length:\r\n"), 400),
        ("two lengths", with(b"Content-Length: 0\r\nContent-Length: 5\r\n"), 400),
        ("the same length twice", with(b"Content-Length: 0\r\nContent-Length: 0\r\n"), 400),
        ("chunks", posted("Transfer-Encoding: chunked\r\n"), 501),
        ("chunks with a request for a page", with(b"Transfer-Encoding: chunked\r\n"), 501),
        ("compression", with(b"Transfer-Encoding: gzip, chunked\r\n"), 501),
        ("an unknown coding", with(b"Transfer-Encoding: xchunked\r\n"), 501),
        ("an empty coding", with(b"Transfer-Encoding:\r\n"), 501),
        ("a coding that some programs overlook", with(b"Transfer-Encoding:\tchunked\r\n"), 501),
        ("a coding and a length", with(b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), 400),
        ("a length and a coding", posted("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400),
        ("a coding by another name", with(b"Transfer_Encoding: chunked\r\n"), 200),
        // Lines and headers.
        ("bare line feeds", format!("GET / HTTP/1.1\nHost: {host}\n\n").into_bytes(), 400),
        ("one bare line feed", with(b"A: b\nC: d\r\n"), 400),
        ("a bare carriage return", with(b"A: b\rC: d\r\n"), 400),
        ("two carriage returns", with(b"A: b\r\r\n"), 400),
        ("a carriage return before a header", with(b"\rA: b\r\n"), 400),
        ("a folded header", with(b"A: b\r\n c\r\n"), 400),
        ("a header folded with a tab", with(b"A: b\r\n\tc\r\n"), 400),
        ("a folded first header", [b"GET / HTTP/1.1\r\n ".as_slice(), format!("Host: {host}\r\n\r\n").as_bytes()].concat(), 400),
        ("a header without a colon", with(b"A\r\n"), 400),
        ("a space before the colon", with(b"A : b\r\n"), 400),
        ("a tab before the colon", with(b"A\t: b\r\n"), 400),
        ("a header without a name", with(b": b\r\n"), 400),
        ("a name that is not a word", with(b"A(b): c\r\n"), 400),
        ("a name with other letters", with("\u{fc}: b\r\n".as_bytes()), 400),
        ("a zero byte in a value", with(b"A: b\0c\r\n"), 400),
        ("a zero byte in a name", with(b"A\0: b\r\n"), 400),
        ("a bell in a value", with(b"A: \x07\r\n"), 400),
        ("a value with other letters", with("Cookie: name=J\u{fc}rgen\r\n".as_bytes()), 200),
        ("a value in another encoding", with(b"Cookie: name=J\xfcrgen\r\n"), 200),
        ("a value with quotes and tabs", with(b"A: \"\t;,\\\"\r\n"), 200),
        ("an empty value", with(b"A:\r\n"), 200),
        ("a pass of somebody else's", with(b"Folkmoot-Pass: 00000000000000000000000000000000\r\n"), 200),
        ("too many headers", with(many.as_bytes()), 431),
        ("too large a header", with(wide.as_bytes()), 431),
        // First lines.
        ("an empty line before it", [b"\r\n".as_slice(), &with(b"")].concat(), 200),
        ("two empty lines before it", [b"\r\n\r\n".as_slice(), &with(b"")].concat(), 400),
        ("the version 0.9, by not naming it", b"GET /\r\n".to_vec(), 505),
        ("the version 0.9", first(b"GET / HTTP/0.9"), 505),
        ("the version 1.0", first(b"GET / HTTP/1.0"), 200),
        ("the version 1.9", first(b"GET / HTTP/1.9"), 200),
        ("the version 2.0", first(b"GET / HTTP/2.0"), 505),
        ("the version 3.0", first(b"GET / HTTP/3.0"), 505),
        ("the version 3", first(b"GET / HTTP/3"), 505),
        ("the first words of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 505),
        ("a version in small letters", first(b"GET / http/1.1"), 400),
        ("a version that never was", first(b"GET / HTTP/1.10"), 400),
        ("another protocol", first(b"GET / SIP/2.0"), 400),
        ("no address", first(b"GET HTTP/1.1"), 400),
        ("two spaces", first(b"GET  / HTTP/1.1"), 400),
        ("tabs for spaces", first(b"GET\t/\tHTTP/1.1"), 400),
        ("a space at the end", first(b"GET / HTTP/1.1 "), 400),
        ("a space at the beginning", first(b" GET / HTTP/1.1"), 400),
        ("a space in the address", first(b"GET /notes/may call/ HTTP/1.1"), 400),
        ("a letter in the address", first("GET /\u{fc}ben/ HTTP/1.1".as_bytes()), 400),
        ("a zero byte in the address", first(b"GET /\0 HTTP/1.1"), 400),
        ("one word", b"GET\r\n".to_vec(), 400),
        ("an encrypted hello", client_hello.to_vec(), 400),
        ("a method that is not a word", first(b"G{}T / HTTP/1.1"), 400),
        ("a method without end", first(method.as_bytes()), 414),
        ("a method nobody knows", first(b"BREW / HTTP/1.1"), 501),
        ("a method in small letters", first(b"get / HTTP/1.1"), 501),
        ("a tunnel", first(b"CONNECT localhost:22 HTTP/1.1"), 405),
        ("what there is to ask for", first(b"OPTIONS * HTTP/1.1"), 405),
        ("an echo", first(b"TRACE / HTTP/1.1"), 405),
        ("something to write", first(b"PUT / HTTP/1.1"), 405),
        // Wishes that are not granted.
        ("another protocol from now on", with(b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"), 200),
        ("HTTP/2 from now on", with(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), 200),
        ("a sign to go on", with(b"Expect: 100-continue\r\n"), 200),
        ("a sign to go on with content", posted("Expect: 100-continue\r\nContent-Length: 5\r\n"), 413),
        ("something else expected", with(b"Expect: nothing\r\n"), 200),
        ("to stay connected", with(b"Connection: keep-alive\r\nKeep-Alive: timeout=600\r\n"), 200),
        ("what was not asked for yet", with(b"If-None-Match: *\r\nIf-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT\r\n"), 200),
    ];
    each_is_answered(&serving, &cases);

    let hello = send(&serving, client_hello);
    assert!(hello.body.contains("not https"), "{}", hello.body);
    let whole = send(&serving, &with(b""));
    let part = send(&serving, &with(b"Range: bytes=0-3\r\n"));
    assert_eq!((part.status, part.header("Content-Range"), &part.body), (200, None, &whole.body));
    let head = connect_and_send(&serving, b"HEAD / HTTP/1.1\r\nHost: example.org\r\n\r\n");
    assert_eq!((head.status, head.body.as_str()), (403, ""));
}

fn connect_and_send(serving: &Serving, bytes: &[u8]) -> Reply {
    let mut stream = connect(serving.address());
    stream.write_all(bytes).expect("the server reads");
    hear(&mut stream)
}

#[test]
fn only_the_first_of_several_requests_is_acted_on() {
    let serving = Serving::new();
    let host = serving.host();
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let smuggled = format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    for (together, status) in [
        (get("/") + &get("/broken/"), 200),
        (get("/") + &get("/broken/").repeat(1000), 200),
        (get("/notes/may%20call/") + "\r\n\r\n" + &get("/broken/"), 200),
        (format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n\r\nabc{}", get("/broken/")), 413),
        (smuggled + &get("/broken/"), 400),
    ] {
        assert_eq!(send(&serving, together.as_bytes()).status, status);
    }
    // The page that falls over says so when it is asked for.
    assert!(!serving.events().iter().any(|event| matches!(event, Event::PageStopped { .. })));
    assert_eq!(serving.get("/broken/").status, 500);
    assert!(serving.events().iter().any(|event| matches!(event, Event::PageStopped { .. })));
    still_there(&serving);
}

#[test]
fn what_comes_slowly_has_an_end() {
    let serving = Serving::new();
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", serving.host());
    let started = Instant::now();
    std::thread::scope(|scope| {
        // Half a request, and then nothing.
        for half in [1, 20, request.len() - 1] {
            let half = &request.as_bytes()[..half];
            scope.spawn(|| {
                assert_eq!(send(&serving, half).status, 408);
                assert!(started.elapsed() >= HEAD_PATIENCE);
            });
        }
        scope.spawn(|| assert_eq!(send(&serving, b"").status, CLOSED));
        // A request without end that never pauses.
        scope.spawn(|| {
            let mut stream = connect(serving.address());
            stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a setting");
            let mut said = vec![0; 16];
            stream.write_all(format!("GET / HTTP/1.1\r\nHost: {}\r\nA: ", serving.host()).as_bytes()).expect("the server reads");
            let answered = loop {
                match stream.read(&mut said) {
                    Ok(count) => break count,
                    Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                    Err(error) => panic!("{error}"),
                }
                assert!(started.elapsed() < AT_MOST);
                let _ = stream.write_all(b"a");
            };
            assert_eq!(&said[..answered], b"HTTP/1.1 408 Req");
        });
        // Slow, but it comes to an end of its own.
        scope.spawn(|| {
            let mut stream = connect(serving.address());
            stream.set_nodelay(true).expect("a setting");
            for byte in request.as_bytes() {
                stream.write_all(&[*byte]).expect("the server reads");
            }
            assert_eq!(heard(&mut stream).status, 200);
        });
    });
    still_there(&serving);
}

#[test]
fn what_breaks_off_is_let_go_at_once() {
    let serving = Serving::new();
    let request = format!("GET /broken/ HTTP/1.1\r\nHost: {}\r\n\r\n", serving.host());
    let started = Instant::now();
    for length in 0..request.len() {
        let mut stream = connect(serving.address());
        stream.write_all(&request.as_bytes()[..length]).expect("the server reads");
        stream.shutdown(Shutdown::Write).expect("a connection");
        let expected = if length == 0 { CLOSED } else { 400 };
        assert_eq!(heard(&mut stream).status, expected, "after {length} bytes");
        // And the same from somebody who does not stay for the answer.
        let mut stream = connect(serving.address());
        stream.write_all(&request.as_bytes()[..length]).expect("the server reads");
    }
    // None of them was waited for.
    assert!(started.elapsed() < HEAD_PATIENCE);
    assert!(!serving.events().iter().any(|event| matches!(event, Event::PageStopped { .. })));
    still_there(&serving);
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("it is smaller than a usize")
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.roll(256)).expect("it is a byte")
    }
}

#[test]
fn nothing_comes_of_noise() {
    let serving = Serving::new();
    let good = format!("GET /notes/may%20call/ HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\nCookie: a=b\r\n\r\n", serving.host());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut whole = 0;
    for round in 0..400 {
        let bytes: Vec<u8> = if round % 2 == 0 {
            (0..dice.roll(600)).map(|_| dice.byte()).collect()
        } else {
            // A good request, a few bytes of which were changed on the way.
            let mut bytes = good.clone().into_bytes();
            for _ in 0..=dice.roll(3) {
                let at = dice.roll(bytes.len());
                bytes[at] = dice.byte();
            }
            bytes
        };
        let mut stream = connect(serving.address());
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let reply = heard(&mut stream);
        let known = [CLOSED, 200, 301, 400, 403, 404, 405, 413, 431, 501, 505].contains(&reply.status);
        assert!(known && (round % 2 == 1 || matches!(reply.status, CLOSED | 400)), "{}: {bytes:?}", reply.status);
        whole += usize::from(reply.status == 200);
    }
    assert!((1..200).contains(&whole), "some changes matter and some do not: {whole}");
    still_there(&serving);
}

#[test]
fn a_header_without_end_is_not_read_to_its_end() {
    let serving = Serving::new();
    let mut stream = connect(serving.address());
    stream.set_read_timeout(Some(Duration::from_millis(1))).expect("a setting");
    stream.set_write_timeout(Some(AT_MOST)).expect("a setting");
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {}\r\nA: ", serving.host()).as_bytes()).expect("the server reads");
    let piece = [b'a'; 16 << 10];
    let (mut sent, mut said) = (0, Vec::new());
    let mut bytes = [0; 4096];
    // Sends until the first word of an answer, for up to 60 MB.
    while said.is_empty() && sent < 60_000_000 {
        stream.write_all(&piece).expect("the server reads");
        sent += piece.len();
        match stream.read(&mut bytes) {
            Ok(count) => said.extend_from_slice(&bytes[..count]),
            Err(error) => assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}"),
        }
    }
    assert!(said.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&said));
    assert!(sent <= 512 << 10, "{sent} bytes were taken before it was refused");
    // Whoever goes on all the same is not listened to: most of this is never taken off the connection.
    let refused = (sent..60_000_000).step_by(piece.len()).find(|_| stream.write_all(&piece).is_err());
    let taken = refused.expect("it comes to an end");
    assert!(taken < 30_000_000, "{taken} bytes were taken");
    still_there(&serving);
}
