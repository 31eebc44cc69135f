//! What a publish is about to do to visible files, written down first, so that the next one can finish it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::disk::Disk;
use super::own_folder::OwnFolder;
use super::{Refusal, addresses};

/// What stands on the first line. Another number means another format.
const FIRST_LINE: &str = "folkmoot journal 1";

/// The changes that turn the old site into the new one. Carrying it out again changes nothing more.
///
/// As text, with the number of lines below the second, so that a part of a journal is not taken for a whole one:
///
/// ```text
/// folkmoot journal 1
/// NUMBER
/// clear PATH
/// move STAGED-NUMBER SIZE PATH
/// remove PATH
/// ```
#[derive(Debug, Default)]
pub struct Journal {
    /// Our old files where the new site has folders, or in folders where it has files: gone before anything moves.
    pub clear: Vec<String>,
    pub moves: Vec<Move>,
    /// Our other old files that the new site lacks: gone last, so that no page links to nothing for a moment.
    pub remove: Vec<String>,
}

/// A staged file on its way.
#[derive(Debug)]
pub struct Move {
    /// Its name in the stage.
    pub number: usize,
    /// In bytes.
    pub size: u64,
    pub path: String,
}

impl Journal {
    /// Reads the journal of `out`; none if there is none, which is how a publish ends.
    pub fn read(out: &Path, path: &Path) -> Result<Option<Journal>, Refusal> {
        match std::fs::read_to_string(path) {
            Ok(text) => match Journal::from_text(&text) {
                Some(journal) => Ok(Some(journal)),
                None => Err(Refusal::Unreadable { out: out.to_owned(), file: path.to_owned() }),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Refusal::Unseen { path: path.to_owned(), why: error.to_string() }),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.clear.is_empty() && self.moves.is_empty() && self.remove.is_empty()
    }

    /// Makes the changes, then lets the new manifest hold and ends the journal.
    pub fn carry_out(&self, disk: &Disk, out: &Path, own: &OwnFolder) -> anyhow::Result<()> {
        remove(disk, out, &self.clear)?;
        create_folders(disk, out, &self.moves)?;
        for wave in Wave::ALL {
            (self.moves.par_iter().filter(|step| Wave::of(&step.path) == wave))
                .try_for_each(|step| disk.rename(&own.staged(step.number), &out.join(&step.path)))?;
        }
        remove(disk, out, &self.remove)?;
        // It is not there if the earlier publish was cut short right after this step.
        if own.manifest_next.symlink_metadata().is_ok() {
            disk.rename(&own.manifest_next, &own.manifest)?;
        }
        disk.remove_file(&own.journal)
    }

    pub fn to_text(&self) -> String {
        let lines = self.clear.len() + self.moves.len() + self.remove.len();
        let mut text = format!("{FIRST_LINE}\n{lines}\n");
        let mut line = |args: std::fmt::Arguments| {
            text.write_fmt(args).expect("a string takes any text");
            text.push('\n');
        };
        self.clear.iter().for_each(|path| line(format_args!("clear {path}")));
        self.moves.iter().for_each(|Move { number, size, path }| line(format_args!("move {number} {size} {path}")));
        self.remove.iter().for_each(|path| line(format_args!("remove {path}")));
        text
    }

    fn from_text(text: &str) -> Option<Journal> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let count: usize = lines.next()?.parse().ok()?;
        if lines.clone().count() != count {
            return None;
        }
        let safe = |path: &str| addresses::is_safe(path).then(|| path.to_owned());
        let mut journal = Journal::default();
        for line in lines {
            match line.split_once(' ')? {
                ("clear", path) => journal.clear.push(safe(path)?),
                ("remove", path) => journal.remove.push(safe(path)?),
                ("move", rest) => {
                    let (number, rest) = rest.split_once(' ')?;
                    let (size, path) = rest.split_once(' ')?;
                    let (number, size) = (number.parse().ok()?, size.parse().ok()?);
                    journal.moves.push(Move { number, size, path: safe(path)? });
                }
                _ => return None,
            }
        }
        Some(journal)
    }
}

/// What moves together. Who reads while we publish gets an old page with its old assets, or a new page whose
/// assets have arrived.
#[derive(Clone, Copy, PartialEq)]
enum Wave {
    Assets,
    Files,
    Rest,
    Pages,
}

impl Wave {
    const ALL: [Wave; 4] = [Wave::Assets, Wave::Files, Wave::Rest, Wave::Pages];

    fn of(path: &str) -> Wave {
        if path.starts_with("assets/") {
            Wave::Assets
        } else if path.starts_with("files/") {
            Wave::Files
        } else if path.ends_with(".html") {
            Wave::Pages
        } else {
            Wave::Rest
        }
    }
}

/// Makes the folders that the moves need, each once.
fn create_folders(disk: &Disk, out: &Path, moves: &[Move]) -> anyhow::Result<()> {
    let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for folder in addresses::folders(moves.iter().map(|step| step.path.as_str())) {
        levels.entry(folder.matches('/').count()).or_default().push(folder);
    }
    (levels.values()).try_for_each(|level| level.par_iter().try_for_each(|folder| disk.create_folder(&out.join(folder))))
}

/// Removes files of ours, then the folders above them that are empty without them.
fn remove(disk: &Disk, out: &Path, paths: &[String]) -> anyhow::Result<()> {
    paths.par_iter().try_for_each(|path| disk.remove_file(&out.join(path)))?;
    let folders = addresses::folders(paths.iter().map(String::as_str));
    folders.iter().rev().try_for_each(|folder| disk.remove_folder_if_empty(&out.join(folder)))
}
