//! `tabctl log`

use anyhow::Result;
use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::log::{self, Wish};
use crate::ops::{Ctx, select};
use crate::ui::{log as drawn, text};

/// Show what was done with tabs, when and by whom
///
/// Every tab has a journal: each line carries the hash of the one before it. `--verify` says whether
/// all lines stand there as they were written, and names each that was changed, taken away or moved.
/// The program of a malicious user can write another chain; this is not what it protects against.
///
/// ACTOR is person, agent, hook or system, or a name: a user, an agent's kind.
///
/// Examples:
///   tabctl log
///   tabctl log api --since 2h
///   tabctl log --actor claude --json
///   tabctl log --verify
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// One tab only: its name, folder or file
    tab: Option<String>,
    /// Only what this actor did
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only from then on: 90s, 10m, 2h, 3d, or a date with or without a time
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// The newest lines only; 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 200)]
    lines: usize,
    /// Look whether all is as it was written
    #[arg(long, conflicts_with_all = ["actor", "since"])]
    verify: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab =
        args.tab.as_deref().map(|tab| select::tab_or_remembered(ctx, Some(tab))).transpose()?;
    let tab = tab.map(|tab| tab.session.id);
    if args.verify {
        let verified = log::verify(ctx, tab)?;
        if args.json {
            out.json(&verified)?;
        } else {
            out.lines(verified.iter().flat_map(drawn::verified))?;
        }
        return log::must_be_whole(&verified);
    }
    let since = args.since.as_deref().map(|when| moment(when, ctx.now())).transpose()?;
    let mut told = log::read(ctx, &Wish { tab, actor: args.actor.clone(), since })?;
    let surplus = told.len().saturating_sub(if args.lines == 0 { usize::MAX } else { args.lines });
    told.drain(..surplus);
    if args.json {
        return out.json(&told);
    }
    if told.is_empty() {
        out.talk("nothing was written down of that");
    }
    out.lines(drawn::lines(&told, tab.is_none(), out.columns()))?;
    if surplus > 0 {
        out.talk(&format!("{surplus} older lines; `--lines 0` shows all"));
    }
    Ok(())
}

/// A time that somebody typed: so long ago, or a date of this machine's own time.
pub fn moment(typed: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let wrong = || {
        Fault::new(Kind::Usage, format!("'{}' is no time", text::clean(typed)))
            .hint("write 90s, 10m, 2h, 3d, 2026-11-21 or '2026-11-21 17:30'")
    };
    if let Ok(at) = DateTime::parse_from_rfc3339(typed) {
        return Ok(at.to_utc());
    }
    let naive = NaiveDateTime::parse_from_str(typed, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDate::parse_from_str(typed, "%Y-%m-%d").map(Into::into));
    if let Ok(naive) = naive {
        let local = naive.and_local_timezone(Local).earliest();
        return local.map(|at| at.to_utc()).ok_or_else(|| wrong().into());
    }
    let split = typed.len().checked_sub(1).filter(|at| typed.is_char_boundary(*at));
    let (number, unit) = typed.split_at(split.unwrap_or(0));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(wrong().into()),
    };
    let ago = number.parse::<i64>().ok().and_then(|number| number.checked_mul(seconds));
    let ago = ago.filter(|ago| *ago >= 0).and_then(TimeDelta::try_seconds);
    ago.and_then(|ago| now.checked_sub_signed(ago)).ok_or_else(|| wrong().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn a_time_is_so_long_ago_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-11-21T12:00:00Z").unwrap().to_utc();
        let ago = |typed: &str| (now - moment(typed, now).unwrap()).num_seconds();
        assert_eq!(["90s", "10m", "2h", "3d", "0s"].map(ago), [90, 600, 7200, 259_200, 0]);
        assert_eq!(ago("2026-11-21T11:59:00Z"), 60);
        assert!(moment("2026-11-20", now).unwrap() < now);
        for typed in ["", "x", "5", "-5m", "5w", "m", "99999999999999999999d", "ü", "2026-13-01"] {
            assert!(moment(typed, now).is_err(), "{typed:?}");
        }
    }
}
