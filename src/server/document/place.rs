//! Where a document is, and how its bytes are had.

use std::{
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use axum::body::Bytes;
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt;
use url::{Position, Url};

use super::reader::ReadError;
use crate::server::{
    config::UpstreamSettings,
    request::RequestContext,
    state::AppState,
    upstream::{Access, Answer, Broken, Call, Destination, exchange},
};

/// Who asks for the document.
#[derive(Clone)]
pub enum Asker {
    /// The server, without a token.
    Nobody(AppState),
    /// A person, by whose token the document may differ. The 401 rule holds.
    Person(RequestContext),
}

/// The SHA-256 of some bytes.
pub type Digest = [u8; 32];

/// By what a newer version is told from an older one without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// The validators of an answer (RFC 9110, section 8.8).
    Answer { etag: Option<HeaderValue>, modified: Option<HeaderValue> },
    /// The time and the length of a file.
    File { modified: Option<SystemTime>, length: u64 },
    /// It is not there.
    Missing,
}

/// Bytes as they were found.
pub struct Found {
    pub bytes: Bytes,
    pub stamp: Stamp,
    pub digest: Digest,
}

/// The place of the document by the settings: a URL, a file, or `openapi.json` below the base URL.
pub fn of(settings: &UpstreamSettings, base: &Url) -> Url {
    let default = || {
        let mut url = base.clone();
        url.set_path(&format!("{}/openapi.json", base.path().trim_end_matches('/')));
        url
    };
    let Some(place) = &settings.openapi else { return default() };
    match Url::parse(place) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        _ => std::path::absolute(place)
            .ok()
            .and_then(|path| Url::from_file_path(path).ok())
            .unwrap_or_else(default),
    }
}

/// Whether a document at `main` may be put together with what is at `other`: an address of the same origin, or a
/// file. Whether the file lies in the same folder is seen when it is opened.
pub fn is_allowed(main: &Url, other: &Url) -> bool {
    match other.scheme() {
        "file" => main.scheme() == "file" && other.host().is_none(),
        _ => main.origin().is_tuple() && main.origin() == other.origin(),
    }
}

/// What is at `place` now; `None` when it is what it was at `known`.
pub async fn fetch(
    asker: &Asker,
    main: &Url,
    place: &Url,
    known: Option<&Stamp>,
    largest: usize,
) -> Result<Option<Found>, ReadError> {
    match place.to_file_path() {
        Ok(path) if place.scheme() == "file" => {
            let folder = main.to_file_path().ok().and_then(|main| Some(main.parent()?.to_owned()));
            let folder = folder.ok_or(ReadError::OutsideFolder)?;
            read_file(&folder, &path, known, largest).await
        }
        _ => request(asker, place, known, largest).await,
    }
}

/// The stamp of a file as it is now.
pub async fn file_stamp(path: &Path) -> Stamp {
    match tokio::fs::metadata(path).await {
        Ok(about) => Stamp::File { modified: about.modified().ok(), length: about.len() },
        Err(_) => Stamp::Missing,
    }
}

