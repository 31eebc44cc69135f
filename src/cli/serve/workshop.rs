//! Makes one state of the site after another, and keeps what the next one can use again.

use super::editor::Editor;
use super::preview::{Preview, Today};
use crate::cli::choices::Day;
use crate::cli::{place, tell};
use crate::config;
use crate::findings::show::Counts;
use crate::findings::{Checked, any_error};
use crate::knowledge::Audience;
use crate::pipeline::{self, Pipeline};
use crate::serve::{Rebuild, Report, Snapshot, Touched};
use crate::site::{Links, Site};
use crate::sources::{self, CONFIG, Earlier, Source, Sources, is_snapshot};
use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicBool};

pub struct Workshop {
    root: PathBuf,
    day: Day,
    audience: Audience,
    editor: Option<Arc<Editor>>,
    pipeline: Pipeline,
    /// Shared with the state that was made from them.
    sources: Arc<Checked<Sources>>,
    /// Of what the last state was made from.
    digest: String,
    /// The last site without an error.
    good: Option<Arc<Site>>,
    /// The last state, to know whether its pages could be made.
    last: Option<Arc<Preview>>,
}

impl Workshop {
    /// `editor` is where links to files lead; none where others than the person at this machine may be reading.
    pub fn begin(root: PathBuf, day: Day, audience: Audience, editor: Option<Editor>) -> anyhow::Result<Workshop> {
        let sources = Arc::new(sources::read(&root, Earlier::None)?);
        let editor = editor.map(|editor| Arc::new(editor.at(&root)));
        let pipeline = Pipeline::new();
        let mut workshop = Workshop { root, day, audience, editor, pipeline, sources, digest: String::new(), good: None, last: None };
        workshop.digest = workshop.digest_of(&workshop.sources.value)?;
        Ok(workshop)
    }

    /// What the community calls its knowledge base.
    pub fn title(&self) -> String {
        config::read(self.sources.value.config.as_ref()).value.title
    }

    fn digest_of(&self, sources: &Sources) -> anyhow::Result<String> {
        Ok(pipeline::digest(sources, &self.day.options(self.audience, Links::Folders)?))
    }

    /// The state that the sources give. With an error among its findings, the last good pages stay.
    pub fn preview(&mut self, changed: Vec<String>) -> anyhow::Result<Arc<Preview>> {
        let options = self.day.options(self.audience, Links::Folders)?;
        let Checked { value: site, findings } = self.pipeline.run(&self.sources, &options);
        let today = Today { day: site.knowledge().today.to_string(), chosen: self.day.today.is_some() };
        let site = Arc::new(site);
        let shown = if any_error(&findings) { self.good.clone().unwrap_or(site) } else { self.good.insert(site).clone() };
        let Counts { errors, warnings, .. } = Counts::of(&findings);
        let text = tell::for_preview(&findings, &self.sources.value);
        let sources = self.sources.clone();
        let preview = Arc::new(Preview {
            before: self.before(&shown),
            site: shown,
            assets: digest_of_assets(&sources.value),
            sources,
            report: Report { errors, warnings, changed, text, stopped: None },
            findings,
            editor: self.editor.clone(),
            today,
            made: AtomicBool::new(false),
            flawed: AtomicBool::new(false),
        });
        self.last = Some(preview.clone());
        Ok(preview)
    }

    /// What to show where a page cannot be made: a site from before the theme was changed, as long as it is not known
    /// that pages can be made again.
    fn before(&self, next: &Arc<Site>) -> Option<Arc<Site>> {
        let last = self.last.as_ref()?;
        match (last.flawed.load(atomic::Ordering::Relaxed), last.made.load(atomic::Ordering::Relaxed)) {
            (false, true) if last.site.has_theme_of(next) => None,
            (false, true) => Some(last.site.clone()),
            _ => last.before.clone(),
        }
    }
}

impl Workshop {
    /// The snapshots of gaps there are, and those that the configuration names and that may still come.
    fn snapshots(&self) -> Vec<PathBuf> {
        let config = config::read(self.sources.value.config.as_ref()).value;
        let named = [config.gaps.since, config.gate.baseline].into_iter().flatten().map(|name| name.value);
        let there = self.sources.value.snapshots.iter().map(|source| source.path.to_string());
        named.chain(there).filter(|name| is_snapshot(name)).map(|name| self.root.join(name)).collect()
    }
}

