//! Opens a port, answers on a few threads, and keeps the listener alive.
//!
//! tiny_http 0.12 has faults that a server for a day's work has to live with. Its accept thread ends for ever when
//! file descriptors run out, so a clone of the listener is kept, and a new server is started on it when that is
//! noticed. Answers it writes itself can stall, so ours are written straight to the connection and ask to close it.
//! It has no bounds on the size and time of a request's head; those belong in front of it, between `open` and it.

use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use tiny_http::Request;

use super::http::{self, Asked, OwnNames};
use super::{Answer, Common, Event, locked, words_of};

/// How many ports after the wanted one are tried: more servers than anyone runs at once.
const MORE_PORTS: u16 = 20;

/// Two browsers' six connections each, and a few for readers that stall in the middle of something large.
const WORKERS: usize = 16;

/// How long a worker waits for a request before it looks around. It is woken early to stop, so this is only a net.
const WORKER_TURN: Duration = Duration::from_secs(1);

/// How long a browser may take no byte of an answer before the worker gives up on it.
#[cfg(unix)]
const WRITE_PATIENCE: Duration = Duration::from_secs(10);

/// Up to this size tiny_http has read a request's body before we see the request (its own number).
const BODY_ALREADY_READ: usize = 1024;

/// tiny_http reads the rest of a body away through a buffer of the size the request *claims*, and the program ends
/// where there is not that much memory. A larger claim is let go without an answer.
const BODY_AT_MOST: usize = 16 << 20;

/// How many bodies are read away at the same time, each by a thread of its own. No page of ours sends one.
const BODIES_AT_ONCE: usize = 8;

/// How often the keeper looks after the listener.
const KEEPER_STEP: Duration = Duration::from_millis(250);

/// After this long without a request the keeper makes one itself, to see whether it arrives.
const SILENCE: Duration = Duration::from_secs(1);

/// How long the keeper's own request may take to arrive on a busy machine.
const PROBE_PATIENCE: Duration = Duration::from_millis(1500);

/// A pause after a renewal: while descriptors are still short, the next listener dies as well.
const RENEWAL_PAUSE: Duration = Duration::from_millis(500);

/// How long `close` waits for tiny_http's accept thread to let the port go.
const RELEASE_PATIENCE: Duration = Duration::from_secs(1);

/// How often it looks.
const RELEASE_STEP: Duration = Duration::from_millis(2);

/// An open port and the server on it.
pub struct Listening {
    bound: SocketAddr,
    url: String,
    names: OwnNames,
    open: RwLock<Option<Open>>,
    /// Why no more connections are accepted, as a worker has been told.
    deaf: Mutex<Option<String>>,
    last_heard: Mutex<Instant>,
    busy: AtomicUsize,
    /// Held once more by each thread that reads a body away.
    bodies: Arc<()>,
}

struct Open {
    /// Keeps the port ours while the server on it is replaced.
    listener: TcpListener,
    server: Arc<tiny_http::Server>,
}

/// Starts the threads that answer and the one that keeps the listener alive.
pub fn start(listening: &Arc<Listening>, common: &Arc<Common>) -> anyhow::Result<Vec<JoinHandle<()>>> {
    let spawn = |name: &str, work: fn(&Listening, &Arc<Common>)| {
        let (listening, common) = (listening.clone(), common.clone());
        let thread = std::thread::Builder::new().name(format!("folkmoot {name}"));
        thread.spawn(move || work(&listening, &common))
    };
    let workers = (0..WORKERS).map(|_| spawn("answer", Listening::answer_requests));
    let threads: io::Result<Vec<_>> = workers.chain([spawn("keeper", Listening::keep_alive)]).collect();
    if threads.is_err() {
        common.stop.now();
    }
    threads.context("The threads that answer the browser did not start")
}

