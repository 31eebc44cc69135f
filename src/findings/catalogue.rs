//! Everything Folkmoot can tell an author: one small function per finding, with its wording, severity and code.
//!
//! House rules: say what is, then what to do; name what the author typed in back-quotes; never blame.

use super::{Finding, Place, Severity};
use crate::kinds::Kind;

fn finding(severity: Severity, code: &'static str, at: Place, title: String) -> Finding {
    Finding { code, severity, title, at: Some(at), label: String::new(), also: Vec::new(), help: Vec::new() }
}

fn error(code: &'static str, at: Place, title: String) -> Finding {
    finding(Severity::Error, code, at, title)
}

fn warning(code: &'static str, at: Place, title: String) -> Finding {
    finding(Severity::Warning, code, at, title)
}

fn note(code: &'static str, at: Place, title: String) -> Finding {
    finding(Severity::Note, code, at, title)
}

impl Finding {
    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn also(mut self, at: Place, label: impl Into<String>) -> Self {
        self.also.push((at, label.into()));
        self
    }

    fn suggest(self, near: Option<&str>, otherwise: impl FnOnce() -> String) -> Self {
        match near {
            Some(near) => self.help(format!("Did you mean `{near}`?")),
            None => self.help(otherwise()),
        }
    }
}

fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

// Files.

pub fn not_utf8(at: Place) -> Finding {
    error("not-utf8", at, "From this byte on, the file is not UTF-8 text.".into())
        .help("Save the file again with the encoding UTF-8; most editors offer it under “Save with encoding”.")
}

pub fn leaves_the_site(at: Place, target: &str) -> Finding {
    error("leaves-the-site", at, format!("This is a link to `{target}`, which is not a file of this knowledge base."))
        .help("Copy the file into the folder instead; nothing outside it is read.")
}

pub fn outside_a_kind(at: Place, folder: &str, near: Option<&str>) -> Finding {
    let title = match folder {
        "" => "This file stands directly in `content/`, so nothing says what kind of entry it is.".to_string(),
        folder => format!("`content/{folder}/` is not the folder of a kind, so nothing says what this file is."),
    };
    let folders = || format!("Move it into one of {}.", listed(Kind::ALL.iter().map(|kind| kind.folder())));
    error("outside-a-kind", at, title).suggest(near, folders)
}

pub fn unclosed_front_matter(at: Place) -> Finding {
    error("unclosed-front-matter", at, "The front matter that begins here is never closed.".into())
        .label("opened here")
        .help("Put a line with only `+++` after the last of its keys.")
}

pub fn yaml_front_matter(at: Place) -> Finding {
    error("yaml-front-matter", at, "This front matter is written in YAML, and Folkmoot reads TOML.".into())
        .help("Put it between two lines `+++` instead of `---`, and write `title = \"…\"` instead of `title: …`; lists are `topics = [\"a\", \"b\"]`.")
}

pub fn no_front_matter(at: Place, title: &str, from: &str) -> Finding {
    note("no-front-matter", at, format!("This file has no front matter, so {from} serves as its title: “{title}”."))
        .help(format!("To say more about it, begin the file with three lines: `+++`, `title = \"{}\"`, `+++`.", title.replace('"', "'")))
}

pub fn missing_title(at: Place, title: &str) -> Finding {
    error("missing-key", at, "`title` is missing here.".into()).help(format!("Add a line `title = \"{}\"`.", title.replace('"', "'")))
}

pub fn date_taken(at: Place, date: &str) -> Finding {
    note("date-taken", at, format!("There is no `date`, so the one in the file's name serves: {date}."))
        .help(format!("To make it certain, write `date = {date}`."))
}

// Maps from elsewhere.

