//! Keeps count of who is connected, and decides who has to go when one more comes.
//!
//! Whoever is let in gets a place, and there are only so many. Where all are taken the one who has been at it for
//! longest leaves: first among those who have their answer already, then among those who are still sending or taking
//! something, each since they began with that. Nobody leaves while a page is being made for them, because that ends by
//! itself.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::locked;

/// Nobody has to go before this time for each place there is, so that more good requests than there are places, all at
/// once, wait for each other instead of driving each other out. With 64 places that is long enough for one of those,
/// and it bounds how many can be let in and sent away in a second, and so what a crowd of bad ones can cost. The few who
/// come after such a crowd wait for less than they would notice.
const AT_LEAST_FOR_EACH: Duration = Duration::from_micros(500);

/// Answers that wait to be taken stand in memory. Beyond this the oldest of them go.
const HELD_AT_MOST: usize = 256 << 20;

/// How long guests whose page is being made or sent get to have it, once the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long to wait for something that is told when it happens: only a net.
const NET: Duration = Duration::from_secs(1);

pub struct Guests {
    places: usize,
    /// How long a guest may stay in any case.
    at_least: Duration,
    /// What is said to those who have to go before they were answered.
    apology: Vec<u8>,
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    closing: bool,
    next: u64,
    /// By the order in which they came.
    guests: BTreeMap<u64, Guest>,
}

struct Guest {
    stream: Arc<TcpStream>,
    /// When it began with what it is doing.
    since: Instant,
    doing: Doing,
}

/// How far a guest has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Sends its request. Nothing has been written to it.
    Asking,
    /// Waits for its page.
    Waiting,
    /// Takes an answer of this size.
    Taking(usize),
    /// Has all it came for.
    Leaving,
    /// Was sent away, and will notice presently.
    Gone,
}

/// A guest's place. Dropping it makes it free.
pub struct Place {
    guests: Arc<Guests>,
    id: u64,
    stream: Arc<TcpStream>,
}

impl Guests {
    pub fn new(places: usize, apology: Vec<u8>) -> Arc<Self> {
        let at_least = AT_LEAST_FOR_EACH * u32::try_from(places).unwrap_or(u32::MAX);
        Arc::new(Guests { places, at_least, apology, inside: Mutex::default(), changed: Condvar::new() })
    }

    /// Gives a place to who has come, as soon as there is one. None once the server stops.
    pub fn admit(self: &Arc<Self>, stream: TcpStream) -> Option<Place> {
        let stream = Arc::new(stream);
        let mut inside = locked(&self.inside);
        while !inside.closing && inside.guests.len() >= self.places {
            let wait = inside.make_room(&self.apology, self.at_least);
            (inside, _) = self.changed.wait_timeout(inside, wait).unwrap_or_else(PoisonError::into_inner);
        }
        if inside.closing {
            return None;
        }
        let id = inside.next;
        inside.next += 1;
        inside.guests.insert(id, Guest { stream: stream.clone(), since: Instant::now(), doing: Doing::Asking });
        Some(Place { guests: self.clone(), id, stream })
    }

    /// Sends one guest away, however new it is. For when the system has no descriptors left.
    pub fn send_one_away(&self) {
        let mut inside = locked(&self.inside);
        if let Some(id) = inside.who_goes_first() {
            inside.send_away(id, &self.apology);
        }
    }

