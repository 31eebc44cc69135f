//! The watch server over a real socket and a real folder: who may ask, what is sent, and what follows a save.

use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use folkmoot::serve::{Event, Watching};

use crate::serving::{AT_MOST, Serving, address_of, exchange, start, wait_until, write};

// --- What is sent ---

#[test]
fn a_route_is_sent_with_every_header() {
    let serving = Serving::new();
    let reply = serving.get("/notes/may%20call/?from=mail");
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains("<h1>May</h1>"), "{}", reply.body);
    assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert_eq!(reply.header("Content-Length"), Some(reply.body.len().to_string().as_str()));
    for path in ["/", "/nowhere/", "/picture.svg", "/broken/", "/..", "/_folkmoot/state", "/_folkmoot/reload.js"] {
        let reply = serving.get(path);
        let policy = reply.header("Content-Security-Policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("Cache-Control"), Some("no-store"), "{path}");
        assert_eq!(reply.header("Referrer-Policy"), Some("no-referrer"), "{path}");
        assert_eq!(reply.header("Connection"), Some("close"), "{path}");
        assert!(reply.header("Content-Type").is_some_and(|kind| kind.contains("charset=")), "{path}");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), None, "{path}");
    }
}

#[test]
fn a_missing_slash_is_added_and_the_query_kept() {
    let serving = Serving::new();
    let reply = serving.get("/notes/may%20call?q=a%20b");
    assert_eq!((reply.status, reply.header("Location")), (301, Some("/notes/may%20call/?q=a%20b")));
    assert_eq!(serving.get("/nowhere").status, 404);
    assert_eq!(serving.get("//example.org").status, 404);
}

#[test]
fn head_is_get_without_the_body() {
    let serving = Serving::new();
    let (get, head) = (serving.get("/"), serving.ask(&format!("HEAD / HTTP/1.1\r\nHost: {}\r\n", serving.host())));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("Content-Length"), get.header("Content-Length"));
}

#[test]
fn an_address_that_does_not_exist_is_the_sites_own_page_for_that() {
    let reply = Serving::new().get("/nowhere/");
    assert_eq!(reply.status, 404);
    assert!(reply.body.contains("not here") && reply.body.contains("/_folkmoot/reload.js"), "{}", reply.body);
}

