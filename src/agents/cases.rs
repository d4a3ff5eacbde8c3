//! The agents' own cases: each has a file of them beside its recordings, read here and tried.
//! Must not name an agent: a new one brings its cases along.
#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Process, Registry, Spec, Surroundings, Transcript};
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

fn registry() -> Registry {
    Registry::load(Path::new("/nonexistent"))
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

/// Compares the command lines that a list of cases makes.
fn compare(
    spec: &Spec,
    lines: &[Line],
    world: &World,
    make: impl Fn(&Line, &str, super::KnowsFlag) -> Option<Argv>,
) {
    for line in lines {
        let id = world.text(line.id.as_deref().unwrap_or("<id>"));
        let result = make(line, &id, &|_| !line.old_program);
        let wanted = line.gives.as_ref().map(|argv| world.argv(argv));
        assert_eq!(
            result.map(|argv| argv.display()),
            wanted.map(|argv| argv.display()),
            "{} from {:?}",
            spec.kind(),
            line.from
        );
    }
}

#[test]
fn a_launch_chooses_the_id_where_it_can_be_chosen() {
    each(|spec, cases, world| {
        let world = world();
        assert!(!cases.launch.is_empty(), "{}: no launch cases", spec.kind());
        compare(spec, &cases.launch, &world, |line, id, knows| {
            let args = line.from.as_ref().map(|argv| world.argv(argv)).unwrap_or_default();
            Some(spec.launch_argv(args.words(), Some(id), knows))
        });
    });
}

#[test]
fn a_resume_keeps_the_flags_that_the_agent_was_started_with() {
    each(|spec, cases, world| {
        let world = world();
        assert!(!cases.resume.is_empty(), "{}: no resume cases", spec.kind());
        compare(spec, &cases.resume, &world, |line, id, knows| {
            let launch = world.launch(line.from.as_ref());
            spec.resume_argv(Some(id), launch.as_ref(), &world.dir(), knows)
        });
    });
}

#[test]
fn a_resume_of_a_resume_says_the_same() {
    each(|spec, cases, world| {
        let world = world();
        for line in cases.resume.iter().filter(|line| line.gives.is_some()) {
            let id = world.text(line.id.as_deref().unwrap_or("<id>"));
            let again = |argv: Option<Argv>| {
                let launch = world.launch(argv.as_ref());
                let knows = |_: &str| !line.old_program;
                spec.resume_argv(Some(&id), launch.as_ref(), &world.dir(), &knows)
            };
            let once = again(line.gives.clone()).unwrap();
            let twice = again(Some(once.clone())).unwrap();
            assert_eq!(once, twice);
            // A flag of tabctl's own may have changed its place: it counts as the person's now.
            let sorted = |argv: &Argv| {
                let mut words = argv.0.clone();
                words.sort();
                words
            };
            assert_eq!(sorted(&once), sorted(&world.argv(line.gives.as_ref().unwrap())));
        }
    });
}

#[test]
fn a_fork_keeps_the_flags_too() {
    each(|spec, cases, world| {
        let world = world();
        assert_eq!(spec.start.fork.is_some(), !cases.fork.is_empty(), "{}", spec.kind());
        compare(spec, &cases.fork, &world, |line, id, knows| {
            let launch = world.launch(line.from.as_ref());
            spec.fork_argv(id, Some(OLD), launch.as_ref(), &world.dir(), knows)
        });
    });
}

#[test]
fn a_fresh_start_keeps_the_flags_and_not_the_prompt() {
    each(|spec, cases, world| {
        let world = world();
        compare(spec, &cases.fresh, &world, |line, id, knows| {
            spec.fresh_argv(Some(id), world.launch(line.from.as_ref()).as_ref(), knows)
        });
    });
}

#[test]
fn a_hostile_id_is_never_given_to_an_agent() {
    each(|spec, _, world| {
        let world = world();
        for id in ["--dangerously-skip-permissions", "../../x", "a b", "$(id)", "", "-", "a\nb"] {
            let argv = spec.resume_argv(Some(id), None, &world.dir(), &|_| true);
            assert!(!spec.has_ids() || argv.is_none(), "{}: {id:?}", spec.kind());
            assert!(spec.fork_argv(id, None, None, &world.dir(), &|_| true).is_none());
            let launch = spec.launch_argv(&[], Some(id), &|_| false);
            assert!(launch.words().iter().all(|word| !id.starts_with('-') || word != id));
        }
    });
}

#[test]
fn every_line_is_told_from_others() {
    let registry = registry();
    each(|spec, cases, world| {
        let world = world();
        let recognise = |argv: &Argv| registry.recognise(world.argv(argv).words()).map(Spec::kind);
        for argv in &cases.is {
            assert_eq!(recognise(argv), Some(spec.kind()), "{}", argv.display());
        }
        for argv in &cases.is_not {
            assert_eq!(recognise(argv), None, "{}: {}", spec.kind(), argv.display());
        }
    });
}

#[test]
fn what_tabctl_starts_it_recognises() {
    let registry = registry();
    each(|spec, cases, world| {
        let world = world();
        if spec.program().is_empty() {
            return;
        }
        let resume = spec.resume_argv(Some(&world.id), None, &world.dir(), &|_| true);
        let launch = spec.launch_argv(&[], Some(&world.id), &|_| true);
        let fork = spec.fork_argv(&world.id, None, None, &world.dir(), &|_| true);
        for argv in [Some(launch), resume, fork].into_iter().flatten() {
            let found = registry.recognise(argv.words()).map(Spec::kind);
            assert_eq!(found, Some(spec.kind()), "{}", argv.display());
        }
        assert_eq!(cases.id, world.id);
    });
}

#[test]
fn flags_that_skip_permissions_are_named() {
    each(|spec, cases, world| {
        let world = world();
        for case in &cases.privileged {
            let argv = world.argv(&case.of);
            assert_eq!(spec.privileged(argv.words()), case.are, "{}", argv.display());
        }
        for entry in &spec.flags.privileged {
            let line: Vec<String> =
                [spec.program()].into_iter().chain(entry.split(' ')).map(str::to_owned).collect();
            let flag = line[usize::from(!spec.program().is_empty())].as_str();
            assert_eq!(spec.privileged(&line), [flag], "{}: {entry}", spec.kind());
        }
    });
}

#[test]
fn a_process_is_traced_to_its_conversation() {
    each(|spec, cases, world| {
        for case in &cases.processes {
            let world = world();
            world.write(&case.files);
            let process = Process {
                pid: 4242,
                start: 1000,
                argv: world.argv(&case.argv).0,
                children: case.children.clone(),
                open_files: case.open.iter().map(|path| world.path(path)).collect(),
                ..Process::default()
            };
            let environment: BTreeMap<String, String> =
                case.environment.iter().map(|(k, v)| (k.clone(), world.text(v))).collect();
            let (home, dir) = (world.home(), world.dir());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let found = spec.id_of_process(&process, &around);
            let wanted = case.gives.as_deref().map(|id| world.text(id));
            assert_eq!(found.as_ref().map(|f| f.session_id.clone()), wanted, "{case:?}");
            if let (Some(how), Some(found)) = (&case.how, found) {
                assert_eq!(found.how, world.text(how), "{}", spec.kind());
            }
        }
    });
}

#[test]
fn the_holders_of_a_conversation_are_known_by_the_agents_records() {
    each(|spec, cases, world| {
        for case in &cases.holders {
            let world = world();
            world.write(&case.files);
            let (home, dir, environment) = (world.home(), world.dir(), BTreeMap::new());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let holders = spec.holders(&world.id, &around);
            let pids: Vec<u32> = holders.iter().map(|holder| holder.pid).collect();
            assert_eq!(pids, case.gives, "{}: {case:?}", spec.kind());
            assert!(spec.holders("../x", &around).is_empty());
        }
    });
}

#[test]
fn a_transcript_is_there_or_was_never_begun_or_is_gone() {
    each(|spec, cases, world| {
        assert!(!cases.transcripts.is_empty(), "{}: no transcript cases", spec.kind());
        for case in &cases.transcripts {
            let world = world();
            world.write(&case.files);
            let environment: BTreeMap<String, String> =
                case.environment.iter().map(|(k, v)| (k.clone(), world.text(v))).collect();
            let (home, dir) = (world.home(), world.dir());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let found = spec.transcript(Some(&world.id), &around);
            let outcome = match &found {
                Transcript::Present(_) => Outcome::Present,
                Transcript::NeverPrompted => Outcome::NeverPrompted,
                Transcript::Missing(_) => Outcome::Missing,
                Transcript::Unknowable(_) => Outcome::Unknowable,
            };
            assert_eq!(outcome, case.gives, "{}: {found:?} {case:?}", spec.kind());
            if let (Some(file), Transcript::Present(path)) = (&case.file, &found) {
                assert_eq!(*path, world.path(file), "{}", spec.kind());
            }
            if let Transcript::Missing(places) = &found {
                assert!(!places.is_empty() && places.iter().all(|place| place.is_absolute()));
            }
        }
    });
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
