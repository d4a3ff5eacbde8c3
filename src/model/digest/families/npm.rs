//! npm, yarn and pnpm. All lines in a row that npm calls an error are one finding.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::{Lines, before, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "npm",
    marks: &[
        "npm error",
        "npm ERR!",
        "npm warn ",
        "npm WARN ",
        "vulnerabilit",
        " packages in ",
        " package in ",
        "ERR_PNPM_",
        "ELIFECYCLE",
        " WARN ",
        "error Co",
        "error An ",
        "error Your ",
        "error No ",
        "error Pack",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(start) = ["npm error", "npm ERR!"].into_iter().find(|it| line.starts_with(it)) {
        return npm(lines, at, start);
    }
    if let Some(said) = line.strip_prefix("npm warn ").or_else(|| line.strip_prefix("npm WARN ")) {
        let warns = ["deprecated ", "EBADENGINE Unsupported", "ERESOLVE overriding"];
        return warns
            .iter()
            .any(|it| said.starts_with(it))
            .then(|| Finding::warning("npm", at, said));
    }
    if let Some(said) = line.strip_prefix("error ") {
        return Some(Finding::error("yarn", at, said));
    }
    let pnpm = line.trim_start();
    if let Some(said) = pnpm.strip_prefix("ERR_PNPM_") {
        let code = said.split(' ').next()?.len();
        let help = behind(lines, at)
            .take(12)
            .map(|(_, line)| line.trim())
            .find(|it| it.contains(" run \""));
        return Some(
            Finding::error(
                "pnpm",
                at,
                format!("{} [ERR_PNPM_{}]", said[code..].trim(), &said[..code]),
            )
            .advised(help),
        );
    }
    if let Some(said) = pnpm.strip_prefix("ELIFECYCLE") {
        return Some(Finding::note("pnpm", at, said));
    }
    if let Some(said) = line.trim_start_matches(' ').strip_prefix("WARN ") {
        let ours = said.contains("deprecated") || said.contains("peer dep");
        return ours.then(|| Finding::warning("pnpm", at, said));
    }
    summary(lines, at)
}

/// `added 57 packages in 2s`, `3 vulnerabilities (1 low, 2 high)`.
fn summary(lines: &[&str], at: usize) -> Option<Finding> {
    let line = lines[at];
    let starts = ["added ", "removed ", "changed ", "up to date", "found 0 vulnerabilities"];
    if starts.iter().any(|start| line.starts_with(start)) {
        return Some(Finding::note("npm", at, line));
    }
    let (count, rest) = line.split_once(" vulnerabilit")?;
    count.parse::<u32>().ok()?;
    rest.contains('(').then(|| {
        let run = behind(lines, at)
            .take(4)
            .map(|(_, line)| line.trim())
            .find(|it| it.starts_with("npm audit"));
        Finding::note("npm", at, line).advised(run)
    })
}

/// A block of `npm error`: its code, what it says, and what it says to do.
fn npm(lines: &[&str], at: usize, start: &str) -> Option<Finding> {
    if before(lines, at).next().is_some_and(|line| line.starts_with(start)) {
        return None;
    }
    let end = end_of(lines, at, |line| !line.starts_with(start));
    let block = || lines[at..end].iter().map(|line| line[start.len()..].trim_start());
    let code = block().find_map(|line| line.strip_prefix("code "));
    let facts = ["code ", "errno ", "syscall ", "path ", "A complete log", "dest ", "command "];
    let said = || block().filter(|line| !facts.iter().any(|fact| line.starts_with(fact)));
    let words = said().map(|line| code.map_or(line, |code| without_code(line, code)));
    let message = joined(words.filter(|line| !line.is_empty()).take(3));
    if message.is_empty() {
        return None;
    }
    let message = code.map_or(message.clone(), |code| format!("{code}: {message}"));
    Some(Finding::error("npm", at, message).advised(advice(&said().collect::<Vec<_>>())).up_to(end))
}

/// A line without the error's code, which begins many of them: `404 Not Found`, for `E404`.
fn without_code<'a>(line: &'a str, code: &str) -> &'a str {
    let number = code.strip_prefix('E').unwrap_or(code);
    line.strip_prefix(code).or_else(|| line.strip_prefix(number)).unwrap_or(line).trim_start()
}

/// The lines of the block that tell what to run.
fn advice(said: &[&str]) -> Option<String> {
    let tells = |line: &&str| {
        [
            "Fix the upstream",
            "To see a list",
            "Did you mean",
            "This is probably not a problem",
            "npm audit fix",
        ]
        .iter()
        .any(|start| line.starts_with(start))
    };
    let from = said.iter().position(tells)?;
    Some(
        said[from..]
            .iter()
            .take(3)
            .take_while(|it| !it.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
    )
}
