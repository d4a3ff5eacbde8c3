//! The simulated reboot with the person's own agent: a throwaway conversation, the real settings.
//! Must not answer a question of the agent: it only types its two prompts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::agents::Transcript;
use crate::error::{Fault, Kind};
use crate::model::compared::{Compared, Fact};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::status::State;
use crate::ops::{Ctx, order};
use crate::sys::clock;

use super::stage::Stage;
use super::{End, Report, finish, stuck};

/// The longest that an agent may take to start.
const START_LIMIT: Duration = Duration::from_mins(2);
/// The longest that its model may take for a short answer.
const ANSWER_LIMIT: Duration = Duration::from_mins(3);
/// What was typed stands in the conversation by then, or the agent did not take it.
const TAKEN_LIMIT: Duration = Duration::from_secs(25);
/// An agent that calls itself ready and draws on may lose what is typed.
const QUIET: Duration = Duration::from_millis(1500);
/// The tab's name.
const TAB: &str = "selftest";

/// What a person wants.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The agent's kind.
    pub agent: String,
    /// The folder to start it in: one that it trusts. An empty new one without it.
    pub folder: Option<PathBuf>,
    /// Arguments for it.
    pub arguments: Vec<String>,
    /// Leave the stage.
    pub keep: bool,
}

/// What will happen, for the question whether it may.
pub fn what_it_does(ctx: &Ctx, wish: &Wish) -> Result<Vec<String>> {
    let agent = ctx.agents().get(&wish.agent)?.kind().to_owned();
    let folder = match &wish.folder {
        Some(folder) => folder.display().to_string(),
        None => "a new empty folder".to_owned(),
    };
    Ok(vec![
        format!("This starts your own {agent}, with your settings, in {folder}, on a private tmux"),
        "server. It sends two short prompts, which cost a little, kills the agent in between (kill"
            .to_owned(),
        "-9), and runs `tabctl resume`. The conversation stays in the agent's own history; your"
            .to_owned(),
        "tabs are not touched.".to_owned(),
    ])
}

/// Runs it.
pub fn real(ctx: &Ctx, wish: &Wish, tell: &mut dyn FnMut(&str)) -> Result<End> {
    let folder = wish.folder.as_deref().map(Path::canonicalize).transpose().map_err(|error| {
        Fault::new(Kind::NotFound, format!("no such folder: {error}")).hint("make it first")
    })?;
    let stage = Stage::open(wish.keep, &ctx.paths)?;
    let mut file = None;
    let end = finish(stage, |stage| {
        let workspace = folder.map_or_else(|| stage.workspace(TAB), Ok)?;
        play(stage, wish, &workspace, &mut file, tell)
    });
    // In a folder of the person's, the session file is the one thing of ours.
    if let Some(file) = file.filter(|_| !wish.keep) {
        crate::sys::file::remove(&file)?;
    }
    end
}

fn play(
    stage: &mut Stage,
    wish: &Wish,
    workspace: &Path,
    file: &mut Option<PathBuf>,
    tell: &mut dyn FnMut(&str),
) -> Result<Report> {
    tell(&format!("starting {} in {}", wish.agent, workspace.display()));
    let folder = workspace.display().to_string();
    let mut words = vec!["new", TAB, "--detach", "--agent", &wish.agent, "--dir", &folder, "--"];
    words.extend(wish.arguments.iter().map(String::as_str));
    let made = stage.tabctl(&words);
    *file = stage.row(TAB).ok().map(|row| PathBuf::from(row.file));
    made?;
    let (first, second) = (word()?, word()?);
    ready(stage)?;
    tell("first prompt");
    ask(stage, workspace, &format!("Remember the word {first}. Answer with OK only."), &first)?;
    let before = stage.row(TAB)?;
    let id = before.session_id.clone().context("the agent's conversation id is not known")?;
    tell("killing the tmux server and the agent in it (kill -9); another boot begins");
    stage.crash()?;
    tell("tabctl resume");
    let (resume_ms, complaint) = stage.resume()?;
    if let Some(complaint) = complaint {
        return Err(stuck(complaint));
    }
    ready(stage)?;
    tell("second prompt");
    let prompt = format!("Which word did I ask you to remember? Answer with it, then {second}.");
    ask(stage, workspace, &prompt, &second)?;
    let after = stage.row(TAB)?;
    let (path, text) = conversation(stage, workspace, &id)?;
    let turns = |text: &str| {
        let has = |word: &str| text.contains(word);
        format!("{} of 2", u8::from(has(&first)) + u8::from(has(&second)))
    };
    let facts = vec![
        Fact::new("conversation", id, after.session_id.unwrap_or_default()),
        Fact::new("folder", before.workspace, after.workspace),
        Fact::new("turns in the conversation", "2 of 2", turns(&text)),
    ];
    let knew = text.rsplit_once(&second).is_some_and(|(said, _)| {
        said.rsplit_once(&*prompt).is_some_and(|(_, answer)| answer.contains(&first))
    });
    let mut remarks = vec![format!("the conversation stays in {}", stage.ctx.paths.short(&path))];
    if knew {
        remarks.push(format!("its second answer named the word of the first prompt, {first}"));
    }
    let tab = Compared { tab: wish.agent.clone(), facts };
    Ok(Report { same: tab.is_same(), tabs: vec![tab], remarks, resume_ms, took_ms: 0, kept: None })
}

