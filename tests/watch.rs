//! `tabctl watch`

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tabctl::error::Kind;

use crate::support::{Desk, World, crowd};

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn it_shows_every_tab_and_follows_what_happens() {
    let world = World::new();
    world.demo_tab("api");
    world.shell_tab("docs");
    let desk = Desk::open(&world, 110, 30);
    desk.run("tabctl watch");
    let screen = desk.wait_for("docs");
    assert!(screen.contains("2 tabs") && screen.contains("○ idle"), "{screen}");
    world.tabctl(["status", "attention", "-m", "permission", "--tab", "api"]).ok();
    desk.wait_for("! attention permission");
    desk.wait_for("! 1 attention");
    world.tabctl(["task", "--tab", "docs", "quick start"]).ok();
    desk.wait_for("quick start");
    world.tabctl(["lock", "docs"]).ok();
    desk.wait_for("docs ⚿");
    world.shell_tab("later");
    desk.wait_for("3 tabs");
    world.tabctl(["unlock", "docs"]).ok();
    world.tabctl(["close", "docs"]).ok();
    desk.wait_for("· down");
    world.tabctl(["rm", "docs", "--yes"]).ok();
    desk.wait_for("2 tabs");
    desk.wait_without("docs");
}

#[test]
fn it_notices_what_no_event_tells() {
    let world = World::new();
    world.shell_tab("job");
    world.shell_tab("gone");
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl watch");
    desk.wait_for("$ shell");
    world.type_line(&world.pane("job"), "sleep 1000");
    desk.wait_for("▸ running");
    world.tmux(["kill-pane", "-t", &world.pane("gone")]).ok();
    desk.wait_for("· down");
    world.kill_server();
    desk.wait_for("· 2 down");
}

#[test]
fn the_look_beside_it_is_live() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["note", "--tab", "api", "run make check first"]).ok();
    for (columns, lines) in [(80, 24), (200, 60)] {
        let desk = Desk::named(&world, &format!("desk{columns}"), columns, lines);
        desk.run("tabctl watch");
        desk.wait_for("✎ run make check first");
        desk.wait_for("conversation");
        let pane = world.pane("api");
        world.type_line(&pane, &format!("from {columns} columns"));
        desk.wait_for(&format!("\"from {columns} columns\""));
        desk.keys(["p"]);
        desk.wait_without("conversation");
        desk.keys(["q"]);
        desk.wait_for("READY>");
    }
}

#[test]
fn it_is_of_use_at_every_size_and_follows_a_new_one() {
    let world = World::new();
    world.demo_tab("api");
    world.shell_tab("docs");
    world.tabctl(["status", "attention", "-m", "permission", "--tab", "api"]).ok();
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl watch");
    for (columns, lines) in [(40, 10), (200, 60), (80, 24), (20, 4), (40, 10)] {
        desk.resize(columns, lines);
        let what = format!("the list at {columns}×{lines}");
        let widest = usize::from(columns) - 1;
        desk.wait_until(&what, |screen| {
            let used = |screen: &str| screen.lines().map(|line| line.chars().count()).max();
            let is_whole =
                columns < 40 || (screen.contains("! attention") && screen.contains("docs"));
            screen.contains("› api") && is_whole && used(screen) <= Some(widest + 1)
        });
    }
}

#[test]
fn it_lists_none_one_a_hundred_and_a_thousand() {
    for (count, columns, lines) in [(0, 40, 10), (1, 200, 60), (100, 80, 24), (1000, 80, 24)] {
        let world = World::new();
        crowd::of(&world, count);
        let desk = Desk::open(&world, columns, lines);
        desk.run("tabctl watch; echo ended $?.");
        if count == 0 {
            desk.wait_for("no tabs yet: `tabctl new NAME`");
        } else {
            desk.wait_for("› many-0");
            desk.keys(["G"]);
            let last = if count == 1 { "many-0" } else { "many-99" };
            desk.wait_for(&format!("› {last}"));
            desk.keys(["g"]);
            desk.wait_for("› many-0");
        }
        desk.keys(["q"]);
        desk.wait_for("ended 0.");
    }
}

#[test]
fn a_filter_and_an_order_are_chosen_by_keys() {
    let world = World::new();
    for tab in ["api", "docs", "web"] {
        world.shell_tab(tab);
    }
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl watch --filter web");
    desk.wait_until("the filter", |screen| screen.contains("› web") && !screen.contains("docs"));
    desk.keys(["Escape"]);
    desk.wait_for("docs");
    desk.type_text("/doc");
    desk.wait_until("the filter", |screen| screen.contains("› docs") && !screen.contains("api"));
    desk.keys(["Enter", "Escape"]);
    desk.wait_for("api");
    desk.type_text("o");
    desk.wait_for("in the order of: latest change");
    desk.type_text("?");
    desk.wait_for("(un)lock");
    desk.keys(["Escape"]);
    desk.wait_without("(un)lock");
}

#[test]
fn the_mouse_selects_scrolls_and_goes_there() {
    let world = World::new();
    for tab in ["api", "docs", "web"] {
        world.shell_tab(tab);
    }
    let desk = Desk::open(&world, 80, 12);
    desk.run("tabctl watch");
    desk.wait_for("› api");
    desk.click(5, 5);
    desk.wait_for("› web");
    desk.raw("\u{1b}[<64;5;5M");
    desk.click(5, 4);
    desk.wait_for("› docs");
    std::thread::sleep(Duration::from_millis(600));
    desk.double_click(5, 4);
    world.wait_until("a client on the tab", LIMIT, || {
        world.tmux(["list-clients", "-F", "#{window_name}"]).stdout.trim() == "docs"
    });
}

