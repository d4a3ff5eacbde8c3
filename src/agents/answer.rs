//! What an agent said last, by the lines of its transcript. Must not take a prompt or a tool's output
//! for an answer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::Spec;
use super::event::at;

/// Which lines of a transcript are answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answers {
    /// The line has these texts at these places.
    when: BTreeMap<String, String>,
    /// Where its text is: a text, or a list of parts with a `text` each.
    text: String,
    /// Where its time is.
    time: String,
}

impl Spec {
    /// Whether it is known how its transcript tells an answer.
    pub fn tells_answers(&self) -> bool {
        self.transcript.answers.is_some()
    }

    /// The last answer since then in the end of a transcript.
    pub fn last_words(&self, end: &[u8], since: DateTime<Utc>) -> Option<String> {
        let answers = self.transcript.answers.as_ref()?;
        end.split(|byte| *byte == b'\n').rev().find_map(|line| {
            let line: Value = serde_json::from_slice(line).ok()?;
            let is_one = answers
                .when
                .iter()
                .all(|(place, text)| at(&line, place).and_then(Value::as_str) == Some(text));
            let time: DateTime<Utc> = at(&line, &answers.time)?.as_str()?.parse().ok()?;
            let text = text(at(&line, &answers.text)?).filter(|_| is_one && time >= since)?;
            (!text.trim().is_empty()).then_some(text)
        })
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> =
                parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use std::path::Path;

    use super::super::Registry;

    #[test]
    fn the_last_answer_is_no_prompt_and_no_tool() {
        let registry = Registry::load(Path::new("/nonexistent"));
        let spec = registry.get("claude").unwrap();
        let line = |kind: &str, second: u32, content: &str| {
            let time = format!("2026-11-21T12:00:{second:02}.000Z");
            format!(r#"{{"type":"{kind}","timestamp":"{time}","message":{{"content":{content}}}}}"#)
        };
        let end = [
            r#"half of a line"}"#.to_owned(),
            line("assistant", 1, r#"[{"type":"text","text":"one"},{"type":"text","text":"two"}]"#),
            line("assistant", 2, r#"[{"type":"tool_use","name":"Bash"}]"#),
            line("user", 3, r#""a prompt""#),
        ];
        let end = end.join("\n");
        let since = |time: &str| spec.last_words(end.as_bytes(), time.parse().unwrap());
        assert_eq!(since("2026-11-21T12:00:00Z").as_deref(), Some("one\ntwo"));
        assert_eq!(since("2026-11-21T12:00:02Z"), None, "that was before");
    }
}
