//! Changes session files: read, change, write, under the tab's lock and against everybody else.
//! Must not write over what a person has edited meanwhile, and not into what it does not understand.

use std::path::Path;

use anyhow::Result;

use super::edit::edit;
use super::reading::Reading;
use super::{Loaded, Standing, Store, Trust, session_file};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::session::{PastId, Session, VERSION};
use crate::sys::clock;
use crate::sys::file::{self, Durability, Expect, FileId, Stamp};

/// How often a change starts again because the file was edited in between.
const ATTEMPTS: usize = 20;

impl Store {
    /// Under the tab's lock: reads again, lets `change` work on the record, writes if it changed.
    /// Keeps comments and unknown keys, keeps a generation, keeps trust where there was trust,
    /// registers a file that is new or was moved, gives a copy its own id. `change` is called again
    /// when a person saved the file in this moment: it must start from the record it is given.
    ///
    /// # Errors
    /// As [`Store::load`]; `ReadOnly` for a file of a newer version, `Usage` for a record that
    /// could not be read back, `Busy`, and whatever `change` returns. The file is then as it was.
    pub fn update(
        &self,
        file: &Path,
        change: &mut dyn FnMut(&mut Session) -> Result<()>,
    ) -> Result<Loaded> {
        let mut id = self.id_in(file)?;
        for _ in 0..ATTEMPTS {
            let _lock = self.lock_tab(id)?;
            let reading = self.read(file)?;
            // While we waited a copy may have got its own id, and with it another lock.
            if reading.loaded.session.id != id {
                id = reading.loaded.session.id;
                continue;
            }
            if let Some(done) = self.change(reading, change)? {
                return Ok(done);
            }
        }
        Err(edited_all_the_time(file))
    }

    /// Writes a file again as it is. Whoever is about to do what cannot be undone learns from it whether
    /// the record can follow: no mode and no flag of a file says that for sure.
    ///
    /// # Errors
    /// As [`Store::update`].
    pub fn prove_writable(&self, file: &Path) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let _lock = self.lock_tab(self.id_in(file)?)?;
            let reading = self.read(file)?;
            refuse_newer(&reading.loaded.file, &reading.loaded.session)?;
            let bytes = &reading.content.bytes;
            let seen = Expect::Bytes(bytes);
            match file::replace(&reading.loaded.file, bytes, seen, Durability::Ordered) {
                Ok(None) => {}
                Ok(Some(stamp)) => {
                    return self.settle(reading.loaded, reading.folder, stamp, true).map(|_| ());
                }
                // The index takes the record then.
                Err(_) if file::is_read_only(&reading.loaded.workspace) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Err(edited_all_the_time(file))
    }

    /// Registers a file that is not in the index, or that moved there. Does not trust it. A copy
    /// gets its own id.
    pub fn register(&self, file: &Path) -> Result<Loaded> {
        let loaded = self.read(file)?.loaded;
        match loaded.standing {
            Standing::Known => return Ok(loaded),
            Standing::Copy { .. } => return self.update(file, &mut |_| Ok(())),
            Standing::Moved { .. } | Standing::Unregistered => {}
        }
        let _lock = self.lock_tab(loaded.session.id)?;
        let reading = self.read(file)?;
        self.settle(reading.loaded, reading.folder, reading.content.stamp, false)
    }

    /// One attempt. `None`: the file was edited in between.
    fn change(
        &self,
        reading: Reading,
        change: &mut dyn FnMut(&mut Session) -> Result<()>,
    ) -> Result<Option<Loaded>> {
        let loaded = &reading.loaded;
        refuse_newer(&loaded.file, &loaded.session)?;
        let mut after = loaded.session.clone();
        if matches!(loaded.standing, Standing::Copy { .. }) {
            become_a_tab_of_its_own(&mut after)?;
        }
        let id = after.id;
        change(&mut after)?;
        anyhow::ensure!(after.id == id, "a change must not touch the id of a tab");
        if after == loaded.session {
            let Reading { loaded, folder, content, .. } = reading;
            return self.settle(loaded, folder, content.stamp, false).map(Some);
        }
        let (stamp, in_file) = match self.write(&reading, &after)? {
            Written::Not => return Ok(None),
            Written::InFile(stamp) => (stamp, None),
            Written::Aside => (reading.content.stamp, Some(Box::new(reading.in_file().clone()))),
        };
        let loaded = Loaded { session: after, in_file, ..reading.loaded };
        self.settle(loaded, reading.folder, stamp, true).map(Some)
    }

