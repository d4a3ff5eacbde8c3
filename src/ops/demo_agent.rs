//! A small agent with a conversation on disk, for `demo` and for tests: what tabctl does for real
//! agents can be seen on it without an account. Must behave as they do: exact id, or an error.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::error::{Fault, Kind};
use crate::model::session::is_session_id;
use crate::sys::clock;
use crate::sys::file::{self, Lock};

/// How it was started.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Start a conversation under this id; an error if there is one already.
    pub session_id: Option<String>,
    /// Go on with this conversation; an error if there is none.
    pub resume: Option<String>,
    /// Shown in the greeting, so that one can see that flags came back.
    pub model: String,
    /// A first prompt.
    pub prompt: Option<String>,
    /// Tell the terminal what it does, by the Program Status Protocol.
    pub reports: bool,
}

/// Where its conversations are: `TABCTL_DEMO_HOME`, else `tabctl-demo` in the state folder.
pub fn home() -> Result<PathBuf> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("TABCTL_DEMO_HOME")
        .or_else(|| absolute("XDG_STATE_HOME").map(|dir| dir.join("tabctl-demo")))
        .or_else(|| absolute("HOME").map(|dir| dir.join(".local/state/tabctl-demo")))
        .context("HOME is not set")
}

/// Holds a conversation: one line in, one answer out, until the input ends or says `exit`.
pub fn talk(
    request: &Request,
    home: &Path,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<()> {
    let (id, mut turns, _lock) = open(request, home)?;
    let transcript = home.join(format!("{id}.jsonl"));
    writeln!(out, "demo agent ({}), conversation {id}", request.model)?;
    for (number, turn) in turns.iter().enumerate() {
        writeln!(out, "> {turn}\n{}", answer(turn, &turns[..number]))?;
    }
    let mut next = request.prompt.clone();
    loop {
        let prompt = if let Some(prompt) = next.take() {
            writeln!(out, "> {prompt}")?;
            prompt
        } else {
            report(request, "idle", out)?;
            write!(out, "> ")?;
            out.flush()?;
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                return Ok(());
            }
            line.trim().to_owned()
        };
        match prompt.as_str() {
            "" => continue,
            "exit" => return Ok(()),
            _ => {}
        }
        report(request, "working", out)?;
        let answer = answer(&prompt, &turns);
        let line = serde_json::json!({
            "type": "turn", "session_id": id, "at": clock::now(), "prompt": prompt, "answer": answer,
        });
        file::append(&transcript, line.to_string().as_bytes())?;
        writeln!(out, "{answer}")?;
        turns.push(prompt);
    }
}

fn report(request: &Request, state: &str, out: &mut dyn Write) -> Result<()> {
    if request.reports {
        write!(out, "\x1b]7501;state={state}:app=tabctl-demo\x1b\\")?;
    }
    Ok(())
}

fn open(request: &Request, home: &Path) -> Result<(String, Vec<String>, Lock)> {
    let id = request.resume.as_ref().or(request.session_id.as_ref());
    let id = id.filter(|id| is_session_id(id)).cloned().ok_or_else(|| {
        Fault::new(Kind::Usage, "the demo agent needs --session-id ID or --resume ID")
    })?;
    let path = home.join(format!("{id}.jsonl"));
    let written = file::read(&path)?;
    let lock = || -> Result<Lock> {
        file::try_lock(&home.join(format!("{id}.lock")))?.ok_or_else(|| {
            Fault::new(Kind::Busy, format!("Session ID {id} is open in another process.")).into()
        })
    };
    match (request.resume.is_some(), written) {
        (true, Some(bytes)) => {
            let lock = lock()?;
            Ok((id, prompts(&bytes), lock))
        }
        (true, None) => {
            let message = format!("No conversation found with session ID: {id}");
            Err(Fault::new(Kind::ConversationMissing, message).into())
        }
        (false, Some(_)) => {
            Err(Fault::new(Kind::Clash, format!("Session ID {id} is already in use.")).into())
        }
        (false, None) => {
            file::private_dir(home)?;
            // On disk from the first second on, as a conversation should be.
            file::append(&path, serde_json::json!({ "session_id": id }).to_string().as_bytes())?;
            let lock = lock()?;
            Ok((id, Vec::new(), lock))
        }
    }
}

fn prompts(transcript: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(transcript)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|turn| Some(turn.get("prompt")?.as_str()?.to_owned()))
        .collect()
}

/// The answer shows that the earlier turns are known.
fn answer(prompt: &str, earlier: &[String]) -> String {
    let number = earlier.len() + 1;
    match earlier.last() {
        None => format!("({number}) I will remember \"{prompt}\""),
        Some(last) => format!("({number}) \"{prompt}\", after \"{last}\""),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    fn say(request: &Request, home: &Path, lines: &str) -> Result<String> {
        let mut out = Vec::new();
        talk(request, home, &mut lines.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn a_conversation_goes_on_where_it_stopped_and_nowhere_else() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().join("demo");
        let new = Request { session_id: Some("a1".to_owned()), ..Request::default() };
        let first = say(&new, &home, "milk\neggs\n").unwrap();
        assert!(first.contains("(2) \"eggs\", after \"milk\""), "{first}");
        let back = Request { resume: Some("a1".to_owned()), ..Request::default() };
        let second = say(&back, &home, "bread\n").unwrap();
        assert!(second.contains("(3) \"bread\", after \"eggs\""), "{second}");
        assert!(say(&new, &home, "").is_err(), "an id in use is not started again");
        let other = Request { resume: Some("b2".to_owned()), ..Request::default() };
        assert!(say(&other, &home, "").is_err(), "what is not there is not resumed");
        let bad = Request { resume: Some("../a1".to_owned()), ..Request::default() };
        assert!(say(&bad, &home, "").is_err());
    }
}
