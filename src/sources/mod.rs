//! What the community wrote: bytes with a path. This folder is the only reader of the disk.

mod repository;
mod told;

pub use repository::git_is_at_work;

use crate::findings::{Checked, Finding, Place, Span, catalogue};
use crate::sheets::Sheets;
use anyhow::Context;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

/// The configuration's file name; the folder that holds it is a knowledge base.
pub const CONFIG: &str = "folkmoot.toml";
pub const CONTENT: &str = "content";
pub const STATIC: &str = "static";
pub const THEME: &str = "theme";

/// One text somebody wrote.
#[derive(Debug, Clone)]
pub struct Source {
    /// From the project's folder, with `/`, in NFC: `content/sessions/opening-call.md`.
    pub path: Arc<str>,
    pub bytes: Arc<[u8]>,
    pub digest: blake3::Hash,
    stamp: Stamp,
}

impl Source {
    /// A source that is not on a disk: for tests, and for texts the program writes itself.
    pub fn of(path: &str, text: impl AsRef<[u8]>) -> Source {
        let bytes: Arc<[u8]> = Arc::from(text.as_ref());
        Source { path: Arc::from(path), digest: blake3::hash(&bytes), bytes, stamp: Stamp::default() }
    }

    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// A file that is published as it is. Its bytes are read when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// From the project's folder, like a source's.
    pub path: Arc<str>,
    pub digest: blake3::Hash,
    disk: PathBuf,
    stamp: Stamp,
}

impl Asset {
    pub fn read(&self) -> anyhow::Result<Vec<u8>> {
        std::fs::read(&self.disk).with_context(|| format!("reading {}", self.path))
    }
}

/// What the file system says of a file without opening it: when it is the same, the content is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
    /// Whether the file was left alone for long enough before it was looked at.
    settled: bool,
}

/// Longer than a tick of any file system's clock: those of FAT are two seconds apart.
const TICK: Duration = Duration::from_millis(2100);

impl Stamp {
    fn of(metadata: &std::fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Stamp { modified: metadata.modified().ok(), length: metadata.len(), inode, settled: true }
    }

    /// The stamp to remember. A file written this very moment may be written once more within the same tick of the file
    /// system's clock, and with the same length: its stamp says nothing yet, and must equal no other.
    fn if_settled(self) -> Stamp {
        let settled = self.modified.is_some_and(|modified| modified.elapsed().is_ok_and(|age| age >= TICK));
        Stamp { settled, ..self }
    }
}

/// Everything a site is made from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    pub config: Option<Source>,
    /// Markdown files under `content/`, by path.
    pub content: Sheets<Source>,
    /// Other files under `content/`, by path.
    pub beside: Sheets<Asset>,
    /// Files under `static/`, by path.
    pub statics: Sheets<Asset>,
    /// Files under `theme/`, by path.
    pub theme: Vec<Source>,
    /// Snapshots of gaps beside the configuration: `gaps….json`, by path.
    pub snapshots: Vec<Source>,
}

/// Whether files that have not changed since may be taken from an earlier reading.
#[derive(Debug, Clone, Copy)]
pub enum Earlier<'a> {
    None,
    /// For watching: a file with the same time, length and number keeps its bytes.
    Trusted(&'a Checked<Sources>),
    /// For watching, where the system said what was touched: only these places on disk are looked at. Where it is not
    /// plain that nothing else can have changed, such as a file that came or went, all is read as for [`Trusted`].
    ///
    /// [`Trusted`]: Earlier::Trusted
    Told(&'a Checked<Sources>, &'a [PathBuf]),
}

impl<'a> Earlier<'a> {
    fn sources(self) -> Option<&'a Sources> {
        match self {
            Earlier::None => None,
            Earlier::Trusted(earlier) | Earlier::Told(earlier, _) => Some(&earlier.value),
        }
    }
}

