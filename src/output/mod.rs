//! Publishes a site into a folder, all or nothing; the only writer of the disk.
//!
//! ```text
//! OUT/                     what readers see
//! OUT/.folkmoot/lock       held while a build publishes
//! OUT/.folkmoot/manifest   the files we wrote, and the digest of what they were made from
//! OUT/.folkmoot/stage/N    new files, before any of them is seen
//! OUT/.folkmoot/journal    what is being moved and removed right now; gone when all is done
//! ```
//!
//! Everything is rendered and staged before the first visible file changes, so trouble up to there leaves
//! the old site as it is. Then the journal is written, and from there on a publish is always finished: by
//! this build or, if it is killed, by the next one. Each file is renamed into place whole.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use disk::{Disk, Durable};
use journal::{Journal, Move};
use lock::Lock;
use manifest::{Listed, Manifest};
use own_folder::OwnFolder;
use survey::Here;

pub use folder::check_output_folder;
pub use refusal::Refusal;

mod addresses;
mod disk;
mod folder;
mod journal;
mod lock;
mod manifest;
mod own_folder;
mod refusal;
mod survey;

/// Whether a folder is one that a site was published into.
pub fn is_published(folder: &Path) -> bool {
    OwnFolder::of(folder).folder.is_dir()
}

/// What is to be published, and where.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The output folder, which need not exist yet.
    pub out: &'a Path,
    /// The folder with `folkmoot.toml`.
    pub project: &'a Path,
    /// The folders the community writes in: content, static files, theme.
    pub protected: &'a [PathBuf],
    /// The home folder of whoever builds, if there is one.
    pub home: Option<&'a Path>,
    /// A digest, in one word, of everything the site is made from: sources, config, day, program version.
    pub digest: &'a str,
    /// Where each file goes, from the output folder, parts divided by `/`; sorted by bytes, each once.
    pub paths: &'a [String],
    /// Places in `paths`, sorted: what is made and staged before all else, because it stands in memory until then.
    pub early: &'a [usize],
}

/// What a publish did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Files that are new or changed.
    pub written: usize,
    /// Files left alone, times and all.
    pub unchanged: usize,
    /// Files of the site before that this one lacks.
    pub removed: usize,
    /// Size of the whole site in bytes.
    pub bytes: u64,
    /// An earlier publish had been cut short and was finished first.
    pub repaired: bool,
}

/// Why nothing, or not everything, was published.
#[derive(Debug)]
pub enum Trouble<E> {
    /// The folder or an address is not ours to write to; nothing was touched.
    Refused(Refusal),
    /// What rendering said of each page it could not make, in the order of the paths; the old site stands.
    Pages(Vec<E>),
    /// The disk would not do it. The old site stands, or the next publish finishes this one.
    Machine(anyhow::Error),
}

impl<E> From<Refusal> for Trouble<E> {
    fn from(refusal: Refusal) -> Self {
        Trouble::Refused(refusal)
    }
}

impl<E> From<anyhow::Error> for Trouble<E> {
    fn from(error: anyhow::Error) -> Self {
        Trouble::Machine(error)
    }
}

/// Makes each file of the plan with `render`, given its index in `plan.paths`, on all cores, and publishes them.
///
/// # Errors
///
/// See [`Trouble`]. Visible files change only after every file has been rendered and staged.
pub fn publish<'b, E: Send>(plan: &Plan, render: &(dyn Fn(usize) -> Result<Cow<'b, [u8]>, E> + Sync)) -> Result<Published, Trouble<E>> {
    publish_on(&Disk::new(), plan, render)
}

/// [`publish`], as if killed after `steps` changes to the disk: the next change happens at most by half, later
/// ones not at all. For tests of what a kill leaves behind.
#[doc(hidden)]
pub fn publish_stopping_after<'b, E: Send>(
    steps: usize,
    plan: &Plan,
    render: &(dyn Fn(usize) -> Result<Cow<'b, [u8]>, E> + Sync),
) -> Result<Published, Trouble<E>> {
    publish_on(&Disk::stopping_after(steps), plan, render)
}

