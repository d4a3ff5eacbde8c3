//! What `doctor` can mend: what crashes left behind, and session files that do not parse.
//! Must not mend what it was not asked to, and looks again before it does.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;
use chrono::TimeDelta;

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::{Ended, Live};
use crate::model::name;
use crate::model::row::Known;
use crate::scan;
use crate::store::Entry;

use super::doctor::{Check, Health, check};
use super::kept::{self, Done};
use super::record::journal;
use super::{Ctx, keep_setting};

/// Who writes a file is done long before.
const LEFT_BEHIND: TimeDelta = TimeDelta::hours(1);
/// What happens to a tab whether or not it is being started.
const BESIDE: [&str; 14] = [
    "noted",
    "note-done",
    "notes-cleared",
    "task",
    "tagged",
    "renamed",
    "locked",
    "unlocked",
    "status",
    "transition",
    "hook-dropped",
    "bound",
    "rebound",
    "launched",
];

/// Something that can be mended.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was seen; its `fix` says what would be done.
    pub check: Check,
    /// The tab that it is about, if it is about one.
    pub tab: Option<TabId>,
    kind: What,
}

#[derive(Debug, Clone)]
enum What {
    /// A resume was killed before its runner stood.
    HalfResumed(TabId),
    /// Agent and runner are gone, and nobody wrote it down.
    DeadHolder(TabId),
    /// The session file does not parse.
    Broken(TabId),
    /// The index does not know this session file any more.
    Lost(PathBuf),
    /// A temporary file.
    Leftover(PathBuf),
    /// An agent has deleted this tab's conversation, and a copy is there.
    Deleted(TabId),
    /// This agent may delete conversations, and has a setting with which it does not.
    Deletes(String),
}

impl Finding {
    /// Whether it stands for all that is wrong with the tab's record, and nothing else need be said.
    pub fn is_damage(&self) -> bool {
        matches!(self.kind, What::Broken(_) | What::Lost(_))
    }
}

/// Everything that can be mended.
pub fn findings(ctx: &Ctx, tabs: &[Known]) -> Vec<Finding> {
    let mut found: Vec<Finding> = tabs.iter().filter_map(|known| of_tab(ctx, known)).collect();
    found.extend(keep_setting::unset(ctx).into_iter().map(|unset| {
        let seen = "may delete conversations that were resumed; tabctl keeps copies of its tabs'";
        let fix = format!("set {} in {}", unset.setting, unset.file);
        let check = check(Health::Note, &unset.agent, seen).fix(fix);
        Finding { check, tab: None, kind: What::Deletes(unset.agent) }
    }));
    found.extend(ctx.store.lost().into_iter().map(|(id, file)| {
        let seen = format!("{} is not in the list of tabs", ctx.paths.short(&file));
        let check = check(Health::Bad, "index", seen).fix("register it again");
        Finding { check, tab: Some(id), kind: What::Lost(file) }
    }));
    found.extend(ctx.store.leftovers(SystemTime::from(ctx.now() - LEFT_BEHIND)).into_iter().map(
        |file| {
            let seen = format!("{} was never finished", ctx.paths.short(&file));
            let check = check(Health::Note, "leftover", seen).fix("take it away");
            Finding { check, tab: None, kind: What::Leftover(file) }
        },
    ));
    found
}

fn of_tab(ctx: &Ctx, known: &Known) -> Option<Finding> {
    let id = known.session.id;
    let tab = name::shown(&known.session.tab);
    let finding = |kind, check| Some(Finding { check, tab: Some(id), kind });
    if known.present && known.problem.is_some() && ctx.store.is_broken(Path::new(&known.file)) {
        let seen = known.problem.clone().unwrap_or_default();
        let fix = "put its last good version back, and keep this one beside it";
        let mut check = check(Health::Bad, &tab, seen).fix(fix);
        if let Some((path, _)) = ctx.store.generations(id).into_iter().next() {
            check = check.remedy(format!("the last good version is {}", ctx.paths.short(&path)));
        }
        return finding(What::Broken(id), check);
    }
    if !known.present || is_busy(ctx, id, known.live.as_ref()) {
        return None;
    }
    if let Some(file) = kept::vanished(ctx, &known.session) {
        let seen = format!("its agent has deleted its conversation {}", ctx.paths.short(&file));
        let check = check(Health::Bad, &tab, seen).fix("put tabctl's copy of it back");
        let remedy = format!("`tabctl resume {tab}` puts it back, too");
        return finding(What::Deleted(id), check.remedy(remedy));
    }
    if let Some(step) = half_resumed(ctx, id) {
        let seen = format!("a resume stopped half-way ({step}), and no runner lives");
        let check = check(Health::Note, &tab, seen).fix("close its books");
        let remedy = format!("`tabctl resume {tab}` starts it anew");
        return finding(What::HalfResumed(id), check.remedy(remedy));
    }
    let agent = known.live.as_ref().and_then(|live| live.agent.as_ref())?;
    let seen = format!("process {} and its runner are gone, and nobody said so", agent.pid);
    let check = check(Health::Note, &tab, seen).fix("take note of it");
    finding(What::DeadHolder(id), check.remedy(format!("`tabctl resume {tab}` brings it back")))
}

