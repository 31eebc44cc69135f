//! Choices that several commands share: the day, who the pages are for, and how findings are told.

use crate::findings::show::{Format, Notes};
use crate::knowledge::{Audience, Drafts, Internal};
use crate::pipeline;
use crate::site::Links;
use crate::time::{self, Date};
use anyhow::Context;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::time::{SystemTime, UNIX_EPOCH};

/// The day by which past and upcoming are told apart.
#[derive(Args)]
pub struct Day {
    /// Take this for today, such as 2026-03-04
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub today: Option<Date>,
}

/// What a public site leaves out.
#[derive(Args)]
pub struct Shown {
    /// Include drafts, marked as such
    #[arg(long)]
    drafts: bool,
    /// Include what is for staff only, marked as such
    #[arg(long)]
    internal: bool,
}

/// How findings are told.
#[derive(Args)]
pub struct Telling {
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Show every note and warning, also where many say the same
    #[arg(long)]
    notes: bool,
}

impl Shown {
    pub fn audience(&self) -> Audience {
        Audience {
            drafts: if self.drafts { Drafts::Shown } else { Drafts::Hidden },
            internal: if self.internal { Internal::Shown } else { Internal::Hidden },
        }
    }
}

impl Telling {
    pub fn notes(&self) -> Notes {
        if self.notes { Notes::All } else { Notes::Gathered }
    }
}

impl Day {
    pub fn options(&self, audience: Audience, links: Links) -> anyhow::Result<pipeline::Options> {
        Ok(pipeline::Options { today: self.today, now: now()?, audience, links })
    }
}

/// Seconds since 1970 by `SOURCE_DATE_EPOCH`, else by the clock (reproducible-builds.org, "SOURCE_DATE_EPOCH").
pub fn now() -> anyhow::Result<i64> {
    if let Some(said) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|said| !said.is_empty()) {
        let said = said.to_string_lossy();
        let help = || format!("`SOURCE_DATE_EPOCH` is `{said}`, and it takes a whole number of seconds since 1970.");
        return said.trim().parse().with_context(help);
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.map_or(0, |since| since.as_secs() as i64))
}

pub fn day(text: &str) -> Result<Date, String> {
    time::read_date(text).ok_or_else(|| "this is not a day; write it as 2026-03-04".to_owned())
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Format::Text, Format::Json, Format::Sarif, Format::Github]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Format::Text => PossibleValue::new("text").help("For people"),
            Format::Json => PossibleValue::new("json").help("For programs"),
            Format::Sarif => PossibleValue::new("sarif").help("For editors and services that gather what checkers find (SARIF 2.1.0)"),
            Format::Github => PossibleValue::new("github").help("For GitHub workflows: each beside its line of a change"),
        })
    }
}
