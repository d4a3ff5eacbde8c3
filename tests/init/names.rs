//! Whatever stands in a tab's file, nothing of it runs, and nothing acts on the terminal.

use std::os::unix::fs::symlink;

use crate::support::shells::SHELLS;
use crate::support::{Run, World};

const ID: &str = "01HF7YAT00000000000000001A";

/// What means something to a shell, a prompt, a terminal or a file.
const PIECES: [&str; 23] = [
    "$(touch CANARY)",
    "`touch CANARY`",
    "(touch CANARY)",
    "%(1V.$(touch CANARY).)",
    "%F{red}%n%B%d",
    "%{\u{1b}[31m%}",
    "\\u\\w\\$(touch CANARY)",
    "\\[\u{1b}]0;x\u{7}\\]",
    "\u{1b}[31m\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{85}",
    "\r\u{8}\u{7f}",
    "\u{1}\u{2}\u{1e}\u{1f}",
    "${IFS}$PATH$?",
    "!!:s/a/b/",
    "'\"\\",
    "; touch CANARY;",
    "a\nattention ! - b",
    "\0",
    "&&||<>{}[]*?~#",
    "日本語 été",
    "\t \t",
    "x[$(touch CANARY)]",
    "{a,b}$((1/0))",
];

/// 500 lines as they could stand in a tab's file, each with one or two of them for its name.
fn lines() -> Vec<Vec<u8>> {
    let pairs = PIECES.iter().flat_map(|a| PIECES.iter().map(move |b| format!("{a}{b}")));
    let names = PIECES.iter().map(ToString::to_string).chain(pairs).take(490);
    let mut lines: Vec<Vec<u8>> =
        names.map(|name| format!("attention ! - {name}\n").into_bytes()).collect();
    // The other words as well, and what is no text.
    lines.extend(
        ["\u{1b}[31m ○ - a\n", "idle \u{1b}[31m$(touch CANARY) - a\n", "idle ○ `touch CANARY` a\n"]
            .map(|line| line.as_bytes().to_vec()),
    );
    lines.extend([
        b"idle \xff\xfe - \x9b31m\xc3(\n".to_vec(),
        [b"idle ! - ".as_slice(), "é".repeat(5000).as_bytes(), b"\n"].concat(),
        b"\n".to_vec(),
        b" \n".to_vec(),
        b"   a\n".to_vec(),
        b"idle \xe2\x97\x8b - ".to_vec(),
        b"$(touch CANARY) $(touch CANARY) - $(touch CANARY)\n".to_vec(),
    ]);
    lines
}

/// Shows the prompt for each file of a folder, and what it has left.
fn script(shell: &str) -> &'static str {
    match shell {
        "bash" => {
            r#"for f in "$1"/*; do
                cp "$f" "$__tabctl_run/prompt/$TABCTL_TAB"
                false | (exit 3); __tabctl_paint
                printf '%s %s\n' "$?" "${PS1@P}" >>"$2"
            done"#
        }
        "zsh" => {
            r#"for f in "$1"/*; do
                cp "$f" "$__tabctl_run/prompt/$TABCTL_TAB"
                __tabctl_paint
                print -rn -- "3 " >>"$2"; print -rP -- "$PROMPT" >>"$2"
            done"#
        }
        _ => {
            r#"for f in $argv[1]/*
                cp $f $__tabctl_run/prompt/$TABCTL_TAB
                __tabctl_paint
                echo -n "3 " >>$argv[2]; fish_prompt >>$argv[2]
            end"#
        }
    }
}

/// A world, and a shell in it that has the script loaded and runs `lines` with these arguments.
fn in_shell(world: &World, shell: &str, lines: &str, arguments: &[&std::path::Path]) -> Run {
    let mut command = world.command(shell);
    command.env("TABCTL_TAB", ID).env("LANG", "C.UTF-8").current_dir(world.home());
    let (options, load): (&[&str], _) = match shell {
        "bash" => (&["--norc", "--noprofile"], "PS1='> '; eval \"$(tabctl init bash)\"; "),
        "zsh" => (&["-f"], "PROMPT='> '; eval \"$(tabctl init zsh)\"; "),
        _ => (
            &["--no-config"],
            "function fish_prompt; printf '> '; end; tabctl init fish | source; ",
        ),
    };
    command.args(options).args(["-i", "-c", &format!("{load}{lines}")]);
    if shell != "fish" {
        command.arg("sh");
    }
    Run::of(command.args(arguments))
}

