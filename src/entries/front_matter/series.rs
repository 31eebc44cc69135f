//! A series: sessions that belong together, in a defined window of time.

use super::Text;
use super::session::{Mode, Registration};
use crate::fields::colour::Colour;
use crate::fields::{Fields, Ref, Wall};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::recurrence::Rule;
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
    pub colour: Option<Colour>,
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
    /// As it was written.
    pub rrule: Option<Text>,
    /// The same understood; none where it could not be.
    pub rule: Option<Rule>,
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
                let rrule = f.required(rrule);
                let rule = rrule.as_ref().and_then(|rrule| {
                    Rule::read(rrule).map_err(|why| f.tell(catalogue::unreadable_rule(f.place(rrule.span), rrule, &why))).ok()
                });
                Recurrence {
                    rrule,
                    rule,
                    except: f.dates("except", "Dates of the rule on which there is no session."),
                    extra: f.dates_or_times("extra", "Dates on which there is one besides."),
                }
            }),
            curriculum: f.references("curriculum", Kind::Topic, "Topics in the order in which they are planned."),
            colour: f.text("colour", "Its colour in calendars: a CSS colour name, or `#rrggbb` for the nearest one.").and_then(|text| {
                let colour = Colour::read(&text);
                if colour.is_none() {
                    f.tell(catalogue::not_a_calendar_colour(f.place(text.span), &text, Colour::nearest_name(&text)));
                }
                colour
            }),
        };
        if let (Some(start), Some(end)) = (&series.start, &series.end)
            && end.value < start.value
        {
            f.tell(catalogue::ends_before_it_starts(f.place(end.span), &start.value.to_string()));
        }
        series
    }
}
