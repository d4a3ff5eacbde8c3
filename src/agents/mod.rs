//! The agents as data: one YAML file each, and one interpreter for all.
//! Must not start anything, and must not name an agent in Rust.
//!
//! `spec.rs` says what a file may say. Command lines: `words.rs` cuts them, `recognise.rs` tells whose
//! they are, `reading.rs` what they mean, `launch.rs` makes them. Files: `place.rs` is a path as a
//! file writes it, `search.rs` looks there, `find.rs` and `transcript.rs` say what that tells. The
//! verbs of [`Spec`] stand in the file of their job. State: `sight.rs` says what a title means,
//! `screen.rs` what a screen, `state_file.rs` what the agent writes down of itself;
//! `typing.rs` how it is typed to; `sights.rs` holds these rules. `answer.rs`
//! says what it said last; `payload.rs` and `event.rs` read what a hook reports;
//! `install/` registers the hooks.

mod answer;
mod check;
mod event;
mod find;
mod install;
mod launch;
mod locks;
mod payload;
mod place;
mod prompts;
mod reading;
mod recognise;
mod registry;
mod screen;
mod search;
mod secrets;
mod sight;
mod sights;
mod spec;
mod state_file;
mod template;
mod transcript;
mod typing;
mod words;

#[cfg(test)]
mod cases;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use crate::model::masking::{without_secrets, words_without_secrets};
pub use install::{Given, Look, MARK, Refusal, Registration, Wanted};
pub use registry::{Registry, inherited_markers};
pub use secrets::names_a_secret;
pub use sight::Observe;
pub use spec::Spec;

/// What is known of a running agent process, gathered by the caller.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Start time as in `model::proc::ProcId::start`.
    pub start: u64,
    /// Command line.
    pub argv: Vec<String>,
    /// Working directory.
    pub cwd: Option<PathBuf>,
    /// Environment.
    pub environment: BTreeMap<String, String>,
    /// Open files of it and of the processes below it.
    pub open_files: Vec<PathBuf>,
    /// The processes below it, each before its own children: some agents start themselves twice,
    /// and the innermost holds the conversation.
    pub children: Vec<u32>,
}

/// A conversation id that was found, and the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The conversation id (already checked by `is_session_id`).
    pub session_id: String,
    /// How it was found, for a person: `~/.claude/sessions/4242.json`, `--session-id on the command line`.
    pub how: String,
}

/// A process that holds a conversation by the agent's own record, which may be stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id. Numbers are used again, above all after a reboot.
    pub pid: u32,
    /// When it started, as in `model::proc::ProcId::start`: a process of another start is another.
    /// Where the agent does not record it, the caller must see whether the process is this agent.
    pub start: Option<u64>,
    /// The record.
    pub record: PathBuf,
    /// Where the process stands in no terminal: the command with which a person gets at it.
    pub reach: Option<String>,
}

/// Whether a conversation can be resumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transcript {
    /// It is on disk, here.
    Present(PathBuf),
    /// It is not, and the agent says that it was never prompted: it can start again under the same id.
    NeverPrompted,
    /// It is not where it should be; these places were looked at.
    Missing(Vec<PathBuf>),
    /// The agent keeps it where tabctl cannot look; the reason.
    Unknowable(String),
}

/// The things that an agent's own environment decides: where its home and its account folder are.
#[derive(Debug, Clone)]
pub struct Surroundings<'a> {
    /// The user's home.
    pub home: &'a Path,
    /// The variables that the agent runs with (launch record over the caller's).
    pub environment: &'a BTreeMap<String, String>,
    /// The absolute folder that it runs in.
    pub directory: &'a Path,
}

/// Whether the installed program knows a flag (it is asked with `--help`, at most once).
pub type KnowsFlag<'a> = &'a dyn Fn(&str) -> bool;

impl Spec {
    /// Its name: `claude`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The files in a workspace that it reads as the person's instructions, the preferred one first.
    pub fn instructions(&self) -> &[String] {
        &self.instructions
    }

    /// The program to look for in `PATH`; empty where only the person knows it.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Whether the id can be chosen at launch.
    pub fn presets_id(&self) -> bool {
        self.start.preset.is_some()
    }

    /// Whether conversations have ids. Where they have none, one folder is one conversation, and two
    /// tabs in it would share it.
    pub fn has_ids(&self) -> bool {
        self.session_id != spec::IdForm::None
    }

    /// Whether it leaves records of which process has which conversation open, resumed ones as well.
    pub fn records_holders(&self) -> bool {
        self.claims.iter().any(|claim| !claim.new_only)
    }

    /// Whether an id has the form of this agent's conversation ids, and may be given to it.
    pub fn accepts_id(&self, id: &str) -> bool {
        self.is_own_id(id)
    }

    /// Whether it is known how it resumes a conversation.
    pub fn resumes(&self) -> bool {
        self.start.resume.is_some()
    }

    /// Whether it can make a copy of a conversation.
    pub fn forks(&self) -> bool {
        self.start.fork.is_some()
    }

    /// Whether the id of such a copy can be chosen.
    pub fn fork_takes_id(&self) -> bool {
        self.start.fork.as_ref().is_some_and(template::Template::takes_new_id)
    }

    /// Whether it takes a first prompt together with a resume; see [`Spec::prompt_words`].
    pub fn takes_prompt(&self) -> bool {
        self.start.prompt.is_some()
    }

    /// What a person should know before this agent is resumed, if there is something.
    pub fn remark(&self) -> Option<&str> {
        self.start.remark.as_deref()
    }

    /// Whether the agent may delete a transcript after it was resumed: the file that
    /// [`Spec::transcript`] finds must be copied first, and put back when it has vanished.
    pub fn may_lose_transcripts(&self) -> bool {
        self.start.keep_copy
    }

    /// Variables that a faithful launch sets.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment.set
    }

    /// Variables that belong into the launch record when the person has set them. Never one whose
    /// name says that it is a secret.
    pub fn is_recorded_variable(&self, name: &str) -> bool {
        self.environment.record.iter().any(|recorded| recorded == name)
    }
}
