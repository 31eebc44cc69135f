//! Calendar files: what calendar programs read, as RFC 5545 and RFC 7986 have it.

use super::calendars::Scope;
use super::desk::Desk;
use super::entry_page::contact_url;
use crate::entries::front_matter::session::Mode;
use crate::fields::Wall;
use crate::knowledge::Knowledge;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::SessionState;
use crate::time::observances::{Again, Observance};
use crate::time::{Date, DateTime, Moment, Zone, day, days_between, midnight};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use std::collections::BTreeMap;

/// How many bytes a line may have, its end not counted (RFC 5545, section 3.1).
const LINE: usize = 75;
/// How often programs that subscribe look again (RFC 7986, section 5.7): twice a day is soon enough for people.
const REFRESH: &str = "PT12H";
/// Weekdays as rules name them, Monday first.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What the clocks of each zone in use did while there was something in the calendar, as text, made once.
#[derive(Debug, Default)]
pub struct Zones {
    by_name: BTreeMap<String, String>,
    /// That of the site, for calendars in which nothing is left.
    of_site: String,
}

impl Zones {
    pub fn of(k: &Knowledge) -> Zones {
        let mut spans: BTreeMap<&str, (&Zone, &Moment, &Moment)> = BTreeMap::new();
        for occasion in &k.calendar {
            let times = k.times(*occasion);
            let span = spans.entry(times.zone.name()).or_insert((&times.zone, &times.start, &times.end));
            span.1 = span.1.min(&times.start);
            span.2 = span.2.max(&times.end);
        }
        let site = &k.config.time_zone;
        let whole = spans.values().map(|(_, first, _)| *first).min().zip(spans.values().map(|(_, _, last)| *last).max());
        Zones {
            of_site: whole.map(|(first, last)| time_zone(site, first, last)).unwrap_or_default(),
            by_name: spans
                .into_iter()
                // Times in UTC are written as such and need no zone.
                .filter(|(_, (zone, _, _))| !is_utc(zone))
                .map(|(name, (zone, first, last))| (name.to_owned(), time_zone(zone, first, last)))
                .collect(),
        }
    }

    /// The text of a zone; nothing for UTC, which needs none.
    fn get(&self, zone: &str) -> &str {
        self.by_name.get(zone).map_or("", String::as_str)
    }
}

/// A calendar that programs subscribe to. Where all of it is long over, its zone is still there, since a calendar must
/// hold something (RFC 5545, section 3.4).
pub fn feed(desk: &Desk, zones: &Zones, scope: Scope, occasions: &[Occasion]) -> String {
    let k = desk.k;
    let mut file = File::begin();
    let title = scope.title(desk);
    file.text("NAME", &title);
    file.text("X-WR-CALNAME", &title);
    let about = match scope {
        Scope::Site => k.config.description.clone(),
        Scope::Entry(id) => k.entry(id).summary.clone(),
    };
    if !about.is_empty() {
        file.text("DESCRIPTION", &about);
    }
    if let Some(base) = &k.config.base_url {
        file.line("URL", &format!("{base}{}", desk.path(&scope.page(k))));
        file.line("SOURCE;VALUE=URI", &format!("{base}{}", scope.feed(k)));
    }
    file.refresh();
    if let Scope::Entry(id) = scope
        && let Some(colour) = k.entry(id).series().and_then(|series| series.colour)
    {
        file.line("COLOR", colour.name);
    }
    let kept: Vec<Occasion> = occasions.iter().copied().filter(|occasion| k.is_in_feeds(*occasion)).collect();
    let timed = kept.iter().map(|occasion| k.times(*occasion)).filter(|times| matches!(times.wall, Wall::Time(_)));
    let mut used: Vec<&str> = timed.map(|times| times.zone.name()).collect();
    used.sort_unstable();
    used.dedup();
    used.into_iter().for_each(|zone| file.whole(zones.get(zone)));
    if kept.is_empty() {
        file.whole(&zones.of_site);
    }
    for occasion in kept {
        event(desk, &mut file, occasion);
    }
    file.end()
}

/// The file of one session.
pub fn single(desk: &Desk, zones: &Zones, occasion: Occasion) -> String {
    let times = desk.k.times(occasion);
    let mut file = File::begin();
    if matches!(times.wall, Wall::Time(_)) {
        file.whole(zones.get(times.zone.name()));
    }
    event(desk, &mut file, occasion);
    file.end()
}

