//! Puts a session file back that was lost. Must not write over a file, nor approve anything.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::change::refuse_newer;
use super::create::rendered;
use super::edit::edit;
use super::index::Registered;
use super::reading::Place;
use super::{Loaded, Store, session_file};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::session::VERSION;
use crate::sys::file::{self, Durability, Expect};

impl Store {
    /// Writes the lost session file of a registered tab again, where it was: what the index knew
    /// last, in the layout and with the comments of the newest good generation, if there is one.
    /// It is as trusted as the same content in the same folder was before.
    ///
    /// # Errors
    /// `NotFound` for an unknown tab or without its folder, `Clash` if anything stands there,
    /// `ReadOnly` if a newer tabctl wrote what was lost.
    pub fn put_back(&self, id: TabId) -> Result<Loaded> {
        let _lock = self.lock_tab(id)?;
        let Some(entry) = self.entry(id)? else {
            let fault = Fault::new(Kind::NotFound, format!("there is no tab {id}"));
            return Err(fault.hint("`tabctl ls` lists the tabs").into());
        };
        let file = Path::new(&entry.file);
        // A link in the place of the folder leads to another one, which never had this tab.
        let here = Place::of(file).is_ok_and(|place| place.file == file);
        if !here {
            let message = format!("the folder of {} is gone", file.display());
            let hint = "if it moved, run `tabctl doctor --scan DIR`; if not, make it again";
            return Err(Fault::new(Kind::NotFound, message).hint(hint).into());
        }
        refuse_newer(file, &entry.session)?;
        let bytes = self.last_text(id, &entry)?;
        let stamp = file::replace(file, &bytes, Expect::Absent, Durability::Durable)?;
        let Some(stamp) = stamp else {
            let message = format!("something stands at {} already", file.display());
            let hint = "mend it there, or move it out of the way first";
            return Err(Fault::new(Kind::Clash, message).hint(hint).into());
        };
        let reading = self.read(file)?;
        self.settle(reading.loaded, reading.folder, stamp, true)
    }

    /// What the file of a tab said last, as nearly as it is known how.
    fn last_text(&self, id: TabId, entry: &Registered) -> Result<Vec<u8>> {
        let again = |(path, text): &(PathBuf, String)| {
            let parsed = session_file::parse(path, text.as_bytes()).ok()?;
            let before = parsed.session;
            let usable = before.id == id && before.version <= VERSION;
            let changed = || edit(path, text.as_bytes(), &parsed.tree, &before, &entry.session);
            usable.then(changed)?.ok()
        };
        self.generations(id).iter().find_map(again).map_or_else(|| rendered(&entry.session), Ok)
    }
}
