//! Makes a tab: its record, its window, and the agent in it. Must leave nothing behind if that fails.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::error::{Fault, Kind};
use crate::model::argv::Argv;
use crate::model::event::Event;
use crate::model::name;
use crate::model::pane::PaneId;
use crate::model::plan::Order;
use crate::model::session::{Agent, Environment, Launch, Place, Session};
use crate::store::Loaded;
use crate::sys::clock;

use super::Ctx;
use super::edit;
use super::order::{self, Helps};
use super::plan::held;
use super::start::{self, Outcome};

/// What a person wants.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The tab's name; the folder's name without it.
    pub name: Option<String>,
    /// The agent's kind; a plain shell without it.
    pub agent: Option<String>,
    /// Arguments for the agent. For `generic`, its whole command line.
    pub arguments: Vec<String>,
    /// The workspace; the current folder without it.
    pub folder: Option<PathBuf>,
    /// Why the tab exists.
    pub task: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The multiplexer's session; the one we stand in, else the configured one.
    pub session: Option<String>,
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The record.
    pub tab: Loaded,
    /// Where it is.
    pub pane: PaneId,
    /// Whether its start was seen in time.
    seen: bool,
}

impl Made {
    /// What becomes of it, once it had the time to refuse.
    pub fn outcome(&self, ctx: &Ctx) -> Result<Outcome> {
        if self.seen {
            start::outcome(ctx, self.tab.session.id, &self.pane)
        } else {
            Ok(Outcome::Unverified)
        }
    }
}

/// Makes a tab.
pub fn new(ctx: &Ctx, request: &Request) -> Result<Made> {
    ctx.engine().version()?;
    let folder = folder(request.folder.as_ref())?;
    let name = match &request.name {
        Some(name) => checked(name)?.to_owned(),
        None => name_of_folder(ctx, &folder),
    };
    must_be_free(ctx, &name)?;
    let mut session = Session::new(ctx.new_id()?, &name);
    session.environment = Some(this_machine());
    session.task = request.task.as_deref().map(edit::checked_task).transpose()?;
    let add = edit::checked_tags(&request.tags)?;
    session.apply(&Event::Tagged { add, remove: Vec::new() }, ctx.now());
    let kind = kind(ctx, request);
    if kind.is_none() && !request.arguments.is_empty() {
        return Err(Fault::new(
            Kind::Usage,
            "what stands after -- goes to the agent, and none is named",
        )
        .hint("name one with --agent; `--agent generic` takes any command line")
        .into());
    }
    let order = match kind {
        Some(kind) => agent(ctx, kind, request, &folder, &mut session)?,
        None => order::shell(ctx, &folder),
    };
    let place = place(ctx, request, &name)?;
    session.place = Some(place.clone());
    let tab = create(ctx, &folder, session)?;
    start(ctx, &tab, &order, &place)
}

/// Writes the record of a new tab, if its name is still free: others may ask for it at this moment.
pub fn create(ctx: &Ctx, folder: &Path, session: Session) -> Result<Loaded> {
    let _names = ctx.store.names_lock()?;
    must_be_free(ctx, &session.tab)?;
    ctx.store.create(folder, session)
}

fn start(ctx: &Ctx, tab: &Loaded, order: &Order, place: &Place) -> Result<Made> {
    let id = tab.session.id;
    let _lock = ctx.store.resume_lock(id)?;
    let pane = match start::open(ctx, id, order, place) {
        Ok(pane) => pane,
        Err(error) => {
            // Nothing of it was ever used: the record goes, so that the name is free again.
            ctx.store.forget(id, true).context("the new tab's record could not be taken back")?;
            return Err(error);
        }
    };
    let seen = start::wait(ctx, id, order)?;
    let tab = start::settle(ctx, id, &pane)?;
    Ok(Made { tab, pane, seen })
}

/// The workspace, absolute and real.
pub fn folder(wished: Option<&PathBuf>) -> Result<PathBuf> {
    let folder = wished.cloned().unwrap_or_else(|| PathBuf::from("."));
    let real = folder.canonicalize().map_err(|error| {
        Fault::new(Kind::NotFound, format!("no folder {}: {error}", folder.display()))
            .hint("make it first, or name another one with --dir")
    })?;
    if real.is_dir() {
        return Ok(real);
    }
    Err(Fault::new(Kind::NotFound, format!("{} is not a folder", folder.display()))
        .hint("name a folder with --dir")
        .into())
}

/// A name that can be used, or why not.
pub fn checked(name: &str) -> Result<&str> {
    name::check(name).map_err(|bad| {
        Fault::new(Kind::Usage, format!("'{}' is no name for a tab: {bad}", name::shown(name)))
            .hint("choose another name")
            .into()
    })
}

