//! Reaches a person by one channel: a bell, the desktop, the terminal around tmux, a program of the
//! person's own. Must not decide whether to, and must not let a tab's text act on what shows it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::config::{Channel, Presence};
use crate::engine::Client;
use crate::error::{Fault, Kind, fault_of};
use crate::model::id::TabId;
use crate::model::notice::{self, Notice};
use crate::model::status::State;
use crate::sys::{run, tty};

use super::Ctx;

/// What rings a terminal's bell.
pub const BELL: &[u8] = b"\x07";
/// The longest that a desktop or a program may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The desktop's own programs: the first that is installed is asked.
const DESKTOPS: [&str; 2] = ["notify-send", "osascript"];

/// What came of one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The channel.
    pub channel: Channel,
    /// Whether it was reached.
    pub done: bool,
    /// What was done, or why nothing was, and what helps.
    pub what: String,
}

/// Sends a notice that is none, by these channels or those of the settings.
pub fn test(ctx: &Ctx, channels: &[Channel]) -> Vec<Sent> {
    let settings = &ctx.settings.presence;
    let channels = if channels.is_empty() { &settings.notify } else { channels };
    let notice = Notice {
        title: "tabctl can reach you".to_owned(),
        text: "this is how it tells you of a tab".to_owned(),
        id: TabId::from_parts(0, 0),
        tab: "test".to_owned(),
        state: State::Attention,
        reason: Some("test".to_owned()),
        detail: None,
        since: ctx.now(),
        workspace: ctx.paths.home.display().to_string(),
    };
    let clients = ctx.engine().clients(None).unwrap_or_default();
    let sent =
        |channel: &Channel| match send(*channel, settings, &notice, &clients, &ctx.paths.home) {
            Ok(what) => Sent { channel: *channel, done: true, what },
            Err(error) => {
                let hint = fault_of(&error).and_then(|fault| fault.hint.clone());
                let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
                Sent { channel: *channel, done: false, what: format!("{error:#}{hint}") }
            }
        };
    channels.iter().map(sent).collect()
}

/// Sends a notice by one channel; says what was done.
pub fn send(
    channel: Channel,
    settings: &Presence,
    notice: &Notice,
    clients: &[Client],
    home: &Path,
) -> Result<String> {
    match channel {
        Channel::Bell => {
            tty::say(Path::new(tty::OWN), BELL).map_err(|_| {
                Fault::new(Kind::NotFound, "this runs in no terminal that could ring")
                    .hint("a tab rings in its own pane")
            })?;
            Ok("rang in this terminal".to_owned())
        }
        Channel::Desktop => desktop(notice),
        Channel::Terminal => terminals(notice, clients),
        Channel::Command => command(&settings.command, notice, home),
    }
}

/// The channels of the settings that cannot work here, and why.
pub fn lacking(settings: &Presence, home: &Path) -> Vec<(Channel, Fault)> {
    let lacks = |channel: &Channel| {
        let fault = match channel {
            Channel::Bell | Channel::Terminal => None,
            Channel::Desktop => desktop_program().err(),
            Channel::Command => own_program(&settings.command, home).err(),
        };
        fault.map(|fault| (*channel, fault))
    };
    settings.notify.iter().filter_map(lacks).collect()
}

fn desktop_program() -> Result<(&'static str, PathBuf), Fault> {
    let path = std::env::var_os("PATH");
    let find = |name| Some((name, run::find_program(name, path.as_deref())?));
    DESKTOPS.into_iter().find_map(find).ok_or_else(|| {
        Fault::new(Kind::NotFound, "neither notify-send nor osascript is in PATH")
            .hint("install libnotify (the package libnotify-bin on Debian)")
    })
}

fn desktop(notice: &Notice) -> Result<String> {
    let (name, program) = desktop_program()?;
    let mut desktop = run::command(program);
    match name {
        "osascript" => desktop.args([
            "-e",
            "on run argv",
            "-e",
            "display notification (item 2 of argv) with title (item 1 of argv)",
            "-e",
            "end run",
        ]),
        _ => desktop.args(["--app-name=tabctl", "--"]),
    };
    desktop.args([&notice.title, &notice.text]);
    ended_well(name, &run::capture(desktop, PATIENCE)?)?;
    Ok(format!("{name} took it"))
}

/// The program's own words come from outside.
fn ended_well(program: &str, output: &std::process::Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().map(notice::plain).find(|line| !line.is_empty());
    let said = said.map(|line| format!(": {line}")).unwrap_or_default();
    Err(Fault::new(Kind::Other, format!("{program} ended with {}{said}", output.status)).into())
}

