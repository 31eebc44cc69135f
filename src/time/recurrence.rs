//! Recurrence rules: when something recurs, as dates (RFC 5545, section 3.3.10).

use super::{Date, DateTime, Time, Zone, midnight};
use rrule::RRuleSet;

/// How many dates of one rule are looked at: a daily meeting for ten years. Beyond that, a rule is a slip.
pub const MOST_DATES: usize = 3660;

/// The parts of a rule by name, all in capitals, in the order they were written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    parts: Vec<(String, String)>,
}

/// The dates of a rule within a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dates {
    /// In their order, each once.
    pub dates: Vec<Date>,
    /// There would have been more than [`MOST_DATES`].
    pub cut: bool,
}

impl Rule {
    /// Reads a rule such as `FREQ=MONTHLY;BYDAY=2TH`.
    ///
    /// # Errors
    /// Why it is none, as a clause that goes on after a colon.
    pub fn read(text: &str) -> Result<Rule, String> {
        const NAMES: [&str; 14] = [
            "FREQ",
            "UNTIL",
            "COUNT",
            "INTERVAL",
            "BYSECOND",
            "BYMINUTE",
            "BYHOUR",
            "BYDAY",
            "BYMONTHDAY",
            "BYYEARDAY",
            "BYWEEKNO",
            "BYMONTH",
            "BYSETPOS",
            "WKST",
        ];
        // Communities do not meet every second; a rule that says so is a slip, and would fill a calendar.
        const RHYTHMS: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
        let mut parts: Vec<(String, String)> = Vec::new();
        let text = text.trim();
        let text = text.get(..6).filter(|start| start.eq_ignore_ascii_case("RRULE:")).map_or(text, |_| &text[6..]);
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`"))?;
            let name = name.trim().to_ascii_uppercase();
            if !NAMES.contains(&name.as_str()) {
                return Err(format!("it has no part `{name}`"));
            }
            // A series says its time of day once, in `default`.
            if matches!(name.as_str(), "BYHOUR" | "BYMINUTE" | "BYSECOND") {
                return Err(format!("`{name}` is a time of day, and that stands in `default = {{ time = 13:00:00 }}`"));
            }
            if parts.iter().any(|(earlier, _)| *earlier == name) {
                return Err(format!("`{name}` stands in it twice"));
            }
            parts.push((name, value.trim().to_ascii_uppercase()));
        }
        let rule = Rule { parts };
        match rule.part("FREQ") {
            None => return Err("it does not say how often (`FREQ`)".into()),
            Some(rhythm) if !RHYTHMS.contains(&rhythm) => return Err(format!("`FREQ` is one of {}", RHYTHMS.join(", "))),
            Some(_) => {}
        }
        let counted = rule.part("BYDAY").into_iter().flat_map(|days| days.split(',')).find(|day| day.trim().len() > 2);
        if let (Some(day), Some("DAILY" | "WEEKLY")) = (counted, rule.part("FREQ")) {
            return Err(format!("`{day}` counts within a month, as in `FREQ=MONTHLY;BYDAY={day}`"));
        }
        if rule.part("BYSETPOS").is_some() && !rule.names().any(|name| name.starts_with("BY") && name != "BYSETPOS") {
            return Err("`BYSETPOS` picks from the days that another part names, such as `BYDAY`".into());
        }
        if rule.part("COUNT").is_some() && rule.part("UNTIL").is_some() {
            return Err("it ends by `COUNT` and by `UNTIL`, and may have only one of them".into());
        }
        if let Some(until) = rule.part("UNTIL")
            && read_until(until, &Zone::utc()).is_none()
        {
            return Err(format!("`UNTIL={until}` is no day, such as `UNTIL=20261231`"));
        }
        // Any day will do: what it may hold does not depend on where it begins.
        let day = super::day(2024, 1, 1).expect("the calendar has that day");
        rule.set(midnight(day), None, &Zone::utc()).map_err(|error| said(&error))?;
        Ok(rule)
    }

    /// A part by its name.
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The names of its parts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// Whether it ends by itself.
    pub fn ends(&self) -> bool {
        self.part("COUNT").is_some() || self.part("UNTIL").is_some()
    }

    /// Its dates from a first day, which counts only if it fits, to a last one. The time of day decides whether a rule
    /// with an `UNTIL` in UTC still has its last date.
    pub fn dates(&self, first: Date, time: Time, last: Date, zone: &Zone) -> Dates {
        let start = first.to_datetime(time);
        // The library takes a rule that ended before it began for one that has its start.
        let over = self.part("UNTIL").and_then(|until| read_until(until, zone)).is_some_and(|until| until < start);
        let set = if over || last < first { None } else { self.set(start, Some(last), zone).ok() };
        let Some(set) = set else { return Dates::default() };
        let mut found = Dates::default();
        // `limit` makes it give up on rules that never fit, such as 30 February.
        for moment in set.limit().into_iter() {
            let day = super::read_date(&moment.format("%Y-%m-%d").to_string()).filter(|day| *day <= last);
            let Some(day) = day else { break };
            if found.dates.len() == MOST_DATES {
                found.cut = true;
                break;
            }
            if found.dates.last() != Some(&day) {
                found.dates.push(day);
            }
        }
        found
    }

    /// The rule for the library, which reckons by the clock on the wall as if it were UTC: its own zone data is older
    /// than ours, and it refuses a start that the clocks skip.
    fn set(&self, start: DateTime, last: Option<Date>, zone: &Zone) -> Result<RRuleSet, rrule::RRuleError> {
        let stamp = |wall: DateTime| wall.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut parts: Vec<String> =
            self.parts.iter().filter(|(name, _)| name != "UNTIL").map(|(name, value)| format!("{name}={value}")).collect();
        let until = self.part("UNTIL").and_then(|until| read_until(until, zone));
        let last = last.filter(|_| self.part("COUNT").is_none()).map(end_of_day);
        if let Some(until) = until.into_iter().chain(last).min() {
            parts.push(format!("UNTIL={}", stamp(until.max(start))));
        }
        format!("DTSTART:{}\nRRULE:{}", stamp(start), parts.join(";")).parse()
    }
}

fn end_of_day(day: Date) -> DateTime {
    day.at(23, 59, 59, 0)
}

/// The last moment of a rule by the clock of its zone: `20261231`, `20261231T130000` or `20261231T190000Z`.
fn read_until(text: &str, zone: &Zone) -> Option<DateTime> {
    if text.len() == 8 {
        return Date::strptime("%Y%m%d", text).ok().map(end_of_day);
    }
    match text.strip_suffix('Z') {
        Some(utc) => {
            let utc = DateTime::strptime("%Y%m%dT%H%M%S", utc).ok()?;
            Some(Zone::utc().at(utc).in_zone(zone).wall())
        }
        None => DateTime::strptime("%Y%m%dT%H%M%S", text).ok(),
    }
}

/// What the library says, as a clause of ours.
fn said(error: &rrule::RRuleError) -> String {
    let text = error.to_string();
    let text = text.rsplit(": ").next().unwrap_or(&text).trim().trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        super::super::read_date(text).unwrap()
    }

    fn dates(rule: &str, first: &str, last: &str) -> Vec<String> {
        let rule = Rule::read(rule).unwrap();
        let noon = super::super::clock(12, 0, 0).unwrap();
        rule.dates(day(first), noon, day(last), &Zone::named("America/Chicago").unwrap()).dates.iter().map(Date::to_string).collect()
    }

    #[test]
    fn a_rule_gives_its_dates() {
        assert_eq!(dates("FREQ=MONTHLY;BYDAY=2TH", "2026-01-08", "2026-04-30"), ["2026-01-08", "2026-02-12", "2026-03-12", "2026-04-09"]);
        assert_eq!(
            dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2026-01-07", "2026-02-28"),
            ["2026-01-07", "2026-01-21", "2026-02-04", "2026-02-18"]
        );
        assert_eq!(dates("rrule:freq=monthly;bymonthday=31", "2026-01-01", "2026-06-30"), ["2026-01-31", "2026-03-31", "2026-05-31"]);
        assert_eq!(dates("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "2026-01-01", "2026-12-31"), ["2026-01-30", "2026-02-27"]);
    }

    #[test]
    fn a_start_that_does_not_fit_is_no_date() {
        assert_eq!(dates("FREQ=WEEKLY;BYDAY=TH;COUNT=2", "2026-01-05", "2026-12-31"), ["2026-01-08", "2026-01-15"]);
    }

    #[test]
    fn an_end_in_utc_is_read_by_the_clock_of_the_zone() {
        // 18:00 UTC is noon in Chicago, the very time of the meeting: that one still counts.
        assert_eq!(dates("FREQ=DAILY;UNTIL=20260103T180000Z", "2026-01-02", "2026-12-31"), ["2026-01-02", "2026-01-03"]);
        assert_eq!(dates("FREQ=DAILY;UNTIL=20260103T175959Z", "2026-01-02", "2026-12-31"), ["2026-01-02"]);
        assert_eq!(dates("FREQ=DAILY;UNTIL=20260103", "2026-01-02", "2026-12-31"), ["2026-01-02", "2026-01-03"]);
        assert!(dates("FREQ=DAILY;UNTIL=20250103", "2026-01-02", "2026-12-31").is_empty(), "it ended before it began");
    }

    #[test]
    fn rules_that_never_end_or_never_fit_are_bounded() {
        let noon = super::super::clock(12, 0, 0).unwrap();
        let forever = Rule::read("FREQ=DAILY").unwrap().dates(day("2000-01-01"), noon, day("2400-01-01"), &Zone::utc());
        assert_eq!((forever.dates.len(), forever.cut), (MOST_DATES, true));
        assert!(dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "2030-01-01").is_empty());
    }

    #[test]
    fn what_is_no_rule_says_why() {
        let why = |rule: &str| Rule::read(rule).unwrap_err();
        assert_eq!(why("MONTHLY"), "`MONTHLY` has no `=`");
        assert_eq!(why("FREQ=SECONDLY"), "`FREQ` is one of DAILY, WEEKLY, MONTHLY, YEARLY");
        assert_eq!(why("FREQ=DAILY;COUNT=2;UNTIL=20260101"), "it ends by `COUNT` and by `UNTIL`, and may have only one of them");
        assert_eq!(why("FREQ=DAILY;UNTIL=tomorrow"), "`UNTIL=TOMORROW` is no day, such as `UNTIL=20261231`");
        assert_eq!(why("FREQ=DAILY;BYHOUR=9"), "`BYHOUR` is a time of day, and that stands in `default = { time = 13:00:00 }`");
        assert_eq!(why("FREQ=WEEKLY;BYDAY=2TH"), "`2TH` counts within a month, as in `FREQ=MONTHLY;BYDAY=2TH`");
        assert_eq!(why("FREQ=DAILY;BYSETPOS=1"), "`BYSETPOS` picks from the days that another part names, such as `BYDAY`");
        for broken in ["FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=77", "FREQ=DAILY;INTERVAL=x"] {
            assert!(!why(broken).is_empty());
        }
    }
}
