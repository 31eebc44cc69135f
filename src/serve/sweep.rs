//! Looks over the watched folders for what has changed, by names, sizes and times, and knows what is never worth a look.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// What matters on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interest {
    watched: Vec<PathBuf>,
    ignored: Vec<PathBuf>,
}

impl Interest {
    pub fn new(watched: Vec<PathBuf>, ignored: Vec<PathBuf>) -> Self {
        Interest { watched: absolute(watched), ignored: absolute(ignored) }
    }

    pub fn watched(&self) -> &[PathBuf] {
        &self.watched
    }

    /// The same, also under the names the operating system may use for these places: some resolve links.
    pub fn with_real_names(&self) -> Self {
        Interest { watched: and_real(&self.watched), ignored: and_real(&self.ignored) }
    }

    /// Whether a change of what stands here may change the site.
    pub fn includes(&self, path: &Path) -> bool {
        let written = |watched: &PathBuf| path.strip_prefix(watched).is_ok_and(|below| !below.iter().any(is_passing_name));
        !self.ignored.iter().any(|ignored| path.starts_with(ignored)) && self.watched.iter().any(written)
    }

    /// Whether something watched lies somewhere below this path, so that it comes and goes with it.
    pub fn is_below(&self, path: &Path) -> bool {
        self.watched.iter().any(|watched| watched.starts_with(path))
    }
}

/// How the watched places look at one moment: equal looks mean that nothing has changed.
pub struct Look {
    hasher: RandomState,
    /// Of each file and folder, by its path, what differs when it was written. Both as hashes, to be small.
    seen: HashMap<u64, u64>,
}

impl Look {
    pub fn new() -> Self {
        Look { hasher: RandomState::new(), seen: HashMap::new() }
    }

    /// Looks again. True if something differs from the last look.
    pub fn has_changed(&mut self, interest: &Interest) -> bool {
        self.has_changed_unless(interest, || false).unwrap_or(true)
    }

    /// The same, unless something comes up while it looks: then this look is as if it had not been.
    pub fn has_changed_unless(&mut self, interest: &Interest, something_else: impl Fn() -> bool) -> Option<bool> {
        let seen = self.take(interest, something_else)?;
        let changed = seen != self.seen;
        self.seen = seen;
        Some(changed)
    }

    /// Looks again at one place that the operating system told of, so that the next look does not find it once more.
    pub fn note(&mut self, path: &Path, interest: &Interest) {
        let place = self.hasher.hash_one(path);
        match std::fs::symlink_metadata(path) {
            Ok(metadata) if interest.includes(path) => {
                let seen = self.hash(path, metadata.is_symlink(), Some(metadata));
                self.seen.insert(place, seen);
            }
            _ => drop(self.seen.remove(&place)),
        }
    }

    fn take(&self, interest: &Interest, something_else: impl Fn() -> bool) -> Option<HashMap<u64, u64>> {
        let mut seen = HashMap::with_capacity(self.seen.len());
        for watched in &interest.watched {
            let worth_a_look = |entry: &walkdir::DirEntry| {
                (entry.depth() == 0 || !is_passing_name(entry.file_name()))
                    && !interest.ignored.iter().any(|ignored| entry.path() == ignored)
            };
            // What cannot be read is left out here: the rebuild says so in words, a sweep has nobody to tell.
            for entry in WalkDir::new(watched).into_iter().filter_entry(worth_a_look).flatten() {
                if something_else() {
                    return None;
                }
                let metadata = if entry.path_is_symlink() { None } else { entry.metadata().ok() };
                seen.insert(self.hasher.hash_one(entry.path()), self.hash(entry.path(), entry.path_is_symlink(), metadata));
            }
        }
        Some(seen)
    }

    /// A link is as new as what it leads to. Linked folders are not walked, they may lead anywhere.
    fn hash(&self, path: &Path, is_link: bool, metadata: Option<Metadata>) -> u64 {
        let metadata = if is_link { path.metadata().ok() } else { metadata };
        self.hasher.hash_one(metadata.as_ref().map(stamp))
    }
}

/// What differs when a file was written. Of a folder only that it is one: its time changes with every swap file in it.
fn stamp(metadata: &Metadata) -> Option<impl std::hash::Hash + use<>> {
    metadata.is_file().then(|| (metadata.len(), metadata.modified().ok(), identity(metadata)))
}

