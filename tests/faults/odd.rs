//! F17: session files of a newer tabctl, and in the spellings that people, editors and systems have.
//! The first are only read; of the others all that was not changed stays as it was.

use tabctl::error::Kind;

use crate::support::World;
use crate::support::fault_table::Trial;

const PLAIN: &str = "\
version: 1
id: 01HF7YAT00000000000000001A
tab: api
locked: false
agent: {kind: generic, session_id: x1, launch: {argv: [cat, one]}}
directory: .
task: first
tags: [one]
";

/// How a file is spelled, and what is made of [`PLAIN`].
type Spelling = (&'static str, fn() -> String);

const SPELLINGS: [Spelling; 8] = [
    ("format 999", || {
        PLAIN.replace("version: 1", "version: 999") + "invented: {later: [1, 2]}\nagents: 7\n"
    }),
    ("format 999 with other types", || {
        PLAIN.replace("version: 1", "version: 999").replace("tags: [one]", "tags: {one: true}")
    }),
    ("unknown keys", || PLAIN.to_owned() + "x-mine: {a: [1, é], b: ~}\nzz: |\n  long\n   text\n"),
    ("comments", || {
        format!("# first\n\n{}# last, without an end", PLAIN.replace('\n', " # and\n"))
    }),
    ("CRLF", || (PLAIN.to_owned() + "# mine\nx-mine: 1\n").replace('\n', "\r\n")),
    ("byte order mark", || format!("\u{feff}{PLAIN}")),
    ("emoji", || PLAIN.replace("first", "'👩‍💻 日本語 – ß'") + "x-👍: \"👨‍👩‍👧\"\n"),
    ("quotes and blocks", || {
        let text =
            PLAIN.replace("tab: api", "\"tab\": 'api'").replace("tags: [one]", "tags:\n    - one");
        text.replace("task: first", "task: >-\n  first\n") + "\n\n"
    }),
];

/// What is done, and the keys that it changes.
const LINES: [(&[&str], &[&str]); 5] = [
    (&["show"], &[]),
    (&["note", "hello"], &["notes"]),
    (&["task", "second"], &["task"]),
    (&["tag", "two"], &["tags"]),
    (&["status", "attention"], &["status"]),
];

/// The lines of a file that belong to no changed key, with their ends.
fn rest<'a>(text: &'a str, changed: &[&str]) -> Vec<&'a str> {
    let mut keep = true;
    let lines = text.split_inclusive('\n').filter(|line| {
        let begins = line.starts_with(|c: char| !c.is_whitespace() && c != '-');
        if begins {
            let key = line.trim_start_matches('\u{feff}').split(':').next().unwrap_or_default();
            keep = !changed.contains(&key.trim_matches(['"', '\'']));
        }
        keep
    });
    lines.collect()
}

#[test]
fn a_newer_file_is_only_read_and_an_odd_one_keeps_what_was_not_changed() {
    let trial = Trial::begin("F17", "commands");
    let mut count = 0;
    for (spelling, make) in SPELLINGS {
        for (line, changed) in LINES {
            let world = World::new();
            let folder = world.workspace("api");
            let file = folder.join(".session.yaml");
            let before = make();
            std::fs::write(&file, &before).unwrap();
            world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
            let run = world.tabctl_in(&folder, line);
            let after = std::fs::read_to_string(&file).unwrap();
            let what = format!("{spelling}\n{run}\n{after}");
            count += 1;
            if spelling.starts_with("format") {
                assert_eq!(after, before, "{what}");
                if !changed.is_empty() && line[0] != "status" {
                    run.fails_with(Kind::ReadOnly);
                }
                continue;
            }
            run.ok();
            assert_eq!(after == before, changed.is_empty(), "{what}");
            let (old, new) = (rest(&before, changed), rest(&after, changed));
            // The last line may have been given its end, so that another one can follow.
            let same = old
                .iter()
                .zip(&new)
                .all(|(old, new)| old == new || (!old.ends_with('\n') && new.trim_end() == *old));
            assert!(same && old.len() <= new.len(), "{what}\n{old:#?}\n{new:#?}");
            let ends = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
            assert!(spelling != "CRLF" || ends(&after) == 0, "{what}: mixed ends of lines");
            let again = world.tabctl_in(&folder, ["show", "--json"]).ok().json();
            let session = &again["session"];
            assert!(line[0] != "note" || session["notes"][0]["text"] == "hello", "{what}");
            assert!(line[0] != "task" || session["task"] == "second", "{what}");
        }
    }
    trial.held(count, &SPELLINGS.map(|(name, _)| name).join("; "));
}
