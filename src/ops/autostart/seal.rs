//! How a file that was written by `autostart` is known again: by a digest of itself, inside it.
//! Must not take a file for tabctl's own that a person has changed by one letter.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::sys::file;

/// Stands before the digest, on the line that is left out of it.
const DIGEST: &str = "tabctl wrote this file; sha256 of its other lines: ";
/// Stands before the number of folders that were made for the file.
const FOLDERS: &str = "folders made for it: ";

/// The line of a template that the digest takes the place of.
pub const PLACE_OF_DIGEST: &str = "{digest}";
/// What the number of folders takes the place of.
pub const PLACE_OF_FOLDERS: &str = "{folders}";

/// What is at the place of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing.
    Absent,
    /// What tabctl wrote, to the letter.
    Ours,
    /// What tabctl wrote, changed since.
    Changed,
    /// Something that tabctl did not write.
    Foreign,
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Standing::Absent => "not there",
            Standing::Ours => "as tabctl wrote it",
            Standing::Changed => "changed by hand",
            Standing::Foreign => "not written by tabctl",
        })
    }
}

/// Looks at the file.
pub fn standing(path: &Path) -> Result<Standing> {
    Ok(file::read(path)?.as_deref().map_or(Standing::Absent, judge))
}

/// Fills the two places of a template.
pub fn seal(template: &str, folders: usize) -> String {
    let text = template.replace(PLACE_OF_FOLDERS, &format!("{FOLDERS}{folders}"));
    let digest = digest(text.lines().filter(|line| !line.contains(PLACE_OF_DIGEST)));
    text.replace(PLACE_OF_DIGEST, &format!("{DIGEST}{digest}"))
}

/// How many folders were made for a sealed file.
pub fn folders(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let number = text.lines().find_map(|line| line.split_once(FOLDERS)?.1.split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn judge(bytes: &[u8]) -> Standing {
    let text = String::from_utf8_lossy(bytes);
    let Some((_, told)) = text.lines().find_map(|line| line.split_once(DIGEST)) else {
        return Standing::Foreign;
    };
    let is = digest(text.lines().filter(|line| !line.contains(DIGEST)));
    if told.split(' ').next() == Some(&is) { Standing::Ours } else { Standing::Changed }
}

fn digest<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_file_is_known_until_one_letter_is_changed() {
        for template in
            ["# {digest}\n# {folders}\n[Unit]\n", "<x/>\n<!-- {digest} -->\n<!-- {folders} -->\n"]
        {
            let text = seal(template, 2);
            assert_eq!(judge(text.as_bytes()), Standing::Ours, "{text}");
            assert_eq!(folders(text.as_bytes()), 2, "{text}");
            let changed = format!("{text}Environment=A=b\n");
            assert_eq!(judge(changed.as_bytes()), Standing::Changed);
        }
        assert_eq!(judge(b"[Unit]\nDescription=mine\n"), Standing::Foreign);
    }
}
