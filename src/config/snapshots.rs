//! How much is kept of tabs, and how often. Must not keep anything.

use std::time::Duration;

use anyhow::Result;

use super::{Layer, number};

/// What is kept by itself, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshots {
    /// So many of a tab; 0 for none by itself.
    pub number: usize,
    /// None that is older; nothing for any age.
    pub age: Option<Duration>,
    /// So many bytes of all tabs together.
    pub bytes: u64,
    /// After a turn, if the last one is so long ago; nothing for never.
    pub every: Option<Duration>,
}

/// Layers the four settings: what the file says of each.
pub(super) fn layered(written: [Option<u64>; 4], text: &mut Layer) -> Result<Snapshots> {
    let [number_of, days, size, every] = written.map(|said| said.map(|said| said.to_string()));
    let about = "snapshots that are taken by themselves and kept of each tab; 0: none";
    let number_of = text("snapshots", "TABCTL_SNAPSHOTS", about, number_of, "20");
    let about = "days after which snapshots are let go of; 0: never";
    let days = text("snapshot_days", "TABCTL_SNAPSHOT_DAYS", about, days, "30");
    let about = "megabytes that the snapshots of all tabs may take";
    let size = text("snapshot_size", "TABCTL_SNAPSHOT_SIZE", about, size, "100");
    let about = "seconds between the snapshots that are taken after turns; 0: never";
    let every = text("snapshot_every", "TABCTL_SNAPSHOT_EVERY", about, every, "1800");
    let days: u32 = number("TABCTL_SNAPSHOT_DAYS", &days)?;
    let every: u64 = number("TABCTL_SNAPSHOT_EVERY", &every)?;
    let size: u32 = number("TABCTL_SNAPSHOT_SIZE", &size)?;
    Ok(Snapshots {
        number: number("TABCTL_SNAPSHOTS", &number_of)?,
        age: (days > 0).then(|| Duration::from_hours(24 * u64::from(days))),
        bytes: u64::from(size) * 1024 * 1024,
        every: (every > 0).then(|| Duration::from_secs(every)),
    })
}
