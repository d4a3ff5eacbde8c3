//! `tabctl release`

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::name::shown;
use crate::ops::{Ctx, lease, list, select};
use crate::ui::{history, text};

/// Give a tab back, or let an agent type there
///
/// An agent in another tab may only send to this one when a person has let it: with --to, for a
/// while. It never may while this one asks something, and `tabctl take` ends it.
///
/// Examples:
///   tabctl release api
///   tabctl release api --to claude
///   tabctl release api --to codex --for 2h
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// Let agents of this kind type there
    #[arg(long = "to", value_name = "AGENT")]
    agent: Option<String>,
    /// For so long: 10m, 2h [default: 30m]
    #[arg(long = "for", value_name = "TIME", value_parser = super::wait::time, requires = "agent")]
    lasts: Option<Duration>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab_or_remembered(ctx, args.tab.as_deref())?;
    list::registered_row(ctx, &tab)?;
    if args.lasts.is_some_and(|lasts| lasts.is_zero()) {
        let fault = Fault::new(Kind::Usage, "for no time at all, nobody is let in");
        return Err(fault.hint("`tabctl take` ends what an agent was let in for").into());
    }
    let lasts = args.lasts.and_then(|lasts| u64::try_from(lasts.as_millis()).ok());
    let lasts = lasts.unwrap_or(lease::GRANTED);
    let was_held = lease::release(ctx, &tab, args.agent.as_deref(), lasts)?;
    let name = shown(&tab.session.tab);
    if args.json {
        let to = args.agent.as_ref();
        return out.json(&json!({ "tab": name, "released": was_held, "to": to }));
    }
    match (&args.agent, was_held) {
        (Some(agent), _) => {
            let lasts = history::took(Duration::from_millis(lasts));
            out.talk(&format!("{} may type into {name} for {lasts}", text::clean(agent)));
        }
        (None, true) => out.talk(&format!("{name} is given back")),
        (None, false) => out.talk(&format!("nobody had taken {name}")),
    }
    Ok(())
}
