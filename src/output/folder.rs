//! Decides whether a folder may be published to.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::Refusal;
use super::own_folder::OwnFolder;

/// Checks that `out` may be published to, without touching anything, so that it can be asked before any work.
///
/// # Errors
///
/// Refuses a folder that is, holds or lies inside what the community wrote, the root of the disk or a home folder,
/// and one that holds files but was not published to by us.
pub fn check_output_folder(out: &Path, project: &Path, protected: &[PathBuf], home: Option<&Path>) -> Result<(), Refusal> {
    check_place(out, project, protected, home)?;
    check_state(out)
}

fn check_place(out: &Path, project: &Path, protected: &[PathBuf], home: Option<&Path>) -> Result<(), Refusal> {
    let here = place(out)?;
    let refused = out.to_owned();
    if here.parent().is_none() {
        return Err(Refusal::Root(refused));
    }
    // An unset variable may reach us as an empty path, which would mean the folder we are in.
    if let Some(home) = home.filter(|home| !home.as_os_str().is_empty())
        && place(home)?.starts_with(&here)
    {
        return Err(Refusal::Home(refused));
    }
    let project = place(project)?;
    if project == here {
        return Err(Refusal::Project(refused));
    }
    if project.starts_with(&here) {
        return Err(Refusal::HoldsProject(refused));
    }
    for folder in protected {
        let theirs = place(folder)?;
        if here.starts_with(&theirs) {
            return Err(Refusal::Community(refused));
        }
        if theirs.starts_with(&here) {
            return Err(Refusal::HoldsCommunity(refused, folder.clone()));
        }
    }
    Ok(())
}

/// Where a path really leads, links and all, in a form in which two spellings of one place are equal: on some file
/// systems `Content` is `content`, and `é` one character or two.
fn place(path: &Path) -> Result<PathBuf, Refusal> {
    let unseen = |error: std::io::Error| Refusal::Unseen { path: path.to_owned(), why: error.to_string() };
    // An empty path means the folder we are in, but cannot be asked about.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut real = PathBuf::new();
    for part in std::path::absolute(path).map_err(unseen)?.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => real.push(part),
            Component::Normal(name) => {
                real.push(name);
                match real.canonicalize() {
                    Ok(canonical) => real = canonical,
                    // From here on nothing exists, so there are no links to follow.
                    Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                    Err(error) => return Err(unseen(error)),
                }
            }
        }
    }
    Ok(real.components().map(fold).collect())
}

fn fold(part: Component) -> PathBuf {
    match part {
        Component::Normal(name) => {
            let lower = name.to_string_lossy().nfc().collect::<String>().to_lowercase();
            lower.nfc().collect::<String>().into()
        }
        root => PathBuf::from(root.as_os_str()),
    }
}

/// Whether the folder is not there yet, empty, or ours.
fn check_state(out: &Path) -> Result<(), Refusal> {
    let unseen = |error: std::io::Error| Refusal::Unseen { path: out.to_owned(), why: error.to_string() };
    let out_or_here = if out.as_os_str().is_empty() { Path::new(".") } else { out };
    match out_or_here.metadata() {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(Refusal::NotAFolder(out.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Refusal::NotAFolder(out.to_owned()));
        }
        // A link to nothing is there, but leads to no folder.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return match out.symlink_metadata() {
                Ok(_) => Err(Refusal::NotAFolder(out.to_owned())),
                Err(_) => Ok(()),
            };
        }
        Err(error) => return Err(unseen(error)),
    }
    let own = OwnFolder::of(out);
    for (path, name) in [(&own.folder, ".folkmoot"), (&own.stage, ".folkmoot/stage")] {
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => {
                return Err(Refusal::Links(out.to_owned(), vec![name.to_owned()]));
            }
            Ok(metadata) if !metadata.is_dir() => {
                return Err(Refusal::InTheWay(out.to_owned(), vec![name.to_owned()]));
            }
            _ => {}
        }
    }
    // A publish into a new folder that was killed half way has left a journal, but no manifest yet.
    if own.manifest.is_file() || own.journal.is_file() {
        return Ok(());
    }
    let mut strangers = Vec::new();
    for entry in out_or_here.read_dir().map_err(unseen)? {
        let name = entry.map_err(unseen)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            strangers.push(name);
        }
    }
    strangers.sort_unstable();
    if strangers.is_empty() { Ok(()) } else { Err(Refusal::NotOurs(out.to_owned(), strangers)) }
}
