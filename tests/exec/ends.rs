//! How a command can come to its end before it would by itself, and what is left of its shell then.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};
use tabctl::error::Kind;

use super::PATIENCE;
use crate::support::World;
use crate::support::shells::SHELLS;

/// A loop that no program but the shell itself runs.
fn endless(shell: &str) -> &'static str {
    if shell == "fish" { "while true; echo x; end" } else { "while true; do echo x; done" }
}

/// Waits until a line of it has come: it runs, and is heard while it does.
fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line
}

#[test]
fn the_time_limit_ends_it_and_leaves_the_shell_at_its_prompt() {
    for shell in SHELLS {
        let mut world = World::new();
        world.tab_with_shell("api", shell);
        for line in ["sleep 600; echo later", &endless(shell).replace("echo x", "true")] {
            let run = world.tabctl(["exec", "api", "--timeout", "300ms", "--", line]);
            let run = run.fails_with(Kind::TimedOut);
            assert!(run.stderr.contains("within 300ms") && run.stderr.contains("'api'"), "{run}");
            assert!(!run.stdout.contains("later"), "{run}");
            let run = world.exec(["echo well"]).ok();
            assert_eq!(run.stdout, "well\n", "{shell} after {line}");
        }
        assert!(!world.processes().iter().any(|it| it.command == "sleep 600"), "{shell}");
        let timed = ["exec", "api", "--timeout", "300ms", "--json", "--", "sleep", "600"];
        let run = world.tabctl(timed).fails_with(Kind::TimedOut);
        assert_eq!((&run.json()["end"], &run.json()["runs"]), (&"timed-out".into(), &false.into()));
    }
}

#[test]
fn what_ends_by_itself_after_ctrl_c_is_not_said_to_have_been_ended() {
    let mut world = World::new();
    world.tab_with_shell("api", "bash");
    let line = "sh -c 'trap \"\" INT; sleep 1; exit 6'";
    let run = world.tabctl(["exec", "api", "--timeout", "300ms", "--json", "--", line]);
    let run = run.fails_with(Kind::TimedOut);
    assert!(run.stderr.contains("ended with exit code 6"), "{run}");
    assert!(!run.stderr.contains("has ended it"), "{run}");
    assert_eq!(run.json()["code"], 6);
}

#[test]
fn ctrl_c_here_is_ctrl_c_there() {
    for shell in SHELLS {
        let mut world = World::new();
        world.tab_with_shell("api", shell);
        let mut child = world.exec_beside(&["--", "echo first; sleep 600"]);
        assert_eq!(first_line(&mut child), "first\n", "{shell}: it is heard while it runs");
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(i32::from(Kind::Interrupted.exit_code())), "{shell}");
        assert!(!world.processes().iter().any(|it| it.command == "sleep 600"), "{shell}");
        assert_eq!(world.exec(["echo well"]).ok().stdout, "well\n", "{shell}");
    }
}

#[test]
fn ctrl_c_in_the_tab_ends_it_as_in_a_terminal() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        // A loop in which bash runs a DEBUG trap again and again loses a Ctrl-C now and then, also one
        // that was typed there.
        let own = (shell != "bash").then(|| endless(shell));
        for line in std::iter::once("echo x; sleep 600").chain(own) {
            let mut child = world.exec_beside(&["--", line]);
            first_line(&mut child);
            let rest = std::thread::spawn({
                let mut stdout = child.stdout.take().unwrap();
                move || stdout.read_to_end(&mut Vec::new())
            });
            world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
            assert_eq!(child.wait().unwrap().code(), Some(130), "{shell}: {line}");
            rest.join().unwrap().unwrap();
        }
    }
}

#[test]
fn one_that_is_killed_leaves_a_shell_that_takes_the_next_command() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        let by_program = "sh -c 'while :; do echo x; done'";
        // fish goes on with a loop of its own until somebody stops it.
        let lines =
            if shell == "fish" { vec![by_program] } else { vec![by_program, endless(shell)] };
        for line in lines {
            let mut child = world.exec_beside(&["--", line]);
            first_line(&mut child);
            child.kill().unwrap();
            child.wait().unwrap();
            world.wait_until("the shell's prompt", PATIENCE, || {
                world.exec(["true"]).status == Some(0)
            });
        }
        // No trap of ours is left.
        if shell != "fish" {
            let file = world.path("traps");
            world.run_in_shell(&pane, &format!("trap >{}", file.display()));
            let traps = std::fs::read_to_string(&file).unwrap();
            assert!(!traps.contains("PIPE") && !traps.contains("EXIT"), "{shell}: {traps}");
        }
    }
}

#[test]
fn whoever_has_read_enough_ends_it() {
    let mut world = World::new();
    world.tab_with_shell("api", "bash");
    let mut child = world.exec_beside(&["--", "yes"]);
    first_line(&mut child);
    drop(child.stdout.take());
    child.wait().unwrap();
    assert_eq!(world.exec(["echo well"]).ok().stdout, "well\n");
    assert!(!world.processes().iter().any(|it| it.command == "yes"));
}

#[test]
fn an_exit_ends_the_shell_and_its_code_is_the_answer() {
    for shell in SHELLS {
        let mut world = World::new();
        let bye = world.path("bye");
        let at_exit = format!("trap 'echo bye $? >{}' EXIT", bye.display());
        world.load_in(shell, "", if shell == "bash" { &at_exit } else { "" });
        world.open_shell("api");
        let run = world.exec(["echo last words; exit 3"]).fails_with_code(3);
        assert_eq!(run.stdout, "last words\n", "{shell}");
        assert!(run.stderr.contains("the shell of 'api' has ended"), "{shell}: {run}");
        if shell == "bash" {
            let said = || std::fs::read_to_string(&bye).is_ok_and(|text| text == "bye 3\n");
            world.wait_until("what the person has set for the end", PATIENCE, said);
        }
        world.wait_until("the tab to be down", PATIENCE, || world.state("api") == "down");
        let run = world.exec(["true"]).fails_with(Kind::Gone);
        assert!(run.stderr.contains("tabctl resume api"), "{run}");
    }
}

#[test]
fn a_multiplexer_that_ends_takes_the_tab_with_it_and_that_is_the_answer() {
    for shell in SHELLS {
        for line in ["echo first; sleep 600", "echo first; cat /dev/zero | cat >/dev/null"] {
            let mut world = World::new();
            world.tab_with_shell("api", shell);
            let mut child = world.exec_beside(&["--", line]);
            first_line(&mut child);
            world.tmux(["kill-server"]);
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let gone = i32::from(Kind::Gone.exit_code());
            assert_eq!(output.status.code(), Some(gone), "{shell}: {line}: {said}");
            assert!(said.contains("`tabctl resume api`"), "{shell}: {said}");
        }
    }
}

#[test]
fn a_trap_of_the_person_is_there_again() {
    for shell in ["bash", "zsh"] {
        let mut world = World::new();
        world.load_in(shell, "trap 'true own' EXIT PIPE", "");
        world.open_shell("api");
        world.exec(["true"]).ok();
        world.exec_beside(&["--timeout", "200ms", "sleep 600"]).wait().unwrap();
        let file = world.path("traps");
        world.exec([&*format!("trap 'true new' USR2; (true); true >{}", file.display())]).ok();
        let pane = world.pane("api");
        world.run_in_shell(&pane, &format!("trap >{}", file.display()));
        let traps = std::fs::read_to_string(&file).unwrap();
        assert_eq!(traps.matches("true own").count(), 2, "{shell}: {traps}");
        assert!(traps.contains("true new") && !traps.contains("__tabctl_gone"), "{shell}: {traps}");
    }
}
