//! The filter for names of tabs. Must be applied on write and again on print.

/// The longest name, in terminal columns.
pub const MAX_COLUMNS: usize = 64;

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing to see.
    #[error("a name needs at least one character")]
    Empty,
    /// Wider than [`MAX_COLUMNS`].
    #[error("a name has at most {MAX_COLUMNS} columns; this one has {0}")]
    TooLong(usize),
    /// A character outside letters, digits, space and `-_./:@+`.
    #[error("a name cannot contain {0}; letters, digits, space and - _ . / : @ + can be used")]
    Character(String),
    /// Would be taken for an option or be invisible at an edge.
    #[error("a name cannot begin with '-' or begin or end with a space")]
    Edge,
    /// Would stand in the way of a folder: a tab can be meant by its name or by a path.
    #[error("a name cannot look like a path: '.', '..', or '/', './' or '../' at its beginning")]
    Path,
}

/// Letters and digits of any script, space and `-_./:@+`: nothing that a shell, a prompt, a tmux
/// format or a terminal gives a meaning to. Emoji count as letters; joiners and marks do not.
fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | ':' | '@' | '+') || is_emoji(c)
}

/// Pictures in the blocks that terminals draw two columns wide.
fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F300..=0x1FAFF | 0x2600..=0x27BF)
}

/// Accepts a name that a person or an agent gives.
pub fn check(name: &str) -> Result<&str, BadName> {
    if name.is_empty() {
        return Err(BadName::Empty);
    }
    if let Some(bad) = name.chars().find(|c| !is_allowed(*c)) {
        let shown = if bad.is_control() || !is_visible(bad) {
            format!("U+{:04X}", u32::from(bad))
        } else {
            format!("'{bad}'")
        };
        return Err(BadName::Character(shown));
    }
    let columns = unicode_width::UnicodeWidthStr::width(name);
    if columns > MAX_COLUMNS {
        return Err(BadName::TooLong(columns));
    }
    if name.starts_with(['-', ' ']) || name.ends_with(' ') {
        return Err(BadName::Edge);
    }
    if matches!(name.split('/').next(), Some("" | "." | "..")) {
        return Err(BadName::Path);
    }
    Ok(name)
}

fn is_visible(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c).is_some_and(|columns| columns > 0)
}

/// What is shown of a name that came from a file tabctl did not write: `?` for what is not allowed.
pub fn shown(name: &str) -> String {
    // Nearly every name is short and plain.
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b' ');
    if (1..=MAX_COLUMNS).contains(&name.len()) && name.bytes().all(plain) {
        return name.to_owned();
    }
    let mut columns = 0;
    let mut out = String::new();
    // Letters without a width are bounded too.
    for c in name.chars().take(2 * MAX_COLUMNS) {
        let c = if is_allowed(c) { c } else { '?' };
        columns += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if columns > MAX_COLUMNS {
            break;
        }
        out.push(c);
    }
    if out.is_empty() { "?".to_owned() } else { out }
}

/// A name as part of a file name: ASCII letters, digits and `-`, lower case; never empty.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "tab".to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_use_are_accepted() {
        for name in ["api", "fix/login-bug", "日本語", "v1.2 @home", "été", "🚀 ship"] {
            assert_eq!(check(name), Ok(name));
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn names_that_mean_something_elsewhere_are_refused() {
        for name in [
            "",
            " a",
            "a ",
            "-rf",
            "$(id)",
            "`id`",
            "#(id)",
            "a;b",
            "a\nb",
            "a\u{1b}[31m",
            "%F{red}",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\\u",
            "{x}",
            "a!b",
            "a\u{85}b",
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
        assert_eq!(check(&"x".repeat(65)), Err(BadName::TooLong(65)));
        assert!(check(&"x".repeat(64)).is_ok());
    }

    #[test]
    fn a_name_that_looks_like_a_path_is_refused() {
        for name in [".", "..", "/", "/tmp", "./api", "../api"] {
            assert_eq!(check(name), Err(BadName::Path), "{name}");
        }
        for name in ["fix/login", ".dotfiles", "...", "a/../b", "a/"] {
            assert_eq!(check(name), Ok(name));
        }
    }

    #[test]
    fn what_is_shown_is_always_harmless() {
        assert_eq!(shown("a#(id)\u{1b}b"), "a??id??b");
        assert_eq!(shown(""), "?");
        assert!(shown(&"界".repeat(100)).chars().count() <= 32);
    }

    #[test]
    fn a_slug_is_a_plain_file_name() {
        assert_eq!(slug("Fix/Login Bug"), "fix-login-bug");
        assert_eq!(slug("../.."), "tab");
        assert_eq!(slug("日本"), "tab");
    }
}
