//! The output of a job in pieces, each named by the place of its first byte in all that was written: the
//! first piece and the newest are kept. Must not grow beyond that, nor take two ends for neighbours.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::sys::file::{self, Folder, Piece, Reading};

/// The size of the first piece, which stays: what a program says at its beginning is rarely much.
const FIRST: u64 = 1024 * 1024;
/// The size of the others.
const LATER: u64 = 4 * 1024 * 1024;
/// What is kept of the newest.
const NEWEST: u64 = 32 * 1024 * 1024;
/// So many pieces at most: on a disk that is full now and then they may be short.
const MOST_PIECES: usize = 64;
/// A disk that takes nothing is tried again after that long.
const AGAIN: Duration = Duration::from_secs(1);

/// A part of the output, from one byte to before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The place of its first byte.
    pub from: u64,
    /// The place behind its last.
    pub to: u64,
}

/// Writes the output down as it comes.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    piece: Option<(u64, Piece)>,
    /// The pieces behind the first that are full or given up.
    kept: VecDeque<Span>,
    at: u64,
    /// When a disk that took nothing is tried again.
    again: Option<Instant>,
    /// Bytes that could not be written.
    pub lost: u64,
    /// Why not.
    pub trouble: Option<String>,
}

impl Writer {
    /// At the beginning of the output in a folder that is there and empty.
    pub fn new(folder: PathBuf) -> Writer {
        let (kept, at, lost) = (VecDeque::new(), 0, 0);
        Writer { folder, piece: None, kept, at, again: None, lost, trouble: None }
    }

    /// Adds what was written. What the disk does not take is counted, and gone.
    pub fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.again.is_some_and(|again| Instant::now() < again) {
                return self.lose(bytes.len());
            }
            let room = match self.piece() {
                Ok(room) => usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len()),
                Err(error) => {
                    self.trouble = Some(format!("{error:#}"));
                    self.again = Some(Instant::now() + AGAIN);
                    return self.lose(bytes.len());
                }
            };
            let Some((_, piece)) = &mut self.piece else { return self.lose(bytes.len()) };
            let (written, error) = piece.add(&bytes[..room]);
            self.at += written as u64;
            bytes = &bytes[written..];
            if let Some(error) = error {
                self.trouble = Some(reason(&error));
                self.again = Some(Instant::now() + AGAIN);
                self.lose(bytes.len());
                // What comes later has another place, and so another piece.
                return self.close();
            }
        }
    }

    fn lose(&mut self, count: usize) {
        self.lost += count as u64;
        self.at += count as u64;
        self.close();
    }

    /// Gives so many of the newest bytes back, for what is worth more; says whether there were any.
    pub fn give_way(&mut self, size: u64) -> bool {
        self.close();
        let Some(last) = spans(&self.folder).pop() else { return false };
        let path = self.folder.join(name(last.from));
        let to = last.to.saturating_sub(size).max(last.from);
        let cut = if to == last.from {
            file::remove_quickly(&path)
        } else {
            file::cut(&path, to - last.from)
        };
        if cut.is_err() {
            return false;
        }
        self.lost += last.to - to;
        self.kept.retain(|span| span.from != last.from);
        if to > last.from && last.from > 0 {
            self.kept.push_back(Span { from: last.from, to });
        }
        true
    }

    fn close(&mut self) {
        let Some((from, piece)) = self.piece.take() else { return };
        if piece.size() == 0 {
            // It was made, and then nothing went in.
            let _ = file::remove_quickly(&self.folder.join(name(from)));
        } else if from > 0 {
            self.kept.push_back(Span { from, to: from + piece.size() });
        }
    }

    /// The room in the piece that is being written, after a new one was begun if it was full.
    fn piece(&mut self) -> Result<u64> {
        let room = |(from, piece): &(u64, Piece)| {
            (if *from == 0 { FIRST } else { LATER }).saturating_sub(piece.size())
        };
        if let Some(room) = self.piece.as_ref().map(room).filter(|room| *room > 0) {
            return Ok(room);
        }
        self.close();
        let room_is_needed = |kept: &VecDeque<Span>| {
            let size: u64 = kept.iter().map(|span| span.to - span.from).sum();
            size + LATER > NEWEST || kept.len() >= MOST_PIECES
        };
        while room_is_needed(&self.kept)
            && let Some(oldest) = self.kept.pop_front()
        {
            // One that cannot be removed now is removed with the job.
            let _ = file::remove_quickly(&self.folder.join(name(oldest.from)));
        }
        let piece = Piece::create(&self.folder.join(name(self.at)))?;
        let piece = self.piece.insert((self.at, piece));
        self.again = None;
        Ok(room(piece))
    }
}

