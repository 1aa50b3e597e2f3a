use std::{future::Future, pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::client::AGENT;

/// The way to one OpenID provider. It follows no redirect: a provider that sends a back-end call elsewhere would
/// choose whom the server talks to, and with which secret.
#[derive(Debug, Clone)]
pub struct IssuerClient {
    http: reqwest::Client,
    timeout: Duration,
}

/// Why a provider has given no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerFailure {
    #[error("the provider cannot be reached")]
    Unreachable,
    #[error("the provider did not answer in time")]
    TimedOut,
    #[error("the provider's answer is larger than any of its kind")]
    TooLarge,
    #[error("the provider sent the call elsewhere")]
    Redirected,
}

/// Metadata, key sets and token answers are a few KiB.
const LARGEST_ANSWER: usize = 512 << 10;

impl IssuerClient {
    /// # Errors
    /// When the TLS library cannot start.
    #[expect(
        clippy::disallowed_methods,
        reason = "providers are no upstream: they get a client of their own"
    )]
    pub fn new(timeout: Duration) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(timeout.min(Duration::from_secs(3)))
            .user_agent(AGENT)
            .build()?;
        Ok(Self { http, timeout })
    }

    /// The same way for calls that may take longer.
    #[must_use]
    pub fn within(&self, timeout: Duration) -> Self {
        Self { timeout: self.timeout.max(timeout), ..self.clone() }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IssuerFailure> {
        let whole = tokio::time::timeout(self.timeout, self.collect(request));
        whole.await.unwrap_or(Err(IssuerFailure::TimedOut))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that sends")]
    async fn collect(&self, request: HttpRequest) -> Result<HttpResponse, IssuerFailure> {
        let request = reqwest::Request::try_from(request).map_err(unreachable)?;
        let mut response = self.http.execute(request).await.map_err(unreachable)?;
        if response.status().is_redirection() {
            return Err(IssuerFailure::Redirected);
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(unreachable)? {
            if body.len() + part.len() > LARGEST_ANSWER {
                return Err(IssuerFailure::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// The address is left out: a provider's may hold what its operator keeps to themselves.
fn unreachable(error: reqwest::Error) -> IssuerFailure {
    tracing::debug!(error = %error.without_url(), "a call to a provider broke");
    IssuerFailure::Unreachable
}

impl<'c> AsyncHttpClient<'c> for IssuerClient {
    type Error = IssuerFailure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, IssuerFailure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
