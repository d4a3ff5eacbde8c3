//! Where tabctl keeps what: three folders and the home. Must not create anything.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::error::{Fault, Kind};

/// The folders of one user, taken from the environment once.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The user's home.
    pub home: PathBuf,
    /// Settings and the user's own agent files: `$XDG_CONFIG_HOME/tabctl`.
    pub config: PathBuf,
    /// Index, trust, generations, locks, journal: `$XDG_STATE_HOME/tabctl`.
    pub state: PathBuf,
    /// Live status, gone after a reboot: `$XDG_RUNTIME_DIR/tabctl`, else `state/run/<boot id>`.
    pub runtime: PathBuf,
}

impl Paths {
    /// Reads `TABCTL_CONFIG_DIR`, `TABCTL_STATE_DIR`, `TABCTL_RUNTIME_DIR`, then the XDG variables, then `HOME`.
    pub fn from_env(boot_id: &str) -> Result<Paths> {
        Paths::of(boot_id, &|name| std::env::var_os(name))
    }

    /// The same without tabctl's own variables: where its folders are unless they were moved.
    pub fn ordinary(boot_id: &str) -> Result<Paths> {
        let is_own = |name: &str| name.starts_with("TABCTL_");
        Paths::of(boot_id, &|name| std::env::var_os(name).filter(|_| !is_own(name)))
    }

    fn of(boot_id: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Paths> {
        let absolute =
            |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").ok_or_else(|| {
            Fault::new(Kind::Other, "HOME is not set to an absolute path").hint("set HOME")
        })?;
        let folder = |own: &str, xdg: &str, fallback: &str| {
            absolute(own).unwrap_or_else(|| {
                absolute(xdg).unwrap_or_else(|| home.join(fallback)).join("tabctl")
            })
        };
        let config = folder("TABCTL_CONFIG_DIR", "XDG_CONFIG_HOME", ".config");
        let state = folder("TABCTL_STATE_DIR", "XDG_STATE_HOME", ".local/state");
        let boot: String = boot_id.chars().filter(char::is_ascii_alphanumeric).collect();
        let runtime = absolute("TABCTL_RUNTIME_DIR")
            .or_else(|| absolute("XDG_RUNTIME_DIR").map(|dir| dir.join("tabctl")))
            .unwrap_or_else(|| state.join("run").join(boot));
        Ok(Paths { home, config, state, runtime })
    }

    /// `path` with the home folder shortened to `~`, for messages.
    pub fn short(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
            Ok(rest) => format!("~/{}", rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
