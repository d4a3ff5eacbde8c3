//! Starts a job: names it, writes it down, and leaves it to its keeper.
//! Must not leave anything of one that could not be started.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Map;

use crate::agents;
use crate::error::{Fault, Kind, kind_of};
use crate::model::id::TabId;
use crate::model::job::{Job, JobId, names};
use crate::model::name;
use crate::ops::record::journal;
use crate::ops::runner::{TAB_VARIABLE, TOKEN_VARIABLE};
use crate::ops::{Ctx, actor, order, plan, select};
use crate::scan;
use crate::sys::{background, clock, run};

use super::keeper::{self, Answer};

/// The variable by which a command knows that it is a job, and which.
pub const JOB_VARIABLE: &str = "TABCTL_JOB";
/// A job has no keyboard: who shows a text page by page would wait for one for ever.
const PAGERS: [&str; 4] = ["PAGER", "GIT_PAGER", "MANPAGER", "SYSTEMD_PAGER"];
/// The longest that a keeper says of what went wrong.
const MOST_SAID: u64 = 4096;

/// The most of a command line that is written down, in bytes: it is there to be read.
const MOST_WORDS: usize = 16 * 1024;
/// The most of it that a line of a journal says, in letters.
const MOST_TOLD: usize = 200;

/// What is to be started.
#[derive(Debug)]
pub struct Wish {
    /// Its name; one is made up without.
    pub name: Option<String>,
    /// A tab or a folder; the folder one stands in without.
    pub within: Option<String>,
    /// The command, as it was typed.
    pub argv: Vec<OsString>,
}

/// Starts it. It is running when this returns.
pub fn start(ctx: &Ctx, wish: &Wish) -> Result<Job> {
    let (directory, tab) = place(ctx, wish.within.as_deref())?;
    let job = written_down(ctx, wish, &directory, tab)?;
    if let Err(error) = handed_over(&job, wish, &directory) {
        ctx.store.remove_job(job.id)?;
        return Err(error);
    }
    if let Some(tab) = tab {
        let mut details = Map::new();
        details.insert("job".to_owned(), job.name.clone().into());
        let command: String = shell_words::join(&job.argv).chars().take(MOST_TOLD).collect();
        details.insert("command".to_owned(), command.into());
        journal(ctx, tab, "job-started", details);
    }
    ctx.store.job(job.id)
}

/// The folder to start in, and the tab that the job belongs to.
fn place(ctx: &Ctx, within: Option<&str>) -> Result<(PathBuf, Option<TabId>)> {
    let here = || select::standing_in(ctx);
    let Some(typed) = within else {
        let directory = std::env::current_dir().context("the folder one stands in is gone")?;
        return Ok((directory, here()));
    };
    let is_a_tab =
        ctx.store.holder_of_name(typed, None).is_some() || typed.parse::<TabId>().is_ok();
    if !is_a_tab && let Ok(directory) = Path::new(typed).canonicalize() {
        return if directory.is_dir() {
            Ok((directory, here()))
        } else {
            let message = format!("{} is no folder", ctx.paths.short(&directory));
            Err(Fault::new(Kind::Usage, message).hint("name a folder, or a tab").into())
        };
    }
    let tab = select::tab(ctx, Some(typed)).map_err(|error| match kind_of(&error) {
        Kind::NotFound if !is_a_tab => {
            let message = format!("'{}' is neither a tab nor a folder", name::shown(typed));
            let fault = Fault::new(Kind::NotFound, message);
            fault.hint("`tabctl ls` shows the tabs there are").into()
        }
        _ => error,
    })?;
    // Its file says in which folder a tab runs: a person must have approved that.
    plan::may_run(ctx, &tab)?;
    Ok((order::directory(&tab.workspace, &tab.session.executable()), Some(tab.session.id)))
}

