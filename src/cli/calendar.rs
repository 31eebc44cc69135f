//! `folkmoot calendar`: what is coming, at a terminal or for another program.

use super::choices::{Day, Shown};
use super::place::Site;
use super::{Outcome, tell};
use crate::findings::nearest::nearest;
use crate::findings::{Checked, any_error};
use crate::kinds::Kind;
use crate::pipeline::Pipeline;
use crate::site::{self, Coming, Links};
use crate::sources::{self, Earlier};
use anyhow::bail;
use clap::{Args, ValueEnum};

/// Print what is coming
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot calendar\n  folkmoot calendar my-community --series office-hours\n  folkmoot calendar --format ics > coming.ics"
)]
pub struct Calendar {
    #[command(flatten)]
    site: Site,
    /// Only the sessions of this series
    #[arg(long, value_name = "ID")]
    series: Option<String>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
    /// For calendar programs
    Ics,
}

impl Calendar {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let sources = sources::read(&root, Earlier::None)?;
        let options = self.day.options(self.shown.audience(), Links::Folders)?;
        let Checked { value: site, findings } = Pipeline::new().run(&sources, &options);
        let series = match &self.series {
            None => None,
            Some(id) => match site.series(id) {
                Some(found) => Some(found),
                None => bail!(unknown_series(&site, id)),
            },
        };
        match self.format {
            Form::Text => tell::out(&in_words(&site.coming(series)))?,
            Form::Json => tell::document(&serde_json::to_string_pretty(&site.coming(series))?)?,
            Form::Ics => tell::document(&site.coming_ics(series))?,
        }
        if any_error(&findings) {
            tell::aside("There are mistakes in the knowledge base, and they may be missing from this. `folkmoot check` shows them.")?;
            return Ok(Outcome::Errors);
        }
        Ok(Outcome::Done)
    }
}

fn unknown_series(site: &site::Site, id: &str) -> String {
    let k = site.knowledge();
    let ids: Vec<String> = k.listed(Kind::Series).map(|series| k.entry(series).id.clone()).collect();
    match nearest(id, ids.iter().map(String::as_str)) {
        Some(near) => format!("There is no series `{id}`. Did you mean `{near}`?"),
        None => format!("There is no series `{id}`."),
    }
}

/// One session to a line, in columns.
fn in_words(coming: &[Coming]) -> String {
    if coming.is_empty() {
        return "Nothing is planned.".to_owned();
    }
    let width = |of: fn(&Coming) -> &str| coming.iter().map(|session| of(session).chars().count()).max().unwrap_or(0);
    let (days, times) = (width(|session| &session.day), width(|session| &session.time));
    let lines = coming.iter().map(|session| {
        let series = session.series.as_ref().filter(|_| session.id.is_some());
        let said = session.said.iter().cloned().chain(series.cloned()).collect::<Vec<_>>().join("; ");
        let said = if said.is_empty() { said } else { format!(" ({said})") };
        format!("{:<days$}  {:<times$}  {}{said}\n", session.day, session.time, session.title)
    });
    lines.collect()
}
