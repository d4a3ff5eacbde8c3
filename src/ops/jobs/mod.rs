//! Jobs: commands in the background. Each has a keeper, a process of tabctl that holds its output and
//! sees its end. Must not take a job for running whose keeper is gone.

pub mod clear;
pub mod keeper;
pub mod kill;
pub mod reading;
pub mod start;
pub mod wait;

use std::collections::HashMap;

use anyhow::Result;

use crate::error::{Fault, Kind, kind_of};
use crate::model::id::TabId;
use crate::model::job::{Job, JobRow, JobState, Moment};
use crate::model::name;
use crate::scan;
use crate::store::{Loaded, output};
use crate::sys::{clock, signals};

use super::{Ctx, select};

/// What a person can mean by one word.
pub enum Meant {
    /// A job.
    Job(Box<Job>),
    /// A tab.
    Tab(Box<Loaded>),
}

/// The job or the tab that `typed` names; without it the tab one stands in.
///
/// # Errors
/// `NotFound`; `Clash` if it names one of each.
pub fn meant(ctx: &Ctx, typed: Option<&str>) -> Result<Meant> {
    let job = typed.and_then(|typed| find(ctx, typed));
    let tab = select::tab_or_remembered(ctx, typed);
    match (job, tab) {
        (Some(job), Ok(tab)) if typed.is_some_and(|typed| is_its_name(ctx, typed, &tab)) => {
            let name = name::shown(&job.name);
            Err(Fault::new(Kind::Clash, format!("'{name}' is the name of a tab and of a job"))
                .hint(format!("their ids tell them apart: {} and {}", tab.session.id, job.id))
                .into())
        }
        (Some(job), _) => Ok(Meant::Job(Box::new(job))),
        (None, Ok(tab)) => Ok(Meant::Tab(Box::new(tab))),
        (None, Err(error)) => Err(unknown(ctx, typed, error)),
    }
}

/// A word may also be a folder with a tab in it: that is no name, and no reason not to mean the job.
fn is_its_name(ctx: &Ctx, typed: &str, tab: &Loaded) -> bool {
    tab.session.tab == typed && ctx.store.is_registered(tab.session.id)
}

fn unknown(ctx: &Ctx, typed: Option<&str>, error: anyhow::Error) -> anyhow::Error {
    let Some(typed) = typed.filter(|_| kind_of(&error) == Kind::NotFound) else { return error };
    let mut names: Vec<String> = ctx.store.jobs().into_iter().map(|job| job.name).collect();
    let tabs = ctx.store.all().unwrap_or_default();
    names.extend(tabs.into_iter().map(|tab| tab.session.tab));
    let distance = |name: &String| strsim::damerau_levenshtein(typed, name);
    let near = names.iter().min_by_key(|name| distance(name)).filter(|name| distance(name) <= 3);
    let hint = near.map_or_else(
        || "`tabctl ls` shows the tabs, `tabctl ls --jobs` the jobs".to_owned(),
        |name| format!("did you mean '{}'?", name::shown(name)),
    );
    let message = format!("no tab and no job is called '{}'", name::shown(typed));
    Fault::new(Kind::NotFound, message).hint(hint).into()
}

/// The job of this name or id.
pub fn find(ctx: &Ctx, typed: &str) -> Option<Job> {
    let jobs = ctx.store.jobs();
    jobs.into_iter().find(|job| job.name == typed || job.id.to_string() == typed)
}

/// Whether the job's keeper lives.
pub fn is_kept(ctx: &Ctx, job: &Job) -> bool {
    scan::lives(&job.keeper, &ctx.store.boot)
}

/// A job as it is now, and what became of it.
pub fn look(ctx: &Ctx, job: Job) -> (Job, JobState) {
    if job.ended.is_none() && is_kept(ctx, &job) {
        return (job, JobState::Running);
    }
    // A keeper writes the end down before its own: what was read before may be older than both.
    let job = if job.ended.is_none() { ctx.store.job(job.id).unwrap_or(job) } else { job };
    let state = job.state(false);
    (job, state)
}

/// What became of a job.
pub fn state(ctx: &Ctx, job: &Job) -> JobState {
    look(ctx, job.clone()).1
}

/// This moment, by both clocks.
pub fn moment(ctx: &Ctx) -> Moment {
    let up = clock::up().and_then(|up| u64::try_from(up.as_millis()).ok());
    Moment { at: ctx.now(), up }
}

/// All jobs that are kept, as they are shown: the oldest first.
pub fn rows(ctx: &Ctx) -> Vec<JobRow> {
    let jobs = ctx.store.jobs();
    let of_tabs = jobs.iter().any(|job| job.tab.is_some());
    let names = if of_tabs { tab_names(ctx) } else { HashMap::new() };
    jobs.into_iter().map(|job| row(ctx, job, &names)).collect()
}

/// The names of the jobs that run.
pub fn running(ctx: &Ctx) -> Vec<String> {
    let jobs = ctx.store.jobs().into_iter();
    let running = jobs.filter(|job| state(ctx, job) == JobState::Running);
    running.map(|job| name::shown(&job.name)).collect()
}

/// One job as it is shown.
pub fn row_of(ctx: &Ctx, job: Job) -> JobRow {
    let names = if job.tab.is_some() { tab_names(ctx) } else { HashMap::new() };
    row(ctx, job, &names)
}

fn tab_names(ctx: &Ctx) -> HashMap<TabId, String> {
    let tabs = ctx.store.all().unwrap_or_default().into_iter();
    tabs.map(|tab| (tab.session.id, name::shown(&tab.session.tab))).collect()
}

fn row(ctx: &Ctx, job: Job, tabs: &HashMap<TabId, String>) -> JobRow {
    let (job, state) = look(ctx, job);
    let spans = output::spans(&ctx.store.job_output(job.id));
    let kept: u64 = spans.iter().map(|span| span.to - span.from).sum();
    // What was lost at the very end stands behind the last piece; only the record has it.
    let gaps = spans.last().map_or(0, |span| span.to) - kept;
    let left_out = gaps.max(job.lost);
    let own = |process: &&crate::model::proc::ProcId| scan::lives(process, &ctx.store.boot);
    let living = job.process.as_ref().filter(own).map(|process| process.pid);
    let end = job.ended.as_ref();
    JobRow {
        id: job.id,
        name: name::shown(&job.name),
        state,
        code: end.and_then(|end| end.code),
        signal: end.and_then(|end| end.signal),
        signal_name: end.and_then(|end| end.signal).map(signals::name),
        killed_by: job.killed.clone(),
        directory: job.directory.clone(),
        tab: job.tab.map(|id| tabs.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        by: job.by.clone(),
        pid: living,
        started: job.started.at,
        ended: end.map(|end| end.when.at),
        ran_ms: (end.is_some() || state == JobState::Running).then(|| job.ran(moment(ctx))),
        bytes: kept + left_out,
        left_out,
        trouble: job.trouble.clone(),
        left_behind: if state == JobState::Running { 0 } else { kill::left_behind(ctx, &job) },
        again: (state == JobState::Interrupted).then(|| job.again()),
        altered: job.altered,
        argv: job.argv,
    }
}
