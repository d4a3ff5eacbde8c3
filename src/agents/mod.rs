//! The agents as data: one YAML file each, and one interpreter for all.
//! Must not start anything, and must not name an agent in Rust.
//!
//! `spec.rs` says what a file may say. `words.rs` reads command lines, `recognise.rs` tells whose
//! they are, `launch.rs` makes them. `place.rs` is a path as a file writes it and `search.rs` looks
//! there; `find.rs`, `locks.rs` and `transcript.rs` use both.

mod check;
mod find;
mod launch;
mod locks;
mod place;
mod recognise;
mod registry;
mod search;
mod secrets;
mod spec;
mod template;
mod transcript;
mod words;

#[cfg(test)]
mod cases;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::argv::Argv;
use crate::model::session::Launch;

pub use registry::{Registry, inherited_markers};
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

    /// Whether an id has the form of this agent's conversation ids, and may be given to it.
    pub fn accepts_id(&self, id: &str) -> bool {
        self.is_own_id(id)
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

    /// The command line of a first start: the program, the flags that tabctl needs, the preset id,
    /// then the person's arguments.
    ///
    /// Arguments that choose a conversation themselves (`--resume …`) win over the preset id, which
    /// is then left out: [`Spec::id_in_argv`] tells what the line really names.
    pub fn launch_argv(&self, args: &[String], preset: Option<&str>, knows: KnowsFlag) -> Argv {
        self.launch(args, preset, knows)
    }

    /// The command line that resumes a conversation as it was started: the launch's flags, without
    /// what would name another conversation or repeat the first prompt. `None` where the agent has no
    /// way, or `session_id` may not be given to it; where it has one without an id (see
    /// [`Spec::has_ids`]), `session_id` may be `None`.
    pub fn resume_argv(
        &self,
        session_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        self.resume(session_id, launch, directory, knows)
    }

    /// The command line that starts a new conversation with the launch's flags, and under `preset`
    /// where the id can be chosen: for one that was never prompted, or is lost. The first prompt is
    /// not repeated. `None` if there is neither a launch nor a program.
    pub fn fresh_argv(
        &self,
        preset: Option<&str>,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        self.fresh(preset, launch, knows)
    }

    /// The command line that forks a conversation, where the agent can; under `new_id` where it can
    /// be chosen.
    pub fn fork_argv(
        &self,
        session_id: &str,
        new_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        self.forked(session_id, new_id, launch, directory, knows)
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

    /// The flags of `argv` that skip permissions or load other configuration.
    pub fn privileged<'a>(&self, argv: &'a [String]) -> Vec<&'a str> {
        self.privileged_words(argv)
    }

    /// A command line that may be written down: without the flags whose values are secrets and
    /// without variables that are (`API_KEY=… program`). Also the names of what was taken out.
    pub fn without_secrets(&self, argv: &[String]) -> (Argv, Vec<String>) {
        secrets::without_secrets(self, argv)
    }

    /// The conversation that a command line names for itself.
    pub fn id_in_argv(&self, argv: &[String]) -> Option<String> {
        self.id_of_line(argv).map(|(id, _)| id)
    }

    /// The conversation that a running process holds.
    pub fn id_of_process(&self, process: &Process, around: &Surroundings) -> Option<Found> {
        find::id_of_process(self, process, around)
    }

    /// The processes that hold this conversation open by the agent's own records. A record outlives a
    /// killed process; see [`Holder`] for how to tell.
    pub fn holders(&self, session_id: &str, around: &Surroundings) -> Vec<Holder> {
        find::holders(self, session_id, around)
    }

    /// Where the conversation is.
    pub fn transcript(&self, session_id: Option<&str>, around: &Surroundings) -> Transcript {
        transcript::transcript(self, session_id, around)
    }
}
