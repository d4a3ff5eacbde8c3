//! What is hidden, and what is not.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use super::rules::RULES;
use super::*;

/// Letters and digits of the kind that tokens are made of, so many.
fn letters(count: usize) -> String {
    "a1B2c3D4e5F6g7H8i9J0".chars().cycle().take(count).collect()
}

fn hex(count: usize) -> String {
    "0a1b2c3d4e5f".chars().cycle().take(count).collect()
}

/// One secret of each rule, and what has its hint and is none.
fn cases() -> Vec<(&'static str, String, &'static str)> {
    let some = |front: &str, count| front.to_owned() + &letters(count);
    vec![
        ("named", "DB_PASSWORD=hunter22".into(), "12.4k tokens left, 300 tokens used"),
        ("flag", "tool --api-key abc123 go".into(), "git log --max-tokens 5"),
        ("header", "Authorization: Bearer abcdef123456".into(), "the bearer of it"),
        ("cookie", "Set-Cookie: session=abc; Path=/".into(), "a cookie: "),
        ("address", "git clone https://me:abc123@host/x".into(), "https://example.org/a:b"),
        ("curl", "curl -s -u me:abc123 host".into(), "curl -u me host:80"),
        ("sshpass", "sshpass -p hunter2 ssh host".into(), "sshpass -e ssh host"),
        ("openai, anthropic, stripe", some("sk-ant-", 36), "task-force, sk-short"),
        ("github", some("ghp_", 36), "ghp_ is how they begin"),
        ("github, fine-grained", some("github_pat_", 40), "github_pat_x"),
        ("gitlab", some("glpat-", 20), "glpat-…"),
        ("slack", some("xoxb-", 24), "xoxb-…"),
        (
            "slack, webhook",
            some("https://hooks.slack.com/services/T0/B0/", 24),
            "hooks.slack.com/services",
        ),
        (
            "discord, webhook",
            some("https://discord.com/api/webhooks/123/", 60),
            "/api/webhooks/list",
        ),
        ("telegram", some("12345678:AA", 33), "12:AA:0f"),
        ("aws", "AKIAABCDEFGHIJKLMNOP".into(), "Asia Pacific"),
        ("google", some("AIza", 35), "AIza"),
        ("google, oauth", some("ya29.", 40), "ya29."),
        ("azure, storage", some("https://x/y?sv=1&sig=", 40), "?sig=short"),
        ("npm", some("npm_", 36), "npm_config_registry"),
        ("pypi", some("pypi-AgE", 60), "pypi-agent"),
        ("rubygems", "rubygems_".to_owned() + &hex(48), "rubygems_version"),
        ("crates.io", some("cio", 32), "cio, the precious"),
        ("docker", some("dckr_pat_", 27), "dckr_pat_"),
        ("hugging face", some("hf_", 34), "hf_hub_download"),
        ("groq", some("gsk_", 52), "gsk_"),
        ("replicate", some("r8_", 37), "r8_UNORM_SRGB"),
        ("xai", some("xai-", 80), "xai-sdk"),
        ("perplexity", some("pplx-", 48), "pplx-70b-online"),
        ("nvidia", some("nvapi-", 64), "nvapi-open"),
        ("tavily", some("tvly-", 32), "tvly-python"),
        ("sendgrid", format!("SG.{}.{}", letters(22), letters(43)), "msg. and SG.x"),
        ("mailgun", "key-".to_owned() + &hex(32), "key-value store"),
        ("shopify", "shpat_".to_owned() + &hex(32), "shpat_"),
        ("square", some("sq0atp-", 22), "sq0"),
        ("digitalocean", "dop_v1_".to_owned() + &hex(64), "dop_v1_"),
        ("heroku", some("HRKU-", 60), "hrku-x"),
        ("atlassian", some("ATATT3", 60), "ATATT3"),
        ("linear", some("lin_api_", 40), "lin_api_x"),
        ("notion", some("ntn_", 46), "ntn_x"),
        ("airtable", format!("pat{}.{}", letters(14), hex(64)), "a path, and patches.rs"),
        ("figma", some("figd_", 40), "figd_x"),
        ("postman", format!("PMAK-{}-{}", hex(24), hex(34)), "PMAK-x"),
        ("grafana", some("glsa_", 41), "glc_x"),
        ("new relic", "NRAK-".to_owned() + &letters(27).to_uppercase(), "NRAK-x"),
        ("databricks", "dapi".to_owned() + &hex(32), "dapi.example.org"),
        ("terraform", format!("{}.atlasv1.{}", letters(14), letters(60)), "x.atlasv1.y"),
        ("vault", some("hvs.", 90), "hvs.x"),
        ("doppler", some("dp.pt.", 43), "udp.port, dp.x"),
        ("pulumi", "pul-".to_owned() + &hex(40), "pul-x"),
        ("planetscale", some("pscale_tkn_", 43), "pscale_tkn_x"),
        ("supabase", "sbp_".to_owned() + &hex(40), "sbp_x"),
        ("fly.io", some("fm2_", 80), "fm2_x"),
        ("tailscale", some("tskey-auth-", 30), "tskey-auth-x"),
        ("sentry", some("sntrys_", 80), "sntrys_x"),
        ("circleci", some("CCIPAT_", 40), "CCIPAT_x"),
        ("age", "AGE-SECRET-KEY-1".to_owned() + &letters(58).to_uppercase(), "AGE-SECRET-KEY-1…"),
        ("1password", some("ops_eyJ", 200), "ops_eyJ"),
        ("jwt", format!("eyJhbGciOiJIUzI1.{0}.{0}", letters(40)), "eyJ.a.b"),
    ]
}

