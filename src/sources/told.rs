//! Reading once more what the system said was touched, and nothing else: on a large knowledge base, even to look at every
//! file takes longer than all the rest of a preview.

use super::{
    Asset, CONFIG, CONTENT, Found, Kept, STATIC, Sources, THEME, is_gone, is_passed_over, is_snapshot, project_path, read_source,
    unless_gone,
};
use crate::findings::{Checked, Place};
use crate::sheets::Sheets;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What was read earlier, with the touched files read again. None where only a look at everything can tell what there is:
/// a file came or went, or a folder or a link was touched.
///
/// # Errors
/// When a file that is there cannot be read.
pub fn reread(root: &Path, earlier: &Checked<Sources>, touched: &[PathBuf]) -> anyhow::Result<Option<Checked<Sources>>> {
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let mut sources = None;
    for disk in touched {
        let Ok(inside) = disk.strip_prefix(&root) else { return Ok(None) };
        let mut parts = inside.iter().map(|part| part.to_string_lossy());
        let folder = parts.next().unwrap_or_default().into_owned();
        let beside_config = inside.iter().count() == 1;
        // The folder itself is told of with each file that comes or goes in it; the file is told of as well.
        let of_ours = [CONTENT, STATIC, THEME].contains(&folder.as_str()) || folder == CONFIG || is_snapshot(&folder);
        if !of_ours || parts.any(|part| is_passed_over(&part)) {
            continue;
        }
        let found = Found { path: project_path(&root, disk), disk: disk.clone() };
        let known = earlier.value.knows(&found.path);
        match std::fs::symlink_metadata(disk) {
            Ok(metadata) if metadata.is_file() && known => {}
            // Came and went again, as the files do that editors write beside the one they mean.
            Err(error) if is_gone(&error) && !known && !beside_config && !holds(earlier, &found.path) => continue,
            _ => return Ok(None),
        }
        match unless_gone(sources.get_or_insert_with(|| earlier.value.clone()).read_again(&found)) {
            Some(read) => read?,
            None => return Ok(None),
        }
    }
    let sources = sources.unwrap_or_else(|| earlier.value.clone());
    Ok(Some(Checked::new(sources, earlier.findings.clone())))
}

/// Whether something was read below this path, or something told of it: of a folder that is moved away with all its files
/// only the folder's name is told, and a link that leads nowhere is known by its finding alone.
fn holds(earlier: &Checked<Sources>, path: &str) -> bool {
    let within = |other: &str| other.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let at = |place: &Option<Place>| place.as_ref().is_some_and(|place| within(&place.file));
    let Sources { content, beside, statics, theme, .. } = &earlier.value;
    let mut sources = content.iter().chain(theme).map(|source| &source.path);
    let mut assets = beside.iter().chain(statics.iter()).map(|asset| &asset.path);
    sources.any(|path| within(path)) || assets.any(|path| within(path)) || earlier.findings.iter().any(|finding| at(&finding.at))
}

impl Sources {
    fn knows(&self, path: &str) -> bool {
        let has = |assets: &Sheets<Asset>| assets.place_of(path, |asset| &asset.path).is_some();
        self.source(path).is_some() || has(&self.beside) || has(&self.statics)
    }

    fn read_again(&mut self, found: &Found) -> anyhow::Result<()> {
        let path = found.path.as_str();
        if let Some(at) = self.content.place_of(path, |source| &source.path) {
            self.content.set(at, read_source(found)?);
            return Ok(());
        }
        for list in [&mut self.theme, &mut self.snapshots] {
            if let Ok(at) = list.binary_search_by(|source| (*source.path).cmp(path)) {
                list[at] = read_source(found)?;
                return Ok(());
            }
        }
        let none = Kept { sources: HashMap::new(), assets: HashMap::new() };
        for list in [&mut self.beside, &mut self.statics] {
            if let Some(at) = list.place_of(path, |asset| &asset.path) {
                list.set(at, none.asset(found)?);
                return Ok(());
            }
        }
        self.config = Some(read_source(found)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Earlier, read};
    use super::*;

    #[test]
    fn what_is_gone_is_missed_by_the_name_of_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |path: &str| folder.path().join(path);
        for file in ["content/pages/a/one.md", "content/pages/ab/two.md", "static/b/picture.svg", "theme/c/base.html"] {
            std::fs::create_dir_all(path(file).parent().expect("a folder")).expect("a folder");
            std::fs::write(path(file), "words").expect("a file");
        }
        let told = |seen: &Checked<Sources>, name: &str| reread(folder.path(), seen, &[path(name)]).expect("all can be read");
        let mut seen = read(folder.path(), Earlier::None).expect("all can be read");
        for gone in ["content/pages/a", "static/b", "theme/c"] {
            std::fs::rename(path(gone), path("aside")).expect("a rename");
            assert!(told(&seen, gone).is_none(), "{gone} is looked for everywhere");
            std::fs::remove_dir_all(path("aside")).expect("a removal");
            seen = read(folder.path(), Earlier::Told(&seen, &[path(gone)])).expect("all can be read");
            assert!(told(&seen, gone).is_some(), "{gone} is known to be gone");
        }
        assert!(seen.value.content.len() == 1 && seen.value.statics.is_empty() && seen.value.theme.is_empty());
        assert!(told(&seen, "content/pages/b.md~").is_some() && told(&seen, "content/pages/b.md").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_gone_takes_its_finding_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("content/out.md");
        std::fs::create_dir(folder.path().join("content")).expect("a folder");
        std::os::unix::fs::symlink("/", &link).expect("a link");
        let seen = read(folder.path(), Earlier::None).expect("all can be read");
        assert_eq!(seen.findings.len(), 1);
        std::fs::remove_file(&link).expect("a removal");
        let seen = read(folder.path(), Earlier::Told(&seen, &[link])).expect("all can be read");
        assert!(seen.findings.is_empty(), "{:?}", seen.findings);
    }
}
