//! `tabctl hook`: what the agents' hooks run. Prints nothing, fails never, takes no longer than it
//! may: an agent's turn waits for it.

use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::os::unix::ffi::OsStringExt;

use crate::ops::Ctx;
use crate::ops::hook::{Call, expects_payload, take_in};
use crate::sys::clock;

/// A larger payload is read to its end, so that the agent can write it, and dropped.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Take in an event of an agent; the agents' hooks call this
///
/// The payload comes on standard input, or as the last argument. It prints nothing and always
/// succeeds; `tabctl explain` shows what came of it.
///
/// Examples:
///   tabctl hook claude < payload.json
///   tabctl hook copilot --event agentStop < payload.json
///   tabctl hook codex '{"type":"agent-turn-complete","thread-id":"…"}'
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The agent
    agent: String,
    /// The event, where the payload does not name it
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// The payload [default: standard input]
    #[arg(allow_hyphen_values = true)]
    payload: Option<OsString>,
}

impl Args {
    /// A call that could not be understood: it is read and dropped like one of an unknown agent.
    pub fn nothing() -> Args {
        Args { agent: String::new(), event: None, payload: None }
    }
}

/// Runs it. `main` sees to it that it takes no longer than it may.
pub fn run(args: Args) {
    let arrived = clock::now();
    let ctx = Ctx::open_leniently();
    let Args { agent, event, payload } = args;
    let payload = match payload {
        Some(payload) => payload.into_vec(),
        // What some agents leave there is their own input.
        None if ctx.as_ref().is_ok_and(|ctx| !expects_payload(ctx, &agent)) => Vec::new(),
        None => standard_input(),
    };
    // Whom could a failure be told?
    let _ = ctx.and_then(|ctx| take_in(&ctx, &Call { agent, event, payload, arrived }));
}

/// All of standard input, also for nothing: an agent may take a closed pipe for an error. A
/// terminal is the agent's own, and not for us.
fn standard_input() -> Vec<u8> {
    let mut input = std::io::stdin().lock();
    let mut bytes = Vec::new();
    if input.is_terminal() {
        return bytes;
    }
    let _ = input.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LARGEST {
        let _ = std::io::copy(&mut input, &mut std::io::sink());
        bytes.clear();
    }
    bytes
}
