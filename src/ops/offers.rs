//! What a shell can offer where a tab, an agent, a conversation or a setting is meant.
//! Must not write, ask the multiplexer or look at processes: somebody waits with a finger on Tab.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::{Ctx, segment};
use crate::agents::{Spec, Surroundings};
use crate::config;
use crate::model::doer::DoerKind;
use crate::model::job::Job;
use crate::model::name;
use crate::model::row::Known;
use crate::model::session::is_session_id;
use crate::model::status::State;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Any tab.
    Tab,
    /// A tab that is locked.
    Locked,
    /// A tab that is not locked.
    Unlocked,
    /// A tab that `resume` has something to do for; any, if there is none.
    Resumable,
    /// A job, or any tab.
    JobOrTab,
    /// An agent.
    Agent,
    /// A person, or an agent: whoever did something.
    Actor,
    /// A conversation: of a tab, or begun in this folder.
    Conversation,
    /// A tag that a tab has.
    Tag,
    /// A setting.
    Setting,
    /// What `ls` filters by.
    Filter,
    /// A session of the multiplexer that a tab stood in.
    Session,
}

/// One thing that can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is typed for it.
    pub value: String,
    /// What it is: foreign text, still to be filtered.
    pub about: String,
}

/// The most conversations that are offered of one agent: the newest.
const MOST_CONVERSATIONS: usize = 20;

/// Everything that can be meant, in the order to show it. What cannot be read is not offered.
pub fn offers(ctx: &Ctx, wanted: Wanted) -> Vec<Offer> {
    match wanted {
        Wanted::Tab => tabs(ctx, |_, _| true),
        Wanted::Locked => tabs(ctx, |known, _| known.session.locked),
        Wanted::Unlocked => tabs(ctx, |known, _| !known.session.locked),
        Wanted::Resumable => {
            let is_over = |state| matches!(state, State::Down | State::Shell | State::Failed);
            let down = tabs(ctx, |_, state| is_over(state));
            if down.is_empty() { tabs(ctx, |_, _| true) } else { down }
        }
        Wanted::JobOrTab => [jobs(ctx), tabs(ctx, |_, _| true)].concat(),
        Wanted::Agent => agents(ctx),
        Wanted::Actor => {
            let kinds = [DoerKind::Person, DoerKind::Agent, DoerKind::Hook, DoerKind::System];
            let kinds =
                kinds.map(|kind| Offer { value: kind.word().to_owned(), about: String::new() });
            kinds.into_iter().chain(agents(ctx)).collect()
        }
        Wanted::Conversation => conversations(ctx),
        Wanted::Tag => tags(ctx),
        Wanted::Setting => settings(ctx),
        Wanted::Filter => filters(ctx),
        Wanted::Session => sessions(ctx),
    }
}

fn all(ctx: &Ctx) -> Vec<Known> {
    ctx.store.all().unwrap_or_default()
}

fn tabs(ctx: &Ctx, is_meant: impl Fn(&Known, State) -> bool) -> Vec<Offer> {
    let known = all(ctx);
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for tab in &known {
        *names.entry(tab.session.tab.as_str()).or_default() += 1;
    }
    let state = |tab: &Known| match &tab.live {
        _ if !tab.present => State::Missing,
        Some(live) => segment::state(ctx, live),
        None => State::Down,
    };
    let meant =
        known.iter().map(|tab| (tab, state(tab))).filter(|(tab, state)| is_meant(tab, *state));
    meant
        .map(|(tab, state)| {
            // A name that a person could not give, or that two tabs have, means none of them.
            let plain =
                name::check(&tab.session.tab).is_ok() && names[tab.session.tab.as_str()] == 1;
            let (name, id) = (name::shown(&tab.session.tab), tab.session.id.to_string());
            let (value, also) = if plain { (name, None) } else { (id, Some(name)) };
            let lock = tab.session.locked.then_some("locked");
            let task = tab.session.task.as_deref();
            let about = [also.as_deref(), lock, task].into_iter().flatten();
            let about = about.fold(format!("{} {}", state.glyph(), state.word()), |all, next| {
                format!("{all}, {next}")
            });
            Offer { value, about }
        })
        .collect()
}

/// The newest first. To look whether one that has no end still runs would be to look at processes.
fn jobs(ctx: &Ctx) -> Vec<Offer> {
    let offer = |job: Job| {
        let state = if job.ended.is_none() {
            "job".to_owned()
        } else {
            format!("job, {}", job.state(false).word())
        };
        let about = format!("{state}: {}", shell_words::join(&job.argv));
        Offer { value: name::shown(&job.name), about }
    };
    ctx.store.jobs().into_iter().rev().map(offer).collect()
}

