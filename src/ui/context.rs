//! A digest as lines: what was found, then the text. Must not make it longer than it is.

use super::{style, text};
use crate::model::digest::finding::Level;
use crate::model::digest::piece::{Found, Line, Piece, left_out, told_as_one};
use crate::model::digest::{Digest, list};

/// The lines of a digest, as [`Digest::to_lines`] has them, in colours.
pub fn lines(digest: &Digest) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !digest.is_whole() {
        lines.extend(digest.findings.iter().flat_map(found));
        let more = list::more(&digest.findings, digest.found);
        lines.extend(more.map(|more| style::paint(style::DIM, &more)));
    }
    if !lines.is_empty() && !digest.text.is_empty() {
        lines.push(String::new());
    }
    lines.extend(digest.text.iter().map(piece));
    lines
}

/// What the digest was made from, in one line.
pub fn summary(digest: &Digest) -> String {
    let Digest { lines, tokens, .. } = digest;
    let of = |count: usize, what: &str| {
        format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
    };
    let whole = format!("{}, about {}", of(*lines, "line"), of(tokens.whole, "token"));
    if tokens.digest < tokens.whole {
        format!("{whole}, in {}", grouped(tokens.digest))
    } else {
        whole
    }
}

fn found(found: &Found) -> Vec<String> {
    let style = match found.finding.level {
        Level::Error => style::BAD,
        Level::Warning => style::WARN,
        Level::Note => style::HEADING,
    };
    let advice = found.advice().map(|advice| told(&advice, style::GOOD));
    std::iter::once(told(&found.text(), style)).chain(advice).collect()
}

/// A line of the list: its first word tells what it is, and its last one whose it is.
fn told(line: &str, of_word: anstyle::Style) -> String {
    let line = text::clean(line);
    let word = line.find(' ').unwrap_or(line.len());
    let whose = line.rfind("  (").filter(|whose| *whose >= word).unwrap_or(line.len());
    let (front, whose) = line.split_at(whose);
    let (word, said) = front.split_at(word);
    format!("{}{said}{}", style::paint(of_word, word), style::paint(style::DIM, whose))
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::LeftOut { left_out: count } => style::paint(style::DIM, &left_out(*count)),
        Piece::Line(Line { text, times, numbers_differ, level, .. }) => {
            let line = text::clean(text);
            let line = match level {
                Some(Level::Error) => style::paint(style::BAD, &line),
                Some(Level::Warning) => style::paint(style::WARN, &line),
                Some(Level::Note) | None => line,
            };
            match told_as_one(*times, *numbers_differ) {
                count if count.is_empty() => line,
                count => line + &style::paint(style::DIM, &count),
            }
        }
    }
}

/// A number that is easy to read: `196,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::finding::Finding;
    use crate::model::digest::{Count, Tokens};
    use anstream::adapter::strip_str;

    fn digest() -> Digest {
        let finding = Finding {
            tool: "rustc",
            level: Level::Error,
            file: Some("src/main.rs".to_owned()),
            line: Some(12),
            message: "mismatched types".to_owned(),
            test: None,
            advice: Some("run `rustc --explain E0308`".to_owned()),
            at: 3,
            lines: 2,
        };
        let line = |at, text: &str, times, level| {
            let numbers_differ = times > 1;
            Piece::Line(Line { at, text: text.to_owned(), times, numbers_differ, level })
        };
        Digest {
            findings: vec![Found { finding, times: 2 }],
            found: Count { errors: 1, warnings: 14, notes: 0 },
            text: vec![
                Piece::LeftOut { left_out: 3 },
                line(3, "error: mismatched types", 1, Some(Level::Error)),
                line(40, "tick", 37, None),
            ],
            lines: 41,
            folded: 36,
            left_out: 3,
            tokens: Tokens { whole: 196_000, digest: 1, budget: 64 },
        }
    }

    #[test]
    fn a_digest_is_drawn_as_it_is_counted() {
        let drawn = lines(&digest());
        let plain: Vec<String> = drawn.iter().map(|line| strip_str(line).to_string()).collect();
        assert_eq!(plain, digest().to_lines());
        let expected = "\
error    src/main.rs:12  mismatched types  (rustc ×2)
advice   run `rustc --explain E0308`  (rustc)
… 14 warnings more

… 3 lines left out
error: mismatched types
tick ×37, numbers differ";
        assert_eq!(plain.join("\n"), expected);
        assert!(drawn[0].starts_with("\u{1b}[1m\u{1b}[31merror"), "{:?}", drawn[0]);
    }

    #[test]
    fn the_summary_says_what_it_was_made_from() {
        assert_eq!(summary(&digest()), "41 lines, about 196,000 tokens, in 1");
        let mut short = digest();
        (short.lines, short.tokens.whole) = (1, 1);
        assert_eq!(summary(&short), "1 line, about 1 token");
    }
}
