//! The simulated reboot, so that a person can trust `resume` before it is needed: tabs are made on a
//! private server, everything is killed, one `tabctl resume` follows, and what came back is compared.
//! Must not touch what is the person's.

mod cast;
mod real;
mod stage;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::error::{Fault, Kind};
use crate::model::compared::{Compared, Fact};

pub use real::{Wish, real, what_it_does};
use stage::Stage;

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether everything came back as it was.
    pub same: bool,
    /// Tab by tab.
    pub tabs: Vec<Compared>,
    /// What else a person should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// How long `tabctl resume` took.
    pub resume_ms: u64,
    /// How long all of it took.
    pub took_ms: u64,
    /// The folder that was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<PathBuf>,
}

/// How it ended.
#[derive(Debug)]
pub enum End {
    /// To the end.
    Done(Report),
    /// Interrupted by this signal; everything is cleaned up.
    Interrupted(i32),
}

/// Runs it with small agents of tabctl's own. `tell` hears what happens.
pub fn selftest(keep: bool, tell: &mut dyn FnMut(&str)) -> Result<End> {
    let stage = Stage::sealed(keep)?;
    finish(stage, |stage| play(stage, tell))
}

/// Plays on a stage, and clears it whatever happened.
fn finish(mut stage: Stage, play: impl FnOnce(&mut Stage) -> Result<Report>) -> Result<End> {
    let begun = Instant::now();
    let played = play(&mut stage);
    let interrupted = stage.interrupted();
    let kept = stage.clear();
    if let Some(signal) = interrupted {
        return Ok(End::Interrupted(signal));
    }
    Ok(End::Done(Report { kept, took_ms: millis(begun.elapsed()), ..played? }))
}

fn play(stage: &mut Stage, tell: &mut dyn FnMut(&str)) -> Result<Report> {
    stage.ctx.engine().version()?;
    tell("making five tabs: four with a small agent, two of them in one folder, and a shell");
    cast::enter(stage)?;
    tell("talking with each agent");
    cast::talk(stage)?;
    let before = cast::facts(stage)?;
    tell("killing the tmux server and everything in it (kill -9); another boot begins");
    stage.crash()?;
    cast::all_down(stage)?;
    tell("tabctl resume");
    let (resume_ms, complaint) = stage.resume()?;
    let after = cast::facts(stage)?;
    tell("asking each agent what was said before");
    let remembered = cast::remembered(stage)?;
    tell("tabctl resume, once more");
    stage.resume()?;
    let again = cast::running(stage, "after a second resume")?;
    let mut tabs: Vec<Compared> = before.into_iter().zip(after).map(compared).collect();
    for (tab, facts) in tabs.iter_mut().zip(remembered) {
        tab.facts.extend(facts);
    }
    tabs.push(again);
    let same = complaint.is_none() && tabs.iter().all(Compared::is_same);
    Ok(Report {
        same,
        tabs,
        remarks: complaint.into_iter().collect(),
        resume_ms,
        took_ms: 0,
        kept: None,
    })
}

/// What was seen of a tab at one time.
struct Seen {
    tab: &'static str,
    facts: Vec<(&'static str, String)>,
}

fn compared((before, after): (Seen, Seen)) -> Compared {
    let facts = before.facts.into_iter().zip(after.facts);
    let facts = facts.map(|((what, before), (_, after))| Fact::new(what, before, after));
    Compared { tab: before.tab.to_owned(), facts: facts.collect() }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A step did not come out as it should.
fn stuck(what: impl Into<String>) -> anyhow::Error {
    Fault::new(Kind::AgentFailed, what)
        .hint("`tabctl selftest --keep` leaves everything there to look at; `tabctl doctor` helps")
        .into()
}
