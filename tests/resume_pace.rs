//! `tabctl resume` starts so many at a time, brakes when all fail alike, and asks before too much.

use std::time::{Duration, Instant};

use tabctl::error::Kind;

use crate::support::World;
use crate::support::inside::store;
use crate::support::throwaway::{READY, RECORD, RECORDS, STAY};

const PATIENCE: Duration = Duration::from_secs(20);

/// Says when it starts and when it is ready, a second and a half later.
fn slow() -> String {
    let note = |word: &str| format!("echo \"{word} $(date +%s%N)\" >>~/log\n");
    [&note("start"), "sleep 1.5\n", RECORD, &note("ready"), READY, STAY].concat()
}

fn tabs(world: &World, kind: &str, count: usize) {
    for number in 0..count {
        world.down_tab(&format!("tab-{number}"), kind, &format!("{kind}-{number}"));
    }
}

/// The most that were starting at any time.
fn most_at_once(world: &World) -> usize {
    let log = std::fs::read_to_string(world.home().join("log")).unwrap();
    let mut moments: Vec<(u128, i64)> = log
        .lines()
        .map(|line| {
            let (said, at) = line.split_once(' ').unwrap();
            (at.parse().unwrap(), if said == "start" { 1 } else { -1 })
        })
        .collect();
    moments.sort_unstable();
    let mut now = 0;
    let counts = moments.iter().map(|(_, change)| {
        now += change;
        now
    });
    usize::try_from(counts.max().unwrap()).unwrap()
}

#[test]
fn no_more_agents_are_starting_than_jobs_allow() {
    for (jobs, most) in [("1", 1), ("3", 3)] {
        let mut world = World::new();
        world.agent("slow", RECORDS, &slow());
        tabs(&world, "slow", 4);
        let done = world.tabctl(["resume", "--jobs", jobs, "--json"]).ok().json();
        assert!(done.as_array().unwrap().iter().all(|it| it["result"]["outcome"] == "recovered"));
        assert_eq!(most_at_once(&world), most, "--jobs {jobs}");
    }
    World::new().tabctl(["resume", "--jobs", "0"]).fails_with(Kind::Usage);
}