fn event(desk: &Desk, file: &mut File, occasion: Occasion) {
    let k = desk.k;
    let (times, state) = (k.times(occasion), k.occasion_state(occasion));
    let host = k.entry(k.host(occasion));
    let changed = last_change(k, occasion);
    file.line("BEGIN", "VEVENT");
    file.text("UID", &k.uid(occasion));
    file.line("DTSTAMP", &changed);
    file.line("LAST-MODIFIED", &changed);
    file.line("SEQUENCE", &sequence(k, occasion).to_string());
    match times.wall {
        Wall::Day(first) => {
            file.line("DTSTART;VALUE=DATE", &first.strftime("%Y%m%d").to_string());
            file.line("DTEND;VALUE=DATE", &crate::time::plus_days(times.last, 1).strftime("%Y%m%d").to_string());
        }
        Wall::Time(_) => {
            file.moment("DTSTART", &times.start, &times.zone);
            file.moment("DTEND", &times.end, &times.zone);
        }
    }
    file.text("SUMMARY", &summary(desk, occasion));
    let description = description(desk, occasion);
    if !description.is_empty() {
        file.text("DESCRIPTION", &description);
    }
    if let Some(place) = place(desk, occasion) {
        file.text("LOCATION", &place);
    }
    if let Some(address) = address(desk, occasion) {
        file.line("URL", &address);
    }
    file.line(
        "STATUS",
        match state {
            SessionState::Tentative => "TENTATIVE",
            SessionState::Cancelled | SessionState::Postponed => "CANCELLED",
            SessionState::Scheduled | SessionState::Held | SessionState::Undated => "CONFIRMED",
        },
    );
    let topics: Vec<String> =
        k.said(k.host(occasion)).topics.iter().filter(|topic| k.is_listed(**topic)).map(|topic| escaped(&k.entry(*topic).title)).collect();
    if !topics.is_empty() {
        file.line("CATEGORIES", &topics.join(","));
    }
    if let Some(colour) = k.series_of(occasion).and_then(|series| k.entry(series).series()?.colour) {
        file.line("COLOR", colour.name);
    }
    // How to join, only where it was made public (RFC 7986, section 5.11).
    if let Some(join) = host.session().and_then(|session| session.join.as_ref()).filter(|join| join.public)
        && let Some(url) = &join.url
    {
        file.line("CONFERENCE;VALUE=URI;FEATURE=VIDEO", url);
    }
    if let Some((name, mail)) = organizer(k, occasion) {
        file.line(&format!("ORGANIZER;CN={}", quoted(name)), &mail);
    }
    file.line("END", "VEVENT");
}

/// When what is said of an occasion last changed: the day it was updated, else written, else its start (RFC 5545,
/// sections 3.8.7.2 and 3.8.7.3). Never the day of the build, so that the same input gives the same bytes.
fn last_change(k: &Knowledge, occasion: Occasion) -> String {
    let entry = k.entry(k.host(occasion));
    let day = entry.common.updated.as_ref().or(entry.common.date.as_ref()).map(|day| day.value);
    let times = k.times(occasion);
    let moment = match (day, times.wall) {
        (Some(day), _) | (None, Wall::Day(day)) => midnight(day),
        (None, Wall::Time(_)) => times.start.utc(),
    };
    stamp(moment) + "Z"
}

/// A number that only grows as a session is changed (RFC 5545, section 3.8.7.4): days from 2000 to its newest update,
/// plus how often it was moved, plus one if it was cancelled. A planned session has no more than that one, so that the
/// file that takes it over never has less.
fn sequence(k: &Knowledge, occasion: Occasion) -> i64 {
    let cancelled = i64::from(k.occasion_state(occasion) == SessionState::Cancelled);
    let Occasion::Session(id) = occasion else { return cancelled };
    let entry = k.entry(id);
    let updated = entry.common.updated.as_ref().map_or(0, |updated| days_since_2000(updated.value));
    let moved = entry.session().map_or(0, |session| session.previous_starts.len() as i64);
    updated + moved + cancelled
}

/// A number that grows with the days; 0 for any before 2000.
pub fn days_since_2000(date: Date) -> i64 {
    let first = day(2000, 1, 1).expect("the calendar has that day");
    days_between(first, date).max(0)
}

/// The title, and for programs that pay no heed to the status, what has become of it.
pub fn summary(desk: &Desk, occasion: Occasion) -> String {
    let title = desk.occasion_title(occasion);
    match desk.k.occasion_state(occasion) {
        SessionState::Cancelled => desk.t.say("say.calendar.cancelled", &[("title", &title)]),
        SessionState::Postponed => desk.t.say("say.calendar.postponed", &[("title", &title)]),
        _ => title,
    }
}

