//! Who has a conversation open already, by the agent's own records and by tabctl's claims.
//! Must not touch them.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::agents::{Holder, Spec, Surroundings};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::name;
use crate::model::pane::Pane;
use crate::model::proc::Proc;
use crate::ops::{Ctx, order};
use crate::scan;
use crate::sys::watch;

/// No tree of processes is deeper in practice.
const MOST_ANCESTORS: usize = 64;
/// The longest that the system takes to release what a killed process held.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// Refuses a conversation that a living process has open, with a way to it.
pub fn must_be_free(
    ctx: &Ctx,
    spec: &Spec,
    (own, tab): (TabId, &str),
    id: Option<&str>,
    around: &Surroundings,
) -> Result<()> {
    let what = match id {
        Some(id) => format!("the conversation {id}"),
        None => "the conversation of this folder".to_owned(),
    };
    let busy = |place: String, way: String| {
        let fork = format!("; `tabctl resume {tab} --fork` goes on in a copy of it");
        let fork = if spec.forks() && id.is_some() { fork } else { String::new() };
        Fault::new(Kind::Busy, format!("{what} is open in {place}")).hint(format!("{way}{fork}"))
    };
    let boot = &ctx.store.boot;
    if let Some((holder, process)) = id.and_then(|id| living_holder(ctx, spec, id, around)) {
        let pid = holder.pid;
        if let Some(reach) = &holder.reach {
            let way = format!("`{reach}` goes there");
            return Err(busy(format!("the background (process {pid})"), way).into());
        }
        let pane = pane_of(ctx, &process, boot);
        let other = pane.as_ref().and_then(|pane| tab_of(ctx, pane)).filter(|other| other != tab);
        let (place, way) = match (pane, other) {
            (_, Some(other)) => in_tab(&other),
            (Some(pane), None) => (
                format!("pane {} (process {pid})", pane.id.0),
                format!("`tabctl bind --pane {} --tab {tab}` makes that pane this tab", pane.id.0),
            ),
            (None, None) => {
                let command = name::shown(&process.argv.join(" "));
                (format!("process {pid} ({command})"), "end it there first".to_owned())
            }
        };
        return Err(busy(place, way).into());
    }
    let key = spec.conversation_key(id, around);
    let Some(key) = key else { return Ok(()) };
    if let Some(other) = starting(ctx, spec, own, &key) {
        let (place, way) = in_tab(&other);
        return Err(busy(format!("{place}; {}", alone(spec)), format!("{way}; {WORKTREE}")).into());
    }
    // Who has it is only asked where somebody has: every tab that lives is looked at for that.
    if !ctx.store.is_claimed(&key) {
        return Ok(());
    }
    let claimed = || if ctx.store.is_claimed(&key) { Ok(None) } else { Ok(Some(())) };
    let claimant = claimant(ctx, &key);
    // Who was killed a moment ago is gone before its claim is.
    let patience = if claimant.is_some() { Duration::ZERO } else { LAST_MOMENT };
    if watch::until_seen(&ctx.store.live_records(), patience, &mut || claimed())?.is_some() {
        return Ok(());
    }
    let (place, way) = match claimant {
        Some(other) => in_tab(&other),
        None => ("another tab".to_owned(), "`tabctl ls` shows where".to_owned()),
    };
    if spec.has_ids() {
        return Err(busy(place, way).into());
    }
    Err(busy(format!("{place}; {}", alone(spec)), format!("{way}; {WORKTREE}")).into())
}

const WORKTREE: &str = "a git worktree gives this tab its own";

fn alone(spec: &Spec) -> String {
    format!("{} has no conversation ids: one folder can hold one only", spec.kind())
}

/// The tab that is being started in the conversation of the same folder: its runner has not claimed it
/// yet. Where there are ids, two tabs do not have the same one.
fn starting(ctx: &Ctx, spec: &Spec, own: TabId, key: &str) -> Option<String> {
    if spec.has_ids() {
        return None;
    }
    let other = ctx.store.lives().into_keys().filter(|other| *other != own).find(|other| {
        let order = ctx.store.order(*other);
        order.is_ok_and(|order| order.conversation.as_deref() == Some(key))
            && ctx.store.is_resuming(*other)
    })?;
    Some(name::shown(&ctx.store.load_id(other).ok()?.session.tab))
}