fn agents(ctx: &Ctx) -> Vec<Offer> {
    let registry = ctx.agents();
    let offer = |kind: &str| {
        let spec = registry.get(kind).ok()?;
        let about = if spec.program() == kind { String::new() } else { spec.program().to_owned() };
        Some(Offer { value: kind.to_owned(), about })
    };
    registry.kinds().into_iter().filter_map(offer).collect()
}

/// First those of tabs, then what was begun in this folder, the newest first.
fn conversations(ctx: &Ctx) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for tab in all(ctx) {
        let name = name::shown(&tab.session.tab);
        let Some(agent) = tab.session.agent else { continue };
        let kind = name::shown(&agent.kind);
        let past = agent.history.iter().rev().map(|past| (past.session_id.clone(), ", earlier"));
        let own = agent.session_id.into_iter().map(|id| (id, ""));
        offers.extend(
            own.chain(past)
                .filter(|(id, _)| is_session_id(id))
                .map(|(value, when)| Offer { value, about: format!("{kind}, tab {name}{when}") }),
        );
    }
    let mut begun: Vec<(SystemTime, Offer)> = Vec::new();
    if let Ok(directory) = std::env::current_dir() {
        let environment = std::env::vars().collect();
        let around = Surroundings {
            home: &ctx.paths.home,
            environment: &environment,
            directory: &directory,
        };
        let registry = ctx.agents();
        let specs = registry.kinds().into_iter().filter_map(|kind| registry.get(kind).ok());
        begun.extend(specs.flat_map(|spec| begun_here(spec, &around)));
    }
    begun.sort_by(|(a, _), (b, _)| b.cmp(a));
    for (_, offer) in begun {
        if offers.iter().all(|known| known.value != offer.value) {
            offers.push(offer);
        }
    }
    offers
}

fn begun_here(spec: &Spec, around: &Surroundings) -> Vec<(SystemTime, Offer)> {
    let mut found = spec.conversations(around);
    found.sort_by(|(_, a), (_, b)| b.cmp(a));
    found.truncate(MOST_CONVERSATIONS);
    let offer = |(value, at): (String, SystemTime)| {
        let when = DateTime::<Utc>::from(at).format("%Y-%m-%d %H:%M");
        (at, Offer { value, about: format!("{}, no tab, last {when} UTC", spec.kind()) })
    };
    found.into_iter().map(offer).collect()
}

fn tags(ctx: &Ctx) -> Vec<Offer> {
    let mut tags: BTreeMap<String, usize> = BTreeMap::new();
    for tag in all(ctx).into_iter().flat_map(|tab| tab.session.tags) {
        *tags.entry(tag).or_default() += 1;
    }
    let about = |count| if count == 1 { "1 tab".to_owned() } else { format!("{count} tabs") };
    tags.into_iter().map(|(value, count)| Offer { value, about: about(count) }).collect()
}

fn settings(ctx: &Ctx) -> Vec<Offer> {
    let known = config::load(&ctx.paths).or_else(|_| config::defaults());
    let known = known.map(|(_, settings)| settings).unwrap_or_default();
    let offer =
        |one: config::Setting| Offer { value: one.key.to_owned(), about: one.about.to_owned() };
    known.into_iter().map(offer).collect()
}

fn filters(ctx: &Ctx) -> Vec<Offer> {
    let plain = |value: String| Offer { value, about: String::new() };
    let known = all(ctx);
    let agents: BTreeSet<String> =
        known.iter().filter_map(|tab| Some(tab.session.agent.as_ref()?.kind.clone())).collect();
    let mut offers: Vec<Offer> =
        State::ALL.iter().map(|state| plain(state.word().to_owned())).collect();
    offers.extend(agents.into_iter().map(|kind| plain(format!("agent={kind}"))));
    offers.extend(
        tags(ctx).into_iter().map(|tag| Offer { value: format!("tag={}", tag.value), ..tag }),
    );
    offers.extend(["tab=", "task=", "folder="].map(|key| plain(key.to_owned())));
    offers
}

fn sessions(ctx: &Ctx) -> Vec<Offer> {
    let mut names: BTreeSet<String> = BTreeSet::from([ctx.settings.session.clone()]);
    names.extend(all(ctx).into_iter().filter_map(|tab| Some(tab.session.place?.session)));
    let offer = |value| Offer { value, about: String::new() };
    names.into_iter().filter(|name| !name.is_empty()).map(offer).collect()
}
