//! How a brief looks, and that it fits. Must not depend on the time zone of the machine.

#![allow(clippy::unwrap_used)] // a test may stop at the first surprise

use chrono::TimeDelta;

use super::*;
use crate::model::brief::timeline::{Span, What, Work};
use crate::model::brief::{Because, Doing, Here, Prompt};
use crate::model::briefing::Changes;
use crate::model::digest::Found;
use crate::model::digest::finding::{Finding, Level};
use crate::model::evidence::Ran;
use crate::model::id::TabId;
use crate::model::session::Note;
use crate::model::status::State;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

fn brief(count: usize) -> Brief {
    let ran = |number: usize| Ran {
        at: Some(ago(60)),
        folder: "/w".to_owned(),
        command: format!("make part-{number}\u{1b}[31m\nrm x"),
        code: Some(i32::from(number % 2 == 1)),
        millis: Some(2500),
    };
    let work = Work { turns: 6, busy: 2880, asked: 2, waited: 60 };
    let span = |what| Span { at: ago(90), until: ago(30), what };
    let reason = Some("permission".to_owned());
    Brief {
        here: Here {
            doing: Doing {
                id: TabId::from_parts(0, 0),
                tab: "api".to_owned(),
                state: State::Attention,
                reason: reason.clone(),
                detail: Some("Bash: rm -rf \u{202e}build".to_owned()),
                state_since: ago(30),
                task: Some("resume the importer".to_owned()),
            },
            folder: "/home/me/work/api".to_owned(),
            branch: Some("main".to_owned()),
            place: Some("tmux work:2".to_owned()),
            agent: Some("claude".to_owned()),
            session_id: Some("5b7c6e0e".to_owned()),
            conversation_since: ago(4000),
            locked: false,
            problem: None,
        },
        since: Some(ago(120)),
        because: Because::Looked,
        states: vec![span(What::Worked(work)), span(What::Asks { reason, detail: None })],
        prompts: vec![Prompt {
            at: ago(80),
            by: Some("person".to_owned()),
            bytes: 4,
            first_line: Some("look at the pump".to_owned()),
        }],
        commands: (0..count).map(ran).collect(),
        findings: (0..count)
            .map(|number| Found {
                finding: Finding {
                    tool: "cargo",
                    level: Level::Error,
                    file: Some("src/a`\n.rs".to_owned()),
                    line: Some(3),
                    message: "it broke".to_owned(),
                    test: Some(format!("test_{number}")),
                    advice: Some("run `cargo test`".to_owned()),
                    at: 0,
                    lines: 1,
                },
                times: 1,
            })
            .collect(),
        findings_are_new: true,
        changes: Changes {
            commits: (0..count).map(|it| format!("abc{it} title {it}")).collect(),
            files: (0..count).map(|it| format!("src/{it}\n.rs")).collect(),
            cut_short: false,
        },
        notes: vec![Note {
            text: "run `make check` first\n# not a heading".to_owned(),
            by: Some("person".to_owned()),
            at: Some(ago(500)),
            session_id: None,
        }],
        queued: 2,
        now: now(),
    }
}

fn plain(lines: &[String]) -> String {
    anstream::adapter::strip_str(&lines.join("\n")).to_string()
}

/// Without times of the day, which are the machine's.
fn timeless(text: &str) -> String {
    let shape = regex_lite::Regex::new(r"(\d\d-\d\d )?\d\d:\d\d").unwrap();
    shape.replace_all(text, "T").into_owned()
}

