//! The server behind the door: makes the answers, on a port that only the door knows, and is started anew when it dies.
//!
//! tiny_http 0.12 serves; it has faults that a server for a day's work has to live with. It sets no bounds on the size
//! and the time of a request, reads away what a body claims to be, closes connections over a letter that is not ASCII,
//! lets bursts wait on connections that are kept open, and stops accepting for ever when descriptors run out. The door
//! shows it none of what leads there: each connection brings one short, whole, plain request and the pass of this run,
//! and takes the answer away at once. Should it die all the same, its port dies with it; the next request notices,
//! starts another one on another port, and asks that.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use tiny_http::Request;

use super::head::Head;
use super::http::{self, Asked, OwnNames};
use super::{Answer, Common, Event, locked, reload, words_of};

/// The header that tells a request of the door from anybody else's.
const PASS: &str = "Folkmoot-Pass";

/// How long a worker waits for a request before it looks around. It is woken early to stop, so this is only a net.
const WORKER_TURN: Duration = Duration::from_secs(1);

/// How long a request may take to reach a worker. It takes less than a millisecond; this is for a very busy machine.
const ARRIVAL_PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer may take to be made. The search index of a very large site takes a few seconds.
const ANSWER_PATIENCE: Duration = Duration::from_secs(60);

/// Up to this size tiny_http has read a request's body before we see the request (its own number).
const BODY_ALREADY_READ: usize = 1024;

/// The server and all that it takes to reach it.
pub struct Inner {
    names: Arc<OwnNames>,
    /// 128 bits that nobody can guess.
    secret: String,
    /// None once it is closed.
    living: RwLock<Option<Living>>,
    turns: Turns,
    /// The requests on their way, by number, and whether a worker has seen them.
    passes: Mutex<HashMap<u64, Seen>>,
    next_pass: AtomicU64,
}

#[derive(Clone)]
struct Living {
    address: SocketAddr,
    server: Arc<tiny_http::Server>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    NotYet,
    Already,
}

/// Why a request brought no answer.
enum Lost {
    /// The server does not accept connections any more, as far as one can tell.
    Dead(String),
    /// The answer is still being made.
    Late,
    /// This side could not ask, most likely because descriptors are short.
    Unasked,
}

/// Begins to serve. As many threads answer as there may be requests, so that none ever waits for one.
pub fn start(names: Arc<OwnNames>, turns: usize, common: &Arc<Common>) -> anyhow::Result<(Arc<Inner>, Vec<JoinHandle<()>>)> {
    let inner = Arc::new(Inner {
        names,
        secret: reload::new_run() + &reload::new_run(),
        living: RwLock::new(Some(begin()?)),
        turns: Turns::new(turns),
        passes: Mutex::default(),
        next_pass: AtomicU64::new(0),
    });
    let worker = |_| {
        let (inner, common) = (inner.clone(), common.clone());
        std::thread::Builder::new().name("folkmoot answer".into()).spawn(move || inner.answer_requests(&common))
    };
    let threads: io::Result<Vec<_>> = (0..turns).map(worker).collect();
    if threads.is_err() {
        inner.close();
    }
    Ok((inner, threads.context("The threads that answer the browser did not start")?))
}

/// A server on a port of its own. tiny_http starts its threads with calls that panic where the system has none left.
fn begin() -> anyhow::Result<Living> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].map(|ip| SocketAddr::new(ip, 0));
    let listener = TcpListener::bind(loopback.as_slice()).context("No port on this machine's own address can be opened")?;
    let address = listener.local_addr().context("The opened port has no address")?;
    let started = catch_unwind(AssertUnwindSafe(|| tiny_http::Server::from_listener(listener, None)));
    let server = started.map_err(|panic| anyhow!(words_of(&*panic)))?.map_err(|error| anyhow!(error))?;
    Ok(Living { address, server: Arc::new(server) })
}