/// Refuses a name that another tab has.
pub fn must_be_free(ctx: &Ctx, name: &str) -> Result<()> {
    let Some(other) = ctx.store.holder_of_name(name, None) else { return Ok(()) };
    Err(Fault::new(
        Kind::Clash,
        format!(
            "there is a tab '{name}' already, in {}",
            ctx.paths.short(other.workspace.as_ref())
        ),
    )
    .hint(format!("choose another name, or `tabctl attach {name}`"))
    .into())
}

/// The folder's name, made unique with a number.
pub fn name_of_folder(ctx: &Ctx, folder: &Path) -> String {
    let base = folder.file_name().map(|name| name::shown(&name.to_string_lossy()));
    let base = base.map(|name| name.replace('?', "-").trim_matches([' ', '-']).to_owned());
    let base = base.filter(|name| name::check(name).is_ok()).unwrap_or_else(|| "tab".to_owned());
    let taken = |name: &str| ctx.store.holder_of_name(name, None).is_some();
    if !taken(&base) {
        return base;
    }
    // There are fewer tabs than numbers.
    let mut numbered = (2..u32::MAX).map(|number| format!("{base}-{number}"));
    numbered.find(|name| !taken(name)).unwrap_or(base)
}

/// The machine that a new record belongs to.
pub fn this_machine() -> Environment {
    let (os, host) = clock::machine();
    Environment { os, host }
}

fn kind<'a>(ctx: &'a Ctx, request: &'a Request) -> Option<&'a str> {
    let default = Some(ctx.settings.agent.as_str()).filter(|kind| !kind.is_empty());
    request.agent.as_deref().or(default)
}

/// Puts the agent into the record, and says what to run.
fn agent(
    ctx: &Ctx,
    kind: &str,
    request: &Request,
    folder: &Path,
    session: &mut Session,
) -> Result<Order> {
    let spec = ctx.agents().get(kind)?;
    // Arguments that choose a conversation themselves (`-- --resume ID`) win over a new id.
    let chosen = spec.id_in_argv(&spec.launch_argv(&request.arguments, None, &|_| false).0);
    let preset = match chosen {
        None => spec.presets_id().then(clock::new_uuid).transpose()?,
        chosen => chosen,
    };
    let bare = spec.launch_argv(&request.arguments, preset.as_deref(), &|_| false);
    let program = order::find_program(&bare, None).ok_or_else(|| {
        let program = bare.words().first().map_or(kind, String::as_str);
        Fault::new(Kind::AgentMissing, format!("{program} is not installed (not in PATH)"))
            .hint(format!("install {kind}, or choose another agent: `tabctl doctor` lists them"))
    })?;
    let helps = Helps::default();
    let knows = |flag: &str| helps.mention(&program, flag);
    let argv: Argv = spec.launch_argv(&request.arguments, preset.as_deref(), &knows);
    let launch = Launch {
        argv: spec.without_secrets(argv.words()).0,
        directory: None,
        environment: order::environment(spec, None),
        binary: Some(program.display().to_string()),
    };
    if !spec.has_ids() {
        let environment = order::environment(spec, Some(&launch));
        let around = order::surroundings(ctx, &environment, folder);
        held::must_be_free(ctx, spec, (session.id, &session.tab), None, &around)?;
    }
    let resume = spec.resume_argv(preset.as_deref(), Some(&launch), folder, &knows);
    let argv = order::found(argv, Some(&launch));
    let order = order::agent(ctx, spec, argv, preset.as_deref(), Some(&launch), folder);
    session.agent = Some(Agent {
        kind: kind.to_owned(),
        session_id: preset,
        launch: Some(launch),
        resume,
        history: Vec::new(),
    });
    Ok(order)
}

/// Inside the multiplexer a new tab opens beside the one we stand in, else in tabctl's own session.
fn place(ctx: &Ctx, request: &Request, name: &str) -> Result<Place> {
    let beside = || -> Result<Option<String>> {
        let Some(here) = ctx.engine().here() else { return Ok(None) };
        let panes = ctx.engine().panes()?;
        Ok(panes.into_iter().find(|pane| pane.id == here).map(|pane| pane.session))
    };
    let session = match &request.session {
        Some(session) => checked(session)?.to_owned(),
        None => beside()?.unwrap_or_else(|| ctx.settings.session.clone()),
    };
    let engine = ctx.engine().name().to_owned();
    Ok(Place { engine, session, window: name.to_owned(), index: None, split: None })
}
