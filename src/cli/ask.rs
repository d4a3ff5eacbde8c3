//! Asking a person. Must never be answered by a script: without a terminal it is an error.

use std::io::IsTerminal;

use anyhow::Result;
use dialoguer::Confirm;

use crate::error::{Fault, Kind};

/// Asks yes or no, no being the default; `yes` answers it beforehand.
pub fn confirm(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    match answer(question, false)? {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::new(Kind::NeedsAnswer, "not done: the answer was no").into()),
        None => Err(Fault::new(
            Kind::NeedsAnswer,
            "this needs a yes, and there is no terminal to ask on",
        )
        .hint("repeat it with --yes")
        .into()),
    }
}

/// Asks; `None` where there is no terminal.
pub fn answer(question: &str, default: bool) -> Result<Option<bool>> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    Ok(Some(Confirm::new().with_prompt(question).default(default).interact()?))
}
