//! Where tabs stand: session, index, window name, and the panes beside them.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(40);

/// The windows of a session, each as `index name` with its panes.
fn windows(world: &World, session: &str) -> Vec<String> {
    let format = "#{window_index} #{window_name} #{window_panes}";
    let listed = world.tmux(["list-windows", "-t", &format!("={session}"), "-F", format]).ok();
    listed.stdout.lines().map(str::to_owned).collect()
}

/// The panes of the window that `pane` stands in: size, place, folder, and whose they are.
fn panes(world: &World, pane: &str) -> Vec<String> {
    let format = "#{pane_width}x#{pane_height} #{pane_left},#{pane_top} #{pane_current_path} \
                  #{@tabctl_id}";
    let listed = world.tmux(["list-panes", "-t", pane, "-F", format]).ok();
    listed.stdout.lines().map(str::to_owned).collect()
}

/// Where a tab is recorded to stand.
fn recorded(world: &World, tab: &str) -> Value {
    world.tabctl(["show", tab, "--json"]).ok().json()["session"]["place"].clone()
}

/// Goes to a tab from its own pane, which also writes down where it stands.
fn go(world: &World, tab: &str) {
    let pane = world.pane(tab);
    world.tabctl_from_pane(&pane, &world.home(), ["attach", tab]).ok();
}

/// Opens a plain shell beside a pane; gives it.
fn beside(world: &World, pane: &str, how: &[&str], folder: &Path) -> String {
    let folder = folder.display().to_string();
    let mut words = vec!["split-window", "-d", "-P", "-F", "#{pane_id}", "-t", pane, "-c", &folder];
    words.extend(how);
    world.tmux(words).ok().stdout.trim().to_owned()
}

/// The folders of the panes, once each shell has entered its own.
#[track_caller]
fn wait_for_panes(world: &World, tab: &str, wanted: &[String]) {
    world
        .wait_until(&format!("{wanted:#?}"), PATIENCE, || panes(world, &world.pane(tab)) == wanted);
}

#[test]
fn a_changed_order_is_the_order_after_a_reboot() {
    let mut world = World::new();
    let conf = world.path("tmux.conf");
    std::fs::write(&conf, "set -g base-index 1\nset -g renumber-windows on\n").unwrap();
    world.set("TABCTL_TMUX_CONF", &conf);
    for tab in ["a", "b", "c"] {
        world.demo_tab(tab);
    }
    assert_eq!(windows(&world, "tabctl"), ["1 a 1", "2 b 1", "3 c 1"]);
    world.tmux(["new-window", "-d", "-a", "-t", "=tabctl:1", "-n", "mine", "sleep 600"]).ok();
    world.tmux(["swap-window", "-d", "-s", "=tabctl:4", "-t", "=tabctl:1"]).ok();
    world.tmux(["kill-window", "-t", "=tabctl:3"]).ok();
    let wanted = ["1 c 1", "2 mine 1", "3 a 1"];
    assert_eq!(windows(&world, "tabctl"), wanted);
    // Nobody tells tabctl: the runners of the tabs see it.
    for (tab, index) in [("a", 3), ("c", 1)] {
        let seen = || recorded(&world, tab)["index"] == index;
        world.wait_until("the record to follow", PATIENCE, seen);
    }
    world.reboot();
    world.tabctl(["resume", "a", "c"]).ok();
    assert_eq!(windows(&world, "tabctl"), ["1 c 1", "3 a 1"]);
}

/// Moves the window of a tab just before its agent ends; gives the index that is recorded then.
#[track_caller]
fn index_after_the_end(observe: &str, end: impl Fn(&World, &str)) -> Value {
    let mut world = World::new();
    world.set("TABCTL_OBSERVE", observe);
    let script = "trap 'exit 0' TERM; echo ready; while [ ! -e ~/over ]; do sleep 0.1; done";
    let line = ["new", "api", "--agent", "generic", "--detach", "--", "sh", "-c", script];
    world.tabctl(line).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, "ready");
    let pid = world.tmux(["display-message", "-p", "-t", &pane, "#{pane_pid}"]).ok().stdout;
    world.tmux(["move-window", "-d", "-s", "=tabctl:0", "-t", "=tabctl:6"]).ok();
    end(&world, pid.trim());
    world.wait_until("the shell", PATIENCE, || world.state("api") == "shell");
    recorded(&world, "api")["index"].clone()
}

#[test]
fn where_a_tab_stood_when_its_agent_ended_is_written_down() {
    for observe in ["proxy", "direct"] {
        let ended = |world: &World, _: &str| std::fs::write(world.home().join("over"), "").unwrap();
        assert_eq!(index_after_the_end(observe, ended), 6, "{observe}");
    }
}

