//! The process table, only as far as it is asked about: given processes and the trees below panes.
//! Must not walk all processes, and must not know what an agent is.

use std::path::PathBuf;

use crate::model::proc::{Proc, ProcId};

/// The processes of the trees below `roots` (each root included), parents before children.
/// What has ended meanwhile or may not be read is left out.
pub fn trees(roots: &[u32], boot: &str) -> Vec<Vec<Proc>> {
    let _ = (roots, boot);
    todo!()
}

/// The identity of a process that lives now.
pub fn identity(pid: u32, boot: &str) -> Option<ProcId> {
    let _ = (pid, boot);
    todo!()
}

/// Whether exactly this process lives (a zombie does not).
pub fn lives(id: &ProcId, boot: &str) -> bool {
    let _ = (id, boot);
    todo!()
}

/// Environment of a process of ours; empty where it may not be read.
pub fn environment(pid: u32) -> Vec<(String, String)> {
    let _ = pid;
    todo!()
}

/// The files that a process holds open.
pub fn open_files(pid: u32) -> Vec<PathBuf> {
    let _ = pid;
    todo!()
}