/// Waits until the agent takes a prompt. A question that it asks first is the person's to answer.
fn ready(stage: &Stage) -> Result<()> {
    let row = stage.until("the agent to take a prompt", START_LIMIT, &mut || {
        let row = stage.row(TAB)?;
        let is_settled = matches!(
            row.status.claim.state,
            State::Idle | State::Attention | State::Shell | State::Down | State::Failed
        );
        Ok(Some(row).filter(|_| is_settled))
    })?;
    let pane = row.pane.context("the agent's tab has no pane")?;
    let (what, hint) = match row.status.claim.state {
        State::Idle => return quiet(stage, &pane),
        State::Attention => (
            "the agent asks something before it takes a prompt",
            "start it in a folder by hand, answer, and name that folder: --dir DIR",
        ),
        _ => ("the agent ended", "start it by hand: does it say why?"),
    };
    let screen = stage.screen(&pane)?;
    Err(Fault::new(Kind::AgentFailed, format!("{what}:\n{}", screen.trim_end())).hint(hint).into())
}

fn quiet(stage: &Stage, pane: &PaneId) -> Result<()> {
    let mut last = (String::new(), std::time::Instant::now());
    stage.until("the agent's screen to be still", START_LIMIT, &mut || {
        let screen = stage.screen(pane)?;
        if screen != last.0 {
            last = (screen, std::time::Instant::now());
        }
        Ok((last.1.elapsed() >= QUIET).then_some(()))
    })
}

/// Types a prompt, once more if the agent lost it, and waits until it was answered.
fn ask(stage: &Stage, workspace: &Path, prompt: &str, word: &str) -> Result<()> {
    let pane = stage.row(TAB)?.pane.context("the agent's tab has no pane")?;
    let mut taken = Ok(());
    for _ in 0..2 {
        stage.ctx.tmux().type_line(&pane, prompt)?;
        taken = stage.until("the prompt to be in the conversation", TAKEN_LIMIT, &mut || {
            let Some(id) = stage.row(TAB)?.session_id else { return Ok(None) };
            let written = conversation(stage, workspace, &id);
            Ok(written.ok().filter(|(_, text)| text.contains(word)).map(|_| ()))
        });
        if taken.is_ok() || stage.interrupted().is_some() {
            break;
        }
    }
    taken.with_context(|| {
        let screen = stage.screen(&pane).unwrap_or_default();
        format!("the screen shows:\n{}", screen.trim_end())
    })?;
    let is_idle = |row: &Row| row.status.claim.state == State::Idle;
    stage.until("the answer", ANSWER_LIMIT, &mut || {
        Ok(Some(stage.row(TAB)?).filter(is_idle).map(|_| ()))
    })?;
    quiet(stage, &pane)
}

/// What the agent has written down of a conversation.
fn conversation(stage: &Stage, workspace: &Path, id: &str) -> Result<(PathBuf, String)> {
    let row = stage.row(TAB)?;
    let session = stage.ctx.store.load_id(row.id)?.session;
    let agent = session.agent.context("the tab has no agent")?;
    let spec = stage.ctx.agents().get(&agent.kind)?;
    let environment = order::environment(spec, agent.launch.as_ref());
    let around = order::surroundings(&stage.ctx, &environment, workspace);
    match spec.transcript(Some(id), &around) {
        Transcript::Present(path) => {
            let mut bytes = std::fs::read(&path)?;
            // What a database has not yet taken in stands beside it.
            let mut log = path.clone().into_os_string();
            log.push("-wal");
            bytes.extend(std::fs::read(log).unwrap_or_default());
            Ok((path, String::from_utf8_lossy(&bytes).into_owned()))
        }
        Transcript::Unknowable(why) => Err(stuck(why)),
        _ => Err(stuck(format!("the conversation {id} is not where the agent keeps it"))),
    }
}

/// A word that stands in no other conversation.
fn word() -> Result<String> {
    Ok(format!("tab{:08x}", clock::random_u128()? >> 96))
}
