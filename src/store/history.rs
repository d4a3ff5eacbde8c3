//! The history of a tab's commands: the newest part as lines of JSON, what is older compressed.
//! Must never be rewritten but by taking the whole tab away.

use std::path::PathBuf;

use anyhow::Result;

use super::Store;
use super::packed::{self, LARGEST, ROTATE_AT, unpacked};
use crate::model::evidence::Ran;
use crate::model::id::TabId;
use crate::sys::file::{self, Durability};

impl Store {
    fn history_folder(&self) -> PathBuf {
        self.paths.state.join("history")
    }

    fn history_file(&self, id: TabId) -> PathBuf {
        self.history_folder().join(format!("{id}.jsonl"))
    }

    fn packed_history(&self, id: TabId) -> Vec<PathBuf> {
        packed::parts(&self.history_folder(), id)
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
        let number = self.packed_history(id).len() + 1;
        let part = self.history_folder().join(format!("{id}.{number:06}.jsonl.gz"));
        packed::pack(&bytes, &part, Durability::Durable)?;
        file::remove(&newest)
    }

    /// Whether the newest part is compressed already, by one who was killed before it could remove it:
    /// otherwise it is never so large.
    fn is_packed(&self, id: TabId) -> bool {
        let newest = self.history_file(id);
        file::stamp(&newest).is_some_and(|stamp| stamp.size > ROTATE_AT)
            && self.packed_history(id).last().is_some_and(|part| {
                unpacked(part) == file::read_end(&newest, LARGEST).unwrap_or_default()
            })
    }

    /// The last `most` commands of a tab for which `wanted` holds, oldest first. What is torn is left
    /// out.
    pub fn history(&self, id: TabId, most: usize, wanted: &dyn Fn(&Ran) -> bool) -> Vec<Ran> {
        let mut found = Vec::new();
        let newest = Some(self.history_file(id)).filter(|_| !self.is_packed(id));
        let newest = newest.and_then(|part| file::read_end(&part, LARGEST));
        let older = self.packed_history(id).into_iter().rev().map(|part| unpacked(&part));
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
        let all = self.packed_history(id).into_iter().chain([self.history_file(id)]);
        all.into_iter().try_for_each(|part| file::remove(&part))
    }
}
