//! `folkmoot import eppi`: a map of EPPI-Mapper becomes topics, resources and a map of the knowledge base.

use super::entries::{self, Entries, New};
use crate::cli::choices::Day;
use crate::cli::place::{self, Site};
use crate::cli::{Outcome, drafts, new, tell};
use crate::entries::{Entry, Origin, names};
use crate::eppi::{self, Candidate, Choice, Chosen, Left, Unclear};
use crate::findings::show::{self, Notes, Styled, counted, tame};
use crate::findings::{Checked, Finding, any_error};
use crate::kinds::Kind;
use crate::knowledge::{Audience, Drafts, Internal, Knowledge};
use crate::pipeline::{Options, Pipeline};
use crate::site::Links;
use crate::sources::{self, CONFIG, Earlier, Source, Sources};
use anyhow::bail;
use clap::Args;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Take in a map of EPPI-Mapper
///
/// Reads the JSON report of EPPI-Reviewer that the map was made from, or the page that EPPI-Mapper published. Rows,
/// columns and segments become topics, references become resources, and the map is declared in `folkmoot.toml`.
/// Nothing that is there is written over: where something is in the way, nothing is written at all.
#[derive(Args)]
#[command(after_help = "Examples:\n  folkmoot import eppi map.json --rows Interventions --columns Outcomes\n  \
                        folkmoot import eppi map.json my-community --rows Interventions --columns Outcomes --segment Quality --dry-run\n  \
                        folkmoot import eppi published-map.html")]
pub struct Eppi {
    /// The report (`.json`) or the published map (`.html`)
    file: PathBuf,
    #[command(flatten)]
    site: Site,
    /// The codes that are its rows: a codeset, or an attribute with others below it, by name or number
    #[arg(long, value_name = "CODES")]
    rows: Option<String>,
    /// The codes that are its columns
    #[arg(long, value_name = "CODES")]
    columns: Option<String>,
    /// Further codes to bring as topics: what bubbles are divided by, or filters; can be said several times
    #[arg(long, value_name = "CODES")]
    segment: Vec<String>,
    /// What the map is called here, and in its address [default: as the only codeset, or by its sides]
    #[arg(long)]
    title: Option<String>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    day: Day,
}

impl Eppi {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let shown = self.file.display().to_string();
        let source = sources::read_file(&self.file, &shown)?;
        let Checked { value: report, findings } = eppi::read(&source);
        tell_findings(&findings, &|path| (path == shown).then(|| source.text().unwrap_or_default()))?;
        let Some(report) = report.filter(|_| !any_error(&findings)) else {
            tell::aside("Nothing has been written.")?;
            return Ok(Outcome::Errors);
        };
        let choice =
            Choice { title: self.title.clone(), rows: self.rows.clone(), columns: self.columns.clone(), segments: self.segment.clone() };
        let chosen = match report.map(&choice) {
            Ok(chosen) => chosen,
            Err(unclear) => bail!("{}", in_words(&unclear, &shown)),
        };

        let sources = sources::read(&root, Earlier::None)?;
        let audience = Audience { drafts: Drafts::Shown, internal: Internal::Shown };
        let options = self.day.options(audience, Links::Folders)?;
        let before = Pipeline::new().run(&sources, &options);
        if before.findings.iter().any(|finding| finding.code == "toml-syntax" && finding.at.as_ref().is_some_and(|at| &*at.file == CONFIG))
        {
            bail!("`{CONFIG}` has a mistake that keeps it from being read, so no map can be added to it. `folkmoot check` shows it.");
        }
        let k = before.value.knowledge();
        let entries = entries::of(&chosen.map, k.today);
        refuse_taken(&entries, k, &root)?;
        let added = added(&sources.value, &entries);
        if let Some(troubles) = new_errors(&sources, &before.findings, &added, &options) {
            let texts = Checked::new(added.sources, Vec::new());
            tell_findings(&troubles, &|path| texts.value.text(path))?;
            tell::aside(
                "These mistakes would come of it, so nothing has been written. Mend them first; undeclared topics get their files by `folkmoot topics --undeclared --draft`.",
            )?;
            return Ok(Outcome::Errors);
        }
        if !self.dry_run {
            let files: Vec<(PathBuf, String)> = entries.all().map(|new| (root.join(&new.path), new.text.clone())).collect();
            drafts::write_all_new_and_append(&files, &root.join(CONFIG), &added.lines)?;
        }
        tell::out(&self.told(&chosen, &entries, k, &shown, &root))?;
        Ok(Outcome::Done)
    }

    /// What was written, and what of the report was not.
    fn told(&self, chosen: &Chosen, entries: &Entries, k: &Knowledge, shown: &str, root: &Path) -> String {
        let map = &chosen.map;
        let mut told = format!(
            "`{shown}` has {}; the rows are {} of “{}”, the columns {} of “{}”.\n",
            counted(map.references.len(), "reference"),
            counted(map.rows.codes(), "code"),
            tame(&map.rows.title),
            counted(map.columns.codes(), "code"),
            tame(&map.columns.title),
        );
        if chosen.guessed {
            told.push_str(&format!(
                "Nobody said which side is which. To turn the map round: `--rows {} --columns {}`.\n",
                drafts::shell_word(&tame(&map.columns.title)),
                drafts::shell_word(&tame(&map.rows.title)),
            ));
        }
        let (wrote, added) = if self.dry_run { ("Would write", "Would add") } else { ("Wrote", "Added") };
        for (news, what) in [(&entries.topics, "topic"), (&entries.resources, "resource")] {
            let folder = news.first().and_then(|new| Path::new(&new.path).parent()).map(|folder| place::shown(&root.join(folder)));
            if let Some(folder) = folder {
                told.push_str(&format!("{wrote} {} into `{}`.\n", counted(news.len(), what), folder.display()));
            }
        }
        told.push_str(&format!("{added} the map `{}` to `{}`.\n", entries.map, place::shown(&root.join(CONFIG)).display()));
        if self.dry_run {
            told.push_str(&format!("\n{}\n", entries.declaration));
        }
        told.push_str(&not_carried(chosen, entries));
        told.push_str(&joined(entries, k));
        if !self.dry_run {
            for news in [&entries.topics, &entries.resources] {
                let Some(new) = news.first() else { continue };
                told.push_str(&new::closing(new.kind, &k.config, &declared(k, new.kind)));
            }
        }
        told
    }
}

