//! The whole program on one page: sources to entries to knowledge to a site.

use crate::config::{self, RawHtmlMode};
use crate::entries::{self, Entry, Parsed};
use crate::findings::{self, Checked, Finding, Severity};
use crate::knowledge::links::Files;
use crate::knowledge::memory::Memory;
use crate::knowledge::{self, Audience, Circumstances, Drafts, Internal};
use crate::sheets::Sheets;
use crate::site::{self, Links, Remembered, Site};
use crate::sources::{Source, Sources};
use crate::theme::{self, Theme};
use crate::time::{self, Date, Zone};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Paths are looked up by the ten thousand at each save.
type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// What a site depends on besides its sources.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day the site is made for, where somebody names one.
    pub today: Option<Date>,
    /// Else the day it is now in the site's zone: seconds since 1970.
    pub now: i64,
    pub audience: Audience,
    pub links: Links,
}

impl Options {
    /// The day a site in a time zone is made for.
    pub fn today_in(&self, zone: &Zone) -> Date {
        self.today.unwrap_or_else(|| time::day_of(self.now, zone))
    }
}

/// Makes sites from sources, and remembers what each file said: a file that has not changed is not parsed again.
#[derive(Debug, Default)]
pub struct Pipeline {
    parsed: Parses,
    theme: Option<RememberedTheme>,
    memory: Memory,
    remembered: Remembered,
    /// What the memory holds under, as a digest.
    memory_of: Option<blake3::Hash>,
}

/// What files say, in the order in which they were given.
#[derive(Debug, Default)]
struct Parses {
    content: Sheets<Source>,
    /// Of each file.
    parsed: Vec<Arc<Parsed>>,
    /// The entries of all files, and where those of each begin.
    declared: Sheets<Arc<Entry>>,
    starts: Vec<usize>,
    /// The files there is something to tell of.
    told_of: BTreeSet<usize>,
}

#[derive(Debug)]
struct RememberedTheme {
    digest: blake3::Hash,
    theme: Arc<Theme>,
    findings: Vec<Finding>,
}

/// A site that has been resolved and not yet planned: most pages of entries can be made already.
#[derive(Debug)]
pub struct Begun {
    pub site: Site,
    pub told: SoFar,
}

/// What there is to tell before a site is planned.
#[derive(Debug)]
pub struct SoFar {
    /// All but what is told entry by entry.
    findings: Vec<Finding>,
    any_error: bool,
    raw_html: RawHtmlMode,
}

impl SoFar {
    /// Whether there is an error already.
    pub fn any_error(&self) -> bool {
        self.any_error
    }

    /// All there is to tell about the site, in its order. Plans it, if it has not been planned.
    pub fn with_plan_of(&self, site: &Site) -> Vec<Finding> {
        let mut told = self.findings.clone();
        told.extend(site.knowledge().findings_of_entries());
        told.extend_from_slice(site.findings_of_plan());
        without_echoes(&mut told, self.raw_html);
        findings::sort(&mut told);
        told
    }
}

impl Pipeline {
    pub fn new() -> Pipeline {
        Pipeline::default()
    }

    /// Parse, resolve, plan. Rendering is the site's own matter, page by page.
    pub fn run(&mut self, sources: &Checked<Sources>, options: &Options) -> Checked<Site> {
        let Begun { site, told } = self.begin(sources, options);
        let told = told.with_plan_of(&site);
        Checked::new(site, told)
    }

    /// Parse and resolve: all but the plan, which is made when it is first wanted.
    pub fn begin(&mut self, sources: &Checked<Sources>, options: &Options) -> Begun {
        let mut told = sources.findings.clone();
        let sources = &sources.value;
        let config = config::read(sources.config.as_ref());
        told.extend(config.findings);
        let config = Arc::new(config.value);
        let today = options.today_in(&config.time_zone);

        self.parsed.renew(&sources.content);
        told.extend(self.parsed.findings().cloned());
        let files = Files::of(sources);
        let circumstances =
            Circumstances { config: config.clone(), today, audience: options.audience, files: &files, snapshots: &sources.snapshots };
        let under = memory_holds_under(sources, options);
        if self.memory_of.replace(under) != Some(under) {
            self.memory = Memory::default();
        }
        let knowledge = knowledge::resolve(self.parsed.declared.clone(), &circumstances, &mut self.memory);
        told.extend(knowledge.findings);

        let theme = self.theme(&sources.theme, &config.language);
        told.extend(theme.findings);
        let site = site::begin(knowledge.value, theme.value, sources, options.links, &self.remembered);
        told.extend(site.findings);
        let any_error = findings::any_error(&told) || site.value.knowledge().any_error_of_entries();
        Begun { site: site.value, told: SoFar { findings: told, any_error, raw_html: config.raw_html } }
    }

    fn theme(&mut self, own: &[Source], language: &str) -> Checked<Arc<Theme>> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(language.as_bytes());
        for source in own {
            hasher.update(source.path.as_bytes());
            hasher.update(source.digest.as_bytes());
        }
        let digest = hasher.finalize();
        if self.theme.as_ref().is_none_or(|known| known.digest != digest) {
            let loaded = theme::load(own, language);
            self.theme = Some(RememberedTheme { digest, theme: Arc::new(loaded.value), findings: loaded.findings });
        }
        let known = self.theme.as_ref().expect("it was just loaded");
        Checked::new(known.theme.clone(), known.findings.clone())
    }
}

