//! Real logs of real tools (`tests/fixtures/digest/`), and what a person found in each. Must not take
//! an expectation from a reader: they were written by hand, with the log beside.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use serde::Deserialize;
use tabctl::model::digest::families::{ALL, Lines};
use tabctl::model::digest::finding::{Finding, Level};
use tabctl::model::digest::{Digest, Readers, digest, plain, tokens};

use crate::support::source::root;

/// What `tabctl context` spends unless it is told otherwise.
const BUDGET: usize = 4000;
/// Of half of all logs that do not fit into the budget at least so much is saved, in percent.
const SAVED: f64 = 93.0;

/// What stands in a log: every error, and every test that failed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    errors: Vec<Fault>,
    #[serde(default)]
    tests: Vec<Fault>,
}

/// One of them, as far as the log tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    /// The test that failed.
    name: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    /// A part of what is said.
    says: String,
}

impl Fault {
    fn is(&self, finding: &Finding) -> bool {
        finding.level == Level::Error
            && finding.test == self.name
            && finding.file == self.file
            && finding.line == self.line
            && finding.message.contains(&self.says)
    }
}

/// A log, what was expected of it, and what came of it.
struct Log {
    name: String,
    bytes: usize,
    text: String,
    expected: Expected,
    errors: Vec<Finding>,
    digest: Digest,
}

impl Log {
    fn read(name: String) -> Log {
        let path = folder().join(format!("{name}.log.gz"));
        let mut bytes = Vec::new();
        GzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_end(&mut bytes).unwrap();
        let raw = String::from_utf8_lossy(&bytes);
        let expected = std::fs::read_to_string(folder().join(format!("{name}.yaml")))
            .unwrap_or_else(|error| panic!("{name}: no expectation is written: {error}"));
        let expected = serde_yaml::from_str(&expected)
            .unwrap_or_else(|error| panic!("{name}.yaml cannot be read: {error}"));
        let text = plain::plain(&raw).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let found = Readers::all().findings(&text, &lines);
        let errors = found.into_iter().map(|found| found.finding);
        let errors = errors.filter(|finding| finding.level == Level::Error).collect();
        Log { name, bytes: bytes.len(), errors, digest: digest(&raw, BUDGET), text, expected }
    }

    /// How many of these were found.
    fn found(&self, faults: &[Fault]) -> usize {
        faults.iter().filter(|fault| self.errors.iter().any(|error| fault.is(error))).count()
    }

    /// What was expected and not found, and what was found and not expected.
    fn differs(&self) -> Vec<String> {
        let mut extra: Vec<&Finding> = self.errors.iter().collect();
        let mut wrong = Vec::new();
        for fault in self.expected.errors.iter().chain(&self.expected.tests) {
            match extra.iter().position(|error| fault.is(error)) {
                Some(at) => drop(extra.remove(at)),
                None => wrong.push(format!("{}: not found: {fault:?}", self.name)),
            }
        }
        wrong.extend(extra.iter().map(|error| format!("{}: no error: {error:?}", self.name)));
        wrong
    }

