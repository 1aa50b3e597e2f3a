use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, CLIENT, LOGOUT_EVENT, Signed, now},
    Door,
};

/// Everything that an ID token must not be.
fn bad() -> Vec<(&'static str, Bend)> {
    vec![
        ("unsigned", Bend::signed(Signed::Not)),
        ("signed by somebody else", Bend::signed(Signed::ByAnother)),
        ("signed with HMAC and the public key", Bend::signed(Signed::WithThePublicKey)),
        ("signed with HMAC and the client's secret", Bend::signed(Signed::WithTheClientSecret)),
        ("with the signature of another", Bend::signed(Signed::Elsewhere)),
        ("of another algorithm than its key", Bend::header(json!({"alg": "RS256"}))),
        ("of a key that nobody knows", Bend::header(json!({"kid": "unknown"}))),
        ("with a critical header", Bend::header(json!({"crit": ["exp"]}))),
        ("of another type", Bend::header(json!({"typ": "at+jwt"}))),
        ("a logout token by type", Bend::header(json!({"typ": "logout+jwt"}))),
        ("of another issuer", Bend::claims(json!({"iss": "https://evil.example"}))),
        ("of nobody", Bend::claims(json!({"iss": null}))),
        ("for another client", Bend::claims(json!({"aud": "another"}))),
        ("for nobody", Bend::claims(json!({"aud": null}))),
        ("for us and a stranger", Bend::claims(json!({"aud": [CLIENT, "stranger"], "azp": CLIENT}))),
        ("handed to another party", Bend::claims(json!({"azp": "another"}))),
        ("expired", Bend::claims(json!({"exp": now() - 5}))),
        ("without an end", Bend::claims(json!({"exp": null}))),
        ("with an end that is a text", Bend::claims(json!({"exp": "9999999999"}))),
        ("with an end beyond all time", Bend::claims(json!({"exp": 1e300}))),
        ("with a negative end", Bend::claims(json!({"exp": -1}))),
        ("of the future", Bend::claims(json!({"iat": now() + 3600}))),
        ("without a time", Bend::claims(json!({"iat": null}))),
        ("not yet good", Bend::claims(json!({"nbf": now() + 3600}))),
        ("with a beginning that is a text", Bend::claims(json!({"nbf": "0"}))),
        ("with another nonce", Bend::claims(json!({"nonce": "another"}))),
        ("without a nonce", Bend::claims(json!({"nonce": null}))),
        ("about nobody", Bend::claims(json!({"sub": null}))),
        ("with another access token", Bend::claims(json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}))),
        (
            "a logout token by its claims",
            Bend::claims(json!({"nonce": null, "events": {LOGOUT_EVENT: {}}, "jti": "x", "name": null})),
        ),
    ]
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
        ("with a clock that is half a minute ahead", Bend::claims(json!({"iat": now() + 30}))),
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
