//! The session file that was read last: read again only after something has changed. Must not hand out
//! what is not there any more, so it asks the system about everything that the answer was made from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Loaded, Standing, Store, Trust};
use crate::model::id::TabId;
use crate::sys::clock;
use crate::sys::file::{self, FileId, Stamp};

/// What changed less long ago may change once more and look the same, in nanoseconds: the system's
/// stamps have steps of up to 10 ms.
const STEP: i64 = 50_000_000;

/// The last tab that was read, shared by those who look after the same one.
#[derive(Debug, Clone, Default)]
pub struct Recall(Arc<Mutex<Option<Seen>>>);

/// A session file, and what it was like when it was read.
#[derive(Debug)]
struct Seen {
    marks: Marks,
    loaded: Loaded,
}

/// What a reading was made from: the index entry, the approval, the file and its folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marks {
    entry: Stamp,
    approval: Stamp,
    file: Stamp,
    folder: FileId,
}

impl Marks {
    /// Whether all of it has stood so for a while: then what comes later has another stamp.
    fn are_settled(&self) -> bool {
        let now = clock::now().timestamp_nanos_opt().unwrap_or(0);
        let newest = [&self.entry, &self.approval, &self.file].map(|it| it.ctime.max(it.mtime));
        newest.into_iter().all(|at| at < now - STEP)
    }
}

impl Recall {
    /// The tab, if it was read last and nothing has changed since.
    pub(super) fn of(&self, store: &Store, id: TabId) -> Option<Loaded> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.as_ref().filter(|seen| seen.loaded.session.id == id)?;
        let same = store.stamps_of(id, &seen.loaded.file)? == seen.marks;
        same.then(|| seen.loaded.clone())
    }

    /// Keeps a reading that began when these were the marks. Only one that is as it should be: what
    /// else may depend on files that are not among them.
    pub(super) fn keep(&self, marks: Option<Marks>, loaded: &Loaded) {
        let is_plain = loaded.standing == Standing::Known && loaded.trust == Trust::Trusted;
        let marks = marks.filter(|marks| is_plain && marks.are_settled());
        let seen = marks.map(|marks| Seen { marks, loaded: loaded.clone() });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}

impl Store {
    /// What a tab's file and all that is known of it are like now; nothing if any is missing.
    pub(super) fn stamps_of(&self, id: TabId, file: &Path) -> Option<Marks> {
        Some(Marks {
            entry: file::stamp(&self.index_file(id))?,
            approval: file::stamp(&self.trust_file(id))?,
            file: file::stamp(file)?,
            folder: file::identity(file.parent()?)?,
        })
    }
}
