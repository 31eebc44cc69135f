//! Notices that something may have changed on disk, waits until it is quiet, and has the next state made and shown.
//!
//! Two ways of noticing complement each other. The operating system tells at once but misses some changes (a file put
//! into a new folder before that folder is watched, network drives, full queues); a sweep misses none but comes late.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::bell::{Bell, Folders, QUIET, QUIET_AT_MOST, Touched, Woken};
use super::sweep::{Interest, Look};
use super::watches::Watches;
use super::{Common, Event, Rebuild, Snapshot, Watching, locked, words_of};

/// How often to look for what the operating system did not tell. Rarely needed, so it may cost a second or two.
const SWEEP_EVERY: Duration = Duration::from_millis(1500);

/// How often to look where looking is all we have: the preview is late by half of this on average.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// How soon to look again after folders came or went, when files may have slipped in before they were watched.
const SWEEP_AFTER_FOLDERS: Duration = Duration::from_millis(100);

/// After so long without a question, a state is looked at as a whole that was shown before that. While somebody waits for a
/// page, the processor belongs to that page. Whoever wants to know all of it sooner need not wait for this.
const COMPLETE_AFTER: Duration = Duration::from_millis(100);

/// Where one save follows the other at once, some state must be looked at as a whole at some time.
const COMPLETE_AT_MOST: Duration = Duration::from_secs(2);

/// Whatever is at work on the files may have died and left its mark; after this long it is not waited for.
const BUSY_AT_MOST: Duration = Duration::from_secs(10);

/// A sweep over a slow drive may take this share of the time at most, one part in so many.
const SWEEP_SHARE: u32 = 20;

/// Begins to watch.
pub fn start(common: Arc<Common>, bell: Arc<Bell>, rebuild: Box<dyn Rebuild>, how: Watching) -> anyhow::Result<JoinHandle<()>> {
    let watch = Watch::new(common, bell, rebuild);
    let thread = std::thread::Builder::new().name("folkmoot watch".into());
    thread.spawn(move || watch.run(how)).context("The thread that watches the folders did not start")
}

/// How changes are noticed at the moment.
enum Means {
    Told(Watches),
    Swept,
}

/// A state that was shown before all was known of it.
struct Early {
    /// When the first such state was shown, after which none has been completed.
    since: Instant,
    /// How long it took to make it.
    took: Duration,
}

impl Early {
    /// When to look at it as a whole, if the last question came then.
    fn due(&self, asked: Instant) -> Instant {
        (asked + COMPLETE_AFTER).min(self.since + COMPLETE_AT_MOST)
    }
}

/// Why there is no next state, and when to try again.
struct Trouble {
    why: String,
    again: Again,
}

#[derive(PartialEq, Eq)]
enum Again {
    /// The machine's troubles can pass without any file changing.
    AtNextLook,
    /// A fault of ours comes back as long as the same files stand there.
    WhenChanged,
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Shown,
    NothingNew,
    Stopped,
}

struct Watch {
    common: Arc<Common>,
    bell: Arc<Bell>,
    rebuild: Box<dyn Rebuild>,
    interest: Interest,
    means: Means,
    look: Look,
    next_look: Instant,
    /// Where the state that is shown has not been looked at as a whole.
    early: Option<Early>,
    /// The last state that was.
    whole: Arc<dyn Snapshot>,
    trouble: Option<Trouble>,
    /// Whether the mark of something at work was waited for in vain, and has been there ever since.
    left_behind: bool,
    /// Whether the last look was given up because of something that the system told meanwhile.
    called_away: bool,
}

impl Watch {
    fn new(common: Arc<Common>, bell: Arc<Bell>, rebuild: Box<dyn Rebuild>) -> Watch {
        let whole = common.shown().snapshot.clone();
        Watch {
            common,
            bell,
            rebuild,
            interest: Interest::default(),
            means: Means::Swept,
            look: Look::new(),
            next_look: Instant::now(),
            early: None,
            whole,
            trouble: None,
            left_behind: false,
            called_away: false,
        }
    }

