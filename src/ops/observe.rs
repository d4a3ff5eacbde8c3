//! Evidence of what a tab is doing goes into its live record, here and nowhere else.
//! Must be quick: hooks call it inside an agent's turn.

use anyhow::Result;

use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::status::Claim;

use super::Ctx;

/// Takes in what was seen or said of a tab.
pub fn hear(ctx: &Ctx, id: TabId, claims: &[Claim]) -> Result<Live> {
    hear_from(ctx, id, &mut |_| claims.to_vec())
}

/// Takes in what follows from the live record itself, as it is while no one else can write it.
pub fn hear_from(
    ctx: &Ctx,
    id: TabId,
    claims: &mut dyn FnMut(&mut Live) -> Vec<Claim>,
) -> Result<Live> {
    ctx.store.update_live(id, &mut |live| {
        for claim in claims(live) {
            live.hear(claim);
        }
    })
}
