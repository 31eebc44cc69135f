//! What is coming, for people at a terminal and for programs.

use super::calendars::Scope;
use super::{Site, ics};
use crate::fields::Wall;
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::SessionState;
use serde::Serialize;

/// One session to come.
#[derive(Debug, Clone, Serialize)]
pub struct Coming {
    /// What calendar programs know it by.
    pub uid: String,
    pub title: String,
    /// RFC 3339; a day alone where it is all day.
    pub start: String,
    pub end: String,
    pub all_day: bool,
    pub time_zone: String,
    /// `scheduled`, `tentative`, `cancelled` or `postponed`.
    pub state: &'static str,
    /// The id of the session; none where it only follows from its series' recurrence.
    pub id: Option<String>,
    /// The id of its series.
    pub series: Option<String>,
    pub number: Option<i64>,
    /// Where people meet.
    pub place: Option<String>,
    /// Its page, from the site's root.
    pub path: String,
    /// "Wed 2 Dec 2026" and "1:00–2:30 pm CST", in the language of the site.
    #[serde(skip)]
    pub day: String,
    #[serde(skip)]
    pub time: String,
    /// What has become of it, in words, where it is not simply planned.
    #[serde(skip)]
    pub said: Option<String>,
}

impl Site {
    /// The series with an id, if it is listed.
    pub fn series(&self, id: &str) -> Option<EntryId> {
        self.knowledge.lookup().of_kind(Kind::Series, id).filter(|id| self.knowledge.is_listed(*id))
    }

    fn ahead(&self, series: Option<EntryId>) -> Vec<Occasion> {
        let scope = series.map_or(Scope::Site, Scope::Entry);
        let occasions = self.plan().calendars.occasions(&self.knowledge, scope);
        occasions.iter().copied().filter(|occasion| self.knowledge.is_ahead(*occasion)).collect()
    }

    /// Everything whose last day is today or later, soonest first; of one series, or of the whole site.
    pub fn coming(&self, series: Option<EntryId>) -> Vec<Coming> {
        let (k, desk) = (&self.knowledge, self.desk());
        let coming = |occasion: Occasion| {
            let (times, state) = (k.times(occasion), k.occasion_state(occasion));
            let date = times.wall.date();
            let all_day = matches!(times.wall, Wall::Day(_));
            let session = match occasion {
                Occasion::Session(id) => Some(k.entry(id)),
                Occasion::Planned { .. } => None,
            };
            Coming {
                uid: k.uid(occasion),
                title: desk.occasion_title(occasion),
                start: if all_day { date.to_string() } else { times.start.rfc3339() },
                end: if all_day { times.last.to_string() } else { times.end.rfc3339() },
                all_day,
                time_zone: times.zone.name().to_owned(),
                state: state.word(),
                id: session.map(|entry| entry.id.clone()),
                series: k.series_of(occasion).map(|series| k.entry(series).id.clone()),
                number: session.and_then(|entry| entry.session()?.number.as_ref()).map(|number| number.value),
                place: ics::place(&desk, occasion),
                path: desk.occasion_path(occasion),
                day: format!("{} {} {} {}", desk.t.weekday_short(date), date.day(), desk.t.month_short(date), date.year()),
                time: desk.time(times),
                said: (state != SessionState::Scheduled).then(|| desk.state("session", state.word()).word),
            }
        };
        self.ahead(series).into_iter().map(coming).collect()
    }

    /// The same as a calendar file.
    pub fn coming_ics(&self, series: Option<EntryId>) -> String {
        ics::feed(&self.desk(), &self.plan().calendars.zones, series.map_or(Scope::Site, Scope::Entry), &self.ahead(series))
    }
}