    fn run(mut self, how: Watching) {
        self.learn_interest();
        if how == Watching::Notify {
            self.have_changes_told();
        }
        self.look.has_changed(&self.interest);
        // What was saved between the first state and this moment was noticed by nobody.
        self.make_next(&Touched::Anywhere);
        self.plan_look(Instant::now());
        loop {
            let due = self.complete_at();
            // However many events there are.
            if due.is_some() && self.early.as_ref().is_some_and(|early| early.since + COMPLETE_AT_MOST <= Instant::now()) {
                self.complete();
                continue;
            }
            match self.bell.wait(due.map_or(self.next_look, |due| due.min(self.next_look))) {
                Woken::Stopped => return,
                Woken::Limited(why) if matches!(self.means, Means::Told(_)) => self.fall_back(why),
                // Said by watches that we have let go of already.
                Woken::Limited(_) => {}
                Woken::Changed => self.act_on_events(),
                Woken::LookDue if self.next_look <= Instant::now() => self.look_around(),
                Woken::LookDue if self.complete_at().is_some_and(|due| due <= Instant::now()) => self.complete(),
                // Somebody has asked for something meanwhile.
                Woken::LookDue => {}
            }
        }
    }

    fn act_on_events(&mut self) {
        self.next_is_coming(true);
        let (folders, touched) = self.settle();
        // Before reading, so that nothing can be put into a new folder between reading and watching it.
        self.hold_watches();
        // Before reading as well: what is saved while the rebuild reads differs from what was noted, and so is found by the
        // next look. Where it is not known what was touched, that look finds all of it once more, which is silent.
        if let Touched::At(places) = &touched {
            places.iter().for_each(|place| self.look.note(place, &self.interest));
        }
        if self.make_next(&touched) == Outcome::NothingNew {
            self.common.tell(Event::Silent);
        }
        if folders == Folders::Changed {
            self.next_look = self.next_look.min(Instant::now() + SWEEP_AFTER_FOLDERS);
        }
    }

    /// Waits until it is quiet and nothing is at work on the files: a switch to another branch changes thousands of them,
    /// with pauses in between, and is one change all the same.
    fn settle(&mut self) -> (Folders, Touched) {
        let heard = self.bell.settle();
        if !self.wait_while_busy(BUSY_AT_MOST) {
            return heard;
        }
        // What was touched meanwhile was not counted.
        self.bell.settle();
        (Folders::Changed, Touched::Anywhere)
    }

    /// Whether there was anything to wait for. A mark that was waited for in vain is waited for no more until it has gone
    /// once: else every save would be late for as long as nobody cleans up.
    fn wait_while_busy(&mut self, at_most: Duration) -> bool {
        let deadline = Instant::now() + at_most;
        let mut waited = false;
        while self.is_busy() {
            self.left_behind |= Instant::now() >= deadline;
            if self.left_behind || self.common.stop.wait_for(QUIET) {
                return waited;
            }
            waited = true;
        }
        self.left_behind = false;
        waited
    }

    fn is_busy(&self) -> bool {
        catch_unwind(AssertUnwindSafe(|| self.rebuild.is_busy())).unwrap_or(false)
    }

    fn is_due(&self) -> bool {
        self.trouble.is_none() && catch_unwind(AssertUnwindSafe(|| self.rebuild.is_due())).unwrap_or(false)
    }

    fn look_around(&mut self) {
        let started = Instant::now();
        self.hold_watches();
        self.left_behind = self.left_behind && self.is_busy();
        // On a large knowledge base a look takes longer than all that a save waits for otherwise. But it must come to its
        // end at some time.
        let bell = self.bell.clone();
        let may_be_called_away = !self.called_away;
        let changed = self.look.has_changed_unless(&self.interest, || may_be_called_away && bell.is_ringing());
        self.called_away = changed.is_none();
        self.plan_look(started);
        let Some(changed) = changed else {
            self.next_look = Instant::now() + QUIET_AT_MOST;
            return;
        };
        if changed {
            self.look_until_quiet();
            self.wait_while_busy(BUSY_AT_MOST);
        }
        let again = self.trouble.as_ref().is_some_and(|trouble| trouble.again == Again::AtNextLook);
        if !changed && !again && !self.is_due() {
            return;
        }
        let outcome = self.make_next(&Touched::Anywhere);
        // Where changes are told, this one has been spoken of when it was.
        if changed && outcome == Outcome::NothingNew && matches!(self.means, Means::Swept) {
            self.common.tell(Event::Silent);
        }
    }

