//! `tabctl run`, `tabctl ls --jobs`, and the keeper of each job

#[cfg(target_os = "linux")] // strace and /proc show what is looked for
mod hardship;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::World;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the long form of the tests was asked for.
pub fn long() -> bool {
    std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1")
}

/// The jobs as `ls --jobs --json` shows them.
#[track_caller]
pub fn jobs(world: &World) -> Vec<Value> {
    world.tabctl(["ls", "--jobs", "--json"]).ok().json().as_array().cloned().unwrap_or_default()
}

/// One of them.
#[track_caller]
pub fn job(world: &World, name: &str) -> Value {
    let found = jobs(world).into_iter().find(|job| job["name"] == name);
    found.unwrap_or_else(|| panic!("no job '{name}'\n{}", world.tabctl(["ls", "--jobs"])))
}

/// Starts a job of this name that runs a line of `sh`.
#[track_caller]
pub fn start(world: &World, name: &str, line: &str) {
    let run = world.tabctl(["run", "--name", name, "--", "sh", "-c", line]).ok();
    assert_eq!(run.stdout, format!("{name}\n"));
}

/// The process that keeps a job.
#[track_caller]
pub fn keeper(world: &World, name: &str) -> u32 {
    let id = job(world, name)["id"].as_str().unwrap().to_owned();
    let path = world.path("state").join("jobs").join(format!("{id}.json"));
    let record: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    u32::try_from(record["keeper"]["pid"].as_u64().unwrap()).unwrap()
}

/// Waits until nothing of the world runs any more but what is named.
#[track_caller]
pub fn nothing_left(world: &World) {
    world.wait_until("everything to be over", PATIENCE, || world.processes().is_empty());
}

#[test]
fn a_job_runs_on_by_itself_and_says_how_it_ended() {
    let world = World::new();
    let folder = world.workspace("api");
    let line = ["run", "--", "sh", "-c", "pwd; echo to stderr >&2; exit 3"];
    let run = world.tabctl_in(&folder, line).ok();
    let name = run.stdout.trim();
    let (how, who) = name.split_once('-').unwrap_or_else(|| panic!("{run}"));
    assert!(how.chars().chain(who.chars()).all(|c| c.is_ascii_lowercase()), "{run}");
    let wait = world.tabctl(["wait", name]);
    assert_eq!((wait.status, wait.stdout), (Some(3), format!("{name}  failed\n")));
    let job = job(&world, name);
    assert_eq!((&job["state"], &job["code"]), (&"failed".into(), &3.into()));
    assert_eq!(job["directory"], folder.display().to_string());
    assert_eq!(job["argv"], serde_json::json!(line[2..]));
    assert_eq!(job["by"]["kind"], "person");
    assert!(job["pid"].is_null() && job["again"].is_null() && job["ran_ms"].is_u64(), "{job:#}");
    let told = world.tabctl(["output", name]).ok();
    assert_eq!(told.stdout, format!("{}\nto stderr\n", folder.display()));
    let table = world.tabctl(["ls", "--jobs"]).ok().stdout;
    assert!(table.contains(name) && table.contains("✗ failed 3"), "{table}");
    nothing_left(&world);
}

#[test]
fn its_exit_code_is_passed_on() {
    let world = World::new();
    for (name, line, code, state) in [
        ("well", "exit 0", 0, "done"),
        ("three", "exit 3", 3, "failed"),
        ("high", "exit 250", 250, "failed"),
        ("term", "kill -TERM $$", 143, "killed"),
        ("kill", "kill -KILL $$", 137, "killed"),
        ("fault", "kill -SEGV $$", 139, "killed"),
    ] {
        start(&world, name, line);
        let wait = world.tabctl(["wait", name]);
        assert_eq!(wait.status, Some(code), "{wait}");
        assert_eq!(job(&world, name)["state"], state);
    }
    start(&world, "asked", "sleep 100");
    world.tabctl(["kill", "asked", "--yes"]).ok();
    assert_eq!(job(&world, "asked")["killed_by"]["kind"], "person");
    let table = world.tabctl(["ls", "--jobs"]).ok().stdout;
    let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    for (name, shown) in
        [("kill", "× killed KILL  "), ("fault", "× killed SEGV  "), ("asked", "× killed       ")]
    {
        assert!(line(name).contains(shown), "{table}");
    }
    assert_eq!(world.tabctl(["wait", "well", "three", "kill"]).status, Some(3), "the first");
    assert_eq!(world.tabctl(["wait", "well", "--json"]).ok().json()[0]["code"], 0);
}

