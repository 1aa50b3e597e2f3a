//! The body of a call: bytes, and files that are read from the disk each time it is sent.

use std::{io, path::Path, sync::Arc};

use axum::body::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use tempfile::TempPath;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// A body that can be sent again after a refresh, however large it is.
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
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self(vec![Chunk::Bytes(bytes)])
    }
}

impl FromIterator<Chunk> for Payload {
    fn from_iter<I: IntoIterator<Item = Chunk>>(chunks: I) -> Self {
        Self(chunks.into_iter().collect())
    }
}

impl Payload {
    /// In bytes.
    pub fn length(&self) -> u64 {
        let length = |chunk: &Chunk| match chunk {
            Chunk::Bytes(bytes) => bytes.len() as u64,
            Chunk::File { size, .. } => *size,
        };
        self.0.iter().map(length).sum()
    }

    /// Whether it comes from the disk in part.
    pub fn has_files(&self) -> bool {
        self.0.iter().any(|chunk| matches!(chunk, Chunk::File { .. }))
    }

    pub(super) fn body(&self) -> reqwest::Body {
        if let [Chunk::Bytes(bytes)] = self.0.as_slice() {
            return bytes.clone().into();
        }
        let parts = self.0.clone().into_iter().map(|chunk| match chunk {
            Chunk::Bytes(bytes) => stream::once(async { Ok(bytes) }).boxed(),
            Chunk::File { path, .. } => content(path).boxed(),
        });
        reqwest::Body::wrap_stream(stream::iter(parts).flatten())
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
