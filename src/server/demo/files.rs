//! Files that people leave with the shop, such as scans of old editions. In memory, and each person has their own.

mod form;

use std::sync::Arc;

use axum::Extension;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::form::{Content, UploadForm};
use super::answer::{Envelope, Failure, Refusal};
use super::extract::Path;
use super::people::Person;
use super::seed::now;
use super::tokens::Caller;
use super::{Shop, lock};

/// Largest upload in bytes, with its frame.
const MAX_UPLOAD: usize = 5 * 1024 * 1024;
/// How many bytes, and how many files, one person can leave.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_FILES: usize = 50;

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    let uploads = OpenApiRouter::new().routes(routes!(list, upload)).layer(DefaultBodyLimit::max(MAX_UPLOAD));
    uploads.routes(routes!(download)).routes(routes!(delete))
}

/// A file, without its content.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileInfo {
    #[schema(pattern = "^[A-Za-z0-9_-]{16}$", example = "q8Jv0c2nXyZ_1-aB")]
    id: String,
    #[schema(example = "title-page.png")]
    name: String,
    #[schema(example = "image/png")]
    media_type: String,
    /// How long it is, in bytes.
    #[schema(minimum = 0, example = 48_213)]
    size: usize,
    uploaded_at: Timestamp,
    note: Option<String>,
}

/// All files, the newest last.
#[derive(Default)]
pub struct Files(Vec<Stored>);

struct Stored {
    person: u32,
    info: FileInfo,
    content: Content,
}

impl Files {
    fn of(&self, person: &Person) -> impl Iterator<Item = &Stored> {
        self.0.iter().filter(move |file| file.person == person.id)
    }

    fn add(&mut self, person: &Person, form: UploadForm) -> Result<FileInfo, Refusal> {
        let bytes: usize = self.of(person).map(|file| file.info.size).sum();
        let size = form.file.content.0.len();
        if bytes + size > MAX_BYTES || self.of(person).count() >= MAX_FILES {
            return Err(Refusal::Conflict("Your shelf is full; delete a file first"));
        }
        let id = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
        let (name, media_type) = (form.file.name, form.file.media_type);
        let info = FileInfo { id, name, media_type, size, uploaded_at: now(), note: form.note };
        self.0.push(Stored { person: person.id, info: info.clone(), content: form.file.content });
        Ok(info)
    }

    fn remove(&mut self, person: &Person, id: &str) -> Option<Stored> {
        let position = self.0.iter().position(|file| file.person == person.id && file.info.id == id)?;
        Some(self.0.remove(position))
    }
}

/// List my files
#[utoipa::path(
    get, path = "/files", operation_id = "listFiles", tag = "Files",
    responses((status = 200, description = "The files, the oldest first", body = Envelope<Vec<FileInfo>>))
)]
async fn list(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
) -> Envelope<Vec<FileInfo>> {
    Envelope::ok(lock(&shop.files).of(caller.person).map(|file| file.info.clone()).collect())
}

/// Upload a file
///
/// At most 5 MiB at a time, and 16 MiB or 50 files in all. They are gone when the shop closes.
#[utoipa::path(
    post, path = "/files", operation_id = "uploadFile", tag = "Files",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The file is stored", body = Envelope<FileInfo>),
        (status = 400, description = "The form cannot be read", body = Failure),
        (status = 409, description = "There is no room left", body = Failure),
        (status = 413, description = "The file is too large", body = Failure),
        (status = 422, description = "There is no file in the form", body = Failure),
    )
)]
async fn upload(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Envelope<FileInfo>), Refusal> {
    let form = UploadForm::read(form?).await?;
    let info = lock(&shop.files).add(caller.person, form)?;
    Ok((StatusCode::CREATED, Envelope { data: info, message: "The file is on your shelf" }))
}

/// Download a file
#[utoipa::path(
    get, path = "/files/{id}", operation_id = "downloadFile", tag = "Files",
    params(("id" = String, Path, description = "Identity of the file", example = "q8Jv0c2nXyZ_1-aB")),
    responses(
        (status = 200, description = "The content, byte for byte", body = Content,
            content_type = "application/octet-stream",
            headers(("Content-Disposition" = String, description = "`attachment`, with the name of the file"))),
        (status = 404, description = "There is no such file of yours", body = Failure),
    )
)]
async fn download(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let files = lock(&shop.files);
    let file = files.of(caller.person).find(|file| file.info.id == id).ok_or(Refusal::NotFound("file"))?;
    let name = utf8_percent_encode(&file.info.name, NON_ALPHANUMERIC);
    let headers = [
        (header::CONTENT_TYPE, file.info.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, file.content.0.clone()))
}

/// Delete a file
#[utoipa::path(
    delete, path = "/files/{id}", operation_id = "deleteFile", tag = "Files",
    params(("id" = String, Path, description = "Identity of the file", example = "q8Jv0c2nXyZ_1-aB")),
    responses(
        (status = 200, description = "The file that was", body = Envelope<FileInfo>),
        (status = 404, description = "There is no such file of yours", body = Failure),
    )
)]
async fn delete(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Envelope<FileInfo>, Refusal> {
    let file = lock(&shop.files).remove(caller.person, &id).ok_or(Refusal::NotFound("file"))?;
    Ok(Envelope { data: file.info, message: "The file is gone" })
}
