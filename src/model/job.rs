//! A job: a command that runs in the background, and what is remembered of it.
//! Must not know where its output is, nor look whether a process lives.

pub mod names;
pub mod plain;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::doer::Doer;
use super::id::{NotATabId, TabId};
use super::proc::ProcId;
use super::status::State;

/// A job's identity, of the same form as a tab's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(TabId);

impl JobId {
    /// An id from milliseconds since 1970 and random bits (of which 80 are used).
    pub fn from_parts(millis: u64, random: u128) -> JobId {
        JobId(TabId::from_parts(millis, random))
    }
}

impl FromStr for JobId {
    type Err = NotATabId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(JobId)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is remembered of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Identity.
    pub id: JobId,
    /// Its name, unique among the jobs that are kept.
    pub name: String,
    /// The command, without what looks like a secret.
    pub argv: Vec<String>,
    /// The command is not all there: a secret was left out, or a word that is no text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub altered: bool,
    /// The folder it was started in.
    pub directory: String,
    /// The tab it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<TabId>,
    /// Who started it.
    pub by: Doer,
    /// The process that keeps its output and sees its end.
    pub keeper: ProcId,
    /// The command's own process, once started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ProcId>,
    /// When it was started.
    pub started: Moment,
    /// How it ended, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<End>,
    /// Who wanted it to be killed, before it was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub killed: Option<Doer>,
    /// Bytes of its output that could not be written down.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// A moment by both clocks: the one on the wall can be set, the other ends with the boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// By the clock on the wall.
    pub at: DateTime<Utc>,
    /// Milliseconds since the machine was started, where it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<u64>,
}

/// How a job's command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// When.
    #[serde(flatten)]
    pub when: Moment,
    /// Exit code, if it exited by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// Signal number, if one ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// The machine went down, or somebody ended the keeper.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_off: bool,
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Its command runs.
    Running,
    /// It ended with code 0.
    Done,
    /// It ended with another code.
    Failed,
    /// A signal ended it, or `tabctl kill` did.
    Killed,
    /// Nobody saw its end: a reboot, or its keeper was ended.
    Interrupted,
}

impl JobState {
    /// The word in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Killed => "killed",
            JobState::Interrupted => "interrupted",
        }
    }

    /// The state of a tab that is drawn alike.
    pub fn like(self) -> State {
        match self {
            JobState::Running => State::Running,
            JobState::Done => State::Done,
            JobState::Failed => State::Failed,
            JobState::Killed => State::Missing,
            JobState::Interrupted => State::Attention,
        }
    }
}

impl Job {
    /// What became of it, if its keeper `is_kept` alive or not.
    pub fn state(&self, is_kept: bool) -> JobState {
        match &self.ended {
            None if is_kept => JobState::Running,
            None => JobState::Interrupted,
            Some(end) if end.cut_off => JobState::Interrupted,
            Some(end) if self.killed.is_some() || end.signal.is_some() => JobState::Killed,
            Some(end) if end.code == Some(0) => JobState::Done,
            Some(_) => JobState::Failed,
        }
    }

    /// The exit code that a shell would give for its end: 128 and the number of a signal.
    pub fn exit_code(&self) -> Option<u8> {
        let end = self.ended.as_ref()?;
        let code = end.code.or(end.signal.map(|signal| 128_i32.saturating_add(signal)))?;
        Some(u8::try_from(code).unwrap_or(u8::MAX))
    }

    /// The milliseconds it has run until its end, or until `now` for one that runs. By the clock that
    /// nobody sets, where both ends of it are known.
    pub fn ran(&self, now: Moment) -> u64 {
        let until = self.ended.as_ref().map_or(now, |end| end.when);
        let by_boot = until.up.zip(self.started.up).and_then(|(to, from)| to.checked_sub(from));
        let by_wall = (until.at - self.started.at).num_milliseconds();
        by_boot.unwrap_or(u64::try_from(by_wall).unwrap_or(0))
    }

