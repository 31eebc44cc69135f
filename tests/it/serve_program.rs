//! `folkmoot serve` as a program of its own on a small site: what it shows of the disk, and how it comes to an end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::symlink;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::serving::{AT_MOST, Reply, connect, exchange, wait_until, write};

/// Larger than what the system takes off a program's hands for a reader that does not read.
pub const LARGE: usize = 24 << 20;

pub struct Program {
    pub folder: TempDir,
    pub address: SocketAddr,
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Program {
    pub fn start() -> Program {
        Program::with_setup("")
    }

    /// Started by a shell that does this first.
    pub fn with_setup(setup: &str) -> Program {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "folkmoot.toml", "title = \"Small\"\n");
        write(folder.path(), "content/pages/hello.md", "+++\ntitle = \"Hello\"\n+++\n\nfirst words\n");
        write(folder.path(), "static/large.txt", &"a".repeat(LARGE));
        Program::on(folder, setup)
    }

    fn on(folder: TempDir, setup: &str) -> Program {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{setup}\nexec \"$0\" serve \"$1\" --port 0"), env!("CARGO_BIN_EXE_folkmoot")]);
        command.arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut said = BufReader::new(child.stdout.take().expect("it was asked for"));
        let address = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).expect("it speaks") > 0, "it ended before it served");
            if let Some((_, rest)) = line.split_once("” at http://") {
                break rest.split('/').next().and_then(|address| address.parse().ok()).expect(&line);
            }
        };
        Program { folder, address, child, said }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn request(&self, path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address)
    }

    pub fn get(&self, path: &str) -> Reply {
        exchange(self.address, &self.request(path))
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.id().to_string()]).status().expect("there is a kill");
        assert!(sent.success());
    }

    /// Waits for the end. Gives what was said since the address, and on the other channel.
    fn end(mut self) -> (ExitStatus, String, String) {
        let ended = wait_until("the end", || self.child.try_wait().expect("it is ours"));
        let (mut out, mut err) = (String::new(), String::new());
        self.said.read_to_string(&mut out).expect("UTF-8");
        self.child.stderr.take().expect("it was asked for").read_to_string(&mut err).expect("UTF-8");
        (ended, out, err)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_link_that_leads_out_of_the_site_shows_nothing() {
    let outside = tempfile::tempdir().expect("a folder");
    write(outside.path(), "secret.md", "secret words");
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "folkmoot.toml", "title = \"Small\"\n");
    write(folder.path(), "secret.md", "secret words");
    write(folder.path(), "content/pages/hello.md", "+++\ntitle = \"Hello\"\n+++\n\nfirst words\n");
    write(folder.path(), "static/seen.txt", "seen words");
    let links =
        [("content/pages/leak.md", "secret.md"), ("static/leak.txt", "secret.md"), ("static/folder", ""), ("content/pages/folder", "")];
    for (link, target) in links {
        symlink(outside.path().join(target), folder.path().join(link)).expect("a link");
    }
    // What a link leads to may change after it was looked at.
    symlink("seen.txt", folder.path().join("static/later.txt")).expect("a link");
    let program = Program::on(folder, "");
    assert!(program.get("/hello/").body.contains("first words"));
    assert_eq!(program.get("/later.txt").body, "seen words");
    let later = program.folder.path().join("static/later.txt");
    std::fs::remove_file(&later).expect("a removal");
    symlink(outside.path().join("secret.md"), &later).expect("a link");
    let outside = outside.path().display();
    for path in [
        "/leak/",
        "/leak",
        "/leak.md",
        "/leak.txt",
        "/static/leak.txt",
        "/folder/",
        "/folder/secret.md",
        "/files/leak.txt",
        "/content/pages/leak.md",
        "/secret.md",
        &format!("{outside}/secret.md"),
        &format!("/{outside}/secret.md"),
    ] {
        let reply = program.get(path);
        assert!(!reply.body.contains("secret words"), "{path}: {}", reply.body);
        assert_ne!(reply.status, 200, "{path}: {}", reply.body);
    }
    // Until the change is noticed, the file is what it was.
    wait_until("the link to be refused", || {
        let reply = program.get("/later.txt");
        assert!(!reply.body.contains("secret words"), "{}", reply.body);
        (reply.status != 200).then_some(())
    });
    assert_eq!(program.get("/hello/").status, 200);
}

#[test]
fn asked_to_end_it_says_so_and_ends_well() {
    for signal in ["-INT", "-TERM"] {
        let program = Program::start();
        let address = program.address;
        assert_eq!(program.get("/").status, 200);
        // Neither who says nothing, nor who says half, nor who does not listen, holds it up for long.
        let idle = connect(address);
        let (mut half, mut deaf) = (connect(address), connect(address));
        half.write_all(b"GET / HT").expect("it reads");
        deaf.write_all(program.request("/large.txt").as_bytes()).expect("it reads");
        deaf.read_exact(&mut [0; 9]).expect("it answers");
        let started = Instant::now();
        program.signal(signal);
        let (status, out, err) = program.end();
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
        assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "Stopped.\n", ""), "{signal}");
        assert!(TcpStream::connect_timeout(&address, AT_MOST).is_err(), "the port is free");
        drop((idle, half, deaf));
    }
}

#[test]
fn an_answer_under_way_is_finished_before_the_end() {
    let program = Program::start();
    let mut stream = connect(program.address);
    stream.write_all(program.request("/large.txt").as_bytes()).expect("it reads");
    stream.read_exact(&mut [0; 9]).expect("it answers");
    program.signal("-INT");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("it closes in good order");
    assert!(rest.len() > LARGE, "{}", rest.len());
    assert_eq!(program.end().0.code(), Some(0));
}
