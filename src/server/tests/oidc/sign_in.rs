use std::{collections::HashMap, time::Duration};

use http::{Method, StatusCode};
use serde_json::json;
use tokio::time::{sleep, timeout};
use url::Url;

use super::{
    super::issuer::{Bend, Instead},
    Door,
};
use crate::server::session::timestamp::Timestamp;

#[tokio::test]
async fn a_person_signs_in_and_goes_on_to_where_they_wanted() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let answer = visitor.sign_in(&door.issuer, "/operations/listItems?send=1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("refresh"), "0; url=/operations/listItems?send=1");
    assert_eq!(visitor.cookies.len(), 1, "the transaction is gone: {:?}", visitor.cookies);
    assert!(visitor.open("/").await.body.contains("Ada"));
    let calls = door.app.upstream.seen("/items");
    assert!(calls.is_empty(), "nothing was sent yet");
    visitor.open("/operations/listItems?send=1").await;
    let bearer = door.app.upstream.seen("/items")[0].headers["authorization"].clone();
    assert!(bearer.to_str().unwrap().starts_with("Bearer provider-access-"), "{bearer:?}");
}

#[tokio::test]
async fn the_request_holds_what_it_must() {
    let door = Door::open_with(|settings| {
        settings.audience = Some("https://api.example".into());
        settings.resource = Some("https://api.example/v1".parse().unwrap());
        settings.authorize_parameters.insert("acr_values".into(), "mfa".into());
        settings.scopes = "openid email".into();
        settings.prompt = "consent".into();
    })
    .await;
    let mut visitor = door.visitor();
    let start = visitor.open("/auth/corp/start?next=/account").await;
    let url = Url::parse(start.location()).unwrap();
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["scope"], "openid email");
    assert_eq!(query["redirect_uri"], format!("{}/auth/corp/callback", door.app.url));
    assert_eq!(query["audience"], "https://api.example");
    assert_eq!(query["resource"], "https://api.example/v1");
    assert_eq!(query["acr_values"], "mfa");
    assert!(query["state"].len() >= 20 && query["nonce"].len() >= 20 && query["code_challenge"].len() == 43);
    assert_eq!(query["prompt"], "consent");
    let again = visitor.open("/auth/corp/start?next=/account").await;
    for name in ["state", "nonce", "code_challenge"] {
        assert!(!again.location().contains(&query[name]), "{name} is fresh each time");
    }
    let callback = door.issuer.agree(again.location());
    visitor.open(&callback).await;
    assert_eq!(door.issuer.seen("/token")[0]["resource"], "https://api.example/v1");
}

#[tokio::test]
async fn one_bounded_cookie_carries_the_transaction() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let next = format!("/{}", "x".repeat(2000));
    for _ in 0..20 {
        visitor.open(&format!("/auth/corp/start?next={next}")).await;
    }
    assert_eq!(visitor.cookies.len(), 1);
    let (name, value) = &visitor.cookies[0];
    assert!(name.len() + value.len() <= 4096, "browsers drop what is longer");
    let start = visitor.open("/auth/corp/start").await;
    let cookie = start.header("set-cookie");
    assert!(cookie.starts_with("vestibule.sign-in="), "{cookie}");
    assert!(cookie.contains("; Path=/; Max-Age=900; HttpOnly; SameSite=Lax"), "{cookie}");
    let query = Url::parse(start.location()).unwrap();
    for (_, secret) in query.query_pairs().filter(|(name, _)| name == "state" || name == "nonce") {
        assert!(!cookie.contains(&*secret), "it is sealed");
    }
}

#[tokio::test]
async fn the_login_page_offers_the_provider() {
    let door = Door::open_with(|settings| settings.label = Some("Corp & Sons".into())).await;
    let mut visitor = door.visitor();
    let page = visitor.open("/login?next=/account").await;
    assert!(page.body.contains("Sign in with Corp &amp; Sons"), "{}", page.body);
    assert!(page.body.contains("action=\"/auth/corp/start\""), "{}", page.body);
    assert_eq!(page.body.matches("name=\"next\" value=\"/account\"").count(), 2, "{}", page.body);
    assert!(!page.body.contains("name=\"again\""), "{}", page.body);
    assert!(page.body.contains("name=\"password\""));
    let page = visitor.open("/login?reason=expired&next=/account").await;
    assert!(page.body.contains("name=\"again\" value=\"1\""), "{}", page.body);
}