impl Entries {
    fn all(&self) -> impl Iterator<Item = &New> {
        self.topics.iter().chain(&self.resources)
    }
}

/// Prints findings, where there are any. None are gathered: the hint how to see all would name another command.
fn tell_findings<'t>(findings: &[Finding], texts: &dyn Fn(&str) -> Option<&'t str>) -> anyhow::Result<()> {
    if findings.is_empty() { Ok(()) } else { tell::out(&show::text(findings, texts, Styled::Coloured, Notes::All)) }
}

// What is in the way.

fn declared(k: &Knowledge, kind: Kind) -> Vec<Arc<Entry>> {
    k.of_kind(kind).map(|id| k.entry(id).clone()).filter(|entry| entry.origin == Origin::File).collect()
}

/// How many of the names that are taken are told one by one.
const LISTED: usize = 20;

fn refuse_taken(entries: &Entries, k: &Knowledge, root: &Path) -> anyhow::Result<()> {
    let mut taken = Vec::new();
    for kind in [Kind::Topic, Kind::Resource] {
        let there = declared(k, kind);
        let mut by_name: HashMap<String, &Entry> = HashMap::new();
        for entry in &there {
            let synonyms = entry.synonyms().iter().map(|synonym| names::key(synonym));
            for name in [entry.key.clone(), entry.slug.clone()].into_iter().chain(synonyms) {
                by_name.entry(name).or_insert(entry);
            }
        }
        for new in entries.all().filter(|new| new.kind == kind) {
            if let Some(other) = by_name.get(&new.id) {
                taken.push(format!("  {} `{}`, in `{}`", kind.word(), new.id, other.at.file));
            } else if root.join(&new.path).symlink_metadata().is_ok() {
                taken.push(format!("  the file `{}`", new.path));
            }
        }
    }
    if k.config.maps.iter().any(|map| names::key(&map.id) == entries.map) {
        taken.push(format!("  map `{}`, in `{CONFIG}`; `--title` gives the new one another name", entries.map));
    }
    if taken.is_empty() {
        return Ok(());
    }
    let more = taken.len().saturating_sub(LISTED);
    taken.truncate(LISTED);
    if more > 0 {
        taken.push(format!("  and {more} more"));
    }
    bail!("These are there already, so nothing has been written:\n{}", taken.join("\n"));
}

/// The knowledge base with what is about to be written.
struct Added {
    sources: Sources,
    /// What comes at the end of the settings.
    lines: String,
}

fn added(sources: &Sources, entries: &Entries) -> Added {
    let mut sources = sources.clone();
    let new = entries.all().map(|new| Source::of(&new.path, &new.text));
    let mut content: Vec<Source> = sources.content.iter().cloned().chain(new).collect();
    content.sort_by(|a, b| a.path.cmp(&b.path));
    sources.content = content.into();
    let settings = sources.config.as_ref().map(|config| config.bytes.to_vec()).unwrap_or_default();
    let ends = if settings.is_empty() || settings.ends_with(b"\n") { "" } else { "\n" };
    let lines = format!("{ends}\n{}", entries.declaration);
    let lines = if settings.windows(2).any(|pair| pair == b"\r\n") { lines.replace('\n', "\r\n") } else { lines };
    sources.config = Some(Source::of(CONFIG, [settings.as_slice(), lines.as_bytes()].concat()));
    Added { sources, lines }
}

