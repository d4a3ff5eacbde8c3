//! The cases of what is seen: recorded screens and titles, state files, and texts that only quote.
//! Must not name an agent.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{each, folder};
use crate::agents::Spec;
use crate::agents::screen::Line;
use crate::agents::sight::{Pattern, TitleRule};
use crate::model::status::{Said, State};

/// What the recorded screens of one agent say. A verdict is a state, with its reason if it has one:
/// `attention permission`; where several are right, `or` stands between them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sights {
    /// By the name of the recording.
    #[serde(default)]
    screens: BTreeMap<String, String>,
    #[serde(default)]
    titles: BTreeMap<String, String>,
    /// How this agent shows a text that it was asked to quote.
    quote: Option<Quote>,
}

/// An idle screen with an answer, and how the lines of an answer are shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Quote {
    screen: String,
    /// How its answer begins.
    answer: String,
    /// What an answer's first line begins with.
    first: String,
    /// What its other lines begin with.
    indent: String,
}

fn screens_of(kind: &str) -> PathBuf {
    folder().join(kind).join("screens")
}

/// The recordings of one agent: name and text.
fn recordings(kind: &str, end: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(screens_of(kind)).into_iter().flatten();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .filter(|file| file.extension().is_some_and(|found| found == end))
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&file).unwrap())
        })
        .collect()
}

fn sights_of(kind: &str) -> Option<Sights> {
    let file = folder().join(kind).join("screens.yaml");
    let text = fs::read_to_string(&file).ok()?;
    Some(serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display())))
}

fn each_sight(check: impl Fn(&Spec, &Sights)) {
    let seen = Cell::new(0);
    each(|spec, _, _| {
        if let Some(sights) = sights_of(spec.kind()) {
            seen.set(seen.get() + 1);
            check(spec, &sights);
        }
    });
    assert!(seen.get() > 3, "no expectations were found");
}

fn verdict(said: Option<&Said>) -> String {
    said.map_or("unknown".to_owned(), |said| match &said.reason {
        Some(reason) => format!("{} {reason}", said.state.word()),
        None => said.state.word().to_owned(),
    })
}

fn is_right(said: Option<&Said>, expected: &str) -> bool {
    expected.split(" or ").any(|one| one == verdict(said))
}