impl Inner {
    /// The whole answer to a request that has been looked at: head, and content where that was asked for.
    pub fn ask(&self, head: &Head, common: &Common) -> Result<Vec<u8>, Answer> {
        let _turn = self.turns.take();
        // Once more, because it is not the browser's fault that the server had died.
        for _ in 0..2 {
            let Some(living) = self.living() else { break };
            match self.pass_on(&living, head) {
                Ok(answer) => return Ok(answer),
                Err(Lost::Dead(why)) if self.renew(&living.server, &why, common) => {}
                Err(Lost::Late) => return Err(Answer::text(503, "This page takes too long to be made. Try again later.")),
                Err(Lost::Dead(_) | Lost::Unasked) => break,
            }
        }
        Err(Answer::text(503, "The server cannot answer at the moment. Try again."))
    }

    /// Serves no more: the workers come to their end.
    pub fn close(&self) {
        let last = self.living.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(living) = last {
            self.release_workers(&living.server);
        }
    }

    fn living(&self) -> Option<Living> {
        self.living.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends the request inward, and takes in the whole answer before the browser sees any of it: the connection to
    /// the server is never held by a slow reader.
    fn pass_on(&self, living: &Living, head: &Head) -> Result<Vec<u8>, Lost> {
        let pass = Pass::new(self);
        let mut stream = TcpStream::connect_timeout(&living.address, ARRIVAL_PATIENCE).map_err(|error| match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut => Lost::dead(&error),
            _ => Lost::Unasked,
        })?;
        let timed = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(ARRIVAL_PATIENCE)));
        timed.and_then(|()| stream.write_all(pass.request(head).as_bytes())).map_err(|error| Lost::dead(&error))?;
        let deadline = Instant::now() + ANSWER_PATIENCE;
        let mut answer = Vec::new();
        loop {
            match stream.read_to_end(&mut answer) {
                Ok(_) if answer.is_empty() => return Err(Lost::Dead("a connection was closed without an answer".into())),
                Ok(_) => return Ok(answer),
                // What was read before stays in `answer`, and the reading goes on.
                Err(error) if is_pause(&error) && pass.was_seen() => {
                    if Instant::now() >= deadline {
                        return Err(Lost::Late);
                    }
                }
                Err(error) if is_pause(&error) => return Err(Lost::Dead("no connection was accepted any more".into())),
                Err(error) => return Err(Lost::dead(&error)),
            }
        }
    }

    /// Puts a new server in the place of a dead one, unless somebody else has. False where there is none.
    fn renew(&self, dead: &Arc<tiny_http::Server>, why: &str, common: &Common) -> bool {
        let mut living = self.living.write().unwrap_or_else(PoisonError::into_inner);
        match &*living {
            None => return false,
            Some(living) if !Arc::ptr_eq(&living.server, dead) => return true,
            Some(_) => {}
        }
        // Still no descriptors or threads to be had: the next request tries again.
        let Ok(next) = begin() else { return false };
        *living = Some(next);
        drop(living);
        self.release_workers(dead);
        common.tell(Event::ListenerRenewed { why: why.to_owned() });
        true
    }

    /// Has the workers that wait for a request of this server look around.
    fn release_workers(&self, server: &tiny_http::Server) {
        (0..self.turns.all).for_each(|_| server.unblock());
    }

    fn answer_requests(&self, common: &Common) {
        while let Some(Living { server, .. }) = self.living() {
            match server.recv_timeout(WORKER_TURN) {
                // Panics of pages are caught closer by; this one keeps the worker whatever tiny_http does.
                Ok(Some(request)) => drop(catch_unwind(AssertUnwindSafe(|| self.answer_one(request, common)))),
                Ok(None) => {}
                Err(error) => drop(self.renew(&server, &error.to_string(), common)),
            }
        }
    }

    fn answer_one(&self, request: Request, common: &Common) {
        let header = |name: &'static str| {
            let found = request.headers().iter().filter(move |header| header.field.equiv(name));
            found.map(|header| header.value.as_str()).collect::<Vec<_>>()
        };
        if !self.see(&header(PASS)) {
            return turn_away(request);
        }
        let asked = Asked { method: request.method().as_str(), target: request.url(), hosts: header("Host"), origins: header("Origin") };
        let shown = common.shown();
        let made = catch_unwind(AssertUnwindSafe(|| http::answer(&asked, &self.names, &shown, &common.run)));
        let answer = made.unwrap_or_else(|panic| {
            let (path, why) = (asked.target.to_owned(), words_of(&*panic));
            common.tell(Event::PageStopped { path, why });
            Answer::text(500, "This page could not be made: a fault in Folkmoot itself. The terminal says more.")
        });
        let bytes = if asked.method == "HEAD" { http::head(&answer).into_bytes() } else { http::whole(answer) };
        // Open pages ask for the state all the time, which keeps nobody busy.
        if !asked.target.starts_with(reload::STATE) {
            *locked(&shown.asked) = Instant::now();
        }
        write(request, &bytes);
    }

    /// Whether a request brought a pass of ours that is still waited for.
    fn see(&self, passes: &[&str]) -> bool {
        let [pass] = passes else { return false };
        let number = pass.strip_prefix(self.secret.as_str()).and_then(|number| number.parse().ok());
        let mut waiting = locked(&self.passes);
        let Some(seen) = number.and_then(|number: u64| waiting.get_mut(&number)) else {
            return false;
        };
        std::mem::replace(seen, Seen::Already) == Seen::NotYet
    }
}

