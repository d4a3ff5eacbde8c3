//! The unit for systemd's instance of the user, and the questions to `systemctl` and `loginctl`.
//! Must not end what the unit started: the multiplexer's server outlives it.

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::sys::run;

use super::seal::{PLACE_OF_DIGEST, PLACE_OF_FOLDERS};
use super::surroundings::Surroundings;

/// The unit's name.
const UNIT: &str = "tabctl-resume.service";
/// The longest that systemd may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the unit is.
pub fn file(around: &Surroundings) -> PathBuf {
    around.config.join("systemd/user").join(UNIT)
}

/// The unit's text, unsealed.
pub fn text(around: &Surroundings) -> Result<String> {
    let command: Vec<String> = around.command().iter().map(|word| argument(word)).collect();
    let variables = around.variables.iter().map(|(name, value)| {
        format!("Environment={}\n", quoted(&format!("{name}={value}").replace('%', "%%")))
    });
    if around.program.contains(char::is_control) {
        let message = "the path of tabctl has a control character in it";
        return Err(Fault::new(Kind::Other, message).hint("install tabctl somewhere else").into());
    }
    Ok(format!(
        "\
# {PLACE_OF_DIGEST}
# {PLACE_OF_FOLDERS}
# `tabctl autostart disable` takes it out.
[Unit]
Description=Bring the tabs of tabctl back
# Behind everything else: no login waits for the tabs.
After=default.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={command}
# The multiplexer's server is started in here. A stop ends nothing but tabctl itself.
KillMode=process
# An agent that runs out of memory takes no other one along, and there may be many.
OOMPolicy=continue
TasksMax=infinity
TimeoutStartSec=15min
{variables}
[Install]
WantedBy=default.target
",
        command = command.join(" "),
        variables = variables.collect::<String>(),
    ))
}

/// A word of `ExecStart=`: there, variables are filled in too.
fn argument(word: &str) -> String {
    quoted(&word.replace('%', "%%").replace('$', "$$"))
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:=@".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether systemd answers for this user; else why not.
pub fn is_there() -> Result<(), String> {
    match systemctl(&["show-environment"]) {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("systemd does not answer for this user ({})", said(&output))),
        Err(_) => Err("there is no systemd".to_owned()),
    }
}

/// Has the unit started with the user's other units.
pub fn enable() -> Result<()> {
    done(&["daemon-reload"])?;
    done(&["enable", UNIT])
}

/// Has it not started any more.
pub fn disable() -> Result<()> {
    done(&["disable", UNIT])
}

/// Tells systemd that the file is gone.
pub fn forget() {
    // It finds out by itself at the next login.
    let _ = done(&["daemon-reload"]);
}

/// Whether it will be started.
pub fn is_enabled() -> bool {
    systemctl(&["is-enabled", UNIT]).is_ok_and(|output| output.status.success())
}

/// How it went in this boot; nothing if it was not started.
pub fn last_run() -> Option<String> {
    let fields = "--property=Result,ExecMainStatus,ExecMainExitTimestamp";
    let output = systemctl(&["show", UNIT, fields]).ok()?;
    last_run_in(&String::from_utf8_lossy(&output.stdout))
}

fn last_run_in(properties: &str) -> Option<String> {
    let field =
        |name: &str| properties.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let at = field("ExecMainExitTimestamp").filter(|at| !at.is_empty() && *at != "n/a")?;
    let result = match (field("Result")?, field("ExecMainStatus")?) {
        ("success", _) => "success".to_owned(),
        ("exit-code", code) => format!("exit code {code}"),
        (other, _) => other.to_owned(),
    };
    Some(format!("{result}, {at}"))
}

/// Whether the user's programs run without a login.
pub fn lingers() -> Option<bool> {
    let user = rustix::process::getuid().as_raw().to_string();
    let mut command = run::command("loginctl");
    command.args(["show-user", &user, "--property=Linger", "--value"]);
    let output = run::capture(command, PATIENCE).ok()?;
    // A user who neither is logged in nor lingers is not known at all.
    Some(output.status.success() && output.stdout.trim_ascii() == b"yes")
}

/// Lets them.
pub fn linger() -> Result<()> {
    let mut command = run::command("loginctl");
    command.arg("enable-linger");
    let output = run::capture(command, PATIENCE)?;
    if output.status.success() {
        return Ok(());
    }
    let why = said(&output);
    Err(Fault::new(Kind::Other, format!("lingering could not be turned on: {why}"))
        .hint("as root: `loginctl enable-linger USER`")
        .into())
}

fn systemctl(words: &[&str]) -> Result<Output> {
    let mut command = run::command("systemctl");
    command.args(["--user", "--no-pager"]).args(words);
    run::capture(command, PATIENCE)
}

fn done(words: &[&str]) -> Result<()> {
    let output = systemctl(words)?;
    if output.status.success() {
        return Ok(());
    }
    let (what, why) = (words.join(" "), said(&output));
    Err(Fault::new(Kind::Other, format!("`systemctl --user {what}` failed: {why}"))
        .hint("`systemctl --user status` says how systemd is")
        .into())
}

/// The last line of what it complained.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.trim().lines().last().map(str::trim).unwrap_or_default();
    if last.is_empty() { output.status.to_string() } else { last.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn the_unit_looks_like_this() {
        let around = Surroundings {
            program: "/opt/my tools/100%/tabctl".to_owned(),
            home: "/home/me".into(),
            config: "/home/me/.config".into(),
            state: "/home/me/.local/state/tabctl".into(),
            variables: [("PATH", "/home/me/bin:/usr/bin"), ("TABCTL_SESSION", "my \"$work\" 5%")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            secrets: Vec::new(),
        };
        assert_eq!(
            file(&around).to_str(),
            Some("/home/me/.config/systemd/user/tabctl-resume.service")
        );
        insta::assert_snapshot!(text(&around).unwrap(), @r#"
        # {digest}
        # {folders}
        # `tabctl autostart disable` takes it out.
        [Unit]
        Description=Bring the tabs of tabctl back
        # Behind everything else: no login waits for the tabs.
        After=default.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart="/opt/my tools/100%%/tabctl" resume --quiet
        # The multiplexer's server is started in here. A stop ends nothing but tabctl itself.
        KillMode=process
        # An agent that runs out of memory takes no other one along, and there may be many.
        OOMPolicy=continue
        TasksMax=infinity
        TimeoutStartSec=15min
        Environment=PATH=/home/me/bin:/usr/bin
        Environment="TABCTL_SESSION=my \"$work\" 5%%"

        [Install]
        WantedBy=default.target
        "#);
    }

    #[test]
    fn a_word_means_to_systemd_what_it_means_here() {
        assert_eq!(argument("/a/$HOME/b%h"), "\"/a/$$HOME/b%%h\"");
        assert_eq!(argument("a\\b\"c"), "\"a\\\\b\\\"c\"");
        assert_eq!(argument("--quiet"), "--quiet");
    }

    #[test]
    fn the_last_run_is_told_with_its_result() {
        let shown = |result, code, at| {
            last_run_in(&format!(
                "Result={result}\nExecMainStatus={code}\nExecMainExitTimestamp={at}\n"
            ))
        };
        let at = "Sat 2026-11-21 09:00:00 CET";
        assert_eq!(shown("success", 0, at).unwrap(), format!("success, {at}"));
        assert_eq!(shown("exit-code", 12, at).unwrap(), format!("exit code 12, {at}"));
        assert_eq!(shown("success", 0, ""), None, "it was not started");
    }
}
