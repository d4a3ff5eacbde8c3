//! Where a tab stands in the multiplexer: its session, its index, the panes beside it.
//! Must not move anything: it looks, and writes down what has changed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::live::Mate;
use crate::model::name;
use crate::model::pane::{Pane, PaneId};
use crate::model::session::{Part, Place, Session, Split};
use crate::scan;
use crate::store::Loaded;

use super::record::record;
use super::{Ctx, opening};

/// How many indexes are tried for a tab whose own is taken.
const SPARE: usize = 4;

/// Where a tab stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// For the record.
    pub place: Place,
    /// The panes of its window, for as long as the multiplexer's server lives.
    pub window: Vec<Mate>,
}

impl Standing {
    /// Whether the record says something else.
    pub fn is_news(&self, tab: &Loaded) -> bool {
        tab.session.place.as_ref() != Some(&self.place)
    }
}

/// The panes that share a window with this one, in their order.
pub fn window<'a>(pane: &Pane, panes: &'a [Pane]) -> Vec<&'a Pane> {
    let is_mate =
        |other: &&Pane| (&other.session, other.window_index) == (&pane.session, pane.window_index);
    panes.iter().filter(is_mate).collect()
}

/// Whether a window is named after the tab in this pane: it is after its first tab.
pub fn names_window(pane: &PaneId, panes: &[Pane]) -> bool {
    let Some(own) = panes.iter().find(|seen| seen.id == *pane) else { return true };
    let first = window(own, panes).into_iter().find(|mate| mate.tab.is_some() || mate.id == *pane);
    first.is_none_or(|first| first.id == *pane)
}

/// Where a tab stands whose pane is among `panes`.
pub fn seen(ctx: &Ctx, tab: &Loaded, pane: &PaneId, panes: &[Pane]) -> Option<Standing> {
    let own = panes.iter().find(|seen| seen.id == *pane)?;
    let mates = window(own, panes);
    let known = tab.session.place.as_ref().and_then(|place| place.split.clone());
    let place = Place {
        engine: ctx.engine().name().to_owned(),
        session: own.session.clone(),
        window: name::shown(&tab.session.tab),
        index: Some(own.window_index),
        // A layout that cannot be read just now is still the one that was read last.
        split: split(ctx, tab, own, &mates).unwrap_or(known),
    };
    let window = mates.iter().map(|mate| Mate { pane: mate.id.clone(), pid: mate.pid }).collect();
    Some(Standing { place, window })
}

/// How the window is divided; nothing if it is not.
fn split(ctx: &Ctx, tab: &Loaded, own: &Pane, mates: &[&Pane]) -> Result<Option<Split>> {
    if mates.len() < 2 || !ctx.engine().caps().panes {
        return Ok(None);
    }
    let layout = ctx.engine().layout(&own.id, None)?;
    let mut panes = Vec::new();
    for (at, number) in layout.numbers().into_iter().enumerate() {
        let id = number.map(|number| PaneId(format!("%{number}")));
        let mate = match id {
            Some(id) => mates.iter().find(|mate| mate.id == id),
            None => mates.get(at),
        };
        // One has opened or closed since they were listed: the next look sees it.
        let Some(mate) = mate else { anyhow::bail!("the window has changed meanwhile") };
        panes.push(match mate.tab {
            _ if mate.id == own.id => Part::Tab(tab.session.id),
            Some(other) if ctx.store.is_registered(other) => Part::Tab(other),
            _ => Part::Shell(folder(ctx, &tab.workspace, mate)),
        });
    }
    Ok(Some(Split { layout: layout.to_string(), panes }))
}

/// The folder of what runs in a pane, relative to the workspace if it is inside.
fn folder(ctx: &Ctx, workspace: &Path, pane: &Pane) -> String {
    let of_process = || {
        let folder = scan::process(pane.pid, &ctx.store.boot)?.cwd?.into_os_string();
        folder.into_string().ok().filter(|folder| !folder.contains(char::is_control))
    };
    let here = || ".".to_owned();
    let Some(folder) = of_process() else { return here() };
    match Path::new(&folder).strip_prefix(workspace).map(Path::to_str) {
        Ok(Some("")) => here(),
        Ok(Some(inside)) => inside.to_owned(),
        _ => folder,
    }
}

/// Writes down where a tab stands, if the record says something else.
pub fn write(ctx: &Ctx, tab: &Loaded, standing: &Standing, and: &[Event]) -> Result<Loaded> {
    let id = tab.session.id;
    ctx.store.update_live(id, &mut |live| live.window.clone_from(&standing.window))?;
    let mut events = and.to_vec();
    if standing.is_news(tab) {
        events.insert(0, Event::Placed(standing.place.clone()));
    }
    if events.is_empty() { Ok(tab.clone()) } else { record(ctx, tab, &events) }
}

/// Looks where a tab stands, and writes it down.
pub fn note(ctx: &Ctx, id: TabId, pane: &PaneId) -> Result<Loaded> {
    let tab = ctx.store.load_id(id)?;
    let standing = seen(ctx, &tab, pane, &ctx.engine().panes()?);
    match standing {
        Some(standing) if !tab.is_newer() => write(ctx, &tab, &standing, &[]),
        _ => Ok(tab),
    }
}

/// The indexes for a tab whose own is taken by a stranger: the next ones that no other tab of the
/// session has, or had before it went down and will want again.
pub fn spare(ctx: &Ctx, id: TabId, place: &Place) -> Vec<u32> {
    let Some(wished) = place.index else { return Vec::new() };
    let others = ctx.places().iter().filter(|(other, _)| *other != id);
    let taken: HashSet<u32> = others
        .filter(|(_, other)| other.session == place.session)
        .filter_map(|(_, other)| other.index)
        .collect();
    (wished..=u32::MAX).skip(1).filter(|index| !taken.contains(index)).take(SPARE).collect()
}

/// The folder of a plain shell, absolute.
pub fn folder_of(workspace: &Path, written: &str) -> PathBuf {
    workspace.join(written)
}

/// What a person should know about the place that a tab comes back to.
pub fn remarks(ctx: &Ctx, session: &Session, workspace: &Path) -> Vec<String> {
    let Some(place) = &session.place else { return Vec::new() };
    let engine = ctx.engine().name();
    let mut remarks = Vec::new();
    if !place.engine.is_empty() && place.engine != engine {
        let other = name::shown(&place.engine);
        remarks
            .push(format!("it stood in {other}, which is not in use: it comes back in {engine}"));
    }
    let split = place.split.iter().filter(|split| opening::layout(split, session.id).is_some());
    let parts = split.flat_map(|split| &split.panes);
    let shells: Vec<&String> = parts
        .filter_map(|part| match part {
            Part::Shell(folder) => Some(folder),
            Part::Tab(_) => None,
        })
        .collect();
    if shells.is_empty() {
        return remarks;
    }
    let count = match shells.len() {
        1 => "one shell".to_owned(),
        several => format!("{several} shells"),
    };
    if !ctx.engine().caps().panes {
        remarks.push(format!("without {count} beside it: {engine} does not divide windows"));
        return remarks;
    }
    remarks.push(format!("with {count} beside it"));
    let gone = shells.into_iter().map(|folder| folder_of(workspace, folder));
    for folder in gone.filter(|folder| !folder.is_dir()) {
        let folder = ctx.paths.short(&folder);
        remarks.push(format!("{folder} is gone: the shell there opens in the tab's folder"));
    }
    remarks
}
