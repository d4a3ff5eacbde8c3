//! The whole main job on a private tmux server with a small agent, step by step.
//! Must leave nothing behind, and must not touch anything of the user's.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::config::{self, Settings};
use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::status::State;
use crate::scan;
use crate::sys::{clock, file, paths::Paths, watch};

use super::plan::Wish;
use super::{Ctx, list, new, resume, select};

/// The longest that a screen may take to show what is expected.
const SCREEN_LIMIT: Duration = Duration::from_secs(10);
/// The demo's tab.
const TAB: &str = "demo";

/// What `demo` tells while it goes.
#[derive(Debug)]
pub enum Told<'a> {
    /// What happens next, as a person would say it.
    Step(&'a str),
    /// The command that does it.
    Command(&'a str),
    /// What the list shows now; the stage's own folder stands for the home.
    Rows(&'a [Row], &'a Path),
    /// What the tab's screen shows now.
    Screen(&'a str),
}

/// A private world: folders of its own and a tmux server of its own, gone when it is dropped.
struct Stage {
    folder: PathBuf,
    ctx: Ctx,
}

impl Stage {
    fn set() -> Result<Stage> {
        let name = format!("tabctl-demo-{:016x}", clock::random_u128()? >> 64);
        let folder = std::env::temp_dir().join(name);
        file::private_dir(&folder)?;
        let paths = Paths {
            home: folder.clone(),
            config: folder.join("config"),
            state: folder.join("state"),
            runtime: folder.join("run"),
        };
        let settings = Settings {
            tmux_socket: folder.join("tmux").display().to_string(),
            tmux_conf: "/dev/null".to_owned(),
            session: "demo".to_owned(),
            ..config::defaults()?.0
        };
        Ok(Stage { ctx: Ctx::new(paths, settings), folder })
    }

    fn workspace(&self) -> Result<PathBuf> {
        let workspace = self.folder.join("work");
        file::private_dir(&workspace)?;
        Ok(workspace)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let lives = self.ctx.store.lives().into_values();
        let runners: Vec<_> = lives.filter_map(|live| live.holder).map(|h| h.runner).collect();
        let _ = self.ctx.tmux().kill_server();
        // A runner writes a last record when its agent ends, and would make the folder again.
        for _ in 0..100 {
            let boot = &self.ctx.store.boot;
            let ended = runners.iter().all(|runner| !scan::lives(runner, boot));
            if ended && std::fs::remove_dir_all(&self.folder).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Shows the main job. An error is a step that did not come out as it should.
pub fn demo(tell: &mut dyn FnMut(Told) -> Result<()>) -> Result<()> {
    let stage = Stage::set()?;
    let ctx = &stage.ctx;
    tell(Told::Step(
        "A tab is made, with a small agent in it. Its conversation id is chosen now.",
    ))?;
    tell(Told::Command(
        "tabctl new demo --agent demo --task \"show what tabctl does\" -- --model tiny",
    ))?;
    let pane = make(ctx, &stage.workspace()?)?;
    tell(Told::Step("You talk with the agent, two turns."))?;
    turn(ctx, &pane, "buy milk", "(1)")?;
    let screen = turn(ctx, &pane, "and eggs", "(2)")?;
    tell(Told::Screen(&screen))?;
    tell(Told::Command("tabctl ls"))?;
    tell(Told::Rows(&calm(ctx)?, &ctx.paths.home))?;
    tell(Told::Step("The machine goes down: tmux and everything in it is killed."))?;
    ctx.tmux().kill_server()?;
    gone(ctx)?;
    tell(Told::Command("tabctl ls"))?;
    tell(Told::Rows(&rows(ctx)?, &ctx.paths.home))?;
    tell(Told::Step(
        "One command brings the tab back: same folder, same flags, same conversation.",
    ))?;
    tell(Told::Command("tabctl resume"))?;
    let pane = bring_back(ctx)?;
    let screen = turn(ctx, &pane, "what else?", "(3)")?;
    tell(Told::Screen(&screen))?;
    expect(&screen, "after \"and eggs\"")?;
    tell(Told::Command("tabctl ls"))?;
    tell(Told::Rows(&calm(ctx)?, &ctx.paths.home))?;
    tell(Told::Step(
        "The third answer knows the second turn: nothing was lost. Nothing of this stays.",
    ))
}

fn make(ctx: &Ctx, workspace: &Path) -> Result<PaneId> {
    let request = new::Request {
        name: Some(TAB.to_owned()),
        agent: Some("demo".to_owned()),
        arguments: vec!["--model".to_owned(), "tiny".to_owned()],
        folder: Some(workspace.to_owned()),
        task: Some("show what tabctl does".to_owned()),
        ..new::Request::default()
    };
    Ok(new::new(ctx, &request)?.pane)
}

/// Types a line and waits until the agent has answered it; gives the screen.
fn turn(ctx: &Ctx, pane: &PaneId, line: &str, answer: &str) -> Result<String> {
    wait_for(ctx, pane, "\n>")?;
    ctx.tmux().type_line(pane, line)?;
    wait_for(ctx, pane, answer)
}

fn wait_for(ctx: &Ctx, pane: &PaneId, text: &str) -> Result<String> {
    let screen = || -> Result<String> {
        let mut screens = ctx.engine().capture(std::slice::from_ref(pane), 20)?;
        Ok(screens.pop().unwrap_or_default().text)
    };
    let seen = watch::until_seen(&ctx.paths.home, SCREEN_LIMIT, &mut || {
        Ok(Some(screen()?).filter(|screen| screen.contains(text)))
    })?;
    if let Some(screen) = seen {
        Ok(screen.trim_end().to_owned())
    } else {
        expect(&screen()?, text)?;
        screen()
    }
}

fn expect(screen: &str, text: &str) -> Result<()> {
    if screen.contains(text) {
        return Ok(());
    }
    Err(Fault::new(
        Kind::AgentFailed,
        format!("the agent did not answer with {text}; it shows:\n{screen}"),
    )
    .hint("`tabctl doctor` looks at what tabctl relies on")
    .into())
}

fn rows(ctx: &Ctx) -> Result<Vec<Row>> {
    Ok(list::list(ctx)?.rows)
}

/// The rows once the agent has said that it waits: its word comes right behind its answer.
fn calm(ctx: &Ctx) -> Result<Vec<Row>> {
    let idle = watch::until_seen(&ctx.paths.runtime, SCREEN_LIMIT, &mut || {
        let rows = rows(ctx)?;
        Ok(rows.iter().all(|row| row.status.claim.state == State::Idle).then_some(rows))
    })?;
    idle.context("the agent waits, and is not shown to")
}

/// Waits until the tab is down: the processes need a moment to end.
fn gone(ctx: &Ctx) -> Result<()> {
    let down = watch::until_seen(&ctx.paths.runtime, SCREEN_LIMIT, &mut || {
        Ok(rows(ctx)?.iter().all(|row| row.status.claim.state == State::Down).then_some(()))
    })?;
    down.context("tmux was killed, and the tab is still there")
}

fn bring_back(ctx: &Ctx) -> Result<PaneId> {
    let tabs = select::tabs(ctx, &[])?;
    let done = resume::resume(ctx, tabs, Wish::default(), &mut |_| {})?;
    done.into_iter()
        .find_map(|resumed| resumed.is_well().then_some(resumed.pane).flatten())
        .context("the tab did not come back")
}
