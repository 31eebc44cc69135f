//! Series that recur: the dates of their rule, and the sessions planned for those that nobody has written a file for yet.

use super::sessions::{SessionState, Times, check_clock, times};
use crate::entries::Entry;
use crate::entries::front_matter::{Series, Session};
use crate::fields::Wall;
use crate::findings::{Finding, Place, catalogue};
use crate::time::recurrence::MOST_DATES;
use crate::time::{Date, Interval, Zone, day as day_of_month, days_between, plus_days};

/// How far a rule without an end is followed: to the end of the month so many months from now. Whole months, so that a
/// calendar does not gain a session every night.
const AHEAD_MONTHS: i32 = 12;
/// How long what has been stays in calendars (SPEC section 5).
pub const KEPT: Interval = Interval::months(12);

/// A session that follows from its series' recurrence and that nobody has written a file for yet.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The date of the recurrence it stands for.
    pub date: Date,
    pub times: Times,
    pub state: SessionState,
}

/// When a series recurs.
#[derive(Debug, Clone, Default)]
pub struct Recurring {
    /// Every date of its recurrence, as far as it is followed: those of the rule and the extra ones, without the excepted.
    pub dates: Vec<Date>,
    /// The last day for which sessions are planned. Dates beyond it are only known where somebody wrote a file for one.
    pub horizon: Date,
    /// Whether it ends some day.
    pub ends: bool,
}

impl Recurring {
    /// The date nearest to a day that no session stands for.
    pub fn nearest_free(&self, day: Date, taken: &[Date]) -> Option<Date> {
        self.dates.iter().copied().filter(|date| !taken.contains(date)).min_by_key(|date| days_between(day, *date).abs())
    }
}

/// The dates of a series' recurrence on a day (RFC 5545, section 3.8.5). `written` are the dates for which its sessions
/// may stand, earliest first: a rule runs from the first of them where its series does not say when it starts, and is
/// followed to the last, so that a session is known by its date however far ahead it was written.
pub fn dates(entry: &Entry, series: &Series, zone: &Zone, written: &[Date], today: Date, findings: &mut Vec<Finding>) -> Recurring {
    let Some(recurrence) = &series.recurrence else { return Recurring { dates: Vec::new(), horizon: Date::MAX, ends: true } };
    let at = |span| Place::new(&entry.at.file, span);
    let end = series.end.as_ref().map(|end| end.value);
    let ends = end.is_some() || recurrence.rule.as_ref().is_none_or(|rule| rule.ends());
    let mut dates: Vec<Date> = Vec::new();
    let mut last = Date::MAX;
    let mut followed = false;
    if let (Some(rule), Some(text)) = (&recurrence.rule, &recurrence.rrule) {
        let horizon = match (end, rule.ends()) {
            (Some(end), _) => end,
            (None, true) => Date::MAX,
            (None, false) => months_ahead(today),
        };
        last = horizon;
        let until = if ends { horizon } else { written.last().map_or(horizon, |written| horizon.max(*written)) };
        match series.start.as_ref().map(|start| start.value).or(written.first().copied()) {
            None => findings.push(catalogue::rule_without_start(at(text.span))),
            Some(first) => {
                followed = true;
                if !ends {
                    findings.push(catalogue::endless_rule(at(text.span)));
                }
                let time = series.default.as_ref().and_then(|default| default.time.as_ref()).map(|time| time.value).unwrap_or_default();
                let found = rule.dates(first, time, until, zone);
                if found.cut {
                    findings.push(catalogue::too_many_dates(at(text.span), MOST_DATES));
                }
                if found.dates.is_empty() {
                    findings.push(catalogue::rule_without_dates(at(text.span), &first.to_string()));
                }
                dates = found.dates;
            }
        }
    }
    dates.extend(recurrence.extra.iter().map(|extra| extra.value.date()));
    dates.sort_unstable();
    dates.dedup();
    // Where the rule could not be run, there is nothing to compare with; beyond the horizon of an endless one nobody has
    // looked yet.
    for except in recurrence.except.iter().filter(|except| followed && (ends || except.value <= last)) {
        if dates.binary_search(&except.value).is_err() {
            let near = dates.iter().min_by_key(|date| days_between(except.value, **date).abs()).map(Date::to_string);
            findings.push(catalogue::nothing_to_except(at(except.span), &except.value.to_string(), near.as_deref()));
        }
    }
    dates.retain(|date| !recurrence.except.iter().any(|except| except.value == *date));
    Recurring { dates, horizon: last, ends }
}

/// The sessions planned for dates that are not taken by a file. Those of a series that was called off are called off,
/// so that nobody who has them in their calendar keeps them there.
pub fn planned(
    entry: &Entry,
    series: &Series,
    zone: &Zone,
    recurring: &Recurring,
    taken: &[Date],
    today: Date,
    findings: &mut Vec<Finding>,
) -> Vec<Planned> {
    let default = series.default.as_ref();
    let usual = default.and_then(|default| default.minutes.as_ref()).map(|minutes| minutes.value);
    let clock = default.and_then(|default| default.time.as_ref());
    let extra: Vec<_> = series.recurrence.iter().flat_map(|recurrence| &recurrence.extra).collect();
    let named = |date: Date| extra.iter().find(|extra| extra.value.date() == date);
    let coming = if series.status.is_some() { SessionState::Cancelled } else { SessionState::Scheduled };
    let mut planned = Vec::new();
    for date in recurring.dates.iter().copied().filter(|date| !taken.contains(date)) {
        let own = named(date);
        if date > recurring.horizon && own.is_none() {
            continue;
        }
        let timed = own.filter(|extra| matches!(extra.value, Wall::Time(_)));
        let wall = match (timed, clock) {
            (Some(own), _) => own.value,
            (None, Some(clock)) => Wall::Time(date.to_datetime(clock.value)),
            (None, None) => Wall::Day(date),
        };
        if let (Wall::Time(moment), Some(span)) = (wall, timed.map(|own| own.span).or(clock.map(|clock| clock.span))) {
            let mut told = Vec::new();
            check_clock(&Place::new(&entry.at.file, span), moment, zone, &mut told);
            findings.extend(told.into_iter().map(|told| catalogue::of_one_date(told, date, recurring.ends)));
        }
        let times = times(&Session::default(), wall, zone, usual);
        let state = if times.last < today { SessionState::Held } else { coming };
        planned.push(Planned { date, times, state });
    }
    planned
}

/// The last day of the month that lies [`AHEAD_MONTHS`] after a day's own.
pub fn months_ahead(today: Date) -> Date {
    let beyond = Interval::months(AHEAD_MONTHS + 1).after(day_of_month(today.year(), today.month(), 1).unwrap_or(today));
    plus_days(beyond, -1)
}
