//! Whether a logout token is what it claims to be (OpenID Connect Back-Channel Logout 1.0, section 2.6).

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    discovery::Known,
    id_token::{LEEWAY, TokenProblem, latest},
    provider::Provider,
};
use crate::server::session::timestamp::Timestamp;

/// The member of `events` that makes a token one of logout.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A token is for now. Specified is two minutes; some providers take longer to deliver one.
const OLDEST: Duration = Duration::from_mins(10);

/// The provider says that somebody is out: from one session there, or from all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// `sub`
    pub subject: Option<String>,
    /// `sid`
    pub sid: Option<String>,
    /// `jti`, by which a second delivery is known.
    pub id: String,
    /// Until when the token would be believed.
    pub expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// Times are whole seconds since the epoch: a number that is none makes the token unreadable.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: u64,
    exp: u64,
    nbf: Option<u64>,
    jti: String,
    sub: Option<String>,
    sid: Option<String>,
    events: Map<String, Value>,
    #[serde(default)]
    nonce: Nonce,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Present in whatever form, `null` included, it makes the token an ID token.
#[derive(Default)]
struct Nonce(bool);

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

impl Provider {
    /// Reads a logout token. Whether it has been delivered before is for the caller to find out.
    ///
    /// # Errors
    /// See [`TokenProblem`].
    pub async fn logout_token(&self, token: &str) -> Result<LogoutToken, TokenProblem> {
        let (message, signature) = token.rsplit_once('.').ok_or(WRONG_FORM)?;
        let (header, payload) = message.split_once('.').ok_or(WRONG_FORM)?;
        let header: Header = read(header)?;
        self.check_header(&header)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| WRONG_FORM)?;
        self.check_signature(&header, message.as_bytes(), &signature).await?;
        self.check_claims(read(payload)?)
    }

    fn check_header(&self, header: &Header) -> Result<(), TokenProblem> {
        let kind = header.typ.as_ref().map(|typ| typ.to_ascii_lowercase());
        let kind = kind.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        match kind {
            _ if header.crit.is_some() => Err(TokenProblem::Logout("it has a critical header")),
            Some("logout+jwt") => Ok(()),
            None | Some("jwt") if !self.settings.require_logout_type => Ok(()),
            _ => Err(TokenProblem::Logout("its type is another one")),
        }
    }

    async fn check_signature(
        &self,
        header: &Header,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenProblem> {
        let known = self.discovery.known(&self.http).await?;
        if !known.signatures().contains(&header.alg) {
            return Err(TokenProblem::Logout("it is not signed as the provider signs"));
        }
        let mut keys = keys(&known, header);
        if keys.is_empty() {
            keys = self::keys(&*self.discovery.newer(&self.http).await?, header);
        }
        let signed = keys.iter().any(|key| key.verify_signature(&header.alg, message, signature).is_ok());
        if signed { Ok(()) } else { Err(TokenProblem::Logout("its signature is wrong")) }
    }

    fn check_claims(&self, claims: Claims) -> Result<LogoutToken, TokenProblem> {
        let now = Timestamp::now().as_millis() / 1000;
        let is_now = claims.iat <= latest()
            && claims.iat + OLDEST.as_secs() >= now
            && claims.exp.saturating_add(LEEWAY.as_secs()) > now
            && claims.nbf.is_none_or(|nbf| nbf <= latest());
        let problem = if claims.iss != self.issuer() {
            "its issuer is another one"
        } else if !self.is_audience(&claims.aud) {
            "it is for another client"
        } else if !is_now {
            "it is not of now"
        } else if claims.sub.is_none() && claims.sid.is_none() {
            "it says of nobody"
        } else if !claims.events.get(EVENT).is_some_and(Value::is_object) {
            "it is about no logout"
        } else if claims.nonce.0 {
            "it is an ID token"
        } else if claims.jti.is_empty() {
            "it has no id"
        } else {
            let last = claims.exp.min(claims.iat + OLDEST.as_secs()).saturating_add(LEEWAY.as_secs());
            let expires_at = Timestamp::from_millis(last.saturating_mul(1000));
            return Ok(LogoutToken { subject: claims.sub, sid: claims.sid, id: claims.jti, expires_at });
        };
        Err(TokenProblem::Logout(problem))
    }

    fn is_audience(&self, audience: &Audience) -> bool {
        let audiences = match audience {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Several(several) => several,
        };
        audiences.contains(&self.settings.client_id)
            && audiences.iter().all(|one| *one == self.settings.client_id || self.trusts(one))
    }
}

const WRONG_FORM: TokenProblem = TokenProblem::Logout("it is no signed token");

fn read<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, TokenProblem> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| WRONG_FORM)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenProblem::Logout("it cannot be read"))
}

/// The keys that the header can mean. Whether one fits the algorithm, the key itself decides.
fn keys(known: &Known, header: &Header) -> Vec<CoreJsonWebKey> {
    let keys = known.metadata.jwks().keys().iter();
    let meant = keys.filter(|key| match (&header.kid, key.key_id()) {
        (Some(wanted), Some(id)) => id.as_str() == wanted,
        (Some(_), None) => false,
        (None, _) => true,
    });
    meant.cloned().collect()
}
