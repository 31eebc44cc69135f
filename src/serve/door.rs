//! The front door: accepts connections, and lets one good request of each pass to the server behind it.
//!
//! Nothing here waits for ever. Each connection has a time for sending its request, a time for taking each piece of its
//! answer and a time for leaving; the page itself is made in the time that the server gives it. There is a place for so
//! many, and the port stays open whatever becomes of anything else.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::budget::Budget;
use super::crew::Crew;
use super::guests::{Doing, Guests, Place};
use super::head::{Head, Reading};
use super::http::{self, OwnNames};
use super::inner::{self, Inner};
use super::{Answer, Common, listen};

/// How long a request's head may take to come. Browsers send it at once; people who type it are not who this is for.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// How much of an answer is handed on at a time, and how long that may take: a phone on a bad day takes far less.
const PIECE: usize = 64 << 10;
const PIECE_PATIENCE: Duration = Duration::from_secs(10);

/// What is still read from a browser that has its answer. A connection that is closed on unread bytes is reset, and the
/// answer is lost with it (RFC 9112, section 9.6). Closing a connection takes a browser a moment.
const REST_AT_MOST: usize = 256 << 10;
const REST_PATIENCE: Duration = Duration::from_secs(2);

/// A pause where the system would not give us a connection, most likely because descriptors are short.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// How long to knock at the own door, to have the thread behind it look around.
const KNOCK_PATIENCE: Duration = Duration::from_millis(200);

pub struct Door {
    own: SocketAddr,
    url: String,
    names: Arc<OwnNames>,
    guests: Arc<Guests>,
    crew: Arc<Crew>,
    inner: Arc<Inner>,
}

/// What came of waiting for a request.
enum Heard {
    /// Nobody is there any more, or never said a word.
    Nothing,
    Refused(Answer),
    Asked(Head),
}

/// Opens this port or the next free one after it, and answers there.
pub fn open(address: IpAddr, port: u16, common: &Arc<Common>) -> anyhow::Result<(Arc<Door>, Vec<JoinHandle<()>>)> {
    let listener = listen::open(address, port)?;
    let bound = listener.local_addr().context("The opened port has no address")?;
    let own = listen::reachable(bound);
    let names = Arc::new(OwnNames::new(bound));
    let budget = Budget::of_this_program();
    let (inner, mut threads) = inner::start(names.clone(), budget.turns, common)?;
    let apology = http::whole(Answer::text(503, "Too many connections are open. Try again."));
    let guests = Guests::new(budget.guests, apology);
    let door = Arc::new(Door { own, url: format!("http://{own}/"), names, guests, crew: Arc::default(), inner });
    let (opened, common) = (door.clone(), common.clone());
    let accepting = std::thread::Builder::new().name("folkmoot door".into()).spawn(move || opened.let_in(&listener, &common));
    if accepting.is_err() {
        door.inner.close();
    }
    threads.push(accepting.context("The thread that lets the browser in did not start")?);
    Ok((door, threads))
}

impl Door {
    /// The address to open in a browser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets nobody in any more and ends all connections. To be called after the wish to stop has been made known.
    pub fn close(&self, deadline: Instant) {
        // Nothing but a connection wakes a thread that waits for one. With no descriptor left there is none to be had,
        // so it is tried again once the guests have gone.
        let knocked = self.knock();
        self.guests.close(deadline);
        if !knocked {
            self.knock();
        }
        self.crew.end();
        self.inner.close();
    }

    fn knock(&self) -> bool {
        TcpStream::connect_timeout(&self.own, KNOCK_PATIENCE).is_ok()
    }

    fn let_in(self: &Arc<Self>, listener: &TcpListener, common: &Arc<Common>) {
        while !common.stop.is_asked() {
            match listener.accept() {
                Ok((stream, _)) => self.welcome(stream, common),
                // Somebody changed their mind while they waited.
                Err(error)
                    if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted) => {}
                Err(_) => {
                    self.guests.send_one_away();
                    common.stop.wait_for(ACCEPT_PAUSE);
                }
            }
        }
    }

    fn welcome(self: &Arc<Self>, stream: TcpStream, common: &Arc<Common>) {
        let Some(place) = self.guests.admit(stream) else { return };
        let (door, common) = (self.clone(), common.clone());
        // Where this cannot be done, the place is dropped and the connection with it.
        self.crew.call(Box::new(move || door.attend(&place, &common)));
    }

    fn attend(&self, place: &Place, common: &Common) {
        let stream = place.stream();
        // Without it the last piece of an answer could wait for a sign that the one before it was taken.
        let _ = stream.set_nodelay(true);
        let answer = match receive(stream) {
            Heard::Nothing => return,
            Heard::Refused(answer) => http::whole(answer),
            Heard::Asked(head) => {
                let asked = http::allow(&head.asked(), &self.names).and_then(|_| {
                    // Who has been sent away meanwhile asks for nothing.
                    place.is_now(Doing::Waiting).then(|| self.inner.ask(&head, common)).transpose()
                });
                match asked {
                    Ok(None) => return,
                    Ok(Some(answer)) => answer,
                    Err(refusal) if head.method == "HEAD" => http::head(&refusal).into_bytes(),
                    Err(refusal) => http::whole(refusal),
                }
            }
        };
        // Nobody is sent away while a page is made for them, nor while the system takes of it what it takes at once: most
        // answers are handed over by then, however many are waiting for the place.
        if !place.is_now(Doing::Waiting) {
            return;
        }
        let Ok(taken) = hand_over_at_once(stream, &answer) else { return };
        let rest = &answer[taken..];
        let is_handed_over = rest.is_empty() || place.is_now(Doing::Taking(answer.len())) && hand_over(stream, rest);
        if is_handed_over && place.is_now(Doing::Leaving) {
            see_off(stream);
        }
    }
}

