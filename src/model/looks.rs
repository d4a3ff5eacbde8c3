//! When a person has looked at a tab: the look that lasts, and the one before it. Must not find out
//! whether somebody looks.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Looks that are no further apart are one visit.
const ONE_VISIT: TimeDelta = TimeDelta::minutes(10);

/// What is known of a person's looks at a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// The last one.
    pub last: DateTime<Utc>,
    /// The last one of the visit before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<DateTime<Utc>>,
}

impl Looks {
    /// With one more look, now.
    #[must_use]
    pub fn with(known: Option<Looks>, now: DateTime<Utc>) -> Looks {
        match known {
            None => Looks { last: now, before: None },
            // A clock that was set back must not lose what is unseen.
            Some(known) if (now - known.last).abs() <= ONE_VISIT => Looks { last: now, ..known },
            Some(known) => Looks { last: now, before: Some(known.last) },
        }
    }

    /// What came after this is new to a person who asks now; nothing if all of it is.
    pub fn seen_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Whoever has just come wants to know what happened before that.
        if (now - self.last).abs() <= ONE_VISIT { self.before } else { Some(self.last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_just_come_is_told_what_happened_since_the_visit_before() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let first = Looks::with(None, at(0));
        assert_eq!((first.seen_until(at(1)), first.seen_until(at(60))), (None, Some(at(0))));
        let same = Looks::with(Some(first), at(9));
        assert_eq!(same, Looks { last: at(9), before: None });
        let second = Looks::with(Some(same), at(100));
        assert_eq!(second.seen_until(at(101)), Some(at(9)));
        assert_eq!(second.seen_until(at(200)), Some(at(100)));
        // The clock was set back.
        assert_eq!(Looks::with(Some(second), at(50)).before, Some(at(100)));
    }
}
