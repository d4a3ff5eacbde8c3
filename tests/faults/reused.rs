//! F14: the number of a process that has ended is given to another one, which is not taken for it.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use tabctl::engine::fake::Fake;
use tabctl::model::live::Holder;
use tabctl::model::pane::PaneId;
use tabctl::model::plan::Action;
use tabctl::model::proc::ProcId;
use tabctl::model::status::State;
use tabctl::ops::list;
use tabctl::ops::plan::{self, Wish};
use tabctl::scan;

use crate::support::fault_table::{Trial, runs};
use crate::support::inside::context;
use crate::support::{Run, World};

/// A process that only is there.
struct Foreign(Child);

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_foreign_process_with_the_number_of_the_agent_is_not_the_agent() {
    const FOREIGN: usize = 100;
    let trial = Trial::begin("F14", "foreign process");
    let world = World::new();
    let folder = world.workspace("api");
    let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "sleep", "600"];
    world.tabctl_in(&folder, bind).ok();
    let file = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("  launch:\n", "  resume: [sleep, '600']\n  launch:\n"))
        .unwrap();
    let ctx = context(&world, Fake::new());
    let tab = ctx.store.load(&file).unwrap();
    ctx.store.trust(&tab, "test").unwrap();
    let seen = || {
        let row = list::list(&ctx).unwrap().rows.pop().unwrap();
        let all = ctx.store.all().unwrap();
        let step = plan::steps(&ctx, &all, Wish::default()).unwrap().pop().unwrap();
        (row.status.claim.state, step.action)
    };
    for number in 0..FOREIGN {
        let foreign = Foreign(Command::new("sleep").arg("600").spawn().unwrap());
        let boot = &ctx.store.boot;
        let real = scan::identity(foreign.0.id(), boot).expect("it lives");
        // It started later than what had its number, by a moment or by days.
        let earlier = real.start.saturating_sub([1, 100, 10_000_000][number % 3]);
        let was = ProcId { start: earlier, ..real.clone() };
        assert!(scan::lives(&real, boot) && !scan::lives(&was, boot));
        let holder = Holder {
            runner: was.clone(),
            engine: "tmux".to_owned(),
            server: "elsewhere".to_owned(),
            pane: Some(PaneId("%1".to_owned())),
            adopted: number % 2 == 0,
        };
        let remember = |holder: &Holder, agent: &ProcId| {
            ctx.store
                .update_live(tab.session.id, &mut |live| {
                    live.holder = Some(holder.clone());
                    live.agent = Some(agent.clone());
                })
                .unwrap();
        };
        remember(&holder, &was);
        let (state, action) = seen();
        assert_eq!(state, State::Down, "{number}");
        assert!(matches!(action, Action::Start { .. }), "{number}: {action:?}");
        // The very process is: else the test would hold whatever is remembered.
        if number % 10 == 0 {
            remember(&Holder { runner: real.clone(), ..holder }, &real);
            assert_ne!(seen().0, State::Down, "{number}");
        }
    }
    trial.held(FOREIGN, "living processes with the number and another start");
}

#[test]
fn a_process_that_was_given_the_number_of_the_agent_is_not_the_agent() {
    let trial = Trial::begin("F14", "reused number");
    let limit = Command::new("unshare")
        .args(["-fp", "--mount-proc", "sh", "-c"])
        .arg("echo 600 >/proc/sys/kernel/pid_max && cat /proc/sys/kernel/pid_max")
        .output();
    let before = std::fs::read_to_string("/proc/sys/kernel/pid_max").unwrap_or_default();
    match limit {
        Ok(said) if said.status.success() && said.stdout == b"600\n" && before != "600\n" => {}
        _ => return trial.not_run("needs root and a kernel with a pid_max for each pid namespace"),
    }
    let rounds = runs(3, 100);
    let world = World::new();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/reuse_pid.sh");
    let mut command = world.command("unshare");
    command.args(["-fp", "--kill-child", "--mount-proc", "/bin/sh"]).arg(script);
    command.arg(rounds.to_string()).arg(world.workspace("api"));
    let run = Run::within(Duration::from_mins(20), &mut command).ok();
    let told: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(told.len(), rounds, "{run}");
    for line in told {
        // The numbers were taken; then what was shown, and how many agents there were afterwards.
        assert!(line.ends_with(" down 1 untouched"), "{line}\n{run}");
    }
    trial.held(rounds, "in a pid namespace with 600 numbers: agent and runner replaced by `sleep`");
}
