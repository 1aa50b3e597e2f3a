//! Tokens of sessions that are ended from elsewhere: their own cookie alone opens them, and so revokes them.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;

use super::{
    app::{App, Browser},
    upstream::Reply,
};

/// The refresh tokens that the API was told are done with, once there are so many.
async fn revoked(app: &App, count: usize) -> Vec<String> {
    for _ in 0..100 {
        if app.upstream.seen("/auth/logout").len() >= count {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    sleep(Duration::from_millis(50)).await;
    let seen = app.upstream.seen("/auth/logout");
    seen.iter().map(|call| String::from_utf8(call.body.to_vec()).unwrap()).collect()
}

fn of(number: u8) -> String {
    json!({"refreshToken": format!("refresh-{number}")}).to_string()
}

/// Ends all other sessions of the person.
async fn end_others(browser: &mut Browser<'_>) {
    let answer = browser.submit("/account", &[("end", "others")]).await;
    assert_eq!(answer.location(), "/account?ended=1#sessions");
}

#[tokio::test]
async fn an_open_page_hears_of_the_end_and_the_tokens_are_revoked_at_once() {
    let app = App::start().await;
    let (there, mut here) = (app.signed_in().await, app.signed_in().await);
    let mut events = there.script(Method::GET, "/api/session/events").send().await.unwrap();
    events.chunk().await.unwrap();
    end_others(&mut here).await;
    assert_eq!(revoked(&app, 1).await, [of(1)]);
    assert_eq!(here.open("/").await.status, StatusCode::OK, "nothing of this session");
}

#[tokio::test]
async fn without_an_open_page_the_next_visit_revokes_them_once() {
    let app = App::start().await;
    let (there, mut here) = (app.signed_in().await, app.signed_in().await);
    end_others(&mut here).await;
    assert!(revoked(&app, 0).await.is_empty(), "nobody can open them");
    let visits = (0..10).map(|_| there.open("/account"));
    futures::future::join_all(visits).await;
    assert_eq!(revoked(&app, 1).await, [of(1)]);
}

#[tokio::test]
async fn nobody_waits_for_it() {
    let app = App::start().await;
    let (there, mut here) = (app.signed_in().await, app.signed_in().await);
    let bye = Reply::Json(200, json!({}));
    app.upstream.script("/auth/logout", [Reply::Late(Duration::from_secs(2), bye.into())]);
    let began = Instant::now();
    end_others(&mut here).await;
    assert_eq!(there.open("/account").await.location(), "/login?reason=revoked&next=/account");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(revoked(&app, 1).await.len(), 1);
}

#[tokio::test]
async fn an_id_without_its_secret_revokes_nothing_and_prevents_nothing() {
    let app = App::start().await;
    let (there, mut here) = (app.signed_in().await, app.signed_in().await);
    end_others(&mut here).await;
    let id = there.cookie.as_deref().unwrap().split('.').next().unwrap();
    let mut stranger = app.browser();
    stranger.cookie = Some(format!("{id}.{}", "A".repeat(43)));
    stranger.open("/account").await;
    assert!(revoked(&app, 0).await.is_empty());
    there.open("/account").await;
    assert_eq!(revoked(&app, 1).await, [of(1)]);
}
