//! Calendars: which there are, and the views of their pages - what is coming, months, years.

use super::desk::Desk;
use super::ics;
use super::lists::Sub;
use super::pages::Page;
use super::small_months::{SmallMonths, Taken, weekdays, weeks_of};
use super::views::{
    Add, AgendaMonth, CalendarView, Day, DayEvent, Link, Missing, MonthLink, MonthView, SeriesCalendar, Subscribe, YearRow, YearStrip,
    YearView,
};
use crate::fields::Wall;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::{SeriesState, SessionState};
use crate::knowledge::{ById, EntryId, Knowledge};
use crate::theme::{Html, Value};
use crate::time::{Date, day};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The folder of the site's calendar.
pub const FOLDER: &str = "calendar";
/// The file of a calendar, in the folder it is of.
const FEED: &str = "calendar.ics";
/// How many sessions that are coming stand on one page; what lies beyond is for the pages of months.
const COMING: usize = 60;
/// How many of those that have been.
const RECENT: usize = 15;
/// How many sessions without notes are named: enough to begin with.
const UNWRITTEN: usize = 5;
/// How many sessions that are coming stand on the pages of topics and communities.
const SOON: usize = 5;
/// How many running series are named with their calendars.
const SERIES: usize = 24;

/// Whose calendar it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Site,
    /// Of a series, a topic with all below it, or a community.
    Entry(EntryId),
}

impl Scope {
    /// The path of its file, as it is written in links.
    pub fn feed(self, k: &Knowledge) -> String {
        match self {
            Scope::Site => FEED.to_owned(),
            Scope::Entry(id) => format!("{}{FEED}", k.path(id)),
        }
    }

    /// The path of the page that shows it.
    pub fn page(self, k: &Knowledge) -> String {
        match self {
            Scope::Site => format!("{FOLDER}/"),
            // A series is its own calendar.
            Scope::Entry(id) if k.kind(id) == Kind::Series => k.path(id).to_owned(),
            Scope::Entry(id) => format!("{}{FOLDER}/", k.path(id)),
        }
    }

    pub fn title(self, desk: &Desk) -> String {
        let site = &desk.k.config.title;
        match self {
            Scope::Site => site.clone(),
            // A community is often called as its site is.
            Scope::Entry(id) if desk.k.entry(id).title == *site => site.clone(),
            Scope::Entry(id) => format!("{site}: {}", desk.k.entry(id).title),
        }
    }
}

/// All calendars of a site.
#[derive(Debug, Default)]
pub struct Calendars {
    /// What stands in those of series, topics and communities that have something in them, by its start.
    pub of_entries: ById<Vec<Occasion>>,
    /// What takes place in each month of each year in which anything does, on its first day or on others.
    pub months: BTreeMap<(i16, i8), Vec<Occasion>>,
    pub zones: ics::Zones,
    pub small: SmallMonths,
}

impl Calendars {
    pub fn of(k: &Knowledge) -> Calendars {
        let of_entries = k.occasions_by_scope();
        let mut months: BTreeMap<(i16, i8), Vec<Occasion>> = BTreeMap::new();
        for occasion in &k.calendar {
            let (mut at, last) = self::months(k, *occasion).into_inner();
            // What takes several days may reach into further months.
            while at <= last {
                months.entry(at).or_default().push(*occasion);
                at = if at.1 == 12 { (at.0 + 1, 1) } else { (at.0, at.1 + 1) };
            }
        }
        Calendars { of_entries, months, zones: ics::Zones::of(k), small: SmallMonths::default() }
    }

    /// What stands in one of them, by its start.
    pub fn occasions<'a>(&'a self, k: &'a Knowledge, scope: Scope) -> &'a [Occasion] {
        match scope {
            Scope::Site => &k.calendar,
            Scope::Entry(id) => self.of_entries.get(&id).map_or(&[], Vec::as_slice),
        }
    }

    /// All that have something in them, in the order of their entries.
    pub fn scopes(&self, k: &Knowledge) -> Vec<Scope> {
        let mut ids: Vec<EntryId> = self.of_entries.keys().copied().collect();
        ids.sort_unstable();
        let site = (!k.calendar.is_empty()).then_some(Scope::Site);
        site.into_iter().chain(ids.into_iter().map(Scope::Entry)).collect()
    }

    /// The years in which anything takes place, earliest first.
    pub fn years(&self, k: &Knowledge, scope: Scope) -> Vec<i16> {
        let mut years: Vec<i16> = match scope {
            Scope::Site => self.months.keys().map(|(year, _)| *year).collect(),
            Scope::Entry(_) => self
                .occasions(k, scope)
                .iter()
                .flat_map(|occasion| [months(k, *occasion).start().0, months(k, *occasion).end().0])
                .collect(),
        };
        years.sort_unstable();
        years.dedup();
        years
    }
}

