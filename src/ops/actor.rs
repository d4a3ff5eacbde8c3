//! Who acts: a person, or an agent through its own shell tool.
//! Must not be taken for protection against a hostile process of the same user: it is courtesy.

use std::sync::OnceLock;

use crate::error::{Fault, Kind};
use crate::model::doer::{Doer, DoerKind};
use crate::sys::user;

use super::Ctx;

/// Who acts in this process, for the journal.
static DOER: OnceLock<Doer> = OnceLock::new();

/// Says who acts in this process, where its environment does not tell; the first word counts.
pub fn act_as(doer: Doer) {
    let _ = DOER.set(doer);
}

/// Who acts in this process.
pub fn doer(ctx: &Ctx) -> &'static Doer {
    DOER.get_or_init(|| Actor::of_this_process(ctx).doer())
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at a terminal, or a script.
    Person,
    /// An agent of this kind: its marks are in the environment.
    Agent(String),
}

impl Actor {
    /// Reads the marks that agents leave in the environment of their children.
    pub fn of_this_process(ctx: &Ctx) -> Actor {
        let marked = |name: &str| std::env::var_os(name).is_some();
        ctx.agents()
            .agent_around(&marked)
            .map_or(Actor::Person, |kind| Actor::Agent(kind.to_owned()))
    }

    /// The word for records: `person`, or the agent's kind.
    pub fn word(&self) -> &str {
        match self {
            Actor::Person => "person",
            Actor::Agent(kind) => kind,
        }
    }

    /// The same for the journal. Whose process a person's is, the system knows.
    pub fn doer(&self) -> Doer {
        match self {
            Actor::Person => Doer::known(DoerKind::Person, user::name()),
            Actor::Agent(kind) => Doer::claimed(DoerKind::Agent, kind),
        }
    }

    /// Refuses what only a person may do.
    pub fn must_be_person(&self, what: &str) -> anyhow::Result<()> {
        match self {
            Actor::Person => Ok(()),
            Actor::Agent(kind) => Err(Fault::new(
                Kind::NeedsAnswer,
                format!("{kind} may not {what}: a person decides that"),
            )
            .hint("run it yourself, in a shell that no agent started")
            .into()),
        }
    }
}
