//! A few lines in the file that an agent reads as its instructions, by which it tells tabctl what it
//! does. Must keep every other byte, and take away exactly what it has put there.

use std::path::PathBuf;

use anyhow::Result;

use super::Ctx;
use crate::error::{Fault, Kind};
use crate::store::Loaded;
use crate::sys::file::{self, Durability, Expect};

/// What is written between the marks.
const TEXT: &[&str] = &[
    "This folder has a tab of tabctl, by which the person sees what you do. If `tabctl` fails, go on without.",
    "- When you begin to work, run `tabctl status thinking`; when you are done, `tabctl status idle`.",
    "- Before you wait for an answer, run `tabctl status attention -m \"WHAT YOU NEED\"`.",
    "- When the purpose of your work changes, run `tabctl task \"WHAT IT IS FOR\"`.",
    "- What has to be known when the work is taken up again, leave with `tabctl note \"TEXT\"`.",
];
/// The first line, down to what is said of the file before it.
const BEGIN: &str = "<!-- tabctl: begin";
const END: &str = "<!-- tabctl: end -->";

/// What a file was before the lines came, so that it becomes that again.
const WAYS: [(&str, Way); 4] = [
    ("", Way::Line),
    (" (new file)", Way::NewFile),
    (" (empty file)", Way::Empty),
    (" (no newline)", Way::Unended),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It ended with a line; an empty one was put between.
    Line,
    /// It was not there.
    NewFile,
    /// It was empty.
    Empty,
    /// Its last line was not ended; the end, and an empty line, were put between.
    Unended,
}

/// A change that is ready to be made.
#[derive(Debug)]
pub struct Change {
    /// The file.
    pub file: PathBuf,
    /// The lines that come or go.
    pub lines: Vec<String>,
    before: Option<Vec<u8>>,
    /// Nothing: the file goes.
    after: Option<Vec<u8>>,
}

/// The lines for the tab's agent; `None` if they are there.
pub fn addition(ctx: &Ctx, tab: &Loaded) -> Result<Option<Change>> {
    let (file, before) = instructions_of(ctx, tab)?;
    let after = with_block(before.as_deref()).ok_or_else(|| torn(&file))?;
    if before.as_ref() == Some(&after) {
        return Ok(None);
    }
    let lines = TEXT.iter().map(|line| (*line).to_owned()).collect();
    Ok(Some(Change { file, lines, before, after: Some(after) }))
}

/// The same lines taken away; `None` if there are none.
pub fn removal(ctx: &Ctx, tab: &Loaded) -> Result<Option<Change>> {
    let (file, before) = instructions_of(ctx, tab)?;
    let Some(bytes) = before else { return Ok(None) };
    let Some(block) = find(&bytes).map_err(|Torn| torn(&file))? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes[block.start..block.end]);
    let inner = text.lines().filter(|line| !line.starts_with(BEGIN) && !line.starts_with(END));
    let lines = inner.map(str::to_owned).collect();
    let after = without(&bytes, &block);
    Ok(Some(Change { file, lines, before: Some(bytes), after }))
}

impl Change {
    /// Makes it, if the file is still what it was.
    ///
    /// # Errors
    /// `Busy` if somebody has changed the file meanwhile.
    pub fn make(&self) -> Result<()> {
        let changed = || {
            let message = format!("{} was changed meanwhile", self.file.display());
            Fault::new(Kind::Busy, message).hint("repeat it")
        };
        let Some(after) = &self.after else {
            if file::read(&self.file)? != self.before {
                return Err(changed().into());
            }
            return file::remove(&self.file);
        };
        let expect = self.before.as_deref().map_or(Expect::Absent, Expect::Bytes);
        let written = file::replace(&self.file, after, expect, Durability::Durable)?;
        written.map(|_| ()).ok_or_else(|| changed().into())
    }
}

/// The file that the tab's agent reads, and what is in it.
fn instructions_of(ctx: &Ctx, tab: &Loaded) -> Result<(PathBuf, Option<Vec<u8>>)> {
    let Some(agent) = &tab.session.agent else {
        return Err(Fault::new(Kind::Usage, "this tab has no agent to instruct")
            .hint("`tabctl bind` gives it the one that runs in it")
            .into());
    };
    let names = ctx.agents().get(&agent.kind)?.instructions();
    let Some(first) = names.first() else {
        let message = format!("no file is known from which {} takes instructions", agent.kind);
        let hint = "its own file may name one: `instructions: [AGENTS.md]`";
        return Err(Fault::new(Kind::NotFound, message).hint(hint).into());
    };
    // A file of another name beside it might not be read any more, once this one is there.
    let mut there = Vec::new();
    for name in names {
        let file = tab.workspace.join(name);
        if let Some(bytes) = file::read(&file)? {
            there.push((file, bytes));
        }
    }
    let own = there.iter().position(|(_, bytes)| has_block(bytes)).unwrap_or(0);
    Ok(match there.into_iter().nth(own) {
        Some((file, bytes)) => (file, Some(bytes)),
        None => (tab.workspace.join(first), None),
    })
}

fn torn(file: &std::path::Path) -> anyhow::Error {
    let message =
        format!("the lines of tabctl in {} have no end, or two beginnings", file.display());
    Fault::new(Kind::BadFile, message)
        .hint(format!("take them out by hand, from `{BEGIN}` on"))
        .into()
}

/// Where the lines stand, from their first mark to the end of their last line.
struct Block {
    way: Way,
    start: usize,
    end: usize,
}

/// A beginning without an end, or the other way round.
struct Torn;

