//! What search engines are told of sessions and series, in the words of schema.org (JSON-LD 1.1).

use super::desk::Desk;
use super::entry_page::RegistrationState;
use super::ics;
use crate::entries::front_matter::session::{self, MaterialKind, Mode};
use crate::fields::Wall;
use crate::knowledge::EntryId;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::{SeriesState, SessionState};
use crate::theme::Value;
use crate::time::{Moment, Zone};
use std::fmt::Write;

const VOCABULARY: &str = "https://schema.org";

/// A session as an `EducationEvent`.
pub fn session(desk: &Desk, id: EntryId, session: &session::Session) -> Option<Value> {
    let k = desk.k;
    let occasion = desk.occasion(id)?;
    let (entry, times, state) = (k.entry(id), k.times(occasion), k.occasion_state(occasion));
    let page = ics::address(desk, occasion);
    let mut event = Thing::of("EducationEvent");
    event.text("name", &entry.title);
    event.maybe("description", Some(entry.summary.as_str()).filter(|summary| !summary.is_empty()));
    event.maybe("url", page.as_deref());
    event.text("startDate", &said(&times.wall, &times.zone));
    event.text("endDate", &if matches!(times.wall, Wall::Day(_)) { times.last.to_string() } else { times.end.rfc3339() });
    let before: Vec<String> = session.previous_starts.iter().map(|start| said(&start.value, &times.zone)).collect();
    let status = match state {
        SessionState::Cancelled => "EventCancelled",
        SessionState::Postponed => "EventPostponed",
        _ if !before.is_empty() => "EventRescheduled",
        _ => "EventScheduled",
    };
    event.text("eventStatus", &format!("{VOCABULARY}/{status}"));
    // One that is put off without a new day was to start when it still says.
    let before = if state == SessionState::Postponed && before.is_empty() { vec![said(&times.wall, &times.zone)] } else { before };
    if matches!(status, "EventPostponed" | "EventRescheduled") {
        event.put("previousStartDate", &one_or_more(before.iter().map(|start| quoted(start)).collect()));
    }
    place(desk, occasion, page.as_deref(), session, &mut event);
    let people = session.speakers.iter().filter_map(|speaker| {
        let named = speaker.person.as_ref().and_then(|person| desk.named(id, person)).map(|name| name.label);
        let name = named.or_else(|| speaker.name.as_ref().map(|name| name.value.clone()))?;
        let mut person = Thing::within("Person");
        person.text("name", &name);
        Some(person.end())
    });
    event.several("performer", people.collect());
    organizers(desk, id, &mut event);
    if let Some(series) = k.series_of(occasion) {
        let mut of = Thing::within("EventSeries");
        of.text("name", &k.entry(series).title);
        of.maybe("url", full(desk, &desk.entry_path(series)).as_deref());
        event.put("superEvent", &of.end());
    }
    offers(desk, occasion, &mut event);
    let recordings =
        session.materials.iter().filter(|material| material.kind.as_ref().is_some_and(|kind| kind.value == MaterialKind::Recording));
    let recordings = recordings.filter_map(|material| {
        let mut recording = Thing::within("CreativeWork");
        recording.text("name", material.title.as_ref().map_or(&entry.title, |title| &title.value));
        recording.text("url", material.url.as_ref()?);
        Some(recording.end())
    });
    event.several("recordedIn", recordings.collect());
    event.text("inLanguage", entry.common.language.as_ref().map_or(&k.config.language, |language| &language.value));
    Some(Value::safe_string(&event.end()))
}

/// A series as an `EventSeries`.
pub fn series(desk: &Desk, id: EntryId) -> Value {
    let entry = desk.k.entry(id);
    let mut series = Thing::of("EventSeries");
    series.text("name", &entry.title);
    series.maybe("description", Some(entry.summary.as_str()).filter(|summary| !summary.is_empty()));
    series.maybe("url", full(desk, &desk.entry_path(id)).as_deref());
    let window = desk.window(id);
    series.maybe("startDate", window.0.map(|date| date.to_string()).as_deref());
    series.maybe("endDate", window.1.map(|date| date.to_string()).as_deref());
    if desk.k.series(id).is_some_and(|facts| facts.state == SeriesState::Cancelled) {
        series.text("eventStatus", &format!("{VOCABULARY}/EventCancelled"));
    }
    organizers(desk, id, &mut series);
    Value::safe_string(&series.end())
}

