//! Which relative paths may be written to, and the folders they need.

use std::collections::HashSet;
use std::path::{Component, Path};

use super::Refusal;
use super::own_folder::OWN_FOLDER;

/// Refuses paths that lead out of the output folder or into what we keep there, and a file where the same plan
/// needs a folder.
pub fn check(paths: &[String]) -> Result<(), Refusal> {
    assert!(paths.is_sorted_by(|a, b| a < b), "a plan has its paths sorted, each once");
    if let Some(path) = paths.iter().find(|path| !is_safe(path)) {
        return Err(Refusal::Address(path.clone()));
    }
    let folders = folders(paths.iter().map(String::as_str));
    match folders.iter().find(|folder| paths.binary_search_by(|path| path.as_str().cmp(folder)).is_ok()) {
        Some(folder) => Err(Refusal::FileAndFolder((*folder).to_owned())),
        None => Ok(()),
    }
}

/// Whether a relative path stays inside the output folder, on any system, and out of our own folder in it.
/// Control characters are kept out because manifest and journal have one path a line.
pub fn is_safe(path: &str) -> bool {
    let own = path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(OWN_FOLDER));
    !own && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c == '\\' || c.is_control())
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The folders that lie above some of these paths, each once, outer ones before inner ones.
pub fn folders<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let mut folders = Vec::new();
    for path in paths {
        // From the innermost outwards: above a folder that was seen, all have been seen.
        for folder in above(path).rev() {
            if !seen.insert(folder) {
                break;
            }
            folders.push(folder);
        }
    }
    folders.sort_unstable();
    folders
}

/// The folders above a path, the outermost first: `a` and `a/b` for `a/b/c`.
pub fn above(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
