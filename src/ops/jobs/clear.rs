//! Removes jobs that have ended, with their output. Must not remove one of which anything runs.

use anyhow::Result;

use crate::model::doer::DoerKind;
use crate::model::job::{Job, JobState};
use crate::ops::Ctx;
use crate::ops::actor::Actor;

/// The jobs that can be removed, and why others cannot.
#[derive(Debug, Default)]
pub struct Clearable {
    /// These can.
    pub jobs: Vec<Job>,
    /// So many have ended, and left something behind that still runs.
    pub held: usize,
    /// So many have ended and are a person's, where an agent asks.
    pub not_ones_own: usize,
}

/// Looks at all jobs.
pub fn clearable(ctx: &Ctx) -> Clearable {
    let is_person = Actor::of_this_process(ctx) == Actor::Person;
    let mut found = Clearable::default();
    for job in ctx.store.jobs() {
        if super::state(ctx, &job) == JobState::Running {
            continue;
        }
        if super::kill::left_behind(ctx, &job) > 0 {
            found.held += 1;
        } else if is_person || job.by.kind == DoerKind::Agent {
            found.jobs.push(job);
        } else {
            found.not_ones_own += 1;
        }
    }
    found
}

/// Removes them. One that somebody else has removed meanwhile is fine.
pub fn clear(ctx: &Ctx, jobs: &[Job]) -> Result<()> {
    let _names = ctx.store.jobs_lock()?;
    jobs.iter().try_for_each(|job| ctx.store.remove_job(job.id))
}
