//! The watch server: shows a browser the site as it is being written, and has open pages follow each save.
//!
//! Serve knows nothing of how a site is made. It is given one built state of the site (a [`Snapshot`]) and something
//! that makes the next one (a [`Rebuild`]); it answers from the first and calls the second when a file has changed.
//!
//! ```text
//!   watch thread                          worker threads    a thread for each connection
//!   notify + sweep ─► Rebuild ─► Shown ◄─ tiny_http ◄────── door ◄─ browser
//!                                  ▲
//!                                  └───── /_folkmoot/state, asked for by every open page
//! ```
//!
//! The door is ours, and has every bound that a server needs: of size, of time and of number. tiny_http stands behind
//! it, on a port of its own, and sees short, whole and plain requests only.
//!
//! What browsers are shown is one value that never changes once made and is replaced as a whole, so a page, its build
//! number and its findings always belong together, and no lock is held while a page is made or sent.

mod bell;
mod budget;
mod crew;
mod door;
mod guests;
mod head;
mod http;
mod inner;
mod listen;
mod reload;
mod sweep;
mod watch;
mod watches;

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bell::Bell;
pub use bell::Touched;
use door::Door;

/// The port that is tried first.
pub const DEFAULT_PORT: u16 = 4400;

/// How long `stop` waits for a rebuild or an answer under way. A page takes milliseconds and a rebuild of a very large
/// site a few seconds; whoever asked to stop should not wait longer than that.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// How often `stop` looks whether the threads have ended: shorter than a person notices.
const STOP_STEP: Duration = Duration::from_millis(5);

/// What a browser is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code (RFC 9110, section 15).
    pub status: u16,
    /// The media type. Text without a charset is sent as UTF-8.
    pub content_type: String,
    pub bytes: Vec<u8>,
    /// Where else to look, for a redirect.
    pub location: Option<String>,
}

impl Answer {
    /// A sentence for a person, as plain text.
    pub fn text(status: u16, words: impl Into<String>) -> Self {
        let mut words = words.into();
        words.push('\n');
        Answer { status, content_type: "text/plain".into(), bytes: words.into_bytes(), location: None }
    }
}

/// What an author should know about one state of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub errors: usize,
    pub warnings: usize,
    /// The files that made this state another than the last one of which all was told, for whoever prints it.
    pub changed: Vec<String>,
    /// The findings as a terminal shows them, empty when there are none.
    pub text: String,
    /// Why this is still the last state and no new one could be made.
    pub stopped: Option<String>,
}

/// One built state of the site. Looking up is by route, never by file path.
pub trait Snapshot: Send + Sync {
    /// What stands at this route, or none if the site has no such route. `path` is percent-decoded, begins with `/`,
    /// has no query and no `.` or `..` segment. Where only `/x/` exists, serve itself sends `/x` there.
    fn answer(&self, path: &str) -> Option<Answer>;

    /// The site's page for addresses that do not exist.
    fn not_found(&self) -> Answer;

    /// The findings of this state. While there are errors the pages are those of the last state without. Where they are not
    /// all known yet, this finds them out.
    fn report(&self) -> Report;

    /// How many errors there are, as far as that is known by now. Nobody waits for it.
    fn errors(&self) -> usize {
        self.report().errors
    }

    /// Whether everything is known that there is to know of this state. One of which that is not so yet is shown all the
    /// same, and looked at as a whole soon after: [`Rebuild::complete`].
    fn is_whole(&self) -> bool {
        true
    }

    /// Names what pages load by addresses that stay the same whatever is behind them, stylesheets aside: another name
    /// means that open pages may look otherwise although their own bytes are the same.
    fn assets(&self) -> &str;

    /// What staff are told about the page at this route, findings first, as a JSON object. `path` is as for `answer`.
    fn about(&self, path: &str) -> String;
}

