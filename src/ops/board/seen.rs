//! What was seen last, and what of it is other now. Must read one record where one has changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;

use crate::model::glimpse::Glimpse;
use crate::model::id::TabId;
use crate::model::pane::{Pane, PaneId};
use crate::model::row::Row;
use crate::model::status::State;

use super::super::{Ctx, list};

/// What was seen last.
pub struct Seen<'a> {
    ctx: &'a Ctx,
    panes: Vec<Pane>,
    /// Panes of records that were looked for and are not on this server.
    missed: HashSet<PaneId>,
    rows: HashMap<TabId, Row>,
    blind: Option<String>,
    has_looked: bool,
    regard: Option<(TabId, u16)>,
    glimpse: Option<Glimpse>,
}

/// What came of reading the records of some tabs.
pub struct Again {
    /// The rows that are other now.
    pub rows: Vec<Row>,
    /// What was seen of the panes does not fit any more.
    pub in_question: bool,
}

impl<'a> Seen<'a> {
    /// Nothing yet.
    pub fn new(ctx: &'a Ctx) -> Seen<'a> {
        Seen {
            ctx,
            panes: Vec::new(),
            missed: HashSet::new(),
            rows: HashMap::new(),
            blind: None,
            has_looked: false,
            regard: None,
            glimpse: None,
        }
    }

    /// Looks at everything. Gives all rows, and why the multiplexer could not be asked; nothing if all
    /// is as it was.
    pub fn all(&mut self) -> Result<Option<(Vec<Row>, Option<String>)>> {
        let list::Look { rows, panes, blind } = list::look(self.ctx)?;
        let blind = blind.map(|error| format!("{error:#}"));
        let is_same = self.has_looked
            && blind == self.blind
            && rows.len() == self.rows.len()
            && rows
                .iter()
                .all(|row| self.rows.get(&row.id).is_some_and(|known| is_same(known, row)));
        self.has_looked = true;
        if panes != self.panes {
            self.panes = panes;
            self.missed.clear();
        }
        self.blind.clone_from(&blind);
        if is_same {
            return Ok(None);
        }
        self.rows = rows.iter().map(|row| (row.id, row.clone())).collect();
        Ok(Some((rows, blind)))
    }

    /// Reads the records of these tabs again, against the panes as they were seen last.
    pub fn again(&mut self, tabs: &BTreeSet<TabId>) -> Again {
        let mut again = Again { rows: Vec::new(), in_question: false };
        for id in tabs {
            // One that was just made or taken out of the list.
            let Ok(known) = self.ctx.store.known(*id) else {
                again.in_question |= self.rows.contains_key(id);
                continue;
            };
            let holder = known.live.as_ref().and_then(|live| live.holder.as_ref());
            let pane = holder.and_then(|holder| holder.pane.clone());
            let stranger = pane.filter(|pane| !self.panes.iter().any(|seen| seen.id == *pane));
            // A pane on another server is looked for once.
            let is_strange = stranger.is_some_and(|pane| self.missed.insert(pane));
            let Some(row) = list::rows_of(self.ctx, vec![known], &self.panes).pop() else {
                continue;
            };
            let before = self.rows.get(id);
            let turns = |row: &Row| matches!(row.status.claim.state, State::Down | State::Shell);
            again.in_question |= is_strange || before.is_none_or(turns) || turns(&row);
            if before.is_none_or(|before| !is_same(before, &row)) {
                self.rows.insert(*id, row.clone());
                again.rows.push(row);
            }
        }
        again
    }

    /// From now on this tab is glimpsed at.
    pub fn regard(&mut self, tab: Option<TabId>, lines: u16) {
        self.regard = tab.map(|tab| (tab, lines));
        self.glimpse = None;
    }

    /// Whether it is this one.
    pub fn regards(&self, tab: TabId) -> bool {
        self.regard.is_some_and(|(regarded, _)| regarded == tab)
    }

    /// Looks at the regarded tab; nothing if it is as it was.
    pub fn glimpse(&mut self) -> Option<Glimpse> {
        let (id, lines) = self.regard?;
        let pane = self.rows.get(&id).and_then(|row| row.pane.clone());
        let known = self.ctx.store.known(id).ok();
        let notes = known.map(|known| known.session.notes).unwrap_or_default();
        let glimpse =
            Glimpse { id, screen: pane.and_then(|pane| self.screen(&pane, lines)), notes };
        if self.glimpse.as_ref() == Some(&glimpse) {
            return None;
        }
        self.glimpse = Some(glimpse.clone());
        Some(glimpse)
    }

    fn screen(&self, pane: &PaneId, lines: u16) -> Option<String> {
        let screens = self.ctx.engine().capture(std::slice::from_ref(pane), lines);
        // One that cannot be seen just now shows nothing.
        screens.ok()?.pop().map(|screen| screen.text)
    }
}

/// Whether two rows look the same. What a look itself has found bears the time of the look.
fn is_same(one: &Row, other: &Row) -> bool {
    let (a, b) = (&one.status.claim, &other.status.claim);
    let is_reported = (2..=5).contains(&a.source.rank());
    (&one.tab, one.locked, &one.agent, &one.session_id)
        == (&other.tab, other.locked, &other.agent, &other.session_id)
        && (a.state, a.source, &a.reason, &a.detail, &a.by)
            == (b.state, b.source, &b.reason, &b.detail, &b.by)
        && (!is_reported || one.since == other.since)
        && (one.status.stale, one.trusted, one.notes)
            == (other.status.stale, other.trusted, other.notes)
        && (&one.task, &one.tags, &one.place, &one.pane)
            == (&other.task, &other.tags, &other.place, &other.pane)
        && (&one.workspace, &one.problem) == (&other.workspace, &other.problem)
}
