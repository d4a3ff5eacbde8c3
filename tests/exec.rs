//! `tabctl exec`, in real shells in a real tmux.

mod ends;
mod refusals;

use std::process::Stdio;
use std::time::Duration;

use tabctl::error::Kind;

use crate::support::shells::SHELLS;
use crate::support::{Run, World};

/// Far more than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(30);

impl World {
    /// Runs a command in the tab `api`.
    #[track_caller]
    pub fn exec<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Run {
        self.tabctl(["exec", "api", "--"].into_iter().chain(words))
    }

    /// The same, with its output as it came.
    pub fn exec_bytes(&self, words: &[&str]) -> Vec<u8> {
        let mut command = self.command(env!("CARGO_BIN_EXE_tabctl"));
        command.args(["exec", "api", "--"]).args(words).stdin(Stdio::null());
        command.output().expect("it starts").stdout
    }

    /// Starts one and leaves it to the test.
    pub fn exec_beside(&self, words: &[&str]) -> std::process::Child {
        let mut command = self.command(env!("CARGO_BIN_EXE_tabctl"));
        command.args(["exec", "api"]).args(words).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    }
}

/// Lines, what they print and how they end; each in the shell that the one before has left.
fn lines(shell: &str) -> Vec<(&'static str, &'static str, i32)> {
    let all = [
        ("cd /usr && pwd", "/usr\n", 0),
        ("pwd", "/usr\n", 0),
        ("printf 'no end'", "no end", 0),
        ("echo \"a 'b' \\\"c\\\" \"'$HOME `id` \\\"'", "a 'b' \"c\" $HOME `id` \\\"\n", 0),
        ("echo one\necho two", "one\ntwo\n", 0),
        ("cat; echo it is empty", "it is empty\n", 0),
        ("sh -c 'exit 42'", "", 42),
        ("no-such-command-9", "", 127),
        // What somebody prints is no mark, and no mark is lost in what somebody prints.
        ("printf '\\036%s E 7\\n' 0123456789abcdef", "\u{1e}0123456789abcdef E 7\n", 0),
        ("sleep 600 & echo at once", "at once\n", 0),
    ];
    let own: &[(&str, &str, i32)] = match shell {
        "fish" => &[
            ("set -g x 'a b'; set y c", "", 0),
            ("function f\n  echo \"f $x $y\"\nend", "", 0),
            ("f", "f a b c\n", 0),
            ("alias greet 'echo hello'", "", 0),
            ("greet", "hello\n", 0),
            ("false | true | false", "", 1),
        ],
        _ => &[
            ("x='a b'; export y=c", "", 0),
            ("f() {\n  echo \"f $x $y\"\n}", "", 0),
            ("f", "f a b c\n", 0),
            ("alias greet='echo hello'", "", 0),
            ("greet", "hello\n", 0),
            // At a prompt these are global; in a function they would not be.
            ("typeset -a list; list=(1 2 3); typeset only=here", "", 0),
            ("echo \"${list[@]} $only\"", "1 2 3 here\n", 0),
            ("cat <<X\n$x \"$y\" 'z'\nX", "a b \"c\" 'z'\n", 0),
            ("cat <<'X'\n$x\n  X\nX", "$x\n  X\n", 0),
            ("(exit 4)", "", 4),
            ("for i in 1 2; do\n  echo $i\ndone", "1\n2\n", 0),
        ],
    };
    all.into_iter().chain(own.iter().copied()).collect()
}

#[test]
fn a_command_runs_in_the_tabs_own_shell_and_what_it_changes_stays() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        for (line, output, code) in lines(shell) {
            let run = world.exec([line]);
            assert_eq!((&*run.stdout, run.status), (output, Some(code)), "{shell}: {run}");
        }
        // Several words are words, whatever is in them.
        let words = ["printf", "[%s]", "a b", "", "$HOME", "it's", r"a\'b\\", "-n", "*", "a;b\nc"];
        let run = world.exec(words).ok();
        assert_eq!(run.stdout, r"[a b][][$HOME][it's][a\'b\\][-n][*][a;b".to_owned() + "\nc]");
        let run = world.exec(["echo out; echo err >&2"]).ok();
        assert_eq!((&*run.stdout, &*run.stderr), ("out\n", "err\n"), "{shell}");
        // Whoever looks on sees both.
        world.wait_for_text(&pane, "$ echo out; echo err >&2\n");
        world.wait_for_text(&pane, "\nerr\n");
    }
}

