//! What a digest holds: the worst, the newest, nothing twice, and never more than it may.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use std::sync::LazyLock;

use proptest::prelude::*;

use super::family::Family;
use super::finding::{Finding, Level};
use super::*;

/// `E: x` with the indented lines below it, `W: x`, and `= x` for how it went.
fn read(lines: &families::Lines, at: usize) -> Option<Finding> {
    let (mark, message) = lines[at].split_once(' ')?;
    let level = match mark {
        "E::" => Level::Error,
        "W::" => Level::Warning,
        "=:=" => Level::Note,
        _ => return None,
    };
    let more = lines[at + 1..].iter().take_while(|line| line.starts_with(' ')).count();
    Some(Finding {
        tool: "t",
        level,
        file: Some("a.rs".to_owned()),
        line: None,
        message: message.to_owned(),
        test: None,
        advice: message.strip_prefix("try ").map(str::to_owned),
        at,
        lines: 1 + more,
    })
}

fn of(text: &str, budget: usize) -> Digest {
    static READERS: LazyLock<Readers> = LazyLock::new(|| {
        Readers::of(&[Family { name: "t", marks: &["E:: ", "W:: ", "=:= "], read }])
    });
    digest_by(&READERS, text, budget)
}

/// So many texts are tried.
fn cases() -> ProptestConfig {
    let is_long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    ProptestConfig::with_cases(if is_long { 20_000 } else { 100 })
}

fn shown(text: &str, budget: usize) -> String {
    of(text, budget).to_lines().join("\n")
}

/// So many lines that have nothing in common.
fn filler(count: usize) -> String {
    let word = |number: usize| {
        let letters =
            (0..8).map(|at| char::from(b'g' + u8::try_from(number >> (at * 4) & 15).unwrap()));
        letters.collect::<String>()
    };
    let line = |number| format!("{} went well\n", word(number * 2_654_435_761));
    (0..count).map(line).collect::<Vec<_>>().concat()
}

#[test]
fn a_short_text_is_shown_whole() {
    assert_eq!(shown("one\n\n\ntwo  \n\n", 100), "one\n\ntwo");
    assert_eq!(shown("", 100), "");
    assert_eq!(shown("\n\n\n", 100), "");
    assert_eq!(shown("\x1b[31mred\x1b[0m\r\n10%\r100%\n", 100), "red\n100%");
}

#[test]
fn what_went_wrong_is_told_however_long_ago_it_was() {
    let text = format!("{}E:: it broke\n  here\n{}last\n", filler(3000), filler(3000));
    let told = shown(&text, 300);
    assert!(told.starts_with("error    a.rs  it broke  (t)\n\n… 2998 lines left out\n"), "{told}");
    assert!(told.contains("\nE:: it broke\n  here\n") && told.ends_with("\nlast"), "{told}");
    let digest = of(&text, 300);
    assert_eq!((digest.lines, digest.found.errors), (6003, 1));
    let lines = digest.text.iter().filter(|piece| matches!(piece, Piece::Line(_))).count();
    assert_eq!(lines + digest.left_out, 6003);
}

#[test]
fn errors_come_first_then_how_it_went_then_warnings() {
    let text = "W:: odd\nE:: one\n=:= 1 failed\nE:: two\nE:: one\nE:: try again\n".to_owned();
    let text = &(text + &filler(1000));
    let expected = "\
error    a.rs  two  (t)
error    a.rs  one  (t ×2)
error    a.rs  try again  (t)
advice   again  (t)
note     a.rs  1 failed  (t)
warning  a.rs  odd  (t)
";
    assert!(shown(text, 400).starts_with(expected), "{}", shown(text, 400));
    // All of a text needs no list.
    assert_eq!(shown("E:: one\nW:: odd\n", 400), "E:: one\nW:: odd");
    // With little room, the newest of the worst.
    let error = |number| format!("E:: broken in place {number}\n");
    let errors = (0..500).map(error).collect::<Vec<_>>().concat();
    let told = shown(&format!("W:: odd\n{errors}{}", filler(50)), 100);
    assert!(told.contains("place 499") && !told.contains("place 0 "), "{told}");
    assert!(told.contains(" errors, 1 warning more"), "{told}");
}

