//! Locks between processes, by `flock`. Must not lock the file that is protected: that one is replaced.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::fs::{Mode, OFlags};
use rustix::io::retry_on_intr;

use super::failure;
use crate::error::{Fault, Kind};

/// An exclusive lock; released when dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// The length of a note: always the same, so that one write replaces it as a whole.
const NOTE: usize = 512;

impl Lock {
    /// What the last holder has left in the lock file for the next one, without the blanks at its end;
    /// nothing at first.
    pub fn note(&self) -> Result<Vec<u8>> {
        let mut note = [0; NOTE];
        let length = self.file.read_at(&mut note, 0)?;
        Ok(note[..length].trim_ascii_end().to_vec())
    }

    /// Leaves a note of at most 512 bytes for the next holder. It outlives this process, and maybe not
    /// a loss of power.
    pub fn leave(&self, note: &[u8]) -> Result<()> {
        let mut padded = [b' '; NOTE];
        let place = padded.get_mut(..note.len()).context("the note is too long")?;
        place.copy_from_slice(note);
        Ok(self.file.write_all_at(&padded, 0)?)
    }
}

/// Takes a lock, waiting up to `patience`; `Busy` when it lasts longer. The lock file stays.
pub fn lock(path: &Path, patience: Duration) -> Result<Lock> {
    let file = open(path, OFlags::CREATE)?;
    if attempt(&file, path)? {
        return Ok(Lock { file });
    }
    // The kernel's queue is fair and wakes at once, as asking again and again is not; but it
    // knows no time limit. So a thread waits there. If it gets the lock too late, nobody takes it
    // off the channel, and it is released with it.
    let (sender, receiver) = mpsc::channel();
    let waiting = Builder::new().spawn(move || sender.send(queued(file)));
    waiting.map_err(|e| failure("wait for", path, &e))?;
    match receiver.recv_timeout(patience) {
        Ok(Ok(file)) => Ok(Lock { file }),
        Ok(Err(e)) => Err(failure("lock", path, &e)),
        Err(_) => {
            let message = format!("another process holds {}", path.display());
            let hint = format!("try again; `fuser {}` shows the process", path.display());
            Err(Fault::new(Kind::Busy, message).hint(hint).into())
        }
    }
}

/// Waits until the lock is ours, whatever signals arrive meanwhile.
fn queued(file: File) -> io::Result<File> {
    loop {
        match file.lock() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done.map(|()| file),
        }
    }
}

/// Takes a lock if nobody holds it; whoever only looks with [`is_locked`] does not count.
pub fn try_lock(path: &Path) -> Result<Option<Lock>> {
    let file = open(path, OFlags::CREATE)?;
    for _ in 0..ATTEMPTS {
        if attempt(&file, path)? {
            return Ok(Some(Lock { file }));
        }
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(e)) => return Err(failure("lock", path, &e)),
            // Shared it can be had: it was only looked at, which takes no time.
            Ok(()) => file.unlock().map_err(|e| failure("lock", path, &e))?,
        }
        std::thread::sleep(MOMENT);
    }
    Ok(None)
}

/// How often, and how long apart, a lock is tried that others look at.
const ATTEMPTS: usize = 200;
const MOMENT: Duration = Duration::from_millis(1);

/// Whether somebody holds the lock. Creates nothing.
pub fn is_locked(path: &Path) -> bool {
    // Most are asked about that are not there: that is an answer, and no error to be made into words.
    opened(path, OFlags::empty())
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn attempt(file: &File, path: &Path) -> Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(e)) => return Err(failure("lock", path, &e)),
        }
    }
}

fn open(path: &Path, extra: OFlags) -> Result<File> {
    opened(path, extra).map_err(|e| failure("lock", path, &e.into()))
}

fn opened(path: &Path, extra: OFlags) -> rustix::io::Result<File> {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | extra;
    Ok(File::from(retry_on_intr(|| rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR))?))
}
