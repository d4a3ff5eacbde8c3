//! Ctrl-C as a wish to come to an end. Must not hold it up: the second one ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::ask;

/// What Ctrl-C sets from now on.
pub fn flag() -> Result<Arc<AtomicBool>> {
    let at_once = ask::at_once()?;
    let wished = Arc::new(AtomicBool::new(false));
    flag::register(SIGINT, Arc::clone(&wished))?;
    // In the order of their registration: the first one arms what the second one meets.
    flag::register(SIGINT, Arc::clone(&at_once))?;
    at_once.store(false, Ordering::SeqCst);
    Ok(wished)
}
