//! `folkmoot gaps`: what the community does not know, at a terminal and for programs.

use super::choices::{Day, Shown};
use super::columns::{self, Side};
use super::place::{self, Site};
use super::{Outcome, drafts, tell};
use crate::findings::{Checked, Severity, any_error};
use crate::knowledge::gaps::snapshot::Snapshot;
use crate::pipeline::Pipeline;
use crate::site::{self, GapForm, Links};
use crate::sources::{self, Earlier};
use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Show what the community does not know, and keep what it was
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot gaps\n  folkmoot gaps my-community --map main --top 5\n  folkmoot gaps --map main --format csv > gaps.csv\n  \
                        folkmoot gaps --snapshot gaps-2026-06.json\n  folkmoot gaps --since gaps-2026-06.json"
)]
pub struct Gaps {
    #[command(flatten)]
    site: Site,
    /// Only this map
    #[arg(long, value_name = "ID")]
    map: Option<String>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// How many cells of each map are shown as text
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Keep the maps as they are in this file; an older snapshot there is replaced
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "format", "top"])]
    snapshot: Option<PathBuf>,
    /// Tell what opened, closed and moved since this snapshot
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "top"])]
    since: Option<PathBuf>,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// The whole map for programs, as in `data/MAP/gaps.json`
    Json,
    /// The register as a table, as in `data/MAP/gaps.csv`
    Csv,
    /// A report, as in `data/MAP/report.md`
    Md,
    /// The JSON that EPPI-Mapper takes in
    Eppi,
}

/// Findings that say that a snapshot is wanted.
const OF_SNAPSHOTS: [&str; 3] = ["no-snapshot", "unreadable-snapshot", "gate-without-baseline"];

impl Gaps {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let sources = sources::read(&root, Earlier::None)?;
        let options = self.day.options(self.shown.audience(), Links::Folders)?;
        let Checked { value: site, findings } = Pipeline::new().run(&sources, &options);
        let wrong = any_error(&findings);
        let maps = self.maps(&site)?;
        if let Some(file) = &self.snapshot {
            // What is wrong with snapshots is mended by this.
            let else_wrong = findings.iter().any(|finding| finding.severity == Severity::Error && !OF_SNAPSHOTS.contains(&finding.code));
            if else_wrong {
                bail!("There are mistakes in the knowledge base, and a snapshot of them would mislead. `folkmoot check` shows them.");
            }
            keep(&site, &maps, file)?;
            return Ok(Outcome::Done);
        }
        if let Some(file) = &self.since {
            let source = sources::read_file(file, &file.display().to_string())?;
            let then = Snapshot::read(source.text().unwrap_or_default()).map_err(|unreadable| not_a_snapshot(file, &unreadable))?;
            let texts: Vec<String> = maps.iter().map(|map| site.gaps_since(*map, &then)).collect();
            tell::document(&texts.join("\n"))?;
        } else if maps.is_empty() {
            let declared = !site.knowledge().config.maps.is_empty();
            let none = match declared {
                true => "No map that is declared has rows and columns yet. `folkmoot check` says what they lack.",
                false => "There is no map yet: it needs topics. `folkmoot new topic \"Youth vaping\"` writes one.",
            };
            // A program behind a pipe takes no sentence for a map.
            if self.format != Form::Text {
                bail!("{none}");
            }
            tell::out(none)?;
        } else {
            self.print(&site, &maps)?;
        }
        if wrong {
            tell::aside("There are mistakes in the knowledge base, and something may be missing here. `folkmoot check` shows them.")?;
            return Ok(Outcome::Errors);
        }
        Ok(Outcome::Done)
    }

    /// The maps that are asked for, by their number.
    fn maps(&self, site: &site::Site) -> anyhow::Result<Vec<usize>> {
        let all = site.knowledge().maps();
        let known = || all.iter().map(|map| format!("`{}`", map.id())).collect::<Vec<_>>().join(", ");
        match &self.map {
            Some(id) => {
                let at = all.iter().position(|map| map.id() == id);
                let at = at
                    .ok_or_else(|| anyhow!("There is no map `{id}`. There is {}.", if all.is_empty() { "none".into() } else { known() }))?;
                Ok(vec![at])
            }
            None if all.len() > 1 && self.format != Form::Text => {
                bail!("There are {} maps, and this is about one: name it after `--map`. There is {}.", all.len(), known())
            }
            None => Ok((0..all.len()).collect()),
        }
    }

    fn print(&self, site: &site::Site, maps: &[usize]) -> anyhow::Result<()> {
        let form = match self.format {
            Form::Text => {
                let texts: Vec<String> = maps.iter().map(|map| text(site, *map, self.top)).collect();
                return tell::out(&texts.join("\n"));
            }
            Form::Json => GapForm::Json,
            Form::Csv => GapForm::Csv,
            Form::Md => GapForm::Report,
            Form::Eppi => GapForm::Eppi,
        };
        maps.iter().try_for_each(|map| tell::document(&site.gaps_as(*map, form)))
    }
}

