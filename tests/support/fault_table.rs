//! The table of faults in tests/fixtures/faults/table.md: what was done to tabctl, how often, and
//! whether it held. Written by the tests themselves, and only with `TABCTL_TEST_WRITE` set.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Mutex;

/// The faults, what each is, and its parts: one test, one row.
pub const PLAN: &[(&str, &str, &[&str])] = &[
    (
        "F1",
        "SIGKILL at every system call",
        &[
            "note", "bind", "status", "rename", "lock", "unlock", "create", "remove", "resume",
            "sweep",
        ],
    ),
    ("F2", "SIGKILL of 16 writers at any moment", &["tag"]),
    ("F3", "power cut", &["journal dropped", "journal flushed", "no auto_da_alloc"]),
    ("F4", "a system call that fails", &["note", "bind"]),
    ("F5", "interrupted and short calls", &["interrupted", "short", "cut off"]),
    ("F6", "64 writers of one file", &["tag"]),
    ("F7", "100 resumes at once", &["one tab", "one conversation"]),
    ("F8", "SIGKILL of resume at each journal step", &["resume"]),
    ("F13", "clock jumps, another boot", &["clock", "boot"]),
    ("F14", "a process id is reused", &["foreign process", "reused number"]),
    ("F15", "copied, moved, deleted, put back", &["workspace"]),
    ("F16", "a file cut or flipped anywhere", &["look and note", "commands"]),
    ("F17", "newer, odd and foreign spellings", &["commands"]),
    ("F18", "read-only, foreign, a link, a FIFO, stale", &["commands"]),
    ("F21", "a transcript missing, cut, of elsewhere", &["plan", "resume"]),
];

/// How many of a row are run: everyday, or all of the plan with `TABCTL_TEST_LONG=1`.
pub fn runs(everyday: usize, full: usize) -> usize {
    if is_full() { full } else { everyday }
}

/// Whether `TABCTL_TEST_LONG=1` asks for the counts of the plan.
pub fn is_full() -> bool {
    std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1")
}

/// Writes one row of a fault that tabctl held against.
#[allow(dead_code, reason = "for tests that count before they know whether they hold")]
pub fn record(id: &str, part: &str, runs: usize, note: &str) {
    Trial::begin(id, part).held(runs, note);
}

/// One row while its test runs. A test that panics leaves `FAILED` behind.
#[must_use]
pub struct Trial {
    id: String,
    part: String,
    is_told: bool,
}

impl Trial {
    /// Begins a row of [`PLAN`].
    pub fn begin(id: &str, part: &str) -> Trial {
        let planned = PLAN.iter().any(|(known, _, parts)| *known == id && parts.contains(&part));
        assert!(planned, "{id} {part} is not in the plan");
        Trial { id: id.to_owned(), part: part.to_owned(), is_told: false }
    }

    /// It held, this often.
    pub fn held(mut self, runs: usize, note: &str) {
        self.tell(Row::new(runs, "held", note));
    }

    /// It could not be tried here.
    pub fn not_run(mut self, why: &str) {
        eprintln!("{} {}: not run: {why}", self.id, self.part);
        self.tell(Row::new(0, "not run", why));
    }

    fn tell(&mut self, row: Row) {
        self.is_told = true;
        if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
            write(&self.id, &self.part, row);
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if !self.is_told && std::thread::panicking() {
            self.tell(Row::new(0, "FAILED", "see the test"));
        }
    }
}

/// What the table says of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How often.
    pub runs: usize,
    /// `everyday` or `full`: which counts.
    pub counts: String,
    /// `held`, `FAILED` or `not run`.
    pub result: String,
    /// What else is to be said.
    pub note: String,
}

impl Row {
    fn new(runs: usize, result: &str, note: &str) -> Row {
        let counts = if is_full() { "full" } else { "everyday" };
        let note = note.replace('|', "/");
        Row { runs, counts: counts.to_owned(), result: result.to_owned(), note }
    }
}

type Rows = BTreeMap<(String, String), Row>;

/// The table.
pub fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/faults/table.md")
}

/// The rows of the table by fault and part.
pub fn rows() -> Rows {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    text.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<((String, String), Row)> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [id, _, part, runs, counts, result, note, ..] = cells[..] else { return None };
    let [counts, result, note] = [counts, result, note].map(str::to_owned);
    let row = Row { runs: runs.parse().ok()?, counts, result, note };
    Some(((id.to_owned(), part.to_owned()), row))
}

/// Replaces one row. Everyday counts do not stand in for full ones that held.
fn write(id: &str, part: &str, new: Row) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let mut rows = rows();
    let key = (id.to_owned(), part.to_owned());
    let is_better = |old: &Row| old.result == "held" && old.counts == "full" && !is_full();
    if new.result != "FAILED" && rows.get(&key).is_some_and(is_better) {
        return;
    }
    rows.insert(key, new);
    std::fs::create_dir_all(path().parent().unwrap()).unwrap();
    std::fs::write(path(), text(&rows)).unwrap();
}

/// The whole table, with a row for all that is planned.
fn text(rows: &Rows) -> String {
    let mut text = "\
# Faults

What was done to tabctl, how often, and whether it held. Written by the tests themselves:
`TABCTL_TEST_WRITE=1 cargo test --test main -- faults resume_killed` (everyday counts), the same with
`TABCTL_TEST_LONG=1` (the counts of the plan). Must not be edited by hand.

| id | fault | part | runs | counts | result | note |
|---|---|---|---:|---|---|---|
"
    .to_owned();
    for (id, what, parts) in PLAN {
        for part in *parts {
            let none = Row::new(0, "not run", "nobody has tried it yet");
            let none = Row { counts: "-".to_owned(), ..none };
            let row = rows.get(&((*id).to_owned(), (*part).to_owned())).unwrap_or(&none);
            let Row { runs, counts, result, note } = row;
            let line =
                format!("| {id} | {what} | {part} | {runs} | {counts} | {result} | {note} |");
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

#[test]
fn a_row_reads_back_as_it_was_written() {
    let rows: Rows = [(("F1".to_owned(), "note".to_owned()), Row::new(7, "held", "a | b"))].into();
    let text = text(&rows);
    let read: Rows = text.lines().filter_map(row).collect();
    assert_eq!(read.len(), PLAN.iter().map(|(_, _, parts)| parts.len()).sum::<usize>());
    let (key, row) = rows.first_key_value().unwrap();
    assert_eq!(&read[key], row);
    assert_eq!(row.note, "a / b");
}
