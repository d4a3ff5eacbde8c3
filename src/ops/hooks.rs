//! tabctl's hooks in the agents' own settings: whether they are there, how they get there, how they go.
//! Must not change anything else there, and must be able to give back what was there before.

mod kept;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::agents::{Look, Refusal, Registration, Spec, Surroundings};
use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability, Expect};
use crate::sys::run;

use self::kept::Kept;
use super::{Ctx, order};

/// How an agent's hooks stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// All are there.
    Installed,
    /// Some are missing, or run another tabctl.
    Broken,
    /// None is there.
    Absent,
    /// The settings cannot be read, or keep hooks from running.
    Refused,
}

/// What was seen of one agent's hooks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The agent.
    pub agent: String,
    /// Whether its program is in `PATH`.
    pub in_path: bool,
    /// How they stand.
    pub state: State,
    /// The files that hold them, or would.
    pub files: Vec<String>,
    /// Events that are not registered.
    pub missing: Vec<String>,
    /// Events that are registered wrongly: another tabctl, an old form, twice.
    pub wrong: Vec<String>,
    /// Registration of others for the same events.
    pub others: usize,
    /// Whether the agent was seen to run hooks that are registered like this.
    pub verified: bool,
    /// Why the settings cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// One file that is to be changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The agent.
    pub agent: String,
    /// The file, as a person knows it.
    pub file: String,
    /// What a person should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// What is there.
    #[serde(skip)]
    pub before: Option<String>,
    /// What will be there.
    #[serde(skip)]
    pub after: Option<String>,
    /// The file itself, behind links.
    #[serde(skip)]
    target: PathBuf,
    #[serde(skip)]
    kept: Option<Kept>,
}

/// The tabctl that hooks run: as it is found in `PATH`, whose place outlives an update, else itself.
pub fn own_program() -> Result<String> {
    let exe = std::env::current_exe()?;
    let named = run::find_program("tabctl", std::env::var_os("PATH").as_deref());
    let named = named.filter(|path| path.canonicalize().ok() == exe.canonicalize().ok());
    let path = named.unwrap_or(exe);
    if path.file_name().is_none_or(|name| name != "tabctl") {
        return Err(Fault::new(Kind::Other, format!("{} is not called tabctl", path.display()))
            .hint("hooks are known by that name: give the program its name back")
            .into());
    }
    path.into_os_string().into_string().map_err(|path| {
        Fault::new(Kind::Other, format!("the path of tabctl is not UTF-8: {}", path.display()))
            .hint("install tabctl somewhere else")
            .into()
    })
}

/// The agents that are meant: those that were named, else all in `PATH` that have hooks.
pub fn chosen<'a>(ctx: &'a Ctx, named: &[String], tabctl: &str) -> Result<Vec<&'a Spec>> {
    if named.is_empty() {
        let all = ctx.agents().kinds().into_iter().filter_map(|kind| ctx.agents().get(kind).ok());
        let with_hooks = all.filter(|spec| spec.registration(tabctl).is_some());
        return Ok(with_hooks.filter(|spec| is_in_path(spec) || has_some(ctx, spec)).collect());
    }
    let known = |kind: &String| {
        let spec = ctx.agents().get(kind)?;
        if spec.registration(tabctl).is_none() {
            return Err(Fault::new(Kind::NotFound, format!("{kind} has no hooks to register"))
                .hint("its titles, its screen and its silence tell its state")
                .into());
        }
        Ok(spec)
    };
    named.iter().map(known).collect()
}

fn is_in_path(spec: &Spec) -> bool {
    run::find_program(spec.program(), std::env::var_os("PATH").as_deref()).is_some()
}

fn has_some(ctx: &Ctx, spec: &Spec) -> bool {
    check(ctx, spec).is_ok_and(|report| matches!(report.state, State::Installed | State::Broken))
}

