//! Which files are taken, which are left out, and what is told of them.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use super::*;
use crate::error::{fault_of, kind_of};

/// A registry with the user's files.
fn with(files: &[(&str, &str)]) -> (tempfile::TempDir, Registry) {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        let mut file = std::fs::File::options().write(true).create_new(true).open(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }
    let registry = Registry::load(dir.path());
    (dir, registry)
}

fn words(line: &str) -> Vec<String> {
    shell_words::split(line).unwrap()
}

#[test]
fn a_users_file_adds_an_agent_or_replaces_one() {
    let (_dir, registry) = with(&[
        ("mine.yaml", "kind: mine\nprogram: my-agent\nstart: {resume: [--go, '{id}']}"),
        ("claude.yml", "kind: claude\nprogram: claude-next"),
        ("notes.txt", "not an agent"),
    ]);
    assert!(registry.problems().is_empty());
    assert_eq!(registry.recognise(&words("my-agent -x")).unwrap().kind(), "mine");
    assert_eq!(registry.get("claude").unwrap().program(), "claude-next");
    assert!(registry.recognise(&words("claude")).is_none(), "replaced as a whole");
    assert_eq!(registry.kinds().len(), BUILT_IN.len() + 1);
}

#[test]
fn a_wrong_file_is_left_out_and_its_place_is_told() {
    let bad = [
        ("a.yaml", "kind: a\nprogramm: x", "line 2 column 1: "),
        ("b.yaml", "kind: b\nflags:\n  alone: {x: y}", "line 3 column "),
        ("c.yaml", "kind: c\ndata: [/etc]", "line 2 column 8: "),
        ("d.yaml", "kind: d\nclaims: [{file: '~/{id}/{nobody}', pid: p}]", "{nobody}"),
        ("e.yaml", "kind: e\nprogram: [", "line "),
        ("f.yaml", "kind: ../f\nprogram: x", "kind: `../f`"),
        ("g.yaml", "kind: g\nflags: {id: [--session]}", "`--session` (id) is in none"),
        ("h.yaml", "kind: h\nflags: {alone: [-a], value: ['-a|--all']}", "`-a` is listed twice"),
        ("i.yaml", "kind: i\nclaims: [{file: '~/x/{id}'}]", "claims: "),
        ("j.yaml", "kind: j\ntranscript: {files: ['{data}/x']}", "{data} is used and not given"),
        ("k.yaml", "kind: k\nenvironment: {record: [MY_API_KEY]}", "looks like a secret"),
        ("l.yaml", "kind: l\nsession_id: none\nstart: {resume: ['{id}']}", "there is none"),
        ("m.yaml", "kind: m\nstart: {resume: ['--x={di}']}", "{directory}"),
        ("n.yaml", "", ""),
        ("o.yaml", "kind: &a [*a, *a]", ""),
    ];
    let files: Vec<(&str, &str)> = bad.iter().map(|(name, text, _)| (*name, *text)).collect();
    let (_dir, registry) = with(&files);
    assert_eq!(registry.kinds().len(), BUILT_IN.len());
    assert_eq!(registry.problems().len(), bad.len());
    for ((path, problem), (name, _, told)) in registry.problems().iter().zip(bad) {
        assert!(path.ends_with(name), "{name} was taken");
        assert!(problem.contains(told), "{name}: {problem}");
        assert!(!problem.contains('\n'), "{name}: {problem}");
    }
}

#[test]
fn a_file_whose_sights_are_wrong_is_left_out_too() {
    let head = "kind: a\nprogram: a\n---\n";
    for (sights, told) in [
        ("screen: []\n", "line 4"),
        ("screens: [{name: x, bottom: ['a'], state: dreaming}]\n", "line 4"),
        ("screens: [{name: x, bottom: ['a'], state: down}]\n", "`x`"),
        ("screens: [{name: x, bottom: ['a'], state: idle, reason: trust}]\n", "`x`"),
        ("screens: [{name: x, bottom: ['a'], state: attention, reason: hunger}]\n", "line 4"),
        ("screens: [{name: x, bottom: ['a', '...'], state: idle}]\n", "last line"),
        ("screens: [{name: x, bottom: [], state: idle}]\n", "last line"),
    ] {
        let (_folder, registry) = with(&[("a.yaml", &format!("{head}{sights}"))]);
        let problem = &registry.problems().first().unwrap().1;
        assert!(problem.contains(told), "{sights}: {problem}");
    }
    let right = format!("{head}screens: [{{name: x, bottom: ['^a$'], state: idle}}]\n");
    let (_folder, registry) = with(&[("a.yaml", &right)]);
    assert_eq!(registry.problems(), []);
    let said = registry.get("a").unwrap().screen_says("a").unwrap();
    assert_eq!(said.evidence, "screen x");
}

#[test]
fn every_built_in_file_says_what_its_name_says() {
    let (_dir, registry) = with(&[]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/agents");
    for (kind, _) in BUILT_IN {
        let written = read(&folder.join(kind).with_extension("yaml")).unwrap();
        assert_eq!(written.kind, *kind);
        // What the build made of it is what the file says.
        let built = registry.get(kind).unwrap();
        let all = |spec: &Spec| format!("{:?}", Spec { sights: Sights::default(), ..spec.clone() });
        assert_eq!(all(built), all(&written), "{kind}.yaml");
        let rules = |spec: &Spec| format!("{:?}", spec.sights.rules());
        assert_eq!(rules(built), rules(&written), "{kind}.yaml");
    }
}

#[test]
fn two_files_of_one_kind_are_not_both_used() {
    let (_dir, registry) = with(&[
        ("1.yaml", "kind: mine\nprogram: first"),
        ("2.yaml", "kind: mine\nprogram: second"),
    ]);
    assert_eq!(registry.get("mine").unwrap().program(), "first");
    assert!(registry.problems()[0].1.contains("`mine` is already in"));
}

#[test]
fn an_unknown_kind_comes_with_the_nearest_name() {
    let (_dir, registry) = with(&[]);
    for (typed, hint) in [
        ("cluade", "'claude'"),
        ("clode", "'claude'"),
        ("codx", "'codex'"),
        ("gemni", "'gemini'"),
        ("cursor", "'cursor-agent'"),
        ("zzz", "aider,"),
    ] {
        let error = registry.get(typed).unwrap_err();
        assert_eq!(kind_of(&error), Kind::NotFound);
        assert!(fault_of(&error).unwrap().hint.as_ref().unwrap().contains(hint), "{typed}");
    }
}

#[test]
fn what_one_agent_leaves_behind_is_not_what_another_needs() {
    let (_dir, registry) = with(&[]);
    let markers = inherited_markers(&registry);
    assert!(markers.windows(2).all(|pair| pair[0] < pair[1]), "sorted, once each");
    let matches = |name: &str| {
        markers.iter().any(|marker| match marker.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => name == marker,
        })
    };
    for name in ["CLAUDE_CODE_CHILD_SESSION", "CODEX_THREAD_ID", "COPILOT_AGENT_SESSION_ID"] {
        assert!(matches(name), "{name}");
    }
    for spec in registry.all() {
        for name in spec.environment.record.iter().chain(spec.environment.set.keys()) {
            assert!(!matches(name), "{}: {name}", spec.kind());
            assert!(spec.environment.set.contains_key(name) || spec.is_recorded_variable(name));
        }
    }
    for name in ["PATH", "HOME", "TERM", "SSH_AUTH_SOCK", "CODEX_HOME", "CLAUDE_CONFIG_DIR"] {
        assert!(!matches(name), "{name}");
    }
}
