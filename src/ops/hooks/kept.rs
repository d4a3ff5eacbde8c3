//! What stood in a settings file before tabctl's hooks, so that exactly that can be given back.
//! Must not be believed when the file is not as it was left.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::super::Ctx;
use crate::sys::file::{self, Durability, Guard};

/// A file before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// What stood there without our hooks; nothing if the file was not there.
    pub(super) before: Option<String>,
    /// What was written.
    pub(super) after: String,
}

/// The copies of one file: its name tells which agent's it is, and the path that is in it.
fn place(ctx: &Ctx, agent: &str, target: &Path, what: &str) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    let path = Sha256::digest(target.as_os_str().as_bytes());
    let short = path.iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    ctx.paths.state.join("hooks").join(format!("{agent}-{short:012x}.{what}"))
}

fn text(path: &Path) -> Option<String> {
    let content = file::read_guarded(path, Guard::Private).ok()??;
    String::from_utf8(content.bytes).ok()
}

/// What is kept of a file.
pub(super) fn get(ctx: &Ctx, agent: &str, target: &Path) -> Option<Kept> {
    let after = text(&place(ctx, agent, target, "after"))?;
    Some(Kept { before: text(&place(ctx, agent, target, "before")), after })
}

/// Keeps what stood in a file before; called before it is changed.
pub(super) fn put(ctx: &Ctx, agent: &str, target: &Path, kept: &Kept) -> Result<()> {
    // Without `after`, a `before` is not believed: so that comes last.
    forget(ctx, agent, target)?;
    if let Some(before) = &kept.before {
        write(ctx, &place(ctx, agent, target, "before"), before)?;
    }
    write(ctx, &place(ctx, agent, target, "after"), &kept.after)
}

/// Keeps a file exactly as it is before the next change, for a person.
pub(super) fn back_up(ctx: &Ctx, agent: &str, target: &Path, text: &str) -> Result<()> {
    write(ctx, &place(ctx, agent, target, "backup"), text)
}

/// Forgets what stood in a file; the backup stays.
pub(super) fn forget(ctx: &Ctx, agent: &str, target: &Path) -> Result<()> {
    file::remove(&place(ctx, agent, target, "after"))?;
    file::remove(&place(ctx, agent, target, "before"))
}

fn write(ctx: &Ctx, path: &Path, text: &str) -> Result<()> {
    file::private_dir(&ctx.paths.state)?;
    file::private_dir(&ctx.paths.state.join("hooks"))?;
    file::write(path, text.as_bytes(), Durability::Durable)
}

/// Makes the folders that a file needs, and remembers which were not there.
pub(super) fn make_folders(ctx: &Ctx, agent: &str, folder: &Path) -> Result<()> {
    let new: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    if new.is_empty() {
        return Ok(());
    }
    let list = place(ctx, agent, Path::new(""), "folders");
    let known = text(&list).unwrap_or_default();
    let new: Vec<String> = new.iter().filter_map(|it| it.to_str()).map(str::to_owned).collect();
    write(ctx, &list, &format!("{}\n{known}", new.join("\n")))?;
    file::shared_dir(folder)
}

/// Takes the folders away again that tabctl made and that are empty.
pub(super) fn take_folders(ctx: &Ctx, agent: &str) -> Result<()> {
    let list = place(ctx, agent, Path::new(""), "folders");
    let Some(folders) = text(&list) else { return Ok(()) };
    // The longest first: a folder is empty only when those in it are gone.
    let mut folders: Vec<&str> = folders.lines().filter(|line| line.starts_with('/')).collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    for folder in &folders {
        file::remove_empty_folder(Path::new(folder));
    }
    // Another of the agent's files may still be in one, and goes next.
    folders.retain(|folder| Path::new(folder).exists());
    if folders.is_empty() { file::remove(&list) } else { write(ctx, &list, &folders.join("\n")) }
}
