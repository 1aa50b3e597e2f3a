use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::BoxError;
use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::redirect::Policy;
use url::Url;

use super::{
    Answer, Call, Destination, Incoming, Payload, Transient,
    direct::Direct,
    hosts::{PublicOnly, may_be_public},
    join,
    latency::Latency,
    source::Source,
};
use crate::server::config::{EnvelopeKind, UpstreamSettings};

/// What is asked for when a call does not say.
pub const ACCEPT: &str = "application/json, */*;q=0.5";
/// Who calls, where nobody else has said.
pub(super) const AGENT: &str = concat!("vestibule/", env!("CARGO_PKG_VERSION"));
/// Bytes of files for which a call may take a second more.
const UPLOADED_PER_SECOND: u64 = 1 << 20;

/// The way to one API, by connections of three kinds: to hosts that the settings vouch for, to other hosts of the internet,
/// and for what is passed on.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// For hosts of the internet at large, and no others.
    public: reqwest::Client,
    relay: Arc<Relay>,
    base: Url,
    settings: UpstreamSettings,
    latency: Arc<Latency>,
}

/// What is passed on as it is: no redirect is followed, nothing is decompressed.
#[derive(Debug)]
enum Relay {
    Direct(Box<Direct>),
    /// Through a proxy that the environment names.
    Proxied(reqwest::Client),
}

