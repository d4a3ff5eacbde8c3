//! A command line that is being typed, cut into words. Must take anything: it is not finished yet.

/// The words up to the cursor; the last one is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The program, its arguments, and the unfinished word, which may be empty. Never none.
    pub words: Vec<String>,
    /// The last word stands in quotes that are open.
    pub quoted: bool,
}

impl Typed {
    /// Of words that are whole, and the one that is being typed.
    pub fn of(mut words: Vec<String>, current: String) -> Typed {
        words.push(current);
        Typed { words, quoted: false }
    }

    /// The word that is being typed.
    pub fn current(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }
}

/// Stands at the cursor while the line is cut, so that an empty word is one.
const CURSOR: char = '\u{1}';

/// Cuts a line; what cannot be cut is nothing that can be completed.
pub fn typed(line: &str) -> Typed {
    let line = line.replace(CURSOR, "");
    for (end, quoted) in [("", false), ("\"", true), ("'", true)] {
        let Ok(mut words) = shell_words::split(&format!("{line}{CURSOR}{end}")) else { continue };
        let Some(last) = words.pop() else { break };
        // Behind a `#` the cursor is in a comment.
        let Some(current) = last.strip_suffix(CURSOR) else { break };
        let start = words.iter().rposition(|word| ends_a_command(word)).map_or(0, |at| at + 1);
        let own = words.split_off(start).into_iter().skip_while(|word| is_assignment(word));
        return Typed { quoted, ..Typed::of(own.collect(), current.to_owned()) };
    }
    Typed::of(Vec::new(), String::new())
}

fn ends_a_command(word: &str) -> bool {
    matches!(word, "|" | "||" | "&" | "&&" | ";")
}

/// `NAME=value` before the command.
fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> Vec<String> {
        typed(line).words
    }

    #[test]
    fn the_word_at_the_cursor_is_the_last_one() {
        assert_eq!(cut("tabctl attach a"), ["tabctl", "attach", "a"]);
        assert_eq!(cut("tabctl attach "), ["tabctl", "attach", ""]);
        assert_eq!(cut("tabctl --agent=cl"), ["tabctl", "--agent=cl"]);
        assert_eq!(cut("tabctl go v1:2"), ["tabctl", "go", "v1:2"]);
    }

    #[test]
    fn a_word_in_open_quotes_is_one_word() {
        for line in ["tabctl go \"my t", "tabctl go 'my t"] {
            assert_eq!(typed(line), Typed { words: cut(line), quoted: true });
            assert_eq!(cut(line), ["tabctl", "go", "my t"]);
        }
        assert_eq!(cut("tabctl go my\\ t"), ["tabctl", "go", "my t"]);
        assert_eq!(cut("tabctl go my\\"), ["tabctl", "go", "my"]);
        assert!(!typed("tabctl go \"my tab\" ").quoted);
    }

    #[test]
    fn what_stands_before_the_command_is_left_out() {
        assert_eq!(cut("cd x && LANG=C tabctl go a"), ["tabctl", "go", "a"]);
        assert_eq!(cut("ls | tabctl "), ["tabctl", ""]);
    }

    #[test]
    fn whatever_stands_there_is_taken() {
        for line in ["", " ", "#", "tabctl go # a", "\"", "'\"", "\u{1}\u{1}", "a\\\n", "🚀 \"'"]
        {
            assert!(!cut(line).is_empty(), "{line:?}");
        }
    }
}
