//! Every session that has begun is told of, and counted, when it ends: whoever, or whatever, has ended it.

use std::{sync::Arc, time::Duration};

use http::StatusCode;

use super::{
    app::{App, Browser},
    redis_server::{RedisServer, location},
};
use crate::server::{
    config::StoreLocation,
    session::{Uncounted, timestamp::Timestamp},
    start::see_to_ends,
    state::Apis,
};

/// An API of this name, by which its measurements are told from those of other tests.
async fn start(api: &str) -> App {
    App::start_with(|settings| settings.upstream.name = Some(api.into())).await
}

fn apis(app: &App) -> Apis {
    Apis { default: app.state.clone(), others: Arc::new([]) }
}

async fn ended(browser: &Browser<'_>, api: &str, reason: &str) -> u64 {
    metric(browser, &format!("ended_total{{api=\"{api}\",reason=\"{reason}\"}}")).await
}

async fn metric(browser: &Browser<'_>, series: &str) -> u64 {
    let (metrics, series) = (browser.open("/metrics").await.body, format!("vestibule_sessions_{series} "));
    metrics.lines().find_map(|line| line.strip_prefix(&series)?.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn what_ends_by_a_deadline_is_counted_where_it_was() {
    let app = start("by-deadline").await;
    let (_, _, browser) = (app.signed_in().await, app.signed_in().await, app.browser());
    let later = |time: Duration| Timestamp::now() + time;
    see_to_ends(&apis(&app), later(Duration::from_mins(29))).await.unwrap();
    assert_eq!(ended(&browser, "by-deadline", "idle-timeout").await, 0);
    for _ in 0..2 {
        see_to_ends(&apis(&app), later(Duration::from_mins(31))).await.unwrap();
        assert_eq!(ended(&browser, "by-deadline", "idle-timeout").await, 2);
    }
    app.signed_in().await;
    see_to_ends(&apis(&app), later(Duration::from_hours(13))).await.unwrap();
    assert_eq!(ended(&browser, "by-deadline", "absolute-timeout").await, 1);
}

#[tokio::test]
async fn what_an_operator_has_ended_is_counted_by_one_node() {
    let app = start("by-operator").await;
    let uncounted = Uncounted::new(app.state.items().clone());
    uncounted.leave("by-operator", 3).await;
    uncounted.leave("by-operator", 4).await;
    let apis = apis(&app);
    let nodes = (0..5).map(|_| see_to_ends(&apis, Timestamp::now()));
    for seen in futures::future::join_all(nodes).await {
        seen.unwrap();
    }
    assert_eq!(ended(&app.browser(), "by-operator", "revoked").await, 7);
}

#[tokio::test]
async fn an_end_that_replicas_have_not_confirmed_is_counted_and_its_tokens_revoked() {
    let master = RedisServer::start();
    master.ask(&["CONFIG", "SET", "repl-diskless-sync-delay", "0"]);
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &master.port.to_string()]);
    while !master.ask(&["INFO", "replication"]).contains("state=online") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let app = App::start_with(|settings| {
        settings.upstream.name = Some("replicated".into());
        settings.session.store = StoreLocation::Redis(Box::new(location(&master.address())));
        settings.session.secret = Some("00".repeat(32).into());
        settings.session.replicas = 1;
    })
    .await;
    app.signed_in().await;
    let other =
        app.state.sessions().store().scan(None, Timestamp::now()).await.unwrap().records.remove(0).key;
    let mut browser = app.signed_in().await;
    drop(replica);
    for _ in 0..2 {
        let answer = browser.submit("/account", &[("end", &other.to_text())]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "nobody is told: {answer:?}");
        assert_eq!(ended(&browser, "replicated", "revoked").await, 1);
    }
    for _ in 0..2 {
        let answer = browser.submit("/api/logout", &[]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "nobody is told: {answer:?}");
        assert_eq!(ended(&browser, "replicated", "signed-out").await, 1);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(app.upstream.seen("/auth/logout").len(), 1);
}

#[tokio::test]
async fn what_has_begun_for_nobody_is_counted_at_both_ends() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    let app = App::start_with(|settings| {
        settings.upstream.name = Some("half-begun".into());
        settings.session.store = StoreLocation::Sqlite(file.clone());
    })
    .await;
    let mut browser = app.signed_in().await;
    let raw = rusqlite::Connection::open(&file).unwrap();
    let refuse =
        "CREATE TRIGGER kept BEFORE UPDATE OF reason ON session BEGIN SELECT RAISE(ABORT, 'kept'); END";
    raw.execute_batch(refuse).unwrap();
    let answer = browser.sign_in("ada", "right", "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "the older one cannot be ended: {answer:?}");
    raw.execute_batch("DROP TRIGGER kept").unwrap();
    for _ in 0..50 {
        if ended(&browser, "half-begun", "signed-out").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ended(&browser, "half-begun", "signed-out").await, 1);
    assert_eq!(metric(&browser, "started_total{api=\"half-begun\"}").await, 2);
    assert_eq!(app.state.sessions().store().count_live(Timestamp::now()).await.unwrap(), 1);
}
