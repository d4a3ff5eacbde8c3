//! What came of a call: what was printed, and why it ended early.
//! Must not decide whether a server lives: an older client is dropped by a newer server as if not.

use anyhow::Result;

use crate::engine::gone;
use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;

/// What came of a call.
#[derive(Debug)]
pub struct Answer {
    /// Everything that was printed, also by the commands before the one that was refused.
    pub printed: String,
    /// Why it ended early.
    pub refusal: Option<Refusal>,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing: no server, or one that stays without a session.
    Nothing,
    /// The server said this.
    Said(String),
}

impl Refusal {
    /// Whether another window has the index that was asked for.
    pub fn is_taken(&self) -> bool {
        matches!(self, Refusal::Said(why) if why.ends_with(" in use"))
    }
}

/// How a client failed, from its last words.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server answered.
    Refused(Refusal),
    /// It found no server, or lost it.
    Alone,
}

impl Ending {
    /// Reads the client's last words.
    pub fn of(last_words: &str) -> Ending {
        const ALONE: [&str; 5] = [
            "no server running",
            "error connecting",
            "server exited",
            "lost server",
            "protocol version mismatch",
        ];
        if ALONE.iter().any(|words| last_words.starts_with(words)) {
            return Ending::Alone;
        }
        // Every command names its target, so only a server without sessions has none to offer.
        Ending::Refused(match last_words {
            "no current target" => Refusal::Nothing,
            words => Refusal::Said(words.to_owned()),
        })
    }
}

impl Answer {
    /// What was printed, if nothing was refused.
    pub fn accepted(self) -> Result<String> {
        let why = match self.refusal {
            None => return Ok(self.printed),
            Some(Refusal::Nothing) => "no tmux server runs".to_owned(),
            Some(Refusal::Said(why)) => format!("tmux refused: {why}"),
        };
        Err(Fault::new(Kind::Engine, why).into())
    }

    /// The same for commands about one pane, which may have gone meanwhile.
    pub fn of_pane(self, pane: &PaneId) -> Result<String> {
        if self.lacks_a_pane() { Err(gone(pane).into()) } else { self.accepted() }
    }

    /// Whether the pane that was asked about is not there, alone or with its whole server.
    pub fn lacks_a_pane(&self) -> bool {
        match &self.refusal {
            Some(Refusal::Nothing) => true,
            Some(Refusal::Said(why)) => {
                ["can't find pane: %", "no such pane: %", "no such window: %"]
                    .iter()
                    .any(|start| why.starts_with(start))
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_that_answered_has_refused() {
        for alone in [
            "no server running on /tmp/s",
            "error connecting to /tmp/s (No such file or directory)",
            "server exited unexpectedly",
            "lost server",
            "protocol version mismatch (client 8, server 9)",
        ] {
            assert_eq!(Ending::of(alone), Ending::Alone, "{alone}");
        }
        assert_eq!(Ending::of("no current target"), Ending::Refused(Refusal::Nothing));
        let refused = Refusal::Said("can't find pane: %9".to_owned());
        assert_eq!(Ending::of("can't find pane: %9"), Ending::Refused(refused));
    }

    #[test]
    fn a_pane_that_is_gone_is_told_from_other_refusals() {
        let answer = |why: &str| Answer {
            printed: String::new(),
            refusal: Some(Refusal::Said(why.to_owned())),
        };
        for why in ["can't find pane: %9", "no such pane: %9", "no such window: %9"] {
            assert!(answer(why).lacks_a_pane(), "{why}");
        }
        assert!(!answer("can't find session: work").lacks_a_pane());
        assert!(!answer("index 3 in use").lacks_a_pane());
    }
}
