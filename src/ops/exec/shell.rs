//! Finds the shell that has a tab's terminal, and sees whether it stands at its prompt. The process
//! table and the terminal tell that; must not believe a record of it.

use std::path::PathBuf;
use std::slice::from_ref;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::engine::Extent;
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::pane::PaneId;
use crate::model::proc::{Proc, ProcId};
use crate::model::searching::is_searching;
use crate::ops::{Ctx, list, pane};
use crate::scan;
use crate::store::Loaded;
use crate::sys::tty;

/// How long a shell may take to come to its prompt: at its start, or between two commands.
const TO_ITS_PROMPT: Duration = Duration::from_secs(3);
/// How long a program may have the terminal before it is said to be in the way: those of a start-up
/// file and of a prompt are gone sooner.
const PASSING: Duration = Duration::from_millis(500);
/// How often it is looked again.
const PAUSE: Duration = Duration::from_millis(5);

/// Shells that take commands, and others that may be met.
const SHELLS: [&str; 10] =
    ["bash", "zsh", "fish", "sh", "dash", "ksh", "mksh", "tcsh", "nu", "elvish"];

/// A shell that takes commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellKind {
    Bash,
    Zsh,
    Fish,
}

impl ShellKind {
    const ALL: [ShellKind; 3] = [ShellKind::Bash, ShellKind::Zsh, ShellKind::Fish];

    /// Its program.
    pub fn name(self) -> &'static str {
        match self {
            ShellKind::Bash => "bash",
            ShellKind::Zsh => "zsh",
            ShellKind::Fish => "fish",
        }
    }

    /// What it evaluates to run a command.
    pub fn script(self) -> &'static str {
        match self {
            ShellKind::Bash => include_str!("../../../shell/exec.bash"),
            ShellKind::Zsh => include_str!("../../../shell/exec.zsh"),
            ShellKind::Fish => include_str!("../../../shell/exec.fish"),
        }
    }
}

/// A shell at its prompt.
#[derive(Debug)]
pub struct Shell {
    /// Where it is.
    pub pane: PaneId,
    /// Which it is.
    pub process: ProcId,
    /// What it is.
    pub kind: ShellKind,
    /// Its terminal, where the system tells.
    pub terminal: Option<PathBuf>,
}

