//! `tabctl queue`

use anyhow::Result;

use super::ask;
use super::out::Out;
use crate::ops::queue::{self, Standing, Waiting};
use crate::ops::{Ctx, editor, select};
use crate::ui::{style, text};

/// Show or change the prompts that wait for a tab
///
/// `tabctl send TAB --queue TEXT` adds one. They stand in the session file, and are typed one at a
/// time whenever the agent is idle, also after a reboot. What stands there without having been queued
/// with tabctl is never typed; `--edit` makes it yours.
///
/// Examples:
///   tabctl queue api
///   tabctl queue api --remove 2
///   tabctl queue api --move 3 1
///   tabctl queue api --edit 1
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// Take the prompt with this number away
    #[arg(long = "remove", value_name = "N", conflicts_with_all = ["places", "edit", "clear"])]
    number: Option<usize>,
    /// Give the prompt with this number another place
    #[arg(long = "move", value_names = ["N", "PLACE"], num_args = 2, conflicts_with_all = ["edit", "clear"])]
    places: Vec<usize>,
    /// Give the prompt with this number another text, in $EDITOR
    #[arg(long, value_name = "N", conflicts_with = "clear")]
    edit: Option<usize>,
    /// The other text, without an editor
    #[arg(long, value_name = "TEXT", requires = "edit")]
    text: Option<String>,
    /// Take all away
    #[arg(long)]
    clear: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    let mut changes = true;
    let tab = match (args.number, args.places.as_slice(), args.edit) {
        (Some(number), ..) => queue::remove(ctx, &tab, number)?,
        (_, [number, place], _) => queue::shift(ctx, &tab, *number, *place)?,
        (.., Some(number)) => {
            let text = match &args.text {
                Some(text) => text.clone(),
                None => editor::edit(ctx, &known(ctx, &tab, number)?)?,
            };
            queue::rewrite(ctx, &tab, number, &text)?
        }
        _ if args.clear => {
            let count = tab.session.queue.len();
            ask::confirm(&format!("Take {count} prompts away?"), args.yes || count == 0)?;
            queue::clear(ctx, &tab)?
        }
        _ => {
            changes = false;
            tab
        }
    };
    let waiting = queue::waiting(ctx, &tab);
    if args.json {
        return out.json(&waiting);
    }
    if waiting.is_empty() {
        out.talk(if changes { "nothing waits any more" } else { "nothing waits" });
    }
    waiting.iter().try_for_each(|one| show(one, ctx, out))
}

/// What a prompt says now.
fn known(ctx: &Ctx, tab: &crate::store::Loaded, number: usize) -> Result<String> {
    queue::theirs(ctx, tab, number).map(|prompt| prompt.text)
}

/// The prompt as it was written, with its number and who queued it.
fn show(one: &Waiting, ctx: &Ctx, out: &mut Out) -> Result<()> {
    out.lines(text::clean_lines(&one.text))?;
    let age = one.at.map(|at| format!(", {} ago", text::age(at, ctx.now()))).unwrap_or_default();
    let by = one.by.as_deref().map(text::clean);
    let told = match one.standing {
        Standing::Waits => {
            format!("{}{age}", by.unwrap_or_default()).replace("now ago", "just now")
        }
        Standing::UnderWay => "is being typed".to_owned(),
        Standing::NotQueuedHere => {
            format!("came with the file, and is not typed; --edit {} makes it yours", one.number)
        }
        Standing::UnknownOutcome => {
            "unknown outcome: it was begun, and is not typed again; look, and --remove it"
                .to_owned()
        }
    };
    let paint = if one.standing.is_typed() { style::DIM } else { style::WARN };
    out.line(&style::paint(paint, &format!("  {}  {told}", one.number)))
}