#[test]
fn every_recorded_screen_says_what_its_agent_did() {
    each_sight(|spec, sights| {
        let recorded = recordings(spec.kind(), "txt");
        let names: Vec<&String> = sights.screens.keys().collect();
        assert_eq!(names, recorded.keys().collect::<Vec<_>>(), "{}", spec.kind());
        let mut wrong = Vec::new();
        for (name, screen) in &recorded {
            let said = spec.screen_says(screen);
            if !is_right(said.as_ref(), &sights.screens[name]) {
                let expected = &sights.screens[name];
                wrong.push(format!("{} {name}: {said:?}, not {expected}", spec.kind()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn every_recorded_title_says_what_its_agent_did_or_nothing() {
    each_sight(|spec, sights| {
        for (name, title) in recordings(spec.kind(), "title") {
            let known = sights.titles.contains_key(title.trim());
            assert!(known, "{} {name}: the title {title:?} is not expected", spec.kind());
        }
        for (title, expected) in &sights.titles {
            let said = spec.title_says(title);
            assert!(is_right(said.as_ref(), expected), "{} {title}: {said:?}", spec.kind());
        }
    });
}

/// Texts that quote a dialog or a working screen: written for this test, and cut from the recordings.
fn quotations() -> Vec<String> {
    let files = fs::read_dir(folder().with_file_name("quotes")).unwrap();
    let mut texts: Vec<String> =
        files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(texts.len() >= 20, "only {} texts", texts.len());
    for kind in super::registry().kinds() {
        let Some(sights) = sights_of(kind) else { continue };
        for (name, screen) in recordings(kind, "txt") {
            if sights.screens[&name].contains("idle") {
                continue;
            }
            let filled: Vec<&str> = screen.lines().filter(|line| !line.trim().is_empty()).collect();
            let bottom = |count: usize| &filled[filled.len().saturating_sub(count)..];
            texts.push(bottom(14).join("\n"));
            // Without its last line, as it is quoted and as it is painted.
            texts.push(bottom(14).split_last().map_or(String::new(), |(_, rest)| rest.join("\n")));
        }
    }
    texts
}

/// An answer that ends in the text, in the agent's own frame.
fn quoted(quote: &Quote, frame: &str, text: &str, from_its_first_line: bool) -> String {
    let mut lines = Vec::new();
    for line in frame.lines() {
        if !line.starts_with(&quote.answer) {
            lines.push(line.to_owned());
            continue;
        }
        let mut first = from_its_first_line;
        if !first {
            lines.push(format!("{}Certainly. It looks like this:", quote.first));
        }
        for text in text.lines() {
            lines.push(format!("{}{text}", if first { &quote.first } else { &quote.indent }));
            first = false;
        }
    }
    lines.join("\n")
}

#[test]
fn an_answer_that_quotes_a_dialog_is_not_one() {
    let texts = quotations();
    let (tried, known) = (Cell::new(0), Cell::new(0));
    each_sight(|spec, sights| {
        let Some(quote) = &sights.quote else { return };
        let frame = fs::read_to_string(screens_of(spec.kind()).join(&quote.screen)).unwrap();
        assert_eq!(spec.screen_says(&frame).map(|said| said.state), Some(State::Idle));
        assert!(frame.contains(&quote.answer), "{}: no answer", spec.kind());
        for text in &texts {
            for from_its_first_line in [false, true] {
                let screen = quoted(quote, &frame, text, from_its_first_line);
                let said = spec.screen_says(&screen);
                let state = said.as_ref().map_or(State::Idle, |said| said.state);
                assert_eq!(state, State::Idle, "{}: {said:?}\n{screen}", spec.kind());
                tried.set(tried.get() + 1);
                known.set(known.get() + usize::from(said.is_some()));
            }
        }
    });
    assert!(tried.get() >= 60, "{} screens", tried.get());
    assert!(known.get() * 10 > tried.get() * 9, "{} of {} are known", known.get(), tried.get());
}

#[test]
fn a_shell_that_prints_a_dialog_has_none() {
    let prompts =
        ["bash-5.2$ ", "~/p ❯ ", "❯ ", "$", "me@host:~/p% ", "➜  p git:(main) ✗ ", "╰─$ "];
    let texts = quotations();
    each_sight(|spec, _| {
        for (text, prompt) in texts.iter().flat_map(|text| prompts.map(|prompt| (text, prompt))) {
            let screen = format!("{prompt}cat notes.txt\n{text}\n{prompt}\n\n");
            let said = spec.screen_says(&screen);
            let state = said.as_ref().map_or(State::Idle, |said| said.state);
            assert_eq!(state, State::Idle, "{}: {said:?}\n{screen}", spec.kind());
        }
    });
}

#[test]
fn another_agents_screen_says_nothing_or_the_truth() {
    each_sight(|spec, _| {
        for kind in super::registry().kinds() {
            let Some(other) = sights_of(kind).filter(|_| kind != spec.kind()) else { continue };
            for (name, screen) in recordings(kind, "txt") {
                let said = spec.screen_says(&screen);
                let right = said.is_none() || is_right(said.as_ref(), &other.screens[&name]);
                assert!(right, "{} on {kind} {name}: {said:?}", spec.kind());
            }
        }
    });
}

#[test]
fn every_rule_has_its_own_name_and_a_good_expression() {
    each(|spec, _, _| {
        let rules = spec.sights.read().unwrap();
        assert_eq!(rules.problem(), None, "{}", spec.kind());
        let lines = rules.screens.iter().flat_map(|rule| &rule.bottom);
        let patterns = lines.filter_map(Line::pattern);
        let titles = rules.titles.iter().map(TitleRule::pattern);
        let problem = patterns.chain(titles).find_map(Pattern::problem);
        assert_eq!(problem, None, "{}", spec.kind());
        let mut names: Vec<&str> = rules.screens.iter().map(|rule| &*rule.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{}: {names:?}", spec.kind());
    });
}

#[test]
fn a_look_at_a_screen_costs_little() {
    /// Unoptimised; optimised, it is a tenth of this.
    const LIMIT: Duration = Duration::from_millis(20);
    let mut report = Vec::new();
    let slowest = Cell::new(Duration::ZERO);
    for spec in super::registry().kinds() {
        let spec = super::registry().get(spec).unwrap().clone();
        let line = "  • a line of an answer with (12s some words │ in it · and ─ other signs\n";
        let screen = line.repeat(50);
        let start = Instant::now();
        spec.screen_says(&screen);
        let first = start.elapsed();
        // The fastest of some: the others shared the machine with other tests. On a crowded one it may
        // be long before one has it for itself.
        let mut each = Duration::MAX;
        for number in 0..1000 {
            let start = Instant::now();
            spec.screen_says(&screen);
            each = each.min(start.elapsed());
            if number >= 20 && each < LIMIT {
                break;
            }
        }
        report.push(format!("{}: first {first:?}, then {each:?}", spec.kind()));
        slowest.set(slowest.get().max(each));
    }
    assert!(slowest.get() < LIMIT, "{}", report.join("\n"));
}

proptest::proptest! {
    #[test]
    fn no_screen_and_no_title_is_too_strange(bytes: Vec<u8>, title: String) {
        for kind in super::registry().kinds() {
            let spec = super::registry().get(kind).unwrap();
            spec.screen_says(&String::from_utf8_lossy(&bytes));
            spec.title_says(&title);
        }
    }

    #[test]
    fn lines_of_screens_in_any_order_are_read(lines in proptest::collection::vec(
        proptest::sample::select(vec!["────────────", "❯ ", " Esc to cancel", "│ ", "╰──────────╯",
            "› 1. Yes", "  Press enter to confirm or esc to cancel", "", "  ┃ x", "\u{a0}", "x"]),
        0..200))
    {
        for kind in super::registry().kinds() {
            super::registry().get(kind).unwrap().screen_says(&lines.join("\n"));
        }
    }
}
