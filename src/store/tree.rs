//! The shape of a YAML text, every scalar as it is written, with positions for messages.
//! Must not give values a type, and lets nothing pass that a session file may not contain.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::Value;

/// The most nodes that a session file may have, aliases written out.
pub const MAX_NODES: usize = 5000;
/// The deepest nesting of a session file.
pub const MAX_DEPTH: usize = 32;

/// A place in a text, both counted from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Why a text is not a session file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The place.
    pub at: Mark,
    /// What is wrong there.
    pub what: String,
}

/// A node with the place where it begins.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where its text begins.
    pub at: Mark,
    holds: Holds,
}

#[derive(Debug, Clone)]
enum Holds {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Holds::Map(pairs) = &self.holds else { return None };
        pairs.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    fn text(&self) -> Option<&str> {
        if let Holds::Text(text) = &self.holds { Some(text) } else { None }
    }

    /// The same as JSON with every scalar as a string, so that two texts can be compared whatever
    /// their layout. A key that is not a scalar stands for its own JSON.
    pub fn to_value(&self) -> Value {
        match &self.holds {
            Holds::Text(text) => Value::String(text.clone()),
            Holds::List(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Holds::Map(pairs) => {
                let name = |key: &Node| {
                    key.text().map_or_else(|| key.to_value().to_string(), str::to_owned)
                };
                let pairs = pairs.iter().map(|(key, value)| (name(key), value.to_value()));
                Value::Object(pairs.collect())
            }
        }
    }

    fn size(&self) -> usize {
        1 + match &self.holds {
            Holds::Text(_) => 0,
            Holds::List(items) => items.iter().map(Node::size).sum(),
            Holds::Map(pairs) => pairs.iter().map(|(k, v)| k.size() + v.size()).sum(),
        }
    }
}

/// Reads the one document of a text. Refused: a second document, tags, merge keys, a key that
/// stands twice, more than [`MAX_NODES`] or [`MAX_DEPTH`], and what is not YAML.
pub fn scan(text: &str) -> Result<Node, Flaw> {
    let mut tree = Tree::default();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|e| Flaw {
            at: Mark { line: e.marker().line(), column: e.marker().col() + 1 },
            what: e.info().clone(),
        })?;
        tree.take(event, &span)?;
    }
    tree.root.ok_or_else(|| flaw(Mark { line: 1, column: 1 }, "there is nothing in it"))
}

fn flaw(at: Mark, what: impl Into<String>) -> Flaw {
    Flaw { at, what: what.into() }
}

/// A collection that is still open, the anchor it carries, and in a mapping the key that waits.
struct Open {
    node: Node,
    anchor: usize,
    key: Option<Node>,
}

#[derive(Default)]
struct Tree {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    documents: usize,
    nodes: usize,
}

impl Tree {
    fn take(&mut self, event: Event, span: &Span) -> Result<(), Flaw> {
        let at = Mark { line: span.start.line(), column: span.start.col() + 1 };
        let node = |holds| Node { at, holds };
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(flaw(at, "a second document begins; one file is one tab"));
                }
            }
            Event::Scalar(.., Some(_))
            | Event::SequenceStart(.., Some(_))
            | Event::MappingStart(.., Some(_)) => {
                return Err(flaw(at, "a tag (`!…`) cannot stand in a session file"));
            }
            Event::Scalar(text, style, anchor, None) => {
                if text == "<<" && style == ScalarStyle::Plain && self.expects_key() {
                    return Err(flaw(at, "a merge key (`<<`) cannot stand in a session file"));
                }
                self.count(1, at)?;
                self.put(node(Holds::Text(text.into_owned())), anchor)?;
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let known = known.ok_or_else(|| flaw(at, "an alias inside of what it names"))?;
                self.count(known.size(), at)?;
                self.put(Node { at, ..known }, 0)?;
            }
            Event::SequenceStart(_, anchor, None) => {
                self.enter(node(Holds::List(Vec::new())), anchor)?;
            }
            Event::MappingStart(_, anchor, None) => {
                self.enter(node(Holds::Map(Vec::new())), anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    refuse_twins(&open.node)?;
                    self.put(open.node, open.anchor)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| matches!(open.node.holds, Holds::Map(_)) && open.key.is_none())
    }

    fn count(&mut self, more: usize, at: Mark) -> Result<(), Flaw> {
        self.nodes += more;
        if self.nodes > MAX_NODES { Err(flaw(at, "there is too much in it")) } else { Ok(()) }
    }

    fn enter(&mut self, node: Node, anchor: usize) -> Result<(), Flaw> {
        self.count(1, node.at)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(flaw(node.at, "it is nested too deeply"));
        }
        self.open.push(Open { node, anchor, key: None });
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Flaw> {
        if anchor > 0 {
            // What an anchor keeps is counted as well: anchors in anchors would multiply it.
            self.count(node.size(), node.at)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { node: Node { holds: Holds::List(items), .. }, .. }) => items.push(node),
            Some(Open { node: Node { holds: Holds::Map(pairs), .. }, key, .. }) => {
                match key.take() {
                    None => *key = Some(node),
                    Some(name) => pairs.push((name, node)),
                }
            }
            Some(Open { node: Node { holds: Holds::Text(_), .. }, .. }) => {}
        }
        Ok(())
    }
}

