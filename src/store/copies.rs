//! Copies of conversations that their agents may delete. Must not let a shorter one replace a longer
//! one, and must not put one back over anything that is still whole.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::claims::file_name;
use super::{Store, record};
use crate::sys::file::{self, Durability, Expect};

/// A copy of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The copy.
    pub file: PathBuf,
    /// The file that it is a copy of.
    pub of: PathBuf,
}

/// What is written down of a copy: of which file, and how that was then.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Origin {
    path: PathBuf,
    size: u64,
    /// Nanoseconds since 1970.
    modified: u128,
}

impl Origin {
    fn of(path: &Path) -> Option<Origin> {
        let metadata = std::fs::metadata(path).ok()?;
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Some(Origin { path: path.to_owned(), size: metadata.len(), modified })
    }
}

impl Store {
    /// Copies the conversation `key` (`<kind>.<session id>`), if its file has changed since the last
    /// copy and has not become shorter. Gives whether it was copied.
    pub fn keep_copy(&self, key: &str, conversation: &Path) -> Result<bool> {
        let Some(now) = Origin::of(conversation) else { return Ok(false) };
        let name = file_name(key);
        let known = self.origin(&name);
        if known.as_ref().is_some_and(|known| *known == now || known.size > now.size) {
            return Ok(false);
        }
        let _lock = self.lock_named(&format!("copy-{name}"))?;
        let file = self.copy_file(&name);
        if let Some(folder) = file.parent() {
            file::private_dir(folder)?;
        }
        // In this order: a copy that is newer than its record is only made once more.
        file::copy(conversation, &file, Expect::Anything)?;
        record::save(&self.copy_record(&name), &now, Durability::Durable)?;
        Ok(true)
    }

    /// Takes a file away that nobody needs beside the conversation `key`; the last one is kept.
    pub fn put_aside(&self, key: &str, file: &Path) -> Result<()> {
        let aside = self.copy_file(&format!("{}.aside", file_name(key)));
        if let Some(folder) = aside.parent() {
            file::private_dir(folder)?;
        }
        file::copy(file, &aside, Expect::Anything)?;
        file::remove(file)
    }

    /// The copy of a conversation, if there is one.
    pub fn copy_of(&self, key: &str) -> Option<Copied> {
        let name = file_name(key);
        let of = self.origin(&name)?.path;
        let file = self.copy_file(&name);
        file.is_file().then_some(Copied { file, of })
    }

    /// Puts the copy of a conversation back where it was, in front of what is there by now: the
    /// caller has seen that this is not the conversation. An agent that writes on into a file which
    /// was deleted under it leaves only the end there. `None` if there is no copy, or somebody was
    /// quicker.
    pub fn put_copy_back(&self, key: &str) -> Result<Option<PathBuf>> {
        let Some(Copied { file, of }) = self.copy_of(key) else { return Ok(None) };
        let _lock = self.lock_named(&format!("copy-{}", file_name(key)))?;
        let done = if of.symlink_metadata().is_ok() {
            file::join(&[&file, &of], &of, Expect::Anything)?
        } else {
            if let Some(folder) = of.parent() {
                file::shared_dir(folder)?;
            }
            file::copy(&file, &of, Expect::Absent)?
        };
        Ok(done.then_some(of))
    }

    fn origin(&self, name: &str) -> Option<Origin> {
        record::load(&self.copy_record(name)).ok()?
    }
}
