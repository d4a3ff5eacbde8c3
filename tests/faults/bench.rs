//! A tab that a change is tried on again and again, with the system calls of that change.
//! Must not judge: it only brings the tab back to where it was.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tabctl::model::session::Session;
use tabctl::store::{Loaded, Trust};
use tabctl::sys::file::is_temp_name;

use crate::support::World;
use crate::support::inside::store;
use crate::support::trace::{Call, Traced, traced};

const LIMIT: Duration = Duration::from_secs(20);

/// A change, what takes it back, and what a session file says of it. Both are run in the workspace.
#[derive(Clone, Copy)]
pub struct Change {
    pub does: &'static [&'static str],
    pub undoes: &'static [&'static str],
    pub shows: fn(&Session) -> Value,
}

pub const NOTE: Change = Change {
    does: &["note", "--tab", "api", "run make check first"],
    undoes: &["note", "--tab", "api", "--clear"],
    shows: |session| session.notes.iter().map(|note| note.text.clone()).collect(),
};
pub const BIND: Change = Change {
    does: &["bind", "generic", "--tab", "api", "--session-id", "x2", "--", "cat", "two"],
    undoes: &["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"],
    shows: |session| {
        let agent = session.agent.clone().unwrap_or_default();
        json!([agent.session_id, agent.launch.map(|launch| launch.argv)])
    },
};
pub const STATUS: Change = Change {
    does: &["status", "attention", "--tab", "api"],
    undoes: &["status", "idle", "--tab", "api"],
    shows: |session| json!(session.status.as_ref().map(|status| status.state)),
};
pub const RENAME: Change = Change {
    does: &["rename", "web"],
    undoes: &["rename", "api"],
    shows: |session| json!(session.tab),
};
pub const LOCK: Change = Change {
    does: &["lock", "api"],
    undoes: &["unlock", "api"],
    shows: |session| json!(session.locked),
};
pub const UNLOCK: Change = Change {
    does: &["unlock", "api"],
    undoes: &["lock", "api"],
    shows: |session| json!(session.locked),
};

/// One trusted tab that nothing runs in, and the system calls of a change of it.
pub struct Bench {
    pub world: World,
    pub folder: PathBuf,
    pub change: Change,
    /// From its first lock on: before that nothing is written.
    pub calls: Vec<Call>,
    /// From the first that names anything of the world: before that the program is loaded.
    pub all_calls: Vec<Call>,
    pub old: Value,
    pub new: Value,
}

impl Bench {
    /// Different seeds are files of different lengths.
    pub fn new(change: Change, seed: usize) -> Bench {
        let world = World::new();
        let folder = world.workspace("api");
        world.tabctl_in(&folder, BIND.undoes).ok();
        if seed > 0 {
            world.tabctl_in(&folder, ["task", &"word ".repeat(seed * 97)]).ok();
        }
        world.tabctl_in(&folder, change.undoes).ok();
        let (calls, all_calls) = (Vec::new(), Vec::new());
        let (old, new) = (Value::Null, Value::Null);
        let mut bench = Bench { world, folder, change, calls, all_calls, old, new };
        // Until as many earlier versions are kept as ever will be: then every run does the same.
        for _ in 0..4 {
            bench.there_and_back();
        }
        bench.old = bench.shown();
        let Traced { run, mut calls } = bench.traced(&[]);
        run.ok();
        // What it starts has calls of the same names, and can end without it.
        calls.retain(|call| call.is_own);
        bench.new = bench.shown();
        assert_ne!(bench.old, bench.new);
        bench.world.tabctl_in(&bench.folder, bench.change.undoes).ok();
        assert_eq!(bench.shown(), bench.old);
        let lock = calls.iter().position(|call| call.name == "flock").expect("a lock");
        bench.calls = calls[lock..].to_vec();
        assert!(bench.renames() < bench.calls.len(), "no rename of the session file");
        let root = bench.world.path("state");
        let root = root.parent().unwrap().to_string_lossy().into_owned();
        let own = |call: &Call| call.name != "execve" && call.text.contains(&root);
        let first = calls.iter().position(own).expect("a call in the world");
        bench.all_calls = calls[first..].to_vec();
        bench
    }

    /// Once there and back, so that the next run makes exactly the same calls.
    pub fn there_and_back(&self) {
        self.world.tabctl_in(&self.folder, self.change.does).ok();
        self.world.tabctl_in(&self.folder, self.change.undoes).ok();
    }

    pub fn traced(&self, options: &[&str]) -> Traced {
        traced(&self.world, options, LIMIT, &self.folder, self.change.does)
    }

    pub fn file(&self) -> PathBuf {
        self.folder.join(".session.yaml")
    }

    fn loaded(&self) -> Loaded {
        store(&self.world).load(&self.file()).unwrap()
    }

    pub fn shown(&self) -> Value {
        (self.change.shows)(&self.loaded().session)
    }

    /// Where in the calls the session file gets its new content.
    pub fn renames(&self) -> usize {
        let is_it = |call: &Call| call.name.starts_with("rename") && call.names(".session.yaml");
        self.calls.iter().position(is_it).unwrap_or(usize::MAX)
    }

    /// What lies in the workspace beside the session file.
    pub fn left_behind(&self) -> Vec<PathBuf> {
        files(&self.folder).into_iter().filter(|path| *path != self.file()).collect()
    }

    /// The temporary files, wherever they are.
    pub fn temps(&self) -> Vec<PathBuf> {
        let all = [self.left_behind(), files(&self.world.path("state"))].concat();
        all.into_iter().filter(|path| is_temp(path)).collect()
    }

    /// Whatever happened: the tab is as before or as wanted, trusted, and can be changed back.
    pub fn recovers(&self, what: &str) {
        let (now, trust) = (self.shown(), self.loaded().trust);
        assert!(now == self.old || now == self.new, "{what}: {now}");
        assert_eq!(trust, Trust::Trusted, "{what}: {now}");
        let undone = self.world.tabctl_in(&self.folder, self.change.undoes);
        assert_eq!(undone.status, Some(0), "{what}\n{undone}");
        assert_eq!(self.shown(), self.old, "{what}");
        let damage = store(&self.world).damage();
        assert!(damage.is_empty(), "{what}: {damage:?}");
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.into_iter().flat_map(below).collect()
}

pub fn is_temp(path: &Path) -> bool {
    path.file_name().is_some_and(is_temp_name)
}

/// Whether a call changes what is on the disk. A process that is killed at any other leaves behind
/// what it leaves when it is killed at the next one of these.
pub fn changes_the_disk(call: &Call) -> bool {
    let changing = ["write", "fsync", "fchmod", "fchown", "ftruncate", "mkdir"];
    let families = ["rename", "unlink"];
    changing.contains(&call.name.as_str())
        || families.iter().any(|family| call.name.starts_with(family))
        || (call.name.starts_with("open") && call.text.contains("O_CREAT"))
}
