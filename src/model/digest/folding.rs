//! What says the same again, told once: lines that are repeated, or differ in numbers only, and blank
//! ones. Must not fold what stands in the way of a reader: two lines with two numbers stay two. What
//! differs at all is lost in a fold, so that is for a text that is too long otherwise.

/// So many lines that differ in their numbers only are told as one; fewer are not worth a count.
const ALIKE: usize = 3;
/// So many signs of a bar in a row may be more or fewer of them.
const BAR: usize = 3;

/// Neighbouring lines that are shown as one: the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// The first line, from zero.
    pub first: usize,
    /// How many there are.
    pub lines: usize,
    /// Nothing stands in them.
    pub is_blank: bool,
    /// They are not the same: other numbers stand in the others.
    pub numbers_differ: bool,
}

/// Which neighbouring lines are told as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// Those that are the same.
    Exact,
    /// Those that differ in their numbers, too.
    ButNumbers,
}

impl Fold {
    /// The line that is shown.
    pub fn last(&self) -> usize {
        self.first + self.lines - 1
    }
}

/// Folds neighbouring lines, one fold at a time. Those that are `apart` are folded with nothing.
pub fn folds(lines: &[&str], apart: &[bool], sameness: Sameness) -> impl Iterator<Item = Fold> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let first = next;
        let is_blank = is_blank(lines.get(first)?);
        let (count, numbers_differ) = match sameness {
            _ if is_blank => (blanks(&lines[first..]), false),
            _ if apart[first] => (1, false),
            Sameness::Exact => (repeated(lines, first, apart), false),
            Sameness::ButNumbers => run(lines, first, apart),
        };
        next += count;
        Some(Fold { first, lines: count, is_blank, numbers_differ })
    })
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_whitespace())
}

fn blanks(lines: &[&str]) -> usize {
    lines.iter().take_while(|line| is_blank(line)).count()
}

/// How many lines from `first` on are the same.
fn repeated(lines: &[&str], first: usize, apart: &[bool]) -> usize {
    let others = lines[first + 1..].iter().zip(&apart[first + 1..]);
    1 + others.take_while(|(line, apart)| !**apart && **line == lines[first]).count()
}

/// How many lines from `first` on are told as one, and whether numbers differ in them.
fn run(lines: &[&str], first: usize, apart: &[bool]) -> (usize, bool) {
    let (mut equal, mut alike) = (1, 1);
    for (two, apart) in lines[first..].windows(2).zip(&apart[first + 1..]) {
        if *apart || !are_alike(two[0].as_bytes(), two[1].as_bytes()) {
            break;
        }
        equal += usize::from(equal == alike && two[0] == two[1]);
        alike += 1;
    }
    if alike >= ALIKE { (alike, equal < alike) } else { (equal, false) }
}

/// Whether two lines differ in numbers only: counts, percents, times, hashes, and the length of a bar.
pub fn are_alike(one: &[u8], other: &[u8]) -> bool {
    let (mut a, mut b) = (0, 0);
    loop {
        let same = same(&one[a..], &other[b..]);
        (a, b) = (a + same, b + same);
        if a == one.len() && b == other.len() {
            return true;
        }
        match past_difference(one, a, other, b) {
            Some(ends) => (a, b) = ends,
            None => return false,
        }
    }
}

/// How many bytes both begin with.
fn same(one: &[u8], other: &[u8]) -> usize {
    let (ones, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    for (number, (one, other)) in ones.iter().zip(others).enumerate() {
        let differs = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if differs != 0 {
            return number * 8 + differs.trailing_zeros() as usize / 8;
        }
    }
    let whole = ones.len().min(others.len()) * 8;
    let rest = one[whole..].iter().zip(&other[whole..]);
    whole + rest.take_while(|(one, other)| one == other).count()
}

/// Where both go on behind two numbers, or two stretches of a bar, that differ here.
fn past_difference(one: &[u8], a: usize, other: &[u8], b: usize) -> Option<(usize, usize)> {
    // Nearly all neighbours are told apart here.
    if begins_as_word(one, a) && begins_as_word(other, b) {
        return None;
    }
    let is_within = |line: &[u8], at: usize| line.get(at).is_some_and(|byte| is_of_word(*byte));
    if is_within(one, a) && is_within(other, b) {
        return Some((end_of_number(one, a)?, end_of_number(other, b)?));
    }
    for (belongs, is_one) in KINDS {
        let (x, y) = (stretch(one, a, belongs), stretch(other, b, belongs));
        let goes_on = x.end > a || y.end > b;
        if goes_on && is_one(&one[x.clone()], &other[y.clone()]) {
            return Some((x.end, y.end));
        }
    }
    // What stands at the right edge of its column has more or fewer blanks before it.
    let skipped = |line: &[u8], at| at + line[at..].iter().take_while(|it| **it == b' ').count();
    let (x, y) = (skipped(one, a), skipped(other, b));
    let (x, y) = (stretch(one, x, is_of_word), stretch(other, y, is_of_word));
    let are_numbers = is_number(&one[x.clone()]) && is_number(&other[y.clone()]);
    are_numbers.then_some((x.end, y.end)).filter(|ends| ends.0 > a || ends.1 > b)
}

/// Where the number ends within which this byte is; nothing if it is within another word.
fn end_of_number(line: &[u8], at: usize) -> Option<usize> {
    let begin = at - line[..at].iter().rev().take_while(|byte| is_of_word(**byte)).count();
    // Most words are none at the first look.
    let may_be_hex = line[begin..].iter().take(2).all(|byte| !matches!(byte, b'g'..=b'z'));
    if !may_be_hex && !line[begin].is_ascii_digit() {
        return None;
    }
    let end = at + line[at..].iter().take_while(|byte| is_of_word(**byte)).count();
    is_number(&line[begin..end]).then_some(end)
}

type Kind = (fn(u8) -> bool, fn(&[u8], &[u8]) -> bool);

/// What may differ: which bytes belong to one of it, and whether two stretches of such are two of it.
const KINDS: [Kind; 2] = [
    (is_of_word, |one, other| is_number(one) && is_number(other)),
    (is_of_bar, |one, other| {
        let is_blank = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| *byte == b' ');
        let is_long = one.len().max(other.len()) >= BAR;
        (is_blank(one) && is_blank(other)) || (is_long && is_bar(one) && is_bar(other))
    }),
];

