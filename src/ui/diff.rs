//! The difference of two texts, for a person: what goes, what comes, and three lines around it.
//! Must not be taken for the smallest difference: one stretch is shown, however much in it is alike.

use super::{style, text};

const AROUND: usize = 3;

/// The lines of a unified difference; none if the texts are the same.
pub fn unified(file: &str, before: Option<&str>, after: Option<&str>) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let lines = |text: Option<&str>| -> Vec<String> {
        text.unwrap_or_default().split_inclusive('\n').map(str::to_owned).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let same = |(a, b): &(&String, &String)| a == b;
    let start = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    let from = start.saturating_sub(AROUND);
    let (old_to, new_to) =
        ((old.len() - end + AROUND).min(old.len()), (new.len() - end + AROUND).min(new.len()));
    let name =
        |there: bool, name: &str| if there { name.to_owned() } else { "/dev/null".to_owned() };
    let file = text::clean(file);
    let mut shown = vec![
        style::paint(style::HEADING, &format!("--- {}", name(before.is_some(), &file))),
        style::paint(style::HEADING, &format!("+++ {}", name(after.is_some(), &file))),
    ];
    let place = |at: usize, count: usize| {
        if count == 0 { format!("{at},0") } else { format!("{},{count}", at + 1) }
    };
    shown.push(style::paint(
        style::DIM,
        &format!("@@ -{} +{} @@", place(from, old_to - from), place(from, new_to - from)),
    ));
    let line = |mark: &str, line: &String| {
        // The line's own end is no part of what is shown; a tab stays a blank.
        let line = line.trim_end_matches(['\n', '\r']).replace('\t', "    ");
        format!("{mark}{}", text::clean(&line))
    };
    shown.extend(old[from..start].iter().map(|it| line(" ", it)));
    shown.extend(
        old[start..old.len() - end].iter().map(|it| style::paint(style::BAD, &line("-", it))),
    );
    shown.extend(
        new[start..new.len() - end].iter().map(|it| style::paint(style::GOOD, &line("+", it))),
    );
    shown.extend(old[old.len() - end..old_to].iter().map(|it| line(" ", it)));
    shown
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    fn plain(before: Option<&str>, after: Option<&str>) -> Vec<String> {
        let lines = unified("f", before, after);
        lines.iter().map(|line| strip_str(line).to_string()).collect()
    }

    #[test]
    fn what_changed_is_shown_with_a_little_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\nnew\n6\n7\n8\n9\n";
        assert_eq!(
            plain(Some(before), Some(after)),
            [
                "--- f",
                "+++ f",
                "@@ -2,7 +2,8 @@",
                " 2",
                " 3",
                " 4",
                "-5",
                "+five",
                "+new",
                " 6",
                " 7",
                " 8"
            ]
        );
        assert_eq!(plain(None, Some("a\n")), ["--- /dev/null", "+++ f", "@@ -0,0 +1,1 @@", "+a"]);
        assert_eq!(plain(Some("a"), None), ["--- f", "+++ /dev/null", "@@ -1,1 +0,0 @@", "-a"]);
        assert!(plain(Some("a"), Some("a")).is_empty());
        assert_eq!(plain(Some("a\na\n"), Some("a\n")).last().map(String::as_str), Some("-a"));
    }
}
