//! Facts about files that the rest of the program relies on.
#![allow(clippy::unwrap_used)] // a test that cannot set up its files has failed

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;
use crate::error::kind_of;

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn put(path: &Path, bytes: &[u8], mode: u32) {
    write(path, bytes, Durability::Quick).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn names_in(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// One of everything that can stand where a session file is expected.
fn oddities(dir: &Path) -> Vec<(&'static str, PathBuf)> {
    let real = dir.join("real");
    put(&real, b"x", 0o600);
    symlink(&real, dir.join("link")).unwrap();
    symlink(dir.join("nowhere"), dir.join("dangling")).unwrap();
    put(&dir.join("first"), b"x", 0o600);
    fs::hard_link(dir.join("first"), dir.join("hard")).unwrap();
    mknodat(CWD, dir.join("fifo"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    fs::create_dir(dir.join("folder")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(dir.join("socket"));
    drop(socket.unwrap());
    put(&dir.join("open"), b"x", 0o666);
    put(&dir.join("sparse"), b"x", 0o600);
    fs::OpenOptions::new().write(true).open(dir.join("sparse")).unwrap().set_len(1 << 30).unwrap();
    let oddities = [
        ("is a symbolic link", "link"),
        ("is a symbolic link", "dangling"),
        ("has a second hard link", "hard"),
        ("is a FIFO", "fifo"),
        ("is a folder", "folder"),
        ("socket", "socket"),
        ("can be written by others", "open"),
        ("is larger than 256 KiB", "sparse"),
    ];
    oddities.map(|(what, name)| (what, dir.join(name))).to_vec()
}

#[test]
fn what_is_not_a_plain_file_of_ours_is_refused_by_name_and_never_hangs() {
    let dir = tempfile::tempdir().unwrap();
    for (what, path) in oddities(dir.path()) {
        let began = Instant::now();
        for error in [read(&path).unwrap_err(), write(&path, b"y", Durability::Quick).unwrap_err()]
        {
            let message = error.to_string();
            assert!(message.contains(what), "{message}");
            assert!(message.contains(path.to_str().unwrap()), "{message}");
            assert_eq!(kind_of(&error), Kind::BadFile, "{message}");
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{what}");
    }
    assert_eq!(read(&dir.path().join("real")).unwrap().unwrap(), b"x");
    assert!(!dir.path().join("nowhere").exists());
    assert!(!names_in(dir.path()).iter().any(|p| is_temp_name(p.file_name().unwrap())));
}

#[test]
fn a_file_of_another_user_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    put(&path, b"x", 0o600);
    // Only root can give a file away; for everybody else a file of root stands in.
    let foreign = if std::os::unix::fs::chown(&path, Some(4242), None).is_ok() {
        path
    } else {
        PathBuf::from("/etc/hostname")
    };
    assert!(read(&foreign).unwrap_err().to_string().contains("belongs to another user"));
}

#[test]
fn group_access_is_fine_in_a_workspace_and_not_in_private_folders() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    put(&path, b"x", 0o664);
    assert!(read_guarded(&path, Guard::Shared).unwrap().is_some());
    assert!(read_guarded(&path, Guard::Private).is_err());
    put(&path, b"x", 0o644);
    assert!(read_guarded(&path, Guard::Private).unwrap().is_some());
}

#[test]
fn an_absent_file_is_not_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(&dir.path().join("a")).unwrap().is_none());
    assert!(read(&dir.path().join("a/b")).unwrap().is_none());
    assert!(stamp(&dir.path().join("a")).is_none());
    assert!(identity(&dir.path().join("a")).is_none());
    assert!(remove(&dir.path().join("a")).is_ok() && remove(&dir.path().join("a/b")).is_ok());
}

#[test]
fn a_new_file_is_private_and_an_old_one_keeps_its_mode() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    for durability in [Durability::Durable, Durability::Ordered, Durability::Quick] {
        let _ = fs::remove_file(&path);
        write(&path, b"one", durability).unwrap();
        assert_eq!(mode_of(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
        write(&path, b"two", durability).unwrap();
        assert_eq!(mode_of(&path), 0o664);
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
    }
    assert_eq!(names_in(dir.path()), [path]);
}

#[test]
fn a_file_is_replaced_only_if_it_is_as_expected() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let replace = |bytes: &[u8], expect| {
        let replaced = replace(&path, bytes, expect, Durability::Quick).unwrap();
        assert!(replaced.is_none() || replaced == stamp(&path), "the stamp is of what was written");
        replaced.is_some()
    };
    assert!(!replace(b"1", Expect::Bytes(b"")), "an empty file is not an absent one");
    assert!(replace(b"1", Expect::Absent));
    assert!(!replace(b"2", Expect::Absent));
    assert!(!replace(b"2", Expect::Bytes(b"x")));
    assert!(replace(b"2", Expect::Bytes(b"1")));
    assert_eq!(read(&path).unwrap().unwrap(), b"2");
    assert_eq!(names_in(dir.path()), [path]);
}

#[test]
fn a_failed_write_leaves_the_old_file_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    put(&path, b"old", 0o600);
    let longer = dir.path().join("x".repeat(300));
    assert!(write(&longer, b"y", Durability::Durable).is_err());
    assert!(write(&path.join("below"), b"y", Durability::Durable).is_err());
    assert!(write(&dir.path().join(".."), b"y", Durability::Durable).is_err());
    assert_eq!(read(&path).unwrap().unwrap(), b"old");
    assert_eq!(names_in(dir.path()), [path]);
}

#[test]
fn readers_see_the_old_or_the_new_version_and_nothing_between() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let versions: [Vec<u8>; 2] = [vec![b'a'; 10], vec![b'b'; 100_000]];
    write(&path, &versions[0], Durability::Quick).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0..300 {
                write(&path, &versions[turn % 2], Durability::Quick).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        while !done.load(Ordering::SeqCst) {
            assert!(versions.contains(&read(&path).unwrap().unwrap()));
        }
    });
}

