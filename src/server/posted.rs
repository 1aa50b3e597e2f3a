//! A form as a browser posts it: what was typed, and files, which go to the disk as they come.

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::{FromRequest, Multipart, Request, multipart::Field},
};
use http::{StatusCode, header};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

use crate::openapi::Values;

/// The most that may be typed into a form, in bytes.
const LARGEST_TEXT: usize = 2 << 20;

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
    #[error("it is too large")]
    TooLarge,
    #[error("it cannot be read")]
    Unreadable,
    #[error("a file cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
}

impl FormError {
    /// The status that goes with it (RFC 9110).
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
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
        let content_type = request.headers().get(header::CONTENT_TYPE);
        if content_type.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data")) {
            return Self::read_parts(request, largest).await;
        }
        let form = to_bytes(request.into_body(), LARGEST_TEXT).await.map_err(|_| FormError::TooLarge)?;
        let form = std::str::from_utf8(&form).map_err(|_| FormError::Unreadable)?;
        Ok(Self::parse(form))
    }

    async fn read_parts(request: Request, largest: u64) -> Result<Self, FormError> {
        let unreadable = |_| FormError::Unreadable;
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| FormError::Unreadable)?;
        let (mut posted, mut text_left, mut bytes_left) = (Self::default(), LARGEST_TEXT, largest);
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let input = part.name().unwrap_or_default().to_owned();
            text_left = text_left.checked_sub(input.len()).ok_or(FormError::TooLarge)?;
            match part.file_name().map(str::to_owned) {
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    let file = PostedFile::keep(part, input, name, bytes_left).await?;
                    bytes_left -= file.size;
                    posted.values.push(file.input.clone(), file.name.clone());
                    posted.files.push(file);
                }
                None => {
                    let text = text(part, text_left).await?;
                    text_left -= text.len();
                    posted.values.push(input, text);
                }
            }
        }
        Ok(posted)
    }
}

async fn text(mut part: Field<'_>, most: usize) -> Result<String, FormError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| FormError::Unreadable)? {
        if bytes.len() + chunk.len() > most {
            return Err(FormError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| FormError::Unreadable)
}

impl PostedFile {
    async fn keep(mut part: Field<'_>, input: String, name: String, most: u64) -> Result<Self, FormError> {
        let media_type = part.content_type().unwrap_or_default().to_owned();
        let (file, path) = NamedTempFile::with_prefix("vestibule-")?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let mut size = 0;
        while let Some(chunk) = part.chunk().await.map_err(|_| FormError::Unreadable)? {
            size += chunk.len() as u64;
            if size > most {
                return Err(FormError::TooLarge);
            }
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        Ok(Self { input, name, media_type, path: Arc::new(path), size })
    }
}
