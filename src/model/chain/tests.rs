//! What a chain finds, by every kind of tampering.

#![allow(clippy::unwrap_used)] // a test may stop at the first surprise
use proptest::prelude::*;

use super::*;

/// A log of so many lines, with its head.
fn log(count: usize) -> (Vec<Vec<u8>>, Head) {
    let mut head = Head::default();
    let lines = (0..count).map(|number| {
        let Link { seq, prev } = head.next();
        let line = format!(r#"{{"seq":{seq},"prev":"{prev}","what":"act {number}"}}"#).into_bytes();
        head = head.clone().moved(&line, 0);
        line
    });
    let lines = lines.collect();
    (lines, head)
}

fn found(lines: &[Vec<u8>], head: &Head) -> Vec<Breach> {
    verify(lines.iter().map(Vec::as_slice), Some(head))
}

#[test]
fn a_log_as_it_was_written_is_whole() {
    for count in [0, 1, 2, 50] {
        let (lines, head) = log(count);
        assert_eq!(found(&lines, &head), []);
    }
}

#[test]
fn what_was_taken_away_moved_or_changed_is_named_by_its_number() {
    let (lines, head) = log(10);
    let without = |numbers: std::ops::Range<usize>| {
        let mut left = lines.clone();
        left.drain(numbers);
        left
    };
    assert_eq!(found(&without(3..5), &head), [Breach::Missing { from: 4, to: 5 }]);
    assert_eq!(found(&without(0..1), &head), [Breach::Missing { from: 1, to: 1 }]);
    assert_eq!(found(&without(9..10), &head), [Breach::CutOff { from: 10, to: 10 }]);
    assert_eq!(found(&without(0..10), &head), [Breach::CutOff { from: 1, to: 10 }]);
    let mut edited = lines.clone();
    edited[4] =
        String::from_utf8(edited[4].clone()).unwrap().replace("act 4", "act 5").into_bytes();
    assert_eq!(found(&edited, &head), [Breach::Edited { seq: 5 }]);
    let mut last = lines.clone();
    last[9] = String::from_utf8(last[9].clone()).unwrap().replace("act 9", "act 5").into_bytes();
    assert_eq!(found(&last, &head), [Breach::Edited { seq: 10 }]);
    let mut torn = lines.clone();
    torn[2].truncate(20);
    assert!(found(&torn, &head).contains(&Breach::Unreadable { seq: 3 }));
}

#[test]
fn a_line_that_its_head_has_not_seen_yet_is_no_tampering() {
    let (lines, _) = log(10);
    let (_, head) = log(9);
    assert_eq!(found(&lines, &head), []);
}

#[test]
fn what_is_left_of_a_long_log_is_whole_by_itself() {
    let (lines, head) = log(10);
    let kept = Head { first: 6, before: link(&lines[5]).unwrap().prev, ..head };
    assert_eq!(found(&lines[5..], &kept), []);
    assert_eq!(found(&lines[6..], &kept), [Breach::Missing { from: 6, to: 6 }]);
}

#[derive(Debug, Clone)]
enum Hand {
    Flip(usize, usize, u8),
    Remove(usize, usize),
    Swap(usize, usize),
    Cut(usize),
    Double(usize, usize),
    Insert(usize, Vec<u8>),
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![
        (any::<usize>(), any::<usize>(), 1..=255u8).prop_map(|(a, b, c)| Hand::Flip(a, b, c)),
        (any::<usize>(), 1..5usize).prop_map(|(a, b)| Hand::Remove(a, b)),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Hand::Swap(a, b)),
        (1..6usize).prop_map(Hand::Cut),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Hand::Double(a, b)),
        (any::<usize>(), any::<Vec<u8>>()).prop_map(|(a, b)| Hand::Insert(a, b)),
    ]
}

proptest! {
    #[test]
    fn every_kind_of_tampering_is_found(count in 1..30usize, hand in hand()) {
        let (lines, head) = log(count);
        let mut bad = lines.clone();
        match hand {
            Hand::Flip(line, byte, by) => {
                let line = line % count;
                let byte = byte % bad[line].len();
                bad[line][byte] ^= by;
            }
            Hand::Remove(at, many) => {
                let at = at % count;
                bad.drain(at..(at + many).min(count));
            }
            Hand::Swap(one, other) => bad.swap(one % count, other % count),
            Hand::Cut(many) => bad.truncate(count.saturating_sub(many)),
            Hand::Double(from, to) => {
                let line = bad[from % count].clone();
                bad.insert(to % (count + 1), line);
            }
            Hand::Insert(at, line) => bad.insert(at % (count + 1), line),
        }
        prop_assume!(bad != lines);
        prop_assert_ne!(found(&bad, &head), []);
    }
}
