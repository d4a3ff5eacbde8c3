//! `tabctl prompt`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::{Ctx, prompt};
use crate::ui::{segment, text};

/// Print the tab for a prompt, a status line or a bar
///
/// The same as `tabctl init` shows in a prompt: what the tab is doing, its name, a lock if it is
/// locked, and how many other tabs need you. In no tab, it is only their number; if there is nothing
/// to show, it prints nothing.
///
/// A format is a text with {glyph}, {tab}, {state}, {lock}, {others} (as `2!`) and {names} (of the
/// other tabs that need you); or `waybar`, for its JSON.
///
/// Examples:
///   tabctl prompt
///   tabctl prompt --format '{glyph} {tab}'
///   tabctl prompt --format waybar
///   tabctl prompt api --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// What to print of it
    #[arg(long, short, value_name = "FORMAT")]
    format: Option<String>,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let seen = prompt::seen(ctx, args.tab.as_deref())?;
    if args.json {
        let own = seen.own.as_ref();
        return out.json(&json!({
            "tab": own.map(|own| &own.tab),
            "state": own.map(|own| own.state),
            "locked": own.map(|own| own.locked),
            "others": seen.others,
        }));
    }
    let shown = match args.format.as_deref() {
        None => segment::text(&seen),
        Some("waybar") => segment::waybar(&seen).to_string(),
        Some(format) => segment::filled(format, &seen).map_err(|word| {
            let message = format!("'{{{}}}' is no field of a format", text::clean(&word));
            let fields = segment::FIELDS.map(|field| format!("{{{field}}}")).join(" ");
            Fault::new(Kind::Usage, message).hint(format!("the fields are {fields}; or `waybar`"))
        })?,
    };
    if shown.is_empty() { Ok(()) } else { out.line(&text::clean(&shown)) }
}
