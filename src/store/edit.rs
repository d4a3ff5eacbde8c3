//! Changes a session file as text, so that comments, order, unknown keys and layout stay a person's.
//! Must not trust itself: what it wrote is read again, and refused if anything else has changed.
//! A comment on the line of something that is taken away goes with it.

use std::path::Path;
use std::str::FromStr;

use anyhow::Result;
use serde_json::Value;
use yaml_edit::{Document, Mapping, Sequence, YamlNode};

use super::diff::{Edit, Step, apply, diff};
use super::session_file::{self, Texts, parse};
use super::tree::Node;
use crate::error::{Fault, Kind};
use crate::model::session::Session;

/// The text of `file`, which was read as `tree` and understood as `before`, changed to say `after`.
///
/// # Errors
/// `BadFile` if that cannot be done without touching something else in the file.
pub fn edit(
    file: &Path,
    bytes: &[u8],
    tree: &Node,
    before: &Session,
    after: &Session,
) -> Result<Vec<u8>> {
    let (old, new) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    let written = tree.to_value();
    let edits = diff(&old, &new, &written);
    let expected = says(written, &edits);
    let layout = Layout::of(bytes);
    // A few texts (one that begins with a tab, say) do not survive as a block.
    let attempt = |texts| {
        let changed = layout.restore(&edited(&layout.text, &edits, texts)?);
        let found = parse(file, &changed).ok()?;
        let right = found.session == *after && Some(found.tree.to_value()) == expected;
        right.then_some(changed)
    };
    attempt(Texts::Block).or_else(|| attempt(Texts::Quoted)).ok_or_else(|| refusal(file))
}

fn refusal(file: &Path) -> anyhow::Error {
    let message = format!(
        "{} is laid out in a way that cannot be changed without losing something",
        file.display()
    );
    let hint = "write it with plain keys, without anchors in what tabctl keeps";
    Fault::new(Kind::BadFile, message).hint(hint).into()
}

/// What the file must say after the edits: what they are about, and all else as before.
fn says(mut written: Value, edits: &[Edit]) -> Option<Value> {
    apply(&as_text(edits), &mut written)?;
    Some(written)
}

/// The edits as a tree sees a text: every scalar a string.
fn as_text(edits: &[Edit]) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    for edit in &mut edits {
        if let Edit::Set { value, .. } | Edit::Insert { value, .. } | Edit::Replace { value, .. } =
            edit
        {
            scalars_to_text(value);
        }
    }
    edits
}

fn scalars_to_text(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(scalars_to_text),
        Value::Object(pairs) => pairs.values_mut().for_each(scalars_to_text),
        Value::String(_) => {}
        other => *other = Value::String(other.to_string()),
    }
}

/// What an editor does to a whole file: byte order mark and line ends.
struct Layout {
    mark: bool,
    crlf: bool,
    text: String,
}

impl Layout {
    fn of(bytes: &[u8]) -> Layout {
        let text = String::from_utf8_lossy(bytes);
        let (mark, text) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (true, rest),
            None => (false, &*text),
        };
        let crlf =
            text.contains("\r\n") && text.matches('\n').count() == text.matches("\r\n").count();
        let text = if crlf { text.replace("\r\n", "\n") } else { text.to_owned() };
        Layout { mark, crlf, text }
    }

    fn restore(&self, text: &str) -> Vec<u8> {
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.mark { format!("\u{feff}{text}").into_bytes() } else { text.into_bytes() }
    }
}

/// Makes the edits; `None` where the text has another shape than they are about.
fn edited(text: &str, edits: &[Edit], texts: Texts) -> Option<String> {
    let node = |value| node(value, texts);
    let document = Document::from_str(text).ok()?;
    let root = document.as_mapping()?;
    for edit in edits {
        match edit {
            Edit::Set { at, key, value, order } => {
                let order = order.iter().map(String::as_str);
                mapping(&root, at)?.set_with_field_order(key.as_str(), node(value)?, order);
            }
            Edit::Unset { at, key } => {
                mapping(&root, at)?.remove(key.as_str())?;
            }
            Edit::Insert { at, index, value } => {
                let list = list(&root, at)?;
                let value = node(value)?;
                if *index == list.len() { list.push(value) } else { list.insert(*index, value) }
            }
            Edit::Replace { at, index, value } => {
                list(&root, at)?.set(*index, node(value)?).then_some(())?;
            }
            Edit::Delete { at, index } => {
                list(&root, at)?.remove(*index)?;
            }
        }
    }
    Some(document.to_string())
}

fn find(root: &Mapping, at: &[Step]) -> Option<YamlNode> {
    at.iter().try_fold(YamlNode::Mapping(root.clone()), |node, step| match step {
        Step::Key(key) => node.as_mapping()?.get(key.as_str()),
        Step::Item(index) => node.as_sequence()?.get(*index),
    })
}

fn mapping(root: &Mapping, at: &[Step]) -> Option<Mapping> {
    find(root, at)?.as_mapping().cloned()
}

fn list(root: &Mapping, at: &[Step]) -> Option<Sequence> {
    find(root, at)?.as_sequence().cloned()
}

/// A value as a piece of text in the layout of new files.
fn node(value: &Value, texts: Texts) -> Option<YamlNode> {
    let text = session_file::yaml(&serde_json::json!({ "v": value }), texts).ok()?;
    Document::from_str(&text).ok()?.as_mapping()?.get("v")
}

#[cfg(test)]
mod tests;
