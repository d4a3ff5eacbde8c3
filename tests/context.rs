//! `tabctl context`

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;
use crate::support::shells::SHELLS;

const PATIENCE: Duration = Duration::from_secs(40);

/// Shows a file in the tab's pane, and waits for its last line.
fn show(world: &World, tab: &str, lines: &[String]) {
    let file = world.path("shown");
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let pane = world.pane(tab);
    world.wait_for_quiet(&pane);
    world.type_line(&pane, &format!("clear; cat {}", file.display()));
    world.wait_for_text(&pane, lines.last().unwrap());
}

/// Lines that have nothing in common.
fn words(count: usize) -> Vec<String> {
    let letter = |number: usize| char::from(b'g' + u8::try_from(number % 17).unwrap());
    let word =
        |number: usize| [1, 17, 289].map(|it| letter(number / it)).iter().collect::<String>();
    (0..count).map(|number| format!("the word {} was written", word(number))).collect()
}

#[test]
fn a_digest_has_the_newest_lines_and_keeps_its_budget() {
    let world = World::new();
    world.shell_tab("api");
    let secret = "export MY_API_TOKEN=abcdefgh1234".to_owned();
    let ticks = (0..50).map(|number| format!("tick {number}"));
    let lines: Vec<String> = words(400).into_iter().chain(ticks).chain([secret]).collect();
    show(&world, "api", &lines);
    let run = world.tabctl(["context", "api", "--budget", "100"]).ok();
    assert!(run.stdout.chars().count() <= 400, "{run}");
    assert!(run.stdout.starts_with("… ") && run.stdout.contains(" lines left out\n"), "{run}");
    assert!(run.stdout.contains("was written\ntick 49 ×50, numbers differ\n"), "{run}");
    assert!(run.stdout.contains("export MY_API_TOKEN=[hidden]\n"), "{run}");
    assert!(run.stderr.starts_with("api: 4") && run.stderr.contains(" tokens, in "), "{run}");

    let whole = world.tabctl(["context", "api", "--lines", "60"]).ok().stdout;
    assert!((0..50).all(|number| whole.contains(&format!("tick {number}\n"))), "{whole}");
    let json = ["context", "api", "--json", "--lines", "60", "--budget", "150"];
    let json = world.tabctl(json).ok().json();
    assert_eq!((&json["tab"], &json["source"]), (&"api".into(), &"pane".into()));
    assert_eq!((&json["untrusted"], &json["lines"]), (&true.into(), &60.into()));
    assert_eq!(json["folded"], 49);
    let tokens = &json["tokens"];
    assert_eq!(tokens["budget"], 150);
    assert!(tokens["digest"].as_u64() < tokens["whole"].as_u64(), "{json:#}");
    let ticks = json["text"].as_array().unwrap().iter().find(|line| line["times"] == 50);
    assert_eq!(ticks.unwrap()["text"], "tick 49");
    assert_eq!(ticks.unwrap()["numbers_differ"], true);
    assert!(!json.to_string().contains("abcdefgh"), "{json:#}");
}

#[test]
fn a_tab_that_is_down_tells_what_was_kept_of_it() {
    let world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "scrollback: 100\n").unwrap();
    world.demo_tab("api");
    world.say("api", "the last words", 1);
    world.type_line(&world.pane("api"), "exit");
    let snapshots = world.path("state").join("snapshots");
    world.wait_until("the snapshot", PATIENCE, || {
        let kept = std::fs::read_dir(&snapshots).into_iter().flatten().flatten();
        kept.into_iter().any(|it| std::fs::read_to_string(it.path()).unwrap().contains("words"))
    });
    world.reboot();
    let run = world.tabctl(["context", "api"]).ok();
    assert!(run.stdout.contains("the last words"), "{run}");
    assert!(run.stderr.starts_with("api is down; this stood there on 20"), "{run}");
    assert_eq!(world.tabctl(["context", "api", "--json"]).ok().json()["source"], "kept");

    let world = World::new();
    world.shell_tab("api");
    world.reboot();
    let run = world.tabctl(["context", "api"]).fails_with(Kind::Gone);
    assert!(run.stderr.contains("has no pane, and nothing was kept"), "{run}");
}

#[test]
fn since_the_last_command_is_since_it_was_typed() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        for line in ["echo first-word", "echo second-word; echo 'echo second-word'"] {
            world.run_in_shell(&pane, line);
        }
        let told = |since: &str| world.tabctl(["context", "api", "--since", since]).ok();
        let last = told("last-command");
        assert!(!last.stdout.contains("first-word"), "{shell}: {last}");
        assert_eq!(last.stdout.matches("second-word").count(), 4, "{shell}: {last}");
        assert!(last.stderr.contains(", since `echo second-word; echo "), "{shell}: {last}");
        let all = told("1h");
        assert!(all.stdout.contains("first-word"), "{shell}: {all}");
        let nothing = told("0s");
        assert!(nothing.stdout.is_empty(), "{shell}: {nothing}");
        assert!(nothing.stderr.contains("nothing since"), "{shell}: {nothing}");
        let json =
            world.tabctl(["context", "api", "--since", "last-command", "--json"]).ok().json();
        let begun = &json["since"]["command"];
        assert_eq!(begun, "echo second-word; echo 'echo second-word'", "{shell}");
    }
}

#[test]
fn what_cannot_be_told_is_refused_with_what_can() {
    let world = World::new();
    world.demo_tab("api");
    let run = world.tabctl(["context", "api", "--since", "last-command"]);
    let run = run.fails_with(Kind::NotFound);
    assert!(run.stderr.contains("nobody has written down when the lines of 'api' came"), "{run}");
    for (wrong, said) in [
        (&["--since", "yesterday"][..], "write last-command, 10m"),
        (&["--budget", "5"], "a number from 64 to"),
        (&["--lines", "0"], "1..=65535"),
    ] {
        let run = world.tabctl([&["context", "api"], wrong].concat()).fails_with(Kind::Usage);
        assert!(run.stderr.contains(said), "{run}");
    }
}
