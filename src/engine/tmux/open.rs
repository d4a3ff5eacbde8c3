//! Opening a window, in one call where its session is there. Must not take the focus, replace a
//! window, or leave what is meant for one pane behind in the session.

use anyhow::Result;
use tmux_interface::{
    DisplayMessage, MoveWindow, NewSession, NewWindow, SetEnvironment, SetOption, TmuxCommand,
};

use crate::engine::Slot;
use crate::error::{Fault, Kind};
use crate::model::name;
use crate::model::pane::PaneId;

use super::answer::Refusal;
use super::call::Client;
use super::words::{is_id, running, window_name};
use super::{MARK, fixing_the_name, marking};

/// Others may make and end the same session meanwhile, but not for ever.
const ATTEMPTS: usize = 10;
/// The size of a session that nobody has looked at yet, in columns and rows.
const SIZE: (usize, usize) = (200, 50);
/// What tmux prints of a pane that it opened; see [`Opened`].
const OPENED: &str = "#{pane_id} #{window_id} #{window_index}";

/// How a window comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In a session that is there, at this index.
    At(u32),
    /// In a session that is there, behind its last window.
    Last,
    /// As the first of a new session.
    First,
}

/// Opens a window that runs `argv` and marks its pane; makes session and server if need be.
pub fn open(
    client: &Client,
    slot: &Slot,
    argv: &[String],
    env: &[(String, String)],
) -> Result<PaneId> {
    let client = &client.patiently();
    let session = session_name(&slot.session);
    let mut indexes = slot.index.into_iter().chain(slot.spare.iter().copied()).map(Way::At);
    let mut wished = indexes.next().unwrap_or(Way::Last);
    let mut way = if may_name_a_client(&session) { Way::First } else { wished };
    for _ in 0..ATTEMPTS {
        let answer = client.run(&commands(way, &session, slot, argv, env)?)?;
        if let Some(opened) = answer.printed.lines().next().and_then(Opened::parse) {
            let marked = answer.printed.lines().nth(1).unwrap_or_default();
            mark_that_one(client, marked, answer.refusal.is_none(), &opened, slot)?;
            if let (Way::First, Way::At(index)) = (way, wished) {
                move_to(client, &opened, &session, index);
            }
            return Ok(opened.pane);
        }
        if answer.refusal.as_ref().is_some_and(Refusal::is_taken) {
            wished = indexes.next().unwrap_or(Way::Last);
        }
        let Some(other) = answer.refusal.as_ref().and_then(|why| way.instead(why, wished)) else {
            answer.accepted()?;
            return Err(Fault::new(Kind::Engine, "tmux does not say which pane it opened").into());
        };
        way = other;
    }
    let message = format!("the tmux session '{session}' comes and goes");
    Err(Fault::new(Kind::Busy, message).hint("try again").into())
}

impl Way {
    /// Which way to try after a refusal; none where another way does not help.
    fn instead(self, why: &Refusal, wished: Way) -> Option<Way> {
        match why {
            Refusal::Nothing => Some(Way::First),
            Refusal::Said(why) if why.starts_with("can't find session") => Some(Way::First),
            Refusal::Said(why) if why.starts_with("duplicate session") => Some(wished),
            why if why.is_taken() && self != Way::Last => Some(wished),
            Refusal::Said(_) => None,
        }
    }
}

/// Everything in one queue: the window, its name and its mark appear at once for all others.
pub(super) fn commands<'a>(
    way: Way,
    session: &str,
    slot: &'a Slot,
    argv: &'a [String],
    env: &'a [(String, String)],
) -> Result<Vec<TmuxCommand<'a>>> {
    let target = match way {
        Way::At(index) => format!("={session}:{index}"),
        // Behind the last window the new one is the last.
        Way::Last | Way::First => format!("={session}:{{end}}"),
    };
    let name = window_name(&slot.window)?;
    let window = || NewWindow::new().detached().print().format(OPENED).window_name(name);
    let start = match way {
        Way::At(_) => window().target_window(target.clone()).build(),
        Way::Last => window().after().target_window(target.clone()).build(),
        Way::First => {
            let session = NewSession::new().session_name(session.to_owned()).window_name(name);
            session.detached().print().format(OPENED).width(SIZE.0).height(SIZE.1).build()
        }
    };
    let mut commands = vec![running(start, argv, env)?];
    if way == Way::First {
        // There, -e is for the session: its later windows would inherit what is for this pane.
        let unset = |name| SetEnvironment::new().unset().target_session(target.clone()).name(name);
        commands.extend(env.iter().map(|(name, _)| unset(name.as_str()).build()));
    }
    let option = SetOption::new().pane().not_overwrite().target_pane(target.clone()).option(MARK);
    commands.extend([
        DisplayMessage::new().print().target_pane(target.clone()).message("#{pane_id}").build(),
        option.value(slot.tab.to_string()).build(),
    ]);
    commands.extend(fixing_the_name(target));
    Ok(commands)
}

