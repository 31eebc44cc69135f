//! When a site is worth building again: the next midnight at which something in it would read differently.
//!
//! The days that pages say they were made for ("as of") do not count: a site that was built when it was last due still
//! tells the truth about them.

use super::entry_page::CLOSING_DAYS;
use crate::entries::front_matter::Own;
use crate::entries::front_matter::session::Registration;
use crate::kinds::Kind;
use crate::knowledge::Knowledge;
use crate::knowledge::calendar::NOTES_DAYS;
use crate::knowledge::freshness::DUE_DAYS;
use crate::knowledge::gaps::cells::PATIENCE;
use crate::knowledge::recurrence::KEPT;
use crate::time::{Date, day, midnight, next_month, plus_days};

/// The moment in RFC 3339 on a line of its own; nothing where no day to come changes anything.
pub fn text(k: &Knowledge) -> String {
    next_day(k).map(|day| format!("{}\n", k.config.time_zone.at(midnight(day)).rfc3339())).unwrap_or_default()
}

/// The next day on which anything but the day itself would read differently.
pub fn next_day(k: &Knowledge) -> Option<Date> {
    let mut days = Days { today: k.today, next: None };
    calendar(k, &mut days);
    for id in k.ids().filter(|id| k.has_page(*id)) {
        let entry = k.entry(id);
        // What is dated ahead is news when its day comes.
        for written in [entry.date, entry.common.updated.as_ref().map(|at| at.value)].into_iter().flatten() {
            days.on(written);
        }
        let freshness = &k.facts(id).freshness;
        if let Some(next) = freshness.next {
            days.on(plus_days(next, -DUE_DAYS));
            days.after(next);
        }
        freshness.last_overdue.into_iter().for_each(|last| days.after(last));
        match &entry.own {
            Own::Session(session) => {
                session.registration.iter().for_each(|registration| days.registration(registration));
                for commitment in session.commitments.iter().filter(|commitment| commitment.done.is_none()) {
                    commitment.due.iter().for_each(|due| days.after(due.value));
                }
            }
            Own::Series(series) => {
                series.registration.iter().for_each(|registration| days.registration(registration));
                series.start.iter().for_each(|start| days.on(start.value));
                series.end.iter().for_each(|end| days.after(end.value));
                k.series(id).and_then(|facts| facts.last).into_iter().for_each(|last| days.after(last));
                let endless = series.end.is_none()
                    && series.recurrence.as_ref().and_then(|recurrence| recurrence.rule.as_ref()).is_some_and(|rule| !rule.ends());
                if endless {
                    // A rule without an end is followed by whole months.
                    days.on(next_month(k.today));
                }
            }
            Own::Community(community) => {
                // From then on a measure that nobody reported on is overdue.
                let due = community.success.iter().filter(|success| success.status.is_none()).filter_map(|success| success.due.as_ref());
                due.for_each(|due| days.after(due.value));
            }
            // Having waited for longer than that is a gap, as is having waited beyond the day it was needed by.
            Own::Question(question) if k.is_open_question(id) => {
                k.asked_on(id).into_iter().for_each(|asked| days.after(plus_days(asked, PATIENCE)));
                question.needed_by.iter().for_each(|needed| days.after(needed.value));
            }
            Own::Person(person) => person.left_on.iter().for_each(|left| days.on(left.value)),
            _ => {}
        }
    }
    // From that day on what was accepted counts again.
    k.maps().iter().flat_map(|map| &map.map.accepted).for_each(|accepted| days.on(accepted.until.value));
    days.next
}

fn calendar(k: &Knowledge, days: &mut Days) {
    let mut leaves = false;
    let sessions = || k.of_kind(Kind::Session).filter(|id| k.has_page(*id)).filter_map(|id| k.session(id)?.times.as_ref());
    // On its day a session is news, where nothing was dated before.
    sessions().for_each(|times| days.on(times.wall.date()));
    for times in sessions().chain(k.calendar.iter().map(|occasion| k.times(*occasion))) {
        days.after(times.last);
        days.after(plus_days(times.last, NOTES_DAYS));
        days.after(KEPT.after(times.last));
        // Leaves show the year only where it is not this one.
        leaves |= (0..=1).contains(&(times.wall.date().year() - k.today.year()));
    }
    if leaves {
        days.next_year();
    }
}

/// The earliest of the days after today that were named.
struct Days {
    today: Date,
    next: Option<Date>,
}

impl Days {
    /// Something changes on this day.
    fn on(&mut self, day: Date) {
        if day > self.today {
            self.next = Some(self.next.map_or(day, |next| next.min(day)));
        }
    }

    /// Something changes when this day is over.
    fn after(&mut self, day: Date) {
        self.on(plus_days(day, 1));
    }

    fn next_year(&mut self) {
        day(self.today.year() + 1, 1, 1).into_iter().for_each(|first| self.on(first));
    }

    fn registration(&mut self, registration: &Registration) {
        registration.opens.iter().for_each(|opens| self.on(opens.value));
        if let Some(closes) = &registration.closes {
            // Within its last days it is said how many there are left.
            let first = plus_days(closes.value, -CLOSING_DAYS);
            self.on(first.max(plus_days(self.today, 1)).min(plus_days(closes.value, 1)));
        }
    }
}