fn first_day(k: &Knowledge, occasion: Occasion) -> Date {
    k.times(occasion).wall.date()
}

/// `calendar/2026/03/`.
pub fn month_path(year: i16, month: i8) -> String {
    format!("{FOLDER}/{year}/{month:02}/")
}

/// `calendar/2026/`, or `series/office-hours/2026/`.
pub fn year_path(k: &Knowledge, scope: Scope, year: i16) -> String {
    match scope {
        Scope::Site => format!("{FOLDER}/{year}/"),
        Scope::Entry(id) => format!("{}{year}/", k.path(id)),
    }
}

/// The path of the file of one occasion: `event.ics` beside a session, and for a planned one a file of its date beside
/// its series.
pub fn event_path(k: &Knowledge, occasion: Occasion) -> String {
    let (folder, name) = event_file(k, occasion);
    [folder, &name].concat()
}

/// The same in two: the folder's path and the name.
pub fn event_file(k: &Knowledge, occasion: Occasion) -> (&str, Cow<'static, str>) {
    let name = match k.planned(occasion) {
        None => "event.ics".into(),
        Some(planned) => format!("{}.ics", planned.date).into(),
    };
    (k.path(k.host(occasion)), name)
}

impl Desk<'_> {
    pub fn subscribe(&self, scope: Scope) -> Subscribe {
        self.subscribe_to(&scope.feed(self.k), &scope.title(self))
    }

    /// The ways to take a calendar file along.
    pub fn subscribe_to(&self, path: &str, title: &str) -> Subscribe {
        let (path, title) = (path.to_owned(), title.to_owned());
        let address = self.k.config.base_url.as_ref().map(|base| format!("{base}{path}"));
        // A scheme of its own, which calendar programs take for an invitation to subscribe.
        let webcal = address.as_ref().and_then(|address| Some(format!("webcal://{}", address.split_once("://")?.1)));
        Subscribe {
            google: webcal.as_ref().map(|webcal| ics::query("https://calendar.google.com/calendar/render", &[("cid", webcal.clone())])),
            outlook: address.as_ref().map(|address| {
                ics::query("https://outlook.office.com/calendar/addfromweb", &[("url", address.clone()), ("name", title.clone())])
            }),
            title,
            path,
            address,
            webcal,
        }
    }

    /// How to put something into a calendar, if it is going to take place.
    pub fn add(&self, occasion: Occasion) -> Option<Add> {
        self.k.is_coming(occasion).then(|| Add {
            path: event_path(self.k, occasion),
            google: ics::google(self, occasion),
            outlook: ics::outlook(self, occasion),
        })
    }

    /// Sessions held of which nobody has written anything down.
    pub fn unwritten(&self, occasions: impl Iterator<Item = Occasion>, most: usize) -> Vec<Missing> {
        occasions.filter(|occasion| self.k.is_unwritten(*occasion)).take(most).map(|occasion| self.unwritten_one(occasion)).collect()
    }

    /// One session of which nobody has written anything down.
    pub fn unwritten_one(&self, occasion: Occasion) -> Missing {
        Missing {
            code: "not-written-up",
            what: self.t.say(
                "say.missing.not-written-up",
                &[("title", &self.occasion_title(occasion)), ("date", &self.t.date(first_day(self.k, occasion)))],
            ),
            ask: Some(self.t.get("say.missing.not-written-up-ask").to_owned()),
            path: Some(self.occasion_path(occasion)),
            url: None,
        }
    }
}

