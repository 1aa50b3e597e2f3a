use std::{fs::File, io, os::unix::fs::FileExt, sync::Arc};

use axum::body::Bytes;

/// A body up to this size lies in memory.
const LONGEST_IN_MEMORY: usize = 256 << 10;

/// Where the bytes of an answer are.
#[derive(Debug, Clone)]
pub(super) enum Storage {
    Memory(Bytes),
    /// A file without a name: it is gone when the last one who holds it lets go.
    File(Arc<File>),
}

impl Storage {
    /// For a body that begins like this; `whole` when that is all of it.
    pub fn begin(beginning: &Bytes, whole: bool) -> io::Result<Self> {
        if whole && beginning.len() <= LONGEST_IN_MEMORY {
            return Ok(Self::Memory(beginning.clone()));
        }
        let file = tempfile::tempfile()?;
        file.write_all_at(beginning, 0)?;
        Ok(Self::File(Arc::new(file)))
    }

    /// The bytes from `from`, at most so many; fewer at the end.
    pub fn read(&self, from: u64, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
                let to = from.saturating_add(length).min(bytes.len());
                Ok(bytes.slice(from..to).to_vec())
            }
            Self::File(file) => read_file(file, from, length),
        }
    }

    /// Writes the bytes that come at `at`. What lies in memory is whole, and takes no more.
    pub fn write(&self, at: u64, part: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory(_) => Err(io::ErrorKind::Unsupported.into()),
            Self::File(file) => file.write_all_at(part, at),
        }
    }
}

fn read_file(file: &File, from: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, from + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
