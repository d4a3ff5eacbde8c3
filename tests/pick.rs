//! `tabctl pick`

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::{Desk, World, crowd};

const LIMIT: Duration = Duration::from_secs(30);

/// The window that the world's tmux shows in its session.
fn in_front(world: &World) -> String {
    let seen = world.tmux(["display-message", "-p", "-t", "tabctl:", "#{window_name}"]);
    seen.stdout.trim().to_owned()
}

/// Waits until the shell says how the last command ended.
fn ended(desk: &Desk, code: u8) {
    desk.wait_for(&format!("ended {code}."));
}

#[test]
fn letters_find_a_tab_and_enter_goes_there() {
    let world = World::new();
    for tab in ["api", "docs", "website"] {
        world.shell_tab(tab);
    }
    world.tabctl(["task", "--tab", "docs", "rewrite the quick start"]).ok();
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl pick; echo ended $?.");
    desk.wait_for("website");
    desk.type_text("qckst");
    let screen = desk.wait_until("one tab", |screen| screen.contains("1/3"));
    assert!(screen.contains("› docs") && !screen.contains("website"), "{screen}");
    desk.keys(["Enter"]);
    world.wait_until("a client on the tab", LIMIT, || {
        world.tmux(["list-clients", "-F", "#{window_name}"]).stdout.trim() == "docs"
    });
}

#[test]
fn escape_and_ctrl_c_leave_with_130_and_without_a_word() {
    let world = World::new();
    world.shell_tab("api");
    let desk = Desk::open(&world, 80, 24);
    let before = (desk.line_settings(), desk.modes());
    for key in ["Escape", "C-c"] {
        desk.run("clear; tabctl pick; echo ended $?.");
        desk.wait_for("› api");
        assert!(desk.modes().starts_with("1 1 "), "{}", desk.modes());
        desk.keys([key]);
        ended(&desk, 130);
        let screen = desk.screen();
        assert!(!screen.contains("tabctl:") && !screen.contains("› api"), "{screen}");
        world.wait_until("the terminal as before", LIMIT, || {
            (desk.line_settings(), desk.modes()) == before
        });
    }
}

#[test]
fn inside_tmux_it_goes_there_and_leaves() {
    let world = World::new();
    world.shell_tab("one");
    world.shell_tab("two");
    let pane = world.pane("one");
    world.tmux(["select-window", "-t", &pane]).ok();
    world.type_line(&pane, "tabctl pick two; echo ended $?.");
    world.wait_for_text(&pane, "› two");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    world.wait_until("the other window", LIMIT, || in_front(&world) == "two");
    world.wait_for_text(&pane, "ended 0.");
}

#[test]
fn in_a_popup_the_client_goes_there_and_the_popup_closes() {
    let world = World::new();
    world.shell_tab("one");
    world.shell_tab("two");
    world.tmux(["select-window", "-t", &world.pane("one")]).ok();
    let desk = Desk::open(&world, 100, 30);
    desk.run(&format!("tmux -S {} attach", world.socket().display()));
    let clients = || world.tmux(["list-clients", "-F", "#{client_name}"]).stdout;
    world.wait_until("a client", LIMIT, || !clients().trim().is_empty());
    let client = clients().trim().to_owned();
    let mut popup = world.command("tmux");
    popup.args(["-S"]).arg(world.socket()).args(["display-popup", "-c", &client, "-E"]);
    let mut popup = popup.arg("tabctl pick two").spawn().unwrap();
    desk.wait_for("› two");
    desk.keys(["Enter"]);
    world.wait_until("the other window", LIMIT, || in_front(&world) == "two");
    assert!(popup.wait().unwrap().success(), "the popup has closed by itself");
    desk.wait_without("› two");
}

#[test]
fn a_tab_that_is_down_is_brought_back_on_the_way() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    world.reboot();
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl pick api");
    desk.wait_for("· down");
    desk.keys(["Enter"]);
    desk.wait_for("I will remember \"hello\"");
    assert_eq!(world.state("api"), "idle");
}

#[test]
fn what_was_picked_is_printed_for_scripts() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let desk = Desk::open(&world, 100, 24);
    let folder = folder.display().to_string();
    for (what, told) in [("", "api"), ("=id", &*id), ("=folder", &*folder)] {
        desk.run(&format!("clear; said=$(tabctl pick --print{what}); echo \"ended $?. <$said>\""));
        desk.wait_for("› api");
        desk.keys(["Enter"]);
        desk.wait_for(&format!("ended 0. <{told}>"));
    }
    desk.run("clear; said=$(tabctl pick --print); echo \"ended $?. <$said>\"");
    desk.wait_for("› api");
    desk.keys(["Escape"]);
    desk.wait_for("ended 130. <>");
    assert!(world.tmux(["list-clients"]).stdout.trim().is_empty(), "nobody went anywhere");
}

