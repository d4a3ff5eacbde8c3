//! Jobs whose keeper is killed, whose disk is full, who write without end.

use std::time::Duration;

use super::{PATIENCE, job, keeper, long, nothing_left, start};
use crate::support::processes::{self, Process};
use crate::support::{Run, World};

/// A number of a process's status, in kB.
fn status(pid: u32, key: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_matches([':', ' ', '\t']).split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_job_whose_keeper_is_killed_is_interrupted_and_what_is_left_of_it_can_be_killed() {
    let world = World::new();
    start(&world, "job", "trap '' HUP; echo one; sleep 100; sleep 100");
    world.wait_until("its first line", PATIENCE, || {
        world.tabctl(["output", "job"]).ok().stdout == "one\n"
    });
    let pid = keeper(&world, "job");
    processes::kill(&Process { pid, parent: 0, command: String::new() });
    world.wait_until("the keeper's end", PATIENCE, || {
        world.processes().iter().all(|process| process.pid != pid)
    });
    let cut_off = job(&world, "job");
    assert_eq!((&cut_off["state"], &cut_off["left_behind"]), (&"interrupted".into(), &2.into()));
    let shown = world.tabctl(["ls", "--jobs"]).ok();
    assert!(shown.stderr.contains("2 processes of it still run; `tabctl kill job`"), "{shown}");
    let held = world.tabctl(["clear", "--yes"]).ok();
    assert!(held.stderr.contains("1 job has left something behind"), "{held}");
    assert_eq!(world.tabctl(["output", "job"]).ok().stdout, "one\n");
    world.tabctl(["kill", "job", "--yes"]).ok();
    nothing_left(&world);
    world.tabctl(["clear", "--yes"]).ok();
    assert!(super::jobs(&world).is_empty());
}

#[test]
fn a_keeper_that_is_told_to_end_ends_its_job_first() {
    let world = World::new();
    start(&world, "job", "trap 'echo told; exit 5' TERM; echo one; while :; do sleep 0.1; done");
    world.wait_until("its first line", PATIENCE, || {
        world.tabctl(["output", "job"]).ok().stdout == "one\n"
    });
    let pid = keeper(&world, "job").to_string();
    // As the machine does when it goes down.
    Run::of(world.command("kill").args(["-TERM", &pid])).ok();
    nothing_left(&world);
    let job = job(&world, "job");
    assert_eq!((&job["state"], &job["code"]), (&"interrupted".into(), &5.into()));
    let told = world.tabctl(["output", "job"]).ok().stdout;
    assert!(told.starts_with("one\n") && told.ends_with("told\n"), "{told}");
}

#[test]
fn output_without_end_fills_neither_memory_nor_disk() {
    let megabytes: u64 = if long() { 1000 } else { 60 };
    let world = World::new();
    let line =
        format!("echo first; head -c {megabytes}000000 /dev/zero; echo; echo last; sleep 100");
    start(&world, "job", &line);
    let pid = keeper(&world, "job");
    let before = status(pid, "VmHWM");
    world.wait_until("all of it to be written", Duration::from_mins(5), || {
        job(&world, "job")["bytes"].as_u64().unwrap() == megabytes * 1_000_000 + 6 + 6
    });
    let grown = status(pid, "VmHWM") - before;
    assert!(grown < 2000, "the keeper has grown by {grown} kB");
    let du = Run::of(world.command("du").arg("-sk").arg(world.path("state").join("jobs"))).ok();
    let kept: u64 = du.stdout.split_whitespace().next().unwrap().parse().unwrap();
    assert!(kept < 36_000, "{kept} kB are kept");
    let left_out = job(&world, "job")["left_out"].as_u64().unwrap();
    assert!(left_out > megabytes * 1_000_000 - 36_000_000, "{left_out}");
    let told = world.tabctl(["output", "job"]).ok().stdout;
    let gap = format!("── {} MB that stood here are not kept ──", left_out / 1_000_000);
    assert!(told.starts_with("first\n") && told.contains(&gap) && told.ends_with("\nlast\n"));
    assert_eq!(world.tabctl(["output", "job", "--lines", "1"]).ok().stdout, "last\n");
    world.tabctl(["kill", "job", "--yes"]).ok();
}

/// Starts a job whose keeper finds the disk full at some calls (`when=` of strace), and waits for its end.
fn on_a_full_disk(world: &World, call: &str, when: &str, line: &str) {
    let mut strace = world.command("strace");
    let inject = format!("inject={call}:error=ENOSPC:when={when}");
    let trace = format!("trace={call}");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject]);
    strace.args([
        "--",
        env!("CARGO_BIN_EXE_tabctl"),
        "run",
        "--name",
        "job",
        "--",
        "sh",
        "-c",
        line,
    ]);
    // strace stays as long as the keeper does.
    Run::within(PATIENCE, &mut strace).ok();
}

