//! What search engines are told of sessions and series, in the words of schema.org (JSON-LD 1.1).

use super::desk::Desk;
use super::entry_page::RegistrationState;
use super::ics;
use crate::entries::front_matter::session::{self, MaterialKind, Mode};
use crate::fields::Wall;
use crate::knowledge::EntryId;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::sessions::SessionState;
use crate::theme::Value;
use crate::time::{Moment, Zone};
use serde_json::{Map, json};

/// A session as an `EducationEvent`.
pub fn session(desk: &Desk, id: EntryId, session: &session::Session) -> Option<Value> {
    let k = desk.k;
    let occasion = desk.occasion(id)?;
    let (entry, times, state) = (k.entry(id), k.times(occasion), k.occasion_state(occasion));
    let page = ics::address(desk, occasion);
    let mut event = Map::new();
    event.insert("@context".into(), json!("https://schema.org"));
    event.insert("@type".into(), json!("EducationEvent"));
    event.insert("name".into(), json!(entry.title));
    add(&mut event, "description", Some(entry.summary.clone()).filter(|summary| !summary.is_empty()));
    add(&mut event, "url", page.clone());
    event.insert("startDate".into(), json!(said(&times.wall, &times.zone)));
    event.insert(
        "endDate".into(),
        match times.wall {
            Wall::Day(_) => json!(times.last.to_string()),
            Wall::Time(_) => json!(times.end.rfc3339()),
        },
    );
    let before: Vec<String> = session.previous_starts.iter().map(|start| said(&start.value, &times.zone)).collect();
    let status = match state {
        SessionState::Cancelled => "EventCancelled",
        SessionState::Postponed => "EventPostponed",
        _ if !before.is_empty() => "EventRescheduled",
        _ => "EventScheduled",
    };
    event.insert("eventStatus".into(), json!(format!("https://schema.org/{status}")));
    // One that is put off without a new day was to start when it still says.
    let before = if state == SessionState::Postponed && before.is_empty() { vec![said(&times.wall, &times.zone)] } else { before };
    if matches!(status, "EventPostponed" | "EventRescheduled") {
        event.insert("previousStartDate".into(), one_or_more(before.into_iter().map(serde_json::Value::from).collect()));
    }
    place(desk, occasion, page.as_deref(), session, &mut event);
    let people = session.speakers.iter().filter_map(|speaker| {
        let named = speaker.person.as_ref().and_then(|person| desk.named(id, person)).map(|name| name.label);
        let name = named.or_else(|| speaker.name.as_ref().map(|name| name.value.clone()))?;
        Some(json!({ "@type": "Person", "name": name }))
    });
    let people: Vec<_> = people.collect();
    if !people.is_empty() {
        event.insert("performer".into(), one_or_more(people));
    }
    organizers(desk, id, &mut event);
    if let Some(series) = k.series_of(occasion) {
        let mut of = Map::new();
        of.insert("@type".into(), json!("EventSeries"));
        of.insert("name".into(), json!(k.entry(series).title));
        add(&mut of, "url", full(desk, &desk.entry_path(series)));
        event.insert("superEvent".into(), of.into());
    }
    offers(desk, occasion, &mut event);
    let recordings =
        session.materials.iter().filter(|material| material.kind.as_ref().is_some_and(|kind| kind.value == MaterialKind::Recording));
    let recordings = recordings.filter_map(|material| {
        let url = material.url.as_ref()?;
        let name = material.title.as_ref().map_or(&entry.title, |title| &title.value);
        Some(json!({ "@type": "CreativeWork", "name": name, "url": url.value }))
    });
    let recordings: Vec<_> = recordings.collect();
    if !recordings.is_empty() {
        event.insert("recordedIn".into(), one_or_more(recordings));
    }
    add(
        &mut event,
        "inLanguage",
        Some(entry.common.language.as_ref().map_or_else(|| k.config.language.clone(), |language| language.value.clone())),
    );
    Some(printable(&event.into()))
}

