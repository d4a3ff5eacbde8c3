//! Locks between processes, by `flock`. Must not lock the file that is protected: that one is replaced.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use anyhow::Result;
use rustix::fs::{Mode, OFlags};

use super::failure;
use crate::error::{Fault, Kind};

/// An exclusive lock; released when dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// How long those who only look may delay somebody who wants the lock.
const LOOKING: Duration = Duration::from_millis(200);

/// Takes a lock, waiting up to `patience`; `Busy` when it lasts longer. The lock file stays.
pub fn lock(path: &Path, patience: Duration) -> Result<Lock> {
    let file = open(path, OFlags::CREATE)?;
    if attempt(&file, path)? {
        return Ok(Lock { _file: file });
    }
    wait(file, path, patience)?.ok_or_else(|| {
        let message = format!("another process holds {}", path.display());
        let hint = format!("try again; `fuser {}` shows the process", path.display());
        Fault::new(Kind::Busy, message).hint(hint).into()
    })
}

/// Takes a lock if nobody holds it; whoever only looks with [`is_locked`] does not count.
pub fn try_lock(path: &Path) -> Result<Option<Lock>> {
    let file = open(path, OFlags::CREATE)?;
    if attempt(&file, path)? {
        return Ok(Some(Lock { _file: file }));
    }
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(failure("lock", path, &e)),
        // Shared it can be had: it was only looked at, which takes no time.
        Ok(()) => {
            file.unlock().map_err(|e| failure("lock", path, &e))?;
            wait(file, path, LOOKING)
        }
    }
}

/// Whether somebody holds the lock. Creates nothing.
pub fn is_locked(path: &Path) -> bool {
    open(path, OFlags::empty())
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Waits in the kernel's queue, which is fair and wakes at once, as asking again and again is not.
/// But that queue knows no time limit: so a thread waits there. If it gets the lock too late,
/// nobody takes it off the channel, and it is released with it.
fn wait(file: File, path: &Path, patience: Duration) -> Result<Option<Lock>> {
    let (sender, receiver) = mpsc::channel();
    let waiting = Builder::new().spawn(move || sender.send(file.lock().map(|()| file)));
    waiting.map_err(|e| failure("wait for", path, &e))?;
    match receiver.recv_timeout(patience) {
        Ok(Ok(file)) => Ok(Some(Lock { _file: file })),
        Ok(Err(e)) => Err(failure("lock", path, &e)),
        Err(_) => Ok(None),
    }
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