    /// Lets nobody in any more, and returns when all have left or the deadline has come. Who is being answered gets a
    /// moment to have the answer.
    pub fn close(&self, deadline: Instant) {
        let mut inside = locked(&self.inside);
        inside.closing = true;
        self.changed.notify_all();
        let idle = |guest: &Guest| matches!(guest.doing, Doing::Asking | Doing::Leaving);
        inside.send_all_away(idle);
        let farewell = FAREWELL.min(deadline.saturating_duration_since(Instant::now()));
        let busy = |inside: &mut Inside| inside.guests.values().any(|guest| matches!(guest.doing, Doing::Waiting | Doing::Taking(_)));
        let waited = self.changed.wait_timeout_while(inside, farewell, busy);
        (inside, _) = waited.unwrap_or_else(PoisonError::into_inner);
        inside.send_all_away(|_| true);
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self.changed.wait_timeout_while(inside, left, |inside| !inside.guests.is_empty());
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Inside {
    /// Has somebody go if it is time. Says how long to wait before it is worth another look.
    fn make_room(&mut self, apology: &[u8], at_least: Duration) -> Duration {
        if self.guests.values().any(|guest| guest.doing == Doing::Gone) {
            return NET;
        }
        let Some(id) = self.who_goes_first() else {
            return NET;
        };
        let wait = self.guests.get(&id).map_or(Duration::ZERO, |guest| match guest.doing {
            Doing::Leaving => Duration::ZERO,
            _ => at_least.saturating_sub(guest.since.elapsed()),
        });
        if !wait.is_zero() {
            return wait;
        }
        self.send_away(id, apology);
        NET
    }

    fn who_goes_first(&self) -> Option<u64> {
        let oldest = |wanted: fn(Doing) -> bool| {
            let wanted = self.guests.iter().filter(|(_, guest)| wanted(guest.doing));
            wanted.min_by_key(|(id, guest)| (guest.since, **id)).map(|(id, _)| *id)
        };
        oldest(|doing| doing == Doing::Leaving).or_else(|| oldest(|doing| matches!(doing, Doing::Asking | Doing::Taking(_))))
    }

    /// The guest's own thread notices that its connection has ended, and makes the place free.
    fn send_away(&mut self, id: u64, apology: &[u8]) {
        if let Some(guest) = self.guests.get_mut(&id) {
            if guest.doing == Doing::Asking {
                // This waits for nobody: nothing has been written yet, so that the system takes it at once.
                let _ = (&*guest.stream).write_all(apology);
            }
            guest.end();
        }
    }

    fn send_all_away(&mut self, which: fn(&Guest) -> bool) {
        self.guests.values_mut().filter(|guest| which(guest)).for_each(Guest::end);
    }

    /// Has the oldest answers go until one more of this size may stand in memory.
    fn make_room_for(&mut self, size: usize) {
        let sizes = |guest: &Guest| if let Doing::Taking(size) = guest.doing { size } else { 0 };
        let mut held: usize = self.guests.values().map(sizes).sum();
        for guest in self.guests.values_mut() {
            if held + size <= HELD_AT_MOST {
                break;
            }
            if matches!(guest.doing, Doing::Taking(_)) {
                held -= sizes(guest);
                guest.end();
            }
        }
    }
}

impl Guest {
    fn end(&mut self) {
        self.doing = Doing::Gone;
        // Wakes whoever reads from it or writes to it.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Place {
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Says how far the guest has come. False if it was sent away: nothing may be written to it then.
    pub fn is_now(&self, doing: Doing) -> bool {
        let mut inside = locked(&self.guests.inside);
        if let Doing::Taking(size) = doing {
            inside.make_room_for(size);
        }
        let closing = inside.closing;
        let Some(guest) = inside.guests.get_mut(&self.id).filter(|guest| guest.doing != Doing::Gone) else {
            return false;
        };
        // Once the server stops nobody lingers.
        if closing && doing == Doing::Leaving {
            return false;
        }
        if guest.doing != doing {
            (guest.doing, guest.since) = (doing, Instant::now());
        }
        self.guests.changed.notify_all();
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        locked(&self.guests.inside).guests.remove(&self.id);
        self.guests.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    struct House {
        listener: TcpListener,
        guests: Arc<Guests>,
    }

    impl House {
        fn with(places: usize) -> Self {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            House { listener, guests: Guests::new(places, b"sorry".to_vec()) }
        }

        /// Somebody comes: their end, and the place they got.
        fn visit(&self) -> (TcpStream, Place) {
            let visitor = TcpStream::connect(self.listener.local_addr().expect("its address")).expect("it listens");
            visitor.set_read_timeout(Some(AT_MOST)).expect("a setting");
            let (stream, _) = self.listener.accept().expect("somebody has come");
            (visitor, self.guests.admit(stream).expect("it is open"))
        }

        /// Somebody comes to a full house, and the place of this one becomes free when it notices.
        fn visit_instead_of(&self, place: Place) -> (TcpStream, Place) {
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    let mut rest = Vec::new();
                    let _ = place.stream().read_to_end(&mut rest);
                    drop(place);
                });
                self.visit()
            })
        }
    }

