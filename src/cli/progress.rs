//! One line on a terminal that says how far the work has come; nothing in a pipe.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often the line is drawn anew: as often as an eye follows a number.
const EVERY: Duration = Duration::from_millis(100);

/// Back to the line's beginning, and empty it (ECMA-48, EL).
const CLEAR: &str = "\r\x1b[2K";

pub struct Progress {
    on_terminal: bool,
    done: AtomicUsize,
    line: Mutex<Line>,
}

struct Line {
    next: Instant,
    drawn: bool,
}

impl Progress {
    pub fn new() -> Progress {
        let line = Line { next: Instant::now(), drawn: false };
        Progress { on_terminal: std::io::stderr().is_terminal(), done: AtomicUsize::new(0), line: Mutex::new(line) }
    }

    /// Says which part of the work has begun.
    pub fn step(&self, doing: &str) {
        if let Ok(mut line) = self.line.lock()
            && self.on_terminal
        {
            line.drawn = true;
            draw(&format!("{CLEAR}{doing} …"));
        }
    }

    /// Counts one more file of so many.
    pub fn rendered(&self, all: usize) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.on_terminal {
            return;
        }
        // Whoever cannot have the line at once goes on working: somebody else is drawing it.
        if let Ok(mut line) = self.line.try_lock()
            && Instant::now() >= line.next
        {
            line.next = Instant::now() + EVERY;
            line.drawn = true;
            draw(&format!("{CLEAR}Rendering: {done} of {all} files"));
        }
    }

    /// Takes the line away, before anything else is printed.
    pub fn clear(&self) {
        if let Ok(mut line) = self.line.lock()
            && line.drawn
        {
            line.drawn = false;
            draw(CLEAR);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn draw(text: &str) {
    let mut to = anstream::stderr();
    // The line is a courtesy: where it cannot be drawn, the work matters more.
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
