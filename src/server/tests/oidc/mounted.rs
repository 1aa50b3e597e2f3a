//! The provider of an API that stands below `/apis/`.

use std::collections::HashMap;

use http::StatusCode;
use serde_json::json;
use url::Url;

use super::{
    super::{
        app::App,
        issuer::{Bend, Issuer},
        upstream::Upstream,
    },
    Door, Visitor, post_logout, rest, settings,
};
use crate::server::config::{OidcSettings, SignInSettings, UpstreamSettings};

const STOCK: &str = "/apis/stock";

/// `stock` with a provider called `corp`, beside the default API, which has one of that name if it is given.
async fn open(default: Option<&Issuer>) -> (Door, Upstream) {
    let (issuer, stock) = (Issuer::start().await, Upstream::start().await);
    let with_sign_out = |issuer| OidcSettings { sign_out_at_provider: true, ..settings(issuer) };
    let mut sign_in = SignInSettings::default();
    sign_in.oidc.insert("corp".into(), with_sign_out(&issuer));
    let other = UpstreamSettings {
        name: Some("stock".into()),
        base_url: Some(stock.url.parse().unwrap()),
        sign_in: Some(sign_in),
        ..UpstreamSettings::default()
    };
    let app = App::start_with(|all| {
        all.upstream.name = Some("things".into());
        all.others.push(other);
        if let Some(default) = default {
            all.sign_in.oidc.insert("corp".into(), with_sign_out(default));
        }
    })
    .await;
    issuer.serve(&stock);
    if let Some(default) = default {
        default.serve(&app.upstream);
    }
    (Door { app, issuer }, stock)
}

/// Somebody who has signed in to `stock` by way of its provider.
async fn signed_in(door: &Door) -> Visitor<'_> {
    let mut visitor = door.visitor();
    let start = visitor.open("/apis/stock/auth/corp/start?next=/account").await;
    let callback = door.issuer.agree(start.location());
    let answer = visitor.open_from("cross-site", &callback).await;
    assert_eq!(answer.header("refresh"), "0; url=/apis/stock/account", "{answer:?}");
    visitor
}

async fn is_signed_in(visitor: &mut Visitor<'_>) -> bool {
    visitor.open("/apis/stock/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn the_way_there_and_back_is_the_mounts() {
    let (door, stock) = open(None).await;
    let mut visitor = door.visitor();
    let login = visitor.open("/apis/stock/login?next=/account").await.body;
    assert!(login.contains("action=\"/apis/stock/auth/corp/start\""), "{login}");
    assert!(!visitor.open("/login").await.body.contains("/auth/corp/"), "the default API has no provider");
    assert_eq!(visitor.open("/auth/corp/start").await.status, StatusCode::NOT_FOUND);

    let start = visitor.open("/apis/stock/auth/corp/start?next=/account").await;
    let query: HashMap<_, _> = Url::parse(start.location()).unwrap().query_pairs().into_owned().collect();
    assert_eq!(query["redirect_uri"], format!("{}/apis/stock/auth/corp/callback", door.app.url));
    assert!(start.header("set-cookie").starts_with("vestibule-stock.sign-in="), "{start:?}");
    assert!(start.header("set-cookie").contains("; Path=/;"));

    let mut visitor = signed_in(&door).await;
    let names: Vec<_> = visitor.cookies.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["vestibule-stock"]);
    assert!(is_signed_in(&mut visitor).await);
    assert_eq!(visitor.open("/account").await.location(), "/login?next=/account", "this is another door");
    let bearer = stock.seen("/me")[0].headers["authorization"].clone();
    assert!(bearer.to_str().unwrap().starts_with("Bearer provider-access-"), "{bearer:?}");
    assert!(door.app.upstream.seen("/me").is_empty());
}

#[tokio::test]
async fn tokens_are_renewed_at_the_mounts_provider() {
    let (door, stock) = open(None).await;
    let mut visitor = signed_in(&door).await;
    stock.expire_access();
    assert!(is_signed_in(&mut visitor).await);
    stock.expire_access();
    door.issuer.expire_refresh_tokens();
    let answer = visitor.open("/apis/stock/account").await;
    assert_eq!(answer.location(), "/apis/stock/api/logout?reason=expired&next=/account");
}

#[tokio::test]
async fn signing_out_leads_to_the_provider_and_back_to_the_mount() {
    let (door, _stock) = open(None).await;
    let mut visitor = signed_in(&door).await;
    let answer = visitor.submit("/apis/stock/api/logout").await;
    assert!(answer.location().starts_with(&format!("{}/end-session?", door.issuer.url)), "{answer:?}");
    assert_eq!(answer.cookies("vestibule-stock"), [""]);
    let query: HashMap<_, _> = Url::parse(answer.location()).unwrap().query_pairs().into_owned().collect();
    assert_eq!(
        query["post_logout_redirect_uri"],
        format!("{}/apis/stock/auth/corp/signed-out", door.app.url)
    );
    let back = format!("/apis/stock/auth/corp/signed-out?state={}", query["state"]);
    assert_eq!(visitor.open(&back).await.location(), "/apis/stock/login?reason=signed-out");
}

