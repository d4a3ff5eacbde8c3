//! `tabctl ls`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn it_shows_what_lives_what_is_down_and_what_is_missing() {
    let world = World::new();
    world.demo_tab("live");
    world.shell_tab("prompt");
    world.demo_tab("down");
    let gone = world.shell_tab("gone");
    for tab in ["down", "gone"] {
        world.tabctl(["close", tab, "--yes"]).ok();
    }
    std::fs::remove_dir_all(gone).unwrap();
    world.wait_until("the panes to close", std::time::Duration::from_secs(10), || {
        world.state("down") == "down" && world.state("live") == "idle"
    });
    let states = ["live", "prompt", "down", "gone"].map(|tab| world.state(tab));
    assert_eq!(states, ["idle", "shell", "down", "missing"]);
    let shown = world.tabctl(["ls"]).ok().stdout;
    assert!(shown.starts_with("TAB"), "{shown}");
    assert_eq!(shown.lines().count(), 5, "{shown}");
    // The ages are told in seconds: of two looks, the second may be in the next one.
    world.wait_until("tabctl alone to list", std::time::Duration::from_secs(20), || {
        let shown = world.tabctl(["ls"]).ok().stdout;
        world.tabctl::<&str>([]).ok().stdout == shown
    });
}

#[test]
fn it_filters_and_sorts() {
    let world = World::new();
    for tab in ["alpha", "beta", "gamma"] {
        world.shell_tab(tab);
    }
    world.tabctl(["status", "attention", "--tab", "gamma"]).ok();
    world.tabctl(["tag", "x", "--tab", "beta"]).ok();
    let names = |args: &[&str]| -> Vec<String> {
        let rows = world.tabctl([&["ls", "--json"], args].concat()).ok().json();
        rows.as_array().unwrap().iter().map(|row| row["tab"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[]), ["alpha", "beta", "gamma"]);
    assert_eq!(names(&["--filter", "tag=x"]), ["beta"]);
    assert_eq!(
        names(&["--filter", "tab=a", "--filter", "state=shell"]),
        ["alpha", "beta", "gamma"]
    );
    assert_eq!(names(&["--filter", "agent=claude"]), [""; 0]);
    assert_eq!(names(&["--sort", "place"]), ["alpha", "beta", "gamma"]);
    world.tabctl(["ls", "--filter", "colour=red"]).fails_with(Kind::Usage);
    for (typed, hint) in
        [("donw", "'down'"), ("state=idel", "'idle'"), ("api", "the states are attention,")]
    {
        let run = world.tabctl(["ls", "--filter", typed]).fails_with(Kind::Usage);
        assert!(run.stderr.contains(hint), "{run}");
    }
}

#[test]
fn it_writes_nothing() {
    let world = World::new();
    world.demo_tab("api");
    let before = snapshot(&world.path(""));
    for args in [&["ls"][..], &["ls", "--wide"], &["ls", "--json"], &["show", "api"]] {
        world.tabctl(args).ok();
    }
    assert_eq!(snapshot(&world.path("")), before);
}

/// Every file below a folder with its size and time.
fn snapshot(folder: &std::path::Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let meta = entry.metadata().unwrap();
        if meta.is_dir() {
            all.extend(snapshot(&entry.path()));
        } else {
            all.push(format!("{} {} {:?}", entry.path().display(), meta.len(), meta.modified()));
        }
    }
    all.sort();
    all
}

#[test]
fn it_fits_the_terminal_it_is_shown_in() {
    let world = World::new();
    let folder = world.workspace("日本語の作業場");
    let task = "a long task that goes on and on 👍🏽 with emoji and 漢字 and more words still";
    world.tabctl_in(&folder, ["new", "日本語", "--detach", "--task", task]).ok();
    world.tmux(["new-session", "-d", "-s", "look", "-x", "50", "-y", "20", "/bin/sh", "-i"]).ok();
    let pane = world.tmux(["list-panes", "-t", "=look", "-F", "#{pane_id}"]).ok().stdout;
    world.type_line(pane.trim(), "clear; tabctl ls");
    world.wait_for_text(pane.trim(), "shell");
    let screen = world.tmux(["capture-pane", "-p", "-t", pane.trim()]).ok().stdout;
    let lines: Vec<_> = screen.lines().filter(|line| line.contains("日本語")).collect();
    assert_eq!(lines.len(), 1, "one line a tab, not wrapped:\n{screen}");
}

#[test]
fn without_tabs_or_without_tmux_it_still_answers() {
    let mut world = World::new();
    let run = world.tabctl(["ls"]).ok();
    assert!(run.stderr.contains("tabctl new"), "{run}");
    assert_eq!(world.tabctl(["ls", "--json"]).ok().stdout.trim(), "[]");
    world.shell_tab("api");
    world.kill_server();
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    world.set("PATH", bin);
    let run = world.tabctl(["ls"]).ok();
    assert!(run.stdout.contains("api") && run.stderr.contains("tmux"), "{run}");
}

#[test]
fn colours_are_for_terminals_only() {
    let world = World::new();
    world.shell_tab("api");
    assert!(!world.tabctl(["ls"]).ok().stdout.contains('\u{1b}'));
    assert!(world.tabctl(["ls", "--color", "always"]).ok().stdout.contains('\u{1b}'));
}

#[test]
fn an_agent_in_no_tab_is_listed_with_the_command_that_binds_it() {
    let world = World::new();
    world.demo_tab("api");
    assert_eq!(world.tabctl(["ls", "--unbound", "--json"]).ok().stdout.trim(), "[]");
    let open = ["new-session", "-d", "-s", "mine", "-P", "-F", "#{pane_id}", "/bin/sh", "-i"];
    let pane = world.tmux(open).ok().stdout.trim().to_owned();
    let folder = world.workspace("own");
    world.type_line(&pane, &format!("cd {}", folder.display()));
    let id = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e05";
    world.type_line(&pane, &format!("env X=1 nice tabctl demo-agent --session-id {id}"));
    world.wait_for_text(&pane, "conversation");
    let found = world.tabctl(["ls", "--unbound", "--json"]).ok().json();
    let found = &found.as_array().unwrap()[..];
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0]["agent"], &found[0]["pane"]), (&"demo".into(), &pane.as_str().into()));
    assert_eq!(found[0]["folder"], folder.display().to_string());
    assert_eq!(world.rows().len(), 1, "a row is a tab");
    let bind = format!("tabctl bind --pane {pane}");
    assert!(world.tabctl(["ls"]).ok().stderr.contains(&bind));

    let words: Vec<&str> = bind.split(' ').skip(1).collect();
    world.tabctl(words).ok();
    assert_eq!(world.tabctl(["ls", "--unbound", "--json"]).ok().stdout.trim(), "[]");
    assert!(!world.tabctl(["ls"]).ok().stderr.contains("bind"));
}

#[test]
fn the_reason_of_attention_stands_beside_it() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "attention", "-m", "permission", "--tab", "api"]).ok();
    assert!(world.tabctl(["ls"]).ok().stdout.contains("attention permission"));
    world.tabctl(["status", "attention", "-m", "a long story", "--tab", "api"]).ok();
    assert!(!world.tabctl(["ls"]).ok().stdout.contains("story"));
}