/// Why there is no shell at its prompt.
enum Obstacle {
    /// An agent of this kind is there.
    Agent(String),
    /// A program has the terminal.
    Program(String),
    /// The shell itself is at work: a loop, or what makes its prompt.
    AtWork(&'static str),
    /// A shell that has not loaded tabctl's script, or not yet.
    Stranger(String),
    /// Nothing lives there.
    Nobody,
}

/// The shell of a tab, once it stands at its prompt.
pub fn ready(ctx: &Ctx, tab: &Loaded) -> Result<Shell> {
    let pane = pane_of(ctx, tab)?;
    let begun = Instant::now();
    loop {
        let obstacle = match look(ctx, tab, &pane) {
            Ok(shell) => return Ok(shell),
            Err(obstacle) => obstacle,
        };
        let patience = match obstacle {
            Obstacle::Agent(_) | Obstacle::Nobody => Duration::ZERO,
            Obstacle::Program(_) => PASSING,
            Obstacle::AtWork(_) | Obstacle::Stranger(_) => TO_ITS_PROMPT,
        };
        if begun.elapsed() >= patience {
            return Err(fault(&name::shown(&tab.session.tab), &obstacle).into());
        }
        std::thread::sleep(PAUSE);
    }
}

/// The tab's pane, which is not the one that this process runs in, and the process in it.
fn pane_of(ctx: &Ctx, tab: &Loaded) -> Result<(PaneId, u32)> {
    let id = tab.session.id;
    let found = match pane::of_runner(ctx, id) {
        Some(found) => Some(found),
        None => listed(ctx, id)?,
    };
    let shown = name::shown(&tab.session.tab);
    let Some(found) = found else { return Err(fault(&shown, &Obstacle::Nobody).into()) };
    if ctx.engine().here().as_ref() == Some(&found.0) {
        let message = format!("'{shown}' is the tab that you stand in");
        return Err(Fault::new(Kind::Usage, message).hint("run the command itself here").into());
    }
    Ok(found)
}

/// The same as the multiplexer lists it.
fn listed(ctx: &Ctx, id: TabId) -> Result<Option<(PaneId, u32)>> {
    let known = ctx.store.known(id)?;
    let panes = ctx.engine().panes()?;
    let row = list::rows_of(ctx, vec![known], &panes).pop();
    row.as_ref().map_or(Ok(()), pane::must_be_here)?;
    let own = row.and_then(|row| row.pane);
    let pane = panes.into_iter().find(|pane| Some(&pane.id) == own.as_ref());
    Ok(pane.map(|pane| (pane.id, pane.pid)))
}

/// Refuses a prompt at which somebody looks for an older command: what is pressed there would become a
/// part of what is looked for, or end it.
pub fn must_not_search(ctx: &Ctx, shell: &Shell, tab: &str) -> Result<()> {
    let screen = ctx.engine().read(from_ref(&shell.pane), Extent::Screen(u16::MAX))?.pop();
    let Some((screen, at)) = screen.and_then(|it| it.cursor.map(|at| (it.text, at))) else {
        return Ok(());
    };
    let lines: Vec<&str> = screen.lines().skip(at.line).collect();
    if !is_searching(shell.kind.name(), &lines, at.column) {
        return Ok(());
    }
    let message = format!("somebody searches the history at the prompt of '{tab}'");
    let hint = format!("end that search there: `tabctl go {tab}`");
    Err(Fault::new(Kind::Busy, message).hint(hint).into())
}

fn look(ctx: &Ctx, tab: &Loaded, (pane, pid): &(PaneId, u32)) -> Result<Shell, Obstacle> {
    let boot = &ctx.store.boot;
    let live = ctx.store.live(tab.session.id).and_then(|live| live.agent);
    if live.is_some_and(|agent| scan::lives(&agent, boot)) {
        let kind = tab.session.agent.as_ref().map_or("an agent", |agent| agent.kind.as_str());
        return Err(Obstacle::Agent(name::shown(kind)));
    }
    let tree = scan::trees(&[*pid], boot).pop().unwrap_or_default();
    if let Some(spec) = tree.iter().find_map(|process| ctx.agents().recognise(&process.argv)) {
        return Err(Obstacle::Agent(spec.kind().to_owned()));
    }
    let terminal = tty::of_process(*pid);
    // What has a terminal of its own is in front there, and not here.
    let is_here = |process: &&Proc| {
        let own = tty::of_process(process.id.pid);
        process.foreground && (own.is_none() || own == terminal)
    };
    let front: Vec<&Proc> = tree.iter().filter(is_here).collect();
    let Some(last) = front.last() else {
        let hidden = tree.last().ok_or(Obstacle::Nobody)?;
        return Err(Obstacle::Program(program(hidden)));
    };
    let taking = |process: &&Proc| Some((kind(ctx, process)?, process.id.clone()));
    let Some((kind, process)) = front.iter().rev().find_map(taking) else {
        let name = program(last);
        let is_shell = SHELLS.contains(&&*name) && !last.argv.iter().skip(1).any(is_script);
        return Err(if is_shell { Obstacle::Stranger(name) } else { Obstacle::Program(name) });
    };
    // Others in its group are what it began without job control, as in its start-up file.
    let is_at_prompt = match terminal.as_deref() {
        Some(terminal) => tty::reads_keys(terminal).unwrap_or(true),
        // Where the system tells, its streams are led elsewhere.
        None => !cfg!(target_os = "linux") && process == last.id,
    };
    if !is_at_prompt {
        return Err(Obstacle::AtWork(kind.name()));
    }
    Ok(Shell { pane: pane.clone(), process, kind, terminal })
}

/// What a process is, if it has made itself known as that.
fn kind(ctx: &Ctx, process: &Proc) -> Option<ShellKind> {
    let known = ctx.store.taking_shell(process.id.pid)?;
    let kind = ShellKind::ALL.into_iter().find(|kind| kind.name() == known)?;
    // It may have become another one since.
    (program(process) == kind.name()).then_some(kind)
}

/// A shell that was given something to run stands at no prompt.
fn is_script(word: &String) -> bool {
    word == "-c" || !word.starts_with('-')
}

/// The name of a process's program.
fn program(process: &Proc) -> String {
    let path = process.argv.first().map_or("", String::as_str);
    name::shown(path.rsplit('/').next().unwrap_or(path).trim_start_matches('-'))
}

fn fault(tab: &str, obstacle: &Obstacle) -> Fault {
    let fault = |kind, message: String, hint: String| Fault::new(kind, message).hint(hint);
    let go = format!("`tabctl go {tab}` brings you there");
    match obstacle {
        Obstacle::Agent(kind) => {
            let hint = "a command needs a tab with a shell: `tabctl new NAME` makes one".to_owned();
            fault(Kind::Busy, format!("{kind} has the terminal of '{tab}'"), hint)
        }
        Obstacle::Program(program) => {
            fault(Kind::Busy, format!("{program} runs in '{tab}': its shell takes no command"), go)
        }
        Obstacle::AtWork(shell) => fault(
            Kind::Busy,
            format!("the {shell} in '{tab}' is at work, and not at its prompt"),
            go,
        ),
        Obstacle::Stranger(shell) if ShellKind::ALL.iter().any(|kind| kind.name() == shell) => {
            let hint = format!(
                "see `tabctl init --help`, then run `exec {shell}` there; it takes bash 5, zsh or fish"
            );
            fault(Kind::NotFound, format!("the {shell} in '{tab}' has not loaded tabctl"), hint)
        }
        Obstacle::Stranger(shell) => {
            let hint = "bash 5, zsh and fish do, with `tabctl init`".to_owned();
            fault(Kind::NotFound, format!("the {shell} in '{tab}' takes no commands"), hint)
        }
        Obstacle::Nobody => {
            let hint = format!("`tabctl resume {tab}` brings it back");
            fault(Kind::Gone, format!("'{tab}' is down: nothing can be run in it"), hint)
        }
    }
}
