//! Ends a job with everything that it has started. Must not let an agent end what a person began.

use anyhow::Result;
use serde_json::Map;

use crate::error::{Fault, Kind};
use crate::model::doer::DoerKind;
use crate::model::job::{Job, JobState};
use crate::model::name;
use crate::ops::Ctx;
use crate::ops::actor::{self, Actor};
use crate::ops::ending::{self, Ending, GRACE};
use crate::ops::record::journal;
use crate::scan;
use crate::sys::signals;

/// Refuses an agent where a person started the job.
pub fn must_be_ones_own(ctx: &Ctx, job: &Job, what: &str) -> Result<()> {
    if job.by.kind == DoerKind::Agent {
        return Ok(());
    }
    Actor::of_this_process(ctx).must_be_person(&format!("{what} a job that a person started"))
}

/// How many processes of a job still run, its own command not counted.
pub fn left_behind(ctx: &Ctx, job: &Job) -> usize {
    let (roots, spared) = roots(ctx, job);
    let all = scan::trees(&roots, &ctx.store.boot).into_iter().flatten();
    all.filter(|process| !spared.contains(&process.id.pid)).count()
}

/// The processes below which everything of the job is: its keeper, to which its orphans come too; if that
/// is gone, its command. The keeper is to be spared: it tells how all this ends; and so is whoever asks,
/// which may be the job itself.
fn roots(ctx: &Ctx, job: &Job) -> (Vec<u32>, Vec<u32>) {
    let own = std::process::id();
    if super::is_kept(ctx, job) {
        return (vec![job.keeper.pid], vec![job.keeper.pid, own]);
    }
    let command = job.process.as_ref().filter(|process| scan::lives(process, &ctx.store.boot));
    (command.map(|process| process.pid).into_iter().collect(), vec![own])
}

/// Tells all processes of a job to end, and ends those that do not; with a `signal` only sends that.
/// Gives how many were reached.
///
/// # Errors
/// `NotFound` if nothing of it runs; `Other` if something does not end.
pub fn kill(ctx: &Ctx, job: &Job, signal: Option<i32>) -> Result<usize> {
    must_be_ones_own(ctx, job, "kill")?;
    let (roots, spared) = roots(ctx, job);
    let job_name = name::shown(&job.name);
    if left_behind(ctx, job) == 0 {
        let state = super::state(ctx, job).word();
        return Err(Fault::new(
            Kind::NotFound,
            format!("nothing of '{job_name}' runs: it is {state}"),
        )
        .hint("`tabctl ls --jobs` shows what does")
        .into());
    }
    if let Some(tab) = job.tab {
        let mut with = Map::new();
        with.insert("job".to_owned(), job.name.clone().into());
        with.insert(
            "signal".to_owned(),
            signal.map_or_else(|| "TERM".to_owned(), signals::name).into(),
        );
        journal(ctx, tab, "job-killed", with);
    }
    if let Some(signal) = signal {
        return Ok(ending::tell(ctx, &roots, &spared, signal));
    }
    if job.ended.is_none() {
        // Beforehand: its keeper writes down the end, and why it ended is known by then.
        let doer = actor::doer(ctx).clone();
        ctx.store.update_job(job.id, &mut |job| {
            if job.ended.is_none() {
                job.killed = Some(doer.clone());
            }
        })?;
    }
    let mut ending = Ending::new(ctx, &roots, &spared, GRACE);
    match ending.see_through() {
        0 => {
            seen_by_keeper(ctx, job)?;
            Ok(ending.count())
        }
        left => {
            Err(Fault::new(Kind::Other, format!("{left} processes of '{job_name}' do not end"))
                .hint("they wait for a disk or a device; `ps` shows them in state D")
                .into())
        }
    }
}

/// Waits for the keeper's word: whoever looks next is to see the job as ended.
fn seen_by_keeper(ctx: &Ctx, job: &Job) -> Result<()> {
    let limit = std::time::Duration::from_secs(5);
    let mut look = || {
        let now = ctx.store.job(job.id)?;
        Ok((super::state(ctx, &now) != JobState::Running).then_some(()))
    };
    crate::sys::watch::until(&ctx.store.jobs_folder(), limit, &mut look)?;
    Ok(())
}
