//! Asking a person. Must never be answered by a script: without a terminal it is an error.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::Result;
use dialoguer::Confirm;
use dialoguer::console::Term;
use signal_hook::consts::SIGINT;
use signal_hook::{flag, low_level};

use crate::error::{Fault, Kind};

/// Asks yes or no, no being the default; `yes` answers it beforehand.
pub fn confirm(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    match answer(question, false)? {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::new(Kind::Other, "not done: the answer was no").into()),
        None => Err(needs_a_yes().into()),
    }
}

/// There is nobody to ask.
pub fn needs_a_yes() -> Fault {
    Fault::new(Kind::NeedsAnswer, "this needs a yes, and there is no terminal to ask on")
        .hint("repeat it with --yes")
}

/// Asks; `None` where there is no terminal.
pub fn answer(question: &str, default: bool) -> Result<Option<bool>> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    let asked = while_asking(|| Confirm::new().with_prompt(question).default(default).interact());
    if let Err(dialoguer::Error::IO(error)) = &asked {
        // The question hides the cursor, and gives it back only with an answer.
        let term = Term::stderr();
        term.show_cursor()?;
        term.write_line("")?;
        if error.kind() == std::io::ErrorKind::Interrupted {
            // As if the question had never held it up: the shell sees 130, and stops its loop.
            low_level::emulate_default_handler(SIGINT)?;
        }
    }
    Ok(Some(asked?))
}

/// Whether Ctrl-C ends the process at once, as it does without a question. The handler stays for
/// good: taking it away would not bring the system's own back.
static AT_ONCE: LazyLock<std::io::Result<Arc<AtomicBool>>> = LazyLock::new(|| {
    let at_once = Arc::new(AtomicBool::new(true));
    flag::register_conditional_default(SIGINT, Arc::clone(&at_once)).map(|_| at_once)
});

/// Whether Ctrl-C ends the process at once; for whoever wants to end it in another way.
pub fn at_once() -> Result<Arc<AtomicBool>> {
    match AT_ONCE.as_ref() {
        Ok(at_once) => Ok(Arc::clone(at_once)),
        Err(error) => Err(anyhow::anyhow!("Ctrl-C cannot be caught: {error}")),
    }
}

/// From now on somebody else obeys Ctrl-C, and first cleans up.
pub fn leave_interrupts() {
    AT_ONCE.as_ref().iter().for_each(|at_once| at_once.store(false, Ordering::SeqCst));
}

/// Runs a question, which Ctrl-C then interrupts with an error.
fn while_asking<T>(question: impl FnOnce() -> T) -> T {
    let at_once = AT_ONCE.as_ref().ok();
    let set = |on| at_once.iter().for_each(|at_once| at_once.store(on, Ordering::SeqCst));
    set(false);
    let answer = question();
    set(true);
    answer
}
