//! The processes below a hundred panes, on a machine with many others.
//! Must leave no process behind.

use std::hint::black_box;
use std::process::{Child, Command, Stdio};

use super::compare;

const PANES: usize = 100;
/// With the two of each pane's tree, seven hundred.
const OTHERS: usize = 500;

/// A scan of the trees beside a read of exactly those processes' files.
pub fn hundred_panes() {
    let others = Children((0..OTHERS).map(|_| start(&["sleep", "3600"])).collect());
    // A pane's shell with one program below it.
    let shells = Children((0..PANES).map(|_| start(&["sh", "-c", "sleep 3600; exit"])).collect());
    let roots: Vec<u32> = shells.0.iter().map(Child::id).collect();
    let trees = settled(&roots);
    let pids: Vec<u32> = trees.iter().flatten().map(|process| process.id.pid).collect();
    compare(
        "scan, 100 panes of 700 processes",
        "<= 1.5",
        &mut || {
            for pid in &pids {
                for file in ["stat", "cmdline"] {
                    black_box(std::fs::read(format!("/proc/{pid}/{file}")).unwrap());
                }
                black_box(std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap());
                black_box(std::fs::read(format!("/proc/{pid}/task/{pid}/children")).unwrap());
            }
        },
        &mut || {
            black_box(tabctl::scan::trees(&roots, "bench"));
        },
    );
    for tree in &trees {
        let below = tree.iter().skip(1).map(|process| process.id.pid.to_string());
        let _ = Command::new("kill").args(below).status();
    }
    drop((shells, others));
}

/// The trees, once every shell has started its program.
fn settled(roots: &[u32]) -> Vec<Vec<tabctl::model::proc::Proc>> {
    for _ in 0..500 {
        let trees = tabctl::scan::trees(roots, "bench");
        if trees.iter().all(|tree| tree.len() == 2 && tree[1].argv[0] == "sleep") {
            return trees;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the shells did not start their programs");
}

fn start(argv: &[&str]) -> Child {
    let mut command = Command::new(argv[0]);
    command.args(&argv[1..]).stdin(Stdio::null()).stdout(Stdio::null());
    // A shell says there that its program was killed.
    command.stderr(Stdio::null()).spawn().unwrap()
}

struct Children(Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
