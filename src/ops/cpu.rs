//! How much CPU the processes of tabs use between two looks, where nothing else tells what they do.
//! Must not call anybody idle: agents that wait for their model use nothing.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Ctx;
use crate::model::pane::Pane;
use crate::model::row::Known;
use crate::model::status::{Claim, Said, Source, State};
use crate::scan;
use crate::store::Sample;

/// No agent measured uses more of a CPU at a prompt (0.04), and few use less at work.
const WORKS: f64 = 0.06;
/// CPU time is counted in hundredths of a second: a shorter time says nothing.
const SHORTEST: TimeDelta = TimeDelta::milliseconds(500);
/// The mean of a longer time is not about now.
const LONGEST: TimeDelta = TimeDelta::seconds(60);

/// Compares the processes of tabs with the last look, and keeps this one for the next.
pub fn add(ctx: &Ctx, tabs: &mut [(&mut Known, &Pane)], now: DateTime<Utc>) {
    if tabs.is_empty() {
        return;
    }
    let agent = |known: &Known| known.live.as_ref()?.agent.as_ref().map(|agent| agent.pid);
    let roots: Vec<u32> =
        tabs.iter().map(|(known, pane)| agent(known).unwrap_or(pane.pid)).collect();
    let trees = scan::trees(&roots, &ctx.store.boot);
    let known_samples = ctx.store.samples();
    let mut samples: HashMap<_, _> = known_samples.clone();
    for ((known, _), tree) in tabs.iter_mut().zip(&trees) {
        let Some(root) = tree.first() else { continue };
        let sample = Sample { at: now, root: root.id.clone(), cpu: scan::cpu(tree) };
        let before = samples.get(&known.session.id).filter(|before| before.root == sample.root);
        let said = said(before, &sample, tree.len() - 1);
        known.live.get_or_insert_default().hear(Claim::of(said, Source::Tree, now));
        // Who looks all the time would otherwise never see a difference.
        if before.is_none_or(|before| elapsed(before, &sample) >= SHORTEST) {
            samples.insert(known.session.id, sample);
        }
    }
    if samples != known_samples {
        // A look that cannot be kept is still one.
        let _ = ctx.store.keep_samples(&samples);
    }
}

/// How long lies between two looks, also when the clock was set back.
fn elapsed(before: &Sample, now: &Sample) -> TimeDelta {
    (now.at - before.at).abs()
}

/// What two samples of the same process tell.
fn said(before: Option<&Sample>, now: &Sample, children: usize) -> Said {
    let between = before.map(|before| {
        let used = now.cpu.saturating_sub(before.cpu);
        (used, elapsed(before, now))
    });
    let share = |(used, time): (Duration, TimeDelta)| {
        used.as_secs_f64() / time.to_std().unwrap_or_default().as_secs_f64().max(0.001)
    };
    let is_work = |&between: &(Duration, TimeDelta)| {
        (SHORTEST..=LONGEST).contains(&between.1) && share(between) >= WORKS
    };
    let state =
        if between.as_ref().is_some_and(is_work) { State::Thinking } else { State::Unknown };
    let evidence = between.filter(|(_, time)| *time >= SHORTEST).map_or_else(
        || "cpu not yet compared".to_owned(),
        |between| {
            let seconds = between.1.to_std().unwrap_or_default().as_secs_f64();
            format!("cpu {:.0}% over {seconds:.0}s", share(between) * 100.0)
        },
    );
    let detail = match children {
        0 => None,
        1 => Some("1 process below".to_owned()),
        more => Some(format!("{more} processes below")),
    };
    Said { state, reason: None, detail, evidence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::proc::ProcId;

    fn sample(milliseconds: i64, cpu: u64) -> Sample {
        Sample {
            at: DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds),
            root: ProcId { pid: 7, start: 1, boot: "b".to_owned() },
            cpu: Duration::from_millis(cpu),
        }
    }

    #[test]
    fn cpu_time_says_who_works_and_never_who_rests() {
        let first = sample(0, 1000);
        for (later, cpu, state, evidence) in [
            (4000, 1400, State::Thinking, "cpu 10% over 4s"),
            (4000, 1160, State::Unknown, "cpu 4% over 4s"),
            (4000, 1000, State::Unknown, "cpu 0% over 4s"),
            // Its children have ended and were not waited for.
            (4000, 200, State::Unknown, "cpu 0% over 4s"),
            (400, 1400, State::Unknown, "cpu not yet compared"),
            // Hours ago: it worked since then, which does not say that it works.
            (7_200_000, 900_000, State::Unknown, "cpu 12% over 7200s"),
        ] {
            let said = said(Some(&first), &sample(later, cpu), 0);
            assert_eq!((said.state, said.evidence.as_str()), (state, evidence));
        }
        let alone = said(None, &first, 2);
        assert_eq!(alone.state, State::Unknown);
        assert_eq!(alone.detail.as_deref(), Some("2 processes below"));
    }
}
