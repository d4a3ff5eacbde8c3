//! What a journal says, as it is shown. Must stay additive: `--json` emits it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::chain::Breach;
use super::doer::Doer;
use super::id::TabId;

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The tab.
    pub id: TabId,
    /// Its name, filtered; its id if it was removed.
    pub tab: String,
    /// The number of the line in the tab's journal.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// In which boot.
    pub boot: String,
    /// Who did it.
    pub actor: Option<Doer>,
    /// What: `bound`, `locked`, `started`, …
    pub what: String,
    /// Details.
    pub with: Map<String, Value>,
}

/// What a look at one journal gave.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// The tab.
    pub id: TabId,
    /// Its name, filtered; its id if it was removed.
    pub tab: String,
    /// How many lines are kept.
    pub lines: usize,
    /// What is wrong with them.
    pub breaches: Vec<Breach>,
}
