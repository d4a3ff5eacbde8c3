//! Claims: one process at a time may have a tab or a conversation. Must not remember who has it:
//! the lock lives exactly as long as the process that holds it.

use anyhow::Result;

use super::Store;
use crate::model::hash::hash;
use crate::sys::file::{self, Lock};

/// The longest key that is a file name as it stands.
const LONGEST_NAME: usize = 128;

impl Store {
    /// Claims `key` (`tab.<id>`, `claude.<session id>`) for as long as the lock lives; `None` if held.
    pub fn claim(&self, key: &str) -> Result<Option<Lock>> {
        let path = self.claim_file(&file_name(key));
        if let Some(folder) = path.parent() {
            file::private_dir(folder)?;
        }
        file::try_lock(&path)
    }

    /// Whether `key` is claimed by a living process.
    pub fn is_claimed(&self, key: &str) -> bool {
        file::is_locked(&self.claim_file(&file_name(key)))
    }
}

/// A key as a file name. A key of other characters, or a long one, goes by its hash: `=` is not
/// among the characters of a key, so the two kinds never meet.
pub(super) fn file_name(key: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-');
    if key.bytes().all(plain) && !key.starts_with('.') && (1..=LONGEST_NAME).contains(&key.len()) {
        return key.to_owned();
    }
    format!("={}", hash(key.as_bytes()))
}
