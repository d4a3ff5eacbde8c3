//! `tabctl notify`

use anyhow::Result;
use clap::{Subcommand, ValueEnum};

use super::out::Out;
use crate::config::Channel;
use crate::error::{Fault, Kind};
use crate::ops::{Ctx, notify};
use crate::ui::{style, text};

/// Try how you are told that a tab needs you
///
/// You are told when a tab turns to needing you and stays so for a second: not of the pane that you
/// look at, not twice within half a minute, not of more than five within ten seconds, and not while
/// several tabs are being resumed. The setting `notify` says how: `off`, or some of these, separated by
/// commas.
///   bell      the bell of the tab's pane: tmux marks the window, and works over ssh (built in)
///   desktop   notify-send or osascript
///   terminal  the terminal around tmux shows it (OSC 9, 99 or 777): kitty, foot, ghostty, …
///   command   your own program, the setting `notify_command`; it gets JSON on its standard input
///
/// Examples:
///   tabctl notify test
///   tabctl notify test --channel desktop
///   tabctl notify test --channel command --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    action: Action,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Action {
    /// Send one now, and say what was done and what is missing
    Test {
        /// By this channel, whatever is set; can stand several times
        #[arg(long, value_name = "CHANNEL")]
        channel: Vec<By>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The channels as they are typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    /// The terminal's bell
    Bell,
    /// notify-send or osascript
    Desktop,
    /// The terminal around tmux
    Terminal,
    /// Your own program
    Command,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let Action::Test { channel, json } = &args.action;
    let channels: Vec<Channel> = channel.iter().map(|by| by.channel()).collect();
    let sent = notify::test(ctx, &channels);
    if *json {
        out.json(&sent)?;
    } else if sent.is_empty() {
        out.line("notify is off; `tabctl notify test --channel bell` tries one all the same")?;
    } else {
        out.lines(sent.iter().map(|sent| {
            let (colour, mark) = if sent.done { (style::GOOD, "✓") } else { (style::BAD, "✗") };
            let what = text::clean(&sent.what);
            format!("{} {:8}  {what}", style::paint(colour, mark), sent.channel.word())
        }))?;
    }
    match sent.iter().filter(|sent| !sent.done).count() {
        0 => Ok(()),
        failed => {
            let all = sent.len();
            let message = format!("{failed} of {all} channels did not take it");
            Err(Fault::new(Kind::Other, message).into())
        }
    }
}

impl By {
    fn channel(self) -> Channel {
        match self {
            By::Bell => Channel::Bell,
            By::Desktop => Channel::Desktop,
            By::Terminal => Channel::Terminal,
            By::Command => Channel::Command,
        }
    }
}