    /// The command line that starts it again, as a shell reads it.
    pub fn again(&self) -> String {
        let directory = shell_words::quote(&self.directory);
        format!("tabctl run --in {directory} -- {}", shell_words::join(&self.argv))
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A job as every surface shows it. Fields are added, never taken away.
#[derive(Debug, Clone, Serialize)]
pub struct JobRow {
    /// Identity.
    pub id: JobId,
    /// Name, already filtered.
    pub name: String,
    /// What became of it.
    pub state: JobState,
    /// Its exit code, if it exited by itself.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// That signal's name, without `SIG`.
    pub signal_name: Option<String>,
    /// Who ended it with `tabctl kill`.
    pub killed_by: Option<Doer>,
    /// The command, without what looks like a secret.
    pub argv: Vec<String>,
    /// The folder it was started in.
    pub directory: String,
    /// The tab it belongs to, by name; by id if it is gone.
    pub tab: Option<String>,
    /// Who started it.
    pub by: Doer,
    /// The process of its command, while that runs.
    pub pid: Option<u32>,
    /// When it was started.
    pub started: DateTime<Utc>,
    /// When it ended; nothing if nobody saw that.
    pub ended: Option<DateTime<Utc>>,
    /// How long it ran, in milliseconds; nothing if nobody saw its end.
    pub ran_ms: Option<u64>,
    /// Bytes that it has written.
    pub bytes: u64,
    /// Of those, the bytes that are not kept.
    pub left_out: u64,
    /// Why some of them could not be kept.
    pub trouble: Option<String>,
    /// Processes that it has left behind, and that still run.
    pub left_behind: usize,
    /// The command line that starts it again, if it was interrupted.
    pub again: Option<String>,
    /// That command line lacks what was not written down.
    pub altered: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doer::DoerKind;

    fn job(ended: Option<End>) -> Job {
        let at = DateTime::UNIX_EPOCH;
        Job {
            id: JobId::from_parts(1, 1),
            name: "calm-heron".to_owned(),
            argv: ["sh", "-c", "echo 'a b'"].map(str::to_owned).to_vec(),
            altered: false,
            directory: "/w/a b".to_owned(),
            tab: None,
            by: Doer::known(DoerKind::Person, "me"),
            keeper: ProcId { pid: 1, start: 1, boot: "b".to_owned() },
            process: None,
            started: Moment { at, up: Some(1000) },
            ended,
            killed: None,
            lost: 0,
            trouble: None,
        }
    }

    fn end(code: Option<i32>, signal: Option<i32>, cut_off: bool) -> End {
        let when = Moment { at: DateTime::UNIX_EPOCH, up: Some(3500) };
        End { when, code, signal, cut_off }
    }

    #[test]
    fn its_state_and_exit_code_follow_from_its_end() {
        for (ended, is_kept, state, exit) in [
            (None, true, JobState::Running, None),
            (None, false, JobState::Interrupted, None),
            (Some(end(Some(0), None, false)), false, JobState::Done, Some(0)),
            (Some(end(Some(3), None, false)), true, JobState::Failed, Some(3)),
            (Some(end(None, Some(9), false)), false, JobState::Killed, Some(137)),
            (Some(end(None, Some(15), true)), false, JobState::Interrupted, Some(143)),
        ] {
            let job = job(ended);
            assert_eq!((job.state(is_kept), job.exit_code()), (state, exit), "{job:?}");
        }
        // Told to end, it may still end well, and was killed all the same.
        let told = Job { killed: Some(job(None).by), ..job(Some(end(Some(0), None, false))) };
        assert_eq!(told.state(false), JobState::Killed);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_job_shorter() {
        let long_ago =
            Moment { at: DateTime::UNIX_EPOCH - chrono::TimeDelta::days(9), up: Some(4000) };
        assert_eq!(job(None).ran(long_ago), 3000);
        assert_eq!(job(None).ran(Moment { up: None, ..long_ago }), 0);
        assert_eq!(job(Some(end(Some(0), None, false))).ran(long_ago), 2500);
    }

    #[test]
    fn what_starts_it_again_can_be_pasted() {
        assert_eq!(job(None).again(), r"tabctl run --in '/w/a b' -- sh -c 'echo '\''a b'\'''");
    }

    #[test]
    fn a_record_reads_back() {
        let whole = job(Some(end(Some(3), None, false)));
        let text = serde_json::to_string(&whole).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Job>(&text).ok(), Some(whole));
    }
}
