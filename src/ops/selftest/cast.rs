//! The tabs of the self-test: one for each thing that can be lost. Must only use what a person has:
//! commands, the screen, the process table.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::model::compared::{Compared, Fact};
use crate::model::pane::PaneId;
use crate::model::proc::Proc;
use crate::model::row::Row;
use crate::model::status::State;
use crate::scan;

use super::stage::{Running, Stage};
use super::{Seen, stuck};

/// The longest that a screen may take to show what is expected: a crowded machine.
const LIMIT: Duration = Duration::from_secs(20);
/// The kind of agent.
const AGENT: &str = "demo";
/// The variable that decides where it keeps its conversations, as an account folder does.
const ACCOUNT: &str = "TABCTL_DEMO_HOME";

/// One tab.
struct Part {
    tab: &'static str,
    folder: &'static str,
    flags: Option<&'static [&'static str]>,
    /// Another account folder than the usual one.
    account: Option<&'static str>,
    said: &'static [&'static str],
    note: Option<&'static str>,
    locked: bool,
}

const CAST: [Part; 5] = [
    Part {
        tab: "api",
        folder: "api",
        flags: Some(&["--model", "large", "--yolo"]),
        account: None,
        said: &["buy milk", "and eggs"],
        note: Some("the migration is half done"),
        locked: false,
    },
    Part {
        tab: "review",
        folder: "shared",
        flags: Some(&["--model", "medium"]),
        account: None,
        said: &["look at the tests"],
        note: None,
        locked: false,
    },
    Part {
        tab: "docs",
        folder: "shared",
        flags: Some(&[]),
        account: None,
        said: &["write a quick start"],
        note: None,
        locked: false,
    },
    Part {
        tab: "vault",
        folder: "vault",
        flags: Some(&[]),
        account: Some("account"),
        said: &["keep this apart"],
        note: None,
        locked: true,
    },
    Part {
        tab: "logs",
        folder: "logs",
        flags: None,
        account: None,
        said: &[],
        note: None,
        locked: false,
    },
];

/// Makes the tabs, one behind the other, so that each has its place.
pub fn enter(stage: &Stage) -> Result<()> {
    let mut making = Vec::new();
    let opened = open(stage, &mut making);
    // Whatever went wrong: nobody makes a tab any more when the stage is cleared.
    let made: Vec<Result<_>> = making.into_iter().map(Running::end).collect();
    made.into_iter().try_for_each(|one| one.map(|_| ()))?;
    opened?;
    for part in &CAST {
        if let Some(note) = part.note {
            stage.tabctl(&["note", "--tab", part.tab, note])?;
        }
        if part.locked {
            stage.tabctl(&["lock", part.tab])?;
        }
    }
    Ok(())
}

fn open(stage: &Stage, making: &mut Vec<Running>) -> Result<()> {
    for part in &CAST {
        let folder = stage.workspace(part.folder)?.display().to_string();
        let mut words = vec!["new", part.tab, "--detach", "--dir", &folder];
        if let Some(flags) = part.flags {
            words.extend(["--agent", AGENT, "--"]);
            words.extend(flags);
        }
        let account = part.account.map(|account| stage.folder.join(account));
        let account: Vec<(&str, &Path)> = account.iter().map(|it| (ACCOUNT, &**it)).collect();
        let one = stage.start(&words, &account)?;
        let there = stage.until(&format!("the window of '{}'", part.tab), LIMIT, &mut || {
            if one.is_over() {
                return Ok(Some(()));
            }
            let row = stage.rows()?.into_iter().find(|row| row.tab == part.tab);
            Ok(row.and_then(|row| row.pane).map(|_| ()))
        });
        making.push(one);
        there?;
    }
    Ok(())
}

/// Says to each agent what is to be said.
pub fn talk(stage: &Stage) -> Result<()> {
    for turn in 0..CAST.iter().map(|part| part.said.len()).max().unwrap_or(0) {
        let speaking = CAST.iter().filter_map(|part| Some((part, *part.said.get(turn)?)));
        let speaking: Vec<_> = speaking.collect();
        say(stage, &speaking, turn + 1)?;
    }
    Ok(())
}

/// Says one line to each of these, all at once, and gives their screens when they have answered.
fn say(stage: &Stage, lines: &[(&Part, &str)], number: usize) -> Result<Vec<String>> {
    let panes = lines.iter().map(|(part, line)| Ok((pane(stage, part)?, *line)));
    let panes: Vec<(PaneId, &str)> = panes.collect::<Result<_>>()?;
    for (pane, line) in &panes {
        wait_for(stage, pane, "\n>")?;
        stage.ctx.tmux().type_line(pane, line)?;
    }
    let answered = |(pane, _): &(PaneId, _)| wait_for(stage, pane, &format!("({number})"));
    panes.iter().map(answered).collect()
}

fn pane(stage: &Stage, part: &Part) -> Result<PaneId> {
    stage.row(part.tab)?.pane.ok_or_else(|| stuck(format!("'{}' has no pane", part.tab)))
}

fn wait_for(stage: &Stage, pane: &PaneId, text: &str) -> Result<String> {
    let mut last = String::new();
    let seen = stage.until(&format!("'{}' on the screen", text.trim()), LIMIT, &mut || {
        last = stage.screen(pane)?;
        Ok(last.contains(text).then(|| last.clone()))
    });
    seen.with_context(|| format!("the screen shows:\n{}", last.trim_end()))
}

