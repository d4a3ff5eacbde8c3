//! Now and then looks for what killed writers left behind, and takes it away.
//! Must not cost a change of a tab more than one look at a file, nor make it fail.

use std::time::Duration;

use super::Store;
use crate::sys::clock;
use crate::sys::file::{self, Durability};

/// How old a temporary file must be, and how long one look is good for: a write takes milliseconds.
const AN_HOUR: Duration = Duration::from_hours(1);

impl Store {
    /// Sweeps, if that was not done within the last hour.
    pub(super) fn sweep_if_due(&self) {
        let now = clock::now();
        let last = file::stamp(&self.swept_file()).map(|stamp| stamp.mtime);
        // A time ahead of the clock is of a clock that was set back.
        let age = last.zip(now.timestamp_nanos_opt()).map(|(last, now)| now.saturating_sub(last));
        let age = age.and_then(|age| u64::try_from(age).ok()).map(Duration::from_nanos);
        if age.is_some_and(|age| age < AN_HOUR) {
            return;
        }
        // Noted beforehand: should it not be possible to note it, it is not done each time.
        if file::write(&self.swept_file(), b"", Durability::Quick).is_ok() {
            for leftover in self.leftovers((now - AN_HOUR).into()) {
                // What cannot be removed stays: it harms nobody.
                let _ = self.remove_leftover(&leftover);
            }
        }
    }
}