#[test]
fn what_cannot_be_started_leaves_no_job_behind() {
    let world = World::new();
    let file = world.path("file");
    std::fs::write(&file, "text").unwrap();
    let file = file.display().to_string();
    let missing = world.tabctl(["run", "--", "no-such-program-9"]).fails_with(Kind::NotFound);
    assert!(missing.stderr.contains("the program no-such-program-9 is not installed"), "{missing}");
    world.tabctl(["run", "--", file.as_str()]).fails_with(Kind::Other);
    world.tabctl(["run"]).fails_with(Kind::Usage);
    for (line, tip) in [
        (&["run", "make", "test"][..], "`tabctl run -- make test`"),
        (&["run", "--name", "x", "sh", "-c", "a b"], "`tabctl run --name x -- sh -c 'a b'`"),
    ] {
        let run = world.tabctl(line).fails_with(Kind::Usage);
        assert!(run.stderr.contains(tip), "{run}");
    }
    let flag = world.tabctl(["run", "--nmae", "x", "--", "true"]).fails_with(Kind::Usage);
    assert!(!flag.stderr.contains("put `--`"), "{flag}");
    let nowhere = ["run", "--in", "/no/such/folder", "--", "true"];
    let nowhere = world.tabctl(nowhere).fails_with(Kind::NotFound);
    assert!(nowhere.stderr.contains("neither a tab nor a folder"), "{nowhere}");
    world.tabctl(["run", "--in", file.as_str(), "--", "true"]).fails_with(Kind::Usage);
    for hostile in ["$(id)", "a\u{1b}[31mb", "../x", "-x", "", "a\nb", "#(id)"] {
        let run = world.tabctl(["run", "--name", hostile, "--", "true"]).fails_with(Kind::Usage);
        assert!(!run.stderr.contains('\u{1b}'), "{run}");
    }
    assert!(jobs(&world).is_empty());
    let left = std::fs::read_dir(world.path("state").join("jobs")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no record and no folder");
}

#[test]
fn a_name_is_given_once() {
    let world = World::new();
    start(&world, "日本 server/1", "sleep 100");
    let again = world.tabctl(["run", "--name", "日本 server/1", "--", "true"]);
    let again = again.fails_with(Kind::Clash);
    assert!(again.stderr.contains("'日本 server/1' already: it is running"), "{again}");
    world.shell_tab("api");
    let taken = world.tabctl(["run", "--name", "api", "--", "true"]).fails_with(Kind::Clash);
    assert!(taken.stderr.contains("a tab is called 'api'"), "{taken}");
    world.tabctl(["kill", "日本 server/1", "--yes"]).ok();
    let kept = world.tabctl(["run", "--name", "日本 server/1", "--", "true"]);
    assert!(kept.fails_with(Kind::Clash).stderr.contains("it is killed"));
    world.tabctl(["clear", "--yes"]).ok();
    world.tabctl(["run", "--name", "日本 server/1", "--", "true"]).ok();
}

#[test]
fn of_many_at_once_under_one_name_one_is_started() {
    let world = World::new();
    let started = std::thread::scope(|scope| {
        let one = || world.tabctl(["run", "--name", "same", "--", "sleep", "100"]).status;
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        let codes: Vec<_> = all.into_iter().map(|it| it.join().unwrap()).collect();
        assert!(codes.iter().all(|code| matches!(code, Some(0 | 6))), "{codes:?}");
        codes.iter().filter(|code| **code == Some(0)).count()
    });
    assert_eq!((started, jobs(&world).len()), (1, 1));
}

#[test]
fn a_command_sees_a_terminal_it_cannot_read_from_and_the_callers_variables() {
    let mut world = World::new();
    world.set("MARK", "a b\nc");
    let line = "test -t 1 && test -t 2 && ! test -t 0 && echo terminal; cat; echo \"$MARK\"; \
                (: </dev/tty) 2>/dev/null || echo deaf; echo $TABCTL_JOB $PAGER; stty size <&1";
    start(&world, "job", line);
    world.tabctl(["wait", "job"]);
    let told = world.tabctl(["output", "job"]).ok().stdout;
    assert_eq!(told, "terminal\na b\nc\ndeaf\njob cat\n40 120\n");
}

#[test]
fn a_secret_of_its_command_is_not_written_down_and_that_is_said() {
    let world = World::new();
    let secret = "abcdef0123456789";
    let line = ["run", "--name", "job", "--", "sh", "-c", "sleep 100", "sh", "--api-key", secret];
    world.tabctl(line).ok();
    let keeper = keeper(&world, "job");
    let command =
        |pid: u32| world.processes().into_iter().find(|it| it.pid == pid).unwrap().command;
    assert!(!command(keeper).contains(secret), "{}", command(keeper));
    assert_eq!(job(&world, "job")["argv"][5], "[hidden]");
    world.reboot();
    let shown = world.tabctl(["ls", "--jobs"]).ok();
    assert!(shown.stderr.contains("--api-key '[hidden]'"), "{shown}");
    assert!(shown.stderr.contains("has to be put in again"), "{shown}");
    let all = Path::new(&world.path("state")).to_owned();
    let grep = world.command("grep").arg("-r").arg(secret).arg(all).output().unwrap();
    assert!(grep.stdout.is_empty(), "{}", String::from_utf8_lossy(&grep.stdout));
}

#[test]
fn after_a_reboot_it_is_interrupted_with_the_command_to_run_it_again() {
    let world = World::new();
    let folder = world.workspace("a b");
    world
        .tabctl_in(&folder, ["run", "--name", "job", "--", "sh", "-c", "echo one; sleep 100"])
        .ok();
    world.wait_until("its first line", PATIENCE, || {
        world.tabctl(["output", "job"]).ok().stdout == "one\n"
    });
    world.reboot();
    let again = format!("tabctl run --in '{}' -- sh -c 'echo one; sleep 100'", folder.display());
    let interrupted = job(&world, "job");
    assert_eq!(
        (&interrupted["state"], &interrupted["again"]),
        (&"interrupted".into(), &again.clone().into())
    );
    let shown = world.tabctl(["ls", "--jobs"]).ok();
    assert!(shown.stderr.contains(&again), "{shown}");
    assert_eq!(
        world.tabctl(["output", "job", "--follow"]).ok().stdout,
        "one\n",
        "what it wrote is there"
    );
    let wait = world.tabctl(["wait", "job"]).fails_with(Kind::Gone);
    assert!(wait.stderr.contains(&again), "{wait}");
    world.tabctl(["kill", "job", "--yes"]).fails_with(Kind::NotFound);
    let mut shell = world.command("sh");
    let restarted = shell.args(["-c", &again]).output().unwrap();
    let name = String::from_utf8(restarted.stdout).unwrap();
    world.tabctl(["kill", name.trim(), "--yes"]).ok();
}

#[test]
fn a_job_of_a_tab_runs_in_its_folder_and_is_in_its_journal() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world
        .tabctl([
            "run",
            "--name",
            "job",
            "--in",
            "api",
            "--",
            "sh",
            "-c",
            "pwd; echo $TABCTL_TAB; exit 4",
        ])
        .ok();
    world.tabctl(["wait", "job"]);
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let told = world.tabctl(["output", "job"]).ok().stdout;
    assert_eq!(told, format!("{}\n{id}\n", folder.display()));
    assert_eq!(job(&world, "job")["tab"], "api");
    assert!(world.tabctl(["ls", "--jobs"]).ok().stdout.contains("TAB"));
    let line = |what: &str| {
        let log = world.tabctl(["log", "api", "--json"]).ok().json();
        log.as_array().unwrap().iter().find(|line| line["what"] == what).cloned()
    };
    let started = line("job-started").unwrap();
    assert_eq!(
        (&started["with"]["job"], &started["actor"]["kind"]),
        (&"job".into(), &"person".into())
    );
    // It is written after the record, which is what a wait waits for.
    let ended = world.wait_for("the end in the journal", PATIENCE, || line("job-ended"));
    assert_eq!((&ended["with"]["code"], &ended["actor"]["kind"]), (&4.into(), &"system".into()));
    let elsewhere = world.workspace("elsewhere");
    let elsewhere = elsewhere.display().to_string();
    world.tabctl(["run", "--name", "other", "--in", &elsewhere, "--", "true"]).ok();
    assert_eq!(job(&world, "other")["directory"], elsewhere);
    assert!(job(&world, "other")["tab"].is_null());
}

