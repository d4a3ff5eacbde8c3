//! Where in the text of a shell's pane commands were typed. Must not guess: what does not stand behind
//! something like a prompt was printed, not typed.

/// The line of each command, if it stands there; the commands and the lines are oldest first.
pub fn typed(lines: &[&str], commands: &[&str]) -> Vec<Option<usize>> {
    let mut places = vec![None; commands.len()];
    let mut end = lines.len();
    // From below: what has scrolled out of sight are the oldest ones.
    for (place, command) in places.iter_mut().zip(commands).rev() {
        *place = lines[..end].iter().rposition(|line| is_typed(line, command));
        end = place.unwrap_or(end);
    }
    // A command may print its own words: the first place behind the one before it is where they were
    // typed.
    let mut begin = None;
    for (place, command) in places.iter_mut().zip(commands) {
        if let (Some(last), Some(from)) = (*place, begin) {
            let earlier = lines[from..last].iter().position(|line| is_typed(line, command));
            *place = earlier.map_or(*place, |earlier| Some(from + earlier));
        }
        begin = place.map(|place| place + 1).or(begin);
    }
    places
}

/// Whether a line is a prompt with that command behind it, and perhaps something at the right edge.
fn is_typed(line: &str, command: &str) -> bool {
    let command = command.lines().next().unwrap_or_default().trim_end();
    if command.is_empty() {
        return false;
    }
    let line = line.trim_end();
    let at = if line.ends_with(command) {
        Some(line.len() - command.len())
    } else {
        line.find(command).filter(|at| line[at + command.len()..].starts_with("  "))
    };
    at.is_some_and(|at| {
        let prompt = &line[..at];
        let before = prompt.trim_end().chars().next_back();
        prompt.ends_with(' ') && before.is_some_and(|sign| !sign.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_stands_behind_a_prompt() {
        for (line, command, is_so) in [
            ("me@host:~$ make", "make", true),
            ("~ ❯ make test", "make test", true),
            ("~ ❯ make            12:30", "make", true),
            ("[me@host ~]$ make  ", "make", true),
            ("make", "make", false),
            ("we make", "make", false),
            ("$ remake", "make", false),
            ("$ make", "", false),
            ("> for x in 1 2", "for x in 1 2\ndo", true),
        ] {
            assert_eq!(is_typed(line, command), is_so, "{line} | {command}");
        }
    }

    #[test]
    fn commands_are_found_in_their_order() {
        let lines = ["$ ls", "a", "$ make", "+ make", "b", "$ ls", "c"];
        let found = |commands: &[&str]| typed(&lines, commands);
        assert_eq!(found(&["ls", "make", "ls"]), [Some(0), Some(2), Some(5)]);
        // What the first one printed is not where the second one began.
        assert_eq!(found(&["ls", "make"]), [Some(0), Some(2)]);
        assert_eq!(found(&["gone", "ls", "make", "ls"]), [None, Some(0), Some(2), Some(5)]);
        assert_eq!(found(&["ls", "ls", "ls"]), [None, Some(0), Some(5)]);
        assert_eq!(typed(&[], &["ls"]), [None]);
    }
}
