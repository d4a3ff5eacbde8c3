//! Which processes hold a lock on a file, as Linux tells it in `/proc/locks`.
//! Must not take a lock to find out: an agent that starts at that moment would be turned away.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The processes that hold a lock on a file. None where the system does not tell.
pub(super) fn owners(file: &Path) -> Vec<u32> {
    let (Ok(meta), Ok(table)) = (std::fs::metadata(file), std::fs::read_to_string("/proc/locks"))
    else {
        return Vec::new();
    };
    let device = (rustix::fs::major(meta.dev()), rustix::fs::minor(meta.dev()));
    in_table(&table, device, meta.ino())
}

/// Reads lines like `1: FLOCK  ADVISORY  WRITE 11876 fe:00:10117343 0 EOF`. The device is in
/// hexadecimal, the inode is not. Who waits for a lock (`1: -> FLOCK …`) does not hold it.
fn in_table(table: &str, device: (u32, u32), inode: u64) -> Vec<u32> {
    let owner = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK" | "POSIX" | "OFDLCK", _, _, pid, place, ..] = words[..] else {
            return None;
        };
        let mut place = place.split(':');
        let major = u32::from_str_radix(place.next()?, 16).ok()?;
        let minor = u32::from_str_radix(place.next()?, 16).ok()?;
        let same = (major, minor) == device && place.next()?.parse() == Ok(inode);
        if same { pid.parse().ok() } else { None }
    };
    table.lines().filter_map(owner).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    const TABLE: &str = "\
1: FLOCK  ADVISORY  WRITE 11876 fe:00:10117343 0 EOF
1: -> FLOCK  ADVISORY  WRITE 12000 fe:00:10117343 0 EOF
2: POSIX  ADVISORY  READ 11877 fe:00:10117264 128 128
3: OFDLCK ADVISORY  WRITE -1 fe:00:10117265 0 EOF
4: FLOCK  ADVISORY  WRITE 11878 103:0a:10117343 0 EOF
5: LEASE  ACTIVE    READ 11879 fe:00:10117343 0 EOF
torn";

    #[test]
    fn the_table_tells_who_holds_a_lock_and_not_who_waits() {
        assert_eq!(in_table(TABLE, (0xfe, 0), 10_117_343), [11_876]);
        assert_eq!(in_table(TABLE, (0x103, 0x0a), 10_117_343), [11_878]);
        assert_eq!(in_table(TABLE, (0xfe, 0), 10_117_264), [11_877]);
        assert!(in_table(TABLE, (0xfe, 0), 10_117_265).is_empty(), "an owner without a number");
        assert!(in_table(TABLE, (0xfe, 0), 1).is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_lock_that_is_let_go_has_no_owner() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let held = std::fs::File::open(file.path()).unwrap();
        held.lock().unwrap();
        assert_eq!(owners(file.path()), [std::process::id()]);
        drop(held);
        assert!(owners(file.path()).is_empty());
    }
}
