//! A session file as text: what it must hold to be one, and what a new one looks like.
//! Must not change a text that a person may have edited; that is `edit`.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_yaml::options::{MergeKeyPolicy, NonFiniteFloatPolicy};

use super::tree::{self, Flaw, MAX_DEPTH, MAX_NODES, Mark, Node};
use crate::error::{self, Fault, Kind};
use crate::model::argv::Argv;
use crate::model::id::TabId;
use crate::model::session::{Session, VERSION, is_session_id};
use crate::sys::file::MAX_BYTES;

/// The first lines of a new file: what it is, for a person or an agent that comes across it.
const HEADER: &str = "\
# One terminal tab and how to bring it back, kept by tabctl.
# You may edit task, notes and tags here; the rest is written by tabctl itself.
# The safe way for an agent: tabctl status thinking|idle|attention,
# tabctl note TEXT, tabctl task TEXT
";

/// What every version of the format has.
#[derive(Deserialize)]
struct Core {
    version: u32,
    id: TabId,
    tab: String,
}

/// A session file, typed and as it is written.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What tabctl understands of it.
    pub session: Session,
    /// All of it.
    pub tree: Node,
}

/// Reads a session file. A newer one is read as far as it is understood, if need be only who it is.
///
/// # Errors
/// `BadFile` with line and column.
pub fn parse(file: &Path, bytes: &[u8]) -> Result<Parsed> {
    read(bytes).map_err(|flaw| {
        let Flaw { at, what } = flaw;
        let place = format!("line {}, column {}", at.line, at.column);
        let message = format!("{} is not usable: {place}: {what}", file.display());
        let hint = "correct it there, or `tabctl doctor --fix` puts the last good version back";
        Fault::new(Kind::BadFile, message).hint(hint).into()
    })
}

fn read(bytes: &[u8]) -> Result<Parsed, Flaw> {
    let text = text(bytes)?;
    let tree = tree::scan(text)?;
    let session = typed(text).or_else(|flaw| match typed::<Core>(text) {
        Ok(core) if core.version > VERSION => {
            Ok(Session { version: core.version, ..Session::new(core.id, core.tab) })
        }
        _ => Err(flaw),
    })?;
    match offence(&session) {
        Some((path, what)) => Err(Flaw { at: locate(&tree, path), what }),
        None => Ok(Parsed { session, tree }),
    }
}

/// The id that a file seems to hold, at a glance: good for choosing a lock, not for believing it.
pub fn id_at_a_glance(bytes: &[u8]) -> Option<TabId> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.lines().find_map(|line| line.strip_prefix("id:")?.split_whitespace().next()?.parse().ok())
}

/// The text without a byte order mark, which some editors put first.
fn text(bytes: &[u8]) -> Result<&str, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(bytes.get(..e.valid_up_to()).unwrap_or_default());
        let line = before.lines().count().max(1);
        let column = before.lines().last().map_or(0, |last| last.chars().count()) + 1;
        Flaw { at: Mark { line, column }, what: "this is not UTF-8 text".to_owned() }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn typed<T: DeserializeOwned>(text: &str) -> Result<T, Flaw> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        merge_keys: MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: MAX_NODES, max_depth: MAX_DEPTH, max_aliases: 50, max_documents: 1,
        },
    };
    serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let error::yaml::Flaw { place, what } = (&error).into();
        let (line, column) = place.unwrap_or((1, 1));
        Flaw { at: Mark { line, column }, what }
    })
}

/// What must not reach a command line, a folder change or an environment; and where it stands.
fn offence(session: &Session) -> Option<(&'static [&'static str], String)> {
    let not_an_id = |id: &String| {
        (!is_session_id(id)).then(|| format!("{id:?} is not the id of a conversation"))
    };
    let odd_folder = |folder: &str| {
        let odd = folder.chars().any(char::is_control);
        odd.then(|| format!("{folder:?} is not a folder: it has a control character"))
    };
    if let Some(what) = odd_folder(&session.directory) {
        return Some((&["directory"], what));
    }
    let agent = session.agent.as_ref()?;
    if let Some(what) = agent.session_id.as_ref().and_then(not_an_id) {
        return Some((&["agent", "session_id"], what));
    }
    if let Some(what) = agent.history.iter().find_map(|past| not_an_id(&past.session_id)) {
        return Some((&["agent", "history"], what));
    }
    if agent.resume.as_ref().is_some_and(has_nul) {
        return Some((&["agent", "resume"], "a command cannot hold a NUL".to_owned()));
    }
    let launch = agent.launch.as_ref()?;
    if let Some(what) = launch.directory.as_deref().and_then(odd_folder) {
        return Some((&["agent", "launch", "directory"], what));
    }
    if has_nul(&launch.argv) || launch.binary.as_ref().is_some_and(|b| b.contains('\0')) {
        return Some((&["agent", "launch", "argv"], "a command cannot hold a NUL".to_owned()));
    }
    let odd = launch.environment.iter().find(|(name, value)| {
        name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')
    });
    odd.map(|(name, _)| {
        let path: &[&str] = &["agent", "launch", "environment"];
        (path, format!("the variable {name:?} cannot be set"))
    })
}

