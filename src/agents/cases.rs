//! The agents' own cases: each has a file of them beside its recordings, read here and tried.
//! Must not name an agent: a new one brings its cases along.
#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod disk;
mod hooks;
mod lines;
mod screens;
mod wrappers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Registry, Spec};
use crate::model::argv::Argv;
use crate::model::session::Launch;

/// One agent's cases. In all texts `<id>` is the conversation, `<id8>` its beginning, `<old>` an
/// earlier one, `<home>` and `<dir>` the folders, `<dashed>` and `<slashed>` the latter as a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// What `<id>` stands for: the shape that the agent's ids have.
    #[serde(default = "uuid")]
    id: String,
    #[serde(default)]
    launch: Vec<Line>,
    #[serde(default)]
    resume: Vec<Line>,
    #[serde(default)]
    fork: Vec<Line>,
    #[serde(default)]
    fresh: Vec<Line>,
    /// Command lines of the agent, as they are typed and as the process table shows them.
    #[serde(default)]
    is: Vec<Argv>,
    /// Command lines that are not.
    #[serde(default)]
    is_not: Vec<Argv>,
    #[serde(default)]
    privileged: Vec<Privileged>,
    #[serde(default)]
    processes: Vec<ProcessCase>,
    #[serde(default)]
    holders: Vec<HolderCase>,
    #[serde(default)]
    transcripts: Vec<TranscriptCase>,
    #[serde(default)]
    state_files: Vec<StateCase>,
}

/// A command line made from another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The arguments of a launch, or the recorded launch; none was recorded if it is left out.
    from: Option<Argv>,
    /// The id to use: `<id>` if it is left out.
    id: Option<String>,
    /// The installed program knows no flag that tabctl adds.
    #[serde(default)]
    old_program: bool,
    gives: Option<Argv>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Privileged {
    of: Argv,
    are: Vec<String>,
}

type Files = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProcessCase {
    #[serde(default)]
    argv: Argv,
    /// 4242 starts at 1000; others are below it.
    #[serde(default)]
    children: Vec<u32>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    open: Vec<String>,
    #[serde(default)]
    files: Files,
    gives: Option<String>,
    #[serde(default)]
    how: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolderCase {
    files: Files,
    gives: Vec<u32>,
    /// How to get at those that stand in no terminal.
    #[serde(default)]
    reach: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TranscriptCase {
    #[serde(default)]
    files: Files,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    gives: Outcome,
    /// The file that is found.
    file: Option<String>,
    /// Files beside it in which nothing was said.
    #[serde(default)]
    twins: Vec<String>,
}

/// What a living process says in its state file; 4242 starts at 1000, as above.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateCase {
    files: Files,
    #[serde(default)]
    children: Vec<u32>,
    #[serde(default)]
    argv: Argv,
    /// State and reason; nothing if it is left out.
    gives: Option<String>,
    /// Since when.
    at: Option<String>,
    /// The rule.
    evidence: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Present,
    NeverPrompted,
    Missing,
    Unknowable,
}

fn uuid() -> String {
    "0f5a0c1e-7d4b-4e1f-9a53-2c8be0c3d417".to_owned()
}

const OLD: &str = "11111111-2222-4333-8444-555555555555";

/// A home and a folder to work in, made for one case.
struct World {
    root: tempfile::TempDir,
    id: String,
}

impl World {
    fn new(id: &str) -> World {
        let world = World { root: tempfile::tempdir().unwrap(), id: id.to_owned() };
        fs::create_dir_all(world.home()).unwrap();
        fs::create_dir_all(world.dir().join(".git")).unwrap();
        world
    }

    fn root(&self) -> PathBuf {
        self.root.path().canonicalize().unwrap()
    }

    fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    fn dir(&self) -> PathBuf {
        self.root().join("work/a.b_c d")
    }

    fn text(&self, text: &str) -> String {
        let dir = self.dir().display().to_string();
        let dashed = dir.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        text.replace("<id8>", &self.id[..self.id.len().min(8)])
            .replace("<id>", &self.id)
            .replace("<old>", OLD)
            .replace("<home>", &self.home().display().to_string())
            .replace("<slashed>", &dir.replace('/', "-"))
            .replace("<dashed>", &dashed)
            .replace("<dir>", &dir)
    }

    fn argv(&self, argv: &Argv) -> Argv {
        argv.words().iter().map(|word| self.text(word)).collect()
    }

    /// A path as a case writes it.
    fn path(&self, path: &str) -> PathBuf {
        let path = path.replacen("~/", "<home>/", 1);
        PathBuf::from(self.text(&path))
    }

    fn write(&self, files: &Files) {
        for (path, text) in files {
            let path = self.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mut file = fs::File::options().write(true).create_new(true).open(path).unwrap();
            std::io::Write::write_all(&mut file, self.text(text).as_bytes()).unwrap();
        }
    }

    fn launch(&self, argv: Option<&Argv>) -> Option<Launch> {
        Some(Launch { argv: self.argv(argv?), ..Launch::default() })
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents")
}

/// The built-in agents, read once for all tests.
fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> =
        LazyLock::new(|| Registry::load(Path::new("/nonexistent")));
    &REGISTRY
}

/// Runs a check over the cases of every agent.
fn each(check: impl Fn(&Spec, &Cases, &dyn Fn() -> World)) {
    let registry = registry();
    for kind in registry.kinds() {
        let file = folder().join(kind).join("cases.yaml");
        let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let cases: Cases =
            serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        check(registry.get(kind).unwrap(), &cases, &|| World::new(&cases.id));
    }
}

#[test]
fn every_agent_file_is_registered_and_right() {
    let registry = registry();
    assert_eq!(registry.problems(), []);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/agents");
    let mut files: Vec<String> = fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(registry.kinds(), files, "the files and their kinds");
}
