//! Preflight: decides for one tab what bringing it back means. Must not start or change anything.

pub(super) mod held;
mod launch;

use std::path::Path;

use anyhow::Result;

use crate::agents::{Spec, Transcript};
use crate::error::{Fault, Kind, fault_of, kind_of};
use crate::model::argv::Argv;
use crate::model::briefing::Briefing;
use crate::model::name;
use crate::model::plan::{Action, Order, Step};
use crate::model::row::{Known, Row};
use crate::model::session::{Agent, Place, Session, VERSION};
use crate::model::status::{Source, State};
use crate::store::{Loaded, Standing, Trust};
use crate::sys::clock;

use self::launch::{Launch, Start};
use super::order::{self, Helps};
use super::{Ctx, briefing, evidence, kept, list, pane, standing, unbound};

/// What a person asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// The tab was named: one whose agent was quit is started again too.
    pub named: bool,
    /// Start a new conversation where the old one is gone.
    pub fresh: bool,
    /// Start a copy of the conversation under an id of its own.
    pub fork: bool,
    /// The record has been made ready for it: it is to be started whatever comes between.
    pub begun: bool,
    /// Give the agents their restart notes as their first prompt.
    pub notes: bool,
}

/// Plans one tab. `row` is what is observed of it; the file is opened once, here.
pub fn step(ctx: &Ctx, known: &Known, row: &Row, wish: Wish, helps: &Helps) -> Step {
    let mut remarks = Vec::new();
    match action(ctx, known, row, wish, helps, &mut remarks) {
        Ok(action) => {
            let tab = name::shown(&known.session.tab);
            Step { id: known.session.id, tab, action, remarks }
        }
        Err(error) => Step { remarks, ..refusal(known, &error) },
    }
}

/// Whether the agent's process lives on without a pane.
pub fn is_survivor(row: &Row) -> bool {
    let claim = &row.status.claim;
    let is_nowhere = row.pane.is_none() && row.elsewhere.is_none();
    claim.state == State::Unknown && claim.source == Source::Process && is_nowhere
}

/// The step of a tab with which nothing can be done.
pub fn refusal(known: &Known, error: &anyhow::Error) -> Step {
    let hint = fault_of(error).and_then(|fault| fault.hint.clone());
    let action = Action::Refuse { kind: kind_of(error), why: format!("{error:#}"), hint };
    let tab = name::shown(&known.session.tab);
    Step { id: known.session.id, tab, action, remarks: Vec::new() }
}

/// Plans several tabs against one look at the multiplexer.
pub fn steps(ctx: &Ctx, tabs: &[Known], wish: Wish) -> Result<Vec<Step>> {
    let panes = ctx.engine().panes()?;
    let rows = list::rows_of(ctx, tabs.to_vec(), &panes);
    let helps = Helps::default();
    Ok(tabs.iter().zip(&rows).map(|(known, row)| step(ctx, known, row, wish, &helps)).collect())
}

fn action(
    ctx: &Ctx,
    known: &Known,
    row: &Row,
    wish: Wish,
    helps: &Helps,
    remarks: &mut Vec<String>,
) -> Result<Action> {
    let state = row.status.claim.state;
    let tab = name::shown(&known.session.tab);
    let has_agent = known.session.agent.is_some();
    match state {
        State::Down | State::Missing => {}
        State::Shell if wish.named && has_agent && row.elsewhere.is_some() => {
            pane::must_be_here(row)?;
        }
        State::Shell if wish.named && has_agent => {}
        State::Running if wish.named && has_agent => {
            let command = row.status.claim.reason.clone().unwrap_or_default();
            return Err(Fault::new(Kind::Busy, format!("{command} runs in the pane of '{tab}'"))
                .hint(format!("end it first: `tabctl attach {tab}`"))
                .into());
        }
        State::Shell if has_agent => {
            let how = row.status.claim.reason.as_deref().unwrap_or("its agent was quit");
            remarks.push(format!("{how}; `tabctl resume {tab}` starts it again"));
            return Ok(Action::Lives { pane: row.pane.clone() });
        }
        State::Unknown if is_survivor(row) => {
            let why = row.status.claim.reason.clone().unwrap_or_default();
            return Err(Fault::new(Kind::Busy, format!("the agent of '{tab}' still lives: {why}"))
                .hint("end that process first; its conversation would be open twice")
                .into());
        }
        _ if wish.fork => {
            return Err(Fault::new(Kind::Busy, format!("'{tab}' is open, and its agent lives"))
                .hint(format!("end it first, or fork inside the agent: `tabctl attach {tab}`"))
                .into());
        }
        _ => return Ok(Action::Lives { pane: row.pane.clone() }),
    }
    if state == State::Missing {
        return Err(Fault::new(Kind::NotFound, format!("the folder {} is gone", known.workspace))
            .hint(format!(
                "put it back, or `tabctl rm {tab}`; if it moved, run `tabctl doctor --scan DIR`"
            ))
            .into());
    }
    let loaded = ctx.store.load_id(known.session.id)?;
    let session = &loaded.session;
    may_run(ctx, &loaded)?;
    remarks.extend(evidence::remark(ctx, &loaded).filter(|_| state == State::Down));
    if let Some(place) = &session.environment {
        let (os, host) = clock::machine();
        if (&place.os, &place.host) != (&os, &host) {
            remarks.push(format!("recorded on {} ({})", name::shown(&place.host), place.os));
        }
    }
    if row.pane.is_none() {
        remarks.extend(standing::remarks(ctx, session, &loaded.workspace));
    }
    let launched = launched(ctx, &loaded, wish, helps, remarks)?;
    let place = place(ctx, session);
    Ok(match (launched, row.pane.clone().filter(|_| state == State::Shell)) {
        (Launch::Agent(order), Some(pane)) => Action::Restart { order, pane },
        (Launch::Agent(order), None) => Action::Start { order, place },
        (Launch::Shell(_, why), Some(_)) => {
            return Err(Fault::new(Kind::ConversationMissing, why).into());
        }
        (Launch::Shell(order, why), None) => Action::Shell { order, place, why },
    })
}