/// What to know of a session besides when and where, one thing to a line.
pub fn description(desk: &Desk, occasion: Occasion) -> String {
    let (k, t) = (desk.k, desk.t);
    let mut lines = Vec::new();
    let entry = k.entry(k.host(occasion));
    if !entry.summary.is_empty() {
        lines.push(entry.summary.clone());
    }
    if let (Occasion::Session(_), Some(series)) = (occasion, k.series_of(occasion).filter(|series| k.is_listed(*series))) {
        lines.push(t.say("say.calendar.series", &[("series", &k.entry(series).title)]));
    }
    if let Some(session) = entry.session() {
        for before in session.previous_starts.iter().rev() {
            lines.push(t.say("say.calendar.moved_from", &[("date", &wall(desk, before.value))]));
        }
        lines.extend(session.cancel_reason.iter().map(|reason| reason.value.clone()));
    }
    if k.is_coming(occasion) {
        let url = desk.registration_of(occasion).and_then(|registration| registration.url.as_ref());
        lines.extend(url.map(|url| t.say("say.calendar.register", &[("url", url)])));
        if let Some(join) = entry.session().and_then(|session| session.join.as_ref()).filter(|join| join.public) {
            lines.extend(join.url.iter().map(|url| t.say("say.calendar.join", &[("url", url)])));
            lines.extend(join.note.iter().map(|note| note.value.clone()));
        }
    }
    lines.extend(address(desk, occasion).map(|url| t.say("say.calendar.details", &[("url", &url)])));
    lines.join("\n")
}

fn wall(desk: &Desk, wall: Wall) -> String {
    match wall {
        Wall::Day(date) => desk.t.full_date(date),
        Wall::Time(time) => format!("{}, {}", desk.t.full_date(time.date()), desk.t.clock(time.time())),
    }
}

/// Where people meet: the place, else that it is online; none where nobody has said.
pub fn place(desk: &Desk, occasion: Occasion) -> Option<String> {
    let location = match occasion {
        Occasion::Session(id) => desk.k.entry(id).session().and_then(|session| session.location.as_ref()).map(|place| place.value.clone()),
        Occasion::Planned { .. } => None,
    };
    let mode = desk.mode_of(occasion).filter(|mode| *mode != Mode::InPerson);
    location.or_else(|| mode.map(|mode| desk.state("mode", mode.word()).word))
}

/// The full address of the page about an occasion; none where the site does not know its own.
pub fn address(desk: &Desk, occasion: Occasion) -> Option<String> {
    let base = desk.k.config.base_url.as_ref()?;
    Some(format!("{base}{}", desk.occasion_path(occasion)))
}

/// Who holds it: the first of its communities that can be written to. A calendar file names nobody who cannot (RFC 5545,
/// section 3.8.4.3).
fn organizer(k: &Knowledge, occasion: Occasion) -> Option<(&str, String)> {
    k.said(k.host(occasion)).communities.iter().find_map(|community| {
        let entry = k.entry(*community);
        let mail = contact_url(entry.community()?.contact.as_ref()?).filter(|url| url.starts_with("mailto:"))?;
        Some((entry.title.as_str(), mail))
    })
}

/// How the clocks of a zone went over a span (RFC 5545, section 3.6.5).
fn time_zone(zone: &Zone, first: &Moment, last: &Moment) -> String {
    let mut file = File { text: String::new() };
    file.line("BEGIN", "VTIMEZONE");
    file.line("TZID", zone.name());
    for observance in zone.observances(first, last) {
        file.observance(&observance);
    }
    file.line("END", "VTIMEZONE");
    file.text
}

fn is_utc(zone: &Zone) -> bool {
    matches!(zone.name(), "UTC" | "Etc/UTC" | "Etc/UCT" | "Etc/Zulu" | "Etc/Universal" | "Zulu" | "UCT" | "Universal")
}

fn stamp(moment: DateTime) -> String {
    moment.strftime("%Y%m%dT%H%M%S").to_string()
}

/// `+0530`, with seconds where there are any (RFC 5545, section 3.3.14).
fn offset(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let rest = if all % 60 == 0 { String::new() } else { format!("{:02}", all % 60) };
    format!("{sign}{:02}{:02}{rest}", all / 3600, all / 60 % 60)
}

/// A text as it stands in a calendar (RFC 5545, section 3.3.11); what no text may hold is left out.
fn escaped(text: &str) -> String {
    // Most texts hold nothing of the kind; controls beyond ASCII begin with this byte in UTF-8.
    if !text.bytes().any(|byte| matches!(byte, b'\\' | b';' | b',' | 0x7f | 0xc2) || byte < b' ') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\r' => {
                // A carriage return ends a line, alone or with a line feed.
                letters.next_if_eq(&'\n');
                out.push_str("\\n");
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A parameter's value in quotes, which may hold neither quotes nor controls (RFC 5545, section 3.2).
fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c == '"' { '\'' } else { c }).filter(|c| !c.is_control()).collect();
    format!("\"{plain}\"")
}

/// A calendar file in the making.
pub struct File {
    text: String,
}

