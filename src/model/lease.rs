//! Who may type into a tab now. Must not look at a clock: it is told the time since the boot, which no
//! one can set back.

use serde::{Deserialize, Serialize};

use super::doer::DoerKind;
use super::id::TabId;

/// An agent holds a tab for so long after each thing it does, in milliseconds.
const OF_AGENTS: u64 = 30_000;
/// A person holds one until it is released, or for so long without doing anything there.
const OF_PEOPLE: u64 = 600_000;

/// The right to type into one tab. Times are milliseconds since the boot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lease {
    /// Goes up whenever somebody else gets it: what was begun under a lower one is not let through.
    #[serde(default)]
    pub epoch: u64,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The agents that a person lets type here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
}

/// Who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What it is.
    pub kind: DoerKind,
    /// A user, an agent's kind, a part of tabctl.
    pub who: String,
    /// The tab that an agent acts from, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TabId>,
    /// Until when, unless it is renewed.
    pub until: u64,
}

/// An agent that may type here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its kind.
    pub to: String,
    /// Until when.
    pub until: u64,
}

/// What came of asking for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The epoch to act under.
    pub epoch: u64,
    /// The epoch is a new one: whoever guards the tab must be told.
    pub is_new: bool,
    /// Who had it before, and has lost it.
    pub from: Option<Held>,
}

impl Held {
    /// Somebody who wants it.
    pub fn new(kind: DoerKind, who: impl Into<String>, from: Option<TabId>) -> Held {
        Held { kind, who: who.into(), from, until: 0 }
    }

    fn is_same(&self, other: &Held) -> bool {
        (self.kind, &self.who, self.from) == (other.kind, &other.who, other.from)
    }

    fn lasting(&self, now: u64) -> Held {
        let length = if self.kind == DoerKind::Person { OF_PEOPLE } else { OF_AGENTS };
        Held { until: now.saturating_add(length), ..self.clone() }
    }
}

impl Lease {
    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        *self == Lease::default()
    }

    /// Who has it now.
    pub fn holder(&self, now: u64) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.until > now)
    }

    /// Gives it to `who`, or renews it. A person gets it from everybody, an agent from nobody.
    ///
    /// # Errors
    /// Who has it.
    pub fn take(&mut self, who: &Held, now: u64) -> Result<Taken, Held> {
        let holder = self.holder(now).cloned();
        match holder {
            Some(held) if held.is_same(who) => {
                self.held = Some(who.lasting(now));
                Ok(Taken { epoch: self.epoch, is_new: false, from: None })
            }
            Some(held) if who.kind != DoerKind::Person => Err(held),
            from => {
                self.epoch += 1;
                self.held = Some(who.lasting(now));
                Ok(Taken { epoch: self.epoch, is_new: true, from })
            }
        }
    }

    /// Lets go of it, if `who` has it; says whether that was so.
    pub fn release(&mut self, who: &Held) -> bool {
        let is_theirs = self.held.as_ref().is_some_and(|held| held.is_same(who));
        if is_theirs {
            self.held = None;
        }
        is_theirs
    }

    /// Lets an agent type here for so many milliseconds.
    pub fn grant(&mut self, to: &str, now: u64, lasts: u64) {
        self.grants.retain(|grant| grant.to != to && grant.until > now);
        self.grants.push(Grant { to: to.to_owned(), until: now.saturating_add(lasts) });
    }

    /// Whether an agent of that kind may type here.
    pub fn lets(&self, kind: &str, now: u64) -> bool {
        self.grants.iter().any(|grant| grant.to == kind && grant.until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: DoerKind, who: &str) -> Held {
        Held::new(kind, who, None)
    }

    #[test]
    fn a_person_gets_it_from_everybody_and_an_agent_from_nobody() {
        let (ann, claude) = (of(DoerKind::Person, "ann"), of(DoerKind::Agent, "claude"));
        let codex = of(DoerKind::Agent, "codex");
        let mut lease = Lease::default();
        let epoch = |taken: Result<Taken, Held>| taken.map(|taken| (taken.epoch, taken.is_new));
        assert_eq!(epoch(lease.take(&claude, 0)), Ok((1, true)));
        assert_eq!(epoch(lease.take(&claude, 20_000)), Ok((1, false)), "it is renewed by acting");
        assert!(lease.take(&codex, 49_999).is_err());
        assert_eq!(epoch(lease.take(&codex, 50_000)), Ok((2, true)), "it ran out");
        assert_eq!(epoch(lease.take(&ann, 50_001)), Ok((3, true)));
        assert_eq!(epoch(lease.take(&ann, 50_002)), Ok((3, false)));
        assert!(lease.take(&codex, 650_001).is_err(), "ten minutes from the last act");
        assert!(!lease.release(&codex) && lease.release(&ann));
        assert_eq!(epoch(lease.take(&codex, 50_003)), Ok((4, true)));
    }

    #[test]
    fn two_agents_of_a_kind_in_two_tabs_are_two() {
        let from =
            |number| Held::new(DoerKind::Agent, "claude", Some(TabId::from_parts(0, number)));
        let mut lease = Lease::default();
        assert!(lease.take(&from(1), 0).is_ok());
        assert!(lease.take(&from(2), 0).is_err());
    }

    #[test]
    fn a_grant_ends_by_itself() {
        let mut lease = Lease::default();
        lease.grant("claude", 0, 10);
        assert!(lease.lets("claude", 9) && !lease.lets("claude", 10) && !lease.lets("codex", 0));
    }
}
