//! A watch server on a folder that is simple enough to see through, and a browser's side of the conversation.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use folkmoot::serve::{self, Answer, Event, Options, Rebuild, Report, Server, Snapshot, Touched, Watching};
use tempfile::TempDir;

/// Nothing here depends on how fast anything is; this only ends a test that would wait for ever.
pub const AT_MOST: Duration = Duration::from_secs(10);

const LOOK_AGAIN: Duration = Duration::from_millis(10);

// --- A site that is simple enough to see through ---

/// One page per file, with the file's text: `content/a/b.md` is `/a/b/`.
#[derive(PartialEq)]
struct Pages {
    texts: BTreeMap<String, String>,
    report: Report,
}

impl Snapshot for Pages {
    fn answer(&self, path: &str) -> Option<Answer> {
        if path == "/picture.svg" {
            let bytes = b"<svg xmlns='http://www.w3.org/2000/svg'><!-- </head> --></svg>".to_vec();
            return Some(Answer { status: 200, content_type: "image/svg+xml".into(), bytes, location: None });
        }
        let text = self.texts.get(path)?;
        assert!(!text.contains("fall over"), "a page that cannot be made");
        Some(html(200, text))
    }

    fn not_found(&self) -> Answer {
        html(404, "not here")
    }

    fn report(&self) -> Report {
        self.report.clone()
    }

    fn assets(&self) -> &str {
        &self.report.text
    }

    fn about(&self, path: &str) -> String {
        format!("{{\"asked\":\"{path}\"}}")
    }
}

fn html(status: u16, text: &str) -> Answer {
    let page = format!("<!doctype html><html><head><title>x</title></head><body>{text}</body></html>");
    Answer { status, content_type: "text/html".into(), bytes: page.into_bytes(), location: None }
}

/// Reads the folder anew each time. A file that says `wrong` is an error: the pages stay as they were.
struct Folder {
    root: PathBuf,
    last: Arc<Pages>,
}

impl Folder {
    fn new(root: &Path) -> Self {
        let mut folder = Folder { root: root.into(), last: Arc::new(Pages { texts: BTreeMap::new(), report: Report::default() }) };
        folder.last = Arc::new(folder.read());
        folder
    }

    fn read(&self) -> Pages {
        let mut texts = BTreeMap::new();
        let content = self.root.join("content");
        for entry in walkdir::WalkDir::new(&content).into_iter().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "md") {
                let name = entry.path().with_extension("");
                let name = name.strip_prefix(&content).expect("it was found there").to_string_lossy().into_owned();
                let route = if name == "home" { "/".to_owned() } else { format!("/{name}/") };
                texts.insert(route, fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
        if let Ok(title) = fs::read_to_string(self.root.join("folkmoot.toml")) {
            texts.insert("/title/".into(), title);
        }
        let wrong = texts.values().filter(|text| text.contains("wrong")).count();
        if wrong == 0 {
            return Pages { texts, report: Report::default() };
        }
        let text = "content/home.md:1: <b>this is wrong</b>\n".to_owned();
        Pages { texts: self.last.texts.clone(), report: Report { errors: wrong, text, ..Report::default() } }
    }
}

impl Rebuild for Folder {
    fn rebuild(&mut self, _: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
        anyhow::ensure!(!self.root.join("content/locked.md").exists(), "content/locked.md cannot be read");
        assert!(!self.root.join("content/fault.md").exists(), "a fault in the rebuild");
        let next = self.read();
        if next == *self.last {
            return Ok(None);
        }
        self.last = Arc::new(next);
        Ok(Some(self.last.clone()))
    }

    fn watched(&self) -> Vec<PathBuf> {
        ["content", "theme", "folkmoot.toml"].iter().map(|name| self.root.join(name)).collect()
    }

    fn ignored(&self) -> Vec<PathBuf> {
        vec![self.root.join("public")]
    }
}

// --- A server on it, and a browser's side of the conversation ---

pub struct Serving {
    pub folder: TempDir,
    pub server: Server,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Serving {
    pub fn new() -> Self {
        Serving::with(Watching::Notify)
    }

    pub fn with(watching: Watching) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "content/home.md", "first words");
        write(folder.path(), "content/notes/may call.md", "<h1>May</h1>");
        write(folder.path(), "content/broken.md", "fall over");
        write(folder.path(), "folkmoot.toml", "title");
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let server = start(folder.path(), watching, 0, events.clone());
        Serving { folder, server, events }
    }

    pub fn address(&self) -> SocketAddr {
        address_of(&self.server)
    }

    pub fn host(&self) -> String {
        self.address().to_string()
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n", self.host()))
    }

    /// Sends these lines and the end of the head.
    pub fn ask(&self, lines: &str) -> Reply {
        exchange(self.address(), &format!("{lines}Connection: close\r\n\r\n"))
    }

    pub fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    pub fn wait_for(&self, path: &str, words: &str) -> Reply {
        wait_until(&format!("{words:?} at {path}"), || Some(self.get(path)).filter(|reply| reply.body.contains(words)))
    }

    /// What is shown; whether the next state is being made changes from moment to moment, and is left out.
    pub fn state(&self) -> String {
        let told = self.get("/_folkmoot/state").body;
        told.split_once(",\"coming\":").map_or(told.clone(), |(shown, _)| shown.to_owned())
    }

    pub fn events(&self) -> Vec<Event> {
        self.events.lock().expect("no listener panics").clone()
    }
}

pub fn start(root: &Path, watching: Watching, port: u16, events: Arc<Mutex<Vec<Event>>>) -> Server {
    let rebuild = Folder::new(root);
    let first = rebuild.last.clone();
    let on_event = Box::new(move |event| events.lock().expect("no listener panics").push(event));
    let options = Options { port, poll: watching, on_event, ..Options::default() };
    serve::start(first, Box::new(rebuild), options).expect("a free port")
}

pub fn address_of(server: &Server) -> SocketAddr {
    let url = server.url();
    url.strip_prefix("http://").and_then(|url| url.strip_suffix('/')).and_then(|url| url.parse().ok()).expect(url)
}

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Reply {
    /// What came, however little that is. Nothing at all has the status 0.
    fn of(bytes: &[u8]) -> Reply {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Reply { status, head: head.into(), body: body.into() }
    }
}

pub fn exchange(address: SocketAddr, request: &str) -> Reply {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).expect("the server reads");
    hear(&mut stream)
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, AT_MOST).expect("the server listens");
    stream.set_read_timeout(Some(AT_MOST)).expect("a setting");
    stream
}

/// All that the server says until it ends the connection, which it does in good order.
#[track_caller]
pub fn hear(stream: &mut TcpStream) -> Reply {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("the server answers and closes");
    Reply::of(&bytes)
}

pub fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < AT_MOST, "waited too long for {what}");
        std::thread::sleep(LOOK_AGAIN);
    }
}

pub fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
