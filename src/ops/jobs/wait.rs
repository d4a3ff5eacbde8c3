//! Waits for the end of jobs. Must not poll where the change of a record tells.

use std::time::Duration;

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::job::{Job, JobState};
use crate::model::name;
use crate::ops::Ctx;
use crate::sys::watch;

/// A wait without a limit: longer than any machine stays up.
const FOREVER: Duration = Duration::from_hours(10 * 365 * 24);

/// Waits until all of these jobs have ended, or one if `any` is enough. Gives those that have.
///
/// # Errors
/// `TimedOut`; `NotFound` if one was removed meanwhile.
pub fn wait(ctx: &Ctx, jobs: &[Job], any: bool, limit: Option<Duration>) -> Result<Vec<Job>> {
    let mut look = || {
        let mut ended = Vec::new();
        for job in jobs {
            let (job, state) = super::look(ctx, ctx.store.job(job.id)?);
            if state != JobState::Running {
                ended.push(job);
            }
        }
        let is_reached = ended.len() == jobs.len() || (any && !ended.is_empty());
        Ok(is_reached.then_some(ended))
    };
    let found = watch::until(&ctx.store.jobs_folder(), limit.unwrap_or(FOREVER), &mut look)?;
    found.ok_or_else(|| {
        let runs = jobs.iter().find(|job| super::state(ctx, job) == JobState::Running);
        let job = runs
            .map_or_else(|| "the job".to_owned(), |job| format!("'{}'", name::shown(&job.name)));
        Fault::new(Kind::TimedOut, format!("the time is over, and {job} still runs"))
            .hint("--timeout gives it longer; without it there is no limit")
            .into()
    })
}

/// The exit code of the first job that did not end well; 0 if all did.
///
/// # Errors
/// `Gone` if nobody saw its end: then there is no code.
pub fn exit_code(jobs: &[Job]) -> Result<u8> {
    for job in jobs {
        if job.state(false) == JobState::Interrupted {
            let message = format!("nobody saw the end of '{}'", name::shown(&job.name));
            return Err(Fault::new(Kind::Gone, message)
                .hint(format!("it was cut off; again: {}", job.again()))
                .into());
        }
        if let Some(code) = job.exit_code().filter(|code| *code != 0) {
            return Ok(code);
        }
    }
    Ok(0)
}
