//! A series: sessions that belong together, in a defined window of time.

use super::Text;
use super::session::{Mode, Registration};
use crate::fields::{Fields, Ref, Wall};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::{Date, Time, Zone};
use crate::words;

words! {
    /// What a series cannot be told from its dates.
    SeriesStatus { Cancelled = "cancelled" }
}

#[derive(Debug, Clone, Default)]
pub struct Series {
    pub time_zone: Option<At<Zone>>,
    pub display_zones: Vec<At<Zone>>,
    pub start: Option<At<Date>>,
    pub end: Option<At<Date>>,
    pub status: Option<At<SeriesStatus>>,
    pub format: Option<Text>,
    pub default: Option<Defaults>,
    pub registration: Option<Registration>,
    pub recurrence: Option<Recurrence>,
    /// Topics in the order in which they are planned.
    pub curriculum: Vec<Ref>,
    pub colour: Option<Text>,
}

/// What its sessions have in common, unless they say otherwise.
#[derive(Debug, Clone)]
pub struct Defaults {
    pub time: Option<At<Time>>,
    pub minutes: Option<At<i64>>,
    pub mode: Option<At<Mode>>,
    pub platform: Option<Text>,
    pub facilitators: Vec<Ref>,
}

/// When sessions recur (RFC 5545, section 3.3.10).
#[derive(Debug, Clone)]
pub struct Recurrence {
    pub rrule: Option<Text>,
    pub except: Vec<At<Date>>,
    pub extra: Vec<At<Wall>>,
}

impl Series {
    pub fn read(f: &mut Fields) -> Series {
        let series = Series {
            time_zone: f.zone("time_zone", "The zone of its sessions' times, where that is not the site's."),
            display_zones: f.zones("display_zones", "Other zones to show its times in."),
            start: f.date("start", "The first day of its window."),
            end: f.date("end", "The last day of its window."),
            status: f.word("status", "Only where it was cancelled; all else follows from its dates."),
            format: f.text("format", "How its sessions go."),
            default: f.table("default", "What its sessions have in common.", |f| Defaults {
                time: f.clock("time", "When they start."),
                minutes: f.integer("minutes", 1, 60 * 24 * 31, "How long they take, in minutes."),
                mode: f.word("mode", "Online, in person or both."),
                platform: f.text("platform", "What they meet on."),
                facilitators: f.references("facilitators", Kind::Person, "People who lead them."),
            }),
            registration: f.table("registration", "How to register for the whole series.", Registration::read),
            recurrence: f.table("recurrence", "When its sessions recur.", |f| {
                let rrule = f.text("rrule", "A rule of RFC 5545, such as \"FREQ=MONTHLY;BYDAY=2TH\".");
                Recurrence {
                    rrule: f.required(rrule),
                    except: f.dates("except", "Dates of the rule on which there is no session."),
                    extra: f.dates_or_times("extra", "Dates on which there is one besides."),
                }
            }),
            curriculum: f.references("curriculum", Kind::Topic, "Topics in the order in which they are planned."),
            colour: f.text("colour", "Its colour in calendars: a CSS colour name."),
        };
        if let (Some(start), Some(end)) = (&series.start, &series.end)
            && end.value < start.value
        {
            f.tell(catalogue::ends_before_it_starts(f.place(end.span), &start.value.to_string()));
        }
        if let Some(rule) = series.recurrence.as_ref().and_then(|recurrence| recurrence.rrule.as_ref())
            && let Err(why) = rule_parts(rule)
        {
            f.tell(catalogue::unreadable_rule(f.place(rule.span), rule, &why));
        }
        series
    }
}

/// The parts of a recurrence rule by name, checked as far as their grammar goes (RFC 5545, section 3.3.10).
pub fn rule_parts(rule: &str) -> Result<Vec<(String, String)>, String> {
    const NAMES: [&str; 14] = [
        "FREQ",
        "UNTIL",
        "COUNT",
        "INTERVAL",
        "BYSECOND",
        "BYMINUTE",
        "BYHOUR",
        "BYDAY",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYMONTH",
        "BYSETPOS",
        "WKST",
    ];
    // Communities do not meet every second; a rule that says so is a slip, and would fill a calendar.
    const RHYTHMS: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
    let mut parts: Vec<(String, String)> = Vec::new();
    for part in rule.trim().trim_start_matches("RRULE:").split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`"))?;
        let name = name.trim().to_ascii_uppercase();
        if !NAMES.contains(&name.as_str()) {
            return Err(format!("it has no part `{name}`"));
        }
        if parts.iter().any(|(earlier, _)| *earlier == name) {
            return Err(format!("`{name}` stands in it twice"));
        }
        parts.push((name, value.trim().to_ascii_uppercase()));
    }
    match parts.iter().find(|(name, _)| name == "FREQ") {
        None => Err("it does not say how often (`FREQ`)".into()),
        Some((_, rhythm)) if !RHYTHMS.contains(&rhythm.as_str()) => Err(format!("`FREQ` is one of {}", RHYTHMS.join(", "))),
        Some(_) => Ok(parts),
    }
}
