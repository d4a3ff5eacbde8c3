//! Texts made to keep the readers busy: every line may be the first of a finding. What they cost must
//! grow as they do.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use std::time::{Duration, Instant};

use super::ALL;
use crate::model::digest::Readers;

/// What is repeated: lines on which a reader looks around, and finds nothing that ends the look.
const UNITS: &[&str] = &[
    "=== RUN A\n    a.go:1: x\n--- FAIL: A (0.1s)\n",
    " --- FAIL: a (0s)\n  --- PASS: b\n",
    "--- FAIL: A (0.1s)\n    --- FAIL: A/b (0.0s)\n",
    "--- FAIL: A (0.1s)\n",
    " 1:2  error  x\n",
    "* What went wrong:\nBUILD FAILED\n",
    "ERROR a.py\n",
    "error: subprocess-x\n",
    "FooError: x\n",
    "panic: x\n",
    "thread 'x' panicked at a.rs:1:2\n",
    "● Test suite failed to run\n",
    "make: *** [x] Error 1\ny\n",
    "[ERROR] Could not x\nfoo\n",
    "Traceback (most recent call last)\n  x\n",
    "A > b FAILED\n",
    "a.c:1:2: error: x\n b\n",
];

/// How long the readers take for so many bytes of a unit, at best.
fn takes(unit: &str, bytes: usize) -> Duration {
    let text = unit.repeat(bytes / unit.len());
    let lines: Vec<&str> = text.lines().collect();
    let timed = || {
        let start = Instant::now();
        std::hint::black_box(Readers::all().findings(&text, &lines));
        start.elapsed()
    };
    (0..2).map(|_| timed()).min().unwrap()
}

#[test]
fn a_text_that_is_longer_takes_as_much_longer() {
    let marks = ALL.iter().flat_map(|family| family.marks);
    let marks = marks.map(|mark| format!("{}x\n", mark.trim_start_matches('\n').replace('#', "1")));
    for unit in marks.chain(UNITS.iter().map(|unit| (*unit).to_owned())) {
        // Eight times as much: what looks at all that stands above takes sixty-four times as long, and
        // seconds. What lies between, and the moment on top, is room for a busy machine.
        let allowed = |short: Duration| short * 24 + Duration::from_millis(300);
        let is_linear = (0..4).any(|_| takes(&unit, 96_000) < allowed(takes(&unit, 12_000)));
        assert!(is_linear, "{unit:?}");
    }
}

/// The words of a test, and its end with twenty thousand lines of others between.
#[test]
fn however_far_away_a_test_said_it_the_words_are_found() {
    let others = "=== RUN   TestB\n--- PASS: TestB (0.00s)\n".repeat(20_000);
    let text = format!(
        "=== RUN   TestA\n    a_test.go:7: wrong\n{others}--- FAIL: TestA (0.00s)\n\
         --- FAIL: TestC (0.00s)\n    --- FAIL: TestC/one (0.00s)\n        c_test.go:3: bad\n"
    );
    let lines: Vec<&str> = text.lines().collect();
    let found = Readers::all().findings(&text, &lines);
    let told: Vec<_> =
        found.iter().map(|it| (it.finding.test.as_deref(), &*it.finding.message)).collect();
    assert_eq!(told, [(Some("TestA"), "wrong"), (Some("TestC/one"), "bad")]);
}