/// A terminal shows it by itself, wherever it runs: also at the other end of ssh.
fn terminals(notice: &Notice, clients: &[Client]) -> Result<String> {
    let mut reached: Vec<&str> = Vec::new();
    let mut failed = None;
    for client in clients.iter().filter(|client| client.tty.starts_with("/dev/")) {
        match tty::say(Path::new(&client.tty), &sequence(notice, &client.terminal)) {
            Ok(()) => reached.push(&client.tty),
            Err(error) => failed = Some(error),
        }
    }
    match (reached.as_slice(), failed) {
        ([], Some(error)) => Err(error),
        ([], None) => Err(Fault::new(Kind::NotFound, "no terminal is attached to tmux")
            .hint("`tmux attach` attaches one")
            .into()),
        (reached, _) => Ok(format!("told {}", reached.join(", "))),
    }
}

/// The sequence that this terminal knows: each has its own, and most show what two of them say twice.
fn sequence(notice: &Notice, terminal: &str) -> Vec<u8> {
    let (title, text) = (notice::plain(&notice.title), notice::plain(&notice.text));
    let is = |names: &[&str]| names.iter().any(|name| terminal.contains(name));
    let sequence = if is(&["kitty"]) {
        // Two parts of one notification.
        format!(
            "\x1b]99;i=tabctl:d=0:p=title;{title}\x1b\\\x1b]99;i=tabctl:d=1:p=body;{text}\x1b\\"
        )
    } else if is(&["rxvt", "foot"]) {
        format!("\x1b]777;notify;{title};{text}\x1b\\")
    } else {
        format!("\x1b]9;{title}: {text}\x1b\\")
    };
    sequence.into_bytes()
}

/// The first word of the setting, found as a shell would find it.
fn own_program(words: &[String], home: &Path) -> Result<PathBuf, Fault> {
    let program = words.first().ok_or_else(|| {
        Fault::new(Kind::NotFound, "notify_command is not set")
            .hint("set it in config.yaml: `tabctl config` says where")
    })?;
    let path = std::env::var_os("PATH");
    let found = match program.strip_prefix("~/") {
        Some(rest) => run::find_program(&home.join(rest).display().to_string(), None),
        None => run::find_program(program, path.as_deref()),
    };
    found.ok_or_else(|| {
        let program = notice::plain(program);
        Fault::new(Kind::NotFound, format!("notify_command is {program}, and that is no program"))
            .hint("its first word is a program in PATH, or a path from / or ~/ on")
    })
}

/// The person's program gets it as JSON. No shell reads the line, and no text of a tab stands on it.
fn command(words: &[String], notice: &Notice, home: &Path) -> Result<String> {
    let program = own_program(words, home)?;
    let mut command = run::command(&program);
    command.args(&words[1..]).current_dir(home);
    let mut json = serde_json::to_vec(notice)?;
    json.push(b'\n');
    let name = notice::plain(&program.display().to_string());
    ended_well(&name, &run::capture_fed(command, PATIENCE, &json)?)?;
    Ok(format!("{name} took it"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn hostile() -> Notice {
        Notice {
            title: "a\u{1b}]0;x\u{7} needs you".to_owned(),
            text: "which;one\u{9c}\u{1b}\\\n#(id)".to_owned(),
            id: TabId::from_parts(0, 1),
            tab: "a".to_owned(),
            state: State::Attention,
            reason: None,
            detail: None,
            since: DateTime::default(),
            workspace: String::new(),
        }
    }

    #[test]
    fn each_terminal_is_told_in_its_own_way_and_nothing_ends_the_sequence_early() {
        for (terminal, start, sequences) in [
            ("xterm-kitty", "\x1b]99;", 2),
            ("foot", "\x1b]777;notify;", 1),
            ("xterm", "\x1b]9;", 1),
        ] {
            let bytes = sequence(&hostile(), terminal);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(text.starts_with(start), "{text:?}");
            assert_eq!(text.matches('\x1b').count(), 2 * sequences, "{text:?}");
            assert!(!text.contains(['\x07', '\u{9c}', '\n']), "{text:?}");
            let mut signals = Vec::new();
            crate::model::terminal::Parser::default().feed(&bytes, &mut signals);
            assert_eq!(signals.len(), sequences, "{signals:?}");
        }
    }
}
