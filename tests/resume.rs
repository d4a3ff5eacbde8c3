//! `tabctl resume`

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn after_a_reboot_every_tab_has_its_own_conversation_again() {
    let world = World::new();
    let shared = world.workspace("shared");
    for (tab, model) in [("one", "m1"), ("two", "m2")] {
        let line = ["new", tab, "--agent", "demo", "--detach", "--", "--model", model];
        world.tabctl_in(&shared, line).ok();
        world.say(tab, &format!("said in {tab}"), 1);
    }
    world.shell_tab("plain");
    world.reboot();
    assert!(world.rows().iter().all(|row| row["status"]["state"] == "down"), "{:#?}", world.rows());
    world.tabctl(["resume"]).ok();
    for (tab, model) in [("one", "m1"), ("two", "m2")] {
        let pane = world.pane(tab);
        world.wait_for_text(&pane, &format!("demo agent ({model})"));
        world.wait_for_text(&pane, &format!("I will remember \"said in {tab}\""));
        world.say(tab, "more", 2);
        assert!(world.screen(&pane).contains(&format!("after \"said in {tab}\"")));
    }
    assert_eq!(world.state("plain"), "shell");
}

#[test]
fn tabs_come_back_where_they_stood() {
    let world = World::new();
    for tab in ["a", "b", "c"] {
        world.shell_tab(tab);
    }
    let places = |world: &World| -> Vec<_> {
        ["a", "b", "c"].iter().map(|tab| world.row(tab)["place"].clone()).collect()
    };
    let before = places(&world);
    world.reboot();
    world.tabctl(["resume"]).ok();
    assert_eq!(places(&world), before);
}

#[test]
fn a_second_resume_starts_nothing() {
    let world = World::new();
    world.demo_tab("api");
    world.reboot();
    world.tabctl(["resume"]).ok();
    let pane = world.pane("api");
    for _ in 0..3 {
        let done = world.tabctl(["resume", "--json"]).ok().json();
        assert_eq!(done[0]["action"], "lives");
    }
    assert_eq!(world.pane("api"), pane);
    assert_eq!(agents(&world), 1);
}

/// The demo agents that run in a world.
fn agents(world: &World) -> usize {
    world.processes().iter().filter(|process| process.command.contains("demo-agent")).count()
}

#[test]
fn fifty_resumes_at_once_start_one_agent() {
    let world = World::new();
    world.demo_tab("api");
    world.reboot();
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| world.tabctl(["resume", "api"]).ok());
        }
    });
    assert_eq!(agents(&world), 1);
    let panes = world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout;
    assert_eq!(panes.lines().count(), 1, "{panes}");
}

#[test]
fn a_dry_run_says_what_would_run_and_runs_nothing() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let id = world.row("api")["session_id"].as_str().unwrap().to_owned();
    world.reboot();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains(&format!("demo-agent --resume {id}")), "{plan}");
    assert!(plan.contains(&folder.file_name().unwrap().to_string_lossy().into_owned()), "{plan}");
    let steps = world.tabctl(["resume", "--dry-run", "--json"]).ok().json();
    assert_eq!(steps[0]["action"], "start");
    assert_eq!(agents(&world), 0);
    assert_eq!(world.state("api"), "down");
}

#[test]
fn a_lost_conversation_is_never_replaced_in_silence() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let id = world.row("api")["session_id"].as_str().unwrap().to_owned();
    world.reboot();
    std::fs::remove_dir_all(world.home().join(".local/state/tabctl-demo")).unwrap();
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains(&id) && run.stdout.contains("--fresh"), "{run}");
    assert_eq!(agents(&world), 0);
    assert_eq!(world.state("api"), "shell");
    assert_eq!(world.row("api")["session_id"], id.as_str(), "the id is kept");
    world.tabctl(["resume", "api", "--fresh"]).ok();
    world.wait_until("the agent", PATIENCE, || agents(&world) == 1);
    let shown = world.tabctl(["show", "api", "--json"]).ok().json();
    assert_ne!(shown["session"]["agent"]["session_id"], id.as_str());
    assert_eq!(shown["session"]["agent"]["history"][0]["session_id"], id.as_str());
}

#[test]
fn a_quit_agent_comes_back_into_its_own_pane_when_asked() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let pane = world.pane("api");
    world.type_line(&pane, "exit");
    world.wait_for_text(&pane, "tabctl resume");
    assert_eq!(world.state("api"), "shell");
    world.tabctl(["resume"]).ok();
    assert_eq!(agents(&world), 0, "what a person quit stays quit");
    world.tabctl(["resume", "api"]).ok();
    assert_eq!(world.pane("api"), pane);
    world.wait_for_text(&pane, "I will remember \"hello\"");
    assert_eq!(agents(&world), 1);
}

