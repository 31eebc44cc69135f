//! `folkmoot new`: drafts the file of one entry.

use super::drafts::{self, Draft};
use super::proposal::{self, Proposal};
use super::{Outcome, choices, place, tell};
use crate::config::{self, Config};
use crate::entries::{self, Entry, names};
use crate::findings::nearest::nearest;
use crate::kinds::Kind;
use crate::sources::{self, CONTENT, Earlier, Sources};
use crate::time::{self, Date};
use anyhow::bail;
use clap::Args;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Draft the file of an entry
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot new session \"Opening call\" --date 2026-03-04\n  folkmoot new practice \"Retail licensing\"\n  \
                        folkmoot new session \"Office hours\" --series office-hours --site my-community"
)]
pub struct New {
    /// What it is: session, practice, case-study, series, topic, question, resource, voice, organization, person, community or page
    kind: String,
    /// What it is called
    title: String,
    /// The folder with `folkmoot.toml` [default: here, or the nearest parent that has one]
    #[arg(long)]
    site: Option<PathBuf>,
    /// The day it is dated, or takes place [default: today, or the next day of its series]
    #[arg(long, value_parser = choices::day)]
    date: Option<Date>,
    /// The series that a session belongs to
    #[arg(long, value_name = "ID")]
    series: Option<String>,
}

impl New {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let kind = kind(&self.kind)?;
        let title = drafts::one_line(&self.title);
        let slug = file_stem(kind, &title)?;
        let root = place::find(self.site.as_deref())?;
        let sources = sources::read(&root, Earlier::None)?;
        let config = config::read(sources.value.config.as_ref()).value;
        let others = entries_of(kind, &sources.value);
        refuse_taken(kind, &slug, &others)?;
        let series = self.series(kind, &sources.value)?;
        let proposal = match &series {
            Some((id, Some(_))) => Some(proposal::of(&sources, id, self.date)?),
            _ => None,
        };
        let date = match (self.date, &proposal) {
            (Some(date), _) => date,
            (None, Some(Proposal { date: Some(date), .. })) => *date,
            _ => time::day_of(choices::now()?, &config.time_zone),
        };
        let proposed =
            proposal.as_ref().filter(|proposal| self.date.is_none() && proposal.date.is_some()).map(|proposal| proposal.sentence(date));
        let Proposal { number, start, uid, occurrence, .. } = proposal.unwrap_or_default();
        let series = series.as_ref().map(|(id, declared)| (id.as_str(), declared.as_ref().and_then(|entry| entry.series())));

        let draft = Draft { kind, title: &title, date, synonyms: &[], site_id: &config.site_id, series, number, start, uid, occurrence };
        let file = root.join(draft.path(&slug));
        drafts::write_new(&file, &draft.text(&slug))?;
        let advice = closing(kind, &config, &others);
        tell::out(&format!(
            "Wrote `{}`.\n{}{}{advice}",
            place::shown(&file).display(),
            proposed.unwrap_or_default(),
            drafts::to_fill_in(kind)
        ))?;
        Ok(Outcome::Done)
    }

    /// The id of the series that was named, and its entry: there is none where no series is declared at all.
    fn series(&self, kind: Kind, sources: &Sources) -> anyhow::Result<Option<(String, Option<Arc<Entry>>)>> {
        let Some(id) = &self.series else { return Ok(None) };
        if kind != Kind::Session {
            bail!("`--series` is for sessions, and this is a {}. Leave it out.", kind.word());
        }
        let declared = entries_of(Kind::Series, sources);
        if let Some(found) = declared.iter().find(|series| names::key(&series.id) == names::key(id)) {
            return Ok(Some((found.id.clone(), Some(found.clone()))));
        }
        if declared.is_empty() {
            return Ok(Some((id.clone(), None)));
        }
        match nearest(id, declared.iter().map(|series| series.id.as_str())) {
            Some(near) => bail!("There is no series `{id}`. Did you mean `{near}`?"),
            None => bail!("There is no series `{id}`. To add it, run `folkmoot new series {}`.", drafts::shell_word(&names::readable(id))),
        }
    }
}

fn kind(word: &str) -> anyhow::Result<Kind> {
    let typed = names::key(word);
    if let Some(kind) = Kind::from_word(&typed) {
        return Ok(kind);
    }
    let words = Kind::ALL.map(Kind::word);
    match nearest(&typed, words) {
        Some(near) => bail!("There is no kind `{word}`. Did you mean `{near}`?"),
        None => bail!("There is no kind `{word}`. It is one of {}.", words.map(|word| format!("`{word}`")).join(", ")),
    }
}

/// The file's name without its ending; also the entry's id.
///
/// # Errors
/// When no letter or number is left of the title.
pub fn file_stem(kind: Kind, title: &str) -> anyhow::Result<String> {
    let slug = names::file_stem(title);
    if slug.is_empty() {
        bail!("Nothing is left of `{title}` in an address. Use a title with letters or numbers.");
    }
    // `index.md` in a folder of its own takes the folder's name, and sessions stand in the folders of years.
    if kind == Kind::Session && slug == "index" {
        bail!("A session called `{title}` would be known by its folder's name. Choose a title of several words.");
    }
    Ok(slug)
}

fn entries_of(kind: Kind, sources: &Sources) -> Vec<Arc<Entry>> {
    let folder = format!("{CONTENT}/{}/", kind.folder());
    let files = sources.content.par_iter().filter(|source| source.path.starts_with(&folder));
    files.flat_map_iter(|source| entries::parse(source).entries).filter(|entry| entry.kind == kind).collect()
}

fn refuse_taken(kind: Kind, slug: &str, others: &[Arc<Entry>]) -> anyhow::Result<()> {
    let Some(other) = others.iter().find(|entry| entry.slug == slug || names::key(&entry.id) == slug) else { return Ok(()) };
    bail!("There is a {} `{}` already, in `{}`. Choose another title, or write on in that file.", kind.word(), other.id, other.at.file);
}

/// What a first file of its kind changes for all others.
pub fn closing(kind: Kind, config: &Config, others: &[Arc<Entry>]) -> String {
    let stays_open = config.is_open(kind) || matches!(kind, Kind::Page | Kind::Session);
    if !others.is_empty() || stays_open {
        return String::new();
    }
    format!(
        "This is the first file in `{CONTENT}/{}/`. From now on, naming one there that has no file is an error; `folkmoot check` lists them.\n",
        kind.folder()
    )
}
