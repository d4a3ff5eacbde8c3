//! Who may type into a tab: a person always, an agent when nobody else does. The right is a number in
//! the live record and on the pane: what was begun under an older one, the multiplexer does not let
//! through. Must not type.

use anyhow::Result;
use serde_json::Map;

use crate::error::{Fault, Kind};
use crate::model::doer::DoerKind;
use crate::model::id::TabId;
use crate::model::lease::{Held, Lease, Taken};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::store::Loaded;
use crate::sys::clock;

use super::actor::{self, Actor};
use super::hook::whose;
use super::record::journal;
use super::{Ctx, pane, select};

/// An agent that is let in may type for so many milliseconds, unless it is said otherwise.
pub const GRANTED: u64 = 30 * 60 * 1000;

/// Whoever acts in this process.
pub fn me(ctx: &Ctx) -> Held {
    let doer = actor::doer(ctx);
    // A person is the same in every window; agents of one kind are many.
    let from = (doer.kind == DoerKind::Agent).then(|| whose::descent(ctx)).flatten();
    Held::new(doer.kind, doer.who.clone(), from.map(|(id, _)| id))
}

/// Gives the right to type into a tab to `who`. When this returns, nobody else's is let through any
/// more.
///
/// # Errors
/// `Busy` if somebody else has it, who goes first.
pub fn acquire(ctx: &Ctx, row: &Row, pane: &PaneId, who: &Held) -> Result<Taken> {
    let _lock = ctx.store.lease_lock(row.id)?;
    let mut taken = None;
    ctx.store.update_live(row.id, &mut |live| {
        taken = Some(live.lease.take(who, clock::since_boot()));
    })?;
    match taken {
        Some(Ok(taken)) => {
            if taken.is_new {
                ctx.engine().fence(pane, taken.epoch)?;
            }
            Ok(taken)
        }
        Some(Err(held)) => Err(refusal(row, &held).into()),
        None => Err(Fault::new(Kind::Other, "the live record was not changed").into()),
    }
}

/// Gives the pane its number again, if `epoch` is still the newest: a pane that was opened anew has
/// none. Says whether that is so.
pub fn fence_again(ctx: &Ctx, id: TabId, pane: &PaneId, epoch: u64) -> Result<bool> {
    let _lock = ctx.store.lease_lock(id)?;
    let is_newest = ctx.store.live(id).is_some_and(|live| live.lease.epoch == epoch);
    if is_newest {
        ctx.engine().fence(pane, epoch)?;
    }
    Ok(is_newest)
}

/// Lets go of it, if `who` has it.
pub fn let_go(ctx: &Ctx, id: TabId, who: &Held) -> Result<()> {
    let _lock = ctx.store.lease_lock(id)?;
    ctx.store.update_live(id, &mut |live| {
        live.lease.release(who);
    })?;
    Ok(())
}

/// Whether `who` holds it now.
pub fn is_held_by(ctx: &Ctx, id: TabId, who: &Held) -> bool {
    let live = ctx.store.live(id).unwrap_or_default();
    let holder = live.lease.holder(clock::since_boot());
    holder.is_some_and(|held| (held.kind, &held.who, held.from) == (who.kind, &who.who, who.from))
}

/// Takes a tab for a person: no agent types there until it is released. Gives who had it.
pub fn take(ctx: &Ctx, tab: &Loaded, row: &Row) -> Result<Option<Held>> {
    Actor::of_this_process(ctx).must_be_person("take a tab")?;
    select::must_not_be_a_copy(ctx, tab)?;
    let pane = pane::of_row(row, || {
        let message = format!("'{}' is not live: nobody can type there", row.tab);
        let hint = format!("`tabctl resume {}` brings it back", row.tab);
        Fault::new(Kind::NotFound, message).hint(hint)
    })?;
    let taken = acquire(ctx, row, pane, &me(ctx))?;
    change(ctx, row.id, &mut |lease| lease.grants.clear())?;
    let mut with = Map::new();
    with.insert("epoch".to_owned(), taken.epoch.into());
    with.insert("from".to_owned(), taken.from.as_ref().map(|held| held.who.clone()).into());
    journal(ctx, row.id, "taken", with);
    Ok(taken.from)
}

/// Gives a tab back; with `to`, an agent of that kind may type there for so many milliseconds. Says
/// whether it was held.
pub fn release(ctx: &Ctx, tab: &Loaded, to: Option<&str>, lasts: u64) -> Result<bool> {
    let actor = Actor::of_this_process(ctx);
    if to.is_some() {
        actor.must_be_person("let an agent type into a tab")?;
    }
    select::must_not_be_a_copy(ctx, tab)?;
    let kind = to.map(|kind| ctx.agents().get(kind).map(|spec| spec.kind().to_owned()));
    let kind = kind.transpose()?;
    let (me, id) = (me(ctx), tab.session.id);
    let mut was_held = false;
    change(ctx, id, &mut |lease| {
        // Whoever is a person may end what another one began: people talk.
        let held = lease.holder(clock::since_boot()).cloned();
        let theirs = held.filter(|held| actor == Actor::Person || held.who == me.who);
        was_held = theirs.is_some_and(|held| lease.release(&held));
        if let Some(kind) = &kind {
            lease.grant(kind, clock::since_boot(), lasts);
        }
    })?;
    let mut with = Map::new();
    if was_held || kind.is_some() {
        with.insert("to".to_owned(), kind.into());
        journal(ctx, id, "released", with);
    }
    Ok(was_held)
}

fn change(ctx: &Ctx, id: TabId, change: &mut dyn FnMut(&mut Lease)) -> Result<()> {
    let _lock = ctx.store.lease_lock(id)?;
    ctx.store.update_live(id, &mut |live| change(&mut live.lease))?;
    Ok(())
}

/// Refuses an agent that no person has let into this tab.
pub fn must_be_let_in(ctx: &Ctx, row: &Row, kind: &str) -> Result<()> {
    let live = ctx.store.live(row.id).unwrap_or_default();
    if live.lease.lets(kind, clock::since_boot()) {
        return Ok(());
    }
    let message = format!("{kind} may not type into '{}': a person decides that", row.tab);
    let hint = format!("ask a person for `tabctl release {} --to {kind}`", row.tab);
    Err(Fault::new(Kind::NeedsAnswer, message).hint(hint).into())
}

fn refusal(row: &Row, held: &Held) -> Fault {
    let (tab, who) = (&row.tab, &held.who);
    if held.kind == DoerKind::Person {
        Fault::new(Kind::Busy, format!("{who} has taken '{tab}': nothing is typed there"))
            .hint(format!("`tabctl release {tab}` is for {who} to run"))
    } else {
        Fault::new(Kind::Busy, format!("{who} is typing into '{tab}'"))
            .hint("try it again in a while")
    }
}