impl Parses {
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.told_of.iter().flat_map(|file| &self.parsed[*file].findings)
    }

    /// Parses the files that are not as they were.
    fn renew(&mut self, content: &Sheets<Source>) {
        let apart = || content.apart(&self.content).map(|at| (at, &self.content[at], &content[at]));
        // While somebody writes, the files are nearly always the same ones, and need no looking up.
        if content.len() != self.content.len() || !apart().all(|(_, was, is)| was.path == is.path) {
            return self.parse_all(content);
        }
        let changed: Vec<usize> = apart().filter(|(_, was, is)| was.digest != is.digest).map(|(at, ..)| at).collect();
        let parsed: Vec<Parsed> = changed.par_iter().map(|at| entries::parse(&content[*at])).collect();
        self.content = content.clone();
        let mut as_many = true;
        for (at, parsed) in changed.into_iter().zip(parsed) {
            as_many &= parsed.entries.len() == self.parsed[at].entries.len();
            if as_many {
                parsed.entries.iter().enumerate().for_each(|(number, entry)| self.declared.set(self.starts[at] + number, entry.clone()));
            }
            if parsed.findings.is_empty() {
                self.told_of.remove(&at)
            } else {
                self.told_of.insert(at)
            };
            self.parsed[at] = Arc::new(parsed);
        }
        if !as_many {
            self.line_up();
        }
    }

    /// Parses the files whose content was not given under the same path before.
    fn parse_all(&mut self, content: &Sheets<Source>) {
        let known: Map<&str, (&Source, &Arc<Parsed>)> =
            self.content.iter().zip(&self.parsed).map(|(source, parsed)| (&*source.path, (source, parsed))).collect();
        let parsed = content.par_iter().map(|source| match known.get(&*source.path) {
            Some((known, parsed)) if known.digest == source.digest => Arc::clone(parsed),
            _ => Arc::new(entries::parse(source)),
        });
        self.parsed = parsed.collect();
        self.content = content.clone();
        let told_of = self.parsed.iter().enumerate().filter(|(_, parsed)| !parsed.findings.is_empty());
        self.told_of = told_of.map(|(at, _)| at).collect();
        self.line_up();
    }

    /// Puts the entries of all files in one line.
    fn line_up(&mut self) {
        let mut start = 0;
        self.starts.clear();
        for parsed in &self.parsed {
            self.starts.push(start);
            start += parsed.entries.len();
        }
        self.declared = self.parsed.iter().flat_map(|parsed| &parsed.entries).cloned().collect();
    }
}

/// What a memory of how entries hang together depends on besides the entries.
fn memory_holds_under(sources: &Sources, options: &Options) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    if let Some(config) = &sources.config {
        hasher.update(config.digest.as_bytes());
    }
    for asset in sources.beside.iter().chain(sources.statics.iter()) {
        hasher.update(asset.path.as_bytes());
        hasher.update(b"\n");
    }
    hasher.update(&[u8::from(options.audience.drafts == Drafts::Shown), u8::from(options.audience.internal == Internal::Shown)]);
    hasher.finalize()
}

/// Takes out what only repeats another finding, or is not true under this configuration.
fn without_echoes(told: &mut Vec<Finding>, raw_html: RawHtmlMode) {
    let has = |code: &str| told.iter().any(|finding| finding.code == code);
    let unplaced = has("unusable-base-url") || has("no-config");
    // Where a file's front matter could not be read whole, what seems to be missing from it may well be there.
    let unread: HashSet<Arc<str>> = told
        .iter()
        .filter(|finding| {
            finding.severity == Severity::Error
                && (finding.code == "toml-syntax" || ["`start`", "`date`"].iter().any(|key| finding.title.starts_with(key)))
        })
        .filter_map(|finding| finding.at.as_ref().map(|at| at.file.clone()))
        .collect();
    told.retain(|finding| match finding.code {
        "start-from-date" | "session-without-start" | "undated" => finding.at.as_ref().is_none_or(|at| !unread.contains(&at.file)),
        "no-base-url" => !unplaced,
        "removed-element" => raw_html == RawHtmlMode::Sanitize,
        _ => true,
    });
}

/// A digest of everything a site's bytes depend on: its sources, the day, who may see it, how links are written, and
/// the program with its theme. In hexadecimal.
pub fn digest(sources: &Sources, options: &Options) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for (name, bytes) in theme::builtin_files() {
        hasher.update(name.as_bytes());
        hasher.update(bytes);
    }
    hasher.update(sources.digest().as_bytes());
    let today = options.today_in(&config::read(sources.config.as_ref()).value.time_zone);
    hasher.update(today.to_string().as_bytes());
    hasher.update(&[
        u8::from(options.audience.drafts == Drafts::Shown),
        u8::from(options.audience.internal == Internal::Shown),
        u8::from(options.links == Links::Portable),
    ]);
    hasher.finalize().to_hex().to_string()
}