#[test]
fn what_is_moved_about_while_all_is_told_to_end_is_not_written_down() {
    for observe in ["proxy", "direct"] {
        let told = |_: &World, runner: &str| {
            let runner = runner.parse().ok().and_then(rustix::process::Pid::from_raw).unwrap();
            rustix::process::kill_process(runner, rustix::process::Signal::TERM).unwrap();
        };
        assert_eq!(index_after_the_end(observe, told), 0, "{observe}");
    }
}

#[test]
fn tabs_keep_their_index_beside_the_windows_of_others() {
    let world = World::new();
    for tab in ["a", "b", "c", "d"] {
        world.shell_tab(tab);
    }
    world.tabctl(["lock", "d"]).ok();
    world.reboot();
    // Before the tabs come back, a person has begun to work in the same session.
    world.tmux(["new-session", "-d", "-s", "tabctl", "-n", "mine", "sleep 600"]).ok();
    world.tmux(["new-window", "-d", "-t", "=tabctl:5", "-n", "mine", "sleep 600"]).ok();
    world.tabctl(["resume"]).ok();
    let wanted = ["0 mine 1", "1 b 1", "2 c 1", "3 d 1", "4 a 1", "5 mine 1"];
    assert_eq!(windows(&world, "tabctl"), wanted, "only the one whose place is taken moves");
    assert_eq!(recorded(&world, "a")["index"], 4);
}

#[test]
fn tabs_come_back_into_the_sessions_they_stood_in() {
    let world = World::new();
    for (tab, session) in [("a", "one"), ("b", "two"), ("c", "one")] {
        world.tabctl(["new", tab, "--session", session, "--detach"]).ok();
    }
    world.tmux(["move-window", "-d", "-s", "=one:1", "-t", "=two:7"]).ok();
    go(&world, "c");
    world.reboot();
    world.tabctl(["resume"]).ok();
    assert_eq!(windows(&world, "one"), ["0 a 1"]);
    assert_eq!(windows(&world, "two"), ["0 b 1", "7 c 1"]);
}

#[test]
fn the_window_of_an_adopted_tab_keeps_its_name() {
    let world = World::new();
    let folder = world.workspace("api");
    let (dir, id) = (folder.display().to_string(), "0b5c7cf0-0000-4000-8000-000000000001");
    world.tmux(["new-session", "-d", "-s", "work", "-c", &dir, "/bin/sh"]).ok();
    world.tmux(["set-option", "-g", "allow-rename", "on"]).ok();
    let pane = world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout.trim().to_owned();
    world.tabctl(["bind", "demo", "--session-id", id, "--tab", "api", "--pane", &pane]).ok();
    world.type_line(&pane, "printf '\\033kEVIL\\033\\\\'; sleep 1; echo do''ne");
    world.wait_for_text(&pane, "done");
    assert_eq!(windows(&world, "work"), ["0 api 1"]);
    let options = "#{automatic-rename} #{allow-rename}";
    let seen = world.tmux(["display-message", "-p", "-t", &pane, options]).ok().stdout;
    assert_eq!(seen.trim(), "0 0");
}

#[test]
fn the_panes_of_a_window_come_back_as_they_were_laid_out() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let (inside, outside) = (folder.join("a b #(id)"), world.workspace("other"));
    std::fs::create_dir(&inside).unwrap();
    let tab = world.pane("api");
    let right = beside(&world, &tab, &["-h", "-l", "60"], &folder);
    // tmux itself would execute the name of that folder.
    world.type_line(&right, &format!("cd '{}'", inside.display()));
    beside(&world, &right, &["-v", "-l", "12"], &outside);
    let left = beside(&world, &tab, &["-h", "-b", "-l", "30"], &folder);
    world.type_line(&left, "sleep 4242");
    let before = panes(&world, &tab);
    assert_eq!(before.len(), 4);
    let parts = || recorded(&world, "api")["split"]["panes"].clone();
    let id = world.row("api")["id"].clone();
    let wanted = serde_json::json!([
        { "shell": "." },
        { "tab": id },
        { "shell": "a b #(id)" },
        { "shell": outside.display().to_string() },
    ]);
    world.wait_until("the record of its panes", PATIENCE, || parts() == wanted);
    world.reboot();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains("with 3 shells beside it"), "{plan}");
    world.tabctl(["resume"]).ok();
    wait_for_panes(&world, "api", &before);
    world.wait_until("its word", PATIENCE, || world.state("api") == "idle");
    assert_eq!(parts(), wanted);
    let running =
        |what: &str| world.processes().iter().filter(|p| p.command.contains(what)).count();
    assert_eq!(
        (running("sleep 4242"), running("demo-agent --")),
        (0, 1),
        "no command of a shell runs"
    );
    world.tabctl(["resume"]).ok();
    assert_eq!(panes(&world, &world.pane("api")), before);
}

