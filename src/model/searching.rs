//! Whether a shell's prompt is taken by a search, or something else that reads one line for the editor,
//! told by the screen: the shell itself has no word for it. Must rather refuse too much than too little
//! where the words are the shell's own.

/// What readline says while it looks through the history, or counts.
const READLINE: [&str; 5] = [
    "(reverse-i-search)",
    "(failed reverse-i-search)",
    "(i-search)",
    "(failed i-search)",
    "(arg: ",
];
/// What zsh says below the line.
const ZSH: [&str; 5] = ["bck-i-search: ", "fwd-i-search: ", "failing ", "invalid ", "execute: "];

/// Whether it is, on a screen of which `lines` begin with the cursor's, and the cursor stands in this
/// column of it.
pub fn is_searching(shell: &str, lines: &[&str], column: usize) -> bool {
    let Some((first, below)) = lines.split_first() else { return false };
    let begins = |line: &str, words: &[&str]| words.iter().any(|word| line.starts_with(word));
    match shell {
        "bash" => begins(first, &READLINE) || is_asked_for(first, column),
        "zsh" => below.iter().any(|line| {
            begins(line, &ZSH) || line.starts_with(['/', '?']) && line.trim_end().ends_with('_')
        }),
        // fish shows what is looked for above what it finds.
        _ => column > 0 && (*first == "search:" || first.starts_with("search: ")),
    }
}

/// readline's other searches (`/` in vi's way, Alt-P in that of Emacs) show one sign and what is looked
/// for, behind the prompt. So may what somebody types: the shell would refuse that as well. A prompt that
/// has nothing behind it ends in a space, or in a sign of its own.
fn is_asked_for(line: &str, column: usize) -> bool {
    const SIGNS: [char; 3] = ['/', '?', ':'];
    let before: String = line.chars().chain(std::iter::repeat(' ')).take(column).collect();
    let is_one = before.rsplit(' ').next().is_some_and(|last| last.len() == 1);
    match before.chars().next_back() {
        Some(last) if last.is_alphanumeric() => before.contains(SIGNS),
        Some(last) => is_one && SIGNS.contains(&last),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_told_from_a_prompt() {
        for (shell, lines, column, wanted) in [
            ("bash", &["(reverse-i-search)`dan': echo dang"][..], 30, true),
            ("bash", &["(failed reverse-i-search)`x': "], 28, true),
            ("bash", &["(arg: 3)"], 9, true),
            ("bash", &["/da"], 3, true),
            ("bash", &["/"], 1, true),
            ("bash", &["?da"], 3, true),
            ("bash", &[], 0, false),
            ("bash", &[":dan"], 4, true),
            ("bash", &[">"], 2, false),
            ("bash", &["/home/dan $"], 12, false),
            ("bash", &["/home/dan>"], 10, false),
            ("bash", &["/home/dan"], 10, false),
            ("bash", &["> /dan"], 6, true),
            ("bash", &["[a] ~/src $ ?a b"], 16, true),
            ("bash", &["$ /"], 3, true),
            ("bash", &["me at:"], 6, false),
            ("bash", &["> echo half"], 11, false),
            ("zsh", &["> echo dang", "bck-i-search: dan_"], 7, true),
            ("zsh", &["> ", "failing bck-i-search: x_"], 2, true),
            ("zsh", &["> ", "execute: bee_"], 2, true),
            ("zsh", &["> ", "?da_"], 2, true),
            ("zsh", &["> ", "a_file  /etc"], 2, false),
            ("zsh", &["bck-i-search: in a prompt> "], 27, false),
            ("fish", &["search:", "(no matches)"], 8, true),
            ("fish", &["search: da"], 10, true),
            ("fish", &["> search: da"], 12, false),
            ("fish", &[">"], 2, false),
        ] {
            assert_eq!(is_searching(shell, lines, column), wanted, "{shell}: {lines:?}");
        }
    }
}