impl Page<'_> {
    fn occasions(&self, scope: Scope) -> &[Occasion] {
        self.site.plan().calendars.occasions(self.k(), scope)
    }

    /// The feed of a calendar, where there is one.
    pub fn subscription(&self, scope: Scope) -> Option<Subscribe> {
        (!self.occasions(scope).is_empty()).then(|| self.desk.subscribe(scope))
    }

    /// The way to a calendar, where there is one.
    pub fn calendar_link(&self, scope: Scope) -> Option<Link> {
        let label = self.desk.t.get("say.calendar.title").to_owned();
        (!self.occasions(scope).is_empty()).then(|| Link { label, path: self.desk.path(&scope.page(self.k())) })
    }

    /// The next few that are coming.
    pub fn soon(&self, scope: Scope) -> Vec<Value> {
        let k = self.k();
        let occasions = self.occasions(scope);
        let ahead = occasions.iter().filter(|occasion| k.is_ahead(**occasion));
        ahead.take(SOON).map(|occasion| self.desk.occasion_card(*occasion)).collect()
    }

    pub fn calendar(&self, scope: Scope) -> Result<Vec<u8>, Finding> {
        let title = self.desk.t.get("say.calendar.title").to_owned();
        let title = match scope {
            Scope::Site => title,
            Scope::Entry(id) => format!("{}: {title}", self.k().entry(id).title),
        };
        let mut head = self.head("calendar", &title);
        head.breadcrumb = vec![self.home_link()];
        if let Scope::Entry(id) = scope {
            head.breadcrumb.extend(self.index_link(self.k().kind(id)));
            head.breadcrumb.push(self.desk.link(id));
        }
        head.section = FOLDER.to_owned();
        head.description = self.desk.t.get("say.calendar.about").to_owned();
        let view = self.calendar_view(scope);
        self.render(head, vec![("calendar", Value::from_serializable(&view))])
    }

    fn calendar_view(&self, scope: Scope) -> CalendarView {
        let (k, desk) = (self.k(), &self.desk);
        let occasions = self.occasions(scope);
        let coming: Vec<Occasion> = occasions.iter().copied().filter(|occasion| k.is_ahead(*occasion)).collect();
        let past = || occasions.iter().rev().copied().filter(|occasion| !k.is_ahead(*occasion));
        let recent: Vec<Occasion> = past().take(RECENT).collect();
        let site = scope == Scope::Site;
        let beyond = coming.get(COMING).map(|occasion| first_day(k, *occasion));
        let all_of = |key: &str, n: usize, path: &str| Link { label: desk.t.say(key, &[("n", &n.to_string())]), path: desk.path(path) };
        let sessions = match scope {
            Scope::Site => format!("{}/", Kind::Session.folder()),
            Scope::Entry(id) => format!("{}{}/", k.path(id), Sub::Kind(Kind::Session).folder()),
        };
        // The pages of a long list are there only where it is long.
        let listed = match scope {
            Scope::Site => k.has(Kind::Session),
            Scope::Entry(id) => self.site.plan().lists.contains_key(&(id, Sub::Kind(Kind::Session))),
        };
        let mut missing = Vec::new();
        if !coming.iter().any(|occasion| k.is_coming(*occasion)) {
            missing.push(self.missing("no-coming"));
        }
        CalendarView {
            of: match scope {
                Scope::Site => None,
                Scope::Entry(id) => Some(desk.link(id)),
            },
            subscribe: desk.subscribe(scope),
            as_of: desk.date(k.today),
            coming: self.by_month(&coming[..coming.len().min(COMING)], "fm-month", scope),
            more_coming: beyond.map(|day| all_of("say.calendar.go_on", coming.len() - COMING, &month_path(day.year(), day.month()))),
            coming_count: coming.len(),
            more_past: (listed && past().nth(RECENT).is_some()).then(|| all_of("say.calendar.all_sessions", 0, &sessions)),
            recent: self.by_month(&recent, "fm-past", scope),
            years: if site { self.years_of_site(None) } else { Vec::new() },
            series: if site { self.running_series() } else { Vec::new() },
            all_series: self.index_link(Kind::Series).filter(|_| site),
            unwritten: desk.unwritten(past(), UNWRITTEN),
            missing,
        }
    }

    /// Cards in the order given, under the month each lies in.
    fn by_month(&self, occasions: &[Occasion], id: &str, scope: Scope) -> Vec<AgendaMonth> {
        let k = self.k();
        let mut months: Vec<((i16, i8), AgendaMonth)> = Vec::new();
        for occasion in occasions {
            let first = first_day(k, *occasion);
            let (year, month) = (first.year(), first.month());
            let card = self.desk.occasion_card(*occasion);
            // Around midnight, zones disagree on the month, so what belongs to one need not stand together.
            match months.iter_mut().find(|(at, _)| *at == (year, month)) {
                Some((_, agenda)) => agenda.cards.push(card),
                None => months.push((
                    (year, month),
                    AgendaMonth {
                        title: self.desk.t.month(first),
                        id: format!("{id}-{year}-{month:02}"),
                        path: (scope == Scope::Site).then(|| self.desk.path(&month_path(year, month))),
                        cards: vec![card],
                    },
                )),
            }
        }
        months.into_iter().map(|(_, agenda)| agenda).collect()
    }

    /// Every year with its months, newest first.
    fn years_of_site(&self, current: Option<(i16, i8)>) -> Vec<YearStrip> {
        let years = self.site.plan().calendars.years(self.k(), Scope::Site);
        years.into_iter().rev().map(|year| self.year_strip(year, current)).collect()
    }

    fn year_strip(&self, year: i16, current: Option<(i16, i8)>) -> YearStrip {
        let (k, desk) = (self.k(), &self.desk);
        let months = (1..=12).map(|month| {
            let first = day(year, month, 1).unwrap_or(k.today);
            MonthLink {
                label: desk.t.month_short(first),
                title: desk.t.month(first),
                count: self.site.plan().calendars.months.get(&(year, month)).map_or(0, Vec::len),
                path: desk.path(&month_path(year, month)),
                current: current == Some((year, month)),
            }
        });
        YearStrip { year: year.to_string(), path: desk.path(&year_path(k, Scope::Site, year)), months: months.collect() }
    }

    fn running_series(&self) -> Vec<SeriesCalendar> {
        let k = self.k();
        let mut series: Vec<EntryId> = k
            .listed(Kind::Series)
            .filter(|id| self.site.plan().calendars.of_entries.contains_key(id))
            .filter(|id| k.series(*id).is_some_and(|facts| matches!(facts.state, SeriesState::Running | SeriesState::Announced)))
            .collect();
        k.newest_first(&mut series);
        series.truncate(SERIES);
        series
            .into_iter()
            .map(|id| SeriesCalendar {
                title: k.entry(id).title.clone(),
                path: self.desk.entry_path(id),
                subscribe: self.desk.subscribe(Scope::Entry(id)),
            })
            .collect()
    }

    pub fn month(&self, year: i16, month: i8) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let calendars = &self.site.plan().calendars;
        let occasions = calendars.months.get(&(year, month)).map_or(&[][..], Vec::as_slice);
        let first = day(year, month, 1).unwrap_or(k.today);
        let title = desk.t.month(first);
        let mut head = self.head("month", &title);
        head.breadcrumb = vec![self.home_link()];
        head.breadcrumb.extend(self.calendar_link(Scope::Site));
        head.section = FOLDER.to_owned();
        head.description = desk.t.count("kinds.session.counted", occasions.len());
        // A month without anything can be looked at, but there is nothing in it to find.
        head.noindex = occasions.is_empty();
        let link = |(year, month): (i16, i8)| Link {
            label: desk.t.month(day(year, month, 1).unwrap_or(k.today)),
            path: desk.path(&month_path(year, month)),
        };
        let view = MonthView {
            previous: calendars.months.range(..(year, month)).next_back().map(|(at, _)| link(*at)),
            next: calendars.months.range((year, month + 1)..).next().map(|(at, _)| link(*at)),
            year: self.year_strip(year, Some((year, month))),
            weekdays: weekdays(desk),
            weeks: self.weeks(first, occasions),
            cards: occasions.iter().map(|occasion| desk.occasion_card(*occasion)).collect(),
            count: occasions.len(),
            as_of: desk.date(k.today),
        };
        self.render(head, vec![("month", Value::from_serializable(&view))])
    }

    fn weeks(&self, first: Date, occasions: &[Occasion]) -> Vec<Vec<Day>> {
        let (k, desk) = (self.k(), &self.desk);
        weeks_of(first)
            .into_iter()
            .map(|week| {
                week.into_iter()
                    .map(|number| match day(first.year(), first.month(), number) {
                        None => Day { number: 0, iso: String::new(), title: String::new(), today: false, events: Vec::new() },
                        Some(date) => Day {
                            number,
                            iso: date.to_string(),
                            title: desk.t.full_date(date),
                            today: date == k.today,
                            events: occasions
                                .iter()
                                .filter(|occasion| days(k, **occasion).contains(&date))
                                .map(|o| self.day_event(*o, date))
                                .collect(),
                        },
                    })
                    .collect()
            })
            .collect()
    }

    fn day_event(&self, occasion: Occasion, date: Date) -> DayEvent {
        let (k, desk) = (self.k(), &self.desk);
        let state = k.occasion_state(occasion);
        let goes_on = first_day(k, occasion) != date;
        DayEvent {
            title: desk.occasion_title(occasion),
            path: desk.occasion_path(occasion),
            time: if goes_on { String::new() } else { desk.time(k.times(occasion)) },
            state: desk.state("session", state.word()),
            struck: is_struck(state),
            goes_on,
        }
    }

    pub fn year(&self, scope: Scope, year: i16) -> Result<Vec<u8>, Finding> {
        let desk = &self.desk;
        let title = match scope {
            Scope::Site => desk.t.get("say.calendar.title"),
            Scope::Entry(id) => &self.k().entry(id).title,
        };
        let title = desk.t.say("say.calendar.year", &[("title", title), ("year", &year.to_string())]);
        let mut head = self.head("year", &title);
        head.breadcrumb = vec![self.home_link()];
        match scope {
            Scope::Site => head.breadcrumb.extend(self.calendar_link(Scope::Site)),
            Scope::Entry(id) => {
                head.breadcrumb.extend(self.index_link(Kind::Series));
                head.breadcrumb.push(desk.link(id));
            }
        }
        head.section = FOLDER.to_owned();
        let view = self.year_view(scope, year)?;
        self.render(head, vec![("year", Value::from_serializable(&view))])
    }

    fn year_view(&self, scope: Scope, year: i16) -> Result<YearView, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let years = self.site.plan().calendars.years(k, scope);
        let at = years.iter().position(|known| *known == year).unwrap_or(0);
        let link = |year: &i16| Link { label: year.to_string(), path: desk.path(&year_path(k, scope, *year)) };
        let of_year: Vec<Occasion> = self
            .occasions(scope)
            .iter()
            .copied()
            .filter(|occasion| (months(k, *occasion).start().0..=months(k, *occasion).end().0).contains(&year))
            .collect();
        Ok(YearView {
            of: match scope {
                Scope::Site => None,
                Scope::Entry(id) => Some(desk.link(id)),
            },
            year: year.to_string(),
            previous: at.checked_sub(1).and_then(|at| years.get(at)).map(link),
            next: years.get(at + 1).map(link),
            months: (1..=12)
                .filter_map(|month| day(year, month, 1))
                .map(|first| self.small_month(scope, first, &of_year))
                .collect::<Result<_, _>>()?,
            rows: of_year.iter().map(|occasion| self.year_row(scope, *occasion)).collect(),
            subscribe: desk.subscribe(scope),
            as_of: desk.date(k.today),
        })
    }

    fn small_month(&self, scope: Scope, first: Date, of_year: &[Occasion]) -> Result<Html, Finding> {
        let k = self.k();
        let month = (first.year(), first.month());
        let of_month: Vec<Occasion> = of_year.iter().copied().filter(|occasion| months(k, *occasion).contains(&month)).collect();
        let path = (scope == Scope::Site).then(|| self.desk.path(&month_path(first.year(), first.month())));
        self.site.plan().calendars.small.filled(&self.desk, &self.site.theme, first, path, &|date| {
            let mut states =
                of_month.iter().filter(|occasion| days(k, **occasion).contains(&date)).map(|occasion| k.occasion_state(*occasion));
            let first = states.next()?;
            let rest: Vec<SessionState> = states.collect();
            Some(Taken { count: 1 + rest.len(), struck: is_struck(first) && rest.into_iter().all(is_struck) })
        })
    }

    fn year_row(&self, scope: Scope, occasion: Occasion) -> YearRow {
        let (k, desk) = (self.k(), &self.desk);
        let when = desk.when(occasion);
        YearRow {
            id: k.planned(occasion).map(|planned| desk.planned_anchor(occasion, planned.date)),
            leaf: desk.leaf(k.times(occasion), k.occasion_state(occasion)),
            date: when.date,
            time: when.time,
            others: when.others,
            title: desk.occasion_title(occasion),
            path: desk.occasion_path(occasion),
            state: desk.state("session", k.occasion_state(occasion).word()),
            place: ics::place(desk, occasion),
            // A planned session bears the name of its series already.
            series: k
                .series_of(occasion)
                .filter(|series| k.is_listed(*series) && scope == Scope::Site && matches!(occasion, Occasion::Session(_)))
                .map(|series| desk.link(series)),
        }
    }
}

/// Cancelled, or postponed without a new day.
pub fn is_struck(state: SessionState) -> bool {
    matches!(state, SessionState::Cancelled | SessionState::Postponed)
}

/// The days on which something is shown: what begins late in the evening only on the day it begins on, and what is whole
/// days long on each of them.
fn days(k: &Knowledge, occasion: Occasion) -> RangeInclusive<Date> {
    let times = k.times(occasion);
    let first = times.wall.date();
    match times.wall {
        Wall::Time(_) if times.minutes < 24 * 60 => first..=first,
        _ => first..=times.last,
    }
}

/// The months in which something is shown.
fn months(k: &Knowledge, occasion: Occasion) -> RangeInclusive<(i16, i8)> {
    let days = days(k, occasion);
    let month = |date: &Date| (date.year(), date.month());
    month(days.start())..=month(days.end())
}
