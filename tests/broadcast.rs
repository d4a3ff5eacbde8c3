//! `tabctl broadcast`

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::World;

#[test]
fn it_reaches_those_that_match_and_says_why_it_did_not_reach_others() {
    let world = World::new();
    for tab in ["one", "two", "asks"] {
        world.demo_tab(tab);
    }
    world.shell_tab("shell");
    world.tabctl(["tag", "--tab", "two", "web"]).ok();
    world.tabctl(["broadcast", "hello"]).fails_with(Kind::NeedsAnswer);
    assert!(!world.screen(&world.pane("one")).contains("hello"), "nobody said yes");
    world.tabctl(["broadcast", "--yes", "--filter", "tag=web", "only you"]).ok();
    world.wait_for_text(&world.pane("two"), "(1) I will remember \"only you\"");
    assert!(!world.screen(&world.pane("one")).contains("only you"));
    world.tabctl(["status", "attention", "--tab", "asks"]).ok();
    let run = world.tabctl(["broadcast", "--yes", "all of you"]).fails_with(Kind::Partial);
    world.wait_for_text(&world.pane("one"), "(1) I will remember \"all of you\"");
    world.wait_for_text(&world.pane("two"), "(2) \"all of you\"");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "a shell takes no text: {run}");
    let line = |tab: &str| lines.iter().find(|line| line.contains(tab)).copied().unwrap();
    assert!(
        line("one").starts_with('✓')
            && (line("two").contains("delivered") || line("two").contains("seen")),
        "{run}"
    );
    assert!(line("asks").starts_with('✗') && line("asks").contains("waits for an answer"), "{run}");
    assert!(run.stderr.contains("1 of 3 were not reached"), "{run}");
    let told =
        world.tabctl(["broadcast", "--yes", "--json", "once more"]).fails_with(Kind::Partial);
    let told = told.json();
    let of = |tab: &str| -> Value {
        told.as_array().unwrap().iter().find(|one| one["tab"] == tab).unwrap().clone()
    };
    let outcome = of("one")["outcome"].clone();
    assert!(outcome == "delivered" || outcome == "seen", "{outcome}");
    assert!(of("asks")["why"].is_string() && of("asks")["outcome"].is_null());
    world.tabctl(["broadcast", "--yes", "--filter", "tab=nobody", "x"]).fails_with(Kind::NotFound);
}
