//! What must not cost a tab: a process that is killed at any moment, a disk that fails at any call,
//! a file that lost its end or one of its bits, and what else befalls a computer. Each test is a row
//! of tests/fixtures/faults/table.md. Much of it needs `strace`.

mod bench;
mod clock;
mod crowd;
mod failing;
mod killed;
mod moved;
mod odd;
mod power;
mod resumed;
mod reused;
mod shim;
mod torn;
mod transcripts;
mod unusable;

use crate::support::fault_table::{PLAN, path, rows};

#[test]
fn every_fault_of_the_plan_has_its_rows() {
    if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
        return; // It is being written.
    }
    let rows = rows();
    let anew = format!(
        "{}: write it anew with\n    TABCTL_TEST_WRITE=1 cargo test --test main -- faults resume_killed",
        path().display()
    );
    let planned = PLAN.iter().flat_map(|(id, _, parts)| parts.iter().map(move |part| (id, part)));
    let planned: Vec<_> = planned.map(|(id, part)| (id.to_string(), part.to_string())).collect();
    for key in &planned {
        let row = rows.get(key).unwrap_or_else(|| panic!("{key:?} is missing in {anew}"));
        let told = match row.result.as_str() {
            "held" => row.runs > 0,
            "not run" => !row.note.is_empty(),
            _ => false,
        };
        assert!(told, "{key:?} is {row:?} in {anew}");
    }
    let stray: Vec<_> = rows.keys().filter(|key| !planned.contains(key)).collect();
    assert!(stray.is_empty(), "{stray:?} is not planned: {anew}");
}
