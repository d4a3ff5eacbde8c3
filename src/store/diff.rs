//! What has to be changed in a document so that it says something else: the smallest edits.
//! Must not know the layout of the document, nor that it is YAML.

use serde_json::{Map, Value};

/// One step down into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value under this key.
    Key(String),
    /// The item at this index.
    Item(usize),
}

/// One change. Edits are made in order: each one is about what the ones before it have left.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Sets `key` of the mapping at `at`.
    Set {
        /// The mapping.
        at: Vec<Step>,
        /// The key, present or not.
        key: String,
        /// The new value.
        value: Value,
        /// All keys of the mapping in the order in which they should stand.
        order: Vec<String>,
    },
    /// Takes `key` out of the mapping at `at`.
    Unset {
        /// The mapping.
        at: Vec<Step>,
        /// The key.
        key: String,
    },
    /// Puts an item into the list at `at`.
    Insert {
        /// The list.
        at: Vec<Step>,
        /// The index that it will have.
        index: usize,
        /// The item.
        value: Value,
    },
    /// Replaces an item of the list at `at`.
    Replace {
        /// The list.
        at: Vec<Step>,
        /// The item's index.
        index: usize,
        /// The new item.
        value: Value,
    },
    /// Takes an item out of the list at `at`.
    Delete {
        /// The list.
        at: Vec<Step>,
        /// The item's index.
        index: usize,
    },
}

/// The edits that make `new` out of `old`, both mappings, in a document of the shape `written`: a
/// list that is written in another way there (a command as one string) is replaced as a whole.
pub fn diff(old: &Value, new: &Value, written: &Value) -> Vec<Edit> {
    let mut differ = Differ { edits: Vec::new(), at: Vec::new() };
    if let (Value::Object(old), Value::Object(new)) = (old, new) {
        differ.mappings(old, new, Some(written));
    }
    differ.edits
}

struct Differ {
    edits: Vec<Edit>,
    at: Vec<Step>,
}

impl Differ {
    fn mappings(
        &mut self,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
        written: Option<&Value>,
    ) {
        for key in old.keys().filter(|key| !new.contains_key(*key)) {
            self.edits.push(Edit::Unset { at: self.at.clone(), key: key.clone() });
        }
        for (key, value) in new {
            let known = old.get(key);
            if known == Some(value) {
                continue;
            }
            self.at.push(Step::Key(key.clone()));
            let written = written.and_then(|written| written.get(key));
            let inside = known.is_some_and(|known| self.inside(known, value, written));
            self.at.pop();
            if !inside {
                let order = new.keys().cloned().collect();
                let (at, key, value) = (self.at.clone(), key.clone(), value.clone());
                self.edits.push(Edit::Set { at, key, value, order });
            }
        }
    }

    /// Two different values: whether the difference could be told by edits inside of them.
    fn inside(&mut self, old: &Value, new: &Value, written: Option<&Value>) -> bool {
        match (old, new, written) {
            (Value::Object(old), Value::Object(new), _) => {
                self.mappings(old, new, written);
                true
            }
            // An emptied list goes as a whole: what its last item leaves is not a list any more.
            (Value::Array(old), Value::Array(new), Some(Value::Array(written)))
                if !new.is_empty() =>
            {
                self.items(old, new, written);
                true
            }
            _ => false,
        }
    }

    /// What both lists begin and end with stays; between, items are replaced, inserted, deleted.
    fn items(&mut self, old: &[Value], new: &[Value], written: &[Value]) {
        let same = |(a, b): &(&Value, &Value)| a == b;
        let head = old.iter().zip(new).take_while(same).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
        let (gone, fresh) = (old.len() - tail, new.len() - tail);
        for index in head..gone.min(fresh) {
            let (Some(was), Some(is)) = (old.get(index), new.get(index)) else { continue };
            self.at.push(Step::Item(index));
            let inside = was == is || self.inside(was, is, written.get(index));
            self.at.pop();
            if !inside {
                let (at, value) = (self.at.clone(), is.clone());
                self.edits.push(Edit::Replace { at, index, value });
            }
        }
        for _ in fresh..gone {
            self.edits.push(Edit::Delete { at: self.at.clone(), index: fresh });
        }
        for (index, value) in new.iter().enumerate().take(fresh).skip(gone) {
            let (at, value) = (self.at.clone(), value.clone());
            self.edits.push(Edit::Insert { at, index, value });
        }
    }
}