#[test]
fn outside_tmux_the_dashboard_is_there_again_after_the_tab() {
    let world = World::new();
    world.shell_tab("api");
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl watch; echo ended $?.");
    desk.wait_for("› api");
    desk.keys(["Enter"]);
    let clients = || world.tmux(["list-clients", "-F", "#{window_name}"]).stdout;
    world.wait_until("a client on the tab", LIMIT, || clients().trim() == "api");
    world.type_line(&world.pane("api"), "echo typed here");
    desk.wait_until("the tab on the desk", |screen| screen.matches("typed here").count() > 1);
    world.tmux(["detach-client", "-s", "tabctl"]).ok();
    desk.wait_for("1 tab");
    desk.wait_for("› api");
    desk.keys(["q"]);
    desk.wait_for("ended 0.");
}

#[test]
fn inside_tmux_the_client_goes_there_and_the_dashboard_stays() {
    let world = World::new();
    world.shell_tab("api");
    world.shell_tab("board");
    let pane = world.pane("board");
    world.type_line(&pane, "tabctl watch --filter api");
    world.wait_for_text(&pane, "› api");
    world.tmux(["select-window", "-t", &pane]).ok();
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    world.wait_until("the other window", LIMIT, || {
        let seen = world.tmux(["display-message", "-p", "-t", "tabctl:", "#{window_name}"]);
        seen.stdout.trim() == "api"
    });
    world.wait_for_text(&pane, "api is before you");
}

#[test]
fn whatever_ends_it_the_terminal_is_as_before() {
    let world = World::new();
    world.demo_tab("api");
    let desk = Desk::open(&world, 80, 24);
    let before = (desk.line_settings(), desk.modes());
    // Of a program that Ctrl-C ended, the shell asks no more.
    let ways =
        [(None, "ended 0."), (Some(Signal::TERM), "ended 143."), (Some(Signal::INT), "READY>")];
    for (signal, told) in ways {
        desk.run("clear; tabctl watch; echo ended $?.");
        desk.wait_for("› api");
        assert_ne!(desk.line_settings(), before.0);
        assert!(desk.modes().starts_with("1 1 "), "{}", desk.modes());
        match signal {
            None => desk.keys(["q"]),
            Some(signal) => {
                let pid = i32::try_from(desk.process("tabctl watch")).unwrap();
                kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
            }
        }
        desk.wait_for(told);
        world.wait_until("the terminal as before", LIMIT, || {
            (desk.line_settings(), desk.modes()) == before
        });
        assert!(!desk.screen().contains("› api"), "{}", desk.screen());
    }
    desk.run("clear; tabctl watch");
    desk.wait_for("› api");
    let pid = desk.process("tabctl watch");
    desk.tmux(["kill-server"]).ok();
    world.wait_until("its end with its terminal", LIMIT, || {
        world.processes().iter().all(|process| process.pid != pid)
    });
}

#[test]
fn colours_are_of_the_theme_and_none_where_none_are_wanted() {
    let mut world = World::new();
    world.demo_tab("api");
    let is_coloured = |world: &World, name: &str| {
        let desk = Desk::named(world, name, 80, 24);
        desk.run("tabctl watch");
        desk.wait_for("○ idle");
        let shown = desk.coloured();
        let codes = shown.split("\u{1b}[").skip(1).filter_map(|it| it.split_once('m'));
        let numbers: Vec<String> = codes
            .flat_map(|(code, _)| code.split(';').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        numbers.iter().any(|number| matches!(number.as_str(), "32" | "38"))
    };
    assert!(is_coloured(&world, "auto"));
    world.set("TABCTL_THEME", "light");
    assert!(is_coloured(&world, "light"));
    world.set("TABCTL_THEME", "mono");
    assert!(!is_coloured(&world, "mono"));
    world.unset("TABCTL_THEME");
    world.set("NO_COLOR", "1");
    assert!(!is_coloured(&world, "none"));
}

#[test]
fn what_a_tab_shows_cannot_act() {
    let world = World::new();
    world.shell_tab("api");
    let desk = Desk::open(&world, 100, 30);
    world.type_line(
        &world.pane("api"),
        "printf '\\302\\2332Jx\\342\\200\\256y \\033]2;evil\\007 end\\n'",
    );
    desk.run("tabctl watch");
    desk.wait_for("x?y");
    let title = desk.tmux(["display-message", "-p", "#{pane_title}"]).stdout;
    assert!(!title.contains("evil"), "{title}");
}

#[test]
fn without_a_terminal_it_says_so() {
    let world = World::new();
    let run = world.tabctl(["watch"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("needs a terminal") && run.stderr.contains("tabctl ls"), "{run}");
}

#[test]
fn no_key_is_lost_beside_a_new_size() {
    let world = World::new();
    for tab in ["api", "docs"] {
        world.shell_tab(tab);
    }
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl watch");
    desk.wait_for("› api");
    for turn in 0..8 {
        desk.resize(60 + turn, 12 + turn);
        desk.type_text(if turn % 2 == 0 { "j" } else { "k" });
        desk.wait_for(if turn % 2 == 0 { "› docs" } else { "› api" });
    }
}