#[test]
fn five_hundred_hostile_names_run_nothing_and_reach_no_terminal() {
    for shell in SHELLS {
        let world = World::new();
        let (names, shown) = (world.path("names"), world.path("shown"));
        std::fs::create_dir_all(world.path("run").join("prompt")).unwrap();
        std::fs::create_dir(&names).unwrap();
        let lines = lines();
        assert_eq!(lines.len(), 500);
        for (number, line) in lines.iter().enumerate() {
            std::fs::write(names.join(format!("{number:03}")), line).unwrap();
        }
        let run = in_shell(&world, shell, script(shell), &[&names, &shown]).ok();
        let bytes = std::fs::read(shown).unwrap();
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|_| panic!("{shell}: what was shown is no text"));
        assert_eq!(text.lines().count(), 500, "{shell}\n{run}");
        for (line, name) in text.lines().zip(&lines) {
            let name = String::from_utf8_lossy(name);
            assert!(line.starts_with("3 "), "{shell}: $? was lost: {line:?} for {name:?}");
            let plain = without_colour(line);
            let acts = |c: char| c.is_control();
            assert!(!plain.contains(acts), "{shell}: {plain:?} for {name:?}");
            assert!(plain.ends_with("> "), "{shell}: {plain:?} for {name:?}");
            assert!(plain.chars().count() < 90, "{shell}: {plain:?}");
        }
        assert!(text.contains("日本語 été"), "{shell}: what is harmless stays");
        assert!(text.contains("$(touch CANARY)"), "{shell}: it is text");
        let odd = run.stderr.lines().find(|line| !line.starts_with("bash: "));
        assert_eq!(odd, None, "{shell}");
        for folder in [world.home(), names, world.path("run"), world.path("run/prompt")] {
            assert!(!folder.join("CANARY").exists(), "{shell} has run something");
        }
    }
}

/// A line without the colours of the scripts, and without what tells readline that they are some.
fn without_colour(line: &str) -> String {
    let mut plain = line.replace(['\u{1}', '\u{2}'], "");
    for code in ["[1;33m", "[1m", "[33m", "[32m", "[36m", "[31m", "[2m", "[0m", "[39m", "[m", "(B"]
    {
        plain = plain.replace(&format!("\u{1b}{code}"), "");
    }
    plain
}

#[test]
fn a_file_that_is_missing_or_broken_shows_nothing_and_breaks_nothing() {
    for shell in SHELLS {
        let world = World::new();
        let folder = world.path("run").join("prompt");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(ID);
        let clear = || {
            let _ = std::fs::remove_dir(&file);
            let _ = std::fs::remove_file(&file);
        };
        let kinds: [(&str, &dyn Fn()); 8] = [
            ("nothing", &|| {}),
            ("an empty file", &|| std::fs::write(&file, "").unwrap()),
            ("half a line", &|| std::fs::write(&file, "idle ○").unwrap()),
            ("no end of the line", &|| std::fs::write(&file, "idle ○ locked").unwrap()),
            ("other words", &|| std::fs::write(&file, "busy ○ - api\nidle\n").unwrap()),
            ("a folder", &|| std::fs::create_dir(&file).unwrap()),
            ("a FIFO", &|| drop(Run::of(world.command("mkfifo").arg(&file)).ok())),
            ("a link to nothing", &|| symlink("/nowhere", &file).unwrap()),
        ];
        for (kind, make) in kinds {
            clear();
            make();
            let show = match shell {
                "bash" => "__tabctl_paint; printf '%s' \"${PS1@P}\"",
                "zsh" => "__tabctl_paint; print -rnP -- \"$PROMPT\"",
                _ => "__tabctl_paint; fish_prompt",
            };
            let run = in_shell(&world, shell, show, &[]).ok();
            assert_eq!(
                without_colour(&run.stdout).trim_end_matches('\n'),
                "> ",
                "{shell}, {kind}: {run}"
            );
            let odd = run.stderr.lines().find(|line| !line.starts_with("bash: "));
            assert_eq!(odd, None, "{shell}, {kind}");
        }
        // No folder at all.
        clear();
        std::fs::remove_dir(&folder).unwrap();
        let show = if shell == "fish" { "fish_prompt" } else { "__tabctl_paint" };
        in_shell(&world, shell, show, &[]).ok();
    }
}
