//! `folkmoot serve` among too many: slow ones, deaf ones, too few descriptors, and strangers at the inner port.
//!
//! Unlike all other tests these look at the clock, because how long others have to wait is what they are about. Bounds
//! are generous, and of many measurements the median counts: a busy machine makes a few of them late.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::serve_program::{LARGE, Program};
use crate::serving::{AT_MOST, connect, hear, wait_until, write};

/// How long the slow ones go on, and what a good reader may have to wait meanwhile, in the median.
const SIEGE: Duration = Duration::from_secs(30);
const GOOD_WAIT: Duration = Duration::from_millis(100);

/// How long the server gets to look as it did before: threads of the library behind the door stay for five seconds.
const BACK_TO_NORMAL: Duration = Duration::from_secs(20);

// --- What the system says of a program ---

/// How many threads and descriptors a program has.
#[derive(Debug, Clone, Copy)]
struct Size {
    threads: usize,
    descriptors: usize,
}

impl Size {
    fn of(program: &Program) -> Size {
        let count = |what: &str| fs::read_dir(format!("/proc/{}/{what}", program.id())).expect("it runs").count();
        Size { threads: count("task"), descriptors: count("fd") }
    }

    /// The least in a while, because the last guest may still be leaving. Watching begins after serving, and takes
    /// descriptors too; a change that is shown has been noticed by watches that stand.
    fn at_rest(program: &Program) -> Size {
        write(program.folder.path(), "static/watched.txt", "");
        wait_until("the folders to be watched", || (program.get("/watched.txt").status == 200).then_some(()));
        let mut least = Size::of(program);
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(300) {
            let now = Size::of(program);
            least = Size { threads: least.threads.min(now.threads), descriptors: least.descriptors.min(now.descriptors) };
            std::thread::sleep(Duration::from_millis(20));
        }
        least
    }

    fn is_within(self, other: Size) -> bool {
        self.threads <= other.threads && self.descriptors <= other.descriptors
    }
}

#[track_caller]
fn is_as_before(program: &Program, before: Size) {
    assert_eq!(program.get("/hello/").status, 200);
    let started = Instant::now();
    while !Size::of(program).is_within(before) {
        assert!(started.elapsed() < BACK_TO_NORMAL, "{:?} in place of {before:?}", Size::of(program));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(program.get("/hello/").status, 200);
}

/// The port that the door hides.
fn inner_port(program: &Program) -> u16 {
    let id = program.id();
    let own: Vec<String> = fs::read_dir(format!("/proc/{id}/fd"))
        .expect("it runs")
        .filter_map(|entry| Some(fs::read_link(entry.ok()?.path()).ok()?.to_str()?.to_owned()))
        .collect();
    let table = fs::read_to_string(format!("/proc/{id}/net/tcp")).expect("a table");
    let listening = table.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let port = u16::from_str_radix(fields[1].split_once(':')?.1, 16).ok()?;
        (fields[3] == "0A" && own.contains(&format!("socket:[{}]", fields[9]))).then_some(port)
    });
    listening.filter(|port| *port != program.address.port()).last().expect("there is one")
}

// --- Those who keep the server busy ---

