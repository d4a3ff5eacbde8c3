//! `tabctl reset`

#[cfg(target_os = "linux")] // /proc and mounts of one's own show what is looked for
mod hardship;

use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::agents::{self, CLAUDE};
use crate::support::{Mock, World};

const PATIENCE: Duration = Duration::from_mins(1);

/// The tab's session, as its file has it.
fn session(world: &World, tab: &str) -> Value {
    world.tabctl(["show", tab, "--json"]).ok().json()["session"].clone()
}

/// The agents of a world that live, by their command lines.
fn holders(world: &World, id: &str) -> usize {
    let all = world.processes().into_iter();
    // The one that takes the terminal for it has the same words until it has become the agent.
    all.filter(|it| it.command.contains("demo-agent") && it.command.contains(id)).count()
}

fn noted(world: &World) {
    world.tabctl(["task", "--tab", "api", "mend the pump"]).ok();
    world.tabctl(["note", "--tab", "api", "first\nsecond line"]).ok();
    world.tabctl(["note", "--tab", "api", "another"]).ok();
    world.tabctl(["tag", "--tab", "api", "wip", "pump"]).ok();
}

#[test]
fn a_fresh_conversation_begins_and_the_old_one_comes_back_with_all_that_was_put_away() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    noted(&world);
    let (before, pane) = (session(&world, "api"), world.pane("api"));
    let old = before["agent"]["session_id"].as_str().unwrap().to_owned();

    let run = world.tabctl(["reset", "api", "--keep", "task", "--yes"]).ok();
    assert!(run.stdout.contains("2 notes, 2 tags and the conversation"), "{run}");
    assert!(run.stdout.contains("tabctl reset api --back"), "{run}");
    let fresh = session(&world, "api");
    let new = fresh["agent"]["session_id"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    assert_eq!((&fresh["task"], &fresh["notes"]), (&before["task"], &Value::Null));
    assert_eq!(fresh["tags"], Value::Null);
    assert_eq!(fresh["agent"]["history"][0]["session_id"], old.as_str());
    assert_eq!(world.pane("api"), pane, "it stays where it was");
    // Its record is of the new conversation throughout: how it was begun and how it is gone on with.
    let line = |session: &Value, key: &str| {
        let argv = &session["agent"][key];
        if key == "launch" { argv["argv"].to_string() } else { argv.to_string() }
    };
    for key in ["launch", "resume"] {
        assert_eq!(line(&fresh, key), line(&before, key).replace(&old, &new), "{key}");
        assert!(line(&fresh, key).contains(&new), "{key}: {fresh:#}");
    }
    world.say("api", "bread", 1);
    assert!(!world.screen(&pane).contains("milk"), "{}", world.screen(&pane));
    assert_eq!((holders(&world, &old), holders(&world, &new)), (0, 1));
    let kept = world.tabctl(["snapshot", "api", "--list", "--json"]).ok().json();
    let kept = kept.as_array().unwrap().iter().find(|it| it["why"] == "reset").unwrap().clone();
    assert_eq!(kept["put_away"]["notes"], before["notes"]);
    assert_eq!(kept["session_id"], old.as_str());
    let log = world.tabctl(["log", "api", "--json"]).ok().json();
    let reset = log.as_array().unwrap().iter().find(|line| line["what"] == "reset").unwrap();
    assert_eq!(
        (&reset["actor"]["kind"], &reset["with"]["session_id"]),
        (&"person".into(), &old.clone().into())
    );

    world.tabctl(["note", "--tab", "api", "of the fresh one"]).ok();
    let run = world.tabctl(["reset", "api", "--back", "--yes", "--json"]).ok().json();
    assert_eq!(
        (&run["session_id"], &run["resumed"]["result"]["outcome"]),
        (&old.clone().into(), &"recovered".into())
    );
    let back = session(&world, "api");
    assert_eq!(back["agent"]["session_id"], old.as_str());
    for key in ["launch", "resume"] {
        assert_eq!(line(&back, key), line(&before, key), "{key}");
    }
    let ids: Vec<&Value> =
        back["agent"]["history"].as_array().unwrap().iter().map(|it| &it["session_id"]).collect();
    assert!(ids.contains(&&new.clone().into()), "{ids:?}");
    assert_eq!((&back["task"], &back["tags"]), (&before["task"], &before["tags"]));
    let notes: Vec<&Value> =
        back["notes"].as_array().unwrap().iter().map(|it| &it["text"]).collect();
    assert_eq!(notes, ["of the fresh one", "first\nsecond line", "another"]);
    world.wait_for_text(&world.pane("api"), "milk");
    world.say("api", "eggs", 2);
    assert_eq!((holders(&world, &old), holders(&world, &new)), (1, 0));
}

