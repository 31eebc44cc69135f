//! Where the knowledge base lies, and how its paths are shown.

use crate::sources::{CONFIG, CONTENT, STATIC, THEME};
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Component, Path, PathBuf};

/// The folder of a knowledge base, as the last word of a command.
#[derive(Args)]
pub struct Site {
    /// The folder with `folkmoot.toml` [default: here, or the nearest parent that has one]
    #[arg(value_name = "SITE")]
    site: Option<PathBuf>,
}

impl Site {
    /// The folder, from the root of the disk.
    pub fn find(&self) -> anyhow::Result<PathBuf> {
        find(self.site.as_deref())
    }
}

/// The folder that was named, else the nearest one from here upwards that holds a knowledge base.
///
/// # Errors
/// When there is none.
pub fn find(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let Some(named) = named else {
        let here = here()?;
        let found = here.ancestors().find(|folder| folder.join(CONFIG).is_file());
        return found.map(Path::to_owned).context(
            "There is no `folkmoot.toml` here or in any folder above. \
             Name the folder that has one, or run `folkmoot init` to begin a knowledge base here.",
        );
    };
    let folder = match named.file_name() {
        // The file itself is as clear a name for its folder as any.
        Some(name) if name == CONFIG && named.is_file() => named.parent().unwrap_or(Path::new("")),
        _ => named,
    };
    let folder = if folder.as_os_str().is_empty() { here()? } else { absolute(folder)? };
    if !folder.join(CONFIG).is_file() {
        let shown = shown(&folder);
        bail!("There is no `folkmoot.toml` in `{0}`. Name the folder that has one, or run `folkmoot init {0}`.", shown.display());
    }
    Ok(folder)
}

/// The folders the community writes in.
pub fn community_folders(root: &Path) -> [PathBuf; 3] {
    [CONTENT, STATIC, THEME].map(|folder| root.join(folder))
}

fn here() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("looking at the folder this command was started in")
}

pub fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("looking at `{}`", path.display()))
}

/// A path as somebody who stands here would type it.
pub fn shown(path: &Path) -> PathBuf {
    let relative = here().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    match relative {
        Some(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
        Some(relative) => relative,
        None => path.to_owned(),
    }
}

/// The way from here down to a folder, with a slash after each name; empty where the folder is this one or not below it.
///
/// A knowledge base is often one folder of a repository, and services that show findings beside a change look for files
/// from the repository's root, which is where their commands run.
pub fn way_to(folder: &Path) -> String {
    let name = |part: Component| match part {
        Component::Normal(name) => Some(format!("{}/", name.to_string_lossy())),
        // `../other` begins here as well, and leads elsewhere.
        _ => None,
    };
    let way = here().ok().and_then(|here| folder.strip_prefix(here).ok()?.components().map(name).collect());
    way.unwrap_or_default()
}
