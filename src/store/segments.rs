//! What prompts read: one small file for each tab, and a mark for each tab that needs a person, in the
//! runtime folder. Must be readable by a shell alone: its `read`, and a count of names.

use std::path::PathBuf;

use anyhow::Result;

use super::Store;
use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::model::segment::Segment;
use crate::sys::file::{self, Durability, Folder};

impl Store {
    /// The folder of segments, one file per tab, named by its id.
    pub fn segments(&self) -> PathBuf {
        self.paths.runtime.join("prompt")
    }

    /// The folder in which every tab that needs a person has an empty file, named by its id.
    pub fn marks(&self) -> PathBuf {
        self.paths.runtime.join("attention")
    }

    /// The segment of a tab. An unreadable one is none.
    pub fn segment(&self, id: TabId) -> Option<Segment> {
        let bytes = file::read(&self.segments().join(id.to_string())).ok()??;
        Segment::parse(std::str::from_utf8(&bytes).ok()?)
    }

    /// Writes a tab's segment as the first line of its file; no fsync.
    pub fn put_segment(&self, id: TabId, segment: &Segment) -> Result<()> {
        file::private_dir(&self.segments())?;
        file::put_first_line(&self.segments().join(id.to_string()), segment.line().as_bytes())
    }

    /// Marks a tab as one that needs a person, or as one that does not.
    pub fn mark(&self, id: TabId, needs_person: bool) -> Result<()> {
        let mark = self.marks().join(id.to_string());
        if needs_person {
            file::private_dir(&self.marks())?;
            return file::write(&mark, b"", Durability::Quick);
        }
        file::remove_quickly(&mark)
    }

    /// The tabs that are marked so.
    pub fn marked(&self) -> Vec<TabId> {
        let names = Folder::open(&self.marks()).map(|folder| folder.names()).unwrap_or_default();
        names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect()
    }

    /// Tells the shells of a pane which tab they stand in: those that were not started for it. `server`
    /// is the process of the multiplexer, as it tells the programs in its panes.
    pub fn link_pane(&self, server: u32, pane: &PaneId, id: TabId) -> Result<()> {
        let Some(number) = pane.0.strip_prefix('%').and_then(|it| it.parse::<u32>().ok()) else {
            return Ok(());
        };
        file::private_dir(&self.segments())?;
        let link = self.segments().join(format!("tmux-{server}-{number}"));
        file::write(&link, format!("{id}\n").as_bytes(), Durability::Quick)
    }

    /// The tab that such a pane was linked to.
    pub fn linked(&self, server: u32, pane: u32) -> Option<TabId> {
        let link = self.segments().join(format!("tmux-{server}-{pane}"));
        let bytes = file::read(&link).ok()??;
        std::str::from_utf8(&bytes).ok()?.trim_end().parse().ok()
    }

    pub(super) fn drop_segment(&self, id: TabId) -> Result<()> {
        self.mark(id, false)?;
        file::remove(&self.segments().join(id.to_string()))
    }
}
