//! The index: which tabs there are and where, with the last good state of each.
//! Must be rebuildable from the session files, and must not be changed by reading it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::places::id_of;
use super::{Loaded, Standing, Store, Trust, record, session_file};
use crate::model::id::TabId;
use crate::model::name::shown;
use crate::model::row::{KEPT_ASIDE, Known};
use crate::model::session::{Session, VERSION};
use crate::sys::file::{self, Durability, FileId, Folder, Guard, Stamp};

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
    /// What it said, or what is to stand there once it can be written.
    pub session: Session,
    /// What it says itself, where that is something else: its workspace could only be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_file: Option<Box<Session>>,
}

/// A record that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The record.
    pub file: PathBuf,
    /// The tab, if its name tells.
    pub tab: Option<TabId>,
    /// What is wrong with it.
    pub why: String,
}

impl Store {
    /// Every registered tab, sorted by name, each with its record, its problem and its live record.
    /// A tab whose index entry is unreadable is missing here, and in [`Store::damage`].
    pub fn all(&self) -> Result<Vec<Known>> {
        let folder = Folder::open_if_there(&self.index_folder())?;
        let Some(folder) = folder else { return Ok(Vec::new()) };
        let names = folder.names();
        // On one thread: the multiplexer is asked at the same time, and takes longer than this.
        let mut tabs = self.look_at(&folder, &names);
        let mut lives = self.lives();
        for tab in &mut tabs {
            tab.live = lives.remove(&tab.session.id);
        }
        tabs.sort_by_cached_key(|tab| (tab.session.tab.clone(), tab.session.id));
        Ok(tabs)
    }

    /// The tab that has this name, other than `except`.
    pub fn holder_of_name(&self, name: &str, except: Option<TabId>) -> Option<Known> {
        let tabs = self.all().ok()?;
        tabs.into_iter().find(|tab| tab.session.tab == name && Some(tab.session.id) != except)
    }

    /// The index entries that cannot be used; `doctor --scan` makes new ones from the session files.
    pub fn damage(&self) -> Vec<Damage> {
        let Some(folder) = Folder::open(&self.index_folder()) else { return Vec::new() };
        let why = |name: &OsStr| match id_of(name) {
            None => Some("this is not the name of an index entry".to_owned()),
            Some(id) => self.entry(id).err().map(|e| e.to_string()),
        };
        let names = folder.names().into_iter();
        names
            .filter_map(|name| {
                Some(Damage { why: why(&name)?, tab: id_of(&name), file: folder.path_of(&name) })
            })
            .collect()
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
            in_file: loaded.in_file.clone(),
        };
        record::save(&self.index_file(loaded.session.id), &entry, durability)
    }

    fn look_at(&self, folder: &Folder, names: &[OsString]) -> Vec<Known> {
        let entry = |name: &OsString| {
            let id = id_of(name)?;
            let entry = record::load_in::<Registered>(folder, name).ok()??;
            (entry.session.id == id).then_some(entry)
        };
        names.iter().filter_map(entry).map(|entry| self.look(entry)).collect()
    }

    /// A registered tab as it is now: from the index if its file has not changed since.
    pub(super) fn look(&self, mut entry: Registered) -> Known {
        let file = PathBuf::from(&entry.file);
        let (stamp, in_file) = (entry.stamp, entry.in_file.take());
        let workspace = file.parent().unwrap_or(Path::new("/"));
        let mut known = Known {
            workspace: workspace.display().to_string(),
            file: entry.file,
            present: true,
            trusted: entry.trusted,
            problem: in_file.is_some().then(|| KEPT_ASIDE.to_owned()),
            live: None,
            session: entry.session,
        };
        match file::stamp(&file) {
            Some(now) if now == stamp => {}
            Some(_) => match self.look_again(&file, &known.session, in_file.as_deref()) {
                Ok(Some((session, trusted))) => {
                    (known.session, known.trusted, known.problem) = (session, trusted, None);
                }
                Ok(None) => {}
                Err(e) => (known.problem, known.trusted) = (Some(e.to_string()), false),
            },
            None => {
                known.present = workspace.is_dir();
                known.trusted = false;
                known.problem = known.present.then(|| {
                    let remedy = restore_command(&known.session);
                    format!("the session file is gone; {remedy} puts it back")
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

    /// The file has changed since the index knew it: what it says, and whether that is approved.
    /// Nothing if it says what it said when `last` was kept beside it.
    fn look_again(
        &self,
        file: &Path,
        last: &Session,
        in_file: Option<&Session>,
    ) -> Result<Option<(Session, bool)>> {
        let Some(content) = file::read_guarded(file, Guard::Shared)? else {
            anyhow::bail!("the session file was taken away in this moment");
        };
        let session = session_file::parse(file, &content.bytes)?.session;
        anyhow::ensure!(session.id == last.id, "the session file belongs to another tab now");
        if in_file == Some(&session) {
            return Ok(None);
        }
        let workspace = file.parent().unwrap_or(Path::new("/"));
        let Some(folder) = file::identity(workspace) else { return Ok(Some((session, false))) };
        let trust = self.judge(&session, workspace, folder, &Standing::Known)?;
        Ok(Some((session, trust == Trust::Trusted)))
    }
}

/// What a person types to have the lost file of a tab back.
pub(super) fn restore_command(session: &Session) -> String {
    format!("`tabctl doctor --restore {}`", shell_words::quote(&shown(&session.tab)))
}
