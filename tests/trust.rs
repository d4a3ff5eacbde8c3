//! `tabctl trust`

use std::path::Path;

use tabctl::error::Kind;

use crate::support::World;

/// A session file that came with a clone: nobody here has ever seen it.
fn cloned(world: &World, folder: &Path, canary: &Path) {
    let text = format!(
        "version: 1\nid: 01HF7YAT00000000000000001A\ntab: cloned\nagent:\n  kind: generic\n  \
         session_id: x1\n  launch:\n    argv: [touch, {0}]\n  resume: [touch, {0}]\n",
        canary.display()
    );
    std::fs::write(folder.join(".session.yaml"), text).unwrap();
    world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
}

/// Types `tabctl trust` and an answer into a terminal.
fn asked(world: &World, folder: &Path, answer: &str) -> String {
    let open = ["new-session", "-d", "-x", "120", "-y", "40", "-P", "-F", "#{pane_id}"];
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout.trim().to_owned();
    world.type_line(&pane, &format!("cd {} && tabctl trust; echo code=$?", folder.display()));
    world.wait_for_text(&pane, "Trust it?");
    world.tmux(["send-keys", "-t", &pane, answer]).ok();
    world.wait_until("the answer", std::time::Duration::from_secs(10), || {
        world.screen(&pane).lines().any(|line| line.starts_with("code="))
    });
    world.screen(&pane)
}

#[test]
fn what_nobody_approved_does_not_run_until_a_person_says_yes() {
    let world = World::new();
    let (folder, canary) = (world.workspace("repo"), world.path("canary"));
    cloned(&world, &folder, &canary);
    assert_eq!(world.row("cloned")["trusted"], false);
    let run = world.tabctl(["resume", "cloned"]).fails_with(Kind::NotTrusted);
    assert!(run.stdout.contains("tabctl trust"), "{run}");
    let run = world.tabctl_in(&folder, ["trust"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stdout.contains("    touch\n"), "one element a line: {run}");
    assert!(asked(&world, &folder, "n").contains("code=4"));
    assert_eq!(world.row("cloned")["trusted"], false);
    assert!(!canary.exists());
    assert!(asked(&world, &folder, "y").contains("code=0"));
    assert_eq!(world.row("cloned")["trusted"], true);
    let _ = world.tabctl(["resume", "cloned"]);
    assert!(canary.exists(), "what was approved runs");
}

#[test]
fn an_agent_cannot_approve() {
    let mut world = World::new();
    let (folder, canary) = (world.workspace("repo"), world.path("canary"));
    cloned(&world, &folder, &canary);
    world.set("CLAUDECODE", "1");
    let run = world.tabctl_in(&folder, ["trust"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("person"), "{run}");
}

#[test]
fn notes_do_not_revoke_trust_and_a_changed_command_does() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.tabctl(["note", "--tab", "api", "hello"]).ok();
    let path = folder.join(".session.yaml");
    let edited = world.session_file("api").replace("hello", "edited by hand");
    std::fs::write(&path, &edited).unwrap();
    assert_eq!(world.row("api")["trusted"], true);
    std::fs::write(&path, edited.replace("directory: '.'", "directory: /tmp")).unwrap();
    assert_eq!(world.row("api")["trusted"], false);
    let run = world.tabctl(["trust", "api"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stdout.contains("directory was"), "{run}");
    world.tabctl(["note", "--tab", "api", "more"]).ok();
    assert_eq!(world.row("api")["trusted"], false, "a note does not give trust back");
}

#[test]
fn what_it_would_run_can_be_read_as_json_and_approves_nothing() {
    let world = World::new();
    let (folder, canary) = (world.workspace("repo"), world.path("canary"));
    cloned(&world, &folder, &canary);
    let run = world.tabctl_in(&folder, ["trust", "--json"]).ok();
    let looked: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(looked["trusted"], false);
    assert_eq!(looked["would_run"]["argv"][0], "touch");
    assert_eq!(looked["would_run"]["argv"][1], canary.to_str().unwrap());
    assert_eq!(world.row("cloned")["trusted"], false);
}
