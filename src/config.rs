//! Settings: environment over file over default, each with where it came from.
//! Must not be read from a workspace: a cloned folder cannot configure tabctl.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::error::{Fault, Kind};
use crate::sys::{file, paths::Paths};

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

fn parse(path: &Path, bytes: &[u8]) -> Result<Written> {
    let wrong = |why: String| {
        Fault::new(Kind::BadFile, format!("{}: {why}", path.display()))
            .hint("`tabctl config` lists the settings that exist")
    };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("not UTF-8".to_owned()))?;
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Written::default());
    }
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(text, options).map_err(|e| wrong(e.to_string()).into())
}

/// Layers the values. Pure: the environment comes in as a function.
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
    let word = |flag: Option<bool>| flag.map(|flag| flag.to_string());
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
        git_exclude: flag(&text(
            "git_exclude",
            "TABCTL_GIT_EXCLUDE",
            "keep session files out of git (.git/info/exclude)",
            word(written.git_exclude),
            "true",
        ))?,
        status_in_file: flag(&text(
            "status_in_file",
            "TABCTL_STATUS_IN_FILE",
            "write the coarse status into the session file",
            word(written.status_in_file),
            "true",
        ))?,
    };
    Ok((settings, all))
}

fn flag(value: &str) -> Result<bool> {
    match value {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        other => Err(Fault::new(Kind::Usage, format!("'{other}' is not true or false"))
            .hint("`tabctl config` shows which variable or file it came from")
            .into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let path = Path::new("config.yaml");
        let written = parse(path, b"session: work\ngit_exclude: false\n").unwrap();
        let variable = |name: &str| (name == "TABCTL_GIT_EXCLUDE").then(|| "true".to_owned());
        let (settings, all) = effective(written, &variable).unwrap();
        assert_eq!((settings.session.as_str(), settings.git_exclude), ("work", true));
        let origin = |key| all.iter().find(|s| s.key == key).unwrap().origin.clone();
        assert_eq!(origin("session"), Origin::File);
        assert_eq!(origin("git_exclude"), Origin::Environment);
        assert_eq!(origin("agent"), Origin::Default);
    }

    #[test]
    fn a_typing_error_in_the_file_is_found() {
        let path = Path::new("config.yaml");
        let error = parse(path, b"sesion: work\n").unwrap_err().to_string();
        assert!(error.contains("sesion") && error.contains("line 1"), "{error}");
        assert!(parse(path, b"# only a comment\n\n").is_ok());
        assert!(flag("maybe").is_err());
    }
}
