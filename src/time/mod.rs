//! Local times, zones and intervals. All calendar arithmetic lives here, on zone data that is compiled in.

pub mod observances;
pub mod recurrence;

pub use jiff::civil::{Date, DateTime, Time};

use jiff::ToSpan;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

/// The zone data of the program, never the host's, so that the same input gives the same output everywhere.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone of the IANA time-zone database, by its name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Zone {
    pub fn utc() -> Zone {
        Zone { name: "UTC".into(), rules: TimeZone::UTC }
    }

    /// The zone of that name, in the spelling of the database; none where there is no such zone.
    pub fn named(name: &str) -> Option<Zone> {
        let rules = ZONES.get(name).ok()?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Some(Zone { name, rules })
    }

    /// Every zone name there is, for suggestions.
    pub fn names() -> Vec<String> {
        ZONES.available().map(|name| name.as_str().to_owned()).collect()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The city in the zone's name, for readers: `America/New_York` is "New York".
    pub fn place(&self) -> String {
        self.name.rsplit('/').next().unwrap_or(&self.name).replace('_', " ")
    }

    /// What a clock on the wall of this zone means.
    pub fn read(&self, wall: DateTime) -> Reading {
        let ambiguous = self.rules.to_ambiguous_zoned(wall);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Reading::Once(self.moment(ambiguous.compatible())),
            AmbiguousOffset::Gap { .. } => {
                Reading::Skipped { earlier: self.moment(ambiguous.clone().earlier()), later: self.moment(ambiguous.later()) }
            }
            AmbiguousOffset::Fold { .. } => {
                Reading::Repeated { first: self.moment(ambiguous.clone().earlier()), second: self.moment(ambiguous.later()) }
            }
        }
    }

    /// The moment a clock on the wall stands for; where the clocks change, the later of two readings of a skipped time
    /// and the first of a repeated one (RFC 5545, section 3.3.5).
    pub fn at(&self, wall: DateTime) -> Moment {
        self.moment(self.rules.to_ambiguous_zoned(wall).compatible())
    }

    fn moment(&self, zoned: Result<jiff::Zoned, jiff::Error>) -> Moment {
        Moment(zoned.unwrap_or_else(|_| jiff::Timestamp::UNIX_EPOCH.to_zoned(self.rules.clone())))
    }
}

/// The readings of a wall-clock time.
#[derive(Debug, Clone)]
pub enum Reading {
    Once(Moment),
    /// The clocks jumped over it: the time before the jump by the old offset, and the time after by the new one.
    Skipped {
        earlier: Moment,
        later: Moment,
    },
    /// The clocks showed it twice.
    Repeated {
        first: Moment,
        second: Moment,
    },
}

/// A point in time, seen from a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(jiff::Zoned);

impl Moment {
    pub fn wall(&self) -> DateTime {
        self.0.datetime()
    }

    pub fn date(&self) -> Date {
        self.0.date()
    }

    pub fn time(&self) -> Time {
        self.0.time()
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn seconds(&self) -> i64 {
        self.0.timestamp().as_second()
    }

    /// "CST", or "UTC+10" where the zone has no letters of its own.
    pub fn abbreviation(&self) -> String {
        let info = self.0.time_zone().to_offset_info(self.0.timestamp());
        let text = info.abbreviation();
        if text.starts_with(['+', '-']) { format!("UTC{text}") } else { text.to_owned() }
    }

    pub fn in_zone(&self, zone: &Zone) -> Moment {
        Moment(self.0.with_time_zone(zone.rules.clone()))
    }

    pub fn plus_minutes(&self, minutes: u32) -> Moment {
        Moment(self.0.checked_add(i64::from(minutes).minutes()).unwrap_or_else(|_| self.0.clone()))
    }

    /// The same moment by the clock of UTC.
    pub fn utc(&self) -> DateTime {
        jiff::tz::Offset::UTC.to_datetime(self.0.timestamp())
    }

    /// `2026-03-04T13:00:00-06:00` (RFC 3339).
    pub fn rfc3339(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

/// A length of time in the calendar, such as "12 months" or "30 days".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
}

impl Interval {
    pub const fn months(months: i32) -> Interval {
        Interval { months, days: 0 }
    }

    /// Reads "12 months", "1 year", "6 weeks", "30 days"; none for anything else, and for nothing at all.
    pub fn read(text: &str) -> Option<Interval> {
        let (number, unit) = text.trim().split_once(char::is_whitespace)?;
        let number: i32 = number.parse().ok().filter(|number| (1..=1200).contains(number))?;
        Some(match unit.trim().trim_end_matches('s') {
            "year" => Interval { months: number * 12, days: 0 },
            "month" => Interval { months: number, days: 0 },
            "week" => Interval { months: 0, days: number * 7 },
            "day" => Interval { months: 0, days: number },
            _ => return None,
        })
    }

    /// The day that lies this long after another; the last of the month where that month is shorter.
    pub fn after(self, day: Date) -> Date {
        day.checked_add(self.months.months().days(self.days)).unwrap_or(Date::MAX)
    }
}

/// Days from one day to another; negative when the other lies before.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map(|span| span.get_days()).unwrap_or(0))
}

/// The day a number of days later.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// A wall-clock time later by some minutes, whatever clocks do.
pub fn plus_minutes(wall: DateTime, minutes: i64) -> DateTime {
    wall.checked_add(minutes.minutes()).unwrap_or(wall)
}

/// Minutes from one wall-clock time to another.
pub fn minutes_between(from: DateTime, to: DateTime) -> i64 {
    from.until((jiff::Unit::Minute, to)).map(|span| span.get_minutes()).unwrap_or(0)
}

/// Midnight at the start of a day.
pub fn midnight(day: Date) -> DateTime {
    day.at(0, 0, 0, 0)
}

/// 0 for Monday to 6 for Sunday.
pub fn weekday(day: Date) -> usize {
    day.weekday().to_monday_zero_offset() as usize
}

/// A day read from `2026-03-04`.
pub fn read_date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// The day it is at a moment given in seconds since 1970, in a zone.
pub fn day_of(seconds: i64, zone: &Zone) -> Date {
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone.rules.clone()).date()
}

/// A day from its numbers; none if the calendar has no such day.
pub fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

/// A time of day from its numbers; none if no clock shows it.
pub fn clock(hour: i8, minute: i8, second: i8) -> Option<Time> {
    Time::new(hour, minute, second, 0).ok()
}

/// A time of day read from `13:05`.
pub fn read_clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    clock(hour.parse().ok()?, minute.parse().ok()?, 0)
}

/// The first day of the month after a day's own.
pub fn next_month(date: Date) -> Date {
    let (year, month) = if date.month() == 12 { (date.year() + 1, 1) } else { (date.year(), date.month() + 1) };
    day(year, month, 1).unwrap_or(Date::MAX)
}

/// How many days a month has.
pub fn days_in_month(year: i16, month: i8) -> Option<i8> {
    Some(Date::new(year, month, 1).ok()?.days_in_month())
}