/// The TLS library cannot start: it finds no certificates to trust, or no cryptography.
#[derive(Debug, thiserror::Error)]
#[error("the TLS library cannot start")]
pub struct TlsError(#[source] BoxError);

impl TlsError {
    pub(super) fn of(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }
}

impl Client {
    /// A client for everything below `base`.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn new(base: Url, settings: UpstreamSettings) -> Result<Self, TlsError> {
        let http = built(builder(&base, &settings))?;
        // Through a proxy, it would be the proxy that resolves the name.
        let public = built(builder(&base, &settings).no_proxy().dns_resolver(Arc::new(PublicOnly)))?;
        let relay = match Direct::to(&base, settings.connect_timeout)? {
            Some(direct) => Relay::Direct(Box::new(direct)),
            None => Relay::Proxied(built(
                builder(&base, &settings).redirect(Policy::none()).no_gzip().no_brotli(),
            )?),
        };
        let relay = Arc::new(relay);
        let latency = Arc::new(Latency::of(settings.name.as_deref()));
        Ok(Self { http, public, relay, base, settings, latency })
    }

    pub fn base(&self) -> &Url {
        &self.base
    }

    /// How long a call may take that does not say.
    pub fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    pub fn envelope(&self) -> EnvelopeKind {
        self.settings.envelope
    }

    /// Sends `call` and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// Only what keeps an answer from arriving whole: see [`Transient`]. Each is logged here, once.
    pub async fn send(&self, call: &Call, bearer: Option<&str>) -> Result<Answer, Transient> {
        let started = Instant::now();
        let whole = tokio::time::timeout(self.patience(call), self.collect(call, bearer, started));
        let answer = whole.await.unwrap_or(Err(Transient::TimedOut));
        self.latency.observe(call, answer.as_ref().map(|answer| answer.status), started.elapsed());
        answer
    }

    /// Sends `call` and reads the head of the answer, and as much of the body as is soon there; the rest comes as it
    /// is asked for.
    ///
    /// # Errors
    /// Only what keeps the head from arriving: see [`Transient`]. Each is logged here, once.
    pub async fn open(&self, call: &Call, bearer: Option<&str>) -> Result<Incoming, Transient> {
        let started = Instant::now();
        let head = tokio::time::timeout(self.patience(call), self.request(call, bearer)).await;
        let head = head.unwrap_or(Err(Transient::TimedOut));
        let status = head.as_ref().map(reqwest::Response::status);
        self.latency.observe(call, status, started.elapsed());
        Ok(Incoming::begin(head?.into(), started, self.settings.timeout).await)
    }

    /// Sends `call` and reads the head of the answer, to be passed on as it is. No redirect is followed, and the body
    /// may stand still for as long as the call says, in either direction.
    ///
    /// # Errors
    /// Only what keeps the head from arriving: see [`Transient`]. Each is logged here, once.
    pub async fn relay(&self, call: &Call, bearer: Option<&str>) -> Result<Incoming, Transient> {
        let started = Instant::now();
        let head = tokio::select! {
            biased;
            head = self.request_as_it_is(call, bearer) => head,
            () = self.overdue(call) => Err(Transient::TimedOut),
        };
        self.latency.observe(call, head.as_ref().map(Source::status), started.elapsed());
        Ok(Incoming::relayed(head?, started, &self.settings, self.idle(call)).await)
    }

    async fn request_as_it_is(&self, call: &Call, bearer: Option<&str>) -> Result<Source, Transient> {
        let url = join(&self.base, &call.path).map_err(|_| Transient::BadCall)?;
        match &*self.relay {
            Relay::Direct(direct) => direct.send(&url, call, headers(call, bearer)?).await.map(Source::from),
            Relay::Proxied(http) => send(http, url, call, bearer).await.map(Source::from),
        }
    }

    /// Returns when the head of an answer should have come.
    async fn overdue(&self, call: &Call) {
        match call.upload() {
            Some(upload) => upload.overdue(self.settings.timeout).await,
            None => tokio::time::sleep(self.settings.timeout).await,
        }
    }

    fn idle(&self, call: &Call) -> Duration {
        call.idle.unwrap_or(self.settings.timeout)
    }

    /// How long a call may take: longer, when it takes files along.
    fn patience(&self, call: &Call) -> Duration {
        let files = call.body.as_ref().filter(|body| body.has_files());
        let length = files.and_then(Payload::length).unwrap_or_default();
        let timeout = self.settings.timeout.max(call.within.unwrap_or_default());
        timeout + Duration::from_secs(length / UPLOADED_PER_SECOND)
    }

    async fn collect(
        &self,
        call: &Call,
        bearer: Option<&str>,
        started: Instant,
    ) -> Result<Answer, Transient> {
        let mut response = self.request(call, bearer).await?;
        let mut whole = Vec::new();
        let largest = call.largest.unwrap_or(self.settings.max_body);
        while let Some(part) = response.chunk().await.map_err(|error| transient(&error))? {
            if whole.len() + part.len() > largest {
                return Err(Transient::TooLarge);
            }
            whole.extend_from_slice(&part);
        }
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Ok(Answer { status, headers, body: whole.into(), elapsed: started.elapsed() })
    }

    async fn request(&self, call: &Call, bearer: Option<&str>) -> Result<reqwest::Response, Transient> {
        let (http, url) = self.route(call)?;
        send(http, url, call, bearer).await
    }

    /// Which connections a call may use, and its address.
    fn route(&self, call: &Call) -> Result<(&reqwest::Client, Url), Transient> {
        let base = call.destination.as_ref().map_or(&self.base, |destination| &destination.base);
        let url = join(base, &call.path).map_err(|_| Transient::BadCall)?;
        match &call.destination {
            Some(Destination { is_public: true, .. }) if may_be_public(&url) => Ok((&self.public, url)),
            Some(Destination { is_public: true, .. }) => Err(Transient::BadCall),
            _ => Ok((&self.http, url)),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that sends")]
async fn send(
    http: &reqwest::Client,
    url: Url,
    call: &Call,
    bearer: Option<&str>,
) -> Result<reqwest::Response, Transient> {
    let mut headers = headers(call, bearer)?;
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static(ACCEPT));
    let mut request = http.request(call.method.clone(), url).headers(headers);
    if let Some(body) = &call.body {
        if let Some(length) = body.length() {
            request = request.header(header::CONTENT_LENGTH, length);
        }
        request = match body.whole() {
            Some(bytes) => request.body(bytes),
            None => request.body(reqwest::Body::wrap_stream(body.parts())),
        };
    }
    request.send().await.map_err(|error| transient(&error))
}

#[expect(clippy::disallowed_methods, reason = "this is the one client")]
fn builder(base: &Url, settings: &UpstreamSettings) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(same_origin(base.clone()))
        .connect_timeout(settings.connect_timeout)
        .tcp_nodelay(true)
        .user_agent(AGENT)
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, TlsError> {
    builder.build().map_err(TlsError::of)
}

/// The call's own headers, with the bearer, which is never the caller's to set.
fn headers(call: &Call, bearer: Option<&str>) -> Result<HeaderMap, Transient> {
    let mut headers = call.headers.clone();
    // No client says so by itself, and some servers refuse (411) what does not say it (RFC 9110, 8.6).
    if call.body.is_none() && matches!(call.method, Method::PATCH | Method::POST | Method::PUT) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(token) = bearer {
        let mut value = HeaderValue::try_from(["Bearer ", token].concat()).map_err(|_| Transient::BadCall)?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(headers)
}

/// Redirects are followed only within the origin of the call, and from below the base URL only below it: a bearer
/// must never travel further.
fn same_origin(base: Url) -> Policy {
    const MOST: usize = 5;
    Policy::custom(move |attempt| {
        let is_below = |url: &Url| {
            let rest = url.path().strip_prefix(base.path().trim_end_matches('/'));
            url.origin() == base.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let stays = attempt.previous().first().is_some_and(|first| {
            first.origin() == attempt.url().origin() && (is_below(attempt.url()) || !is_below(first))
        });
        if stays && attempt.previous().len() <= MOST { attempt.follow() } else { attempt.stop() }
    })
}

pub(super) fn transient(error: &reqwest::Error) -> Transient {
    let kind = if error.is_timeout() { Transient::TimedOut } else { Transient::Unreachable };
    // Its address is left out: the query may hold what a person typed.
    tracing::debug!(error = error.source(), "the upstream call broke");
    kind
}
