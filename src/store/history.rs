//! The history of a tab's commands: the newest part as lines of JSON, what is older compressed.
//! Must never be rewritten but by taking the whole tab away.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Result;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::Store;
use crate::model::evidence::Ran;
use crate::model::id::TabId;
use crate::sys::file::{self, Durability, Folder};

/// From this size on the newest part is compressed, and a new one begun.
const ROTATE_AT: u64 = 96 * 1024;
/// No part is larger when it is unpacked: whatever is, was not made here.
const LARGEST: u64 = 1024 * 1024;

impl Store {
    fn history_folder(&self) -> PathBuf {
        self.paths.state.join("history")
    }

    fn history_file(&self, id: TabId) -> PathBuf {
        self.history_folder().join(format!("{id}.jsonl"))
    }

    /// The compressed parts, oldest first: their names are numbered.
    fn packed(&self, id: TabId) -> Vec<PathBuf> {
        let Some(folder) = Folder::open(&self.history_folder()) else { return Vec::new() };
        let is_part = |name: &&std::ffi::OsString| {
            let name = name.to_str().and_then(|name| name.strip_prefix(&id.to_string()));
            name.is_some_and(|rest| rest.ends_with(".jsonl.gz"))
        };
        let mut parts: Vec<PathBuf> =
            folder.names().iter().filter(is_part).map(|name| folder.path_of(name)).collect();
        parts.sort();
        parts
    }

    /// Adds commands to a tab's history; if they may be in it already (`again`), those that are not.
    /// For one who holds the lock of its shells' file.
    pub fn add_to_history(&self, id: TabId, ran: &[Ran], again: bool) -> Result<()> {
        let known = if again { self.history(id, ran.len(), &|_| true) } else { Vec::new() };
        let ran: Vec<&Ran> = ran.iter().filter(|ran| !known.contains(ran)).collect();
        if ran.is_empty() {
            return Ok(());
        }
        file::private_dir(&self.history_folder())?;
        let newest = self.history_file(id);
        if self.is_packed(id) {
            file::remove(&newest)?;
        }
        let lines: Vec<String> = ran.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        if file::append(&newest, lines.join("\n").as_bytes())? <= ROTATE_AT {
            return Ok(());
        }
        let bytes = file::read_end(&newest, LARGEST).unwrap_or_default();
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&bytes)?;
        let number = self.packed(id).len() + 1;
        let part = self.history_folder().join(format!("{id}.{number:06}.jsonl.gz"));
        file::write(&part, &packer.finish()?, Durability::Durable)?;
        file::remove(&newest)
    }

    /// Whether the newest part is compressed already, by one who was killed before it could remove it:
    /// otherwise it is never so large.
    fn is_packed(&self, id: TabId) -> bool {
        let newest = self.history_file(id);
        file::stamp(&newest).is_some_and(|stamp| stamp.size > ROTATE_AT)
            && self.packed(id).last().is_some_and(|part| {
                unpacked(part) == file::read_end(&newest, LARGEST).unwrap_or_default()
            })
    }

    /// The last `most` commands of a tab for which `wanted` holds, oldest first. What is torn is left
    /// out.
    pub fn history(&self, id: TabId, most: usize, wanted: &dyn Fn(&Ran) -> bool) -> Vec<Ran> {
        let mut found = Vec::new();
        let newest = Some(self.history_file(id)).filter(|_| !self.is_packed(id));
        let newest = newest.and_then(|part| file::read_end(&part, LARGEST));
        let older = self.packed(id).into_iter().rev().map(|part| unpacked(&part));
        for part in newest.into_iter().chain(older) {
            let lines = part.split(|byte| *byte == b'\n').rev();
            let ran = lines.filter_map(|line| serde_json::from_slice(line).ok());
            found.extend(ran.filter(|ran| wanted(ran)).take(most - found.len()));
            if found.len() == most {
                break;
            }
        }
        found.reverse();
        found
    }

    pub(super) fn drop_history(&self, id: TabId) -> Result<()> {
        let all = self.packed(id).into_iter().chain([self.history_file(id)]);
        all.into_iter().try_for_each(|part| file::remove(&part))
    }
}

fn unpacked(part: &std::path::Path) -> Vec<u8> {
    let packed = file::read_end(part, LARGEST).unwrap_or_default();
    let mut bytes = Vec::new();
    // As far as it goes: what is torn ends early.
    let _ = GzDecoder::new(&*packed).take(LARGEST).read_to_end(&mut bytes);
    bytes
}
