//! Bringing the tabs back when the machine starts: through systemd or launchd, as the system has it.
//! Must not overwrite a file that a person wrote or changed, and must take out all that it put in.

mod launchd;
mod seal;
mod surroundings;
mod systemd;

use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability, Expect};

use super::Ctx;
pub use seal::Standing;
use surroundings::Surroundings;

/// Who starts programs when a user logs in, or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Manager {
    /// systemd's instance for the user: Linux, and WSL where it is turned on.
    Systemd,
    /// launchd: macOS.
    Launchd,
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Who would start it.
    pub manager: Manager,
    /// The file that says so.
    pub file: PathBuf,
    /// What is at that place.
    pub standing: Standing,
    /// Whether the manager will start it.
    pub enabled: bool,
    /// What it runs.
    pub runs: Vec<String>,
    /// Whether the user's programs run without a login; nothing where that is not a question, or
    /// nobody can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linger: Option<bool>,
    /// How it went the last time, in the manager's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// What a person should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// The one that this system has.
pub fn manager() -> Result<Manager> {
    if cfg!(target_os = "macos") {
        return Ok(Manager::Launchd);
    }
    match systemd::is_there() {
        Ok(()) => Ok(Manager::Systemd),
        Err(why) => Err(surroundings::nobody(&why)?.into()),
    }
}

impl Manager {
    fn file(self, around: &Surroundings) -> PathBuf {
        match self {
            Manager::Systemd => systemd::file(around),
            Manager::Launchd => launchd::file(around),
        }
    }

    fn text(self, around: &Surroundings) -> Result<String> {
        match self {
            Manager::Systemd => systemd::text(around),
            Manager::Launchd => Ok(launchd::text(around)),
        }
    }

    fn enable(self) -> Result<()> {
        match self {
            Manager::Systemd => systemd::enable(),
            Manager::Launchd => {
                launchd::enable();
                Ok(())
            }
        }
    }
}

/// Says how it stands; changes nothing.
pub fn status(ctx: &Ctx, manager: Manager) -> Result<Status> {
    let around = Surroundings::of(ctx)?;
    let file = manager.file(&around);
    let standing = seal::standing(&file)?;
    let written = standing != Standing::Absent;
    Ok(Status {
        manager,
        standing,
        enabled: written && (manager == Manager::Launchd || systemd::is_enabled()),
        runs: around.command(),
        linger: (manager == Manager::Systemd).then(systemd::lingers).flatten(),
        last: (written && manager == Manager::Systemd).then(systemd::last_run).flatten(),
        remarks: around.remarks(),
        file,
    })
}

/// Has the tabs brought back from now on. Doing it again brings the file up to date.
pub fn enable(ctx: &Ctx, manager: Manager) -> Result<Status> {
    let around = Surroundings::of(ctx)?;
    let file = manager.file(&around);
    let standing = seal::standing(&file)?;
    let before = match standing {
        Standing::Absent => None,
        Standing::Ours => file::read(&file)?,
        Standing::Changed | Standing::Foreign => return Err(kept(ctx, &file, standing).into()),
    };
    let folder = file.parent().unwrap_or(&file);
    let made = file::make_folders(folder)?;
    let known = before.as_deref().map_or(made, seal::folders);
    let text = seal::seal(&manager.text(&around)?, known);
    if before.as_deref() != Some(text.as_bytes()) {
        let expect = before.as_deref().map_or(Expect::Absent, Expect::Bytes);
        if file::replace(&file, text.as_bytes(), expect, Durability::Durable)?.is_none() {
            return Err(kept(ctx, &file, Standing::Changed).into());
        }
    }
    if let Err(error) = manager.enable() {
        if let Some(before) = before {
            file::write(&file, &before, Durability::Durable)?;
        } else {
            file::remove(&file)?;
            file::remove_empty_folders(folder, made)?;
        }
        return Err(error);
    }
    status(ctx, manager)
}

/// Takes out what [`enable`] put in; whether there was something. What runs goes on running.
pub fn disable(ctx: &Ctx, manager: Manager) -> Result<bool> {
    let around = Surroundings::of(ctx)?;
    let file = manager.file(&around);
    let standing = seal::standing(&file)?;
    match standing {
        Standing::Absent => return Ok(false),
        // The file stays, but what was asked for is done: it is not started any more.
        Standing::Changed if manager == Manager::Systemd => {
            systemd::disable()?;
            return Err(kept(ctx, &file, standing).into());
        }
        Standing::Changed | Standing::Foreign => return Err(kept(ctx, &file, standing).into()),
        Standing::Ours => {}
    }
    let made = file::read(&file)?.as_deref().map_or(0, seal::folders);
    if manager == Manager::Systemd {
        systemd::disable()?;
    }
    file::remove(&file)?;
    match manager {
        Manager::Systemd => systemd::forget(),
        Manager::Launchd => launchd::forget(),
    }
    file::remove_empty_folders(file.parent().unwrap_or(&file), made)?;
    Ok(true)
}

/// Lets the user's programs start at boot and stay after the last logout.
pub fn linger() -> Result<()> {
    systemd::linger()
}

fn kept(ctx: &Ctx, file: &std::path::Path, standing: Standing) -> Fault {
    let file = ctx.paths.short(file);
    let (what, hint) = match standing {
        Standing::Foreign => ("was not written by tabctl, and is kept", "move it away first"),
        _ => (
            "was changed by hand, and is kept",
            "take it away yourself if it is not needed, then repeat this",
        ),
    };
    Fault::new(Kind::Clash, format!("{file} {what}")).hint(hint)
}