impl Listening {
    /// Opens this port or the next free one after it.
    pub fn open(address: IpAddr, port: u16) -> anyhow::Result<Self> {
        let listener = bind(address, port)?;
        let bound = listener.local_addr().context("The opened port has no address")?;
        limit_writes(&listener);
        let server = serve_on(&listener)?;
        Ok(Listening {
            bound,
            url: format!("http://{}/", reachable(bound)),
            names: OwnNames::new(bound),
            open: RwLock::new(Some(Open { listener, server })),
            deaf: Mutex::default(),
            last_heard: Mutex::new(Instant::now()),
            busy: AtomicUsize::new(0),
            bodies: Arc::new(()),
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Has workers that wait for a request look around.
    pub fn release_workers(&self) {
        if let Some(server) = self.server() {
            release(&server);
        }
    }

    /// Closes the port, and waits until it is free or the deadline has come.
    pub fn close(&self, deadline: Instant) {
        drop(self.open.write().unwrap_or_else(PoisonError::into_inner).take());
        // tiny_http's accept thread cannot be joined; that the port can be opened again shows that it has ended.
        let deadline = deadline.min(Instant::now() + RELEASE_PATIENCE);
        while TcpListener::bind(self.bound).is_err() && Instant::now() < deadline {
            std::thread::sleep(RELEASE_STEP);
        }
    }

    fn server(&self) -> Option<Arc<tiny_http::Server>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| open.server.clone())
    }

    fn answer_requests(&self, common: &Arc<Common>) {
        while !common.stop.is_asked()
            && let Some(server) = self.server()
        {
            match server.recv_timeout(WORKER_TURN) {
                Ok(Some(request)) => {
                    *locked(&self.last_heard) = Instant::now();
                    self.busy.fetch_add(1, Ordering::Relaxed);
                    // Panics of pages are caught closer by; this one keeps the worker whatever tiny_http does.
                    let _ = catch_unwind(AssertUnwindSafe(|| self.answer_one(request, common)));
                    self.busy.fetch_sub(1, Ordering::Relaxed);
                }
                Ok(None) => {}
                Err(error) => *locked(&self.deaf) = Some(error.to_string()),
            }
        }
    }

    fn answer_one(&self, request: Request, common: &Common) {
        let header = |name: &'static str| {
            let found = request.headers().iter().filter(move |header| header.field.equiv(name));
            found.map(|header| header.value.as_str()).collect()
        };
        let asked = Asked { method: request.method().as_str(), target: request.url(), hosts: header("Host"), origins: header("Origin") };
        let shown = common.shown();
        let made = catch_unwind(AssertUnwindSafe(|| http::answer(&asked, &self.names, &shown, &common.run)));
        let answer = made.unwrap_or_else(|panic| {
            let (path, why) = (asked.target.to_owned(), words_of(&*panic));
            common.tell(Event::PageStopped { path, why });
            Answer::text(500, "This page could not be made: a fault in Folkmoot itself. The terminal says more.")
        });
        let mut bytes = http::head(&answer).into_bytes();
        if asked.method != "HEAD" {
            bytes.extend_from_slice(&answer.bytes);
        }
        self.send(request, bytes);
    }

    fn send(&self, request: Request, bytes: Vec<u8>) {
        let claimed = request.body_length().unwrap_or(0);
        if claimed <= BODY_ALREADY_READ {
            return write(request, &bytes);
        }
        let place = self.bodies.clone();
        // All but ours and this one.
        let taken = Arc::strong_count(&place).saturating_sub(2);
        if claimed > BODY_AT_MOST || taken >= BODIES_AT_ONCE {
            // Dropping it would read the body as well. Its connection is lost to us until the program ends.
            return std::mem::forget(request);
        }
        // tiny_http lets nobody write before the body is read, and its sender may take for ever: no work for a worker.
        // The thread ends when the sender does, and nothing waits for it.
        let read_away = move || {
            write(request, &bytes);
            drop(place);
        };
        let _ = std::thread::Builder::new().name("folkmoot body".into()).spawn(read_away);
    }

    fn keep_alive(&self, common: &Arc<Common>) {
        while !common.stop.wait_for(KEEPER_STEP) {
            let told = locked(&self.deaf).take();
            let Some(why) = told.or_else(|| self.probe(common)) else {
                continue;
            };
            match self.renew() {
                Ok(()) => common.tell(Event::ListenerRenewed { why }),
                // Still no descriptors or threads to be had: it is tried again in the next turn.
                Err(_) => *locked(&self.deaf) = Some(why),
            }
            common.stop.wait_for(RENEWAL_PAUSE);
        }
    }

    /// Asks the server for something, if nobody else has for a while. Says why if that did not arrive.
    fn probe(&self, common: &Common) -> Option<String> {
        // Where every worker is busy a request waits its turn, and that is no sign of death.
        if locked(&self.last_heard).elapsed() < SILENCE || self.busy.load(Ordering::Relaxed) == WORKERS {
            return None;
        }
        let started = Instant::now();
        let own = reachable(self.bound);
        match TcpStream::connect_timeout(&own, PROBE_PATIENCE) {
            Ok(mut stream) => {
                let request = format!("HEAD /_folkmoot/state HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n");
                stream.write_all(request.as_bytes()).ok()?;
                while started.elapsed() < PROBE_PATIENCE {
                    if *locked(&self.last_heard) >= started || common.stop.wait_for(KEEPER_STEP / 10) {
                        return None;
                    }
                }
            }
            // The queue of connections nobody has accepted is full.
            Err(error) if error.kind() == ErrorKind::TimedOut => {}
            // That we cannot connect says something about this side only, such as that descriptors are short.
            Err(_) => return None,
        }
        Some("no connection was accepted any more".into())
    }

