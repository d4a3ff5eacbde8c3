//! `tabctl kill`

use std::time::Duration;

use tabctl::error::Kind;

use crate::run::{PATIENCE, job, long, nothing_left, start};
use crate::support::World;

/// Starts so many processes of each kind: plain ones, those that do not hear, those in sessions of their
/// own, and those whose parents are gone; then waits.
const TREE: &str = "i=0; while [ $i -lt COUNT ]; do i=$((i+1)); sleep 1000 & \
    setsid sleep 1000 & (setsid sh -c 'sleep 1000; :' &) ; \
    sh -c 'trap \"\" TERM HUP; while :; do sleep 1000; done' & done; echo ready; wait";

#[cfg(target_os = "linux")] // elsewhere orphans go where nobody finds them
#[test]
fn nothing_is_left_of_a_tree_of_fifty_processes() {
    let world = World::new();
    for round in 0..if long() { 20 } else { 1 } {
        let name = format!("tree{round}");
        start(&world, &name, &TREE.replace("COUNT", "9"));
        world.wait_until("the tree to stand", PATIENCE, || {
            world.tabctl(["output", &name]).ok().stdout == "ready\n"
        });
        let sleepers = || world.processes().iter().filter(|it| it.command == "sleep 1000").count();
        world.wait_until("all to sleep", PATIENCE, || sleepers() == 36);
        let killed = world.tabctl(["kill", &name, "--yes", "--json"]).ok().json();
        assert!(killed[0]["processes"].as_u64().unwrap() >= 50, "{killed}");
        nothing_left(&world);
        assert_eq!(job(&world, &name)["state"], "killed");
        assert_eq!(world.tabctl(["wait", &name]).status, Some(143));
    }
}

#[test]
fn it_asks_by_name_and_kills_nothing_without_a_yes() {
    let world = World::new();
    start(&world, "job", "sleep 100");
    let asked = world.tabctl(["kill", "job"]).fails_with(Kind::NeedsAnswer);
    assert!(asked.stderr.contains("--yes"), "{asked}");
    assert_eq!(job(&world, "job")["state"], "running");
    // All of them are looked for before one is ended.
    let unknown = world.tabctl(["kill", "job", "jbo", "--yes"]).fails_with(Kind::NotFound);
    assert!(unknown.stderr.contains("did you mean 'job'?"), "{unknown}");
    assert_eq!(job(&world, "job")["state"], "running");
    world.tabctl(["kill", "job", "--yes"]).ok();
    let over = world.tabctl(["kill", "job", "--yes"]).fails_with(Kind::NotFound);
    assert!(over.stderr.contains("nothing of 'job' runs: it is killed"), "{over}");
}

#[test]
fn what_is_started_while_it_ends_is_ended_and_not_counted() {
    let world = World::new();
    // Ends its sleep and goes on, until it is ended itself five seconds later.
    start(
        &world,
        "job",
        "trap '' TERM; echo ready; while :; do sh -c 'trap - TERM; sleep 0.3'; done",
    );
    world.wait_until("it to run", PATIENCE, || {
        world.tabctl(["output", "job"]).ok().stdout == "ready\n"
    });
    let killed = world.tabctl(["kill", "job", "--yes", "--json"]).ok().json();
    let count = killed[0]["processes"].as_u64().unwrap();
    assert!((1..=3).contains(&count), "{count} at one time");
    nothing_left(&world);
}

#[test]
fn another_signal_is_only_sent() {
    let world = World::new();
    let line = "trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done";
    start(&world, "job", line);
    let told = |text: &str| {
        world.wait_until(text, PATIENCE, || {
            world.tabctl(["output", "job"]).ok().stdout.contains(text)
        });
    };
    told("ready");
    let sent = world.tabctl(["kill", "job", "--signal", "sighup", "--yes"]).ok();
    assert!(sent.stderr.contains("HUP sent to"), "{sent}");
    told("hup");
    assert_eq!(job(&world, "job")["state"], "running");
    world.tabctl(["kill", "job", "--signal", "9", "--yes"]).ok();
    assert_eq!(world.tabctl(["wait", "job"]).status, Some(137));
    world.tabctl(["kill", "job", "--signal", "nothing", "--yes"]).fails_with(Kind::Usage);
}

