//! The whole program on one page: sources to entries to knowledge to a site.

use crate::config::{self, RawHtmlMode};
use crate::entries::{self, Parsed};
use crate::findings::{self, Checked, Finding, Severity};
use crate::knowledge::links::Files;
use crate::knowledge::memory::Memory;
use crate::knowledge::{self, Audience, Circumstances, Drafts, Internal};
use crate::site::{self, Links, Settled, Site};
use crate::sources::{Source, Sources};
use crate::theme::{self, Theme};
use crate::time::{self, Date};
use rayon::prelude::*;
use std::collections::HashSet;
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

/// Makes sites from sources, and remembers what each file said: a file that has not changed is not parsed again.
#[derive(Debug, Default)]
pub struct Pipeline {
    /// In the order in which the files were given.
    parsed: Vec<Remembered>,
    theme: Option<RememberedTheme>,
    memory: Memory,
    settled: Settled,
    /// What the memory holds under, as a digest.
    memory_of: Option<blake3::Hash>,
}

#[derive(Debug, Clone)]
struct Remembered {
    path: Arc<str>,
    digest: blake3::Hash,
    parsed: Arc<Parsed>,
}

#[derive(Debug)]
struct RememberedTheme {
    digest: blake3::Hash,
    theme: Arc<Theme>,
    findings: Vec<Finding>,
}

impl Pipeline {
    pub fn new() -> Pipeline {
        Pipeline::default()
    }

    /// Parse, resolve, plan. Rendering is the site's own matter, page by page.
    pub fn run(&mut self, sources: &Checked<Sources>, options: &Options) -> Checked<Site> {
        let mut told = sources.findings.clone();
        let sources = &sources.value;
        let config = config::read(sources.config.as_ref());
        told.extend(config.findings);
        let config = Arc::new(config.value);
        let today = options.today.unwrap_or_else(|| time::day_of(options.now, &config.time_zone));

        let mut declared = Vec::new();
        for Remembered { parsed, .. } in self.parse(&sources.content) {
            told.extend(parsed.findings.iter().cloned());
            declared.extend(parsed.entries.iter().cloned());
        }
        let files = Files::of(sources);
        let circumstances =
            Circumstances { config: config.clone(), today, audience: options.audience, files: &files, snapshots: &sources.snapshots };
        let under = memory_holds_under(sources, options);
        if self.memory_of.replace(under) != Some(under) {
            self.memory = Memory::default();
        }
        let knowledge = knowledge::resolve(declared, &circumstances, &mut self.memory);
        told.extend(knowledge.findings);

        let theme = self.theme(&sources.theme, &config.language);
        told.extend(theme.findings);
        let site = site::plan(knowledge.value, theme.value, sources, options.links, &mut self.settled);
        told.extend(site.findings);
        without_echoes(&mut told, config.raw_html);
        findings::sort(&mut told);
        Checked::new(site.value, told)
    }

    /// What each file says, remembered by its path and content.
    fn parse(&mut self, content: &[Source]) -> &[Remembered] {
        let earlier = std::mem::take(&mut self.parsed);
        // While somebody writes, the files are nearly always the same ones, and need no looking up.
        let same = earlier.len() == content.len() && earlier.par_iter().zip(content).all(|(known, source)| known.path == source.path);
        let by_path: Map<&str, &Remembered> =
            if same { Map::default() } else { earlier.iter().map(|known| (&*known.path, known)).collect() };
        let parsed = content.par_iter().enumerate().map(|(at, source)| {
            let known = if same { earlier.get(at) } else { by_path.get(&*source.path).copied() };
            known.filter(|known| known.digest == source.digest).cloned().unwrap_or_else(|| Remembered {
                path: source.path.clone(),
                digest: source.digest,
                parsed: Arc::new(entries::parse(source)),
            })
        });
        self.parsed = parsed.collect();
        &self.parsed
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

/// What a memory of how entries hang together depends on besides the entries.
fn memory_holds_under(sources: &Sources, options: &Options) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    if let Some(config) = &sources.config {
        hasher.update(config.digest.as_bytes());
    }
    for asset in sources.beside.iter().chain(&sources.statics) {
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
    let zone = config::read(sources.config.as_ref()).value.time_zone;
    let today = options.today.unwrap_or_else(|| time::day_of(options.now, &zone));
    hasher.update(today.to_string().as_bytes());
    hasher.update(&[
        u8::from(options.audience.drafts == Drafts::Shown),
        u8::from(options.audience.internal == Internal::Shown),
        u8::from(options.links == Links::Portable),
    ]);
    hasher.finalize().to_hex().to_string()
}
