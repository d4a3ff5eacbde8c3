//! Logs whose older parts are compressed beside their newest one. Must not know what a line says.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::model::id::TabId;
use crate::sys::file::{self, Durability, Folder};

/// From this size on the newest part is compressed, and a new one begun.
pub(super) const ROTATE_AT: u64 = 96 * 1024;
/// No part is larger when it is unpacked: whatever is, was not made here.
pub(super) const LARGEST: u64 = 1024 * 1024;

/// The compressed parts of a tab's log, oldest first: their names are numbered.
pub(super) fn parts(folder: &Path, id: TabId) -> Vec<PathBuf> {
    let Some(folder) = Folder::open(folder) else { return Vec::new() };
    let own = format!("{id}.");
    let is_part = |name: &&OsString| {
        name.to_str().is_some_and(|name| name.starts_with(&own) && name.ends_with(".jsonl.gz"))
    };
    let mut parts: Vec<PathBuf> =
        folder.names().iter().filter(is_part).map(|name| folder.path_of(name)).collect();
    parts.sort();
    parts
}

/// Compresses a part into this file.
pub(super) fn pack(bytes: &[u8], part: &Path, durability: Durability) -> Result<()> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes)?;
    file::write(part, &packer.finish()?, durability)
}

/// What a compressed part holds, as far as it goes: what is torn ends early.
pub(super) fn unpacked(part: &Path) -> Vec<u8> {
    let packed = file::read_end(part, LARGEST).unwrap_or_default();
    let mut bytes = Vec::new();
    let _ = GzDecoder::new(&*packed).take(LARGEST).read_to_end(&mut bytes);
    bytes
}