/// Reads a knowledge base.
///
/// # Errors
/// When a folder or file that is there cannot be read.
pub fn read(root: &Path, earlier: Earlier) -> anyhow::Result<Checked<Sources>> {
    if let Earlier::Told(known, touched) = earlier
        && let Some(sources) = told::reread(root, known, touched)?
    {
        return Ok(sources);
    }
    let mut findings = Vec::new();
    let kept = Kept::new(earlier);
    let config = match std::fs::metadata(root.join(CONFIG)) {
        Ok(_) => unless_gone(kept.source(&Found { path: CONFIG.into(), disk: root.join(CONFIG) })).transpose()?,
        Err(error) if is_gone(&error) => None,
        Err(error) => return Err(error).context(format!("looking at {CONFIG}")),
    };
    let (texts, beside): (Vec<Found>, Vec<Found>) =
        walk(root, CONTENT, &mut findings)?.into_iter().partition(|found| found.path.ends_with(".md") || found.path.ends_with(".MD"));
    let statics = walk(root, STATIC, &mut findings)?;
    let theme = walk(root, THEME, &mut findings)?;
    let sources = Sources {
        config,
        content: texts.par_iter().filter_map(|found| unless_gone(kept.source(found))).collect::<anyhow::Result<_>>()?,
        beside: beside.par_iter().filter_map(|found| unless_gone(kept.asset(found))).collect::<anyhow::Result<_>>()?,
        statics: statics.par_iter().filter_map(|found| unless_gone(kept.asset(found))).collect::<anyhow::Result<_>>()?,
        theme: theme.par_iter().filter_map(|found| unless_gone(kept.source(found))).collect::<anyhow::Result<_>>()?,
        snapshots: snapshots(root)?.iter().filter_map(|found| unless_gone(kept.source(found))).collect::<anyhow::Result<_>>()?,
    };
    Ok(Checked::new(sources, findings))
}

/// Leaves out a file that was listed and is gone by the time it is opened: it came and went while the folder was looked
/// over, as it does beside programs that write, and is no trouble.
fn unless_gone<T>(read: anyhow::Result<T>) -> Option<anyhow::Result<T>> {
    let gone = read.as_ref().is_err_and(|error| error.downcast_ref().is_some_and(is_gone));
    (!gone).then_some(read)
}

fn is_gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

/// Reads a file that is no part of a knowledge base, and goes by the name it is shown with.
///
/// # Errors
/// When it cannot be read.
pub fn read_file(file: &Path, shown: &str) -> anyhow::Result<Source> {
    let found = Found { path: shown.to_owned(), disk: file.to_owned() };
    let (stamp, bytes) = opened(&found).with_context(|| format!("`{shown}` cannot be read"))?;
    Ok(Source { path: Arc::from(shown), digest: blake3::hash(&bytes), bytes: bytes.into(), stamp })
}

/// A file that is there, by the name it goes by and the one it is opened by.
struct Found {
    path: String,
    disk: PathBuf,
}

/// Whether a file beside the configuration is a snapshot of gaps, by its name.
pub fn is_snapshot(name: &str) -> bool {
    name.starts_with("gaps") && name.ends_with(".json")
}