pub fn not_json(at: Place, said: &str) -> Finding {
    let cut = said.starts_with("EOF");
    let what = match said {
        _ if cut => "The file ends here, in the middle of what it says.",
        s if s.starts_with("trailing characters") => "The JSON is at its end before this.",
        s if s.starts_with("key must be") => "A name in quotes is wanted here.",
        s if s.starts_with("expected value") => "A value is wanted here.",
        s if s.starts_with("expected `:`") => "A colon is wanted here, between a name and its value.",
        s if s.starts_with("expected `,`") => "A comma is wanted here, or a bracket that closes.",
        s if s.starts_with("control character") => "A line break or the like stands within this text in quotes.",
        _ => "This is not JSON.",
    };
    let help = if cut { "It was probably not copied whole. " } else { "" };
    error("not-json", at, what.into()).help(format!("{help}Take the file from EPPI-Reviewer once more, as it comes."))
}

pub fn not_a_report(at: Place) -> Finding {
    error("not-a-report", at, "This is neither a JSON report of EPPI-Reviewer nor a map of EPPI-Mapper.".into())
        .help("A report holds `CodeSets` and `References`; a map is the page that EPPI-Mapper gives to download.")
}

pub fn unlike_a_report(at: Place, key: &str, found: &str, wants: &str) -> Finding {
    warning("unlike-a-report", at, format!("`{key}` holds {found} here, and is to hold {wants}."))
        .help("It is passed over; what else the file says is read.")
}

pub fn attribute_id_taken(at: Place, first: Place, id: &str, name: &str) -> Finding {
    warning("attribute-id-taken", at, format!("The attribute `{id}` stands here a second time."))
        .also(first, "first here")
        .help(format!("References that have it are taken to mean “{name}”."))
}

pub fn reference_without_title(at: Place, title: &str) -> Finding {
    warning("reference-without-title", at, format!("This reference has no title, so it is called “{title}”."))
}

// TOML.

pub fn toml_syntax(at: Place, said: &str, whole_line: &str, rest: &str) -> Finding {
    let line = rest.lines().next().unwrap_or_default().trim();
    let value = whole_line.split_once('=').map_or("", |(_, value)| value.trim());
    let looks_like_a_day = value.starts_with(|c: char| c.is_ascii_digit()) && value.contains(['/', '.']) && !value.contains('"');
    let help = match said {
        _ if looks_like_a_day => "Write a day as `2026-03-04` and a time as `2026-03-04T13:00:00`.",
        _ if value.starts_with('"') && value.contains('\\') => "Put text with a backslash between single quotes: `'C:\\Users'`.",
        _ if value.starts_with('\'') && value.matches('\'').count() > 2 => {
            "Put text with an apostrophe between double quotes: `title = \"Maria's call\"`."
        }
        _ if value.starts_with(|c: char| c.is_ascii_digit()) && value.contains(',') => {
            "Write a number without commas: `1200`; or between quotes, as text."
        }
        s if s.contains("quote") || s.contains("string") => "Put text between straight quotes: `title = \"Opening call\"`.",
        s if s.contains("date") || s.contains("time") || s.contains("leading zero") => {
            "Write a day as `2026-03-04` and a time as `2026-03-04T13:00:00`."
        }
        s if s.contains("duplicate") => "Keep one of them.",
        s if s.contains("comma") || s.contains("array") => {
            "Write a list as `topics = [\"vaping\", \"retail\"]`, with a comma between its items."
        }
        s if s.contains("table") => "Write a table's name on a line of its own: `[registration]`, or `[[materials]]` for one of several.",
        s if s.contains("value") && line.is_empty() => "Write a value after the `=`.",
        _ => "Write a key, `=` and a value on one line: text in quotes, a number, a day, or a list in `[ ]`.",
    };
    let what = said
        .replace("invalid", "unreadable")
        .replace("illegal", "unexpected")
        .replace("duplicate key", "this key stands here a second time");
    error("toml-syntax", at, format!("This is not TOML: {what}.")).help(help)
}

pub fn unknown_key(at: Place, key: &str, near: Option<&str>, known: &[&str]) -> Finding {
    error("unknown-key", at, format!("There is no key `{key}` here."))
        .suggest(near, || format!("The keys here are {}.", listed(known.iter().copied())))
}

pub fn strayed_key(at: Place, key: &str) -> Finding {
    error("unknown-key", at, format!("`{key}` stands below a `[table]` line, so it counts as part of that table."))
        .help(format!("Move `{key}` up, above the first line that begins with `[`."))
}

