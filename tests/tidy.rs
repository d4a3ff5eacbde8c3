//! The shape of the project, held by tests: who may import whom, how large a file may be, that
//! nothing is forgotten. Every message says what is wrong, where, and what to do about it.

use std::collections::BTreeSet;

use crate::support::source::{Source, files, root};

/// Who may import whom. A module that is not listed may not exist.
const LAYERS: &[(&str, &[&str])] = &[
    // The build script stands outside the program.
    ("build", &[]),
    ("error", &[]),
    ("shell", &[]),
    ("model", &["error"]),
    ("sys", &["error"]),
    ("config", &["error", "sys", "model"]),
    ("engine", &["error", "sys", "model"]),
    ("agents", &["error", "sys", "model"]),
    ("scan", &["error", "sys", "model"]),
    ("store", &["error", "sys", "model"]),
    ("hosts", &["error", "sys", "model"]),
    ("ops", &["error", "sys", "model", "config", "engine", "agents", "scan", "store", "hosts"]),
    ("ui", &["error", "model"]),
    ("serve", &["error", "model", "ops"]),
    ("mcp", &["error", "model", "ops"]),
    ("cli", EVERYTHING_BELOW_CLI),
    ("main", &["error", "sys", "cli"]),
];

const EVERYTHING_BELOW_CLI: &[&str] = &[
    "error", "shell", "model", "sys", "config", "engine", "agents", "scan", "store", "hosts",
    "ops", "ui", "serve", "mcp",
];

/// What only some files may call: the call, the files, and where the work belongs.
const ONE_PLACE: &[(&str, &[&str], &str)] = &[
    ("store.update", &["src/ops/record.rs"], "let `ops::record` apply an event"),
    ("io::stdout", &["src/cli/out.rs"], "answer through `cli::out`"),
    ("io::stderr", &["src/cli/out.rs", "src/cli/ask.rs"], "talk through `cli::out`"),
];

/// Files of `src/cli/` that are no command of their own, or that nobody types.
const NOT_COMMANDS: &[(&str, &str)] = &[
    ("mod", "the list of the commands"),
    ("out", "the two output streams"),
    ("ask", "questions to a person"),
    ("board", "the loop of `pick` and `watch`; their tests run it"),
    ("told", "how `resume` is told; its tests are those of `resume`"),
    ("interrupt", "Ctrl-C, for the commands that end well with it"),
    ("keep", "hidden: `bind` starts it, so tests/presence.rs runs it"),
    ("keep_job", "hidden: every job has one, so tests/run.rs runs it"),
    ("runner", "hidden: runs in every pane, so the tests of `new` and `resume` run it"),
    ("line", "how `complete` cuts a line; its tests stand beside it"),
    ("complete", "hidden: the completions of every shell ask it, so tests/completions.rs runs it"),
    ("take_terminal", "hidden: every agent is started through it, so tests/proxy.rs runs it"),
    ("demo_agent", "hidden: the agent of `demo`, so the tests of `demo` run it"),
];

/// In every codebase that has them, these are where the circles begin.
const VAGUE_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc"];

const MAX_LINES: usize = 400;

#[test]
fn imports_run_downwards() {
    assert_none("imports that run the wrong way", &sources(), wrong_imports);
}

#[test]
fn the_layers_have_no_circle() {
    // Each may import only what stands above it in the table, so there cannot be one.
    for (at, (module, allowed)) in LAYERS.iter().enumerate() {
        for import in *allowed {
            let known = LAYERS[..at].iter().any(|(above, _)| above == import);
            assert!(known, "{module} may import {import}, which does not stand above it in LAYERS");
        }
    }
}

#[test]
fn what_has_one_place_is_done_in_that_place() {
    assert_none("calls in the wrong place", &sources(), misplaced_calls);
}

