//! `folkmoot build`: publishes the site into a folder, all or nothing.

use super::choices::{Day, Shown, Telling};
use super::place::{self, Site};
use super::progress::Progress;
use super::{Outcome, tell};
use crate::config;
use crate::findings::show::{Format, counted};
use crate::findings::{Checked, Finding, any_error};
use crate::output::{self, Plan, Published, Trouble};
use crate::pipeline::{self, Pipeline};
use crate::site::{self, Links, SiteFile};
use crate::sources::{self, Earlier, Sources};
use anyhow::bail;
use clap::Args;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

/// Publish the site into a folder, all or nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  folkmoot build\n  folkmoot build my-community --out /srv/www/library\n  \
                        folkmoot build --portable --out shared-drive   (opens without a web server)")]
pub struct Build {
    #[command(flatten)]
    site: Site,
    /// The folder to publish into [default: `out` in `folkmoot.toml`, else `public` beside it]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write links that also work from a shared drive, without a web server
    #[arg(long)]
    portable: bool,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    telling: Telling,
}

impl Build {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        let root = self.site.find()?;
        let progress = Progress::new();
        progress.step("Reading");
        let sources = sources::read(&root, Earlier::None)?;
        let out = self.out_folder(&root, &sources.value);
        let protected = place::community_folders(&root);
        let home = std::env::home_dir();
        output::check_output_folder(&out, &root, &protected, home.as_deref())?;

        let links = if self.portable { Links::Portable } else { Links::Folders };
        let options = self.day.options(self.shown.audience(), links)?;
        let digest = pipeline::digest(&sources.value, &options);
        if self.may_stand(&sources)
            && let Some(standing) = output::up_to_date(&out, &digest)
        {
            progress.clear();
            tell::out(&format!("Nothing has changed; {} in `{}`.", standing_files(&standing), out.display()))?;
            return Ok(Outcome::Done);
        }

        progress.step("Bringing it together");
        let Checked { value: site, mut findings } = Pipeline::new().run(&sources, &options);
        if !any_error(&findings) {
            findings.extend(site.draw_shared());
        }
        if any_error(&findings) {
            progress.clear();
            return self.nothing_published(&mut findings, &sources.value, &root, &out);
        }
        // The program is about to end: giving back a large site piece by piece would only keep people waiting.
        let mut site = std::mem::ManuallyDrop::new(site);
        progress.step("Indexing");
        let listing = site.listing();
        let index = site.take_index().into_iter().map(Mutex::new).collect::<Vec<_>>();
        let early = listing.of_index();
        let (home, paths) = (home.as_deref(), &*listing.paths);
        let plan = Plan { out: &out, project: &root, protected: &protected, home, digest: &digest, paths, early: &early };
        let published = publish(&plan, &site, &listing, &index, &progress);
        progress.clear();
        match published {
            Ok(published) => {
                tell::findings(&mut findings, &sources.value, &root, &self.telling)?;
                self.say(&summary(&published, &out, begun))?;
                Ok(Outcome::Done)
            }
            Err(Trouble::Pages(pages)) => {
                findings.extend(pages);
                self.nothing_published(&mut findings, &sources.value, &root, &out)
            }
            Err(Trouble::Refused(refusal)) => bail!(refusal),
            Err(Trouble::Machine(trouble)) => {
                Err(trouble.context("The site could not be written. What stood there stands, and the next build goes on from it"))
            }
        }
    }

    fn out_folder(&self, root: &Path, sources: &Sources) -> PathBuf {
        match &self.out {
            Some(out) => out.clone(),
            None => place::shown(&root.join(config::read(sources.config.as_ref()).value.out)),
        }
    }

    /// Whether what was published from the same sources may be left alone: not where reading them had something to
    /// tell, and not for a program, which wants the findings themselves.
    fn may_stand(&self, sources: &Checked<Sources>) -> bool {
        sources.findings.is_empty() && self.telling.format == Format::Text
    }

    fn nothing_published(&self, findings: &mut Vec<Finding>, sources: &Sources, root: &Path, out: &Path) -> anyhow::Result<Outcome> {
        tell::findings(findings, sources, root, &self.telling)?;
        let stands = if out.is_dir() { format!(" The site in `{}` stands as it was.", out.display()) } else { String::new() };
        self.say(&format!("Nothing was published.{stands}"))?;
        Ok(Outcome::Errors)
    }

    /// A sentence for people: beside the document, where a program reads that.
    fn say(&self, sentence: &str) -> anyhow::Result<()> {
        match self.telling.format {
            Format::Text => tell::out(sentence),
            Format::Json | Format::Sarif | Format::Github => tell::aside(sentence),
        }
    }
}

/// `index` has the files of the search index. Each is asked for once, and its memory goes as soon as it is staged.
fn publish(
    plan: &Plan,
    site: &site::Site,
    listing: &site::Listing,
    index: &[Mutex<Box<str>>],
    progress: &Progress,
) -> Result<Published, Trouble<Finding>> {
    output::publish(plan, &|file| {
        let bytes = match listing.files[file] {
            SiteFile::Index(number) => {
                let text = std::mem::take(&mut *index[number].lock().expect("nobody falls over with it"));
                Ok(Cow::Owned(text.into_boxed_bytes().into_vec()))
            }
            made => site.render(made),
        };
        progress.rendered(plan.paths.len());
        bytes
    })
}

fn standing_files(standing: &Published) -> String {
    let files = standing.unchanged;
    format!("{} {}", counted(files, "file"), if files == 1 { "stands" } else { "stand" })
}

fn summary(published: &Published, out: &Path, begun: Instant) -> String {
    let Published { written, unchanged, removed, repaired, .. } = *published;
    let finished = if repaired { "An earlier build had been cut short; it was finished first.\n" } else { "" };
    format!(
        "{finished}Published {} ({written} written, {unchanged} unchanged, {removed} removed) to `{}` in {:.2} s.",
        counted(written + unchanged, "file"),
        out.display(),
        begun.elapsed().as_secs_f64(),
    )
}