fn has_nul(argv: &Argv) -> bool {
    argv.words().iter().any(|word| word.contains('\0'))
}

/// The place of a value, or of what is nearest to it.
fn locate(tree: &Node, path: &[&str]) -> Mark {
    let mut node = tree;
    for key in path {
        match node.get(key) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node.at
}

/// Refuses a record that could not be read back, before it is written.
///
/// # Errors
/// `Usage`: what was asked for cannot be recorded.
pub fn check(session: &Session) -> Result<()> {
    match offence(session) {
        Some((_, what)) => Err(Fault::new(Kind::Usage, what).into()),
        None => Ok(()),
    }
}

/// Refuses a text that would be too large to be read again, before it is written.
///
/// # Errors
/// `Usage`.
pub fn refuse_too_large(file: &Path, bytes: &[u8]) -> Result<()> {
    if bytes.len() as u64 <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("{} would be larger than {} KiB", file.display(), MAX_BYTES / 1024);
    let hint = "shorten its notes, tags or waiting prompts";
    Err(Fault::new(Kind::Usage, message).hint(hint).into())
}

/// The text of a new session file.
pub fn render(session: &Session) -> Result<String> {
    Ok(format!("{HEADER}{}", yaml(session, Texts::Block)?))
}

/// How a text of several lines is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// As a literal block, which people can read.
    Block,
    /// Between quotes in one line, which every tool understands.
    Quoted,
}

/// A value in the layout of new files: two columns for a level, no line folded, and no spaces in
/// the empty lines of a long text.
pub fn yaml(value: &impl serde::Serialize, texts: Texts) -> Result<String> {
    let options = serde_yaml::ser_options! {
        compact_list_indent: false,
        folded_wrap_chars: usize::MAX,
        prefer_block_scalars: texts == Texts::Block,
    };
    let plain = serde_yaml::to_string_with_options(value, options)?;
    // Where a block begins can be told neither by people nor by all tools if a line of it is blank
    // but for a tab.
    let is_blank = |line: &str| line.contains('\t') && line.trim().is_empty();
    if texts == Texts::Block && plain.lines().any(is_blank) {
        return yaml(value, Texts::Quoted);
    }
    // Not after the last line with text: there they mark that the empty lines are part of it.
    let (body, end) = plain.split_at(plain.trim_end().len());
    let lines = body.split_inclusive('\n');
    let tidy = lines.map(|line| if line.trim_matches(' ') == "\n" { "\n" } else { line });
    let tidy = tidy.chain([end]).collect::<String>();
    // Spaces that are part of the text must stay.
    let content = |text| tree::scan(text).map(|tree| tree.to_value());
    Ok(if content(&tidy) == content(&plain) { tidy } else { plain })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a text that does not parse where it must is the failure
    use super::*;

    const ID: &str = "01HF7YAT00000000000000001A";

    #[test]
    fn an_id_is_seen_at_a_glance_only_where_it_stands_alone() {
        let id = ID.parse().ok();
        let cases = [
            (format!("version: 1\nid: {ID}\n"), id),
            (format!("\u{feff}# x\r\nid:   {ID} # mine\r\n"), id),
            (format!("agent:\n  id: {ID}\n"), None),
            (format!("id: \"{ID}\"\n"), None),
            ("id:\n".to_owned(), None),
        ];
        for (text, seen) in cases {
            assert_eq!(id_at_a_glance(text.as_bytes()), seen, "{text}");
        }
        assert_eq!(id_at_a_glance(b"\xff"), None);
    }

    #[test]
    fn a_problem_is_told_in_words_of_our_own() {
        let cases: [(&[u8], &str); 5] = [
            (b"", "line 1, column 1: there is nothing in it"),
            (b"version: 1\nid: x\xff", "line 2, column 6: this is not UTF-8 text"),
            (b"version: 1\ntab: x\n", "line 2, column 1: missing field `id`"),
            (b"version: 1\nid: x\ntab: y\n", "line 2, column 5: not a tab id: 26 letters"),
            (b"version: 1\nid: 01HF7YAT00000000000000001A\ntab:\n", "a text is missing here"),
        ];
        for (bytes, told) in cases {
            let error = parse(Path::new("/w/.session.yaml"), bytes).unwrap_err().to_string();
            assert!(error.starts_with("/w/.session.yaml is not usable: line "), "{error}");
            assert!(error.contains(told) && !error.contains(" at line"), "{error}");
        }
    }

    #[test]
    fn long_texts_are_blocks_without_stray_spaces() {
        let value =
            serde_json::json!({ "notes": [{ "text": "one\n\n  two\n" }], "odd": "a\n  \nb" });
        let spaced = yaml(&value, Texts::Block).unwrap();
        assert!(spaced.contains("odd: |-\n  a\n    \n  b\n"), "{spaced}");
        let value = serde_json::json!({ "notes": [{ "text": "one\n\n  two\n" }] });
        let text = yaml(&value, Texts::Block).unwrap();
        assert_eq!(text, "notes:\n  - text: |\n      one\n\n        two\n");
        assert_eq!(
            yaml(&value, Texts::Quoted).unwrap(),
            "notes:\n  - text: \"one\\n\\n  two\\n\"\n"
        );
    }
}