/// Where it takes place, and whether one can take part from afar.
fn place(desk: &Desk, occasion: Occasion, page: Option<&str>, session: &session::Session, event: &mut Thing) {
    let location = session.location.as_ref().map(|place| place.value.as_str());
    let join = session.join.as_ref().filter(|join| join.public).and_then(|join| join.url.as_ref()).map(|url| url.value.as_str());
    let mode = desk.mode_of(occasion).or(match (location, join) {
        (Some(_), _) => Some(Mode::InPerson),
        (None, Some(_)) => Some(Mode::Online),
        (None, None) => None,
    });
    let Some(mode) = mode else { return };
    let attendance = match mode {
        Mode::Online => "OnlineEventAttendanceMode",
        Mode::InPerson => "OfflineEventAttendanceMode",
        Mode::Hybrid => "MixedEventAttendanceMode",
    };
    event.text("eventAttendanceMode", &format!("{VOCABULARY}/{attendance}"));
    let mut places = Vec::new();
    if mode != Mode::Online {
        let name = location.unwrap_or_else(|| desk.t.get("say.calendar.place_to_come"));
        let mut place = Thing::within("Place");
        place.text("name", name);
        place.text("address", name);
        places.push(place.end());
    }
    if mode != Mode::InPerson {
        let mut online = Thing::within("VirtualLocation");
        let register = desk.registration_of(occasion).and_then(|registration| registration.url.as_ref()).map(|url| url.value.as_str());
        // Where the way in is not public, the way to it is.
        online.maybe("url", join.or(register).or(page));
        places.push(online.end());
    }
    event.several("location", places);
}

/// The communities it belongs to, as those who hold it.
fn organizers(desk: &Desk, id: EntryId, event: &mut Thing) {
    let communities = desk.k.said(id).communities.iter().filter(|community| desk.k.has_page(**community)).map(|community| {
        let mut organization = Thing::within("Organization");
        organization.text("name", &desk.k.entry(*community).title);
        organization.maybe("url", full(desk, &desk.entry_path(*community)).as_deref());
        organization.end()
    });
    event.several("organizer", communities.collect());
}

/// How to register, as an offer.
fn offers(desk: &Desk, occasion: Occasion, event: &mut Thing) {
    let Some(registration) = desk.registration_of(occasion) else { return };
    let Some(url) = &registration.url else { return };
    if let Some(capacity) = &registration.capacity {
        event.put("maximumAttendeeCapacity", &capacity.value.to_string());
    }
    let availability = match RegistrationState::of(registration, desk.k.today) {
        RegistrationState::NotYetOpen => "PreOrder",
        RegistrationState::Open | RegistrationState::ClosesIn(_) => "InStock",
        RegistrationState::Full => "SoldOut",
        RegistrationState::Closed => "OutOfStock",
    };
    let mut offer = Thing::within("Offer");
    offer.text("url", url);
    offer.text("availability", &format!("{VOCABULARY}/{availability}"));
    offer.maybe("validFrom", registration.opens.as_ref().map(|opens| opens.value.to_string()).as_deref());
    offer.maybe("availabilityEnds", registration.closes.as_ref().map(|closes| closes.value.to_string()).as_deref());
    offer.maybe("description", registration.cost.as_ref().map(|cost| cost.value.as_str()));
    event.put("offers", &offer.end());
}

fn said(wall: &Wall, zone: &Zone) -> String {
    match wall {
        Wall::Day(date) => date.to_string(),
        Wall::Time(time) => Moment::rfc3339(&zone.at(*time)),
    }
}

fn full(desk: &Desk, path: &str) -> Option<String> {
    desk.k.config.base_url.as_ref().map(|base| format!("{base}{path}"))
}

/// A thing of schema.org in the making, as JSON that can stand in a page.
struct Thing(String);

impl Thing {
    /// The thing that a page is about.
    fn of(sort: &str) -> Thing {
        Thing(format!("{{\"@context\":\"{VOCABULARY}\",\"@type\":\"{sort}\""))
    }

    /// A thing within another.
    fn within(sort: &str) -> Thing {
        Thing(format!("{{\"@type\":\"{sort}\""))
    }

    fn put(&mut self, key: &str, json: &str) {
        self.0.extend([",\"", key, "\":", json]);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.0.extend([",\"", key, "\":"]);
        quote(text, &mut self.0);
    }

    fn maybe(&mut self, key: &str, text: Option<&str>) {
        text.into_iter().for_each(|text| self.text(key, text));
    }

    /// One value as it is, several as a list, and nothing where there is none.
    fn several(&mut self, key: &str, values: Vec<String>) {
        if !values.is_empty() {
            self.put(key, &one_or_more(values));
        }
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn one_or_more(values: Vec<String>) -> String {
    if let [one] = values.as_slice() { one.clone() } else { format!("[{}]", values.join(",")) }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

/// A text as JSON (RFC 8259, section 7) that nothing in it can end where it stands in a page (HTML Living Standard, section
/// 4.12.1.3).
fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut kept = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&') {
            continue;
        }
        out.push_str(&text[kept..at]);
        let _ = write!(out, "\\u{byte:04x}");
        kept = at + 1;
    }
    out.push_str(&text[kept..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_page_is_read_as_it_was_meant() {
        let text = "A \"quoted\" \\ line\r\n</script><!-- & \u{1} é 👩‍👩‍👧";
        let json = quoted(text);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        assert!(!json.contains(['<', '>', '&']), "{json}");
    }
}
