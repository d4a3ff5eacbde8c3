//! Looks at everything that tabctl relies on and says what is broken and what to do.
//! Must not repair anything unasked.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::agents::Spec;
use crate::config::Channel;
use crate::error::Fault;
use crate::model::id::TabId;
use crate::model::name;
use crate::model::row::{KEPT_ASIDE, Known};
use crate::store::{Loaded, Standing, Trust};
use crate::sys::run;

use super::hooks::{self, State};
use super::record::journal;
use super::{Ctx, autostart, heal, notify, select};

/// The longest that a program may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(5);
/// How deep `--scan` looks for session files.
const SCAN_DEPTH: usize = 6;
/// Folders that hold no workspaces and many files.
const SKIPPED: [&str; 4] = ["node_modules", "target", ".git", ".cache"];

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Good,
    /// Nothing to worry about, but good to know.
    Note,
    /// Something does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// How it came out.
    pub health: Health,
    /// What was looked at: `tmux`, `claude`, a tab's name.
    pub what: String,
    /// What was seen.
    pub seen: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// What `doctor --fix` would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

pub(super) fn check(health: Health, what: &str, seen: impl Into<String>) -> Check {
    Check { health, what: what.to_owned(), seen: seen.into(), remedy: None, fix: None }
}

impl Check {
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Check {
        self.remedy = Some(remedy.into());
        self
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Check {
        self.fix = Some(fix.into());
        self
    }
}

/// Looks at everything.
pub fn examine(ctx: &Ctx) -> Result<Vec<Check>> {
    let mut checks = vec![multiplexer(ctx)];
    checks.extend(folders(ctx));
    checks.extend(agents(ctx));
    checks.extend(registered_hooks(ctx));
    checks.extend(comes_back(ctx));
    checks.extend(notifications(ctx));
    checks.extend(ctx.agents().problems().iter().map(|(file, why)| {
        check(Health::Bad, &ctx.paths.short(file), why).remedy("mend the file, or take it away")
    }));
    let tabs = ctx.store.all()?;
    let findings = heal::findings(ctx, &tabs);
    let is_found = |id: Option<TabId>| {
        id.is_some() && findings.iter().any(|finding| finding.tab == id && finding.is_damage())
    };
    let damage = ctx.store.damage().into_iter().filter(|damage| !is_found(damage.tab));
    checks.extend(damage.map(|damage| {
        check(Health::Bad, &ctx.paths.short(&damage.file), damage.why)
            .remedy("take it away; `tabctl doctor --scan DIR` registers its tab again")
    }));
    checks.push(check(Health::Good, "tabs", format!("{} registered", tabs.len())));
    let others = tabs.iter().filter(|known| !is_found(Some(known.session.id)));
    checks.extend(others.filter_map(|known| tab(ctx, known)));
    checks.extend(findings.into_iter().map(|finding| finding.check));
    Ok(checks)
}

fn multiplexer(ctx: &Ctx) -> Check {
    match ctx.engine().version() {
        Err(error) => check(Health::Bad, "tmux", format!("{error:#}"))
            .remedy("install tmux with your package manager"),
        Ok(version) => match ctx.engine().panes() {
            Ok(panes) => {
                let seen =
                    format!("{version}, server {}, {} panes", ctx.engine().server(), panes.len());
                check(Health::Good, "tmux", seen)
            }
            Err(error) => check(Health::Bad, "tmux", format!("{version}: {error:#}")),
        },
    }
}

/// Whether the tabs come back by themselves; nothing where nobody could see to it.
fn comes_back(ctx: &Ctx) -> Option<Check> {
    let status = autostart::status(ctx, autostart::manager().ok()?).ok()?;
    let (what, file) = ("autostart", ctx.paths.short(&status.file));
    Some(match (status.enabled, status.standing) {
        (true, autostart::Standing::Ours) => check(Health::Good, what, format!("enabled: {file}")),
        (false, autostart::Standing::Absent) => check(Health::Note, what, "not enabled")
            .remedy("`tabctl autostart enable` has the tabs brought back after each boot"),
        (is_enabled, standing) => {
            let enabled = if is_enabled { "enabled" } else { "not enabled" };
            check(Health::Note, what, format!("{enabled}: {file} ({standing})"))
                .remedy("`tabctl autostart status` says more")
        }
    })
}

/// How a person wants to be told of tabs, as far as that cannot work here.
fn notifications(ctx: &Ctx) -> Vec<Check> {
    let lacking = notify::lacking(&ctx.settings.presence, &ctx.paths.home).into_iter();
    let seen = |(channel, fault): (Channel, Fault)| {
        let found = check(Health::Bad, "notify", format!("{}: {}", channel.word(), fault.message));
        match fault.hint {
            Some(hint) => found.remedy(hint),
            None => found,
        }
    };
    lacking.map(seen).collect()
}

fn folders(ctx: &Ctx) -> Vec<Check> {
    [("settings", &ctx.paths.config), ("state", &ctx.paths.state), ("runtime", &ctx.paths.runtime)]
        .into_iter()
        .map(|(what, path)| {
            let short = ctx.paths.short(path);
            match path.metadata() {
                Ok(meta) if !meta.is_dir() => {
                    check(Health::Bad, what, format!("{short} is not a folder"))
                }
                Ok(_) => check(Health::Good, what, short),
                Err(_) => check(Health::Good, what, format!("{short} (not made yet)")),
            }
        })
        .collect()
}

/// The agents that are installed, with their versions; asked all at once.
fn agents(ctx: &Ctx) -> Vec<Check> {
    let path: Option<OsString> = std::env::var_os("PATH");
    let own = std::env::current_exe().ok().and_then(|exe| exe.file_name().map(ToOwned::to_owned));
    let registry = ctx.agents();
    let installed: Vec<(&Spec, PathBuf)> = registry
        .kinds()
        .into_iter()
        .filter_map(|kind| registry.get(kind).ok())
        .filter_map(|spec| Some((spec, run::find_program(spec.program(), path.as_deref())?)))
        // The demo's agent is tabctl itself.
        .filter(|(_, program)| program.file_name() != own.as_deref())
        .collect();
    if installed.is_empty() {
        return vec![check(Health::Note, "agents", "none is installed (in PATH)")];
    }
    std::thread::scope(|scope| {
        let asked: Vec<_> = installed
            .iter()
            .map(|(spec, program)| (spec.kind(), scope.spawn(move || version_of(program)), program))
            .collect();
        let answer =
            |(kind, version, program): (&str, std::thread::ScopedJoinHandle<_>, &PathBuf)| {
                let program = ctx.paths.short(program);
                match version.join() {
                    Ok(Some(version)) => {
                        check(Health::Good, kind, format!("{version} ({program})"))
                    }
                    _ => check(Health::Note, kind, format!("{program} does not say its version")),
                }
            };
        asked.into_iter().map(answer).collect()
    })
}

/// The hooks in the agents' own settings, where they are there or ought to be looked at.
fn registered_hooks(ctx: &Ctx) -> Vec<Check> {
    let named = hooks::own_program().and_then(|tabctl| hooks::chosen(ctx, &[], &tabctl));
    let reports =
        named.unwrap_or_default().into_iter().filter_map(|spec| hooks::check(ctx, spec).ok());
    let told = reports.map(|report| {
        let (what, repair) =
            (format!("{} hooks", report.agent), format!("`tabctl hooks install {}`", report.agent));
        match (report.state, report.problem) {
            (State::Installed, _) => check(Health::Good, &what, "in its settings"),
            (State::Absent, _) => {
                check(Health::Good, &what, "not in its settings; tabs may have them")
            }
            (_, Some(problem)) => check(Health::Note, &what, problem),
            _ => {
                check(Health::Note, &what, "some are missing, or run another tabctl").remedy(repair)
            }
        }
    });
    told.collect()
}

fn version_of(program: &Path) -> Option<String> {
    let mut command = run::command(program);
    command.arg("--version");
    let output = run::capture(command, VERSION_LIMIT).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    Some(line.chars().filter(|c| !c.is_control()).take(60).collect())
}

/// What is wrong with one tab, if something is.
fn tab(ctx: &Ctx, known: &Known) -> Option<Check> {
    let tab = name::shown(&known.session.tab);
    if !known.present {
        let seen = format!("the folder {} is gone", ctx.paths.short(Path::new(&known.workspace)));
        let remedy = format!("`tabctl doctor --scan DIR` where it moved to, or `tabctl rm {tab}`");
        return Some(check(Health::Bad, &tab, seen).remedy(remedy));
    }
    if let Some(problem) = known.problem.as_deref().filter(|problem| *problem == KEPT_ASIDE) {
        return Some(check(Health::Note, &tab, problem));
    }
    if let Some(problem) = &known.problem {
        let good = ctx.store.generations(known.session.id).into_iter().next();
        let remedy = match good {
            Some((path, _)) => format!("the last good version is {}", ctx.paths.short(&path)),
            None => "mend it by hand".to_owned(),
        };
        return Some(check(Health::Bad, &tab, problem).remedy(remedy));
    }
    (!known.trusted).then(|| {
        let folder = ctx.paths.short(Path::new(&known.workspace));
        check(Health::Note, &tab, "not trusted: `resume` will not run it")
            .remedy(format!("`tabctl trust {folder}` shows what it would run"))
    })
}

/// Registers the session files below a folder: after a move, a restore, or the loss of the index.
/// Does not trust them.
pub fn scan(ctx: &Ctx, folder: &Path) -> Result<Vec<Check>> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.canonicalize()?, 0)];
    while let Some((folder, depth)) = waiting.pop() {
        found.extend(ctx.store.files_in(&folder).iter().map(|file| adopt(ctx, file)));
        if depth == SCAN_DEPTH {
            continue;
        }
        let Ok(entries) = folder.read_dir() else { continue };
        waiting.extend(
            entries
                .flatten()
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .filter(|entry| !SKIPPED.iter().any(|name| entry.file_name() == *name))
                .map(|entry| (entry.path(), depth + 1)),
        );
    }
    Ok(found)
}

