//! `tabctl complete`: what can stand at the cursor. The shells' completions call it; nobody types it.
//! Must say nothing but candidates: whatever else it said would stand in somebody's command line.

mod line;

use std::ffi::{OsStr, OsString};

use anyhow::Result;
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use super::completions::Shell;
use super::out::Out;
use crate::ops::Ctx;
use crate::ops::offers::{self, Wanted};
use crate::ui::offered::{self, Candidate, Listing};
use crate::ui::text;

/// Say what can stand at the cursor, for the completions of a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell, which decides how candidates are written
    shell: Shell,
    /// The command line up to the cursor, as it was typed
    #[arg(long, allow_hyphen_values = true, conflicts_with_all = ["current", "words"])]
    line: Option<String>,
    /// The part of the word that the shell replaces, where that is not all of it
    #[arg(long, allow_hyphen_values = true, requires = "line")]
    word: Option<String>,
    /// Candidates are only looked at, on a terminal with so many columns
    #[arg(long)]
    list: Option<usize>,
    /// The word at the cursor, for shells that cut the line themselves
    #[arg(long, allow_hyphen_values = true)]
    current: Option<String>,
    /// The words before it, the program first
    #[arg(last = true)]
    words: Vec<String>,
}

/// Runs it. Whatever goes wrong, there is nothing to offer.
pub fn run(args: Args, out: &mut Out) -> Result<()> {
    let typed = match args.line {
        Some(line) => line::typed(&line),
        None => line::Typed::of(args.words, args.current.unwrap_or_default()),
    };
    let found = candidates(&typed);
    let listing = Listing {
        typed: typed.current(),
        quoted: typed.quoted,
        replaced: args.word.as_deref(),
        columns: args.list,
    };
    out.bytes(offered::draw(args.shell.into(), &found, &listing).as_bytes())
}

/// What can stand in the place of the last word.
fn candidates(typed: &line::Typed) -> Vec<Candidate> {
    let current = typed.current();
    let words: Vec<OsString> = typed.words.iter().map(OsString::from).collect();
    let index = words.len().saturating_sub(1);
    let folder = std::env::current_dir().ok();
    let named = typed.words.get(2..index).unwrap_or_default();
    let mut whole = command(named.iter().any(|word| !word.starts_with('-')));
    let found = clap_complete::engine::complete(&mut whole, words, index, folder.as_deref());
    let found = found.unwrap_or_default();
    let mut found: Vec<Candidate> = found.iter().filter_map(|one| harmless(one, current)).collect();
    // Options are offered to who begins one, or where there is nothing else.
    if current.is_empty() && found.iter().any(|one| !one.value.starts_with('-')) {
        found.retain(|one| !one.value.starts_with('-'));
    }
    // A tab that was named is not named again.
    found.retain(|one| one.value.starts_with('-') || !named.contains(&one.value));
    found
}

/// A candidate with its description in one harmless line; nothing if it could not be typed.
fn harmless(found: &CompletionCandidate, current: &str) -> Option<Candidate> {
    // Of a command with two names, one is offered: its first, unless the other was begun.
    let verb = found.get_id().and_then(|id| id.strip_prefix("command::"));
    let verb = verb.filter(|verb| verb.starts_with(current));
    let value = verb.or(found.get_value().to_str())?.to_owned();
    let about = found.get_help().map(ToString::to_string).unwrap_or_default();
    let about = text::clean(about.lines().next().unwrap_or_default());
    (text::clean(&value) == value).then_some(Candidate { value, about })
}

/// The command line with what can be offered at each of its places; `begun` once a first value stands
/// there.
fn command(begun: bool) -> Command {
    let mut whole = super::Cli::command();
    whole.build();
    whole.mut_subcommands(|verb| {
        let name = verb.get_name().to_owned();
        equipped(&name, verb, begun)
    })
}

fn equipped(verb: &str, command: Command, begun: bool) -> Command {
    let command = command.mut_args(|arg| match place(verb, &arg) {
        Place::First(_) if begun => arg,
        Place::Of(wanted) | Place::First(wanted) => arg.add(ArgValueCompleter::new(Live(wanted))),
        Place::Verb => arg.add(ArgValueCompleter::new(verbs)),
        Place::Folder => arg.value_hint(ValueHint::DirPath),
        Place::Known | Place::Free => arg,
    });
    command.mut_subcommands(|sub| equipped(verb, sub, begun))
}

/// What can stand in an argument's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// One of these.
    Of(Wanted),
    /// One of these in its first value, and free text in the second.
    First(Wanted),
    /// A command of tabctl.
    Verb,
    /// A folder.
    Folder,
    /// What the command line itself knows: given values, or a path.
    Known,
    /// Whatever a person types.
    Free,
}

/// An argument's place, by its name: one name means one thing in every command.
pub fn place(verb: &str, arg: &Arg) -> Place {
    let given = !arg.get_possible_values().is_empty();
    match (verb, arg.get_id().as_str()) {
        ("lock", "tab") => Place::Of(Wanted::Unlocked),
        ("unlock", "tab") => Place::Of(Wanted::Locked),
        ("resume", "tabs") => Place::Of(Wanted::Resumable),
        ("rename", "names") => Place::First(Wanted::Tab),
        ("man", "command") => Place::Verb,
        // The dashboard is filtered by words, and not by states.
        ("watch", "filter") => Place::Free,
        // Jobs are waited for, too.
        ("wait", "tab") | (_, "target") => Place::Of(Wanted::JobOrTab),
        // The name of a new tab may be that of an old one, which `bind` then means.
        (_, "tab" | "tabs" | "restore" | "query" | "within") => Place::Of(Wanted::Tab),
        (_, "agent" | "real") => Place::Of(Wanted::Agent),
        (_, "actor") => Place::Of(Wanted::Actor),
        (_, "session_id") => Place::Of(Wanted::Conversation),
        (_, "tag" | "tags" | "remove") => Place::Of(Wanted::Tag),
        (_, "key") => Place::Of(Wanted::Setting),
        (_, "filter") => Place::Of(Wanted::Filter),
        (_, "session") => Place::Of(Wanted::Session),
        (_, "dir" | "scan") => Place::Folder,
        _ if given || arg.get_value_hint() != ValueHint::Unknown => Place::Known,
        _ => Place::Free,
    }
}

/// Asks the store when it is needed, and not before.
struct Live(Wanted);

impl ValueCompleter for Live {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let (Some(typed), Ok(ctx)) = (current.to_str(), Ctx::open_leniently()) else {
            return Vec::new();
        };
        let is_path = typed.starts_with(['.', '/', '~']);
        let offers = offers::offers(&ctx, self.0).into_iter();
        let offers = offers.filter(|offer| offer.value.starts_with(typed)).enumerate();
        let mut found: Vec<_> = offers
            .map(|(place, offer)| {
                CompletionCandidate::new(offer.value)
                    .help((!offer.about.is_empty()).then(|| offer.about.into()))
                    .display_order(Some(place))
            })
            .collect();
        // A tab is also meant by its folder.
        if found.is_empty() && is_path && self.0 == Wanted::Tab {
            found = PathCompleter::dir().complete(current);
        }
        found
    }
}

/// The commands that have a page.
fn verbs(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = current.to_str() else { return Vec::new() };
    let whole = super::Cli::command();
    let shown = whole.get_subcommands().filter(|verb| !verb.is_hide_set());
    let meant = shown.filter(|verb| verb.get_name().starts_with(typed));
    meant
        .map(|verb| CompletionCandidate::new(verb.get_name()).help(verb.get_about().cloned()))
        .collect()
}