#[tokio::test]
async fn the_providers_word_of_logout_comes_to_the_mount() {
    let (door, _stock) = open(None).await;
    let mut visitor = signed_in(&door).await;
    visitor.submit_form("/login", "username=ada&password=right&next=/").await;
    let events = visitor.listen("/apis/stock/api/session/events").await;
    let token = || format!("logout_token={}", door.issuer.logout_token(&Bend::default()));
    let elsewhere = post_logout(&door.app, "/auth/corp/backchannel-logout", token()).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert!(is_signed_in(&mut visitor).await);
    let answer = post_logout(&door.app, &format!("{STOCK}/auth/corp/backchannel-logout"), token()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(rest(events).await, "event: ended\ndata: signed-out-at-provider\n\n");
    assert_eq!(
        visitor.open("/apis/stock/account").await.location(),
        "/apis/stock/login?reason=revoked&next=/account"
    );
    assert!(visitor.is_signed_in().await, "the session of the default API goes on");
}

/// Two APIs that are one client of a provider: the default one, and `stock`.
async fn sharing() -> (App, Issuer) {
    let (issuer, stock) = (Issuer::start().await, Upstream::start().await);
    let app = App::start_with(|all| {
        all.upstream.name = Some("things".into());
        all.sign_in.oidc.insert("corp".into(), settings(&issuer));
        let base_url = Some(stock.url.parse().unwrap());
        all.others.push(UpstreamSettings {
            name: Some("stock".into()),
            base_url,
            ..UpstreamSettings::default()
        });
    })
    .await;
    issuer.serve(&app.upstream);
    (app, issuer)
}

/// Somebody who has signed in to both.
async fn signed_in_to_both<'a>(app: &'a App, issuer: &Issuer) -> Visitor<'a> {
    let mut visitor = Visitor::new(app);
    visitor.sign_in(issuer, "/").await;
    let start = visitor.open("/apis/stock/auth/corp/start").await;
    let callback = issuer.agree(start.location());
    visitor.open(&callback).await;
    assert_eq!(at_both(&mut visitor).await, [StatusCode::OK; 2]);
    visitor
}

async fn at_both(visitor: &mut Visitor<'_>) -> [StatusCode; 2] {
    let here = visitor.open("/api/session").await.status;
    [here, visitor.open("/apis/stock/api/session").await.status]
}

#[tokio::test]
async fn apis_that_share_a_client_hear_the_providers_word_together() {
    let (app, issuer) = sharing().await;
    for claims in [json!({}), json!({"sub": null}), json!({"sid": null})] {
        let mut visitor = signed_in_to_both(&app, &issuer).await;
        let token = issuer.logout_token(&Bend::claims(claims.clone()));
        let answer =
            post_logout(&app, "/auth/corp/backchannel-logout", format!("logout_token={token}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(at_both(&mut visitor).await, [StatusCode::UNAUTHORIZED; 2], "{claims}");
    }
}

#[tokio::test]
async fn apis_that_share_a_client_hear_a_hint_together() {
    let (app, issuer) = sharing().await;
    for mount in ["", STOCK] {
        let mut visitor = signed_in_to_both(&app, &issuer).await;
        let hint = format!("{mount}/auth/corp/frontchannel-logout?iss={}&sid=sid-1", issuer.url);
        let answer = Visitor::new(&app).open_from("cross-site", &hint).await;
        assert_eq!(answer.status, StatusCode::OK, "{mount}");
        assert_eq!(at_both(&mut visitor).await, [StatusCode::UNAUTHORIZED; 2], "{mount}");
    }
}

#[tokio::test]
async fn sign_ins_to_two_apis_at_once_do_not_disturb_each_other() {
    let default = Issuer::start().await;
    let (door, _stock) = open(Some(&default)).await;
    let mut visitor = door.visitor();
    let here = visitor.go(&default, "corp", "/account").await;
    let start = visitor.open("/apis/stock/auth/corp/start?next=/account").await;
    let there = door.issuer.agree(start.location());
    assert_eq!(visitor.cookies.len(), 2, "{:?}", visitor.cookies);

    let mixed_up = there.replace("/apis/stock/auth/", "/auth/");
    assert_eq!(visitor.clone().open(&mixed_up).await.status, StatusCode::BAD_REQUEST);
    assert!(default.seen("/token").is_empty(), "the code is not shown to the other");

    assert_eq!(visitor.open_from("cross-site", &here).await.header("refresh"), "0; url=/account");
    assert_eq!(visitor.open_from("cross-site", &there).await.header("refresh"), "0; url=/apis/stock/account");
    assert!(visitor.is_signed_in().await && is_signed_in(&mut visitor).await);
}
