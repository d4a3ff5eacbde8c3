//! A prompt that waits for an agent to be idle. Must also read what a person wrote by hand: a text.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A prompt that waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queued {
    /// What is to be typed.
    pub text: String,
    /// By which tabctl knows that it was queued with its help; what stands here without one is not
    /// typed.
    pub id: Option<String>,
    /// Who queued it: `person`, or the agent's kind.
    pub by: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// As the file has it, unless it is a text alone.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    text: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
}

impl From<&str> for Queued {
    fn from(text: &str) -> Queued {
        Queued { text: text.to_owned(), ..Queued::default() }
    }
}

impl Serialize for Queued {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.id.is_none() && self.by.is_none() && self.at.is_none() {
            return to.serialize_str(&self.text);
        }
        let (id, by, at) = (self.id.clone(), self.by.clone(), self.at);
        Written { text: self.text.as_str().into(), id, by, at }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Queued {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Queued, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Queued;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a prompt: a text, or `text` with `by` and `at`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Queued, E> {
        Ok(text.into())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Queued, E> {
        Ok(value.to_string().as_str().into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Queued, E> {
        Ok(value.to_string().as_str().into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Queued, E> {
        Ok(value.to_string().as_str().into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Queued, A::Error> {
        let written = Written::deserialize(MapAccessDeserializer::new(map))?;
        let Written { text, id, by, at } = written;
        Ok(Queued { text: text.into_owned(), id, by, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_alone_is_a_prompt_and_stays_one() {
        let queue: Vec<Queued> =
            serde_json::from_str(r#"["one", {"text": "two", "by": "person"}]"#).unwrap_or_default();
        let by = Some("person".to_owned());
        assert_eq!(queue, ["one".into(), Queued { by, ..Queued::from("two") }]);
        let written = serde_json::to_string(&queue).unwrap_or_default();
        assert_eq!(written, r#"["one",{"text":"two","by":"person"}]"#);
    }
}