#[tokio::test]
async fn a_browser_is_led_to_the_provider_by_a_page_which_no_policy_of_a_form_holds() {
    let door = Door::open_with(|settings| settings.sign_out_at_provider = true).await;
    let browser = door.app.browser();
    let in_a_window = |method, path| door.app.request(method, path).header("sec-fetch-dest", "document");
    let start = browser.send(in_a_window(Method::GET, "/auth/corp/start?next=/account")).await;
    assert_eq!(start.status, StatusCode::OK);
    let address = start.header("refresh").strip_prefix("0; url=").unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", door.issuer.url)), "{address}");
    assert!(start.body.contains(&format!("href=\"{}\"", address.replace('&', "&amp;"))), "{}", start.body);
    assert_eq!(start.cookies("vestibule.sign-in").len(), 1);
    let visitor = door.signed_in().await;
    let out = in_a_window(Method::POST, "/api/logout").header("sec-fetch-site", "same-origin");
    let cookie = format!("vestibule={}", visitor.cookie("vestibule").unwrap());
    let out = browser.send(out.header("cookie", cookie)).await;
    let address = out.header("refresh").strip_prefix("0; url=").unwrap();
    assert!(address.starts_with(&format!("{}/end-session?", door.issuer.url)), "{address}");
    assert_eq!(out.cookies("vestibule"), [""]);
}

#[tokio::test]
async fn nobody_is_signed_in_silently_after_being_signed_out() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let start = visitor.open("/auth/corp/start?next=/account&again=1").await;
    assert!(start.location().contains("prompt=login"), "{}", start.location());
    door.issuer.bend(Bend { claims: json!({"auth_time": 1_700_000_000}), ..Bend::default() });
    let callback = door.issuer.agree(start.location());
    assert_eq!(visitor.open(&callback).await.status, StatusCode::BAD_REQUEST, "the provider did not ask");
    assert!(!visitor.is_signed_in().await);
    // A dead cookie alone says it too.
    door.issuer.bend(Bend::default());
    let mut visitor = door.signed_in().await;
    let dead = visitor.clone();
    visitor.submit("/api/logout").await;
    let start = dead.clone().open("/auth/corp/start").await;
    assert!(start.location().contains("prompt=login"), "{}", start.location());
}

#[tokio::test]
async fn a_browser_keeps_in_mind_that_its_person_was_signed_out() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    door.app.upstream.expire_access();
    door.issuer.expire_refresh_tokens();
    visitor.open("/account").await.assert_sent_to_logout("/account");
    assert_eq!(visitor.cookie("vestibule"), None);
    // They open another page, and so come to the login page without a word of why.
    let start = visitor.open("/auth/corp/start?next=/").await;
    assert!(start.location().contains("prompt=login"), "{}", start.location());
    let callback = door.issuer.agree(start.location());
    assert_eq!(visitor.open(&callback).await.status, StatusCode::OK);
    assert_eq!(visitor.cookies.len(), 1, "that is over: {:?}", visitor.cookies);
    let start = door.visitor().open("/auth/corp/start?next=/").await;
    assert!(!start.location().contains("prompt=login"), "{}", start.location());
}

#[tokio::test]
async fn another_site_starts_nothing() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let answer = visitor.open_from("cross-site", "/auth/corp/start?next=/account").await;
    assert_eq!(answer.location(), "/login?next=/account");
    assert!(visitor.cookies.is_empty());
}

#[tokio::test]
async fn where_it_leads_is_checked_as_everywhere() {
    let door = Door::open().await;
    for next in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/auth/corp/start", "/login"] {
        let mut visitor = door.visitor();
        let answer = visitor.sign_in(&door.issuer, next).await;
        assert_eq!(answer.header("refresh"), "0; url=/", "{next}");
    }
}

