//! Binds a running agent, or a conversation by its id, to a tab. Must say how it knows what it says.

mod link;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::agents::{Process, Spec};
use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::name;
use crate::model::pane::{Pane, PaneId};
use crate::model::proc::Proc;
use crate::model::session::{Agent, Launch, Session};
use crate::scan;
use crate::store::{Loaded, Trust};

use super::actor::Actor;
use super::order::{self, Helps};
use super::record::record;
use super::{Ctx, evidence, follow, new, select, standing};

/// What a person (or an agent, for itself) wants bound.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The agent's kind; found from the process without it.
    pub kind: Option<String>,
    /// The conversation id; found without it.
    pub session_id: Option<String>,
    /// The tab's name: an existing tab, or a new one.
    pub tab: Option<String>,
    /// The command line; taken from the process table without it.
    pub arguments: Vec<String>,
    /// The workspace of a new tab; the agent's folder without it.
    pub folder: Option<PathBuf>,
    /// The pane to adopt; the one we stand in without it.
    pub pane: Option<String>,
}

/// What was bound, and how it was found.
#[derive(Debug)]
pub struct Bound {
    /// The record.
    pub tab: Loaded,
    /// One line for each thing that was found, with the evidence.
    pub found: Vec<String>,
}

/// An agent that was seen.
struct Seen {
    process: Proc,
    facts: Process,
}

/// Binds.
pub fn bind(ctx: &Ctx, request: &Request) -> Result<Bound> {
    let mut found = Vec::new();
    let pane = pane(ctx, request)?;
    let seen = seen(ctx, request, pane.as_ref());
    let spec = spec(ctx, request, seen.as_ref(), pane.as_ref())?;
    if let Some(seen) = &seen {
        let command = seen.process.argv.join(" ");
        found.push(format!("agent {}: process {} ({command})", spec.kind(), seen.process.id.pid));
    }
    let folder = workspace(ctx, request, seen.as_ref(), pane.as_ref())?;
    let launch = launch(ctx, request, spec, seen.as_ref(), pane.as_ref(), &mut found)?;
    let session_id =
        session_id(ctx, request, spec, seen.as_ref(), launch.as_ref(), &folder, &mut found)?;
    if let Some(id) = &session_id {
        not_bound_elsewhere(ctx, request, spec, id, pane.as_ref())?;
    }
    let agent = agent(spec, session_id, launch, &folder);
    let mut tab = tab(ctx, request, pane.as_ref(), &folder, agent)?;
    if let Some(pane) = &pane {
        link::link(ctx, &tab, pane, seen.as_ref().map(|seen| &seen.process.id))?;
        tab = standing::note(ctx, tab.session.id, &pane.id)?;
        evidence::bound(ctx, &tab)?;
        evidence::fold(ctx, tab.session.id);
        found.push(format!("pane {} in session {}", pane.id.0, name::shown(&pane.session)));
    }
    Ok(Bound { tab, found })
}

/// The pane that is meant, if there is one.
fn pane(ctx: &Ctx, request: &Request) -> Result<Option<Pane>> {
    let wanted = match &request.pane {
        Some(id) => Some(PaneId(id.clone())),
        None => ctx.engine().here(),
    };
    let Some(wanted) = wanted else { return Ok(None) };
    let found = ctx.engine().panes()?.into_iter().find(|pane| pane.id == wanted);
    if found.is_none() && request.pane.is_some() {
        let number = wanted.0.strip_prefix('%').map(|number| format!("%{}", name::shown(number)));
        let id = number.unwrap_or_else(|| name::shown(&wanted.0));
        return Err(Fault::new(Kind::NotFound, format!("no pane {id}"))
            .hint("`tmux list-panes -a` shows the ids")
            .into());
    }
    Ok(found)
}

/// The agent in the pane: of the wanted kind, else the first from the pane's own process downwards.
/// Outside a multiplexer: the agent that this process descends from.
fn seen(ctx: &Ctx, request: &Request, pane: Option<&Pane>) -> Option<Seen> {
    let boot = &ctx.store.boot;
    let root = match pane {
        Some(pane) => pane.pid,
        None => ancestor_that_is_an_agent(ctx)?,
    };
    let tree = scan::trees(&[root], boot).into_iter().next()?;
    let is_it = |process: &&Proc| {
        ctx.agents()
            .recognise(&process.argv)
            .is_some_and(|spec| request.kind.as_deref().is_none_or(|kind| kind == spec.kind()))
    };
    let process = tree.iter().find(is_it)?.clone();
    let facts = follow::facts(&process, boot);
    Some(Seen { process, facts })
}

fn ancestor_that_is_an_agent(ctx: &Ctx) -> Option<u32> {
    let mut pid = std::process::id();
    // A process tree is never this deep; a loop in what was read would be.
    for _ in 0..64 {
        let process = scan::process(pid, &ctx.store.boot)?;
        if ctx.agents().recognise(&process.argv).is_some() {
            return Some(pid);
        }
        pid = process.parent;
    }
    None
}

