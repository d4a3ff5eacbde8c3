//! All known agents: the built-in files, overridden and added to by the user's.
//! Must not fail for a wrong file: it is left out and reported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Result;

use super::recognise::{self, Program};
use super::sights::Sights;
use super::{Spec, check};
use crate::error::yaml::Flaw;
use crate::error::{Fault, Kind};

/// A user's agent file is a page of text.
const MAX_BYTES: u64 = 256 * 1024;

/// Lists the built-in agents: each name is a file in this folder, which `src/build.rs` has made JSON
/// of, one line for each of its documents.
macro_rules! built_in {
    ($($kind:literal),* $(,)?) => {
        &[$(($kind, include_str!(concat!(env!("OUT_DIR"), "/", $kind, ".json")))),*]
    };
}

/// The built-in agents: name and JSON.
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
    built_in: Vec<BuiltIn>,
    own: BTreeMap<String, Spec>,
    problems: Vec<(PathBuf, String)>,
    user_dir: PathBuf,
}

/// A built-in agent. Reading all of them takes longer than most commands, so each waits until it is
/// asked for.
#[derive(Debug)]
struct BuiltIn {
    kind: &'static str,
    json: &'static str,
    spec: OnceLock<Option<Spec>>,
}

impl BuiltIn {
    /// What it says. `None` cannot be: a test reads and checks them all.
    fn spec(&self) -> Option<&Spec> {
        let read = || {
            let (first, second) = self.json.split_once('\n')?;
            let spec: Spec = serde_json::from_str(first).ok()?;
            Some(Spec { sights: Sights::built_in(second), ..spec })
        };
        self.spec.get_or_init(read).as_ref()
    }

    /// Whether its text has any part of the program's name: only then can it mean that program.
    fn mentions(&self, program: &Program) -> bool {
        let (first, _) = self.json.split_once('\n').unwrap_or_default();
        let mut parts = program.word.split(['/', '=', ':']).filter(|part| !part.is_empty());
        parts.any(|part| {
            let name = part.trim_start_matches('@').split('@').next().unwrap_or(part);
            let name = name.strip_suffix(".exe").unwrap_or(name);
            !name.is_empty() && first.contains(name)
        })
    }
}

impl Registry {
    /// Knows the built-in agents and reads the user's `*.yaml` in `user_dir`. A file that is wrong is
    /// left out and listed in [`Registry::problems`].
    pub fn load(user_dir: &Path) -> Registry {
        let built_in =
            BUILT_IN.iter().map(|(kind, json)| BuiltIn { kind, json, spec: OnceLock::new() });
        let mut registry = Registry {
            built_in: built_in.collect(),
            own: BTreeMap::new(),
            problems: Vec::new(),
            user_dir: user_dir.to_owned(),
        };
        let mut read_from: BTreeMap<String, PathBuf> = BTreeMap::new();
        for file in yaml_files(user_dir) {
            let spec = read(&file).and_then(|spec| match read_from.get(&spec.kind) {
                Some(first) => Err(format!("`{}` is already in {}", spec.kind, first.display())),
                None => Ok(spec),
            });
            match spec {
                Ok(spec) => {
                    read_from.insert(spec.kind.clone(), file);
                    registry.own.insert(spec.kind.clone(), spec);
                }
                Err(problem) => registry.problems.push((file, problem)),
            }
        }
        registry
    }

    /// Files that could not be used: path and reason.
    pub fn problems(&self) -> &[(PathBuf, String)] {
        &self.problems
    }

    /// All kinds, sorted.
    pub fn kinds(&self) -> Vec<&str> {
        let built_in = self.built_in.iter().map(|built_in| built_in.kind);
        let all: BTreeSet<&str> = self.own.keys().map(String::as_str).chain(built_in).collect();
        all.into_iter().collect()
    }

    /// The built-in agents that no file of the user's replaces.
    fn not_replaced(&self) -> impl Iterator<Item = &BuiltIn> {
        self.built_in.iter().filter(|built_in| !self.own.contains_key(built_in.kind))
    }

    /// All agents, the user's first.
    fn all(&self) -> impl Iterator<Item = &Spec> {
        self.own.values().chain(self.not_replaced().filter_map(BuiltIn::spec))
    }

    /// The agent of that name; `NotFound` with the nearest names.
    pub fn get(&self, kind: &str) -> Result<&Spec> {
        let built_in = || self.not_replaced().find(|built_in| built_in.kind == kind)?.spec();
        if let Some(spec) = self.own.get(kind).or_else(built_in) {
            return Ok(spec);
        }
        let mut near: Vec<(f64, &str)> =
            self.kinds().into_iter().map(|name| (likeness(kind, name), name)).collect();
        near.retain(|(likeness, _)| *likeness > 0.6);
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let hint = match near.first() {
            Some((_, name)) => format!("did you mean '{name}'?"),
            None => format!(
                "known agents: {}; your own go into {}",
                self.kinds().join(", "),
                self.user_dir.display()
            ),
        };
        Err(Fault::new(Kind::NotFound, format!("no agent is called '{kind}'")).hint(hint).into())
    }

    /// The agent that this command line is, if it is one: by `argv[0]`/`argv[1]`, never by the
    /// process's `comm`; an agent's own helper processes are not it, nor are its one-shot runs.
    pub fn recognise(&self, argv: &[String]) -> Option<&Spec> {
        self.owner(argv).filter(|spec| spec.converses(argv))
    }
}

impl Registry {
    /// The agent whose program this command line starts, in whatever job.
    pub fn owner(&self, argv: &[String]) -> Option<&Spec> {
        let program = recognise::program(argv)?;
        let built_in = self.not_replaced().filter(|built_in| built_in.mentions(&program));
        let mut candidates = self.own.values().chain(built_in.filter_map(BuiltIn::spec));
        candidates.find(|spec| spec.owns(&program, argv))
    }

    /// The agent that a process runs inside of, by the first variable that each leaves in its
    /// children and no other does.
    pub fn agent_around(&self, is_set: &dyn Fn(&str) -> bool) -> Option<&str> {
        let mark = |spec: &&Spec| spec.environment.scrub.first().is_some_and(|name| is_set(name));
        self.all().find(mark).map(|spec| spec.kind.as_str())
    }
}

/// Variables that an agent leaves in its children and that must not reach another one; names that
/// end in `*` are prefixes.
pub fn inherited_markers(registry: &Registry) -> Vec<String> {
    let names = registry.all().flat_map(|spec| spec.environment.scrub.iter().cloned());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// How much a name that was typed is like a known one, from 0 to 1.
fn likeness(typed: &str, name: &str) -> f64 {
    if name.starts_with(typed) { 0.95 } else { strsim::normalized_damerau_levenshtein(typed, name) }
}

/// Parses and checks one file's text.
fn parse(text: &str) -> Result<Spec, String> {
    let (first, sights) = Sights::cut(text);
    let spec: Spec = serde_yaml::from_str(first).map_err(|error| Flaw::from(&error).to_string())?;
    match check::problem(&spec) {
        Some(problem) => Err(problem),
        None => Ok(Spec { sights, ..spec }),
    }
}

/// The same, and what is seen of the agent too: nobody has tried these rules.
pub(super) fn parse_all(text: &str) -> Result<Spec, String> {
    let spec = parse(text)?;
    let rules = spec.sights.read().map_err(|error| Flaw::from(&error).to_string())?;
    rules.problem().map_or(Ok(spec), Err)
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
    parse_all(&std::fs::read_to_string(file).map_err(|error| error.to_string())?)
}

#[cfg(test)]
mod tests;
