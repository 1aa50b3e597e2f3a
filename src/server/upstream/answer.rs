use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::reading::without_mark;

/// What the upstream said, whole, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Decompressed, at most `upstream.max_body` bytes.
    pub body: Bytes,
    /// From sending the call to the last byte.
    pub elapsed: Duration,
}

impl AsRef<Answer> for Answer {
    fn as_ref(&self) -> &Answer {
        self
    }
}

impl Answer {
    /// The body as JSON; no body at all is `null`.
    ///
    /// # Errors
    /// When the body is something else.
    pub fn json(&self) -> serde_json::Result<Value> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Null);
        }
        serde_json::from_slice(without_mark(&self.body))
    }

    /// The content type, lower case, without parameters; empty when there is none.
    pub fn media_type(&self) -> String {
        let value =
            self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}
