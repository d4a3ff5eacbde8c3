//! Conversations that their agents may delete: copied while all is well, put back when they are gone.
//! Must not touch a conversation that is whole.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Map;

use crate::agents::{Spec, Surroundings, Transcript};
use crate::model::id::TabId;
use crate::model::session::Session;
use crate::store::Copied;

use super::record::journal;
use super::{Ctx, order};

/// A large conversation that grows is not copied at each look: for each megabyte a second passes.
const BYTES_A_SECOND: u64 = 1024 * 1024;

/// What was done for a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Nothing: its agent deletes none, it is copied already, or nothing is known of it.
    Nothing,
    /// It was copied; so large it is.
    Copied(u64),
    /// It had been deleted, and stands here again.
    PutBack(PathBuf),
}

/// Copies a tab's conversation if it has grown, or puts it back if it was deleted.
pub fn look_after(ctx: &Ctx, session: &Session, workspace: &Path) -> Result<Done> {
    let Some(agent) = &session.agent else { return Ok(Done::Nothing) };
    let spec = ctx.agents().get(&agent.kind)?;
    let id = agent.session_id.as_deref().filter(|_| spec.may_lose_transcripts());
    let Some(id) = id else { return Ok(Done::Nothing) };
    let environment = order::environment(spec, agent.launch.as_ref());
    let directory = order::directory(workspace, &session.executable());
    let around = order::surroundings(ctx, &environment, &directory);
    let key = key(spec, id);
    match spec.transcript(Some(id), &around) {
        Transcript::Present(file) => {
            // After the copy: what is put aside is never the only one.
            let copied = copy(ctx, &key, &file)?;
            for twin in spec.empty_twins(id, &file, &around) {
                ctx.store.put_aside(&key, &twin)?;
                note(ctx, session.id, "twin-put-aside", &twin);
            }
            Ok(copied)
        }
        Transcript::Unknowable(_) => Ok(Done::Nothing),
        Transcript::NeverPrompted | Transcript::Missing(_) => {
            if let Some(copied) = ctx.store.copy_of(&key)
                && !spec.is_begun(&copied.of, id)
            {
                return put_back(ctx, session.id, &key);
            }
            // It can be deleted before anything was said in it, too.
            let begun = spec.begun_in(id, &around);
            begun.map_or(Ok(Done::Nothing), |file| copy(ctx, &key, &file))
        }
    }
}

fn copy(ctx: &Ctx, key: &str, file: &Path) -> Result<Done> {
    let copied = ctx.store.keep_copy(key, file)?;
    let size = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
    Ok(if copied { Done::Copied(size) } else { Done::Nothing })
}

fn key(spec: &Spec, id: &str) -> String {
    format!("{}.{id}", spec.kind())
}

fn put_back(ctx: &Ctx, id: TabId, key: &str) -> Result<Done> {
    let Some(file) = ctx.store.put_copy_back(key)? else { return Ok(Done::Nothing) };
    note(ctx, id, "conversation-put-back", &file);
    Ok(Done::PutBack(file))
}

fn note(ctx: &Ctx, id: TabId, what: &str, file: &Path) {
    let mut with = Map::new();
    with.insert("file".to_owned(), file.display().to_string().into());
    journal(ctx, id, what, with);
}

/// The copy of a conversation that its agent has deleted, if all of it is there: what a start would
/// put back.
pub fn lost(ctx: &Ctx, spec: &Spec, id: &str) -> Option<Copied> {
    let copied = ctx.store.copy_of(&key(spec, id)).filter(|_| spec.may_lose_transcripts())?;
    let parts: &[&Path] =
        if copied.of.exists() { &[&copied.file, &copied.of] } else { &[&copied.file] };
    (!spec.is_begun(&copied.of, id) && spec.is_whole(parts, id)).then_some(copied)
}

/// The file of a tab's conversation, if its agent has deleted that and a copy can be put back.
pub fn vanished(ctx: &Ctx, session: &Session) -> Option<PathBuf> {
    let agent = session.agent.as_ref()?;
    let spec = ctx.agents().get(&agent.kind).ok()?;
    lost(ctx, spec, agent.session_id.as_deref()?).map(|copied| copied.of)
}

/// Where the copy of a conversation is, if there is one.
pub fn copy_of(ctx: &Ctx, spec: &Spec, id: &str) -> Option<PathBuf> {
    ctx.store.copy_of(&key(spec, id)).map(|copied| copied.file)
}

/// Before a tab's agent starts: looks after its conversation, and after all others of the same agent,
/// since it is a start that deletes. Gives what a person should read.
pub fn before_start(ctx: &Ctx, id: TabId) -> Vec<String> {
    let Ok(tab) = ctx.store.load_id(id) else { return Vec::new() };
    let kind = tab.session.agent.as_ref().map(|agent| agent.kind.as_str());
    let spec = kind.and_then(|kind| ctx.agents().get(kind).ok());
    let Some(spec) = spec.filter(|spec| spec.may_lose_transcripts()) else { return Vec::new() };
    let same = |session: &Session| {
        session.id != id && session.agent.as_ref().is_some_and(|it| it.kind == spec.kind())
    };
    for known in ctx.store.all().unwrap_or_default().iter().filter(|known| same(&known.session)) {
        let _ = look_after(ctx, &known.session, Path::new(&known.workspace));
    }
    match look_after(ctx, &tab.session, &tab.workspace) {
        Ok(Done::PutBack(file)) => {
            let file = ctx.paths.short(&file);
            vec![format!("{} had deleted this conversation: {file} was put back", spec.kind())]
        }
        Ok(_) => Vec::new(),
        Err(error) => vec![format!("no copy of this conversation could be made: {error:#}")],
    }
}

/// Looks after the conversation of a living agent, again and again.
#[derive(Debug, Default)]
pub struct Keeper {
    rests_until: Option<Instant>,
}

impl Keeper {
    /// Looks once. What fails is tried again at the next look.
    pub fn look(&mut self, ctx: &Ctx, id: TabId) {
        if self.rests_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        let Ok(tab) = ctx.store.load_id(id) else { return };
        if let Ok(Done::Copied(size)) = look_after(ctx, &tab.session, &tab.workspace) {
            let rest = Duration::from_secs(size / BYTES_A_SECOND);
            self.rests_until = Some(Instant::now() + rest);
        }
    }
}

/// Whether an agent's own settings already keep it from deleting conversations.
pub fn is_prevented(ctx: &Ctx, spec: &Spec, around: &Surroundings) -> bool {
    spec.keep_setting().is_some_and(|wanted| {
        let text = wanted.file(around).and_then(|file| super::hooks::read(ctx, &file).ok());
        text.and_then(|(_, text)| wanted.is_in(&text?).ok()).unwrap_or(false)
    })
}
