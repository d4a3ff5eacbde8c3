//! F15: workspaces that are copied, moved, deleted, swapped and put back from old copies. A copy
//! never reaches the original, what was moved is the same tab, what is gone can be put back.

use std::path::{Path, PathBuf};
use std::process::Command;

use tabctl::engine::fake::Fake;
use tabctl::error::Kind;
use tabctl::model::id::TabId;
use tabctl::model::plan::Action;
use tabctl::model::row::Known;
use tabctl::ops::plan::{self, Wish};
use tabctl::ops::{Ctx, edit};
use tabctl::store::{Loaded, Standing, Trust};

use crate::support::World;
use crate::support::fault_table::Trial;
use crate::support::inside::context;

const ROUNDS: usize = 20;

/// A workspace with a trusted tab, and what can be asked of it.
struct Site<'a> {
    ctx: &'a Ctx,
    home: PathBuf,
    folder: PathBuf,
    id: TabId,
    name: String,
}

impl Site<'_> {
    fn file(&self) -> PathBuf {
        self.folder.join(".session.yaml")
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.home.join(format!("{}-{name}", self.name))
    }

    fn load(&self, folder: &Path) -> Loaded {
        self.ctx.store.load(&folder.join(".session.yaml")).unwrap()
    }

    fn known(&self) -> Known {
        self.ctx.store.known(self.id).unwrap()
    }

    fn action(&self) -> Action {
        plan::steps(self.ctx, &[self.known()], Wish::default()).unwrap().pop().unwrap().action
    }

    fn starts(&self) -> bool {
        matches!(self.action(), Action::Start { .. })
    }

    fn refused(&self) -> Option<Kind> {
        match self.action() {
            Action::Refuse { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// Changes what the copy of a tab says: it becomes a tab of its own, and the original stays.
    fn copy_becomes_its_own(&self, copy: &Path) {
        let before = std::fs::read(self.file()).unwrap();
        let loaded = self.load(copy);
        assert!(matches!(loaded.standing, Standing::Copy { .. }), "{:?}", loaded.standing);
        assert_ne!(loaded.trust, Trust::Trusted);
        let own = edit::note(self.ctx, &loaded, "mine").unwrap();
        assert_ne!(own.session.id, self.id);
        assert_eq!(own.session.agent.unwrap().session_id, None, "the conversation stays");
        assert_eq!(std::fs::read(self.file()).unwrap(), before);
        assert!(self.starts());
    }

    /// The tab is at another place now, and is the same.
    fn has_moved_to(&self, folder: &Path) {
        let loaded = self.load(folder);
        assert!(matches!(loaded.standing, Standing::Moved { .. }), "{:?}", loaded.standing);
        let registered = self.ctx.store.register(&loaded.file).unwrap();
        assert_eq!((registered.session.id, registered.trust), (self.id, Trust::Trusted));
        assert_eq!(self.known().workspace, folder.display().to_string());
        assert!(self.starts());
    }
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

fn git(folder: &Path, line: &[&str]) {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "-c",
        "init.defaultBranch=main",
    ]);
    git.current_dir(folder).env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1").args(line);
    let done = git.output().unwrap();
    assert!(done.status.success(), "git {line:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn rename(from: &Path, to: &Path) {
    std::fs::rename(from, to).unwrap();
}

type Scenario = (&'static str, fn(&Site));

const SCENARIOS: [Scenario; 12] = [
    ("cp -r", |site| {
        copy(&site.folder, &site.beside("copy"));
        site.copy_becomes_its_own(&site.beside("copy"));
    }),
    ("mv", |site| {
        rename(&site.folder, &site.beside("moved"));
        assert_eq!(site.refused(), Some(Kind::NotFound));
        site.has_moved_to(&site.beside("moved"));
    }),
    ("mv, and a copy back", |site| {
        rename(&site.folder, &site.beside("moved"));
        site.has_moved_to(&site.beside("moved"));
        copy(&site.beside("moved"), &site.folder);
        let loaded = site.load(&site.folder);
        assert!(matches!(loaded.standing, Standing::Copy { .. }) && loaded.trust != Trust::Trusted);
    }),
    ("rm -r", |site| {
        std::fs::remove_dir_all(&site.folder).unwrap();
        assert!(!site.known().present);
        assert_eq!(site.refused(), Some(Kind::NotFound));
    }),
    ("rm of the file", |site| {
        let before = site.load(&site.folder).session;
        std::fs::remove_file(site.file()).unwrap();
        assert!(site.known().problem.is_some() && !site.starts());
        let back = site.ctx.store.put_back(site.id).unwrap();
        assert_eq!((back.trust, back.session), (Trust::Trusted, before));
        assert!(site.starts());
    }),
    ("git worktree", |site| {
        git(&site.folder, &["init", "-q"]);
        git(&site.folder, &["add", "-f", ".session.yaml"]);
        git(&site.folder, &["commit", "-qm", "x"]);
        let tree = site.beside("tree");
        git(&site.folder, &["worktree", "add", "-q", tree.to_str().unwrap()]);
        site.copy_becomes_its_own(&tree);
    }),
    ("git clean -xdf", |site| {
        git(&site.folder, &["init", "-q"]);
        git(&site.folder, &["clean", "-qxdf"]);
        assert!(site.known().problem.is_some_and(|problem| problem.contains("--restore")));
        site.ctx.store.put_back(site.id).unwrap();
        assert!(site.starts());
    }),
    ("an old copy put back", |site| {
        let old = std::fs::read_to_string(site.file()).unwrap();
        edit::note(site.ctx, &site.load(&site.folder), "new").unwrap();
        std::fs::write(site.file(), &old).unwrap();
        assert!(site.starts(), "what it runs was approved");
        // Ids are made by chance, and may have the same digits in them.
        let longer = old.replace("[sleep, '600']", "[sleep, '601']");
        assert_ne!(longer, old);
        std::fs::write(site.file(), longer).unwrap();
        assert_eq!(site.refused(), Some(Kind::NotTrusted), "what it runs was not");
    }),
    ("another spelling of its case", |site| {
        let upper = site.home.join(site.name.to_uppercase());
        rename(&site.folder, &upper);
        site.has_moved_to(&upper);
    }),
    ("another name of the file", |site| {
        let second = site.folder.join(".session.api.yaml");
        rename(&site.file(), &second);
        let moved = site.ctx.store.register(&second).unwrap();
        assert_eq!((moved.session.id, moved.trust), (site.id, Trust::Trusted));
        assert!(site.starts());
    }),
    ("a link where it was", |site| {
        rename(&site.folder, &site.beside("real"));
        std::os::unix::fs::symlink(site.beside("real"), &site.folder).unwrap();
        let loaded = site.load(&site.folder);
        assert!(!matches!(loaded.standing, Standing::Copy { .. }), "{:?}", loaded.standing);
        let registered = site.ctx.store.register(&site.file()).unwrap();
        assert_eq!((registered.session.id, registered.trust), (site.id, Trust::Trusted));
        assert_eq!(site.known().workspace, site.beside("real").display().to_string());
    }),
    ("another folder in its place", |site| {
        rename(&site.folder, &site.beside("old"));
        copy(&site.beside("old"), &site.folder);
        // The same bytes in a folder that nobody approved: shown, and not run.
        assert_eq!(site.refused(), Some(Kind::NotTrusted));
    }),
];

#[test]
fn what_is_copied_moved_or_deleted_keeps_to_its_own_tab() {
    let trial = Trial::begin("F15", "workspace");
    let mut count = 0;
    for (what, play) in SCENARIOS {
        let world = World::new();
        let ctx = context(&world, Fake::new());
        for round in 0..ROUNDS {
            let name = format!("tab{round}");
            let folder = world.workspace(&name);
            let home = folder.parent().unwrap().to_owned();
            let id = tab(&ctx, &folder, &name);
            let site = Site { ctx: &ctx, home, folder, id, name };
            assert!(site.starts(), "{what}: {:?}", site.action());
            play(&site);
            count += 1;
        }
    }
    let names: Vec<&str> = SCENARIOS.iter().map(|(name, _)| *name).collect();
    trial.held(count, &names.join("; "));
}

/// A trusted tab of a program that only waits.
fn tab(ctx: &Ctx, folder: &Path, name: &str) -> TabId {
    let id = ctx.new_id().unwrap();
    let file = folder.join(".session.yaml");
    let text = format!(
        "version: 1\nid: {id}\ntab: {name}\nlocked: false\nagent:\n  kind: generic\n  \
         session_id: x1\n  resume: [sleep, '600']\n  launch:\n    argv: [sleep, '600']\n\
         directory: .\n"
    );
    std::fs::write(&file, text).unwrap();
    ctx.store.register(&file).unwrap();
    ctx.store.trust(&ctx.store.load(&file).unwrap(), "test").unwrap();
    id
}
