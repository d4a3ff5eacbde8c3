//! The Program Status Protocol (OSC 7501): a program's own word about itself to its terminal.
//! Must pass over what it does not know: the protocol grows.

use super::status::{Said, State};

/// How a terminal says that it wants to be told. Only the question mark is looked at.
pub const ANSWER: &[u8] = b"\x1b]7501;?\x1b\\";

/// What a program said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// `idle`, `working`, `blocked`, `done`, `error`, `clear`.
    pub state: String,
    /// Which program.
    pub app: Option<String>,
    /// What it is blocked by: `permission`, `question`, `auth`.
    pub kind: Option<String>,
    /// In its own words.
    pub message: Option<String>,
}

impl Status {
    /// Reads what follows the number: fields `name=value`, separated by colons.
    pub fn parse(text: &str) -> Option<Status> {
        let field = |name: &str| {
            let values = text.split(':').filter_map(|field| field.split_once('='));
            values.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).next()
        };
        let message = field("msg").and_then(|message| decoded(&message));
        Some(Status { state: field("state")?, app: field("app"), kind: field("kind"), message })
    }

    /// What it means; nothing for a state of a later version. What was said is taken back by
    /// `clear`: then the state is unknown as far as this goes.
    pub fn says(&self) -> Option<Said> {
        let kind = self.kind.as_deref();
        let (state, reason) = match self.state.as_str() {
            "idle" | "done" => (State::Idle, None),
            "working" => (State::Thinking, None),
            "blocked" => (State::Attention, Some(reason(kind))),
            "error" => (State::Attention, Some("error")),
            "clear" => (State::Unknown, None),
            _ => return None,
        };
        Some(Said {
            state,
            reason: reason.map(str::to_owned),
            detail: self.message.clone(),
            evidence: format!("program {}", self.state),
        })
    }
}

/// Why attention is needed, for what a program is blocked by.
fn reason(kind: Option<&str>) -> &'static str {
    match kind {
        Some("permission") => "permission",
        Some("auth") => "login",
        _ => "question",
    }
}

/// Text in base64, with or without its padding; nothing if it is none.
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claude_told_a_terminal_that_listens_is_understood() {
        let cases = [
            ("state=idle:app=claude-code", State::Idle, None, None),
            ("state=working:app=claude-code", State::Thinking, None, None),
            ("state=done:app=claude-code", State::Idle, None, None),
            (
                "state=blocked:app=claude-code:kind=question:msg=YW5zd2VyOiBRPyAoQSDCtyBCKQ==",
                State::Attention,
                Some("question"),
                Some("answer: Q? (A · B)"),
            ),
            (
                "state=error:app=claude-code:msg=QVBJIEVycm9yOiA0MDAgbW9jayBlcnJvciA0MDA=",
                State::Attention,
                Some("error"),
                Some("API Error: 400 mock error 400"),
            ),
            ("state=blocked:kind=permission:msg=!", State::Attention, Some("permission"), None),
            ("state=blocked:kind=auth", State::Attention, Some("login"), None),
            ("state=clear", State::Unknown, None, None),
        ];
        for (text, state, reason, detail) in cases {
            let said = Status::parse(text).and_then(|status| status.says());
            let said = said.unwrap_or_else(|| panic!("{text} says nothing"));
            let found = (said.state, said.reason.as_deref(), said.detail.as_deref());
            assert_eq!(found, (state, reason, detail), "{text}");
            assert!(said.evidence.starts_with("program "));
        }
        assert_eq!(Status::parse("app=x"), None);
        assert_eq!(Status::parse("state=later").and_then(|status| status.says()), None);
    }
}