#[test]
fn a_log_survives_a_torn_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    assert_eq!(append(&path, b"one").unwrap(), 4);
    assert_eq!(mode_of(&path), 0o600);
    let torn = b"one\ntw";
    put(&path, torn, 0o600);
    append(&path, b"three").unwrap();
    append(&path, b"four").unwrap();
    assert_eq!(read(&path).unwrap().unwrap(), b"one\ntw\nthree\nfour\n");
    let link = dir.path().join("link");
    symlink(&path, &link).unwrap();
    assert!(append(&link, b"x").is_err());
}

#[test]
fn a_private_folder_is_made_tightened_and_verified() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b");
    private_dir(&path).unwrap();
    assert_eq!((mode_of(&path), mode_of(path.parent().unwrap())), (0o700, 0o700));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    private_dir(&path).unwrap();
    assert_eq!(mode_of(&path), 0o700);
    symlink(&path, dir.path().join("link")).unwrap();
    put(&dir.path().join("file"), b"x", 0o600);
    for bad in ["link", "file"] {
        assert!(private_dir(&dir.path().join(bad)).is_err(), "{bad}");
    }
}

#[test]
fn a_lock_excludes_and_is_free_again_when_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("l");
    assert!(!is_locked(&path) && !path.exists(), "looking creates nothing");
    let held = try_lock(&path).unwrap().unwrap();
    assert!(is_locked(&path));
    assert!(try_lock(&path).unwrap().is_none());
    let began = Instant::now();
    let error = lock(&path, Duration::from_millis(30)).unwrap_err();
    assert_eq!(kind_of(&error), Kind::Busy);
    assert!(began.elapsed() >= Duration::from_millis(30));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| lock(&path, Duration::from_secs(5)));
        std::thread::sleep(Duration::from_millis(20));
        drop(held);
        assert!(waiting.join().unwrap().is_ok());
    });
    assert!(!is_locked(&path));
}

#[test]
fn only_names_that_we_make_up_are_temporary() {
    let name = |n: &str| is_temp_name(std::ffi::OsStr::new(n));
    assert!(name(".tabctl-0123456789abcdef0123456789abcdef.tmp"));
    for other in [".session.yaml", ".tabctl-.tmp", ".tabctl-mine.tmp", "tabctl-notes.tmp"] {
        assert!(!name(other), "{other}");
    }
}

#[test]
fn a_copy_is_whole_and_private_and_as_old_as_the_file_however_large_that_is() {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    put(&from, b"head", 0o644);
    fs::OpenOptions::new().write(true).open(&from).unwrap().set_len(3 * MAX_BYTES).unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    File::options().write(true).open(&from).unwrap().set_modified(old).unwrap();
    assert!(copy(&from, &to, Expect::Absent).unwrap());
    assert_eq!(fs::read(&from).unwrap(), fs::read(&to).unwrap());
    assert_eq!((mode_of(&to), fs::metadata(&to).unwrap().modified().unwrap()), (0o600, old));
    fs::remove_file(&to).unwrap();
    put(&to, b"somebody's", 0o600);
    assert!(!copy(&from, &to, Expect::Absent).unwrap(), "something stands there");
    assert_eq!(fs::read(&to).unwrap(), b"somebody's");
    assert!(copy(&from, &to, Expect::Anything).unwrap());
    assert_eq!(fs::metadata(&to).unwrap().len(), 3 * MAX_BYTES);
    assert_eq!(names_in(dir.path()).len(), 2, "no temporary file is left");
}

#[test]
fn files_are_joined_and_neither_a_link_nor_a_folder_is_copied_or_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    put(&path("one"), b"1\n", 0o600);
    put(&path("two"), b"2\n", 0o600);
    assert!(join(&[&path("one"), &path("two")], &path("two"), Expect::Anything).unwrap());
    assert_eq!(fs::read(path("two")).unwrap(), b"1\n2\n");
    symlink(path("one"), path("link")).unwrap();
    fs::create_dir(path("folder")).unwrap();
    for odd in ["link", "folder", "gone"] {
        assert!(copy(&path(odd), &path("new"), Expect::Anything).is_err(), "{odd}");
    }
    for odd in ["link", "folder"] {
        assert!(copy(&path("one"), &path(odd), Expect::Anything).is_err(), "{odd}");
    }
    assert_eq!(names_in(dir.path()).len(), 4, "no temporary file is left");
}

#[test]
fn a_first_line_is_put_over_a_longer_one_and_never_into_what_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line");
    put_first_line(&path, b"a longer line").unwrap();
    put_first_line(&path, b"short").unwrap();
    let text = read(&path).unwrap().unwrap();
    assert_eq!(text.split(|byte| *byte == b'\n').next(), Some(&b"short"[..]));
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(put_first_line(&link, b"x").is_err());
}
