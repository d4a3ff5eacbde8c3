//! A command line as it was typed, read as words, where it is certain which words they are.
//! Must not guess: whatever a shell would still replace, divide or redirect makes it nothing.

/// What ends a plain word in one of the shells, or makes more of it than it says.
const MEANS_SOMETHING: &str = "|&;<>()$`*?[]{}!^#\n";

/// The words of one simple command. `~` at the beginning of a word is the home folder.
pub fn words(line: &str, shell: &str, home: &str) -> Option<Vec<String>> {
    if line.contains(char::REPLACEMENT_CHARACTER) {
        return None; // it was no text
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.trim_matches([' ', '\t']).chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let text = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '\'' => break,
                        // Only fish has escapes here.
                        '\\' if shell == "fish" => return None,
                        inner => text.push(inner),
                    }
                }
            }
            '"' => {
                let text = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        '"' => break,
                        '$' | '`' | '!' => return None,
                        '\\' => match letters.next()? {
                            escaped @ ('"' | '\\' | '$') => text.push(escaped),
                            _ => return None,
                        },
                        inner => text.push(inner),
                    }
                }
            }
            '\\' => {
                let escaped = letters.next()?;
                // In fish some letters mean a character: `\n`.
                if escaped == '\n' || (shell == "fish" && escaped.is_alphanumeric()) {
                    return None;
                }
                word.get_or_insert_default().push(escaped);
            }
            '~' if word.is_none() => match letters.peek() {
                None | Some(' ' | '\t' | '/') => word = Some(home.to_owned()),
                Some(_) => return None,
            },
            // zsh takes `=name` for the place of a program.
            '=' if word.is_none() => return None,
            other if MEANS_SOMETHING.contains(other) || other.is_control() => return None,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_command_is_its_words() {
        for (line, expected) in [
            ("claude --model x", &["claude", "--model", "x"][..]),
            ("  claude\t'two words' \"and more\" ", &["claude", "two words", "and more"]),
            (r#"claude "a \"b\" \\ c" d\ e ''"#, &["claude", r#"a "b" \ c"#, "d e", ""]),
            (
                "~/bin/claude --add-dir ~ a~b",
                &["/home/me/bin/claude", "--add-dir", "/home/me", "a~b"],
            ),
            ("A=b claude --x=y 日本", &["A=b", "claude", "--x=y", "日本"]),
        ] {
            for shell in ["bash", "zsh"] {
                assert_eq!(words(line, shell, "/home/me").unwrap_or_default(), expected, "{line}");
            }
        }
    }

    #[test]
    fn what_a_shell_would_still_work_on_is_nothing() {
        for line in [
            "",
            "  ",
            "a | b",
            "a && b",
            "a; b",
            "a &",
            "a > b",
            "a $HOME",
            "a \"$HOME\"",
            "a `id`",
            "a \"`id`\"",
            "a *.rs",
            "a [x]",
            "a {b,c}",
            "a !!",
            "a \"!!\"",
            "a ~root/x",
            "a =ls",
            "a # b",
            "a 'open",
            "a \"open",
            "a \\",
            "a\nb",
            "a \\\nb",
            "a \"\\n\"",
            "(a)",
            "a\u{1b}[31m",
        ] {
            assert_eq!(words(line, "bash", "/h"), None, "{line:?}");
        }
        assert_eq!(words(r"a 'it\'s'", "fish", "/h"), None);
        assert_eq!(words(r"a \n", "fish", "/h"), None);
        assert_eq!(words(r"a 'it\s'", "bash", "/h"), Some(vec!["a".into(), r"it\s".into()]));
    }
}
