//! Settings: environment over file over default, each with where it came from.
//! Must not be read from a workspace: a cloned folder cannot configure tabctl.

mod presence;
mod resume;
mod shell;
mod snapshots;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub use self::look::{Look, Picker, Theme};
pub use self::resume::Resume;
pub use self::shell::Shell;
pub use self::snapshots::Snapshots;
use crate::error::yaml::Flaw;
use crate::error::{Fault, Kind};
use crate::sys::{file, paths::Paths};
pub use presence::{Channel, Presence};

mod look;

/// The effective settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The tmux server: empty for the user's own, a label for `-L`, an absolute path for `-S`.
    pub tmux_socket: String,
    /// The configuration file for a tmux server that tabctl starts; empty for the user's own.
    pub tmux_conf: String,
    /// The tmux session for tabs that are made outside tmux.
    pub session: String,
    /// The agent of `tabctl new` without `--agent`; empty for a plain shell.
    pub agent: String,
    /// Keep session files out of git through the repository's private exclude file.
    pub git_exclude: bool,
    /// Write the coarse status into the session file.
    pub status_in_file: bool,
    /// Give hooks to agents at launch.
    pub hooks: bool,
    /// How the runner observes its agent.
    pub observe: Observe,
    /// How many lines of a tab's pane are kept across a reboot. None unless a person wants it: the
    /// agent has its own transcript and shows it, and what stands on a screen may be a secret.
    pub scrollback: u16,
    /// Give restart notes to the agents that are resumed.
    pub resume_notes: bool,
    /// What `resume` may do without asking, and how fast.
    pub resume: Resume,
    /// What is kept of tabs by itself, and for how long.
    pub snapshots: Snapshots,
    /// What the person's own shell does for tabctl.
    pub shell: Shell,
    /// How the picker and the dashboard look.
    pub look: Look,
    /// What is shown in tmux, and told to a person who looks elsewhere.
    pub presence: Presence,
}

/// The most lines that can be kept.
const MOST_LINES: u16 = 5000;

/// How the runner observes its agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Observe {
    /// As the agent's file says.
    #[default]
    Auto,
    /// The runner owns the agent's terminal and passes everything on.
    Proxy,
    /// The agent has the pane's terminal.
    Direct,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Built in.
    Default,
    /// The settings file.
    File,
    /// An environment variable.
    Environment,
}

/// One setting as `tabctl config` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its name in the file.
    pub key: &'static str,
    /// The effective value.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// The variable that overrides it.
    pub variable: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// The file's wire shape: strict, so that a typing error is found.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tmux_socket: Option<String>,
    tmux_conf: Option<String>,
    session: Option<String>,
    agent: Option<String>,
    git_exclude: Option<bool>,
    status_in_file: Option<bool>,
    hooks: Option<bool>,
    observe: Option<String>,
    scrollback: Option<u16>,
    resume_notes: Option<bool>,
    resume_jobs: Option<u64>,
    resume_patience: Option<u64>,
    resume_max_age: Option<u64>,
    resume_max_agents: Option<u64>,
    snapshots: Option<u64>,
    snapshot_days: Option<u64>,
    snapshot_size: Option<u64>,
    snapshot_every: Option<u64>,
    prompt: Option<bool>,
    marks: Option<bool>,
    history: Option<bool>,
    picker: Option<String>,
    theme: Option<String>,
    tmux_presence: Option<bool>,
    notify: Option<String>,
    notify_command: Option<String>,
    notify_finished: Option<u64>,
}

/// The settings file of a user.
pub fn file_of(paths: &Paths) -> PathBuf {
    paths.config.join("config.yaml")
}

/// Reads the settings, with the origin of each.
pub fn load(paths: &Paths) -> Result<(Settings, Vec<Setting>)> {
    let path = file_of(paths);
    let written = match file::read(&path)? {
        Some(bytes) => parse(&path, &bytes)?,
        None => Written::default(),
    };
    effective(written, &|name| std::env::var(name).ok())
}

/// The settings of somebody who has set nothing.
pub fn defaults() -> Result<(Settings, Vec<Setting>)> {
    effective(Written::default(), &|_| None)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Written> {
    let wrong = |why: &str, hint: String| {
        Fault::new(Kind::BadFile, format!("{}: {why}", path.display())).hint(hint)
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|_| wrong("not UTF-8", "save it as UTF-8 text".to_owned()))?;
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Written::default());
    }
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let flaw = Flaw::from(&error);
        let key = flaw.place.and_then(|(line, _)| text.lines().nth(line - 1)?.split_once(':'));
        wrong(&flaw.to_string(), remedy(key.map(|(key, _)| key.trim()))).into()
    })
}

/// What to write instead, for the key of the line that is wrong.
fn remedy(key: Option<&str>) -> String {
    let known: Vec<&str> = defaults()
        .map(|(_, all)| all.iter().map(|setting| setting.key).collect())
        .unwrap_or_default();
    match key {
        Some(
            key @ ("git_exclude" | "status_in_file" | "hooks" | "resume_notes" | "prompt" | "marks"
            | "history" | "tmux_presence"),
        ) => format!("{key} is true or false"),
        Some(key @ "scrollback") => format!("{key} is a number from 0 to {MOST_LINES}"),
        Some(key)
            if known.contains(&key)
                && (["resume_", "snapshot"].iter().any(|it| key.starts_with(it))
                    || key.ends_with("finished")) =>
        {
            format!("{key} is a whole number, and stands once")
        }
        Some(key) if known.contains(&key) => format!("{key} is one text, and stands once"),
        Some(key) => {
            let near = |name: &&&str| strsim::damerau_levenshtein(key, name);
            match known.iter().min_by_key(near).filter(|name| near(name) <= 3) {
                Some(name) => format!("did you mean '{name}'?"),
                None => format!("the settings are {}", known.join(", ")),
            }
        }
        None => format!("the settings are {}, each as `NAME: VALUE`", known.join(", ")),
    }
}