fn name(from: u64) -> String {
    format!("{from:020}")
}

/// An I/O error in a few words.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// What one attempt to read gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Took {
    /// So many bytes.
    Bytes(usize),
    /// So many bytes are not kept, and were passed over.
    Gap(u64),
    /// There is no more, for now.
    Nothing,
}

/// Reads the output, also while it is written.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    piece: Option<(u64, Reading)>,
    /// The place of the next byte.
    pub at: u64,
}

impl Reader {
    /// At the beginning of the output in a folder.
    pub fn new(folder: PathBuf) -> Reader {
        Reader { folder, piece: None, at: 0 }
    }

    /// Takes what comes next.
    pub fn take(&mut self, into: &mut [u8]) -> Result<Took> {
        if let Some(count) = self.of_piece(into)? {
            return Ok(Took::Bytes(count));
        }
        let spans = spans(&self.folder);
        if let Some(span) = spans.iter().find(|span| span.from <= self.at && self.at < span.to) {
            let piece = Reading::open(&self.folder.join(name(span.from)))?;
            self.piece = piece.map(|piece| (span.from, piece));
            // One that was removed just now is seen as a gap by the next attempt.
            let count = self.of_piece(into)?;
            return Ok(count.map_or(Took::Gap(0), Took::Bytes));
        }
        match spans.iter().map(|span| span.from).find(|from| *from > self.at) {
            None => Ok(Took::Nothing),
            Some(from) => {
                let gap = from - self.at;
                self.at = from;
                Ok(Took::Gap(gap))
            }
        }
    }

    /// What the piece that is open has at this place; nothing if that is not in it.
    fn of_piece(&mut self, into: &mut [u8]) -> Result<Option<usize>> {
        let Some((from, piece)) = &self.piece else { return Ok(None) };
        let Some(place) = self.at.checked_sub(*from) else { return Ok(None) };
        let count = piece.read(into, place)?;
        self.at += count as u64;
        Ok(Some(count).filter(|count| *count > 0))
    }

    /// Goes to where the last `lines` lines begin.
    pub fn go_to_last(&mut self, lines: usize) -> Result<()> {
        let spans = spans(&self.folder);
        let end = spans.last().map_or(0, |span| span.to);
        let (mut found, mut block) = (0, vec![0; 64 * 1024]);
        for span in spans.iter().rev() {
            let Some(piece) = Reading::open(&self.folder.join(name(span.from)))? else { break };
            let mut to = span.to;
            while to > span.from {
                let from = to.saturating_sub(block.len() as u64).max(span.from);
                let size = usize::try_from(to - from).unwrap_or(0);
                let count = piece.read(&mut block[..size], from - span.from)?;
                for at in (0..count).rev().filter(|at| block[*at] == b'\n') {
                    // The end of the last line begins no other.
                    let next = from + at as u64 + 1;
                    found += usize::from(next < end);
                    if found == lines && next < end {
                        self.at = next;
                        return Ok(());
                    }
                }
                to = from;
            }
        }
        self.at = spans.first().map_or(0, |span| span.from);
        Ok(())
    }
}

/// What is kept of the output in a folder, in order.
pub fn spans(folder: &Path) -> Vec<Span> {
    let Some(open) = Folder::open(folder) else { return Vec::new() };
    let span = |name: std::ffi::OsString| {
        let from: u64 = name.to_str().filter(|name| name.len() == 20)?.parse().ok()?;
        let size = file::stamp(&open.path_of(&name))?.size;
        Some(Span { from, to: from + size })
    };
    let spans = open.names().into_iter().filter_map(span);
    // One that was only just made has nothing yet.
    let mut spans: Vec<Span> = spans.filter(|span| span.to > span.from).collect();
    spans.sort_unstable_by_key(|span| span.from);
    spans
}

#[cfg(test)]
mod tests;
