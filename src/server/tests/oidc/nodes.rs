//! Two nodes on one Redis, and a provider: whichever is asked, it is one application.

use futures::future::join_all;
use http::StatusCode;
use secrecy::SecretString;

use super::{
    super::{
        app::App,
        issuer::{Bend, Issuer},
        redis_server::RedisServer,
    },
    Visitor, post_logout, rest, settings,
};
use crate::server::config::StoreLocation;

/// A load balancer leads people now to the one, now to the other.
struct Nodes {
    one: App,
    two: App,
    issuer: Issuer,
    _redis: RedisServer,
}

impl Nodes {
    async fn start() -> Self {
        let (redis, issuer) = (RedisServer::start(), Issuer::start().await);
        let one = node(&redis, &issuer, None).await;
        let two = node(&redis, &issuer, Some(&one.upstream.url)).await;
        issuer.serve(&one.upstream);
        Self { one, two, issuer, _redis: redis }
    }

    /// Somebody who has begun to sign in at the one, and comes back to the other.
    async fn signed_in(&self) -> Visitor<'_> {
        let mut visitor = Visitor::new(&self.one);
        let callback = visitor.go(&self.issuer, "corp", "/account").await;
        let mut visitor = visitor.at(&self.two);
        let back = visitor.open_from("cross-site", &callback).await;
        assert_eq!((back.status, back.header("refresh")), (StatusCode::OK, "0; url=/account"), "{back:?}");
        visitor
    }
}

async fn node(redis: &RedisServer, issuer: &Issuer, upstream: Option<&str>) -> App {
    App::start_with(|all| {
        if let Some(upstream) = upstream {
            all.upstream.base_url = Some(upstream.parse().unwrap());
        }
        all.server.public_url = Some("http://127.0.0.1:1".parse().unwrap());
        all.session.store = StoreLocation::Redis(Box::new(redis.location()));
        all.session.secret = Some(SecretString::from("07".repeat(32)));
        all.sign_in.oidc.insert("corp".into(), settings(issuer));
    })
    .await
}

#[tokio::test]
async fn a_sign_in_that_begins_at_one_node_ends_at_the_other_once() {
    let nodes = Nodes::start().await;
    let mut visitor = Visitor::new(&nodes.one);
    let callback = visitor.go(&nodes.issuer, "corp", "/account").await;
    let callbacks = (0..20).map(|turn| {
        let mut visitor = visitor.at(if turn % 2 == 0 { &nodes.two } else { &nodes.one });
        let callback = callback.clone();
        async move { (visitor.open(&callback).await.status, visitor.cookies) }
    });
    let answers = join_all(callbacks).await;
    let good: Vec<_> = answers.into_iter().filter(|(status, _)| *status == StatusCode::OK).collect();
    assert_eq!(good.len(), 1, "a callback works once, wherever it comes");
    assert_eq!(nodes.issuer.seen("/token").len(), 1);
    for node in [&nodes.one, &nodes.two] {
        let mut visitor = Visitor { app: node, cookies: good[0].1.clone() };
        assert!(visitor.is_signed_in().await);
    }
}

#[tokio::test]
async fn the_providers_word_at_one_node_ends_what_the_other_serves() {
    let nodes = Nodes::start().await;
    let mut visitor = nodes.signed_in().await;
    let events = visitor.listen("/api/session/events").await;
    let token = format!("logout_token={}", nodes.issuer.logout_token(&Bend::default()));
    let send = |node| post_logout(node, "/auth/corp/backchannel-logout", token.clone());
    assert_eq!(send(&nodes.one).await.status, StatusCode::OK);
    assert_eq!(
        rest(events).await,
        "event: ended\ndata: signed-out-at-provider\n\n",
        "the open page hears of it"
    );
    assert_eq!(visitor.open("/account").await.location(), "/login?reason=revoked&next=/account");
    assert_eq!(send(&nodes.two).await.status, StatusCode::BAD_REQUEST, "delivered before, at the other node");
}

#[tokio::test]
async fn a_refresh_token_is_redeemed_by_one_node_for_both() {
    let nodes = Nodes::start().await;
    let visitor = nodes.signed_in().await;
    for round in 1..=3 {
        nodes.one.upstream.expire_access();
        let pages = (0..30).map(|turn| {
            let mut visitor = visitor.at(if turn % 2 == 0 { &nodes.one } else { &nodes.two });
            async move { visitor.is_signed_in().await }
        });
        assert!(join_all(pages).await.into_iter().all(|signed_in| signed_in));
        assert_eq!(nodes.issuer.seen("/token").len(), 1 + round, "the code, and a refresh token each time");
    }
}
