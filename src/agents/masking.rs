//! Takes what looks like a secret out of any text before it is written down. Must rather take out too
//! much: what is left is for reading only.

use std::sync::OnceLock;

use regex_lite::Regex;

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// What secrets look like; what is to stay of each is a group.
const SHAPES: &[&str] = &[
    // NAME_KEY=value, "apiKey": "value", password: value
    r#"(?i)((?:[a-z0-9_.-]+[_.-]?key|[a-z0-9_.-]*(?:token|secret|passw(?:or)?d|credentials?))["']?\s*[=:]\s*["']?)[^\s"',;]{4,}"#,
    r"(?i)(--(?:[a-z-]+-)?(?:key|apikey|token|secret|passw(?:or)?d)\s+)\S+",
    r"(?i)(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}",
    r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@",
    r"()\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}",
    r"()\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"()\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"()\bglpat-[A-Za-z0-9_-]{16,}",
    r"()\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    r"()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"()\bAIza[0-9A-Za-z_-]{30,}",
    r"()\bnpm_[A-Za-z0-9]{30,}",
    r"()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
    r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
];

/// Each shape needs one of these, in small letters: to look for them is quick, and most lines have none.
const HINTS: &[&str] = &[
    "key",
    "token",
    "secret",
    "passw",
    "credential",
    "bearer",
    "basic",
    "://",
    "sk-",
    "sk_",
    "pk-",
    "pk_",
    "rk-",
    "rk_",
    "gh",
    "glpat-",
    "xox",
    "akia",
    "asia",
    "aiza",
    "npm_",
    "eyj",
];

/// A text with `[hidden]` for everything that looks like a secret.
pub fn without_secrets(text: &str) -> String {
    static SHAPED: OnceLock<Vec<Regex>> = OnceLock::new();
    let small = text.to_ascii_lowercase();
    if !HINTS.iter().any(|hint| small.contains(hint)) {
        return text.to_owned();
    }
    let shapes = SHAPED.get_or_init(|| {
        // Each of them compiles: a test goes through them all.
        SHAPES.iter().filter_map(|shape| Regex::new(shape).ok()).collect()
    });
    let replacement = format!("${{1}}{HIDDEN}");
    shapes.iter().fold(text.to_owned(), |text, shape| {
        shape.replace_all(&text, replacement.as_str()).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_hidden() {
        assert!(SHAPES.iter().all(|shape| Regex::new(shape).is_ok()));
        let token = "abcdefghijklmnopqrstuvwxyz0123456789";
        for (text, left) in [
            ("export ANTHROPIC_API_KEY=abc123 x", "export ANTHROPIC_API_KEY=[hidden] x"),
            (r#"{"apiKey": "abc123", "a": 1}"#, r#"{"apiKey": "[hidden]", "a": 1}"#),
            ("DB_PASSWORD='abc123'", "DB_PASSWORD='[hidden]'"),
            ("password: hunter22", "password: [hidden]"),
            ("tool --api-key abc123 go", "tool --api-key [hidden] go"),
            ("Authorization: Bearer abcdef123456", "Authorization: Bearer [hidden]"),
            ("git clone https://me:abc123@host/x", "git clone https://me:[hidden]host/x"),
            (&format!("it is sk-ant-{token}!"), "it is [hidden]!"),
            (&format!("ghp_{token}"), "[hidden]"),
            ("AKIAABCDEFGHIJKLMNOP", "[hidden]"),
            (&format!("eyJhbGciOiJIUzI1.{token}.{token}"), "[hidden]"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nafter",
                "-----BEGIN RSA PRIVATE KEY-----[hidden]\nafter",
            ),
            ("-----BEGIN PRIVATE KEY-----\nabc", "-----BEGIN PRIVATE KEY-----[hidden]"),
        ] {
            assert_eq!(without_secrets(text), left, "{text}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "12.4k tokens left, 300 tokens used",
            "press any key to go on",
            "https://example.org/a:b",
            "the keyboard: qwerty",
            "git log --max-tokens 5",
        ] {
            assert_eq!(without_secrets(text), text);
        }
    }
}
