//! What is shown of a tab, and the join that makes it from what is stored and what is observed.
//! Must stay additive: `--json`, HTTP and MCP all emit it, and readers rely on its fields.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::doer::DoerKind;
use super::id::TabId;
use super::lease::Held;
use super::live::Live;
use super::name;
use super::pane::{Pane, PaneId};
use super::resolve::{Evidence, Verdict, resolve};
use super::session::{Place, Session};
use super::status::{Claim, Source, State};

/// One tab as every surface shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Identity.
    pub id: TabId,
    /// Name, already filtered.
    pub tab: String,
    /// What it is doing, with reason, source and time.
    pub status: Verdict,
    /// Since when it has been doing that.
    pub since: DateTime<Utc>,
    /// Everything that was said, whoever won.
    pub claims: Vec<Claim>,
    /// Protected.
    pub locked: bool,
    /// Agent kind.
    pub agent: Option<String>,
    /// The agent's conversation id.
    pub session_id: Option<String>,
    /// Why the tab exists.
    pub task: Option<String>,
    /// Number of restart notes.
    pub notes: usize,
    /// Free tags.
    pub tags: Vec<String>,
    /// Where it stands, or stood.
    pub place: Option<Place>,
    /// The pane it lives in now, on the server that was asked.
    pub pane: Option<PaneId>,
    /// The server it lives on, if that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    /// The workspace folder.
    pub workspace: String,
    /// The session file.
    pub file: String,
    /// Whether what the file can execute was approved by a person.
    pub trusted: bool,
    /// Why the file could not be used, with line and column. The rest is then its last good state.
    pub problem: Option<String>,
    /// Who may type into it now, if somebody has taken it.
    pub held: Option<HeldBy>,
    /// Number of prompts in its queue, also of those that are not typed.
    pub queued: usize,
}

/// Who may type into a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldBy {
    /// What it is.
    pub kind: DoerKind,
    /// A user, an agent's kind, a part of tabctl.
    pub who: String,
    /// The tab that an agent acts from, where that is known.
    pub from: Option<TabId>,
}

impl From<&Held> for HeldBy {
    fn from(held: &Held) -> HeldBy {
        HeldBy { kind: held.kind, who: held.who.clone(), from: held.from }
    }
}

/// What is known of one tab before it is joined.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its record: the file's, or where that is unusable the last good one.
    pub session: Session,
    /// Folder and file.
    pub workspace: String,
    /// The session file.
    pub file: String,
    /// The workspace is there.
    pub present: bool,
    /// See [`Row::trusted`].
    pub trusted: bool,
    /// See [`Row::problem`].
    pub problem: Option<String>,
    /// The live record, if there is one of this boot.
    pub live: Option<Live>,
}

/// The problem of a tab whose file could not be written; nothing is lost, and nothing to be mended.
pub const KEPT_ASIDE: &str = "read-only workspace; what was changed is kept by tabctl, and goes \
                              into the file with the first change that can be written";

/// What the process table says of a live tab's pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occupant {
    /// An agent's process is there.
    Agent,
    /// A command other than an agent runs in the foreground.
    Command(String),
    /// An empty prompt.
    Prompt,
    /// The pane lives, and nobody looked further.
    Unseen,
}

/// Makes the row of one tab.
pub fn join(
    known: Known,
    pane: Option<&Pane>,
    occupant: &Occupant,
    observed_at: DateTime<Utc>,
) -> Row {
    let claims = claims(&known, pane, occupant, observed_at);
    let held_since = known.live.as_ref().and_then(|live| live.held_since);
    let alive_since = held_since.unwrap_or(observed_at);
    let status = resolve(&Evidence { claims: &claims, now: observed_at, alive_since });
    let Known { session, workspace, file, trusted, problem, live, .. } = known;
    let agent = session.agent.as_ref();
    let since = live.as_ref().map_or(status.claim.at, |live| live.since(&status.claim));
    // Whose time is over was left out by whoever has a clock.
    let held = live.as_ref().and_then(|live| live.lease.held.as_ref()).map(HeldBy::from);
    let is_down = status.claim.state == State::Down;
    // Of those without a pane, whoever has looked has left only the holders on other servers.
    let holder = live.and_then(|live| live.holder).filter(|_| pane.is_none() && !is_down);
    Row {
        id: session.id,
        tab: name::shown(&session.tab),
        locked: session.locked,
        agent: agent.map(|agent| agent.kind.clone()),
        session_id: agent.and_then(|agent| agent.session_id.clone()),
        pane: pane.filter(|_| !is_down).map(|pane| pane.id.clone()),
        elsewhere: holder.map(|holder| holder.server),
        place: pane.map(|pane| stands_at(pane, &session)).or_else(|| session.place.clone()),
        task: session.task,
        notes: session.notes.len(),
        held,
        queued: session.queue.len(),
        tags: session.tags,
        status,
        since,
        claims,
        workspace,
        file,
        trusted,
        problem,
    }
}

fn stands_at(pane: &Pane, session: &Session) -> Place {
    let recorded = session.place.as_ref();
    Place {
        engine: recorded.map_or_else(String::new, |place| place.engine.clone()),
        session: pane.session.clone(),
        window: recorded.map_or_else(|| name::shown(&session.tab), |place| place.window.clone()),
        index: Some(pane.window_index),
        split: recorded.and_then(|place| place.split.clone()),
    }
}

/// Everything that is claimed of a tab's state.
fn claims(
    known: &Known,
    pane: Option<&Pane>,
    occupant: &Occupant,
    observed_at: DateTime<Utc>,
) -> Vec<Claim> {
    let process =
        |state, reason: String, at| Claim::new(state, Source::Process, at).because(reason);
    let live = known.live.as_ref();
    let mut claims: Vec<Claim> = live.map(|live| live.claims.clone()).unwrap_or_default();
    let ended = live.and_then(|live| live.ended.as_ref());
    // Nobody writes down when the machine goes down: what is known is the last change before it.
    let recorded = known.session.status.as_ref().map(|status| status.since);
    let heard = claims.iter().map(|claim| claim.at).chain(ended.map(|ended| ended.at)).max();
    let last_known = recorded.max(heard).unwrap_or_else(|| known.session.id.made_at());
    let held = live.is_some_and(|live| live.holder.is_some()) && ended.is_none();
    if !known.present {
        claims.push(process(State::Missing, "the workspace folder is gone".into(), observed_at));
    } else if let (None, false, Some(agent)) = (pane, held, live.and_then(|l| l.agent.as_ref())) {
        let reason = format!("process {} runs without a pane", agent.pid);
        claims.push(process(State::Unknown, reason, observed_at));
    } else if pane.is_none() && !held {
        claims.push(process(State::Down, "no live pane".into(), last_known));
    } else {
        match (occupant, ended) {
            (Occupant::Agent, _) | (Occupant::Unseen, None) => {}
            (Occupant::Command(command), _) => {
                claims.push(process(State::Running, command.clone(), observed_at));
            }
            (Occupant::Prompt | Occupant::Unseen, ended) => {
                let reason = ended
                    .map_or_else(|| "a shell prompt".to_owned(), std::string::ToString::to_string);
                let since = live.and_then(|live| live.held_since).unwrap_or(observed_at);
                claims.push(process(State::Shell, reason, ended.map_or(since, |e| e.at)));
            }
        }
    }
    claims
}
