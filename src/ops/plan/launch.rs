//! The ways in which a tab's agent can be started again, and the words for those in which it cannot.
//! Must not choose among them.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::agents::{KnowsFlag, Spec};
use crate::error::{Fault, Kind};
use crate::model::argv::Argv;
use crate::model::plan::{Fork, Order};
use crate::model::session::{self, Agent};
use crate::ops::{Ctx, kept, order};

/// What will run in a tab, or why it is only a shell.
pub enum Launch {
    /// This.
    Agent(Order),
    /// A shell, for this reason.
    Shell(Order, String),
}

/// A tab's agent that is to be started again.
pub struct Start<'a> {
    pub ctx: &'a Ctx,
    pub spec: &'a Spec,
    pub agent: &'a Agent,
    pub directory: &'a Path,
    /// The tab's name, filtered.
    pub tab: &'a str,
    pub knows: KnowsFlag<'a>,
}

impl Start<'_> {
    /// With this command line.
    pub fn with(&self, argv: Argv) -> Launch {
        Launch::Agent(self.order(argv, self.id()))
    }

    /// With the command line that resumes its conversation.
    pub fn again(&self, argv: Argv) -> Launch {
        Launch::Agent(Order { resumes: true, ..self.order(argv, self.id()) })
    }

    /// A new conversation.
    pub fn fresh(&self) -> Result<Launch> {
        let (kind, tab) = (self.spec.kind(), self.tab);
        let argv = self.spec.fresh_argv(self.id(), self.launch(), self.knows).ok_or_else(|| {
            Fault::new(Kind::AgentMissing, format!("it is not known how '{tab}' was started"))
                .hint(format!("bind it again: `tabctl bind {kind} --tab {tab} -- COMMAND…`"))
        })?;
        Ok(self.with(argv))
    }

    /// A copy of another conversation, under an id of its own where that can be chosen. Nothing if the
    /// agent makes none.
    pub fn fork(&self, of: &str, new: Option<&str>) -> Option<Launch> {
        let argv = self.spec.fork_argv(of, new, self.launch(), self.directory, self.knows)?;
        let fork = Some(Fork { of: of.to_owned(), id: new.map(str::to_owned) });
        Some(Launch::Agent(Order { fork, ..self.order(argv, new) }))
    }

    /// A conversation in which nothing was said yet.
    pub fn unprompted(&self, remarks: &mut Vec<String>) -> Result<Launch> {
        // What a fork has of its parent is written down with its own first prompt.
        let parent = self.agent.history.last().filter(|past| past.reason == "fork");
        if let Some(again) = parent.and_then(|past| self.fork(&past.session_id, self.id())) {
            remarks.push("this fork was never prompted: it is forked again".to_owned());
            return Ok(again);
        }
        remarks.push("never prompted: it starts again under the same id".to_owned());
        self.fresh()
    }

    /// The conversation is in none of these places.
    pub fn missing(&self, looked_at: &[PathBuf]) -> Launch {
        let short = |path: &PathBuf| self.ctx.paths.short(path);
        let looked_at: Vec<String> = looked_at.iter().map(short).collect();
        let copy = self.id().and_then(|id| kept::copy_of(self.ctx, self.spec, id));
        let copy = copy.map(|file| format!("; an older copy is {}", short(&file)));
        self.shell(format!(
            "the conversation {} is gone (looked at {}{}); `tabctl resume {} --fresh` starts a new one",
            self.id().unwrap_or("of this folder"),
            looked_at.join(", "),
            copy.unwrap_or_default(),
            self.tab,
        ))
    }

    /// Nobody knows the command that resumes it.
    pub fn no_way(&self) -> Launch {
        let (kind, tab) = (self.spec.kind(), self.tab);
        self.shell(match self.id() {
            _ if !self.spec.resumes() => format!(
                "nothing is known of how {kind} resumes; `tabctl resume {tab} --fresh` starts it anew"
            ),
            None => format!("no conversation id is known; `tabctl bind --tab {tab}` records one"),
            Some(_) => format!("{kind} has no way to resume this conversation"),
        })
    }

    /// There is nothing that could be forked.
    pub fn nothing_to_fork(&self) -> Fault {
        let message = format!("'{}' has no conversation to fork yet", self.tab);
        Fault::new(Kind::ConversationMissing, message)
            .hint(format!("`tabctl resume {}` starts it", self.tab))
    }

    /// The agent cannot fork.
    pub fn no_fork(&self) -> Fault {
        let message = format!("{} cannot fork a conversation", self.spec.kind());
        let tab = self.tab;
        Fault::new(Kind::Usage, message)
            .hint(format!("`tabctl resume {tab}` goes on with it, `--fresh` starts a new one"))
    }

    fn id(&self) -> Option<&str> {
        self.agent.session_id.as_deref()
    }

    fn launch(&self) -> Option<&session::Launch> {
        self.agent.launch.as_ref()
    }

    fn order(&self, argv: Argv, id: Option<&str>) -> Order {
        let launch = self.launch();
        order::agent(self.ctx, self.spec, order::found(argv, launch), id, launch, self.directory)
    }

    fn shell(&self, why: String) -> Launch {
        Launch::Shell(order::shell(self.ctx, self.directory), why)
    }
}
