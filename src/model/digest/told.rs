//! What was found, each thing once, however often it was told. Must not take two things for one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};

use super::Found;
use super::finding::{Finding, Level};

/// What was found up to now.
#[derive(Default)]
pub struct Told {
    found: Vec<Found>,
    /// Where each thing stands among them, by its hash, or one more where that is another thing's.
    known: HashMap<u64, usize>,
    hashes: RandomState,
}

impl Told {
    /// Adds a finding, or what it has to say of a thing that is known.
    pub fn add(&mut self, finding: Finding) {
        let mut hash = self.hashes.hash_one(Thing::of(&finding));
        loop {
            match self.known.entry(hash) {
                Entry::Vacant(free) => {
                    free.insert(self.found.len());
                    self.found.push(Found { finding, times: 1 });
                    return;
                }
                Entry::Occupied(place) => {
                    let known = &mut self.found[*place.get()];
                    if Thing::of(&known.finding) == Thing::of(&finding) {
                        known.again(finding);
                        return;
                    }
                    hash = hash.wrapping_add(1);
                }
            }
        }
    }

    /// All of it, by where it stands.
    pub fn by_place(self) -> Vec<Found> {
        let mut found = self.found;
        // No two stand in one line.
        found.sort_unstable_by_key(|found| found.finding.at);
        found
    }
}

/// What a finding is about: two findings about one thing are one.
#[derive(PartialEq, Eq, Hash)]
enum Thing<'a> {
    /// A test, which a tool often names once more at its end. Where it failed may be another file then
    /// than where it stands, so the file does not tell two of one name apart.
    Test(&'static str, &'a str),
    /// Some words about a place.
    Words(&'static str, Level, Option<&'a str>, Option<u32>, &'a str),
}

impl Thing<'_> {
    fn of(finding: &Finding) -> Thing<'_> {
        let Finding { tool, level, file, line, message, test, .. } = finding;
        match test {
            Some(test) => Thing::Test(tool, test),
            None => Thing::Words(tool, *level, file.as_deref(), *line, message),
        }
    }
}

impl Found {
    /// The same thing was told again: the longer telling stays, of two that are as long the newer, with
    /// what only the other one says.
    fn again(&mut self, finding: Finding) {
        // A test that failed is named once more at the end.
        self.times += usize::from(finding.test.is_none());
        let (stays, mut other) = (&mut self.finding, finding);
        if other.lines >= stays.lines {
            std::mem::swap(stays, &mut other);
        }
        if stays.file.is_none() {
            (stays.file, stays.line) = (other.file, other.line);
        }
        if stays.message.is_empty() {
            stays.message = other.message;
        }
        stays.level = stays.level.max(other.level);
        stays.advice = stays.advice.take().or(other.advice);
    }
}
