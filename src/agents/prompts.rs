//! Finds in a conversation what was typed to the agent, by its digest. Must give nothing else that was
//! said there.

use serde_json::Value;

use super::{Spec, Surroundings, Transcript};
use crate::model::sent;
use crate::sys::file;

/// As much of a conversation's end is looked through: what was typed lately stands there.
const MOST: u64 = 4 * 1024 * 1024;

impl Spec {
    /// The texts that were typed, of which only these digests are known ([`sent::digest`]), where the
    /// conversation has them word for word; each else nothing.
    pub fn typed(
        &self,
        session_id: &str,
        around: &Surroundings,
        wanted: &[&str],
    ) -> Vec<Option<String>> {
        let mut found = vec![None; wanted.len()];
        let Transcript::Present(path) = self.transcript(Some(session_id), around) else {
            return found;
        };
        let end = file::read_end(&path, MOST).unwrap_or_default();
        for line in end.split(|byte| *byte == b'\n').rev() {
            if found.iter().all(Option::is_some) {
                break;
            }
            if let Ok(value) = serde_json::from_slice::<Value>(line) {
                look(&value, wanted, &mut found);
            }
        }
        found
    }
}

/// Looks through all texts of a record, however it is made.
fn look(value: &Value, wanted: &[&str], found: &mut [Option<String>]) {
    match value {
        Value::String(text) => {
            let digest = sent::digest(text);
            let all = wanted.iter().zip(found);
            let meant = all.filter(|(known, found)| found.is_none() && **known == digest);
            meant.for_each(|(_, found)| *found = Some(text.clone()));
        }
        Value::Array(values) => values.iter().for_each(|value| look(value, wanted, found)),
        Value::Object(fields) => fields.values().for_each(|value| look(value, wanted, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_found_wherever_it_stands() {
        let said = serde_json::json!({
            "message": {"content": [{"text": "look at the pump"}, {"text": "secret"}]},
            "payload": "again",
        });
        let (pump, again) = (sent::digest("look at the pump "), sent::digest("again"));
        let wanted = [pump.as_str(), "no digest", again.as_str(), again.as_str()];
        let mut found = vec![None; wanted.len()];
        look(&said, &wanted, &mut found);
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, [Some("look at the pump"), None, Some("again"), Some("again")]);
    }
}
