//! pip. Of the several lines that it has for one cause the first is the error, the others say how
//! it went; so does a build that failed, if a compiler's error stands in its output.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::{Lines, before, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "pip",
    marks: &[
        "ERROR: ",
        "error: subprocess-",
        "error: externally-",
        "error: metadata-",
        "error: legacy-",
        "Successfully installed ",
        "WARNING: ",
    ],
    read,
};

/// The first words of pip's errors: others write `ERROR: ` too.
const OWN: &[&str] = &[
    "Could not find a version",
    "Cannot install ",
    "Could not open requirements",
    "Invalid requirement",
    "Could not install packages",
    "pip's dependency resolver",
    "Package ",
    "Exception:",
    "Double requirement",
    "Directory ",
    "THESE PACKAGES DO NOT MATCH",
    "Operation cancelled",
    "Could not build wheels",
    "Failed building wheel",
    "Failed to build",
];

/// How the errors of what pip builds begin, each with a box below.
const KINDS: &[&str] = &["subprocess-", "externally-", "metadata-", "legacy-"];

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("Successfully installed ") {
        return Some(Finding::note("pip", at, line));
    }
    if let Some(said) = line.strip_prefix("error: ") {
        return build(lines, at, said);
    }
    if let Some(said) = line.strip_prefix("WARNING: ") {
        let ours =
            ["Retrying", "Running pip as", "Requirement", "Ignoring", "Skipping", "The script"]
                .iter()
                .any(|it| said.starts_with(it));
        return ours.then(|| Finding::warning("pip", at, said));
    }
    let said = line.trim_start().strip_prefix("ERROR: ")?;
    let again = ["No matching distribution found", "ResolutionImpossible"];
    let built = ["Failed building wheel", "Could not build wheels", "Failed to build"];
    if again.iter().any(|it| said.starts_with(it)) || built.iter().any(|it| said.starts_with(it)) {
        return Some(Finding::note("pip", at, said));
    }
    if !line.starts_with("ERROR: ") || !OWN.iter().any(|it| said.starts_with(it)) {
        return None;
    }
    Some(Finding::error("pip", at, said).advised(to_do(lines, at)))
}

/// What stands behind `To fix this you could try to:`.
fn to_do(lines: &[&str], at: usize) -> Option<String> {
    let (from, _) =
        behind(lines, at).take(20).find(|(_, line)| line.starts_with("To fix this you could"))?;
    Some(joined(
        behind(lines, from).map(|(_, line)| line).take_while(|line| !line.is_empty()).take(3),
    ))
}

/// `error: subprocess-exited-with-error`, and the box with what the process printed.
fn build(lines: &[&str], at: usize, said: &str) -> Option<Finding> {
    if !KINDS.iter().any(|it| said.starts_with(it)) {
        return None;
    }
    let what = behind(lines, at)
        .take(4)
        .map(|(_, line)| line.trim())
        .find_map(|line| line.strip_prefix("× "));
    // What is told within a box is indented.
    let last = end_of(lines, at, |line| {
        let said = line.strip_prefix("error: ");
        said.is_some_and(|said| KINDS.iter().any(|it| said.starts_with(it)))
    });
    let block = &lines[at + 1..last];
    let end = block.iter().position(|line| line.contains("[end of output]"));
    let above = before(lines, at).take(60).any(|line| line.contains("error: subprocess-"));
    let told = above || block[..end.unwrap_or(block.len())].iter().any(|line| is_compilers(line));
    let hint = block.iter().find_map(|line| line.trim().strip_prefix("hint: "));
    let said = joined([said, what.unwrap_or_default()].into_iter());
    Some(
        if told { Finding::note("pip", at, said) } else { Finding::error("pip", at, said) }
            .advised(hint),
    )
}

/// Whether a compiler says what is wrong.
fn is_compilers(line: &str) -> bool {
    line.contains(": error: ") || line.contains(": fatal error: ")
}
