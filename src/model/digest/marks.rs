//! Finds the lines that a reader is to be asked about, in one pass over the text, and asks. Must not
//! ask about any other line, and must not believe a reader about where its finding stands.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use memchr::memchr;

use super::Found;
use super::families;
use super::family::Family;
use super::finding::{Finding, Level};
use super::scanner::Scanner;

/// The readers of all tools, and what finds their lines.
pub struct Readers {
    families: Vec<Family>,
    /// Which lines have a mark at all. Nothing where one is too short for that.
    quick: Option<Scanner>,
    /// Which marks they are; nothing without any.
    exact: Option<AhoCorasick>,
    /// The family of each mark.
    owners: Vec<usize>,
}

impl Readers {
    /// Those of every tool that is known.
    pub fn all() -> &'static Readers {
        static ALL: OnceLock<Readers> = OnceLock::new();
        ALL.get_or_init(|| Readers::of(families::ALL))
    }

    /// Those of some families; of two that can read a line, the first is asked first.
    pub fn of(families: &[Family]) -> Readers {
        let marks = families.iter().enumerate();
        let marks = marks.flat_map(|(at, family)| family.marks.iter().map(move |mark| (at, *mark)));
        let (owners, marks): (Vec<usize>, Vec<&str>) =
            marks.filter(|(_, mark)| !mark.is_empty()).unzip();
        let exact = (!marks.is_empty()).then(|| AhoCorasick::new(&marks).ok());
        let quick = Scanner::of(&marks);
        Readers { families: families.to_vec(), quick, exact: exact.flatten(), owners }
    }

    /// What is found in a text, by where it stands; each once, where it stands last.
    pub fn findings(&self, text: &str, lines: &[&str]) -> Vec<Found> {
        let mut known: HashMap<Thing, usize> = HashMap::new();
        let mut found: Vec<Found> = Vec::new();
        let mut behind = 0;
        for at in self.marked(text, lines) {
            // Within a finding no other one begins: one tool often repeats another one's words.
            if at < behind {
                continue;
            }
            let Some(finding) = self.ask(lines, at) else { continue };
            behind = finding.at + finding.lines;
            let place = *known.entry(Thing::of(&finding)).or_insert(found.len());
            match found.get_mut(place) {
                Some(known) => known.again(finding),
                None => found.push(Found { finding, times: 1 }),
            }
        }
        found.sort_by_key(|found| found.finding.at);
        found
    }

    /// The finding that begins in a line, of the first reader that knows it.
    fn ask(&self, lines: &[&str], at: usize) -> Option<Finding> {
        let mut asked = vec![false; self.families.len()];
        for hit in self.exact.as_ref()?.find_overlapping_iter(lines[at]) {
            asked[self.owners[hit.pattern().as_usize()]] = true;
        }
        let families = self.families.iter().zip(asked).filter(|(_, is_asked)| *is_asked);
        let mut finding = families.into_iter().find_map(|(family, _)| (family.read)(lines, at))?;
        finding.at = at;
        finding.lines = finding.lines.clamp(1, lines.len() - at);
        Some(finding)
    }

    /// The lines with a mark, in order.
    fn marked(&self, text: &str, lines: &[&str]) -> Vec<usize> {
        let Some(exact) = &self.exact else { return Vec::new() };
        let text = text.as_bytes();
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(place) = match &self.quick {
            Some(quick) => quick.next(text, from),
            None => exact.find(&text[from..]).map(|hit| from + hit.start()),
        } {
            places.push(place);
            let Some(end) = memchr(b'\n', &text[place..]) else { break };
            from = place + end + 1;
        }
        lines_of(&places, lines)
    }
}

/// The lines in which the places are, which come in order.
fn lines_of(places: &[usize], lines: &[&str]) -> Vec<usize> {
    let mut numbers: Vec<usize> = Vec::new();
    let mut ends = lines.iter().enumerate().scan(0, |start, (number, line)| {
        *start += line.len() + 1;
        Some((number, *start))
    });
    let mut line = ends.next();
    for place in places {
        while line.is_some_and(|(_, end)| end <= *place) {
            line = ends.next();
        }
        if let Some((number, _)) = line.filter(|(number, _)| numbers.last() != Some(number)) {
            numbers.push(number);
        }
    }
    numbers
}

