//! Where nothing is run, and that it is said why.

use std::process::Child;

use tabctl::error::Kind;

use super::PATIENCE;
use crate::support::World;
use crate::support::shells::SHELLS;

#[test]
fn what_a_person_has_begun_to_type_is_left_alone() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        world.tmux(["send-keys", "-t", &pane, "-l", "echo half"]).ok();
        world.wait_for_text(&pane, "> echo half");
        let run = world.exec(["echo never"]).fails_with(Kind::Busy);
        assert!(run.stderr.contains("typed on the command line of 'api'"), "{shell}: {run}");
        world.tmux(["send-keys", "-t", &pane, "-l", " a line"]).ok();
        world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
        world.wait_for_text(&pane, "\nhalf a line\n");
        // The rest of a command that goes on in the next line.
        let (first, second, rest) = match shell {
            "fish" => ("begin", "echo in", "end"),
            _ => ("for i in 1; do", "echo in", "done"),
        };
        world.type_line(&pane, first);
        let run = world.exec(["echo never"]).fails_with(Kind::Busy);
        assert!(run.stderr.contains("typed on the command line of 'api'"), "{shell}: {run}");
        world.type_line(&pane, second);
        world.type_line(&pane, rest);
        world.wait_for_text(&pane, "\nin\n");
        // Ctrl-C there gives the line up.
        world.type_line(&pane, first);
        world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
        world.wait_for_quiet(&pane);
        assert_eq!(world.exec(["echo well"]).ok().stdout, "well\n", "{shell}");
        assert!(!world.screen(&pane).contains("never"), "{}", world.screen(&pane));
    }
}

#[test]
fn what_a_person_looks_for_in_the_history_is_left_alone() {
    let emacs = ["C-r"];
    for (shell, before, keys, text) in [
        ("bash", "", &emacs[..], "dang"),
        ("bash", "set -o vi", &["Escape", "/"], "dan"),
        ("zsh", "", &emacs, "dang"),
        ("fish", "", &emacs, ""),
        ("fish", "", &emacs, "nothing like it"),
    ] {
        let mut world = World::new();
        world.load_in(shell, before, "");
        let pane = world.open_shell("api");
        world.run_in_shell(&pane, "echo dang");
        for key in keys {
            world.tmux(["send-keys", "-t", &pane, key]).ok();
            world.wait_for_quiet(&pane);
        }
        world.tmux(["send-keys", "-t", &pane, "-l", text]).ok();
        world.wait_for_quiet(&pane);
        let screen = world.screen(&pane);
        let run = world.exec(["echo never"]).fails_with(Kind::Busy);
        assert!(!run.stderr.contains("did not answer"), "{shell}: {run}\n{screen}");
        world.wait_for_quiet(&pane);
        assert_eq!(world.screen(&pane), screen, "{shell} with {text:?}");
        world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
        world.wait_for_quiet(&pane);
        world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
        world.wait_for_quiet(&pane);
        assert_eq!(world.exec(["echo well"]).ok().stdout, "well\n", "{shell}");
        assert!(!world.screen(&pane).contains("never"), "{}", world.screen(&pane));
    }
}

#[test]
fn what_was_run_is_not_run_again_from_the_shells_memory() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        let file = world.path("count");
        let line = format!("echo once >>{}", file.display());
        world.exec([&*line]).ok();
        world.tmux(["send-keys", "-t", &pane, "Up"]).ok();
        world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
        world.run_in_shell(&pane, "echo after");
        assert!(!world.screen(&pane).contains("redirect"), "{}", world.screen(&pane));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "once\n", "{shell}");
    }
}

#[test]
fn a_shell_that_is_at_work_is_not_disturbed() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        let own = match shell {
            "fish" => "while true; true; end",
            _ => "while :; do :; done",
        };
        for (line, named) in [("sleep 600", "sleep runs in 'api'"), (own, shell)] {
            world.type_line(&pane, line);
            world.wait_for_quiet(&pane);
            let run = world.exec(["echo never"]).fails_with(Kind::Busy);
            assert!(run.stderr.contains(named), "{shell}: {run}");
            world.wait_until("its prompt", PATIENCE, || {
                // A bash that runs a DEBUG trap in this moment, as in a loop of builtins it nearly
                // always does, loses one of thirty: then a person presses it again.
                world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
                world.exec(["true"]).status == Some(0)
            });
        }
        assert!(!world.screen(&pane).contains("never"), "{}", world.screen(&pane));
    }
}

