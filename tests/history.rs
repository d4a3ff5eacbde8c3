//! `tabctl history`

use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::World;
use crate::support::shells::SHELLS;

fn commands(world: &World, more: &[&str]) -> Vec<String> {
    let line = [&["history", "api", "--json"], more].concat();
    let ran = world.tabctl(line).ok().json();
    let command = |ran: &Value| ran["command"].as_str().unwrap().to_owned();
    ran.as_array().unwrap().iter().map(command).collect()
}

#[test]
fn what_was_typed_is_shown_with_its_end_its_time_and_its_folder() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        for line in ["cd /", "sh -c 'sleep 1.2; exit 7'", "echo 'two  words' | cat"] {
            world.run_in_shell(&pane, line);
        }
        let ran = world.tabctl(["history", "api", "--json"]).ok().json();
        let [first, second, third] = &ran.as_array().unwrap()[..] else { panic!("{ran:#}") };
        assert_eq!((&first["command"], &first["code"]), (&"cd /".into(), &0.into()), "{shell}");
        assert_eq!(first["folder"], world.workspace("api").display().to_string());
        assert_eq!((&second["folder"], &second["code"]), (&"/".into(), &7.into()), "{shell}");
        assert!(second["millis"].as_u64().unwrap() >= 1000, "{shell}: {second:#}");
        assert_eq!(third["command"], "echo 'two  words' | cat", "{shell}");
        let at: chrono::DateTime<chrono::Utc> = second["at"].as_str().unwrap().parse().unwrap();
        let age = chrono::Utc::now() - at;
        assert!((0..600).contains(&age.num_seconds()), "{shell}: {at}");
        let failed = commands(&world, &["--failed"]);
        assert_eq!(failed, ["sh -c 'sleep 1.2; exit 7'"], "{shell}");
        assert_eq!(commands(&world, &["-n", "1"]), ["echo 'two  words' | cat"], "{shell}");
        let shown = world.tabctl(["history", "api"]).ok().stdout;
        assert!(
            shown.contains("   7") && shown.contains("(/)") && shown.contains("  ok"),
            "{shown}"
        );
    }
}

#[test]
fn what_is_secret_or_begins_with_a_space_is_not_kept() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        for line in [
            " echo nobody",
            "true export MY_API_KEY=hidden1",
            "true --token hidden2 --model x",
            "true https://me:hidden3@host/x",
            "true 'Authorization: Bearer hidden4'",
            "true sk-ant-hidden5hidden5hidden5",
            "true token: hidden6",
            "true git commit -m monkey",
        ] {
            world.run_in_shell(&pane, line);
        }
        let log = std::fs::read_to_string(world.shell_log("api")).unwrap();
        for hidden in ["nobody", "hidden1", "hidden2", "hidden3", "hidden4", "hidden5"] {
            assert!(!log.contains(hidden), "{shell}: {log}");
        }
        let line = world.path("state").join("shell");
        for file in std::fs::read_dir(line).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            assert!(!text.contains("hidden5"), "{shell}: {}", file.path().display());
        }
        let shown = commands(&world, &[]);
        assert!(
            !shown.iter().any(|line| line.contains("hidden1") || line.contains("hidden6")),
            "{shown:?}"
        );
        assert!(shown.contains(&"true git commit -m monkey".to_owned()), "{shell}: {shown:?}");
        assert!(shown.iter().filter(|line| line.contains("[hidden]")).count() >= 5, "{shown:?}");
        assert!(!shown.iter().any(|line| line.contains("nobody")), "{shown:?}");
    }
}

#[test]
fn without_a_history_only_agents_are_written_down() {
    for shell in SHELLS {
        let mut world = World::new();
        world.install_scribe();
        std::fs::write(world.path("config").join("config.yaml"), "history: false\n").unwrap();
        let pane = world.tab_with_shell("api", shell);
        world.run_in_shell(&pane, "echo hello");
        let id = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e02";
        world.type_line(&pane, &format!("scribe --id {id}"));
        world.wait_for_text(&pane, "say> ");
        let log = std::fs::read_to_string(world.shell_log("api")).unwrap();
        assert!(log.contains("scribe --id") && !log.contains("hello"), "{shell}: {log}");
        assert_eq!(commands(&world, &[]), [format!("scribe --id {id}")]);
    }
}

