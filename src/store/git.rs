//! Git: keeps session files out of commits, by the repository's private exclude file.
//! Must not touch anything that a repository shares, nor run a program that a repository names.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::reading::FIRST_NAME;
use super::{Entry, Store};
use crate::error::{Kind, kind_of};
use crate::model::id::TabId;
use crate::sys::file::{self, Durability};
use crate::sys::{clock, run};

/// The longest that git may take: its files are the repository's, and one may be a FIFO.
const GIT_LIMIT: Duration = Duration::from_secs(2);

/// What is added to the exclude file: session files, and temporary files in case of a crash.
const PATTERNS: &str = "\
# tabctl: session files stay on this machine
.session.yaml
.session.*.yaml
.session*.broken-*
.tabctl-*.tmp
";

impl Store {
    /// Whether git has this file under its control: then it may have come from somebody else, and
    /// is never trusted silently. In doubt (git answers with an error, or not at all) it is.
    pub fn is_tracked(&self, file: &Path) -> bool {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return false };
        if repository_of(folder).is_none() {
            return false;
        }
        let mut git = run::command("git");
        // Nothing that the repository's own configuration names is to be started.
        git.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
        git.args(["--literal-pathspecs", "ls-files", "--error-unmatch", "--"]).arg(name);
        git.current_dir(folder).env("GIT_OPTIONAL_LOCKS", "0");
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(inherited);
        }
        match run::capture(git, GIT_LIMIT) {
            Ok(output) => output.status.code() != Some(1),
            // Without git on this machine nothing was cloned or pulled here.
            Err(error) => kind_of(&error) != Kind::NotFound,
        }
    }

    /// Keeps session files out of the commits of the repository around `workspace`. A failure is
    /// noted in the tab's journal: the tab itself is none the worse for it.
    pub(super) fn exclude_from_git(&self, id: TabId, workspace: &Path) {
        if !self.git_exclude {
            return;
        }
        let Some(repository) = repository_of(workspace) else { return };
        if let Err(e) = self.exclude(&repository) {
            let with =
                json!({ "repository": repository.display().to_string(), "why": e.to_string() });
            let entry = Entry {
                at: clock::now(),
                boot: self.boot.clone(),
                what: "exclude-failed".to_owned(),
                actor: None,
                with: with.as_object().cloned().unwrap_or_default(),
            };
            // If not even that can be written there is nobody left to tell.
            let _ = self.journal(id, &entry);
        }
    }

    fn exclude(&self, repository: &Path) -> Result<()> {
        let path = repository.join("info/exclude");
        let Some(identity) = file::identity(repository) else { return Ok(()) };
        let _lock = self.lock_named(&format!("git-{}-{}", identity.dev, identity.ino))?;
        let mut text = file::read(&path)?.unwrap_or_default();
        if text.split(|b| *b == b'\n').any(|line| line.trim_ascii() == FIRST_NAME.as_bytes()) {
            return Ok(());
        }
        if text.last().is_some_and(|last| *last != b'\n') {
            text.push(b'\n');
        }
        text.extend_from_slice(PATTERNS.as_bytes());
        file::shared_dir(&repository.join("info"))?;
        file::write(&path, &text, Durability::Ordered)
    }
}

/// The git folder that all worktrees of the repository around `folder` share.
fn repository_of(folder: &Path) -> Option<PathBuf> {
    let git = folder.ancestors().map(|above| above.join(".git")).find(|git| git.exists())?;
    let own = if git.is_dir() { git } else { target_of(&git, "gitdir:")? };
    let common = target_of(&own.join("commondir"), "").unwrap_or(own);
    // What looks like a repository, but is none, is not ours to write into.
    (common.join("HEAD").is_file() && common.join("objects").is_dir()).then_some(common)
}

/// The folder that a file names after `prefix`, relative to its own.
fn target_of(file: &Path, prefix: &str) -> Option<PathBuf> {
    let bytes = file::read(file).ok()??;
    let text = String::from_utf8(bytes).ok()?;
    let target = text.strip_prefix(prefix)?.trim_matches([' ', '\n', '\r']);
    file.parent()?.join(target).canonicalize().ok()
}