impl Lost {
    fn dead(error: &io::Error) -> Self {
        Lost::Dead(error.to_string())
    }
}

/// What a request carries to be let in: good for one time, and until the door has its answer.
struct Pass<'a> {
    inner: &'a Inner,
    number: u64,
}

impl<'a> Pass<'a> {
    fn new(inner: &'a Inner) -> Self {
        let number = inner.next_pass.fetch_add(1, Ordering::Relaxed);
        locked(&inner.passes).insert(number, Seen::NotYet);
        Pass { inner, number }
    }

    /// All that goes inward of what a browser said.
    fn request(&self, head: &Head) -> String {
        let Head { method, target, hosts, origins } = head;
        let mut request = format!("{method} {target} HTTP/1.1\r\n");
        hosts.iter().for_each(|host| request += &format!("Host: {host}\r\n"));
        // An origin with other letters is nobody's, and where that matters the door has refused it.
        let plain = origins.iter().filter(|origin| origin.bytes().all(|byte| byte.is_ascii_graphic()));
        plain.for_each(|origin| request += &format!("Origin: {origin}\r\n"));
        request + &format!("{PASS}: {}{}\r\nConnection: close\r\n\r\n", self.inner.secret, self.number)
    }

    fn was_seen(&self) -> bool {
        locked(&self.inner.passes).get(&self.number) == Some(&Seen::Already)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        locked(&self.inner.passes).remove(&self.number);
    }
}

/// So many may be inside at a time.
struct Turns {
    all: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

struct Turn<'a>(&'a Turns);

impl Turns {
    fn new(all: usize) -> Self {
        Turns { all, free: Mutex::new(all), freed: Condvar::new() }
    }

    fn take(&self) -> Turn<'_> {
        let free = locked(&self.free);
        let mut free = self.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *locked(&self.0.free) += 1;
        self.0.freed.notify_one();
    }
}

/// The end of a socket's patience, which systems tell in one of two ways.
fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Somebody found the port behind the door.
fn turn_away(request: Request) {
    if request.body_length().unwrap_or(0) > BODY_ALREADY_READ {
        // tiny_http would read the body away first, through a buffer of the size that the request *claims*, and the
        // program ends where there is not that much memory. So this connection is lost to us, which is the smaller harm.
        return std::mem::forget(request);
    }
    write(request, &http::whole(Answer::text(403, "Nothing is served here. Open the address that the server printed.")));
}

