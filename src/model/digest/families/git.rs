//! git: what it could not do, and the hints that it gives. That a push or a merge failed as a whole
//! only says how it went, if the reason stands above.

use super::super::family::Family;
use super::super::finding::Finding;
use super::{Lines, before, behind};

pub(super) const FAMILY: Family = Family {
    name: "git",
    marks: &[
        "CONFLICT (",
        "fatal: ",
        "[rejected]",
        "[remote rejected]",
        "error: ",
        "Automatic merge failed",
        "is not a git command",
    ],
    read,
};

/// How git's own errors begin: others write `error: ` too.
const OWN: &[&str] = &[
    "Your local changes",
    "The following untracked",
    "pathspec ",
    "Pulling is not",
    "Merging is not",
    "Committing is not",
    "Cherry-picking is not",
    "could not ",
    "cannot ",
    "failed to push",
    "src refspec",
    "unable to ",
    "patch failed",
    "You have not concluded",
    "RPC failed",
    "object file",
    "bad signature",
    "remote unpack",
    "insufficient permission",
    "commit ",
    "branch ",
    "switch ",
    "unknown option",
    "The branch ",
    "Untracked working",
    "Entry ",
];

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(said) = line.strip_prefix("CONFLICT (") {
        return conflict(at, line, said);
    }
    if line.starts_with("Automatic merge failed") {
        let advice = line.split_once("; ").map(|(_, advice)| advice);
        return Some(Finding::note("git", at, line).advised(advice));
    }
    if line.starts_with(" ! [") {
        return Some(Finding::error("git", at, line[2..].trim_start()).advised(hint(lines, at)));
    }
    if let Some(said) = line.strip_prefix("fatal: ") {
        let told = above(lines, at, &["error: ", "fatal: ", "CONFLICT ("]);
        let outcome =
            ["Exiting because", "Could not read from remote"].iter().any(|it| said.starts_with(it));
        let found = if outcome && told {
            Finding::note("git", at, said)
        } else {
            Finding::error("git", at, said)
        };
        return Some(found.advised(hint(lines, at)));
    }
    if line.starts_with("git: '") {
        return Some(Finding::error("git", at, line));
    }
    let said =
        line.strip_prefix("error: ").filter(|said| OWN.iter().any(|own| said.starts_with(own)))?;
    let outcome =
        ["failed to push some refs", "could not apply"].iter().any(|it| said.starts_with(it));
    let told = outcome && above(lines, at, &["CONFLICT (", " ! ["]);
    let found = if told { Finding::note("git", at, said) } else { Finding::error("git", at, said) };
    Some(found.advised(hint(lines, at)))
}

/// `CONFLICT (content): Merge conflict in list.txt`
fn conflict(at: usize, line: &str, said: &str) -> Option<Finding> {
    let (kind, rest) = said.split_once("): ")?;
    let file = match kind {
        "modify/delete" | "rename/delete" => rest.split(" deleted in ").next(),
        _ => rest.rsplit_once(" in ").map(|(_, file)| file),
    };
    let found = Finding::error("git", at, line);
    Some(match file {
        Some(file) => found.in_file(file),
        None => found,
    })
}

/// Whether one of the lines above, of the same command, begins so.
fn above(lines: &[&str], at: usize, starts: &[&str]) -> bool {
    before(lines, at).take(40).any(|line| starts.iter().any(|start| line.starts_with(start)))
}

/// The hints below, up to where git ends to speak.
fn hint(lines: &[&str], at: usize) -> Option<String> {
    let own = |line: &str| {
        ["hint: ", "error: ", "\t", "To ", "Please ", " ! ["].iter().any(|it| line.starts_with(it))
    };
    let said = behind(lines, at).map(|(_, line)| line).take(30).take_while(|line| own(line));
    let words: Vec<_> = said
        .filter_map(|line| {
            line.strip_prefix("hint: ").or_else(|| line.starts_with("Please ").then_some(line))
        })
        .collect();
    let words = words.iter().take_while(|line| !line.starts_with("Disable this")).take(4).copied();
    Some(words.collect::<Vec<_>>().join(" ")).filter(|hint| !hint.is_empty())
}
