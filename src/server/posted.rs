//! A form as a browser posts it: what was typed, and files, which go to the disk as they come.

use std::{fmt, sync::Arc};

use axum::{
    body::to_bytes,
    extract::{FromRequest, Multipart, Request, multipart::Field},
};
use http::{StatusCode, header};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

use super::middleware::body_timeout;
use crate::openapi::Values;

/// The most that may be typed into a form, in bytes.
const LARGEST_TEXT: usize = 2 << 20;
/// The most files that one form may bring: each is a file on the disk, however small.
const MOST_FILES: usize = 1000;
/// What stands around an input and its text in a form without files: an input without either takes room too.
const SEPARATORS: usize = "&=".len();
/// How much of the files is passed over for what was typed behind them, where no file is wanted, in bytes.
const MOST_PASSED_OVER: u64 = 16 << 20;

/// A form that was posted to a page's own address.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    /// What was typed; for a file, its name.
    pub values: Values,
    pub files: Vec<PostedFile>,
}

/// A file that came with a form. It is deleted when nobody needs it any more.
#[derive(Debug, Clone)]
pub struct PostedFile {
    /// The name of the input.
    pub input: String,
    /// What the file was called.
    pub name: String,
    /// What the browser takes it for; perhaps nothing.
    pub media_type: String,
    pub path: Arc<TempPath>,
    /// In bytes.
    pub size: u64,
}

/// Why a form cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("it has more than {most} {what}")]
    TooLarge {
        what: Excess,
        most: u64,
        /// What was typed, as far as it has been read.
        typed: Values,
    },
    #[error("it cannot be read")]
    Unreadable,
    #[error("a file cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
}

/// What there is too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Bytes that were typed.
    Texts,
    /// Bytes of files.
    Files,
    /// Files, however small.
    Number,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Texts => "bytes of text",
            Self::Files => "bytes of files",
            Self::Number => "files",
        })
    }
}

impl FormError {
    fn too_much_text() -> Self {
        Self::TooLarge { what: Excess::Texts, most: LARGEST_TEXT as u64, typed: Values::default() }
    }

    /// The status that goes with it (RFC 9110).
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Disk(_) => StatusCode::INSUFFICIENT_STORAGE,
        }
    }
}

impl Posted {
    /// A form without files, as `application/x-www-form-urlencoded`.
    pub fn parse(form: &str) -> Self {
        Self { values: Values::parse(form), files: Vec::new() }
    }

    /// Reads a form of either kind, with at most so many bytes of files.
    ///
    /// # Errors
    /// See [`FormError`].
    pub async fn read(request: Request, largest: u64) -> Result<Self, FormError> {
        if !is_multipart(&request) {
            return Self::read_texts(request).await;
        }
        let (mut posted, mut room) = (Self::default(), Room::with_files(largest));
        posted.take_parts(request, &mut room).await?;
        match room.excess {
            Some(what) => {
                let most = if what == Excess::Number { MOST_FILES as u64 } else { largest };
                Err(FormError::TooLarge { what, most, typed: posted.typed() })
            }
            None => Ok(posted),
        }
    }

    /// What was typed into a form of either kind, as far as it can be read. Files are passed over.
    pub async fn read_typed(request: Request) -> Values {
        if !is_multipart(&request) {
            return Self::read_texts(request).await.unwrap_or_default().values;
        }
        let mut posted = Self::default();
        if let Err(error) = posted.take_parts(request, &mut Room::without_files()).await {
            tracing::debug!(%error, "the rest of a form is lost");
        }
        posted.values
    }

    async fn read_texts(request: Request) -> Result<Self, FormError> {
        let form = to_bytes(request.into_body(), LARGEST_TEXT).await.map_err(|error| unread(&error))?;
        let form = std::str::from_utf8(&form).map_err(|_| FormError::Unreadable)?;
        Ok(Self::parse(form))
    }