/// What is seen of each tab now, once the agents wait for a prompt.
pub fn facts(stage: &Stage) -> Result<Vec<Seen>> {
    let calm = |row: &Row| matches!(row.status.claim.state, State::Idle | State::Shell);
    let rows = stage.until("all agents to wait for a prompt", LIMIT, &mut || {
        let rows = stage.rows()?;
        Ok(rows.iter().all(calm).then_some(rows))
    })?;
    CAST.iter()
        .map(|part| {
            let row = rows.iter().find(|row| row.tab == part.tab);
            seen(stage, part, row.with_context(|| format!("'{}' is gone", part.tab))?)
        })
        .collect()
}

fn seen(stage: &Stage, part: &Part, row: &Row) -> Result<Seen> {
    let live = stage.ctx.store.live(row.id).unwrap_or_default();
    let process = match part.flags {
        Some(_) => live.agent,
        None => live.holder.map(|holder| holder.runner),
    };
    let process = process.and_then(|id| scan::process(id.pid, &stage.ctx.store.boot));
    let within =
        |path: &Path| path.strip_prefix(&stage.folder).unwrap_or(path).display().to_string();
    let environment = process.as_ref().map(|it| scan::environment(it.id.pid)).unwrap_or_default();
    let account = environment.into_iter().find(|(name, _)| name == ACCOUNT);
    let spec = stage.ctx.agents().get(AGENT)?;
    let runs = process.as_ref().and_then(|process| spec.id_in_argv(&process.argv));
    let conversation = match (part.flags, runs, &row.session_id) {
        (None, ..) | (_, None, _) => String::new(),
        (_, Some(runs), Some(known)) if runs == *known => runs,
        (_, Some(runs), known) => {
            format!("{runs}, recorded as {}", known.as_deref().unwrap_or("-"))
        }
    };
    let panes = stage.ctx.engine().panes()?;
    let place = row.pane.as_ref().and_then(|pane| panes.iter().find(|it| it.id == *pane));
    let facts = vec![
        ("conversation", conversation),
        ("flags", process.as_ref().filter(|_| part.flags.is_some()).map(flags).unwrap_or_default()),
        (
            "folder",
            process.as_ref().and_then(|it| it.cwd.as_deref()).map(within).unwrap_or_default(),
        ),
        ("env", account.map(|(_, value)| within(value.as_ref())).unwrap_or_default()),
        (
            "place",
            place.map(|it| format!("{}:{}", it.session, it.window_index)).unwrap_or_default(),
        ),
        ("lock", if row.locked { "locked".to_owned() } else { String::new() }),
    ];
    Ok(Seen { tab: part.tab, facts })
}

/// The command line without the program and without what chooses the conversation.
fn flags(process: &Proc) -> String {
    let words: Vec<&str> = process.argv.iter().map(String::as_str).collect();
    let base = words.iter().position(|word| *word == "demo-agent").map_or(0, |at| at + 1);
    let mut left = Vec::new();
    let mut words = words[base..].iter();
    while let Some(word) = words.next() {
        if matches!(*word, "--resume" | "--session-id") {
            words.next();
        } else {
            left.push(*word);
        }
    }
    left.join(" ")
}

/// After the crash nothing lives.
pub fn all_down(stage: &Stage) -> Result<()> {
    let living = stage.rows()?.into_iter().find(|row| row.status.claim.state != State::Down);
    match living {
        None => Ok(()),
        Some(row) => {
            let shown = row.status.claim.state.word();
            Err(stuck(format!("everything was killed, and '{}' is shown as {shown}", row.tab)))
        }
    }
}

/// Asks each agent something new: the answer knows what was said last. Also whether notes are shown.
pub fn remembered(stage: &Stage) -> Result<Vec<Vec<Fact>>> {
    let mut facts: Vec<Vec<Fact>> = Vec::new();
    for part in &CAST {
        let (note, said) = (part.note.unwrap_or_default(), part.said.last().unwrap_or(&""));
        let row = stage.row(part.tab)?;
        let screen = match row.status.claim.state {
            State::Idle => say(stage, &[(part, "what else?")], part.said.len() + 1)?.concat(),
            _ => row.pane.map(|pane| stage.screen(&pane)).transpose()?.unwrap_or_default(),
        };
        let answer =
            |line: &str| Some(line.split_once("after \"")?.1.strip_suffix('"')?.to_owned());
        let after = screen.lines().rev().find_map(answer).unwrap_or_default();
        let is_shown = if screen.contains(note) { note } else { "" };
        facts.push(vec![Fact::new("note", note, is_shown), Fact::new("remembers", *said, after)]);
    }
    Ok(facts)
}

/// That nothing runs twice: the agents, counted.
pub fn running(stage: &Stage, what: &'static str) -> Result<Compared> {
    let panes = stage.ctx.engine().panes()?;
    let lives = stage.ctx.store.lives();
    let agents = lives.values().filter(|live| live.agent.is_some()).count();
    let wanted = CAST.iter().filter(|part| part.flags.is_some()).count();
    let told = |panes: usize, agents: usize| format!("{panes} windows, {agents} agents");
    let fact = Fact::new(what, told(CAST.len(), wanted), told(panes.len(), agents));
    Ok(Compared { tab: "(all)".to_owned(), facts: vec![fact] })
}