/// The snapshots beside the configuration. Nothing else that lies there is read.
fn snapshots(root: &Path) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).with_context(|| format!("reading {}", root.display()))? {
        let entry = entry.with_context(|| format!("reading {}", root.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_snapshot(&name) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            found.push(Found { path: name.nfc().collect(), disk: entry.path() });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// All files in a folder of the project, by path. Dot files and editors' leavings are passed over.
fn walk(root: &Path, folder: &str, findings: &mut Vec<Finding>) -> anyhow::Result<Vec<Found>> {
    let top = root.join(folder);
    if !top.exists() {
        return Ok(Vec::new());
    }
    let inside = root.canonicalize().with_context(|| format!("looking at {}", root.display()))?;
    let mut files = Vec::new();
    let mut walk = WalkDir::new(&top).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Err(error) if error.io_error().is_some_and(is_gone) => continue,
            entry => entry.with_context(|| format!("reading the folder {folder}"))?,
        };
        let name = entry.file_name().to_string_lossy();
        if entry.depth() > 0 && is_passed_over(&name) {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        let path = project_path(root, entry.path());
        if entry.file_type().is_symlink() {
            linked(&entry, &path, &inside, &mut files, findings);
        } else if entry.file_type().is_file() {
            files.push(Found { path, disk: entry.into_path() });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// A symbolic link is followed to a file within the project, and nowhere else.
fn linked(entry: &walkdir::DirEntry, path: &str, inside: &Path, files: &mut Vec<Found>, findings: &mut Vec<Finding>) {
    let shown = || std::fs::read_link(entry.path()).map(|target| target.display().to_string()).unwrap_or_default();
    match entry.path().canonicalize() {
        Ok(target) if target.starts_with(inside) && target.is_file() => files.push(Found { path: path.to_owned(), disk: target }),
        // A folder reached by a link could hold itself, so none is entered.
        _ => findings.push(catalogue::leaves_the_site(Place::new(&Arc::from(path), Span::default()), &shown())),
    }
}

/// Dot files, and what editors leave beside a file while it is being written.
pub fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name == "4913"
        || name.starts_with('#')
}

fn project_path(root: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<Cow<str>> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let path = parts.join("/");
    if path.is_ascii() { path } else { path.nfc().collect() }
}

/// What an earlier reading still knows.
struct Kept<'a> {
    sources: HashMap<&'a str, &'a Source>,
    assets: HashMap<&'a str, &'a Asset>,
}

impl<'a> Kept<'a> {
    fn new(earlier: Earlier<'a>) -> Self {
        let Some(earlier) = earlier.sources() else { return Kept { sources: HashMap::new(), assets: HashMap::new() } };
        let sources =
            earlier.config.iter().chain(earlier.content.iter()).chain(&earlier.theme).map(|source| (&*source.path, source)).collect();
        let assets = earlier.beside.iter().chain(earlier.statics.iter()).map(|asset| (&*asset.path, asset)).collect();
        Kept { sources, assets }
    }

    fn source(&self, found: &Found) -> anyhow::Result<Source> {
        if let Some(kept) = self.sources.get(found.path.as_str())
            && kept.stamp == stamp(found)?
        {
            return Ok((*kept).clone());
        }
        read_source(found)
    }

    fn asset(&self, found: &Found) -> anyhow::Result<Asset> {
        let stamp = stamp(found)?;
        if let Some(kept) = self.assets.get(found.path.as_str()).filter(|kept| kept.stamp == stamp) {
            return Ok((*kept).clone());
        }
        let mut hasher = blake3::Hasher::new();
        let file = std::fs::File::open(&found.disk).with_context(|| format!("reading {}", found.path))?;
        hasher.update_reader(file).with_context(|| format!("reading {}", found.path))?;
        Ok(Asset { path: Arc::from(found.path.as_str()), digest: hasher.finalize(), disk: found.disk.clone(), stamp: stamp.if_settled() })
    }
}

fn read_source(found: &Found) -> anyhow::Result<Source> {
    let (stamp, bytes) = opened(found).with_context(|| format!("reading {}", found.path))?;
    Ok(Source { path: Arc::from(found.path.as_str()), digest: blake3::hash(&bytes), bytes: bytes.into(), stamp: stamp.if_settled() })
}

/// A file's stamp and bytes, from one opening: what is told of it is what was read.
fn opened(found: &Found) -> std::io::Result<(Stamp, Vec<u8>)> {
    let mut file = std::fs::File::open(&found.disk)?;
    let metadata = file.metadata()?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    // The length is known already: a bounded reader does not ask for it again.
    std::io::Read::read_to_end(&mut std::io::Read::take(&mut file, u64::MAX), &mut bytes)?;
    Ok((Stamp::of(&metadata), bytes))
}

fn stamp(found: &Found) -> anyhow::Result<Stamp> {
    let metadata = std::fs::metadata(&found.disk).with_context(|| format!("looking at {}", found.path))?;
    Ok(Stamp::of(&metadata))
}

impl Sources {
    /// The text of a source by its path, for excerpts in findings.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.source(path).map(|source| source.text().unwrap_or_default())
    }

    /// A source by its path.
    pub fn source(&self, path: &str) -> Option<&Source> {
        match path {
            CONFIG => self.config.as_ref(),
            path if path.starts_with("theme/") => find(&self.theme, path),
            path if is_snapshot(path) => find(&self.snapshots, path),
            path => self.content.get(self.content.place_of(path, |source| &source.path)?),
        }
    }

    /// A digest of every byte a site is made from.
    pub fn digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let texts = self.config.iter().chain(self.content.iter()).chain(&self.theme).chain(&self.snapshots);
        let sources = texts.map(|source| (&source.path, &source.digest));
        let assets = self.beside.iter().chain(self.statics.iter()).map(|asset| (&asset.path, &asset.digest));
        for (path, digest) in sources.chain(assets) {
            hasher.update(&(path.len() as u64).to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(digest.as_bytes());
        }
        hasher.finalize()
    }
}

fn find<'a>(sources: &'a [Source], path: &str) -> Option<&'a Source> {
    sources.binary_search_by(|source| (*source.path).cmp(path)).ok().map(|index| &sources[index])
}
