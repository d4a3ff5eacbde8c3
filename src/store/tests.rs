//! The store as its users see it: workspaces that are copied, moved, edited, broken and shared.
#![allow(clippy::unwrap_used)] // a step of a test that fails has failed the test

mod copying;
mod index;
mod journals;
mod putting_back;
mod recalling;
mod sharing;
mod trusting;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::model::id::TabId;
use crate::model::session::{Agent, Session};
use crate::sys::{clock, file};

#[path = "../../tests/support/hostile.rs"]
mod hostile;

/// A home of its own, with a store in it.
struct World {
    root: TempDir,
    store: Store,
}

impl World {
    fn new() -> World {
        World::at(tempfile::tempdir().unwrap())
    }

    /// For thousands of writes: a busy disk is not what they are about.
    fn in_memory() -> World {
        let memory = Path::new("/dev/shm");
        World::at(if memory.is_dir() {
            tempfile::tempdir_in(memory).unwrap()
        } else {
            tempfile::tempdir().unwrap()
        })
    }

    fn at(root: TempDir) -> World {
        let store = store_in(root.path(), "boot-1");
        World { root, store }
    }

    /// A folder to work in.
    fn workspace(&self, name: &str) -> PathBuf {
        let path = self.root.path().join(name);
        fs::create_dir_all(&path).unwrap();
        path.canonicalize().unwrap()
    }

    /// A tab with an agent, in a workspace of its name.
    fn tab(&self, name: &str) -> Loaded {
        self.store.create(&self.workspace(name), session(name)).unwrap()
    }

    fn add_tag(&self, file: &Path, tag: &str) -> anyhow::Result<Loaded> {
        self.store.update(file, &mut |session| {
            session.tags.push(tag.to_owned());
            Ok(())
        })
    }

    fn known(&self, id: TabId) -> crate::model::row::Known {
        self.store.all().unwrap().into_iter().find(|tab| tab.session.id == id).unwrap()
    }
}

fn store_in(root: &Path, boot: &str) -> Store {
    let folder = |name: &str| root.join(".tabctl").join(name);
    let paths = Paths {
        home: root.to_owned(),
        config: folder("config"),
        state: folder("state"),
        runtime: folder("runtime"),
    };
    Store { paths, boot: boot.to_owned(), git_exclude: true, recall: Recall::default() }
}

fn session(name: &str) -> Session {
    let id = TabId::from_parts(1_700_000_000_000, clock::random_u128().unwrap());
    let mut session = Session::new(id, name);
    session.agent = Some(Agent {
        kind: "claude".to_owned(),
        session_id: Some("abc-1".to_owned()),
        resume: Some(["claude", "--resume", "abc-1"].into_iter().collect()),
        ..Agent::default()
    });
    session
}

/// As a person edits: the text is replaced in place, by another program.
fn by_hand(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    raw(file, text.replacen(from, to, 1).as_bytes());
}

/// Writes as other programs do, without any of our care.
#[allow(clippy::disallowed_methods)] // the other program is the point
fn raw(file: &Path, bytes: &[u8]) {
    fs::write(file, bytes).unwrap();
}

/// `cp -r` and `mv`, as the tools do it.
fn shell(program: &str, arguments: &[&Path]) {
    let flags: &[&str] = if program == "cp" { &["-r"] } else { &[] };
    let status = crate::sys::run::command(program).args(flags).args(arguments).status().unwrap();
    assert!(status.success());
}
