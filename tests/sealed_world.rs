//! The tests' own ground: a world lets nothing in, and leaves nothing behind.

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::processes;
use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(10);

fn open_pane(world: &World, program: &str) {
    world.tmux(["new-session", "-d", "-s", "work", "--", "/bin/sh", "-c", program]).ok();
}

#[test]
fn a_world_knows_nothing_of_the_person_who_runs_the_tests() {
    let world = World::new();
    let seen = Run::of(&mut world.command("env")).ok().stdout;
    let names: Vec<_> = seen.lines().filter_map(|line| line.split('=').next()).collect();
    for name in &names {
        let own =
            name.starts_with("TABCTL_") || ["HOME", "PATH", "SHELL", "TERM", "LANG"].contains(name);
        assert!(own, "{name} came in from outside");
    }
    assert!(seen.contains(&format!("HOME={}\n", world.home().display())), "{seen}");
}

#[test]
fn two_worlds_do_not_see_each_other() {
    let (one, two) = (World::new(), World::new());
    open_pane(&one, "sleep 600");
    assert_ne!(one.home(), two.home());
    assert!(!one.processes().is_empty());
    assert!(two.processes().is_empty(), "{:?}", two.processes());
    assert!(!two.socket().exists());
}

#[test]
fn nothing_of_a_world_is_left_when_it_is_dropped() {
    let world = World::new();
    // One in a pane, one that cut itself loose from everything.
    open_pane(&world, "setsid sleep 600 </dev/null >/dev/null 2>&1 & exec sleep 600");
    world.wait_until("the three processes", PATIENCE, || world.processes().len() >= 3);
    let (home, mark) = (world.home(), format!("HOME={}", world.home().display()));
    drop(world);
    assert!(!home.exists());
    let left = processes::marked(&mark);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn killing_the_server_takes_its_panes_and_spares_what_stands_beside_them() {
    let world = World::new();
    open_pane(&world, "sleep 601; sleep 602");
    let mut beside = world.command("sleep").arg("603").spawn().unwrap();
    let running = |time: &str| {
        world.processes().iter().any(|process| process.command == format!("sleep {time}"))
    };
    world.wait_until("the pane's process", PATIENCE, || running("601"));
    world.kill_server();
    assert!(!running("601") && running("603"));
    world.reboot();
    assert!(!running("603"));
    beside.wait().unwrap();
}

#[test]
fn after_a_reboot_the_boot_is_another_one() {
    let world = World::new();
    let boot = || Run::of(&mut world.command("env")).ok().stdout;
    let before = boot();
    world.reboot();
    let after = boot();
    let of =
        |text: &str| text.lines().find(|l| l.starts_with("TABCTL_BOOT_ID=")).map(str::to_owned);
    assert_ne!(of(&before), of(&after));
}

#[test]
fn a_world_can_type_and_read() {
    let world = World::new();
    open_pane(&world, "read line; echo \"it said $line\"; sleep 600");
    world.type_line("work", "hello there");
    world.wait_for_text("work", "it said hello there");
}

#[test]
fn a_run_tells_an_answer_from_a_failure() {
    let world = World::new();
    let shell = |script: &str| Run::of(world.command("/bin/sh").args(["-c", script]));
    assert_eq!(shell("echo '{\"a\": [1]}'").ok().json()["a"][0], 1);
    assert_eq!(shell("echo why >&2; exit 3").fails_with(Kind::NotFound).stderr, "why\n");
    let wrong = [shell("exit 3"), shell("echo why >&2; exit 4"), shell("kill -9 $$")];
    for run in wrong {
        let judged = std::panic::catch_unwind(|| run.clone().fails_with(Kind::NotFound));
        assert!(judged.is_err(), "{run}");
    }
}
