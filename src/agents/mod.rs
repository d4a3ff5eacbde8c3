//! The agents as data: one YAML file each, and one interpreter for all.
//! Must not start anything, and must not name an agent in Rust.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::model::argv::Argv;
use crate::model::session::Launch;

/// All known agents: the built-in files, overridden and added to by the user's.
#[derive(Debug)]
pub struct Registry;

/// What one agent's file says. The type itself lives in `spec.rs`.
#[derive(Debug)]
pub struct Spec;

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
    /// Open files of it and of its children.
    pub open_files: Vec<PathBuf>,
    /// Its children's process ids.
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

impl Registry {
    /// Reads the built-in agents and the user's `*.yaml` in `user_dir`. A file that is wrong is left
    /// out and listed in [`Registry::problems`].
    pub fn load(user_dir: &Path) -> Registry {
        let _ = user_dir;
        todo!()
    }
    /// Files that could not be used: path and reason.
    pub fn problems(&self) -> &[(PathBuf, String)] {
        todo!()
    }
    /// All kinds, sorted.
    pub fn kinds(&self) -> Vec<&str> {
        todo!()
    }
    /// The agent of that name; `NotFound` with the nearest names.
    pub fn get(&self, kind: &str) -> Result<&Spec> {
        let _ = kind;
        todo!()
    }
    /// The agent that this command line is, if it is one: by `argv[0]`/`argv[1]`, never by the
    /// process's `comm`; an agent's own helper processes are not it.
    pub fn recognise(&self, argv: &[String]) -> Option<&Spec> {
        let _ = argv;
        todo!()
    }
}

impl Spec {
    /// Its name: `claude`.
    pub fn kind(&self) -> &str {
        todo!()
    }
    /// The program to look for in `PATH`.
    pub fn program(&self) -> &str {
        todo!()
    }
    /// Whether the id can be chosen at launch.
    pub fn presets_id(&self) -> bool {
        todo!()
    }
    /// The command line of a first start: the program, the flags that tabctl needs, the preset id,
    /// then the person's arguments.
    pub fn launch_argv(&self, args: &[String], preset: Option<&str>, knows: KnowsFlag) -> Argv {
        let _ = (args, preset, knows);
        todo!()
    }
    /// The command line that resumes a conversation as it was started: the launch's flags, without
    /// what would name another conversation or repeat the first prompt. `None` where the agent has no
    /// way; where it has one without an id (aider), `session_id` may be empty.
    pub fn resume_argv(
        &self,
        session_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let _ = (session_id, launch, directory, knows);
        todo!()
    }
    /// The command line that forks a conversation, where the agent can.
    pub fn fork_argv(
        &self,
        session_id: &str,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let _ = (session_id, launch, knows);
        todo!()
    }
    /// Variables that a faithful launch sets.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        todo!()
    }
    /// Variables that belong into the launch record when the person has set them.
    pub fn is_recorded_variable(&self, name: &str) -> bool {
        let _ = name;
        todo!()
    }
    /// The flags of `argv` that skip permissions or load other configuration.
    pub fn privileged<'a>(&self, argv: &'a [String]) -> Vec<&'a str> {
        let _ = argv;
        todo!()
    }
    /// The conversation that a running process holds.
    pub fn id_of_process(&self, process: &Process, around: &Surroundings) -> Option<Found> {
        let _ = (process, around);
        todo!()
    }
    /// Processes (pids) that hold this conversation open by the agent's own records.
    pub fn holders(&self, session_id: &str, around: &Surroundings) -> Vec<u32> {
        let _ = (session_id, around);
        todo!()
    }
    /// Where the conversation is.
    pub fn transcript(&self, session_id: Option<&str>, around: &Surroundings) -> Transcript {
        let _ = (session_id, around);
        todo!()
    }
}

/// Variables that an agent leaves in its children and that must not reach another one; names that
/// end in `*` are prefixes.
pub fn inherited_markers(registry: &Registry) -> Vec<String> {
    let _ = registry;
    todo!()
}
