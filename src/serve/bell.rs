//! Wakes the watch thread: keeps in mind what was heard, and knows when it has become quiet again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};

use super::locked;
use super::sweep::Interest;

/// A save is several events within a few milliseconds; after this long without one it is over.
pub const QUIET: Duration = Duration::from_millis(30);

/// Where the system said that a file was closed or renamed into its place, the writing is over: only what editors do
/// beside it, and the next of several files, is waited for.
const QUIET_AFTER_END: Duration = Duration::from_millis(5);

/// An uninterrupted stream of events must not put off the preview for longer than a person takes for granted.
pub const QUIET_AT_MOST: Duration = Duration::from_millis(200);

/// What wakes the watch thread. Of events only a few places are kept, so that thousands of them cost no memory.
#[derive(Default)]
pub struct Bell {
    heard: Mutex<Heard>,
    rung: Condvar,
}

#[derive(Default)]
struct Heard {
    /// The first and the last event that have not been acted on.
    span: Option<(Instant, Instant)>,
    /// Whether the last event ended the writing of a file.
    ended: bool,
    folders: Folders,
    touched: Touched,
    /// Why the operating system cannot watch everything any more.
    limit: Option<String>,
    stop: bool,
    /// What is worth waking up for.
    interest: Arc<Interest>,
}

/// Whether folders came or went among the events.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Folders {
    #[default]
    Same,
    Changed,
}

/// Where something may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// At these places, and nowhere else as far as the operating system tells.
    At(BTreeSet<PathBuf>),
    Anywhere,
}

impl Default for Touched {
    fn default() -> Self {
        Touched::At(BTreeSet::new())
    }
}

/// Where this many places were touched, looking at everything is as quick, and they need not be kept.
const MANY: usize = 64;

impl Touched {
    fn add(&mut self, paths: Vec<PathBuf>) {
        if let Touched::At(places) = self {
            places.extend(paths);
            if places.len() > MANY {
                *self = Touched::Anywhere;
            }
        }
    }
}

pub enum Woken {
    Stopped,
    Changed,
    Limited(String),
    LookDue,
}

impl Bell {
    pub fn ring_to_stop(&self) {
        locked(&self.heard).stop = true;
        self.rung.notify_all();
    }

    pub fn listen_for(&self, interest: &Interest) {
        locked(&self.heard).interest = Arc::new(interest.with_real_names());
    }

    /// Takes note of what the operating system tells, on its own thread.
    pub fn hear(&self, told: notify::Result<notify::Event>) {
        let now = Instant::now();
        let event = match told {
            Ok(event) => event,
            Err(error) => {
                locked(&self.heard).limit = Some(error.to_string());
                return self.rung.notify_all();
            }
        };
        let ended = matches!(
            event.kind,
            EventKind::Access(AccessKind::Close(AccessMode::Write))
                | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
        );
        // A rebuild reads every changed file; waking for that would never end.
        if event.kind.is_access() && !ended {
            return;
        }
        let interest = locked(&self.heard).interest.clone();
        let names_changed =
            matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any);
        let matters = |path: &PathBuf| interest.includes(path) || (names_changed && interest.is_below(path));
        // When its queue was full, the operating system cannot say what it was that changed.
        if !event.need_rescan() && !event.paths.iter().any(matters) {
            return;
        }
        let folders_changed = names_changed && event.paths.iter().any(|path| path.is_dir());
        let mut heard = locked(&self.heard);
        let first = heard.span.map_or(now, |(first, _)| first);
        heard.span = Some((first, now));
        heard.ended = ended;
        if event.need_rescan() {
            heard.folders = Folders::Changed;
            heard.touched = Touched::Anywhere;
        }
        if folders_changed {
            heard.folders = Folders::Changed;
        }
        heard.touched.add(event.paths);
        self.rung.notify_all();
    }

    /// Whether anything was heard that has not been acted on.
    pub fn is_ringing(&self) -> bool {
        locked(&self.heard).span.is_some()
    }

    pub fn wait(&self, next_look: Instant) -> Woken {
        let heard = locked(&self.heard);
        let time = next_look.saturating_duration_since(Instant::now());
        let nothing = |heard: &mut Heard| heard.span.is_none() && heard.limit.is_none() && !heard.stop;
        let (mut heard, _) = self.rung.wait_timeout_while(heard, time, nothing).unwrap_or_else(PoisonError::into_inner);
        match (heard.stop, heard.limit.take(), heard.span) {
            (true, _, _) => Woken::Stopped,
            (false, Some(why), _) => Woken::Limited(why),
            (false, None, Some(_)) => Woken::Changed,
            (false, None, None) => Woken::LookDue,
        }
    }

    /// Waits until it is quiet, and takes what was heard.
    pub fn settle(&self) -> (Folders, Touched) {
        let mut heard = locked(&self.heard);
        while let Some((first, last)) = heard.span
            && !heard.stop
        {
            let quiet = if heard.ended { QUIET_AFTER_END } else { QUIET };
            let quiet = (last + quiet).min(first + QUIET_AT_MOST);
            let left = quiet.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (heard, _) = self.rung.wait_timeout(heard, left).unwrap_or_else(PoisonError::into_inner);
        }
        heard.span = None;
        (std::mem::take(&mut heard.folders), std::mem::take(&mut heard.touched))
    }
}
