//! Telling names of secrets from other names, and taking secrets out of a command line before it is
//! written down. Must not print or keep what it takes out.

use super::Spec;
use super::words::{self, Item, Kind};
use crate::model::argv::Argv;

/// Whether a variable's name says that its value is a secret.
pub fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a flag's value is a secret: by the last word of its name, so that `--max-tokens` and
/// `--key-file` are not meant.
fn flag_takes_a_secret(flag: &str) -> bool {
    let last = flag.rsplit(['-', '_']).next().unwrap_or(flag).to_ascii_lowercase();
    ["key", "apikey", "token", "secret", "password", "passwd"].contains(&&*last)
}

/// Whether a word sets a variable that is a secret: `NAME=value`.
fn sets_a_secret(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| super::recognise::is_assignment(word) && names_a_secret(name))
}

/// Flags of what starts an agent in a container that set a variable there.
const SET_VARIABLES: &[&str] = &["-e", "--env"];

/// The `NAME=value` in a word: the word itself, or behind such a flag.
fn assigned(word: &str) -> Option<&str> {
    let behind = word.strip_prefix("--env=").or_else(|| word.strip_prefix("-e"));
    Some(behind.unwrap_or(word)).filter(|word| word.contains('='))
}

impl Spec {
    /// A command line that may be written down: without the flags whose values are secrets and
    /// without variables that are (`API_KEY=… program`). Also the names of what was taken out.
    pub fn without_secrets(&self, argv: &[String]) -> (Argv, Vec<String>) {
        let (start, offset) = self.beginning(argv);
        let (mut kept, mut removed) = (Vec::new(), Vec::new());
        for word in &argv[..start] {
            let Some(secret) = assigned(word).filter(|word| sets_a_secret(word)) else {
                kept.push(word.clone());
                continue;
            };
            removed.push(name_of(secret));
            // Its flag would take the next word for its value.
            kept.pop_if(|flag| secret == word && SET_VARIABLES.contains(&flag.as_str()));
        }
        for item in words::read(&argv[offset..], &self.flags) {
            if is_secret(&item) {
                removed.extend(item.words.first().map(|word| name_of(word)));
            } else {
                kept.extend(item.words);
            }
        }
        (Argv(kept), removed)
    }
}

fn is_secret(item: &Item) -> bool {
    match &item.kind {
        Kind::Flag { name, values } => {
            (flag_takes_a_secret(name) && !values.is_empty())
                || values.iter().any(|value| sets_a_secret(value))
        }
        Kind::Word | Kind::Separator => false,
    }
}

fn name_of(word: &str) -> String {
    word.split('=').next().unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn a_command_line_is_written_down_without_its_secrets() {
        let text = "kind: a\nprogram: a\nflags: {value: [--api-key, --set-env, -c], alone: [-y]}";
        let spec: Spec = serde_yaml::from_str(text).unwrap();
        for (line, kept, removed) in [
            ("a -y go", "a -y go", ""),
            ("a --api-key x -y", "a -y", "--api-key"),
            ("a --api-key=x go", "a go", "--api-key"),
            ("a --set-env A_TOKEN=x -c b=c", "a -c 'b=c'", "--set-env"),
            ("A_KEY=x B=y a go", "'B=y' a go", "A_KEY"),
            ("env A_SECRET=x a", "env a", "A_SECRET"),
            ("docker exec -it -e A_KEY=x -e B=y c a", "docker exec -it -e 'B=y' c a", "A_KEY"),
            ("docker exec --env=A_KEY=x -eB_KEY=x c a", "docker exec c a", "A_KEY B_KEY"),
            ("a --new-token x go", "a go", "--new-token"),
            ("a --max-tokens 5", "a --max-tokens 5", ""),
            ("a --api-key", "a --api-key", ""),
            ("a -- --api-key x", "a -- --api-key x", ""),
        ] {
            let argv = shell_words::split(line).unwrap();
            let (argv, names) = spec.without_secrets(&argv);
            assert_eq!(
                (argv.display().as_str(), names.join(" ").as_str()),
                (kept, removed),
                "{line}"
            );
        }
    }

    #[test]
    fn names_of_secrets_are_told_from_others() {
        for secret in ["ANTHROPIC_API_KEY", "GITHUB_TOKEN", "MY_SECRET", "db_password"] {
            assert!(names_a_secret(secret), "{secret}");
        }
        for plain in ["CLAUDE_CONFIG_DIR", "ANTHROPIC_BASE_URL", "AWS_PROFILE"] {
            assert!(!names_a_secret(plain), "{plain}");
        }
        for flag in ["--api-key", "--openai-api-key", "--token", "--apikey", "--auth_token"] {
            assert!(flag_takes_a_secret(flag), "{flag}");
        }
        for flag in ["--max-tokens", "--key-file", "--auth-token-env", "--model", "-k"] {
            assert!(!flag_takes_a_secret(flag), "{flag}");
        }
    }
}