/// Gives it a name that nothing else has, and writes it down: whatever happens from now on, it is known.
fn written_down(ctx: &Ctx, wish: &Wish, directory: &Path, tab: Option<TabId>) -> Result<Job> {
    let boot = &ctx.store.boot;
    let millis = u64::try_from(ctx.now().timestamp_millis()).unwrap_or(0);
    let words: Vec<String> =
        wish.argv.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let argv = agents::words_without_secrets(&short_enough(&words));
    let is_text = directory.to_str().is_some() && wish.argv.iter().all(|it| it.to_str().is_some());
    let _names = ctx.store.jobs_lock()?;
    let name = match &wish.name {
        Some(name) => free(ctx, name)?.to_owned(),
        None => made_up(ctx)?,
    };
    let job = Job {
        id: JobId::from_parts(millis, clock::random_u128()?),
        name,
        altered: argv != words || !is_text,
        argv,
        directory: directory.display().to_string(),
        tab,
        by: actor::doer(ctx).clone(),
        keeper: scan::identity(std::process::id(), boot).context("this process is not visible")?,
        process: None,
        started: super::moment(ctx),
        ended: None,
        killed: None,
        lost: 0,
        trouble: None,
    };
    ctx.store.create_job(&job)?;
    Ok(job)
}

/// The words up to where they get too long to be written down.
fn short_enough(words: &[String]) -> Vec<String> {
    let mut size = 0;
    let fits = |word: &&String| {
        size += word.len() + 1;
        size <= MOST_WORDS
    };
    let mut short: Vec<String> = words.iter().take_while(fits).cloned().collect();
    if short.len() < words.len() {
        short.push("…".to_owned());
    }
    short
}

/// A name that a person gave, if it can be had.
fn free<'a>(ctx: &Ctx, typed: &'a str) -> Result<&'a str> {
    let name = name::check(typed).map_err(|bad| {
        let message = format!("'{}' is no name for a job: {bad}", name::shown(typed));
        Fault::new(Kind::Usage, message).hint("choose another name, or leave it out")
    })?;
    if let Some(job) = super::find(ctx, name) {
        let state = super::state(ctx, &job).word();
        return Err(Fault::new(
            Kind::Clash,
            format!("a job is called '{name}' already: it is {state}"),
        )
        .hint("choose another name; `tabctl clear` removes jobs that have ended")
        .into());
    }
    if ctx.store.holder_of_name(name, None).is_some() {
        return Err(Fault::new(Kind::Clash, format!("a tab is called '{name}'"))
            .hint("choose another name: `kill`, `output` and `wait` take both")
            .into());
    }
    Ok(name)
}

fn made_up(ctx: &Ctx) -> Result<String> {
    let jobs = ctx.store.jobs();
    let tabs = ctx.store.all().unwrap_or_default();
    let is_taken = |name: &str| {
        jobs.iter().any(|job| job.name == name) || tabs.iter().any(|tab| tab.session.tab == name)
    };
    Ok(names::pick(clock::random_u128()?, &is_taken))
}

/// Starts the keeper, and waits for its word that the command runs. The command line goes through a
/// pipe: it may hold a secret, and a search for the command would find its keeper as well.
fn handed_over(job: &Job, wish: &Wish, directory: &Path) -> Result<()> {
    let exe = std::env::current_exe().context("cannot find out where tabctl itself is")?;
    let mut keeper = run::command(exe);
    keeper.args([keeper::ENTRY, &job.id.to_string()]).current_dir(directory);
    keeper.env("PWD", directory).env(JOB_VARIABLE, &job.name).env_remove(TOKEN_VARIABLE);
    keeper.envs(PAGERS.map(|pager| (pager, "cat")));
    if let Some(tab) = job.tab {
        keeper.env(TAB_VARIABLE, tab.to_string());
    }
    let words: Vec<&[u8]> = wish.argv.iter().map(|word: &OsString| OsStr::as_bytes(word)).collect();
    let said = background::leave_told(keeper, &words.join(&0), MOST_SAID)?;
    match Answer::read(&said) {
        Some(Answer::Runs) => Ok(()),
        Some(Answer::Refused(fault)) => Err(fault.into()),
        None => Err(Fault::new(Kind::Other, "the job's keeper ended without a word")
            .hint("try again; `tabctl doctor` looks whether something is wrong")
            .into()),
    }
}
