//! Waiting for a file to change, by events and not by looking again and again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Result;
use notify::{EventKind, RecursiveMode, Watcher};

/// How long a lost event may go unnoticed. Events come at once.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often to look where no event can be expected.
const OFTEN: Duration = Duration::from_millis(250);

/// Calls `look` now, after each change in `folder`, and at the latest after a second, until it gives
/// something or `limit` has passed.
///
/// The folder is watched and not the file: an atomic replacement ends a watch on the file itself.
pub fn until<T>(
    folder: &Path,
    limit: Duration,
    look: &mut dyn FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    look_until(folder, limit, LOOK_AGAIN, look)
}

/// Like [`until`], at the latest every quarter second: for what is seen in processes and panes, and
/// in no file.
pub fn until_seen<T>(
    folder: &Path,
    limit: Duration,
    look: &mut dyn FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    look_until(folder, limit, OFTEN, look)
}

fn look_until<T>(
    folder: &Path,
    limit: Duration,
    again: Duration,
    look: &mut dyn FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let (send, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the file is an event too: answering it would wake the reader by itself.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            let _ = send.send(());
        }
    })?;
    let sends_events = watcher.watch(folder, RecursiveMode::NonRecursive).is_ok();
    let again = if sends_events { again } else { OFTEN };
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        match changes.recv_timeout(left.min(again)) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => while changes.try_recv().is_ok() {},
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(left.min(again)),
        }
    }
}

/// A watch that lasts as long as the value.
pub struct Watch {
    _watcher: notify::RecommendedWatcher,
}

/// Calls `changed` after each change of one of these files, from a thread of its own. They need not
/// be there yet, but their folders must; nothing if no folder can be watched.
pub fn files(files: &[PathBuf], changed: impl Fn() + Send + 'static) -> Option<Watch> {
    let folders: BTreeSet<_> = files.iter().filter_map(|file| file.parent()).collect();
    let wanted = files.to_vec();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let is_change = !matches!(event.kind, EventKind::Access(_));
        if is_change && event.paths.iter().any(|path| wanted.contains(path)) {
            changed();
        }
    })
    .ok()?;
    let seen = folders.iter().filter(|folder| {
        // The folder and not the file: an atomic replacement ends a watch on the file itself.
        watcher.watch(folder, RecursiveMode::NonRecursive).is_ok()
    });
    (seen.count() > 0).then_some(Watch { _watcher: watcher })
}

/// Calls `changed` with the files that have changed in these folders, from a thread of its own. A folder
/// that is not there is left out; nothing if none can be watched.
pub fn folders(
    folders: &[PathBuf],
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> Option<Watch> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // An event that only says that some were lost has no path: everything is in question then.
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            changed(event.paths);
        }
    })
    .ok()?;
    let seen =
        folders.iter().filter(|folder| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok());
    (seen.count() > 0).then_some(Watch { _watcher: watcher })
}

/// What has changed in a folder since the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Nobody knows: everything has to be looked at.
    Anything,
    /// These files; none if only time has passed.
    These(BTreeSet<PathBuf>),
}

/// Calls `step` now, after each change in `folder`, and when the time has passed that the last step
/// gave; nothing given is the end. An event that was lost goes unnoticed for a second at most.
pub fn steps(
    folder: &Path,
    step: &mut dyn FnMut(&Changed) -> Result<Option<Duration>>,
) -> Result<()> {
    let (send, events) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let change = event.ok().filter(|event| !matches!(event.kind, EventKind::Access(_)));
        if let Some(event) = change {
            let _ = send.send(event.paths);
        }
    })?;
    let sends_events = watcher.watch(folder, RecursiveMode::NonRecursive).is_ok();
    let again = if sends_events { LOOK_AGAIN } else { OFTEN };
    let mut whole = Instant::now();
    let mut changed = Changed::Anything;
    while let Some(pause) = step(&changed)? {
        let whole_in = (whole + again).saturating_duration_since(Instant::now());
        let mut paths = BTreeSet::new();
        match events.recv_timeout(pause.min(whole_in)) {
            Ok(first) => paths.extend(first.into_iter().chain(events.try_iter().flatten())),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(pause.min(OFTEN)),
        }
        changed = if whole.elapsed() >= again {
            whole = Instant::now();
            Changed::Anything
        } else {
            Changed::These(paths)
        };
    }
    Ok(())
}
