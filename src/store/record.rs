//! Small JSON records in tabctl's own folders. Must not be used for what lies in a workspace.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability, Folder, Guard, MAX_BYTES};

/// Reads a record; `None` if there is none.
///
/// # Errors
/// `BadFile` for one that is torn or was written by somebody else.
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let content = file::read_guarded(path, Guard::Private)?;
    content.map(|content| parsed(path, &content.bytes)).transpose()
}

/// Reads one of many records of a folder; see [`load`].
pub fn load_in<T: DeserializeOwned>(folder: &Folder, name: &OsStr) -> Result<Option<T>> {
    let content = folder.read(name, Guard::Private)?;
    content.map(|content| parsed(&folder.path_of(name), &content.bytes)).transpose()
}

fn parsed<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| {
        let message = format!("{} does not parse: {e}", path.display());
        Fault::new(Kind::BadFile, message).hint("`tabctl doctor` says what to do about it").into()
    })
}

/// Writes a record into its folder, which is made if it is missing.
///
/// # Errors
/// `Usage` for one that would be too large to be read again.
pub fn save<T: Serialize>(path: &Path, record: &T, durability: Durability) -> Result<()> {
    let bytes = serde_json::to_vec(record)?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("{} would be larger than {} KiB", path.display(), MAX_BYTES / 1024);
        return Err(Fault::new(Kind::Usage, message).hint("shorten what the tab keeps").into());
    }
    if let Some(folder) = path.parent() {
        file::private_dir(folder)?;
    }
    file::write(path, &bytes, durability)
}
