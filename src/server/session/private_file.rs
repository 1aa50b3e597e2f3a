//! Files that only the account the server runs as may read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use tempfile::NamedTempFile;

/// Creates the directory that `path` lies in, and those above it, closed to other accounts. One that exists
/// already is left as it is.
///
/// # Errors
/// What the file system says.
pub fn create_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            DirBuilder::new().recursive(true).mode(0o700).create(parent)
        }
        _ => Ok(()),
    }
}

/// Creates an empty file with mode 0600. `SQLite` gives its `-wal` and `-shm` files the mode of the main one.
///
/// # Errors
/// `AlreadyExists` if there is one, which is then untouched; else what the file system says.
pub fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Creates a file with mode 0600 and this content, all or nothing: neither a crash nor a second process that
/// starts at the same moment ever sees half of it.
///
/// # Errors
/// `AlreadyExists` if there is one, which is then untouched; else what the file system says.
pub fn create_with(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut draft = NamedTempFile::new_in(directory.unwrap_or(Path::new(".")))?;
    draft.write_all(content)?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn files_and_directories_are_closed_to_others() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b/file");
        create_parent(&path).unwrap();
        create(&path).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let other = root.path().join("a/other");
        create_with(&other, b"x").unwrap();
        assert_eq!(mode(&other), 0o600);
    }

    #[test]
    fn a_file_that_exists_is_untouched() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        create_with(&path, b"first").unwrap();
        for refused in [create(&path).map(drop), create_with(&path, b"second")] {
            assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "no draft is left behind");
    }
}