#[test]
fn what_is_locked_or_at_work_or_answered_by_nobody_is_left_alone() {
    let mut world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    noted(&world);
    let before = world.session_file("api");
    let refused = |args: &[&str], kind: Kind| {
        let run = world.tabctl([&["reset", "api"], args].concat()).fails_with(kind);
        assert_eq!(world.session_file("api"), before, "{run}");
        run
    };
    refused(&[], Kind::NeedsAnswer);
    refused(&["--back", "--yes"], Kind::NotFound);
    refused(&["--back", "--session-id", "../x", "--yes"], Kind::NotFound);
    refused(&["--keep", "tab", "--yes"], Kind::Usage);
    world.tabctl(["lock", "api"]).ok();
    let before = world.session_file("api");
    world.tabctl(["reset", "api", "--yes"]).fails_with(Kind::Locked);
    assert_eq!(world.session_file("api"), before);
    world.tabctl(["unlock", "api"]).ok();
    // The agent says so itself.
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    let run = world.tabctl(["reset", "api", "--yes"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("--force"), "{run}");
    world.set("CLAUDECODE", "1");
    world.tabctl(["reset", "api", "--yes", "--force"]).fails_with(Kind::NeedsAnswer);
    world.unset("CLAUDECODE");
    let old = world.conversation("api");
    world.tabctl(["reset", "api", "--yes", "--force"]).ok();
    assert_ne!(world.conversation("api"), old);
    world.shell_tab("web");
    world.tabctl(["reset", "web", "--yes"]).fails_with(Kind::Usage);
    world.tabctl(["reset", "nobody", "--yes"]).fails_with(Kind::NotFound);
}

#[test]
fn a_tab_that_is_down_or_whose_agent_was_quit_is_reset_too() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    let first = world.conversation("api");
    world.reboot();
    world.tabctl(["reset", "api", "--yes"]).ok();
    let second = world.conversation("api");
    assert_ne!(first, second);
    world.say("api", "bread", 1);
    world.type_line(&world.pane("api"), "exit");
    world.wait_until("the shell", PATIENCE, || world.state("api") == "shell");
    let pane = world.pane("api");
    world.tabctl(["reset", "api", "--yes"]).ok();
    let third = world.conversation("api");
    assert!(third != second && third != first && world.pane("api") == pane);
    // Any of those that it had, not the last only.
    world.tabctl(["reset", "api", "--back", "--session-id", &first, "--yes"]).ok();
    world.wait_for_text(&world.pane("api"), "milk");
    assert_eq!(world.conversation("api"), first);
    let listed = session(&world, "api")["agent"]["history"].to_string();
    assert!(listed.contains(&second) && listed.contains(&third), "{listed}");
}

#[test]
fn a_person_is_asked_what_stays() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    noted(&world);
    let open = ["new-session", "-d", "-P", "-F", "#{pane_id}", "/bin/sh", "-i"];
    let pane = world.tmux(open).ok().stdout.trim().to_owned();
    world.type_line(&pane, "tabctl reset api; echo \"code=$?\"");
    for (question, answer) in [("its task?", "y"), ("its notes?", "n"), ("its tags?", "y")] {
        world.wait_for_text(&pane, question);
        world.tmux(["send-keys", "-t", &pane, answer]).ok();
    }
    world.wait_for_text(&pane, "Put away 2 notes and the conversation of api?");
    world.tmux(["send-keys", "-t", &pane, "y"]).ok();
    world.wait_for_text(&pane, "code=0");
    let session = session(&world, "api");
    assert_eq!((&session["task"], &session["notes"]), (&"mend the pump".into(), &Value::Null));
    assert_eq!(session["tags"], serde_json::json!(["pump", "wip"]));
}

#[test]
fn the_real_claude_begins_anew_and_remembers_when_it_is_brought_back() {
    let Some(programs) = agents::folder() else { return };
    let mut world = World::new();
    let folder = world.workspace("api");
    let mock = Mock::start(&world, &folder);
    agents::settle(&mut world, &mock, &programs);
    let new = ["new", "api", "--agent", "claude", "--detach", "--"];
    world.tabctl_in(&folder, [&new[..], CLAUDE.flags].concat()).ok();
    let say = |prompt: &str| {
        let pane = world.pane("api");
        world.wait_for_text(&pane, CLAUDE.ready);
        let answered = || mock.turns().iter().any(|turn| turn.prompt.contains(prompt));
        world.wait_until("the turn to be asked", PATIENCE, || {
            world.wait_for_quiet(&pane);
            if !answered() {
                world.type_line(&pane, prompt);
                world.wait_for_quiet(&pane);
            }
            answered()
        });
        world.wait_until("the end of the turn", PATIENCE, || world.state("api") == "idle");
        world.wait_for_quiet(&pane);
    };
    say("remember alpha");
    let old = world.conversation("api");

    world.tabctl(["reset", "api", "--yes"]).ok();
    assert_ne!(world.conversation("api"), old);
    say("remember beta");
    let recalled = |items: u64, text: &str| {
        say("[[recall]]");
        let turns = mock.turns();
        let turn = turns.iter().rfind(|turn| turn.answer.starts_with("RECALL")).unwrap();
        assert!(turn.answer.contains(text) && turn.items == items, "{turn:?}");
    };
    recalled(3, "RECALL 2 prompts: remember beta //");

    world.tabctl(["reset", "api", "--back", "--yes"]).ok();
    assert_eq!(world.conversation("api"), old);
    let pane = world.pane("api");
    world.wait_for_text(&pane, "remember alpha");
    say("remember gamma");
    let turns = mock.turns();
    let last = turns.last().unwrap();
    assert!(last.prompt.contains("remember gamma") && last.items == 3, "{last:?}");
    let command =
        world.processes().into_iter().find(|it| it.command.contains(&old)).unwrap().command;
    assert!(command.contains(&CLAUDE.flags.join(" ")), "{command}");
}