#[test]
fn it_survives_the_window_and_the_server_it_was_started_in() {
    let world = World::new();
    world.shell_tab("api");
    let go = world.path("go");
    let line = format!(
        "tabctl run --name job -- sh -c 'until test -e {}; do sleep 0.05; done; echo alive'",
        go.display()
    );
    world.type_line(&world.pane("api"), &line);
    world.wait_until("the job", PATIENCE, || !jobs(&world).is_empty());
    assert_eq!(job(&world, "job")["tab"], "api", "it belongs to the tab it was started in");
    let keeper = keeper(&world, "job");
    let terminal = world.command("ps").args(["-o", "tty=", "-p", &keeper.to_string()]).output();
    assert_eq!(String::from_utf8(terminal.unwrap().stdout).unwrap().trim(), "?");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tmux(["kill-server"]);
    std::fs::write(go, "").unwrap();
    world.tabctl(["wait", "job", "--timeout", "30s"]).ok();
    assert_eq!(world.tabctl(["output", "job"]).ok().stdout, "alive\n");
}

#[test]
fn a_command_line_of_any_length_is_run_whole() {
    let world = World::new();
    let words: Vec<String> = (0..30_000).map(|number| format!("word-{number}")).collect();
    let front = ["run", "--name", "job", "--", "sh", "-c", "echo $# ${30000}", "sh"];
    world.tabctl(front.into_iter().chain(words.iter().map(String::as_str))).ok();
    world.tabctl(["wait", "job"]).ok();
    let told = world.tabctl(["output", "job"]).ok().stdout;
    assert_eq!(told, "30000 word-29999\n");
    let job = job(&world, "job");
    assert_eq!(job["altered"], true);
    assert!(job["argv"].as_array().unwrap().len() < 3000);
}

