//! `tabctl resume` against somebody who changes the session file meanwhile: what a person approved
//! is what runs, or nothing does.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tabctl::engine::fake::Fake;
use tabctl::model::plan::Action;
use tabctl::ops::plan::{self, Wish};

use crate::support::World;
use crate::support::inside::{context, store};
use crate::support::trace::{Call, traced};

/// A trusted tab of a program that only waits; gives its file's text.
fn bound(world: &World, folder: &Path) -> String {
    let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "sleep", "600"];
    world.tabctl_in(folder, bind).ok();
    let file = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("  launch:\n", "  resume: [sleep, '600']\n  launch:\n");
    std::fs::write(&file, &text).unwrap();
    store(world).trust(&store(world).load(&file).unwrap(), "test").unwrap();
    text
}

#[test]
fn the_bytes_that_were_judged_are_the_bytes_that_decide() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    world.reboot();
    // A server that tabctl started itself would hold strace.
    world.tmux(["new-session", "-d", "-s", "tabctl", "--", "sleep", "600"]).ok();
    assert_eq!(world.state("api"), "down");
    let options = ["-e", "trace=open,openat,execve", "--seccomp-bpf"];
    let limit = Duration::from_mins(1);
    let trace = traced(&world, &options, limit, &world.home(), ["resume", "api"]);
    trace.run.ok();
    let starts = |call: &Call| call.name == "execve" && call.text.contains("new-window");
    let start = trace.calls.iter().position(starts).expect("a window is opened");
    let opened: Vec<_> =
        trace.calls[..start].iter().filter(|call| call.names(".session.yaml")).collect();
    assert_eq!(opened.len(), 1, "{opened:#?}");
}

#[test]
fn a_file_that_is_swapped_while_it_is_resumed_runs_as_approved_or_not_at_all() {
    const ROUNDS: usize = 300;
    let world = World::new();
    let folder = world.workspace("api");
    let good = bound(&world, &folder);
    let evil = good.replace("600", "601");
    assert_ne!(good, evil);
    let ctx = context(&world, Fake::new());
    let (file, spare) = (folder.join(".session.yaml"), folder.join("spare"));
    let over = AtomicBool::new(false);
    let (mut ran, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Both ways of changing a file: another one in its place, and new bytes in the same one.
            let end = Instant::now() + Duration::from_secs(30);
            while !over.load(Ordering::Relaxed) && Instant::now() < end {
                for text in [&evil, &good] {
                    std::fs::write(&spare, text).unwrap();
                    std::fs::rename(&spare, &file).unwrap();
                    std::fs::write(&file, text).unwrap();
                    std::thread::sleep(Duration::from_micros(300));
                }
            }
        });
        for _ in 0..ROUNDS {
            let all = ctx.store.all().unwrap();
            for step in plan::steps(&ctx, &all, Wish::default()).unwrap() {
                match step.action {
                    Action::Start { order, .. } => {
                        assert_eq!(order.argv.words(), ["sleep", "600"]);
                        ran += 1;
                    }
                    Action::Refuse { .. } => refused += 1,
                    other => panic!("{other:?}"),
                }
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(ran > 0 && refused > 0, "{ran} ran, {refused} were refused: nothing was raced");
}

#[test]
fn a_place_that_no_multiplexer_has_is_only_a_wish() {
    let world = World::new();
    let folder = world.workspace("api");
    let text = bound(&world, &folder);
    let hostile = [
        "{engine: tmux, session: tabctl, window: api, index: 4294967295}",
        "{engine: tmux, session: tabctl, window: api, index: 2147483648}",
        "{engine: zellij, session: \"-t%0;#(touch canary)\\e]0;x\\a\", window: \"#(id)\", index: 7}",
        "{engine: \"\", session: \"\", window: \"\", index: 0}",
        "{engine: tmux, session: \"=:.0\", window: \"{end}\"}",
    ];
    for place in hostile {
        std::fs::write(folder.join(".session.yaml"), format!("{text}place: {place}\n")).unwrap();
        let run = world.tabctl(["resume", "api"]);
        assert_eq!(run.status, Some(0), "{place}\n{run}");
        assert_eq!(world.processes().iter().filter(|p| p.command == "sleep 600").count(), 1);
        world.tabctl(["close", "api", "--yes"]).ok();
        world.wait_until("the end", Duration::from_secs(10), || world.state("api") == "down");
    }
}
