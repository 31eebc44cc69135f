//! What stands on disk where the new site will be, and whose it is.

use std::collections::HashMap;
use std::fs::FileType;
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::disk::Stamp;
use super::manifest::Manifest;
use super::{Refusal, addresses};

/// What was found, and what has to go.
pub struct Ground<'a> {
    /// What stands at each planned path.
    pub here: Vec<Here<'a>>,
    /// Our old files where the new site needs folders, or in folders where it needs files; sorted.
    pub clear: Vec<String>,
    /// Our other old files that the new site lacks; sorted.
    pub remove: Vec<String>,
}

/// What stands at one path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Here<'a> {
    Nothing,
    File(Stamp),
    Folder,
    /// A file, or something stranger, where this folder on the way to the path would be; or at the path itself.
    Blocked(&'a str),
    /// A link, at the path itself or where a folder on the way to it would be.
    Link(&'a str),
}

/// Looks at every planned path (sorted) and at every file of ours.
///
/// # Errors
///
/// Refuses if the way is blocked by what is not ours. Nothing is touched.
pub fn survey<'a>(out: &Path, planned: &[&'a str], before: &Manifest) -> Result<Ground<'a>, Refusal> {
    let here = look(out, planned)?;
    let mut clear = Vec::new();
    let mut strangers = Vec::new();
    let mut links = Vec::new();
    for (&path, here) in planned.iter().zip(&here) {
        match *here {
            Here::Nothing => {}
            Here::File(_) if before.find(path).is_some() => {}
            Here::File(_) => strangers.push(path.to_owned()),
            Here::Folder => {
                clear.extend(before.inside(path).map(|file| file.path.clone()));
                find_strangers(out, path, before, &mut strangers)?;
            }
            Here::Blocked(by) if by != path && before.find(by).is_some() => clear.push(by.to_owned()),
            Here::Blocked(by) => strangers.push(by.to_owned()),
            Here::Link(link) => links.push(link.to_owned()),
        }
    }
    for (found, refuse) in [(links, Refusal::Links as fn(_, _) -> _), (strangers, Refusal::InTheWay as fn(_, _) -> _)] {
        if !found.is_empty() {
            return Err(refuse(out.to_owned(), sorted(found)));
        }
    }

    let mut clear = sorted(clear);
    keep_removable(out, &mut clear)?;
    let lacking = |path: &&str| planned.binary_search(path).is_err();
    let stale = before.files.iter().map(|file| file.path.as_str()).filter(lacking);
    let mut remove: Vec<String> =
        (stale.filter(|&path| clear.binary_search_by(|c| c.as_str().cmp(path)).is_err())).map(str::to_owned).collect();
    keep_removable(out, &mut remove)?;
    Ok(Ground { here, clear, remove })
}

/// Keeps the paths that may be removed: a plain file stands there, reached without a link, or nothing but perhaps an
/// emptied folder. Where somebody has put a folder or a link in place of a file of ours, it is theirs.
pub fn keep_removable(out: &Path, paths: &mut Vec<String>) -> Result<(), Refusal> {
    let all: Vec<&str> = paths.iter().map(String::as_str).collect();
    let removable: Vec<bool> = look(out, &all)?.iter().map(|here| matches!(here, Here::File(_) | Here::Nothing)).collect();
    let mut removable = removable.into_iter();
    paths.retain(|_| removable.next().expect("each path was looked at"));
    Ok(())
}

/// Looks at paths without following any link.
fn look<'a>(out: &Path, paths: &[&'a str]) -> Result<Vec<Here<'a>>, Refusal> {
    if is_bare(out) {
        return Ok(vec![Here::Nothing; paths.len()]);
    }
    let folders = addresses::folders(paths.iter().copied());
    // Nearly all folders are simply there, and a lookup in an empty map costs next to nothing.
    let odd: HashMap<&str, Here> = (folders.into_par_iter())
        .map(|folder| Ok((folder, look_at(out, folder)?)))
        .filter(|found| !matches!(found, Ok((_, Here::Folder))))
        .collect::<Result<_, Refusal>>()?;
    let look_along = |path: &&'a str| {
        let on_the_way = if odd.is_empty() { None } else { addresses::above(path).find_map(|f| Some((f, odd.get(f)?))) };
        match on_the_way {
            None => look_at(out, path),
            Some((folder, Here::File(_))) => Ok(Here::Blocked(folder)),
            Some((_, &here)) => Ok(here),
        }
    };
    paths.par_iter().map(look_along).collect()
}

/// Whether nothing is there at all, so that a first publish need not ask for each folder and file.
fn is_bare(out: &Path) -> bool {
    match out.read_dir() {
        Ok(mut inside) => inside.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

fn look_at<'a>(out: &Path, path: &'a str) -> Result<Here<'a>, Refusal> {
    let full = out.join(path);
    match full.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => Ok(Here::File(Stamp::of(&metadata))),
        Ok(metadata) if metadata.is_dir() => Ok(Here::Folder),
        Ok(metadata) if metadata.is_symlink() => Ok(Here::Link(path)),
        Ok(_) => Ok(Here::Blocked(path)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Here::Nothing),
        Err(error) => Err(Refusal::Unseen { path: full, why: error.to_string() }),
    }
}

/// Adds to `strangers` whatever would keep this folder from being empty once our files in it are gone.
fn find_strangers(out: &Path, folder: &str, before: &Manifest, strangers: &mut Vec<String>) -> Result<(), Refusal> {
    let unseen = |error: std::io::Error| Refusal::Unseen { path: out.join(folder), why: error.to_string() };
    // Had we never a file in it, the folder itself is somebody's, even with nothing in it.
    if before.inside(folder).next().is_none() {
        strangers.push(format!("{folder}/"));
        return Ok(());
    }
    for entry in out.join(folder).read_dir().map_err(unseen)? {
        let entry = entry.map_err(unseen)?;
        let kind: FileType = entry.file_type().map_err(unseen)?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            find_strangers(out, &path, before, strangers)?;
        } else if !kind.is_file() || before.find(&path).is_none() {
            strangers.push(path);
        }
    }
    Ok(())
}

fn sorted(mut paths: Vec<String>) -> Vec<String> {
    paths.sort_unstable();
    paths.dedup();
    paths
}
