//! What makes tabctl felt outside of its answers: bells of tabs, quiet times, where a person came from.
//! All of it lives in the runtime folder, and nothing is lost with it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Store, record};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::pane::PaneId;
use crate::model::segment::Segment;
use crate::sys::doorbell;
use crate::sys::file::{self, Durability, Folder, Lock};

/// How long one who counts the tabs waits for another who does. It takes a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// Nobody asks for a longer quiet: one that seems to last longer is of a clock that was set back.
const LONGEST_QUIET: TimeDelta = TimeDelta::minutes(2);

/// So many notices a person can take in, in so long. When the network fails, all agents stop at once.
const MOST: usize = 5;
const AT_ONCE: TimeDelta = TimeDelta::seconds(10);

/// Until when nobody is to be told of anything.
#[derive(Serialize, Deserialize)]
struct Quiet {
    until: DateTime<Utc>,
}

/// A pane that a person has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The multiplexer's server.
    pub server: String,
    /// The pane.
    pub pane: PaneId,
    /// The process that was started in it: the number alone may be another pane's by now.
    pub pid: u32,
}

impl Store {
    /// The bell of a tab's keeper, which waits for its state to turn.
    pub fn bell(&self, id: TabId) -> PathBuf {
        self.paths.runtime.join("bells").join(id.to_string())
    }

    /// Tells the keeper of a tab, if it has one, that its state has turned.
    pub fn ring(&self, id: TabId) {
        doorbell::ring(&self.bell(id));
    }

    pub(super) fn drop_bell(&self, id: TabId) -> Result<()> {
        file::remove(&self.bell(id))
    }

    /// Every segment that can be read, whether or not its tab lives.
    pub fn all_segments(&self) -> Vec<(TabId, Segment)> {
        let names = Folder::open(&self.segments()).map(|folder| folder.names()).unwrap_or_default();
        let ids = names.iter().filter_map(|name| name.to_str()?.parse().ok());
        ids.filter_map(|id| Some((id, self.segment(id)?))).collect()
    }

    /// Excludes everybody else who counts the tabs and shows the sum: the last one is right.
    pub fn tally_lock(&self) -> Result<Lock> {
        self.lock_runtime("tally")
    }

    /// Nobody is to be told of anything until then.
    pub fn keep_quiet(&self, until: DateTime<Utc>) -> Result<()> {
        record::save(&self.quiet_file(), &Quiet { until }, Durability::Quick)
    }

    /// Whether nobody is to be told of anything.
    pub fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        let known: Option<Quiet> = record::load(&self.quiet_file()).ok().flatten();
        known.is_some_and(|quiet| quiet.until > now && quiet.until <= now + LONGEST_QUIET)
    }

    /// Takes one of the few notices that a person gets within some seconds, whichever tab it is about;
    /// says whether there was one left.
    pub fn take_notice(&self, now: DateTime<Utc>) -> Result<bool> {
        let _lock = self.lock_runtime("notices")?;
        let file = self.paths.runtime.join("notices.json");
        let known: Vec<DateTime<Utc>> = record::load(&file).ok().flatten().unwrap_or_default();
        let is_recent = |at: &DateTime<Utc>| (now - *at).abs() < AT_ONCE;
        let mut recent: Vec<_> = known.into_iter().filter(is_recent).collect();
        if recent.len() >= MOST {
            return Ok(false);
        }
        recent.push(now);
        record::save(&file, &recent, Durability::Quick)?;
        Ok(true)
    }

    /// Changes the panes that the person at this terminal has left, the last one last.
    pub fn change_stops<T>(
        &self,
        terminal: &str,
        change: &mut dyn FnMut(&mut Vec<Stop>) -> T,
    ) -> Result<T> {
        let _lock = self.lock_runtime("stops")?;
        let file = self.paths.runtime.join("stops").join(name::slug(terminal) + ".json");
        // What cannot be read is not worth an error: it is where somebody was.
        let before: Vec<Stop> = record::load(&file).ok().flatten().unwrap_or_default();
        let mut stops = before.clone();
        let given = change(&mut stops);
        if stops != before {
            record::save(&file, &stops, Durability::Quick)?;
        }
        Ok(given)
    }

    fn quiet_file(&self) -> PathBuf {
        self.paths.runtime.join("quiet.json")
    }

    fn lock_runtime(&self, name: &str) -> Result<Lock> {
        let folder = self.paths.runtime.join("locks");
        file::private_dir(&folder)?;
        file::lock(&folder.join(format!("{name}.lock")), PATIENCE)
    }
}
