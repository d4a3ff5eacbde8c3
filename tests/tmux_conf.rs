//! `tabctl tmux-conf`

use std::time::Duration;

use crate::support::terminal::Terminal;
use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the lines as a person's tmux.conf would.
#[track_caller]
fn read(world: &World, args: &[&str]) {
    let lines = world.tabctl([&["tmux-conf"], args].concat()).ok().stdout;
    let file = world.path("tmux.conf");
    std::fs::write(&file, lines).unwrap();
    let run = world.tmux(["source-file", file.to_str().unwrap()]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

fn option(world: &World, name: &str) -> String {
    world.tmux(["show-options", "-gv", name]).ok().stdout.trim_end().to_owned()
}

const FORMATS: [&str; 3] = ["window-status-format", "window-status-current-format", "status-right"];

#[test]
fn it_adds_to_the_users_own_formats_and_never_twice() {
    let world = World::new();
    world.demo_tab("api");
    let own =
        ["MINE #I:#W#{?window_flags,#{window_flags}, }", "#[fg=red]NOW #W", "%H:%M #(true) #h"];
    for (name, own) in FORMATS.iter().zip(own) {
        world.tmux(["set-option", "-g", name, own]).ok();
    }
    let room: u32 = option(&world, "status-right-length").parse().unwrap();
    (0..3).for_each(|_| read(&world, &[]));
    for (name, own) in FORMATS.iter().zip(own) {
        let now = option(&world, name);
        assert!(now.starts_with(own), "{name}: {now}");
        assert_eq!(now.matches("?@tabctl_").count() + now.matches("?#{P:").count(), 1, "{now}");
        assert!(!now[own.len()..].contains("#("), "{now}");
    }
    assert_eq!(option(&world, "status-right-length"), (room + 12).to_string());
}

#[test]
fn a_theme_that_names_the_options_itself_is_left_alone() {
    let world = World::new();
    world.demo_tab("api");
    let own = ["#W #{@tabctl_glyph}", "#[bold]#W #{@tabctl_glyph}", "#{@tabctl_status} %H:%M"];
    for (name, own) in FORMATS.iter().zip(own) {
        world.tmux(["set-option", "-g", name, own]).ok();
    }
    read(&world, &[]);
    for (name, own) in FORMATS.iter().zip(own) {
        assert_eq!(option(&world, name), own);
    }
}

#[test]
fn a_person_sees_it_in_the_status_line() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    read(&world, &[]);
    world.says("api", "attention");
    let mut terminal = Terminal::attached(&world, &world.pane("web"));
    terminal.read_to(":api- !");
    world.says("web", "thinking");
    terminal.read_to(":web* ●");
    terminal.read_to("1! 1●");
}

#[test]
fn its_keys_go_to_who_needs_you_and_back() {
    let mut world = World::new();
    world.set("TABCTL_NOTIFY", "off");
    for tab in ["one", "two", "three"] {
        world.demo_tab(tab);
    }
    read(&world, &[]);
    let (one, three) = (world.pane("one"), world.pane("three"));
    let mut terminal = Terminal::attached(&world, &one);
    let looks_at = |pane: &str| {
        world.wait_until(&format!("a look at {pane}"), PATIENCE, || {
            world.tmux(["list-clients", "-F", "#{pane_id}"]).stdout.trim() == pane
        });
    };
    terminal.type_bytes(b"\x02N");
    terminal.read_to("no other tab needs you");
    world.says("three", "attention");
    terminal.type_bytes(b"\x02N");
    looks_at(&three);
    terminal.type_bytes(b"\x02B");
    looks_at(&one);
    terminal.type_bytes(b"\x02B");
    terminal.read_to("nowhere to go back to");
}

#[test]
fn keys_can_be_left_out() {
    let world = World::new();
    world.demo_tab("api");
    read(&world, &["--no-keys"]);
    assert!(option(&world, "status-right").contains("@tabctl_status"));
    let keys = || world.tmux(["list-keys", "-T", "prefix"]).ok().stdout;
    assert!(!keys().contains("tabctl"));
    read(&world, &[]);
    for key in ["tabctl pick", "tabctl next", "tabctl back"] {
        assert!(keys().contains(key), "{key}");
    }
}

#[test]
fn who_has_turned_it_off_is_told_so() {
    let mut world = World::new();
    world.set("TABCTL_TMUX_PRESENCE", "false");
    let run = world.tabctl(["tmux-conf"]).ok();
    assert!(run.stderr.contains("tmux_presence is off"), "{run}");
}

#[test]
fn the_lines_of_the_readme_work_as_they_stand_there() {
    let mut world = World::new();
    world.demo_tab("api");
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, section) = readme.split_once("## In tmux\n").unwrap();
    let (_, rest) = section.split_once("```sh\n").unwrap();
    let (lines, _) = rest.split_once("```").unwrap();
    let server = world.tmux(["display-message", "-p", "#{socket_path},#{pid},0"]).ok().stdout;
    world.set("TMUX", server.trim());
    Run::of(world.command("sh").args(["-ec", lines])).ok();
    assert!(option(&world, "window-status-format").contains("@tabctl_glyph"));
    assert!(world.home().join(".tmux.conf").exists());
}