#[test]
fn restart_notes_are_shown_on_return() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    world.tabctl(["note", "--tab", "api", "run make check first"]).ok();
    world.reboot();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "note: run make check first");
}

#[test]
fn an_edited_resume_command_is_not_run_until_a_person_has_seen_it() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.say("api", "hello", 1);
    world.reboot();
    let path = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("resume"), "{text}");
    let mine = text.replace("--resume\n", "--model\n    - mine\n    - --resume\n");
    assert_ne!(mine, text, "{text}");
    std::fs::write(&path, &mine).unwrap();
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::NotTrusted);
    assert!(run.stdout.contains("tabctl trust"), "{run}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), mine, "nothing is written");
}

#[test]
fn a_moved_workspace_still_resumes() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.say("api", "hello", 1);
    world.reboot();
    let moved = folder.parent().unwrap().join("elsewhere");
    std::fs::rename(&folder, &moved).unwrap();
    assert_eq!(world.state("api"), "missing");
    world.tabctl(["doctor", "--scan", moved.parent().unwrap().to_str().unwrap()]).ok();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "I will remember \"hello\"");
    assert_eq!(world.row("api")["workspace"], moved.display().to_string());
}

#[test]
fn a_copied_workspace_never_takes_the_conversation() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.say("api", "hello", 1);
    let copy = world.workspace("copy");
    std::fs::copy(folder.join(".session.yaml"), copy.join(".session.yaml")).unwrap();
    let shown = world.tabctl_in(&copy, ["show"]).ok().stdout;
    assert!(shown.contains("a copy of"), "{shown}");
    let run = world.tabctl_in(&copy, ["resume", "."]);
    assert!(run.status != Some(0) || agents(&world) == 1, "{run}");
    assert_eq!(agents(&world), 1);
}

#[test]
fn a_quit_agent_comes_back_when_its_own_shell_asks() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let pane = world.pane("api");
    world.type_line(&pane, "exit");
    world.wait_for_text(&pane, "`tabctl resume api` brings it back");
    world.type_line(&pane, "tabctl ls | cat");
    world.wait_for_text(&pane, "$ shell");
    world.type_line(&pane, "tabctl resume api");
    world.wait_until("the agent", PATIENCE, || agents(&world) == 1);
    world.say("api", "more", 2);
    world.wait_until("its word that it lives", PATIENCE, || world.state("api") == "idle");
    world.tabctl(["resume", "api"]).ok();
    assert_eq!(agents(&world), 1);
    world.type_line(&pane, "exit");
    world.wait_until("the shell", PATIENCE, || world.state("api") == "shell");
}

#[test]
fn an_agent_that_outlives_its_pane_is_not_started_beside_itself() {
    let mut world = World::new();
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    let script = "#!/bin/sh\ntrap '' HUP TERM\nsleep 1000\n:\n";
    std::fs::write(bin.join("stubborn"), script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bin.join("stubborn"), mode).unwrap();
    world.put_on_path(&bin);
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    let spec = "kind: stubborn\nprogram: stubborn\nflags:\n  value: [--id]\n  id: [--id]\nstart:\n  \
                preset: [--id, \"{id}\"]\n  resume: [--id, \"{id}\"]\ntranscript:\n  unknowable: nobody knows\n";
    std::fs::write(agents.join("stubborn.yaml"), spec).unwrap();
    world.tabctl(["new", "api", "--agent", "stubborn", "--detach"]).ok();
    let lives = || world.processes().iter().filter(|p| p.command.contains("stubborn --id")).count();
    // What it is about to become something else looks like itself for a moment.
    world.wait_until("it to live alone", PATIENCE, || lives() == 1);
    // The command line of the tmux server ends in the same words.
    let is_runner = |p: &crate::support::processes::Process| {
        p.command.contains("tabctl runner") && !p.command.starts_with("tmux")
    };
    let runner = world.processes().into_iter().find(is_runner);
    crate::support::processes::kill(&runner.unwrap());
    world.wait_until("the pane to close", PATIENCE, || {
        world.tmux(["list-panes", "-a"]).stdout.trim().is_empty()
    });
    assert_eq!(lives(), 1, "it ignores that its terminal is gone");
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains("still lives"), "{run}");
    assert_eq!(lives(), 1);
}

#[test]
fn one_tab_that_fails_does_not_hold_up_the_others() {
    let world = World::new();
    for tab in ["a", "b", "c"] {
        world.shell_tab(tab);
    }
    let id = world.row("b")["id"].as_str().unwrap().to_owned();
    world.reboot();
    let order = world.path("run").join("orders").join(format!("{id}.json"));
    std::fs::remove_file(&order).unwrap();
    std::fs::create_dir(&order).unwrap();
    let run = world.tabctl(["resume"]).fails_with(Kind::Partial);
    assert!(run.stdout.contains("✗ b"), "{run}");
    assert_eq!([world.state("a"), world.state("c")], ["shell", "shell"]);
}
