use openidconnect::{
    ClaimsVerificationError, Nonce, OAuth2TokenResponse as _, RefreshToken, TokenResponse as _,
    core::CoreErrorResponseType,
};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::{
    Unavailable,
    id_token::TokenProblem,
    protocol::TokenAnswer,
    provider::{Provider, TokenFailure, id_token_text, tokens},
};
use crate::{
    error::Transient,
    server::{
        session::{OidcIdentity, SessionData},
        sign_in::{REDEEM, RefreshError},
        upstream::IssuerFailure,
    },
};

impl Provider {
    /// Redeems the session's refresh token. The person stays who they are: an ID token about somebody else ends the
    /// session. One that cannot be believed just now, the clocks or the keys being what they are, is left aside: the
    /// provider has given the new tokens for the old one, and there are no others.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn refresh(&self, data: &SessionData) -> Result<SessionData, RefreshError> {
        let (Some(refresh), Some(identity)) = (&data.tokens.refresh, &data.oidc) else {
            return Err(RefreshError::Refused);
        };
        let answer = self.redeem_refresh(&RefreshToken::new(refresh.expose().to_owned())).await?;
        let believed = self.check_identity(&answer, identity).await?;
        let id_token = match &identity.id_token {
            Some(_) if believed => id_token_text(&answer).or_else(|| identity.id_token.clone()),
            kept => kept.clone(),
        };
        Ok(SessionData {
            tokens: tokens(&answer, Some(refresh)),
            oidc: Some(OidcIdentity { id_token, ..identity.clone() }),
            ..data.clone()
        })
    }

    async fn redeem_refresh(&self, refresh: &RefreshToken) -> Result<TokenAnswer, RefreshError> {
        let unreachable = || RefreshError::Transient(Transient::Unreachable);
        let known = self.discovery.known(&self.http).await.map_err(|_| unreachable())?;
        let client = self.client(&known);
        let mut request = client.exchange_refresh_token(refresh).map_err(|_| unreachable())?;
        if let Some(resource) = &self.settings.resource {
            request = request.add_extra_param("resource", resource.as_str());
        }
        request
            .request_async(&self.http.within(REDEEM))
            .await
            .or_else(|failure| without_id_token(&failure).ok_or_else(|| refusal(&failure)))
    }

    /// OpenID Connect Core 1.0, section 12.2. Whether there is an ID token, and it is to be believed; an answer without
    /// one changes nothing about the person.
    async fn check_identity(
        &self,
        answer: &TokenAnswer,
        identity: &OidcIdentity,
    ) -> Result<bool, RefreshError> {
        let Some(token) = answer.id_token() else { return Ok(false) };
        let any_nonce = |_: Option<&Nonce>| Ok(());
        // Somebody waits: keys that do not come soon are as good as none.
        let verified =
            timeout(self.timeout() / 2, self.verified(token, any_nonce, answer.access_token())).await;
        let verified = verified.unwrap_or_else(|_| Err(Unavailable.into()));
        let checked = verified.and_then(|claims| {
            let same = claims.subject().as_str() == identity.subject;
            if same { Ok(()) } else { Err(TokenProblem::Subject) }
        });
        match checked {
            Ok(()) => Ok(true),
            Err(problem) => {
                tracing::warn!(
                    error = &problem as &dyn std::error::Error,
                    provider = self.name(),
                    "a renewed ID token is not believed"
                );
                if is_another(&problem) { Err(RefreshError::Refused) } else { Ok(false) }
            }
        }
    }
}

/// Whether the token is about somebody else, or for somebody else, or not of this provider.
fn is_another(problem: &TokenProblem) -> bool {
    use ClaimsVerificationError::{InvalidAudience, InvalidIssuer};
    matches!(
        problem,
        TokenProblem::Subject
            | TokenProblem::AuthorizedParty
            | TokenProblem::Claims(InvalidIssuer(_) | InvalidAudience(_))
    )
}

/// The tokens of an answer whose ID token makes it unreadable.
fn without_id_token(failure: &TokenFailure) -> Option<TokenAnswer> {
    let TokenFailure::Parse(_, body) = failure else { return None };
    let mut answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    answer.remove("id_token")?;
    tracing::warn!("a renewed ID token cannot be read");
    serde_json::from_value(answer.into()).ok()
}

/// Only the provider's own words about this token or this client are for good.
fn refusal(failure: &TokenFailure) -> RefreshError {
    match failure {
        TokenFailure::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant | CoreErrorResponseType::InvalidClient => {
                RefreshError::Refused
            }
            _ => {
                let message = "The identity provider did not renew the sign-in.".into();
                RefreshError::Transient(Transient::Failed { status: 502, message })
            }
        },
        TokenFailure::Request(IssuerFailure::TimedOut) => RefreshError::Transient(Transient::TimedOut),
        TokenFailure::Request(_) => RefreshError::Transient(Transient::Unreachable),
        TokenFailure::Parse(..) | TokenFailure::Other(_) => RefreshError::Transient(Transient::Unexpected),
    }
}
