//! What was done with tabs, by whom; and whether that still stands there as it was written.
//! Must not change a journal.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::error::{Fault, Kind};
use crate::model::chain::{self, Breach};
use crate::model::id::TabId;
use crate::model::log::{self, Told, Verified};
use crate::model::name;
use crate::store::Entry;

use super::Ctx;

/// Which lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Of this tab only.
    pub tab: Option<TabId>,
    /// Of those whose kind or name is this.
    pub actor: Option<String>,
    /// From then on.
    pub since: Option<DateTime<Utc>>,
}

/// The lines that are wanted, oldest first.
pub fn read(ctx: &Ctx, wish: &Wish) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    let names = names(ctx)?;
    for id in tabs(ctx, wish.tab) {
        let (lines, _) = ctx.store.whole_journal(id)?;
        let tab = called(&names, id);
        told.extend(lines.iter().filter_map(|line| {
            let seq = chain::link(line)?.seq;
            let Entry { at, boot, what, actor, with } = serde_json::from_slice(line).ok()?;
            Some(Told { id, tab: tab.clone(), seq, at, boot, actor, what, with })
        }));
    }
    // Before anything is left out: what became of an intent may be somebody else's word.
    log::mark_unfinished(&mut told, ctx.now());
    let is_by = |told: &Told, wanted: &str| {
        told.actor.as_ref().is_some_and(|it| it.kind.word() == wanted || it.who == wanted)
    };
    told.retain(|told| {
        wish.since.is_none_or(|since| told.at >= since)
            && wish.actor.as_deref().is_none_or(|wanted| is_by(told, wanted))
    });
    // Of one tab they stand in their order; between tabs only the clock tells.
    told.sort_by_key(|told| told.at);
    Ok(told)
}

/// Looks whether journals are as they were written.
pub fn verify(ctx: &Ctx, tab: Option<TabId>) -> Result<Vec<Verified>> {
    let names = names(ctx)?;
    let look = |id: TabId| {
        let (lines, head) = ctx.store.whole_journal(id)?;
        let mut breaches = chain::verify(lines.iter().map(Vec::as_slice), head.as_ref());
        // To come into the list is written down already.
        if lines.is_empty() && head.is_none() && names.contains_key(&id) {
            breaches.push(Breach::NoHead);
        }
        Ok(Verified { id, tab: called(&names, id), lines: lines.len(), breaches })
    };
    let mut ids = tabs(ctx, tab);
    if tab.is_none() {
        ids.extend(names.keys());
    }
    ids.into_iter().map(look).collect()
}

/// The error for what [`verify`] found, if it found something.
pub fn must_be_whole(verified: &[Verified]) -> Result<()> {
    let broken: Vec<&Verified> = verified.iter().filter(|it| !it.breaches.is_empty()).collect();
    let Some(first) = broken.first() else { return Ok(()) };
    let more = match broken.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let message = format!("the journal of '{}' is not as it was written{more}", first.tab);
    Err(Fault::new(Kind::BadFile, message)
        .hint("what is named was changed by something other than tabctl; a backup has the rest")
        .into())
}

fn tabs(ctx: &Ctx, only: Option<TabId>) -> BTreeSet<TabId> {
    only.map_or_else(|| ctx.store.journals(), |id| BTreeSet::from([id]))
}

fn names(ctx: &Ctx) -> Result<HashMap<TabId, String>> {
    let all = ctx.store.all()?.into_iter();
    Ok(all.map(|known| (known.session.id, name::shown(&known.session.tab))).collect())
}

fn called(names: &HashMap<TabId, String>, id: TabId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
