//! The identity of a tab. Must not make one up: time and randomness come from the caller.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A tab's identity: 26 characters (a ULID), made once, never reused, safe in a file name and on a
/// command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TabId(ulid::Ulid);

impl TabId {
    /// An id from milliseconds since 1970 and random bits (of which 80 are used).
    pub fn from_parts(millis: u64, random: u128) -> TabId {
        TabId(ulid::Ulid::from_parts(millis, random))
    }

    /// When the tab was made.
    pub fn made_at(&self) -> DateTime<Utc> {
        let millis = i64::try_from(self.0.timestamp_ms()).unwrap_or_default();
        DateTime::from_timestamp_millis(millis).unwrap_or_default()
    }
}

/// The text is not 26 characters of Crockford's base 32.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tab id: 26 letters and digits are expected")]
pub struct NotATabId;

impl FromStr for TabId {
    type Err = NotATabId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = ulid::Ulid::from_string(text).map(TabId).map_err(|_| NotATabId)?;
        // One spelling only: look-alikes (`o` for `0`, lower case) would name a second file.
        if id.to_string() == text { Ok(id) } else { Err(NotATabId) }
    }
}

impl TryFrom<String> for TabId {
    type Error = NotATabId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TabId> for String {
    fn from(id: TabId) -> String {
        id.to_string()
    }
}

impl fmt::Display for TabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_has_one_spelling() {
        let id = TabId::from_parts(1_700_000_000_000, 42);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_lowercase().parse::<TabId>(), Err(NotATabId));
        for bad in ["", "../../etc/passwd", "-01HF", "01HF7YAT00000000000000001O"] {
            assert_eq!(bad.parse::<TabId>(), Err(NotATabId), "{bad}");
        }
    }
}