    fn saved(&self) -> f64 {
        let tokens = self.digest.tokens;
        100.0 - 100.0 * as_f64(tokens.digest) / as_f64(tokens.whole.max(1))
    }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn folder() -> PathBuf {
    root().join("tests/fixtures/digest")
}

/// All logs, by name; each is read once.
fn logs() -> &'static [Log] {
    static LOGS: OnceLock<Vec<Log>> = OnceLock::new();
    LOGS.get_or_init(|| {
        let files = std::fs::read_dir(folder()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let names = names.filter_map(|name| Some(name.strip_suffix(".log.gz")?.to_owned()));
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.into_iter().map(Log::read).collect()
    })
}

#[test]
fn every_error_and_every_failed_test_of_a_log_is_found_and_nothing_else() {
    assert!(logs().len() >= 40, "only {} logs", logs().len());
    let wrong: Vec<String> = logs().iter().flat_map(Log::differs).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_error_of_a_log_is_lost_in_its_digest() {
    let lost: Vec<String> = logs()
        .iter()
        .flat_map(|log| {
            let kept = |fault: &Fault| log.digest.findings.iter().any(|it| fault.is(&it.finding));
            let faults = log.expected.errors.iter().chain(&log.expected.tests);
            faults.filter(move |fault| !kept(fault)).map(|fault| format!("{}: {fault:?}", log.name))
        })
        .collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn of_half_of_the_logs_that_need_a_digest_ninety_three_percent_are_saved() {
    let long = logs().iter().filter(|log| log.digest.tokens.whole > BUDGET);
    let mut saved: Vec<f64> = long.map(Log::saved).collect();
    saved.sort_by(f64::total_cmp);
    let median = saved[saved.len() / 2];
    assert!(saved.len() >= 20, "only {} logs are longer than the budget", saved.len());
    assert!(median >= SAVED, "the median is {median:.1} %: {saved:.1?}");
}

#[test]
fn tokens_are_estimated_as_real_tokenisers_count_them() {
    if let Some(folder) = std::env::var_os("TABCTL_TEST_PLAIN") {
        // For `make/tokens.mjs`; what is longer tells no more.
        for log in logs().iter().filter(|log| (1000..200_000).contains(&log.text.len())) {
            std::fs::write(PathBuf::from(&folder).join(&log.name), &log.text).unwrap();
        }
    }
    let counted = std::fs::read_to_string(folder().join("tokens.tsv")).unwrap();
    let (mut estimated, mut real, mut far) = (0, 0, Vec::new());
    for line in counted.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, characters, counts @ ..] = &fields[..] else { panic!("{line}") };
        let log = logs().iter().find(|log| log.name == *name).unwrap();
        assert_eq!(log.text.chars().count().to_string(), *characters, "{name} is counted anew");
        let own = tokens::tokens(&log.text);
        for count in counts.iter().map(|count| count.parse::<usize>().unwrap()) {
            (estimated, real) = (estimated + own, real + count);
            let ratio = as_f64(own) / as_f64(count);
            // Long rows of numbers or of a sign that is no letter are cut smaller than all else.
            if !(0.3..1.6).contains(&ratio) {
                far.push(format!("{name}: {own} estimated, {count} counted"));
            }
        }
    }
    let ratio = as_f64(estimated) / as_f64(real);
    assert!((0.9..1.1).contains(&ratio), "in all {estimated} estimated, {real} counted");
    assert!(far.is_empty(), "{far:#?}");
}

#[test]
fn the_table_of_the_logs_is_up_to_date() {
    let path = folder().join("table.md");
    let table = table();
    if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let stale = "the table is stale; write it anew with\n    TABCTL_TEST_WRITE=1 cargo test corpus";
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), table, "{stale}");
}

fn table() -> String {
    let mut table = String::from(
        "# The logs and their digests\n\nWritten by `TABCTL_TEST_WRITE=1 cargo test corpus`. Tokens are \
         estimates; a digest has at most 4000.\nFound / expected, where expected is what a person found \
         in the log.\n\n| log | bytes | lines | tokens | digest | saved | errors | failed tests |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for log in logs() {
        let (tokens, expected) = (log.digest.tokens, &log.expected);
        let of = |faults: &[Fault]| format!("{}/{}", log.found(faults), faults.len());
        let saved =
            if tokens.whole > BUDGET { format!("{:.1} %", log.saved()) } else { "fits".into() };
        let (errors, tests) = (of(&expected.errors), of(&expected.tests));
        let tests = if expected.tests.is_empty() { "" } else { &*tests };
        let (name, bytes, lines) = (&log.name, log.bytes, log.digest.lines);
        let (whole, short) = (tokens.whole, tokens.digest);
        writeln!(
            table,
            "| {name} | {bytes} | {lines} | {whole} | {short} | {saved} | {errors} | {tests} |"
        )
        .unwrap();
    }
    table
}

/// Pieces of logs, cut anywhere: readers look around, and around may be nothing.
#[test]
fn no_piece_of_a_log_makes_a_reader_panic() {
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1");
    let rounds = if long { 400 } else { 4 };
    let mut random = Random(7);
    for log in logs() {
        let lines: Vec<&str> = log.text.lines().collect();
        for _ in 0..rounds {
            let from = random.below(lines.len() + 1);
            let piece = &lines[from..lines.len().min(from + random.below(60))];
            let cut: Vec<&str> = piece.iter().map(|line| random.part(line)).collect();
            ask_all(piece);
            ask_all(&cut);
        }
        // Every first part of a log, as when its tool is still at work.
        for end in 0..lines.len().min(if long { 300 } else { 12 }) {
            ask_all(&lines[..end]);
        }
    }
}

/// Asks every reader about every line.
fn ask_all(lines: &[&str]) {
    let lines = &Lines::of(lines);
    for at in 0..lines.len() {
        for family in ALL {
            if let Some(finding) = (family.read)(lines, at) {
                assert!(
                    finding.lines > 0 && finding.at + finding.lines <= lines.len(),
                    "{finding:?}"
                );
            }
        }
    }
}

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    /// A part of a text, cut between two characters.
    fn part<'a>(&mut self, text: &'a str) -> &'a str {
        let places: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (one, two) = (places[self.below(places.len())], places[self.below(places.len())]);
        &text[one.min(two)..one.max(two)]
    }
}