/// Refuses a tab whose agent could not be started with a new conversation: not approved, not
/// installed, not known how.
pub fn must_start_anew(ctx: &Ctx, loaded: &Loaded) -> Result<()> {
    may_run(ctx, loaded)?;
    let session = &loaded.session;
    let tab = name::shown(&session.tab);
    let Some(agent) = &session.agent else {
        return Err(Fault::new(Kind::Usage, format!("'{tab}' has no agent"))
            .hint(format!("`tabctl bind --tab {tab}` gives it one"))
            .into());
    };
    let spec = ctx.agents().get(&agent.kind)?;
    let directory = order::directory(&loaded.workspace, &session.executable());
    find_program(spec, agent)?;
    let start = Start { ctx, spec, agent, directory: &directory, tab: &tab, knows: &|_| true };
    start.fresh().map(|_| ())
}

/// Refuses what no person has approved.
pub fn may_run(ctx: &Ctx, loaded: &Loaded) -> Result<()> {
    let file = ctx.paths.short(&loaded.file);
    if loaded.session.version > VERSION {
        return Err(Fault::new(Kind::ReadOnly, format!("{file} was written by a newer tabctl"))
            .hint("update tabctl on this machine")
            .into());
    }
    if let Standing::Copy { of } = &loaded.standing {
        return Err(Fault::new(
            Kind::NotTrusted,
            format!("{file} is a copy of {}", ctx.paths.short(of)),
        )
        .hint("make a tab of its own there: `tabctl new NAME --dir FOLDER`")
        .into());
    }
    let folder = ctx.paths.short(&loaded.workspace);
    let why = match loaded.trust {
        Trust::Trusted => return Ok(()),
        Trust::Changed(_) => "what it would run changed since it was trusted",
        Trust::Never => "nobody has approved what it would run",
    };
    Err(Fault::new(Kind::NotTrusted, format!("{file} is not trusted: {why}"))
        .hint(format!("`tabctl trust {folder}` shows it and asks"))
        .into())
}

/// What will run in the tab, or why it is only a shell.
fn launched(
    ctx: &Ctx,
    loaded: &Loaded,
    wish: Wish,
    helps: &Helps,
    remarks: &mut Vec<String>,
) -> Result<Launch> {
    let session = &loaded.session;
    let directory = order::directory(&loaded.workspace, &session.executable());
    if !directory.is_dir() {
        return Err(Fault::new(
            Kind::NotFound,
            format!("the folder {} is gone", ctx.paths.short(&directory)),
        )
        .hint("put it back, or change `directory` in the session file")
        .into());
    }
    let told = Briefing { is_new: wish.fresh, ..briefing::of(ctx, session) };
    let mut greeting = told.greeting();
    let order = match &session.agent {
        None => Launch::Agent(order::shell(ctx, &directory)),
        Some(agent) => agent_order(ctx, session, agent, &directory, wish, helps, remarks)?,
    };
    Ok(match order {
        Launch::Agent(order) => {
            greeting.extend(order.greeting.iter().cloned());
            let order = Order { greeting, ..order };
            let gives = wish.notes && session.agent.is_some();
            Launch::Agent(if gives {
                briefing::give(ctx, loaded, told, order, remarks)
            } else {
                order
            })
        }
        Launch::Shell(order, why) => {
            greeting.push(why.clone());
            Launch::Shell(Order { greeting, ..order }, why)
        }
    })
}

