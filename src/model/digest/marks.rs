//! Finds the lines that a reader is to be asked about, in one pass over the text, and asks. Must not
//! ask about any other line, and must not believe a reader about where its finding stands.

use std::sync::OnceLock;

use super::Found;
use super::families::{self, Lines};
use super::family::Family;
use super::finding::Finding;
use super::scanner::{Hit, OWNERS, Scanner};
use super::told::Told;

/// The readers of all tools, and what finds their lines.
pub struct Readers {
    families: Vec<Family>,
    marks: Scanner,
    /// What the first line may begin with: before all others a line end stands.
    firsts: Vec<(usize, &'static str)>,
}

impl Readers {
    /// Those of every tool that is known.
    pub fn all() -> &'static Readers {
        static ALL: OnceLock<Readers> = OnceLock::new();
        ALL.get_or_init(|| Readers::of(families::ALL))
    }

    /// Those of some families; of two that can read a line, the first is asked first.
    pub fn of(families: &[Family]) -> Readers {
        let numbered = families.iter().enumerate();
        let marks = numbered.flat_map(|(at, family)| family.marks.iter().map(move |it| (at, *it)));
        let firsts = marks.clone().filter_map(|(at, mark)| Some((at, mark.strip_prefix('\n')?)));
        let firsts = firsts.collect();
        Readers { families: families.to_vec(), marks: Scanner::of(marks), firsts }
    }

    /// What is found in a text, by where it stands; each once, where it stands last.
    pub fn findings(&self, text: &str, lines: &[&str]) -> Vec<Found> {
        let (lines, mut told) = (Lines::of(lines), Told::default());
        let (mut place, mut at) = (Place { line: 0, start: 0 }, 0);
        let next = |at: &mut usize| self.marks.next(text.as_bytes(), at);
        let mut hit = self.first(text).or_else(|| next(&mut at));
        while let Some(Hit { last, mut owners }) = hit {
            let Some(end) = place.go_to(&lines, last) else { break };
            hit = next(&mut at);
            while let Some(more) = hit.filter(|more| more.last < end) {
                owners |= more.owners;
                hit = next(&mut at);
            }
            let Some(finding) = self.ask(&lines, place.line, owners) else { continue };
            // Within a finding no other one begins: one tool often repeats another one's words.
            place.skip(&lines, finding.lines);
            told.add(finding);
            if hit.is_some_and(|hit| hit.last < place.start) {
                // Before the line end: a mark may begin with it.
                at = at.max(place.start - 1);
                hit = next(&mut at);
            }
        }
        told.by_place()
    }

    /// The marks that the text begins with.
    fn first(&self, text: &str) -> Option<Hit> {
        let firsts = self.firsts.iter().filter(|(_, mark)| text.starts_with(mark));
        let owners = firsts.fold(0, |all, (owner, _)| all | 1 << (*owner).min(OWNERS - 1));
        (owners != 0).then_some(Hit { last: 0, owners })
    }

    /// The finding that begins in a line, of the first of these readers that knows it.
    fn ask(&self, lines: &Lines, at: usize, owners: u64) -> Option<Finding> {
        let asked = |number: usize| owners >> number.min(OWNERS - 1) & 1 == 1;
        let mut families = self.families.iter().enumerate().filter(|(number, _)| asked(*number));
        let mut finding = families.find_map(|(_, family)| (family.read)(lines, at))?;
        finding.at = at;
        finding.lines = finding.lines.clamp(1, lines.len() - at);
        Some(finding)
    }
}

/// A line, and where it begins in its text.
struct Place {
    line: usize,
    start: usize,
}

impl Place {
    /// Goes on to the line that has this byte; gives its end.
    fn go_to(&mut self, lines: &Lines, byte: usize) -> Option<usize> {
        let mut end = self.start + lines.get(self.line)?.len();
        while end < byte {
            self.line += 1;
            self.start = end + 1;
            end = self.start + lines.get(self.line)?.len();
        }
        Some(end)
    }

    /// Goes on by so many lines.
    fn skip(&mut self, lines: &Lines, count: usize) {
        let skipped = &lines[self.line..self.line + count];
        self.start += skipped.iter().map(|line| line.len() + 1).sum::<usize>();
        self.line += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::finding::Level;

    fn finding(level: Level, message: &str, at: usize, lines: usize) -> Finding {
        let (file, line, test, advice) = (None, None, None, None);
        Finding { tool: "t", level, file, line, message: message.into(), test, advice, at, lines }
    }

    /// `E:: x` with the indented lines below it.
    fn errors(lines: &Lines, at: usize) -> Option<Finding> {
        let message = lines[at].strip_prefix("E:: ")?;
        let more = lines[at + 1..].iter().take_while(|line| line.starts_with(' ')).count();
        Some(finding(Level::Error, message, at, 1 + more))
    }

    fn warnings(lines: &Lines, at: usize) -> Option<Finding> {
        let message = lines[at].split_once("W:: ")?.1;
        Some(finding(Level::Warning, message, at + 7, 900))
    }

    const ERRORS: Family = Family { name: "errors", marks: &["\nE:: ", "never"], read: errors };
    const WARNINGS: Family = Family { name: "warnings", marks: &["W:: "], read: warnings };

    fn found(text: &str, families: &[Family]) -> Vec<(String, usize, usize, usize)> {
        let lines: Vec<&str> = text.split('\n').collect();
        let all = Readers::of(families).findings(text, &lines);
        let told = |it: Found| (it.finding.message, it.finding.at, it.finding.lines, it.times);
        all.into_iter().map(told).collect()
    }

    #[test]
    fn each_line_with_a_mark_is_asked_about() {
        let text = "E:: one\n  W:: within\nb\nx E:: no\nE:: two\nE:: one\n\nW:: last";
        let told = found(text, &[ERRORS, WARNINGS]);
        // Of two tellings the longer one stays.
        let expected = [("one", 0, 2, 2), ("two", 4, 1, 1), ("last", 7, 1, 1)];
        assert_eq!(told, expected.map(|(text, at, lines, times)| (text.into(), at, lines, times)));
        assert_eq!(found(text, &[]), []);
        assert_eq!(found("", &[ERRORS]), []);
    }

    #[test]
    fn many_marks_find_what_few_find() {
        let marks: Vec<&'static str> =
            (0..200).map(|number| &*Box::leak(format!("mark{number};").into_boxed_str())).collect();
        let read: fn(&Lines, usize) -> Option<Finding> =
            |lines, at| Some(finding(Level::Note, lines[at], at, 1));
        let many = Family { name: "many", marks: Box::leak(marks.into_boxed_slice()), read };
        let text: Vec<String> = (0..200).map(|number| format!("a\nmark{number}; x\n")).collect();
        let text = text.concat();
        assert_eq!(found(&text, &[many, ERRORS]).len(), 200);
    }
}
