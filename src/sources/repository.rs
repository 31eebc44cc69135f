//! Whether git is changing the files right now, so that they are not read in the middle of it.

use std::path::{Path, PathBuf};

/// Whether git holds the lock that it takes before it touches files, and lets go of after (gitrepository-layout(5)).
pub fn git_is_at_work(root: &Path) -> bool {
    repository(root).is_some_and(|repository| repository.join("index.lock").exists())
}

/// The folder in which git keeps what it knows about the files, where there is one.
fn repository(root: &Path) -> Option<PathBuf> {
    let root = std::path::absolute(root).ok()?;
    let git = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    // A working tree beside its repository says where that is.
    let text = std::fs::read_to_string(&git).ok()?;
    let said = text.strip_prefix("gitdir:")?.trim();
    Some(git.parent()?.join(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_seen_from_below_and_from_a_tree_beside_the_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let (site, beside) = (folder.path().join("kb/site"), folder.path().join("beside"));
        for made in [&site, &beside, &folder.path().join("kb/.git/worktrees/beside")] {
            std::fs::create_dir_all(made).expect("a folder");
        }
        let lock = |path: &str| std::fs::write(folder.path().join(path), "").expect("a file");
        std::fs::write(beside.join(".git"), "gitdir: ../kb/.git/worktrees/beside\n").expect("a file");
        assert!(!git_is_at_work(&site) && !git_is_at_work(&beside));
        lock("kb/.git/index.lock");
        assert!(git_is_at_work(&site) && !git_is_at_work(&beside));
        lock("kb/.git/worktrees/beside/index.lock");
        assert!(git_is_at_work(&beside));
    }
}
