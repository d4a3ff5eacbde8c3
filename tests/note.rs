//! `tabctl note`

use std::io::Write;
use std::process::Stdio;

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn notes_are_added_shown_and_taken_away() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.tabctl_in(&folder, ["note", "run", "make", "check"]).ok();
    world.tabctl(["note", "--tab", "api", "two\nlines"]).ok();
    let shown = world.tabctl(["note", "--tab", "api"]).ok().stdout;
    assert!(shown.contains("run make check") && shown.contains("two\nlines"), "{shown}");
    let notes = world.tabctl(["note", "--tab", "api", "--json"]).ok().json();
    assert_eq!(notes.as_array().unwrap().len(), 2);
    assert_eq!(notes[0]["by"], "person");
    assert_eq!(world.row("api")["notes"], 2);
    world.tabctl(["note", "--tab", "api", "--clear"]).ok();
    assert_eq!(world.row("api")["notes"], 0);
    assert!(!world.session_file("api").contains("make check"));
}

#[test]
fn a_note_comes_from_standard_input_and_an_agent_signs_its_own() {
    let mut world = World::new();
    world.shell_tab("api");
    world.set("CLAUDECODE", "1");
    let mut command = world.command("tabctl");
    command.args(["note", "--tab", "api", "-"]).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all("from a pipe\u{1b}[31m\n".as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let notes = world.tabctl(["note", "--tab", "api", "--json"]).ok().json();
    assert_eq!((&notes[0]["text"], &notes[0]["by"]), (&"from a pipe[31m".into(), &"claude".into()));
}

#[test]
fn an_empty_or_endless_note_is_refused() {
    let world = World::new();
    world.shell_tab("api");
    world.tabctl(["note", "--tab", "api", "  "]).fails_with(Kind::Usage);
    world.tabctl(["note", "--tab", "api", &"x".repeat(20_000)]).fails_with(Kind::Usage);
    assert_eq!(world.row("api")["notes"], 0);
}

#[test]
fn a_persons_comments_and_own_keys_survive() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let path = folder.join(".session.yaml");
    let mine = format!("# mine\n{}my_key: [1, 0x1F] # odd\n", world.session_file("api"));
    std::fs::write(&path, mine).unwrap();
    world.tabctl(["note", "--tab", "api", "hello"]).ok();
    let now = world.session_file("api");
    assert!(now.starts_with("# mine\n") && now.contains("my_key: [1, 0x1F] # odd"), "{now}");
    assert!(now.contains("hello"), "{now}");
}
