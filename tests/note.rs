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

/// An agent that runs what it finds in the file `say`, and says how that went in `said`.
fn scribe(world: &mut World) {
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    let script = "#!/bin/sh\nwhile sleep 0.1; do [ -f say ] || continue\n\
                  sh say >said.new 2>&1; echo \"ended $?\" >>said.new\n\
                  rm say; mv said.new said; done\n";
    std::fs::write(bin.join("scribe"), script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bin.join("scribe"), mode).unwrap();
    world.put_on_path(&bin);
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    let spec = "kind: scribe\nprogram: scribe\nflags:\n  value: [--id]\n  id: [--id]\nstart:\n  \
                preset: [--id, \"{id}\"]\n  resume: [--id, \"{id}\"]\n\
                environment:\n  scrub: [SCRIBE]\ntranscript:\n  unknowable: nobody knows\n";
    std::fs::write(agents.join("scribe.yaml"), spec).unwrap();
}

#[test]
fn an_agents_note_is_signed_with_its_conversation_also_in_a_locked_tab() {
    let mut world = World::new();
    scribe(&mut world);
    let folder = world.workspace("api");
    world.tabctl_in(&folder, ["new", "api", "--agent", "scribe", "--detach"]).ok();
    world.shell_tab("other");
    world.tabctl(["lock", "api"]).ok();
    std::fs::write(
        folder.join("say.new"),
        "tabctl note --from-agent step 3 of 5 && SCRIBE=1 tabctl note later \\
         && SCRIBE=1 tabctl note --tab other for you",
    )
    .unwrap();
    std::fs::rename(folder.join("say.new"), folder.join("say")).unwrap();
    let said = world.wait_for("the agent's note", std::time::Duration::from_secs(20), || {
        std::fs::read_to_string(folder.join("said")).ok()
    });
    assert_eq!(said.trim(), "ended 0");
    world.tabctl(["note", "--tab", "api", "mine"]).ok();
    let notes = world.tabctl(["note", "--tab", "api", "--json"]).ok().json();
    let id = world.row("api")["session_id"].clone();
    assert_eq!(notes[0]["text"], "step 3 of 5");
    assert_eq!((&notes[0]["by"], &notes[0]["session_id"]), (&"scribe".into(), &id));
    assert_eq!((&notes[1]["by"], &notes[1]["session_id"]), (&"scribe".into(), &id));
    let none = &serde_json::Value::Null;
    assert_eq!((&notes[2]["by"], &notes[2]["session_id"]), (&"person".into(), none));
    let others = world.tabctl(["note", "--tab", "other", "--json"]).ok().json();
    assert_eq!((&others[0]["by"], &others[0]["session_id"]), (&"scribe".into(), none));
    let start = &id.as_str().unwrap()[..8];
    let shown = world.tabctl(["show", "api"]).ok().stdout;
    assert!(shown.contains(&format!("scribe (agent, conversation {start}…)")), "{shown}");
}

#[test]
fn nobody_signs_as_an_agent_but_an_agent() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let run = world.tabctl_in(&folder, ["note", "--from-agent", "x"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("no agent of a tab"), "{run}");
    let pane = world.pane("api");
    world.type_line(&pane, "tabctl note --from-agent x; echo ended $?");
    world.wait_for_text(&pane, "ended 2");
    assert_eq!(world.row("api")["notes"], 0);
}

#[test]
fn one_note_is_done_and_the_others_stay() {
    let world = World::new();
    let folder = world.shell_tab("api");
    for text in ["one", "two", "three"] {
        world.tabctl_in(&folder, ["note", text]).ok();
    }
    assert!(world.tabctl_in(&folder, ["note"]).ok().stdout.contains("two\n  2  person"));
    let left = world.tabctl_in(&folder, ["note", "--done", "2", "--json"]).ok().json();
    let texts: Vec<_> = left.as_array().unwrap().iter().map(|note| &note["text"]).collect();
    assert_eq!(texts, ["one", "three"]);
    for number in ["0", "3"] {
        world.tabctl_in(&folder, ["note", "--done", number]).fails_with(Kind::NotFound);
    }
    assert_eq!(world.row("api")["notes"], 2);
}
