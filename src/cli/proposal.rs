//! The next session of a series, as far as the series shows it: its day and its number.

use super::choices;
use crate::fields::Wall;
use crate::findings::Checked;
use crate::kinds::Kind;
use crate::knowledge::{Audience, Drafts, EntryId, Internal, Knowledge};
use crate::pipeline::{Options, Pipeline};
use crate::site::Links;
use crate::sources::Sources;
use crate::time::{Date, day, days_between, days_in_month, next_month, plus_days, weekday};

/// What the next session of a series is likely to be.
#[derive(Debug, Default)]
pub struct Proposal {
    /// The next day on which it would meet; none where nothing tells.
    pub date: Option<Date>,
    pub number: Option<i64>,
    /// When it starts, where the recurrence says so for that day.
    pub start: Option<Wall>,
    /// What the session that was planned for that day is known by in calendars, and the date of the recurrence it is for.
    pub uid: Option<String>,
    pub occurrence: Option<Date>,
}

impl Proposal {
    /// What was proposed, for the person who is to agree.
    pub fn sentence(&self, date: Date) -> String {
        let number = self.number.map(|number| format!(", as number {number}")).unwrap_or_default();
        format!("The next day of its series is {}{number}; change `start` if it is another.\n", date.strftime("%A %-d %B %Y"))
    }
}

/// Looks at a series and its sessions, drafts included. With a day named, only what goes with that day.
///
/// # Errors
/// When the clock of this machine cannot be read.
pub fn of(sources: &Checked<Sources>, series: &str, named: Option<Date>) -> anyhow::Result<Proposal> {
    let audience = Audience { drafts: Drafts::Shown, internal: Internal::Shown };
    let options = Options { today: None, now: choices::now()?, audience, links: Links::Folders };
    let site = Pipeline::new().run(sources, &options).value;
    let k = site.knowledge();
    let Some(id) = k.lookup().of_kind(Kind::Series, series) else { return Ok(Proposal::default()) };
    let planned = k.planned_of(id).find(|occasion| match named {
        Some(date) => k.planned(*occasion).is_some_and(|planned| planned.date == date),
        None => k.is_ahead(*occasion),
    });
    let mut proposal = Proposal { number: number(k, id, named), ..Proposal::default() };
    match planned {
        Some(occasion) => {
            let times = k.times(occasion);
            proposal.date = Some(times.wall.date());
            proposal.start = Some(times.wall);
            proposal.uid = Some(k.uid(occasion));
            proposal.occurrence = k.planned(occasion).map(|planned| planned.date);
        }
        None => proposal.date = named.or_else(|| by_rhythm(k, id)),
    }
    Ok(proposal)
}

/// One more than the highest number there is; none where the sessions of a series bear no numbers, where it has met
/// before without anybody counting, or where a later session has one already.
fn number(k: &Knowledge, series: EntryId, named: Option<Date>) -> Option<i64> {
    let sessions = &k.series(series)?.sessions;
    if sessions.is_empty() {
        return k.planned_of(series).all(|occasion| k.is_ahead(occasion)).then_some(1);
    }
    if named.is_some_and(|day| sessions.iter().any(|id| k.session(*id).and_then(|facts| facts.date()).is_some_and(|date| date > day))) {
        return None;
    }
    let numbers = sessions.iter().filter_map(|id| k.entry(*id).session()?.number.as_ref()).map(|number| number.value);
    numbers.max().map(|highest| highest + 1)
}

/// The day after the last session that its last two sessions lead one to expect: the same place among the weekdays of
/// the next month where they lie about a month apart, else as many days later.
fn by_rhythm(k: &Knowledge, series: EntryId) -> Option<Date> {
    let dates: Vec<Date> = k.series(series)?.sessions.iter().filter_map(|id| k.session(*id)?.date()).collect();
    let [.., before, last] = dates.as_slice() else {
        let start = k.entry(series).series()?.start.as_ref()?.value;
        return dates.is_empty().then_some(start);
    };
    let gap = days_between(*before, *last);
    if gap <= 0 {
        return None;
    }
    let place = |date: Date| (date.day() - 1) / 7;
    let monthly = (25..=36).contains(&gap) && weekday(*before) == weekday(*last);
    let same_weekday = |date: Date| {
        let first = next_month(date);
        let (year, month) = (first.year(), first.month());
        let to_weekday = (weekday(date) + 7 - weekday(first)) % 7;
        let at = 1 + to_weekday as i8 + 7 * place(date);
        // Not every month has a fifth.
        day(year, month, if at > days_in_month(year, month)? { at - 7 } else { at })
    };
    if monthly { same_weekday(*last) } else { Some(plus_days(*last, gap)) }
}
