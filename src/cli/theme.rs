//! `folkmoot theme`: lists the files of the theme, and copies them out to be changed.

use super::place::{self, Site};
use super::{Outcome, drafts, tell};
use crate::findings::nearest::nearest;
use crate::findings::show::counted;
use crate::sources::THEME;
use crate::theme::builtin_files;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// List the files of the theme, or copy them out to change them
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot theme list\n  folkmoot theme copy templates/session.html\n  folkmoot theme copy --all --site my-community"
)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Theme {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    site: Site,
}

#[derive(Subcommand)]
enum Action {
    List(List),
    Copy(Copy),
}

/// List the theme's files, and which of them this site has its own of
#[derive(Args)]
#[command(after_help = "Example:\n  folkmoot theme list my-community")]
struct List {
    #[command(flatten)]
    site: Site,
}

/// Copy files of the theme into the site's folder `theme`, where they take the place of its own
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot theme copy templates/session.html\n  folkmoot theme copy strings/en.toml --site my-community"
)]
struct Copy {
    /// The files, by the names that `folkmoot theme list` shows
    #[arg(required_unless_present = "all")]
    names: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// The folder with `folkmoot.toml` [default: here, or the nearest parent that has one]
    #[arg(long)]
    site: Option<PathBuf>,
}

impl Theme {
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.action {
            None => list(&self.site),
            Some(Action::List(action)) => list(&action.site),
            Some(Action::Copy(action)) => action.run(),
        }
    }
}

fn list(site: &Site) -> anyhow::Result<Outcome> {
    // The names are of use before there is a site, too.
    let folder = site.find().ok().map(|root| root.join(THEME));
    let own = |name: &str| folder.as_ref().is_some_and(|folder| folder.join(name).is_file());
    let mut told = String::new();
    let mut overridden = 0;
    for (name, _) in sorted() {
        let mark = own(name);
        overridden += usize::from(mark);
        told.push_str(&if mark { format!("{name}  (this site has its own)\n") } else { format!("{name}\n") });
    }
    if folder.is_some() {
        told.push_str(&format!("{}; this site has its own of {overridden}.\n", counted(sorted().len(), "file")));
    }
    tell::out(&told)?;
    Ok(Outcome::Done)
}

impl Copy {
    fn run(self) -> anyhow::Result<Outcome> {
        let root = place::find(self.site.as_deref())?;
        let chosen = if self.all { sorted() } else { self.names.iter().map(|name| named(name)).collect::<anyhow::Result<_>>()? };
        let files: Vec<(PathBuf, &[u8])> = chosen.into_iter().map(|(name, bytes)| (root.join(THEME).join(name), bytes)).collect();
        let there: Vec<String> =
            files.iter().filter(|(file, _)| file.symlink_metadata().is_ok()).map(|(file, _)| format!("`{}`", shown(file))).collect();
        match there.as_slice() {
            [] => {}
            [one] => bail!("{one} is there already, and nothing has been copied. Leave it out, or move it away."),
            many => bail!("{} are there already, and nothing has been copied. Leave them out, or move them away.", many.join(", ")),
        }
        let mut told = String::new();
        for (file, bytes) in &files {
            let text = std::str::from_utf8(bytes).with_context(|| format!("{} is no text", shown(file)))?;
            drafts::write_new(file, text)?;
            told.push_str(&format!("Copied to `{}`.\n", shown(file)));
        }
        told.push_str("What you change there shows; to go back, take the file away.\n");
        tell::out(&told)?;
        Ok(Outcome::Done)
    }
}

type File = (&'static str, &'static [u8]);

fn sorted() -> Vec<File> {
    let mut files: Vec<File> = builtin_files().collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// A file by its name, or by the last part of it where that is enough.
fn named(typed: &str) -> anyhow::Result<File> {
    let files = sorted();
    let asked = typed.strip_prefix("theme/").unwrap_or(typed);
    if let Some(file) = files.iter().find(|(name, _)| *name == asked) {
        return Ok(*file);
    }
    let ends: Vec<&File> = files.iter().filter(|(name, _)| name.rsplit('/').next() == Some(asked)).collect();
    if let [file] = ends.as_slice() {
        return Ok(**file);
    }
    let names = files.iter().map(|(name, _)| *name);
    let near = nearest(asked, names.clone()).or_else(|| {
        let last = nearest(asked, names.clone().map(|name| name.rsplit('/').next().unwrap_or(name)))?;
        names.clone().find(|name| name.ends_with(last))
    });
    match near {
        Some(near) => bail!("The theme has no file `{typed}`. Did you mean `{near}`?"),
        None => bail!("The theme has no file `{typed}`. Run `folkmoot theme list` to see the names there are."),
    }
}

fn shown(file: &Path) -> String {
    place::shown(file).display().to_string()
}