/// A series as an `EventSeries`.
pub fn series(desk: &Desk, id: EntryId) -> Value {
    let k = desk.k;
    let entry = k.entry(id);
    let mut series = Map::new();
    series.insert("@context".into(), json!("https://schema.org"));
    series.insert("@type".into(), json!("EventSeries"));
    series.insert("name".into(), json!(entry.title));
    add(&mut series, "description", Some(entry.summary.clone()).filter(|summary| !summary.is_empty()));
    add(&mut series, "url", full(desk, &desk.entry_path(id)));
    let window = desk.window(id);
    add(&mut series, "startDate", window.0.map(|date| date.to_string()));
    add(&mut series, "endDate", window.1.map(|date| date.to_string()));
    organizers(desk, id, &mut series);
    printable(&series.into())
}

/// Where it takes place, and whether one can take part from afar.
fn place(desk: &Desk, occasion: Occasion, page: Option<&str>, session: &session::Session, event: &mut Map<String, serde_json::Value>) {
    let location = session.location.as_ref().map(|place| place.value.clone());
    let join = session.join.as_ref().filter(|join| join.public).and_then(|join| join.url.as_ref()).map(|url| url.value.clone());
    let mode = desk.mode_of(occasion).or(match (&location, &join) {
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
    event.insert("eventAttendanceMode".into(), json!(format!("https://schema.org/{attendance}")));
    let mut places = Vec::new();
    if mode != Mode::Online {
        let name = location.unwrap_or_else(|| desk.t.get("say.calendar.place_to_come").to_owned());
        places.push(json!({ "@type": "Place", "name": name, "address": name }));
    }
    if mode != Mode::InPerson {
        let mut online = Map::new();
        online.insert("@type".into(), json!("VirtualLocation"));
        let register = desk.registration_of(occasion).and_then(|registration| registration.url.as_ref()).map(|url| url.value.clone());
        // Where the way in is not public, the way to it is.
        add(&mut online, "url", join.or(register).or(page.map(str::to_owned)));
        places.push(online.into());
    }
    event.insert("location".into(), one_or_more(places));
}

/// The communities it belongs to, as those who hold it.
fn organizers(desk: &Desk, id: EntryId, event: &mut Map<String, serde_json::Value>) {
    let communities = desk.k.facts(id).communities.iter().filter(|community| desk.k.has_page(**community)).map(|community| {
        let mut organization = Map::new();
        organization.insert("@type".into(), json!("Organization"));
        organization.insert("name".into(), json!(desk.k.entry(*community).title));
        add(&mut organization, "url", full(desk, &desk.entry_path(*community)));
        organization.into()
    });
    let communities: Vec<_> = communities.collect();
    if !communities.is_empty() {
        event.insert("organizer".into(), one_or_more(communities));
    }
}

/// How to register, as an offer.
fn offers(desk: &Desk, occasion: Occasion, event: &mut Map<String, serde_json::Value>) {
    let Some(registration) = desk.registration_of(occasion) else { return };
    let Some(url) = &registration.url else { return };
    if let Some(capacity) = &registration.capacity {
        event.insert("maximumAttendeeCapacity".into(), json!(capacity.value));
    }
    let availability = match RegistrationState::of(registration, desk.k.today) {
        RegistrationState::NotYetOpen => "PreOrder",
        RegistrationState::Open | RegistrationState::ClosesIn(_) => "InStock",
        RegistrationState::Full => "SoldOut",
        RegistrationState::Closed => "OutOfStock",
    };
    let mut offer = Map::new();
    offer.insert("@type".into(), json!("Offer"));
    offer.insert("url".into(), json!(url.value));
    offer.insert("availability".into(), json!(format!("https://schema.org/{availability}")));
    add(&mut offer, "validFrom", registration.opens.as_ref().map(|opens| opens.value.to_string()));
    add(&mut offer, "availabilityEnds", registration.closes.as_ref().map(|closes| closes.value.to_string()));
    add(&mut offer, "description", registration.cost.as_ref().map(|cost| cost.value.clone()));
    event.insert("offers".into(), offer.into());
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

fn add(to: &mut Map<String, serde_json::Value>, key: &str, value: Option<String>) {
    if let Some(value) = value {
        to.insert(key.to_owned(), value.into());
    }
}

fn one_or_more(mut values: Vec<serde_json::Value>) -> serde_json::Value {
    if values.len() == 1 { values.remove(0) } else { values.into() }
}

/// JSON that nothing in it can end, where it stands in a page (HTML Living Standard, section 4.12.1.3).
fn printable(value: &serde_json::Value) -> Value {
    let text = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Value::safe_string(&text)
}
