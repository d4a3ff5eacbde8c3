//! Where a folder stands in git: commit, branch, what differs. Must only read, and must not let the
//! repository start anything: contents are compared by their own bytes, through no filter.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::agents;
use crate::model::snapshot::{Checkout, Dirty};

use super::changes;
use super::git::{Answer, Git};

/// So many files are named, and so many of them hashed.
const NAMED: usize = 500;
const HASHED: usize = 200;
/// The most that is kept of a diff, in bytes.
const LONGEST_DIFF: usize = 192 * 1024;

/// The branch of a folder, or the commit where it is on none; nothing outside a repository.
pub fn branch(folder: &Path) -> Option<String> {
    let git = Git::of(folder);
    let branch = git.ask(&["symbolic-ref", "-q", "--short", "HEAD"]).line();
    branch.or_else(|| git.ask(&["rev-parse", "-q", "--verify", "--short", "HEAD"]).line())
}

/// Looks at a folder; nothing outside a repository.
pub fn look(folder: &Path, with_diff: bool) -> Option<Checkout> {
    let git = Git::of(folder);
    let branch = git.ask(&["symbolic-ref", "-q", "--short", "HEAD"]).line();
    let head = git.ask(&["rev-parse", "-q", "--verify", "HEAD"]).line();
    if branch.is_none() && head.is_none() {
        return None;
    }
    let status = ["--name-status", "--relative", "--no-renames", "-z"];
    let staged = [&["diff-index", "--cached"], &status[..], &["HEAD", "--"]].concat();
    let changed = [&["diff-files", "--ignore-submodules=all"], &status[..]].concat();
    let unknown = ["ls-files", "--others", "--exclude-standard", "--directory", "-z"];
    let answers = [git.ask(&staged), git.ask(&changed), git.ask(&unknown)];
    let cut_short = answers.contains(&Answer::TooSlow);
    let mut all = dirty(&answers);
    let hash = hash(&git, folder, head.as_deref(), &all);
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let mut checkout =
        Checkout { head, branch, dirty: all, more, hash, cut_short, ..Checkout::default() };
    if with_diff {
        match diff(&git) {
            Ok(text) if text.len() > LONGEST_DIFF => {
                let end = text.floor_char_boundary(LONGEST_DIFF);
                checkout.diff = Some(text[..end].to_owned());
                checkout.without_diff = Some(format!("only {end} of {} bytes", text.len()));
            }
            Ok(text) => checkout.diff = Some(text),
            Err(why) => checkout.without_diff = Some(why.to_owned()),
        }
    }
    Some(checkout)
}

/// What differs, by path: what is staged, what is not, what git does not have.
fn dirty([staged, changed, unknown]: &[Answer; 3]) -> Vec<Dirty> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for answer in [staged, changed] {
        for pair in answer.list().chunks_exact(2) {
            let status = found.entry(pair[1].clone()).or_default();
            if !status.contains(&pair[0]) {
                status.push_str(&pair[0]);
            }
        }
    }
    for path in unknown.list() {
        found.entry(path).or_insert_with(|| "?".to_owned());
    }
    let others = found.into_iter().filter(|(path, _)| !changes::is_ours(path));
    others.map(|(path, status)| Dirty { path, status }).collect()
}