    /// A sweep may come in the middle of a save; then the rest of it follows within moments.
    fn look_until_quiet(&mut self) {
        let deadline = Instant::now() + QUIET_AT_MOST;
        while Instant::now() < deadline && !self.common.stop.wait_for(QUIET) {
            if !self.look.has_changed(&self.interest) {
                return;
            }
        }
    }

    /// The next look comes in its turn, or later if looking has turned out to be slow.
    fn plan_look(&mut self, started: Instant) {
        let every = match self.means {
            Means::Told(_) => SWEEP_EVERY,
            Means::Swept => POLL_EVERY,
        };
        self.next_look = Instant::now() + every.max(started.elapsed() * SWEEP_SHARE);
    }

    fn next_is_coming(&self, is: bool) {
        self.common.shown().next_is_coming.store(is, Ordering::Relaxed);
    }

    /// Makes the next state and shows it, whatever happens meanwhile.
    fn make_next(&mut self, touched: &Touched) -> Outcome {
        let started = Instant::now();
        self.next_is_coming(true);
        let made = catch_unwind(AssertUnwindSafe(|| self.rebuild.rebuild(touched)));
        // What is shown on is as whole as it was.
        let mut is_whole = self.early.is_none();
        let outcome = match made {
            Ok(Ok(Some(snapshot))) => {
                // Asked before anybody sees it: whoever finds all of it out does not do with it what there may be to do.
                is_whole = snapshot.is_whole();
                self.trouble = None;
                self.common.show(snapshot, None);
                Outcome::Shown
            }
            // Everything is as it was before the trouble, which the open pages have to hear.
            Ok(Ok(None)) if self.trouble.take().is_some() => {
                let snapshot = self.common.shown().snapshot.clone();
                self.common.show(snapshot, None);
                Outcome::Shown
            }
            Ok(Ok(None)) => Outcome::NothingNew,
            Ok(Err(error)) => self.be_stopped(Trouble { why: format!("{error:#}"), again: Again::AtNextLook }),
            Err(panic) => self.be_stopped(by_a_fault(&*panic)),
        };
        self.next_is_coming(false);
        if outcome == Outcome::Shown {
            let (now, took) = (Instant::now(), started.elapsed());
            if is_whole {
                self.be_whole(took);
            } else {
                let since = self.early.as_ref().map_or(now, |early| early.since);
                self.early = Some(Early { since, took });
            }
            self.learn_interest();
            self.hold_watches();
        }
        outcome
    }

    /// The state that is shown has been looked at as a whole, and all is known of it.
    fn be_whole(&mut self, took: Duration) {
        self.early = None;
        self.whole = self.common.shown().snapshot.clone();
        self.common.tell(Event::Rebuilt { took, report: self.whole.report() });
    }

    /// When to look at the state that is shown as a whole; never while there is a trouble to be told instead.
    fn complete_at(&self) -> Option<Instant> {
        let early = self.early.as_ref().filter(|_| self.trouble.is_none())?;
        Some(early.due(*locked(&self.common.shown().asked)))
    }

    /// Looks at the state that is shown as a whole, and shows another where that one cannot stand.
    fn complete(&mut self) {
        let Some(Early { took, .. }) = self.early.take() else { return };
        let completed = catch_unwind(AssertUnwindSafe(|| self.rebuild.complete()));
        match completed {
            Ok(instead) => {
                if let Some(instead) = instead {
                    self.common.show(instead, None);
                }
                self.be_whole(took);
            }
            // Of the state that is shown, no more can be had than what was made of it until now.
            Err(panic) => drop(self.be_stopped_over(self.whole.clone(), by_a_fault(&*panic))),
        }
    }