#[test]
fn every_rule_hides_its_secret_and_leaves_other_text() {
    let cases = cases();
    let names: Vec<&str> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, RULES.iter().map(|rule| rule.name).collect::<Vec<_>>());
    for ((name, secret, other), rule) in cases.iter().zip(RULES) {
        let shape = Regex::new(rule.shape).unwrap();
        assert!(shape.is_match(secret) && !shape.is_match(other), "{name}");
        let hinted = |text: &str| {
            let small = text.to_lowercase();
            rule.hints.iter().any(|hint| small.contains(hint))
        };
        assert!(hinted(secret), "{name}: no hint in '{secret}'");
        let hidden = without_secrets(&format!("it is {secret}"));
        let tail: String = secret.chars().skip(secret.chars().count() - 3).collect();
        assert!(hidden.contains(HIDDEN), "{name}: {hidden}");
        assert!(
            !hidden.contains(&letters(12)) && !hidden.contains(&hex(12)),
            "{name}: {hidden} {tail}"
        );
        assert_eq!(without_secrets(other), *other, "{name}");
    }
}

#[test]
fn what_looks_like_a_secret_is_hidden() {
    for (text, left) in [
        ("export ANTHROPIC_API_KEY=abc123 x", "export ANTHROPIC_API_KEY=[hidden] x"),
        (r#"{"apiKey": "abc123", "a": 1}"#, r#"{"apiKey": "[hidden]", "a": 1}"#),
        ("DB_PASSWORD='abc123'", "DB_PASSWORD='[hidden]'"),
        ("password: hunter22", "password: [hidden]"),
        ("tool --api-key abc123 go", "tool --api-key [hidden] go"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [hidden]"),
        ("git clone https://me:abc123@host/x", "git clone https://me:[hidden]host/x"),
        ("curl -u me:abc123 host", "curl -u me:[hidden] host"),
        ("a\nMY_TOKEN=abcd\nb\n", "a\nMY_TOKEN=[hidden]\nb\n"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nafter",
            "-----BEGIN RSA PRIVATE KEY-----[hidden]\nafter",
        ),
        ("-----BEGIN PRIVATE KEY-----\nabc", "-----BEGIN PRIVATE KEY-----[hidden]"),
        (
            "x: \"-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n\"",
            "x: \"-----BEGIN PRIVATE KEY-----[hidden]\\n\"",
        ),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nabc+/=\nit goes on: here\n",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----[hidden]\nit goes on: here\n",
        ),
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
        "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n",
        "a PRIVATE KEY is private",
        "",
    ] {
        assert_eq!(without_secrets(text), text);
    }
}

#[test]
fn a_key_is_hidden_and_its_lines_stay_where_they_are() {
    let text = "a\n-----BEGIN PRIVATE KEY-----\nabc\ndef\n-----END PRIVATE KEY-----\nb\n";
    let left = "a\n-----BEGIN PRIVATE KEY-----[hidden]\n\n\n\nb\n";
    assert_eq!(without_keys(text, true), left);
    assert!(matches!(without_keys("a\nb", true), Cow::Borrowed("a\nb")));
}

#[test]
fn a_secret_is_hidden_in_its_own_word_or_behind_its_flag() {
    let hidden = |line: &str| {
        let words: Vec<String> = line.split('|').map(str::to_owned).collect();
        words_without_secrets(&words).join("|")
    };
    for (line, left) in [
        (
            "curl|-H|Authorization: Bearer abcdef123456|x",
            "curl|-H|Authorization: Bearer [hidden]|x",
        ),
        ("tool|--api-key|abc123|go", "tool|--api-key|[hidden]|go"),
        ("tool|--token=abc123|--yes", "tool|--token=[hidden]|--yes"),
        ("sh|-c|A_TOKEN=abc123 make all", "sh|-c|A_TOKEN=[hidden] make all"),
        ("make|-j|4|all", "make|-j|4|all"),
        ("|", "|"),
    ] {
        assert_eq!(hidden(line), left);
    }
}
