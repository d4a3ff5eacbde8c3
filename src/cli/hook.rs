//! `tabctl hook`: what the agents' hooks run. Prints nothing, fails never, takes no longer than it
//! may: an agent's turn waits for it.

use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

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
    /// A command line as `hooks install` writes it, if this process has one. An agent's turn waits for
    /// each, and to go through it as through a person's takes a fifth of the whole time.
    pub fn of_this_process() -> Option<Args> {
        Args::of(std::env::args_os().skip(1))
    }

    fn of(mut words: impl Iterator<Item = OsString>) -> Option<Args> {
        let is_it = words.next()? == "hook";
        let agent = words.next()?.into_string().ok().filter(|_| is_it)?;
        let rest: Vec<OsString> = words.take(3).collect();
        let (event, payload) = match rest.as_slice() {
            [] => (None, None),
            [flag, event] if flag == "--event" => (Some(event.to_str()?.to_owned()), None),
            [payload] if payload.as_bytes().starts_with(b"{") => (None, Some(payload.clone())),
            _ => return None,
        };
        let is_plain =
            [Some(&agent), event.as_ref()].iter().flatten().all(|it| !it.starts_with('-'));
        is_plain.then_some(Args { agent, event, payload })
    }

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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    /// What clap makes of it.
    fn by_clap(words: &[&str]) -> Option<Args> {
        match Cli::try_parse_from([&["tabctl"], words].concat()).ok()?.command {
            Some(Command::Hook(args)) => Some(args),
            _ => None,
        }
    }

    #[test]
    fn what_is_read_without_clap_is_what_clap_reads() {
        let (mut quick, mut slow) = (0, 0);
        for words in [
            &["hook", "claude"][..],
            &["hook", "copilot", "--event", "agentStop"],
            &["hook", "codex", r#"{"type":"x"}"#],
            &["hook"],
            &["hook", "--help"],
            &["hook", "-x"],
            &["hook", "claude", "--event"],
            &["hook", "claude", "--event", "--help"],
            &["hook", "claude", "--help"],
            &["hook", "--event", "x", "claude"],
            &["hook", "claude", "--event=x"],
            &["hook", "claude", "payload"],
            &["hook", "codex", "{}", "--event", "x"],
            &["hook", "", "{}"],
            &["hooks", "check"],
            &["ls"],
        ] {
            let read = Args::of(words.iter().map(OsString::from));
            let count = if read.is_some() { &mut quick } else { &mut slow };
            *count += 1;
            if let Some(read) = read {
                let told = |args: &Args| format!("{args:?}");
                assert_eq!(Some(told(&read)), by_clap(words).as_ref().map(told), "{words:?}");
            }
        }
        assert_eq!((quick, slow), (4, 12));
    }
}
