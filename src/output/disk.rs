//! Every change to the disk, one method each, so that a test can end a publish at any of them.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::time::UNIX_EPOCH;

use anyhow::{Context, bail};

/// Size and time of a file: when both are what they were, nobody has touched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub time: i64,
}

impl Stamp {
    pub fn of(metadata: &Metadata) -> Stamp {
        let time = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_nanos() as i64,
            Err(before) => -(before.duration().as_nanos() as i64),
        });
        Stamp { size: metadata.len(), time }
    }
}

/// The stamp of the file that stands here; none if there is none, or something that is not a plain file.
pub fn stamp(path: &Path) -> io::Result<Option<Stamp>> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(metadata.is_file().then(|| Stamp::of(&metadata))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// When a file must have reached the disk itself, safe from a loss of power.
#[derive(Clone, Copy, PartialEq)]
pub enum Durable {
    BeforeWeGoOn,
    Whenever,
}

/// The disk, which a test may make stop as a kill would.
pub struct Disk {
    /// How many changes are still allowed; none set, any number.
    left: Option<AtomicIsize>,
}

/// What becomes of one change.
enum Change {
    Whole,
    /// The kill falls into it.
    Torn,
    /// The kill was before it.
    Never,
}

impl Disk {
    pub fn new() -> Disk {
        Disk { left: None }
    }

    pub fn stopping_after(steps: usize) -> Disk {
        Disk { left: Some(AtomicIsize::new(steps.try_into().unwrap_or(isize::MAX))) }
    }

    fn next(&self) -> Change {
        match self.left.as_ref().map(|left| left.fetch_sub(1, Ordering::Relaxed)) {
            None | Some(1..) => Change::Whole,
            Some(0) => Change::Torn,
            Some(_) => Change::Never,
        }
    }

    /// For changes that happen wholly or not at all.
    fn step(&self) -> anyhow::Result<()> {
        match self.next() {
            Change::Whole => Ok(()),
            Change::Torn | Change::Never => bail!(STOPPED),
        }
    }

    /// Makes a folder that a web server can read, if it is not there yet. A link to a folder is not one.
    pub fn create_folder(&self, path: &Path) -> anyhow::Result<()> {
        self.step()?;
        let created = match fs::create_dir(path) {
            Ok(()) => readable_folder(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match path.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => Ok(()),
                _ => Err(error),
            },
            Err(error) => Err(error),
        };
        created.with_context(|| format!("The folder `{}` cannot be made", path.display()))
    }

    /// Writes a new file that a web server can read.
    pub fn write(&self, path: &Path, bytes: &[u8], durable: Durable) -> anyhow::Result<Stamp> {
        let bytes = match self.next() {
            Change::Whole => bytes,
            Change::Torn => {
                let _ = write_new(path, &bytes[..bytes.len() / 2], Durable::Whenever);
                bail!(STOPPED);
            }
            Change::Never => bail!(STOPPED),
        };
        write_new(path, bytes, durable).with_context(|| format!("`{}` cannot be written", path.display()))
    }

    /// Opens a file for locking, and makes it if it is not there.
    pub fn open_lock(&self, path: &Path) -> anyhow::Result<File> {
        self.step()?;
        (OpenOptions::new().write(true).create(true).truncate(false).open(path))
            .with_context(|| format!("`{}` cannot be opened", path.display()))
    }

    /// Puts a file in the place of another, or where there was none, in one stroke.
    pub fn rename(&self, from: &Path, to: &Path) -> anyhow::Result<()> {
        self.step()?;
        fs::rename(from, to).with_context(|| format!("`{}` cannot be moved to `{}`", from.display(), to.display()))
    }

    /// Removes a file, if it is still there.
    pub fn remove_file(&self, path: &Path) -> anyhow::Result<()> {
        self.step()?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("`{}` cannot be removed", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Removes a folder if nothing is in it. One that stays behind does no harm.
    pub fn remove_folder_if_empty(&self, path: &Path) -> anyhow::Result<()> {
        self.step()?;
        let _ = fs::remove_dir(path);
        Ok(())
    }
}

/// What a publish says that a test has stopped.
const STOPPED: &str = "The publish was stopped on purpose";

/// Readable for everybody, writable for the owner: a web server commonly runs as somebody else.
#[cfg(unix)]
const FILE_MODE: u32 = 0o644;

fn write_new(path: &Path, bytes: &[u8], durable: Durable) -> io::Result<Stamp> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    let metadata = file.metadata()?;
    readable_file(&file, &metadata)?;
    if durable == Durable::BeforeWeGoOn {
        file.sync_all()?;
    }
    Ok(Stamp::of(&metadata))
}

/// The creation mask of whoever builds may have taken rights away.
#[cfg(unix)]
fn readable_file(file: &File, metadata: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    if mode & FILE_MODE == FILE_MODE {
        return Ok(());
    }
    file.set_permissions(fs::Permissions::from_mode(mode | FILE_MODE))
}

#[cfg(not(unix))]
fn readable_file(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// As [`readable_file`]; rights that the folder has from the one around it are kept.
#[cfg(unix)]
fn readable_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    /// To read a folder, one must also be able to enter it.
    const FOLDER_MODE: u32 = 0o755;
    let mode = path.symlink_metadata()?.permissions().mode();
    if mode & FOLDER_MODE == FOLDER_MODE {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode | FOLDER_MODE))
}

#[cfg(not(unix))]
fn readable_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
