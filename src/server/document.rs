//! The API's `OpenAPI` document: read at the start, read again until it is there, and again now and then.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::body::Bytes;
use http::header;
use url::Url;

use super::{
    config::UpstreamSettings,
    state::AppState,
    upstream::{Access, Call, Client, Transient},
};
use crate::openapi::{Document, DocumentError};

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);
const REREAD: Duration = Duration::from_mins(5);

/// Where the document is.
#[derive(Debug, Clone)]
pub enum Source {
    Url(Box<Client>, String),
    File(PathBuf),
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("it cannot be fetched: {}", .0.sentence())]
    Fetch(Transient),
    #[error("the API answered {0} instead of it")]
    Status(u16),
    #[error("its file cannot be read")]
    File(#[from] std::io::Error),
    #[error("it cannot be understood: {0}")]
    Document(#[from] DocumentError),
    #[error("it describes no operations")]
    Empty,
}

/// What is known of the document now. A broken new version keeps the old one.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub document: Option<Arc<Document>>,
    /// Why the last attempt failed, for people.
    pub problem: Option<String>,
}

/// The place where every request finds the document.
#[derive(Debug, Default)]
pub struct DocumentSlot(RwLock<Reading>);

impl DocumentSlot {
    pub fn get(&self) -> Reading {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, result: Result<Document, ReadError>) -> bool {
        let mut reading = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(document) => {
                tracing::info!(operations = document.operations().len(), "the OpenAPI document is read");
                *reading = Reading { document: Some(Arc::new(document)), problem: None };
                true
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the OpenAPI document cannot be read"
                );
                reading.problem = Some(error.to_string());
                false
            }
        }
    }
}

impl Source {
    /// The document's place by the settings: a URL, a file, or `openapi.json` below the base URL.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn of(settings: &UpstreamSettings, client: &Client) -> Result<Self, reqwest::Error> {
        let Some(place) = &settings.openapi else {
            return Ok(Self::Url(client.clone().into(), "/openapi.json".into()));
        };
        match Url::parse(place) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
                let mut origin = url;
                origin.set_path("");
                origin.set_query(None);
                Ok(Self::Url(Client::new(origin, settings.clone())?.into(), path))
            }
            _ => Ok(Self::File(place.into())),
        }
    }

    async fn read(&self) -> Result<Document, ReadError> {
        let document = Document::from_bytes(&self.bytes().await?)?;
        if document.operations().is_empty() { Err(ReadError::Empty) } else { Ok(document) }
    }

    async fn bytes(&self) -> Result<Bytes, ReadError> {
        match self {
            Self::File(path) => Ok(tokio::fs::read(path).await?.into()),
            Self::Url(client, path) => {
                let accept = http::HeaderValue::from_static("application/json, */*;q=0.5");
                let call = Call::get(path, Access::Anonymous).header(header::ACCEPT, accept);
                let answer = client.send(&call, None).await.map_err(ReadError::Fetch)?;
                if !answer.status.is_success() {
                    return Err(ReadError::Status(answer.status.as_u16()));
                }
                Ok(answer.body)
            }
        }
    }
}

/// Keeps the document of `state` up to date from `source` for as long as the server runs.
pub async fn keep_reading(state: AppState, source: Source) {
    let mut retry = FIRST_RETRY;
    loop {
        let pause = if state.document().set(source.read().await) {
            retry = FIRST_RETRY;
            REREAD
        } else {
            retry = (retry * 2).min(LONGEST_RETRY);
            retry
        };
        tokio::time::sleep(pause).await;
    }
}