/// What a finding is about: two findings about one thing are one.
#[derive(PartialEq, Eq, Hash)]
enum Thing {
    /// A test, which a tool often names once more at its end. Where it failed may be another file then
    /// than where it stands, so the file does not tell two of one name apart.
    Test(&'static str, String),
    /// Some words about a place.
    Words(&'static str, Level, Option<String>, Option<u32>, String),
}

impl Thing {
    fn of(finding: &Finding) -> Thing {
        let Finding { tool, level, file, line, message, test, .. } = finding;
        match test {
            Some(test) => Thing::Test(tool, test.clone()),
            None => Thing::Words(tool, *level, file.clone(), *line, message.clone()),
        }
    }
}

impl Found {
    /// The same thing was told again: the longer telling stays, of two that are as long the newer, with
    /// what only the other one says.
    fn again(&mut self, finding: Finding) {
        // A test that failed is named once more at the end.
        self.times += usize::from(finding.test.is_none());
        let newer = finding.lines >= self.finding.lines;
        let (mut stays, other) =
            if newer { (finding, self.finding.clone()) } else { (self.finding.clone(), finding) };
        if stays.file.is_none() {
            (stays.file, stays.line) = (other.file, other.line);
        }
        if stays.message.is_empty() {
            stays.message = other.message;
        }
        stays.level = stays.level.max(other.level);
        stays.advice = stays.advice.or(other.advice);
        self.finding = stays;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(level: Level, message: &str, at: usize, lines: usize) -> Finding {
        let (file, line, test, advice) = (None, None, None, None);
        Finding { tool: "t", level, file, line, message: message.into(), test, advice, at, lines }
    }

    /// `E: x` with the indented lines below it.
    fn errors(lines: &[&str], at: usize) -> Option<Finding> {
        let message = lines[at].strip_prefix("E: ")?;
        let more = lines[at + 1..].iter().take_while(|line| line.starts_with(' ')).count();
        Some(finding(Level::Error, message, at, 1 + more))
    }

    fn warnings(lines: &[&str], at: usize) -> Option<Finding> {
        let message = lines[at].split_once("W: ")?.1;
        Some(finding(Level::Warning, message, at + 7, 900))
    }

    const ERRORS: Family = Family { name: "errors", marks: &["E: ", "never"], read: errors };
    const WARNINGS: Family = Family { name: "warnings", marks: &["W: "], read: warnings };

    fn found(text: &str, families: &[Family]) -> Vec<(String, usize, usize, usize)> {
        let lines: Vec<&str> = text.split('\n').collect();
        let all = Readers::of(families).findings(text, &lines);
        let told = |it: Found| (it.finding.message, it.finding.at, it.finding.lines, it.times);
        all.into_iter().map(told).collect()
    }

    #[test]
    fn each_line_with_a_mark_is_asked_about() {
        let text = "a\nE: one\n  W: within\nb\nx E: no\nE: two\nE: one\n\nW: last";
        let told = found(text, &[ERRORS, WARNINGS]);
        // Of two tellings the longer one stays.
        let expected = [("one", 1, 2, 2), ("two", 5, 1, 1), ("last", 8, 1, 1)];
        assert_eq!(told, expected.map(|(text, at, lines, times)| (text.into(), at, lines, times)));
        assert_eq!(found(text, &[]), []);
        assert_eq!(found("", &[ERRORS]), []);
    }

    #[test]
    fn many_marks_find_what_few_find() {
        let marks: Vec<&'static str> =
            (0..200).map(|number| &*Box::leak(format!("mark{number};").into_boxed_str())).collect();
        let read: fn(&[&str], usize) -> Option<Finding> =
            |lines, at| Some(finding(Level::Note, lines[at], at, 1));
        let many = Family { name: "many", marks: Box::leak(marks.into_boxed_slice()), read };
        let text: Vec<String> = (0..200).map(|number| format!("a\nmark{number}; x\n")).collect();
        let text = text.concat();
        assert_eq!(found(&text, &[many, ERRORS]).len(), 200);
    }
}
