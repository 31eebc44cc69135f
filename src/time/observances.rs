//! What clocks of a zone did over a span of time, in the form that calendar files carry (RFC 5545, section 3.6.5).

use super::{Date, DateTime, Moment, Zone};
use jiff::tz::TimeZoneTransition;
use jiff::{Timestamp, ToSpan};

/// One rule by which clocks were set: from when, from which offset to which, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observance {
    /// Daylight saving time; else standard time.
    pub daylight: bool,
    /// The first time it was done, by the clock as it showed just before.
    pub onset: DateTime,
    /// Seconds east of UTC before and after.
    pub from: i32,
    pub to: i32,
    /// "CST", or "-03" where the zone has no letters of its own.
    pub name: String,
    pub again: Again,
}

/// When clocks were set so again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    Never,
    /// Every year on the nth such weekday of a month, counted from its end where negative.
    Yearly {
        month: i8,
        weekday: usize,
        nth: i8,
        /// The last time, in UTC; none where it goes on beyond the span.
        until: Option<DateTime>,
    },
}

/// Years beyond a span that are looked at to see whether a rule goes on.
const BEYOND: i64 = 400;

impl Zone {
    /// How clocks of this zone were set from the last change before a moment to another moment, in the order of first
    /// onsets. There is always at least one.
    pub fn observances(&self, first: &Moment, last: &Moment) -> Vec<Observance> {
        let changes = self.changes(first.0.timestamp(), last.0.timestamp());
        let mut groups: Vec<Vec<Change>> = Vec::new();
        for change in changes {
            let same = |group: &&mut Vec<Change>| {
                let known = &group[0];
                (known.daylight, known.from, known.to, &known.name) == (change.daylight, change.from, change.to, &change.name)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(change),
                None => groups.push(vec![change]),
            }
        }
        let end = last.0.timestamp();
        let mut observances: Vec<Observance> = groups.iter().flat_map(|group| runs(group, end)).collect();
        observances.sort_by_key(|observance| (observance.onset, observance.daylight));
        observances
    }

    /// Every change of the clocks that matters within a span, the one before it and a year's worth after it included.
    fn changes(&self, first: Timestamp, last: Timestamp) -> Vec<Change> {
        let change = |transition: TimeZoneTransition| {
            let at = transition.timestamp();
            let before = self.rules.to_offset(at.checked_sub(1.second()).unwrap_or(at));
            Change {
                at,
                onset: before.to_datetime(at),
                from: before.seconds(),
                to: transition.offset().seconds(),
                name: transition.abbreviation().to_owned(),
                daylight: transition.dst().is_dst(),
            }
        };
        let beyond = last.checked_add((BEYOND * 24).hours()).unwrap_or(last);
        let just_after = first.checked_add(1.second()).unwrap_or(first);
        let mut changes: Vec<Change> = self.rules.preceding(just_after).take(1).map(change).collect();
        if changes.is_empty() {
            // Clocks that were never set before that: as if they had been set to what they show, long ago.
            let info = self.rules.to_offset_info(first);
            let seconds = info.offset().seconds();
            changes.push(Change {
                at: Timestamp::UNIX_EPOCH.min(first),
                onset: info.offset().to_datetime(Timestamp::UNIX_EPOCH.min(first)),
                from: seconds,
                to: seconds,
                name: info.abbreviation().to_owned(),
                daylight: info.dst().is_dst(),
            });
        }
        changes.extend(self.rules.following(first).take_while(|transition| transition.timestamp() <= beyond).map(change));
        changes
    }
}

/// One time that clocks were set.
#[derive(Debug, Clone)]
struct Change {
    at: Timestamp,
    onset: DateTime,
    from: i32,
    to: i32,
    name: String,
    daylight: bool,
}

/// Changes of one sort as rules: those that one yearly rule explains become one.
fn runs(group: &[Change], end: Timestamp) -> Vec<Observance> {
    let mut observances = Vec::new();
    let mut rest = group;
    while let Some(first) = rest.first() {
        // What lies beyond the span only shows whether a rule goes on.
        if first.at > end {
            break;
        }
        let (nth, length) = places(first.onset.date())
            .into_iter()
            .map(|nth| (nth, rest.iter().enumerate().take_while(|(years, change)| fits(first, change, nth, *years)).count()))
            .max_by_key(|(_, length)| *length)
            .expect("every day has a place in its month");
        let run = &rest[..length];
        let last = run.last().expect("a run begins with its first change");
        let again = if length < 2 {
            Again::Never
        } else {
            let until = (last.at <= end).then(|| jiff::tz::Offset::UTC.to_datetime(last.at));
            Again::Yearly { month: first.onset.month(), weekday: super::weekday(first.onset.date()), nth, until }
        };
        observances.push(Observance {
            daylight: first.daylight,
            onset: first.onset,
            from: first.from,
            to: first.to,
            name: first.name.clone(),
            again,
        });
        rest = &rest[length..];
    }
    observances
}

/// The places of a day among the same weekdays of its month: the last of it, and counted from its start.
fn places(day: Date) -> Vec<i8> {
    let from_start = (day.day() - 1) / 7 + 1;
    // A fifth such weekday is missing in some years, so no rule is made of it.
    let from_start = Some(from_start).filter(|nth| *nth < 5);
    let last = (day.day() + 7 > day.days_in_month()).then_some(-1);
    from_start.into_iter().chain(last).collect()
}

/// Whether a change is that of a yearly rule, so many years after its first.
fn fits(first: &Change, change: &Change, nth: i8, years: usize) -> bool {
    let (a, b) = (first.onset, change.onset);
    usize::try_from(b.year() - a.year()) == Ok(years)
        && b.month() == a.month()
        && b.time() == a.time()
        && b.date().weekday() == a.date().weekday()
        && places(b.date()).contains(&nth)
}