impl Rebuild for Workshop {
    fn rebuild(&mut self, touched: &Touched) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
        let places: Vec<PathBuf>;
        let earlier = match touched {
            Touched::Anywhere => Earlier::Trusted(&self.sources),
            Touched::At(touched) => {
                places = touched.iter().cloned().collect();
                Earlier::Told(&self.sources, &places)
            }
        };
        let sources = sources::read(&self.root, earlier)?;
        let digest = self.digest_of(&sources.value)?;
        let same = digest == self.digest && sources.findings == self.sources.findings;
        let changed = if same { Vec::new() } else { changed(&self.sources.value, &sources.value) };
        // Even where all is the same, the new reading has the files' new times.
        self.sources = Arc::new(sources);
        if same {
            return Ok(None);
        }
        let preview = self.preview(changed)?;
        // Remembered only now: what was cut short is tried again.
        self.digest = digest;
        Ok(Some(preview))
    }

    fn watched(&self) -> Vec<PathBuf> {
        let mut watched = place::community_folders(&self.root).to_vec();
        watched.push(self.root.join(CONFIG));
        watched.extend(self.snapshots());
        watched
    }

    fn ignored(&self) -> Vec<PathBuf> {
        vec![self.root.join(config::read(self.sources.value.config.as_ref()).value.out)]
    }

    fn is_due(&self) -> bool {
        self.digest_of(&self.sources.value).is_ok_and(|digest| digest != self.digest)
    }

    fn is_busy(&self) -> bool {
        sources::git_is_at_work(&self.root)
    }
}

/// A digest of all that pages load by names that do not change with what is in them. Stylesheets aside: those are
/// exchanged in a page without loading it again.
fn digest_of_assets(sources: &Sources) -> String {
    let mut hasher = blake3::Hasher::new();
    for asset in sources.statics.iter().chain(&sources.beside).filter(|asset| !asset.path.ends_with(".css")) {
        hasher.update(asset.path.as_bytes());
        hasher.update(asset.digest.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// The files that are not as they were, by path; those that are gone or new say so.
fn changed(before: &Sources, now: &Sources) -> Vec<String> {
    let mut changed = Vec::new();
    let config = |sources: &'_ Sources| sources.config.clone().into_iter().collect::<Vec<Source>>();
    differing(&config(before), &config(now), |source| (&source.path, source.digest), &mut changed);
    for (before, now) in [(&before.content, &now.content), (&before.theme, &now.theme), (&before.snapshots, &now.snapshots)] {
        differing(before, now, |source| (&source.path, source.digest), &mut changed);
    }
    for (before, now) in [(&before.beside, &now.beside), (&before.statics, &now.statics)] {
        differing(before, now, |asset| (&asset.path, asset.digest), &mut changed);
    }
    changed
}

/// Goes through two lists side by side; both are sorted by path.
fn differing<T>(before: &[T], now: &[T], of: impl Fn(&T) -> (&Arc<str>, blake3::Hash), changed: &mut Vec<String>) {
    let (mut before, mut now) = (before.iter().map(&of).peekable(), now.iter().map(&of).peekable());
    loop {
        let order = match (before.peek(), now.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(before), Some(now)) => before.0.cmp(now.0),
        };
        let was = if order.is_le() { before.next() } else { None };
        let is = if order.is_ge() { now.next() } else { None };
        match (was, is) {
            (Some((path, _)), None) => changed.push(format!("{path} (gone)")),
            (None, Some((path, _))) => changed.push(format!("{path} (new)")),
            (Some((_, was)), Some((path, is))) if was != is => changed.push(path.to_string()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Drafts, Internal};
    use crate::time::read_date;
    use std::collections::BTreeSet;

    #[test]
    fn on_the_next_day_there_is_another_state_although_no_file_has_changed() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(root.path().join(CONFIG), "title = \"Harbor network\"\n").expect("a file");
        let audience = Audience { drafts: Drafts::Shown, internal: Internal::Shown };
        let day = Day { today: read_date("2026-11-22") };
        let mut workshop = Workshop::begin(root.path().to_owned(), day, audience, None).expect("it can be read");
        let nothing = Touched::At(BTreeSet::new());
        assert!(!workshop.is_due());
        assert!(workshop.rebuild(&nothing).expect("it can be read").is_none());
        workshop.day = Day { today: read_date("2026-11-23") };
        assert!(workshop.is_due());
        assert!(workshop.rebuild(&nothing).expect("it can be read").is_some());
        assert!(!workshop.is_due());
    }
}