/// Layers the values. Pure: the environment comes in as a function.
#[allow(clippy::too_many_lines)] // one setting after the other
fn effective(
    written: Written,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Settings, Vec<Setting>)> {
    let mut all = Vec::new();
    let mut text = |key, variable_name, about, file: Option<String>, default: &str| {
        let (value, origin) = match (variable(variable_name), file) {
            (Some(value), _) => (value, Origin::Environment),
            (None, Some(value)) => (value, Origin::File),
            (None, None) => (default.to_owned(), Origin::Default),
        };
        all.push(Setting { key, value: value.clone(), origin, variable: variable_name, about });
        value
    };
    let settings = Settings {
        tmux_socket: text(
            "tmux_socket",
            "TABCTL_TMUX_SOCKET",
            "tmux server: a label or an absolute socket path",
            written.tmux_socket,
            "",
        ),
        tmux_conf: text(
            "tmux_conf",
            "TABCTL_TMUX_CONF",
            "configuration of a tmux server that tabctl starts",
            written.tmux_conf,
            "",
        ),
        session: text(
            "session",
            "TABCTL_SESSION",
            "tmux session for tabs made outside tmux",
            written.session,
            "tabctl",
        ),
        agent: text(
            "agent",
            "TABCTL_AGENT",
            "agent of `tabctl new` without --agent",
            written.agent,
            "",
        ),
        git_exclude: toggle(
            &mut text,
            "git_exclude",
            "TABCTL_GIT_EXCLUDE",
            "keep session files out of git (.git/info/exclude)",
            written.git_exclude,
            true,
        )?,
        status_in_file: toggle(
            &mut text,
            "status_in_file",
            "TABCTL_STATUS_IN_FILE",
            "write the coarse status into the session file",
            written.status_in_file,
            true,
        )?,
        hooks: toggle(
            &mut text,
            "hooks",
            "TABCTL_HOOKS",
            "give hooks to the agents that tabctl starts",
            written.hooks,
            true,
        )?,
        observe: observe(&text(
            "observe",
            "TABCTL_OBSERVE",
            "how agents are observed: auto, proxy or direct",
            written.observe,
            "auto",
        ))?,
        scrollback: lines(&text(
            "scrollback",
            "TABCTL_SCROLLBACK",
            "lines of a tab's pane that are kept across a reboot; 0 for none",
            written.scrollback.map(|lines| lines.to_string()),
            "0",
        ))?,
        resume_notes: toggle(
            &mut text,
            "resume_notes",
            "TABCTL_RESUME_NOTES",
            "resume always gives agents their restart notes",
            written.resume_notes,
            false,
        )?,
        resume: resume::layered(
            [
                written.resume_jobs,
                written.resume_patience,
                written.resume_max_age,
                written.resume_max_agents,
            ],
            &mut text,
        )?,
        snapshots: snapshots::layered(
            [
                written.snapshots,
                written.snapshot_days,
                written.snapshot_size,
                written.snapshot_every,
            ],
            &mut text,
        )?,
        shell: shell::layered([written.prompt, written.marks, written.history], &mut text)?,
        look: look::layer(written.picker, written.theme, &mut text)?,
        presence: presence::layered(
            (
                written.tmux_presence,
                written.notify,
                written.notify_command,
                written.notify_finished,
            ),
            &mut text,
        )?,
    };
    Ok((settings, all))
}

/// Layers one setting: its name, its variable, what it is for, what the file says, the default.
type Layer<'a> =
    dyn FnMut(&'static str, &'static str, &'static str, Option<String>, &str) -> String + 'a;

/// A setting that is on or off.
fn toggle(
    text: &mut Layer,
    key: &'static str,
    variable: &'static str,
    about: &'static str,
    written: Option<bool>,
    default: bool,
) -> Result<bool> {
    let written = written.map(|on| on.to_string());
    flag(variable, &text(key, variable, about, written, &default.to_string()))
}

/// Reads a number that fits where it goes.
fn number<T: FromStr>(variable: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| {
        Fault::new(Kind::Usage, format!("{variable} is '{value}'"))
            .hint(format!("{variable} is a whole number; `unset {variable}` takes it away"))
            .into()
    })
}

fn observe(value: &str) -> Result<Observe> {
    match value {
        "auto" => Ok(Observe::Auto),
        "proxy" => Ok(Observe::Proxy),
        "direct" => Ok(Observe::Direct),
        other => Err(Fault::new(Kind::Usage, format!("observe is '{other}'"))
            .hint("observe (TABCTL_OBSERVE) is auto, proxy or direct")
            .into()),
    }
}

fn lines(value: &str) -> Result<u16> {
    value.parse().ok().filter(|lines| *lines <= MOST_LINES).ok_or_else(|| {
        Fault::new(Kind::Usage, format!("scrollback is '{value}'"))
            .hint(format!("scrollback (TABCTL_SCROLLBACK) is a number from 0 to {MOST_LINES}"))
            .into()
    })
}

/// Reads yes or no. Only the variable can say something else: the file's value has a type.
fn flag(variable: &str, value: &str) -> Result<bool> {
    match value {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        other => Err(Fault::new(Kind::Usage, format!("{variable} is '{other}'"))
            .hint(format!("{variable} is true or false; `unset {variable}` takes it away"))
            .into()),
    }
}

#[cfg(test)]
mod tests;
