//! Brings tabs back with their own conversations. Must start nothing twice, however often it is asked.
//!
//! `round.rs` says which tabs are to be started and which limits they meet, `begin.rs` starts one
//! under its lock, `convoy.rs` keeps so many starting at a time and sees each through, `verify.rs`
//! judges it by evidence, `pacing.rs` says how fast, `brake.rs` notices that all fail alike.

mod begin;
mod brake;
mod convoy;
mod pacing;
mod round;
mod verify;
mod view;

use std::sync::atomic::AtomicBool;

use anyhow::Result;
use serde::Serialize;

use crate::model::outcome::Outcome;
use crate::model::pane::PaneId;
use crate::model::plan::{Action, Step};
use crate::model::row::Known;

pub use self::round::Round;
use super::Ctx;
use super::plan::Wish;

/// What became of one tab.
#[derive(Debug, Clone, Serialize)]
pub struct Resumed {
    /// What was planned.
    #[serde(flatten)]
    pub step: Step,
    /// The kind of its agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// What came of it; nothing for a tab that lived, was held back or was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// The pane it is in now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pane: Option<PaneId>,
}

impl Resumed {
    /// Whether nothing had to be done, and nothing is worth saying.
    pub fn was_there(&self) -> bool {
        let lives = matches!(self.step.action, Action::Lives { .. });
        lives && self.result.is_none() && self.step.remarks.is_empty()
    }

    /// Whether the tab is as the person wanted it.
    pub fn is_well(&self) -> bool {
        match (&self.step.action, &self.result) {
            (Action::Lives { .. }, None) => true,
            (
                Action::Lives { .. } | Action::Start { .. } | Action::Restart { .. },
                Some(outcome),
            ) => outcome.is_well(),
            _ => false,
        }
    }

    /// Whether it is to be started in the place of this very process: see [`super::runner::run`].
    pub fn is_here(&self) -> bool {
        self.result == Some(Outcome::Here)
    }
}

/// How fast, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'a> {
    /// How many agents may be starting at the same time.
    pub jobs: usize,
    /// Set by somebody who wants it to end: nothing more is started.
    pub stop: &'a AtomicBool,
}

/// What is told while it goes.
#[derive(Debug)]
pub enum News<'a> {
    /// So far it got.
    Progress(Progress),
    /// This is what became of a tab.
    Done(&'a Resumed),
}

/// How far it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Tabs of which it is known what became of them.
    pub done: usize,
    /// Tabs that were to be brought back.
    pub all: usize,
    /// The names of those that are starting, longest first.
    pub starting: Vec<String>,
}

/// Resumes tabs without asking about any; `tell` hears of each when it is decided.
pub fn resume(
    ctx: &Ctx,
    tabs: Vec<Known>,
    wish: Wish,
    tell: &mut dyn FnMut(&Resumed),
) -> Result<Vec<Resumed>> {
    let stop = AtomicBool::new(false);
    let pace = Pace { jobs: jobs(ctx, None), stop: &stop };
    Round::new(ctx, tabs, wish)?.run(pace, &mut |news| {
        if let News::Done(resumed) = news {
            tell(resumed);
        }
    })
}

/// How many agents may be starting at the same time: as wished, else as set, else twice as many as
/// there are processors, because half of a start is waiting for others.
pub fn jobs(ctx: &Ctx, wished: Option<usize>) -> usize {
    let set = Some(ctx.settings.resume.jobs).filter(|jobs| *jobs > 0);
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    wished.or(set).unwrap_or_else(|| processors().max(2) * 2)
}
