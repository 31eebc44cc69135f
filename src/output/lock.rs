//! A lock on an output folder, so that two builds never publish to it at once.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use super::Refusal;
use super::disk::Disk;

/// Held as long as it lives; the system lets go of it even if we are killed.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock on `out`, or refuses because another build has it.
    pub fn take(disk: &Disk, out: &Path, path: &Path) -> anyhow::Result<Result<Lock, Refusal>> {
        let file = disk.open_lock(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Ok(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(Err(Refusal::Locked(out.to_owned()))),
            // Some network file systems have no locks. Building there must still be possible.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(Ok(Lock { _file: file })),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("`{}` cannot be locked", path.display())),
        }
    }
}