/// Two keys with one name: readers differ in which of them counts.
fn refuse_twins(node: &Node) -> Result<(), Flaw> {
    let Holds::Map(pairs) = &node.holds else { return Ok(()) };
    let mut seen = HashSet::new();
    let twin = pairs.iter().find(|(key, _)| key.text().is_some_and(|name| !seen.insert(name)));
    match twin {
        Some((key, _)) => {
            Err(flaw(key.at, format!("the key `{}` stands twice", key.text().unwrap_or_default())))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a flaw where none is expected is the failure
    use serde_json::json;

    use super::*;

    #[test]
    fn two_layouts_of_one_content_are_equal() {
        let block = "a: 1\nb:\n  - x\n  - |\n    two\n    lines\nc: *n\n".replace('1', "&n 1");
        let flow = "{c: '1', b: [\"x\", \"two\\nlines\\n\"], a: 1}";
        assert_eq!(scan(&block).unwrap().to_value(), scan(flow).unwrap().to_value());
        assert_eq!(scan("? [a, b]\n: 0x1F\n").unwrap().to_value(), json!({r#"["a","b"]"#: "0x1F"}));
    }

    #[test]
    fn what_a_session_file_may_not_contain_is_refused_with_its_place() {
        let deep = "[".repeat(40) + &"]".repeat(40);
        let wide = "[".to_owned() + &"a,".repeat(6000) + "]";
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                    c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        let cases = [
            ("", (1, 1), "nothing"),
            ("# a comment\n", (1, 1), "nothing"),
            ("a: 1\n---\nb: 2\n", (2, 1), "second document"),
            ("a: !!str 1\n", (1, 10), "tag"),
            ("a: !<tag:x> {}\n", (1, 13), "tag"),
            ("a: ! [1]\n", (1, 6), "tag"),
            ("a: &x {b: 1}\nc:\n  <<: *x\n", (3, 3), "merge key"),
            ("a: 1\nb: 2\na: 3\n", (3, 1), "`a` stands twice"),
            ("a: {b: 1, \"b\": 2}\n", (1, 11), "`b` stands twice"),
            (&deep, (1, 33), "deeply"),
            (&wide, (1, 10000), "too much"),
            (bomb, (4, 14), "too much"),
            ("a: &x [*x]\n", (1, 8), "alias"),
            ("a: *nobody\n", (1, 4), "anchor"),
            ("a: [1\n", (1, 4), "unclosed"),
            ("a: b: c\n", (1, 5), "not allowed"),
        ];
        for (text, (line, column), what) in cases {
            let flaw = scan(text).unwrap_err();
            assert!(flaw.what.contains(what), "{text:.40}: {flaw:?}");
            assert_eq!(flaw.at, Mark { line, column }, "{text:.40}: {flaw:?}");
        }
    }

    #[test]
    fn a_hostile_depth_costs_no_time() {
        let began = std::time::Instant::now();
        for opening in ["[", "{a: ", "- ", "? "] {
            assert!(scan(&opening.repeat(60_000)).is_err());
        }
        assert!(began.elapsed().as_secs() < 5);
    }
}
