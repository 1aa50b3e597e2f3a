//! Reading tokens from an upstream's answer.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::server::{
    config::{LifetimeUnit, TokenPointers},
    session::{Secret, Tokens, timestamp::Timestamp},
    sign_in::oidc::LEEWAY,
};

/// The tokens in `body`. An answer without a refresh token keeps `previous`. `None` without an access token.
pub(super) fn read(body: &Value, pointers: &TokenPointers, previous: Option<&Secret>) -> Option<Tokens> {
    let text = |pointer: &str| match pointer {
        "" => None,
        pointer => body.pointer(pointer)?.as_str().filter(|text| !text.is_empty()),
    };
    let access = text(&pointers.access)?;
    let told = body.pointer(&pointers.expires_in).filter(|_| !pointers.expires_in.is_empty());
    let access_expires_at = match told.and_then(|value| duration(value, pointers.expires_unit)) {
        Some(lifetime) => Some(Timestamp::now() + lifetime),
        None => jwt_expiry(access),
    };
    Some(Tokens {
        access: Secret::new(access.to_owned()),
        refresh: text(&pointers.refresh)
            .map(|token| Secret::new(token.to_owned()))
            .or_else(|| previous.cloned()),
        access_expires_at,
    })
}

/// A time, also as a fraction, and when it comes as text.
fn duration(value: &Value, unit: LifetimeUnit) -> Option<Duration> {
    let count: f64 = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    let seconds = match unit {
        LifetimeUnit::Seconds => count,
        LifetimeUnit::Milliseconds => count / 1000.0,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

/// The end that a token tells which is a JWT (RFC 7519). Nothing is trusted by it: it only tells when to refresh. A
/// token that was issued just now, by a clock that may be another than ours, lives from now on for as long as it says.
pub(super) fn jwt_expiry(token: &str) -> Option<Timestamp> {
    let claims = token.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let time = |claim: &str| {
        claims.get(claim)?.as_u64().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000)))
    };
    let (end, now) = (time("exp")?, Timestamp::now());
    match time("iat") {
        Some(issued) if issued.since(now) <= LEEWAY && now.since(issued) <= LEEWAY => {
            Some(now + end.since(issued))
        }
        _ => Some(end),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_apis_answer() {
        let pointers = TokenPointers::default();
        let body = json!({"data": {"accessToken": "a", "refreshToken": "r", "expiresIn": 300}});
        let tokens = read(&body, &pointers, None).unwrap();
        assert_eq!(tokens.access.expose(), "a");
        assert_eq!(tokens.refresh.unwrap().expose(), "r");
        let left = tokens.access_expires_at.unwrap().since(Timestamp::now()).as_secs();
        assert!((295..=300).contains(&left), "{left}");
    }

    #[test]
    fn keeps_the_refresh_token_that_is_not_replaced() {
        let pointers = TokenPointers { access: "/token".into(), ..TokenPointers::default() };
        let old = Secret::new("old".into());
        assert_eq!(read(&json!({"token": "a"}), &pointers, Some(&old)).unwrap().refresh, Some(old));
    }

    #[test]
    fn an_answer_without_an_access_token_has_no_tokens() {
        for body in
            [json!(null), json!({"data": {}}), json!({"data": {"accessToken": ""}}), json!({"data": 1})]
        {
            assert!(read(&body, &TokenPointers::default(), None).is_none());
        }
    }

    #[test]
    fn a_jwt_of_now_lives_as_long_as_it_says_whatever_the_clocks_show() {
        let now = Timestamp::now().as_millis() / 1000;
        for issued in [now - 240, now, now + 240] {
            let claims = format!(r#"{{"iat":{issued},"exp":{}}}"#, issued + 300);
            let end = jwt_expiry(&format!("x.{}.y", URL_SAFE_NO_PAD.encode(claims))).unwrap();
            assert!((299..=300).contains(&end.since(Timestamp::now()).as_secs()), "{issued}");
        }
    }

    #[test]
    fn a_jwt_tells_its_own_end() {
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(r#"{"exp":1700000000}"#));
        assert_eq!(jwt_expiry(&token), Some(Timestamp::from_millis(1_700_000_000_000)));
        assert_eq!(jwt_expiry("opaque"), None);
        assert_eq!(jwt_expiry("a.b.c"), None);
    }
}
