//! Takes in what the shells in a tab have written down: its history, and agents that were started by
//! hand. Must not take for a launch what is not certain, nor keep what looks like a secret.

mod adopted;

pub use self::adopted::{adopt, at_resume, bound, last_typed, remark};

use anyhow::Result;

use crate::agents;
use crate::model::evidence::{Log, Ran, Started};
use crate::model::id::TabId;

use super::Ctx;

/// What is larger than this is taken in by whoever starts a tab, also of other tabs.
const LARGE: u64 = 64 * 1024;

/// Programs that start others, among them agents: what begins with one may be an agent's start.
const STARTERS: [&str; 16] = [
    "env",
    "command",
    "exec",
    "nice",
    "nohup",
    "caffeinate",
    "npx",
    "pnpm",
    "bunx",
    "uvx",
    "pipx",
    "node",
    "bun",
    "python3",
    "docker",
    "mise",
];

/// The programs that may be the start of an agent.
pub fn starters(ctx: &Ctx) -> Vec<String> {
    let kinds = ctx.agents().kinds();
    let programs =
        kinds.into_iter().filter_map(|kind| Some(ctx.agents().get(kind).ok()?.program()));
    let known = programs.filter(|program| !program.is_empty()).chain(STARTERS);
    known.map(str::to_owned).collect()
}

/// A runner holds the tab from now on: what its shells had begun before is over, whatever became of
/// it.
pub fn begin(ctx: &Ctx, id: TabId) {
    // Without it nothing is remembered, and all else goes on.
    let _ = take_in(ctx, id, true);
    let _ = ctx.store.open_shell_log(id);
}

/// Looks after the files of other tabs as well, whose shells never end. Looks at all of them: not while
/// an agent's start waits for it.
pub fn look_after_others(ctx: &Ctx) {
    for id in ctx.store.large_shell_logs(LARGE) {
        let _ = take_in(ctx, id, false);
    }
}

/// Moves what has ended from the shells' file into the tab's history.
pub fn fold(ctx: &Ctx, id: TabId) {
    let _ = take_in(ctx, id, false);
}

fn take_in(ctx: &Ctx, id: TabId, is_over: bool) -> Result<()> {
    if ctx.store.shell_log_size(id).is_none_or(|size| size == 0) {
        return Ok(());
    }
    ctx.store.take_shell_log(id, &mut |text, again| {
        let log = Log::read(text);
        let (open, cut_off): (Vec<&Started>, Vec<&Started>) =
            log.open.iter().partition(|open| !is_over && log.may_run(open));
        let ended = log.ended.iter().map(|(started, ran)| (started, ran.clone()));
        let cut_off = cut_off.into_iter().map(|started| (started, started.ran()));
        let kept = ended.chain(cut_off).filter(|(started, _)| is_kept(ctx, started));
        let kept: Vec<Ran> = kept.map(|(_, ran)| masked(ran)).collect();
        ctx.store.add_to_history(id, &kept, again)?;
        let lines = open.into_iter().flat_map(|open| {
            let mark = open.recorded.then(|| open.recorded_line());
            std::iter::once(open.line()).chain(mark)
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    })
}

/// Without a history, only the starts of agents are kept.
fn is_kept(ctx: &Ctx, started: &Started) -> bool {
    ctx.settings.shell.history || adopted::spec(ctx, started).is_some()
}

fn masked(ran: Ran) -> Ran {
    Ran { command: agents::without_secrets(&ran.command), ..ran }
}

/// The last `most` commands of a tab, oldest first; those that run have no exit code yet.
pub fn history(ctx: &Ctx, id: TabId, most: usize, only_failed: bool) -> Vec<Ran> {
    let wanted = |ran: &Ran| !only_failed || ran.has_failed();
    let log = Log::read(&ctx.store.shell_log(id));
    let ended = log.ended.iter().map(|(started, ran)| (started, ran.clone()));
    let open = log.open.iter().map(|started| (started, started.ran()));
    let new = ended.chain(open).filter(|(started, ran)| is_kept(ctx, started) && wanted(ran));
    let new: Vec<Ran> = new.map(|(_, ran)| masked(ran)).collect();
    let new = &new[new.len().saturating_sub(most)..];
    let mut all = ctx.store.history(id, most - new.len(), &wanted);
    all.extend_from_slice(new);
    all
}
