//! Connections for what is passed on as it is.
//!
//! `reqwest` follows redirects, decompresses, and retries, none of which is wanted here, and what it does for that costs
//! more than all the rest of such a call. Each thread has connections of its own: a call is sent, and its answer read, on
//! the thread that was asked for it, by the task that was asked for it. The pool of `hyper-util` has a task for each
//! connection and starts one for each call: every call would wait until all tasks before it have had their turn, twice.

mod connection;
mod passing;
mod pool;
#[cfg(test)]
mod tests;

use std::{error::Error, fmt, io, sync::Arc, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Uri, header};
use hyper::client::conn::http1::handshake;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::{legacy::connect::HttpConnector, proxy::matcher::Matcher};
use thread_local::ThreadLocal;
use tower::ServiceExt;
use url::Url;

use super::{Call, Transient, client::TlsError};
use connection::Connection;
pub(super) use passing::Passing;
use pool::Pool;

type Connector = HttpsConnector<HttpConnector>;

/// The connections to one API.
pub(super) struct Direct {
    connector: Connector,
    of_threads: ThreadLocal<Arc<Pool>>,
}

impl Direct {
    /// Connections to `base`; none where the environment names a proxy on the way there.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn to(base: &Url, connect_timeout: Duration) -> Result<Option<Self>, TlsError> {
        let is_proxied =
            Uri::try_from(base.as_str()).is_ok_and(|base| Matcher::from_env().intercept(&base).is_some());
        if is_proxied {
            return Ok(None);
        }
        let mut plain = HttpConnector::new();
        plain.enforce_http(false);
        plain.set_nodelay(true);
        plain.set_connect_timeout(Some(connect_timeout));
        let connector = HttpsConnectorBuilder::new().try_with_platform_verifier().map_err(TlsError::of)?;
        let connector = connector.https_or_http().enable_http1().wrap_connector(plain);
        Ok(Some(Self { connector, of_threads: ThreadLocal::new() }))
    }

    /// Sends `call` to `url` and reads the head of the answer.
    ///
    /// # Errors
    /// What keeps the head from arriving. It is logged here.
    pub async fn send(&self, url: &Url, call: &Call, headers: HeaderMap) -> Result<Passing, Transient> {
        let pool = self.of_threads.get_or_default();
        let mut request = request(url, call, headers)?;
        // One that the API has closed meanwhile gives back what it has not sent.
        while let Some(mut used) = pool.take() {
            match used.send(request).await {
                Ok(response) => return Ok(Passing::new(response, used, pool.clone(), call.upload())),
                Err(mut unsent) => match unsent.take_message() {
                    Some(whole) => request = whole,
                    None => return Err(transient(unsent.error())),
                },
            }
        }
        // In a box: it is rare, and would make every call that is under way larger by all that it needs.
        let mut fresh = Box::pin(self.connect(url)).await?;
        let response = fresh.send(request).await.map_err(|unsent| transient(unsent.error()))?;
        Ok(Passing::new(response, fresh, pool.clone(), call.upload()))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that relays")]
    async fn connect(&self, url: &Url) -> Result<Connection, Transient> {
        let uri = Uri::try_from(url.as_str()).map_err(|_| Transient::BadCall)?;
        let stream = self.connector.clone().oneshot(uri).await.map_err(|error| transient(&*error))?;
        let (sender, driver) = handshake(stream).await.map_err(|error| transient(&error))?;
        Ok(Connection::new(sender, driver.with_upgrades()))
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").finish_non_exhaustive()
    }
}

/// As it is sent on the connection: with the path alone, and the host beside it (RFC 9112, 3.2.1).
fn request(url: &Url, call: &Call, headers: HeaderMap) -> Result<Request<Body>, Transient> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::try_from(target).map_err(|_| Transient::BadCall)?;
    *request.method_mut() = call.method.clone();
    *request.headers_mut() = headers;
    let host = HeaderValue::try_from(host).map_err(|_| Transient::BadCall)?;
    request.headers_mut().insert(header::HOST, host);
    if let Some(payload) = &call.body {
        if let Some(length) = payload.length() {
            request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        *request.body_mut() = payload.whole().map_or_else(|| Body::from_stream(payload.parts()), Body::from);
    }
    Ok(request)
}

/// The same as the ones of `reqwest`, for those who read them.
fn transient(error: &(dyn Error + 'static)) -> Transient {
    tracing::debug!(error, "the upstream call broke");
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let mut kinds = causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    if kinds.any(|kind| kind == io::ErrorKind::TimedOut) {
        Transient::TimedOut
    } else {
        Transient::Unreachable
    }
}