fn not_a_snapshot(file: &Path, unreadable: &crate::knowledge::gaps::snapshot::Unreadable) -> anyhow::Error {
    anyhow!(
        "`{}` is not a snapshot of gaps: line {}, column {}: {}. `folkmoot gaps --snapshot FILE` writes one.",
        file.display(),
        unreadable.line,
        unreadable.column,
        unreadable.what
    )
}

/// Writes a snapshot whole or not at all. Only an older snapshot is written over.
fn keep(site: &site::Site, maps: &[usize], file: &Path) -> anyhow::Result<()> {
    let all = site.knowledge().maps();
    if maps.is_empty() {
        bail!("There is no map yet, so there is nothing to keep.");
    }
    let file = place::absolute(file)?;
    let shown = place::shown(&file).display().to_string();
    let old = file.exists().then(|| sources::read_file(&file, &shown)).transpose()?;
    if old.is_some_and(|old| Snapshot::read(old.text().unwrap_or_default()).is_err()) {
        bail!("`{shown}` is there already and is no snapshot of gaps, so it stays as it is. Choose another name.");
    }
    let snapshot = Snapshot::of(site.knowledge(), maps.iter().map(|map| &all[*map]));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    drafts::replace(&file, &snapshot.text())?;
    tell::out(&format!("Kept {} in `{shown}`.\n", crate::findings::show::counted(maps.len(), "map")))?;
    if !sources::is_snapshot(&name) {
        tell::aside(
            "For a page of changes or a gate, a snapshot lies beside `folkmoot.toml` and its name begins with `gaps` and ends with `.json`.",
        )?;
    }
    Ok(())
}

/// A map for people: its numbers, and what should be looked at first.
fn text(site: &site::Site, map: usize, top: usize) -> String {
    let told = site.gap_summary(map, top);
    let mut text = format!("{} (`{}`), {}\n{}\n", told.title, told.id, told.today, told.numbers);
    if !told.gaps.is_empty() {
        text.push_str(&format!("{}\n", told.gaps));
    }
    if told.lines.is_empty() {
        return text;
    }
    let head = ["Score", "Cell", "Gaps", "Known", "Covered", "Days", "Owner"].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    for line in &told.lines {
        rows.push(vec![
            line.score.to_string(),
            line.cell.clone(),
            line.letters.clone(),
            line.known.clone(),
            line.coverage.clone(),
            line.age.map_or_else(|| "–".to_owned(), |days| days.to_string()),
            line.owner.clone().unwrap_or_else(|| "nobody yet".to_owned()),
        ]);
    }
    let sides = [Side::Right, Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Left];
    text.push('\n');
    text.push_str(&columns::lines(&sides, &rows));
    if told.more > 0 {
        text.push_str(&format!("And {} more: `--top {}` shows them all.\n", told.more, told.lines.len() + told.more));
    }
    text.push_str(&format!("\nFirst: {}: {}\n", told.lines[0].cell, told.lines[0].next));
    text
}