pub fn missing_key(at: Place, key: &str) -> Finding {
    error("missing-key", at, format!("`{key}` is missing here.")).help(format!("Add a line `{key} = …`."))
}

pub fn wrong_type(at: Place, key: &str, found: &str, wants: &str, example: &str) -> Finding {
    error("wrong-type", at, format!("`{key}` takes {wants}, and this is {found}.")).help(format!("Write it like this: `{example}`."))
}

pub fn unknown_word(at: Place, key: &str, word: &str, near: Option<&str>, words: &[&str]) -> Finding {
    error("unknown-word", at, format!("`{key}` cannot be `{word}`."))
        .suggest(near, || format!("It is one of {}.", listed(words.iter().copied())))
}

pub fn number_out_of_range(at: Place, key: &str, number: i64, least: i64, most: i64) -> Finding {
    let range = if most == i64::MAX { format!("{least} or more") } else { format!("from {least} to {most}") };
    error("number-out-of-range", at, format!("`{key}` is {number}, and it can only be {range}.")).help(format!("Write a number {range}."))
}

pub fn address_without_scheme(at: Place, address: &str) -> Finding {
    error("address-without-scheme", at, format!("`{address}` would be looked for on this site, since it does not begin with `https://`."))
        .help(format!("Write `https://{address}`."))
}

pub fn not_an_interval(at: Place, key: &str, text: &str) -> Finding {
    error("not-an-interval", at, format!("`{text}` is not a length of time."))
        .help(format!("Write a number and a unit (days, weeks, months, years): `{key} = \"12 months\"`."))
}

pub fn not_a_time_code(at: Place, text: &str) -> Finding {
    error("not-a-time-code", at, format!("`{text}` is not a moment in a recording."))
        .help("Write hours, minutes and seconds: `at = \"00:12:30\"`.")
}

// Days, times and zones.

pub fn day_not_in_calendar(at: Place, key: &str, year: u16, month: u8, day: u8) -> Finding {
    let help = match crate::findings::catalogue::days_in(year, month) {
        Some(days) => format!("That month has {days} days."),
        None => "Months run from 01 to 12.".into(),
    };
    error("day-not-in-calendar", at, format!("`{key}` names a day that the calendar does not have: {year:04}-{month:02}-{day:02}."))
        .help(help)
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => return None,
    })
}

pub fn time_with_offset(at: Place, key: &str) -> Finding {
    error("time-with-offset", at, format!("`{key}` names an offset from UTC, which changes with the seasons."))
        .help(format!("Write the time on the clock where the session is held, `{key} = 2026-03-04T13:00:00`, and the zone as `time_zone = \"America/Chicago\"`."))
}

pub fn unknown_zone(at: Place, name: &str) -> Finding {
    let names = crate::time::Zone::names();
    let city = names
        .iter()
        .find(|zone| zone.rsplit('/').next().is_some_and(|place| place.replace('_', " ").eq_ignore_ascii_case(&name.replace('_', " "))));
    let near = city.map(String::as_str).or_else(|| super::nearest::nearest(name, names.iter().map(String::as_str)));
    error("unknown-zone", at, format!("There is no time zone `{name}`."))
        .suggest(near, || "Write a zone of the IANA database by its region and city, such as `America/Chicago`.".into())
}

pub fn skipped_time(at: Place, wall: &str, zone: &str, before: &str, after: &str) -> Finding {
    error("skipped-time", at, format!("{wall} never shows on a clock in {zone}: the clocks go forward over it that day."))
        .help(format!("Write {before} or {after}, whichever was meant."))
}

pub fn repeated_time(at: Place, wall: &str, zone: &str, first: &str, second: &str) -> Finding {
    error("repeated-time", at, format!("{wall} shows twice on clocks in {zone} that day: first as {first}, then as {second}."))
        .help("Choose a time outside the repeated hour, or write the session's `time_zone` as one that does not change its clocks, such as `Etc/UTC`.")
}

pub fn ends_before_it_starts(at: Place, start: &str) -> Finding {
    error("ends-before-it-starts", at, format!("This lies before the start, {start}."))
        .help("Write an `end` after the `start`, or drop it and write `minutes = 60`.")
}

