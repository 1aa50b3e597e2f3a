//! An upstream that does as it is told.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What it answers at a path.
#[derive(Clone)]
pub enum Reply {
    /// A status and a body, as JSON.
    Json(u16, Value),
    /// Anything.
    Raw { status: u16, content_type: &'static str, body: Vec<u8> },
    /// Anything, with any headers.
    Whole { status: u16, headers: Vec<(&'static str, &'static str)>, body: &'static str },
    /// JSON with an entity tag, which answers a conditional request with 304.
    Tagged(&'static str, Value),
    /// Somewhere else.
    Redirect(String),
    /// JSON, compressed.
    Gzip(&'static [u8]),
    /// A media type, and parts of a body with a pause before each; broken off after them, if so said.
    Parts { content_type: &'static str, parts: Vec<(u64, &'static str)>, breaks_off: bool },
    /// A status at once, before the body has come. See [`Upstream::broken_off`].
    Early(u16),
    /// A status and a length at once, and JSON of that length after a pause.
    Slow(u16, Duration, &'static str),
    /// The same, late.
    Late(Duration, Box<Reply>),
}

/// A request that it has seen.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// Without the `?`, as it came.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Default)]
struct Inner {
    scripts: HashMap<String, VecDeque<Reply>>,
    seen: Vec<Seen>,
    live: HashSet<String>,
    refresh_tokens: HashSet<String>,
    issued: u32,
    broken_off: usize,
}

/// The upstream: real HTTP on a port of its own.
#[derive(Clone)]
pub struct Upstream {
    pub url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Upstream {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = Self { url, inner: Arc::default() };
        let router = Router::new().fallback(answer).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        upstream
    }

    /// From now on, answers `path` with these, one after the other; the last one stays.
    pub fn script(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.inner.lock().unwrap().scripts.insert(path.into(), replies.into_iter().collect());
    }

    /// Takes an access token that somebody else has issued.
    pub fn accept(&self, token: &str) {
        self.inner.lock().unwrap().live.insert(token.into());
    }

    /// Forgets every access token; refresh tokens go on working.
    pub fn expire_access(&self) {
        self.inner.lock().unwrap().live.clear();
    }

    /// Forgets every token.
    pub fn expire_all(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.live.clear();
        inner.refresh_tokens.clear();
    }

    /// The newest request.
    pub fn last(&self) -> Option<Seen> {
        self.inner.lock().unwrap().seen.last().cloned()
    }

    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.iter().filter(|seen| seen.path == path).cloned().collect()
    }

    /// Everything that it has seen.
    pub fn all_seen(&self) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.clone()
    }

    /// How many bodies have broken off after their answer.
    pub fn broken_off(&self) -> usize {
        self.inner.lock().unwrap().broken_off
    }

    /// The status that it answers with before it has read the body, if that is its script.
    fn early(&self, path: &str) -> Option<StatusCode> {
        match self.inner.lock().unwrap().scripts.get(path)?.front()? {
            Reply::Early(status) => StatusCode::from_u16(*status).ok(),
            _ => None,
        }
    }

    async fn read_on(self, body: Body) {
        if to_bytes(body, usize::MAX).await.is_err() {
            self.inner.lock().unwrap().broken_off += 1;
        }
    }

    /// Forgets what it has seen.
    pub fn forget_seen(&self) {
        self.inner.lock().unwrap().seen.clear();
    }

    fn issue(&self) -> Value {
        let mut inner = self.inner.lock().unwrap();
        inner.issued += 1;
        let (access, refresh) = (format!("access-{}", inner.issued), format!("refresh-{}", inner.issued));
        inner.live.insert(access.clone());
        inner.refresh_tokens.insert(refresh.clone());
        json!({"data": {"accessToken": access, "refreshToken": refresh, "expiresIn": 300}, "message": "welcome"})
    }

    fn built_in(&self, path: &str, headers: &HeaderMap, body: &Bytes) -> Response {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match path {
            "/auth/login" if body["password"] == "right" => json_reply(200, &self.issue()),
            "/auth/login" => json_reply(401, &json!({"message": "no such user, or wrong password"})),
            "/auth/refresh" => {
                let token = body["refreshToken"].as_str().unwrap_or_default();
                let known = self.inner.lock().unwrap().refresh_tokens.remove(token);
                if known {
                    json_reply(200, &self.issue())
                } else {
                    json_reply(401, &json!({"message": "unknown"}))
                }
            }
            "/auth/logout" => json_reply(200, &json!({"message": "bye"})),
            "/openapi.json" => json_reply(200, &document()),
            _ if self.is_live(headers) => json_reply(200, &json!({"data": {"name": "Ada", "path": path}})),
            _ => json_reply(401, &json!({"message": "expired"})),
        }
    }

    fn is_live(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
        token.is_some_and(|token| self.inner.lock().unwrap().live.contains(token))
    }
}

/// Reads: `/items` without parameters, `/things/{id}`; writes: `/items`.
fn document() -> Value {
    let schema = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
    let json_body = json!({"application/json": {"schema": schema}});
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}});
    let ok = json!({"200": {"description": "Fine.", "content": {"application/json": {}}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/items": {
                "get": {"operationId": "listItems", "summary": "All items", "responses": ok},
                "post": {"operationId": "createItem", "requestBody": {"required": true, "content": json_body}, "responses": ok}
            },
            "/things/{id}": {"get": {"operationId": "things/get", "parameters": [id], "responses": ok}}
        }
    })
}

