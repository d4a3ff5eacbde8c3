//! The promise about states, with the real agents: what `ls` says while they work, ask, wait and die.
//! Must not take an agent's word for the truth: that is the model server's and the keyboard's.

pub mod cast;
mod evidence;
pub mod report;
mod script;
pub mod stage;
mod truth;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use cast::{Actor, CAST};
use report::{Part, Report};
use script::Play;
use stage::Stage;

/// So many play at the same time: with eight, on two busy processors, agents lose keys.
const AT_ONCE: usize = 4;

#[test]
fn what_ls_says_of_the_real_agents_is_true() {
    let _turn = crate::support::agents::turn();
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    let only = std::env::var("TABCTL_TEST_LIVE").unwrap_or_default();
    let wanted = |actor: &&Actor| only.is_empty() || only.split(',').any(|it| it == actor.kind);
    let cast: Vec<&'static Actor> = CAST.iter().filter(wanted).collect();
    let mut report = Report::default();
    // Without hooks only in the long run: all of it takes longer than an ordinary run may.
    let modes: &[bool] = if long { &[true, false] } else { &[true] };
    for &hooks in modes {
        for group in cast.chunks(AT_ONCE) {
            let Some(parts) = play(group, hooks, long) else { return };
            report.add(parts);
        }
    }
    report.print();
    report.keep();
    report.check();
}

/// One performance of some agents side by side.
fn play(group: &[&'static Actor], hooks: bool, long: bool) -> Option<report::Night> {
    let name = |actor: &Actor| format!("{}{}", actor.kind, if hooks { "" } else { "-bare" });
    let folders: Vec<String> = group.iter().map(|actor| name(actor)).collect();
    let stage = Stage::set(&folders)?;
    let stop = AtomicBool::new(false);
    let (mut parts, watched) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| stage.watch(&stop));
        let play = |actor: &'static Actor| {
            let tab = name(actor);
            let mut play =
                Play { stage: &stage, actor, hooks, tab, spans: vec![], turns: 0, remarks: vec![] };
            let surprise = catch_unwind(AssertUnwindSafe(|| play.perform(long))).err();
            let surprise = surprise.map(|payload| report::words(payload.as_ref()));
            Part {
                kind: actor.kind,
                hooks,
                tab: play.tab,
                spans: play.spans,
                verdicts: vec![],
                remarks: play.remarks,
                surprise,
            }
        };
        let players: Vec<_> = group.iter().map(|actor| scope.spawn(move || play(actor))).collect();
        let parts: Vec<Part> =
            players.into_iter().filter_map(|player| player.join().ok()).collect();
        stop.store(true, Ordering::SeqCst);
        (parts, watcher.join().unwrap_or_default())
    });
    for part in &mut parts {
        for (tab, samples) in &watched.samples {
            let of_tab: Vec<_> =
                part.spans.iter().filter(|span| span.tab == *tab).cloned().collect();
            part.verdicts.extend(truth::judge(&of_tab, samples));
        }
    }
    Some(report::Night { parts, watched })
}