/// Makes the next state after something changed on disk. Called on the watch thread, one call at a time.
pub trait Rebuild: Send {
    /// The next state, or none if nothing that matters has changed. It looks at the disk by itself: serve only says
    /// where it may be worth a look. What nobody was told of is found within moments by a look anywhere, so no more than
    /// the touched places need to be looked at. An error is shown in the browser and tried again, until it is gone.
    fn rebuild(&mut self, touched: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>>;

    /// Looks at the last state as a whole, if that has not been done. Gives what is to be shown in its place, where it turns
    /// out that its pages are not to be.
    fn complete(&mut self) -> Option<Arc<dyn Snapshot>> {
        None
    }

    /// Folders whose whole content matters, and single files. They need not exist yet, and the list may change.
    fn watched(&self) -> Vec<PathBuf>;

    /// What lies in a watched folder and is never worth a look: the output folder.
    fn ignored(&self) -> Vec<PathBuf>;

    /// Whether the state is out of date although no file has changed, as it is on the next day.
    fn is_due(&self) -> bool {
        false
    }

    /// Whether something is at work on the files right now, so that it is not worth reading them before it has ended.
    fn is_busy(&self) -> bool {
        false
    }
}

/// How changes on disk are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watching {
    /// The operating system tells, and a slow sweep finds what it did not tell.
    #[default]
    Notify,
    /// A faster sweep only: for network and container file systems that tell nothing.
    Poll,
}

/// What happens while serving, for whoever prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The server answers at this address.
    Listening { url: String },
    /// A new state is shown, `took` after its files were touched, and all is known of it.
    Rebuilt { took: Duration, report: Report },
    /// Something was touched and nothing changed by it.
    Silent,
    /// No new state could be made, and why. The last one is still shown.
    RebuildStopped { why: String },
    /// The operating system cannot watch the folders, and why. From now on they are swept.
    WatchFellBack { why: String },
    /// A page could not be made because of a fault of ours.
    PageStopped { path: String, why: String },
    /// The server behind the door had died, and why; another one has taken its place.
    ListenerRenewed { why: String },
}

/// What the person who starts the server chooses.
pub struct Options {
    /// Anything but a loopback address lets others on the network read along.
    pub address: IpAddr,
    /// The first port to try; the next free one above it is taken. 0 takes any free port.
    pub port: u16,
    pub poll: Watching,
    /// Called from several threads.
    pub on_event: Box<dyn Fn(Event) + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Options { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: DEFAULT_PORT, poll: Watching::default(), on_event: Box::new(|_| ()) }
    }
}

/// A running server. Dropping it stops it.
pub struct Server {
    common: Arc<Common>,
    door: Arc<Door>,
    bell: Arc<Bell>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Starts to answer with the first state, and to watch.
///
/// # Errors
///
/// None of the ports can be opened, or the system gives no more threads.
pub fn start(first: Arc<dyn Snapshot>, rebuild: Box<dyn Rebuild>, options: Options) -> anyhow::Result<Server> {
    let Options { address, port, poll, on_event } = options;
    let common = Arc::new(Common::new(first, on_event));
    let bell = Arc::new(Bell::default());
    let (door, threads) = door::open(address, port, &common)?;
    let server = Server { common: common.clone(), door, bell: bell.clone(), threads: Mutex::new(threads) };
    server.common.tell(Event::Listening { url: server.url().to_owned() });
    let watching = watch::start(common, bell, rebuild, poll)?;
    locked(&server.threads).push(watching);
    Ok(server)
}

impl Server {
    /// The address to open in a browser.
    pub fn url(&self) -> &str {
        self.door.url()
    }

    /// What asks this server to stop, from any thread and without waiting for it.
    pub fn stopper(&self) -> impl Fn() + Send + Sync + use<> {
        let common = self.common.clone();
        move || common.stop.now()
    }