#[test]
fn a_shell_whose_folder_is_gone_opens_in_the_folder_of_the_tab() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let gone = world.workspace("gone");
    beside(&world, &world.pane("api"), &["-h"], &gone);
    go(&world, "api");
    let before = panes(&world, &world.pane("api"));
    world.reboot();
    std::fs::remove_dir(&gone).unwrap();
    let said = world.tabctl(["resume"]).ok().stdout;
    assert!(
        said.contains("work/gone is gone: the shell there opens in the tab's folder"),
        "{said}"
    );
    let (gone, folder) = (gone.display().to_string(), folder.display().to_string());
    let wanted: Vec<_> = before.iter().map(|pane| pane.replace(&gone, &folder)).collect();
    assert_ne!(wanted, before);
    wait_for_panes(&world, "api", &wanted);
    let second = world.tmux(["list-panes", "-t", "=tabctl:", "-F", "#{pane_id}"]).ok().stdout;
    world.wait_for_text(second.lines().nth(1).unwrap(), "is gone; this shell is in");
}

#[test]
fn two_tabs_of_one_window_come_back_into_one_window() {
    let world = World::new();
    for tab in ["a", "b", "c"] {
        world.shell_tab(tab);
    }
    let shell = beside(&world, &world.pane("b"), &["-v", "-l", "9"], &world.home());
    world.tmux(["join-pane", "-d", "-h", "-l", "50", "-s", &world.pane("a"), "-t", &shell]).ok();
    for tab in ["a", "b"] {
        go(&world, tab);
    }
    let before = (windows(&world, "tabctl"), panes(&world, &world.pane("a")));
    assert_eq!(before.0, ["1 b 3", "2 c 1"]);
    for locked in ["b", "a"] {
        // Locked tabs come first: each of the two opens the window for the other once.
        world.tabctl(["lock", locked]).ok();
        world.reboot();
        world.tabctl(["resume"]).ok();
        assert_eq!(windows(&world, "tabctl")[..], before.0[..], "{locked} first");
        wait_for_panes(&world, "a", &before.1);
        for tab in ["a", "b"] {
            go(&world, tab);
            world.tabctl(["unlock", tab]).ok();
        }
    }
    world.tabctl(["rename", "a", "x"]).ok();
    assert_eq!(windows(&world, "tabctl"), before.0, "its first tab names a window");
    world.tabctl(["rename", "b", "y"]).ok();
    assert_eq!(windows(&world, "tabctl"), ["1 y 3", "2 c 1"]);
}

#[test]
fn a_closed_tab_comes_back_beside_the_shell_that_still_stands_there() {
    let world = World::new();
    world.shell_tab("api");
    beside(&world, &world.pane("api"), &["-h", "-b", "-l", "40"], &world.home());
    go(&world, "api");
    let before = panes(&world, &world.pane("api"));
    world.tabctl(["close", "api", "--yes"]).ok();
    assert_eq!(windows(&world, "tabctl").len(), 1, "the shell lives on");
    world.tabctl(["resume", "api"]).ok();
    wait_for_panes(&world, "api", &before);
    assert_eq!(windows(&world, "tabctl").len(), 1);
}

#[test]
fn a_place_in_another_multiplexer_is_said() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.reboot();
    let file = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("engine: tmux", "engine: zellij")).unwrap();
    let said = world.tabctl(["resume"]).ok().stdout;
    assert!(
        said.contains("it stood in zellij, which is not in use: it comes back in tmux"),
        "{said}"
    );
    assert_eq!(recorded(&world, "api")["engine"], "tmux");
}

#[test]
fn what_a_file_says_of_panes_cannot_act() {
    let world = World::new();
    let folder = world.shell_tab("api");
    beside(&world, &world.pane("api"), &["-h"], &folder);
    go(&world, "api");
    let canary = world.path("canary");
    let text = world.session_file("api");
    let layout = recorded(&world, "api")["split"]["layout"].as_str().unwrap().to_owned();
    world.reboot();
    let file = folder.join(".session.yaml");
    let evil = format!("#(touch {})", canary.display());
    let changes = [
        text.replace("shell: '.'", &format!("shell: \"{evil}; kill-server\"")),
        text.replace(&layout, &format!("\"{layout};kill-server\"")),
        text.replace(&layout, &format!("\"{evil}\"")),
        text.replace(&layout, &layout.replacen('x', "x9", 1)),
    ];
    for changed in changes {
        assert_ne!(changed, text);
        std::fs::write(&file, &changed).unwrap();
        world.tabctl(["resume"]).ok();
        assert_eq!(world.state("api"), "shell", "{changed}");
        assert!(!canary.exists(), "{changed}");
        world.reboot();
    }
}
