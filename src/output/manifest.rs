//! The list of files we wrote into an output folder, by which we know ours from other people's.

use std::fmt::Write;
use std::hash::BuildHasher;
use std::io::ErrorKind;
use std::path::Path;

use foldhash::quality::FixedState;

use super::disk::Stamp;
use super::{Refusal, addresses};

/// What stands on the first line. Another number means another format.
const FIRST_LINE: &str = "folkmoot manifest 1";

/// The files of a published site.
///
/// As text, one line each, since twenty thousand of them are read before every build:
///
/// ```text
/// folkmoot manifest 1
/// DIGEST NUMBER-OF-FILES
/// SIZE TIME HASH PATH
/// ```
#[derive(Debug, PartialEq)]
pub struct Manifest {
    /// Of everything the site was made from.
    pub digest: String,
    /// Sorted by path.
    pub files: Vec<Listed>,
}

/// One file as we wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub path: String,
    pub stamp: Stamp,
    /// Of its bytes.
    pub hash: u64,
}

/// Tells whether a file has changed since we wrote it. Nobody gains by making two of their own pages look alike, so a
/// quick hash does: a strong one would be a twentieth of the work on a large site. It need not be the same in every
/// version of the program: where it is another, files are written anew.
pub fn hash(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

impl Manifest {
    /// Of a folder in which nothing is ours.
    pub const EMPTY: Manifest = Manifest { digest: String::new(), files: Vec::new() };

    /// Reads the manifest of `out`; none if there is none.
    pub fn read(out: &Path, path: &Path) -> Result<Option<Manifest>, Refusal> {
        match std::fs::read_to_string(path) {
            Ok(text) => match Manifest::from_text(&text) {
                Some(manifest) => Ok(Some(manifest)),
                None => Err(Refusal::Unreadable { out: out.to_owned(), file: path.to_owned() }),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(Refusal::Unseen { path: path.to_owned(), why: error.to_string() }),
        }
    }

    /// The file at this path, if it is one of ours.
    pub fn find(&self, path: &str) -> Option<&Listed> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some(&self.files[at])
    }

    /// Our files inside this folder, at any depth.
    pub fn inside(&self, folder: &str) -> impl Iterator<Item = &Listed> {
        let folder = format!("{folder}/");
        let start = self.files.partition_point(|file| file.path < folder);
        self.files[start..].iter().take_while(move |file| file.path.starts_with(&folder))
    }

    /// Size of the whole site.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.stamp.size).sum()
    }

    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n{} {}\n", self.digest, self.files.len());
        for Listed { path, stamp, hash } in &self.files {
            writeln!(text, "{} {} {hash:016x} {path}", stamp.size, stamp.time).expect("a string takes any text");
        }
        text
    }

    /// None if this is not a whole manifest, or lists what could not have been written by us: nothing it lists
    /// may lead to the removal of a file outside the output folder.
    fn from_text(text: &str) -> Option<Manifest> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let (digest, count) = lines.next()?.rsplit_once(' ')?;
        let files = lines.map(Listed::from_line).collect::<Option<Vec<_>>>()?;
        let whole = files.len() == count.parse::<usize>().ok()? && files.is_sorted_by(|a, b| a.path < b.path);
        whole.then(|| Manifest { digest: digest.to_owned(), files })
    }
}

impl Listed {
    fn from_line(line: &str) -> Option<Listed> {
        let mut parts = line.splitn(4, ' ');
        let size = parts.next()?.parse().ok()?;
        let time = parts.next()?.parse().ok()?;
        let hash = u64::from_str_radix(parts.next()?, 16).ok()?;
        let path = parts.next().filter(|path| addresses::is_safe(path))?.to_owned();
        Some(Listed { path, stamp: Stamp { size, time }, hash })
    }
}
