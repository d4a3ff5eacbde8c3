//! Many agents type into a tab at the same time, and a person takes it over. Must use a real
//! multiplexer: what is held is its promise.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tabctl::engine::Input;
use tabctl::model::doer::DoerKind;
use tabctl::model::lease::Held;
use tabctl::model::pane::PaneId;
use tabctl::ops::{Ctx, lease, list};

use crate::support::{World, inside};

const WRITERS: usize = 4;

#[test]
fn nothing_of_an_agent_arrives_once_a_person_has_taken_the_tab() {
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1");
    let each = if long { 600 } else { 50 };
    let world = World::new();
    let folder = world.workspace("api");
    let typed = world.path("typed");
    let into = format!("exec cat >{}", typed.display());
    world
        .tabctl_in(
            &folder,
            ["new", "api", "--agent", "generic", "--detach", "--", "sh", "-c", &into],
        )
        .ok();
    world.wait_until("the file", Duration::from_secs(30), || typed.exists());
    let pane = PaneId(world.pane("api"));
    let (tried, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut delivered = Vec::new();
    std::thread::scope(|scope| {
        let write = |writer: usize| {
            let (world, pane, tried, over) = (&world, &pane, &tried, &over);
            scope.spawn(move || {
                let ctx = inside::with_its_tmux(world);
                let mut mine = Vec::new();
                for number in 0..each {
                    let line = format!("writer-{writer}-{number}");
                    let was_over = over.load(Ordering::SeqCst);
                    let is_through = type_line(&ctx, pane, &agent(), &line);
                    assert!(!(was_over && is_through), "{line} was let through after the take");
                    mine.extend(is_through.then_some(line));
                    tried.fetch_add(1, Ordering::SeqCst);
                }
                mine
            })
        };
        let writers: Vec<_> = (0..WRITERS).map(write).collect();
        // In the midst of it.
        while tried.load(Ordering::SeqCst) < WRITERS * each / 3 {
            std::thread::yield_now();
        }
        world.tabctl(["take", "api"]).ok();
        let ctx = inside::with_its_tmux(&world);
        let person = lease::me(&ctx);
        assert_eq!(person.kind, DoerKind::Person);
        assert!(type_line(&ctx, &pane, &person, "a person"));
        over.store(true, Ordering::SeqCst);
        delivered = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
    });
    let ctx = inside::with_its_tmux(&world);
    assert!(type_line(&ctx, &pane, &lease::me(&ctx), "the end"));
    let lines = || std::fs::read_to_string(&typed).unwrap_or_default();
    world.wait_until("the end", Duration::from_secs(30), || lines().ends_with("the end\n"));
    let lines = lines();
    let (before, after) = lines.split_once("a person\n").unwrap();
    assert_eq!(after, "the end\n", "of {} tried", tried.load(Ordering::SeqCst));
    let mut arrived: Vec<&str> = before.lines().collect();
    arrived.sort_unstable();
    delivered.sort_unstable();
    assert_eq!(arrived, delivered, "each line once, whole, and only what was said to be typed");
    assert!(!arrived.is_empty() && arrived.len() < WRITERS * each, "{}", arrived.len());
    eprintln!("{} tried, {} before the take, 0 after", WRITERS * each, arrived.len());
}

/// Claude in four tools of one tab.
fn agent() -> Held {
    Held::new(DoerKind::Agent, "claude", None)
}

/// Types a line as `send` does: under the right to it, which the server compares. Says whether all of
/// it was let through.
fn type_line(ctx: &Ctx, pane: &PaneId, who: &Held, line: &str) -> bool {
    let row = list::list(ctx).unwrap().rows.into_iter().find(|row| row.tab == "api").unwrap();
    let _typing = ctx.store.typing_lock(row.id).unwrap();
    let Ok(taken) = lease::acquire(ctx, &row, pane, who) else { return false };
    // In one paste: what is cut off between a text and its Enter stands at the prompt, and is no line.
    ctx.engine().feed(pane, Input::Text(&format!("{line}\n")), Some(taken.epoch)).unwrap()
}