/// Which other tabs have the same conversation, where a folder is one.
pub fn shared_with(ctx: &Ctx, spec: &Spec, id: TabId, around: &Surroundings) -> Option<String> {
    let key = spec.conversation_key(None, around)?;
    let tabs = ctx.store.all().unwrap_or_default();
    let same = tabs.iter().filter(|known| {
        let agent = known.session.agent.as_ref().filter(|agent| agent.kind == spec.kind());
        agent.is_some_and(|agent| {
            let environment = order::environment(spec, agent.launch.as_ref());
            let workspace = Path::new(&known.workspace);
            let directory = order::directory(workspace, &known.session.executable());
            let theirs = order::surroundings(ctx, &environment, &directory);
            known.session.id != id && spec.conversation_key(None, &theirs).as_ref() == Some(&key)
        })
    });
    let names: Vec<String> = same.map(|known| name::shown(&known.session.tab)).collect();
    (!names.is_empty()).then(|| {
        format!("the same conversation as in {}: only one of them can be open", names.join(", "))
    })
}

fn in_tab(other: &str) -> (String, String) {
    (format!("the tab '{other}'"), format!("`tabctl attach {other}` goes there"))
}

/// The living process that holds a conversation by the agent's own records.
fn living_holder(
    ctx: &Ctx,
    spec: &Spec,
    id: &str,
    around: &Surroundings,
) -> Option<(Holder, Proc)> {
    let is_this_agent = |process: &Proc| {
        ctx.agents().owner(&process.argv).is_some_and(|it| it.kind() == spec.kind())
    };
    spec.holders(id, around).into_iter().find_map(|holder| {
        let process = scan::process(holder.pid, &ctx.store.boot)?;
        let is_it = match holder.start {
            Some(start) => start == process.id.start,
            None => is_this_agent(&process),
        };
        is_it.then_some((holder, process))
    })
}

/// The pane that a process stands in.
fn pane_of(ctx: &Ctx, process: &Proc, boot: &str) -> Option<Pane> {
    let panes = ctx.engine().panes().ok()?;
    let above = std::iter::successors(Some(process.clone()), |it| scan::process(it.parent, boot));
    above
        .take(MOST_ANCESTORS)
        .find_map(|it| panes.iter().find(|pane| pane.pid == it.id.pid && !pane.dead).cloned())
}

/// The name of the tab that a pane is.
fn tab_of(ctx: &Ctx, pane: &Pane) -> Option<String> {
    let held = || {
        let mut lives = ctx.store.lives().into_iter();
        let stands = lives.find(|(_, live)| {
            live.holder.as_ref().is_some_and(|holder| holder.pane.as_ref() == Some(&pane.id))
        });
        stands.map(|(id, _)| id)
    };
    let tab = ctx.store.load_id(pane.tab.or_else(held)?).ok()?;
    Some(name::shown(&tab.session.tab))
}

/// The name of the tab whose runner has claimed a conversation.
fn claimant(ctx: &Ctx, key: &str) -> Option<String> {
    let boot = &ctx.store.boot;
    let holds =
        |live: &Live| live.holder.as_ref().is_some_and(|holder| scan::lives(&holder.runner, boot));
    let living =
        ctx.store.lives().into_iter().filter(|(_, live)| holds(live) && live.agent.is_some());
    living.map(|(id, _)| id).find_map(|id| {
        let tab = ctx.store.load_id(id).ok()?;
        let started_with = ctx.store.order(id).ok().and_then(|order| order.conversation);
        let agent = tab.session.agent.as_ref()?;
        let now = agent.session_id.as_ref().map(|it| format!("{}.{it}", agent.kind));
        let has_it = started_with.as_deref() == Some(key) || now.as_deref() == Some(key);
        has_it.then(|| name::shown(&tab.session.tab))
    })
}