#[test]
fn no_file_is_too_long() {
    let long = |file: &Source| {
        let lines = file.text.lines().count();
        (lines > MAX_LINES).then(|| format!("{lines} lines; {MAX_LINES} are allowed: split it"))
    };
    assert_none("files that are too long", &every_rust_file(), long);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |file: &Source| {
        let said = ["//! ", "#![doc = include_str!("];
        let missing = !said.iter().any(|start| file.text.starts_with(start));
        missing.then(|| "open it with `//!`: the job, and what it must not do".to_owned())
    };
    assert_none("files without a module comment", &every_rust_file(), silent);
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let vague = |file: &Source| {
        let folders = file.path.split('/').any(|folder| VAGUE_NAMES.contains(&folder));
        let named = folders || VAGUE_NAMES.contains(&file.stem());
        named.then(|| "name it after what is in it".to_owned())
    };
    assert_none("files with a vague name", &every_rust_file(), vague);
}

#[test]
fn every_local_allow_has_a_reason() {
    assert_none("`allow`s without a reason", &every_rust_file(), unexplained_allows);
}

#[test]
fn every_command_has_its_tests() {
    let untested = |file: &Source| {
        let command = file.stem();
        let exempt = NOT_COMMANDS.iter().any(|(name, _)| *name == command);
        let tests = root().join("tests").join(format!("{command}.rs"));
        (!exempt && !tests.exists()).then(|| format!("write tests/{command}.rs"))
    };
    assert_none("commands without tests", &files("src/cli", "rs"), untested);
}

#[test]
fn every_test_file_is_part_of_the_test_binary() {
    let main = std::fs::read_to_string(root().join("tests/main.rs")).unwrap();
    let forgotten = |file: &Source| {
        let top = file.path.matches('/').count() == 1 && file.stem() != "main";
        let listed = main.lines().any(|line| line == format!("mod {};", file.stem()));
        (top && !listed).then(|| format!("add `mod {};` to tests/main.rs", file.stem()))
    };
    assert_none("test files that never run", &files("tests", "rs"), forgotten);
}

#[test]
fn every_agent_file_is_in_the_registry() {
    let written = files("src/agents", "yaml");
    let registry = tabctl::agents::Registry::load(&root().join("no-such-folder"));
    let kinds: BTreeSet<_> = registry.kinds().into_iter().collect();
    let unlisted = |file: &Source| {
        (!kinds.contains(file.stem())).then(|| "add it to the list in src/agents/".to_owned())
    };
    assert_none("agents that are not in the registry", &written, unlisted);
}

fn sources() -> Vec<Source> {
    files("src", "rs")
}

fn every_rust_file() -> Vec<Source> {
    ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, "rs")).collect()
}

/// Fails with one line per file that `fault` finds something in.
#[track_caller]
fn assert_none(what: &str, files: &[Source], fault: impl Fn(&Source) -> Option<String>) {
    let found = files.iter().filter_map(|file| Some(format!("  {}: {}", file.path, fault(file)?)));
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn wrong_imports(file: &Source) -> Option<String> {
    let module = file.module()?;
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
        return Some(format!("{module} has no place in LAYERS (tests/tidy.rs): give it one"));
    };
    let paths = file.paths_into_other_modules();
    let wrong = paths.iter().filter(|path| {
        let target = path.split("::").nth(1).unwrap_or_default();
        LAYERS.iter().any(|(name, _)| *name == target) && !allowed.contains(&target)
    });
    let wrong: Vec<_> = wrong.map(String::as_str).collect();
    (!wrong.is_empty()).then(|| {
        let (wrong, allowed) = (wrong.join(", "), allowed.join(", "));
        format!(
            "{module} must not know {wrong}; it may import [{allowed}]. Let a caller hand it in"
        )
    })
}

fn misplaced_calls(file: &Source) -> Option<String> {
    // A folder's own tests call what they test.
    if file.path.ends_with("/tests.rs") || file.path.contains("/tests/") {
        return None;
    }
    let calls = file.calls();
    let (call, _, remedy) = ONE_PLACE
        .iter()
        .find(|(call, places, _)| calls.contains(*call) && !places.contains(&file.path.as_str()))?;
    Some(format!("calls {call}; {remedy}"))
}

