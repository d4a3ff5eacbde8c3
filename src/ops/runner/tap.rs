//! The eye on what passes between an agent and its terminal.
//! Must not keep the copying waiting.

use crate::model::program;
use crate::model::terminal::{Parser, Signal};
use crate::model::typing::{self, Typing};
use crate::sys::relay::{Gap, Tap};

/// Sees what passes, and answers what a terminal of today does not.
#[derive(Default)]
pub struct Eye {
    parser: Parser,
    typing: Typing,
    signals: Vec<Signal>,
}

impl Eye {
    /// An eye on a terminal in which nothing was written yet.
    pub fn new() -> Eye {
        Eye::default()
    }
}

impl Tap for Eye {
    fn output(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.signals.clear();
        self.parser.feed(bytes, &mut self.signals);
        let mut answer = Vec::new();
        for signal in self.signals.drain(..) {
            if signal == Signal::ProgramQuery {
                answer.extend_from_slice(program::ANSWER);
            }
        }
        answer
    }

    fn input(&mut self, bytes: &[u8]) -> Gap {
        match self.typing.feed(bytes) {
            typing::Gap::Here => Gap::Here,
            typing::Gap::Torn => Gap::Soon,
            typing::Gap::Pasting => Gap::Later,
        }
    }
}
