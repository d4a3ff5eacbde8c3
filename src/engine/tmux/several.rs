//! Opening several windows in one call of the client: to start it takes longer than what it asks for.
//! Must not let one window that cannot be opened hold up another.

use anyhow::Result;
use tmux_interface::TmuxCommand;

use crate::engine::Opening;
use crate::model::pane::PaneId;

use super::call::Client;
use super::open::{self, Opened, Way};
use super::words::words;

/// A client's commands must fit into one message of 16 KiB, its own words among them.
const ROOM: usize = 12 * 1024;

/// Opens them in their order; gives what became of each.
pub fn open_all(client: &Client, wishes: &[Opening<'_>]) -> Vec<Result<PaneId>> {
    let mut done = Vec::new();
    while let Some(rest) = wishes.get(done.len()..).filter(|rest| !rest.is_empty()) {
        let group = group(rest);
        let opened = if group.len() > 1 { together(client, rest, &group) } else { Vec::new() };
        let is_stuck = group.is_empty() || opened.len() < group.len();
        done.extend(opened);
        // Where one was refused, all that can be tried for a window is tried for that one alone.
        if let Some(wish) = wishes.get(done.len()).filter(|_| is_stuck) {
            done.push(open::open(client, wish.slot, wish.argv, wish.env));
        }
    }
    done
}

/// The commands for the first of these windows, as many as one call takes. None for one that cannot be
/// asked for like that.
fn group<'a>(wishes: &'a [Opening<'a>]) -> Vec<Vec<TmuxCommand<'a>>> {
    let mut room = ROOM;
    let mut group = Vec::new();
    for Opening { slot, argv, env } in wishes {
        let session = open::session_name(&slot.session);
        let way = slot.index.map_or(Way::Last, Way::At);
        if open::may_name_a_client(&session) {
            break;
        }
        let Ok(commands) = open::commands(way, &session, slot, argv, env) else { break };
        let size: usize = words(&commands).iter().map(|word| word.len() + 3).sum();
        let Some(left) = room.checked_sub(size) else { break };
        room = left;
        group.push(commands);
    }
    group
}

/// Opens a group in one call; gives the panes up to the first that was refused.
fn together(
    client: &Client,
    wishes: &[Opening<'_>],
    group: &[Vec<TmuxCommand<'_>>],
) -> Vec<Result<PaneId>> {
    let commands: Vec<TmuxCommand> = group.iter().flatten().cloned().collect();
    let Ok(answer) = client.patiently().run(&commands) else { return Vec::new() };
    let lines: Vec<&str> = answer.printed.lines().collect();
    let told = lines.chunks(2).map_while(|told| {
        let (first, marked) = (told.first()?, told.get(1).copied().unwrap_or_default());
        Some((Opened::parse(first)?, marked))
    });
    let told: Vec<(Opened, &str)> = told.collect();
    let last = told.len();
    told.into_iter()
        .zip(wishes)
        .enumerate()
        .map(|(at, ((opened, marked), wish))| {
            // What was refused may have been the mark of the last one.
            let is_whole = answer.refusal.is_none() || at + 1 < last;
            open::mark_that_one(client, marked, is_whole, &opened, wish.slot)?;
            Ok(opened.pane)
        })
        .collect()
}
