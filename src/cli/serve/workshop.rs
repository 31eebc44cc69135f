//! Makes one state of the site after another, and keeps what the next one can use again.

use super::editor::Editor;
use super::preview::{Preview, Telling, Today};
use crate::cli::choices::Day;
use crate::cli::place;
use crate::config;
use crate::findings::{Checked, any_error};
use crate::knowledge::Audience;
use crate::pipeline::{Begun, Pipeline};
use crate::serve::{Rebuild, Snapshot, Touched};
use crate::sheets::Sheets;
use crate::site::{Links, Site};
use crate::sources::{self, Asset, CONFIG, Earlier, Source, Sources, is_snapshot};
use crate::time::Date;
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
    /// What the last state was made from.
    made: Made,
    /// The last site that is known to be without an error.
    good: Option<Arc<Site>>,
    /// The last state, where it was shown before it was looked at as a whole.
    early: Option<Arc<Preview>>,
    last_look: LastLook,
    /// The last state, to know whether its pages could be made.
    last: Option<Arc<Preview>>,
}

/// How the last look at a site as a whole ended.
#[derive(PartialEq, Eq)]
enum LastLook {
    /// The plan brought no error of its own.
    Clear,
    /// It did. As long as it does, nothing is shown before it is planned: it would be taken back each time.
    Errors,
    /// By a fault of ours, so that it is to be tried again.
    CutShort,
}

/// All that a state depends on and that can change while a preview runs.
struct Made {
    sources: Arc<Checked<Sources>>,
    today: Date,
}

impl Workshop {
    /// `editor` is where links to files lead; none where others than the person at this machine may be reading.
    pub fn begin(root: PathBuf, day: Day, audience: Audience, editor: Option<Editor>) -> anyhow::Result<Workshop> {
        let sources = Arc::new(sources::read(&root, Earlier::None)?);
        let editor = editor.map(|editor| Arc::new(editor.at(&root)));
        let today = day_of(&day, audience, &sources.value)?;
        let made = Made { sources: sources.clone(), today };
        Ok(Workshop {
            root,
            day,
            audience,
            editor,
            pipeline: Pipeline::new(),
            sources,
            made,
            good: None,
            early: None,
            last_look: LastLook::Clear,
            last: None,
        })
    }

    /// What the community calls its knowledge base.
    pub fn title(&self) -> String {
        config::read(self.sources.value.config.as_ref()).value.title
    }

    /// The day that a state made now would be for.
    fn today(&self) -> anyhow::Result<Date> {
        day_of(&self.day, self.audience, &self.sources.value)
    }

    /// The state that the sources give. With an error among its findings, the last good pages stay. What has an error only if
    /// lists and addresses do, and they had none before, is shown at once, and looked at as a whole after that.
    pub fn preview(&mut self, mut changed: Vec<String>) -> anyhow::Result<Arc<Preview>> {
        let options = self.day.options(self.audience, Links::Folders)?;
        let Begun { mut site, told } = self.pipeline.begin(&self.sources, &options);
        let is_clear = !told.any_error() && self.last_look == LastLook::Clear;
        let is_foreseen = is_clear && self.good.as_ref().is_some_and(|good| site.foresee(good));
        let today = site.knowledge().today;
        let last = self.early.take();
        // Nobody was told of these yet.
        if let Some(early) = &last {
            changed.extend(early.telling.changed.iter().filter(|path| !changed.contains(path)).cloned().collect::<Vec<String>>());
            changed.sort_unstable();
        }
        let site = Arc::new(site);
        let telling = Arc::new(Telling::new(self.sources.clone(), site.clone(), changed, told));
        if is_foreseen {
            let preview = self.state(site, telling, today);
            self.early = Some(preview.clone());
            return Ok(preview);
        }
        // What was shown until now is to stay, and whether it may is not known yet.
        if let Some(last) = last.filter(|_| any_error(telling.findings())) {
            self.good_or(&last.site, &last.telling);
        }
        let shown = self.good_or(&site, &telling);
        Ok(self.state(shown, telling, today))
    }

    /// The site that is to be shown when there is this to tell about a new one.
    fn good_or(&mut self, site: &Arc<Site>, telling: &Telling) -> Arc<Site> {
        self.last_look = LastLook::CutShort;
        let shown =
            if any_error(telling.findings()) { self.good.as_ref().unwrap_or(site).clone() } else { self.good.insert(site.clone()).clone() };
        self.last_look = if telling.any_error_in_plan() { LastLook::Errors } else { LastLook::Clear };
        shown
    }

