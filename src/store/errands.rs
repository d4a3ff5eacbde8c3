//! Commands on their way to a shell, in the runtime folder. A shell that takes some has a file there,
//! named by its process; an errand is a folder beside it. Must not be readable by anybody else.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Store;
use crate::sys::fifo;
use crate::sys::file::{self, Durability, Expect, Folder};

/// What the folder of an errand may hold: what is put there, and what the shell adds.
const PARTS: [&str; 10] =
    ["line", "script", "token", "ack", "out", "err", "said", "code", "end", "trap"];
/// Ends the name of an errand's folder, behind the shell's process.
const SUFFIX: &str = ".errand";

/// One command on its way to one shell; its folder goes with the value.
#[derive(Debug)]
pub struct Errand {
    folder: PathBuf,
}

/// What a shell answers to an errand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing so far.
    Nothing,
    /// It takes the command.
    Taken,
    /// Something stands on its command line: nothing was changed there.
    Typed,
}

impl Store {
    fn errands(&self) -> PathBuf {
        self.paths.runtime.join("exec")
    }

    /// From now on shells that start can make themselves known. Takes away what those have left for
    /// which `lives` says no.
    pub fn open_errands(&self, lives: &dyn Fn(u32) -> bool) -> Result<()> {
        file::private_dir(&self.errands())?;
        let names = Folder::open(&self.errands()).map(|it| it.names()).unwrap_or_default();
        for name in names.iter().filter_map(|name| name.to_str()) {
            let pid = name.strip_suffix(SUFFIX).unwrap_or(name).parse();
            if pid.is_ok_and(|pid| !lives(pid)) {
                let path = self.errands().join(name);
                if name.ends_with(SUFFIX) { clear(&path) } else { file::remove_quickly(&path)? }
            }
        }
        Ok(())
    }

    /// The name of the shell that this process is, if it takes commands: `bash`, `zsh`, `fish`.
    pub fn taking_shell(&self, pid: u32) -> Option<String> {
        let bytes = file::read(&self.errands().join(pid.to_string())).ok()??;
        Some(String::from_utf8(bytes).ok()?.trim_end().to_owned())
    }

    /// Puts a command where a shell finds it, with the script that runs it there.
    pub fn put_errand(&self, pid: u32, script: &str, line: &str, token: &str) -> Result<Errand> {
        let folder = self.errands().join(format!("{pid}{SUFFIX}"));
        // What one has left that was killed.
        clear(&folder);
        file::private_dir(&folder)?;
        let errand = Errand { folder };
        for name in ["ack", "out", "err"] {
            fifo::make(&errand.path(name))?;
        }
        // The line comes last: with it, the shell may begin.
        for (name, text) in [("script", script), ("token", token), ("line", line)] {
            file::write(&errand.path(name), text.as_bytes(), Durability::Quick)?;
        }
        Ok(errand)
    }
}

impl Errand {
    /// One of its files: `ack`, `out` and `err` are FIFOs.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Takes away what the shell has read: it may hold a secret.
    pub fn forget(&self) {
        for part in ["line", "script", "token"] {
            // What is left goes with the folder.
            let _ = file::remove_quickly(&self.path(part));
        }
    }

    /// What the shell has answered.
    pub fn said(&self) -> Said {
        match self.word("said").as_deref() {
            Some("taken") => Said::Taken,
            Some("typed") => Said::Typed,
            _ => Said::Nothing,
        }
    }

    /// Takes the command back, unless the shell has answered; whether that was in time.
    pub fn take_back(&self) -> Result<bool> {
        let path = self.path("said");
        Ok(file::replace(&path, b"late\n", Expect::Absent, Durability::Quick)?.is_some())
    }

    /// The exit code with which the shell itself has ended.
    pub fn end(&self) -> Option<i32> {
        self.word("end")?.parse().ok()
    }

    /// The exit code of a command that could set no mark, from a shell that has come back.
    pub fn code(&self) -> Option<i32> {
        self.word("code")?.parse().ok()
    }

    /// A line that was written whole.
    fn word(&self, name: &str) -> Option<String> {
        let bytes = file::read(&self.path(name)).ok()??;
        Some(String::from_utf8(bytes).ok()?.strip_suffix('\n')?.to_owned())
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        clear(&self.folder);
    }
}

/// Takes the folder of an errand away. Something else that stands in it, stays.
fn clear(folder: &Path) {
    for part in PARTS {
        // What is left is taken away by the next one.
        let _ = file::remove_quickly(&folder.join(part));
    }
    file::remove_empty_folder(folder);
}
