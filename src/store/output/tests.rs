//! What is kept of an output, and what a reader sees of it.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use super::*;

/// All that can be read: bytes, and the sizes of gaps.
fn read(reader: &mut Reader) -> (Vec<u8>, Vec<u64>) {
    let (mut bytes, mut gaps, mut block) = (Vec::new(), Vec::new(), vec![0; 10_000]);
    loop {
        match reader.take(&mut block).unwrap() {
            Took::Bytes(count) => bytes.extend_from_slice(&block[..count]),
            Took::Gap(size) => gaps.push(size),
            Took::Nothing => return (bytes, gaps),
        }
    }
}

/// Numbered lines of ten bytes, so that each tells where it belongs.
fn lines(from: u64, count: u64) -> Vec<u8> {
    (from..from + count).flat_map(|number| format!("{number:09}\n").into_bytes()).collect()
}

#[test]
fn a_short_output_is_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Reader::new(folder.path().to_owned());
    assert_eq!(read(&mut reader), (Vec::new(), Vec::new()));
    let mut writer = Writer::new(folder.path().to_owned());
    let mut all = Vec::new();
    for round in 0..30 {
        let part = lines(round * 10_000, 10_000);
        writer.add(&part);
        let (seen, gaps) = read(&mut reader);
        assert!(seen == part && gaps.is_empty(), "round {round}");
        all.extend(part);
    }
    assert!(read(&mut Reader::new(folder.path().to_owned())) == (all, Vec::new()));
}

#[test]
fn of_a_long_one_the_first_and_the_newest_are_kept_and_the_gap_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::new(folder.path().to_owned());
    let mut keeping_up = Reader::new(folder.path().to_owned());
    let (rounds, per_round) = (80_u64, 100_000);
    let mut followed = 0;
    for round in 0..rounds {
        writer.add(&lines(round * per_round, per_round));
        let (seen, gaps) = read(&mut keeping_up);
        assert!(gaps.is_empty(), "who keeps up misses nothing");
        followed += seen.len() as u64;
    }
    let all = rounds * per_round * 10;
    assert_eq!(followed, all);
    let kept: u64 = spans(folder.path()).iter().map(|span| span.to - span.from).sum();
    assert!(kept > FIRST + NEWEST - 2 * LATER && kept <= FIRST + NEWEST, "{kept}");
    let (seen, gaps) = read(&mut Reader::new(folder.path().to_owned()));
    assert_eq!((seen.len() as u64, gaps.as_slice()), (kept, &[all - kept][..]));
    assert!(seen.starts_with(&lines(0, 10)) && seen.ends_with(&lines(all / 10 - 10, 10)));
}

#[test]
fn the_last_lines_are_found_from_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::new(folder.path().to_owned());
    let last = |count| {
        let mut reader = Reader::new(folder.path().to_owned());
        reader.go_to_last(count).unwrap();
        read(&mut reader).0
    };
    assert_eq!(last(3), b"");
    writer.add(&lines(0, 300_000));
    for count in [1, 7, 10_000, 200_000] {
        assert!(last(count) == lines(300_000 - count as u64, count as u64), "{count}");
    }
    assert!(last(999_999) == lines(0, 300_000));
    writer.add(b"not ended");
    assert_eq!(last(2), b"000299999\nnot ended");
}

#[test]
fn what_a_disk_does_not_take_is_a_gap_and_what_comes_later_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    std::fs::create_dir(&output).unwrap();
    let mut writer = Writer::new(output.clone());
    writer.add(b"before\n");
    writer.lose(1000);
    writer.trouble = Some("no space left on device".to_owned());
    writer.add(b"after\n");
    let (seen, gaps) = read(&mut Reader::new(output));
    assert_eq!(
        (seen.as_slice(), gaps.as_slice(), writer.lost),
        (&b"before\nafter\n"[..], &[1000][..], 1000)
    );
}

#[test]
fn the_newest_gives_way_and_the_first_stays() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output");
    std::fs::create_dir(&output).unwrap();
    let mut writer = Writer::new(output.clone());
    assert!(!writer.give_way(10), "there is nothing yet");
    writer.add(b"first\nsecond\n");
    assert!(writer.give_way(7));
    assert_eq!(
        (read(&mut Reader::new(output.clone())).0.as_slice(), writer.lost),
        (&b"first\n"[..], 7)
    );
    writer.add(b"third\n");
    let (seen, gaps) = read(&mut Reader::new(output.clone()));
    assert_eq!((seen.as_slice(), gaps.as_slice()), (&b"first\nthird\n"[..], &[7][..]));
    // A piece that is worth less than what is needed goes as a whole, and the next one after it.
    assert!(writer.give_way(1000) && writer.give_way(1000) && !writer.give_way(1000));
    assert_eq!((read(&mut Reader::new(output)).0.as_slice(), writer.lost), (&b""[..], 19));
}
