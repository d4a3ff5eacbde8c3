//! `tabctl autostart`

use anyhow::Result;

use super::out::Out;
use crate::ops::Ctx;
use crate::ops::actor::Actor;
use crate::ops::autostart::{self, Manager, Status};
use crate::ui::{card, style, text};

/// Bring the tabs back when the machine starts
///
/// `enable` has systemd (Linux, WSL) or launchd (macOS) run `tabctl resume --quiet` once after each
/// boot; `disable` takes exactly that out again. What runs now goes on running, and a file that you
/// changed by hand is kept.
///
/// With systemd it runs at your first login, and the tabs end with your last logout, unless your
/// programs may linger: `--linger` turns that on.
///
/// Examples:
///   tabctl autostart enable
///   tabctl autostart status
///   tabctl autostart disable
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Bring the tabs back after each boot, or bring that up to date
    Enable(Enabling),
    /// Do it no more
    Disable(Asking),
    /// Say how it stands
    Status(Asking),
}

#[derive(Debug, clap::Args)]
struct Enabling {
    /// Also let your programs run without a login (loginctl enable-linger)
    #[arg(long)]
    linger: bool,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Debug, clap::Args)]
struct Asking {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// As if this were what the system has
    #[arg(long, hide = true, value_name = "MANAGER")]
    manager: Option<Which>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Which {
    Systemd,
    Launchd,
}

impl Asking {
    fn manager(&self) -> Result<Manager> {
        match self.manager {
            Some(Which::Systemd) => Ok(Manager::Systemd),
            Some(Which::Launchd) => Ok(Manager::Launchd),
            None => autostart::manager(),
        }
    }
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    match &args.verb {
        Verb::Enable(wish) => enable(wish, ctx, out),
        Verb::Disable(wish) => disable(wish, ctx, out),
        Verb::Status(wish) => {
            let status = autostart::status(ctx, wish.manager()?)?;
            if wish.json { out.json(&status) } else { out.lines(card(&status, ctx)) }
        }
    }
}

fn enable(wish: &Enabling, ctx: &Ctx, out: &mut Out) -> Result<()> {
    Actor::of_this_process(ctx).must_be_person("enable the autostart")?;
    let manager = wish.asking.manager()?;
    let mut status = autostart::enable(ctx, manager)?;
    if wish.linger && manager == Manager::Systemd && status.linger != Some(true) {
        autostart::linger()?;
        status = autostart::status(ctx, manager)?;
    }
    if wish.asking.json {
        return out.json(&status);
    }
    out.lines(card(&status, ctx))?;
    if status.linger == Some(false) {
        out.talk("it runs at your first login, and the tabs end with your last logout;");
        out.talk("`loginctl enable-linger` has them from boot to shutdown (--linger runs it)");
    }
    out.talk("`tabctl autostart disable` takes it out again");
    Ok(())
}

fn disable(wish: &Asking, ctx: &Ctx, out: &mut Out) -> Result<()> {
    Actor::of_this_process(ctx).must_be_person("disable the autostart")?;
    let manager = wish.manager()?;
    let was_there = autostart::disable(ctx, manager)?;
    let status = autostart::status(ctx, manager)?;
    if wish.json {
        return out.json(&status);
    }
    if !was_there {
        out.talk("it was not enabled");
        return Ok(());
    }
    out.line(&format!("removed {}", text::clean(&ctx.paths.short(&status.file))))?;
    if status.linger == Some(true) {
        out.talk("lingering is left on; `loginctl disable-linger` turns it off");
    }
    Ok(())
}

fn card(status: &Status, ctx: &Ctx) -> Vec<String> {
    let state = if status.enabled {
        style::paint(style::GOOD, "enabled")
    } else {
        style::paint(style::DIM, "not enabled")
    };
    let by = match status.manager {
        Manager::Systemd => "systemd",
        Manager::Launchd => "launchd",
    };
    let linger = status.linger.map(|on| if on { "on" } else { "off" });
    let mut fields = vec![
        ("autostart", format!("{state}, by {by}")),
        ("file", text::clean(&format!("{} ({})", ctx.paths.short(&status.file), status.standing))),
    ];
    let runs = shell_words::join(&status.runs);
    fields.push(("runs", text::clean(&runs)));
    fields.extend(linger.map(|word| ("lingering", word.to_owned())));
    fields.extend(status.last.as_deref().map(|last| ("last run", text::clean(last))));
    let mut lines = card::fields(&fields);
    lines
        .extend(status.remarks.iter().map(|remark| style::paint(style::DIM, &text::clean(remark))));
    lines
}