    /// Stops answering and watching. When it returns the threads have ended and the port is free, unless a rebuild or
    /// a page that is being made holds one of them for longer than a few seconds; that one is left behind.
    pub fn stop(&self) {
        self.common.stop.now();
        self.bell.ring_to_stop();
        let deadline = Instant::now() + STOP_PATIENCE;
        self.door.close(deadline);
        let mut threads = std::mem::take(&mut *locked(&self.threads));
        while !threads.is_empty() && Instant::now() < deadline {
            let (ended, running) = threads.into_iter().partition(JoinHandle::is_finished);
            // A thread that panicked has already said so on the terminal; there is nothing left to do about it here.
            Vec::into_iter(ended).for_each(|thread| drop(JoinHandle::join(thread)));
            threads = running;
            std::thread::sleep(STOP_STEP);
        }
    }

    /// Returns when the server has been asked to stop.
    pub fn wait(&self) {
        self.common.stop.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What browsers are shown at the moment.
struct Shown {
    snapshot: Arc<dyn Snapshot>,
    /// Why this is still the last state and no new one could be made.
    stopped: Option<String>,
    /// Counts the states shown in this run, from 1.
    build: u64,
    /// Whether the next one is being made: pages ask more often then.
    next_is_coming: AtomicBool,
    /// When something of it was last asked for; at first, when it was shown.
    asked: Mutex<Instant>,
}

impl Shown {
    fn new(snapshot: Arc<dyn Snapshot>, stopped: Option<String>, build: u64) -> Arc<Self> {
        Arc::new(Shown { snapshot, stopped, build, next_is_coming: AtomicBool::new(false), asked: Mutex::new(Instant::now()) })
    }

    /// What an author should know, which may have to be found out.
    fn report(&self) -> Report {
        match &self.stopped {
            Some(why) => Report { errors: 1, stopped: Some(why.clone()), ..Report::default() },
            None => self.snapshot.report(),
        }
    }

    /// How many errors there are, as far as that is known.
    fn errors(&self) -> usize {
        if self.stopped.is_some() { 1 } else { self.snapshot.errors() }
    }
}

/// What all threads share.
struct Common {
    shown: RwLock<Arc<Shown>>,
    /// Names this run of the server, so that a page notices that another one answers in its place.
    run: String,
    stop: Stop,
    on_event: Box<dyn Fn(Event) + Send + Sync>,
}

impl Common {
    fn new(first: Arc<dyn Snapshot>, on_event: Box<dyn Fn(Event) + Send + Sync>) -> Self {
        Common { shown: RwLock::new(Shown::new(first, None, 1)), run: reload::new_run(), stop: Stop::default(), on_event }
    }

    fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows another state from now on. Only the watch thread calls this, so no number is given twice.
    fn show(&self, snapshot: Arc<dyn Snapshot>, stopped: Option<String>) {
        let build = self.shown().build + 1;
        let next = Shown::new(snapshot, stopped, build);
        let last = std::mem::replace(&mut *self.shown.write().unwrap_or_else(PoisonError::into_inner), next);
        // Letting go of a large site takes a while, and nobody should wait for it at the lock.
        drop(last);
    }

    fn tell(&self, event: Event) {
        // Printing panics when the terminal is gone, and that must not end the thread that had something to tell.
        let _ = catch_unwind(AssertUnwindSafe(|| (self.on_event)(event)));
    }
}

/// A wish to stop that threads can wait for.
#[derive(Default)]
struct Stop {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn now(&self) {
        *locked(&self.asked) = true;
        self.changed.notify_all();
    }

    fn is_asked(&self) -> bool {
        *locked(&self.asked)
    }

    fn wait(&self) {
        let asked = locked(&self.asked);
        let asked = self.changed.wait_while(asked, |asked| !*asked);
        drop(asked.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits this long, or until the wish comes. True if it has come.
    fn wait_for(&self, time: Duration) -> bool {
        let asked = locked(&self.asked);
        let (asked, _) = self.changed.wait_timeout_while(asked, time, |asked| !*asked).unwrap_or_else(PoisonError::into_inner);
        *asked
    }
}

/// A lock whose former holder may have panicked: what our locks guard is whole after every single assignment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a fault without a message".into())
}

/// What the tests of several modules here need.
#[cfg(test)]
mod testing {
    use super::{Answer, Report, Snapshot};

    /// A site that says the same at every address.
    pub struct OnePage;

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
}