/// Tells a file from another one that was put in its place with the same size and time.
#[cfg(unix)]
pub fn identity(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Elsewhere size and time must do.
#[cfg(not(unix))]
pub fn identity(_: &Metadata) -> u64 {
    0
}

/// Names that come and go while somebody works: repositories' own folders, editors' swap, lock and backup files.
fn is_passing_name(name: &OsStr) -> bool {
    // What vim makes to see whether it may write into a folder, and the folder of a repository.
    const WHOLE: [&str; 3] = [".git", "4913", ".DS_Store"];
    const ENDS: [&str; 4] = [".swp", ".swx", ".swo", "~"];
    // Emacs' locks and LibreOffice's.
    const BEGINS: [&str; 2] = [".#", ".~lock."];
    name.to_str().is_some_and(|name| {
        WHOLE.contains(&name)
            || ENDS.iter().any(|end| name.ends_with(end))
            || BEGINS.iter().any(|begin| name.starts_with(begin))
            || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
    })
}

/// Paths as the operating system will name them in its events.
fn absolute(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.into_iter().map(|path| std::path::absolute(&path).unwrap_or(path)).collect()
}

fn and_real(paths: &[PathBuf]) -> Vec<PathBuf> {
    let real = paths.iter().map(|path| real_name(path));
    let mut all: Vec<PathBuf> = paths.iter().cloned().chain(real).collect();
    all.sort();
    all.dedup();
    all
}

/// The path with links resolved as far as it exists.
fn real_name(path: &Path) -> PathBuf {
    let resolved = path.ancestors().find_map(|ancestor| {
        let real = ancestor.canonicalize().ok()?;
        let rest = path.strip_prefix(ancestor).ok()?;
        // Joining nothing would put a slash after a file's name.
        Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
    });
    resolved.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_come_and_go_are_known() {
        for name in [".git", "4913", "a.md~", ".a.md.swp", ".#a.md", "#a.md#", ".~lock.a.odt#"] {
            assert!(is_passing_name(OsStr::new(name)), "{name}");
        }
        for name in ["a.md", "4913.md", "swp", "#", "notes-2026.md", ".well-known", "git"] {
            assert!(!is_passing_name(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn only_what_lies_below_a_watched_place_matters() {
        let interest = Interest::new(
            vec!["/home/.git/site/content".into(), "/home/.git/site/folkmoot.toml".into()],
            vec!["/home/.git/site/content/public".into()],
        );
        for path in ["content/a.md", "content", "folkmoot.toml", "content/new/b.md"] {
            assert!(interest.includes(&Path::new("/home/.git/site").join(path)), "{path}");
        }
        for path in ["contents/a.md", "content/.git/index", "content/public/x", "content/.a.swp", "other", ""] {
            assert!(!interest.includes(&Path::new("/home/.git/site").join(path)), "{path}");
        }
        assert!(interest.is_below(Path::new("/home/.git/site")) && !interest.is_below(Path::new("/home/other")));
    }

    #[test]
    fn a_look_notices_what_was_written_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("a.md", "one");
        let interest = Interest::new(vec![folder.path().into()], vec![folder.path().join("public")]);
        let mut look = Look::new();
        assert!(look.has_changed(&interest));
        assert!(!look.has_changed(&interest));
        write(".a.md.swp", "x");
        std::fs::create_dir(folder.path().join("public")).expect("a folder");
        write("public/index.html", "x");
        assert!(!look.has_changed(&interest));
        write("a.md", "longer");
        assert!(look.has_changed(&interest));
        // The same size and whatever time, but another file.
        write("b", "linger");
        std::fs::rename(folder.path().join("b"), folder.path().join("a.md")).expect("a rename");
        assert!(look.has_changed(&interest));
        std::fs::remove_file(folder.path().join("a.md")).expect("a removal");
        assert!(look.has_changed(&interest));
        assert!(!look.has_changed(&interest));
        // Whoever is called away has seen nothing.
        write("d.md", "new");
        assert_eq!(look.has_changed_unless(&interest, || true), None);
        assert_eq!(look.has_changed_unless(&interest, || false), Some(true));
        // What was noted when the system told of it is no news any more.
        write("c.md", "new");
        look.note(&folder.path().join("c.md"), &interest);
        assert!(!look.has_changed(&interest));
        std::fs::remove_file(folder.path().join("c.md")).expect("a removal");
        look.note(&folder.path().join("c.md"), &interest);
        look.note(&folder.path().join(".c.md.swp"), &interest);
        assert!(!look.has_changed(&interest));
    }
}
