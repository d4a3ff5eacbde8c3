//! Live records and orders in the runtime folder. Must not outlive a reboot, even where the folder does.

use std::collections::HashMap;
use std::ffi::OsStr;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::places::id_of;
use super::{Store, record};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::plan::Order;
use crate::sys::file::{self, Durability, Folder};

/// A live record with the boot that it is about.
#[derive(Serialize, Deserialize)]
struct OfBoot<T> {
    boot: String,
    live: T,
}

impl Store {
    /// The live record of one tab, of this boot. An unreadable one is none.
    pub fn live(&self, id: TabId) -> Option<Live> {
        let known = record::load::<OfBoot<Live>>(&self.live_file(id)).ok()??;
        (known.boot == self.boot).then_some(known.live)
    }

    /// All live records of this boot.
    pub fn lives(&self) -> HashMap<TabId, Live> {
        let Some(folder) = Folder::open(&self.live_folder()) else { return HashMap::new() };
        let read = |name: &OsStr| {
            let known = record::load_in::<OfBoot<Live>>(&folder, name).ok()??;
            (known.boot == self.boot).then_some(known.live)
        };
        folder.names().iter().filter_map(|name| Some((id_of(name)?, read(name)?))).collect()
    }

    /// Changes a live record under its own lock; no fsync. A missing one starts empty.
    pub fn update_live(&self, id: TabId, change: &mut dyn FnMut(&mut Live)) -> Result<Live> {
        let _lock = self.lock_live(id)?;
        let before = self.live(id);
        let mut live = before.clone().unwrap_or_default();
        change(&mut live);
        if before.as_ref() != Some(&live) {
            let record = OfBoot { boot: self.boot.clone(), live: &live };
            record::save(&self.live_file(id), &record, Durability::Quick)?;
        }
        Ok(live)
    }

    /// What the runner of a tab is to run. Readable by this user alone.
    pub fn put_order(&self, id: TabId, order: &Order) -> Result<()> {
        record::save(&self.order_file(id), order, Durability::Quick)
    }

    /// See [`Store::put_order`].
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn order(&self, id: TabId) -> Result<Order> {
        record::load(&self.order_file(id))?.ok_or_else(|| {
            let message = format!("nothing was ordered for the tab {id}");
            Fault::new(Kind::NotFound, message).hint("`tabctl resume` starts tabs").into()
        })
    }

    /// What the plain shells beside a tab are to find, one order for each part of its window.
    pub fn put_shells(&self, id: TabId, orders: &[Order]) -> Result<()> {
        record::save(&self.shells_file(id), &orders, Durability::Quick)
    }

    /// See [`Store::put_shells`].
    ///
    /// # Errors
    /// `NotFound` if there is none for this part.
    pub fn shell(&self, id: TabId, part: usize) -> Result<Order> {
        let orders: Option<Vec<Order>> = record::load(&self.shells_file(id))?;
        orders.unwrap_or_default().into_iter().nth(part).ok_or_else(|| {
            let message = format!("no shell was ordered beside the tab {id}");
            Fault::new(Kind::NotFound, message).hint("`tabctl resume` opens them").into()
        })
    }

    pub(super) fn drop_live(&self, id: TabId) -> Result<()> {
        file::remove(&self.live_file(id))?;
        file::remove(&self.shells_file(id))?;
        file::remove(&self.order_file(id))
    }
}
