//! Why a folder or an address is not published to, in words for the person at the terminal.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something we will not write to. Nothing has been touched.
///
/// The first path of each is the output folder as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is, or lies inside, a folder the community writes in.
    Community(PathBuf),
    /// A folder the community writes in lies inside it.
    HoldsCommunity(PathBuf, PathBuf),
    /// It is the folder with `folkmoot.toml`.
    Project(PathBuf),
    /// The folder with `folkmoot.toml` lies inside it.
    HoldsProject(PathBuf),
    /// It is `/`, or the root of a drive.
    Root(PathBuf),
    /// It is a home folder, or holds one.
    Home(PathBuf),
    /// Something else than a folder stands there.
    NotAFolder(PathBuf),
    /// It holds these, and nothing says that we put them there.
    NotOurs(PathBuf, Vec<String>),
    /// At these addresses of ours are somebody else's files.
    InTheWay(PathBuf, Vec<String>),
    /// At these addresses of ours are links, which might lead anywhere.
    Links(PathBuf, Vec<String>),
    /// Another build has the lock.
    Locked(PathBuf),
    /// Our own notes make no sense to us.
    Unreadable { out: PathBuf, file: PathBuf },
    /// The system would not let us look at this.
    Unseen { path: PathBuf, why: String },
    /// This address leads out of the output folder, or into our own folder in it.
    Address(String),
    /// This address is planned for a file and for a folder.
    FileAndFolder(String),
}

/// What to do about most of them.
const A_FOLDER_OF_ITS_OWN: &str = "Choose a folder of its own, for example `--out public`.";

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refusal::Community(out) => {
                write!(f, "The output folder {} is part of the community's own files. {A_FOLDER_OF_ITS_OWN}", tick(out))
            }
            Refusal::HoldsCommunity(out, theirs) => {
                write!(f, "The output folder {} holds the community's own files in {}. {A_FOLDER_OF_ITS_OWN}", tick(out), tick(theirs))
            }
            Refusal::Project(out) => write!(
                f,
                "The output folder {} is the folder of the knowledge base itself, the one with `folkmoot.toml`. \
                 {A_FOLDER_OF_ITS_OWN}",
                tick(out)
            ),
            Refusal::HoldsProject(out) => {
                write!(f, "The output folder {} holds the whole knowledge base. {A_FOLDER_OF_ITS_OWN}", tick(out))
            }
            Refusal::Root(out) => {
                write!(f, "The output folder {} is the root of the whole disk. {A_FOLDER_OF_ITS_OWN}", tick(out))
            }
            Refusal::Home(out) => {
                write!(f, "The output folder {} is or holds your home folder. {A_FOLDER_OF_ITS_OWN}", tick(out))
            }
            Refusal::NotAFolder(out) => write!(
                f,
                "The output folder {} is not a folder, or lies below a file. Move that file away, or choose another \
                 place with `--out`.",
                tick(out)
            ),
            Refusal::NotOurs(out, found) => write!(
                f,
                "The output folder {} is not empty, and Folkmoot has not published to it before: it holds {}. Choose \
                 an empty or a new folder with `--out`, or empty this one yourself.",
                tick(out),
                list(found)
            ),
            Refusal::InTheWay(out, found) => write!(
                f,
                "In the output folder {}, {} not written by Folkmoot, and stand{} where the site would be. Move {} \
                 elsewhere, or choose another folder with `--out`.",
                tick(out),
                match found.as_slice() {
                    [one] => format!("`{one}` was"),
                    many => format!("{} were", list(many)),
                },
                if found.len() == 1 { "s" } else { "" },
                if found.len() == 1 { "it" } else { "them" },
            ),
            Refusal::Links(out, found) => write!(
                f,
                "In the output folder {}, a link stands where the site would be written, and Folkmoot does not follow \
                 links there: {}. Remove the link, or choose another folder with `--out`.",
                tick(out),
                list(found)
            ),
            Refusal::Locked(out) => write!(
                f,
                "Another build is publishing to the output folder {} right now. Wait until it has ended, then build \
                 again.",
                tick(out)
            ),
            Refusal::Unreadable { out, file } => write!(
                f,
                "{} was changed by hand or written by another version of Folkmoot, so it no longer tells which files \
                 in the output folder {} are Folkmoot's. Empty that folder yourself, `.folkmoot` included, or choose \
                 another with `--out`.",
                tick(file),
                tick(out)
            ),
            Refusal::Unseen { path, why } => write!(
                f,
                "The system does not let Folkmoot look at {}: {why}. Change the rights to it, or choose another output \
                 folder with `--out`.",
                tick(path)
            ),
            Refusal::Address(path) => write!(
                f,
                "The address `{}` would lie outside the output folder or among Folkmoot's own notes, or has a \
                 character that no file should have in its name. Give the entry or file another name.",
                path.escape_debug()
            ),
            Refusal::FileAndFolder(path) => write!(
                f,
                "The address `{path}` is planned for a file, and for a folder with other files in it. Give one of them \
                 another name."
            ),
        }
    }
}

impl std::error::Error for Refusal {}

fn tick(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// Enough to recognise what is meant, few enough to read.
const NAMED: usize = 5;

fn list(found: &[String]) -> String {
    let named: Vec<String> = found.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match (found.len() - named.len(), named.as_slice()) {
        (0, [rest @ .., last]) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        (0, _) => named.concat(),
        (more, _) => format!("{} and {more} more", named.join(", ")),
    }
}
