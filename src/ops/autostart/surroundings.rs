//! What `resume` must be told at boot that only a person's shell knows: which program, which PATH,
//! which folders. Must not hold a secret: what is told stands in a file.

use std::path::PathBuf;

use anyhow::Result;

use crate::agents;
use crate::config;
use crate::error::{Fault, Kind};
use crate::ops::{Ctx, hooks};
use crate::sys::{clock, paths::Paths};

/// Variables beside tabctl's own that decide what is found and how it looks.
const PASSED_ON: &[&str] =
    &["SHELL", "LANG", "LC_ALL", "LC_CTYPE", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMUX_TMPDIR"];

/// What a unit or an agent of launchd is made of.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// This program.
    pub program: String,
    /// The home.
    pub home: PathBuf,
    /// The folder of settings of all programs.
    pub config: PathBuf,
    /// Where tabctl keeps its things.
    pub state: PathBuf,
    /// The variables to set, in order.
    pub variables: Vec<(String, String)>,
    /// Names of variables that agents may need, and that are not written down.
    pub secrets: Vec<String>,
}

impl Surroundings {
    /// As they are here and now.
    pub fn of(ctx: &Ctx) -> Result<Surroundings> {
        let home = ctx.paths.home.clone();
        let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let mut secrets: Vec<_> = names.filter(|name| agents::names_a_secret(name)).collect();
        // A tab's own token is made anew for each tab.
        secrets.retain(|name| !name.starts_with("TABCTL_"));
        secrets.sort();
        Ok(Surroundings {
            program: hooks::own_program()?,
            config: config.filter(|path| path.is_absolute()).unwrap_or(home.join(".config")),
            home,
            state: ctx.paths.state.clone(),
            variables: variables(ctx)?,
            secrets,
        })
    }

    /// The command line.
    pub fn command(&self) -> Vec<String> {
        [&*self.program, "resume", "--quiet"].map(str::to_owned).to_vec()
    }

    /// What a person should know of them.
    pub fn remarks(&self) -> Vec<String> {
        let secrets = (!self.secrets.is_empty()).then(|| {
            let names = self.secrets.join(", ");
            format!(
                "not written down, because they look like secrets: {names}; an agent that needs one \
                 does not have it at boot"
            )
        });
        let wsl = is_wsl().then(|| {
            "WSL starts a distribution only when Windows opens it: a task of Windows that runs \
             `wsl.exe --exec true` at logon does"
                .to_owned()
        });
        secrets.into_iter().chain(wsl).collect()
    }
}

/// The variables that are to be the same at boot.
fn variables(ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let ordinary = Paths::ordinary(&ctx.store.boot)?;
    let folders = [
        ("TABCTL_CONFIG_DIR", &ctx.paths.config, ordinary.config),
        ("TABCTL_STATE_DIR", &ctx.paths.state, ordinary.state),
        ("TABCTL_RUNTIME_DIR", &ctx.paths.runtime, ordinary.runtime),
    ];
    // Inside a tab these are set, but mostly to what they would be anyway.
    let moved = folders.iter().filter(|(_, is, would_be)| *is != would_be);
    let moved = moved.map(|(name, is, _)| ((*name).to_owned(), is.display().to_string()));
    let settings = config::defaults()?.1;
    let settings = settings.iter().map(|setting| setting.variable);
    let given = PASSED_ON.iter().copied().chain(settings);
    let given = given.filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
    let path = std::env::var("PATH").ok().map(|path| ("PATH".to_owned(), absolute(&path)));
    let all = path.into_iter().chain(given).chain(moved);
    // A line break would begin a line of its own in a unit.
    Ok(all.filter(|(_, value)| !value.is_empty() && !value.contains(char::is_control)).collect())
}

/// A search path without folders that depend on where one stands, each once.
fn absolute(path: &str) -> String {
    let mut folders: Vec<&str> = Vec::new();
    for folder in path.split(':').filter(|folder| folder.starts_with('/')) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders.join(":")
}

fn is_wsl() -> bool {
    clock::machine().0.starts_with("wsl:")
}

/// The error where nothing on this system starts programs for a user.
pub fn nobody(why: &str) -> Result<Fault> {
    let program = hooks::own_program()?;
    let fault = Fault::new(Kind::Other, format!("nothing here starts programs at boot: {why}"));
    let line = format!(
        "@reboot PATH={} {} resume --quiet",
        shell_words::quote(&absolute(&std::env::var("PATH").unwrap_or_default())),
        shell_words::quote(&program)
    );
    Ok(fault.hint(if is_wsl() {
        "in WSL, put `[boot]` and `systemd=true` into /etc/wsl.conf and run `wsl.exe --shutdown` in \
         Windows; or put `tabctl resume --quiet` into the profile of your shell"
            .to_owned()
    } else {
        format!("with cron, `crontab -e` takes this line: {line}")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_path_loses_what_depends_on_where_one_stands() {
        assert_eq!(absolute("/a:.:/b::bin:/a"), "/a:/b");
    }
}
