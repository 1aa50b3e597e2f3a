use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, Method, header};
use openidconnect::{AsyncHttpClient, AuthType, HttpRequest};
use secrecy::ExposeSecret;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::{discovery::Known, provider::Provider};
use crate::server::session::Tokens;

impl Provider {
    /// Tells the provider that these tokens are done with (RFC 7009), where it wants to know. Best effort: a failure
    /// is only logged.
    ///
    /// The request is our own: the crate's refuses plain http, which a provider on this very machine speaks.
    pub async fn revoke(&self, tokens: &Tokens) {
        if !self.settings.revoke {
            return;
        }
        let Ok(known) = self.discovery.known(&self.http).await else { return };
        let Some(request) = self.revocation(&known, tokens) else { return };
        let answer = self.http.call(request).await;
        if !answer.is_ok_and(|answer| answer.status().is_success()) {
            tracing::info!(provider = self.name(), "the provider did not revoke a token");
        }
    }

    /// Of the two tokens the refresh token: a provider ends the access token with it, where it can.
    fn revocation(&self, known: &Known, tokens: &Tokens) -> Option<HttpRequest> {
        let endpoint = known.metadata.additional_metadata().revocation_endpoint.as_ref()?;
        let (token, hint) = match &tokens.refresh {
            Some(refresh) => (refresh, "refresh_token"),
            None => (&tokens.access, "access_token"),
        };
        let mut form = Serializer::new(String::new());
        form.append_pair("token", token.expose()).append_pair("token_type_hint", hint);
        let request = http::Request::builder().method(Method::POST).uri(endpoint.as_str());
        let mut request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        match (self.basic(), &self.settings.client_secret) {
            (Some(basic), _) if matches!(self.auth_type(&known.metadata), AuthType::BasicAuth) => {
                request = request.header(header::AUTHORIZATION, basic);
            }
            (_, secret) => {
                form.append_pair("client_id", &self.settings.client_id);
                if let Some(secret) = secret {
                    form.append_pair("client_secret", secret.expose_secret());
                }
            }
        }
        request.body(form.finish().into_bytes()).ok()
    }

    /// RFC 6749, section 2.3.1: both halves are form-encoded first.
    fn basic(&self) -> Option<HeaderValue> {
        let secret = self.settings.client_secret.as_ref()?.expose_secret();
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encode(&self.settings.client_id), encode(secret));
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
