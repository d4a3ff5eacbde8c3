//! What a person has approved: kept in the state folder, never in the workspace.
//! Must not approve anything by itself, and must not take a copy for its original.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Loaded, Standing, Store, Trust, record};
use crate::error::{Fault, Kind, kind_of};
use crate::model::hash::hash;
use crate::model::id::TabId;
use crate::model::session::{Executable, Session};
use crate::sys::clock;
use crate::sys::file::{self, Durability, FileId};

/// One approval: this, in this folder.
#[derive(Debug, Serialize, Deserialize)]
struct Approval {
    /// The real path of the folder at that time.
    path: String,
    /// The folder itself: it may be moved, and it is not its copy.
    folder: FileId,
    /// SHA-256 of the canonical JSON of `executable`.
    digest: String,
    /// What the file holds until a change that is under way has been written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What was approved, so that a person can be shown what has changed since.
    executable: Executable,
    /// When.
    at: DateTime<Utc>,
    /// On which occasion: `bind`, `new`, `trust`, …
    how: String,
}

/// The digest of what can be executed: SHA-256 of its JSON, whose fields have a fixed order.
fn digest(executable: &Executable) -> Result<String> {
    Ok(hash(&serde_json::to_vec(executable)?))
}

impl Store {
    /// Records that a person approved what `loaded` can execute, and registers it.
    ///
    /// # Errors
    /// `NotTrusted` for a copy that has no identity of its own yet.
    pub fn trust(&self, loaded: &Loaded, how: &str) -> Result<()> {
        if let Standing::Copy { of } = &loaded.standing {
            let message = format!("{} is a copy of {}", loaded.file.display(), of.display());
            let hint = "give it a name of its own first, and it becomes a tab of its own";
            return Err(Fault::new(Kind::NotTrusted, message).hint(hint).into());
        }
        let id = loaded.session.id;
        let _lock = self.lock_tab(id)?;
        self.approve(loaded, &loaded.session.executable(), None, how)?;
        let now = self.read(&loaded.file)?;
        self.put_entry(&now.loaded, now.folder, now.content.stamp, Durability::Durable)
    }

    /// Approves `executable` for the tab, and with it, until the next call, what the tab holds now
    /// (`before`): a crash between this and the write of the file then costs no trust.
    pub(super) fn approve(
        &self,
        loaded: &Loaded,
        executable: &Executable,
        before: Option<&Executable>,
        how: &str,
    ) -> Result<()> {
        let Some(folder) = file::identity(&loaded.workspace) else {
            let message = format!("{} is gone", loaded.workspace.display());
            return Err(Fault::new(Kind::NotFound, message).into());
        };
        let approval = Approval {
            path: loaded.workspace.display().to_string(),
            folder,
            digest: digest(executable)?,
            before: before.map(digest).transpose()?,
            executable: executable.clone(),
            at: clock::now(),
            how: how.to_owned(),
        };
        record::save(&self.trust_file(loaded.session.id), &approval, Durability::Durable)
    }

    /// What a person has approved of `session`, found in `workspace`.
    ///
    /// # Errors
    /// If it cannot be found out: a change that went on without it would cost the approval. A record
    /// that is torn, or not ours, is none.
    pub(super) fn judge(
        &self,
        session: &Session,
        workspace: &Path,
        folder: FileId,
        standing: &Standing,
    ) -> Result<Trust> {
        if matches!(standing, Standing::Copy { .. }) {
            return Ok(Trust::Never);
        }
        let approval = match record::load::<Approval>(&self.trust_file(session.id)) {
            Ok(Some(approval)) => approval,
            Err(e) if kind_of(&e) == Kind::Other => return Err(e),
            Ok(None) | Err(_) => return Ok(Trust::Never),
        };
        // The number of a device may change with a reboot; then the path must be the same.
        let here = approval.folder == folder
            || (approval.folder.ino == folder.ino && Path::new(&approval.path) == workspace);
        if !here {
            return Ok(Trust::Never);
        }
        let digest = digest(&session.executable()).unwrap_or_default();
        if digest == approval.digest || Some(&digest) == approval.before.as_ref() {
            Ok(Trust::Trusted)
        } else {
            Ok(Trust::Changed(Box::new(approval.executable)))
        }
    }

    /// The folder in which a tab was when something of it was approved.
    pub(super) fn approved_in(&self, id: TabId) -> Option<PathBuf> {
        let approval = record::load::<Approval>(&self.trust_file(id)).ok()??;
        Some(PathBuf::from(approval.path))
    }

    pub(super) fn drop_trust(&self, id: TabId) -> Result<()> {
        file::remove(&self.trust_file(id))
    }
}
