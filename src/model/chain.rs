//! The chain that ties the lines of a log together, so that it shows when one was changed, taken away
//! or moved. Must not know what the lines say.
//!
//! Each line carries its number and the SHA-256 of the line before it, without the line break: what
//! `sha256sum` makes of it. The newest line is held by a head, which stands beside the log. Whoever may
//! write both can make another chain: this finds accidents, careless hands and agents that tidy up.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::hash::hash;

/// What a line carries of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its number, from 1.
    pub seq: u64,
    /// The hash of the line before it.
    pub prev: String,
}

/// Where a log begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the newest line; 0 before the first.
    pub seq: u64,
    /// The hash of the newest line.
    pub hash: String,
    /// How large the newest part of the log was with that line.
    pub size: u64,
    /// The number of the oldest line that is still kept.
    pub first: u64,
    /// The hash that the oldest line carries of the one before it.
    pub before: String,
    /// The number of the line at which the head before this one was lost: what was cut off by then
    /// cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<u64>,
}

impl Default for Head {
    fn default() -> Head {
        let hash = hash(b"");
        Head { seq: 0, hash: hash.clone(), size: 0, first: 1, before: hash, lost_at: None }
    }
}

impl Head {
    /// What the next line carries.
    pub fn next(&self) -> Link {
        Link { seq: self.seq + 1, prev: self.hash.clone() }
    }

    /// The head once `line` is the newest one, and the newest part so large.
    #[must_use]
    pub fn moved(self, line: &[u8], size: u64) -> Head {
        Head { seq: self.seq + 1, hash: hash(line), size, ..self }
    }
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "breach", rename_all = "kebab-case")]
pub enum Breach {
    /// Nothing says which line is, or once was, the last one: some may have been cut off.
    NoHead,
    /// This line is not as it was written.
    Edited {
        /// Its number.
        seq: u64,
    },
    /// Lines are not there, these two and what is between them.
    Missing {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// A line does not stand where it was written.
    Moved {
        /// Its number.
        seq: u64,
    },
    /// What stands in the place of this line is none: torn, or written by others.
    Unreadable {
        /// The number that it would have.
        seq: u64,
    },
    /// The newest lines were cut off, these two and what is between them.
    CutOff {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::NoHead => f.write_str("its head was lost: lines may have been cut off"),
            Breach::Edited { seq } => write!(f, "line {seq} was changed after it was written"),
            Breach::Missing { from, to } if from == to => write!(f, "line {from} was taken away"),
            Breach::Missing { from, to } => write!(f, "lines {from} to {to} were taken away"),
            Breach::Moved { seq } => write!(f, "line {seq} does not stand where it was written"),
            Breach::Unreadable { seq } => {
                write!(f, "what stands in the place of line {seq} is none")
            }
            Breach::CutOff { from, to } if from == to => {
                write!(f, "line {from} was cut off the end")
            }
            Breach::CutOff { from, to } => write!(f, "lines {from} to {to} were cut off the end"),
        }
    }
}

/// What a line carries, if it is one.
pub fn link(line: &[u8]) -> Option<Link> {
    serde_json::from_slice(line).ok()
}

/// Looks at all lines of a log, the oldest first. Gives what is wrong, in the order of the lines.
pub fn verify<'a>(lines: impl IntoIterator<Item = &'a [u8]>, head: Option<&Head>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut expected = head.map(|head| head.first);
    let mut before = head.map(|head| head.before.clone());
    let mut newest = None;
    for line in lines {
        let hashed = hash(line);
        let Some(link) = link(line) else {
            let seq = expected.unwrap_or(1);
            breaches.push(Breach::Unreadable { seq });
            (expected, before, newest) = (Some(seq + 1), Some(hashed.clone()), Some((seq, hashed)));
            continue;
        };
        let wanted = expected.unwrap_or(link.seq);
        if link.seq < wanted {
            breaches.push(Breach::Moved { seq: link.seq });
            continue;
        }
        if link.seq > wanted {
            breaches.push(Breach::Missing { from: wanted, to: link.seq - 1 });
        } else if before.is_some_and(|before| before != link.prev) {
            // Of the first that is kept, the one before it is gone: then it is this one.
            let is_first = head.is_some_and(|head| head.first == link.seq);
            breaches.push(Breach::Edited { seq: if is_first { link.seq } else { link.seq - 1 } });
        }
        if let Some(head) = head.filter(|head| head.seq == link.seq)
            && head.hash != hashed
        {
            breaches.push(Breach::Edited { seq: link.seq });
        }
        expected = Some(link.seq.saturating_add(1));
        (before, newest) = (Some(hashed.clone()), Some((link.seq, hashed)));
    }
    let last = newest.map_or(0, |(seq, _)| seq);
    match head {
        None if last > 0 => breaches.push(Breach::NoHead),
        Some(Head { lost_at: Some(_), .. }) => breaches.push(Breach::NoHead),
        Some(head) if head.seq > last => {
            let from = expected.unwrap_or(head.first).min(head.seq);
            breaches.push(Breach::CutOff { from, to: head.seq });
        }
        _ => {}
    }
    breaches.dedup();
    breaches
}

#[cfg(test)]
mod tests;
