//! Which waiting prompts were queued with tabctl, and which of them somebody has begun to type. Must be
//! believed more than the session file: that may come from anybody, or be written by an agent.

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Store;
use super::record;
use crate::model::hash::hash;
use crate::model::id::TabId;
use crate::model::queued::Queued;
use crate::sys::file::{self, Durability, Lock};

/// A prompt that was queued with tabctl. Its text is in the session file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// The prompt's id.
    pub id: String,
    /// Of its text: another text was not queued.
    pub sha256: String,
    /// Somebody has begun to type it, then: what became of it, only the end of that tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<DateTime<Utc>>,
}

impl Vouched {
    /// Vouches for a prompt with an id.
    pub fn of(prompt: &Queued) -> Option<Vouched> {
        let sha256 = hash(prompt.text.as_bytes());
        Some(Vouched { id: prompt.id.clone()?, sha256, claimed: None })
    }

    /// Whether it is about this very prompt.
    pub fn is_of(&self, prompt: &Queued) -> bool {
        prompt.id.as_ref() == Some(&self.id) && hash(prompt.text.as_bytes()) == self.sha256
    }
}

impl Store {
    /// Whether prompts of a tab may be waiting. Costs next to nothing.
    pub fn may_be_queued(&self, id: TabId) -> bool {
        self.queue_file(id).exists()
    }

    /// The prompts of a tab that were queued with tabctl.
    ///
    /// # Errors
    /// `BadFile` where that cannot be told: then none is to be typed.
    pub fn vouched(&self, id: TabId) -> Result<Vec<Vouched>> {
        Ok(record::load(&self.queue_file(id))?.unwrap_or_default())
    }

    /// Changes that list; what is changed outlives a power cut.
    pub fn update_vouched(
        &self,
        id: TabId,
        change: &mut dyn FnMut(&mut Vec<Vouched>),
    ) -> Result<()> {
        let _lock = self.lock_named(&format!("{id}.queue"))?;
        let before = self.vouched(id)?;
        let mut vouched = before.clone();
        change(&mut vouched);
        if vouched.is_empty() {
            file::remove(&self.queue_file(id))
        } else if vouched == before {
            Ok(())
        } else {
            record::save(&self.queue_file(id), &vouched, Durability::Durable)
        }
    }

    /// Excludes everybody else who types into a tab.
    pub fn typing_lock(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&format!("{id}.typing"))
    }

    /// Excludes everybody else who gives the right to type into a tab to somebody.
    pub fn lease_lock(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&format!("{id}.lease"))
    }

    pub(super) fn drop_queue(&self, id: TabId) -> Result<()> {
        file::remove(&self.queue_file(id))
    }
}