/// What tells whether two folders stood at the same files; nothing where there are too many.
fn hash(git: &Git, folder: &Path, head: Option<&str>, dirty: &[Dirty]) -> Option<String> {
    if dirty.len() > HASHED {
        return None;
    }
    // Only plain files: a pipe would keep git waiting.
    let is_file = |it: &&Dirty| folder.join(&it.path).symlink_metadata().is_ok_and(|m| m.is_file());
    let files: Vec<&str> = dirty.iter().filter(is_file).map(|it| it.path.as_str()).collect();
    let hashes = if files.is_empty() {
        String::new()
    } else {
        let words = [&["hash-object", "--no-filters", "--"], &files[..]].concat();
        git.ask(&words).line()?
    };
    let mut digest = Sha256::new();
    digest.update(head.unwrap_or_default());
    for Dirty { path, status } in dirty {
        digest.update(format!("\n{status} {path}\0"));
    }
    digest.update(hashes);
    Some(digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// The differences to the commit as text, without secrets; else why there are none. For them git has to
/// pass the files through the filters that are configured: without those that the repository itself
/// names, which are not to be started, everything would differ.
fn diff(git: &Git) -> Result<String, &'static str> {
    match git.own_filters() {
        None => return Err("git does not say which filters are configured"),
        Some([]) => {}
        Some(_) => return Err("the repository's own configuration names a filter program"),
    }
    let words = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=all"];
    match git.ask(&[&words[..], &["--relative", "HEAD", "--"]].concat()) {
        Answer::Said(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let plain = text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control());
            Ok(agents::without_secrets(&plain.collect::<String>()))
        }
        Answer::TooSlow => Err("git was too slow"),
        Answer::Nothing => Err("there is no commit to compare with"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    #![allow(clippy::disallowed_methods)] // the files are a person's, in his own repository

    use super::*;
    use crate::ops::git::as_a_person as git;

    fn repository() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        git(root.path(), "init -q -b trunk");
        for name in ["edited", "gone", "kept"] {
            std::fs::write(root.path().join(name), "1\n").unwrap();
        }
        git(root.path(), "add .");
        git(root.path(), "commit -q -m first");
        root
    }

    #[test]
    fn what_differs_is_named_with_how_and_hashed_by_what_it_holds() {
        let root = repository();
        let folder = root.path();
        assert_eq!(branch(folder).as_deref(), Some("trunk"));
        let clean = look(folder, true).unwrap();
        assert_eq!((clean.dirty.len(), clean.diff.as_deref()), (0, Some("")));
        std::fs::write(folder.join("edited"), "22\nTOKEN=abcdefgh\n").unwrap();
        std::fs::remove_file(folder.join("gone")).unwrap();
        std::fs::write(folder.join("new\nline"), "1").unwrap();
        std::fs::write(folder.join("staged"), "1").unwrap();
        git(folder, "add staged");
        let one = look(folder, true).unwrap();
        let dirty: Vec<(&str, &str)> =
            one.dirty.iter().map(|it| (it.path.as_str(), it.status.as_str())).collect();
        assert_eq!(dirty, [("edited", "M"), ("gone", "D"), ("new\nline", "?"), ("staged", "A")]);
        let diff = one.diff.clone().unwrap();
        assert!(diff.contains("-1\n+22\n+TOKEN=[hidden]"), "{diff}");
        assert_eq!(look(folder, false).unwrap().hash, one.hash);
        assert_ne!(clean.hash, one.hash);
        // The same size, another content.
        std::fs::write(folder.join("edited"), "33\nTOKEN=abcdefgh\n").unwrap();
        assert_ne!(look(folder, false).unwrap().hash, one.hash);
    }

    #[test]
    fn a_repository_without_a_commit_and_a_folder_without_a_repository_are_no_error() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!((look(root.path(), true), branch(root.path())), (None, None));
        git(root.path(), "init -q -b trunk");
        std::fs::write(root.path().join("new"), "1").unwrap();
        let begun = look(root.path(), true).unwrap();
        assert_eq!((begun.head, begun.branch.as_deref()), (None, Some("trunk")));
        assert!(begun.without_diff.is_some() && begun.dirty.len() == 1);
    }

    #[test]
    fn what_a_repository_configures_is_not_started_also_for_a_diff() {
        let root = repository();
        let (folder, trap) = (root.path(), root.path().join("sprung"));
        let script = folder.join("trap.sh");
        let text = format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", trap.display());
        std::fs::write(&script, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&script, mode).unwrap();
        std::fs::write(folder.join("edited"), "2").unwrap();
        let attributes = folder.join(".git/info/attributes");
        std::fs::write(attributes, "* filter=t diff=t\n").unwrap();
        for key in ["core.fsmonitor", "core.pager", "diff.external", "diff.t.textconv"] {
            git(folder, &format!("config {key} {}", script.display()));
        }
        let seen = look(folder, true).unwrap();
        assert!(seen.diff.is_some_and(|diff| diff.contains("+2")));
        for key in ["filter.t.clean", "filter.a=b.process"] {
            git(folder, &format!("config {key} {}", script.display()));
            let seen = look(folder, true).unwrap();
            assert!(seen.diff.is_none() && seen.hash.is_some());
            assert!(seen.without_diff.unwrap().contains("names a filter program"));
            git(folder, &format!("config --unset {key}"));
        }
        // By way of another file, as well.
        std::fs::write(
            folder.join("more"),
            format!("[filter \"t\"]\nclean = {}\n", script.display()),
        )
        .unwrap();
        git(folder, "config include.path ../more");
        assert!(look(folder, true).unwrap().diff.is_none());
        assert!(!trap.exists(), "{}", std::fs::read_to_string(&trap).unwrap());
    }
}
