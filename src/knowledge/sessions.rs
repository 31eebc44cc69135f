//! Sessions in time: when each is, whether it was held, and where a series stands.

use super::recurrence::Planned;
use super::{EntryId, Knowledge, topics};
use crate::config::Config;
use crate::entries::front_matter::Session;
use crate::entries::front_matter::series::SeriesStatus;
use crate::entries::front_matter::session::SessionStatus;
use crate::entries::{Entry, Origin};
use crate::fields::Wall;
use crate::findings::{Finding, Place, catalogue};
use crate::time::{self, Date, DateTime, Moment, Reading, Zone};
use crate::words;

words! {
    /// Where a session stands on a day.
    SessionState {
        Scheduled = "scheduled",
        Tentative = "tentative",
        Held = "held",
        Cancelled = "cancelled",
        /// Put off, and no new day is known.
        Postponed = "postponed",
        /// Nothing says when it is: it stands in no calendar.
        Undated = "undated",
    }
}

words! {
    /// Where a series stands on a day.
    SeriesState { Announced = "announced", Running = "running", Finished = "finished", Cancelled = "cancelled" }
}

/// How long a session takes when nobody says.
const USUAL_MINUTES: i64 = 60;

/// When a session takes place.
#[derive(Debug, Clone)]
pub struct Times {
    pub wall: Wall,
    pub zone: Zone,
    pub start: Moment,
    pub end: Moment,
    pub minutes: u32,
    /// The last local date of it.
    pub last: Date,
}

/// What follows from a session's fields and its series.
#[derive(Debug, Clone)]
pub struct SessionFacts {
    pub series: Option<EntryId>,
    pub times: Option<Times>,
    pub state: SessionState,
    /// The date of its series' recurrence that it stands for.
    pub occurrence: Option<Date>,
}

impl SessionFacts {
    /// Planned and still to come.
    pub fn is_upcoming(&self) -> bool {
        matches!(self.state, SessionState::Scheduled | SessionState::Tentative)
    }

    pub fn date(&self) -> Option<Date> {
        self.times.as_ref().map(|times| times.wall.date())
    }
}

impl Knowledge {
    /// Whether it is a session that does not take place: cancelled, or put off without a new day.
    pub fn is_called_off(&self, id: EntryId) -> bool {
        self.session(id).is_some_and(|facts| matches!(facts.state, SessionState::Cancelled | SessionState::Postponed))
    }

    /// The sessions of a series about a topic or anything below it.
    pub fn sessions_about(&self, series: EntryId, topic: EntryId) -> Vec<EntryId> {
        let below = topics::with_all_below(self, topic);
        let sessions = self.series(series).map_or(&[][..], |facts| &facts.sessions);
        sessions.iter().copied().filter(|session| self.said(*session).topics.iter().any(|topic| below.contains(topic))).collect()
    }

    /// How far a series has delivered a topic of its curriculum: `delivered` where a session of it about the topic, or
    /// anything below it, was held, `planned` where one is to come, else `not-delivered`.
    pub fn curriculum_state(&self, series: EntryId, topic: EntryId) -> &'static str {
        let sessions = self.sessions_about(series, topic);
        let about = || sessions.iter().filter_map(|session| self.session(*session));
        if about().any(|facts| facts.state == SessionState::Held) {
            "delivered"
        } else if about().any(SessionFacts::is_upcoming) {
            "planned"
        } else {
            "not-delivered"
        }
    }
}

/// Reckons a session's times and state, with what its series and the site say where it is silent.
pub fn session(
    entry: &Entry,
    session: &Session,
    series: Option<(EntryId, &Entry)>,
    config: &Config,
    today: Date,
    findings: &mut Vec<Finding>,
) -> SessionFacts {
    let default = series.and_then(|(_, entry)| entry.series());
    let zone = session
        .time_zone
        .as_ref()
        .or_else(|| default.and_then(|series| series.time_zone.as_ref()))
        .map_or(&config.time_zone, |zone| &zone.value);
    let times = session.start_or(entry.date).map(|wall| {
        if session.start.is_none() && entry.common.date.is_some() {
            let at = Place::new(&entry.at.file, entry.common.date.as_ref().map_or(entry.at.span, |date| date.span));
            findings.push(catalogue::start_from_date(at, &wall.date().to_string()));
        }
        if let (Some(start), Wall::Time(clock)) = (&session.start, wall) {
            check_clock(&Place::new(&entry.at.file, start.span), clock, zone, findings);
        }
        if let Some(end) = &session.end
            && let Wall::Time(clock) = end.value
        {
            check_clock(&Place::new(&entry.at.file, end.span), clock, zone, findings);
        }
        let usual =
            default.and_then(|series| series.default.as_ref()).and_then(|default| default.minutes.as_ref()).map(|minutes| minutes.value);
        times(session, wall, zone, usual)
    });
    let said = matches!(session.status.as_ref().map(|status| status.value), Some(SessionStatus::Cancelled | SessionStatus::Postponed));
    if times.is_none() && !said && entry.origin == Origin::File {
        findings.push(catalogue::session_without_start(entry.at.clone()));
    }
    let called_off = default.is_some_and(|series| series.status.is_some());
    let state = match state(session, times.as_ref(), today) {
        // What a series that was called off still had to come does not take place.
        SessionState::Scheduled | SessionState::Tentative if called_off => SessionState::Cancelled,
        state => state,
    };
    SessionFacts { series: series.map(|(id, _)| id), times, state, occurrence: None }
}

