//! F3: what was acknowledged survives a power cut. Needs root, a loop device and ext4, and is only
//! run with the counts of the plan.

use std::path::PathBuf;
use std::time::Duration;

use crate::support::fault_table::{Trial, is_full};
use crate::support::{Run, World};

const CUTS: &str = "300";
const LIMIT: Duration = Duration::from_mins(30);

fn cut(part: &str, mode: &str) {
    let trial = Trial::begin("F3", part);
    if !is_full() {
        return trial.not_run("only with TABCTL_TEST_LONG=1, as root, with a loop device");
    }
    if let Err(why) = can_cut() {
        return trial.not_run(&why);
    }
    let world = World::new();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/power_cut.py");
    let root = world.home().parent().unwrap().to_owned();
    let mut command = world.command("unshare");
    command.args(["-m", "--propagation", "private", "python3"]).arg(script).arg(root);
    command.args([env!("CARGO_BIN_EXE_tabctl"), CUTS, mode]);
    let run = Run::within(LIMIT, &mut command).ok();
    let seen = run.json();
    for what in ["lost", "torn"] {
        assert_eq!(seen[what], serde_json::json!([]), "{what}");
    }
    let cuts = usize::try_from(seen["cuts"].as_u64().unwrap()).unwrap();
    let note = format!(
        "ext4; file, index and trust as acknowledged; {} times what was being written was there too",
        seen["ahead"]
    );
    trial.held(cuts, &note);
}

/// Whether this machine lets us cut the power of a file system of our own.
fn can_cut() -> Result<(), String> {
    let world = World::new();
    let (image, disk) = (world.path("image"), world.path("disk"));
    std::fs::create_dir(&disk).unwrap();
    let script = "truncate -s 8M \"$1\" && mkfs.ext4 -q -F \"$1\" && mount -o loop \"$1\" \"$2\"";
    let mut command = world.command("unshare");
    command.args(["-m", "--propagation", "private", "/bin/sh", "-c", script, "sh"]);
    match command.arg(image).arg(disk).output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr).trim().replace('\n', "; ");
            Err(format!("cannot mount a loop device here: {said}"))
        }
        Err(error) => Err(format!("no `unshare`: {error}")),
    }
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_that_drops_the_journal() {
    cut("journal dropped", "dropped");
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_after_the_journal_was_written() {
    cut("journal flushed", "flushed");
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_where_ext4_does_not_help() {
    cut("no auto_da_alloc", "noauto");
}
