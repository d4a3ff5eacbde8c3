//! What a digest costs: the pass over a text as it was written, ten thousand lines as tmux has them, and
//! the whole command.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tabctl::model::digest::{digest, marks::Readers};
use tabctl::model::id::TabId;

use super::{World, compare, median, quiet, tabctl};

/// The lines of a scrollback that is called long.
const LINES: usize = 10_000;

/// All three.
pub fn digests() {
    // Built once in a process, and not what is measured.
    black_box(Readers::all());
    pass("context, pass over plain text", &log(20 * LINES, false));
    pass("context, pass over coloured text", &log(20 * LINES, true));
    let text = log(LINES, false);
    compare(
        "context, 10,000 lines (lines counted)",
        "< 1ms",
        &mut || {
            black_box(text.lines().count());
        },
        &mut || drop(black_box(digest(&text, 4000))),
    );
    process(&text);
}

/// Prints how much of a text goes through in a second.
fn pass(what: &str, text: &str) {
    let timed = || {
        let start = Instant::now();
        black_box(digest(text, 4000));
        start.elapsed()
    };
    let took = median((0..9).map(|_| timed()).collect::<Vec<Duration>>());
    #[expect(clippy::cast_precision_loss, reason = "a rough figure")]
    let speed = text.len() as f64 / took.as_secs_f64() / 1e6;
    println!("{what:34} {:>12} {took:>12.2?} {:>7} {:>7}", "", format!("{speed:.0}MB/s"), ">= 100");
}

/// The whole command beside what it cannot do without: the pane's text from tmux.
fn process(text: &str) {
    let world = World::new();
    world.tabs(1);
    let file = world.path("log");
    std::fs::write(&file, text).unwrap();
    let shown = format!("cat {}; sleep 3600", file.display());
    let id = TabId::from_parts(1_700_000_000_000, 0).to_string();
    let mut server = world.tmux();
    server.args(["new-session", "-d", "-s", "bench", "-x", "200", "-y", "50", "sleep 3600", ";"]);
    server.args(["set-option", "-g", "history-limit", "20000", ";", "new-window", &shown, ";"]);
    quiet(server.args(["set-option", "-p", "@tabctl_id", &id]));
    world.agents(&world.store());
    let capture = ["capture-pane", "-p", "-J", "-S", "-10000", "-t", "bench:1"];
    let last = text.lines().last().unwrap_or_default();
    for _ in 0..200 {
        let shown = world.tmux().args(capture).output().unwrap().stdout;
        if String::from_utf8_lossy(&shown).contains(last) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    compare(
        "context, the command (tmux's answer)",
        "< 10ms",
        &mut || quiet(world.tmux().args(capture)),
        &mut || {
            quiet(world.command(tabctl()).args(["context", "tab-0"]).stderr(Stdio::null()));
        },
    );
}

/// A build as it is told: many lines of few words, an error with its lines now and then.
fn log(lines: usize, coloured: bool) -> String {
    const WORDS: [&str; 16] = [
        "Compiling",
        "serde",
        "downloaded",
        "package",
        "running",
        "step",
        "target",
        "release",
        "module",
        "resolved",
        "src/main.rs",
        "test",
        "info",
        "layer",
        "cached",
        "fetch",
    ];
    let (on, off, end) =
        if coloured { ("\x1b[1m\x1b[38;5;9m", "\x1b[0m", "\r\n") } else { ("", "", "\n") };
    let mut seed = 7_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed as usize >> 16
    };
    let mut log = String::new();
    for number in 0..lines {
        let mut line = String::new();
        while line.len() < 70 {
            let _ = write!(line, "{} {} ", WORDS[next() % WORDS.len()], next() % 50);
        }
        let _ = match number % 500 {
            7 => write!(log, "{on}error[E0308]{off}: mismatched types {number}{end}"),
            8 => write!(log, "   --> src/main.rs:{number}:5{end}"),
            9 => write!(log, "{end}"),
            _ => write!(log, "{on}{}{off}{}{end}", &line[..12], &line[12..]),
        };
    }
    log
}
