//! One resume of some tabs: which of them are to be started, in which order, and which limits they
//! meet. Must not start anything.

use std::collections::{HashMap, HashSet, VecDeque};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use crate::config;
use crate::error::Kind;
use crate::model::id::TabId;
use crate::model::name;
use crate::model::plan::{Action, Step};
use crate::model::row::{Known, Row};
use crate::model::status::State;
use crate::ops::order::Helps;
use crate::ops::plan::{self, Wish};
use crate::ops::record::journal;
use crate::ops::{Ctx, list};

use super::begin::{self, Waiting};
use super::convoy::Convoy;
use super::view::View;
use super::{News, Pace, Resumed};

/// What a journal says when a tab was in use.
const USES: [&str; 6] = ["started", "ended", "transition", "bound", "rebound", "noted"];

/// A resume that is about to begin.
pub struct Round<'a> {
    ctx: &'a Ctx,
    wish: Wish,
    view: View,
    /// All tabs, in the order in which they were given.
    tabs: Vec<(Known, Row)>,
    held: HashMap<TabId, Action>,
}

impl<'a> Round<'a> {
    /// Looks at these tabs.
    pub fn new(ctx: &'a Ctx, tabs: Vec<Known>, wish: Wish) -> Result<Round<'a>> {
        let view = View::take(ctx, &tabs)?;
        let rows = list::rows_of(ctx, tabs.clone(), view.panes());
        let tabs = tabs.into_iter().zip(rows).collect();
        Ok(Round { ctx, wish, view, tabs, held: HashMap::new() })
    }

    /// What would be done with each tab.
    pub fn steps(&self) -> Vec<Step> {
        let helps = Helps::default();
        let step = |(known, row): &(Known, Row)| match self.held.get(&known.session.id) {
            Some(action) => held(known, action),
            None => plan::step(self.ctx, known, row, self.wish, &helps),
        };
        self.tabs.iter().map(step).collect()
    }

    /// The limits of the settings.
    pub fn limits(&self) -> config::Resume {
        self.ctx.settings.resume
    }

    /// The agents that are to be started and were last used longer ago than the limit, each with its
    /// name and the days. What is named is wanted, whatever the limits say.
    pub fn old(&self) -> Vec<(TabId, String, i64)> {
        let days = self.limits().max_age;
        let now = self.ctx.now();
        let limit = now - TimeDelta::days(i64::from(days));
        let agents = self.agents().filter(|_| days > 0);
        agents
            .filter_map(|known| {
                let used = last_use(self.ctx, known, limit);
                let tab = name::shown(&known.session.tab);
                (used < limit).then(|| (known.session.id, tab, (now - used).num_days()))
            })
            .collect()
    }

    /// The agents beyond the number that may be started at once.
    pub fn many(&self) -> Vec<TabId> {
        let most = self.limits().max_agents;
        let beyond = self.agents().skip(if most > 0 { most } else { usize::MAX });
        beyond.map(|known| known.session.id).collect()
    }

    /// The agents to which limits apply.
    fn agents(&self) -> impl Iterator<Item = &Known> {
        let all = if self.wish.named { Vec::new() } else { self.queue() };
        let down = all.into_iter().filter(|(_, row)| row.status.claim.state == State::Down);
        let free = down.filter(|(known, _)| !self.held.contains_key(&known.session.id));
        free.map(|(known, _)| known).filter(|known| known.session.agent.is_some())
    }

    /// Leaves tabs out, and says why.
    pub fn hold_back(&mut self, id: TabId, why: &str, hint: &str) {
        let (why, hint) = (why.to_owned(), Some(hint.to_owned()));
        self.held.insert(id, Action::Hold { kind: Kind::NeedsAnswer, why, hint });
    }

    /// Does it. Gives what became of each tab, in the order in which they were given.
    pub fn run(self, pace: Pace, tell: &mut dyn FnMut(News)) -> Result<Vec<Resumed>> {
        let order: HashMap<TabId, usize> =
            self.tabs.iter().enumerate().map(|(at, (known, _))| (known.session.id, at)).collect();
        let queue: VecDeque<Waiting> = self
            .queue()
            .into_iter()
            .filter(|(known, _)| !self.held.contains_key(&known.session.id))
            .map(|(known, _)| Waiting::new(known.clone()))
            .collect();
        let queued: HashSet<TabId> = queue.iter().map(|waiting| waiting.known.session.id).collect();
        let helps = Helps::default();
        let mut done = Vec::new();
        for (known, row) in &self.tabs {
            let id = known.session.id;
            let resumed = match self.held.get(&id) {
                Some(action) => hold(self.ctx, known, action),
                None if queued.contains(&id) => continue,
                None => {
                    let step = plan::step(self.ctx, known, row, self.wish, &helps);
                    Resumed { pane: row.pane.clone(), ..begin::of(known, step) }
                }
            };
            tell(News::Done(&resumed));
            done.push(resumed);
        }
        let convoy = Convoy::new(self.ctx, self.wish, pace, self.view, queue, helps);
        done.extend(convoy.run(tell)?);
        done.sort_by_key(|resumed| order.get(&resumed.step.id).copied());
        Ok(done)
    }

    /// The tabs that may have to be started or seen through: locked ones first, which a person cares
    /// for most, the rest in the order they stood in.
    fn queue(&self) -> Vec<&(Known, Row)> {
        let mut queue: Vec<_> =
            self.tabs.iter().filter(|(known, row)| self.is_open(known, row)).collect();
        queue.sort_by_cached_key(|(known, _)| {
            let place = known.session.place.clone().unwrap_or_default();
            (!known.session.locked, place.session, place.index)
        });
        queue
    }

    /// Whether something is to be done with a tab, or whether it can only be told under its lock.
    fn is_open(&self, known: &Known, row: &Row) -> bool {
        let wanted = self.wish.named && known.session.agent.is_some();
        let left = known.live.as_ref().is_some_and(|live| live.unfinished);
        match row.status.claim.state {
            State::Down => true,
            State::Missing => false,
            State::Shell => wanted || left,
            State::Running => wanted || left || begin::is_coming(self.ctx, known, &self.view),
            _ => left || plan::is_survivor(row) || begin::is_coming(self.ctx, known, &self.view),
        }
    }
}

/// The step of a tab that is held back.
fn held(known: &Known, action: &Action) -> Step {
    let tab = name::shown(&known.session.tab);
    Step { id: known.session.id, tab, action: action.clone(), remarks: Vec::new() }
}

/// Holds a tab back, and writes that into its journal.
pub fn hold(ctx: &Ctx, known: &Known, action: &Action) -> Resumed {
    if let Action::Hold { why, .. } = action {
        let mut with = serde_json::Map::new();
        with.insert("why".to_owned(), why.as_str().into());
        journal(ctx, known.session.id, "held-back", with);
    }
    begin::of(known, held(known, action))
}

/// When a tab was last in use. The journal is only read where the record says that it was before
/// `limit`: there are many, and most were.
fn last_use(ctx: &Ctx, known: &Known, limit: DateTime<Utc>) -> DateTime<Utc> {
    let session = &known.session;
    let said = session.status.iter().map(|status| status.since);
    let noted = session.notes.iter().filter_map(|note| note.at);
    let past = session.agent.iter().flat_map(|agent| agent.history.iter().map(|past| past.at));
    let recorded = said.chain(noted).chain(past).fold(session.id.made_at(), DateTime::max);
    if recorded >= limit {
        return recorded;
    }
    let entries = ctx.store.read_journal(session.id).into_iter().rev();
    let used = entries.filter(|entry| USES.contains(&entry.what.as_str())).map(|entry| entry.at);
    used.fold(recorded, DateTime::max)
}
