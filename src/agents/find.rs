//! From a process to its conversation, and back: by the agents' own records, by the files that a
//! process holds open, and last by its command line. Must not look at processes: it is given them.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::SystemTime;

use chrono::NaiveDateTime;
use serde_json::Value;

use super::search::{Hit, Search, field, record, short, written};
use super::spec::{Background, Claim};
use super::{Found, Holder, Process, Spec, Surroundings, locks};
use crate::model::plan::Evidence;
use crate::model::session::is_session_id;

/// What one claim file tells.
#[derive(Debug)]
struct Claimed {
    id: String,
    pid: Option<u32>,
    start: Option<u64>,
    file: PathBuf,
    reach: Option<String>,
}

impl Spec {
    /// The conversation that a running process holds.
    pub fn id_of_process(&self, process: &Process, around: &Surroundings) -> Option<Found> {
        let recorded = self.recorded_id(process, around);
        if recorded.is_some() {
            return recorded;
        }
        let named = self.named(&process.argv)?;
        let how = match named.flag {
            Some(flag) => format!("{flag} on the command line"),
            None => "the command line".to_owned(),
        };
        Some(Found { session_id: named.id, how })
    }

    /// The same by the agent's own records alone: a command line says only what was wished.
    pub fn recorded_id(&self, process: &Process, around: &Surroundings) -> Option<Found> {
        let mut search = Search::new(self, around);
        let claimed = self.claims.iter().find_map(|claim| {
            if claim.locked {
                held_open(claim, process, &search)
            } else {
                by_record(claim, process, &mut search)
            }
        })?;
        Some(Found { session_id: claimed.id, how: short(&claimed.file, around.home) })
    }

    /// By what it can be seen which conversation it opened; `hooked` says whether tabctl's hooks are
    /// registered with it.
    pub fn evidence(&self, hooked: bool) -> Evidence {
        if self.claims.iter().any(|claim| !claim.new_only) {
            Evidence::Record
        } else if hooked && self.hooks.tells_at_start() {
            Evidence::Hook
        } else if self.transcript.refuses.is_some() {
            Evidence::Refusal
        } else {
            Evidence::Nothing
        }
    }

    /// The processes that hold this conversation open by the agent's own records. A record outlives a
    /// killed process; see [`Holder`] for how to tell.
    pub fn holders(&self, session_id: &str, around: &Surroundings) -> Vec<Holder> {
        let mut holders = Vec::new();
        if !is_session_id(session_id) {
            return holders;
        }
        let mut search = Search::new(self, around);
        for claim in &self.claims {
            let id = claim.file.has_id().then_some(session_id);
            let mut all = read_all(claim, id, None, &mut search);
            all.retain(|claimed| claimed.id == session_id);
            for claimed in all {
                let locked = if claim.locked { locks::owners(&claimed.file) } else { Vec::new() };
                holders.extend(claimed.pid.into_iter().chain(locked).map(|pid| Holder {
                    pid,
                    start: claimed.start,
                    record: claimed.file.clone(),
                    reach: claimed.reach.clone(),
                }));
            }
        }
        holders.sort_by_key(|holder| holder.pid);
        holders.dedup_by_key(|holder| holder.pid);
        holders
    }
}

/// The newest lock file that the process holds open.
fn held_open(claim: &Claim, process: &Process, search: &Search) -> Option<Claimed> {
    let mut target = search.target(&claim.file, None, None)?;
    // The system tells open files without links.
    target.root = std::fs::canonicalize(&target.root).unwrap_or(target.root);
    let open = process.open_files.iter().filter_map(|file| {
        let id = target.catch(file)?.id.filter(|id| is_session_id(id))?;
        Some(Claimed { id, pid: None, start: None, file: file.clone(), reach: None })
    });
    newest(open.collect())
}

/// The newest record of the process or of one below it.
fn by_record(claim: &Claim, process: &Process, search: &mut Search) -> Option<Claimed> {
    let pids = || std::iter::once(process.pid).chain(process.children.iter().copied());
    let is_its_own = |claimed: &Claimed| {
        let Some(pid) = claimed.pid else { return false };
        // A record with another start is what a killed process left under a number that is in use
        // again. Of the processes below, it is only known that they cannot be older.
        pids().any(|own| own == pid)
            && match claimed.start {
                Some(start) if pid == process.pid => start == process.start,
                Some(start) => start >= process.start,
                None => claim.start.is_none(),
            }
    };
    if !claim.file.has_pid() {
        let mut all = read_all(claim, None, None, search);
        all.retain(is_its_own);
        return newest(all);
    }
    pids().find_map(|pid| {
        let mut all = read_all(claim, None, Some(pid), search);
        all.retain(is_its_own);
        newest(all)
    })
}