impl File {
    pub fn begin() -> File {
        let mut file = File { text: String::with_capacity(2048) };
        file.line("BEGIN", "VCALENDAR");
        file.line("VERSION", "2.0");
        file.line("PRODID", "-//Folkmoot//Folkmoot//EN");
        file.line("CALSCALE", "GREGORIAN");
        file
    }

    pub fn end(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.text
    }

    /// One property whose value is a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// One line, folded where it is long: never within a character (RFC 5545, section 3.1).
    pub fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for part in [name, ":", value] {
            // Most parts fit as they are.
            if length + part.len() <= LINE {
                self.text.push_str(part);
                length += part.len();
                continue;
            }
            for letter in part.chars() {
                if length + letter.len_utf8() > LINE {
                    self.text.push_str("\r\n ");
                    length = 1;
                }
                self.text.push(letter);
                length += letter.len_utf8();
            }
        }
        self.text.push_str("\r\n");
    }

    /// How often programs that subscribe are to look again.
    pub fn refresh(&mut self) {
        self.line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
        self.line("X-PUBLISHED-TTL", REFRESH);
    }

    /// A moment in UTC (RFC 5545, section 3.3.5, form 2).
    pub fn moment_utc(&mut self, name: &str, moment: DateTime) {
        self.line(name, &(stamp(moment) + "Z"));
    }

    /// Lines that are folded already.
    fn whole(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    /// A moment by the clock of its zone (RFC 5545, section 3.3.5); in UTC where that clock shows the time twice and it is
    /// the second of the two, since programs do not agree on which of them is meant.
    fn moment(&mut self, name: &str, moment: &Moment, zone: &Zone) {
        let second = zone.at(moment.in_zone(zone).wall()).seconds() != moment.seconds();
        if is_utc(zone) || second {
            self.line(name, &(stamp(moment.utc()) + "Z"));
        } else {
            self.line(&format!("{name};TZID={}", zone.name()), &stamp(moment.wall()));
        }
    }

    fn observance(&mut self, observance: &Observance) {
        let sort = if observance.daylight { "DAYLIGHT" } else { "STANDARD" };
        self.line("BEGIN", sort);
        self.line("DTSTART", &stamp(observance.onset));
        if let Again::Yearly { month, weekday, nth, until } = &observance.again {
            let until = until.map(|until| format!(";UNTIL={}Z", stamp(until))).unwrap_or_default();
            self.line("RRULE", &format!("FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{}{until}", WEEKDAYS[*weekday]));
        }
        self.line("TZOFFSETFROM", &offset(observance.from));
        self.line("TZOFFSETTO", &offset(observance.to));
        self.text("TZNAME", &observance.name);
        self.line("END", sort);
    }
}

/// The address of a page that puts an occasion into a Google calendar.
pub fn google(desk: &Desk, occasion: Occasion) -> String {
    let times = desk.k.times(occasion);
    let dates = match times.wall {
        Wall::Day(first) => format!("{}/{}", first.strftime("%Y%m%d"), crate::time::plus_days(times.last, 1).strftime("%Y%m%d")),
        Wall::Time(_) => format!("{}Z/{}Z", stamp(times.start.utc()), stamp(times.end.utc())),
    };
    let mut parts = vec![("action", "TEMPLATE".to_owned()), ("text", summary(desk, occasion)), ("dates", dates)];
    parts.push(("ctz", times.zone.name().to_owned()));
    parts.push(("details", description(desk, occasion)));
    parts.extend(place(desk, occasion).map(|place| ("location", place)));
    query("https://calendar.google.com/calendar/render", &parts)
}

/// The same for Outlook on the web.
pub fn outlook(desk: &Desk, occasion: Occasion) -> String {
    let times = desk.k.times(occasion);
    let mut parts =
        vec![("path", "/calendar/action/compose".to_owned()), ("rru", "addevent".to_owned()), ("subject", summary(desk, occasion))];
    match times.wall {
        Wall::Day(first) => {
            parts.push(("startdt", first.to_string()));
            parts.push(("enddt", crate::time::plus_days(times.last, 1).to_string()));
            parts.push(("allday", "true".to_owned()));
        }
        Wall::Time(_) => {
            parts.push(("startdt", times.start.rfc3339()));
            parts.push(("enddt", times.end.rfc3339()));
        }
    }
    parts.push(("body", description(desk, occasion)));
    parts.extend(place(desk, occasion).map(|place| ("location", place)));
    query("https://outlook.office.com/calendar/deeplink/compose", &parts)
}

/// What must be escaped in a part of a query: all but the unreserved characters (RFC 3986, section 2.3).
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An address with its query; empty parts are left out.
pub fn query(address: &str, parts: &[(&str, String)]) -> String {
    let escaped = |text: &str| percent_encoding::utf8_percent_encode(text, NOT_UNRESERVED).to_string();
    let parts: Vec<String> =
        parts.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("{address}?{}", parts.join("&"))
}