fn unexplained_allows(file: &Source) -> Option<String> {
    let opens = |line: &str| ["#[allow(", "#![allow("].iter().any(|start| line.starts_with(start));
    let lines: Vec<_> = file.text.lines().map(str::trim_start).collect();
    let starts = (0..lines.len()).filter(|at| opens(lines[*at]));
    let unexplained = starts.map(|at| (at, lines[at..].join("\n"))).find(|(_, rest)| {
        let (attribute, after) = rest.split_once(")]").unwrap_or((rest, ""));
        !attribute.contains("reason = ") && !after.starts_with(" // ")
    })?;
    Some(format!("line {}: say why, in `reason = \"…\"` or after `//`", unexplained.0 + 1))
}

// ── the checks themselves are checked: one that cannot fail guards nothing ───────────────────────

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn a_wrong_import_is_found_however_it_is_written() {
    let spellings = [
        "use crate::store::Loaded;",
        "use crate::{error::Fault, store::{self, Loaded as Read}};",
        "pub(crate) use crate::store::*;",
        "use super::super::store::Loaded;",
        "fn f() { crate::store::open(); }",
        "fn f(x: &Option<crate::store::Loaded>) {}",
        "fn f() { assert!(matches!(x, Some(crate::store::Trust::Never))); }",
        "mod inner { use super::super::super::store; }",
        "impl crate::store::Reads for T {}",
    ];
    for text in spellings {
        let found = wrong_imports(&source("src/engine/tmux.rs", text));
        assert!(found.is_some_and(|found| found.contains("crate::store")), "not found: {text}");
        assert_eq!(wrong_imports(&source("src/ops/list.rs", text)), None, "ops may: {text}");
    }
    assert!(wrong_imports(&source("src/main.rs", "use tabctl::store::Loaded;")).is_some());
    assert!(wrong_imports(&source("src/helper/mod.rs", "")).is_some());
}

#[test]
fn what_only_looks_like_an_import_is_not_one() {
    let harmless = [
        "//! See [`crate::store::Loaded`].\n/// And [`crate::ops`].\nfn f() {}",
        "use super::Engine; use super::super::error::Fault; use crate::model::id::TabId;",
        "fn f() { let store = 1; store::open(); other::store::open(); }",
        "pub(in crate::engine) fn f() {}",
        "const TEXT: &str = \"crate::store::Loaded\";",
    ];
    for text in harmless {
        assert_eq!(wrong_imports(&source("src/engine/tmux.rs", text)), None, "{text}");
    }
}

#[test]
fn a_call_in_the_wrong_place_is_found() {
    let writes = "fn f(ctx: &Ctx) { let x = ctx.store.update(&file, &mut |s| Ok(())); }";
    assert!(misplaced_calls(&source("src/ops/resume.rs", writes)).is_some());
    assert_eq!(misplaced_calls(&source("src/ops/record.rs", writes)), None);
    let prints = "fn f() { writeln!(x); std::io::stdout().lock(); }";
    assert!(misplaced_calls(&source("src/ops/list.rs", prints)).is_some());
    assert_eq!(misplaced_calls(&source("src/cli/out.rs", prints)), None);
    assert!(
        misplaced_calls(&source("src/ui/table.rs", "use std::io; fn f() { io::stderr(); }"))
            .is_some()
    );
}

#[test]
fn an_allow_needs_a_word() {
    let judge = |line: &str| unexplained_allows(&source("src/x.rs", line)).is_none();
    assert!(judge("#[allow(dead_code)] // read by the benches"));
    assert!(judge("#![allow(clippy::unwrap_used, reason = \"a test may stop\")]"));
    assert!(!judge("#[allow(dead_code)]"));
    assert!(judge("#![allow(\n    clippy::unwrap_used,\n    reason = \"a test may stop\"\n)]"));
    assert!(!judge("    #![allow(dead_code)]\nfn f() {} // why"));
}
