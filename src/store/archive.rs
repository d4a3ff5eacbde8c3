//! Snapshots of tabs, compressed, in the state folder, readable by this user alone. They outlive their
//! tab. Must not grow without end: what tabctl took by itself goes first, and the oldest of that.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::Store;
use super::packed::{self, LARGEST, unpacked};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::snapshot::{Kept, Snapshot, Why};
use crate::sys::file::{self, Durability, Folder};

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// So many of a tab that tabctl took by itself, and as many that a person asked for.
    pub number: usize,
    /// None that is older; what a reset put away stays.
    pub age: Option<Duration>,
    /// So many bytes of all tabs together.
    pub bytes: u64,
}

/// A file of the archive.
#[derive(Debug, Clone)]
struct Piece {
    number: u32,
    why: Why,
    path: PathBuf,
    /// When it was written, in nanoseconds since 1970.
    written: i64,
    size: u64,
}

impl Store {
    fn archive_folder(&self) -> PathBuf {
        self.paths.state.join("archive")
    }

    /// Keeps a snapshot; gives its number.
    ///
    /// # Errors
    /// `Usage` for one that would be too large to be read again.
    pub fn archive(&self, snapshot: &Snapshot, durability: Durability) -> Result<u32> {
        let bytes = serde_json::to_vec(snapshot)?;
        if bytes.len() as u64 > LARGEST {
            let message = format!("a snapshot of {} bytes is too large", bytes.len());
            return Err(Fault::new(Kind::Usage, message).hint("take it without its diff").into());
        }
        let folder = self.archive_folder().join(snapshot.id.to_string());
        file::private_dir(&folder)?;
        let _lock = self.lock_named(&format!("{}.archive", snapshot.id))?;
        let number = self.pieces(snapshot.id).last().map_or(1, |last| last.number + 1);
        let name = format!("{number:06}.{}.json.gz", snapshot.why.word());
        packed::pack(&bytes, &folder.join(name), durability)?;
        Ok(number)
    }

    /// The snapshots of a tab, oldest first. What cannot be read is left out.
    pub fn archived(&self, id: TabId) -> Vec<Kept> {
        self.pieces(id).iter().filter_map(read).collect()
    }

    /// One of them.
    pub fn archived_as(&self, id: TabId, number: u32) -> Option<Kept> {
        read(self.pieces(id).iter().find(|piece| piece.number == number)?)
    }

    /// The newest one.
    pub fn last_archived(&self, id: TabId) -> Option<Kept> {
        read(self.pieces(id).last()?)
    }

    /// When the newest snapshot of a tab was written.
    pub fn archived_at(&self, id: TabId) -> Option<DateTime<Utc>> {
        Some(DateTime::from_timestamp_nanos(self.pieces(id).last()?.written))
    }

    /// Every tab that has snapshots, also those that were removed.
    pub fn archives(&self) -> Vec<TabId> {
        let folder = Folder::open(&self.archive_folder());
        let folders = folder.map(|folder| folder.folders()).unwrap_or_default();
        let mut ids: Vec<TabId> =
            folders.iter().filter_map(|it| it.file_name()?.to_str()?.parse().ok()).collect();
        ids.sort();
        ids
    }

    /// The text of a session file, whatever it says.
    pub fn text_of(&self, file: &std::path::Path) -> Option<String> {
        String::from_utf8(file::read(file).ok()??).ok()
    }

    /// Lets go of what there is no room for: of one tab, or, with the age and the size of all, of every
    /// tab.
    pub fn keep_within(&self, room: Room, only: Option<TabId>, now: DateTime<Utc>) -> Result<()> {
        let mut left: Vec<Piece> = Vec::new();
        for id in only.map_or_else(|| self.archives(), |id| vec![id]) {
            let pieces = self.pieces(id);
            let (kept, old): (Vec<Piece>, Vec<Piece>) =
                pieces.iter().cloned().partition(|piece| room.holds(piece, &pieces, now));
            old.iter().try_for_each(|piece| file::remove(&piece.path))?;
            left.extend(kept);
        }
        if only.is_some() {
            return Ok(());
        }
        // Whoever has just kept one is not told that it is gone.
        let newest = left.iter().max_by_key(|piece| piece.written).map(|piece| piece.path.clone());
        let mut total: u64 = left.iter().map(|piece| piece.size).sum();
        left.sort_by_key(|piece| {
            (piece.why == Why::Reset, !piece.why.is_automatic(), piece.written)
        });
        for piece in left {
            if total <= room.bytes {
                break;
            }
            if Some(&piece.path) != newest.as_ref() {
                total -= piece.size;
                file::remove(&piece.path)?;
            }
        }
        Ok(())
    }

    /// The files of a tab's snapshots, oldest first.
    fn pieces(&self, id: TabId) -> Vec<Piece> {
        let folder = self.archive_folder().join(id.to_string());
        let Some(folder) = Folder::open(&folder) else { return Vec::new() };
        let piece = |name: &OsStr| {
            let (number, why) = name.to_str()?.strip_suffix(".json.gz")?.split_once('.')?;
            let why = Why::ALL.into_iter().find(|known| known.word() == why)?;
            let path = folder.path_of(name);
            let stamp = file::stamp(&path)?;
            let (written, size) = (stamp.mtime, stamp.size);
            Some(Piece { number: number.parse().ok()?, why, path, written, size })
        };
        let mut pieces: Vec<Piece> = folder.names().iter().filter_map(|name| piece(name)).collect();
        pieces.sort_by_key(|piece| piece.number);
        pieces
    }
}

impl Room {
    /// Whether there is room for this one of a tab's, by number and age.
    fn holds(self, piece: &Piece, all: &[Piece], now: DateTime<Utc>) -> bool {
        // Task and notes were put away there, and stand nowhere else.
        if piece.why == Why::Reset {
            return true;
        }
        let alike = |other: &&Piece| {
            other.why != Why::Reset && other.why.is_automatic() == piece.why.is_automatic()
        };
        let newer = all.iter().filter(alike).filter(|other| other.number > piece.number).count();
        let age = now - DateTime::from_timestamp_nanos(piece.written);
        let is_old = self.age.is_some_and(|most| age.to_std().is_ok_and(|age| age > most));
        newer < self.number && !is_old
    }
}

fn read(piece: &Piece) -> Option<Kept> {
    let snapshot = serde_json::from_slice(&unpacked(&piece.path)).ok()?;
    Some(Kept { number: piece.number, size: piece.size, snapshot })
}
