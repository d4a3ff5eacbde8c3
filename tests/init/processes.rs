//! No process for a prompt, nor for a command: the kernel is asked.

use std::path::Path;
use std::time::Duration;

use crate::support::World;
use crate::support::shells::SHELLS;

/// How many processes were begun, and programs run, by what strace has written down. Threads are none.
fn begun(log: &Path) -> usize {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let begins = |line: &&str| {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        let is_one = ["execve(", "fork(", "vfork(", "clone(", "clone3("];
        is_one.iter().any(|name| call.starts_with(name)) && !call.contains("CLONE_THREAD")
    };
    text.lines().filter(begins).count()
}

#[test]
fn a_prompt_and_a_command_start_no_process() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        let log = world.path("trace");
        // In the tab's own shell, so that everything is as it is there.
        world.type_line(
            &pane,
            &format!("strace -f -qq -e trace=process -o {} {shell}", log.display()),
        );
        world.wait_until("the traced shell", Duration::from_mins(1), || {
            log.exists() && world.screen(&pane).matches("api] >").count() >= 2
        });
        world.run_in_shell(&pane, "true");
        let before = begun(&log);
        assert!(before >= 1, "{shell}: strace saw nothing");
        for _ in 0..5 {
            world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
            world.run_in_shell(&pane, "true");
        }
        assert_eq!(begun(&log), before, "{shell} has started something");
        // It would have been seen.
        world.run_in_shell(&pane, "ls /");
        assert!(begun(&log) > before, "{shell}");
        let written = std::fs::read_to_string(world.shell_log("api")).unwrap();
        assert!(written.matches("true").count() >= 6, "{shell}: {written}");
    }
}
