//! The index: which tabs there are and where, with the last good state of each.
//! Must be rebuildable from the session files, and must not be changed by reading it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::places::id_of;
use super::{Loaded, Standing, Store, Trust, record, session_file};
use crate::model::id::TabId;
use crate::model::row::Known;
use crate::model::session::{Session, VERSION};
use crate::sys::file::{self, Durability, FileId, Guard, Stamp};

/// What the index knows of one tab.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Registered {
    /// The session file: absolute, its folder real.
    pub file: String,
    /// Its folder.
    pub folder: FileId,
    /// The file when `trusted` and `session` were true of it.
    pub stamp: Stamp,
    /// Whether a person had approved what it can execute.
    pub trusted: bool,
    /// What it said.
    pub session: Session,
}

/// A record that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The record.
    pub file: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// From this many tabs on, two threads read faster than one.
const WORTH_A_THREAD: usize = 64;

impl Store {
    /// Every registered tab, sorted by name, each with its record, its problem and its live record.
    /// A tab whose index entry is unreadable is missing here, and in [`Store::damage`].
    pub fn all(&self) -> Result<Vec<Known>> {
        let ids = self.registered_ids();
        let mut lives = self.lives();
        let mut tabs = if ids.len() < WORTH_A_THREAD {
            self.look_at(&ids)
        } else {
            let (left, right) = ids.split_at(ids.len() / 2);
            std::thread::scope(|scope| {
                let other = scope.spawn(|| self.look_at(left));
                let mut tabs = self.look_at(right);
                tabs.extend(other.join().unwrap_or_else(|_| self.look_at(left)));
                tabs
            })
        };
        for tab in &mut tabs {
            tab.live = lives.remove(&tab.session.id);
        }
        let key = |tab: &Known| (tab.session.tab.clone(), tab.session.id);
        tabs.sort_by_cached_key(key);
        Ok(tabs)
    }

    /// The tab that has this name, other than `except`.
    pub fn holder_of_name(&self, name: &str, except: Option<TabId>) -> Option<Known> {
        let tabs = self.all().ok()?;
        tabs.into_iter().find(|tab| tab.session.tab == name && Some(tab.session.id) != except)
    }

    /// The index entries that cannot be used; `doctor` rebuilds them from the session files.
    pub fn damage(&self) -> Vec<Damage> {
        let files = files_in(&self.index_folder());
        let why = |file: &Path| match id_of(file) {
            None => Some("this is not the name of an index entry".to_owned()),
            Some(id) => self.entry(id).err().map(|e| e.to_string()),
        };
        files.into_iter().filter_map(|file| why(&file).map(|why| Damage { file, why })).collect()
    }

    /// The index entry of a tab.
    pub(super) fn entry(&self, id: TabId) -> Result<Option<Registered>> {
        record::load(&self.index_file(id))
    }

    /// Registers a file: what it says, and the stamp it had when it said so.
    pub(super) fn put_entry(
        &self,
        loaded: &Loaded,
        folder: FileId,
        stamp: Stamp,
        durability: Durability,
    ) -> Result<()> {
        let entry = Registered {
            file: loaded.file.display().to_string(),
            folder,
            stamp,
            trusted: loaded.trust == Trust::Trusted,
            session: loaded.session.clone(),
        };
        record::save(&self.index_file(loaded.session.id), &entry, durability)
    }

    fn registered_ids(&self) -> Vec<TabId> {
        files_in(&self.index_folder()).iter().filter_map(|file| id_of(file)).collect()
    }

    fn look_at(&self, ids: &[TabId]) -> Vec<Known> {
        let entries = ids.iter().filter_map(|id| Some((*id, self.entry(*id).ok()??)));
        entries.filter(|(id, entry)| entry.session.id == *id).map(|(_, e)| self.look(e)).collect()
    }

    /// A registered tab as it is now: from the index if its file has not changed since.
    pub(super) fn look(&self, entry: Registered) -> Known {
        let file = PathBuf::from(&entry.file);
        let workspace = file.parent().unwrap_or(Path::new("/"));
        let mut known = Known {
            workspace: workspace.display().to_string(),
            file: entry.file,
            present: true,
            trusted: entry.trusted,
            problem: None,
            live: None,
            session: entry.session,
        };
        match file::stamp(&file) {
            Some(stamp) if stamp == entry.stamp => {}
            Some(_) => match self.look_again(&file, &known.session) {
                Ok((session, trusted)) => (known.session, known.trusted) = (session, trusted),
                Err(e) => (known.problem, known.trusted) = (Some(e.to_string()), false),
            },
            None => {
                known.present = workspace.is_dir();
                known.trusted = false;
                known.problem = known.present.then(|| {
                    "the session file is gone; `tabctl doctor` can put it back".to_owned()
                });
            }
        }
        if known.problem.is_none() && known.session.version > VERSION {
            let version = known.session.version;
            known.problem =
                Some(format!("written by a newer tabctl (format {version}): only read"));
        }
        known
    }

    /// The file has changed since the index knew it.
    fn look_again(&self, file: &Path, last: &Session) -> Result<(Session, bool)> {
        let Some(content) = file::read_guarded(file, Guard::Shared)? else {
            anyhow::bail!("the session file was taken away in this moment");
        };
        let session = session_file::parse(file, &content.bytes)?.session;
        anyhow::ensure!(session.id == last.id, "the session file belongs to another tab now");
        let workspace = file.parent().unwrap_or(Path::new("/"));
        let trusted = file::identity(workspace).is_some_and(|folder| {
            self.judge(&session, workspace, folder, &Standing::Known) == Trust::Trusted
        });
        Ok((session, trusted))
    }
}

/// The files of a folder of ours, without those that are being written.
pub(super) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    names.filter(|name| !file::is_temp_name(name)).map(|name| folder.join(name)).collect()
}
