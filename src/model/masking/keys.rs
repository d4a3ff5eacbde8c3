//! Private keys that stand in a text over many lines. Must hide no more than what looks like one.

use std::borrow::Cow;

use memchr::memmem;

use super::HIDDEN;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// So many such letters in a row are part of a key, whatever else stands in the line.
const RUN: usize = 16;

/// The text with its private keys hidden. With `keep_lines`, every line stays where it is, and is
/// empty.
pub fn without_keys(text: &str, keep_lines: bool) -> Cow<'_, str> {
    if memmem::find(text.as_bytes(), b"PRIVATE KEY").is_none() {
        return Cow::Borrowed(text);
    }
    let mut left = String::with_capacity(text.len());
    let mut is_amid = false;
    for line in text.split_inclusive('\n') {
        if is_amid && let Some(behind) = behind_end(line) {
            left.push_str(behind);
            is_amid = false;
            continue;
        }
        if is_amid && is_material(line) {
            left.push_str(if keep_lines && line.ends_with('\n') { "\n" } else { "" });
            continue;
        }
        if is_amid && !keep_lines {
            left.push('\n');
        }
        is_amid = false;
        let Some(begin) = begin_of(line) else {
            left.push_str(line);
            continue;
        };
        let (begin, rest) = line.split_at(begin);
        left.push_str(begin);
        left.push_str(HIDDEN);
        let behind = behind_end(rest);
        is_amid = behind.is_none();
        let line_end = if keep_lines && rest.ends_with('\n') { "\n" } else { "" };
        left.push_str(behind.unwrap_or(line_end));
    }
    Cow::Owned(left)
}

/// Where the words end that begin a private key.
fn begin_of(line: &str) -> Option<usize> {
    let words = line.find(BEGIN)? + BEGIN.len();
    let end = words + line[words..].find(DASHES)?;
    line[words..end].contains("PRIVATE KEY").then_some(end + DASHES.len())
}

/// What stands behind the words that end one.
fn behind_end(line: &str) -> Option<&str> {
    let words = &line[line.find(END)? + END.len()..];
    Some(&words[words.find(DASHES)? + DASHES.len()..])
}

/// Whether a line may be a part of a key: letters of base64 alone or many of them, nothing, or what
/// stands above them.
fn is_material(line: &str) -> bool {
    let line = line.trim();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    line.bytes().all(is_base64)
        || line.as_bytes().split(|byte| !is_base64(*byte)).any(|run| run.len() >= RUN)
        || ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"].iter().any(|it| line.starts_with(it))
}
