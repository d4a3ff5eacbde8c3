//! What is shown and told outside of tabctl's own answers: in tmux, and to a person who looks
//! elsewhere. Must not show or tell anything.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::{Layer, number, toggle};
use crate::error::{Fault, Kind};

/// How tabctl makes itself felt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Give tmux a glyph for each tab, and a count for its status line.
    pub tmux: bool,
    /// How a person is told that a tab needs one.
    pub notify: Vec<Channel>,
    /// The person's own program for [`Channel::Command`], with its arguments.
    pub command: Vec<String>,
    /// Tell also when an agent is ready that has worked for so long.
    pub finished: Option<Duration>,
}

/// A way to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// The terminal's bell in the tab's own pane: tmux marks the window by itself.
    Bell,
    /// A notification of the desktop.
    Desktop,
    /// A notification that the terminal shows around tmux.
    Terminal,
    /// The person's own program.
    Command,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 4] =
        [Channel::Bell, Channel::Desktop, Channel::Terminal, Channel::Command];

    /// Its word in the settings.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Bell => "bell",
            Channel::Desktop => "desktop",
            Channel::Terminal => "terminal",
            Channel::Command => "command",
        }
    }
}

/// What the settings file says of it.
pub(super) type Written = (Option<bool>, Option<String>, Option<String>, Option<u64>);

/// Layers the four settings.
pub(super) fn layered(
    (tmux, notify, command, finished): Written,
    text: &mut Layer,
) -> Result<Presence> {
    let about = "show each tab's glyph in tmux (`tabctl tmux-conf` says where)";
    let tmux = toggle(text, "tmux_presence", "TABCTL_TMUX_PRESENCE", about, tmux, true)?;
    let about =
        "how you are told that a tab needs you: off, or some of bell,desktop,terminal,command";
    // A bell needs nothing, works over ssh, and tmux marks the window by it.
    let notify = text("notify", "TABCTL_NOTIFY", about, notify, "bell");
    let about = "your own program for `notify: command`; it gets JSON on its standard input";
    let command = text("notify_command", "TABCTL_NOTIFY_COMMAND", about, command, "");
    let about = "tell also when an agent is ready that worked for so many seconds; 0: never";
    let finished = finished.map(|seconds| seconds.to_string());
    let finished = text("notify_finished", "TABCTL_NOTIFY_FINISHED", about, finished, "0");
    let seconds: u64 = number("TABCTL_NOTIFY_FINISHED", &finished)?;
    Ok(Presence {
        tmux,
        notify: channels(&notify)?,
        command: words(&command)?,
        finished: (seconds > 0).then(|| Duration::from_secs(seconds)),
    })
}

/// `off`, or channels separated by commas.
fn channels(value: &str) -> Result<Vec<Channel>> {
    if matches!(value.trim(), "off" | "false" | "no" | "") {
        return Ok(Vec::new());
    }
    let channel = |word: &str| {
        let known = Channel::ALL.into_iter().find(|channel| channel.word() == word.trim());
        known.ok_or_else(|| {
            Fault::new(Kind::Usage, format!("notify is '{value}'"))
                .hint("notify (TABCTL_NOTIFY) is off, or some of bell,desktop,terminal,command")
                .into()
        })
    };
    value.split(',').map(channel).collect()
}

fn words(line: &str) -> Result<Vec<String>> {
    shell_words::split(line).map_err(|_| {
        Fault::new(Kind::Usage, format!("notify_command is '{line}': a quote is not closed"))
            .hint("write a program and its arguments; no shell reads the line")
            .into()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn several_channels_can_be_named_and_a_wrong_one_is_refused() {
        assert_eq!(channels("bell").unwrap(), [Channel::Bell]);
        assert_eq!(channels("desktop, command").unwrap(), [Channel::Desktop, Channel::Command]);
        for off in ["off", "false", ""] {
            assert_eq!(channels(off).unwrap(), []);
        }
        assert!(channels("bell,mail").unwrap_err().to_string().contains("'bell,mail'"));
    }

    #[test]
    fn a_command_is_split_into_words_by_its_quotes() {
        assert_eq!(words("say 'a b' $HOME").unwrap(), ["say", "a b", "$HOME"]);
        assert!(words("say 'a").is_err());
    }
}
