//! apt and dpkg.

use super::super::family::Family;
use super::super::finding::Finding;
use super::{Lines, behind};

pub(super) const FAMILY: Family =
    Family { name: "apt", marks: &["\nE: ", "\nW: ", "dpkg: error", " newly installed, "], read };

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(said) = line.strip_prefix("E: ") {
        let outcome = said.starts_with("Sub-process ");
        let found =
            if outcome { Finding::note("apt", at, said) } else { Finding::error("apt", at, said) };
        return Some(found.advised(advice(said)));
    }
    if let Some(said) = line.strip_prefix("W: ") {
        return Some(Finding::warning("apt", at, said));
    }
    if let Some(said) = line.strip_prefix("dpkg: error: ") {
        return Some(Finding::error("dpkg", at, said));
    }
    if let Some(said) = line.strip_prefix("dpkg: error ") {
        let cause =
            behind(lines, at).take(1).map(|(_, line)| line.trim()).next().unwrap_or_default();
        return Some(
            Finding::error("dpkg", at, format!("{said} {cause}")).up_to(lines.len().min(at + 2)),
        );
    }
    let counted = line.starts_with(|it: char| it.is_ascii_digit()) && line.contains(" upgraded, ");
    counted.then(|| Finding::note("apt", at, line))
}

/// `Unmet dependencies. Try 'apt --fix-broken install' …`, `you must manually run '…'`
fn advice(said: &str) -> Option<&str> {
    said.find("Try '")
        .or_else(|| said.find("you must manually run"))
        .or_else(|| said.find("maybe run "))
        .map(|from| &said[from..])
}