/// Puts back the session file of a tab that has lost it. What it may run is judged as before.
pub fn restore(ctx: &Ctx, typed: &str) -> Result<Check> {
    let lost = select::tab_or_remembered(ctx, Some(typed))?;
    select::must_not_be_a_copy(ctx, &lost)?;
    let tab = ctx.store.put_back(lost.session.id)?;
    journal(ctx, tab.session.id, "put-back", serde_json::Map::new());
    Ok(told(ctx, &tab, format!("{}: put back", ctx.paths.short(&tab.file))))
}

fn adopt(ctx: &Ctx, file: &Path) -> Check {
    let short = ctx.paths.short(file);
    let registered = ctx.store.load(file).and_then(|loaded| match loaded.standing {
        Standing::Known | Standing::Copy { .. } => Ok(loaded),
        Standing::Moved { .. } | Standing::Unregistered => {
            let before = loaded.standing.clone();
            ctx.store.register(file).map(|now| Loaded { standing: before, ..now })
        }
    });
    let loaded = match registered {
        Ok(loaded) => loaded,
        Err(error) => return check(Health::Bad, &short, format!("{error:#}")),
    };
    let tab = name::shown(&loaded.session.tab);
    let seen = match &loaded.standing {
        Standing::Known => format!("{short}: known"),
        Standing::Moved { from } => format!("{short}: moved from {}", ctx.paths.short(from)),
        Standing::Unregistered => format!("{short}: registered"),
        Standing::Copy { of } => {
            return check(
                Health::Note,
                &tab,
                format!("{short} is a copy of {}", ctx.paths.short(of)),
            )
            .remedy("its first change makes it a tab of its own");
        }
    };
    told(ctx, &loaded, seen)
}

/// A tab that is in the list, and what is left to do for it.
fn told(ctx: &Ctx, loaded: &Loaded, seen: String) -> Check {
    let (tab, file) = (name::shown(&loaded.session.tab), ctx.paths.short(&loaded.file));
    match loaded.trust {
        Trust::Trusted => check(Health::Good, &tab, seen),
        _ => check(Health::Note, &tab, seen)
            .remedy(format!("`tabctl trust {file}` shows what it would run")),
    }
}
