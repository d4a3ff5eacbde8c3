//! The agents' own settings with which they delete no conversations: whether they are set, and setting
//! them. Must not change anything else there, and must keep what stood there before.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;

use crate::agents::{Spec, Wanted};
use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability, Expect};

use super::{Ctx, hooks, order};

/// A setting that an agent does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unset {
    /// The agent.
    pub agent: String,
    /// The setting, as a person writes it.
    pub setting: String,
    /// Its file, as a person knows it.
    pub file: String,
}

/// The agents with a tab that may delete conversations.
pub fn unset(ctx: &Ctx) -> Vec<Unset> {
    let tabs = ctx.store.all().unwrap_or_default();
    let agents = tabs.iter().filter_map(|known| known.session.agent.as_ref());
    let kinds: BTreeSet<&str> = agents.map(|agent| agent.kind.as_str()).collect();
    let specs = kinds.into_iter().filter_map(|kind| ctx.agents().get(kind).ok());
    let losing = specs.filter(|spec| spec.may_lose_transcripts());
    losing.filter_map(|spec| of(ctx, spec)).collect()
}

fn of(ctx: &Ctx, spec: &Spec) -> Option<Unset> {
    let wanted = spec.keep_setting()?;
    let path = place(ctx, spec, &wanted)?;
    let (_, text) = hooks::read(ctx, &path).ok()?;
    let is_set = wanted.is_in(text.as_deref().unwrap_or_default()).unwrap_or(false);
    let (agent, file) = (spec.kind().to_owned(), ctx.paths.short(&path));
    (!is_set).then(|| Unset { agent, setting: wanted.shown(), file })
}

fn place(ctx: &Ctx, spec: &Spec, wanted: &Wanted) -> Option<PathBuf> {
    let environment = order::environment(spec, None);
    wanted.file(&order::surroundings(ctx, &environment, &ctx.paths.home))
}

/// Sets it. Gives the file with what stood there before, if there was something.
///
/// # Errors
/// `BadFile` for settings that cannot be read or have no room for it, `ReadOnly` for a file that is
/// not to be written, `Busy` if somebody changed it meanwhile.
pub fn set(ctx: &Ctx, agent: &str) -> Result<Option<PathBuf>> {
    let spec = ctx.agents().get(agent)?;
    let wanted = spec.keep_setting();
    let found = wanted.and_then(|wanted| Some((place(ctx, spec, &wanted)?, wanted)));
    let (path, wanted) = found.ok_or_else(|| {
        Fault::new(Kind::NotFound, format!("{agent} has no setting that keeps its conversations"))
    })?;
    let (target, before) = hooks::read(ctx, &path)?;
    hooks::must_be_writable(ctx, &path, &target)?;
    let after = wanted.with(before.as_deref().unwrap_or_default());
    let after = after.map_err(|why| hooks::refused(ctx, &path, &why))?;
    let backup = before.as_ref().map(|text| back_up(ctx, agent, text)).transpose()?;
    if let Some(folder) = target.parent() {
        file::shared_dir(folder)?;
    }
    let expect = before.as_ref().map_or(Expect::Absent, |text| Expect::Bytes(text.as_bytes()));
    if file::replace(&target, after.as_bytes(), expect, Durability::Durable)?.is_none() {
        let message = format!("{} was changed meanwhile", ctx.paths.short(&path));
        return Err(Fault::new(Kind::Busy, message).hint("repeat it; nothing was changed").into());
    }
    Ok(backup)
}

fn back_up(ctx: &Ctx, agent: &str, text: &str) -> Result<PathBuf> {
    let folder = ctx.paths.state.join("settings");
    file::private_dir(&folder)?;
    let backup = folder.join(format!("{agent}.{}.backup", ctx.now().format("%Y%m%dT%H%M%SZ")));
    file::write(&backup, text.as_bytes(), Durability::Durable)?;
    Ok(backup)
}
