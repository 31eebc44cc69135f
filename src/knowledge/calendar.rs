//! What stands in calendars: sessions with a day, and those that only follow from a series' recurrence, in their order.

use super::recurrence::{KEPT, Planned};
use super::sessions::{SessionState, Times};
use super::{ById, EntryId, Knowledge, topics};
use crate::findings::{Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::time::{Date, days_between};
use rayon::prelude::*;
use std::collections::HashMap;

/// One thing in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occasion {
    Session(EntryId),
    /// The planned session of a series with this place among its planned ones.
    Planned {
        series: EntryId,
        at: usize,
    },
}

/// How many days after a session its notes may take before they are missed (SPEC section 7).
pub const NOTES_DAYS: i64 = 14;

impl Knowledge {
    /// Everything listed that has a day, by its start.
    pub(super) fn reckon_calendar(&self) -> Vec<Occasion> {
        let sessions = self.listed(Kind::Session).filter(|id| self.session(*id).is_some_and(|facts| facts.times.is_some()));
        let planned = self.listed(Kind::Series).flat_map(|series| self.planned_of(series));
        let mut all: Vec<Occasion> = sessions.map(Occasion::Session).chain(planned).collect();
        self.by_start(&mut all);
        all
    }

    /// The sessions planned for a series, by their dates.
    pub fn planned_of(&self, series: EntryId) -> impl Iterator<Item = Occasion> + use<> {
        let count = self.series(series).map_or(0, |facts| facts.planned.len());
        (0..count).map(move |at| Occasion::Planned { series, at })
    }

    /// Puts occasions in the order of their starts; a whole day comes before what happens on it.
    pub fn by_start(&self, occasions: &mut [Occasion]) {
        occasions.sort_by_cached_key(|occasion| {
            let times = self.times(*occasion);
            let day = matches!(times.wall, crate::fields::Wall::Time(_));
            (times.start.seconds(), day, self.host(*occasion))
        });
    }

    /// The planned session behind an occasion; none where it has a file.
    pub fn planned(&self, occasion: Occasion) -> Option<&Planned> {
        match occasion {
            Occasion::Session(_) => None,
            Occasion::Planned { series, at } => self.series(series)?.planned.get(at),
        }
    }

    /// When an occasion takes place.
    ///
    /// # Panics
    /// When it is a session without a day, which is no occasion.
    pub fn times(&self, occasion: Occasion) -> &Times {
        let times = match occasion {
            Occasion::Session(id) => self.session(id).and_then(|facts| facts.times.as_ref()),
            Occasion::Planned { .. } => self.planned(occasion).map(|planned| &planned.times),
        };
        times.expect("occasions have a day")
    }

    pub fn occasion_state(&self, occasion: Occasion) -> SessionState {
        match occasion {
            Occasion::Session(id) => self.session(id).map_or(SessionState::Undated, |facts| facts.state),
            Occasion::Planned { .. } => self.planned(occasion).map_or(SessionState::Undated, |planned| planned.state),
        }
    }

    /// The entry that speaks for an occasion: the session itself, else its series.
    pub fn host(&self, occasion: Occasion) -> EntryId {
        match occasion {
            Occasion::Session(id) => id,
            Occasion::Planned { series, .. } => series,
        }
    }

    /// The series an occasion belongs to, as far as it has a page.
    pub fn series_of(&self, occasion: Occasion) -> Option<EntryId> {
        let series = match occasion {
            Occasion::Session(id) => self.session(id)?.series,
            Occasion::Planned { series, .. } => Some(series),
        };
        series.filter(|series| self.has_page(*series))
    }

    /// Whether an occasion is planned and still to come.
    pub fn is_coming(&self, occasion: Occasion) -> bool {
        matches!(self.occasion_state(occasion), SessionState::Scheduled | SessionState::Tentative)
    }

    /// Whether its last day is today or later, whatever has become of it: a cancelled session of next week is shown too.
    pub fn is_ahead(&self, occasion: Occasion) -> bool {
        self.times(occasion).last >= self.today
    }

    /// Whether it stands in calendar feeds: to come, or over for less than a year.
    pub fn is_in_feeds(&self, occasion: Occasion) -> bool {
        KEPT.after(self.times(occasion).last) >= self.today
    }

    /// The occasions that belong to each listed series, community and topic with all below it, by their starts; those to
    /// which none does are left out.
    pub fn occasions_by_scope(&self) -> ById<Vec<Occasion>> {
        let mut above: ById<Vec<EntryId>> = ById::default();
        for topic in self.listed(Kind::Topic) {
            topics::with_all_below(self, topic).into_iter().for_each(|below| above.entry(below).or_default().push(topic));
        }
        let scopes = |occasion: &Occasion| {
            let facts = self.said(self.host(*occasion));
            let topics = facts.topics.iter().flat_map(|topic| above.get(topic).map_or(&[][..], Vec::as_slice));
            let others = self.series_of(*occasion).into_iter().chain(facts.communities.iter().copied());
            let mut scopes: Vec<EntryId> = topics.copied().chain(others.filter(|id| self.is_listed(*id))).collect();
            scopes.sort_unstable();
            scopes.dedup();
            scopes
        };
        let scopes: Vec<Vec<EntryId>> = self.calendar.par_iter().map(scopes).collect();
        let mut by_scope: ById<Vec<Occasion>> = ById::default();
        for (occasion, scopes) in self.calendar.iter().zip(scopes) {
            scopes.into_iter().for_each(|scope| by_scope.entry(scope).or_default().push(*occasion));
        }
        by_scope
    }