#[test]
fn a_full_disk_is_told_of_and_the_job_goes_on() {
    let world = World::new();
    // The first write goes through, the next ones do not; later there is room again.
    let line =
        "echo before; sleep 0.5; echo lost; sleep 1.5; echo again; sleep 1.2; echo after; exit 7";
    on_a_full_disk(&world, "pwrite64", "2..3", line);
    let wait = world.tabctl(["wait", "job"]);
    assert_eq!(wait.status, Some(7), "{wait}");
    let full = job(&world, "job");
    assert_eq!((&full["bytes"], &full["left_out"]), (&24.into(), &11.into()), "{full:#}");
    assert_eq!(full["trouble"], "no space left on device");
    let shown = world.tabctl(["ls", "--jobs"]).ok();
    assert!(shown.stdout.contains("failed 7 ⚠"), "{shown}");
    assert!(shown.stderr.contains("11 bytes of its output could not be kept: no space"), "{shown}");
    let told = world.tabctl(["output", "job"]).ok();
    assert_eq!(told.stdout, "before\n── 11 bytes that stood here are not kept ──\nafter\n");
    assert!(told.stderr.contains("no space left on device"), "{told}");
}

#[test]
fn an_end_that_a_full_disk_does_not_take_is_written_down_later() {
    let world = World::new();
    // The first two are for the record: who keeps it, and what was started.
    on_a_full_disk(&world, "fsync", "3..4", "echo text; exit 7");
    let wait = world.tabctl(["wait", "job"]);
    assert_eq!((wait.status, wait.stdout.as_str()), (Some(7), "job  failed\n"), "{wait}");
    assert_eq!(world.tabctl(["output", "job"]).ok().stdout, "text\n");
}

/// Runs a script where the state folder is a disk of two megabytes, most of which is taken; says why that
/// cannot be done here.
fn on_a_small_disk(world: &World, script: &str) -> Option<Run> {
    let mount = "mount -t tmpfs -o size=2m tmpfs \"$S\" && head -c 1500000 /dev/zero >\"$S/fill\"";
    let run = |script: &str| {
        let mut command = world.command("unshare");
        command.args(["-m", "--propagation", "private", "/bin/sh", "-c", script]);
        command.env("S", world.path("state")).env("W", world.home());
        command.env("T", env!("CARGO_BIN_EXE_tabctl"));
        Run::within(PATIENCE, &mut command)
    };
    std::fs::create_dir_all(world.path("state")).unwrap();
    if run(mount).status != Some(0) {
        eprintln!("left out: only root can mount");
        return None;
    }
    Some(run(&format!("{mount}\n{script}")))
}

#[test]
fn a_disk_that_stays_full_is_told_of_while_the_job_runs_and_takes_its_end() {
    let world = World::new();
    let script = "\
\"$T\" run --name job -- sh -c 'yes | head -c 5000000; while [ ! -e ~/go ]; do sleep 0.1; done; exit 7' >&2
for try in 1 2 3 4 5 6 7 8 9; do
    sleep 0.5; \"$T\" ls --jobs >~/shown 2>&1; grep -q 'no space' ~/shown && break
done
cat ~/shown; touch ~/go
\"$T\" wait job --timeout 20s; echo code=$?
\"$T\" ls --jobs 2>&1";
    let Some(run) = on_a_small_disk(&world, script) else { return };
    for part in ["running ⚠", "could not be kept: no space left", "job  failed", "failed 7 ⚠"] {
        assert!(run.stdout.contains(part), "{part}: {run}");
    }
    assert!(run.stdout.contains("\ncode=7\n"), "{run}");
    nothing_left(&world);
}

#[test]
fn where_the_room_for_the_end_was_taken_too_the_newest_of_the_output_gives_way() {
    let world = World::new();
    let script = "\
\"$T\" run --name job -- sh -c 'echo first; yes | head -c 300000; while [ ! -e ~/go ]; do sleep 0.1; done; exit 7' >&2
sleep 1; rm \"$S\"/jobs/*/room; head -c 3000000 /dev/zero >\"$S/more\" 2>&1; touch ~/go
\"$T\" wait job --timeout 20s; echo code=$?
\"$T\" output job | head -n 1
\"$T\" ls --jobs --json";
    let Some(run) = on_a_small_disk(&world, script) else { return };
    assert!(run.stdout.contains("\ncode=7\nfirst\n"), "{run}");
    assert!(
        run.stdout.contains("\"bytes\": 300006") && !run.stdout.contains("\"left_out\": 0"),
        "{run}"
    );
    nothing_left(&world);
}

#[test]
fn what_daemons_leave_open_does_not_keep_a_job_from_ending() {
    let world = World::new();
    start(&world, "job", "(setsid sh -c 'sleep 100; echo late' &) ; echo started; exit 0");
    world.tabctl(["wait", "job", "--timeout", "20s"]).ok();
    let done = job(&world, "job");
    assert_eq!((&done["state"], &done["left_behind"]), (&"done".into(), &2.into()), "{done:#}");
    assert_eq!(world.tabctl(["output", "job", "--follow"]).ok().stdout, "started\n");
    world.tabctl(["kill", "job", "--yes"]).ok();
    nothing_left(&world);
    assert_eq!(job(&world, "job")["state"], "done", "it had ended well before");
}
