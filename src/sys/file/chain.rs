//! Folders on the way to a file that others may share: made where they are missing, taken away when
//! empty. Must not change one that was there; for tabctl's own there is `private_dir`.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Result;

use super::failure;

/// Makes a folder with all that are missing above it; how many were made.
pub fn make_folders(path: &Path) -> Result<usize> {
    let missing = path.ancestors().take_while(|folder| !folder.exists()).count();
    let made = DirBuilder::new().recursive(true).create(path);
    made.map_err(|e| failure("make the folder", path, &e))?;
    Ok(missing)
}

/// Takes away a folder and those above it, `count` in all, as long as they are empty.
pub fn remove_empty_folders(path: &Path, count: usize) -> Result<()> {
    for folder in path.ancestors().take(count) {
        match std::fs::remove_dir(folder) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) if e.kind() == ErrorKind::DirectoryNotEmpty => return Ok(()),
            Err(e) => return Err(failure("remove the folder", folder, &e)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may stop at the first surprise
    use super::*;

    #[test]
    fn what_was_made_is_taken_away_again_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let shared = home.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        let deep = shared.join("a/b");
        let made = make_folders(&deep).unwrap();
        assert_eq!((made, make_folders(&deep).unwrap()), (2, 0));
        remove_empty_folders(&deep, made).unwrap();
        assert!(shared.is_dir() && !shared.join("a").exists());

        let made = make_folders(&deep).unwrap();
        std::fs::create_dir(shared.join("a/mine")).unwrap();
        remove_empty_folders(&deep, made).unwrap();
        assert!(shared.join("a/mine").is_dir() && !deep.exists());
    }
}