    /// Shows why there is no next state, over the pages of the last one.
    fn be_stopped(&mut self, trouble: Trouble) -> Outcome {
        self.be_stopped_over(self.common.shown().snapshot.clone(), trouble)
    }

    fn be_stopped_over(&mut self, snapshot: Arc<dyn Snapshot>, trouble: Trouble) -> Outcome {
        // Said once: a trouble that is tried again and again is no news.
        if self.trouble.as_ref().is_none_or(|known| known.why != trouble.why) {
            self.common.show(snapshot, Some(trouble.why.clone()));
            self.common.tell(Event::RebuildStopped { why: trouble.why.clone() });
        }
        self.trouble = Some(trouble);
        Outcome::Stopped
    }

    /// Asks what is to be watched: a change of the site may have changed that too.
    fn learn_interest(&mut self) {
        let asked = catch_unwind(AssertUnwindSafe(|| Interest::new(self.rebuild.watched(), self.rebuild.ignored())));
        // After a fault there, what was watched until now is the best guess.
        if let Ok(interest) = asked
            && interest != self.interest
        {
            self.interest = interest;
            self.bell.listen_for(&self.interest);
        }
    }

    fn have_changes_told(&mut self) {
        match Watches::new(&self.bell) {
            Ok(watches) => {
                self.means = Means::Told(watches);
                self.hold_watches();
            }
            Err(error) => self.fall_back(error.to_string()),
        }
    }

    /// Watches what is to be watched and exists now.
    fn hold_watches(&mut self) {
        if let Means::Told(watches) = &mut self.means
            && let Err(error) = watches.hold(&self.interest)
        {
            self.fall_back(error.to_string());
        }
    }

    /// Watches of which some are missing would be worse than none: a save would sometimes show and sometimes not.
    fn fall_back(&mut self, why: String) {
        if let Means::Told(_) = std::mem::replace(&mut self.means, Means::Swept) {
            self.next_look = Instant::now();
        }
        self.common.tell(Event::WatchFellBack { why });
    }
}

