//! Takes temporary files away that were left behind by processes which were killed.
//! Must not touch any other file, nor one that somebody may still be writing.

use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::AtFlags;

use super::Folder;

/// Removes from a folder the temporary files that are older than `age` at `now`; gives how many.
/// What cannot be removed stays: it harms nobody.
pub fn sweep(folder: &Path, age: Duration, now: SystemTime) -> usize {
    let Some(folder) = Folder::open(folder) else { return 0 };
    let is_old = |name: &std::ffi::OsStr| {
        let metadata = std::fs::symlink_metadata(folder.path_of(name));
        let changed = metadata.and_then(|metadata| metadata.modified());
        changed.is_ok_and(|at| now.duration_since(at).is_ok_and(|past| past > age))
    };
    let left = folder.temps().into_iter().filter(|name| is_old(name));
    left.filter(|name| rustix::fs::unlinkat(folder.as_fd(), name, AtFlags::empty()).is_ok()).count()
}
