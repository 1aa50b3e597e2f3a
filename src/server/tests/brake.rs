use std::time::Duration;

use http::StatusCode;

use super::app::App;
use crate::server::config::Rate;

#[tokio::test]
async fn an_upstream_that_refuses_everybody_is_not_believed() {
    let app = App::start_with(|settings| {
        settings.logout.brake = Rate { limit: 2, window: Duration::from_secs(1) };
    })
    .await;
    let mut browsers = Vec::new();
    for _ in 0..5 {
        browsers.push(app.signed_in().await);
    }
    app.upstream.expire_all();
    let mut statuses = Vec::new();
    for browser in &browsers {
        statuses.push(browser.open("/account").await.status.as_u16());
    }
    assert_eq!(statuses, [303, 303, 503, 503, 503]);
    let metrics = browsers[0].open("/metrics").await.body;
    assert!(metrics.contains("vestibule_logout_brake_kept_total"), "{metrics}");
    let kept = browsers[4].open("/").await;
    assert_eq!(kept.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(kept.body.contains("You are still signed in."), "{}", kept.body);
    assert_eq!(browsers[4].open("/operations").await.status, StatusCode::OK, "still signed in");

    tokio::time::sleep(Duration::from_millis(1100)).await;
    browsers[4].open("/account").await.assert_sent_to_logout("/account");
}
