//! Reading once more what the system said was touched, and nothing else: on a large knowledge base, even to look at every
//! file takes longer than all the rest of a preview.

use super::{Asset, CONFIG, CONTENT, Found, Kept, STATIC, Source, Sources, THEME, is_passed_over, is_snapshot, project_path, read_source};
use crate::findings::Checked;
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
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !known && !beside_config => continue,
            _ => return Ok(None),
        }
        sources.get_or_insert_with(|| earlier.value.clone()).read_again(&found)?;
    }
    let sources = sources.unwrap_or_else(|| earlier.value.clone());
    Ok(Some(Checked::new(sources, earlier.findings.clone())))
}

impl Sources {
    fn knows(&self, path: &str) -> bool {
        let has = |assets: &[Asset]| assets.binary_search_by(|asset| (*asset.path).cmp(path)).is_ok();
        self.source(path).is_some() || has(&self.beside) || has(&self.statics)
    }

    fn read_again(&mut self, found: &Found) -> anyhow::Result<()> {
        let path = found.path.as_str();
        let in_sources = |sources: &mut Vec<Source>| sources.binary_search_by(|source| (*source.path).cmp(path));
        for list in [&mut self.content, &mut self.theme, &mut self.snapshots] {
            if let Ok(at) = in_sources(list) {
                list[at] = read_source(found)?;
                return Ok(());
            }
        }
        let none = Kept { sources: HashMap::new(), assets: HashMap::new() };
        for list in [&mut self.beside, &mut self.statics] {
            if let Ok(at) = list.binary_search_by(|asset| (*asset.path).cmp(path)) {
                list[at] = none.asset(found)?;
                return Ok(());
            }
        }
        self.config = Some(read_source(found)?);
        Ok(())
    }
}