fn newest(mut claimed: Vec<Claimed>) -> Option<Claimed> {
    claimed.sort_by_cached_key(|one| {
        (written(&one.file).unwrap_or(SystemTime::UNIX_EPOCH), one.id.clone())
    });
    claimed.pop()
}

/// All that the files of a claim tell, with the id or the process id given as far as it is known.
fn read_all(
    claim: &Claim,
    id: Option<&str>,
    pid: Option<u32>,
    search: &mut Search,
) -> Vec<Claimed> {
    let mut all = Vec::new();
    let Some(target) = search.target(&claim.file, id, pid) else { return all };
    search.find(&target, &mut |hit: Hit| -> ControlFlow<()> {
        all.extend(read_one(claim, hit, id, pid));
        ControlFlow::Continue(())
    });
    all
}

fn read_one(claim: &Claim, hit: Hit, id: Option<&str>, pid: Option<u32>) -> Option<Claimed> {
    let has_fields = claim.id.is_some()
        || claim.pid.is_some()
        || claim.start.is_some()
        || claim.background.is_some();
    let record = if has_fields { record(&hit.path)? } else { Value::Null };
    let id = match &claim.id {
        Some(name) => field(&record, name)?,
        None => hit.caught.id.or_else(|| id.map(str::to_owned))?,
    };
    let told = match &claim.pid {
        Some(name) => Some(field(&record, name)?.parse().ok()?),
        None => hit.caught.pid.or(pid),
    };
    let start = claim.start.as_ref().and_then(|name| start_of(&field(&record, name)?));
    if !is_session_id(&id) {
        return None;
    }
    let reach = claim.background.as_ref().and_then(|background| reach(background, &record, &id));
    Some(Claimed { id, pid: told, start, file: hit.path, reach })
}

/// How to get at a conversation, if its record says that it is held in the background.
fn reach(background: &Background, record: &Value, id: &str) -> Option<String> {
    let is_it =
        background.when.iter().all(|(name, text)| field(record, name).as_ref() == Some(text));
    let id8: String = id.chars().take(8).collect();
    is_it.then(|| background.reach.replace("{id8}", &id8).replace("{id}", id))
}

/// The start of a process as an agent writes it: ticks, `<boot>:<ticks>`, or the date of
/// `ps -o lstart` in UTC, which gives seconds.
pub(super) fn start_of(text: &str) -> Option<u64> {
    let date = NaiveDateTime::parse_from_str(text.trim(), "%a %b %e %H:%M:%S %Y");
    match date {
        Ok(date) => date.and_utc().timestamp().try_into().ok(),
        Err(_) => text.rsplit(':').next()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use std::collections::BTreeMap;
    use std::fs::{self, File};

    use super::*;

    const SPEC: &str = "
kind: a
data: [~/a]
claims:
  - {file: '{data}/{id}.lock', locked: true}
";

    #[cfg(target_os = "linux")]
    #[test]
    fn who_has_a_file_locked_holds_its_conversation() {
        let spec: Spec = serde_yaml::from_str(SPEC).unwrap();
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a/one.lock");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let environment = BTreeMap::new();
        let around =
            Surroundings { home: home.path(), environment: &environment, directory: home.path() };
        let held = File::options().write(true).create_new(true).open(&file).unwrap();
        held.lock().unwrap();
        let me = Holder { pid: std::process::id(), start: None, record: file, reach: None };
        assert_eq!(spec.holders("one", &around), [me]);
        assert!(spec.holders("two", &around).is_empty());
        drop(held);
        assert!(spec.holders("one", &around).is_empty(), "left behind by a killed process");
    }

    #[test]
    fn a_file_that_is_open_under_a_linked_home_is_found() {
        let spec: Spec = serde_yaml::from_str(SPEC).unwrap();
        let real = tempfile::tempdir().unwrap();
        fs::create_dir_all(real.path().join("a")).unwrap();
        let links = tempfile::tempdir().unwrap();
        let home = links.path().join("home");
        std::os::unix::fs::symlink(real.path(), &home).unwrap();
        let environment = BTreeMap::new();
        let around =
            Surroundings { home: &home, environment: &environment, directory: links.path() };
        let open = real.path().canonicalize().unwrap().join("a/one.lock");
        let process = Process { open_files: vec![open], ..Process::default() };
        assert_eq!(spec.id_of_process(&process, &around).unwrap().session_id, "one");
    }

    #[test]
    fn the_start_of_a_process_is_read_in_every_spelling() {
        for (text, start) in [
            ("228198", Some(228_198)),
            ("4255f259-b33d-433e-81d7-243a8c1381ae:286071", Some(286_071)),
            ("Fri Nov 20 13:31:20 2026", Some(1_795_181_480)),
            ("Sun Nov  1 00:00:00 2026", Some(1_793_491_200)),
            ("158xxx", None),
            ("", None),
            ("-5", None),
        ] {
            assert_eq!(start_of(text), start, "{text}");
        }
    }
}
