use openidconnect::{
    Nonce, OAuth2TokenResponse as _, RefreshToken, TokenResponse as _, core::CoreErrorResponseType,
};

use super::{
    id_token::TokenProblem,
    protocol::TokenAnswer,
    provider::{Provider, TokenFailure, id_token_text, tokens},
};
use crate::{
    error::Transient,
    server::{
        session::{OidcIdentity, SessionData},
        sign_in::RefreshError,
        upstream::IssuerFailure,
    },
};

impl Provider {
    /// Redeems the session's refresh token. The person stays who they are: a token about somebody else ends the
    /// session.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn refresh(&self, data: &SessionData) -> Result<SessionData, RefreshError> {
        let (Some(refresh), Some(identity)) = (&data.tokens.refresh, &data.oidc) else {
            return Err(RefreshError::Refused);
        };
        let answer = self.redeem_refresh(&RefreshToken::new(refresh.expose().to_owned())).await?;
        self.check_identity(&answer, identity).await?;
        let id_token = match identity.id_token {
            Some(_) => id_token_text(&answer).or_else(|| identity.id_token.clone()),
            None => None,
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
        request.request_async(&self.http).await.map_err(|failure| refusal(&failure))
    }

    /// OpenID Connect Core 1.0, section 12.2. An answer without an ID token changes nothing about the person.
    async fn check_identity(
        &self,
        answer: &TokenAnswer,
        identity: &OidcIdentity,
    ) -> Result<(), RefreshError> {
        let Some(token) = answer.id_token() else { return Ok(()) };
        let any_nonce = |_: Option<&Nonce>| Ok(());
        let verified = self.verified(token, any_nonce, answer.access_token()).await;
        let checked = verified.and_then(|claims| {
            let same = claims.subject().as_str() == identity.subject;
            if same { Ok(()) } else { Err(TokenProblem::Subject) }
        });
        checked.map_err(|problem| {
            tracing::warn!(error = &problem as &dyn std::error::Error, "a renewed ID token is not believed");
            match problem {
                TokenProblem::Unavailable(_) => RefreshError::Transient(Transient::Unreachable),
                _ => RefreshError::Refused,
            }
        })
    }
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
