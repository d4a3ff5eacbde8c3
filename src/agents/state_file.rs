//! What an agent writes down of itself while it runs: its state file.
//! Must not believe a file that another process left behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::find::start_of;
use super::place::Place;
use super::search::{Search, field, record, written};
use super::sight::{Reason, said};
use super::{Process, Spec, Surroundings};
use crate::model::session::is_session_id;
use crate::model::status::{Claim, Source, State, TURN_OPEN};

/// A JSON file in which an agent says what it is doing: one for each process (`{pid}` in its path), or
/// one for all conversations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateFile {
    /// Its place.
    pub(super) file: Place,
    /// The file is an object with one record for each conversation, by id.
    #[serde(default)]
    pub(super) by_id: bool,
    /// The field that holds the conversation's id.
    #[serde(default)]
    id: Option<String>,
    /// The field that holds the start of the process; see the same of `claims`.
    #[serde(default)]
    start: Option<String>,
    /// The field that holds the time since when this is so: milliseconds since 1970, or a date.
    /// Without it, the time at which the file was written.
    #[serde(default)]
    at: Option<String>,
    /// What it says; the first that fits.
    pub(super) says: Vec<StateRule>,
}

/// What a record of a state file means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateRule {
    /// Its name, for `explain`.
    pub(super) name: String,
    /// Fields and the values that they must have.
    when: BTreeMap<String, String>,
    pub(super) state: State,
    #[serde(default)]
    pub(super) reason: Option<Reason>,
    /// It says `thinking` also while it waits for an answer.
    #[serde(default)]
    pub(super) also_waits: bool,
}

impl Spec {
    /// The state files of a process, whether they are there or not: what to watch for a change.
    pub fn state_files(&self, process: &Process, around: &Surroundings) -> Vec<PathBuf> {
        self.own_state_files(process, around).into_iter().map(|(_, file)| file).collect()
    }

    /// Whether it has any.
    pub fn has_state_files(&self) -> bool {
        self.sights.rules().state_file.is_some()
    }

    /// What a living process says of its state in its state file.
    pub fn state_file_says(&self, process: &Process, around: &Surroundings) -> Option<Claim> {
        let kept = self.sights.rules().state_file.as_ref()?;
        self.own_state_files(process, around).into_iter().find_map(|(pid, file)| {
            let told = record(&file)?;
            if !kept.by_id {
                return kept.claim(&told, &file, pid, process);
            }
            let id = self.id_of_process(process, around)?.session_id;
            let claim = kept.claim(told.get(&id)?, &file, pid, process)?;
            Some(Claim { session_id: Some(id), ..claim })
        })
    }

    /// The files, each with the process whose it is: some agents start themselves twice.
    fn own_state_files(&self, process: &Process, around: &Surroundings) -> Vec<(u32, PathBuf)> {
        let Some(kept) = &self.sights.rules().state_file else { return Vec::new() };
        let search = Search::new(self, around);
        let pids = std::iter::once(process.pid).chain(process.children.iter().copied());
        let count = if kept.file.has_pid() { usize::MAX } else { 1 };
        pids.take(count)
            .filter_map(|pid| Some((pid, search.target(&kept.file, None, Some(pid))?.shown())))
            .collect()
    }
}

impl StateFile {
    /// What the record of that process id says, if it is this process's or one's below it.
    fn claim(&self, told: &Value, file: &Path, pid: u32, process: &Process) -> Option<Claim> {
        if let Some(name) = &self.start {
            // Another start is another process's, which was killed and whose number is in use again.
            // Of the processes below, it is only known that they cannot be older.
            let start = start_of(&field(told, name)?)?;
            if start < process.start || (pid == process.pid && start != process.start) {
                return None;
            }
        }
        let rule = self.says.iter().find(|rule| rule.fits(told))?;
        let mut said = said("state-file", &rule.name, rule.state, rule.reason);
        if rule.also_waits {
            said.reason = Some(TURN_OPEN.to_owned());
        }
        let at = match &self.at {
            Some(name) => time(&field(told, name)?)?,
            None => written(file)?.into(),
        };
        let id = self.id.as_ref().and_then(|name| field(told, name));
        let session_id = id.filter(|id| is_session_id(id));
        Some(Claim { session_id, ..Claim::of(said, Source::StateFile, at) })
    }
}

impl StateRule {
    fn fits(&self, told: &Value) -> bool {
        self.when.iter().all(|(name, value)| match told.get(name) {
            Some(Value::Bool(known)) => *value == known.to_string(),
            _ => field(told, name).as_deref() == Some(value),
        })
    }
}

/// A time as an agent writes it.
fn time(text: &str) -> Option<DateTime<Utc>> {
    match text.parse::<i64>() {
        Ok(milliseconds) => DateTime::from_timestamp_millis(milliseconds),
        Err(_) => Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()),
    }
}
