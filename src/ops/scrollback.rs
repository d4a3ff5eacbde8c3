//! The last lines of a tab's pane, kept across a reboot for those who want it.
//! Must not keep what looks like a secret, nor anything at all unless a person has asked for it.

use anyhow::Result;
use chrono::{DateTime, Local, Utc};

use crate::agents;
use crate::engine::Extent;
use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::store::Snapshot;

use super::Ctx;

/// The most that is kept of one tab, in bytes.
const MOST: usize = 64 * 1024;
/// Stands below what is shown of a life before. What is above it is not kept again.
const END: &str = "── end of what stood here before ──";

/// Keeps what the pane shows now, if it is something new.
pub fn keep(ctx: &Ctx, id: TabId, pane: &PaneId) -> Result<()> {
    let extent = Extent::History(ctx.settings.scrollback);
    let screens = ctx.engine().read(std::slice::from_ref(pane), extent)?;
    let text = screens.into_iter().next().unwrap_or_default().text;
    let text = worth_keeping(&text);
    if text.is_empty() || ctx.store.snapshot(id).is_some_and(|known| known.text == text) {
        return Ok(());
    }
    ctx.store.put_snapshot(id, &Snapshot { at: ctx.now(), text })
}

/// Whether anything is to be kept.
pub fn is_wanted(ctx: &Ctx) -> bool {
    ctx.settings.scrollback > 0
}

/// Takes away what was kept while it was wanted.
pub fn forget(ctx: &Ctx, id: TabId) -> Result<()> {
    ctx.store.drop_snapshot(id)
}

/// The lines to show above the first line of a tab that comes back in a new pane.
pub fn lines(ctx: &Ctx, id: TabId) -> Vec<String> {
    let known = if is_wanted(ctx) { ctx.store.snapshot(id) } else { None };
    known.map(|known| shown(&known.text, known.at)).unwrap_or_default()
}

fn shown(text: &str, at: DateTime<Utc>) -> Vec<String> {
    let at = at.with_timezone(&Local).format("%Y-%m-%d %H:%M");
    let first = format!("── what stood here on {at}, before the restart ──");
    let lines = text.lines().map(str::to_owned);
    std::iter::once(first).chain(lines).chain([END.to_owned()]).collect()
}

/// The end of this life's lines, without secrets, trailing spaces and control characters.
pub fn worth_keeping(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let born = lines.iter().rposition(|line| *line == END).map_or(0, |at| at + 1);
    let own = lines[born..].join("\n");
    let plain: String = own.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let masked = agents::without_secrets(&plain);
    let from = masked.len().saturating_sub(MOST);
    // Whole lines only, so that no letter is cut in two either.
    let end = (from..masked.len()).find(|at| *at == 0 || masked.as_bytes()[at - 1] == b'\n');
    end.map_or("", |end| &masked[end..]).trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_life_is_kept() {
        let at = DateTime::<Utc>::default();
        let again = shown("old\n", at).join("\n") + "\nnew  \n\nlines\n\n";
        assert_eq!(worth_keeping(&again), "new\n\nlines");
        assert_eq!(worth_keeping(&shown("old", at).join("\n")), "");
    }

    #[test]
    fn what_is_too_long_is_cut_to_whole_lines_at_its_end() {
        let line = "日本語".repeat(30);
        let text = format!("{line}\n").repeat(1000) + "last";
        let kept = worth_keeping(&text);
        assert!(kept.len() <= MOST && kept.len() > MOST - 300, "{}", kept.len());
        assert!(kept.starts_with(&format!("{line}\n")) && kept.ends_with("\nlast"));
    }

    #[test]
    fn nothing_of_it_can_act_on_a_terminal() {
        assert_eq!(worth_keeping("a\u{1b}[2Jb\u{9b}c\u{7}\rd\te"), "a[2Jbcde");
    }
}