/// What stands in `out`, if it was published from inputs with this digest and nobody has touched it since, so
/// that nothing need be rendered.
pub fn up_to_date(out: &Path, digest: &str) -> Option<Published> {
    let own = OwnFolder::of(out);
    let manifest = Manifest::read(out, &own.manifest).ok()??;
    if manifest.digest != digest || own.journal.symlink_metadata().is_ok() {
        return None;
    }
    let untouched = (manifest.files.par_iter()).all(|file| disk::stamp(&out.join(&file.path)).is_ok_and(|stamp| stamp == Some(file.stamp)));
    untouched.then(|| Published { written: 0, unchanged: manifest.files.len(), removed: 0, bytes: manifest.bytes(), repaired: false })
}

fn publish_on<'b, E: Send>(
    disk: &Disk,
    plan: &Plan,
    render: &(dyn Fn(usize) -> Result<Cow<'b, [u8]>, E> + Sync),
) -> Result<Published, Trouble<E>> {
    addresses::check(plan.paths)?;
    check_output_folder(plan.out, plan.project, plan.protected, plan.home)?;
    let own = OwnFolder::of(plan.out);
    let paths: Vec<&str> = plan.paths.iter().map(String::as_str).collect();
    let mut ground = None;
    if own.folder.symlink_metadata().is_err() {
        // A refusal touches nothing, so it must come before the first folder is made.
        ground = Some(survey::survey(plan.out, &paths, &Manifest::EMPTY)?);
    }

    own.create(disk)?;
    let _lock = Lock::take(disk, plan.out, &own.lock)??;
    let repaired = finish_earlier_publish(disk, plan.out, &own)?;
    own.clear_leftovers(disk)?;
    let (journal, mut published) = match prepare(disk, plan, &own, &paths, ground, render) {
        Ok(prepared) => prepared,
        Err(trouble) => {
            // The trouble is what matters; whatever cannot be cleared away now is cleared by the next publish.
            let _ = own.clear_leftovers(disk);
            return Err(trouble);
        }
    };
    if let Some(journal) = journal {
        disk.rename(&own.journal_next, &own.journal)?;
        journal.carry_out(disk, plan.out, &own)?;
    }
    published.repaired = repaired;
    Ok(published)
}

