//! How fresh an entry is: when it was last looked at, and when it should be looked at again.

use crate::config::Config;
use crate::entries::Entry;
use crate::kinds::Kind;
use crate::time::{Date, Interval, days_between};
use crate::words;

words! {
    /// Where an entry stands between two reviews.
    FreshnessState {
        Current = "current",
        /// At most 30 days are left.
        Due = "due",
        Overdue = "overdue",
        /// Overdue by more than one interval.
        Expired = "expired",
        /// Of a kind that does not age.
        Exempt = "exempt",
        /// Nothing says when it was written.
        Undated = "undated",
    }
}

impl FreshnessState {
    /// Whether its review should have been done by now.
    pub fn is_overdue(self) -> bool {
        matches!(self, FreshnessState::Overdue | FreshnessState::Expired)
    }
}

/// How many days before its review an entry is due.
pub const DUE_DAYS: i64 = 30;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    pub state: FreshnessState,
    /// The newest review, else `updated`, else `date`.
    pub since: Option<Date>,
    /// The newest review, if there was one: its place in the log.
    pub reviewed: Option<usize>,
    pub next: Option<Date>,
    /// The last day on which it is overdue and not yet expired.
    pub last_overdue: Option<Date>,
}

impl Freshness {
    /// Current, due or exempt: as good as fresh, for maturity and gaps.
    pub fn is_current(&self) -> bool {
        matches!(self.state, FreshnessState::Current | FreshnessState::Due | FreshnessState::Exempt)
    }
}

/// Reckons an entry's freshness on a day (SPEC section 3); a question is `settled` when it waits for no answer.
pub fn of(entry: &Entry, config: &Config, today: Date, settled: bool) -> Freshness {
    let log = entry.common.review.as_ref().map_or(&[][..], |review| review.log.as_slice());
    let newest = log.iter().enumerate().filter_map(|(index, reviewed)| Some((reviewed.on.as_ref()?.value, index))).max();
    // The day a question was asked is its date.
    let asked = entry.question().and_then(|question| question.asked_on.as_ref()).map(|at| at.value);
    let since = newest.map(|(on, _)| on).or(entry.common.updated.as_ref().map(|at| at.value)).or(entry.date).or(asked);
    let reviewed = newest.map(|(_, index)| index);
    let Some(every) = interval(entry, config).filter(|_| !settled) else {
        return Freshness { state: FreshnessState::Exempt, since, reviewed, next: None, last_overdue: None };
    };
    let Some(last) = since else {
        return Freshness { state: FreshnessState::Undated, since, reviewed, next: None, last_overdue: None };
    };
    let next = every.after(last);
    let left = days_between(today, next);
    let state = match left {
        ..0 if every.after(next) < today => FreshnessState::Expired,
        ..0 => FreshnessState::Overdue,
        0..=DUE_DAYS => FreshnessState::Due,
        _ => FreshnessState::Current,
    };
    Freshness { state, since, reviewed, next: Some(next), last_overdue: Some(every.after(next)) }
}

/// How often it is to be reviewed; none if it does not age.
fn interval(entry: &Entry, config: &Config) -> Option<Interval> {
    if entry.kind.is_dated_evidence() || entry.common.archived || entry.common.superseded_by.is_some() {
        return None;
    }
    let own = entry.common.review.as_ref().and_then(|review| review.every.as_ref()).map(|every| every.value);
    own.or_else(|| config.review.get(&entry.kind).copied()).filter(|_| entry.kind != Kind::Page || own.is_some())
}