/// A pane that tmux says it opened.
pub(super) struct Opened {
    pub(super) pane: PaneId,
    window: String,
    index: u32,
}

impl Opened {
    /// Reads the line that tmux prints.
    pub(super) fn parse(line: &str) -> Option<Opened> {
        let mut fields = line.split(' ');
        let pane = fields.next().filter(|id| is_id(id, '%'))?;
        let window = fields.next().filter(|id| is_id(id, '@'))?;
        let index = fields.next()?.parse().ok()?;
        Some(Opened { pane: PaneId(pane.to_owned()), window: window.to_owned(), index })
    }
}

/// The mark was set on the pane `marked`, which stood where the window was expected. A hook of the user's may have moved windows
/// about in between; then it is set again by the pane's id.
pub(super) fn mark_that_one(
    client: &Client,
    marked: &str,
    is_whole: bool,
    opened: &Opened,
    slot: &Slot,
) -> Result<()> {
    if is_whole && marked == opened.pane.0 {
        return Ok(());
    }
    let own = &opened.pane.0;
    let mut repair = vec![marking(own, Some(slot.tab))];
    repair.extend(fixing_the_name(own.as_str()));
    if is_whole && is_id(marked, '%') {
        repair.push(marking(marked, None));
    }
    client.run(&repair)?.of_pane(&opened.pane)?;
    Ok(())
}

/// A new session begins where the user's settings say. The index is a wish: that it was taken
/// meanwhile is no failure.
fn move_to(client: &Client, opened: &Opened, session: &str, index: u32) {
    if opened.index != index {
        let target = format!("={session}:{index}");
        let window = opened.window.as_str();
        let step = MoveWindow::new().detached().src_window(window).dst_window(target);
        let _ = client.run(&[step.build()]);
    }
}

/// The name that a session gets: what tmux would rewrite or expand becomes `_`, as in tmux itself.
pub(super) fn session_name(wished: &str) -> String {
    let name = name::shown(wished).replace([':', '.', '?'], "_");
    let name = name.trim_matches(' ').trim_start_matches('-');
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

/// Where no session has the name, tmux takes it for a client's (its terminal, or `client-` and a
/// number) and means the session that this client looks at. Such a session is made first: that it
/// is there already is then said in plain words.
pub(super) fn may_name_a_client(session: &str) -> bool {
    session.contains('/') || ["tty", "console", "client-"].iter().any(|s| session.starts_with(s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_which_way_to_try_next() {
        let said = |why: &str| Refusal::Said(why.to_owned());
        let gone = said("can't find session: work");
        assert_eq!(Way::At(3).instead(&gone, Way::At(3)), Some(Way::First));
        assert_eq!(Way::Last.instead(&Refusal::Nothing, Way::Last), Some(Way::First));
        let there = said("duplicate session: work");
        assert_eq!(Way::First.instead(&there, Way::At(3)), Some(Way::At(3)));
        let taken = said("create window failed: index 3 in use");
        assert_eq!(Way::At(3).instead(&taken, Way::At(7)), Some(Way::At(7)));
        assert_eq!(Way::At(7).instead(&taken, Way::Last), Some(Way::Last));
        assert_eq!(Way::Last.instead(&taken, Way::Last), None);
        assert_eq!(Way::At(3).instead(&said("command too long"), Way::At(3)), None);
    }

    #[test]
    fn a_session_name_is_what_tmux_would_make_of_it() {
        for (wished, name) in [
            ("work", "work"),
            ("a.b:c", "a_b_c"),
            ("日本 🚀", "日本 🚀"),
            ("x#(id)", "x__id_"),
            ("-t%0", "t_0"),
            (" ; ", "_"),
            ("a;", "a_"),
            ("--", "_"),
            ("", "_"),
        ] {
            assert_eq!(session_name(wished), name, "{wished:?}");
        }
    }
}