#[test]
fn a_program_with_a_screen_of_its_own_keeps_it() {
    let mut world = World::new();
    let pane = world.tab_with_shell("api", "bash");
    let editor = ["vim", "vi", "nano", "less"].into_iter().find(|editor| {
        world
            .command("sh")
            .args(["-c", &format!("command -v {editor}")])
            .status()
            .unwrap()
            .success()
    });
    let editor = editor.expect("no system is without an editor");
    let file = world.path("file");
    std::fs::write(&file, "some text\n").unwrap();
    world.type_line(&pane, &format!("{editor} {}", file.display()));
    world.wait_for_text(&pane, "some text");
    let run = world.exec(["true"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("runs in 'api'"), "{run}");
    assert!(!world.screen(&pane).contains("7741"), "{}", world.screen(&pane));
}

#[test]
fn an_agent_is_not_typed_at() {
    let world = World::new();
    world.demo_tab("api");
    let screen = world.screen(&world.pane("api"));
    let run = world.exec(["true"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("demo has the terminal of 'api'"), "{run}");
    assert_eq!(world.screen(&world.pane("api")), screen);
}

#[test]
fn a_shell_that_does_not_know_tabctl_is_told_of_with_the_remedy() {
    for (shell, remedy) in
        [("sh", "bash 5, zsh and fish"), ("bash", "tabctl init"), ("zsh", "exec zsh")]
    {
        let mut world = World::new();
        let found = crate::support::Run::of(
            world.command("sh").args(["-c", &format!("command -v {shell}")]),
        );
        world.set("SHELL", found.ok().stdout.trim());
        std::fs::write(world.home().join(".zshrc"), "").unwrap();
        world.shell_tab("api");
        let run = world.exec(["true"]).fails_with(Kind::NotFound);
        assert!(run.stderr.contains("'api'") && run.stderr.contains(remedy), "{run}");
        assert!(!world.screen(&world.pane("api")).contains("7741"));
    }
}

#[test]
fn a_locked_tab_one_that_is_down_and_ones_own_are_left_alone() {
    let mut world = World::new();
    let pane = world.tab_with_shell("api", "bash");
    let run = world.tabctl_from_pane(&pane, &world.home(), ["exec", "api", "true"]);
    let run = run.fails_with(Kind::Usage);
    assert!(run.stderr.contains("the tab that you stand in"), "{run}");
    world.tabctl(["lock", "api"]).ok();
    let run = world.exec(["true"]).fails_with(Kind::Locked);
    assert!(run.stderr.contains("tabctl unlock api"), "{run}");
    world.tabctl(["unlock", "api"]).ok();
    // An agent's own shell tool.
    world.set("CLAUDECODE", "1");
    world.exec(["true"]).fails_with(Kind::NeedsAnswer);
    world.unset("CLAUDECODE");
    world.exec(["true"]).ok();
    world.tabctl(["close", "api", "--yes"]).ok();
    world.exec(["true"]).fails_with(Kind::Gone);
}

#[test]
fn of_two_at_a_time_one_is_refused() {
    let mut world = World::new();
    world.tab_with_shell("api", "zsh");
    let held = world.path("held");
    let line = format!("until [ -e {} ]; do sleep 0.05; done; echo first", held.display());
    let first: Child = world.exec_beside(&["--", &line]);
    world.wait_until("the first to run", PATIENCE, || {
        world.processes().iter().any(|process| process.command == "sleep 0.05")
    });
    let run = world.exec(["echo second"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("another `tabctl exec`"), "{run}");
    std::fs::write(held, "").unwrap();
    let output = first.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "first\n");
    assert_eq!(world.exec(["echo second"]).ok().stdout, "second\n");
}
