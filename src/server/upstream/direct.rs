//! Connections for what is passed on as it is.
//!
//! `reqwest` follows redirects, decompresses, and retries, none of which is wanted here, and what it does for that costs
//! more than all the rest of such a call. Each thread has connections of its own: a call is sent, and its answer read, on
//! the thread that was asked for it.

use std::{error::Error, fmt, io, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::{
        legacy::{Client, connect::HttpConnector},
        proxy::matcher::Matcher,
    },
    rt::{TokioExecutor, TokioTimer},
};
use thread_local::ThreadLocal;
use url::Url;

use super::{Call, Transient, client::TlsError};

type Connector = HttpsConnector<HttpConnector>;
type Connections = Client<Connector, Body>;

/// How long a connection that nobody uses is kept. Shorter than most servers keep it.
const IDLE: Duration = Duration::from_secs(30);

/// The connections to one API.
pub(super) struct Direct {
    connector: Connector,
    of_threads: ThreadLocal<Connections>,
}

impl Direct {
    /// Connections to `base`; none where the environment names a proxy on the way there.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn to(base: &Url, connect_timeout: Duration) -> Result<Option<Self>, TlsError> {
        let is_proxied = uri(base).is_ok_and(|base| Matcher::from_env().intercept(&base).is_some());
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
    pub async fn send(
        &self,
        url: &Url,
        call: &Call,
        headers: HeaderMap,
    ) -> Result<Response<Incoming>, Transient> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri(url)?;
        *request.method_mut() = call.method.clone();
        *request.headers_mut() = headers;
        if let Some(payload) = &call.body {
            if let Some(length) = payload.length() {
                request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            }
            *request.body_mut() =
                payload.whole().map_or_else(|| Body::from_stream(payload.parts()), Body::from);
        }
        self.connections().request(request).await.map_err(|error| transient(&error))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that relays")]
    fn connections(&self) -> &Connections {
        self.of_threads.get_or(|| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .build(self.connector.clone())
        })
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").finish_non_exhaustive()
    }
}

fn uri(url: &Url) -> Result<Uri, Transient> {
    Uri::try_from(url.as_str()).map_err(|_| Transient::BadCall)
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
