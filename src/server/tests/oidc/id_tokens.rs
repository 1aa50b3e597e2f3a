use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, CLIENT, LOGOUT_EVENT, bad_tokens, now},
    Door,
};

/// Everything that an ID token must not be.
fn bad() -> Vec<(&'static str, Bend)> {
    let mut bad = bad_tokens();
    bad.extend([
        ("a logout token by type", Bend::header(json!({"typ": "logout+jwt"}))),
        (
            "a logout token by its claims",
            Bend::claims(json!({"nonce": null, "events": {LOGOUT_EVENT: {}}, "jti": "x", "name": null})),
        ),
        ("handed to another party", Bend::claims(json!({"azp": "another"}))),
        ("not good for a long time", Bend::claims(json!({"nbf": 9_999_999_999.5}))),
        ("with a negative end", Bend::claims(json!({"exp": -1}))),
        ("with a beginning that is a text", Bend::claims(json!({"nbf": "0"}))),
        ("with another nonce", Bend::claims(json!({"nonce": "another"}))),
        ("without a nonce", Bend::claims(json!({"nonce": null}))),
        ("about nobody", Bend::claims(json!({"sub": null}))),
        ("with another access token", Bend::claims(json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}))),
    ]);
    bad
}

#[tokio::test]
async fn a_bad_token_signs_nobody_in() {
    let door = Door::open().await;
    for (what, bend) in bad() {
        door.issuer.bend(bend);
        let mut visitor = door.visitor();
        let answer = visitor.sign_in(&door.issuer, "/account").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
        assert!(answer.body.contains("not signed in"), "{what}");
        assert!(visitor.cookies.is_empty(), "{what}: {:?}", visitor.cookies);
    }
    door.issuer.bend(Bend::default());
    assert!(door.signed_in().await.is_signed_in().await, "a good one does");
}

#[tokio::test]
async fn what_a_good_token_may_be() {
    let door = Door::open_with(|settings| settings.trusted_audiences = "friend".into()).await;
    for (what, bend) in [
        ("without an access token hash", Bend::claims(json!({"at_hash": null}))),
        ("with a list of one audience", Bend::claims(json!({"aud": [CLIENT]}))),
        ("for us and a friend", Bend::claims(json!({"aud": [CLIENT, "friend"], "azp": CLIENT}))),
        (
            "with a clock that is minutes ahead",
            Bend::claims(json!({"iat": now() + 240, "nbf": now() + 240, "exp": now() + 540})),
        ),
        (
            "with a clock that is minutes behind",
            Bend::claims(json!({"iat": now() - 540, "nbf": now() - 540, "exp": now() - 240})),
        ),
        ("with fractions of seconds", Bend::claims(json!({"nbf": 1_700_000_000.5}))),
        (
            "of Entra ID",
            Bend::claims(json!({
                "nbf": now() - 300, "aio": "x", "rh": "0.x", "tid": "9122040d", "uti": "x", "ver": "2.0", "oid": "1",
                "auth_time": now() - 60, "acct": 0, "xms_pl": "en", "groups": ["a", "b"], "wids": [],
            })),
        ),
        (
            "of Keycloak",
            Bend::claims(json!({
                "auth_time": now() - 60, "jti": "x", "typ": "ID", "azp": CLIENT, "acr": "1", "session_state": "x",
                "email_verified": false, "updated_at": now() - 9, "locale": "en", "level": 1.5,
                "resource_access": {"account": {"roles": ["view"], "since": 3}}, "address": {},
            })),
        ),
        (
            "of Auth0",
            Bend::claims(json!({"updated_at": "2026-01-02T03:04:05.678Z", "email_verified": "true"})),
        ),
        ("without the key's name, as there is one key", Bend::header(json!({"kid": null}))),
        ("with a type", Bend::header(json!({"typ": "JWT"}))),
        ("without a name", Bend::claims(json!({"name": null, "preferred_username": null}))),
    ] {
        door.issuer.bend(bend);
        let mut visitor = door.visitor();
        assert_eq!(visitor.sign_in(&door.issuer, "/account").await.status, StatusCode::OK, "{what}");
    }
}

#[tokio::test]
async fn an_answer_without_an_id_token_signs_nobody_in() {
    let door = Door::open().await;
    door.issuer.leave_out_id_tokens();
    let mut visitor = door.visitor();
    assert_eq!(visitor.sign_in(&door.issuer, "/").await.status, StatusCode::BAD_REQUEST);
}
