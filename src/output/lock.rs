//! A lock on an output folder, so that two builds never publish to it at once.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use super::Refusal;
use super::disk::Disk;

/// Held as long as it lives; the system lets go of it even if we are killed.
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock on `out`, or refuses because another build has it.
    pub fn take(disk: &Disk, out: &Path, path: &Path) -> anyhow::Result<Result<Lock, Refusal>> {
        let file = disk.open_lock(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Ok(Lock { file })),
            Err(TryLockError::WouldBlock) => Ok(Err(Refusal::Locked(out.to_owned()))),
            // Some network file systems have no locks. Building there must still be possible.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(Ok(Lock { file })),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("`{}` cannot be locked", path.display())),
        }
    }
}

impl Drop for Lock {
    /// Closing the file would not be enough: a program that was started in the meantime holds it open a moment longer,
    /// and the lock with it.
    fn drop(&mut self) {
        // Where this does not work the file system has no locks, and closing the file is all there is to do.
        let _ = self.file.unlock();
    }
}
