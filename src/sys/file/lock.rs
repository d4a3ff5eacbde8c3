//! Locks between processes, by `flock`. Must not lock the file that is protected: that one is replaced.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::fs::{Mode, OFlags};

use super::failure;
use crate::error::{Fault, Kind};

/// An exclusive lock; released when dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The first pause between two attempts; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_micros(250);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(8);

/// Takes a lock, waiting up to `patience`; `Busy` when it lasts longer. The lock file stays.
pub fn lock(path: &Path, patience: Duration) -> Result<Lock> {
    let file = open(path, OFlags::CREATE)?;
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        if attempt(&file, path)? {
            return Ok(Lock { _file: file });
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let message = format!("another process holds {}", path.display());
            let hint = format!("try again; `fuser {}` shows the process", path.display());
            return Err(Fault::new(Kind::Busy, message).hint(hint).into());
        }
        sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Takes a lock if it is free.
pub fn try_lock(path: &Path) -> Result<Option<Lock>> {
    let file = open(path, OFlags::CREATE)?;
    Ok(attempt(&file, path)?.then_some(Lock { _file: file }))
}

/// Whether somebody holds the lock. Creates nothing, and holds only a shared lock for the moment
/// of looking: who wants the lock itself must try again once before believing that it is taken.
pub fn is_locked(path: &Path) -> bool {
    open(path, OFlags::empty())
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn attempt(file: &File, path: &Path) -> Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(e)) => Err(failure("lock", path, &e)),
    }
}

fn open(path: &Path, extra: OFlags) -> Result<File> {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | extra;
    match rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => Ok(File::from(fd)),
        Err(e) => Err(failure("lock", path, &e.into())),
    }
}
