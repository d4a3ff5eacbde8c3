//! An agent that a person started by hand in a tab becomes the tab's agent, with the command line that
//! was typed. Must not start anything: it is called in an agent's hook.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::agents::Spec;
use crate::model::event::Event;
use crate::model::evidence::{Log, Started};
use crate::model::id::TabId;
use crate::model::report::{Report, What};
use crate::model::session::{Agent, Launch};
use crate::ops::hook::whose::Caller;
use crate::ops::record::record;
use crate::ops::{Ctx, order};
use crate::scan;
use crate::store::{Loaded, Trust};

/// The agent whose start a command is, if that is certain.
pub(super) fn spec<'a>(ctx: &'a Ctx, started: &Started) -> Option<&'a Spec> {
    ctx.agents().recognise(&words(ctx, started)?)
}

fn words(ctx: &Ctx, started: &Started) -> Option<Vec<String>> {
    started.words(ctx.paths.home.to_str()?)
}

/// An agent without a hook's binding reports that it has begun: if it was typed at the tab's own
/// prompt, it is the tab's agent from now on, started as the process table and the shell both say.
pub fn adopt(ctx: &Ctx, spec: &Spec, caller: &Caller, report: &Report) -> Result<bool> {
    let id = caller.id;
    let is_start = matches!(report.what, What::Conversation { .. }) && report.subagent.is_none();
    let lives = |agent| scan::lives(agent, &ctx.store.boot);
    if !is_start || !caller.certain || caller.live.agent.as_ref().is_some_and(lives) {
        return Ok(false);
    }
    let Some(process) = &caller.typed else { return Ok(false) };
    let Some(started) = running(ctx, id) else { return Ok(false) };
    let typed = words(ctx, &started);
    let other = typed.as_ref().and_then(|typed| ctx.agents().recognise(typed));
    let tab = ctx.store.load_id(id)?;
    if other.is_some_and(|other| other.kind() != spec.kind()) || !may_be_written(&tab) {
        return Ok(false);
    }
    // What was typed counts where it is what runs; an alias or a function may have made more of it.
    let argv = typed.filter(|typed| spec.is_one_with(&process.argv, typed));
    let argv = argv.unwrap_or_else(|| process.argv.clone());
    let environment = scan::environment(process.id.pid).into_iter().collect();
    let (mut launch, _) = order::launch(spec, &spec.without_hooks(&argv), environment);
    launch.directory = process.cwd.as_deref().and_then(|folder| apart(&tab, folder));
    let known = tab.session.agent.as_ref().filter(|agent| agent.kind == spec.kind());
    // A new conversation is bound when its id is taken in, which sees to whose it is.
    let known = known.and_then(|agent| agent.session_id.clone());
    let session_id = known.filter(|known| report.session_id.as_ref() == Some(known));
    write(ctx, &tab, spec, &started, session_id, launch)?;
    ctx.store.update_live(id, &mut |live| {
        live.renew();
        live.shown = None;
        live.agent = Some(process.id.clone());
        // The runner has become the shell, which will not write down when this agent ends.
        live.holder.iter_mut().for_each(|holder| holder.adopted = true);
    })?;
    Ok(true)
}

/// An agent that ran in the tab when it went down, started by hand: it is the tab's agent from now on.
/// Gives what a person should know of it.
pub fn at_resume(ctx: &Ctx, id: TabId) -> Option<String> {
    // Nearly always nothing was typed since: then the record is not read for it.
    if ctx.store.shell_log(id).is_empty() {
        return None;
    }
    let tab = ctx.store.load_id(id).ok()?;
    let found = found(ctx, &tab)?;
    let remark = found.remark();
    let Found { spec, started, session_id, launch } = found;
    if let Some(launch) = launch {
        write(ctx, &tab, spec, &started, session_id, launch).ok()?;
    }
    Some(remark)
}

/// What [`at_resume`] would say.
pub fn remark(ctx: &Ctx, tab: &Loaded) -> Option<String> {
    Some(found(ctx, tab)?.remark())
}

/// A person has bound what runs in a tab: its start is known from elsewhere.
pub fn bound(ctx: &Ctx, tab: &Loaded) -> Result<()> {
    let id = tab.session.id;
    let kind = tab.session.agent.as_ref().map(|agent| agent.kind.as_str());
    match running(ctx, id) {
        Some(started) if spec(ctx, &started).map(Spec::kind) == kind => mark(ctx, id, &started),
        _ => Ok(()),
    }
}

