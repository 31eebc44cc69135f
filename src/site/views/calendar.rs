//! The views of calendars: agendas, months and years, and the ways to take them along.

use super::{DateView, Html, Leaf, Link, Missing, State, ZoneTime};
use crate::theme::Value;
use serde::Serialize;

/// What is coming and what has been: for the whole site, or for a topic or a community.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarView {
    /// What it is the calendar of; none for the whole site.
    pub of: Option<Link>,
    pub subscribe: Subscribe,
    /// The day it was reckoned for.
    pub as_of: DateView,
    /// What is coming, soonest first, month by month.
    pub coming: Vec<AgendaMonth>,
    /// How many are coming, those that are not shown included.
    pub coming_count: usize,
    /// Where the rest of what is coming stands, where it is too much for one page.
    pub more_coming: Option<Link>,
    /// The latest of what has been, newest first, month by month.
    pub recent: Vec<AgendaMonth>,
    /// Where all that has been stands.
    pub more_past: Option<Link>,
    /// Every year with a session, newest first; only on the site's own calendar.
    pub years: Vec<YearStrip>,
    /// The other calendars one can subscribe to: of series that still go on.
    pub series: Vec<SeriesCalendar>,
    pub all_series: Option<Link>,
    /// Sessions held that nobody has written up.
    pub unwritten: Vec<Missing>,
    pub missing: Vec<Missing>,
}

/// The calendar of one series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesCalendar {
    pub title: String,
    pub path: String,
    pub subscribe: Subscribe,
}

#[derive(Debug, Clone, Serialize)]
pub struct AgendaMonth {
    /// "March 2026".
    pub title: String,
    /// `fm-month-2026-03`, `fm-past-2026-03`.
    pub id: String,
    /// Its page; none on calendars that have no pages of months.
    pub path: Option<String>,
    /// Shared [`super::Card`] values.
    pub cards: Vec<Value>,
}

/// The months of a year in a row.
#[derive(Debug, Clone, Serialize)]
pub struct YearStrip {
    pub year: String,
    /// The page of the whole year.
    pub path: String,
    /// Twelve: empty ones are there, and led to by nothing.
    pub months: Vec<MonthLink>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MonthLink {
    /// "Mar".
    pub label: String,
    /// "March 2026".
    pub title: String,
    pub count: usize,
    pub path: String,
    /// The month that is shown.
    pub current: bool,
}

/// A month as a table, with an agenda beneath it.
#[derive(Debug, Clone, Serialize)]
pub struct MonthView {
    /// The nearest months before and after it in which there is something.
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// The year it lies in, as a strip of months.
    pub year: YearStrip,
    /// Names of the days of the week, Monday first: long and short.
    pub weekdays: Vec<Weekday>,
    pub weeks: Vec<Vec<Day>>,
    /// What takes place in it, in its order: shared [`super::Card`] values.
    pub cards: Vec<Value>,
    pub count: usize,
    pub as_of: DateView,
}

#[derive(Debug, Clone, Serialize)]
pub struct Weekday {
    pub long: String,
    pub short: String,
}

/// A day of a month table; those of the months beside it have neither number nor events.
#[derive(Debug, Clone, Serialize)]
pub struct Day {
    /// 0 outside of the month.
    pub number: i8,
    /// `2026-03-04`.
    pub iso: String,
    /// "Wednesday 4 March 2026".
    pub title: String,
    pub today: bool,
    pub events: Vec<DayEvent>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DayEvent {
    pub title: String,
    pub path: String,
    /// "1:00–2:30 pm CST", "all day"; empty on further days of what takes several.
    pub time: String,
    /// `scheduled`, `tentative`, `cancelled`, `postponed`, `held`.
    pub state: State,
    /// Cancelled or postponed.
    pub struck: bool,
    /// It began on an earlier day.
    pub goes_on: bool,
}

/// A year on paper: twelve small months, and every session in a line.
#[derive(Debug, Clone, Serialize)]
pub struct YearView {
    /// The series it is of; none for the whole site.
    pub of: Option<Link>,
    pub year: String,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// Twelve small months, drawn by `parts/small-month.html`.
    pub months: Vec<Html>,
    pub rows: Vec<YearRow>,
    pub subscribe: Subscribe,
    pub as_of: DateView,
}

/// A month of a year without a mark, drawn once: its days stand between two of the marks that `day` is, so that those
/// with sessions can be drawn otherwise (`parts/small-day.html`).
#[derive(Debug, Clone, Serialize)]
pub struct SmallMonth {
    /// "March".
    pub title: String,
    /// Its page; none where the year is that of a series.
    pub path: Option<String>,
    pub weekdays: Vec<Weekday>,
    /// Weeks of seven days: 0 outside of the month.
    pub weeks: Vec<[i8; 7]>,
}

/// One session of a year, in a line.
#[derive(Debug, Clone, Serialize)]
pub struct YearRow {
    /// The anchor of its line: only for planned sessions, which have no page of their own.
    pub id: Option<String>,
    pub leaf: Leaf,
    /// "Wednesday 4 March 2026".
    pub date: String,
    pub time: String,
    pub others: Vec<ZoneTime>,
    pub title: String,
    pub path: String,
    pub state: State,
    /// "Online", or where people meet.
    pub place: Option<String>,
    /// The series, where the year is that of the whole site.
    pub series: Option<Link>,
}

/// How to take a calendar along: a feed that a calendar program looks at again and again.
#[derive(Debug, Clone, Serialize)]
pub struct Subscribe {
    /// "Harbor Counties: Office hours".
    pub title: String,
    /// The path of the file.
    pub path: String,
    /// The same with its full address and for programs that subscribe; only where the site has a `base_url`.
    pub address: Option<String>,
    pub webcal: Option<String>,
    pub google: Option<String>,
    pub outlook: Option<String>,
}

/// How to put one session into a calendar.
#[derive(Debug, Clone, Serialize)]
pub struct Add {
    /// The path of its `event.ics`.
    pub path: String,
    pub google: String,
    pub outlook: String,
}