/// Does everything that readers do not see: stages the files, and writes the manifest and the journal that are to
/// hold next. There is no journal if all is as it should be already.
fn prepare<'b, 'p, E: Send>(
    disk: &Disk,
    plan: &Plan,
    own: &OwnFolder,
    paths: &[&'p str],
    ground: Option<survey::Ground<'p>>,
    render: &(dyn Fn(usize) -> Result<Cow<'b, [u8]>, E> + Sync),
) -> Result<(Option<Journal>, Published), Trouble<E>> {
    let found = Manifest::read(plan.out, &own.manifest)?;
    let before = found.as_ref().unwrap_or(const { &Manifest::EMPTY });
    // Where there was no folder of ours a moment ago, what stood there then stands there now.
    let ground = match ground {
        Some(ground) => ground,
        None => survey::survey(plan.out, paths, before)?,
    };
    let staged = stage(disk, plan, own, before, &ground.here, render)?;

    let journal = Journal { clear: ground.clear, moves: staged.moves, remove: ground.remove };
    let after = Manifest { digest: plan.digest.to_owned(), files: staged.files };
    let published = Published {
        written: journal.moves.len(),
        unchanged: after.files.len() - journal.moves.len(),
        removed: journal.clear.len() + journal.remove.len(),
        bytes: after.bytes(),
        repaired: false,
    };
    if journal.is_empty() && found.as_ref() == Some(&after) {
        return Ok((None, published));
    }
    // The manifest comes first: once there is a journal, all that it needs must be there.
    disk.write(&own.manifest_next, after.to_text().as_bytes(), Durable::BeforeWeGoOn)?;
    disk.write(&own.journal_next, journal.to_text().as_bytes(), Durable::BeforeWeGoOn)?;
    Ok((Some(journal), published))
}

/// If an earlier publish was cut short after its journal was written, does the rest of it; says whether it was.
fn finish_earlier_publish<E>(disk: &Disk, out: &Path, own: &OwnFolder) -> Result<bool, Trouble<E>> {
    let Some(mut journal) = Journal::read(out, &own.journal)? else {
        return Ok(false);
    };
    // What is no longer staged has been moved already. Files are not forced onto the disk one by one, so after a
    // loss of power one may be cut short: it stays away, and its stamp then tells this publish to write it anew.
    journal
        .moves
        .retain(|step| disk::stamp(&own.staged(step.number)).is_ok_and(|stamp| stamp.is_some_and(|stamp| stamp.size == step.size)));
    // Somebody may have put files of their own there in the meantime.
    let before = Manifest::read(out, &own.manifest)?.unwrap_or(Manifest::EMPTY);
    let still_to_come: Vec<&str> = journal.moves.iter().map(|step| step.path.as_str()).collect();
    survey::survey(out, &still_to_come, &before)?;
    survey::keep_removable(out, &mut journal.clear)?;
    survey::keep_removable(out, &mut journal.remove)?;
    journal.carry_out(disk, out, own)?;
    Ok(true)
}

/// All files of the new site, and which of them wait in the stage.
struct Staged {
    files: Vec<Listed>,
    moves: Vec<Move>,
}

/// Why one file could not be staged.
enum Unstaged<E> {
    Page(E),
    Disk(anyhow::Error),
    /// Not attempted, because the disk had given up before.
    Skipped,
}

/// Renders every file and writes those that differ from what stands on disk into the stage. Bytes are let go of
/// file by file, so the site never stands in memory at once.
fn stage<'b, E: Send>(
    disk: &Disk,
    plan: &Plan,
    own: &OwnFolder,
    before: &Manifest,
    here: &[Here],
    render: &(dyn Fn(usize) -> Result<Cow<'b, [u8]>, E> + Sync),
) -> Result<Staged, Trouble<E>> {
    let disk_gave_up = AtomicBool::new(false);
    let page_trouble = AtomicBool::new(false);
    let stage_one = |number: usize| {
        if disk_gave_up.load(Ordering::Relaxed) {
            return Err(Unstaged::Skipped);
        }
        let bytes = render(number).map_err(|error| {
            page_trouble.store(true, Ordering::Relaxed);
            Unstaged::Page(error)
        })?;
        if page_trouble.load(Ordering::Relaxed) {
            // Nothing will be published; the remaining pages are rendered only for what they have to say.
            return Err(Unstaged::Skipped);
        }
        let hash = manifest::hash(&bytes);
        let path = &plan.paths[number];
        if let Some(old) = before.find(path)
            && old.hash == hash
            && matches!(here[number], Here::File(stamp) if stamp == old.stamp)
        {
            return Ok((old.clone(), None));
        }
        let stamp = disk.write(&own.staged(number), &bytes, Durable::Whenever).map_err(|error| {
            disk_gave_up.store(true, Ordering::Relaxed);
            Unstaged::Disk(error)
        })?;
        let step = Move { number, size: stamp.size, path: path.clone() };
        Ok((Listed { path: path.clone(), stamp, hash }, Some(step)))
    };
    let stage_all = |numbers: Vec<usize>| -> Vec<_> { numbers.into_par_iter().map(|number| (number, stage_one(number))).collect() };
    let (early, others) = (0..plan.paths.len()).partition(|number| plan.early.binary_search(number).is_ok());
    let mut outcomes = stage_all(early);
    outcomes.append(&mut stage_all(others));
    outcomes.sort_unstable_by_key(|(number, _)| *number);

    let mut staged = Staged { files: Vec::with_capacity(outcomes.len()), moves: Vec::new() };
    let mut pages = Vec::new();
    for (_, outcome) in outcomes {
        match outcome {
            Ok((file, step)) => {
                staged.files.push(file);
                staged.moves.extend(step);
            }
            Err(Unstaged::Page(error)) => pages.push(error),
            Err(Unstaged::Disk(error)) => return Err(Trouble::Machine(error)),
            Err(Unstaged::Skipped) => {}
        }
    }
    if pages.is_empty() { Ok(staged) } else { Err(Trouble::Pages(pages)) }
}