#[test]
fn what_is_repeated_is_told_once_with_its_count() {
    let ticks =
        (0..37).map(|number| format!("tick {number} at 10:31:{number}\n")).collect::<Vec<_>>();
    let ticks = ticks.concat();
    let digest = of(&format!("begin\n{ticks}end\n"), 100);
    assert_eq!(digest.to_lines(), ["begin", "tick 36 at 10:31:36 ×37, numbers differ", "end"]);
    assert_eq!((digest.lines, digest.folded, digest.left_out), (39, 36, 0));
    // Where there is room, no number is lost.
    let whole = of(&format!("same\nsame\n{ticks}"), 1000).to_lines();
    assert_eq!((whole.len(), &*whole[0], &*whole[1]), (38, "same ×2", "tick 0 at 10:31:0"));
    // Errors that differ in a number are two.
    assert_eq!(of("E:: in line 1\nE:: in line 2\nE:: in line 3\n", 100).text.len(), 3);
}

#[test]
fn no_secret_is_shown() {
    let text = "E:: it is sk-ant-aaaaaaaaaaaaaaaaaaaaaaaa\nAPI_TOKEN=abcdefgh\n\
                -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\nend";
    let told = shown(text, 1000);
    for secret in ["aaaa", "abcdefgh", "MIIE"] {
        assert!(!told.contains(secret), "{told}");
    }
    assert!(told.ends_with("\n-----BEGIN PRIVATE KEY-----[hidden]\n\nend"), "{told}");
}

#[test]
fn a_long_line_does_not_take_all_there_is() {
    let told = shown(&format!("{}\nafter\n", "x".repeat(100_000)), 200);
    assert!(told.ends_with("…\nafter"), "{told}");
}

#[test]
fn every_known_mark_is_long_enough_to_be_looked_for() {
    for family in families::ALL {
        let short: Vec<_> =
            family.marks.iter().filter(|mark| mark.len() < scanner::SHORTEST).collect();
        assert!(short.is_empty(), "{}: {short:?}", family.name);
    }
}

/// What terminals are told, and what breaks texts.
fn anything() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        3 => proptest::collection::vec(any::<u8>(), 0..12),
        6 => proptest::sample::select(vec![
            "E:: broken", "W:: odd", "=:= 3 passed", "  more", "\n", "\n", "\r", "\r\n", "\x1b[A",
            "\x1b[2K", "\x1b[9B", "\x1b[J", "\x1b[31m", "\x1b]0;t\x07", "\x1b[", "\x08", "\t", "1%",
            "2%", "日本", "\u{202e}", "\u{200b}", "\u{e0041}", "\u{9b}", "#####", "password: hunter2",
            "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "aaaaaaaaaaaaaaaaaaaa",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(part, 0..80).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_was_written_the_digest_is_harmless_and_fits(
        written in anything(),
        budget in 0_usize..400,
    ) {
        let text = String::from_utf8_lossy(&written);
        let digest = of(&text, budget);
        let lines = digest.to_lines();
        let taken: usize = lines.iter().map(|line| line.chars().count() + 1).sum();
        prop_assert!(taken <= tokens::most_characters(budget.max(LEAST)), "{taken}: {lines:#?}");
        prop_assert_eq!(digest.tokens.digest, tokens::of_characters(taken));
        for c in lines.iter().flat_map(|line| line.chars()) {
            prop_assert!(!c.is_control() && !is_invisible(c), "{c:?} in {lines:#?}");
        }
        prop_assert!(!lines.join("\n").contains("password: hunter2"));
        prop_assert_eq!(&of(&text, budget), &digest);
    }

    #[test]
    fn every_line_is_shown_or_told_or_counted(written in anything()) {
        let digest = of(&String::from_utf8_lossy(&written), 100);
        let mut next = 0;
        for piece in &digest.text {
            if let Piece::Line(line) = piece {
                prop_assert!(line.at >= next && line.at < digest.lines);
                next = line.at + 1;
            }
        }
        prop_assert!(digest.left_out + digest.folded <= digest.lines);
    }
}