    fn state(&mut self, site: Arc<Site>, telling: Arc<Telling>, today: Date) -> Arc<Preview> {
        let preview = Arc::new(Preview {
            before: self.before(&site),
            assets: digest_of_assets(&telling.sources.value),
            editor: self.editor.clone(),
            today: Today { day: today.to_string(), chosen: self.day.today.is_some() },
            made: AtomicBool::new(false),
            flawed: AtomicBool::new(false),
            site,
            telling,
        });
        self.last = Some(preview.clone());
        preview
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
        let changed = changed(&self.made.sources.value, &sources.value);
        let same = changed.is_empty() && sources.findings == self.made.sources.findings;
        // Even where all is the same, the new reading has the files' new times.
        self.sources = Arc::new(sources);
        let today = self.today()?;
        let made = Made { sources: self.sources.clone(), today };
        if same && today == self.made.today && self.last_look != LastLook::CutShort {
            self.made = made;
            return Ok(None);
        }
        let preview = self.preview(changed)?;
        // Remembered only now: what was cut short is tried again.
        self.made = made;
        Ok(Some(preview))
    }

    fn complete(&mut self) -> Option<Arc<dyn Snapshot>> {
        let early = self.early.take()?;
        let shown = self.good_or(&early.site, &early.telling);
        if Arc::ptr_eq(&shown, &early.site) {
            return None;
        }
        Some(self.state(shown, early.telling.clone(), early.site.knowledge().today))
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
        self.today().is_ok_and(|today| today != self.made.today)
    }

    fn is_busy(&self) -> bool {
        sources::git_is_at_work(&self.root)
    }
}

fn day_of(day: &Day, audience: Audience, sources: &Sources) -> anyhow::Result<Date> {
    let options = day.options(audience, Links::Folders)?;
    Ok(options.today_in(&config::read(sources.config.as_ref()).value.time_zone))
}

/// A digest of all that pages load by names that do not change with what is in them. Stylesheets aside: those are
/// exchanged in a page without loading it again.
fn digest_of_assets(sources: &Sources) -> String {
    let mut hasher = blake3::Hasher::new();
    for asset in sources.statics.iter().chain(sources.beside.iter()).filter(|asset| !asset.path.ends_with(".css")) {
        hasher.update(asset.path.as_bytes());
        hasher.update(asset.digest.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// The files that are not as they were, by path; those that are gone or new say so.
fn changed(before: &Sources, now: &Sources) -> Vec<String> {
    let mut changed = Vec::new();
    let source = |source: &'_ Source| (source.path.clone(), source.digest);
    let asset = |asset: &'_ Asset| (asset.path.clone(), asset.digest);
    merged(before.config.iter().map(source), now.config.iter().map(source), &mut changed);
    differing(&before.content, &now.content, source, &mut changed);
    merged(before.theme.iter().map(source), now.theme.iter().map(source), &mut changed);
    merged(before.snapshots.iter().map(source), now.snapshots.iter().map(source), &mut changed);
    differing(&before.beside, &now.beside, asset, &mut changed);
    differing(&before.statics, &now.statics, asset, &mut changed);
    changed
}

/// A file as far as it can differ: its path and a digest of its bytes.
type Seen = (Arc<str>, blake3::Hash);

/// Nearly always the files are the same ones, and only what two lists do not share needs a look.
fn differing<T>(before: &Sheets<T>, now: &Sheets<T>, of: impl Fn(&T) -> Seen + Copy, changed: &mut Vec<String>) {
    let apart = || now.apart(before).map(|at| (of(&before[at]), of(&now[at])));
    if before.len() == now.len() && apart().all(|(was, is)| was.0 == is.0) {
        changed.extend(apart().filter(|(was, is)| was.1 != is.1).map(|(_, is)| is.0.to_string()));
    } else {
        merged(before.iter().map(of), now.iter().map(of), changed);
    }
}

/// Goes through two lists side by side; both are sorted by path.
fn merged(before: impl Iterator<Item = Seen>, now: impl Iterator<Item = Seen>, changed: &mut Vec<String>) {
    let (mut before, mut now) = (before.peekable(), now.peekable());
    loop {
        let order = match (before.peek(), now.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(before), Some(now)) => before.0.cmp(&now.0),
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
