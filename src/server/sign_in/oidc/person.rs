//! What to call a person: by the ID token, and by the `UserInfo` endpoint where the token does not say.

use openidconnect::{
    AccessToken, EmptyAdditionalClaims, EndUserName, LocalizedClaim, UserInfoClaims, core::CoreGenderClaim,
};

use super::{protocol::IdTokenClaims, provider::Provider};

/// A person's names. They are for people; who somebody is, only issuer and subject tell.
#[derive(Default)]
pub(super) struct Names {
    pub username: Option<String>,
    pub full: Option<String>,
}

impl Provider {
    /// The names of the person whom the token is about. Signing in does not depend on them.
    pub(super) async fn names(&self, claims: &IdTokenClaims, access: &AccessToken) -> Names {
        let told = Names::of_id_token(claims);
        if told.username.is_some() && told.full.is_some() {
            return told;
        }
        let asked = self.user_info(claims, access).await.unwrap_or_default();
        Names { username: told.username.or(asked.username), full: told.full.or(asked.full) }
    }

    async fn user_info(&self, claims: &IdTokenClaims, access: &AccessToken) -> Option<Names> {
        let known = self.discovery.known(&self.http).await.ok()?;
        let client = self.client(&known);
        // The subject is checked against the token's, so nobody else's names come in.
        let request = client.user_info(access.clone(), Some(claims.subject().clone())).ok()?;
        let told: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> =
            request.request_async(&self.http).await.ok()?;
        let username = told.preferred_username().map(|name| name.as_str());
        Some(Names {
            username: username.or(told.email().map(|email| email.as_str())).map(str::to_owned),
            full: full(told.name()),
        })
    }
}

impl Names {
    fn of_id_token(claims: &IdTokenClaims) -> Self {
        let username = claims.preferred_username().map(|name| name.as_str());
        Self {
            username: username.or(claims.email().map(|email| email.as_str())).map(str::to_owned),
            full: full(claims.name()),
        }
    }
}

/// The name without a language tag.
fn full(names: Option<&LocalizedClaim<EndUserName>>) -> Option<String> {
    names?.get(None).map(|name| name.to_string())
}
