//! Sends one text to many tabs. Must tell of each what became of it, and let none wait for another.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use serde::Serialize;

use super::send::{self, Wish};
use super::{Ctx, lease, select};
use crate::model::row::Row;
use crate::model::sent::{Fate, Sent};

/// So many are typed into at the same time.
const AT_ONCE: usize = 8;

/// What became of it in one tab.
#[derive(Debug, Clone, Serialize)]
pub struct Reached {
    /// The tab.
    pub tab: String,
    /// What was sent, if something was.
    #[serde(flatten)]
    pub sent: Option<Sent>,
    /// Why nothing was.
    pub why: Option<String>,
}

impl Reached {
    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        let fate = self.sent.as_ref().map(|sent| &sent.fate);
        fate.is_some_and(|fate| !matches!(fate, Fate::Unconfirmed(_)))
    }
}

/// The tabs that a text can be sent to: those with an agent, but for the one that this is run in.
pub fn audience(ctx: &Ctx, rows: Vec<Row>) -> Vec<Row> {
    let own = select::standing_in(ctx).or_else(|| lease::me(ctx).from);
    rows.into_iter().filter(|row| row.agent.is_some() && Some(row.id) != own).collect()
}

/// Sends to all of them; the answers stand in the order of the rows.
pub fn send_all(ctx: &Ctx, rows: &[Row], text: &str) -> Result<Vec<Reached>> {
    send::harmless(text)?;
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(rows.len()) {
            let ctx = ctx.again();
            let (next, done) = (&next, &done);
            scope.spawn(move || {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let reached = (row.id, one(&ctx, row, text));
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(reached);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(id, _)| rows.iter().position(|row| row.id == *id));
    Ok(done.into_iter().map(|(_, reached)| reached).collect())
}

fn one(ctx: &Ctx, row: &Row, text: &str) -> Reached {
    let sent = ctx.store.load_id(row.id);
    let sent = sent.and_then(|tab| send::send(ctx, &tab, row, &Wish::text(text)));
    let tab = row.tab.clone();
    match sent {
        Ok(sent) => Reached { tab, sent: Some(sent), why: None },
        Err(error) => Reached { tab, sent: None, why: Some(format!("{error:#}")) },
    }
}