fn spec<'a>(
    ctx: &'a Ctx,
    request: &Request,
    seen: Option<&Seen>,
    pane: Option<&Pane>,
) -> Result<&'a Spec> {
    if let Some(kind) = &request.kind {
        return ctx.agents().get(kind);
    }
    let recognised = seen.and_then(|seen| ctx.agents().recognise(&seen.process.argv));
    recognised.ok_or_else(|| {
        let place =
            pane.map_or("above this process".to_owned(), |pane| format!("in pane {}", pane.id.0));
        Fault::new(Kind::NotFound, format!("no agent runs {place}"))
            .hint("name it: `tabctl bind AGENT --session-id ID`, or another pane: `--pane %ID`")
            .into()
    })
}

/// The folder that was named, the agent's, or that of a pane that was named; else the current one.
fn workspace(
    ctx: &Ctx,
    request: &Request,
    seen: Option<&Seen>,
    pane: Option<&Pane>,
) -> Result<PathBuf> {
    let of_agent = || seen.and_then(|seen| seen.process.cwd.clone());
    if let Some(folder) = request.folder.clone().or_else(of_agent) {
        return new::folder(Some(&folder));
    }
    let Some(pane) = pane.filter(|_| request.pane.is_some()) else { return new::folder(None) };
    let process = scan::process(pane.pid, &ctx.store.boot);
    let folder = process.and_then(|process| process.cwd).ok_or_else(|| {
        Fault::new(Kind::NotFound, format!("the folder of pane {} is not known", pane.id.0))
            .hint("name it with --dir")
    })?;
    new::folder(Some(&folder))
}

/// How it was started: as the person says, else as the process table says.
fn launch(
    ctx: &Ctx,
    request: &Request,
    spec: &Spec,
    seen: Option<&Seen>,
    pane: Option<&Pane>,
    found: &mut Vec<String>,
) -> Result<Option<Launch>> {
    // What tabctl itself added for its hooks is no part of how the person started it.
    let given = (!request.arguments.is_empty()).then(|| spec.without_hooks(&request.arguments));
    let of_process = seen.map(|seen| spec.without_hooks(&seen.process.argv));
    if given.is_some() && given != of_process {
        // An agent could otherwise write itself a command line with more rights than it was given.
        let risky = given.as_deref().map(|argv| spec.privileged(argv)).unwrap_or_default();
        if !risky.is_empty() {
            Actor::of_this_process(ctx).must_be_person("record privileged flags for itself")?;
        }
    }
    if given.is_none() && of_process.is_some() {
        found.push("command line: as the process table has it".to_owned());
    }
    let typed = || typed(ctx, request, spec, pane, found);
    let Some(argv) = given.or(of_process).or_else(typed) else { return Ok(None) };
    let environment: BTreeMap<String, String> = match seen {
        Some(seen) => seen.facts.environment.clone(),
        None => order::environment(spec, None),
    };
    let (launch, secrets) = order::launch(spec, &argv, environment);
    found.extend(secrets.iter().map(|name| format!("{name} is a secret: it is not written down")));
    Ok(Some(launch))
}

/// What was typed last in the tab, for a program of which only the person knows that it is an agent.
fn typed(
    ctx: &Ctx,
    request: &Request,
    spec: &Spec,
    pane: Option<&Pane>,
    found: &mut Vec<String>,
) -> Option<Vec<String>> {
    if !spec.program().is_empty() {
        return None;
    }
    let named = request.tab.as_deref().map(|name| ctx.store.holder_of_name(name, None));
    let id = match named {
        Some(known) => known?.session.id,
        None => pane.and_then(|pane| pane.tab).or_else(|| select::standing_in(ctx))?,
    };
    let argv = evidence::last_typed(ctx, id)?;
    found.push(format!("command line: as it was typed in the tab ({})", argv.join(" ")));
    Some(argv)
}

