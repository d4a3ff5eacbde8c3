//! Many tabs at once, written by the library itself: one process a tab would take minutes.
//! Must make records only; nothing runs in them.

use tabctl::model::id::TabId;
use tabctl::model::session::Session;

use super::inside;
use super::world::World;

/// Makes so many tabs that are down: `many-0`, `many-1`, …
pub fn of(world: &World, count: usize) {
    let store = inside::store(world);
    for number in 0..count {
        let folder = world.workspace(&format!("many-{number}"));
        let id = TabId::from_parts(1_700_000_000_000, number as u128);
        let mut session = Session::new(id, format!("many-{number}"));
        session.task = Some(format!("the task of number {number}"));
        store.create(&folder, session).expect("the world is writable");
    }
}
