//! The authorisation code flow: to the provider, and back with a code.

use std::time::Duration;

use openidconnect::{
    AuthenticationFlow, AuthorizationCode, CsrfToken, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, TokenResponse as _, core::CoreResponseType,
};
use serde::Deserialize;
use url::Url;

use super::{
    OidcError, Transaction, TransactionProblem, Unavailable, Whom,
    id_token::TokenProblem,
    protocol::{IdTokenClaims, TokenAnswer},
    provider::{Provider, TokenFailure, tokens},
};
use crate::server::{
    return_to::ReturnTo,
    session::{OidcIdentity, Secret, SessionData, timestamp::Timestamp},
};

/// What the provider sends a browser back with (RFC 6749, RFC 9207).
#[derive(Deserialize)]
pub struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Provider {
    /// Where to send a browser that wants to sign in, and what it has to keep meanwhile.
    ///
    /// # Errors
    /// When the provider is down: nobody is sent into the void.
    pub async fn start(&self, next: &ReturnTo, whom: Whom) -> Result<(Url, Transaction), Unavailable> {
        let known = self.discovery.recent(&self.http).await?;
        let client = self.client(&known);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        request = request.add_scopes(self.scopes()).set_pkce_challenge(challenge);
        let again = whom != Whom::Anybody;
        if again {
            // Of a provider that goes by the standard it also makes the ID token tell when that was.
            request = request.set_max_age(Duration::ZERO);
        }
        let prompts = again.then_some("login").into_iter().chain(self.settings.prompt.split_whitespace());
        for prompt in prompts.filter_map(|prompt| serde_json::from_value(prompt.into()).ok()) {
            request = request.add_prompt(prompt);
        }
        // What the settings say of `max_age` is less than what is asked for here.
        for (name, value) in self.extra_parameters().filter(|(name, _)| !(again && name == "max_age")) {
            request = request.add_extra_param(name, value);
        }
        let (url, state, nonce) = request.url();
        let transaction = Transaction {
            state: Secret::new(state.into_secret()),
            nonce: Secret::new(nonce.secret().clone()),
            verifier: Secret::new(verifier.into_secret()),
            next: next.to_string(),
            whom,
            started_at: Timestamp::now(),
        };
        Ok((url, transaction))
    }

    fn extra_parameters(&self) -> impl Iterator<Item = (String, String)> {
        let settings = &self.settings;
        let audience = settings.audience.iter().map(|audience| ("audience".to_owned(), audience.clone()));
        let resource = settings.resource.iter().map(|url| ("resource".to_owned(), url.to_string()));
        let more = settings.authorize_parameters.iter().map(|(name, value)| (name.clone(), value.clone()));
        audience.chain(resource).chain(more)
    }

    /// The code of an answer that belongs to `transaction`.
    ///
    /// # Errors
    /// Everything that makes the answer another one, or a refusal.
    pub async fn code(&self, transaction: &Transaction, query: CallbackQuery) -> Result<String, OidcError> {
        if !query.state.is_some_and(|state| transaction.has_state(&state)) {
            return Err(TransactionProblem::State.into());
        }
        let known = self.discovery.known(&self.http).await?;
        let must_say = known.metadata.additional_metadata().authorization_response_iss_parameter_supported;
        match query.iss {
            Some(issuer) if issuer == self.issuer() => {}
            None if must_say != Some(true) => {}
            Some(_) | None => return Err(OidcError::Issuer),
        }
        match (query.error.as_deref(), query.code) {
            (Some("access_denied"), _) => Err(OidcError::Refused("access_denied")),
            (Some("temporarily_unavailable" | "server_error"), _) => Err(Unavailable.into()),
            (Some(_), _) => Err(OidcError::Refused("the request")),
            (None, Some(code)) => Ok(code),
            (None, None) => Err(OidcError::Refused("nothing in particular")),
        }
    }

    /// Redeems the code. The person is who the ID token says.
    ///
    /// # Errors
    /// See [`OidcError`].
    pub async fn finish(&self, transaction: Transaction, code: String) -> Result<SessionData, OidcError> {
        let answer = self.redeem(&transaction, code).await?;
        let signed_in = self.person(&transaction, &answer).await;
        // Where the person is signed in already, revoking these may revoke theirs.
        if signed_in.is_err() && transaction.whom == Whom::Anybody {
            self.revoke(&tokens(&answer, None)).await;
        }
        signed_in
    }

    async fn person(
        &self,
        transaction: &Transaction,
        answer: &TokenAnswer,
    ) -> Result<SessionData, OidcError> {
        let token = answer.id_token().ok_or(TokenProblem::Missing)?;
        let nonce = Nonce::new(transaction.nonce.expose().to_owned());
        let claims = self.verified(token, &nonce, answer.access_token()).await?;
        if matches!(&transaction.whom, Whom::Again(subject) if subject != claims.subject().as_str()) {
            return Err(TokenProblem::Subject.into());
        }
        if !is_recent_enough(&claims, transaction) {
            return Err(TokenProblem::NotSignedInAgain.into());
        }
        let names = self.names(&claims, answer.access_token()).await;
        Ok(SessionData {
            username: names.username.unwrap_or_else(|| claims.subject().to_string()),
            name: names.full,
            oidc: Some(self.identity(&claims, answer)),
            tokens: tokens(answer, None),
        })
    }

    async fn redeem(&self, transaction: &Transaction, code: String) -> Result<TokenAnswer, OidcError> {
        let known = self.discovery.known(&self.http).await?;
        let client = self.client(&known);
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|_| Unavailable)?;
        let verifier = PkceCodeVerifier::new(transaction.verifier.expose().to_owned());
        let mut request = request.set_pkce_verifier(verifier);
        if let Some(resource) = &self.settings.resource {
            request = request.add_extra_param("resource", resource.as_str());
        }
        request.request_async(&self.http).await.map_err(|failure| match failure {
            TokenFailure::ServerResponse(_) => OidcError::Refused("the code"),
            TokenFailure::Request(_) => Unavailable.into(),
            TokenFailure::Parse(..) | TokenFailure::Other(_) => TokenProblem::Unreadable.into(),
        })
    }

    fn identity(&self, claims: &IdTokenClaims, answer: &TokenAnswer) -> OidcIdentity {
        let keep = self.settings.sign_out_at_provider;
        OidcIdentity {
            provider: self.name().to_owned(),
            issuer: self.issuer().to_owned(),
            subject: claims.subject().to_string(),
            sid: claims.additional_claims().sid.clone(),
            id_token: keep.then(|| super::provider::id_token_text(answer)).flatten(),
        }
    }
}

/// Whether the person has signed in at the provider as lately as was asked for.
fn is_recent_enough(claims: &IdTokenClaims, transaction: &Transaction) -> bool {
    let is_new = claims.auth_time().map(|time| !is_before(time.timestamp(), transaction));
    match transaction.whom {
        Whom::Anybody => true,
        // Whoever has been signed out once would never get in again by way of a provider that does not tell.
        Whom::AnybodyAgain => is_new.unwrap_or(true),
        // With `max_age`, the time is REQUIRED (OpenID Connect Core 1.0, section 2), and here it is the whole proof:
        // without it, any browser that the provider still knows would do.
        Whom::Again(_) => is_new.unwrap_or(false),
    }
}

/// Whether a time in seconds lies before the sign-in began, clocks being what they are.
fn is_before(seconds: i64, transaction: &Transaction) -> bool {
    let started = transaction.started_at.as_millis() / 1000;
    u64::try_from(seconds).unwrap_or_default() + super::id_token::LEEWAY.as_secs() < started
}
