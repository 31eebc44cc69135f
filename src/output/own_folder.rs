//! The folder `.folkmoot` in an output folder: where things are in it, and clearing what was left there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::disk::Disk;

/// Its name. It begins with a dot, so that an output folder that holds nothing else counts as empty, and
/// web servers and copying scripts commonly pass it over.
pub const OWN_FOLDER: &str = ".folkmoot";

/// Where we keep what we need to know about an output folder.
pub struct OwnFolder {
    out: PathBuf,
    pub folder: PathBuf,
    pub stage: PathBuf,
    pub lock: PathBuf,
    pub manifest: PathBuf,
    /// The manifest that holds once the journal has been carried out.
    pub manifest_next: PathBuf,
    pub journal: PathBuf,
    /// A journal that is still being written, and therefore does not count.
    pub journal_next: PathBuf,
}

impl OwnFolder {
    /// The one in this output folder, whether or not it exists.
    pub fn of(out: &Path) -> OwnFolder {
        let folder = out.join(OWN_FOLDER);
        OwnFolder {
            out: out.to_owned(),
            stage: folder.join("stage"),
            lock: folder.join("lock"),
            manifest: folder.join("manifest"),
            manifest_next: folder.join("manifest.next"),
            journal: folder.join("journal"),
            journal_next: folder.join("journal.next"),
            folder,
        }
    }

    /// Makes it, with the output folder around it.
    pub fn create(&self, disk: &Disk) -> anyhow::Result<()> {
        let outer: Vec<&Path> = self.out.ancestors().take_while(|folder| !folder.is_dir()).collect();
        for folder in outer.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
            disk.create_folder(folder)?;
        }
        disk.create_folder(&self.folder)?;
        disk.create_folder(&self.stage)
    }

    /// Where the new file with this index waits until all are there.
    pub fn staged(&self, number: usize) -> PathBuf {
        self.stage.join(number.to_string())
    }

    /// Removes what a publish that never came to its journal, or has just carried it out, left behind.
    pub fn clear_leftovers(&self, disk: &Disk) -> anyhow::Result<()> {
        let cannot_list = || format!("`{}` cannot be listed", self.stage.display());
        match self.stage.read_dir() {
            Ok(entries) => {
                for entry in entries {
                    disk.remove_file(&entry.with_context(cannot_list)?.path())?;
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(cannot_list),
        }
        for unfinished in [&self.journal_next, &self.manifest_next] {
            if unfinished.symlink_metadata().is_ok() {
                disk.remove_file(unfinished)?;
            }
        }
        Ok(())
    }
}
