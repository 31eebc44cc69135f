//! Clocks as calendar files describe them: for every zone there is, they show what the zone data shows.

use folkmoot::time::observances::{Again, Observance};
use folkmoot::time::{self, Date, DateTime, Zone};
use rayon::prelude::*;

/// The span that is looked at: long enough for rules to begin, to end and to be broken.
const FIRST: &str = "2023-02-10";
const LAST: &str = "2028-11-20";

#[test]
fn observances_of_every_zone_agree_with_the_zone_data() {
    let names = Zone::names();
    assert!(names.len() > 500, "the zone data is there");
    let wrong: Vec<String> = names.par_iter().filter_map(|name| disagreement(name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the observances of a zone do not show what its clock shows, if anywhere.
fn disagreement(name: &str) -> Option<String> {
    let zone = Zone::named(name).expect("it was just named");
    let (first, last) = (day(FIRST), day(LAST));
    let utc = Zone::utc();
    let moment = |wall: DateTime| utc.at(wall).in_zone(&zone);
    let observances = zone.observances(&moment(time::midnight(first)), &moment(time::midnight(last)));
    let mut onsets: Vec<(i64, i32, String)> = observances.iter().flat_map(|observance| onsets(observance, last)).collect();
    onsets.sort();
    let mut at = time::midnight(first);
    while at.date() < last {
        let seconds = utc.at(at).seconds();
        let Some((_, offset, abbreviation)) = onsets.iter().rev().find(|(onset, _, _)| *onset <= seconds) else {
            return Some(format!("{name} at {at}Z: the file does not say what the clock shows"));
        };
        let shown = moment(at);
        let expected = time::minutes_between(at, shown.wall()) * 60;
        let said = shown.abbreviation();
        if i64::from(offset / 60 * 60) != expected || said.trim_start_matches("UTC") != abbreviation.trim_start_matches("UTC") {
            return Some(format!("{name} at {at}Z: the file says {offset} {abbreviation}, the zone {expected} {said}"));
        }
        // Every eleven hours: no hour of the day is passed over for long.
        at = time::plus_minutes(at, 11 * 60);
    }
    None
}

/// Each time an observance sets the clocks, up to a last day: when in seconds since 1970, to which offset, by which name
/// (RFC 5545, section 3.6.5).
fn onsets(observance: &Observance, last: Date) -> Vec<(i64, i32, String)> {
    let utc = Zone::utc();
    let set = |wall: DateTime| (utc.at(wall).seconds() - i64::from(observance.from), observance.to, observance.name.clone());
    let Again::Yearly { month, weekday, nth, until } = &observance.again else { return vec![set(observance.onset)] };
    let mut found = Vec::new();
    for year in observance.onset.year()..=last.year() {
        let date = nth_weekday(year, *month, *weekday, *nth);
        let onset = set(date.to_datetime(observance.onset.time()));
        if until.is_none_or(|until| onset.0 <= utc.at(until).seconds()) {
            found.push(onset);
        }
    }
    assert_eq!(found[0].0, set(observance.onset).0, "a rule begins with its own start: {observance:?}");
    found
}

/// The nth such weekday of a month, the last for -1.
fn nth_weekday(year: i16, month: i8, weekday: usize, nth: i8) -> Date {
    let days: Vec<Date> =
        (1..=31).filter_map(|number| time::day(year, month, number)).filter(|date| time::weekday(*date) == weekday).collect();
    if nth < 0 { days[days.len() - 1] } else { days[nth as usize - 1] }
}

fn day(text: &str) -> Date {
    time::read_date(text).unwrap()
}

#[test]
fn a_span_within_one_season_has_the_clock_it_began_with() {
    let chicago = Zone::named("America/Chicago").unwrap();
    let noon = |text: &str| chicago.at(day(text).to_datetime(time::clock(12, 0, 0).unwrap()));
    let observances = chicago.observances(&noon("2026-06-01"), &noon("2026-06-30"));
    assert_eq!(observances.iter().map(|observance| observance.name.as_str()).collect::<Vec<_>>(), ["CDT"]);
    assert_eq!(observances[0].onset.to_string(), "2026-03-08T02:00:00");
    let phoenix = Zone::named("America/Phoenix").unwrap();
    assert_eq!(phoenix.observances(&noon("2026-06-01"), &noon("2030-06-30")).len(), 1, "it never changes its clocks");
}
