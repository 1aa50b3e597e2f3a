use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{REDEEM, tokens};
use crate::server::{
    config::{BodyFormat, Credential, PasswordSettings, SessionEndRule},
    request::RequestContext,
    session::{Secret, SessionData, Tokens},
    upstream::{Access, Answer, Call, Client, Transient, ends_session},
};

/// The upstream's own sign-in with a user name and a password.
pub struct PasswordSignIn {
    /// Whether anything at the sign-in's address has ever answered as a sign-in does.
    is_there: AtomicBool,
    client: Client,
    settings: PasswordSettings,
    session_end: Vec<SessionEndRule>,
}

/// Why somebody is not signed in.
#[derive(Debug)]
pub enum SignInError {
    /// The upstream does not accept this name and password.
    Wrong,
    /// The upstream wants people to wait (429).
    TooMany,
    Transient(Transient),
}

/// Why there is no new access token.
#[derive(Debug)]
pub enum RefreshError {
    /// For good.
    Refused,
    Transient(Transient),
}

impl PasswordSignIn {
    pub fn new(client: Client, settings: PasswordSettings, session_end: Vec<SessionEndRule>) -> Self {
        Self { is_there: AtomicBool::new(false), client, settings, session_end }
    }

    /// How long a call may take.
    pub fn timeout(&self) -> Duration {
        self.client.timeout()
    }

    /// Asks the upstream for tokens, and then for the person's name.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        username: &str,
        password: &SecretString,
        request: &RequestContext,
    ) -> Result<SessionData, SignInError> {
        let mut fields: Map<String, Value> = self.settings.extra_fields.clone().into_iter().collect();
        fields.insert(self.settings.username_field.clone(), username.into());
        fields.insert(self.settings.password_field.clone(), password.expose_secret().into());
        let mut call = call(&self.settings.method, &self.settings.path);
        set_body(&mut call, &fields, self.settings.body);
        let answer = self.ask(call, None, request).await.map_err(SignInError::Transient)?;
        let tokens = self.signed_in(&answer)?;
        let name = self.name(&tokens, request).await;
        Ok(SessionData { username: username.to_owned(), name, oidc: None, tokens })
    }

    /// Sends a call as a part of the request's trace.
    async fn ask(
        &self,
        mut call: Call,
        bearer: Option<&str>,
        request: &RequestContext,
    ) -> Result<Answer, Transient> {
        let span = request.trace().pass_on(&mut call.headers);
        let began = Instant::now();
        let answer = self.client.send(&call, bearer).await;
        request.note_call(&span, &call, began, || {
            answer.as_ref().map(|answer| answer.status.as_u16()).map_err(Transient::label)
        });
        answer
    }

    fn signed_in(&self, answer: &Answer) -> Result<Tokens, SignInError> {
        if ends_session(answer, &self.session_end) {
            self.is_there.store(true, Ordering::Relaxed);
            return Err(SignInError::Wrong);
        }
        if self.is_elsewhere(answer.status) {
            tracing::error!(
                status = answer.status.as_u16(),
                method = self.settings.method,
                path = self.settings.path,
                "nobody can sign in: the API has no sign-in there; see sign_in.password.path, method and body"
            );
            return Err(SignInError::Transient(failed(answer.status)));
        }
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => Err(SignInError::TooMany),
            status if status.is_client_error() => Err(SignInError::Wrong),
            status if !status.is_success() => Err(SignInError::Transient(failed(status))),
            _ => {
                let body = answer.json().map_err(|_| SignInError::Transient(Transient::NotJson))?;
                tokens::read(&body, &self.settings.tokens, None)
                    .ok_or(SignInError::Transient(Transient::Unexpected))
            }
        }
    }

    /// Whether the settings lead to no sign-in, which is no fault of whoever wants in. Some APIs answer 404 also for a name
    /// that they do not know: it counts as that once they have answered anything else.
    fn is_elsewhere(&self, status: StatusCode) -> bool {
        const NEVER_A_NAME: [StatusCode; 3] =
            [StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNSUPPORTED_MEDIA_TYPE, StatusCode::NOT_IMPLEMENTED];
        if NEVER_A_NAME.contains(&status) {
            return true;
        }
        let is_missing = status == StatusCode::NOT_FOUND;
        if !is_missing && !status.is_server_error() {
            self.is_there.store(true, Ordering::Relaxed);
        }
        is_missing && !self.is_there.load(Ordering::Relaxed)
    }

    /// The person's name, when the upstream tells it. Signing in does not depend on it.
    async fn name(&self, tokens: &Tokens, request: &RequestContext) -> Option<String> {
        let profile = &self.settings.profile;
        if profile.path.is_empty() || profile.name.is_empty() {
            return None;
        }
        let call = Call::get(&profile.path, Access::Session);
        let answer = self.ask(call, Some(tokens.access.expose()), request).await.ok()?;
        let body = answer.status.is_success().then(|| answer.json().ok())??;
        Some(body.pointer(&profile.name)?.as_str()?.to_owned())
    }

    /// Exchanges a refresh token for new tokens.
    ///
    /// # Errors
    /// See [`RefreshError`]: a refusal is for good, everything else may pass.
    pub async fn refresh(&self, access: &Secret, refresh: &Secret) -> Result<Tokens, RefreshError> {
        let settings = &self.settings.refresh;
        if settings.path.is_empty() {
            return Err(RefreshError::Refused);
        }
        let mut call = call(&settings.method, &settings.path).within(REDEEM);
        let mut fields: Map<String, Value> = settings.extra_fields.clone().into_iter().collect();
        let bearer = present(
            &mut call,
            &mut fields,
            settings.credential,
            (&settings.field, settings.body),
            access,
            refresh,
        );
        let answer = self.client.send(&call, bearer).await.map_err(RefreshError::Transient)?;
        if ends_session(&answer, &self.session_end) || is_final(answer.status) {
            return Err(RefreshError::Refused);
        }
        if !answer.status.is_success() {
            return Err(RefreshError::Transient(failed(answer.status)));
        }
        let body = answer.json().map_err(|_| RefreshError::Transient(Transient::NotJson))?;
        let pointers = settings.tokens.as_ref().unwrap_or(&self.settings.tokens);
        tokens::read(&body, pointers, Some(refresh)).ok_or(RefreshError::Transient(Transient::Unexpected))
    }

    /// Tells the upstream that these tokens are done with. Best effort: a failure is only logged.
    pub async fn revoke(&self, tokens: &Tokens) {
        let settings = &self.settings.revoke;
        if settings.path.is_empty() {
            return;
        }
        let mut call = call(&settings.method, &settings.path);
        let mut fields = Map::new();
        let refresh = tokens.refresh.as_ref().unwrap_or(&tokens.access);
        let place = (&settings.field, BodyFormat::Json);
        let bearer = present(&mut call, &mut fields, settings.credential, place, &tokens.access, refresh);
        match self.client.send(&call, bearer).await {
            Ok(answer) if answer.status.is_success() => {}
            Ok(answer) => {
                tracing::info!(status = answer.status.as_u16(), "the upstream did not revoke a token");
            }
            Err(_) => {}
        }
    }
}

