//! A knowledge base in a folder of its own, and everything that is made from it.

use folkmoot::findings::show::{self, Notes, Styled};
use folkmoot::findings::{self, Checked, Finding, Severity};
use folkmoot::knowledge::Audience;
use folkmoot::pipeline::{Options, Pipeline};
use folkmoot::site::{Links, Site};
use folkmoot::sources::{self, CONFIG, Earlier, Source, Sources};
use folkmoot::time;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// The day it is in tests that do not say otherwise.
pub const TODAY: &str = "2026-11-22";

/// A public site on that day.
pub fn options() -> Options {
    Options { today: time::read_date(TODAY), now: 0, audience: Audience::default(), links: Links::Folders }
}

/// A folder with a community's files, gone when the test is over.
pub struct KnowledgeBase {
    folder: TempDir,
    /// Each write gets a time of its own: a disk's clock may stand still between two of them.
    writes: u64,
}

impl KnowledgeBase {
    pub fn new() -> KnowledgeBase {
        KnowledgeBase { folder: TempDir::new().unwrap(), writes: 0 }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&mut self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, bytes).unwrap();
        self.writes += 1;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000 + self.writes);
        fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    }

    pub fn read(&self) -> Checked<Sources> {
        sources::read(self.root(), Earlier::None).unwrap()
    }

    pub fn build(&self, options: &Options) -> Built {
        Built::of(&mut Pipeline::new(), self.read(), options)
    }
}

/// A site with all its files, and what there was to tell.
pub struct Built {
    pub sources: Sources,
    pub site: Site,
    pub findings: Vec<Finding>,
    /// Every file by its path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Built {
    pub fn of(pipeline: &mut Pipeline, sources: Checked<Sources>, options: &Options) -> Built {
        let Checked { value: site, mut findings } = pipeline.run(&sources, options);
        findings.extend(site.draw_shared());
        let listing = site.listing();
        let rendered: Vec<_> = listing.paths.into_par_iter().zip(listing.files).map(|(path, file)| (path, site.render(file))).collect();
        let mut files = BTreeMap::new();
        for (path, page) in rendered {
            match page {
                Ok(bytes) => drop(files.insert(path, bytes.into_owned())),
                Err(finding) => findings.push(finding),
            }
        }
        findings::sort(&mut findings);
        Built { sources: sources.value, site, findings, files }
    }

    /// The files that can be read as text, by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
    }

    pub fn of_severity(&self, severity: Severity) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.severity == severity).collect()
    }

    /// All findings as people read them.
    pub fn told(&self) -> String {
        show::text(&self.findings, &|path| text(&self.sources, path), Styled::Plain, Notes::All)
    }

    /// How often each finding is told, by code.
    pub fn counts(&self) -> BTreeMap<(Severity, &'static str), usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry((finding.severity, finding.code)).or_default() += 1;
        }
        counts
    }
}

/// A source by its path, up to the first byte that is not UTF-8.
pub fn text<'a>(sources: &'a Sources, path: &str) -> Option<&'a str> {
    let all =
        sources.config.iter().filter(|_| path == CONFIG).chain(sources.content.iter()).chain(&sources.theme).chain(&sources.snapshots);
    let source: &Source = all.into_iter().find(|source| &*source.path == path)?;
    Some(match std::str::from_utf8(&source.bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&source.bytes[..error.valid_up_to()]).unwrap(),
    })
}