/// Reads a file of the folder, and no other: symbolic links are resolved first.
async fn read_file(
    folder: &Path,
    path: &Path,
    known: Option<&Stamp>,
    largest: usize,
) -> Result<Option<Found>, ReadError> {
    let (folder, path) = (tokio::fs::canonicalize(folder).await?, tokio::fs::canonicalize(path).await?);
    if !path.starts_with(&folder) {
        return Err(ReadError::OutsideFolder);
    }
    let stamp = file_stamp(&path).await;
    if known == Some(&stamp) {
        return Ok(None);
    }
    if !tokio::fs::metadata(&path).await?.is_file() {
        return Err(io::Error::from(ErrorKind::InvalidInput).into());
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    tokio::fs::File::open(&path).await?.take(most).read_to_end(&mut bytes).await?;
    if bytes.len() > largest {
        return Err(ReadError::TooLarge(largest));
    }
    Ok(Some(found(bytes.into(), stamp)))
}

async fn request(
    asker: &Asker,
    place: &Url,
    known: Option<&Stamp>,
    largest: usize,
) -> Result<Option<Found>, ReadError> {
    let answer = send(asker, call(asker, place, known, largest)).await?;
    if answer.status == StatusCode::NOT_MODIFIED && known.is_some() {
        return Ok(None);
    }
    if !answer.status.is_success() {
        return Err(ReadError::Status(answer.status.as_u16()));
    }
    let validator = |name| answer.headers.get(name).cloned();
    let stamp = Stamp::Answer { etag: validator(header::ETAG), modified: validator(header::LAST_MODIFIED) };
    Ok(Some(found(answer.body.clone(), stamp)))
}

fn call(asker: &Asker, place: &Url, known: Option<&Stamp>, largest: usize) -> Call {
    let access = match asker {
        Asker::Nobody(_) => Access::Anonymous,
        Asker::Person(_) => Access::Session,
    };
    let mut origin = place.clone();
    origin.set_path("");
    origin.set_query(None);
    origin.set_fragment(None);
    let path = &place[Position::BeforePath..Position::AfterQuery];
    let accept = HeaderValue::from_static("application/json, application/yaml, */*;q=0.5");
    let mut call = Call::get(path, access)
        .to(Destination { base: origin, is_public: false })
        .at_most(largest)
        .header(header::ACCEPT, accept);
    if let Some(Stamp::Answer { etag, modified }) = known {
        let validators = [(header::IF_NONE_MATCH, etag), (header::IF_MODIFIED_SINCE, modified)];
        for (name, value) in validators {
            call.headers.extend(value.clone().map(|value| (name, value)));
        }
    }
    call
}

async fn send(asker: &Asker, call: Call) -> Result<Arc<Answer>, ReadError> {
    match asker {
        Asker::Nobody(state) => {
            state.client().send(&call, None).await.map(Arc::new).map_err(ReadError::Fetch)
        }
        Asker::Person(request) => exchange(request, call).await.map_err(|broken| match broken {
            Broken::SessionEnded => ReadError::SessionEnded,
            Broken::Transient(transient) => ReadError::Fetch(transient),
        }),
    }
}

fn found(bytes: Bytes, stamp: Stamp) -> Found {
    let digest = Sha256::digest(&bytes).into();
    Found { bytes, stamp, digest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_document_is_put_together_within_its_origin() {
        let main = url("https://api.example:8443/docs/api.json");
        assert!(is_allowed(&main, &url("https://api.example:8443/other.json")));
        for other in [
            "https://api.example/x",
            "http://api.example:8443/x",
            "https://evil.example/x",
            "file:///etc/passwd",
            "data:application/json,{}",
            "urn:x",
        ] {
            assert!(!is_allowed(&main, &url(other)), "{other}");
        }
        assert!(!is_allowed(&url("file:///srv/api.json"), &url("http://127.0.0.1/x")));
        assert!(!is_allowed(&url("file:///srv/api.json"), &url("file://host/srv/x")));
        assert!(is_allowed(&url("file:///srv/api.json"), &url("file:///srv/x.json")));
    }

    #[tokio::test]
    async fn only_files_of_the_folder_are_read() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("api");
        std::fs::create_dir_all(folder.join("parts")).unwrap();
        std::fs::write(above.path().join("secret.json"), "{}").unwrap();
        std::fs::write(folder.join("parts/a.json"), "{}").unwrap();
        std::os::unix::fs::symlink("../secret.json", folder.join("link.json")).unwrap();
        std::os::unix::fs::symlink("parts/a.json", folder.join("inside.json")).unwrap();
        let read = async |name: &str| read_file(&folder, &folder.join(name), None, 100).await;
        assert!(read("parts/a.json").await.is_ok() && read("inside.json").await.is_ok());
        assert!(matches!(read("link.json").await, Err(ReadError::OutsideFolder)));
        assert!(matches!(read("../secret.json").await, Err(ReadError::OutsideFolder)));
        assert!(matches!(read("parts").await, Err(ReadError::File(_))));
        assert!(matches!(read("gone.json").await, Err(ReadError::File(_))));
        let too_large = read_file(&folder, &folder.join("parts/a.json"), None, 1).await;
        assert!(matches!(too_large, Err(ReadError::TooLarge(1))));
    }
}
