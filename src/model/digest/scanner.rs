//! Looks for many words at once. Must find every place where one stands, and look closer at few others.
//!
//! A text is looked at in steps of two bytes, at each of them in four bytes. Five bytes in a row are
//! chosen of each word: one of its two halves of four is looked at, wherever the word begins. A table
//! says of nearly every four bytes that no word has them, without a branch. The packed search of
//! aho-corasick goes by how words begin, and an automaton goes from byte to byte: both are slower here
//! by far, as the marks of tools begin as all text does.

use std::collections::BTreeMap;

/// As many numbers has [`place`].
const PLACES: usize = 1 << 16;
/// So many steps are made with one branch.
const STEPS: usize = 8;
/// The bytes that are seen from there.
const SEEN: usize = 2 * STEPS + 2;
/// No shorter word can be looked for.
pub const SHORTEST: usize = 4;
/// As many words can have an owner of their own; all others share the last one.
pub const OWNERS: usize = 64;

/// Many words to be looked for.
pub struct Scanner {
    /// For each place the number of its parts: zero, of which there are none, for nearly all.
    table: Box<[u8; PLACES]>,
    parts: Vec<Vec<Part>>,
    words: Vec<Word>,
}

/// Four bytes of a word.
#[derive(Debug, Clone, Copy)]
struct Part {
    four: u32,
    word: usize,
    /// How far behind the beginning of the word they stand; one before it, for a short word.
    offset: isize,
}

#[derive(Debug)]
struct Word {
    bytes: Vec<u8>,
    owners: u64,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its last byte: a word that begins with a line end stands in the line behind it.
    pub last: usize,
    /// Whose words stand here, one bit for each owner.
    pub owners: u64,
}

impl Scanner {
    /// For these words, each with the number of its owner. A `#` in one is any digit, and what is
    /// shorter than [`SHORTEST`] is not found.
    pub fn of<'a>(words: impl Iterator<Item = (usize, &'a str)>) -> Scanner {
        let mut owners: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for (owner, word) in words.filter(|(_, word)| word.len() >= SHORTEST) {
            for word in with_digits(word) {
                *owners.entry(word.into_bytes()).or_default() |= 1 << owner.min(OWNERS - 1);
            }
        }
        let words = owners.into_iter().map(|(bytes, owners)| Word { bytes, owners });
        let words: Vec<Word> = words.collect();
        let mut by_place: BTreeMap<u16, Vec<Part>> = BTreeMap::new();
        for part in words.iter().enumerate().flat_map(|(number, word)| parts(number, &word.bytes)) {
            by_place.entry(place(part.four)).or_default().push(part);
        }
        #[expect(clippy::large_stack_arrays, reason = "once in a process")]
        let mut table = Box::new([0; PLACES]);
        let mut parts = vec![Vec::new(); usize::from(u8::MAX) + 1];
        for ((place, of_place), number) in by_place.into_iter().zip((1..=u8::MAX).cycle()) {
            parts[usize::from(number)].extend(of_place);
            table[usize::from(place)] = number;
        }
        Scanner { table, parts, words }
    }

    /// The next place in a text where words stand, from `at` on, and up to there `at` goes.
    pub fn next(&self, text: &[u8], at: &mut usize) -> Option<Hit> {
        while let Some(block) = text.get(*at..).and_then(|rest| rest.first_chunk::<SEEN>()) {
            let any = (0..STEPS).fold(0, |any, step| any | self.number(four(block, 2 * step)));
            if any != 0 {
                let found = self.look(text, at, block);
                if found.is_some() {
                    return found;
                }
            }
            *at += 2 * STEPS;
        }
        while let Some(four) = text.get(*at..).and_then(|rest| rest.first_chunk::<4>()) {
            let from = *at;
            *at += 2;
            let four = u32::from_le_bytes(*four);
            let found = self.words_around(text, from, four, self.number(four));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The same in a block that begins at `at`, of which something is known.
    fn look(&self, text: &[u8], at: &mut usize, block: &[u8; SEEN]) -> Option<Hit> {
        let numbers: [u8; STEPS] = std::array::from_fn(|step| self.number(four(block, 2 * step)));
        let mut left = u64::from_le_bytes(numbers);
        while left != 0 {
            let step = left.trailing_zeros() as usize / 8;
            left &= !(0xff << (8 * step));
            let from = *at + 2 * step;
            let found = self.words_around(text, from, four(block, 2 * step), numbers[step]);
            if found.is_some() {
                *at = from + 2;
                return found;
            }
        }
        None
    }

    /// The words that stand around these four bytes; they are all in one line, as their parts are.
    fn words_around(&self, text: &[u8], at: usize, four: u32, number: u8) -> Option<Hit> {
        let (mut last, mut owners) = (0, 0);
        for part in self.parts[usize::from(number)].iter().filter(|part| part.four == four) {
            let Word { bytes, owners: of_word } = &self.words[part.word];
            let begin = at.checked_add_signed(-part.offset);
            if let Some(begin) = begin.filter(|begin| text[*begin..].starts_with(bytes)) {
                owners |= of_word;
                last = begin + bytes.len() - 1;
            }
        }
        (owners != 0).then_some(Hit { last, owners })
    }

    fn number(&self, four: u32) -> u8 {
        self.table[usize::from(place(four))]
    }
}

/// The words that one stands for: a `#` in it is any digit.
fn with_digits(word: &str) -> Vec<String> {
    match word.split_once('#') {
        None => vec![word.to_owned()],
        Some((before, behind)) => (0..10)
            .flat_map(|digit| with_digits(behind).into_iter().map(move |it| (digit, it)))
            .map(|(digit, behind)| format!("{before}{digit}{behind}"))
            .collect(),
    }
}

/// The four bytes of a block from one of its bytes on.
fn four(block: &[u8; SEEN], at: usize) -> u32 {
    u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]])
}

