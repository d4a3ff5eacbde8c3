//! Names for jobs that nobody named: two short words that can be said and typed.
//! Must not give one twice.

/// How it is.
const HOW: [&str; 64] = [
    "amber", "brave", "brisk", "bronze", "calm", "clear", "clever", "coral", "crisp", "curly",
    "dapper", "dusky", "eager", "early", "fair", "fancy", "fleet", "fluffy", "fresh", "gentle",
    "glad", "golden", "grand", "happy", "hardy", "hazel", "humble", "icy", "ivory", "jolly",
    "keen", "kind", "lively", "loyal", "lucky", "mellow", "merry", "mild", "misty", "neat",
    "nimble", "noble", "olive", "patient", "plain", "proud", "quick", "quiet", "rapid", "rosy",
    "rusty", "sandy", "shy", "silver", "sleepy", "snowy", "steady", "sunny", "swift", "tidy",
    "velvet", "warm", "wise", "young",
];

/// Who it is.
const WHO: [&str; 64] = [
    "badger", "bat", "bear", "beaver", "bee", "bison", "camel", "cat", "cricket", "crow",
    "dolphin", "donkey", "dove", "duck", "eagle", "eel", "falcon", "ferret", "finch", "fox",
    "frog", "goat", "goose", "hare", "hawk", "hedgehog", "heron", "horse", "ibis", "jackal",
    "kite", "koala", "lark", "lemur", "lion", "lizard", "llama", "lynx", "magpie", "marten",
    "mole", "moose", "moth", "mouse", "newt", "otter", "owl", "panda", "pony", "puffin", "quail",
    "rabbit", "raven", "robin", "salmon", "seal", "shark", "snail", "sparrow", "swan", "tiger",
    "toad", "trout", "wren",
];

/// A name that is not taken. `random` chooses; where most names are taken it is counted on from there,
/// and behind the last pair with numbers.
pub fn pick(random: u128, is_taken: &dyn Fn(&str) -> bool) -> String {
    let pairs = HOW.len() * WHO.len();
    let first = usize::try_from(random % pairs as u128).unwrap_or(0);
    let pair = |step: usize| {
        // A step that has no divisor in common with the count comes to every pair once.
        let at = (first + step * 1_531) % pairs;
        format!("{}-{}", HOW[at / WHO.len()], WHO[at % WHO.len()])
    };
    let free = (0..pairs).map(pair).find(|name| !is_taken(name));
    free.unwrap_or_else(|| {
        let mut number = 2_u64;
        loop {
            let name = format!("{}-{number}", pair(0));
            if !is_taken(&name) {
                return name;
            }
            number += 1;
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::model::name;

    #[test]
    fn every_name_is_given_once_and_there_is_always_one_more() {
        let mut given = HashSet::new();
        for number in 0..HOW.len() * WHO.len() + 50 {
            let name = pick(number as u128 * 7, &|name| given.contains(name));
            assert!(name::check(&name).is_ok() && name.len() <= 20, "{name}");
            assert!(given.insert(name));
        }
    }
}