fn session_id(
    ctx: &Ctx,
    request: &Request,
    spec: &Spec,
    seen: Option<&Seen>,
    launch: Option<&Launch>,
    folder: &Path,
    found: &mut Vec<String>,
) -> Result<Option<String>> {
    if let Some(id) = &request.session_id {
        if !spec.accepts_id(id) {
            let message = format!("'{}' is no conversation id of {}", name::shown(id), spec.kind());
            return Err(Fault::new(Kind::Usage, message)
                .hint("it is the agent's own id, as the agent prints it")
                .into());
        }
        return Ok(Some(id.clone()));
    }
    let environment = launch.map(|launch| launch.environment.clone()).unwrap_or_default();
    let around = order::surroundings(ctx, &environment, folder);
    if let Some(id) = seen.and_then(|seen| spec.id_of_process(&seen.facts, &around)) {
        found.push(format!("conversation {}: {}", id.session_id, id.how));
        return Ok(Some(id.session_id));
    }
    let was_typed = launch.is_some() && seen.is_none() && request.arguments.is_empty();
    if was_typed {
        return Ok(None);
    }
    if !spec.has_ids() {
        found.push(format!(
            "{} has no conversation ids: the folder is the conversation",
            spec.kind()
        ));
        return Ok(None);
    }
    let why = match seen {
        Some(seen) => format!(
            "the conversation of {} (process {}) was not found",
            spec.kind(),
            seen.process.id.pid
        ),
        None => format!("no running {} was found to ask for its conversation", spec.kind()),
    };
    Err(Fault::new(Kind::NotFound, why)
        .hint(format!("give it: `tabctl bind {} --session-id ID`", spec.kind()))
        .into())
}

/// One conversation belongs to one tab.
fn not_bound_elsewhere(
    ctx: &Ctx,
    request: &Request,
    spec: &Spec,
    id: &str,
    pane: Option<&Pane>,
) -> Result<()> {
    let other = ctx.store.all()?.into_iter().find(|known| {
        let agent = known.session.agent.as_ref();
        agent.is_some_and(|agent| {
            agent.kind == spec.kind() && agent.session_id.as_deref() == Some(id)
        })
    });
    let Some(other) = other else { return Ok(()) };
    let named = request.tab.as_deref().is_none_or(|tab| tab == other.session.tab);
    let here = pane.and_then(|pane| pane.tab).is_none_or(|tab| tab == other.session.id);
    if named && here {
        return Ok(());
    }
    let tab = name::shown(&other.session.tab);
    Err(Fault::new(Kind::Clash, format!("the conversation {id} belongs to the tab '{tab}'"))
        .hint(format!("`tabctl attach {tab}`, or `tabctl rm {tab}` first"))
        .into())
}

fn agent(spec: &Spec, session_id: Option<String>, launch: Option<Launch>, folder: &Path) -> Agent {
    let helps = Helps::default();
    let program = launch.as_ref().and_then(|launch| launch.binary.clone()).map(PathBuf::from);
    let knows = |flag: &str| program.as_deref().is_some_and(|path| helps.mention(path, flag));
    let resume = spec.resume_argv(session_id.as_deref(), launch.as_ref(), folder, &knows);
    // What was typed, again: that is all that is known of a program that nobody knows.
    let typed = launch.as_ref().filter(|_| spec.program().is_empty() && session_id.is_none());
    let resume = resume.or_else(|| typed.map(|launch| launch.argv.clone()));
    Agent { kind: spec.kind().to_owned(), session_id, launch, resume, history: Vec::new() }
}

/// The tab to bind to: the named one, the one that stands in the pane, the one that has this
/// conversation already, else a new one.
fn tab(
    ctx: &Ctx,
    request: &Request,
    pane: Option<&Pane>,
    folder: &Path,
    agent: Agent,
) -> Result<Loaded> {
    let existing = existing(ctx, request, pane, &agent)?;
    if let Some(tab) = existing {
        if tab.trust != Trust::Trusted {
            let file = ctx.paths.short(&tab.file);
            return Err(Fault::new(Kind::NotTrusted, format!("{file} is not trusted"))
                .hint(format!(
                    "`tabctl trust {}` shows what it would run",
                    ctx.paths.short(&tab.workspace)
                ))
                .into());
        }
        return record(ctx, &tab, &[Event::Bound(agent)]);
    }
    let name = match &request.tab {
        Some(name) => new::checked(name)?.to_owned(),
        None => new::name_of_folder(ctx, folder),
    };
    let mut session = Session::new(ctx.new_id()?, &name);
    session.environment = Some(new::this_machine());
    session.agent = Some(agent);
    new::create(ctx, folder, session)
}

fn existing(
    ctx: &Ctx,
    request: &Request,
    pane: Option<&Pane>,
    agent: &Agent,
) -> Result<Option<Loaded>> {
    if let Some(name) = &request.tab {
        let known = ctx.store.holder_of_name(name, None);
        return known.map(|known| ctx.store.load(Path::new(&known.file))).transpose();
    }
    if let Some(id) = pane.and_then(|pane| pane.tab).filter(|id| ctx.store.is_registered(*id)) {
        return ctx.store.load_id(id).map(Some);
    }
    if request.pane.is_none()
        && let Some(id) = select::standing_in(ctx)
    {
        return ctx.store.load_id(id).map(Some);
    }
    let same = ctx.store.all()?.into_iter().find(|known| {
        let known = known.session.agent.as_ref();
        agent.session_id.is_some()
            && known.is_some_and(|known| {
                known.kind == agent.kind && known.session_id == agent.session_id
            })
    });
    same.map(|known| ctx.store.load(Path::new(&known.file))).transpose()
}
