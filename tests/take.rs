//! `tabctl take`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_tab_that_a_person_has_taken_is_nobody_elses() {
    let mut world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    let epoch = || {
        world
            .tmux(["display-message", "-p", "-t", &pane, "#{@tabctl_epoch}"])
            .ok()
            .stdout
            .trim()
            .to_owned()
    };
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    let mut claude = world.command(env!("CARGO_BIN_EXE_tabctl"));
    claude.env("CLAUDECODE", "1").args(["send", "api", "hello"]);
    crate::support::Run::of(&mut claude).ok();
    assert_eq!(epoch(), "1");
    let told = world.tabctl(["take", "api", "--json"]).ok().json();
    assert_eq!(told["taken_from"]["who"], "claude");
    assert_eq!(epoch(), "2", "it is up before the command returns");
    assert_eq!(world.row("api")["held"]["kind"], "person");
    let table = world.tabctl(["ls"]).ok().stdout;
    assert!(table.contains("(taken)"), "{table}");
    let card = world.tabctl(["show", "api"]).ok().stdout;
    assert!(card.contains("taken by"), "{card}");
    world.set("CLAUDECODE", "1");
    world.tabctl(["send", "api", "still me"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["take", "api"]).fails_with(Kind::NeedsAnswer);
    world.unset("CLAUDECODE");
    // What an agent is let do while a person has the tab waits for the person.
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    world.tabctl(["send", "api", "a person"]).ok();
    world.wait_for_text(&pane, "(2) \"a person\", after \"hello\"");
    assert!(!world.screen(&pane).contains("still me"));
}

#[test]
fn only_what_lives_can_be_taken() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["take", "api"]).fails_with(Kind::NotFound);
    assert!(world.row("api")["held"].is_null());
}

#[test]
fn a_broken_file_keeps_nobody_from_a_tab_that_lives() {
    let world = World::new();
    world.shell_tab("api");
    std::fs::write(world.workspace("api").join(".session.yaml"), ": : [").unwrap();
    for args in [&["log", "api"][..], &["context", "api"], &["take", "api"], &["release", "api"]] {
        world.tabctl(args).ok();
    }
    let run = world.tabctl(["note", "--tab", "api", "later"]).fails_with(Kind::BadFile);
    assert!(run.stderr.contains("`tabctl doctor --fix` puts the last good version back"), "{run}");
    world.tabctl(["release", "api", "--to", "demo", "--for", "0s"]).fails_with(Kind::Usage);
    world.tabctl(["doctor", "--fix", "--yes"]);
    world.tabctl(["note", "--tab", "api", "later"]).ok();
}