fn find(bytes: &[u8]) -> Result<Option<Block>, Torn> {
    let (mut begin, mut end, mut at) = (None, None, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        let (start, after) = (at, at + line.len());
        at = after;
        if text.starts_with(BEGIN.as_bytes()) {
            let said = |(word, way): &(&str, Way)| {
                (text == format!("{BEGIN}{word} -->").as_bytes()).then_some((*way, start))
            };
            let found = WAYS.iter().find_map(said).ok_or(Torn)?;
            if begin.replace(found).is_some() {
                return Err(Torn);
            }
        } else if text == END.as_bytes() && (begin.is_none() || end.replace(after).is_some()) {
            return Err(Torn);
        }
    }
    match (begin, end) {
        (Some((way, start)), Some(end)) => Ok(Some(Block { way, start, end })),
        (None, None) => Ok(None),
        _ => Err(Torn),
    }
}

/// How the file ends its lines: as it ends its first.
fn line_end(bytes: &[u8]) -> &'static str {
    let first = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.ends_with(b"\r\n") { "\r\n" } else { "\n" }
}

/// The file with the lines, which stay in their place if they are there; `None` if it is torn.
fn with_block(before: Option<&[u8]>) -> Option<Vec<u8>> {
    let bytes = before.unwrap_or_default();
    let known = find(bytes).ok()?;
    let newline = line_end(bytes);
    let way = match &known {
        Some(block) => block.way,
        None if before.is_none() => Way::NewFile,
        None if bytes.is_empty() => Way::Empty,
        None if bytes.ends_with(b"\n") => Way::Line,
        None => Way::Unended,
    };
    let word = WAYS.iter().find(|(_, known)| *known == way).map_or("", |(word, _)| word);
    let mut text = format!("{BEGIN}{word} -->{newline}");
    text.extend(TEXT.iter().flat_map(|line| [*line, newline]));
    text.extend([END, newline]);
    let (head, tail) = match known {
        Some(block) => (&bytes[..block.start], &bytes[block.end..]),
        None => (bytes, &[][..]),
    };
    let between = match way {
        _ if has_block(bytes) => String::new(),
        Way::Line => newline.to_owned(),
        Way::Unended => newline.repeat(2),
        Way::NewFile | Way::Empty => String::new(),
    };
    Some([head, between.as_bytes(), text.as_bytes(), tail].concat())
}

fn has_block(bytes: &[u8]) -> bool {
    matches!(find(bytes), Ok(Some(_)))
}

/// The file without the lines, and without what was put before them; `None` if nothing is left of a
/// file that was made for them.
fn without(bytes: &[u8], block: &Block) -> Option<Vec<u8>> {
    let (mut head, tail) = (&bytes[..block.start], &bytes[block.end..]);
    let mut drop_newline = || {
        head = head.strip_suffix(b"\n").map_or(head, |h| h.strip_suffix(b"\r").unwrap_or(h));
    };
    match block.way {
        Way::Line => drop_newline(),
        Way::Unended => {
            drop_newline();
            // What somebody has written behind the lines must not run into the last one before.
            if tail.is_empty() {
                drop_newline();
            }
        }
        Way::NewFile | Way::Empty => {}
    }
    let left = [head, tail].concat();
    (!left.is_empty() || block.way != Way::NewFile).then_some(left)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    fn removed(bytes: &[u8]) -> Option<Vec<u8>> {
        without(bytes, &find(bytes).ok().unwrap().unwrap())
    }

    #[test]
    fn what_is_taken_away_leaves_the_very_bytes_that_were_there() {
        for before in [
            None,
            Some(&b""[..]),
            Some(b"\n"),
            Some(b"one"),
            Some(b"one\n"),
            Some(b"one\n\n\n"),
            Some(b"one\r\ntwo\r\n"),
            Some(b"one\r\ntwo"),
            Some(b"one\ntwo\r\n"),
            Some(b"\xff\xfe\0 no text\n"),
            Some(b"\xef\xbb\xbfone \n\t"),
        ] {
            let with = with_block(before).unwrap();
            assert!(with.starts_with(before.unwrap_or_default()), "{before:?}");
            assert_eq!(removed(&with), before.map(<[u8]>::to_vec), "{before:?}");
            assert_eq!(with_block(Some(&with)).unwrap(), with, "twice is once: {before:?}");
        }
    }

    #[test]
    fn the_lines_end_as_those_of_the_file_do() {
        let with = with_block(Some(b"one\r\n")).unwrap();
        let bare = with.windows(2).filter(|pair| pair[1] == b'\n' && pair[0] != b'\r');
        assert_eq!(bare.count(), 0);
    }

    #[test]
    fn what_stands_behind_the_lines_stays_and_older_lines_are_replaced() {
        let with = with_block(Some(b"one")).unwrap();
        let more = [&with[..], b"two\n"].concat();
        assert_eq!(removed(&more).unwrap(), b"one\ntwo\n");
        let new = [&with_block(None).unwrap()[..], b"two\n"].concat();
        assert_eq!(removed(&new).unwrap(), b"two\n", "the file is not only ours any more");
        let old = format!("one\n\n{BEGIN} -->\nancient\n{END}\ntwo\n");
        let renewed = with_block(Some(old.as_bytes())).unwrap();
        assert!(!renewed.windows(7).any(|window| window == b"ancient"));
        assert_eq!(removed(&renewed).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn torn_lines_are_left_alone() {
        for torn in [
            format!("{BEGIN} -->\nx\n"),
            format!("x\n{END}\n"),
            format!("{BEGIN} -->\n{BEGIN} -->\n{END}\n"),
            format!("{BEGIN} (something else) -->\n{END}\n"),
        ] {
            assert!(with_block(Some(torn.as_bytes())).is_none(), "{torn}");
        }
    }

    #[test]
    fn there_are_at_most_eight_lines() {
        assert!(TEXT.len() + 2 <= 8);
    }
}
