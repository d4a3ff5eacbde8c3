//! The pictures of the README: the script that makes them runs, and shows what they show.

use std::collections::BTreeMap;
use std::path::Path;

use tabctl::model::status::State;

use super::readme;
use crate::support::source::root;
use crate::support::{Run, World};

/// The words of a picture, line by line from the top, each line from the left.
fn lines(picture: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(picture).unwrap();
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("<text ")) {
        let number = |name: &str| {
            let value = line.split_once(&format!(" {name}=\"")).unwrap().1.split('"').next();
            // Of one length, so that the order of the texts is that of the numbers.
            format!("{:08.1}", value.unwrap().parse::<f64>().unwrap())
        };
        let words = line.split_once('>').unwrap().1.split("</text>").next().unwrap();
        found.entry(number("y")).or_default().push((number("x"), words.to_owned()));
    }
    let sorted = found.into_values().map(|mut line| {
        line.sort();
        line.into_iter().map(|(_, words)| words).collect()
    });
    sorted.collect()
}

/// What is the same each time: not how long ago something was, nor what a stand-in is seen to do on a
/// machine that is busy with other tests.
fn lasting(lines: &[Vec<String>]) -> Vec<Vec<String>> {
    let is_state = |word: &str| {
        let mut parts = word.split(' ');
        let glyph = parts.next().unwrap_or_default();
        State::ALL.iter().any(|state| state.glyph() == glyph)
    };
    let is_age = |word: &str| {
        let digits = word.trim_end_matches(['s', 'm', 'h', 'd']);
        word == "now" || (word.len() == digits.len() + 1 && digits.parse::<u32>().is_ok())
    };
    let plain = |line: &Vec<String>| {
        line.iter().filter(|word| !is_age(word) && !is_state(word)).cloned().collect()
    };
    lines.iter().map(plain).collect()
}

const ANEW: &str = "make it anew with `sh .github/picture/make.sh --program target/debug/tabctl`";

#[test]
fn the_pictures_are_what_tabctl_shows() {
    let world = World::new();
    let made = world.path("pictures");
    let mut sh = world.command("sh");
    sh.arg(root().join(".github/picture/make.sh")).args(["--age", "0", "--to"]).arg(&made);
    sh.args(["--program", env!("CARGO_BIN_EXE_tabctl")]).env("TMPDIR", world.path(""));
    let run = Run::of(&mut sh).ok();
    let (_, resumed) = run.stdout.split_once("$ tabctl resume\n").unwrap();
    let shown = format!("$ tabctl resume\n{resumed}```");
    assert!(readme().contains(&shown), "the README has\n{resumed}");

    let both =
        |name: &str| (lines(&made.join(name)), lines(&root().join(".github/picture").join(name)));
    let (ls, committed) = both("ls.svg");
    let heading = ["TAB", "STATE", "AGENT", "AGE", "TASK", "PLACE", "FOLDER"];
    assert!(committed.iter().any(|line| line == &heading), "{committed:#?}");
    assert_eq!(lasting(&ls), lasting(&committed), "{ANEW}");
    // The dashboard moves: its table is compared, and not the screen below.
    if made.join("watch.svg").exists() {
        let (watch, committed) = both("watch.svg");
        let table = |lines: &[Vec<String>]| {
            let head = lines.iter().position(|line| line.iter().any(|word| word == "TAB"));
            lasting(&lines[head.expect("a heading")..][..8])
        };
        assert_eq!(table(&watch), table(&committed), "{ANEW}");
        assert!(readme().contains("](.github/picture/watch.svg)"), "show it in the README");
    }
}