#[test]
fn what_a_person_started_is_killed_and_cleared_by_a_person() {
    let mut world = World::new();
    start(&world, "persons", "sleep 100");
    world.set("CLAUDECODE", "1");
    start(&world, "agents", "sleep 100");
    assert_eq!(job(&world, "agents")["by"]["kind"], "agent");
    let refused = world.tabctl(["kill", "persons", "--yes"]).fails_with(Kind::NeedsAnswer);
    assert!(
        refused.stderr.contains("claude may not kill a job that a person started"),
        "{refused}"
    );
    world.tabctl(["kill", "agents", "--yes"]).ok();
    world.unset("CLAUDECODE");
    world.tabctl(["kill", "persons", "--yes"]).ok();
    world.set("CLAUDECODE", "1");
    let cleared = world.tabctl(["clear", "--yes", "--json"]).ok();
    assert_eq!(cleared.json()["cleared"], serde_json::json!(["agents"]));
    assert!(cleared.stderr.contains("1 job of a person"), "{cleared}");
    assert_eq!(job(&world, "persons")["state"], "killed");
}

#[test]
fn a_tabs_agent_ends_and_the_tab_stays_with_a_shell() {
    let mut world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let pane = world.pane("api");
    world.tabctl(["kill", "api"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["lock", "api"]).ok();
    world.tabctl(["kill", "api", "--yes"]).fails_with(Kind::Locked);
    world.tabctl(["unlock", "api"]).ok();
    world.set("CLAUDECODE", "1");
    world.tabctl(["kill", "api", "--yes"]).fails_with(Kind::NeedsAnswer);
    world.unset("CLAUDECODE");
    assert_eq!(world.state("api"), "idle", "it was not killed yet");
    world.tabctl(["kill", "api", "--yes"]).ok();
    assert!(world.processes().iter().all(|process| !process.command.contains("demo-agent")));
    assert_eq!((world.state("api").as_str(), world.pane("api")), ("shell", pane));
    let log = world.tabctl(["log", "api"]).ok().stdout;
    assert!(log.contains("killed") && log.contains("signal=TERM"), "{log}");
    let nothing = world.tabctl(["kill", "api", "--yes"]).fails_with(Kind::NotFound);
    assert!(nothing.stderr.contains("nothing runs in 'api'"), "{nothing}");
    world.tabctl(["resume", "api"]).ok();
    world.wait_for_text(&world.pane("api"), "I will remember \"hello\"");
}

#[test]
fn the_command_in_a_tabs_shell_ends_and_the_shell_stays() {
    let world = World::new();
    world.shell_tab("api");
    let pane = world.pane("api");
    world.type_line(&pane, "sleep 1000; echo sl''ept");
    world.wait_until("it to run", PATIENCE, || world.state("api") == "running");
    world.tabctl(["kill", "api", "--yes"]).ok();
    world.wait_for_text(&pane, "slept");
    world.wait_until("the prompt", Duration::from_secs(10), || world.state("api") == "shell");
}

#[test]
fn a_job_can_end_itself() {
    let world = World::new();
    start(&world, "job", "sleep 1000 & tabctl kill $TABCTL_JOB --yes --json; sleep 1000");
    assert_eq!(world.tabctl(["wait", "job", "--timeout", "30s"]).status, Some(143));
    nothing_left(&world);
    let told = world.tabctl(["output", "job"]).ok().stdout;
    assert!(told.contains("\"processes\": 2"), "{told}");
}

#[test]
fn a_name_of_two_things_means_neither() {
    let world = World::new();
    start(&world, "api", "sleep 100");
    world.shell_tab("api");
    let both = world.tabctl(["kill", "api", "--yes"]).fails_with(Kind::Clash);
    let id = job(&world, "api")["id"].as_str().unwrap().to_owned();
    assert!(both.stderr.contains(&id), "{both}");
    world.tabctl(["output", "api"]).fails_with(Kind::Clash);
    world.tabctl(["kill", &id, "--yes"]).ok();
    assert_eq!(job(&world, "api")["state"], "killed");
}
