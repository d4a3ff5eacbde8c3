//! Makes the session file of a new tab. Must not replace a file, whatever it is.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::reading::{FIRST_NAME, Place};
use super::{Loaded, Standing, Store, Trust, session_file};
use crate::error::{Fault, Kind};
use crate::model::name::slug;
use crate::model::session::Session;
use crate::sys::file::{self, Durability, Expect, FileId, Stamp};

impl Store {
    /// Writes the session file of a new tab into `workspace`, registers and trusts it: the first
    /// file of a folder is `.session.yaml`, the next ones carry the tab's name.
    ///
    /// # Errors
    /// `NotFound` without the folder, `Clash` if the id is taken, `Usage` for what cannot be recorded.
    /// After any error there is no such tab: what was written of it by then is taken back.
    pub fn create(&self, workspace: &Path, session: Session) -> Result<Loaded> {
        let Place { workspace, folder, .. } = Place::of(&workspace.join(FIRST_NAME))?;
        if workspace.to_str().is_none() {
            let message = format!("the name of {} is not UTF-8", workspace.display());
            return Err(Fault::new(Kind::Usage, message).hint("rename the folder").into());
        }
        session_file::check(&session)?;
        if self.entry(session.id)?.is_some() {
            return Err(Fault::new(Kind::Clash, format!("the id {} is taken", session.id)).into());
        }
        let bytes = rendered(&session)?;
        session_file::refuse_too_large(&workspace.join(FIRST_NAME), &bytes)?;
        let _lock = self.lock_folder(folder)?;
        self.clear_half_made(&workspace, &session.tab)?;
        let file = workspace.join(FIRST_NAME);
        let mut loaded = Loaded {
            file,
            workspace,
            session,
            standing: Standing::Known,
            trust: Trust::Trusted,
            in_file: None,
        };
        let mut stamp = None;
        if let Err(e) = self.introduce(&mut loaded, folder, &bytes, &mut stamp) {
            self.take_back(&loaded, stamp);
            return Err(e);
        }
        self.exclude_from_git(loaded.session.id, &loaded.workspace);
        Ok(loaded)
    }

    /// Trusts, writes and registers, in this order: a file that a killed creation leaves behind is
    /// known by its approval.
    fn introduce(
        &self,
        loaded: &mut Loaded,
        folder: FileId,
        bytes: &[u8],
        stamp: &mut Option<Stamp>,
    ) -> Result<()> {
        self.approve(loaded, &loaded.session.executable(), None, "new")?;
        let (file, written) = put(&loaded.workspace, &loaded.session.tab, bytes)?;
        loaded.file = file;
        *stamp = Some(written);
        self.put_entry(loaded, folder, written, Durability::Durable)
    }

    /// Takes the file away that a creation of a tab of this name left behind when it was killed:
    /// approved, and exactly as a new one is made, but never registered nor used. It stays as a
    /// generation.
    fn clear_half_made(&self, workspace: &Path, tab: &str) -> Result<()> {
        for file in self.files_in(workspace) {
            let Ok(reading) = self.read(&file) else { continue };
            let Loaded { session, standing, trust, .. } = &reading.loaded;
            let id = session.id;
            let is_half_made = session.tab == tab
                && *standing == Standing::Unregistered
                && *trust == Trust::Trusted
                && self.read_journal(id).is_empty()
                && rendered(session).is_ok_and(|bytes| bytes == reading.content.bytes);
            if is_half_made {
                self.keep_generation(id, &reading.content.bytes)?;
                file::remove(&file)?;
                self.drop_trust(id)?;
            }
        }
        Ok(())
    }

    /// Undoes as much of a creation as was done. What cannot be undone either is no tab: the error
    /// that led here is the one to tell.
    fn take_back(&self, loaded: &Loaded, stamp: Option<Stamp>) {
        if stamp.is_some() && file::stamp(&loaded.file) == stamp {
            let _ = file::remove(&loaded.file);
        }
        let _ = self.drop_trust(loaded.session.id);
        let _ = file::remove(&self.index_file(loaded.session.id));
    }
}

/// The text, which reads back as the record or is not used.
pub(super) fn rendered(session: &Session) -> Result<Vec<u8>> {
    let bytes = session_file::render(session)?.into_bytes();
    anyhow::ensure!(
        session_file::parse(Path::new(FIRST_NAME), &bytes)?.session == *session,
        "the record of the tab {:?} does not read back as it was written",
        session.tab
    );
    Ok(bytes)
}

/// Writes under the first name that is free.
fn put(workspace: &Path, tab: &str, bytes: &[u8]) -> Result<(PathBuf, Stamp)> {
    let tab = slug(tab);
    let first = std::iter::once(FIRST_NAME.to_owned());
    let second = std::iter::once(format!(".session.{tab}.yaml"));
    let others = (2..1000).map(|number| format!(".session.{tab}-{number}.yaml"));
    for name in first.chain(second).chain(others) {
        let file = workspace.join(name);
        if file::identity(&file).is_some() {
            continue;
        }
        if let Some(stamp) = file::replace(&file, bytes, Expect::Absent, Durability::Durable)? {
            return Ok((file, stamp));
        }
    }
    let message = format!("{} has a thousand tabs of that name", workspace.display());
    Err(Fault::new(Kind::Clash, message).hint("choose another name").into())
}
