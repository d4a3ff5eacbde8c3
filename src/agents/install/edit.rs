//! Adds to and takes from a JSON text where it stands: what is not meant keeps its bytes.
//! Must take away exactly what it added.

use std::ops::Range;

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::json::Node;

/// How a text is laid out; new parts are laid out like it.
#[derive(Debug)]
pub(super) struct Layout {
    line_end: &'static str,
    indent: String,
    one_line: bool,
}

impl Layout {
    pub(super) fn of(text: &str, root: &Node) -> Layout {
        let first = root.children().into_iter().next();
        let indent = first.as_ref().and_then(|first| indent_before(text, first.start));
        Layout {
            line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
            indent: indent.filter(|indent| !indent.is_empty()).unwrap_or("  ").to_owned(),
            one_line: first.is_some() && !text.trim().contains('\n'),
        }
    }

    fn rendered(&self, value: &Json, base: &str, one_line: bool) -> String {
        if one_line {
            return value.to_string();
        }
        let mut bytes = Vec::new();
        let formatter = PrettyFormatter::with_indent(self.indent.as_bytes());
        // A value of texts and numbers can always be written into memory.
        let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
        String::from_utf8_lossy(&bytes).replace('\n', &format!("{}{base}", self.line_end))
    }
}

/// The blanks between the beginning of a line and `at`, if there is nothing else.
fn indent_before(text: &str, at: usize) -> Option<&str> {
    let before = &text[..at];
    let line = &before[before.rfind('\n')? + 1..];
    line.chars().all(|c| c == ' ' || c == '\t').then_some(line)
}

/// The blanks that the line of `at` begins with.
fn line_indent(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    &line[..line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len())]
}

/// The text with one more child at the end of an object (with its name) or an array.
pub(super) fn append(
    text: &str,
    layout: &Layout,
    container: &Node,
    name: Option<&str>,
    value: &Json,
) -> String {
    let child = |indent: &str, one_line: bool| {
        let colon = if layout.one_line { ":" } else { ": " };
        let name = name.map(|name| format!("{}{colon}", Json::from(name))).unwrap_or_default();
        format!("{name}{}", layout.rendered(value, indent, one_line))
    };
    let children = container.children();
    let (Some(first), Some(last)) = (children.first(), children.last()) else {
        let end = container.span.end - 1;
        let inside = container.span.start + 1..end;
        // A comment stays where it is.
        let keep = text[inside.clone()].trim_end();
        let base = line_indent(text, container.span.start);
        let new = if layout.one_line {
            child("", true)
        } else {
            let (line, indent) = (layout.line_end, format!("{base}{}", layout.indent));
            format!("{line}{indent}{}{line}{base}", child(&indent, false))
        };
        return replaced(text, inside, &format!("{keep}{new}"));
    };
    let after = last.end..last.end;
    let new = if let Some(indent) = indent_before(text, first.start).filter(|_| !layout.one_line) {
        format!(",{}{indent}{}", layout.line_end, child(indent, false))
    } else {
        format!(",{}{}", if layout.one_line { "" } else { " " }, child("", true))
    };
    replaced(text, after, &new)
}

/// Whether a child is all that stands in its container: no other, and nobody's comment.
pub(super) fn is_alone(text: &str, container: &Node, at: usize) -> bool {
    let children = container.children();
    let blank = |from: usize, to: usize| text[from..to].trim().is_empty();
    children.len() == 1
        && children.get(at).is_some_and(|child| {
            blank(container.span.start + 1, child.start) && blank(child.end, container.span.end - 1)
        })
}

/// The text without one child of a container.
pub(super) fn remove(text: &str, container: &Node, at: usize) -> String {
    let children = container.children();
    let Some(child) = children.get(at) else { return text.to_owned() };
    let before = at.checked_sub(1).and_then(|at| children.get(at));
    let gap = match (before, children.get(at + 1)) {
        (Some(before), _) => before.end..child.start,
        (None, Some(next)) => child.end..next.start,
        (None, None) => {
            let inside = container.span.start + 1..container.span.end - 1;
            let whole = if is_alone(text, container, at) { inside } else { child.clone() };
            return replaced(text, whole, "");
        }
    };
    let blanks = |c: char| c == ',' || c.is_ascii_whitespace();
    let whole = gap.start.min(child.start)..gap.end.max(child.end);
    if text[gap.clone()].chars().all(blanks) {
        return replaced(text, whole, "");
    }
    // Somebody's comment stands between: it stays, and only the comma goes with the child.
    let comma = comma_in(&text[gap.clone()]).map(|at| gap.start + at..gap.start + at + 1);
    let mut parts = [Some(child.clone()), comma].into_iter().flatten().collect::<Vec<_>>();
    parts.sort_by_key(|part| std::cmp::Reverse(part.start));
    parts.into_iter().fold(text.to_owned(), |text, part| replaced(&text, part, ""))
}

/// The first comma that is not part of a comment.
fn comma_in(gap: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = gap.get(at..)?;
        let comment = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        match rest.chars().next()? {
            ',' => return Some(at),
            c => at += comment.max(c.len_utf8()),
        }
    }
}

pub(super) fn replaced(text: &str, span: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..span.start], &text[span.end..])
}