    /// What calendar programs know an occasion by, for as long as it lives (SPEC section 5).
    pub fn uid(&self, occasion: Occasion) -> String {
        let site = &self.config.site_id;
        let of_series = |series: EntryId, date: Date| format!("{}{}@{site}", self.uid_start(series), date.strftime("%Y%m%d"));
        match occasion {
            Occasion::Planned { series, .. } => of_series(series, self.planned(occasion).map(|planned| planned.date).unwrap_or_default()),
            Occasion::Session(id) => {
                let entry = self.entry(id);
                let written = entry.session().and_then(|session| session.uid.as_ref());
                let facts = self.session(id);
                // A series that nobody gets to see is not named in what they get.
                let recurring = self.series_of(occasion).zip(facts.and_then(|facts| facts.occurrence));
                match (written, recurring) {
                    (Some(uid), _) => uid.value.clone(),
                    (None, Some((series, date))) => of_series(series, date),
                    (None, None) => format!("{}@{site}", entry.id),
                }
            }
        }
    }

    fn uid_start(&self, series: EntryId) -> String {
        format!("{}-", self.entry(series).id)
    }

    /// The date of a series' recurrence by which a session is known, where its `uid` is made of one.
    pub(super) fn date_in_uid(&self, series: EntryId, uid: &str) -> Option<Date> {
        let date = uid.strip_prefix(&self.uid_start(series))?.strip_suffix(&self.config.site_id)?.strip_suffix('@')?;
        Date::strptime("%Y%m%d", date).ok()
    }

    /// Two sessions that calendar programs would take for one are told. Most are known by their ids, which differ: only what
    /// is known by something else can be taken for another, or for one that has that for its id.
    pub(super) fn check_uids(&self, findings: &mut Vec<Finding>) {
        let mut known: HashMap<String, EntryId> = HashMap::new();
        for occasion in self.calendar.iter().filter(|occasion| self.planned(**occasion).is_some()) {
            known.insert(self.uid(*occasion), self.host(*occasion));
        }
        let sessions: Vec<EntryId> = self.of_kind(Kind::Session).collect();
        let is_own = |id: &EntryId| {
            let says_so = self.entry(*id).session().is_some_and(|session| session.uid.is_some());
            self.has_page(*id) && (says_so || self.session(*id).is_some_and(|facts| facts.occurrence.is_some()))
        };
        let mut all: Vec<(EntryId, String)> =
            sessions.into_par_iter().filter(is_own).map(|id| (id, self.uid(Occasion::Session(id)))).collect();
        let by_id = known.keys().chain(all.iter().map(|(_, uid)| uid)).filter_map(|uid| {
            let id = uid.strip_suffix(&self.config.site_id)?.strip_suffix('@')?;
            let id = self.lookup().of_kind(Kind::Session, id).filter(|id| self.has_page(*id))?;
            Some((id, uid.clone())).filter(|(id, uid)| self.uid(Occasion::Session(*id)) == *uid)
        });
        let by_id: Vec<(EntryId, String)> = by_id.collect();
        all.extend(by_id);
        all.sort_unstable();
        all.dedup();
        for (id, uid) in all {
            match known.get(&uid) {
                Some(first) => {
                    let entry = self.entry(id);
                    let session = entry.session();
                    let written = session.and_then(|session| session.uid.as_ref()).map(|uid| uid.span);
                    let span = written.or_else(|| session.and_then(|session| session.start.as_ref()).map(|start| start.span));
                    let at = Place::new(&entry.at.file, span.unwrap_or(entry.at.span));
                    findings.push(catalogue::uid_taken(at, &uid, self.entry(*first).at.clone()));
                }
                None => drop(known.insert(uid, id)),
            }
        }
    }

    /// Sessions that were held more than two weeks ago and of which nothing was written down, newest first.
    pub fn unwritten(&self) -> impl DoubleEndedIterator<Item = Occasion> + use<'_> {
        self.calendar.iter().rev().copied().filter(|occasion| self.is_unwritten(*occasion))
    }

    /// Held more than [`NOTES_DAYS`] days ago, with neither notes nor a recording.
    pub fn is_unwritten(&self, occasion: Occasion) -> bool {
        let held = self.occasion_state(occasion) == SessionState::Held;
        held && self.is_overdue_for_notes(occasion) && !matches!(occasion, Occasion::Session(id) if self.is_written_up(id))
    }

    /// Whether the time that notes may take is over.
    pub fn is_overdue_for_notes(&self, occasion: Occasion) -> bool {
        days_between(self.times(occasion).last, self.today) > NOTES_DAYS
    }

    /// Whether a session has anything of what was said: notes, what was decided or learned, materials.
    pub fn is_written_up(&self, id: EntryId) -> bool {
        let entry = self.entry(id);
        entry.session().is_some_and(|session| {
            entry.body.words > 0
                || !(session.takeaways.is_empty()
                    && session.decisions.is_empty()
                    && session.lessons.is_empty()
                    && session.materials.is_empty())
        })
    }
}
