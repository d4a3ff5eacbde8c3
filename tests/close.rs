//! `tabctl close`

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn closing_ends_the_agent_and_keeps_the_record() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let run = world.tabctl(["close", "api"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("--yes"), "{run}");
    let lives = || world.state("api") == "idle";
    world.wait_until("it, not closed without a yes", Duration::from_secs(10), lives);
    world.tabctl(["close", "api", "--yes"]).ok();
    world.wait_until("the agent's end", Duration::from_secs(10), || {
        world.processes().iter().all(|process| !process.command.contains("demo-agent"))
    });
    assert_eq!(world.state("api"), "down");
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "I will remember \"hello\"");
}

#[test]
fn an_empty_prompt_closes_without_a_question() {
    let world = World::new();
    world.shell_tab("api");
    let closed = world.tabctl(["close", "api", "--json"]).ok().json();
    assert_eq!(closed["closed"], "api");
    world.tabctl(["close", "api"]).fails_with(Kind::NotFound);
}

#[test]
fn an_open_tab_whose_file_is_broken_or_gone_can_be_closed_and_removed() {
    let world = World::new();
    let (broken, lost, gone) =
        (world.shell_tab("broken"), world.shell_tab("lost"), world.shell_tab("gone"));
    std::fs::write(broken.join(".session.yaml"), "tab: [\n").unwrap();
    std::fs::remove_file(lost.join(".session.yaml")).unwrap();
    std::fs::remove_dir_all(gone).unwrap();
    for tab in ["broken", "lost", "gone"] {
        world.tabctl(["close", tab]).ok();
        world.wait_until("the pane to close", Duration::from_secs(10), || {
            world.row(tab)["pane"].is_null()
        });
        world.tabctl(["rm", tab, "--yes"]).ok();
    }
    assert!(world.rows().is_empty());
}
