//! F2 and F6: many writers of one file at once, some of them killed. What was acknowledged is there.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tabctl::engine::fake::Fake;
use tabctl::ops::edit;
use tabctl::store::Trust;

use super::bench::{files, is_temp};
use crate::support::World;
use crate::support::fault_table::{Trial, runs};
use crate::support::inside::{context, store};

const WRITERS: usize = 16;

/// Small, and the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % below
    }
}

/// What one writer knows of its updates.
#[derive(Default)]
struct Ledger {
    acknowledged: Vec<String>,
    killed: Vec<String>,
}

/// Adds tags one by one; some of its processes are killed within their first moments.
fn write(world: &World, writer: usize, killed: &AtomicUsize, enough: usize) -> Ledger {
    let (mut ledger, mut dice) = (Ledger::default(), Dice(writer as u64 + 1));
    let mut number = 0;
    // As long as one takes that is let live: the machine may be busy.
    let mut usual = Duration::from_millis(100);
    while killed.load(Ordering::Relaxed) < enough {
        number += 1;
        let tag = format!("w{writer}-{number}");
        let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
        command.args(["tag", "--tab", "api", &tag]).stdin(Stdio::null());
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("tabctl starts");
        let doomed = dice.throw(3) > 0;
        let begun = Instant::now();
        let share = u32::try_from(dice.throw(140)).expect("it is small");
        let end = begun + usual * share / 100;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if doomed && Instant::now() > end {
                // It may have ended in this moment: then it is acknowledged all the same.
                let _ = child.kill();
                break child.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        match status.code() {
            Some(0) => {
                ledger.acknowledged.push(tag);
                usual = begun.elapsed();
            }
            Some(code) => panic!("{tag}: refused with {code}"),
            None => {
                killed.fetch_add(1, Ordering::Relaxed);
                ledger.killed.push(tag);
            }
        }
    }
    ledger
}

#[test]
fn what_was_acknowledged_is_there_whoever_is_killed_meanwhile() {
    let trial = Trial::begin("F2", "tag");
    let wanted = runs(150, 1000);
    // A tab each, so that a file stays one that a person could have.
    let (mut killed, mut acknowledged, mut done) = (0, 0, 0);
    while killed < wanted {
        let world = World::new();
        let folder = world.workspace("api");
        let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"];
        world.tabctl_in(&folder, bind).ok();
        let (count, enough) = (AtomicUsize::new(0), (wanted - killed).min(250));
        let ledgers: Vec<Ledger> = std::thread::scope(|scope| {
            let writer = |number| {
                let (world, count) = (&world, &count);
                scope.spawn(move || write(world, number, count, enough))
            };
            let writers: Vec<_> = (0..WRITERS).map(writer).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let loaded = store(&world).load(&folder.join(".session.yaml")).unwrap();
        assert_eq!(loaded.trust, Trust::Trusted);
        let tags: BTreeSet<&str> = loaded.session.tags.iter().map(String::as_str).collect();
        let kept = ledgers.iter().flat_map(|ledger| &ledger.acknowledged);
        let lost: Vec<_> = kept.clone().filter(|tag| !tags.contains(tag.as_str())).collect();
        assert!(lost.is_empty(), "{} acknowledged updates are lost: {lost:?}", lost.len());
        let possible: BTreeSet<&str> = ledgers
            .iter()
            .flat_map(|ledger| ledger.acknowledged.iter().chain(&ledger.killed))
            .map(String::as_str)
            .collect();
        assert!(tags.is_subset(&possible), "{:?}", tags.difference(&possible));
        done += tags.len() - kept.clone().count();
        acknowledged += kept.count();
        let left = files(&folder).into_iter().filter(|path| !path.ends_with(".session.yaml"));
        assert!(left.clone().all(|path| is_temp(&path)), "{:?}", left.collect::<Vec<_>>());
        assert!(store(&world).damage().is_empty());
        world.tabctl(["tag", "--tab", "api", "last"]).ok();
        killed += count.into_inner();
    }
    assert!(acknowledged > wanted / 10, "only {acknowledged} were left alive");
    let note = format!(
        "{WRITERS} writers; {acknowledged} acknowledged and there; {done} of the killed had written"
    );
    trial.held(killed, &note);
}

#[test]
fn sixty_four_writers_lose_no_update_of_their_own_key() {
    const MANY: usize = 64;
    let trial = Trial::begin("F6", "tag");
    let (rounds, updates) = (runs(1, 10), runs(20, 500));
    for round in 0..rounds {
        let world = World::new();
        let folder = world.workspace("api");
        let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"];
        world.tabctl_in(&folder, bind).ok();
        let file = folder.join(".session.yaml");
        std::thread::scope(|scope| {
            for writer in 0..MANY {
                let (world, file) = (&world, &file);
                scope.spawn(move || {
                    let ctx = context(world, Fake::new());
                    let tab = ctx.store.load(file).unwrap();
                    let tag = |number: usize| format!("w{writer}-{number}");
                    for number in 1..=updates {
                        // Whoever undid the update before left the tag before it, which stays.
                        let (add, remove) = ([tag(number)], [tag(number - 1)]);
                        let after = edit::tag(&ctx, &tab, &add, &remove).unwrap().session.tags;
                        let own = format!("w{writer}-");
                        let own: Vec<_> =
                            after.iter().filter(|tag| tag.starts_with(&own)).collect();
                        assert_eq!(own, [&tag(number)], "writer {writer} in round {round}");
                    }
                });
            }
        });
        let tags = store(&world).load(&file).unwrap().session.tags;
        let all: BTreeSet<String> =
            (0..MANY).map(|writer| format!("w{writer}-{updates}")).collect();
        assert_eq!(tags.into_iter().collect::<BTreeSet<_>>(), all);
    }
    let note = format!("{rounds} x {MANY} writers x {updates} updates, each of its own tag");
    trial.held(rounds * MANY * updates, &note);
}
