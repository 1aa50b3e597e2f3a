use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, CLIENT, LOGOUT_EVENT, Signed, now},
    Door,
};

fn claims(claims: serde_json::Value) -> Bend {
    Bend { claims, ..Bend::default() }
}

fn signed(signed: Signed) -> Bend {
    Bend { signed, ..Bend::default() }
}

fn header(header: serde_json::Value) -> Bend {
    Bend { header, ..Bend::default() }
}

/// Everything that an ID token must not be.
fn bad() -> Vec<(&'static str, Bend)> {
    vec![
        ("unsigned", signed(Signed::Not)),
        ("signed by somebody else", signed(Signed::ByAnother)),
        ("signed with HMAC and the public key", signed(Signed::WithThePublicKey)),
        ("signed with HMAC and the client's secret", signed(Signed::WithTheClientSecret)),
        ("with the signature of another", signed(Signed::Elsewhere)),
        ("of another algorithm than its key", header(json!({"alg": "RS256"}))),
        ("of a key that nobody knows", header(json!({"kid": "unknown"}))),
        ("with a critical header", header(json!({"crit": ["exp"]}))),
        ("of another type", header(json!({"typ": "at+jwt"}))),
        ("a logout token by type", header(json!({"typ": "logout+jwt"}))),
        ("of another issuer", claims(json!({"iss": "https://evil.example"}))),
        ("of nobody", claims(json!({"iss": null}))),
        ("for another client", claims(json!({"aud": "another"}))),
        ("for nobody", claims(json!({"aud": null}))),
        ("for us and a stranger", claims(json!({"aud": [CLIENT, "stranger"], "azp": CLIENT}))),
        ("handed to another party", claims(json!({"azp": "another"}))),
        ("expired", claims(json!({"exp": now() - 5}))),
        ("without an end", claims(json!({"exp": null}))),
        ("with an end that is a text", claims(json!({"exp": "9999999999"}))),
        ("with an end beyond all time", claims(json!({"exp": 1e300}))),
        ("with a negative end", claims(json!({"exp": -1}))),
        ("of the future", claims(json!({"iat": now() + 3600}))),
        ("without a time", claims(json!({"iat": null}))),
        ("not yet good", claims(json!({"nbf": now() + 3600}))),
        ("with a beginning that is a text", claims(json!({"nbf": "0"}))),
        ("with another nonce", claims(json!({"nonce": "another"}))),
        ("without a nonce", claims(json!({"nonce": null}))),
        ("about nobody", claims(json!({"sub": null}))),
        ("with another access token", claims(json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}))),
        (
            "a logout token by its claims",
            claims(json!({"nonce": null, "events": {LOGOUT_EVENT: {}}, "jti": "x", "name": null})),
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
        ("without an access token hash", claims(json!({"at_hash": null}))),
        ("with a list of one audience", claims(json!({"aud": [CLIENT]}))),
        ("for us and a friend", claims(json!({"aud": [CLIENT, "friend"], "azp": CLIENT}))),
        ("with a clock that is half a minute ahead", claims(json!({"iat": now() + 30}))),
        ("without the key's name, as there is one key", header(json!({"kid": null}))),
        ("with a type", header(json!({"typ": "JWT"}))),
        ("without a name", claims(json!({"name": null, "preferred_username": null}))),
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