fn agent_order(
    ctx: &Ctx,
    session: &Session,
    agent: &Agent,
    directory: &Path,
    wish: Wish,
    helps: &Helps,
    remarks: &mut Vec<String>,
) -> Result<Launch> {
    let spec = ctx.agents().get(&agent.kind)?;
    let launch = agent.launch.as_ref();
    let program = find_program(spec, agent)?;
    let knows = |flag: &str| program.as_deref().is_some_and(|path| helps.mention(path, flag));
    let id = agent.session_id.as_deref();
    let environment = order::environment(spec, launch);
    let around = order::surroundings(ctx, &environment, directory);
    let tab = name::shown(&session.tab);
    let start = Start { ctx, spec, agent, directory, tab: &tab, knows: &knows };
    if !wish.fork {
        held::must_be_free(ctx, spec, (session.id, &tab), id, &around)?;
        unbound::must_not_have(ctx, &helps.strangers, spec, id, directory)?;
    }
    if wish.fresh {
        return start.fresh();
    }
    match spec.transcript(id, &around) {
        Transcript::Present(_) => {}
        Transcript::Unknowable(why) => {
            remarks.push(format!("not known whether the conversation is still there: {why}"));
        }
        _ if id.is_some_and(|id| kept::lost(ctx, spec, id).is_some()) => {
            remarks.push(format!("{} has deleted it: tabctl's copy is put back", spec.kind()));
        }
        Transcript::NeverPrompted if wish.fork => return Err(start.nothing_to_fork().into()),
        Transcript::NeverPrompted => return start.unprompted(remarks),
        Transcript::Missing(looked) => return Ok(start.missing(&looked)),
    }
    if wish.fork {
        let id = id.ok_or_else(|| start.nothing_to_fork())?;
        let new = spec.fork_takes_id().then(clock::new_uuid).transpose()?;
        return start.fork(id, new.as_deref()).ok_or_else(|| start.no_fork().into());
    }
    if !spec.has_ids() {
        remarks.extend(held::shared_with(ctx, spec, session.id, &around));
    }
    if spec.may_lose_transcripts() && !kept::is_prevented(ctx, spec, &around) {
        let kind = spec.kind();
        remarks
            .push(format!("{kind} may delete it later: tabctl keeps a copy, see `tabctl doctor`"));
    }
    remarks.extend(spec.remark().map(str::to_owned));
    let derived = spec.resume_argv(id, launch, directory, &knows);
    Ok(match chosen(ctx, agent, spec, derived, directory, remarks) {
        Some(argv) => start.again(argv),
        None => start.no_way(),
    })
}

/// The person's own resume command if there is one, else the derived one.
///
/// What tabctl wrote into the file is derived again: the installed version may know other flags now.
fn chosen(
    ctx: &Ctx,
    agent: &Agent,
    spec: &Spec,
    derived: Option<Argv>,
    directory: &Path,
    remarks: &mut Vec<String>,
) -> Option<Argv> {
    let (id, launch) = (agent.session_id.as_deref(), agent.launch.as_ref());
    let written = agent.resume.as_ref().filter(|written| !written.words().is_empty());
    let Some(written) = written else { return derived };
    let ours = [true, false].into_iter().find_map(|known| {
        made(written, &spec.resume_argv(id, launch, directory, &|_| known)?, directory)
    });
    match ours {
        Some(Made::Elsewhere(folder)) => {
            let folder = ctx.paths.short(Path::new(folder));
            remarks
                .push(format!("the resume command in the file is for {folder}; it is made anew"));
            derived
        }
        Some(Made::Here) => derived,
        None => {
            remarks.push("the resume command in the file is used as it stands there".to_owned());
            Some(written.clone())
        }
    }
}

/// Where a written command was derived.
enum Made<'a> {
    Here,
    /// In this folder: that of a workspace before it was moved.
    Elsewhere(&'a String),
}

/// Whether a written command is the derived one. Where a tab runs is `directory`'s to say.
fn made<'a>(written: &'a Argv, derived: &Argv, directory: &Path) -> Option<Made<'a>> {
    let mut other = None;
    for (there, here) in written.words().iter().zip(derived.words()) {
        if there != here {
            let is_folder = directory.as_os_str() == here.as_str() && there.starts_with('/');
            (is_folder && other.is_none_or(|other| other == there)).then_some(())?;
            other = Some(there);
        }
    }
    let is_whole = written.words().len() == derived.words().len();
    is_whole.then(|| other.map_or(Made::Here, Made::Elsewhere))
}

fn find_program(spec: &Spec, agent: &Agent) -> Result<Option<std::path::PathBuf>> {
    let launch = agent.launch.as_ref();
    let argv = match (&agent.resume, launch) {
        (Some(argv), _) if !argv.words().is_empty() => argv.clone(),
        (_, Some(launch)) if !launch.argv.words().is_empty() => launch.argv.clone(),
        _ => Argv::from_iter([spec.program()]),
    };
    let found = order::find_program(&argv, launch);
    if found.is_none() {
        let program = argv.words().first().map_or("", String::as_str);
        return Err(Fault::new(
            Kind::AgentMissing,
            format!("{program} is not installed (not in PATH)"),
        )
        .hint(format!("install {}, or open a shell where it is found", spec.kind()))
        .into());
    }
    Ok(found)
}

/// Where the tab goes: where it stood, else into tabctl's own session.
fn place(ctx: &Ctx, session: &Session) -> Place {
    let stood = session.place.clone().filter(|place| !place.session.is_empty());
    let place = stood
        .unwrap_or_else(|| Place { session: ctx.settings.session.clone(), ..Place::default() });
    Place { engine: ctx.engine().name().to_owned(), window: name::shown(&session.tab), ..place }
}