/// So many clients that send a header without end, a byte now and then, and come back when they are sent away, until
/// the work is done. Gives what the work gave, and how often somebody was sent away.
fn besieged<T>(program: &Program, clients: usize, work: impl FnOnce() -> T) -> (T, usize) {
    const EACH_DRIVES: usize = 50;
    let (over, sent_away) = (AtomicBool::new(false), AtomicUsize::new(0));
    let begin = format!("GET / HTTP/1.1\r\nHost: {}\r\nA: ", program.address);
    let slow = || {
        let mut stream = connect(program.address);
        stream.set_nonblocking(true).expect("a setting");
        let _ = stream.write_all(begin.as_bytes());
        stream
    };
    let drive = || {
        let mut streams: Vec<TcpStream> = (0..EACH_DRIVES).map(|_| slow()).collect();
        while !over.load(Ordering::Relaxed) {
            for stream in &mut streams {
                let stays = matches!(stream.read(&mut [0; 1024]), Err(error) if error.kind() == ErrorKind::WouldBlock);
                if !stays || stream.write_all(b"a").is_err() {
                    sent_away.fetch_add(1, Ordering::Relaxed);
                    *stream = slow();
                }
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    std::thread::scope(|scope| {
        (0..clients.div_ceil(EACH_DRIVES)).for_each(|_| drop(scope.spawn(drive)));
        // Whatever becomes of the work, the others have to end for the test to end.
        let ends = EndsWithWork(&over);
        std::thread::sleep(Duration::from_millis(200));
        let done = work();
        drop(ends);
        (done, sent_away.load(Ordering::Relaxed))
    })
}

struct EndsWithWork<'a>(&'a AtomicBool);

impl Drop for EndsWithWork<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What a good reader waits for a page, again and again. Each of them is answered.
#[track_caller]
fn waits(program: &Program, mut more: impl FnMut(usize) -> bool) -> Vec<Duration> {
    let mut waits = Vec::new();
    while more(waits.len()) {
        let started = Instant::now();
        let reply = program.get("/hello/");
        waits.push(started.elapsed());
        assert!(reply.status == 200 && reply.body.contains("first words"), "{} after {}", reply.status, waits.len());
        std::thread::sleep(Duration::from_millis(20));
    }
    waits.sort();
    waits
}

/// Says how long the waits were, for whoever reads the test's output, and gives the median.
fn median(name: &str, waits: &[Duration]) -> Duration {
    let at = |share: usize| waits[(waits.len() - 1) * share / 100];
    println!("{name}: {} good requests, median {:?}, 95 % {:?}, longest {:?}", waits.len(), at(50), at(95), at(100));
    at(50)
}

#[test]
fn two_hundred_slow_clients_keep_nobody_waiting() {
    let program = Program::start();
    let before = Size::at_rest(&program);
    median("alone", &waits(&program, |count| count < 100));
    let started = Instant::now();
    let (waits, sent_away) = besieged(&program, 200, || waits(&program, |_| started.elapsed() < SIEGE));
    let median = median("among 200 slow clients", &waits);
    println!("slow clients were sent away {sent_away} times");
    assert!(sent_away > 200, "{sent_away}");
    assert!(median < GOOD_WAIT, "{median:?}");
    is_as_before(&program, before);
}

#[test]
fn with_few_descriptors_the_good_still_get_through() {
    let program = Program::with_setup("ulimit -n 64");
    let before = Size::at_rest(&program);
    let ((waits, most), _) = besieged(&program, 150, || {
        let waits = waits(&program, |count| count < 50);
        (waits, Size::of(&program).descriptors)
    });
    median("with 64 descriptors, among 150 slow clients", &waits);
    assert!(most <= 64, "{most}");
    is_as_before(&program, before);
}

#[test]
fn those_who_ask_and_never_read_keep_nobody_out() {
    for setup in ["", "ulimit -n 64"] {
        let program = Program::with_setup(setup);
        let before = Size::at_rest(&program);
        let deaf: Vec<TcpStream> = (0..70)
            .map(|_| {
                let mut stream = connect(program.address);
                stream.write_all(program.request("/large.txt").as_bytes()).expect("it reads");
                stream
            })
            .collect();
        median("among 70 who never read", &waits(&program, |count| count < 30));
        drop(deaf);
        is_as_before(&program, before);
    }
}

#[test]
fn who_takes_nothing_is_let_go() {
    let program = Program::start();
    let before = Size::at_rest(&program);
    let mut deaf = connect(program.address);
    deaf.write_all(program.request("/large.txt").as_bytes()).expect("it reads");
    // One that takes a little every now and then is no better: a piece at a time has to be taken.
    let mut slow = connect(program.address);
    slow.write_all(program.request("/large.txt").as_bytes()).expect("it reads");
    // Before both answers have begun, nothing is held that could be let go, and all looks like rest.
    for stream in [&deaf, &slow] {
        assert_eq!(stream.peek(&mut [0]).expect("an answer begins"), 1);
    }
    let started = Instant::now();
    while !Size::of(&program).is_within(before) {
        slow.read_exact(&mut [0; 16]).expect("there is more");
        assert!(started.elapsed() < BACK_TO_NORMAL, "{:?} in place of {before:?}", Size::of(&program));
        std::thread::sleep(Duration::from_millis(50));
    }
    for mut stream in [deaf, slow] {
        let mut taken = Vec::new();
        let _ = stream.read_to_end(&mut taken);
        assert!((1..LARGE).contains(&taken.len()), "{}", taken.len());
    }
    assert_eq!(program.get("/hello/").status, 200);
}

/// Of the 64 that there are below; a connection that is only half taken in gives its own back.
const NEARLY_ALL: usize = 58;

#[test]
fn strangers_who_take_every_descriptor_do_it_for_as_long_as_they_stay() {
    let program = Program::with_setup("ulimit -n 64");
    let before = Size::at_rest(&program);
    for _ in 0..2 {
        let inner = SocketAddr::from((Ipv4Addr::LOCALHOST, inner_port(&program)));
        // More than there are descriptors for, so that the library behind the door ends for good.
        let strangers: Vec<TcpStream> = (0..100)
            .filter_map(|_| {
                let mut stream = TcpStream::connect_timeout(&inner, AT_MOST).ok()?;
                stream.write_all(b"GET / HTTP/1.1\r\n").ok()?;
                Some(stream)
            })
            .collect();
        assert!(strangers.len() > 20, "{}", strangers.len());
        // They are let in one by one, which takes its time on a busy machine.
        wait_until("the descriptors to be taken", || (Size::of(&program).descriptors >= NEARLY_ALL).then_some(()));
        // So many that they find no descriptor either: some of them have to go for the others to come in.
        let half = "GET / HTTP/1.1\r\n";
        let mut waiting: Vec<TcpStream> = (0..10).map(|_| connect(program.address)).collect();
        waiting.iter_mut().for_each(|stream| stream.write_all(half.as_bytes()).expect("the port is open"));
        assert_eq!(hear(&mut waiting[0]).status, 503);
        drop(strangers);
        waiting.clear();
        is_as_before(&program, before);
        assert_ne!(inner_port(&program), inner.port());
    }
}
