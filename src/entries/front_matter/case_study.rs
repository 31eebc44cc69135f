//! A case study: what one place or organization did, and what came of it.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::Date;
use crate::words;

words! {
    /// Which way a result went.
    Direction { Improved = "improved", NoChange = "no-change", Worse = "worse", Mixed = "mixed" }
}

words! {
    /// Whether they would do it again.
    Again { Yes = "yes", WithChanges = "with-changes", No = "no" }
}

#[derive(Debug, Clone, Default)]
pub struct CaseStudy {
    pub setting: Option<Text>,
    pub period: Option<Period>,
    pub practices: Vec<Ref>,
    pub results: Vec<Outcome>,
    pub barriers: Vec<Text>,
    pub enablers: Vec<Text>,
    pub cost: Option<Text>,
    pub lessons: Vec<Text>,
    pub contact: Option<Text>,
    pub willing_to_talk: bool,
    pub would_do_again: Option<At<Again>>,
}

#[derive(Debug, Clone)]
pub struct Period {
    pub from: Option<At<Date>>,
    pub to: Option<At<Date>>,
}

/// One measured result.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub measure: Option<Text>,
    pub baseline: Option<Text>,
    pub result: Option<Text>,
    pub unit: Option<Text>,
    pub audience: Option<Ref>,
    pub direction: Option<At<Direction>>,
    pub source: Option<Text>,
}

impl CaseStudy {
    pub fn read(f: &mut Fields) -> CaseStudy {
        CaseStudy {
            setting: f.text("setting", "What kind of place it is."),
            period: f.table("period", "From when to when.", |f| {
                let period = Period { from: f.date("from", "The first day."), to: f.date("to", "The last day, if it is over.") };
                if let (Some(from), Some(to)) = (&period.from, &period.to)
                    && to.value < from.value
                {
                    f.tell(catalogue::ends_before_it_starts(f.place(to.span), &from.value.to_string()));
                }
                period
            }),
            practices: f.references("practices", Kind::Practice, "The practices that were tried."),
            results: f.tables("results", "What was measured.", |f| {
                let measure = f.text("measure", "What was measured.");
                Outcome {
                    measure: f.required(measure),
                    baseline: f.figure("baseline", "The figure before."),
                    result: f.figure("result", "The figure after."),
                    unit: f.text("unit", "The unit of both."),
                    audience: f.reference("audience", Kind::Voice, "Whom it was measured for."),
                    direction: f.word("direction", "Which way it went."),
                    source: f.text("source", "Where the figures come from."),
                }
            }),
            barriers: f.texts("barriers", "What stood in the way."),
            enablers: f.texts("enablers", "What helped."),
            cost: f.figure("cost", "What it cost, as text."),
            lessons: f.texts("lessons", "What was learned."),
            contact: f.text("contact", "Whom to ask; printed, so name a role or a shared address."),
            willing_to_talk: f.flag("willing_to_talk", "Whether others may call and ask.").is_some_and(|flag| flag.value),
            would_do_again: f.word("would_do_again", "Whether they would do it again."),
        }
    }
}