/// Whether somebody lives who may still write down what becomes of the tab.
fn is_busy(ctx: &Ctx, id: TabId, live: Option<&Live>) -> bool {
    let boot = &ctx.store.boot;
    let holder = live.and_then(|live| live.holder.as_ref()).map(|holder| &holder.runner);
    let agent = live.and_then(|live| live.agent.as_ref());
    let lives = holder.into_iter().chain(agent).any(|process| scan::lives(process, boot));
    lives || ctx.store.is_resuming(id) || ctx.store.is_claimed(&format!("tab.{id}"))
}

/// The step of this boot after which a start of the tab went no further.
fn half_resumed(ctx: &Ctx, id: TabId) -> Option<String> {
    let journal = ctx.store.read_journal(id);
    let is_step = |entry: &&Entry| !BESIDE.contains(&entry.what.as_str());
    let last = journal.iter().rev().find(is_step)?;
    let unfinished = matches!(last.what.as_str(), "claimed" | "pane-created");
    (unfinished && last.boot == ctx.store.boot).then(|| last.what.clone())
}

/// Mends one thing, if it still is as it was found.
pub fn mend(ctx: &Ctx, finding: &Finding) -> Result<Check> {
    let what = &finding.check.what;
    Ok(match &finding.kind {
        What::HalfResumed(id) => {
            let _lock = still_idle(ctx, *id)?;
            close_dead_panes(ctx, *id)?;
            ctx.store.forget_run(*id)?;
            journal(ctx, *id, "abandoned", serde_json::Map::new());
            check(Health::Good, what, "its books are closed")
                .remedy(format!("`tabctl resume {what}` starts it anew"))
        }
        What::DeadHolder(id) => {
            let _lock = still_idle(ctx, *id)?;
            let ended = Ended { at: ctx.now(), code: None, signal: None };
            ctx.store.update_live(*id, &mut |live| {
                (live.holder, live.agent) = (None, None);
                live.ended = Some(ended.clone());
            })?;
            journal(ctx, *id, "found-dead", serde_json::Map::new());
            check(Health::Good, what, "its end is written down")
                .remedy(format!("`tabctl resume {what}` brings it back"))
        }
        What::Broken(id) => {
            let (tab, aside) = ctx.store.replace_broken(*id)?;
            journal(ctx, *id, "put-back", serde_json::Map::new());
            let (file, aside) = (ctx.paths.short(&tab.file), ctx.paths.short(&aside));
            check(Health::Good, what, format!("{file}: the last good version is back"))
                .remedy(format!("what was broken is {aside}"))
        }
        What::Lost(file) => {
            let tab = ctx.store.register(file)?;
            let tab = name::shown(&tab.session.tab);
            check(Health::Good, &tab, format!("{}: registered", ctx.paths.short(file)))
        }
        What::Deleted(id) => {
            let tab = ctx.store.load_id(*id)?;
            let seen = match kept::look_after(ctx, &tab.session, &tab.workspace)? {
                Done::PutBack(file) => format!("{}: put back", ctx.paths.short(&file)),
                _ => "it is there again".to_owned(),
            };
            check(Health::Good, what, seen)
        }
        What::Deletes(agent) => {
            let backup = keep_setting::set(ctx, agent)?;
            let done = check(Health::Good, what, "deletes no conversations any more");
            match backup {
                Some(file) => {
                    let file = ctx.paths.short(&file);
                    done.remedy(format!("its settings of before are {file}"))
                }
                None => done,
            }
        }
        What::Leftover(file) => {
            ctx.store.remove_leftover(file)?;
            check(Health::Good, what, format!("{}: taken away", ctx.paths.short(file)))
        }
    })
}

/// Keeps others from starting the tab, as long as nobody does already.
fn still_idle(ctx: &Ctx, id: TabId) -> Result<crate::sys::file::Lock> {
    let lock = if ctx.store.is_resuming(id) { None } else { Some(ctx.store.resume_lock(id)?) };
    let live = ctx.store.live(id);
    let boot = &ctx.store.boot;
    let processes = live.iter().flat_map(|live| {
        let holder = live.holder.as_ref().map(|holder| &holder.runner);
        holder.into_iter().chain(live.agent.as_ref())
    });
    let lives = processes.into_iter().any(|process| scan::lives(process, boot));
    lock.filter(|_| !lives && !ctx.store.is_claimed(&format!("tab.{id}"))).ok_or_else(|| {
        Fault::new(Kind::Busy, "somebody has started the tab meanwhile")
            .hint("`tabctl ls` shows how it is")
            .into()
    })
}

/// Closes the panes in which the runner of a tab has ended.
fn close_dead_panes(ctx: &Ctx, id: TabId) -> Result<()> {
    let panes = ctx.engine().panes()?;
    let dead = panes.iter().filter(|pane| pane.tab == Some(id) && pane.dead);
    dead.map(|pane| &pane.id).try_for_each(|pane| ctx.engine().close(pane))
}