/// Writes a whole answer. That nobody waits for it any more is no trouble of ours.
fn write(request: Request, bytes: &[u8]) {
    let mut writer = request.into_writer();
    let _ = writer.write_all(bytes).and_then(|()| writer.flush());
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::testing::OnePage;
    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    struct House {
        inner: Arc<Inner>,
        common: Arc<Common>,
        events: mpsc::Receiver<Event>,
        threads: Vec<JoinHandle<()>>,
    }

    impl House {
        fn new() -> Self {
            let (told, events) = mpsc::channel();
            let told = Mutex::new(told);
            let common = Arc::new(Common::new(Arc::new(OnePage), Box::new(move |event| drop(locked(&told).send(event)))));
            let names = Arc::new(OwnNames::new(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4400)));
            let (inner, threads) = start(names, 2, &common).expect("a server");
            House { inner, common, events, threads }
        }

        fn ask(&self) -> String {
            let head = Head { method: "GET".into(), target: "/".into(), hosts: vec!["localhost:4400".into()], origins: Vec::new() };
            let answer = self.inner.ask(&head, &self.common).unwrap_or_else(http::whole);
            String::from_utf8(answer).expect("UTF-8")
        }

        fn address(&self) -> SocketAddr {
            self.inner.living().expect("it is open").address
        }

        /// Has the server's place taken by what is reached at this address.
        fn lead_to(&self, address: SocketAddr) {
            let server = begin().expect("a server").server;
            *self.inner.living.write().expect("whole") = Some(Living { address, server });
        }

        fn end(self) {
            self.inner.close();
            self.threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
        }
    }

    fn send(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect_timeout(&address, AT_MOST).expect("it listens");
        stream.set_read_timeout(Some(AT_MOST)).expect("a setting");
        stream.write_all(request.as_bytes()).expect("it reads");
        stream
    }

    fn listener() -> TcpListener {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port")
    }

    #[test]
    fn a_server_that_died_is_replaced_by_the_request_that_noticed() {
        let house = House::new();
        assert!(house.ask().ends_with("still here\n"));
        let gone = listener().local_addr().expect("its address");
        house.lead_to(gone);
        assert!(house.ask().ends_with("still here\n"));
        let event = house.events.try_recv().expect("it is told");
        assert!(matches!(event, Event::ListenerRenewed { .. }), "{event:?}");
        assert_ne!(house.address(), gone);
        assert!(house.ask().ends_with("still here\n") && house.events.try_recv().is_err());
        house.end();
    }

    #[test]
    fn a_server_that_accepts_nobody_is_replaced() {
        let house = House::new();
        let deaf = listener();
        house.lead_to(deaf.local_addr().expect("its address"));
        assert!(house.ask().ends_with("still here\n"));
        assert!(matches!(house.events.try_recv(), Ok(Event::ListenerRenewed { .. })));
        house.end();
    }

    #[test]
    fn a_server_that_drops_a_request_is_replaced() {
        let house = House::new();
        let rude = listener();
        house.lead_to(rude.local_addr().expect("its address"));
        std::thread::scope(|scope| {
            scope.spawn(|| drop(rude.accept()));
            assert!(house.ask().ends_with("still here\n"));
        });
        house.end();
    }

    #[test]
    fn nobody_is_answered_without_a_pass_of_this_moment() {
        let house = House::new();
        let secret = &house.inner.secret;
        assert_eq!(secret.len(), 32);
        let pass = Pass::new(&house.inner);
        let good = format!("{PASS}: {secret}{}\r\n", pass.number);
        let late = format!("{PASS}: {secret}{}\r\n", pass.number + 1);
        let other = format!("{PASS}: {}{}\r\n", "0".repeat(32), pass.number);
        let twice = good.clone() + &good;
        let tries = [("", 403), (&late, 403), (&other, 403), (&twice, 403), (&good, 200), (&good, 403)];
        for (fields, expected) in tries {
            let request = format!("GET / HTTP/1.1\r\nHost: localhost:4400\r\n{fields}Connection: close\r\n\r\n");
            let mut answer = String::new();
            send(house.address(), &request).read_to_string(&mut answer).expect("it ends");
            assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{fields:?}: {answer}");
            assert_eq!(answer.contains("still here"), expected == 200);
        }
        drop(pass);
        house.end();
    }

    #[test]
    fn a_stranger_who_claims_to_send_without_end_ends_nothing() {
        let house = House::new();
        let claim = "POST / HTTP/1.1\r\nHost: localhost:4400\r\nContent-Length: 1000000000000000\r\n\r\nbegun";
        let strangers: Vec<_> = (0..3).map(|_| send(house.address(), claim)).collect();
        assert!(house.ask().ends_with("still here\n"));
        drop(strangers);
        assert!(house.ask().ends_with("still here\n"));
        house.end();
    }
}
