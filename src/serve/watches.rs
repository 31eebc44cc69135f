//! The watches that the operating system keeps for us: one on each folder in which something may change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

use super::bell::Bell;
use super::sweep::{Interest, identity};

/// The watches the operating system keeps for us.
pub struct Watches {
    watcher: RecommendedWatcher,
    held: BTreeMap<PathBuf, Hold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hold {
    mode: RecursiveMode,
    /// A folder that was removed and made anew is another folder, and its watch went with the first.
    identity: u64,
}

impl Watches {
    pub fn new(bell: &Arc<Bell>) -> notify::Result<Self> {
        let bell = bell.clone();
        // A linked folder may lead anywhere, to the whole disk for one.
        let config = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(move |told| bell.hear(told), config)?;
        Ok(Watches { watcher, held: BTreeMap::new() })
    }

    /// Watches what is to be watched and exists now, and nothing else.
    pub fn hold(&mut self, interest: &Interest) -> notify::Result<()> {
        let wanted = wanted(interest);
        let Watches { watcher, held } = self;
        held.retain(|path, hold| {
            let keep = wanted.get(path) == Some(hold);
            if !keep {
                // The watch of a folder that is gone went with it, so there may be none to take back.
                let _ = watcher.unwatch(path);
            }
            keep
        });
        for (path, hold) in wanted {
            if held.contains_key(&path) {
                continue;
            }
            match watcher.watch(&path, hold.mode) {
                Ok(()) => {
                    held.insert(path, hold);
                }
                // Gone between looking and watching; whatever took its place is found the next time.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Folders as a whole, and the folders that hold what is watched: a file that is saved by renaming another one over it
/// is a new file each time, and a folder that does not exist yet can only be seen to appear.
fn wanted(interest: &Interest) -> BTreeMap<PathBuf, Hold> {
    let hold = |path: &Path, mode| Some((path.to_owned(), Hold { mode, identity: identity(&path.metadata().ok()?) }));
    let folders = || interest.watched().iter().filter(|path| path.is_dir());
    let mut wanted: BTreeMap<_, _> = folders().filter_map(|path| hold(path, RecursiveMode::Recursive)).collect();
    for path in interest.watched() {
        let above = path.ancestors().skip(1).find(|ancestor| ancestor.is_dir());
        // Watching a part of a watched folder by itself would take it out of the whole.
        if let Some(above) = above.filter(|above| !folders().any(|folder| above.starts_with(folder))) {
            wanted.extend(hold(above, RecursiveMode::NonRecursive));
        }
    }
    wanted
}