/// The bytes around `at` that belong together.
fn stretch(line: &[u8], at: usize, belongs: fn(u8) -> bool) -> std::ops::Range<usize> {
    let before = line[..at].iter().rev().take_while(|byte| belongs(**byte)).count();
    let behind = line[at..].iter().take_while(|byte| belongs(**byte)).count();
    at - before..at + behind
}

/// Whether a word begins here that is no number.
fn begins_as_word(line: &[u8], at: usize) -> bool {
    let is_letter = line.get(at).is_some_and(|it| matches!(it, b'g'..=b'z' | b'G'..=b'Z'));
    is_letter && (at == 0 || !is_of_word(line[at - 1]))
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// A count with its unit, or a part of a hash.
fn is_number(word: &[u8]) -> bool {
    let is_hex = word.len() >= 4 && word.iter().all(u8::is_ascii_hexdigit);
    match word {
        [] => false,
        [first, ..] if first.is_ascii_digit() => is_hex || word.len() <= 24,
        _ => is_hex && word.iter().any(u8::is_ascii_digit),
    }
}

/// What a bar, or what turns while one waits, may be drawn with; other than ASCII, any byte.
fn is_of_bar(byte: u8) -> bool {
    matches!(byte, b' ' | b'#' | b'=' | b'>' | b'-' | b'.' | b'*') || byte >= 0x80
}

/// Whether what is not ASCII there are lines, blocks and dots, and no letters.
fn is_bar(part: &[u8]) -> bool {
    match part {
        [] => true,
        [0xe2, 0x94..=0x97 | 0xa0..=0xa3, _, rest @ ..] => is_bar(rest),
        [first, rest @ ..] => first.is_ascii() && is_bar(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_in_numbers_only_are_alike() {
        for (one, other, alike) in [
            ("Compiling 1/20", "Compiling 12/20", true),
            ("10:31:04.123 tick", "10:31:05.9 tick", true),
            ("2026-11-21T10:31:04Z tick", "2026-11-21T10:32:00Z tick", true),
            ("pulled a3f9c2d in 12ms", "pulled 77bd01e in 900ms", true),
            (" 5% done", "10% done", true),
            ("[##      ] 20%", "[########] 100%", true),
            ("[━━━     ] 2", "[━━━━━━━━] 3", true),
            ("⠋ building", "⠙ building", true),
            ("a  1", "a 100", true),
            ("日 done", "月 done", false),
            ("12!", "12?", false),
            ("test one ... ok", "test two ... ok", false),
            ("error: a", "error: b", false),
            ("", "1", false),
            ("x", "x 1", false),
            ("- old", "+ old", false),
            ("a=1", "a=b", false),
            ("decade", "facade", false),
        ] {
            assert_eq!(are_alike(one.as_bytes(), other.as_bytes()), alike, "{one} | {other}");
            assert_eq!(are_alike(other.as_bytes(), one.as_bytes()), alike, "{other} | {one}");
        }
    }

    #[test]
    fn what_is_repeated_is_told_once() {
        let lines = ["a", "a", "", " ", "1/3", "2/3", "3/3", "x 1", "x 2", "e", "e", "b"];
        let apart: Vec<bool> = (0..lines.len()).map(|at| (9..=10).contains(&at)).collect();
        let told = |sameness| -> Vec<(&str, usize, bool)> {
            let folds: Vec<Fold> = folds(&lines, &apart, sameness).collect();
            assert_eq!(folds.iter().map(|fold| fold.lines).sum::<usize>(), lines.len());
            let told = folds.iter();
            told.map(|fold| (lines[fold.last()], fold.lines, fold.numbers_differ)).collect()
        };
        let (before, behind) = (
            [("a", 2, false), (" ", 2, false)],
            [("x 1", 1), ("x 2", 1), ("e", 1), ("e", 1), ("b", 1)]
                .map(|(it, one)| (it, one, false)),
        );
        let folded = [("3/3", 3, true)];
        assert_eq!(told(Sameness::ButNumbers), [&before[..], &folded, &behind].concat());
        let each = [("1/3", 1, false), ("2/3", 1, false), ("3/3", 1, false)];
        assert_eq!(told(Sameness::Exact), [&before[..], &each, &behind].concat());
    }

    #[test]
    fn every_line_is_in_one_fold_whatever_they_are() {
        for lines in [&[][..], &[""], &["", ""], &["1", "2"], &["a", "1", "1", "2", "2"]] {
            for sameness in [Sameness::Exact, Sameness::ButNumbers] {
                let mut next = 0;
                for fold in folds(lines, &vec![false; lines.len()], sameness) {
                    assert_eq!(fold.first, next);
                    next += fold.lines;
                }
                assert_eq!(next, lines.len(), "{lines:?}");
            }
        }
    }
}