#[test]
fn slow_agents_are_waited_for_all_at_once() {
    let mut world = World::new();
    world.set("TABCTL_RESUME_JOBS", "6");
    world.agent("slow", RECORDS, &slow());
    tabs(&world, "slow", 6);
    let start = Instant::now();
    world.tabctl(["resume"]).ok();
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

#[test]
fn when_several_fail_alike_the_rest_of_their_kind_is_held_back_and_the_next_resume_goes_on() {
    let mut world = World::new();
    let script = |line: &str| format!("{line}{RECORD}{READY}{STAY}");
    let fails = "echo \"$(date +%N): login expired, run thing login\"; exit 1\n";
    world.agent("thing", RECORDS, &script(fails));
    tabs(&world, "thing", 6);
    world.shell_tab("plain");
    world.kill_server();
    let run = world.tabctl(["resume", "--jobs", "1"]).fails_with(Kind::Partial);
    assert!(run.stderr.contains("1 came back, 3 failed, 3 held back"), "{run}");
    assert!(run.stdout.contains("several of thing failed alike"), "{run}");
    assert!(run.stdout.contains("login expired") && run.stdout.contains("goes on"), "{run}");
    assert_eq!(run.stdout.matches("the last lines of").count(), 3, "{run}");
    let held: Vec<_> =
        world.rows().into_iter().filter(|row| row["status"]["state"] == "down").collect();
    assert_eq!(held.len(), 3);
    let tab = held[0]["tab"].as_str().unwrap();
    assert_eq!(world.journal(tab).last().unwrap()["what"], "held-back");
    world.agent("thing", RECORDS, &script(""));
    let run = world.tabctl(["resume"]).ok();
    assert_eq!(run.stdout.matches("came back").count(), 3, "{run}");
    assert_eq!(world.count("thing --id"), 3);
}

/// A tab that was made and used long ago.
fn old_tab(world: &World, tab: &str, kind: &str) {
    let folder = world.workspace(tab);
    let text = format!(
        "version: 1\nid: 01HF7YAT00000000000000001A\ntab: {tab}\nagent: {{kind: {kind}, session_id: old1, \
         launch: {{argv: [{kind}, --id, old1]}}}}\n"
    );
    std::fs::write(folder.join(".session.yaml"), text).unwrap();
    let file = folder.join(".session.yaml");
    let store = store(world);
    store.register(&file).unwrap();
    store.trust(&store.load(&file).unwrap(), "test").unwrap();
}

#[test]
fn tabs_that_were_not_used_for_long_are_held_back_until_somebody_wants_them() {
    let mut world = World::new();
    world.agent("thing", RECORDS, &[RECORD, READY, STAY].concat());
    old_tab(&world, "old", "thing");
    world.down_tab("new", "thing", "n1");
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains("- old  held back: last used") && plan.contains("+ new"), "{plan}");
    let run = world.tabctl(["resume"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stdout.contains("held back  last used") && run.stdout.contains("--yes"), "{run}");
    assert_eq!((world.count("--id old1"), world.count("--id n1")), (0, 1));
    let quiet = world.tabctl(["resume", "--quiet"]).fails_with(Kind::NeedsAnswer);
    assert!(quiet.stdout.is_empty() && quiet.stderr.starts_with("old: held back: "), "{quiet}");
    let journal = world.journal("old");
    assert_eq!(journal.iter().filter(|entry| entry["what"] == "held-back").count(), 2);
    world.tabctl(["resume", "old"]).ok();
    assert_eq!(world.count("--id old1"), 1);
    // Now it was used.
    world.kill_server();
    world.tabctl(["resume"]).ok();
}

#[test]
fn more_agents_than_the_limit_are_started_only_with_a_yes() {
    let mut world = World::new();
    world.agent("thing", RECORDS, &[RECORD, READY, STAY].concat());
    tabs(&world, "thing", 5);
    std::fs::write(world.path("config").join("config.yaml"), "resume_max_agents: 2\n").unwrap();
    let run = world.tabctl(["resume"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stdout.contains("more than 2 agents at once"), "{run}");
    assert_eq!(world.count("thing --id"), 2);
    world.tabctl(["resume", "--yes"]).ok();
    assert_eq!(world.count("thing --id"), 5);
}

#[test]
fn on_a_terminal_it_asks_and_shows_how_far_it_got() {
    let mut world = World::new();
    world.agent("slow", RECORDS, &slow());
    tabs(&world, "slow", 3);
    world.set("TABCTL_RESUME_MAX_AGENTS", "2");
    let home = world.home().display().to_string();
    let open =
        ["new-session", "-d", "-x", "100", "-y", "30", "-P", "-F", "#{pane_id}", "-c", &home];
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout;
    let pane = pane.trim();
    world.type_line(pane, "tabctl resume --jobs 1");
    world.wait_for_text(pane, "3 agents are to be started. Start more than 2?");
    world.tmux(["send-keys", "-t", pane, "y"]).ok();
    world.wait_for_text(pane, "] 0/3  starting tab-0");
    world.wait_for_text(pane, "] 1/3");
    world.wait_for_text(pane, "3 came back");
    let screen = world.screen(pane);
    assert!(!screen.contains("/3  starting"), "the line is taken back: {screen}");
    assert!(screen.contains("+ tab-2  slow   came back"), "{screen}");
}

#[test]
fn a_quiet_resume_that_goes_well_says_nothing() {
    let world = World::new();
    for tab in ["a", "b"] {
        world.demo_tab(tab);
    }
    world.reboot();
    let run = world.tabctl(["resume", "--quiet"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    assert_eq!(world.count("demo-agent"), 2);
}

#[test]
fn ctrl_c_starts_no_more_says_what_is_back_and_the_next_resume_sees_it_through() {
    let mut world = World::new();
    world.agent("slow", RECORDS, &slow());
    tabs(&world, "slow", 4);
    let mut resume = world.command(env!("CARGO_BIN_EXE_tabctl"));
    resume.args(["resume", "--jobs", "1"]);
    let resume = resume
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let says = |tab: &str, what: &str| world.journal(tab).iter().any(|it| it["what"] == what);
    world.wait_until("the first agent to be back and the second to start", PATIENCE, || {
        says("tab-0", "resumed") && says("tab-1", "claimed")
    });
    let pid = i32::try_from(resume.id()).ok().and_then(rustix::process::Pid::from_raw).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = resume.wait_with_output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(i32::from(Kind::Interrupted.exit_code())), "{stderr}");
    assert!(stderr.contains("interrupted: 3 of 4 tabs are not back"), "{stdout}{stderr}");
    assert!(stderr.contains("1 came back, 1 unverified, 2 held back"), "{stdout}{stderr}");
    let done = world.tabctl(["resume", "--json"]).ok().json();
    let outcomes: Vec<_> =
        done.as_array().unwrap().iter().map(|it| it["result"]["outcome"].as_str()).collect();
    assert_eq!(outcomes[1..], [Some("recovered"); 3], "the begun one is seen through: {done:#}");
    assert_eq!(world.count("slow --id"), 4);
}
