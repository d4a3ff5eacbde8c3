//! What a prompt shows of a tab, as one line that a shell reads without any help.
//! Must stay one `read` away: words without a space, and the name last.

use super::name;
use super::status::State;

/// What stands in a prompt about its tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What it is doing.
    pub state: State,
    /// Protected.
    pub locked: bool,
    /// Its name, already filtered.
    pub tab: String,
}

/// What a prompt or a bar has to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its own tab, if it stands in one.
    pub own: Option<Segment>,
    /// The names of the other tabs that need a person.
    pub others: Vec<String>,
}

impl Segment {
    /// `STATE GLYPH LOCK NAME`, without a line break: LOCK is `locked` or `-`, and only the name has
    /// spaces.
    pub fn line(&self) -> String {
        let Segment { state, locked, tab } = self;
        let lock = if *locked { "locked" } else { "-" };
        format!("{} {} {lock} {}", state.word(), state.glyph(), name::shown(tab))
    }

    /// Reads the first line of a text as such a line; nothing if it is none.
    pub fn parse(text: &str) -> Option<Segment> {
        let mut words = text.lines().next()?.splitn(4, ' ');
        let state = words.next()?;
        let state = State::ALL.into_iter().find(|known| known.word() == state)?;
        let (_glyph, lock, tab) = (words.next()?, words.next()?, words.next()?);
        Some(Segment { state, locked: lock == "locked", tab: name::shown(tab) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_reads_back_as_it_was_written() {
        for (state, locked, tab) in [
            (State::Attention, true, "api"),
            (State::Shell, false, "fix the login page"),
            (State::Thinking, false, "日本語 / été"),
        ] {
            let segment = Segment { state, locked, tab: tab.to_owned() };
            assert_eq!(Segment::parse(&segment.line()), Some(segment));
        }
    }

    #[test]
    fn a_name_of_foreign_text_stays_one_harmless_line() {
        let tab = "a\n$(id)\u{1b}[31m`x` %F{red} \\u".to_owned();
        let line = Segment { state: State::Idle, locked: false, tab }.line();
        assert_eq!(line, "idle ○ - a???id???31m?x? ?F?red? ?u");
    }

    #[test]
    fn what_a_longer_line_has_left_behind_is_not_read() {
        let segment = Segment { state: State::Idle, locked: false, tab: "api".to_owned() };
        let text = format!("{}\nocked a longer name\n", segment.line());
        assert_eq!(Segment::parse(&text), Some(segment));
    }

    #[test]
    fn what_is_no_segment_is_none() {
        for line in ["", "idle", "idle ○ -", "busy ○ - api", "\0\u{1}\u{2}"] {
            assert_eq!(Segment::parse(line), None, "{line:?}");
        }
    }
}