/// Makes the edits in a plain value: the oracle for whoever makes them in a text.
/// `None` where the value has another shape than the edits are about.
pub fn apply(edits: &[Edit], document: &mut Value) -> Option<()> {
    for edit in edits {
        match edit {
            Edit::Set { at, key, value, .. } => {
                find(document, at)?.as_object_mut()?.insert(key.clone(), value.clone());
            }
            Edit::Unset { at, key } => {
                find(document, at)?.as_object_mut()?.shift_remove(key);
            }
            Edit::Insert { at, index, value } => {
                let list = find(document, at)?.as_array_mut()?;
                (*index <= list.len()).then(|| list.insert(*index, value.clone()))?;
            }
            Edit::Replace { at, index, value } => {
                *find(document, at)?.as_array_mut()?.get_mut(*index)? = value.clone();
            }
            Edit::Delete { at, index } => {
                let list = find(document, at)?.as_array_mut()?;
                (*index < list.len()).then(|| list.remove(*index))?;
            }
        }
    }
    Some(())
}

fn find<'a>(document: &'a mut Value, at: &[Step]) -> Option<&'a mut Value> {
    at.iter().try_fold(document, |value, step| match step {
        Step::Key(key) => value.as_object_mut()?.get_mut(key),
        Step::Item(index) => value.as_array_mut()?.get_mut(*index),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_appended_note_is_one_insert() {
        let old = json!({"notes": [{"text": "a"}], "tab": "x"});
        let new = json!({"notes": [{"text": "a"}, {"text": "b"}], "tab": "x"});
        let at = vec![Step::Key("notes".to_owned())];
        let value = json!({"text": "b"});
        assert_eq!(diff(&old, &new, &old), [Edit::Insert { at, index: 1, value }]);
    }

    #[test]
    fn a_change_deep_inside_touches_only_its_own_key() {
        let old = json!({"agent": {"kind": "c", "session_id": "1"}, "tags": ["a", "c"]});
        let new = json!({"agent": {"kind": "c", "session_id": "2"}, "tags": ["a", "b", "c"]});
        let edits = diff(&old, &new, &old);
        let order = vec!["kind".to_owned(), "session_id".to_owned()];
        let (agent, tags) = (Step::Key("agent".to_owned()), Step::Key("tags".to_owned()));
        let expected = [
            Edit::Set { at: vec![agent], key: "session_id".to_owned(), value: json!("2"), order },
            Edit::Insert { at: vec![tags], index: 1, value: json!("b") },
        ];
        assert_eq!(edits, expected);
    }

    #[test]
    fn a_list_that_is_written_as_something_else_is_replaced() {
        let (old, new) = (json!({"resume": ["a"]}), json!({"resume": ["a", "b"]}));
        let written = json!({"resume": "a"});
        let edits = diff(&old, &new, &written);
        assert!(
            matches!(edits.as_slice(), [Edit::Set { key, .. }] if key == "resume"),
            "{edits:?}"
        );
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof!["[ab]".prop_map(Value::from), any::<bool>().prop_map(Value::from)];
        let nested = leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        });
        prop::collection::btree_map("[abc]", nested, 0..4)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn the_edits_between_two_documents_lead_from_one_to_the_other(
            old in values(), new in values(),
        ) {
            let mut document = old.clone();
            prop_assert_eq!(apply(&diff(&old, &new, &old), &mut document), Some(()));
            prop_assert_eq!(document, new);
        }
    }
}
