//! `tabctl status`

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn what_an_agent_says_is_what_is_shown() {
    let mut world = World::new();
    let folder = world.demo_tab("api");
    world.wait_until("the agent's first word", PATIENCE, || {
        world.tabctl(["status", "--tab", "api"]).ok().stdout == "idle\n"
    });
    world.set("CLAUDECODE", "1");
    for state in ["thinking", "idle", "attention"] {
        world.tabctl_in(&folder, ["status", state, "-m", "which one?"]).ok();
        assert_eq!(world.state("api"), state);
        let file = world.session_file("api");
        assert!(file.contains(&format!("state: {state}")), "{file}");
    }
    let status = world.tabctl(["status", "--tab", "api", "--json"]).ok().json();
    assert_eq!((&status["by"], &status["source"]), (&"claude".into(), &"said".into()));
    assert_eq!(status["reason"], "which one?");
}

#[test]
fn a_tab_knows_itself_in_its_own_shell() {
    let world = World::new();
    world.shell_tab("api");
    let pane = world.pane("api");
    world.type_line(&pane, "cd /; tabctl task from inside; echo said");
    world.wait_for_text(&pane, "said");
    world.wait_until("the task", PATIENCE, || world.row("api")["task"] == "from inside");
}

#[test]
fn a_dead_agent_is_not_believed() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    assert_eq!(world.state("api"), "thinking");
    world.kill_server();
    assert_eq!(world.state("api"), "down");
    let file = world.session_file("api");
    assert!(
        file.contains("state: thinking"),
        "what it did when it went down is remembered: {file}"
    );
    world.tabctl(["resume"]).ok();
    world.wait_until("the new process's own word", PATIENCE, || world.state("api") == "idle");
}

#[test]
fn only_three_states_can_be_said() {
    let world = World::new();
    world.shell_tab("api");
    for state in ["down", "missing", "done", "IDLE", "x"] {
        world.tabctl(["status", state, "--tab", "api"]).fails_with(Kind::Usage);
    }
    world.tabctl(["status", "idle"]).fails_with(Kind::NotFound);
}
