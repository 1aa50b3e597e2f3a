//! The upload form.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::HeaderValue;
use utoipa::ToSchema;

use super::super::answer::{FieldErrors, Refusal};

/// Longest name and note, in bytes.
const MAX_TEXT: usize = 280;

/// A file, and what there is to say about it.
#[derive(ToSchema)]
pub struct UploadForm {
    #[schema(value_type = Content)]
    pub file: Attachment,
    #[schema(max_length = 280, example = "The title page of the first edition")]
    pub note: Option<String>,
}

/// A file as it came.
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    pub content: Content,
}

/// What is in a file.
#[derive(Clone, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Content(pub Bytes);

impl UploadForm {
    /// Reads the form; parts that it does not know are passed over.
    pub async fn read(mut parts: Multipart) -> Result<Self, Refusal> {
        let (mut file, mut note) = (None, None);
        while let Some(part) = parts.next_field().await? {
            match part.name() {
                Some("file") => file = Some(Attachment::read(part).await?),
                Some("note") => note = Some(part.text().await?).filter(|text| !text.is_empty()),
                _ => {}
            }
        }
        let mut errors = FieldErrors::default();
        errors.check(note.as_ref().is_none_or(|note| note.len() <= MAX_TEXT), "note", "is too long");
        errors.check(file.as_ref().is_some_and(|file| !file.name.is_empty()), "file", "must be a file");
        errors.check(
            file.as_ref().is_none_or(|file| file.name.len() <= MAX_TEXT),
            "file",
            "has too long a name",
        );
        errors.into_result()?;
        let file = file.ok_or(Refusal::Invalid(FieldErrors::one("file", "must be a file")))?;
        Ok(Self { file, note })
    }
}

impl Attachment {
    async fn read(part: Field<'_>) -> Result<Self, Refusal> {
        let name = part.file_name().unwrap_or_default().to_owned();
        let media_type = part.content_type().filter(|text| HeaderValue::from_str(text).is_ok());
        let media_type = media_type.unwrap_or("application/octet-stream").to_owned();
        Ok(Self { name, media_type, content: Content(part.bytes().await?) })
    }
}

impl From<MultipartError> for Refusal {
    fn from(error: MultipartError) -> Self {
        Self::from_status(error.status(), error.body_text())
    }
}

impl From<MultipartRejection> for Refusal {
    fn from(rejection: MultipartRejection) -> Self {
        Self::from_status(rejection.status(), rejection.body_text())
    }
}