#[tokio::test]
async fn the_session_before_is_over_and_the_id_changes() {
    let door = Door::open().await;
    let first = door.signed_in().await;
    let mut second = first.clone();
    let start = second.open("/auth/corp/start?again=1").await;
    let callback = door.issuer.agree(start.location());
    assert_eq!(second.open(&callback).await.status, StatusCode::OK);
    assert_ne!(first.cookie("vestibule"), second.cookie("vestibule"));
    assert!(second.is_signed_in().await);
    assert!(!first.clone().is_signed_in().await);
}

#[tokio::test]
async fn a_browser_that_leaves_before_it_is_signed_in_leaves_no_session_behind() {
    let door = Door::open_among(|all| all.sign_in.attempts_per_network.limit = 1).await;
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    door.issuer.instead("/token", Some(Instead::Late(Duration::from_millis(200))));
    let until = async |path| {
        while door.issuer.seen(path).is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        answer = visitor.open(&callback) => panic!("{answer:?}"),
        () = until("/token") => {}
    }
    timeout(Duration::from_secs(5), until("/revoke")).await.unwrap();
    assert_eq!(door.app.state.sessions().store().count_live(Timestamp::now()).await.unwrap(), 0);
    door.issuer.instead("/token", None);
    door.signed_in().await;
}

#[tokio::test]
async fn a_name_that_the_token_does_not_tell_is_asked_for() {
    let door = Door::open().await;
    door.issuer.bend(Bend { claims: json!({"name": null}), ..Bend::default() });
    assert!(door.signed_in().await.open("/").await.body.contains("Ada of the UserInfo"));
    door.issuer.bend(Bend { claims: json!({"name": null, "sub": "grace-3"}), ..Bend::default() });
    let home = door.signed_in().await.open("/").await.body;
    assert!(!home.contains("Ada of the UserInfo"), "the answer is about somebody else");
}

#[tokio::test]
async fn no_token_of_the_provider_reaches_the_browser() {
    let door = Door::open_with(|settings| settings.sign_out_at_provider = true).await;
    let mut visitor = door.signed_in().await;
    for path in ["/", "/operations/listItems", "/account", "/api/session", "/login"] {
        let answer = visitor.open(path).await;
        for secret in ["provider-access", "provider-refresh", "eyJ"] {
            assert!(!answer.body.contains(secret), "{path} shows {secret}");
            assert!(!format!("{:?}", answer.headers).contains(secret), "{path} sends {secret}");
        }
    }
}

#[tokio::test]
async fn without_the_password_form_only_providers_are_offered() {
    let issuer = super::Issuer::start().await;
    let app = super::App::start_with(|settings| {
        settings.sign_in.password.enabled = false;
        settings.sign_in.oidc.insert("corp".into(), super::settings(&issuer));
    })
    .await;
    let page = app.browser().open("/login").await;
    assert!(!page.body.contains("name=\"password\"") && page.body.contains("/auth/corp/start"));
    let mut browser = app.browser();
    assert_eq!(browser.sign_in("ada", "right", "/").await.status, StatusCode::FORBIDDEN);
    assert!(app.upstream.seen("/auth/login").is_empty());
}

#[tokio::test]
async fn a_link_of_another_site_waits_for_its_button_after_the_sign_in() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let turned_away = visitor.open_from("cross-site", "/operations/listItems?send=1").await;
    assert_eq!(turned_away.location(), "/login?next=/operations/listItems%3Fsend%3D1%26~held%3D1");
    let answer = visitor.sign_in(&door.issuer, "/operations/listItems?send=1%26~held=1").await;
    assert_eq!(answer.header("refresh"), "0; url=/operations/listItems?send=1&~held=1");
    let page = visitor.open("/operations/listItems?send=1&~held=1").await;
    assert!(page.body.contains("filled in by a link from another site"), "{}", page.body);
    assert!(door.app.upstream.seen("/items").is_empty());
}
