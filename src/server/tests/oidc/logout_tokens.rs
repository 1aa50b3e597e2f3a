use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::{
    super::{
        app::Answer,
        issuer::{Bend, Instead, LOGOUT_EVENT, bad_tokens, now},
    },
    Door, post_logout,
};
use crate::server::session::timestamp::Timestamp;

const BACKCHANNEL: &str = "/auth/corp/backchannel-logout";

impl Door {
    pub async fn send_logout_token(&self, token: &str) -> Answer {
        self.post_logout(&format!("logout_token={token}")).await
    }

    async fn post_logout(&self, form: &str) -> Answer {
        post_logout(&self.app, BACKCHANNEL, form.to_owned()).await
    }
}

/// Everything that a logout token must not be.
fn bad() -> Vec<(&'static str, Bend)> {
    let mut bad = bad_tokens();
    bad.extend([
        ("an ID token", Bend::claims(json!({"nonce": "n"}))),
        ("of long ago", Bend::claims(json!({"iat": now() - 3600, "exp": now() + 3600}))),
        ("of the end of time", Bend::claims(json!({"iat": u64::MAX}))),
        ("about nobody", Bend::claims(json!({"sub": null, "sid": null}))),
        ("about nothing", Bend::claims(json!({"events": null}))),
        ("about something else", Bend::claims(json!({"events": {"https://other.example": {}}}))),
        ("about logout as a text", Bend::claims(json!({"events": {LOGOUT_EVENT: "yes"}}))),
        ("without an id", Bend::claims(json!({"jti": null}))),
    ]);
    bad
}

#[tokio::test]
async fn a_bad_token_ends_nothing() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    for (what, bend) in bad() {
        let answer = door.send_logout_token(&door.issuer.logout_token(&bend)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        assert!(visitor.is_signed_in().await, "{what}");
    }
    let id_token = door.issuer.id_token("a nonce", "an access token");
    assert_eq!(door.send_logout_token(&id_token).await.status, StatusCode::BAD_REQUEST);
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn a_good_token_ends_the_session_that_it_names_at_once() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    let answer = door.send_logout_token(&door.issuer.logout_token(&Bend::default())).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(visitor.open("/account").await.location(), "/login?reason=revoked&next=/account");
}

#[tokio::test]
async fn only_the_named_session_ends() {
    let door = Door::open().await;
    let mut first = door.signed_in().await;
    door.issuer.bend(Bend::claims(json!({"sid": "sid-2"})));
    let mut second = door.signed_in().await;
    let unknown = door.issuer.logout_token(&Bend::claims(json!({"sid": "sid-3"})));
    assert_eq!(door.send_logout_token(&unknown).await.status, StatusCode::OK, "there is nothing to do");
    assert!(first.is_signed_in().await && second.is_signed_in().await);
    let token = door.issuer.logout_token(&Bend::claims(json!({"sid": "sid-2", "sub": null})));
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK);
    assert!(first.is_signed_in().await && !second.is_signed_in().await);
    let others = door.issuer.logout_token(&Bend::claims(json!({"sid": "sid-1", "sub": "eve-2"})));
    assert_eq!(door.send_logout_token(&others).await.status, StatusCode::OK);
    assert!(first.is_signed_in().await, "it is not theirs");
}

#[tokio::test]
async fn without_a_session_all_of_the_persons_end() {
    let door = Door::open().await;
    let (mut first, mut second) = (door.signed_in().await, door.signed_in().await);
    door.issuer.bend(Bend::claims(json!({"sub": "grace-3"})));
    let mut other = door.signed_in().await;
    let token = door.issuer.logout_token(&Bend::claims(json!({"sid": null})));
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK);
    assert!(!first.is_signed_in().await && !second.is_signed_in().await && other.is_signed_in().await);
}

