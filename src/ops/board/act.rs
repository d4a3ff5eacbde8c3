//! What a person does with the tab that is selected. Must refuse what the command of the same name does.

use std::time::Duration;

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::act::Act;
use crate::model::id::TabId;
use crate::model::name::shown;
use crate::model::outcome::Outcome;
use crate::model::plan::Action;
use crate::store::Loaded;

use super::super::plan::Wish;
use super::super::resume::{self, Resumed};
use super::super::{Ctx, close, edit, list, select, send};

/// Does it; says what was done.
pub fn act(ctx: &Ctx, id: TabId, act: &Act) -> Result<String> {
    match act {
        Act::Resume => bring_back(ctx, id),
        Act::Lock(locked) => {
            let tab = name(&edit::lock(ctx, &ctx.store.load_id(id)?, *locked)?);
            Ok(if *locked { format!("{tab} is locked") } else { format!("{tab} is unlocked") })
        }
        Act::Note(text) => {
            let tab = edit::note(ctx, &ctx.store.load_id(id)?, text)?;
            Ok(format!("noted for {}", name(&tab)))
        }
        Act::Close => {
            let tab = select::tab_or_remembered(ctx, Some(&id.to_string()))?;
            let row = list::row(ctx, id)?.ok_or_else(unlisted)?;
            close::close(ctx, &tab, &row, false)?;
            Ok(format!("{} is closed", row.tab))
        }
        Act::Send(text) => {
            let tab = ctx.store.load_id(id)?;
            let row = list::row_of(ctx, &tab)?.ok_or_else(unlisted)?;
            // Who looks at a list sees what becomes of it.
            let patience = Duration::from_secs(1);
            let sent =
                send::send(ctx, &tab, &row, &send::Wish { patience, ..send::Wish::text(text) })?;
            Ok(format!("sent to {}: {}", row.tab, sent.fate.words()))
        }
    }
}

fn name(tab: &Loaded) -> String {
    shown(&tab.session.tab)
}

fn unlisted() -> Fault {
    Fault::new(Kind::NotFound, "this tab is not in the list any more")
        .hint("`tabctl ls` shows the tabs there are")
}

fn bring_back(ctx: &Ctx, id: TabId) -> Result<String> {
    let tab = ctx.store.known(id)?;
    if select::standing_in(ctx) == Some(id) {
        let tab = shown(&tab.session.tab);
        let message = format!("you stand in '{tab}': it cannot be started beneath this list");
        let hint = format!("leave, and `tabctl resume {tab}`");
        return Err(Fault::new(Kind::Usage, message).hint(hint).into());
    }
    let wish = Wish { named: true, notes: ctx.settings.resume_notes, ..Wish::default() };
    let done = resume::resume(ctx, vec![tab], wish, &mut |_| {})?;
    let resumed = done.into_iter().next().ok_or_else(unlisted)?;
    told(&resumed)
}

/// What became of it, in a line.
fn told(resumed: &Resumed) -> Result<String> {
    let tab = &resumed.step.tab;
    let fault = |kind, message: String| Err(Fault::new(kind, message).into());
    match (&resumed.step.action, &resumed.result) {
        (Action::Lives { .. }, None) => Ok(format!("{tab} is open already")),
        (Action::Hold { kind, why, hint } | Action::Refuse { kind, why, hint }, _) => {
            let refused = Fault::new(*kind, format!("{tab} was not resumed: {why}"));
            Err(Fault { hint: hint.clone(), ..refused }.into())
        }
        (Action::Shell { why, .. }, _) => {
            fault(Kind::ConversationMissing, format!("{tab} came back as a shell: {why}"))
        }
        (_, Some(Outcome::Ended { how, .. })) => fault(Kind::AgentFailed, format!("{tab}: {how}")),
        (_, Some(Outcome::WrongConversation { .. })) => {
            let message = format!("{tab} opened another conversation than its own");
            fault(Kind::ConversationMissing, message)
        }
        (_, Some(Outcome::Unverified { why })) => Ok(format!("{tab} lives, unverified: {why}")),
        _ => Ok(format!("{tab} came back")),
    }
}
