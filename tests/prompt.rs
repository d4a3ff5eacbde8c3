//! `tabctl prompt`

use serde_json::json;
use tabctl::error::Kind;

use crate::support::inside::store;
use crate::support::{Run, World};

#[test]
fn it_prints_what_a_shell_shows() {
    let world = World::new();
    let folder = world.shell_tab("api");
    assert_eq!(world.tabctl(["prompt", "api"]).ok().stdout, "[$ api]\n");
    world.tabctl(["lock", "api"]).ok();
    let other = world.workspace("web");
    world.tabctl_in(&other, ["new", "web", "--detach"]).ok();
    let web = world.row("web")["id"].as_str().unwrap().parse().unwrap();
    store(&world).mark(web, true).unwrap();
    assert_eq!(world.tabctl(["prompt", "api"]).ok().stdout, "[$ api ⚿ 1!]\n");
    let told = world.tabctl(["prompt", "api", "--json"]).ok().json();
    assert_eq!(told, json!({"tab": "api", "state": "shell", "locked": true, "others": ["web"]}));
    // In a tab it is that tab; in none, it is the number alone.
    let mut command = world.command("tabctl");
    command.arg("prompt").current_dir(&folder).env("TABCTL_TAB", world.row("api")["id"].as_str().unwrap());
    assert_eq!(Run::of(&mut command).ok().stdout, "[$ api ⚿ 1!]\n");
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "[1!]\n");
    store(&world).mark(web, false).unwrap();
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "");
}

#[test]
fn a_format_says_what_is_printed() {
    let world = World::new();
    world.shell_tab("api");
    let printed = |format: &str| world.tabctl(["prompt", "api", "--format", format]).ok().stdout;
    assert_eq!(printed("{tab}: {state} {lock} {others}"), "api: shell\n");
    assert_eq!(printed("{names}"), "");
    let bar: serde_json::Value = serde_json::from_str(&printed("waybar")).unwrap();
    assert_eq!(bar, json!({"text": "$ api", "tooltip": "", "class": "shell"}));
    let run = world.tabctl(["prompt", "api", "-f", "{colour}"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("{colour}") && run.stderr.contains("{glyph} {tab}"), "{run}");
    world.tabctl(["prompt", "other"]).fails_with(Kind::NotFound);
}

#[test]
fn it_asks_no_multiplexer_and_bears_broken_settings() {
    let mut world = World::new();
    world.shell_tab("api");
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    std::fs::write(world.path("config").join("config.yaml"), "prompt: [\n").unwrap();
    world.set("TABCTL_TAB", id);
    // With no program at all to be found.
    world.set("PATH", world.path("nothing"));
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "[$ api]\n");
}