    async fn take_parts(&mut self, request: Request, room: &mut Room) -> Result<(), FormError> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| FormError::Unreadable)?;
        while room.to_skip > 0
            && let Some(part) = parts.next_field().await.map_err(|_| FormError::Unreadable)?
        {
            self.take(part, room).await?;
        }
        Ok(())
    }

    async fn take(&mut self, part: Field<'_>, room: &mut Room) -> Result<(), FormError> {
        let input = part.name().unwrap_or_default().to_owned();
        room.text = room.text.checked_sub(input.len() + SEPARATORS).ok_or_else(FormError::too_much_text)?;
        match part.file_name().map(str::to_owned) {
            Some(name) if name.is_empty() => {}
            Some(_) if !room.takes_file() => skip(part, room).await?,
            Some(name) => {
                let file = PostedFile::keep(part, input, name, room).await?;
                self.values.push(file.input.clone(), file.name.clone());
                self.files.push(file);
            }
            None => {
                let text = text(part, room.text).await?;
                room.text -= text.len();
                self.values.push_sent(&input, &text);
            }
        }
        Ok(())
    }

    /// Without the names of files.
    fn typed(mut self) -> Values {
        self.values.retain(|name| !self.files.iter().any(|file| file.input == name));
        self.values
    }
}

/// Why a form without files cannot be taken.
fn unread(error: &axum::Error) -> FormError {
    if body_timeout::has_broken_off(error) { FormError::Unreadable } else { FormError::too_much_text() }
}

fn is_multipart(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}

/// What may still come.
struct Room {
    /// In bytes, with names.
    text: usize,
    /// How many files.
    files: usize,
    /// Their bytes.
    bytes: u64,
    /// Of files that are too large, so many more are read and dropped: what was typed may stand behind them, and a
    /// browser that cannot send all of its form shows no answer to it.
    to_skip: u64,
    /// What there was no room for.
    excess: Option<Excess>,
}

impl Room {
    fn with_files(bytes: u64) -> Self {
        let to_skip = bytes + LARGEST_TEXT as u64;
        Self { text: LARGEST_TEXT, files: MOST_FILES, bytes, to_skip, excess: None }
    }

    fn without_files() -> Self {
        Self { text: LARGEST_TEXT, files: 0, bytes: 0, to_skip: MOST_PASSED_OVER, excess: None }
    }

    /// Whether there is room for one more file.
    fn takes_file(&mut self) -> bool {
        match self.files.checked_sub(1) {
            Some(left) => self.files = left,
            None => self.lacks(Excess::Number),
        }
        self.excess.is_none()
    }

    /// Whether there is room for so many bytes more of a file.
    fn takes(&mut self, length: u64) -> bool {
        match self.bytes.checked_sub(length) {
            Some(left) if self.excess.is_none() => self.bytes = left,
            _ => {
                self.lacks(Excess::Files);
                self.to_skip = self.to_skip.saturating_sub(length);
            }
        }
        self.excess.is_none()
    }

    /// The first that there is no room for is what people are told of.
    fn lacks(&mut self, what: Excess) {
        self.excess.get_or_insert(what);
    }
}

async fn skip(mut part: Field<'_>, room: &mut Room) -> Result<(), FormError> {
    while room.to_skip > 0
        && let Some(chunk) = part.chunk().await.map_err(|_| FormError::Unreadable)?
    {
        room.takes(chunk.len() as u64);
    }
    Ok(())
}

async fn text(mut part: Field<'_>, most: usize) -> Result<String, FormError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| FormError::Unreadable)? {
        if bytes.len() + chunk.len() > most {
            return Err(FormError::too_much_text());
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| FormError::Unreadable)
}

impl PostedFile {
    async fn keep(
        mut part: Field<'_>,
        input: String,
        name: String,
        room: &mut Room,
    ) -> Result<Self, FormError> {
        let media_type = part.content_type().unwrap_or_default().to_owned();
        let (file, path) = NamedTempFile::with_prefix("vestibule-")?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let mut size = 0;
        while room.to_skip > 0
            && let Some(chunk) = part.chunk().await.map_err(|_| FormError::Unreadable)?
        {
            if room.takes(chunk.len() as u64) {
                size += chunk.len() as u64;
                file.write_all(&chunk).await?;
            }
        }
        file.flush().await?;
        Ok(Self { input, name, media_type, path: Arc::new(path), size })
    }
}