fn call(method: &str, path: &str) -> Call {
    // The settings were checked: the method is one of the known ones.
    Call::new(Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST), path, Access::Anonymous)
}

/// Puts the credential into the call as this API wants it. Returns the bearer to send along, if any.
fn present<'a>(
    call: &mut Call,
    fields: &mut Map<String, Value>,
    credential: Credential,
    (field, body): (&String, BodyFormat),
    access: &'a Secret,
    refresh: &'a Secret,
) -> Option<&'a str> {
    if matches!(credential, Credential::Body | Credential::BodyAndBearer) {
        fields.insert(field.clone(), refresh.expose().into());
    }
    if !fields.is_empty() {
        set_body(call, fields, body);
    }
    match credential {
        Credential::Body => None,
        Credential::BearerRefreshToken => Some(refresh.expose()),
        Credential::BearerAccessToken | Credential::BodyAndBearer => Some(access.expose()),
    }
}

fn set_body(call: &mut Call, fields: &Map<String, Value>, format: BodyFormat) {
    let (body, content_type) = match format {
        BodyFormat::Json => (Value::from(fields.clone()).to_string(), "application/json"),
        BodyFormat::Form => (form(fields), "application/x-www-form-urlencoded"),
    };
    call.body = Some(Bytes::from(body).into());
    call.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
}

fn form(fields: &Map<String, Value>) -> String {
    let pairs = fields.iter().map(|(name, value)| match value {
        Value::String(text) => (name.clone(), text.clone()),
        other => (name.clone(), other.to_string()),
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A 4xx is the issuer's last word (`invalid_grant`, `invalid_client` and their kin), except where it says "later".
fn is_final(status: StatusCode) -> bool {
    const LATER: [StatusCode; 3] =
        [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    status.is_client_error() && !LATER.contains(&status)
}

fn failed(status: StatusCode) -> Transient {
    let message = status.canonical_reason().unwrap_or("Unknown error").to_owned();
    Transient::Failed { status: status.as_u16(), message }
}