#[tokio::test]
async fn a_token_counts_once() {
    let door = Door::open().await;
    let token = door.issuer.logout_token(&Bend::claims(json!({"sid": null})));
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK, "nobody is signed in: a success");
    let mut visitor = door.signed_in().await;
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::BAD_REQUEST);
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn a_logout_that_overtakes_the_sign_in_wins() {
    for claims in [json!({}), json!({"sid": null}), json!({"sub": null})] {
        let door = Door::open().await;
        door.issuer.bend(Bend::claims(json!({"name": null})));
        door.issuer.instead("/userinfo", Some(Instead::Late(Duration::from_millis(300))));
        let mut visitor = door.visitor();
        let callback = visitor.go(&door.issuer, "corp", "/account").await;
        let token = door.issuer.logout_token(&Bend::claims(claims.clone()));
        let overtaking = async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            door.send_logout_token(&token).await.status
        };
        let (answer, told) = tokio::join!(visitor.open_from("cross-site", &callback), overtaking);
        assert_eq!((answer.status, told), (StatusCode::BAD_REQUEST, StatusCode::OK), "{claims}");
        assert!(answer.body.contains("not signed in"), "{claims}");
        assert!(!visitor.is_signed_in().await, "{claims}");
        let live = door.app.state.sessions().store().count_live(Timestamp::now()).await.unwrap();
        assert_eq!(live, 0, "{claims}: nor is there a session that nobody holds");
        door.issuer.instead("/userinfo", None);
        assert!(door.signed_in().await.is_signed_in().await, "{claims}: the next sign-in is another one");
    }
}

#[tokio::test]
async fn the_type_is_demanded_where_that_is_set() {
    let untyped = Bend::header(json!({"typ": null}));
    let door = Door::open().await;
    assert_eq!(door.send_logout_token(&door.issuer.logout_token(&untyped)).await.status, StatusCode::OK);
    let strict = Door::open_with(|settings| settings.require_logout_type = true).await;
    let answer = strict.send_logout_token(&strict.issuer.logout_token(&untyped)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let typed = strict.issuer.logout_token(&Bend::header(json!({"typ": "application/logout+JWT"})));
    assert_eq!(strict.send_logout_token(&typed).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_single_token_is_refused() {
    let door = Door::open().await;
    let (one, two) = (door.issuer.logout_token(&Bend::default()), door.issuer.logout_token(&Bend::default()));
    for form in ["", "logout_token=", "logout_token=a.b.c", &format!("logout_token={one}&logout_token={two}")]
    {
        assert_eq!(door.post_logout(form).await.status, StatusCode::BAD_REQUEST, "{form}");
    }
    let huge = format!("logout_token={}", "x".repeat(1 << 20));
    assert_eq!(door.post_logout(&huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let get = door.visitor().open(&format!("{BACKCHANNEL}?logout_token={one}")).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    let unknown = post_logout(&door.app, "/auth/other/backchannel-logout", one).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_provider_whose_keys_cannot_be_read_is_told_to_try_again() {
    let door = Door::open().await;
    door.issuer.instead("/keys", Some(Instead::Answer(500, json!({}))));
    let token = door.issuer.logout_token(&Bend::default());
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_front_channel_is_a_hint() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    let issuer = &door.issuer.url;
    let mut frame = door.visitor();
    for (query, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("sid=sid-1".into(), StatusCode::BAD_REQUEST),
        ("iss=https://evil.example&sid=sid-1".into(), StatusCode::BAD_REQUEST),
        (format!("iss={issuer}&sid=guessed"), StatusCode::OK),
    ] {
        let answer = frame.open_from("cross-site", &format!("/auth/corp/frontchannel-logout?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(visitor.is_signed_in().await, "{query}");
    }
    let named = format!("/auth/corp/frontchannel-logout?iss={issuer}&sid=sid-1");
    assert_eq!(frame.open_from("cross-site", &named).await.header("cache-control"), "no-store");
    assert!(!visitor.is_signed_in().await);
    assert!(door.issuer.seen("/revoke").is_empty(), "nothing ends at the provider");
}

#[tokio::test]
async fn strangers_leave_nothing_in_the_store() {
    let door = Door::open().await;
    let kept = async || {
        let tomorrow = Timestamp::now() + Duration::from_hours(24);
        door.app.state.items().purge(tomorrow).await.unwrap()
    };
    let hint = format!("/auth/corp/frontchannel-logout?iss={}&sid=guessed", door.issuer.url);
    assert_eq!(door.visitor().open_from("cross-site", &hint).await.status, StatusCode::OK);
    assert_eq!(kept().await, 0);
    let token = door.issuer.logout_token(&Bend::claims(json!({"sid": "guessed"})));
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK);
    assert!(kept().await > 0, "what is signed is kept in mind");
}
