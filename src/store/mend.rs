//! What crashes and edits leave behind, and how it is put right again.
//! Must not do it unasked, and must not take anything away that a person has written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use super::places::id_of;
use super::{Loaded, Store, session_file};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::sys::file::{self, Folder, Guard};

/// How deep tabctl's own folders are.
const DEPTH: usize = 4;
/// So many broken versions are kept beside a session file before no more is taken.
const BROKEN: usize = 100;

impl Store {
    /// Temporary files from before then, in tabctl's own folders and in those of its tabs.
    pub fn leftovers(&self, before: SystemTime) -> Vec<PathBuf> {
        let mut found = BTreeSet::new();
        let own = [&self.paths.config, &self.paths.state, &self.paths.runtime];
        let mut waiting: Vec<(PathBuf, usize)> = own.map(|path| (path.clone(), 0)).into();
        let tabs = self.all().unwrap_or_default();
        waiting.extend(tabs.into_iter().map(|tab| (PathBuf::from(tab.workspace), DEPTH)));
        while let Some((path, depth)) = waiting.pop() {
            let Some(folder) = Folder::open(&path) else { continue };
            found.extend(folder.leftovers(before));
            if depth < DEPTH {
                waiting.extend(folder.folders().into_iter().map(|below| (below, depth + 1)));
            }
        }
        found.into_iter().collect()
    }

    /// Takes a temporary file away that [`Store::leftovers`] has found.
    pub fn remove_leftover(&self, leftover: &Path) -> Result<()> {
        let is_temp = leftover.file_name().is_some_and(file::is_temp_name);
        anyhow::ensure!(is_temp, "{} is no temporary file", leftover.display());
        file::remove(leftover)
    }

    /// Tabs that something was approved of and that the index does not have, or cannot read: each with
    /// its session file, if that is where it was.
    pub fn lost(&self) -> Vec<(TabId, PathBuf)> {
        let Some(folder) = Folder::open(&self.trust_folder()) else { return Vec::new() };
        let ids = folder.names().into_iter().filter_map(|name| id_of(&name));
        let file_of = |id: TabId| {
            let files = self.files_in(&self.approved_in(id)?).into_iter();
            let mut own = files.filter(|file| self.load(file).is_ok_and(|it| it.session.id == id));
            own.next()
        };
        ids.filter(|id| !self.is_registered(*id))
            .filter_map(|id| Some((id, file_of(id)?)))
            .collect()
    }

    /// Whether a session file is a plain file that does not parse.
    pub fn is_broken(&self, file: &Path) -> bool {
        let content = file::read_guarded(file, Guard::Shared).ok().flatten();
        content.is_some_and(|content| session_file::parse(file, &content.bytes).is_err())
    }

    /// Puts the last good version in the place of a session file that does not parse, which is kept
    /// beside it as it is. Gives the tab and the name of what was kept. What it may run is judged as
    /// before.
    ///
    /// # Errors
    /// `Clash` if it is not broken any more, and as [`Store::put_back`]; then it is where it was.
    pub fn replace_broken(&self, id: TabId) -> Result<(Loaded, PathBuf)> {
        let entry = self.entry(id)?.ok_or_else(|| {
            Fault::new(Kind::NotFound, format!("there is no tab {id}"))
                .hint("`tabctl ls` lists the tabs")
        })?;
        let file = Path::new(&entry.file);
        let aside = {
            let _lock = self.lock_tab(id)?;
            if !self.is_broken(file) {
                let message = format!("{} is not broken any more", file.display());
                return Err(Fault::new(Kind::Clash, message).into());
            }
            set_aside(file)?
        };
        match self.put_back(id) {
            Ok(loaded) => Ok((loaded, aside)),
            Err(error) => {
                // Should something stand there by now, it stays beside it.
                let _ = file::rename_new(&aside, file);
                Err(error)
            }
        }
    }

    /// Forgets what the runner of a tab was to run, and who held it.
    pub fn forget_run(&self, id: TabId) -> Result<()> {
        self.drop_live(id)
    }
}

/// Gives a file a name that is no session file's.
fn set_aside(file: &Path) -> Result<PathBuf> {
    for number in 1..=BROKEN {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".broken-{number}"));
        let aside = PathBuf::from(name);
        if file::rename_new(file, &aside)? {
            return Ok(aside);
        }
    }
    let message = format!("{BROKEN} broken versions stand beside {}", file.display());
    Err(Fault::new(Kind::Clash, message).hint("look at them, and take them away").into())
}