#[test]
fn keys_lock_note_send_and_close() {
    let world = World::new();
    world.demo_tab("api");
    let desk = Desk::open(&world, 100, 30);
    desk.run("tabctl pick");
    desk.wait_for("› api");
    desk.wait_for("conversation");
    desk.keys(["C-s"]);
    desk.wait_for("send to api:");
    desk.run("buy milk");
    desk.wait_for("sent to api");
    desk.wait_for("(1) ");
    desk.keys(["C-t"]);
    desk.run("$(touch x) `id` half done");
    desk.wait_for("noted for api");
    desk.wait_for("✎ $(touch x) `id` half done");
    assert_eq!(world.row("api")["notes"], 1);
    desk.keys(["C-l"]);
    desk.wait_for("api is locked");
    assert_eq!(world.row("api")["locked"], true);
    desk.keys(["C-x"]);
    desk.wait_for("api is locked: it cannot be closed");
    desk.keys(["C-s"]);
    desk.wait_for("it cannot be typed into");
    desk.keys(["C-l"]);
    desk.wait_for("api is unlocked");
    desk.keys(["C-x"]);
    desk.wait_for("close it? (y/N)");
    desk.keys(["Enter"]);
    desk.wait_for("not closed");
    desk.keys(["C-x"]);
    desk.wait_for("close it? (y/N)");
    desk.keys(["y"]);
    desk.wait_for("· down");
    assert_eq!(world.state("api"), "down");
    desk.keys(["C-r"]);
    desk.wait_for("api came back");
    desk.wait_for("I will remember \"buy milk\"");
    desk.keys(["Escape"]);
}

#[test]
fn nothing_is_sent_into_a_dialog() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "attention", "-m", "permission", "--tab", "api"]).ok();
    let desk = Desk::open(&world, 80, 24);
    desk.run("tabctl pick");
    desk.wait_for("! attention");
    desk.keys(["C-s"]);
    desk.wait_for("api waits for an answer of yours");
}

#[test]
fn help_tells_the_keys_at_every_size() {
    let world = World::new();
    world.shell_tab("api");
    let desk = Desk::open(&world, 40, 10);
    desk.run("tabctl pick");
    desk.wait_for("› api");
    for (columns, lines) in [(40, 10), (80, 24), (200, 60)] {
        desk.resize(columns, lines);
        desk.type_text("?");
        desk.wait_until("the help", |screen| screen.contains("^T") && screen.contains("leave"));
        desk.keys(["Escape"]);
        desk.wait_without("^N^P");
        desk.wait_for("› api");
    }
}

#[test]
fn it_picks_from_none_one_a_hundred_and_a_thousand() {
    for (count, columns, lines) in [(0, 80, 24), (1, 40, 10), (100, 200, 60), (1000, 80, 24)] {
        let world = World::new();
        crowd::of(&world, count);
        let desk = Desk::open(&world, columns, lines);
        desk.run("tabctl pick; echo ended $?.");
        if count == 0 {
            desk.wait_for("no tabs yet: `tabctl new NAME`");
        } else {
            desk.wait_for("› many-");
            desk.type_text(&format!("number {}", count - 1));
            desk.wait_for(&format!("› many-{}", count - 1));
        }
        desk.keys(["Escape"]);
        ended(&desk, 130);
    }
}

#[test]
fn without_a_terminal_it_says_so() {
    let world = World::new();
    world.shell_tab("api");
    for args in [&["pick"][..], &["pick", "--print"]] {
        let run = world.tabctl(args).fails_with(Kind::Usage);
        assert!(
            run.stderr.contains("needs a terminal") && run.stderr.contains("tabctl ls"),
            "{run}"
        );
    }
}

#[test]
fn fzf_is_used_by_those_who_prefer_it() {
    let mut world = World::new();
    world.shell_tab("api");
    world.shell_tab("docs");
    world.tabctl(["task", "--tab", "docs", "$(touch ran) `touch ran` 'touch ran' quick"]).ok();
    world.set("TABCTL_PICKER", "fzf");
    let desk = Desk::open(&world, 120, 30);
    desk.run("tabctl pick; echo ended $?.");
    let screen = desk.wait_for("trust   trusted");
    assert!(!screen.contains("› "), "it is fzf that draws:\n{screen}");
    desk.type_text("quick");
    desk.wait_for("1/2");
    desk.wait_until("its preview", |screen| screen.matches("touch ran").count() > 5);
    desk.keys(["Enter"]);
    world.wait_until("a client on the tab", LIMIT, || {
        world.tmux(["list-clients", "-F", "#{window_name}"]).stdout.trim() == "docs"
    });
    assert!(!world.home().join("ran").exists(), "a task was executed");
}