    /// Writes the file, with all that has to be kept before.
    fn write(&self, reading: &Reading, after: &Session) -> Result<Written> {
        let Reading { loaded, content, tree, .. } = reading;
        session_file::check(after)?;
        let bytes = edit(&loaded.file, &content.bytes, tree, reading.in_file(), after)?;
        session_file::refuse_too_large(&loaded.file, &bytes)?;
        let (can, could) = (after.executable(), loaded.session.executable());
        let approves = loaded.trust == Trust::Trusted && can != could;
        if approves {
            self.approve(loaded, &can, Some(&could), "change")?;
        }
        let durability = if is_only_seen(reading.in_file(), after) {
            // Old or new after a power cut, but never torn: a state is not worth a folder sync,
            // and all else that the file holds is not worth losing for a state. Nor is it worth a
            // generation: those are for what a person may want back.
            Durability::Ordered
        } else {
            // Where the file could not be written, this one is kept already.
            if loaded.in_file.is_none() {
                self.keep_generation(after.id, &content.bytes)?;
            }
            self.sweep_if_due();
            Durability::Durable
        };
        let seen = Expect::Bytes(&content.bytes);
        let stamp = match file::replace(&loaded.file, &bytes, seen, durability) {
            Ok(stamp) => stamp,
            // A copy has to say itself who it is.
            Err(_) if loaded.session.id == after.id && file::is_read_only(&loaded.workspace) => {
                // Should somebody else change the file, this can be looked up there.
                if !is_only_seen(&loaded.session, after) {
                    self.keep_generation(after.id, &bytes)?;
                }
                return Ok(Written::Aside);
            }
            Err(error) => return Err(error),
        };
        if approves && stamp.is_some() {
            // Should this fail, the version before is approved a little longer.
            let _ = self.approve(loaded, &can, None, "change");
        }
        Ok(stamp.map_or(Written::Not, Written::InFile))
    }

    /// Brings the index up to date with a file that was read, or (`wrote`) written.
    pub(super) fn settle(
        &self,
        mut loaded: Loaded,
        folder: FileId,
        stamp: Stamp,
        wrote: bool,
    ) -> Result<Loaded> {
        let was = std::mem::replace(&mut loaded.standing, Standing::Known);
        loaded.trust = self.judge(&loaded.session, &loaded.workspace, folder, &loaded.standing)?;
        if was != Standing::Known {
            self.put_entry(&loaded, folder, stamp, Durability::Durable)?;
            self.exclude_from_git(loaded.session.id, &loaded.workspace);
        } else if loaded.in_file.is_some() && wrote {
            // Nothing else has it.
            self.put_entry(&loaded, folder, stamp, Durability::Durable)?;
        } else if wrote {
            // Only a cache by now: should this fail, `all` sees by the stamp that it is old.
            let _ = self.put_entry(&loaded, folder, stamp, Durability::Ordered);
        }
        Ok(loaded)
    }
}

/// Where a change has gone.
enum Written {
    /// Nowhere: the file was edited in between.
    Not,
    /// Into the file.
    InFile(Stamp),
    /// Not into the file: its workspace can only be read. The index is to have it.
    Aside,
}

fn edited_all_the_time(file: &Path) -> anyhow::Error {
    let message = format!("{} is being written by another program", file.display());
    Fault::new(Kind::Busy, message).hint("try again when it has finished").into()
}

pub(super) fn refuse_newer(file: &Path, session: &Session) -> Result<()> {
    if session.version <= VERSION {
        return Ok(());
    }
    let message = format!(
        "{} was written by a newer tabctl (format {}; this one knows {VERSION})",
        file.display(),
        session.version
    );
    Err(Fault::new(Kind::ReadOnly, message).hint("update tabctl on this machine").into())
}

/// Whether only that has changed which tabctl sees again at its next look: the state and the place.
fn is_only_seen(before: &Session, after: &Session) -> bool {
    let (place, status) = (before.place.clone(), before.status.clone());
    Session { place, status, ..after.clone() } == *before
}

/// A copied workspace becomes a tab of its own: new id, and the conversation stays the original's.
fn become_a_tab_of_its_own(session: &mut Session) -> Result<()> {
    let at = clock::now();
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    session.id = TabId::from_parts(millis, clock::random_u128()?);
    session.status = None;
    if let Some(agent) = session.agent.as_mut() {
        agent.resume = None;
        if let Some(session_id) = agent.session_id.take() {
            agent.history.push(PastId { session_id, at, reason: "copied".to_owned() });
        }
    }
    Ok(())
}
