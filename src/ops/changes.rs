//! What has changed in a folder since a moment, as git tells it. Must not write, must not let the
//! repository start anything, and must not take long, however large the repository is.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::model::briefing::Changes;

use super::git::{Answer, Git};

/// So many commits are asked for, and so many files are looked at.
const COMMITS: &str = "--max-count=500";
const FILES: usize = 2000;

/// What changed in `folder` since then; nothing outside a repository.
pub fn since(folder: &Path, then: DateTime<Utc>) -> Changes {
    let git = Git::of(folder);
    let after = format!("--since={}", then.to_rfc3339_opts(SecondsFormat::Secs, true));
    let log = ["log", &after, COMMITS, "--no-show-signature", "--no-color", "--no-ext-diff"];
    let titles = git.ask(&[&log[..], &["--format=%h %s", "-z", "--", "."]].concat());
    let committed =
        git.ask(&[&log[..], &["--format=", "--name-only", "--relative", "-z", "--", "."]].concat());
    // The plumbing, which looks at a file's date and size: to compare contents, git would start the
    // filters that the repository names.
    let dirty = [
        git.ask(&["diff-files", "--name-only", "--relative", "--ignore-submodules=all", "-z"]),
        git.ask(&["diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD", "--"]),
        git.ask(&["ls-files", "--others", "--exclude-standard", "--directory", "-z"]),
    ];
    let cut_short =
        [&titles, &committed].into_iter().chain(&dirty).any(|it| *it == Answer::TooSlow);
    let mut files: BTreeSet<String> = committed.list().into_iter().collect();
    let dirty: Vec<String> = dirty.iter().flat_map(Answer::list).collect();
    files.extend(dirty.into_iter().take(FILES).filter(|file| is_newer(&folder.join(file), then)));
    files.retain(|file| !is_ours(file));
    Changes { commits: titles.list(), files: files.into_iter().collect(), cut_short }
}

/// Whether a file was written since, or is gone, of which nobody knows since when.
fn is_newer(file: &Path, then: DateTime<Utc>) -> bool {
    let written = file.symlink_metadata().and_then(|meta| meta.modified());
    written.map_or(true, |at| DateTime::<Utc>::from(at) > then)
}

/// Session files are known to whoever reads this.
pub fn is_ours(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.starts_with(".session.") || name.starts_with(".tabctl-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    #![allow(clippy::disallowed_methods)] // the files are a person's, in his own repository

    use super::*;
    use crate::ops::git::as_a_person as git;
    use crate::sys::clock;

    fn put(folder: &Path, name: &str, text: &str, at: DateTime<Utc>) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(at.into()).unwrap();
    }

    #[test]
    fn only_what_is_newer_is_told_and_only_of_this_folder() {
        let root = tempfile::tempdir().unwrap();
        let (root, now) = (root.path(), clock::now());
        let [old, then] = [7200, 3600].map(|ago| now - chrono::TimeDelta::seconds(ago));
        git(root, "init -q");
        for name in ["w/kept", "w/edited", "w/touched-long-ago", "w/gone", "elsewhere"] {
            put(root, name, "1", old);
        }
        git(root, "add .");
        git(root, &format!("commit -q -m before --date {0}", old.timestamp()));
        let folder = root.join("w");
        // The committer's date counts, and that is now: asked as of a moment later.
        assert_eq!(since(&folder, now + chrono::TimeDelta::seconds(5)), Changes::default());

        put(root, "w/edited", "22", now);
        put(root, "w/touched-long-ago", "22", old);
        put(root, "w/new/file", "1", now);
        put(root, "w/.session.yaml", "1", now);
        put(root, "w/left over", "1", old);
        put(root, "w/staged", "1", now);
        put(root, "elsewhere", "22", now);
        std::fs::remove_file(root.join("w/gone")).unwrap();
        git(root, "add w/staged");
        let changes = since(&folder, then);
        let titles: Vec<_> = changes.commits.iter().filter_map(|it| it.split_once(' ')).collect();
        assert!(matches!(titles.as_slice(), [(_, "before")]), "{changes:?}");
        let uncommitted = ["gone", "edited", "new/", "staged"];
        assert!(uncommitted.iter().all(|name| changes.files.iter().any(|it| it == name)));
        let strange = ["left over", ".session.yaml", "elsewhere", "../elsewhere"];
        assert!(
            strange.iter().all(|name| !changes.files.iter().any(|it| it == name)),
            "{changes:?}"
        );
        assert!(!changes.cut_short);
    }

    #[test]
    fn outside_a_repository_nothing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("new"), "1").unwrap();
        assert_eq!(since(folder.path(), DateTime::default()), Changes::default());
    }

    #[test]
    fn what_a_repository_configures_is_not_started() {
        let root = tempfile::tempdir().unwrap();
        let (root, trap) = (root.path(), root.path().join("sprung"));
        let old = clock::now() - chrono::TimeDelta::seconds(7200);
        git(root, "init -q");
        put(root, "a", "1", old);
        git(root, "add .");
        git(root, "commit -q -m first");
        let script = root.join("trap.sh");
        std::fs::write(
            &script,
            format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", trap.display()),
        )
        .unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&script, mode).unwrap();
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.sshCommand",
            "diff.external",
            "filter.t.clean",
            "filter.t.process",
            "gpg.program",
            "diff.t.textconv",
            "diff.t.command",
        ] {
            git(root, &format!("config {key} {}", script.display()));
        }
        git(root, "config log.showSignature true");
        std::fs::write(root.join(".git/info/attributes"), "* filter=t diff=t\n").unwrap();
        put(root, "a", "2", clock::now());
        let changes = since(root, old);
        assert!(changes.files.contains(&"a".to_owned()), "{changes:?}");
        assert!(!trap.exists(), "{}", std::fs::read_to_string(&trap).unwrap());
    }
}
