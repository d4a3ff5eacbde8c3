//! `tabctl new`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_new_tab_has_a_window_an_agent_and_a_record() {
    let world = World::new();
    let folder = world.workspace("api");
    let dir = folder.display().to_string();
    let args = ["new", "api", "--agent", "demo", "--task", "fix it", "--tag", "b", "--tag", "a"];
    let line = [&args[..], &["--detach", "--dir", &dir, "--", "--model", "tiny"]].concat();
    let said = world.tabctl(&line).ok().stdout;
    assert!(said.contains("made api in pane %"), "{said}");
    let row = world.row("api");
    assert_eq!((&row["agent"], &row["task"]), (&"demo".into(), &"fix it".into()));
    assert_eq!(row["tags"], serde_json::json!(["a", "b"]));
    assert_eq!(row["workspace"], dir.as_str());
    let pane = world.pane("api");
    world.wait_for_text(&pane, "demo agent (tiny), conversation");
    assert!(world.screen(&pane).contains(row["session_id"].as_str().unwrap()));
    let window = world.tmux(["display-message", "-p", "-t", &pane, "#{window_name}"]).ok().stdout;
    assert_eq!(window.trim(), "api");
    let file = world.session_file("api");
    assert!(file.starts_with('#'), "the file explains itself:\n{file}");
    for expected in ["tab: api", "kind: demo", "task: fix it", "directory: '.'"] {
        assert!(file.contains(expected), "{expected}\n{file}");
    }
}

#[test]
fn the_agent_runs_in_the_folder_with_the_tab_in_its_environment() {
    let world = World::new();
    let folder = world.shell_tab("box");
    let pane = world.pane("box");
    world.type_line(&pane, "echo \"in=$PWD tab=$TABCTL_TAB\"");
    let id = world.row("box")["id"].as_str().unwrap().to_owned();
    world.wait_for_text(&pane, &format!("in={} tab={id}", folder.display()));
}

#[test]
fn a_name_that_is_taken_is_refused_and_both_places_are_named() {
    let world = World::new();
    world.shell_tab("api");
    let other = world.workspace("other");
    let run = world.tabctl_in(&other, ["new", "api", "--detach"]).fails_with(Kind::Clash);
    assert!(run.stderr.contains("work/api"), "{run}");
    assert!(!other.join(".session.yaml").exists());
}

#[test]
fn a_name_that_could_do_harm_is_refused() {
    let world = World::new();
    for name in ["a#(touch x)", "$(touch x)", "a;b", "", "a\nb", "a\u{1b}[31m", "%F{red}", "."] {
        let run = world.tabctl(["new", "--detach", "--", name]);
        assert_ne!(run.status, Some(0), "{name:?}");
        let run = world.tabctl(["new", name, "--detach"]).fails_with(Kind::Usage);
        assert!(!run.stderr.contains('\u{1b}'), "{run}");
    }
    assert!(world.rows().is_empty());
}

#[test]
fn an_agent_that_is_not_there_is_said_and_nothing_is_left() {
    let world = World::new();
    let run = world.tabctl(["new", "x", "--agent", "claud", "--detach"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("claude"), "the nearest name is offered: {run}");
    let mut world = world;
    world.set("PATH", "/nonexistent");
    let run = world.tabctl(["new", "x", "--agent", "demo", "--detach"]);
    assert_ne!(run.status, Some(0), "{run}");
    assert!(world.rows().is_empty());
    assert!(!world.home().join(".session.yaml").exists());
}

#[test]
fn without_tmux_it_says_so_and_leaves_nothing() {
    let mut world = World::new();
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    world.set("PATH", bin);
    let run = world.tabctl(["new", "x", "--detach"]);
    assert_ne!(run.status, Some(0));
    assert!(run.stderr.contains("tmux"), "{run}");
    assert!(!world.home().join(".session.yaml").exists());
}

#[test]
fn several_tabs_share_a_folder_each_with_a_file_of_its_own() {
    let world = World::new();
    let folder = world.workspace("api");
    for name in ["one", "two", "Two"] {
        world.tabctl_in(&folder, ["new", name, "--detach"]).ok();
    }
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, [".session.two-2.yaml", ".session.two.yaml", ".session.yaml"]);
    assert_eq!(world.rows().len(), 3);
    let run = world.tabctl_in(&folder, ["task"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("one") && run.stderr.contains("two"), "{run}");
}

#[test]
fn inside_tmux_the_new_window_opens_in_the_same_session() {
    let world = World::new();
    world.tmux(["new-session", "-d", "-s", "mine", "-x", "120", "-y", "30"]).ok();
    let pane = world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout;
    let folder = world.workspace("api");
    world.tabctl_from_pane(pane.trim(), &folder, ["new", "api", "--detach"]).ok();
    assert_eq!(world.row("api")["place"]["session"], "mine");
}

#[test]
fn json_has_the_row_and_what_came_of_it() {
    let world = World::new();
    let made = world.tabctl(["new", "x", "--json"]).ok().json();
    assert_eq!(made["made"]["tab"], "x");
    assert_eq!(made["outcome"]["outcome"], "runs");
}

#[test]
fn an_agent_that_ends_at_once_is_a_failure_with_its_last_words() {
    let world = World::new();
    let line = ["new", "x", "--agent", "demo", "--detach", "--", "--no-such-flag"];
    let run = world.tabctl(line).fails_with(Kind::AgentFailed);
    assert!(run.stdout.contains("no-such-flag"), "{run}");
}

#[test]
fn its_task_and_tags_pass_the_same_filters_as_later_ones() {
    let world = World::new();
    let new = ["new", "x", "--detach"];
    world.tabctl([&new[..], &["--tag", "a\u{1b}[31m"]].concat()).fails_with(Kind::Usage);
    world.tabctl([&new[..], &["--task", " \u{7}"]].concat()).fails_with(Kind::Usage);
    assert!(world.rows().is_empty());
    world.tabctl([&new[..], &["--task", "fix\u{1b}\n  it"]].concat()).ok();
    assert_eq!(world.row("x")["task"], "fix it");
}
