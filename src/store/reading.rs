//! Reads session files: in one open, with how they stand to the index and to trust.
//! Must not write anything, and must not look for files by itself.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::index::{Registered, restore_command};
use super::session_file::{self, Parsed};
use super::tree::Node;
use super::{Loaded, Standing, Store, Trust};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::session::Session;
use crate::sys::file::{self, Content, FileId, Guard};

/// A session file with what only the store wants to know of it.
pub(super) struct Reading {
    /// What the others may know.
    pub loaded: Loaded,
    /// The bytes that were parsed.
    pub content: Content,
    /// Everything in them, in order.
    pub tree: Node,
    /// The folder that it was found in.
    pub folder: FileId,
}

impl Reading {
    /// What the file itself says.
    pub fn in_file(&self) -> &Session {
        self.loaded.in_file.as_deref().unwrap_or(&self.loaded.session)
    }
}

/// The name of the first session file of a folder.
pub(super) const FIRST_NAME: &str = ".session.yaml";

/// Whether a file name is that of a session file: `.session.yaml` or `.session.<tab>.yaml`.
fn is_session_name(name: &str) -> bool {
    name == FIRST_NAME
        || name
            .strip_prefix(".session.")
            .and_then(|rest| rest.strip_suffix(".yaml"))
            .is_some_and(|tab| !tab.is_empty())
}

/// How often a file is read again that changes while it is read.
const REREADS: usize = 4;

impl Store {
    /// Reads one session file in one open; a newer one as far as it is understood.
    ///
    /// # Errors
    /// `NotFound`, `BadFile` (with line and column where it does not parse).
    pub fn load(&self, file: &Path) -> Result<Loaded> {
        // The file and what was approved of it are two files: a writer may have come in between.
        for _ in 0..REREADS {
            let reading = self.read(file)?;
            let settled = reading.loaded.trust == Trust::Trusted
                || file::stamp(&reading.loaded.file) == Some(reading.content.stamp);
            if settled {
                return Ok(reading.loaded);
            }
        }
        Ok(self.read(file)?.loaded)
    }

    /// Reads the session file of a registered tab.
    ///
    /// # Errors
    /// As [`Store::load`]; `NotFound` also for an unknown tab, `BadFile` if another tab's record
    /// is in its file now.
    pub fn load_id(&self, id: TabId) -> Result<Loaded> {
        if let Some(loaded) = self.recall.of(self, id) {
            return Ok(loaded);
        }
        let Some(entry) = self.entry(id)? else {
            let fault = Fault::new(Kind::NotFound, format!("there is no tab {id}"));
            return Err(fault.hint("`tabctl ls` lists the tabs").into());
        };
        // Looked at before it is read: what changes meanwhile is seen by the next who asks.
        let marks = self.stamps_of(id, Path::new(&entry.file));
        let loaded = self.load(Path::new(&entry.file))?;
        if loaded.session.id == id {
            self.recall.keep(marks, &loaded);
            return Ok(loaded);
        }
        let message = format!("{} belongs to another tab now", entry.file);
        let hint = format!("move it away; then {} puts it back", restore_command(&entry.session));
        Err(Fault::new(Kind::BadFile, message).hint(hint).into())
    }

    /// The session files of a folder, `.session.yaml` first, the others by name.
    pub fn files_in(&self, dir: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| is_session_name(name))
            .collect();
        names.sort_by_key(|name| (name != FIRST_NAME, name.clone()));
        names.into_iter().map(|name| dir.join(name)).collect()
    }

    pub(super) fn read(&self, file: &Path) -> Result<Reading> {
        let Place { file, workspace, folder } = Place::of(file)?;
        let Some(content) = file::read_guarded(&file, Guard::Shared)? else {
            return Err(missing(&file));
        };
        let Parsed { session, tree } = session_file::parse(&file, &content.bytes)?;
        let entry = self.entry(session.id).ok().flatten();
        let standing = standing(session.id, &file, entry.as_ref());
        let (session, in_file) = with_what_is_kept(session, entry, &standing);
        let trust = self.judge(&session, &workspace, folder, &standing)?;
        let loaded = Loaded { file, workspace, session, standing, trust, in_file };
        Ok(Reading { loaded, content, tree, folder })
    }

    /// The id that a file holds, to know which lock to take before reading it for good.
    pub(super) fn id_in(&self, file: &Path) -> Result<TabId> {
        let bytes = file::read(file)?.unwrap_or_default();
        match session_file::id_at_a_glance(&bytes) {
            Some(id) => Ok(id),
            None => Ok(self.read(file)?.loaded.session.id),
        }
    }
}

/// How the file that holds this id stands to the index.
fn standing(id: TabId, file: &Path, entry: Option<&Registered>) -> Standing {
    let Some(entry) = entry else { return Standing::Unregistered };
    let registered = PathBuf::from(&entry.file);
    if registered == file {
        return Standing::Known;
    }
    let there = file::identity(&registered);
    if there.is_none() || there == file::identity(file) {
        return Standing::Moved { from: registered };
    }
    // In doubt (it cannot be read just now) the original keeps its identity.
    let still_it = match file::read_guarded(&registered, Guard::Shared) {
        Ok(Some(content)) => session_file::parse(&registered, &content.bytes)
            .map_or(true, |parsed| parsed.session.id == id),
        Ok(None) => false,
        Err(_) => true,
    };
    if still_it { Standing::Copy { of: registered } } else { Standing::Moved { from: registered } }
}

/// What is known of a tab whose file says `written`, and the latter, where that is something else. A
/// file that somebody has changed since is believed: what was kept is then a generation.
fn with_what_is_kept(
    written: Session,
    entry: Option<Registered>,
    standing: &Standing,
) -> (Session, Option<Box<Session>>) {
    let is_copy = matches!(standing, Standing::Copy { .. });
    let is_as_it_was = |entry: &Registered| entry.in_file.as_deref() == Some(&written);
    match entry.filter(|entry| !is_copy && is_as_it_was(entry)) {
        Some(entry) => (entry.session, Some(Box::new(written))),
        None => (written, None),
    }
}

/// A file named by its real folder, so that one file has one path.
pub(super) struct Place {
    /// The file.
    pub file: PathBuf,
    /// Its folder.
    pub workspace: PathBuf,
    /// The folder's identity.
    pub folder: FileId,
}

impl Place {
    /// Where a file is, whether it is there or not.
    pub fn of(file: &Path) -> Result<Place> {
        let Some(name) = file.file_name() else { return Err(missing(file)) };
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let Ok(workspace) = parent.canonicalize() else { return Err(missing(file)) };
        let Some(folder) = file::identity(&workspace) else { return Err(missing(file)) };
        Ok(Place { file: workspace.join(name), workspace, folder })
    }
}

fn missing(file: &Path) -> anyhow::Error {
    let message = format!("there is no {}", file.display());
    let hint = "`tabctl doctor --restore TAB` puts back a file that was lost";
    Fault::new(Kind::NotFound, message).hint(hint).into()
}
