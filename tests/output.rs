//! `tabctl output`

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use tabctl::error::Kind;

use crate::run::{PATIENCE, long, start};
use crate::support::World;

/// What hostile programs write: titles, screens, a line that is turned around, half a letter.
const HOSTILE: &str = r"printf '\033]0;t\007\033[2Ja\033[31mred\033[0m\tb\r\n10%%\r\033[Kdone\n\342\200\256x\302\233y\377\n\033]52;c;eA==\007end'";

#[test]
fn escapes_are_taken_out_and_of_a_line_written_over_itself_the_last_stays() {
    let world = World::new();
    start(&world, "job", HOSTILE);
    world.tabctl(["wait", "job"]).ok();
    let plain = world.tabctl(["output", "job"]).ok().stdout;
    assert_eq!(plain, "ared\tb\ndone\n?x?y\u{fffd}\nend\n");
    let coloured = world.tabctl(["output", "job", "--ansi"]).ok().stdout;
    assert_eq!(coloured, "a\u{1b}[31mred\u{1b}[0m\tb\u{1b}[0m\ndone\n?x?y\u{fffd}\nend\n");
    assert_eq!(world.tabctl(["output", "job", "--lines", "2"]).ok().stdout, "?x?y\u{fffd}\nend\n");
    let json = world.tabctl(["output", "job", "--json"]).ok().json();
    assert_eq!((&json["lines"][1], &json["job"]["name"]), (&"done".into(), &"job".into()));
    assert_eq!(json["gaps"], serde_json::json!([]));
    world.tabctl(["output", "job", "--lines", "0"]).fails_with(Kind::Usage);
    world.tabctl(["output", "nothing"]).fails_with(Kind::NotFound);
}

/// A follower, whose lines are read while it follows.
struct Follower {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Follower {
    fn start(world: &World, args: &[&str]) -> Follower {
        let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
        command.arg("output").args(args).arg("--follow").stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Follower { child, lines }
    }

    /// The next line; nothing at the end.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.lines.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
    }

    fn end(mut self) {
        let mut rest = Vec::new();
        while let Some(line) = self.line() {
            rest.push(line);
        }
        assert!(self.child.wait().unwrap().success());
        assert!(rest.is_empty(), "{rest:?}");
    }
}

#[test]
fn a_follower_sees_lines_as_they_come_and_ends_with_the_job() {
    let world = World::new();
    let go = world.path("go");
    let line = format!(
        "echo one; until test -e {}; do sleep 0.05; done; echo two; printf three",
        go.display()
    );
    start(&world, "job", &line);
    let mut follower = Follower::start(&world, &["job"]);
    assert_eq!(follower.line().as_deref(), Some("one"));
    std::fs::write(go, "").unwrap();
    assert_eq!(follower.line().as_deref(), Some("two"));
    assert_eq!(follower.line().as_deref(), Some("three"));
    follower.end();
    // Of one that has ended it is all of it, and the end.
    let mut late = Follower::start(&world, &["job", "--lines", "1"]);
    assert_eq!(late.line().as_deref(), Some("three"));
    late.end();
}

#[test]
fn a_follower_misses_nothing_while_old_pieces_are_let_go_of() {
    let lines = if long() { 5_000_000 } else { 600_000 };
    let world = World::new();
    let go = world.path("go");
    // Numbered lines of 100 bytes, so that what is kept is passed many times over.
    let line = format!(
        "echo begin; until test -e {}; do sleep 0.02; done; seq -f '%099.0f' {lines}",
        go.display()
    );
    start(&world, "job", &line);
    let mut follower = Follower::start(&world, &["job"]);
    assert_eq!(follower.line().as_deref(), Some("begin"));
    std::fs::write(go, "").unwrap();
    let mut next = 1;
    while let Some(line) = follower.line() {
        if line.starts_with("── ") {
            // One that cannot keep up is told what it has missed.
            assert!(line.contains("not kept"), "{line}");
            next = 0;
        } else if line.len() == 99 {
            let number: u64 = line.parse().unwrap();
            assert!(next == 0 || number == next, "{line} after {next}");
            next = number + 1;
        }
    }
    assert_eq!(next, lines + 1, "the last line is seen in any case");
    follower.end();
}

#[test]
fn a_tabs_output_is_what_its_pane_has() {
    let world = World::new();
    world.shell_tab("api");
    let pane = world.pane("api");
    world.type_line(&pane, "seq 300; echo d''one");
    world.wait_for_text(&pane, "done");
    let all = world.tabctl(["output", "api"]).ok().stdout;
    let numbers = all.lines().filter(|line| line.parse::<u32>().is_ok()).count();
    assert_eq!(numbers, 300, "with what was scrolled out of sight\n{all}");
    let last = world.tabctl(["output", "api", "--lines", "2"]).ok().stdout;
    assert!(last.starts_with("done\n") && last.lines().count() == 2, "{last}");
    let json = world.tabctl(["output", "api", "--lines", "2", "--json"]).ok().json();
    assert_eq!((&json["tab"], &json["lines"][0]), (&"api".into(), &"done".into()));
    world.tabctl(["output", "api", "--ansi"]).fails_with(Kind::Usage);
    world.tabctl(["close", "api"]).ok();
    let gone = world.tabctl(["output", "api"]).fails_with(Kind::NotFound);
    assert!(gone.stderr.contains("scrollback"), "{gone}");
}

#[test]
fn a_tab_is_followed_until_its_pane_closes() {
    let world = World::new();
    world.shell_tab("api");
    let pane = world.pane("api");
    world.type_line(&pane, "echo o''ne");
    world.wait_for_text(&pane, "one");
    let mut follower = Follower::start(&world, &["api"]);
    let mut until = |wanted: &str| {
        let mut seen = Vec::new();
        loop {
            let line = follower.line().unwrap_or_else(|| panic!("no '{wanted}' in {seen:?}"));
            if line == wanted {
                return seen;
            }
            seen.push(line);
        }
    };
    until("one");
    world.type_line(&pane, "seq 500 509; sleep 0.1; echo t''wo");
    let seen = until("two");
    let numbers: Vec<_> = seen.iter().filter(|line| line.parse::<u32>().is_ok()).collect();
    let wanted: Vec<String> = (500..510).map(|number| number.to_string()).collect();
    assert_eq!(numbers, wanted.iter().collect::<Vec<_>>(), "each once");
    world.tabctl(["close", "api", "--yes"]).ok();
    while follower.line().is_some() {}
    assert!(follower.child.wait().unwrap().success());
}

#[test]
fn of_a_tab_that_is_down_it_is_what_was_kept() {
    let world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "scrollback: 100\n").unwrap();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    world.type_line(&world.pane("api"), "exit");
    // By then what stood there last is kept.
    world.wait_until("the shell", PATIENCE, || world.state("api") == "shell");
    world.reboot();
    let kept = world.tabctl(["output", "api"]).ok();
    assert!(kept.stdout.contains("hello"), "{kept}");
    assert!(kept.stderr.contains("api is down: this stood there on "), "{kept}");
}
