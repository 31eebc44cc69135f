//! The program itself showing a knowledge base on a disk, and a browser's side of the conversation.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Nothing depends on how fast anything is: this only ends a test that would wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

pub const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A request that gets no answer for this long is made once more: a connection may be lost among many, a page not.
const BEFORE_ANOTHER_TRY: Duration = Duration::from_secs(5);

/// What may stand unescaped in the path of an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The program, with nothing of this machine's own that it could go by.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
    without_surroundings(&mut program);
    program
}

/// Noon of 2026-11-22 (UTC), the day of the tests, whatever day it is.
pub fn without_surroundings(command: &mut Command) {
    command.env("SOURCE_DATE_EPOCH", "1795348800").env_remove("FOLKMOOT_EDITOR");
}

/// A running preview, which ends with the test.
pub struct Preview {
    child: Child,
    address: SocketAddr,
    said: Lines,
    warned: Lines,
}

impl Preview {
    /// Of the knowledge base in this folder.
    pub fn of(root: &Path, arguments: &[&str]) -> Preview {
        let mut command = program();
        command.arg("serve").arg(root).args(["--port", "0"]).args(arguments);
        Preview::by(command)
    }

    /// By a command that ends in a preview.
    pub fn by(mut command: Command) -> Preview {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Lines::of(child.stdout.take().unwrap());
        let warned = Lines::of(child.stderr.take().unwrap());
        let address = wait_for("the address", || {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it served: {} {}", said.all(), warned.all());
            let text = said.all();
            let (_, rest) = text.split_once("” at http://")?;
            rest.split_once('/')?.0.parse().ok()
        });
        Preview { child, address, said, warned }
    }

    pub fn get(&self, path: &str) -> Answer {
        let begun = Instant::now();
        loop {
            match self.ask(path) {
                Ok(answer) => return answer,
                Err(why) => assert!(begun.elapsed() < PATIENCE, "{path} gets no answer: {why}"),
            }
        }
    }

    fn ask(&self, path: &str) -> io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&self.address, BEFORE_ANOTHER_TRY)?;
        stream.set_read_timeout(Some(BEFORE_ANOTHER_TRY))?;
        let target = utf8_percent_encode(path, PATH);
        // In one piece: a busy machine may leave a long while between two, and the preview does not wait for a head for ever.
        let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        Answer::read(&bytes).ok_or_else(|| io::Error::other("only a part of one came"))
    }

    /// What every open page asks for.
    pub fn state(&self) -> State {
        let state: Value = serde_json::from_slice(&self.get("/_folkmoot/state").body).unwrap();
        let number = |key: &str| state[key].as_u64().unwrap_or_else(|| panic!("{state} counts {key}"));
        State { build: number("build"), errors: number("errors") }
    }

    /// Waits until the page at this address says this.
    #[track_caller]
    pub fn shows(&self, path: &str, words: &str) {
        wait_for(&format!("“{words}” at {path}"), || self.get(path).text().contains(words).then_some(()));
    }

    /// Waits until there is nothing at this address.
    #[track_caller]
    pub fn shows_nothing(&self, path: &str) {
        wait_for(&format!("{path} to go"), || (self.get(path).status == 404).then_some(()));
    }

    /// Waits until this many errors are told.
    #[track_caller]
    pub fn tells_errors(&self, errors: u64) {
        wait_for(&format!("{errors} errors"), || (self.state().errors == errors).then_some(()));
    }

    /// What is told over the page at this address.
    pub fn about(&self, path: &str) -> String {
        // The query is sent as it is, and a path of these tests needs no escaping in it.
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!("GET /_folkmoot/about?at={path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::read(&bytes).unwrap().text()
    }

    /// Everything it said to whoever started it.
    pub fn said(&self) -> String {
        self.said.all()
    }

    /// Everything it said beside that.
    pub fn warned(&self) -> String {
        self.warned.all()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    pub build: u64,
    pub errors: u64,
}

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A whole answer; none where it was cut off.
    fn read(bytes: &[u8]) -> Option<Answer> {
        const END: &[u8] = b"\r\n\r\n";
        let end = bytes.windows(END.len()).position(|bytes| bytes == END)?;
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let answer = Answer { status, head, body: bytes[end + END.len()..].to_vec() };
        let length = answer.header("Content-Length")?.parse();
        (length == Ok(answer.body.len())).then_some(answer)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What a program says, gathered while it runs.
struct Lines(Arc<Mutex<String>>);

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Lines {
        let all: Arc<Mutex<String>> = Arc::default();
        let gathered = all.clone();
        std::thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
                gathered.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        Lines(all)
    }

    fn all(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

/// Looks again and again until there is something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// The address of a file of a published site: a page goes by its folder.
pub fn address_of(file: &str) -> String {
    match file.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{file}"),
    }
}