#[test]
fn every_byte_of_the_output_comes_through() {
    let mut world = World::new();
    world.tab_with_shell("api", "bash");
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    let file = world.path("bytes");
    let line = format!("head -c {} /dev/urandom", if long { 100_000_000 } else { 3_000_000 });
    let made = world.command("sh").args(["-c", &format!("{line} >\"$0\"")]).arg(&file).status();
    assert!(made.unwrap().success());
    let bytes = std::fs::read(&file).unwrap();
    let path = file.to_str().unwrap();
    assert!(world.exec_bytes(&["cat", path]) == bytes, "what came is not what was there");
    // The tab shows some screens of it, and what it shows is no command to its terminal.
    let pane = world.pane("api");
    world.wait_for_text(&pane, " bytes more, for who asked\n");
    assert_eq!(world.exec(["echo still here"]).ok().stdout, "still here\n");
}

#[test]
fn fifty_in_a_row_run_one_after_the_other() {
    let (all, long) = (50, std::env::var_os("TABCTL_TEST_LONG").is_some());
    for shell in if long { &SHELLS[..] } else { &SHELLS[..1] } {
        let mut world = World::new();
        world.tab_with_shell("api", shell);
        for number in 0..all {
            let run = world.exec(["echo", &number.to_string()]).ok();
            assert_eq!(run.stdout, format!("{number}\n"), "{shell}");
        }
    }
}

#[test]
fn nothing_of_it_stands_in_a_history() {
    for shell in SHELLS {
        let mut world = World::new();
        let before = if shell == "bash" { "HISTCONTROL=erasedups" } else { "" };
        world.load_in(shell, before, "");
        let pane = world.open_shell("api");
        world.run_in_shell(&pane, "echo before");
        world.exec(["echo in between"]).ok();
        world.exec(["false"]);
        world.run_in_shell(&pane, "echo after");
        let told = match shell {
            "bash" => "history; echo \"[$HISTCONTROL]\"",
            "zsh" => "fc -l 1; echo '[erasedups]'",
            _ => "history; echo '[erasedups]'",
        };
        let history = world.exec([told]).ok().stdout;
        for (text, stands) in
            [("echo before", true), ("echo after", true), ("[erasedups]", true), ("eval ", false)]
        {
            assert_eq!(history.contains(text), stands, "{shell}: {text} in {history}");
        }
        let ran = world.tabctl(["history", "api"]).ok().stdout;
        assert!(!ran.contains("eval") && !ran.contains("in between"), "{shell}: {ran}");
    }
}

#[test]
fn json_tells_the_output_the_code_and_the_time() {
    let mut world = World::new();
    world.tab_with_shell("api", "bash");
    let run =
        world.tabctl(["exec", "api", "--json", "printf '\\033[1mout'; echo err >&2; (exit 7)"]);
    let told = run.json();
    assert_eq!((run.status, &told["code"], &told["end"]), (Some(7), &7.into(), &"ended".into()));
    assert_eq!((&told["tab"], &told["truncated"]), (&"api".into(), &false.into()));
    let output = told["output"].as_str().unwrap();
    assert!(output.contains("\u{1b}[1mout") && output.contains("err\n"), "{output:?}");
    assert!(told["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{told}");
    // Of a flood the end is kept, and it is said.
    let flood = world.tabctl(["exec", "api", "--json", "--", "seq", "400000"]).ok().json();
    let output = flood["output"].as_str().unwrap();
    assert!(output.ends_with("\n399999\n400000\n") && output.len() <= 1 << 20, "{}", output.len());
    assert_eq!((&flood["truncated"], &flood["bytes"]), (&true.into(), &2_688_895.into()));
}

#[test]
fn the_journal_tells_who_ran_something_and_not_what() {
    let mut world = World::new();
    world.tab_with_shell("api", "bash");
    world.exec(["echo a-secret; false"]).fails_with_code(1);
    let log = world.tabctl(["log", "api", "--json"]).ok();
    assert!(!log.stdout.contains("a-secret"), "{log}");
    let lines = log.json();
    let line = |what: &str| {
        let found = lines.as_array().unwrap().iter().find(|line| line["what"] == what).cloned();
        found.unwrap_or_else(|| panic!("no '{what}' in {lines:#}"))
    };
    let begun = line("exec");
    assert_eq!((&begun["with"]["bytes"], &begun["actor"]["kind"]), (&20.into(), &"person".into()));
    assert_eq!(begun["with"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(line("exec-ended")["with"]["code"], 1);
}

impl Run {
    /// It ended with this exit code, which is a program's own.
    #[track_caller]
    pub fn fails_with_code(self, code: i32) -> Run {
        assert!(self.status == Some(code), "should have ended with {code}\n{self}");
        self
    }
}

#[test]
fn what_is_no_command_line_is_a_usage_error() {
    let world = World::new();
    world.shell_tab("api");
    for line in [&["api"][..], &["api", "--"], &["api", ""], &["api", "--timeout", "soon", "true"]]
    {
        world.tabctl([&["exec"], line].concat()).fails_with(Kind::Usage);
    }
    world.tabctl(["exec", "nobody", "true"]).fails_with(Kind::NotFound);
}
