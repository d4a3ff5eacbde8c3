//! JSON with the place of every value, so that a file can be changed without being written anew.
//! Must not repair: what is not JSON is refused with its line and column.

use std::ops::Range;

use serde::de::IgnoredAny;

/// Deeper files are nobody's settings.
const MAX_DEPTH: usize = 128;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Object(Vec<Member>),
    Array(Vec<Node>),
    Text(String),
    /// A number, `true`, `false` or `null`, as it is written.
    Other(String),
}

/// A name with its value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Where its name begins.
    pub(super) start: usize,
    pub(super) name: String,
    pub(super) node: Node,
}

/// What is wrong with a text, and where: counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
    /// What is wrong.
    pub why: &'static str,
}

impl Node {
    /// The members, if it is an object.
    pub(super) fn members(&self) -> Option<&[Member]> {
        if let Value::Object(members) = &self.value { Some(members) } else { None }
    }

    /// The elements, if it is an array.
    pub(super) fn elements(&self) -> Option<&[Node]> {
        if let Value::Array(elements) = &self.value { Some(elements) } else { None }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.members()?.iter().find(|member| member.name == name).map(|member| &member.node)
    }

    /// Where each child begins and ends, in order.
    pub(super) fn children(&self) -> Vec<Range<usize>> {
        match &self.value {
            Value::Object(members) => {
                members.iter().map(|member| member.start..member.node.span.end).collect()
            }
            Value::Array(elements) => elements.iter().map(|node| node.span.clone()).collect(),
            Value::Text(_) | Value::Other(_) => Vec::new(),
        }
    }
}

/// Parses a whole text; a byte order mark in front is passed over. With `comments`, `//` and `/* */`
/// count as blanks.
pub(super) fn parse(text: &str, comments: bool) -> Result<Node, Wrong> {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut parser = Parser { text, at, comments };
    let root = parser.value(0)?;
    parser.blanks()?;
    if parser.at < text.len() { Err(parser.wrong("nothing may follow the end")) } else { Ok(root) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    comments: bool,
}

impl Parser<'_> {
    fn wrong(&self, why: &'static str) -> Wrong {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Wrong { line, column, why }
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over what means nothing.
    fn blanks(&mut self) -> Result<(), Wrong> {
        loop {
            match self.next() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') if !self.comments => {
                    return Err(self.wrong("a comment, which JSON does not have"));
                }
                Some(b'/') => {
                    let rest = self.rest();
                    self.at += if rest.starts_with("//") {
                        rest.find('\n').unwrap_or(rest.len())
                    } else if rest.starts_with("/*") {
                        rest.find("*/").ok_or_else(|| self.wrong("a comment without an end"))? + 2
                    } else {
                        return Err(self.wrong("a stray `/`"));
                    };
                }
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.blanks()?;
        if depth > MAX_DEPTH {
            return Err(self.wrong("nested too deep"));
        }
        let start = self.at;
        let value = match self.next() {
            Some(b'{') => Value::Object(self.list(b'}', |parser| parser.member(depth))?),
            Some(b'[') => Value::Array(self.list(b']', |parser| parser.value(depth + 1))?),
            Some(b'"') => Value::Text(self.string()?),
            Some(_) => Value::Other(self.word()?),
            None => return Err(self.wrong("it ends too early")),
        };
        Ok(Node { span: start..self.at, value })
    }

    fn list<T>(
        &mut self,
        end: u8,
        mut item: impl FnMut(&mut Self) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks()?;
        if self.next() == Some(end) {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            self.blanks()?;
            match self.next() {
                Some(b',') => self.at += 1,
                Some(found) if found == end => {
                    self.at += 1;
                    return Ok(items);
                }
                Some(_) => return Err(self.wrong("a comma or the end of the list is missing")),
                None => return Err(self.wrong("it ends too early")),
            }
        }
    }

    fn member(&mut self, depth: usize) -> Result<Member, Wrong> {
        self.blanks()?;
        let start = self.at;
        if self.next() != Some(b'"') {
            return Err(self.wrong("a name in double quotes is missing"));
        }
        let name = self.string()?;
        self.blanks()?;
        if self.next() != Some(b':') {
            return Err(self.wrong("a colon is missing"));
        }
        self.at += 1;
        Ok(Member { start, name, node: self.value(depth + 1)? })
    }

    fn string(&mut self) -> Result<String, Wrong> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err(self.wrong("a text without an end")),
            }
        }
        let raw = self.text.get(self.at..=end).unwrap_or_default();
        let text = serde_json::from_str(raw).map_err(|_| self.wrong("not a JSON text"))?;
        self.at = end + 1;
        Ok(text)
    }

    fn word(&mut self) -> Result<String, Wrong> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let rest = self.rest();
        let word = rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].to_owned();
        if serde_json::from_str::<IgnoredAny>(&word).is_err() {
            return Err(self.wrong("not a JSON value"));
        }
        self.at += word.len();
        Ok(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, line, column, why) in [
            ("{\n  \"a\": 1,\n}", 3, 1, "name"),
            ("{\"a\" 1}", 1, 6, "colon"),
            ("{\"é\": [1 2]}", 1, 10, "comma"),
            ("{\n// x\n}", 2, 1, "comment"),
            ("{\"a\": tru}", 1, 7, "value"),
            ("{\"a\": \"\\x\"}", 1, 7, "text"),
            ("{\"a\": \"x}", 1, 7, "without an end"),
            ("{} {}", 1, 4, "follow"),
            ("{\"a\": ", 1, 7, "early"),
            ("", 1, 1, "early"),
        ] {
            let wrong = parse(text, false).err();
            let told = wrong.as_ref().map(|w| (w.line, w.column, w.why.contains(why)));
            assert_eq!(told, Some((line, column, true)), "{text}: {wrong:?}");
        }
        assert!(parse(&"[".repeat(4000), false).is_err_and(|wrong| wrong.why.contains("deep")));
    }

    #[test]
    fn every_value_knows_its_place() {
        let text = "\u{feff}{ \"a\\u0062\" : [1e999, \"x\"] /* c */ }";
        let places = parse(text, true).ok().and_then(|root| {
            let member = root.members()?.first()?.clone();
            let second = member.node.elements()?.get(1)?.span.clone();
            Some((member.name.clone(), text[second].to_owned(), text[root.span].len()))
        });
        assert_eq!(places, Some(("ab".to_owned(), "\"x\"".to_owned(), text.len() - 3)));
    }
}
