//! What is to be typed: harmless, not too long, and a text to the agent and no command.
//! Must not type.

use anyhow::Result;

use crate::agents::Spec;
use crate::error::{Fault, Kind};
use crate::sys::run::MOST_INPUT;

/// A text as it can be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typable {
    /// The text.
    pub text: String,
    /// How many characters were left out.
    pub removed: usize,
}

/// The text without what a terminal would obey: the end of a paste among it. The line break at its
/// end, which every file has, goes too.
pub fn harmless(text: &str) -> Result<Typable> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let removed = text.chars().filter(|c| !is_kept(*c)).count();
    let text: String = text.chars().filter(|c| is_kept(*c)).collect();
    let text = text.trim_end_matches('\n').to_owned();
    if text.trim().is_empty() {
        let fault = Fault::new(Kind::Usage, "there is nothing to send");
        return Err(fault.hint("type some text first").into());
    }
    if text.len() > MOST_INPUT {
        let message =
            format!("{} bytes are too many to be typed: {MOST_INPUT} is the most", text.len());
        let hint = "put the text into a file and send its name: \"read brief.md and follow it\"";
        return Err(Fault::new(Kind::Usage, message).hint(hint).into());
    }
    Ok(Typable { text, removed })
}

/// The text as the agent takes it for one.
pub fn for_agent(spec: &Spec, text: &str) -> Result<String> {
    spec.as_text(text).ok_or_else(|| {
        let start: String = text.trim_start().chars().take(1).collect();
        let message =
            format!("{} takes what begins like this for a command: '{start}'", spec.kind());
        Fault::new(Kind::Usage, message)
            .hint("begin with a word; or `--command`, if it is to be obeyed and not read")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> (String, usize) {
        harmless(text).map_or_else(|_| (String::new(), 0), |it| (it.text, it.removed))
    }

    #[test]
    fn no_control_byte_is_typed() {
        assert_eq!(typed("a\u{1b}[201~b\r\nc\nd\u{3}\n"), ("a[201~b\nc\nd".to_owned(), 2));
        assert_eq!(typed("\tcafé 🚀;\\"), ("\tcafé 🚀;\\".to_owned(), 0));
        assert!(harmless(" \u{1b}\n").is_err());
        assert!(harmless(&"x".repeat(MOST_INPUT + 1)).is_err());
        assert!(harmless(&"x".repeat(MOST_INPUT)).is_ok());
    }
}
