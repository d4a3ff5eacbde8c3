//! Foreign text made harmless and fitted. Every string that tabctl did not write passes here
//! before it reaches a terminal.

use std::time::Duration;

use chrono::{DateTime, Utc};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One line of foreign text: control, bidi and invisible characters become `?`, line breaks a space.
pub fn clean(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { harmless(c) }).collect()
}

/// Printable ASCII, which is nearly all text: one look at each byte, and one column each.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Like [`clean`], with its line breaks.
pub fn clean_lines(text: &str) -> Vec<String> {
    text.lines().map(clean).collect()
}

fn harmless(c: char) -> char {
    // A joiner inside an emoji is the one invisible character that people type.
    let invisible = c.width().is_none_or(|columns| columns == 0) && !is_mark(c);
    // Line and paragraph separators have a width, and tags none that every terminal agrees on.
    let odd = matches!(u32::from(c), 0x2028 | 0x2029 | 0xE0000..=0xE0FFF);
    if c.is_control() || invisible || odd { '?' } else { c }
}

/// Zero-width characters that belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F
        | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0E31..=0x0E4E | 0x1AB0..=0x1AFF | 0x20D0..=0x20FF
        | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0x200D)
}

/// The columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { UnicodeWidthStr::width(text) }
}

/// A cell filled up with blanks to so many columns.
pub fn padded(cell: &str, columns: usize) -> String {
    format!("{cell}{}", " ".repeat(columns.saturating_sub(width(cell))))
}

/// Cuts a text to `columns`, with `…` where something was taken away.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > columns {
            break;
        }
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Splits a text after so many columns; a wide character on the border goes to the right.
pub fn split_at(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    text.split_at(end.map_or(text.len(), |(index, _)| index))
}

/// How long ago, in two characters or three: `now`, `42s`, `3m`, `5h`, `12d`.
pub fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    match seconds {
        i64::MIN..=1 => "now".to_owned(),
        2..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m", seconds / 60),
        3600..=86_399 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// How long [`age`] says the same.
pub fn age_lasts(at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    let millis = (now - at).num_milliseconds().max(0);
    let unit = match millis {
        0..=1999 => 2000,
        2000..=59_999 => 1000,
        60_000..=3_599_999 => 60_000,
        3_600_000..=86_399_999 => 3_600_000,
        _ => 86_400_000,
    };
    Duration::from_millis(u64::try_from(unit - millis % unit).unwrap_or(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_byte_survives() {
        let hostile = "a\u{1b}[31mred\u{7}\u{9b}2J\u{202e}x\u{200b}y\r\u{e0041}\u{85}";
        let shown = clean(hostile);
        assert_eq!(shown, "a?[31mred??2J?x?y???");
        assert_eq!(clean("two\nlines"), "two lines");
        assert_eq!(clean("a\u{2028}b\u{2029}c\u{61c}d\u{2066}e"), "a?b?c?d?e");
        assert_eq!(clean("日本 👍🏽 é e\u{301}"), "日本 👍🏽 é e\u{301}");
    }

    #[test]
    fn a_cut_text_never_takes_more_columns() {
        for text in ["plain text", "日本語のタブ", "👩‍💻 code", "é"] {
            for columns in 0..12 {
                assert!(width(&cut(text, columns)) <= columns, "{text} {columns}");
            }
        }
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abcd", 4), "abcd");
        assert_eq!(cut("日本語", 4), "日…");
    }

    #[test]
    fn an_age_is_short() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap_or_default();
        let ago = |seconds| age(now - chrono::Duration::seconds(seconds), now);
        assert_eq!([ago(-5), ago(1), ago(59)], ["now", "now", "59s"]);
        assert_eq!([ago(60), ago(7200), ago(864_000)], ["1m", "2h", "10d"]);
    }

    #[test]
    fn an_age_lasts_until_another_is_shown() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap_or_default();
        for millis in [0, 1500, 2000, 59_500, 60_000, 150_000, 3_599_999, 7_000_000, 90_000_000] {
            let at = now - chrono::Duration::milliseconds(millis);
            let lasts = age_lasts(at, now);
            let later = now + lasts;
            assert_ne!(age(at, now), age(at, later), "{millis}");
            let before = later - chrono::Duration::milliseconds(1);
            assert_eq!(age(at, now), age(at, before), "{millis}");
        }
    }
}
