//! Evidence of what a tab is doing goes into its live record, here and nowhere else.
//! Must be quick: hooks call it inside an agent's turn.

use anyhow::Result;

use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::status::Claim;

use super::Ctx;

/// Takes in what was seen or said of a tab.
pub fn hear(ctx: &Ctx, id: TabId, claims: &[Claim]) -> Result<Live> {
    ctx.store.update_live(id, &mut |live| {
        for claim in claims {
            live.hear(claim.clone());
        }
    })
}
