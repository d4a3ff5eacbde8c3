//! The commands of a tab, one line each. Must show a command of any kind in one harmless line.

use std::time::Duration;

use chrono::Local;

use super::{style, text};
use crate::model::evidence::Ran;

/// One line for each: when, how it ended, how long it took, the command, and the folder where it is
/// another one than before.
pub fn lines(all: &[Ran], home: &str) -> Vec<String> {
    let mut folder = "";
    let line = |ran: &'_ Ran, is_new: bool| {
        let at = ran.at.map(|at| at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string());
        let at = at.unwrap_or_else(|| "-".to_owned());
        let end = match ran.code {
            Some(0) => style::paint(style::GOOD, &format!("{:>4}", "ok")),
            Some(code) => style::paint(style::BAD, &format!("{code:>4}")),
            None => style::paint(style::DIM, &format!("{:>4}", "-")),
        };
        let took = ran.took().map_or_else(|| "-".to_owned(), took);
        let place =
            if is_new { format!("  ({})", short(&ran.folder, home)) } else { String::new() };
        let place = style::paint(style::DIM, &text::clean(&place));
        format!("{at:16} {end} {took:>6}  {}{place}", text::clean(&ran.command))
    };
    let mut lines = Vec::new();
    for ran in all {
        lines.push(line(ran, ran.folder != folder));
        folder = &ran.folder;
    }
    lines
}

/// A folder with the home as `~`.
pub fn short(folder: &str, home: &str) -> String {
    match folder.strip_prefix(home) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => folder.to_owned(),
    }
}

/// A time in few letters: `40ms`, `2.5s`, `3m20s`, `2h05m`.
pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{}ms", time.as_millis()),
        1..=9 => format!("{:.1}s", time.as_secs_f64()),
        10..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_short() {
        let times = [40, 2500, 42_000, 200_000, 7_500_000].map(Duration::from_millis).map(took);
        assert_eq!(times, ["40ms", "2.5s", "42s", "3m20s", "2h05m"]);
    }

    #[test]
    fn a_folder_stands_where_it_changes_and_nothing_acts_on_the_terminal() {
        let ran = |folder: &str, command: &str| Ran {
            at: None,
            folder: folder.to_owned(),
            command: command.to_owned(),
            code: Some(1),
            millis: None,
        };
        let all = [ran("/h/w", "a\nb"), ran("/h/w", "c\u{1b}]0;x\u{7}"), ran("/hx", "d")];
        let lines = lines(&all, "/h").join("|");
        assert!(lines.contains("a b") && lines.contains("(~/w)") && lines.contains("(/hx)"));
        assert_eq!(lines.matches('(').count(), 2, "{lines}");
        assert!(lines.contains("c?]0;x?"), "{lines}");
    }
}
