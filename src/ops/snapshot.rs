//! Keeps what a tab is at a moment, and shows what was kept. Must not keep what a person has not asked
//! for, nor the value of a variable, nor what looks like a secret; and must not hold up a verb.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Map;

use crate::agents;
use crate::engine::Extent;
use crate::error::{Fault, Kind, kind_of};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::snapshot::{Checkout, Kept, Lines, PutAway, Snapshot, Why};
use crate::model::status::State;
use crate::scan;
use crate::store::{Loaded, Room};
use crate::sys::file::Durability;

use super::record::journal;
use super::{Ctx, actor, checkout, order, scrollback, select, standing};

/// As many lines of a pane are read where a person asks for a snapshot.
const LINES: u16 = 2000;
/// A reset and the start that follows it are no further apart.
const MOMENT: TimeDelta = TimeDelta::seconds(30);

/// How much is to be kept.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is about to happen.
    pub why: Why,
    /// Also the differences of its files.
    pub diff: bool,
    /// What is about to be taken out of the record.
    pub put_away: Option<PutAway>,
}

/// What is seen of a tab.
#[derive(Debug, Clone, Copy, Default)]
struct Seen<'a> {
    pane: Option<&'a PaneId>,
    state: Option<State>,
}

impl<'a> Seen<'a> {
    fn of(row: Option<&'a Row>) -> Seen<'a> {
        let state = row.map(|row| row.status.claim.state);
        Seen { pane: row.and_then(|row| row.pane.as_ref()), state }
    }
}

/// Keeps what a tab is now; gives the number of the snapshot.
pub fn take(ctx: &Ctx, tab: &Loaded, row: Option<&Row>, wish: Wish) -> Result<u32> {
    let git = checkout::look(&folder_of(tab), wish.diff);
    let seen = Seen::of(row);
    let lines = lines(ctx, tab.session.id, seen, LINES);
    let snapshot = of(ctx, tab, seen, wish.why, git, lines);
    let snapshot = Snapshot { put_away: wish.put_away, ..snapshot };
    let number = keep(ctx, &snapshot, Durability::Durable)?;
    let mut told = Map::new();
    told.insert("number".to_owned(), number.into());
    told.insert("why".to_owned(), wish.why.word().into());
    journal(ctx, tab.session.id, "snapshot", told);
    // What it replaces goes after it is there.
    let _ = ctx.store.keep_within(room(ctx), None, ctx.now());
    Ok(number)
}

/// Keeps what a tab is before something happens to it, if that is wanted. What stands in its pane is
/// only kept where a person wants that: see the setting `scrollback`. Never fails the verb.
pub fn before(ctx: &Ctx, tab: &Loaded, row: Option<&Row>, why: Why) {
    by_itself(ctx, tab, Seen::of(row), why);
}

/// The same of a tab that is about to be brought back.
pub fn before_resume(ctx: &Ctx, id: TabId) {
    // What was kept a moment ago, before it was reset, needs no other.
    let is_new = |at: DateTime<Utc>| (ctx.now() - at).abs() < MOMENT;
    if ctx.store.archived_at(id).is_some_and(is_new) {
        return;
    }
    if let Ok(tab) = ctx.store.load_id(id) {
        by_itself(ctx, &tab, Seen::default(), Why::Resume);
    }
}

/// The same of a tab in this pane whose agent has ended a turn.
pub fn after_turn(ctx: &Ctx, id: TabId, pane: &PaneId, state: State) {
    if let Ok(tab) = ctx.store.load_id(id) {
        by_itself(ctx, &tab, Seen { pane: Some(pane), state: Some(state) }, Why::Turn);
    }
}

fn by_itself(ctx: &Ctx, tab: &Loaded, seen: Seen, why: Why) {
    if ctx.settings.snapshots.number == 0 {
        return;
    }
    // Git is asked of one tab, and not of all that come back at once.
    let git = if why == Why::Resume { None } else { checkout::look(&folder_of(tab), false) };
    let lines = match ctx.settings.scrollback {
        0 => None,
        most => lines(ctx, tab.session.id, seen, most),
    };
    let snapshot = of(ctx, tab, seen, why, git, lines);
    // Whoever closes a tab looks for what it was then.
    let is_frequent = matches!(why, Why::Resume | Why::Turn);
    if is_frequent && says_the_same(ctx, &snapshot) {
        return;
    }
    let only = (why == Why::Resume).then_some(tab.session.id);
    let _ = keep(ctx, &snapshot, Durability::Quick)
        .and_then(|_| ctx.store.keep_within(room(ctx), only, ctx.now()));
}

/// Whether the newest snapshot of the tab holds the same.
fn says_the_same(ctx: &Ctx, snapshot: &Snapshot) -> bool {
    ctx.store.last_archived(snapshot.id).is_some_and(|last| {
        let Snapshot { at, why, by, state, .. } = snapshot.clone();
        let mut known = Snapshot { at, why, by, state, ..last.snapshot };
        // What is known of a pane that is gone is what was known of it before.
        if snapshot.lines.is_none() {
            known.lines = None;
        }
        if why == Why::Resume {
            (known.git, known.environment) = (None, Vec::new());
        }
        known == *snapshot
    })
}

/// Writes it down; where it is too large, without what stood on the screen and in the files.
fn keep(ctx: &Ctx, snapshot: &Snapshot, durability: Durability) -> Result<u32> {
    ctx.store.archive(snapshot, durability).or_else(|_| {
        let git = snapshot.git.clone().map(|git| Checkout { diff: None, ..git });
        let bare = Snapshot { git, lines: None, ..snapshot.clone() };
        ctx.store.archive(&bare, durability)
    })
}

fn of(
    ctx: &Ctx,
    tab: &Loaded,
    seen: Seen,
    why: Why,
    git: Option<Checkout>,
    lines: Option<Lines>,
) -> Snapshot {
    let session = &tab.session;
    let agent = session.agent.as_ref();
    let Seen { pane, state } = seen;
    let stands = || {
        let panes = ctx.engine().panes().ok()?;
        Some(standing::seen(ctx, tab, pane?, &panes)?.place)
    };
    let place = if why == Why::Resume { None } else { stands() };
    Snapshot {
        id: session.id,
        tab: name::shown(&session.tab),
        at: ctx.now(),
        why,
        by: actor::doer(ctx).clone(),
        state,
        agent: agent.map(|agent| agent.kind.clone()),
        session_id: agent.and_then(|agent| agent.session_id.clone()),
        folder: folder_of(tab).display().to_string(),
        place: place.or_else(|| session.place.clone()),
        environment: if pane.is_some() { names(ctx, session.id) } else { Vec::new() },
        git,
        file: ctx.store.text_of(&tab.file).map(|text| agents::without_secrets(&text)),
        lines,
        put_away: None,
    }
}

/// The folder that a tab runs in.
fn folder_of(tab: &Loaded) -> PathBuf {
    order::directory(&tab.workspace, &tab.session.executable())
}

/// The names of the variables of a tab's agent, else of its shell.
fn names(ctx: &Ctx, id: TabId) -> Vec<String> {
    let Some(live) = ctx.store.live(id) else { return Vec::new() };
    let boot = &ctx.store.boot;
    let holder = live.holder.map(|holder| holder.runner);
    let process = live.agent.or(holder).filter(|process| scan::lives(process, boot));
    let names = process.map(|process| scan::environment(process.pid)).unwrap_or_default();
    let names: BTreeSet<String> = names.into_iter().map(|(name, _)| name).collect();
    names.into_iter().collect()
}

/// What a pane shows, else what it showed before it went.
fn lines(ctx: &Ctx, id: TabId, seen: Seen, most: u16) -> Option<Lines> {
    let Some(pane) = seen.pane else {
        return ctx.store.snapshot(id).map(|kept| Lines { at: kept.at, text: kept.text });
    };
    let screens = ctx.engine().read(std::slice::from_ref(pane), Extent::History(most)).ok()?;
    let text = scrollback::worth_keeping(&screens.into_iter().next()?.text);
    (!text.is_empty()).then(|| Lines { at: ctx.now(), text })
}

fn room(ctx: &Ctx) -> Room {
    let set = ctx.settings.snapshots;
    // One that a person has asked for is kept whatever is kept by itself.
    Room { number: set.number.max(1), age: set.age, bytes: set.bytes }
}

/// The tab that is meant, also one that was taken out of the list: its id and its name.
pub fn whose(ctx: &Ctx, typed: Option<&str>) -> Result<(TabId, String)> {
    let found = select::tab_or_remembered(ctx, typed).and_then(|tab| {
        select::must_not_be_a_copy(ctx, &tab)?;
        Ok((tab.session.id, name::shown(&tab.session.tab)))
    });
    let (Some(typed), Err(error)) = (typed, &found) else { return found };
    if kind_of(error) != Kind::NotFound {
        return found;
    }
    let removed = removed(ctx).into_iter();
    let mut meant = removed.filter(|(id, tab)| tab == typed || id.to_string() == typed);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(one),
        (Some((one, _)), Some((other, _))) => {
            let message = format!("two tabs were called '{}'", name::shown(typed));
            Err(Fault::new(Kind::Clash, message)
                .hint(format!("name one by its id: {one}, {other}"))
                .into())
        }
        _ => found,
    }
}

/// The tabs that are not in the list any more, and of which something was kept.
fn removed(ctx: &Ctx) -> Vec<(TabId, String)> {
    let all = ctx.store.archives().into_iter().filter(|id| !ctx.store.is_registered(*id));
    all.filter_map(|id| Some((id, ctx.store.last_archived(id)?.snapshot.tab))).collect()
}

/// Every tab of which something was kept, also those that were removed.
pub fn all(ctx: &Ctx) -> Result<Vec<(TabId, String)>> {
    let listed = ctx.store.all()?.into_iter();
    let listed = listed.map(|known| (known.session.id, name::shown(&known.session.tab)));
    Ok(listed.chain(removed(ctx)).collect())
}

/// One snapshot of a tab.
pub fn one(ctx: &Ctx, id: TabId, tab: &str, number: u32) -> Result<Kept> {
    ctx.store.archived_as(id, number).ok_or_else(|| {
        let hint = format!("`tabctl snapshot {tab} --list` shows those there are");
        Fault::new(Kind::NotFound, format!("'{tab}' has no snapshot {number}")).hint(hint).into()
    })
}
