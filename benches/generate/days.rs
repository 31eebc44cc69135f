//! Days as numbers, for spreading entries over eight years and writing them as dates.

use std::fmt;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

/// 2019-07-01, a Monday. The corpus covers eight years from here, so its end is still to come for a while.
pub const FIRST: Day = Day(18_078);
/// 2026-11-20: what is written about the past (case studies, practices, reviews) was written by then.
pub const LAST_WRITTEN: Day = Day(20_777);
/// 2027-06-30.
pub const LAST: Day = Day(20_999);

impl Day {
    pub fn plus(self, days: usize) -> Day {
        Day(self.0 + days as i64)
    }

    /// This day, or the Monday after it: nobody meets on a weekend.
    pub fn workday(self) -> Day {
        // 1970-01-01 was a Thursday, so Saturday is 2 in this count.
        match (self.0).rem_euclid(7) {
            2 => Day(self.0 + 2),
            3 => Day(self.0 + 1),
            _ => self,
        }
    }

    /// Year, month and day of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
    fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    pub fn year(self) -> i64 {
        self.civil().0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
