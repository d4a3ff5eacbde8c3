//! Reads a hook's payload as far as the agent's file asks about it.
//! Must not fail for what nobody asks about, nor take long for what is large.

use std::fmt;

use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Spec;

/// A field that is larger is as good as not there: a tool's whole output, a file that is written.
const LARGEST_FIELD: usize = 64 * 1024;

impl Spec {
    /// The payload's fields that [`Spec::event`] looks into. `None` if it is no JSON object.
    pub fn payload(&self, bytes: &[u8]) -> Option<Value> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let fields = reader.deserialize_map(Wanted(self)).ok()?;
        reader.end().ok()?;
        Some(Value::Object(fields))
    }
}

/// Picks the fields that an agent's file asks about.
struct Wanted<'s>(&'s Spec);

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if !self.0.looks_into(&name) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let text = map.next_value::<&RawValue>()?.get();
            // Half of a surrogate pair, where an agent cut a text: JSON, but no text.
            if text.len() <= LARGEST_FIELD
                && let Ok(value) = serde_json::from_str(text)
            {
                fields.insert(name, value);
            }
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use std::path::Path;

    use super::super::Registry;

    #[test]
    fn only_what_is_asked_about_is_read() {
        let registry = Registry::load(Path::new("/nonexistent"));
        let spec = registry.get("claude").unwrap();
        let long = "x".repeat(super::LARGEST_FIELD);
        let text = format!(
            r#"{{"session_id":"a","tool_response":{{"stdout":"{long}"}},"tool_input":{{"content":"{long}"}},
            "last_assistant_message":"cut \ud83d","tool_name":"Write"}}"#
        );
        let payload = spec.payload(text.as_bytes()).unwrap();
        assert_eq!(payload.to_string(), r#"{"session_id":"a","tool_name":"Write"}"#);
    }

    #[test]
    fn what_is_no_object_is_no_payload() {
        let registry = Registry::load(Path::new("/nonexistent"));
        let spec = registry.get("claude").unwrap();
        let deep = format!("{{\"session_id\":{}", "[".repeat(100_000));
        let bad: [&[u8]; 8] = [
            b"",
            b"[]",
            b"null",
            b"{\"session_id\":",
            b"{} {}",
            b"\xff\xfe\x00",
            b"{\"a\":\"\xff",
            deep.as_bytes(),
        ];
        for bytes in bad {
            assert_eq!(spec.payload(bytes), None, "{}", String::from_utf8_lossy(bytes));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_payload_is_too_strange(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
            fields in "[a-z_\\[\\]{}\":,0-9\\\\u ]{0,200}",
        ) {
            let registry = Registry::load(Path::new("/nonexistent"));
            for kind in ["claude", "opencode", "codex"] {
                let spec = registry.get(kind).unwrap();
                let text = format!("{{\"hook_event_name\":\"Stop\",\"session_id\":{fields}}}");
                for bytes in [bytes.as_slice(), text.as_bytes()] {
                    if let Some(payload) = spec.payload(bytes) {
                        let _ = spec.event(None, &payload, chrono::DateTime::UNIX_EPOCH);
                    }
                }
            }
        }
    }
}
