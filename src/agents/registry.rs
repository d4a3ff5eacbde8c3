//! All known agents: the built-in files, overridden and added to by the user's.
//! Must not fail for a wrong file: it is left out and reported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Spec, check, recognise};
use crate::error::{Fault, Kind};

/// A user's agent file is a page of text.
const MAX_BYTES: u64 = 256 * 1024;

/// Lists the built-in agents: each name is a file in this folder.
macro_rules! built_in {
    ($($kind:literal),* $(,)?) => {
        &[$(($kind, include_str!(concat!($kind, ".yaml")))),*]
    };
}

/// The built-in agents: name and text.
const BUILT_IN: &[(&str, &str)] = built_in![
    "aider",
    "amp",
    "claude",
    "codex",
    "copilot",
    "crush",
    "cursor-agent",
    "demo",
    "droid",
    "gemini",
    "generic",
    "goose",
    "kiro",
    "opencode",
    "qwen",
];

/// All known agents.
#[derive(Debug)]
pub struct Registry {
    specs: BTreeMap<String, Spec>,
    problems: Vec<(PathBuf, String)>,
    user_dir: PathBuf,
}

impl Registry {
    /// Reads the built-in agents and the user's `*.yaml` in `user_dir`. A file that is wrong is left
    /// out and listed in [`Registry::problems`].
    pub fn load(user_dir: &Path) -> Registry {
        let mut registry = Registry {
            specs: BTreeMap::new(),
            problems: Vec::new(),
            user_dir: user_dir.to_owned(),
        };
        for (name, text) in BUILT_IN {
            let file = PathBuf::from(format!("{name}.yaml"));
            registry.add(file, parse(text));
        }
        let mut theirs: BTreeMap<String, PathBuf> = BTreeMap::new();
        for file in yaml_files(user_dir) {
            match read(&file) {
                Ok(spec) => match theirs.get(&spec.kind) {
                    Some(first) => {
                        let taken = format!("`{}` is already in {}", spec.kind, first.display());
                        registry.problems.push((file, taken));
                    }
                    None => {
                        theirs.insert(spec.kind.clone(), file.clone());
                        registry.add(file, Ok(spec));
                    }
                },
                Err(problem) => registry.problems.push((file, problem)),
            }
        }
        registry
    }

    fn add(&mut self, file: PathBuf, spec: Result<Spec, String>) {
        match spec {
            Ok(spec) => {
                self.specs.insert(spec.kind.clone(), spec);
            }
            Err(problem) => self.problems.push((file, problem)),
        }
    }

    /// Files that could not be used: path and reason.
    pub fn problems(&self) -> &[(PathBuf, String)] {
        &self.problems
    }

    /// All kinds, sorted.
    pub fn kinds(&self) -> Vec<&str> {
        self.specs.keys().map(String::as_str).collect()
    }

    /// The agent of that name; `NotFound` with the nearest names.
    pub fn get(&self, kind: &str) -> Result<&Spec> {
        if let Some(spec) = self.specs.get(kind) {
            return Ok(spec);
        }
        let mut near: Vec<(f64, &str)> =
            self.kinds().into_iter().map(|name| (likeness(kind, name), name)).collect();
        near.retain(|(likeness, _)| *likeness > 0.8);
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let hint = match near.first() {
            Some((_, name)) => format!("did you mean `{name}`?"),
            None => format!("known agents: {}", self.kinds().join(", ")),
        };
        let here = self.user_dir.display();
        let hint = format!("{hint} your own go into {here}");
        Err(Fault::new(Kind::NotFound, format!("no agent is called `{kind}`")).hint(hint).into())
    }

    /// The agent that this command line is, if it is one: by `argv[0]`/`argv[1]`, never by the
    /// process's `comm`; an agent's own helper processes are not it, nor are its one-shot runs.
    pub fn recognise(&self, argv: &[String]) -> Option<&Spec> {
        let program = recognise::program(argv)?;
        let spec = self.specs.values().find(|spec| spec.owns(&program, argv))?;
        let args = &argv[program.start..];
        spec.is_conversation(&args[spec.inserted(args)..]).then_some(spec)
    }
}

impl Registry {
    /// The agent that a process runs inside of, by the first variable that each leaves in its
    /// children and no other does.
    pub fn agent_around(&self, is_set: &dyn Fn(&str) -> bool) -> Option<&str> {
        let mark = |spec: &&Spec| spec.environment.scrub.first().is_some_and(|name| is_set(name));
        self.specs.values().find(mark).map(|spec| spec.kind.as_str())
    }
}

/// Variables that an agent leaves in its children and that must not reach another one; names that
/// end in `*` are prefixes.
pub fn inherited_markers(registry: &Registry) -> Vec<String> {
    let names = registry.specs.values().flat_map(|spec| spec.environment.scrub.iter().cloned());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// How much a name that was typed is like a known one, from 0 to 1.
fn likeness(typed: &str, name: &str) -> f64 {
    if name.starts_with(typed) { 0.95 } else { strsim::jaro_winkler(typed, name) }
}

/// Parses and checks one file's text.
fn parse(text: &str) -> Result<Spec, String> {
    let spec: Spec = serde_yaml::from_str(text).map_err(|error| located(&error))?;
    match check::problem(&spec) {
        Some(problem) => Err(problem),
        None => Ok(spec),
    }
}

/// The first line of a YAML error, with its place in front.
fn located(error: &serde_yaml::Error) -> String {
    let message = error.without_snippet().to_string();
    let message = message.lines().next().unwrap_or_default();
    match error.location() {
        Some(place) => format!("line {} column {}: {message}", place.line(), place.column()),
        None => message.to_owned(),
    }
}

fn yaml_files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    files.sort();
    files
}

fn read(file: &Path) -> Result<Spec, String> {
    let meta = std::fs::metadata(file).map_err(|error| error.to_string())?;
    if !meta.is_file() || meta.len() > MAX_BYTES {
        return Err(format!("not a plain file of at most {} KiB", MAX_BYTES / 1024));
    }
    parse(&std::fs::read_to_string(file).map_err(|error| error.to_string())?)
}