#[test]
fn pages_follow_the_site_and_other_files_are_sent_as_they_are() {
    let serving = Serving::new();
    let page = serving.get("/").body;
    let script = "<script src=\"/_folkmoot/reload.js\" defer data-run=\"";
    assert_eq!(page.matches("<script").count(), 1);
    assert!(
        page.contains(script) && page.contains("data-build=\"1\" data-page=\"") && page.contains("data-styles=\"\"></script></head>"),
        "{page}"
    );
    let run = page.split("data-run=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    let state = || serving.get("/_folkmoot/state").body;
    wait_until("the first look to end", || state().ends_with(",\"coming\":false}\n").then_some(()));
    assert_eq!(serving.state(), format!("{{\"run\":\"{run}\",\"build\":1,\"errors\":0"));
    assert!(!serving.get("/picture.svg").body.contains("script"));
    assert_eq!(serving.get("/_folkmoot/reload.js").header("Content-Type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(serving.get("/_folkmoot/overlay.css").header("Content-Type"), Some("text/css; charset=utf-8"));
    assert_eq!(serving.get("/_folkmoot/other").status, 404);
}

// --- Who may ask, and for what ---

#[test]
fn only_its_own_names_are_answered() {
    let serving = Serving::new();
    let port = serving.address().port();
    for own in ["localhost", "127.0.0.1", "[::1]", "LocalHost"] {
        assert_eq!(serving.ask(&format!("GET / HTTP/1.1\r\nHost: {own}:{port}\r\n")).status, 200, "{own}");
    }
    for other in [format!("example.org:{port}"), "localhost".into(), "localhost:1".into(), format!("127.0.0.2:{port}")] {
        let reply = serving.ask(&format!("GET / HTTP/1.1\r\nHost: {other}\r\n"));
        assert_eq!(reply.status, 403, "{other}");
        assert!(!reply.body.contains("first words"));
    }
    assert_eq!(serving.ask("GET / HTTP/1.1\r\n").status, 400);
    let twice = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nHost: example.org\r\n");
    assert_eq!(serving.ask(&twice).status, 400);
}

#[test]
fn live_reload_is_for_its_own_pages() {
    let serving = Serving::new();
    let host = serving.host();
    let from = |path: &str, origin: &str| serving.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n")).status;
    for path in ["/_folkmoot/state", "/_folkmoot/looks?at=/", "/_folkmoot/about?at=/", "/_folkmoot/reload.js"] {
        assert_eq!(from(path, &format!("http://{host}")), 200, "{path}");
        for other in ["http://example.org", "null", "http://localhost", &format!("https://{host}")] {
            assert_eq!(from(path, other), 403, "{path} for {other}");
        }
    }
}

#[test]
fn nothing_but_reading_is_allowed() {
    let serving = Serving::new();
    let ask = |method: &str| serving.ask(&format!("{method} / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n", serving.host()));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        let reply = ask(method);
        assert_eq!((reply.status, reply.header("Allow")), (405, Some("GET, HEAD")), "{method}");
    }
    for method in ["BREW", "get"] {
        assert_eq!(ask(method).status, 501, "{method}");
    }
}

#[test]
fn bodies_nobody_asked_for_do_no_harm() {
    let serving = Serving::new();
    let head = |length: &str| format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\n", serving.host());
    let long = "x".repeat(5000);
    let whole = exchange(serving.address(), &format!("{}Connection: close\r\n\r\n{long}", head("5000")));
    assert_eq!(whole.status, 413);
    // Claims that are never kept, more of them than pages are made at a time, and two without measure.
    let mut open: Vec<TcpStream> = Vec::new();
    for length in std::iter::repeat_n("100000", 20).chain(["18446744073709551615", "1000000000000000"]) {
        let mut stream = TcpStream::connect_timeout(&serving.address(), AT_MOST).expect("the server listens");
        stream.write_all(format!("{}\r\nbegun", head(length)).as_bytes()).expect("the server reads");
        open.push(stream);
        assert_eq!(serving.get("/").status, 200, "after {}", open.len());
    }
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let serving = Serving::new();
    serving.write("secret.md", "secret words");
    for path in ["/../secret.md", "/%2e%2e/secret.md", "/..%2fsecret.md", "/a/../../secret.md", "/%00", "/a%5c..%5cb", "/%ff", "/."] {
        let reply = serving.get(path);
        assert_eq!(reply.status, 400, "{path}");
        assert_eq!(reply.header("Content-Type"), Some("text/plain; charset=utf-8"), "{path}");
    }
    let secret = serving.folder.path().join("secret.md");
    for path in [secret.to_str().expect("UTF-8"), "/secret.md", "/content/home.md", "/%252e%252e/secret.md", "//secret.md"] {
        assert_eq!(serving.get(path).status, 404, "{path}");
    }
    assert_eq!(serving.get("http://localhost/").status, 400);
    assert_eq!(serving.get("*").status, 400);
}

#[test]
fn a_page_that_panics_takes_nothing_with_it() {
    let serving = Serving::new();
    for _ in 0..20 {
        let reply = serving.get("/broken/");
        assert_eq!(reply.status, 500);
        assert!(reply.body.contains("could not be made") && !reply.body.contains("cannot be made"), "{}", reply.body);
    }
    assert_eq!(serving.get("/").status, 200);
    let told = Event::PageStopped { path: "/broken/".into(), why: "a page that cannot be made".into() };
    assert!(serving.events().contains(&told));
}

// --- What follows a save ---

#[test]
fn a_save_is_shown_and_counted() {
    let serving = Serving::new();
    serving.write("content/home.md", "second words");
    let page = serving.wait_for("/", "second words").body;
    assert!(page.contains("data-build=\"2\""), "{page}");
    assert!(serving.state().contains("\"build\":2"));
    assert!(serving.events().iter().any(|event| matches!(event, Event::Rebuilt { report, .. } if report.errors == 0)));
}

#[test]
fn sweeping_alone_notices_the_same() {
    let serving = Serving::with(Watching::Poll);
    serving.write("content/home.md", "second words");
    serving.wait_for("/", "second words");
    serving.write("content/new/deep/entry.md", "new words");
    serving.wait_for("/new/deep/entry/", "new words");
    fs::remove_dir_all(serving.folder.path().join("content/new")).expect("a folder");
    wait_until("the page to go", || (serving.get("/new/deep/entry/").status == 404).then_some(()));
}

#[test]
fn a_save_by_renaming_is_shown_again_and_again() {
    let serving = Serving::new();
    for round in 1..=3 {
        for file in ["content/home.md", "folkmoot.toml"] {
            // As vim does: a backup, a new file, the swap file away.
            let path = serving.folder.path().join(file);
            serving.write("content/.home.md.swp", "swap");
            serving.write("content/4913", "");
            fs::remove_file(serving.folder.path().join("content/4913")).expect("a removal");
            fs::rename(&path, path.with_extension("md~")).expect("a rename");
            serving.write(file, &format!("{file} in round {round}"));
            fs::remove_file(path.with_extension("md~")).expect("a removal");
        }
        serving.wait_for("/", &format!("content/home.md in round {round}"));
        serving.wait_for("/title/", &format!("folkmoot.toml in round {round}"));
        // As others do: a new file beside it, renamed over it.
        for file in ["content/home.md", "folkmoot.toml"] {
            serving.write("content/saving.tmp", &format!("{file} renamed {round}"));
            fs::rename(serving.folder.path().join("content/saving.tmp"), serving.folder.path().join(file)).expect("it");
        }
        serving.wait_for("/", &format!("content/home.md renamed {round}"));
        serving.wait_for("/title/", &format!("folkmoot.toml renamed {round}"));
    }
}

#[test]
fn a_new_folder_with_a_file_in_it_is_seen() {
    let serving = Serving::new();
    serving.write("content/new/deep/entry.md", "new words");
    serving.wait_for("/new/deep/entry/", "new words");
    serving.write("content/new/deep/entry.md", "newer words");
    serving.wait_for("/new/deep/entry/", "newer words");
    // A folder that goes and comes back is another folder.
    fs::rename(serving.folder.path().join("content"), serving.folder.path().join("aside")).expect("a rename");
    wait_until("the page to go", || (serving.get("/new/deep/entry/").status == 404).then_some(()));
    serving.write("content/home.md", "third words");
    serving.wait_for("/", "third words");
    serving.write("content/home.md", "fourth words");
    serving.wait_for("/", "fourth words");
}

#[test]
fn a_touch_without_a_change_is_silent() {
    let serving = Serving::new();
    let before = serving.state();
    let home = serving.folder.path().join("content/home.md");
    // Again and again, because the first touch may come before the watches stand.
    wait_until("a touch to be noticed", || {
        let file = fs::File::options().append(true).open(&home).expect("it is there");
        file.set_modified(SystemTime::now()).expect("a new time");
        serving.events().contains(&Event::Silent).then_some(())
    });
    assert_eq!(serving.state(), before);
    assert!(!serving.events().iter().any(|event| matches!(event, Event::Rebuilt { .. })));
}

#[test]
fn what_is_not_watched_wakes_nobody() {
    let serving = Serving::new();
    for path in ["public/index.html", "content/.home.md.swp", "content/home.md~", "content/.git/index", "other.md"] {
        serving.write(path, "anything");
    }
    // The save after them is noticed; had they been, there would be a silent event before it.
    serving.write("content/home.md", "second words");
    serving.wait_for("/", "second words");
    let silent = |event: &&Event| matches!(event, Event::Silent);
    let before = serving.events().into_iter().take_while(|event| !matches!(event, Event::Rebuilt { .. }));
    assert_eq!(before.collect::<Vec<_>>().iter().filter(silent).count(), 0);
}

#[test]
fn errors_are_told_over_the_last_good_pages() {
    let serving = Serving::new();
    serving.write("content/home.md", "wrong words");
    wait_until("the error", || serving.state().contains("\"build\":2,\"errors\":1").then_some(()));
    assert!(serving.get("/").body.contains("first words"));
    let about = serving.get("/_folkmoot/about?at=%2Fnotes%2Fmay%20call%2F");
    assert_eq!(about.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert!(about.body.ends_with(",\"about\":{\"asked\":\"/notes/may call/\"}}\n"), "{}", about.body);
    let looks = serving.get("/_folkmoot/looks?at=%2Fnotes%2Fmay%20call%2F");
    assert_eq!(looks.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert!(looks.body.contains("\"build\":2,\"looks\":\""), "{}", looks.body);
    for address in ["/_folkmoot/about", "/_folkmoot/looks"] {
        assert_eq!(serving.get(address).status, 400, "{address} is told no page");
    }
    serving.write("content/home.md", "better words");
    serving.wait_for("/", "better words");
    assert!(serving.state().contains("\"build\":3,\"errors\":0"));
}

#[test]
fn a_rebuild_that_stops_or_panics_is_told_and_mended() {
    let serving = Serving::new();
    for (file, words) in [("content/locked.md", "cannot be read"), ("content/fault.md", "a fault in the rebuild")] {
        serving.write(file, "x");
        wait_until(words, || serving.get("/_folkmoot/about?at=/").body.contains(words).then_some(()));
        assert!(serving.state().contains("\"errors\":1"));
        assert!(serving.get("/").body.contains("first words"));
        fs::remove_file(serving.folder.path().join(file)).expect("a removal");
        wait_until("the end of it", || serving.state().contains("\"errors\":0").then_some(()));
    }
    let stopped = |event: &&Event| matches!(event, Event::RebuildStopped { .. });
    assert_eq!(serving.events().iter().filter(stopped).count(), 2);
}

// --- Starting and stopping ---

#[test]
fn a_taken_port_leads_to_the_next() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("its address").port();
    // The very last ports have no next one; the system gives out lower ones.
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "content/home.md", "first words");
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let server = start(folder.path(), Watching::Notify, port, events.clone());
    let address = address_of(&server);
    assert_eq!(address.ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert!(address.port() > port && address.port() <= port + 20, "{address} after {port}");
    let told = events.lock().expect("no listener panics").first().cloned();
    assert_eq!(told, Some(Event::Listening { url: server.url().to_owned() }));
}

#[test]
fn a_stopped_server_frees_its_port_and_the_next_is_another_run() {
    let serving = Serving::new();
    let first = serving.state();
    // Open connections must not hold up the end.
    let idle = TcpStream::connect_timeout(&serving.address(), AT_MOST).expect("the server listens");
    serving.server.stop();
    serving.server.stop();
    serving.server.wait();
    let port = serving.address().port();
    let next = start(serving.folder.path(), Watching::Notify, port, Arc::default());
    let request = format!("GET /_folkmoot/state HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address_of(&next));
    assert_ne!(exchange(address_of(&next), &request).body, first);
    drop(idle);
}

#[test]
fn many_at_once_are_all_answered() {
    let serving = Serving::new();
    let (address, host) = (serving.address(), serving.host());
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                for path in ["/", "/_folkmoot/state", "/nowhere/", "/broken/"] {
                    let reply = exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
                    assert!(reply.status >= 200, "{path}");
                }
            });
        }
    });
}
