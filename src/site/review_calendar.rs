//! The calendar of what somebody is to look at again: one whole day for each entry, on the day its review is due.

use super::desk::Desk;
use super::ics::{File, days_since_2000};
use crate::knowledge::{EntryId, Knowledge};
use crate::time::{midnight, plus_days};

/// The path of its file, beside the page of the person.
pub fn path(k: &Knowledge, person: EntryId) -> String {
    format!("{}reviews.ics", k.path(person))
}

pub fn title(desk: &Desk, person: EntryId) -> String {
    desk.t.say("say.reviews.calendar", &[("name", &desk.k.entry(person).title), ("site", &desk.k.config.title)])
}

/// The file: an event keeps its name when its day moves, so that a review that was done moves on to the next day.
pub fn file(desk: &Desk, person: EntryId, entries: &[EntryId]) -> String {
    let k = desk.k;
    let base = k.config.base_url.as_ref();
    let mut file = File::begin();
    let title = title(desk, person);
    file.text("NAME", &title);
    file.text("X-WR-CALNAME", &title);
    if let Some(base) = base {
        file.line("SOURCE;VALUE=URI", &format!("{base}{}", path(k, person)));
    }
    file.refresh();
    for id in entries {
        let (entry, freshness) = (k.entry(*id), &k.facts(*id).freshness);
        let (Some(next), Some(since)) = (freshness.next, freshness.since) else { continue };
        file.line("BEGIN", "VEVENT");
        file.text("UID", &format!("review-{}-{}@{}", entry.kind.word(), entry.id, k.config.site_id));
        file.moment_utc("DTSTAMP", midnight(since));
        file.moment_utc("LAST-MODIFIED", midnight(since));
        // A review that was done moves the day, and the later of two counts (RFC 5545, section 3.8.7.4).
        file.line("SEQUENCE", &days_since_2000(since).to_string());
        file.line("DTSTART;VALUE=DATE", &next.strftime("%Y%m%d").to_string());
        file.line("DTEND;VALUE=DATE", &plus_days(next, 1).strftime("%Y%m%d").to_string());
        file.text("SUMMARY", &desk.t.say("say.reviews.event", &[("title", &entry.title)]));
        file.line("STATUS", "CONFIRMED");
        // Nobody is busy all day with a review.
        file.line("TRANSP", "TRANSPARENT");
        if let Some(base) = base {
            file.line("URL", &format!("{base}{}", desk.entry_path(*id)));
        }
        file.line("END", "VEVENT");
    }
    file.end()
}
