//! `folkmoot check`: tells everything there is to tell, and publishes nothing.

use super::choices::{Day, Shown, Telling};
use super::place::Site;
use super::progress::Progress;
use super::{Outcome, tell};
use crate::findings::show::{Counts, Format, counted};
use crate::findings::{Checked, Finding, any_error};
use crate::knowledge::gaps::gate;
use crate::pipeline::Pipeline;
use crate::site::{self, Links};
use crate::sources::{self, Earlier};
use anyhow::bail;
use clap::Args;
use rayon::prelude::*;

/// Find mistakes, and publish nothing
#[derive(Args)]
#[command(after_help = "Examples:\n  folkmoot check\n  folkmoot check my-community --notes\n  \
                  folkmoot check --format json > findings.json\n  folkmoot check --format sarif > findings.sarif\n  \
                  folkmoot check --format github   (in a GitHub workflow)\n  folkmoot check --gate")]
pub struct Check {
    #[command(flatten)]
    site: Site,
    /// Hold the gaps to the limits under `[gate]` in `folkmoot.toml`
    #[arg(long)]
    gate: bool,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    telling: Telling,
}

impl Check {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let progress = Progress::new();
        progress.step("Reading");
        let sources = sources::read(&root, Earlier::None)?;
        let options = self.day.options(self.shown.audience(), Links::Folders)?;
        progress.step("Bringing it together");
        let Checked { value: site, mut findings } = Pipeline::new().run(&sources, &options);
        findings.extend(site.draw_shared());
        findings.extend(render_all(&site, &progress));
        let gate = self.gate.then(|| gate::check(site.knowledge(), site.knowledge().baseline.as_ref()));
        if let Some(gate) = &gate {
            if gate.limits == 0 {
                bail!(
                    "There are no limits to hold the gaps to. Write some into `folkmoot.toml`, such as `[gate]` with `max = {{ A = 10 }}`."
                );
            }
            findings.extend(gate.broken.iter().cloned());
        }
        progress.clear();
        tell::findings(&mut findings, &sources.value, &root, &self.telling)?;
        if any_error(&findings) {
            return Ok(Outcome::Errors);
        }
        if self.telling.format == Format::Text {
            tell::out(&verdict(site.summary().entries, &findings))?;
            if let Some(gate) = gate {
                let (limits, maps) = (counted(gate.limits, "limit"), counted(gate.maps, "map"));
                tell::out(&format!("The gate is open: {limits} on {maps} {}.", if gate.limits == 1 { "holds" } else { "hold" }))?;
            }
        }
        Ok(Outcome::Done)
    }
}

/// Makes every page and lets go of it: some mistakes in a template show only then.
fn render_all(site: &site::Site, progress: &Progress) -> Vec<Finding> {
    let files = site.made();
    let render = |file| {
        let trouble = site.render(file).err();
        progress.rendered(files.len());
        trouble
    };
    files.par_iter().copied().filter_map(render).collect()
}

fn verdict(entries: usize, findings: &[Finding]) -> String {
    let checked = format!("{} checked", if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") });
    match Counts::of(findings).warnings {
        0 => format!("{checked}; nothing to mend."),
        warnings => {
            format!("{checked}; {} to look at, and nothing that keeps the site from being published.", counted(warnings, "warning"))
        }
    }
}