/// The errors that were not there before; none where there are none.
fn new_errors(sources: &Checked<Sources>, before: &[Finding], added: &Added, options: &Options) -> Option<Vec<Finding>> {
    let known: HashSet<(&str, &str, Option<&Arc<str>>)> = before.iter().map(told_apart).collect();
    let sources = Checked::new(added.sources.clone(), sources.findings.clone());
    let after = Pipeline::new().run(&sources, options).findings;
    let is_new = |finding: &Finding| any_error(std::slice::from_ref(finding)) && !known.contains(&told_apart(finding));
    let troubles: Vec<Finding> = after.into_iter().filter(is_new).collect();
    (!troubles.is_empty()).then_some(troubles)
}

/// A finding without its place in the file, which moves where something is added.
fn told_apart(finding: &Finding) -> (&str, &str, Option<&Arc<str>>) {
    (finding.code, &finding.title, finding.at.as_ref().map(|at| &at.file))
}

// What to say.

fn in_words(unclear: &Unclear, file: &str) -> String {
    let example = |all: &[Candidate]| match all {
        [rows, columns, ..] => format!(
            "Say which, for example: folkmoot import eppi {} --rows {} --columns {}",
            drafts::shell_word(file),
            drafts::shell_word(&tame(&rows.name)),
            drafts::shell_word(&tame(&columns.name))
        ),
        _ => "Name others with `--rows` and `--columns`: an attribute further down, by its name or number, serves as well.".to_owned(),
    };
    match unclear {
        Unclear::Which(all) => {
            format!("It is not clear which codes are the rows and which the columns. There are:\n{}{}", list(all), example(all))
        }
        Unclear::TooFew(all) if all.is_empty() => {
            "There are no codes in this file that have others below them, so there are no rows and no columns.".into()
        }
        Unclear::TooFew(all) => format!("A map needs rows and columns, and there are only:\n{}{}", list(all), example(&all[..1])),
        Unclear::Unknown { typed, near: Some(near), .. } => format!("There are no codes `{typed}`. Did you mean `{}`?", tame(near)),
        Unclear::Unknown { typed, all, .. } => format!("There are no codes `{typed}`. There are:\n{}", list(all)),
        Unclear::Several { typed, all } => format!("Several codes are called `{typed}`. Give one of their numbers instead:\n{}", list(all)),
        Unclear::Overlap(one, other) => {
            format!("“{}” and “{}” share codes, and each code can stand at one side only. Name others.", tame(one), tame(other))
        }
    }
}

/// One line for each thing that can be chosen.
fn list(all: &[Candidate]) -> String {
    let line = |candidate: &Candidate| {
        let within = match &candidate.within {
            Some(set) if !set.is_empty() => format!(" in the codeset “{}”", tame(set)),
            Some(_) => String::new(),
            None => " (a codeset)".to_owned(),
        };
        let number = if candidate.id.is_empty() { String::new() } else { format!(", number {}", candidate.id) };
        format!("  “{}”{within}: {}{}\n", tame(&candidate.name), counted(candidate.codes, "code"), tame(&number))
    };
    all.iter().map(line).collect()
}

/// What of the report is not in the knowledge base, or not as it was.
fn not_carried(chosen: &Chosen, entries: &Entries) -> String {
    let Chosen { map, left, .. } = chosen;
    let mut lines = Vec::new();
    for (axis, dimension) in map.segments.iter().zip(&entries.dimensions[2..]) {
        lines.push(format!(
            "“{}” is a dimension of topics now, `{dimension}`. Bars are divided by kind, maturity or freshness here, not by topics.",
            tame(&axis.title)
        ));
    }
    let groups: Vec<String> = left.codes.iter().map(|group| format!("“{}” ({})", tame(&group.name), group.times)).collect();
    if !groups.is_empty() {
        lines.push(format!("Codes of {} were left out. `--segment` brings such codes as topics.", groups.join(", ")));
    }
    let Left { nameless, gone, notes, outcomes, unplaced, .. } = *left;
    let counts = [
        (nameless, "code", "that the file does not name: left out."),
        (notes, "note", "beside codes: left out."),
        (outcomes, "outcome", "of studies: left out."),
        (gone, "reference", "that EPPI-Reviewer has as deleted or as a copy: left out."),
        (entries.without_link, "reference", "whose `URL` is no address: without a link."),
        (unplaced, "reference", "without a row or without a column: a resource, but in no cell of the map."),
    ];
    lines.extend(counts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, what, fate)| format!("{} {fate}", counted(count, what))));
    if lines.is_empty() { String::new() } else { format!("What is not as it was:\n  {}\n", lines.join("\n  ")) }
}

/// Dimensions that had topics before: these stand at the map's sides, too.
fn joined(entries: &Entries, k: &Knowledge) -> String {
    let topics = declared(k, Kind::Topic);
    let has = |dimension: &&String| topics.iter().any(|entry| entry.topic().is_some_and(|topic| topic.dimension() == dimension.as_str()));
    let line =
        |dimension: &String| format!("There were topics of the dimension `{dimension}` before, and they stand beside the new ones.\n");
    entries.dimensions.iter().filter(has).map(line).collect()
}