#[test]
fn running_jobs_are_mentioned_below_the_tabs() {
    let world = World::new();
    assert!(!world.tabctl(["ls"]).ok().stderr.contains("job"));
    start(&world, "server", "sleep 100");
    let run = world.tabctl(["ls"]).ok();
    assert!(run.stderr.contains("1 job runs: server; `tabctl ls --jobs`"), "{run}");
    world.tabctl(["kill", "server", "--yes"]).ok();
    assert!(!world.tabctl(["ls"]).ok().stderr.contains("job"));
}

#[test]
fn what_is_kept_of_it_is_for_its_user_alone() {
    let world = World::new();
    start(&world, "job", "echo text");
    world.tabctl(["wait", "job"]).ok();
    let mut folders = vec![world.path("state").join("jobs")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 2, "a record and a piece of output");
}

#[test]
fn many_jobs_at_once_all_run_and_end() {
    let count = if long() { 200 } else { 16 };
    let world = World::new();
    let names: Vec<String> = std::thread::scope(|scope| {
        let some = |worker: usize| {
            let mine = (0..count).filter(move |number| number % 4 == worker);
            let start = |number: usize| {
                let line = format!("echo job {number}; sleep 0.2; exit {}", number % 7);
                world.tabctl(["run", "--", "sh", "-c", &line]).ok().stdout.trim().to_owned()
            };
            mine.map(start).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..4).map(|worker| scope.spawn(move || some(worker))).collect();
        workers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(names.len(), count);
    world.tabctl([&["wait".to_owned()], &names[..]].concat());
    let jobs = jobs(&world);
    assert_eq!(jobs.len(), count);
    for job in &jobs {
        let line = job["argv"][2].as_str().unwrap();
        let number: u64 = line.split([' ', ';']).nth(2).unwrap().parse().unwrap();
        assert_eq!(job["code"], number % 7, "{job:#}");
        let name = job["name"].as_str().unwrap();
        assert_eq!(world.tabctl(["output", name]).ok().stdout, format!("job {number}\n"));
    }
    nothing_left(&world);
}