#[test]
fn a_brief_looks_like_this() {
    let screen = Screen { columns: Some(80), lines: Some(23) };
    let drawn = plain(&draw(&brief(2), "/home/me", screen));
    insta::assert_snapshot!(timeless(&drawn), @r"
    api  ! attention  permission  Bash: rm -rf ?build  since T (30m)
    task    resume the importer
    where   ~/work/api  on main  (tmux work:2)
    agent   claude  5b7c6e0e  since T (2d)
    ── since you last looked, T (2h ago) ──
    did     T–T  6 turns, 48m at work; asked you twice, 1m until an answer
            T–T  waits for you: permission
    sent    T  person: look at the pump
    ran     T  make part-0?[31m rm x  ok 2.5s
            T  make part-1?[31m rm x  exit 1 2.5s
    found   error    test_0  src/a` .rs:3  it broke  (cargo)
            error    test_1  src/a` .rs:3  it broke  (cargo)
    git     abc0 title 0
            abc1 title 1
            src/0 .rs
            src/1 .rs
    open    2 tests fail
            2 prompts wait for its agent to be idle
    next    note: run `make check` first # not a heading
            cargo: run `cargo test`
            `tabctl go api`: it waits for your answer
    ");
}

#[test]
fn however_much_there_is_it_fits_the_screen() {
    for count in [0, 1, 3, 10, 400] {
        for (columns, lines) in [(80, 23), (80, 60), (40, 23), (200, 100), (10, 23)] {
            let screen = Screen { columns: Some(columns), lines: Some(lines) };
            let drawn = draw(&brief(count), "/home/me", screen);
            assert!(drawn.len() <= lines, "{count} {lines}: {}", plain(&drawn));
            let text = plain(&drawn);
            let widest = text.lines().map(text::width).max().unwrap();
            assert!(widest <= columns, "{count} {columns}: {text}");
            assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
            let full = draw(&brief(count), "/home/me", Screen { columns: None, lines: None });
            let is_cut = drawn.len() < full.len();
            assert!(columns < 20 || text.contains(" more: `") == is_cut, "{text}");
        }
    }
}

#[test]
fn nothing_that_others_wrote_is_a_line_of_the_markdown() {
    let lines = markdown(&brief(3));
    for line in &lines {
        let is_frame = line.is_empty() || line.starts_with("- ") || line.starts_with('#');
        assert!(is_frame || line.starts_with("Recorded by tabctl"), "{line:?}");
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
        assert!(!line.contains(['\n', '\u{1b}', '\u{202e}']), "{line:?}");
    }
    let titles: Vec<&String> = lines.iter().filter(|line| line.starts_with("##")).collect();
    assert_eq!(titles.len(), 8, "{titles:?}");
    assert!(lines.contains(&"- `run 'make check' first # not a heading` (by person)".to_owned()));
}

#[test]
fn of_many_tabs_the_screen_shows_as_many_as_fit_and_counts_the_rest() {
    let task = "a task that is rather long, so that the line has to be cut somewhere";
    let glance = |number: usize| Glance {
        doing: Doing {
            id: TabId::from_parts(0, 0),
            tab: format!("tab-{number}"),
            state: State::Idle,
            reason: None,
            detail: None,
            state_since: ago(5),
            task: Some(task.to_owned()),
        },
        since: Some(ago(60)),
        states: vec![Span { at: ago(9), until: ago(5), what: What::Worked(Work::default()) }],
        commands: 3,
        failed: 1,
        prompts: 1,
        noted: 0,
    };
    let all: Vec<Glance> = (0..30).map(glance).collect();
    let drawn = overview(&all, now(), Screen { columns: Some(80), lines: Some(23) });
    let text = plain(&drawn);
    assert_eq!(drawn.len(), 23, "{text}");
    assert!(text.ends_with("… 19 more: `tabctl brief --all --full`"), "{text}");
    assert!(text.contains("1 turn, 0s at work; 3 commands, 1 failed; 1 prompt sent"), "{text}");
    assert!(text.lines().all(|line| text::width(line) <= 80), "{text}");
    assert_eq!(overview(&all[..2], now(), Screen { columns: None, lines: Some(4) }).len(), 4);
    assert!(overview(&[], now(), Screen { columns: None, lines: None }).is_empty());
}