/// A number of two bytes for four of them: nearly all that differ have different ones.
fn place(four: u32) -> u16 {
    u16::try_from(four.wrapping_mul(0x9E37_79B1) >> 16).unwrap_or(0)
}

/// What to look for of a word: five bytes in a row have four on either step. Of four bytes alone, on
/// the other step three are seen, and before them any byte.
fn parts(word: usize, bytes: &[u8]) -> Vec<Part> {
    let part = |four: [u8; 4], offset| Part { four: u32::from_le_bytes(four), word, offset };
    if let [a, b, c, d] = *bytes {
        let behind_any = (0..=u8::MAX).map(|any| part([any, a, b, c], -1));
        return behind_any.chain([part([a, b, c, d], 0)]).collect();
    }
    let first = rarest(bytes);
    let halves = bytes[first..first + 5].windows(4).zip(first..);
    let four = |half: &[u8]| [half[0], half[1], half[2], half[3]];
    halves.map(|(half, at)| part(four(half), isize::try_from(at).unwrap_or(0))).collect()
}

/// Where the five bytes in a row begin that stand in other text least often, the first four or the
/// last.
fn rarest(word: &[u8]) -> usize {
    let weight = |four: &[u8]| {
        let bytes = four.iter().map(|byte| commonness(*byte)).sum::<u32>();
        // All that is of one word, or stands at the edge of one, stands in many others.
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
        match *four {
            _ if four.iter().all(is_letter) => bytes + 12,
            [b' ', ref word @ .., b' '] | [b' ', ref word @ ..] | [ref word @ .., b' ']
                if word.iter().all(is_letter) =>
            {
                bytes + 5
            }
            _ => bytes,
        }
    };
    let weight = |at: &usize| weight(&word[*at..at + 4]).max(weight(&word[at + 1..at + 5]));
    (0..=word.len().saturating_sub(5)).min_by_key(weight).unwrap_or(0)
}

/// How often a byte stands in the output of tools, roughly: only which of two is rarer matters.
fn commonness(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'-' => 8,
        b'l' | b'd' | b'c' | b'u' | b'm' | b'p' | b'0'..=b'9' | b'.' => 6,
        b'a'..=b'z' | b'/' => 5,
        b'A'..=b'Z' | b' ' | b':' | b'_' | b',' | b'=' => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where words end that stand in a text, and whose they are.
    fn hits(words: &[&str], text: &str) -> Vec<(usize, u64)> {
        let scanner = Scanner::of(words.iter().copied().enumerate());
        let mut at = 0;
        std::iter::from_fn(|| scanner.next(text.as_bytes(), &mut at))
            .map(|hit| (hit.last, hit.owners))
            .collect()
    }

    #[test]
    fn every_word_is_found_wherever_it_stands() {
        let words: Vec<String> = (0..300).map(|number| format!("w{number:03}:")).collect();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(["error: ", "error[", "✖ a", ".go:", "\nE: "]);
        for word in &words {
            for before in ["", "x", "xx", "w001 error", "é", &"y".repeat(33)] {
                for behind in ["", "y", "yy", &"y".repeat(40)] {
                    let text = format!("{before}{word}{behind}");
                    let found: Vec<usize> = hits(&words, &text).iter().map(|hit| hit.0).collect();
                    assert_eq!(found, [before.len() + word.len() - 1], "{text:?}");
                }
            }
        }
        for text in ["", "w", "w1", "error", "err or: ", "w301:", "ab", "E: x", ".go"] {
            assert_eq!(hits(&words, text), [], "{text}");
        }
    }

    #[test]
    fn all_words_of_a_line_are_found_and_all_who_own_them() {
        let words = ["error: ", "fatal error: ", "error: ", "a: b", "abc"];
        let mut found = hits(&words, "a: b fatal error: abc");
        found.sort_unstable();
        assert_eq!(found.iter().fold(0, |all, hit| all | hit.1), 0b1111);
        assert_eq!(found.first(), Some(&(3, 0b1000)));
        // Owners without a bit of their own share one.
        let many = vec!["word: "; 70];
        assert_eq!(hits(&many, "word: "), [(5, u64::MAX)]);
    }
}