/// Waits for a request's head.
fn receive(stream: &TcpStream) -> Heard {
    let deadline = Instant::now() + HEAD_PATIENCE;
    let mut reading = Reading::default();
    let mut bytes = [0; 2048];
    loop {
        match read(stream, &mut bytes, deadline) {
            Ok(0) if reading.has_begun() => return Heard::Refused(Answer::text(400, "The request ends before it is whole.")),
            Ok(0) => return Heard::Nothing,
            Ok(count) => match reading.take(&bytes[..count]) {
                Ok(None) => {}
                Ok(Some(head)) => return Heard::Asked(head),
                Err(refusal) => return Heard::Refused(refusal.answer()),
            },
            Err(error) if error.kind() == ErrorKind::TimedOut && reading.has_begun() => {
                return Heard::Refused(Answer::text(408, "The request took too long to come."));
            }
            Err(_) => return Heard::Nothing,
        }
    }
}

/// Reads what there is, or waits for it until the deadline.
fn read(stream: &TcpStream, bytes: &mut [u8], deadline: Instant) -> std::io::Result<usize> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match (&*stream).read(bytes) {
            // The loop asks the clock whether that is the end of the time.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            result => return result,
        }
    }
}

/// Writes as much of an answer as the system takes without waiting for anybody, and says how much that was.
fn hand_over_at_once(stream: &TcpStream, answer: &[u8]) -> std::io::Result<usize> {
    stream.set_nonblocking(true)?;
    let mut taken = 0;
    while taken < answer.len() {
        match (&*stream).write(&answer[taken..]) {
            Ok(0) => break,
            Ok(count) => taken += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    stream.set_nonblocking(false)?;
    Ok(taken)
}

/// Writes an answer, as fast as it is taken. False if it is not taken.
fn hand_over(stream: &TcpStream, answer: &[u8]) -> bool {
    for piece in answer.chunks(PIECE) {
        let deadline = Instant::now() + PIECE_PATIENCE;
        let mut rest = piece;
        while !rest.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || stream.set_write_timeout(Some(left)).is_err() {
                return false;
            }
            match (&*stream).write(rest) {
                Ok(0) => return false,
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }
    true
}

/// Says that nothing more comes, and waits a while for the other side to have noticed.
fn see_off(stream: &TcpStream) {
    let deadline = Instant::now() + REST_PATIENCE;
    let mut bytes = [0; 2048];
    let mut left = REST_AT_MOST;
    if stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    while let Ok(count) = read(stream, &mut bytes, deadline)
        && count > 0
        && left > count
    {
        left -= count;
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::super::testing::OnePage;
    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    fn get(own: SocketAddr) -> String {
        let mut stream = TcpStream::connect_timeout(&own, AT_MOST).expect("it listens");
        stream.set_read_timeout(Some(AT_MOST)).expect("a setting");
        stream.write_all(format!("GET / HTTP/1.1\r\nHost: {own}\r\n\r\n").as_bytes()).expect("it reads");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        text
    }

    /// The time on a processor that the thread of this name has had, in ticks of which a second has a hundred.
    #[cfg(target_os = "linux")]
    fn ticks(name: &str) -> u64 {
        let threads = std::fs::read_dir("/proc/self/task").expect("a folder");
        let stats = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok());
        let stat = stats.into_iter().find(|stat| stat.contains(&format!("({name})"))).expect("it runs");
        let (_, rest) = stat.rsplit_once(") ").expect("a name in brackets");
        // The 14th and 15th field, of which two come before the rest (proc_pid_stat(5)).
        rest.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
    }

    #[test]
    fn a_system_that_gives_no_connections_is_waited_for_in_peace() {
        let common = Arc::new(Common::new(Arc::new(OnePage), Box::new(drop)));
        let (door, threads) = open(Ipv4Addr::LOCALHOST.into(), 0, &common).expect("a port");
        // Another thread of the same door, at a listener of its own that can be made to refuse.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let (own, setting) = (listener.local_addr().expect("its address"), listener.try_clone().expect("a descriptor"));
        setting.set_nonblocking(true).expect("a setting");
        let (other, others) = (door.clone(), common.clone());
        let accepting = std::thread::Builder::new().name("door in peace".into()).spawn(move || other.let_in(&listener, &others));
        let accepting = accepting.expect("a thread");
        // It may take a moment until the thread has its name.
        assert!(!common.stop.wait_for(ACCEPT_PAUSE * 5));
        #[cfg(target_os = "linux")]
        {
            let before = ticks("door in peace");
            assert!(!common.stop.wait_for(Duration::from_millis(500)));
            let used = ticks("door in peace") - before;
            assert!(used < 10, "{used} of 50 ticks");
        }
        setting.set_nonblocking(false).expect("a setting");
        // It is not one of the door's names, and that is said by a thread that has not ended.
        assert!(get(own).starts_with("HTTP/1.1 403 "));
        assert!(get(door.own).ends_with("still here\n"));
        common.stop.now();
        door.close(Instant::now() + AT_MOST);
        drop(TcpStream::connect_timeout(&own, AT_MOST));
        threads.into_iter().chain([accepting]).for_each(|thread| thread.join().expect("no thread panics"));
        assert!(TcpStream::connect_timeout(&door.own, AT_MOST).is_err());
    }
}
