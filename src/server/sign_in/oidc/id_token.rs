//! Whether an ID token is what it claims to be (OpenID Connect Core 1.0, section 3.1.3.7).

use std::time::{Duration, SystemTime};

use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl,
    NonceVerifier, SignatureVerificationError,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::Number;

use super::{
    Unavailable,
    discovery::Known,
    protocol::{IdToken, IdTokenClaims},
    provider::Provider,
};
use crate::server::session::timestamp::Timestamp;

/// By how much a provider's clock and this one may differ: the few minutes that RFC 7519 and OpenID Connect allow.
pub const LEEWAY: Duration = Duration::from_mins(5);

/// Signatures that only the provider can make. `none` is none, and a MAC is made with what the client knows too, or
/// with what everybody knows where a public key is taken for a secret.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenProblem {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("there is no ID token")]
    Missing,
    #[error("the answer with the tokens cannot be read")]
    Unreadable,
    #[error("the token is not good: {0}")]
    Claims(#[from] ClaimsVerificationError),
    #[error("the token cannot be verified: {0}")]
    Signature(#[from] SignatureVerificationError),
    #[error("the ID token goes with another access token")]
    AccessTokenHash,
    #[error("the token is for another party")]
    AuthorizedParty,
    #[error("the token is of another time")]
    Time,
    #[error("the token is about somebody else")]
    Subject,
    #[error("the provider did not ask the person to sign in again")]
    NotSignedInAgain,
    #[error("the logout token is not good: {0}")]
    Logout(&'static str),
}

impl Provider {
    /// The claims of a token that came with `access`.
    ///
    /// # Errors
    /// See [`TokenProblem`].
    pub(super) async fn verified(
        &self,
        token: &IdToken,
        nonce: impl NonceVerifier + Copy,
        access: &AccessToken,
    ) -> Result<IdTokenClaims, TokenProblem> {
        let known = self.discovery.known(&self.http).await?;
        match self.check(&known, token, nonce, access) {
            Err(problem) if is_unknown_key(&problem) => {
                let newer = self.discovery.newer(&self.http).await?;
                self.check(&newer, token, nonce, access)
            }
            checked => checked,
        }
    }

    fn check(
        &self,
        known: &Known,
        token: &IdToken,
        nonce: impl NonceVerifier,
        access: &AccessToken,
    ) -> Result<IdTokenClaims, TokenProblem> {
        let verifier = self.verifier(known);
        let claims = token.claims(&verifier, nonce)?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id)
            || (claims.audiences().len() > 1 && claims.authorized_party().is_none())
        {
            return Err(TokenProblem::AuthorizedParty);
        }
        if claims.additional_claims().nbf.as_ref().is_some_and(|nbf| !is_past(nbf)) {
            return Err(TokenProblem::Time);
        }
        if let Some(expected) = claims.access_token_hash() {
            let actual =
                AccessTokenHash::from_token(access, token.signing_alg()?, token.signing_key(&verifier)?);
            if actual.ok().as_ref() != Some(expected) {
                return Err(TokenProblem::AccessTokenHash);
            }
        }
        Ok(claims.clone())
    }

    fn verifier(&self, known: &Known) -> IdTokenVerifier<'_, CoreJsonWebKey> {
        let verifier = IdTokenVerifier::new_public_client(
            ClientId::new(self.settings.client_id.clone()),
            IssuerUrl::clone(known.metadata.issuer()),
            known.metadata.jwks().clone(),
        );
        verifier
            .set_allowed_algs(known.signatures())
            .set_time_fn(|| (SystemTime::now() - LEEWAY).into())
            .set_other_audience_verifier_fn(|other| self.trusts(other.as_str()))
            .set_issue_time_verifier_fn(|at| match u64::try_from(at.timestamp()) {
                Ok(at) if at <= latest() => Ok(()),
                _ => Err("issued in the future".into()),
            })
    }
}

impl Known {
    /// What the provider says that it signs with, of what is a signature at all.
    pub(super) fn signatures(&self) -> Vec<CoreJwsSigningAlgorithm> {
        let announced = self.metadata.id_token_signing_alg_values_supported();
        SIGNATURES.into_iter().filter(|signature| announced.contains(signature)).collect()
    }
}

/// In seconds since the epoch, the latest time that a provider's clock may show.
pub(super) fn latest() -> u64 {
    (Timestamp::now() + LEEWAY).as_millis() / 1000
}

/// Whether this is a time, and one that a provider's clock may show.
fn is_past(seconds: &Number) -> bool {
    let since_epoch = seconds.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    since_epoch.is_some_and(|time| time <= (Timestamp::now() + LEEWAY).since(Timestamp::default()))
}

fn is_unknown_key(problem: &TokenProblem) -> bool {
    let unknown = SignatureVerificationError::NoMatchingKey;
    match problem {
        TokenProblem::Signature(error)
        | TokenProblem::Claims(ClaimsVerificationError::SignatureVerification(error)) => *error == unknown,
        _ => false,
    }
}