pub fn end_and_minutes(at: Place) -> Finding {
    error("end-and-minutes", at, "This has both an `end` and `minutes`, and they disagree.".into()).help("Keep one of the two.")
}

pub fn session_without_start(at: Place) -> Finding {
    note("session-without-start", at, "This session has no `start`, so it stands in no calendar.".into())
        .help("As soon as the day is known, write `start = 2026-03-04T13:00:00`.")
}

pub fn start_from_date(at: Place, date: &str) -> Finding {
    note("start-from-date", at, format!("There is no `start`, so this session stands in the calendar as all day on {date}."))
        .help(format!("To give it a time, write `start = {date}T13:00:00`."))
}

// Ids and addresses.

pub fn unusable_id(at: Place, id: &str) -> Finding {
    error("unusable-id", at, format!("`{id}` cannot be an id: nothing is left of it in an address."))
        .help("Use letters, numbers and hyphens, such as `opening-call`.")
}

pub fn id_taken(at: Place, kind: Kind, id: &str, other: Place) -> Finding {
    error("id-taken", at, format!("Two entries in `{}/` have the id `{id}`.", kind.folder()))
        .also(other, "the other one")
        .help("Rename one of the two files, or give it an `id` of its own.")
}

pub fn route_taken(at: Place, route: &str, other: &str, place: Option<Place>) -> Finding {
    let found = error("route-taken", at, format!("Two things want the address `{route}`: this one and {other}."));
    match place {
        Some(place) => found.also(place, "the other one").help("Rename one of them, or take the alias away."),
        None => found.help("That address is kept. Give this one another `id`, or its file another name."),
    }
}

pub fn unusable_alias(at: Place, alias: &str) -> Finding {
    error("unusable-alias", at, format!("`{alias}` cannot be an address of this site."))
        .help("Write an old path of this site from its root, such as `/2019/opening-call/`.")
}

// References.

/// The code of a reference to something of a kind that is not declared.
pub const fn unknown_code(kind: Kind) -> &'static str {
    match kind {
        Kind::Session => "unknown-session",
        Kind::Practice => "unknown-practice",
        Kind::CaseStudy => "unknown-case-study",
        Kind::Series => "unknown-series",
        Kind::Topic => "unknown-topic",
        Kind::Question => "unknown-question",
        Kind::Resource => "unknown-resource",
        Kind::Voice => "unknown-voice",
        Kind::Organization => "unknown-organization",
        Kind::Person => "unknown-person",
        Kind::Community => "unknown-community",
        Kind::Page => "unknown-page",
    }
}

pub fn unknown_reference(at: Place, kind: Kind, id: &str, near: Option<&str>) -> Finding {
    let (folder, word) = (kind.folder(), kind.word());
    error(unknown_code(kind), at, format!("There is no {} `{id}`.", word.replace('-', " ")))
        .suggest(near, || format!("To add it, run `folkmoot new {word} \"{}\"`, which writes a file in `content/{folder}/`.", titled(id)))
}

pub fn undeclared_reference(at: Place, kind: Kind, id: &str, near: Option<&str>) -> Finding {
    let (folder, word) = (kind.folder(), kind.word());
    note(unknown_code(kind), at, format!("`{id}` has no file in `content/{folder}/`; the name is used as it stands."))
        .suggest(near, || format!("To say more about it, run `folkmoot new {word} \"{}\"`.", titled(id)))
}