    /// Starts a new server on the same port.
    fn renew(&self) -> anyhow::Result<()> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        // Closed meanwhile.
        let Some(Open { listener, server }) = open.as_mut() else {
            return Ok(());
        };
        let next = serve_on(listener)?;
        let last = std::mem::replace(server, next);
        // What was heard last stays as it was, so that the new server is asked soon whether it lives.
        release(&last);
        Ok(())
    }
}

fn bind(address: IpAddr, port: u16) -> anyhow::Result<TcpListener> {
    let last = if port == 0 { 0 } else { port.saturating_add(MORE_PORTS) };
    for port in port..=last {
        match TcpListener::bind((address, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                let say = format!("Port {port} on {address} cannot be opened; name another one with --port");
                return Err(anyhow!(error).context(say));
            }
        }
    }
    bail!("The ports {port} to {last} on {address} are all taken; stop one of those programs or name a port with --port")
}

/// The address under which a program on this machine reaches a listener.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

/// tiny_http starts its threads with calls that panic where the system has none left.
fn serve_on(listener: &TcpListener) -> anyhow::Result<Arc<tiny_http::Server>> {
    let listener = listener.try_clone().context("The port cannot be shared with the server on it")?;
    let started = catch_unwind(AssertUnwindSafe(|| tiny_http::Server::from_listener(listener, None)));
    let server = started.map_err(|panic| anyhow!(words_of(&*panic)))?.map_err(|error| anyhow!(error))?;
    Ok(Arc::new(server))
}

/// Has every accepted connection give up writing after a while. tiny_http lets nobody at the connection itself, but
/// connections inherit this from the listener.
#[cfg(unix)]
fn limit_writes(listener: &TcpListener) {
    if let Ok(listener) = listener.try_clone() {
        // The same socket under a type that has the setting. Without it a stalled reader holds its worker, no more.
        let socket = TcpStream::from(std::os::fd::OwnedFd::from(listener));
        let _ = socket.set_write_timeout(Some(WRITE_PATIENCE));
    }
}

#[cfg(not(unix))]
fn limit_writes(_: &TcpListener) {}

fn release(server: &tiny_http::Server) {
    (0..WORKERS).for_each(|_| server.unblock());
}

/// Writes a whole answer. A browser that has gone away meanwhile is no trouble of ours.
fn write(request: Request, bytes: &[u8]) {
    let mut writer = request.into_writer();
    let _ = writer.write_all(bytes).and_then(|()| writer.flush());
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::{Report, Snapshot};
    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    struct OnePage;

    impl Snapshot for OnePage {
        fn answer(&self, _: &str) -> Option<Answer> {
            Some(Answer::text(200, "still here"))
        }

        fn not_found(&self) -> Answer {
            Answer::text(404, "not here")
        }

        fn report(&self) -> Report {
            Report::default()
        }

        fn assets(&self) -> &str {
            ""
        }

        fn about(&self, _: &str) -> String {
            "{}".into()
        }
    }

    fn get(own: SocketAddr) -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&own, AT_MOST)?;
        stream.set_read_timeout(Some(AT_MOST))?;
        stream.write_all(format!("GET / HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n").as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn a_listener_that_died_is_renewed_on_the_same_port() {
        let (told, events) = std::sync::mpsc::channel();
        let told = Mutex::new(told);
        let tell = move |event| drop(locked(&told).send(event));
        let common = Arc::new(Common::new(Arc::new(OnePage), Box::new(tell)));
        let listening = Arc::new(Listening::open(Ipv4Addr::LOCALHOST.into(), 0).expect("a free port"));
        let threads = start(&listening, &common).expect("threads");
        assert!(get(listening.bound).expect("an answer").ends_with("still here\n"));

        // A listener that does not wait has nothing to accept, which tiny_http takes for its end. The setting belongs
        // to the socket and so reaches its clone; it takes effect once the accept under way has returned.
        let wait = |how: bool| {
            let open = listening.open.read().expect("whole");
            open.as_ref().expect("open").listener.set_nonblocking(how).expect("a setting");
        };
        wait(true);
        let _ = get(listening.bound);
        let event = events.recv_timeout(AT_MOST).expect("the end is noticed");
        assert!(matches!(event, Event::ListenerRenewed { .. }), "{event:?}");
        wait(false);
        // The renewed one may have died of the same; then it is renewed once more, and the request waits for that.
        assert!(get(listening.bound).expect("an answer").ends_with("still here\n"));

        common.stop.now();
        listening.release_workers();
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
        listening.close(Instant::now() + AT_MOST);
        assert!(TcpStream::connect_timeout(&listening.bound, AT_MOST).is_err());
    }
}