fn by_a_fault(panic: &(dyn Any + Send)) -> Trouble {
    Trouble { why: format!("this is a fault in Folkmoot itself: {}", words_of(panic)), again: Again::WhenChanged }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use super::super::testing::OnePage;
    use super::super::{Answer, Report};
    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    /// A folder of which every look makes another state.
    #[derive(Clone)]
    struct Folder {
        path: PathBuf,
        busy: Arc<AtomicBool>,
        /// As long as this holds, the next state is not made.
        held: Arc<AtomicBool>,
        rebuilt: Arc<AtomicUsize>,
    }

    impl Rebuild for Folder {
        fn rebuild(&mut self, _: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
            until("what holds it", || !self.held.load(Ordering::Relaxed));
            self.rebuilt.fetch_add(1, Ordering::Relaxed);
            Ok(Some(Arc::new(OnePage)))
        }

        fn watched(&self) -> Vec<PathBuf> {
            vec![self.path.clone()]
        }

        fn ignored(&self) -> Vec<PathBuf> {
            Vec::new()
        }

        fn is_busy(&self) -> bool {
            self.busy.load(Ordering::Relaxed)
        }
    }

    /// A folder whose states are shown before they are whole, and of which each is then replaced.
    struct Hasty {
        folder: Folder,
        /// As long as this holds, no state can be looked at as a whole.
        fails: Arc<AtomicBool>,
        completed: Arc<AtomicUsize>,
    }

    impl Rebuild for Hasty {
        fn rebuild(&mut self, touched: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
            self.folder.rebuild(touched)?;
            Ok(Some(Arc::new(Half::default())))
        }

        fn complete(&mut self) -> Option<Arc<dyn Snapshot>> {
            assert!(!self.fails.load(Ordering::Relaxed), "a fault in the plan");
            self.completed.fetch_add(1, Ordering::Relaxed);
            Some(Arc::new(OnePage))
        }

        fn watched(&self) -> Vec<PathBuf> {
            self.folder.watched()
        }

        fn ignored(&self) -> Vec<PathBuf> {
            Vec::new()
        }
    }

    /// The same page, and more to find out about it, which is done when somebody asks for that.
    #[derive(Default)]
    struct Half(AtomicBool);

    impl Snapshot for Half {
        fn answer(&self, path: &str) -> Option<Answer> {
            OnePage.answer(path)
        }

        fn not_found(&self) -> Answer {
            OnePage.not_found()
        }

        fn report(&self) -> Report {
            panic!("whoever shows it does not wait for this");
        }

        fn errors(&self) -> usize {
            0
        }

        fn is_whole(&self) -> bool {
            self.0.load(Ordering::Relaxed)
        }

        fn assets(&self) -> &str {
            ""
        }

        fn about(&self, path: &str) -> String {
            self.0.store(true, Ordering::Relaxed);
            OnePage.about(path)
        }
    }

    type Told = Arc<Mutex<Vec<Event>>>;

    fn common() -> (Arc<Common>, Told) {
        let told = Told::default();
        let all = told.clone();
        (Arc::new(Common::new(Arc::new(OnePage), Box::new(move |event| locked(&all).push(event)))), told)
    }

    fn folder(path: &Path) -> Folder {
        Folder { path: path.to_owned(), busy: Arc::default(), held: Arc::default(), rebuilt: Arc::default() }
    }

    fn until(what: &str, look: impl Fn() -> bool) {
        let started = Instant::now();
        while !look() {
            assert!(started.elapsed() < AT_MOST, "waited too long for {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_mark_that_somebody_left_behind_is_waited_for_once() {
        let folder = folder(Path::new("/nowhere"));
        let busy = folder.busy.clone();
        let mut watch = Watch::new(common().0, Arc::default(), Box::new(folder));
        let short = Duration::from_millis(50);
        assert!(!watch.wait_while_busy(AT_MOST), "nothing is at work");
        busy.store(true, Ordering::Relaxed);
        assert!(watch.wait_while_busy(short), "it is waited for as long as may be");
        assert!(!watch.wait_while_busy(AT_MOST), "and then no more");
        busy.store(false, Ordering::Relaxed);
        assert!(!watch.wait_while_busy(AT_MOST), "it has gone");
        busy.store(true, Ordering::Relaxed);
        assert!(watch.wait_while_busy(short), "the next one is waited for again");
        watch.common.stop.now();
        busy.store(true, Ordering::Relaxed);
        assert!(!watch.wait_while_busy(AT_MOST), "whoever stops waits for nothing");
    }

    #[test]
    fn pages_are_told_while_the_next_state_is_being_made() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = folder(place.path());
        let (held, rebuilt) = (folder.held.clone(), folder.rebuilt.clone());
        let ((common, _), bell) = (common(), Arc::new(Bell::default()));
        let thread = start(common.clone(), bell.clone(), Box::new(folder), Watching::Notify).expect("a thread");
        let coming = || common.shown().next_is_coming.load(Ordering::Relaxed);
        until("the first look", || rebuilt.load(Ordering::Relaxed) > 0 && !coming());
        let before = common.shown().build;
        held.store(true, Ordering::Relaxed);
        std::fs::write(place.path().join("one.md"), "words").expect("a file");
        until("word of what is coming", coming);
        assert_eq!(common.shown().build, before, "it is not there yet");
        held.store(false, Ordering::Relaxed);
        until("what came", || common.shown().build > before && !coming());
        common.stop.now();
        bell.ring_to_stop();
        thread.join().expect("it ends in good order");
    }

    #[test]
    fn a_state_is_shown_at_once_and_looked_at_as_a_whole_after_that() {
        let place = tempfile::tempdir().expect("a folder");
        let (fails, completed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let hasty = Hasty { folder: folder(place.path()), fails: fails.clone(), completed: completed.clone() };
        let ((common, told), bell) = (common(), Arc::new(Bell::default()));
        let thread = start(common.clone(), bell.clone(), Box::new(hasty), Watching::Notify).expect("a thread");
        let whole = || common.shown().snapshot.is_whole();
        let rebuilt = || locked(&told).iter().filter(|event| matches!(event, Event::Rebuilt { .. })).count();
        until("the first look", || completed.load(Ordering::Relaxed) == 1 && whole() && rebuilt() == 1);

        let before = common.shown().build;
        fails.store(true, Ordering::Relaxed);
        std::fs::write(place.path().join("one.md"), "words").expect("a file");
        until("the word of the fault", || common.shown().errors() == 1);
        assert!(common.shown().stopped.as_ref().is_some_and(|why| why.contains("a fault in the plan")));
        // The state itself, and the word of the fault over the one before.
        assert_eq!((common.shown().build, rebuilt()), (before + 2, 1));
        assert!(whole(), "of what cannot be looked at as a whole nothing stays");

        fails.store(false, Ordering::Relaxed);
        std::fs::write(place.path().join("two.md"), "words").expect("a file");
        until("the state in its place", || whole() && common.shown().errors() == 0 && rebuilt() == 2);
        assert_eq!(common.shown().build, before + 4);
        common.stop.now();
        bell.ring_to_stop();
        thread.join().expect("it ends in good order");
    }

    /// What comes of one look after the other.
    struct Script {
        looks: Vec<anyhow::Result<Option<Arc<dyn Snapshot>>>>,
    }

    impl Rebuild for Script {
        fn rebuild(&mut self, _: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
            self.looks.remove(0)
        }

        fn watched(&self) -> Vec<PathBuf> {
            Vec::new()
        }

        fn ignored(&self) -> Vec<PathBuf> {
            Vec::new()
        }
    }

    #[test]
    fn what_a_reader_finds_out_and_what_cannot_be_read_meanwhile_keep_no_state_from_being_completed() {
        let looks = vec![Ok(Some(Arc::new(Half::default()) as Arc<dyn Snapshot>)), Err(anyhow::anyhow!("not now")), Ok(None)];
        let mut watch = Watch::new(common().0, Arc::default(), Box::new(Script { looks }));
        assert!(watch.make_next(&Touched::Anywhere) == Outcome::Shown);
        watch.common.shown().snapshot.about("/");
        assert!(watch.make_next(&Touched::Anywhere) == Outcome::Stopped);
        assert_eq!(watch.complete_at(), None, "first the trouble has to pass");
        assert!(watch.make_next(&Touched::Anywhere) == Outcome::Shown);
        assert!(watch.complete_at().is_some());
    }

    #[test]
    fn saves_that_follow_each_other_do_not_put_off_the_whole_for_ever() {
        let now = Instant::now();
        let early = |since: Duration| Early { since: now - since, took: Duration::ZERO };
        assert_eq!(early(Duration::ZERO).due(now), now + COMPLETE_AFTER);
        assert_eq!(early(COMPLETE_AT_MOST).due(now), now);
    }

    #[test]
    fn when_the_system_gives_up_it_is_said_once_and_changes_are_looked_for() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = folder(place.path());
        let rebuilt = folder.rebuilt.clone();
        let ((common, told), bell) = (common(), Arc::new(Bell::default()));
        let thread = start(common.clone(), bell.clone(), Box::new(folder), Watching::Notify).expect("a thread");
        until("the first look", || rebuilt.load(Ordering::Relaxed) > 0);
        for _ in 0..3 {
            bell.hear(Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)));
        }
        let fallen = || locked(&told).iter().filter(|event| matches!(event, Event::WatchFellBack { .. })).count();
        until("the word of it", || fallen() > 0);
        for name in ["one.md", "two.md"] {
            let before = rebuilt.load(Ordering::Relaxed);
            std::fs::write(place.path().join(name), "words").expect("a file");
            until(name, || rebuilt.load(Ordering::Relaxed) > before);
        }
        bell.hear(Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)));
        let before = rebuilt.load(Ordering::Relaxed);
        std::fs::write(place.path().join("three.md"), "words").expect("a file");
        until("three.md", || rebuilt.load(Ordering::Relaxed) > before);
        assert_eq!(fallen(), 1);
        common.stop.now();
        bell.ring_to_stop();
        thread.join().expect("it ends in good order");
    }
}
