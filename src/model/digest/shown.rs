//! One line as it is shown: nothing that acts on a terminal or that nobody sees, no secret, not too
//! long. Must be all that foreign text passes on its way into a digest.

use crate::model::masking::without_secrets;

/// As much of a line is looked at, in bytes: a secret that begins in what is shown ends in it.
const LOOKED_AT: usize = 4096;
/// No sign stands more often in a row.
const RULE: usize = 8;

/// A line in at most so many characters.
pub fn shown(line: &str, widest: usize) -> String {
    let line = &line[..line.floor_char_boundary(LOOKED_AT)];
    let masked = without_secrets(unruled(harmless(line)).trim_end());
    let Some((end, _)) = masked.char_indices().nth(widest) else { return masked };
    let cut = masked[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    format!("{}…", &masked[..cut])
}

/// The line with its rules cut short: `=====` says as much as a whole row of it.
fn unruled(line: String) -> String {
    let is_sign = |c: char| !c.is_alphanumeric() && c != ' ';
    // Among so many of one sign in a row are four that stand in such a chunk.
    let may_be_long = |chunk: &[u8; 4]| *chunk == [chunk[0]; 4] && is_sign(char::from(chunk[0]));
    if line.is_ascii() && !line.as_bytes().as_chunks::<4>().0.iter().any(may_be_long) {
        return line;
    }
    let mut left = String::with_capacity(line.len());
    let (mut before, mut count) = (' ', 0);
    for c in line.chars() {
        count = if c == before { count + 1 } else { 1 };
        before = c;
        if count <= RULE || !is_sign(c) {
            left.push(c);
        }
    }
    left
}

/// The line without what a terminal obeys and what nobody sees; a tab is two blanks.
fn harmless(line: &str) -> String {
    if !line.bytes().fold(false, |any, byte| any | !matches!(byte, b' '..=b'~')) {
        return line.to_owned();
    }
    let mut left = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\t' => left.push_str("  "),
            c if c.is_control() || is_invisible(c) => {}
            c => left.push(c),
        }
    }
    left
}

/// Characters without a shape of their own: direction, joints, fillers, variants and tags. A text can
/// be hidden in each of them.
pub fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF
        | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_harmless_and_fits() {
        for (line, widest, left) in [
            ("plain  ", 9, "plain"),
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("日本語です", 3, "日本…"),
            ("a\tb\u{1b}[2J\u{9b}\u{202e}c\u{200b}\u{e0041}", 99, "a  b[2Jc"),
            ("API_\u{200b}KEY=abc123def", 99, "API_KEY=[hidden]"),
            ("x token: abcdefgh", 10, "x token: …"),
            ("==== 1 failed ==================", 99, "==== 1 failed ========"),
            ("━━━━━━━━━━━━ 00000000000  x", 99, "━━━━━━━━ 00000000000  x"),
            ("a", 0, "…"),
            ("", 0, ""),
        ] {
            assert_eq!(shown(line, widest), left, "{line:?}");
        }
        assert_eq!(shown(&"é".repeat(9000), 5), "éééé…");
    }
}