/// When a session takes place that starts at a time by the clock of a zone; `usual` is its series' usual length in minutes.
pub fn times(session: &Session, wall: Wall, zone: &Zone, usual: Option<i64>) -> Times {
    let start = zone.at(wall.time());
    let minutes = match (&session.end, &session.minutes, wall) {
        (Some(end), _, Wall::Time(start)) => time::minutes_between(start, end.value.time()),
        (Some(end), _, Wall::Day(start)) => (time::days_between(start, end.value.date()) + 1) * 24 * 60,
        (None, Some(minutes), _) => minutes.value,
        (None, None, Wall::Day(_)) => 24 * 60,
        (None, None, Wall::Time(_)) => usual.unwrap_or(USUAL_MINUTES),
    };
    let minutes = u32::try_from(minutes).unwrap_or(USUAL_MINUTES as u32).max(1);
    let (end, last) = match (wall, &session.end) {
        (Wall::Day(first), end) => {
            let last = end.as_ref().map_or(first, |end| end.value.date()).max(first);
            (zone.at(time::midnight(time::plus_days(last, 1))), last)
        }
        (Wall::Time(_), Some(end)) => {
            let end = zone.at(end.value.time());
            (end.clone(), end.date())
        }
        (Wall::Time(_), None) => {
            let end = start.plus_minutes(minutes);
            // A session that ends at midnight is over when its own day is.
            let last = time::plus_minutes(end.wall(), -1).date();
            (end, last)
        }
    };
    Times { wall, zone: zone.clone(), start, end, minutes, last }
}

/// A time that no clock shows, or that clocks show twice, is an error that names both readings.
pub fn check_clock(at: &Place, clock: DateTime, zone: &Zone, findings: &mut Vec<Finding>) {
    let said = clock.strftime("%H:%M on %Y-%m-%d").to_string();
    let reading = |moment: &Moment| format!("{} {}", moment.wall().strftime("%H:%M"), moment.abbreviation());
    match zone.read(clock) {
        Reading::Once(_) => {}
        Reading::Skipped { earlier, later } => {
            findings.push(catalogue::skipped_time(at.clone(), &said, zone.name(), &reading(&earlier), &reading(&later)));
        }
        Reading::Repeated { first, second } => {
            findings.push(catalogue::repeated_time(at.clone(), &said, zone.name(), &reading(&first), &reading(&second)));
        }
    }
}

fn state(session: &Session, times: Option<&Times>, today: Date) -> SessionState {
    let status = session.status.as_ref().map(|status| status.value);
    match status {
        Some(SessionStatus::Cancelled) => return SessionState::Cancelled,
        Some(SessionStatus::Postponed) if !was_moved(session) => return SessionState::Postponed,
        _ => {}
    }
    let Some(times) = times else { return SessionState::Undated };
    match status {
        _ if times.last < today => SessionState::Held,
        Some(SessionStatus::Tentative) => SessionState::Tentative,
        _ => SessionState::Scheduled,
    }
}

/// Whether a session that was put off has a day again: one that is not among those it was to start on before.
fn was_moved(session: &Session) -> bool {
    let Some(start) = &session.start else { return false };
    !session.previous_starts.is_empty() && session.previous_starts.iter().all(|previous| previous.value != start.value)
}

/// What follows from a series' fields and its sessions.
#[derive(Debug, Clone)]
pub struct SeriesFacts {
    /// Dated sessions by their start, then undated ones by title.
    pub sessions: Vec<EntryId>,
    /// Those of them that stand for a date of its recurrence, and for which.
    pub occurrences: Vec<(EntryId, Date)>,
    /// Sessions that only follow from its recurrence, by their dates.
    pub planned: Vec<Planned>,
    pub state: SeriesState,
    /// The first day of its sessions and planned sessions.
    pub first: Option<Date>,
    /// The last; none where it recurs without an end.
    pub last: Option<Date>,
}

/// The date a session would stand for in a recurrence: the one it says, else the one by which calendar programs know it,
/// else the one it first was to start on.
pub fn occurrence(session: &Session, times: Option<&Times>, date_in_uid: &dyn Fn(&str) -> Option<Date>) -> Option<Date> {
    let said = session.occurrence.as_ref().map(|date| date.value).or_else(|| date_in_uid(&session.uid.as_ref()?.value));
    let before = session.previous_starts.first().map(|start| start.value.date());
    said.or(before).or(times.map(|times| times.wall.date()))
}

/// Where a series stands: cancelled if it says so; announced before its start or without any date; finished when its
/// end, else its last session, lies before today; else running. A series that recurs without an end has no last session.
pub fn series_state(series: &crate::entries::front_matter::Series, first: Option<Date>, last: Option<Date>, today: Date) -> SeriesState {
    if series.status.as_ref().is_some_and(|status| status.value == SeriesStatus::Cancelled) {
        return SeriesState::Cancelled;
    }
    let start = series.start.as_ref().map(|at| at.value);
    let end = series.end.as_ref().map(|at| at.value).or(last);
    match (start, end) {
        (Some(start), _) if today < start => SeriesState::Announced,
        (None, None) if first.is_none() => SeriesState::Announced,
        (_, Some(end)) if end < today => SeriesState::Finished,
        _ => SeriesState::Running,
    }
}
