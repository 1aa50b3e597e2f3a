//! The body of a call: bytes, files that are read from the disk each time it is sent, or what comes from the browser.

use std::{io, path::Path, sync::Arc};

use axum::body::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use tempfile::TempPath;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use super::Upload;

/// A body. It can be sent again after a refresh, however large it is, unless it is an [`Upload`].
#[derive(Debug, Clone, Default)]
pub struct Payload(Vec<Chunk>);

/// A part of it.
#[derive(Debug, Clone)]
pub enum Chunk {
    Bytes(Bytes),
    File {
        path: Arc<TempPath>,
        /// In bytes.
        size: u64,
    },
    /// Passed on as it comes, once.
    Upload(Upload),
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self(vec![Chunk::Bytes(bytes)])
    }
}

impl From<Upload> for Payload {
    fn from(upload: Upload) -> Self {
        Self(vec![Chunk::Upload(upload)])
    }
}

impl FromIterator<Chunk> for Payload {
    fn from_iter<I: IntoIterator<Item = Chunk>>(chunks: I) -> Self {
        Self(chunks.into_iter().collect())
    }
}

impl Payload {
    /// In bytes, where it is known.
    pub fn length(&self) -> Option<u64> {
        let length = |chunk: &Chunk| match chunk {
            Chunk::Bytes(bytes) => Some(bytes.len() as u64),
            Chunk::File { size, .. } => Some(*size),
            Chunk::Upload(upload) => upload.length(),
        };
        self.0.iter().map(length).sum()
    }

    /// The part that cannot be sent a second time, if there is one.
    pub fn upload(&self) -> Option<&Upload> {
        self.0.iter().find_map(|chunk| match chunk {
            Chunk::Upload(upload) => Some(upload),
            Chunk::Bytes(_) | Chunk::File { .. } => None,
        })
    }

    /// Whether it comes from the disk in part.
    pub fn has_files(&self) -> bool {
        self.0.iter().any(|chunk| matches!(chunk, Chunk::File { .. }))
    }

    /// All of it, where that is at hand.
    pub(super) fn whole(&self) -> Option<Bytes> {
        match self.0.as_slice() {
            [Chunk::Bytes(bytes)] => Some(bytes.clone()),
            _ => None,
        }
    }

    /// One part after the other.
    pub(super) fn parts(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let parts = self.0.clone().into_iter().map(|chunk| match chunk {
            Chunk::Bytes(bytes) => stream::once(async { Ok(bytes) }).boxed(),
            Chunk::File { path, .. } => content(path).boxed(),
            Chunk::Upload(upload) => upload.take(),
        });
        stream::iter(parts).flatten()
    }
}

/// The content of a file. The path is held until its end, for the file goes with the last of those who hold it.
fn content(path: Arc<TempPath>) -> impl Stream<Item = io::Result<Bytes>> {
    let open = async move {
        let file = File::open(AsRef::<Path>::as_ref(&*path)).await?;
        let held = ReaderStream::new(file).inspect_ok(move |_| drop(path.clone()));
        io::Result::Ok(held)
    };
    stream::once(open).try_flatten()
}
