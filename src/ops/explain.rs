//! Why a state is shown: every claim, which rule chose, and what it overruled; also of evidence that
//! was kept. Must not decide anything anew: it asks the resolver.

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ctx, list};
use crate::error::{Fault, Kind};
use crate::model::resolve::{Evidence, Verdict, resolve};
use crate::model::row::Row;
use crate::model::status::{Claim, State};
use crate::store::Loaded;

/// A verdict with everything that it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The tab's name, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<String>,
    /// What was decided.
    pub status: Verdict,
    /// The time for which it was decided.
    pub now: DateTime<Utc>,
    /// Every claim, strongest and newest first.
    pub claims: Vec<Weighed>,
}

/// A claim, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// What it says.
    #[serde(flatten)]
    pub claim: Claim,
    /// How it stands to the verdict.
    pub standing: Standing,
}

/// How a claim stands to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It is the verdict.
    Decides,
    /// It says the same.
    Agrees,
    /// It is stronger, or as strong and newer, and the rule set it aside.
    Overruled,
    /// It is weaker, or older and of the same strength.
    Weaker,
    /// It names no state.
    Silent,
}

/// Why a tab's state is shown.
pub fn tab(ctx: &Ctx, tab: &Loaded) -> Result<Explained> {
    let Row { tab, status, claims, .. } = list::registered_row(ctx, tab)?;
    Ok(weigh(Some(tab), status, &claims, ctx.now()))
}

/// Evidence as it was kept: a `transition` of a journal, a row of `ls --json`, or claims alone.
#[derive(Deserialize)]
struct Kept {
    claims: Vec<Claim>,
    #[serde(default, alias = "at")]
    now: Option<DateTime<Utc>>,
    #[serde(default)]
    alive_since: Option<DateTime<Utc>>,
}

/// Decides kept evidence again, as of the time at which it was kept.
///
/// # Errors
/// `BadFile` for a text that is no evidence.
pub fn replay(text: &str) -> Result<Explained> {
    let kept = kept(text).map_err(|error| {
        Fault::new(Kind::BadFile, format!("this is no evidence: {error}"))
            .hint("a `transition` line of a journal, or JSON with `claims` (and `now`)")
    })?;
    let newest = kept.claims.iter().map(|claim| claim.at).max().unwrap_or_default();
    let now = kept.now.unwrap_or(newest);
    let alive_since = kept.alive_since.unwrap_or(now);
    let status = resolve(&Evidence { claims: &kept.claims, now, alive_since });
    Ok(weigh(None, status, &kept.claims, now))
}

fn kept(text: &str) -> serde_json::Result<Kept> {
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let value: Value = serde_json::from_str(text).or_else(|_| serde_json::from_str(last))?;
    match value {
        Value::Array(claims) => {
            let claims = serde_json::from_value(Value::Array(claims))?;
            Ok(Kept { claims, now: None, alive_since: None })
        }
        Value::Object(mut entry) => {
            let inner = entry.remove("with").filter(Value::is_object);
            serde_json::from_value(inner.unwrap_or(Value::Object(entry)))
        }
        other => serde_json::from_value(other),
    }
}

fn weigh(tab: Option<String>, status: Verdict, claims: &[Claim], now: DateTime<Utc>) -> Explained {
    let chosen = &status.claim;
    let strength = |claim: &Claim| (claim.source.rank(), std::cmp::Reverse(claim.at));
    let standing = |claim: &Claim| match claim.state {
        _ if claim == chosen => Standing::Decides,
        State::Unknown => Standing::Silent,
        state if state == chosen.state => Standing::Agrees,
        _ if strength(claim) < strength(chosen) => Standing::Overruled,
        _ => Standing::Weaker,
    };
    let weighed = |claim: &Claim| Weighed { claim: claim.clone(), standing: standing(claim) };
    let mut claims: Vec<Weighed> = claims.iter().map(weighed).collect();
    claims.sort_by_key(|weighed| strength(&weighed.claim));
    Explained { tab, status, now, claims }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    const CLAIMS: &str = r#"[
        {"state": "idle", "source": "hook", "at": "2026-11-21T10:00:00Z"},
        {"state": "unknown", "source": "silence", "at": "2026-11-21T10:00:01Z"},
        {"state": "attention", "reason": "permission", "source": "screen", "at": "2026-11-21T10:00:02Z"}
    ]"#;

    #[test]
    fn kept_evidence_is_decided_again() {
        let entry = format!(
            r#"{{"at": "2026-11-21T11:00:00Z", "boot": "b", "what": "transition", "with":
               {{"to": "idle", "now": "2026-11-21T10:00:03Z", "claims": {CLAIMS}}}}}"#
        );
        for text in
            [CLAIMS, &format!(r#"{{"claims": {CLAIMS}}}"#), &entry.replace('\n', " "), &entry]
        {
            let explained = replay(text).unwrap();
            assert_eq!(explained.status.rule, "missed-prompt", "{text}");
            let standings: Vec<_> = explained.claims.iter().map(|c| c.standing).collect();
            assert_eq!(standings, [Standing::Overruled, Standing::Silent, Standing::Decides]);
        }
        let two = format!("{{\"what\": \"claimed\"}}\n{}\n", entry.replace('\n', " "));
        let now = replay(&two).unwrap().now;
        assert_eq!(now.to_rfc3339(), "2026-11-21T10:00:03+00:00", "the last line, at its own time");
    }

    #[test]
    fn what_is_no_evidence_is_refused() {
        for text in ["", "x", "3", "{}", "[1]", r#"{"claims": [{"state": "busy"}]}"#] {
            assert_eq!(crate::error::kind_of(&replay(text).unwrap_err()), Kind::BadFile, "{text}");
        }
    }
}
