//! CPU time as it was at the last look, in the runtime folder. A cache and no record: whoever looks may
//! write it, and nothing is lost with it. Must not be believed of another process.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Store, record};
use crate::model::id::TabId;
use crate::model::proc::ProcId;
use crate::sys::file::Durability;

/// What a tree of processes had used by some moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The process at the top of the tree.
    pub root: ProcId,
    /// CPU time of all of it.
    pub cpu: Duration,
}

impl Store {
    fn samples_file(&self) -> PathBuf {
        self.paths.runtime.join("samples.json")
    }

    /// The last sample of each tab. An unreadable file has none.
    pub fn samples(&self) -> HashMap<TabId, Sample> {
        let known: Option<HashMap<TabId, Sample>> =
            record::load(&self.samples_file()).ok().flatten();
        let mut known = known.unwrap_or_default();
        known.retain(|_, sample| sample.root.boot == self.boot);
        known
    }

    /// Keeps the samples for the next look. Of two who do so at once, one is forgotten.
    pub fn keep_samples(&self, samples: &HashMap<TabId, Sample>) -> Result<()> {
        record::save(&self.samples_file(), samples, Durability::Quick)
    }
}
