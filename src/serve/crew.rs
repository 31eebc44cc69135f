//! Threads that attend to guests: started when they are needed, and kept for a while when they are not.
//!
//! A system that is busy with a build wakes a thread that waits far sooner than it begins with a new one, and the
//! difference, a few milliseconds, is longer than a page takes.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::locked;

/// How long a thread waits for something to do: an open page asks again within half a second.
const IDLE_AT_MOST: Duration = Duration::from_secs(5);

pub type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
pub struct Crew {
    waiting: Mutex<Waiting>,
    called: Condvar,
}

/// There are never more tasks than threads that will take one: no task waits for another to end.
#[derive(Default)]
struct Waiting {
    tasks: VecDeque<Task>,
    threads: usize,
    over: bool,
}

impl Crew {
    /// Has somebody do this now. Where there is no thread to be had it is dropped.
    pub fn call(self: &Arc<Self>, task: Task) {
        let mut waiting = locked(&self.waiting);
        if waiting.threads > waiting.tasks.len() {
            waiting.tasks.push_back(task);
            return self.called.notify_one();
        }
        drop(waiting);
        let crew = self.clone();
        let _ = std::thread::Builder::new().name("folkmoot guest".into()).spawn(move || crew.work(task));
    }

    /// Has all threads end as soon as they have nothing to do.
    pub fn end(&self) {
        locked(&self.waiting).over = true;
        self.called.notify_all();
    }

    fn work(&self, first: Task) {
        let mut next = Some(first);
        while let Some(task) = next {
            // A fault in one task is no reason to leave the others alone.
            let _ = catch_unwind(AssertUnwindSafe(task));
            next = self.wait();
        }
    }

    fn wait(&self) -> Option<Task> {
        let mut waiting = locked(&self.waiting);
        waiting.threads += 1;
        let nothing = |waiting: &mut Waiting| waiting.tasks.is_empty() && !waiting.over;
        let waited = self.called.wait_timeout_while(waiting, IDLE_AT_MOST, nothing);
        (waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        waiting.threads -= 1;
        waiting.tasks.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    #[test]
    fn every_task_is_begun_though_none_has_ended() {
        let crew = Arc::new(Crew::default());
        // Each time there is one more than there are threads that wait.
        for tasks in 1..20 {
            let (begun, all) = mpsc::channel();
            let gate = Arc::new((Mutex::new(false), Condvar::new()));
            for _ in 0..tasks {
                let (begun, gate) = (begun.clone(), gate.clone());
                crew.call(Box::new(move || {
                    begun.send(()).expect("it is waited for");
                    drop(gate.1.wait_while(gate.0.lock().expect("whole"), |open| !*open));
                }));
            }
            (0..tasks).for_each(|_| all.recv_timeout(AT_MOST).expect("it begins while the others are at it"));
            *gate.0.lock().expect("whole") = true;
            gate.1.notify_all();
        }
    }

    #[test]
    fn a_task_that_panics_keeps_nobody_from_the_next() {
        let crew = Arc::new(Crew::default());
        let (done, all) = mpsc::channel();
        for round in 0..10 {
            let done = done.clone();
            crew.call(Box::new(move || {
                done.send(round).expect("it is waited for");
                assert!(round % 2 == 0, "a fault in a task");
            }));
            assert_eq!(all.recv_timeout(AT_MOST), Ok(round));
        }
    }

    #[test]
    fn threads_end_when_they_are_told() {
        let crew = Arc::new(Crew::default());
        let (done, all) = mpsc::channel::<()>();
        crew.call(Box::new(move || drop(done)));
        assert!(all.recv_timeout(AT_MOST).is_err());
        let gone = Arc::downgrade(&crew);
        crew.end();
        drop(crew);
        let started = std::time::Instant::now();
        // The thread holds the crew for as long as it waits.
        while gone.upgrade().is_some() {
            assert!(started.elapsed() < IDLE_AT_MOST / 2, "it waits on");
            std::thread::yield_now();
        }
    }
}