/// The command line that was typed last in a tab, but for those of tabctl itself.
pub fn last_typed(ctx: &Ctx, id: TabId) -> Option<Vec<String>> {
    let log = Log::read(&ctx.store.shell_log(id));
    let ended = log.ended.iter().map(|(started, _)| started);
    let all: Vec<&Started> = ended.chain(log.running()).collect();
    let mut typed = all.into_iter().rev().filter_map(|started| words(ctx, started));
    typed.find(|words| !words[0].ends_with("tabctl"))
}

/// What ran in a tab that is down.
struct Found<'a> {
    spec: &'a Spec,
    started: Started,
    session_id: Option<String>,
    /// Nothing where the conversation is not known, and the tab has another one of this agent.
    launch: Option<Launch>,
}

impl Found<'_> {
    fn remark(&self) -> String {
        let line = &self.started.line;
        match self.launch {
            Some(_) => format!("`{line}` was started here by hand: it is the tab's agent now"),
            None => format!("`{line}` was started here by hand, and its conversation is not known"),
        }
    }
}

fn found<'a>(ctx: &'a Ctx, tab: &Loaded) -> Option<Found<'a>> {
    let started = running(ctx, tab.session.id)?;
    let spec = spec(ctx, &started)?;
    if !may_be_written(tab) || !is_folder(&started.folder) {
        return None;
    }
    let argv = spec.without_hooks(&words(ctx, &started)?);
    let (mut launch, _) = order::launch(spec, &argv, BTreeMap::new());
    launch.directory = apart(tab, Path::new(&started.folder));
    let session_id = spec.id_in_argv(&argv).filter(|id| spec.accepts_id(id));
    let known = tab.session.agent.as_ref().filter(|agent| agent.kind == spec.kind());
    let has_known = known.is_some_and(|agent| agent.session_id.is_some());
    let is_unknown = spec.has_ids() && session_id.is_none();
    if let Some(session_id) = &session_id
        && is_anothers(ctx, tab, spec, session_id)
    {
        return None;
    }
    let launch = Some(launch).filter(|_| !(is_unknown && has_known));
    Some(Found { spec, started, session_id, launch })
}

/// What runs in a tab as its shells know it, unless it was written down as its agent's start.
fn running(ctx: &Ctx, id: TabId) -> Option<Started> {
    ctx.store.shell_log_size(id).filter(|size| *size > 0)?;
    let log = Log::read(&ctx.store.shell_log(id));
    log.running().filter(|started| !started.recorded).cloned()
}

fn may_be_written(tab: &Loaded) -> bool {
    tab.trust == Trust::Trusted && !tab.is_newer()
}

fn is_folder(folder: &str) -> bool {
    folder.starts_with('/') && !folder.contains(char::is_control) && Path::new(folder).is_dir()
}

/// The folder of a launch, if it is not that of the tab.
fn apart(tab: &Loaded, folder: &Path) -> Option<String> {
    let own = tab.workspace.join(&tab.session.directory);
    let own = own.canonicalize().unwrap_or(own);
    let folder = folder.canonicalize().ok()?;
    let is_plain = |folder: &&str| !folder.contains(char::is_control);
    (folder != own).then(|| folder.to_str().filter(is_plain).map(str::to_owned))?
}

/// Whether a conversation belongs to another tab.
fn is_anothers(ctx: &Ctx, tab: &Loaded, spec: &Spec, session_id: &str) -> bool {
    let others = ctx.store.all().unwrap_or_default().into_iter();
    others.filter(|other| other.session.id != tab.session.id).any(|other| {
        other.session.agent.is_some_and(|agent| {
            agent.kind == spec.kind() && agent.session_id.as_deref() == Some(session_id)
        })
    })
}

/// Writes down that this is the tab's agent, and in the shells' file that it is.
fn write(
    ctx: &Ctx,
    tab: &Loaded,
    spec: &Spec,
    started: &Started,
    session_id: Option<String>,
    launch: Launch,
) -> Result<()> {
    let mut executable = tab.session.executable();
    executable.launch = Some(launch.clone());
    let directory = order::directory(&tab.workspace, &executable);
    let given = |flag: &str| launch.argv.words().iter().any(|word| word == flag);
    let resume = spec.resume_argv(session_id.as_deref(), Some(&launch), &directory, &given);
    let kind = spec.kind().to_owned();
    let agent = Agent { kind, session_id, launch: Some(launch), resume, history: Vec::new() };
    record(ctx, tab, &[Event::Bound(agent)])?;
    mark(ctx, tab.session.id, started)
}

fn mark(ctx: &Ctx, id: TabId, started: &Started) -> Result<()> {
    ctx.store.add_to_shell_log(id, &started.recorded_line())
}