/// Looks at one agent's hooks.
pub fn check(ctx: &Ctx, spec: &Spec) -> Result<Report> {
    let tabctl = own_program()?;
    let hooks = hooks_of(spec, &tabctl)?;
    let mut report = Report {
        agent: spec.kind().to_owned(),
        in_path: is_in_path(spec),
        state: State::Absent,
        files: Vec::new(),
        missing: Vec::new(),
        wrong: Vec::new(),
        others: 0,
        verified: hooks.is_verified(),
        problem: None,
    };
    let (mut some, mut all) = (false, true);
    for path in files(ctx, spec, &hooks) {
        report.files.push(ctx.paths.short(&path));
        match look(ctx, &hooks, &path) {
            Ok(look) => {
                (some, all) = (some || look.some, all && look.is_complete());
                report.missing.extend(look.missing);
                report.wrong.extend(look.wrong);
                report.others += look.others;
            }
            Err(error) => report.problem = Some(format!("{error:#}")),
        }
    }
    report.state = match (&report.problem, some, all) {
        (Some(_), _, _) => State::Refused,
        (None, _, true) => State::Installed,
        (None, true, false) => State::Broken,
        (None, false, false) => State::Absent,
    };
    Ok(report)
}

fn look(ctx: &Ctx, hooks: &Registration, path: &Path) -> Result<Look> {
    let (_, text) = read(ctx, path)?;
    let look = hooks.look(path, text.as_deref()).map_err(|why| refused(ctx, path, &why))?;
    // What cannot be used although it is complete (a key that turns hooks off) is told as well.
    if look.is_complete() {
        let again = text.as_deref().map(|text| hooks.without(path, text));
        if let Some(Ok(Some(clean))) = again {
            hooks.with(path, Some(&clean)).map_err(|why| refused(ctx, path, &why))?;
        }
    }
    Ok(look)
}

/// What an install would change; nothing if all is well.
pub fn install(ctx: &Ctx, spec: &Spec) -> Result<Vec<Change>> {
    let tabctl = own_program()?;
    let hooks = hooks_of(spec, &tabctl)?;
    let mut changes = Vec::new();
    for path in files(ctx, spec, &hooks) {
        if look(ctx, &hooks, &path)?.is_complete() {
            continue;
        }
        let (target, before) = read(ctx, &path)?;
        must_be_writable(ctx, &path, &target)?;
        let clean = clean(ctx, spec, &hooks, &path, &target, before.as_deref())?;
        let after = hooks.with(&path, clean.as_deref()).map_err(|why| refused(ctx, &path, &why))?;
        let kept = Kept { before: clean, after: after.clone() };
        changes.push(Change {
            agent: spec.kind().to_owned(),
            file: ctx.paths.short(&path),
            remark: remark(spec, &hooks),
            before,
            after: Some(after),
            target,
            kept: Some(kept),
        });
    }
    Ok(changes)
}

