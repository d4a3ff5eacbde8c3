//! What programs wrote, line by line, and what is missing of it. Must let nothing through that acts on a
//! terminal, but colours where they are wanted.

use super::text;

/// One line of it. Tabs stay: columns and Makefiles have them.
pub fn line(line: &str, colours: bool) -> String {
    if !colours {
        return plain(line);
    }
    let mut drawn = String::with_capacity(line.len() + 4);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        drawn.push_str(&plain(before));
        let end = after.find(|c: char| !c.is_ascii_digit() && !matches!(c, ';' | ':'));
        let colour = end.and_then(|end| Some((&after[..end], after[end..].strip_prefix('m')?)));
        if let Some((colour, after)) = colour {
            drawn.extend(["\x1b[", colour, "m"]);
            rest = after;
        } else {
            drawn.push('?');
            rest = after;
        }
    }
    drawn.push_str(&plain(rest));
    if drawn.contains('\x1b') {
        // What a program forgot to end would colour all that follows.
        drawn.push_str("\x1b[0m");
    }
    drawn
}

fn plain(line: &str) -> String {
    if !line.contains('\t') {
        return text::clean(line);
    }
    line.split('\t').map(text::clean).collect::<Vec<_>>().join("\t")
}

/// Stands where something is not kept.
pub fn gap(bytes: u64) -> String {
    format!("── {} that stood here are not kept ──", size(bytes))
}

/// What could not be kept, and why.
pub fn trouble(lost: u64, why: Option<&str>) -> Option<String> {
    let why = why.filter(|_| lost > 0)?;
    Some(format!("{} of its output could not be kept: {}", size(lost), text::clean(why)))
}

/// A number of bytes in few letters.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let (mut whole, mut tenths, mut unit) = (bytes, 0, 0);
    while whole >= 1000 && unit + 1 < UNITS.len() {
        tenths = whole % 1000 / 100;
        whole /= 1000;
        unit += 1;
    }
    let name = if bytes == 1 { "byte" } else { UNITS[unit] };
    if unit > 0 && whole < 10 {
        format!("{whole}.{tenths} {name}")
    } else {
        format!("{whole} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_short() {
        let sizes = [0, 1, 999, 1000, 2_540, 12_345, 999_999, 7_900_000_000].map(size);
        let wanted =
            ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "2.5 kB", "12 kB", "999 kB", "7.9 GB"];
        assert_eq!(sizes, wanted);
    }

    #[test]
    fn nothing_but_colours_reaches_a_terminal() {
        let hostile = "a\t\u{1b}[31mred\u{1b}[2J\u{9b}x\u{202e}\u{1b}]0;t\u{7}";
        assert_eq!(line(hostile, false), "a\t?[31mred?[2J?x??]0;t?");
        assert_eq!(line(hostile, true), "a\t\u{1b}[31mred?2J?x??]0;t?\u{1b}[0m");
        assert_eq!(line("plain", true), "plain");
        assert_eq!(line("\u{1b}[", true), "?");
    }
}
