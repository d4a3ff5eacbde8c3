//! `tabctl selftest`

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tabctl::error::Kind;

use crate::support::agents::{self, Agent, CLAUDE, CODEX};
use crate::support::{Mock, Run, World, processes};

/// The stage is below the world's own folder of temporary files.
fn world() -> (World, PathBuf) {
    let mut world = World::new();
    let temp = world.path("tmp");
    std::fs::create_dir(&temp).unwrap();
    world.set("TMPDIR", &temp);
    (world, temp)
}

/// Everything below a folder, with what is in it.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.clone(), std::fs::read(&path).ok());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

/// That the stage is gone, with all that ran on it.
#[track_caller]
fn assert_nothing_is_left(temp: &Path) {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let left: Vec<_> = std::fs::read_dir(temp).unwrap().map(|it| it.unwrap().path()).collect();
    let left: Vec<_> = left.iter().filter(|path| name(path).starts_with("tabctl")).collect();
    assert!(left.is_empty(), "{left:?}");
    let temp = temp.display().to_string();
    let mut marked = processes::marked("TABCTL_SESSION=selftest");
    // Other tests have stages of their own at the same time.
    marked.retain(|process| {
        let environment = std::fs::read(format!("/proc/{}/environ", process.pid));
        environment.is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(&temp))
    });
    assert!(marked.is_empty(), "{marked:?}");
}

#[test]
fn a_rehearsed_reboot_loses_nothing_and_touches_nothing() {
    let (mut world, temp) = world();
    // What a person has set must not reach the stage.
    world.set("XDG_STATE_HOME", world.path("my-state"));
    world.set("TABCTL_DEMO_HOME", world.path("my-conversations"));
    world.shell_tab("mine");
    let before = (everything(&world.home()), everything(&world.path("state")));
    let begun = std::time::Instant::now();
    let report = world.tabctl(["selftest", "--json"]).ok().json();
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());

    assert_eq!(report["same"], true, "{report:#}");
    let fact = |tab: &str, what: &str| {
        let tab = report["tabs"].as_array().unwrap().iter().find(|it| it["tab"] == tab).unwrap();
        let fact = tab["facts"].as_array().unwrap().iter().find(|it| it["what"] == what).unwrap();
        assert_eq!(fact["before"], fact["after"], "{fact}");
        fact["after"].as_str().unwrap().to_owned()
    };
    assert_eq!(fact("api", "flags"), "--model large --yolo");
    assert_eq!(fact("api", "note"), "the migration is half done");
    assert_eq!(fact("api", "remembers"), "and eggs");
    assert_eq!(fact("review", "folder"), fact("docs", "folder"));
    assert_ne!(fact("review", "conversation"), fact("docs", "conversation"));
    assert_eq!((fact("vault", "env"), fact("vault", "lock")), ("account".into(), "locked".into()));
    assert_eq!(fact("logs", "place"), "selftest:4");
    assert_eq!(fact("(all)", "after a second resume"), "5 windows, 4 agents");

    assert_nothing_is_left(&temp);
    assert!(!world.path("my-state").exists() && !world.path("my-conversations").exists());
    assert_eq!((everything(&world.home()), everything(&world.path("state"))), before);
    assert_eq!(world.state("mine"), "shell", "the person's own tab lives on");
}

#[test]
fn an_interrupted_self_test_leaves_nothing() {
    let (world, temp) = world();
    let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
    command.arg("selftest").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut selftest = command.spawn().unwrap();
    world.wait_until("an agent on the stage", Duration::from_secs(30), || {
        let marked = processes::marked("TABCTL_SESSION=selftest");
        let ours = |command: &str| command.contains("demo-agent");
        let here = everything(&temp).keys().any(|path| path.ends_with("tmux"));
        here && marked.iter().any(|process| ours(&process.command))
    });
    let pid = Pid::from_raw(selftest.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let status = selftest.wait().unwrap();
    assert_eq!(status.signal(), Some(2), "{status:?}");
    assert_nothing_is_left(&temp);
}

#[test]
fn what_is_lost_is_found_and_named() {
    let (world, temp) = world();
    let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
    command.arg("selftest");
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(move || Run::of(&mut command));
        // As soon as the agent has written it down, its conversation is taken away.
        world.wait_until("a conversation", Duration::from_secs(30), || {
            let said = everything(&temp).into_iter().find(|(path, bytes)| {
                let text =
                    String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
                path.parent().is_some_and(|it| it.ends_with("account"))
                    && text.contains("keep this")
            });
            said.is_some_and(|(path, _)| std::fs::remove_file(path).is_ok())
        });
        run.join().unwrap()
    });
    let run = run.fails_with(Kind::Partial);
    assert!(run.stdout.contains("vault remembers: was 'keep this apart', is nothing"), "{run}");
    assert!(!run.stdout.contains("api remembers:"), "{run}");
    assert_nothing_is_left(&temp);
}

#[test]
fn where_there_is_no_tmux_nothing_is_called_well() {
    let (mut world, temp) = world();
    world.set("PATH", &temp);
    let run = world.tabctl(["selftest"]).fails_with(Kind::Engine);
    assert!(run.stderr.contains("tmux is not installed"), "{run}");
    assert_nothing_is_left(&temp);
}

#[test]
fn a_kept_stage_can_be_looked_at() {
    let (world, _) = world();
    let run = world.tabctl(["selftest", "--keep", "--json"]).ok();
    let kept = PathBuf::from(run.json()["kept"].as_str().unwrap());
    let socket = kept.join("tmux");
    let tmux = |word: &str| {
        let mut command = world.command("tmux");
        command.arg("-S").arg(&socket).arg(word);
        Run::of(&mut command)
    };
    assert_eq!(tmux("list-windows").ok().stdout.lines().count(), 5);
    assert!(run.stderr.contains("kill-server"), "{run}");
    tmux("kill-server").ok();
}

#[test]
fn a_real_agent_is_not_started_unasked() {
    let (world, temp) = world();
    let run = world.tabctl(["selftest", "--real", "claude"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("cost a little") && run.stderr.contains("--yes"), "{run}");
    world.tabctl(["selftest", "--real", "no-such-agent", "--yes"]).fails_with(Kind::NotFound);
    assert_nothing_is_left(&temp);
}

#[test]
fn a_real_claude_comes_back_with_its_conversation() {
    real(&CLAUDE);
}

#[test]
fn a_real_codex_comes_back_with_its_conversation() {
    real(&CODEX);
}

fn real(agent: &'static Agent) {
    let Some(programs) = agents::folder() else { return };
    let (mut world, temp) = world();
    let folder = world.workspace("trusted");
    let mock = Mock::start(&world, &folder);
    agents::settle(&mut world, &mock, &programs);
    let dir = folder.to_str().unwrap();
    let line = ["selftest", "--real", agent.kind, "--yes", "--json", "--dir", dir, "--"];
    let report = world.tabctl([&line[..], agent.flags].concat()).ok().json();
    assert_eq!(report["same"], true, "{report:#}");
    // The model was asked the second time with all that was said the first time.
    let turns = mock.turns();
    let [first, second] = turns.as_slice() else { panic!("two turns: {turns:#?}") };
    assert!(first.prompt.starts_with("Remember the word"), "{first:?}");
    assert_eq!((first.items, second.items), (1, 3), "{turns:#?}");
    assert_nothing_is_left(&temp);
    assert!(
        everything(&folder).is_empty(),
        "no session file is left: {:?}",
        everything(&folder).keys()
    );
    assert!(world.rows().is_empty());
}
