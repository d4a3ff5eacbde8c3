//! The journal of a tab: what happened, one line each, tied together by [`crate::model::chain`]. Must
//! not grow without end, nor lose a line that was acknowledged.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::packed::{self, ROTATE_AT, unpacked};
use super::places::PATIENCE;
use super::{Entry, Store};
use crate::model::chain::{self, Head, Link};
use crate::model::hash::hash;
use crate::model::id::TabId;
use crate::sys::file::{self, Durability, Folder, Lock};

/// So many compressed parts are kept: two to three megabytes of lines.
const PARTS: usize = 32;
/// A longer line loses its details.
const LONGEST_LINE: usize = 64 * 1024;

/// A line as it is written.
#[derive(Serialize)]
struct Chained<'a> {
    #[serde(flatten)]
    link: &'a Link,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Store {
    /// Appends to a tab's journal. A line that is acknowledged outlives the process, however it ends.
    pub fn journal(&self, id: TabId, entry: &Entry) -> Result<()> {
        let path = self.journal_file(id);
        file::private_dir(&self.journal_folder())?;
        let lock = file::lock(&self.journal_head(id), PATIENCE)?;
        let head = match parse(&lock.note()?) {
            Some(head) => self.caught_up(id, head)?,
            None => self.another_head(id)?,
        };
        // Somebody was killed between the packing of a part and its removal.
        let head = if head.size > ROTATE_AT { self.rotated(id, head, &lock)? } else { head };
        let next = head.next();
        let mut line = serde_json::to_vec(&Chained { link: &next, entry })?;
        if line.len() > LONGEST_LINE {
            let mut short = Entry { with: serde_json::Map::new(), ..entry.clone() };
            short.with.insert("omitted".to_owned(), line.len().into());
            line = serde_json::to_vec(&Chained { link: &next, entry: &short })?;
        }
        let size = file::append(&path, &line)?;
        let head = head.moved(&line, size);
        let head = if size > ROTATE_AT { self.rotated(id, head, &lock)? } else { head };
        lock.leave(&serde_json::to_vec(&head)?)
    }

    /// The newest entries of a tab's journal, oldest first; a torn line is left out.
    pub fn read_journal(&self, id: TabId) -> Vec<Entry> {
        let newest = file::read(&self.journal_file(id)).ok().flatten().unwrap_or_default();
        let older = self.packed_journal(id).pop().map(|part| unpacked(&part)).unwrap_or_default();
        let parts = if older == newest { vec![newest] } else { vec![older, newest] };
        let lines = parts.iter().flat_map(|part| lines_of(part));
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    /// The entries of a tab's journal from a moment on, oldest first; without one, all that are kept.
    /// Reads from the newest line backwards, and no further than that.
    pub fn journal_since(&self, id: TabId, since: Option<DateTime<Utc>>) -> Vec<Entry> {
        let newest = file::read(&self.journal_file(id)).ok().flatten().unwrap_or_default();
        let mut last: Option<Vec<u8>> = None;
        let older = self.packed_journal(id).into_iter().rev().map(|part| unpacked(&part));
        let mut entries = Vec::new();
        for part in std::iter::once(newest).chain(older) {
            // One that is packed and not removed yet is one.
            if last.as_ref() == Some(&part) {
                continue;
            }
            for line in part.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let Ok(entry) = serde_json::from_slice::<Entry>(line) else { continue };
                if since.is_some_and(|since| entry.at < since) {
                    entries.reverse();
                    return entries;
                }
                entries.push(entry);
            }
            last = Some(part);
        }
        entries.reverse();
        entries
    }

    /// All lines of a tab's journal that are kept, oldest first, and their head, if that is there.
    pub fn whole_journal(&self, id: TabId) -> Result<(Vec<Vec<u8>>, Option<Head>)> {
        // Nobody writes meanwhile. One that has never been written has no head to be locked.
        let is_there = self.journal_head(id).exists();
        let lock = is_there.then(|| file::lock(&self.journal_head(id), PATIENCE)).transpose()?;
        let parts = self.journal_parts(id)?;
        let head = lock.as_ref().map(Lock::note).transpose()?.and_then(|note| parse(&note));
        Ok((parts.iter().flat_map(|part| lines_of(part)).map(<[u8]>::to_vec).collect(), head))
    }

    /// Every tab of which a journal, a part of one, or its head is there, also those that were removed.
    pub fn journals(&self) -> BTreeSet<TabId> {
        let folder = Folder::open(&self.journal_folder());
        let names = folder.map(|folder| folder.names()).unwrap_or_default();
        names.iter().filter_map(|name| name.to_str()?.split('.').next()?.parse().ok()).collect()
    }

    /// The compressed parts, oldest first: their names are the numbers of their first lines.
    fn packed_journal(&self, id: TabId) -> Vec<PathBuf> {
        packed::parts(&self.journal_folder(), id)
    }

    /// All parts that are kept, oldest first. One that is packed and not removed yet, as the next who
    /// writes does, is one.
    fn journal_parts(&self, id: TabId) -> Result<Vec<Vec<u8>>> {
        let mut parts: Vec<Vec<u8>> =
            self.packed_journal(id).iter().map(|part| unpacked(part)).collect();
        let newest = file::read(&self.journal_file(id))?.unwrap_or_default();
        if parts.last() != Some(&newest) {
            parts.push(newest);
        }
        Ok(parts)
    }

    /// The head with what a writer that was killed has written and not noted.
    fn caught_up(&self, id: TabId, head: Head) -> Result<Head> {
        let path = self.journal_file(id);
        let size = file::stamp(&path).map_or(0, |stamp| stamp.size);
        // A part that is shorter than it was is left to show: the chain goes on from its head.
        if size <= head.size {
            return Ok(head);
        }
        let bytes = file::read(&path)?.unwrap_or_default();
        let Some(last) = lines_of(&bytes).last() else { return Ok(head) };
        let seq = chain::link(last).map_or(head.seq + 1, |link| link.seq);
        Ok(Head { seq, hash: hash(last), size, ..head })
    }

    /// A head for what is there without one: nothing at first, else whatever was left.
    fn another_head(&self, id: TabId) -> Result<Head> {
        let parts = self.journal_parts(id)?;
        let links = || parts.iter().flat_map(|part| lines_of(part)).filter_map(chain::link);
        let (Some(first), Some(last)) = (links().next(), links().last()) else {
            return Ok(Head::default());
        };
        let (first, before, lost_at) = (first.seq, first.prev, Some(last.seq));
        self.caught_up(id, Head { first, before, lost_at, seq: last.seq, ..Head::default() })
    }

    /// Compresses the newest part, and lets go of the oldest where there are too many.
    fn rotated(&self, id: TabId, head: Head, lock: &Lock) -> Result<Head> {
        let newest = self.journal_file(id);
        let bytes = file::read(&newest)?.unwrap_or_default();
        let first = lines_of(&bytes).find_map(chain::link).map_or(head.seq, |link| link.seq);
        let part = newest.with_file_name(format!("{id}.{first:012}.jsonl.gz"));
        packed::pack(&bytes, &part, Durability::Ordered)?;
        let mut head = Head { size: 0, ..head };
        let parts = self.packed_journal(id);
        let kept = &parts[parts.len().saturating_sub(PARTS)..];
        let oldest = kept.first().map(|part| unpacked(part)).unwrap_or_default();
        if let Some(link) = lines_of(&oldest).find_map(chain::link) {
            (head.first, head.before) = (link.seq, link.prev);
        }
        // Noted before anything is taken away: what is gone by then was to go.
        lock.leave(&serde_json::to_vec(&head)?)?;
        file::remove(&newest)?;
        parts[..parts.len() - kept.len()].iter().try_for_each(|part| file::remove(part))?;
        Ok(head)
    }
}

fn parse(note: &[u8]) -> Option<Head> {
    serde_json::from_slice(note).ok()
}

fn lines_of(part: &[u8]) -> impl Iterator<Item = &[u8]> {
    part.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}