    fn heard(mut visitor: TcpStream) -> String {
        let mut text = String::new();
        visitor.read_to_string(&mut text).expect("it ends");
        text
    }

    #[test]
    fn who_has_just_been_given_an_answer_has_time_to_take_it() {
        let house = House::with(2);
        let (_first, stays) = house.visit();
        let (second, place) = house.visit();
        assert!(stays.is_now(Doing::Waiting));
        // Longer than anybody may stay in any case.
        std::thread::sleep(AT_LEAST_FOR_EACH * 10);
        assert!(stays.is_now(Doing::Taking(9)));
        let _third = house.visit_instead_of(place);
        assert_eq!(heard(second), "sorry");
        assert!(stays.is_now(Doing::Leaving));
    }

    #[test]
    fn the_oldest_goes_with_an_apology() {
        let house = House::with(2);
        let (first, place) = house.visit();
        let (_second, stays) = house.visit();
        let _third = house.visit_instead_of(place);
        assert_eq!(heard(first), "sorry");
        assert!(stays.is_now(Doing::Waiting));
    }

    #[test]
    fn who_has_its_answer_goes_before_who_came_earlier() {
        let house = House::with(3);
        let (_first, asking) = house.visit();
        let (_second, waiting) = house.visit();
        let (third, leaving) = house.visit();
        assert!(waiting.is_now(Doing::Waiting) && leaving.is_now(Doing::Taking(1)) && leaving.is_now(Doing::Leaving));
        let (_fourth, place) = house.visit_instead_of(leaving);
        assert_eq!(heard(third), "", "what was answered is not answered again");
        assert!(asking.is_now(Doing::Asking) && waiting.is_now(Doing::Taking(1)) && place.is_now(Doing::Waiting));
    }

    #[test]
    fn nobody_goes_while_a_page_is_made_for_them() {
        let house = House::with(1);
        let (_first, place) = house.visit();
        assert!(place.is_now(Doing::Waiting));
        house.guests.send_one_away();
        assert!(place.is_now(Doing::Taking(1)));
        house.guests.send_one_away();
        assert!(!place.is_now(Doing::Leaving));
    }

    #[test]
    fn answers_that_nobody_takes_make_room_for_others() {
        let house = House::with(3);
        let places: Vec<_> = (0..3).map(|_| house.visit()).collect();
        let size = HELD_AT_MOST / 2;
        assert!(places.iter().all(|(_, place)| place.is_now(Doing::Waiting)));
        assert!(places.iter().all(|(_, place)| place.is_now(Doing::Taking(size))));
        let stay: Vec<bool> = places.iter().map(|(_, place)| place.is_now(Doing::Leaving)).collect();
        assert_eq!(stay, [false, true, true]);
    }

    #[test]
    fn a_closed_house_lets_nobody_in_and_waits_for_who_is_inside() {
        let house = House::with(2);
        let (_first, place) = house.visit();
        assert!(place.is_now(Doing::Waiting));
        std::thread::scope(|scope| {
            scope.spawn(|| house.guests.close(Instant::now() + AT_MOST));
            // The one who waits may still be answered, or has been sent away if this thread was slow.
            scope.spawn(move || place.is_now(Doing::Taking(1)));
        });
        assert!(locked(&house.guests.inside).guests.is_empty());
        let _visitor = TcpStream::connect(house.listener.local_addr().expect("its address")).expect("it listens");
        let (stream, _) = house.listener.accept().expect("somebody has come");
        assert!(house.guests.admit(stream).is_none());
    }
}