/// A tab whose shells have written so many lines.
fn with_lines(world: &World, count: usize) {
    world.shell_tab("api");
    let line = |number: usize| {
        let at = 1_700_000_000_000_000 + number * 1_000_000;
        format!(
            "S\u{1f}bash\u{1f}7\u{1f}{number}\u{1f}{at}\u{1f}-\u{1f}/w\u{1f}\u{1f}echo number {number}\n\
             E\u{1f}7\u{1f}{number}\u{1f}{}\u{1f}1500\n",
            number % 2
        )
    };
    let lines: String = (0..count).map(line).collect();
    std::fs::write(world.shell_log("api"), lines).unwrap();
}

#[test]
fn a_long_history_is_packed_and_nothing_of_it_is_lost() {
    let world = World::new();
    for round in 0..3 {
        if round == 0 {
            with_lines(&world, 3000);
        } else {
            let log = world.shell_log("api");
            let line = format!(
                "S\u{1f}zsh\u{1f}8\u{1f}{round}\u{1f}-\u{1f}-\u{1f}/w\u{1f}\u{1f}round {round}\n"
            );
            std::fs::write(log, line).unwrap();
        }
        // Whoever starts a tab takes in what is long; the tab's own at its next start.
        world.tabctl(["close", "api", "--yes"]).ok();
        world.tabctl(["resume", "api"]).ok();
        world.wait_until("the file to be taken in", Duration::from_secs(20), || {
            std::fs::read(world.shell_log("api")).is_ok_and(|text| text.is_empty())
        });
    }
    let names: Vec<String> = std::fs::read_dir(world.path("state").join("history"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.ends_with(".jsonl.gz")), "{names:?}");
    let all = commands(&world, &["--lines", "100000"]);
    assert_eq!(all.len(), 3002);
    assert_eq!((all[0].as_str(), all[3001].as_str()), ("echo number 0", "round 2"));
    assert_eq!(commands(&world, &["--failed", "-n", "10000"]).len(), 1500);
    assert_eq!(
        commands(&world, &["--failed", "-n", "2"]),
        ["echo number 2997", "echo number 2999"]
    );
    // It goes with its tab.
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    for folder in ["history", "shell"] {
        let left = std::fs::read_dir(world.path("state").join(folder)).unwrap().count();
        assert_eq!(left, 0, "{folder}");
    }
}

#[test]
fn a_log_that_somebody_has_forged_or_torn_shows_harmless_lines() {
    let world = World::new();
    with_lines(&world, 2);
    let log = world.shell_log("api");
    let forged = [
        b"\xff\xfe\0\x1b[31m\n".as_slice(),
        b"S\x1fbash\x1f9\x1f1\x1f-\x1f-\x1f/w\x1f\x1fecho \x1b]0;x\x07\xc2\x9b31m\n",
        b"S\x1fbash\x1f9\x1f2\x1f-\x1f-\x1f/w\x1fclaude\x1f--yolo\x1fls\n",
        b"S\x1fbash\x1f9",
    ];
    std::fs::write(&log, [std::fs::read(&log).unwrap(), forged.concat()].concat()).unwrap();
    let shown = world.tabctl(["history", "api"]).ok().stdout;
    assert!(shown.contains("number 1") && shown.contains("]0;x"), "{shown}");
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    assert!(!shown.contains("yolo"), "{shown}");
}

#[test]
fn a_tab_without_one_says_so() {
    let world = World::new();
    world.shell_tab("api");
    let run = world.tabctl(["history", "api"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("tabctl init"), "{run}");
    assert_eq!(world.tabctl(["history", "api", "--json"]).ok().json(), serde_json::json!([]));
    world.tabctl(["history", "other"]).fails_with(Kind::NotFound);
}
