use http::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    app::{Answer, App},
    upstream::Reply,
};
use crate::server::config::Rate;

const LIMIT: usize = 10;

async fn attempt(app: &App, username: &str, password: &str) -> Answer {
    app.browser().sign_in(username, password, "/").await
}

/// An attempt that carries an `X-Forwarded-For` of this value.
async fn attempt_from(app: &App, forwarded: &str, username: &str) -> StatusCode {
    try_from(app, forwarded, username, "wrong").await
}

async fn try_from(app: &App, forwarded: &str, username: &str, password: &str) -> StatusCode {
    let form = format!("username={username}&password={password}");
    let request = app.request(Method::POST, "/login").header("x-forwarded-for", forwarded);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    app.browser().send(request).await.status
}

fn asked(app: &App) -> usize {
    app.upstream.seen("/auth/login").len()
}

#[tokio::test]
async fn too_many_failures_at_one_account_are_told_to_wait_however_the_name_is_spelt() {
    let app = App::start().await;
    for spelling in ["ada", "Ada", " ada", "ADA ", "a da", "a\u{200b}da", "ada", "aDa", "ada\u{a0}", "adA"] {
        assert_eq!(attempt(&app, spelling, "wrong").await.status, StatusCode::UNAUTHORIZED, "{spelling:?}");
    }
    for (spelling, password) in [("ada", "wrong"), ("ada", "right"), ("A D A", "right")] {
        let answer = attempt(&app, spelling, password).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((880..=901).contains(&wait), "{wait}");
        assert!(answer.body.contains("Too many attempts. Try again in 15 minutes."), "{}", answer.body);
        assert!(answer.cookies("vestibule").is_empty());
    }
    assert_eq!(asked(&app), LIMIT, "the API does not hear of the others");
    assert_eq!(attempt(&app, "grace", "right").await.status, StatusCode::SEE_OTHER, "nobody else is held up");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_answered_and_limited_like_any_other() {
    let app = App::start().await;
    let shown = |answer: &Answer, name: &str| (answer.status, answer.body.replace(name, "NAME").len());
    for _ in 0..LIMIT + 3 {
        let (wrong, unknown) = (attempt(&app, "ada", "wrong").await, attempt(&app, "eve", "wrong").await);
        assert_eq!(shown(&wrong, "ada"), shown(&unknown, "eve"));
    }
}

#[tokio::test]
async fn a_good_sign_in_wipes_the_slate_clean() {
    let app = App::start().await;
    for _ in 0..3 {
        for _ in 0..LIMIT - 1 {
            assert_eq!(attempt(&app, "ada", "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(attempt(&app, "ada", "right").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn an_api_that_is_down_costs_nobody_an_attempt() {
    let app = App::start().await;
    for _ in 0..LIMIT + 2 {
        app.upstream.script("/auth/login", [Reply::Json(500, json!({}))]);
        assert_eq!(attempt(&app, "ada", "right").await.status, StatusCode::BAD_GATEWAY);
    }
    app.upstream.script("/auth/login", [Reply::Json(401, json!({}))]);
    assert_eq!(attempt(&app, "ada", "wrong").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_network_is_limited_whatever_names_it_tries_and_whatever_it_says_of_itself() {
    let app = App::start_with(|settings| settings.sign_in.attempts_per_network.limit = 3).await;
    for (name, forwarded) in [("a", "1.1.1.1"), ("b", "2.2.2.2"), ("c", "::1")] {
        assert_eq!(attempt_from(&app, forwarded, name).await, StatusCode::UNAUTHORIZED);
    }
    for (name, forwarded) in [("d", "3.3.3.3"), ("e", "unknown"), ("ada", "")] {
        assert_eq!(attempt_from(&app, forwarded, name).await, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(asked(&app), 3);
}

#[tokio::test]
async fn behind_a_proxy_of_ours_each_network_has_its_own_count() {
    let app = App::start_with(|settings| {
        settings.sign_in.attempts_per_network.limit = 2;
        settings.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let (wrong, wait) = (StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS);
    for (forwarded, name, expected) in [
        ("2001:db8:1:2::1", "a", wrong),
        ("2001:db8:1:2:ffff::9", "b", wrong),
        ("2001:db8:1:2:1:2:3:4", "c", wait),
        ("9.9.9.9, 2001:db8:1:2::5", "d", wait),
        ("2001:db8:1:3::1", "e", wrong),
        ("192.0.2.1", "f", wrong),
        ("::ffff:192.0.2.1", "g", wrong),
        ("192.0.2.1", "h", wait),
        ("192.0.2.2", "i", wrong),
    ] {
        assert_eq!(attempt_from(&app, forwarded, name).await, expected, "{forwarded} {name}");
    }
}

/// At most 3 failures at an account from a network, behind a proxy that tells them apart.
async fn behind_a_proxy() -> App {
    App::start_with(|settings| {
        settings.sign_in.attempts_per_account.limit = 3;
        settings.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await
}

#[tokio::test]
async fn strangers_lock_nobody_out_of_a_network_that_they_have_signed_in_from() {
    let app = behind_a_proxy().await;
    let (home, office, cafe) = ("192.0.2.1", "2001:db8:1:2::1", "203.0.113.9");
    for known in [home, office] {
        assert_eq!(try_from(&app, known, "ada", "right").await, StatusCode::SEE_OTHER);
    }
    for stranger in 0..30 {
        let status = attempt_from(&app, &format!("198.51.100.{}", stranger % 15), " Ada").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{stranger}");
    }
    for (from, name, expected) in [
        ("198.51.100.77", "ada", StatusCode::TOO_MANY_REQUESTS),
        (cafe, "ada", StatusCode::TOO_MANY_REQUESTS),
        (cafe, "grace", StatusCode::SEE_OTHER),
        (home, "ADA", StatusCode::SEE_OTHER),
        ("2001:db8:1:2::99", "ada", StatusCode::SEE_OTHER),
    ] {
        assert_eq!(try_from(&app, from, name, "right").await, expected, "{name} from {from}");
    }
    assert_eq!(
        try_from(&app, cafe, "ada", "right").await,
        StatusCode::TOO_MANY_REQUESTS,
        "strangers still wait"
    );
}

#[tokio::test]
async fn guesses_from_one_network_do_not_concern_another() {
    let app = behind_a_proxy().await;
    for _ in 0..3 {
        assert_eq!(attempt_from(&app, "198.51.100.1", "ada").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(try_from(&app, "198.51.100.1", "ada", "right").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(try_from(&app, "192.0.2.1", "ada", "right").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_network_that_is_known_is_limited_like_any_other() {
    let app = behind_a_proxy().await;
    assert_eq!(try_from(&app, "192.0.2.1", "ada", "right").await, StatusCode::SEE_OTHER);
    for _ in 0..3 {
        assert_eq!(attempt_from(&app, "192.0.2.1", "ada").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(try_from(&app, "192.0.2.1", "ada", "right").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn many_at_once_get_no_further_than_one_after_the_other() {
    let app: &App = Box::leak(Box::new(App::start().await));
    let at_once = |password: &'static str| {
        let attempts: JoinSet<Answer> = (0..40).map(|_| attempt(app, "ada", password)).collect();
        attempts.join_all()
    };
    let good = at_once("right").await;
    assert!(good.iter().all(|answer| answer.status == StatusCode::SEE_OTHER), "good ones are no guesses");
    let before = asked(app);
    let wrong = at_once("wrong").await;
    let refused = wrong.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
    assert_eq!((refused, asked(app) - before), (LIMIT, LIMIT));
}

#[tokio::test]
async fn no_other_spelling_of_the_address_signs_anybody_in() {
    let app = App::start().await;
    for path in ["//login", "/login/", "/%6cogin", "/LOGIN", "/login;x", "/login%2F"] {
        let form = "username=ada&password=right";
        let request = app.request(Method::POST, path).header("accept", "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        let answer = app.browser().send(request).await;
        assert!(answer.cookies("vestibule").iter().all(String::is_empty), "{path}: {answer:?}");
    }
    assert_eq!(asked(&app), 0);
}

#[tokio::test]
async fn a_window_that_is_over_lets_people_try_again() {
    let window = std::time::Duration::from_secs(1);
    let app =
        App::start_with(|settings| settings.sign_in.attempts_per_account = Rate { limit: 1, window }).await;
    assert_eq!(attempt(&app, "ada", "wrong").await.status, StatusCode::UNAUTHORIZED);
    let answer = attempt(&app, "ada", "right").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    tokio::time::sleep(window).await;
    assert_eq!(attempt(&app, "ada", "right").await.status, StatusCode::SEE_OTHER);
}
