//! `tabctl wait`

use std::time::{Duration, Instant};

use tabctl::error::Kind;

use crate::run::start;
use crate::support::World;

#[test]
fn a_state_that_is_there_ends_the_wait_at_once() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    world.tabctl(["status", "attention", "--tab", "api"]).ok();
    let run = world.tabctl(["wait", "api", "--for", "thinking,attention"]).ok();
    assert_eq!(run.stdout, "api  attention\n");
    let rows = world.tabctl(["wait", "--any", "--for", "attention", "--json"]).ok().json();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["tab"]), (1, &"api".into()));
    world.tabctl(["wait", "--for", "attention", "--timeout", "50ms"]).fails_with(Kind::TimedOut);
}

#[test]
fn it_ends_soon_after_the_state_is_said() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    world.tabctl(["status", "attention", "--tab", "web"]).ok();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let run =
                world.tabctl(["wait", "api", "web", "--for", "attention", "--timeout", "20s"]).ok();
            (run, Instant::now())
        });
        // It must be seen to wait, and not to find the state at its start.
        world.wait_until("the wait to begin", Duration::from_secs(10), || {
            world.processes().iter().any(|process| process.command.contains("wait api web"))
        });
        world.tabctl(["status", "thinking", "--tab", "api"]).ok();
        assert!(!waiting.is_finished(), "another state is not the one");
        world.tabctl(["status", "attention", "--tab", "api"]).ok();
        let said = Instant::now();
        let (run, ended) = waiting.join().unwrap();
        assert_eq!(run.stdout, "api  attention\nweb  attention\n");
        assert!(ended.saturating_duration_since(said) < Duration::from_secs(2));
    });
}

#[test]
fn a_tab_that_can_never_get_there_ends_it() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    std::thread::scope(|scope| {
        let wait = ["wait", "api", "--for", "attention", "--timeout", "30s"];
        let world = &world;
        let waiting = scope.spawn(move || world.tabctl(wait));
        world.wait_until("the wait to begin", Duration::from_secs(10), || {
            world.processes().iter().any(|process| process.command.contains("wait api"))
        });
        world.tabctl(["close", "api", "--yes"]).ok();
        let run = waiting.join().unwrap().fails_with(Kind::Gone);
        assert!(run.stderr.contains("tabctl resume api"), "{run}");
    });
    world.tabctl(["wait", "api", "--for", "down", "--timeout", "10s"]).ok();
    let any = ["wait", "--any", "--for", "attention", "--timeout", "100ms"];
    world.tabctl(any).fails_with(Kind::TimedOut);
}

#[test]
fn what_cannot_be_waited_for_is_a_usage_error() {
    let world = World::new();
    world.tabctl(["wait", "--for", "idle"]).fails_with(Kind::NotFound);
    world.shell_tab("api");
    for line in [&["api"][..], &["--for", "busy"], &["--for", "idle", "--timeout", "soon"]] {
        world.tabctl([&["wait"], line].concat()).fails_with(Kind::Usage);
    }
    world.tabctl(["wait", "nobody", "--for", "idle"]).fails_with(Kind::NotFound);
}

#[test]
fn a_job_is_waited_for_until_it_ends() {
    let world = World::new();
    let go = world.path("go");
    let line = format!("until test -e {}; do sleep 0.05; done; exit 9", go.display());
    start(&world, "job", &line);
    let late = world.tabctl(["wait", "job", "--timeout", "50ms"]).fails_with(Kind::TimedOut);
    assert!(late.stderr.contains("'job' still runs"), "{late}");
    std::thread::scope(|scope| {
        let world = &world;
        let waiting = scope.spawn(move || world.tabctl(["wait", "job", "--timeout", "20s"]));
        world.wait_until("the wait to begin", Duration::from_secs(10), || {
            world
                .processes()
                .iter()
                .any(|process| process.command.contains("wait job --timeout 20s"))
        });
        std::fs::write(&go, "").unwrap();
        let run = waiting.join().unwrap();
        assert_eq!((run.status, run.stdout.as_str()), (Some(9), "job  failed\n"), "{run}");
        assert!(run.stderr.is_empty(), "its own code is no error of tabctl's: {run}");
    });
}

#[test]
fn of_several_jobs_one_can_be_enough() {
    let world = World::new();
    start(&world, "soon", "exit 0");
    start(&world, "never", "sleep 100");
    let any = world.tabctl(["wait", "--any", "never", "soon", "--timeout", "20s"]).ok();
    assert_eq!(any.stdout, "soon  done\n");
    world.tabctl(["wait", "never", "soon", "--timeout", "100ms"]).fails_with(Kind::TimedOut);
}

#[test]
fn a_job_has_no_state_to_wait_for_and_a_tab_needs_one() {
    let world = World::new();
    start(&world, "job", "exit 0");
    world.shell_tab("api");
    let job = world.tabctl(["wait", "job", "--for", "done"]).fails_with(Kind::Usage);
    assert!(job.stderr.contains("leave --for out"), "{job}");
    for line in [&["wait", "job", "api"][..], &["wait", "api"], &["wait"]] {
        let run = world.tabctl(line).fails_with(Kind::Usage);
        assert!(run.stderr.contains("--for attention"), "{run}");
    }
}