async fn answer(State(upstream): State<Upstream>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(status) = upstream.early(&path) {
        tokio::spawn(upstream.read_on(body));
        return status.into_response();
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let seen = Seen {
        method: parts.method.to_string(),
        path: path.clone(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    let scripted = {
        let mut inner = upstream.inner.lock().unwrap();
        inner.seen.push(seen);
        inner.scripts.get_mut(&path).and_then(|replies| match replies.len() {
            0 => None,
            1 => replies.front().cloned(),
            _ => replies.pop_front(),
        })
    };
    match scripted {
        Some(Reply::Tagged(tag, _))
            if parts.headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen == tag) =>
        {
            StatusCode::NOT_MODIFIED.into_response()
        }
        Some(reply) => play(reply).await,
        None => upstream.built_in(&path, &parts.headers, &body),
    }
}

async fn play(reply: Reply) -> Response {
    let mut reply = reply;
    loop {
        match reply {
            Reply::Json(status, body) => return json_reply(status, &body),
            Reply::Redirect(address) => {
                return (StatusCode::FOUND, [(header::LOCATION, address)]).into_response();
            }
            Reply::Tagged(tag, body) => return ([(header::ETAG, tag)], axum::Json(body)).into_response(),
            Reply::Raw { status, content_type, body } => {
                let status = StatusCode::from_u16(status).unwrap();
                return (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
            }
            Reply::Whole { status, headers, body } => {
                let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
                response.headers_mut().remove(header::CONTENT_TYPE);
                for (name, value) in headers {
                    response.headers_mut().append(name, value.parse().unwrap());
                }
                return response;
            }
            Reply::Gzip(body) => {
                let headers =
                    [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")];
                return (headers, body).into_response();
            }
            Reply::Parts { content_type, parts, breaks_off } => {
                let body = Body::from_stream(parts_of(parts, breaks_off));
                return ([(header::CONTENT_TYPE, content_type)], body).into_response();
            }
            Reply::Early(status) => return StatusCode::from_u16(status).unwrap().into_response(),
            Reply::Slow(status, pause, body) => {
                let headers = [
                    (header::CONTENT_TYPE, "application/json".to_owned()),
                    (header::CONTENT_LENGTH, body.len().to_string()),
                ];
                let later = futures::stream::once(async move {
                    tokio::time::sleep(pause).await;
                    std::io::Result::Ok(body)
                });
                return (StatusCode::from_u16(status).unwrap(), headers, Body::from_stream(later))
                    .into_response();
            }
            Reply::Late(pause, later) => {
                tokio::time::sleep(pause).await;
                reply = *later;
            }
        }
    }
}

fn parts_of(
    parts: Vec<(u64, &'static str)>,
    breaks_off: bool,
) -> impl futures::Stream<Item = std::io::Result<&'static str>> {
    let parts = futures::stream::iter(parts).then(|(pause, part)| async move {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        Ok(part)
    });
    let end = breaks_off.then(|| Err(std::io::ErrorKind::BrokenPipe.into()));
    parts.chain(futures::stream::iter(end))
}

fn json_reply(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