fn remark(spec: &Spec, hooks: &Registration) -> Option<String> {
    let unverified = "not verified: nobody has seen this agent run them".to_owned();
    let not_there = format!("{} is not in PATH", spec.kind());
    let told = [
        (!is_in_path(spec)).then_some(not_there),
        (!hooks.is_verified()).then_some(unverified),
        hooks.remark().map(str::to_owned),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// What an uninstall would change.
pub fn uninstall(ctx: &Ctx, spec: &Spec) -> Result<Vec<Change>> {
    let tabctl = own_program()?;
    let hooks = hooks_of(spec, &tabctl)?;
    let mut changes = Vec::new();
    for path in files(ctx, spec, &hooks) {
        let (target, before) = read(ctx, &path)?;
        let Some(text) = &before else { continue };
        let look = hooks.look(&path, Some(text)).map_err(|why| refused(ctx, &path, &why))?;
        if !look.some {
            continue;
        }
        must_be_writable(ctx, &path, &target)?;
        let after = clean(ctx, spec, &hooks, &path, &target, Some(text))?;
        changes.push(Change {
            agent: spec.kind().to_owned(),
            file: ctx.paths.short(&path),
            remark: None,
            before,
            after,
            target,
            kept: None,
        });
    }
    Ok(changes)
}

/// Changes one file, unless it is not any more what the change was made from.
pub fn apply(ctx: &Ctx, change: &Change) -> Result<()> {
    let folder = change.target.parent().unwrap_or(Path::new("/"));
    if let Some(before) = &change.before {
        kept::back_up(ctx, &change.agent, &change.target, before)?;
    }
    if let Some(kept) = &change.kept {
        kept::put(ctx, &change.agent, &change.target, kept)?;
    }
    let expect = change.before.as_ref().map_or(Expect::Absent, |it| Expect::Bytes(it.as_bytes()));
    let done = if let Some(after) = &change.after {
        kept::make_folders(ctx, &change.agent, folder)?;
        file::replace(&change.target, after.as_bytes(), expect, Durability::Durable)?.is_some()
    } else {
        let now = file::read(&change.target)?;
        let same = now.as_deref() == change.before.as_ref().map(String::as_bytes);
        if same {
            file::remove(&change.target)?;
        }
        same
    };
    if !done {
        return Err(Fault::new(Kind::Busy, format!("{} was changed meanwhile", change.file))
            .hint("repeat it; nothing was changed there")
            .into());
    }
    if change.kept.is_none() {
        kept::forget(ctx, &change.agent, &change.target)?;
        kept::take_folders(ctx, &change.agent)?;
    }
    Ok(())
}

/// The file as it is without anything of ours: as it was before, if it is just as we left it.
fn clean(
    ctx: &Ctx,
    spec: &Spec,
    hooks: &Registration,
    path: &Path,
    target: &Path,
    text: Option<&str>,
) -> Result<Option<String>> {
    let kept = kept::get(ctx, spec.kind(), target);
    let Some(text) = text else { return Ok(None) };
    if let Some(kept) = kept.as_ref().filter(|kept| kept.after == text) {
        return Ok(kept.before.clone());
    }
    let look = hooks.look(path, Some(text)).map_err(|why| refused(ctx, path, &why))?;
    if !look.some {
        return Ok(Some(text.to_owned()));
    }
    let rest = hooks.without(path, text).map_err(|why| refused(ctx, path, &why))?;
    let by_us = kept.is_some_and(|kept| kept.before.is_none())
        || path.file_stem().is_some_and(|name| name == "tabctl");
    Ok(rest.filter(|rest| !(by_us && hooks.is_bare(rest))))
}

fn hooks_of<'a>(spec: &'a Spec, tabctl: &'a str) -> Result<Registration<'a>> {
    spec.registration(tabctl).ok_or_else(|| {
        Fault::new(Kind::NotFound, format!("{} has no hooks to register", spec.kind())).into()
    })
}

fn files(ctx: &Ctx, spec: &Spec, hooks: &Registration) -> Vec<PathBuf> {
    let environment = order::environment(spec, None);
    let directory = &ctx.paths.home;
    hooks.files(&Surroundings { home: &ctx.paths.home, environment: &environment, directory })
}

/// The file behind a link, and its text.
pub(super) fn read(ctx: &Ctx, path: &Path) -> Result<(PathBuf, Option<String>)> {
    let bad = |what: &str, hint: &str| {
        Fault::new(Kind::BadFile, format!("{} {what}", ctx.paths.short(path))).hint(hint.to_owned())
    };
    let link = path.symlink_metadata().is_ok_and(|it| it.is_symlink());
    let target = match path.canonicalize() {
        Ok(target) if link => target,
        Err(_) if link => {
            return Err(bad("is a link that leads nowhere", "mend the link first").into());
        }
        _ => path.to_owned(),
    };
    if target.metadata().is_ok_and(|it| it.is_file() && it.len() > file::MAX_BYTES) {
        let what = format!("is larger than {} KiB", file::MAX_BYTES / 1024);
        return Err(bad(&what, "no settings are that long: look at what is in it").into());
    }
    let Some(bytes) = file::read(&target)? else { return Ok((target, None)) };
    let text = String::from_utf8(bytes)
        .map_err(|_| bad("is not UTF-8", "save it as UTF-8 text; nothing was changed"))?;
    Ok((target, Some(text)))
}

pub(super) fn must_be_writable(ctx: &Ctx, path: &Path, target: &Path) -> Result<()> {
    let read_only =
        |path: &Path| path.metadata().is_ok_and(|it| it.permissions().mode() & 0o200 == 0);
    let folder = target.ancestors().skip(1).find(|folder| folder.exists());
    if !read_only(target) && !folder.is_some_and(read_only) {
        return Ok(());
    }
    Err(Fault::new(Kind::ReadOnly, format!("{} is read-only", ctx.paths.short(path)))
        .hint("something else manages it: register the hooks there, or make it writable")
        .into())
}

pub(super) fn refused(ctx: &Ctx, path: &Path, why: &Refusal) -> anyhow::Error {
    Fault::new(Kind::BadFile, format!("{}: {why}", ctx.paths.short(path))).hint(why.hint()).into()
}