fn titled(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub fn unknown_folder(at: Place, reference: &str, near: Option<&str>) -> Finding {
    error("unknown-folder", at, format!("`{reference}` does not say which kind of entry it is."))
        .suggest(near, || "Write the folder and the id: `practices/retail-licensing`.".into())
}

pub fn ambiguous_reference(at: Place, id: &str, fits: &[String]) -> Finding {
    error("ambiguous-reference", at, format!("`{id}` fits more than one entry."))
        .help(format!("Write one of {}.", listed(fits.iter().map(String::as_str))))
}

pub fn refers_to_itself(at: Place, key: &str) -> Finding {
    error("refers-to-itself", at, format!("`{key}` names this entry itself.")).help("Name another entry, or take it away.")
}

pub fn parent_loop(at: Place, titles: &str) -> Finding {
    error("parent-loop", at, format!("These stand above each other in a circle: {titles}."))
        .help("Take the `parent` away from the one that belongs at the top.")
}

pub fn synonym_taken(at: Place, synonym: &str, other: Place) -> Finding {
    warning("synonym-taken", at, format!("`{synonym}` is a name for two entries, so a reference to it would fit both."))
        .also(other, "the other one")
        .help("Keep it with the one that people mean.")
}

// Text and links.

pub fn broken_link(at: Place, target: &str, near: Option<&str>) -> Finding {
    if target.starts_with("www.") {
        return address_without_scheme(at, target);
    }
    error("broken-link", at, format!("There is no file at `{target}`."))
        .suggest(near, || "Write the way to a file from this one, such as `../practices/retail-licensing.md`.".into())
}

pub fn broken_anchor(at: Place, anchor: &str, page: &str, near: Option<&str>) -> Finding {
    error("broken-anchor", at, format!("There is no heading `#{anchor}` in {page}."))
        .suggest(near, || "Write the heading's text in lower case with hyphens for spaces.".into())
}

pub fn ambiguous_wiki_link(at: Place, name: &str, fits: &[String]) -> Finding {
    error("ambiguous-wiki-link", at, format!("`[[{name}]]` fits more than one entry."))
        .help(format!("Write one of {}.", fits.iter().map(|fit| format!("`[[{fit}]]`")).collect::<Vec<_>>().join(", ")))
}

pub fn wanted_entry(at: Place, name: &str, near: Option<&str>) -> Finding {
    note("wanted-entry", at, format!("Nobody has written “{name}” yet, so it stands in the text as wanted."))
        .suggest(near, || format!("To write it, run `folkmoot new practice \"{name}\"`, or another kind."))
}

pub fn refused_scheme(at: Place, scheme: &str) -> Finding {
    error("refused-scheme", at, format!("An address that begins with `{scheme}:` does not become a link."))
        .help("Use an address that begins with `https:`, `mailto:` or `tel:`, or the path to a file.")
}

pub fn empty_link(at: Place) -> Finding {
    warning("empty-link", at, "This link leads nowhere, so its text stands without a link.".into())
        .help("Write the address between the round brackets, or take the brackets away.")
}

pub fn link_to_hidden(at: Place, title: &str, why: &str) -> Finding {
    warning("link-to-hidden", at, format!("“{title}” is {why}, so on the public site this link is plain text."))
        .help("Link to a public entry, or leave it as it is.")
}

pub fn external_image(at: Place) -> Finding {
    warning("external-image", at, "This picture lies on another site, so a link to it stands in its place.".into())
        .help("Save the picture beside this file and write its name: `![A words-only description](picture.jpg)`.")
}

pub fn undefined_footnote(at: Place, name: &str) -> Finding {
    warning("undefined-footnote", at, format!("The footnote `[^{name}]` has no text."))
        .help(format!("Add a line `[^{name}]: …`, or take the mark away."))
}

pub fn footnote_taken(at: Place, name: &str, first: Place) -> Finding {
    warning("footnote-taken", at, format!("There are two footnotes `[^{name}]`, and marks in the text lead only to the first."))
        .also(first, "the first one")
        .help("Give this one another name.")
}

pub fn unused_footnote(at: Place, name: &str) -> Finding {
    note("unused-footnote", at, format!("Nothing refers to the footnote `[^{name}]`; it stands at the end all the same."))
        .help(format!("Write `[^{name}]` where it belongs."))
}

pub fn undefined_reference(at: Place, name: &str) -> Finding {
    note("undefined-reference", at, format!("`[{name}]` has no address, so it stands as it was written."))
        .help(format!("Add a line `[{name}]: https://…`, or leave it, if no link was meant."))
}

pub fn link_without_text(at: Place) -> Finding {
    warning("link-without-text", at, "This link has no text, so the name of its target stands in its place.".into())
        .help("Write the text between the square brackets.")
}

pub fn image_without_text(at: Place) -> Finding {
    warning("image-without-text", at, "This picture says nothing to people who cannot see it.".into())
        .help("Say between the square brackets what it shows: `![Two people at a table](picture.jpg)`.")
}

pub fn removed_element(at: Place, name: &str) -> Finding {
    warning("removed-element", at, format!("`<{name}>` is left out: raw HTML is made safe before it is published."))
        .help("Write it in Markdown, or set `raw_html` under `[markdown]` in `folkmoot.toml`.")
}

pub fn anchor_taken(at: Place, id: &str, first: Place) -> Finding {
    error("anchor-taken", at, format!("Two places in this text have the id `{id}`."))
        .also(first, "the first one")
        .help("Give one of them another id.")
}

pub fn reserved_anchor(at: Place, id: &str) -> Finding {
    error("reserved-anchor", at, format!("The id `{id}` begins as the ids of the page around it do (`fm-`, `chapter-`, `commitment-`)."))
        .help("Choose an id that begins otherwise.")
}

pub fn heading_attribute(at: Place, name: &str) -> Finding {
    warning("heading-attribute", at, format!("A heading takes an id and classes; `{name}` is left out."))
        .help("Write `{#id}` or `{.class}`.")
}

// Files that entries name.

pub fn missing_file(at: Place, file: &str, near: Option<&str>) -> Finding {
    error("missing-file", at, format!("There is no file `{file}` beside this one or under `static/`."))
        .suggest(near, || "Put the file beside this one, and write its name as it is spelled there.".into())
}

// What follows from what was written.

pub fn undated(at: Place) -> Finding {
    note("undated", at, "This has no `date`, so nobody can tell how fresh it is.".into())
        .help("Write the day it was written: `date = 2026-03-04`.")
}

pub fn contact_without_consent(at: Place, key: &str) -> Finding {
    warning("contact-without-consent", at, format!("`{key}` is left out of the site: nothing says that the person agreed."))
        .help("When they have, write the day: `consent_on = 2026-03-04`.")
}

/// What somebody who has left still answers for; `duty` is one of the words of `knowledge::ownership::Duty`.
pub fn owner_has_left(at: Place, name: &str, left: &str, duty: &str, successor: Option<&str>) -> Finding {
    let what = match duty {
        "review" => "to review this",
        "question" => "to see to an answer",
        "steward" => "to look after this topic",
        "commitment" => "for a promise that is not done",
        "session" => "for a session that is not over",
        _ => "for this role",
    };
    let help = match successor {
        Some(successor) => format!("Write who does it now; `{successor}` is named as successor."),
        None => "Write who does it now. `folkmoot handoff --from PERSON` lists everything that waits for a successor.".into(),
    };
    warning("owner-has-left", at, format!("{name} left on {left} and is still named here.")).label(what).help(help)
}

pub fn reviewed_nothing(at: Place) -> Finding {
    error("reviewed-nothing", at, "This review says nothing of what was checked.".into())
        .help("Write what was looked at: `checked = [\"links\", \"figures\"]`.")
}

pub fn unreadable_rule(at: Place, rule: &str, why: &str) -> Finding {
    error("unreadable-rule", at, format!("`{rule}` is not a recurrence rule: {why}."))
        .help("Write a rule of RFC 5545, such as `FREQ=MONTHLY;BYDAY=2TH` for every second Thursday.")
}

/// A time that clocks skip or repeat, on one date of a series: the whole series need not move for it. Where a rule has no
/// end, such a date comes of itself some day, and must not keep a site from being published then.
pub fn of_one_date(mut finding: Finding, date: crate::time::Date, ends: bool) -> Finding {
    finding.help = vec![format!("Give that date a time of its own, under `recurrence`: `extra = [{date}T13:00:00]`.")];
    if !ends {
        finding.severity = Severity::Warning;
    }
    finding
}

pub fn stands_for_no_date(at: Place, near: &str) -> Finding {
    note("stands-for-no-date", at, "Its series recurs, and not on this day, so this is one session more.".into())
        .help(format!("If it was moved, write the day it was to be: `previous_starts = [{near}]`. If it is one more, all is well."))
}

pub fn endless_rule(at: Place) -> Finding {
    note("endless-rule", at, "This rule has no end, so calendars show it for the next twelve months.".into())
        .help("If it ends some day, write the last day of the series: `end = 2027-06-30`.")
}

pub fn rule_without_start(at: Place) -> Finding {
    warning("rule-without-start", at, "Nothing says from when this rule runs, so it plans no session.".into())
        .help("Write the first day of the series: `start = 2026-03-04`.")
}

pub fn rule_without_dates(at: Place, start: &str) -> Finding {
    warning("rule-without-dates", at, format!("From {start} on, this rule has no date before the series ends."))
        .help("Look at the rule, and at the `start` and `end` of the series.")
}

pub fn too_many_dates(at: Place, most: usize) -> Finding {
    warning("too-many-dates", at, format!("This rule has more than {most} dates, and calendars show only the first of them."))
        .help("Write a later `start`, an earlier `end`, or a rule that does not recur as often.")
}

pub fn nothing_to_except(at: Place, date: &str, near: Option<&str>) -> Finding {
    warning("nothing-to-except", at, format!("The rule has no session on {date} that could be left out."))
        .suggest(near, || "Take it out of `except`.".into())
}

pub fn uid_taken(at: Place, uid: &str, other: Place) -> Finding {
    error("uid-taken", at, format!("Calendar programs would take this for another session: both are known as `{uid}`."))
        .also(other, "the other one")
        .help("If it stands for another date of the series, write which: `occurrence = 2026-03-04`. Else give it a `uid` of its own.")
}

pub fn not_a_calendar_colour(at: Place, text: &str, near: Option<&str>) -> Finding {
    warning("not-a-calendar-colour", at, format!("Calendar programs know no colour `{text}`."))
        .suggest(near, || "Write a colour name of CSS, such as `steelblue`, or a value such as `#4682b4`.".into())
}

// The configuration and the theme.

pub fn no_config(file: &std::sync::Arc<str>) -> Finding {
    error("no-config", Place::top(file), "There is no `folkmoot.toml` here.".into())
        .help("Run `folkmoot init` to begin a knowledge base, or name the folder that holds one.")
}

pub fn untranslated(at: Place, language: &str) -> Finding {
    warning("untranslated", at, format!("The theme has no words in `{language}`, so its buttons and labels are in English."))
        .help(format!("Write them in `theme/strings/{language}.toml`; `folkmoot theme copy strings/en.toml` gives the English ones."))
}

pub fn no_base_url(at: Place) -> Finding {
    note("no-base-url", at, "There is no `base_url`, so the site has no sitemap and its feeds name no full addresses.".into())
        .help("When you know where the site will stand, write `base_url = \"https://…/\"`.")
}

pub fn unusable_base_url(at: Place, url: &str) -> Finding {
    error("unusable-base-url", at, format!("`{url}` is not the address of a site."))
        .help("Write it in full: `base_url = \"https://library.example.org/\"`.")
}

pub fn low_contrast(at: Place, colour: &str, ratio: &str) -> Finding {
    warning("low-contrast", at, format!("`{colour}` stands out too little from the page: {ratio} to 1, where text needs 4.5 to 1."))
        .help("Choose a darker shade for the light page, or a lighter one for the dark page.")
}

pub fn not_a_colour(at: Place, text: &str) -> Finding {
    error("not-a-colour", at, format!("`{text}` is not a colour.")).help("Write it as `#` and six digits: `#0b5c66`.")
}

pub fn template_trouble(at: Place, said: &str) -> Finding {
    error("template-trouble", at, said.to_string()).help("Mend the template, or take the file away: the theme's own then serves.")
}

pub fn unknown_theme_file(at: Place, near: Option<&str>) -> Finding {
    warning("unknown-theme-file", at, "No part of the theme has this name, so the file changes nothing.".into())
        .suggest(near, || "Run `folkmoot theme` to see the names there are.".into())
}

pub fn page_trouble(at: Place, page: &str, said: &str) -> Finding {
    error("page-trouble", at, format!("The page `{page}` could not be made: {said}"))
        .help("This is a fault of the program or of its theme, not of your text. Please report it.")
}

// Gap maps and the gate.

pub fn map_id(at: Place, id: &str, slug: &str) -> Finding {
    let help = if slug.is_empty() { "Write small letters and hyphens: `id = \"main\"`.".to_owned() } else { format!("Write `{slug}`.") };
    error("map-id", at, format!("`{id}` cannot be the id of a map, since it stands in its address.")).help(help)
}

pub fn map_declared_twice(at: Place, id: &str, first: Place) -> Finding {
    error("map-declared-twice", at, format!("There is a map `{id}` already."))
        .also(first, "the other one")
        .help("Give this one an `id` of its own.")
}

pub fn no_such_dimension(at: Place, dimension: &str, near: Option<&str>, known: &[&str]) -> Finding {
    let title = format!("No topic has the dimension `{dimension}`, so this map has no cells and is left out.");
    warning("map-without-cells", at, title).suggest(near, || match known {
        [] => format!("Write `dimension = \"{dimension}\"` into files of `content/topics/`."),
        known => format!("Topics have {}.", listed(known.iter().copied())),
    })
}

pub fn map_without_cells(at: Place, id: &str) -> Finding {
    warning("map-without-cells", at, format!("Nothing could stand in the rows or columns of the map `{id}`, so it is left out."))
        .help("Write the entries that its `rows` and `columns` are taken from, or take them from something else.")
}

pub fn unknown_map(at: Place, id: &str, near: Option<&str>, known: &[&str]) -> Finding {
    error("unknown-map", at, format!("There is no map `{id}`.")).suggest(near, || match known {
        [] => "Declare it in `folkmoot.toml`, as `[[maps]]` with this `id`.".to_owned(),
        known => format!("There is {}.", listed(known.iter().copied())),
    })
}

/// `what` is `row`, `column`, or `row or column`.
pub fn unknown_cell(at: Place, what: &str, id: &str, near: Option<&str>, map: &str) -> Finding {
    error("unknown-cell", at, format!("The map `{map}` has no {what} `{id}`."))
        .suggest(near, || format!("`folkmoot gaps --map {map} --format json` names all rows and columns."))
}

pub fn acceptance_over(at: Place, until: &str) -> Finding {
    note("acceptance-over", at, format!("Since {until} this gap counts again."))
        .help("Write a later day if the community still lives with it, or take the acceptance out.")
}

pub fn not_a_share(at: Place, key: &str, text: &str) -> Finding {
    error("not-a-share", at, format!("`{text}` is not a share from 0 to 1."))
        .help(format!("Write it with up to three decimals: `{key} = 0.4`."))
}

pub fn gate_without_baseline(at: Place) -> Finding {
    error("gate-without-baseline", at, "Nothing says what gaps there were before, so none can be new.".into())
        .help("Run `folkmoot gaps --snapshot gaps-baseline.json`, commit the file, and write `baseline = \"gaps-baseline.json\"`.")
}

pub fn no_snapshot(at: Place, file: &str) -> Finding {
    error("no-snapshot", at, format!("There is no snapshot `{file}` beside `folkmoot.toml`."))
        .help(format!("Run `folkmoot gaps --snapshot {file}`. The name of a snapshot begins with `gaps` and ends with `.json`."))
}

pub fn unreadable_snapshot(at: Place, what: &str) -> Finding {
    error("unreadable-snapshot", at, format!("This is not a snapshot of gaps: {what}."))
        .help("Move it away and write it again with `folkmoot gaps --snapshot`, or get an older state of the file back.")
}

pub fn gate_max(at: Place, title: String, help: Vec<String>) -> Finding {
    help.into_iter().fold(error("gate-max", at, title).label("this limit"), Finding::help)
}

pub fn gate_min(at: Place, title: String, help: Vec<String>) -> Finding {
    help.into_iter().fold(error("gate-min", at, title).label("this limit"), Finding::help)
}

pub fn gate_new(at: Place, title: String, help: Vec<String>) -> Finding {
    help.into_iter().fold(error("gate-new", at, title).label("this limit"), Finding::help)
}
