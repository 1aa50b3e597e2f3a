use std::time::Duration;

use http::{Method, StatusCode};

use super::app::{Answer, App, Browser};

/// A little more than `confirm_after` in these tests.
const A_WHILE: Duration = Duration::from_millis(1100);

async fn start() -> App {
    App::start_with(|settings| settings.session.confirm_after = Duration::from_secs(1)).await
}

/// What the buttons of the account page send.
fn buttons(page: &Answer) -> Vec<String> {
    let values = page.body.split("name=\"end\" value=\"").skip(1);
    values.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

async fn end(browser: &mut Browser<'_>, which: &str) -> Answer {
    browser.submit("/account", &[("end", which)]).await
}

/// What a browser calls its own session.
async fn own(browser: &Browser<'_>) -> String {
    let page = browser.open("/account").await.body;
    let row = page.split("<li").find(|row| row.contains("This one")).unwrap();
    row.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_ends_another_of_their_sessions_which_is_told_so() {
    let app = App::start().await;
    let (mut here, there) = (app.signed_in().await, app.signed_in().await);
    let page = here.open("/account").await;
    assert_eq!(buttons(&page).len(), 4, "two sessions, all others, everywhere: {}", page.body);
    assert_eq!(page.body.matches("This one").count(), 1);
    assert!(page.body.contains("127.0.0.1"));
    let other = own(&there).await;
    let answer = end(&mut here, &other).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account?ended=1#sessions"));
    assert_eq!(there.open("/operations").await.location(), "/login?reason=revoked&next=/operations");
    there.send(there.script(Method::GET, "/api/session")).await.assert_unauthorized();
    assert_eq!(
        there.open("/api/logout?reason=expired&next=/").await.location(),
        "/login?reason=revoked&next=/"
    );
    let page = here.open("/account?ended=1").await;
    assert!(page.body.contains("Done."));
    assert_eq!(buttons(&page)[1..], ["all"], "this one, and everywhere: {}", page.body);
    assert_eq!(end(&mut here, &other).await.status, StatusCode::SEE_OTHER, "ending it twice is no mistake");
}

#[tokio::test]
async fn the_session_of_another_person_is_not_found_and_lives_on() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    let mut grace = app.browser();
    grace.sign_in("grace", "right", "/").await;
    let (theirs, unknown) = (own(&grace).await, "A".repeat(43));
    for id in [theirs.as_str(), unknown.as_str(), "nonsense", "<script>", "é"] {
        let answer = end(&mut ada, id).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
        assert!(!answer.body.contains(id));
    }
    assert_eq!(end(&mut ada, "others").await.status, StatusCode::SEE_OTHER);
    assert_eq!(end(&mut ada, "all").await.location(), "/login?reason=signed-out");
    assert_eq!(grace.open("/account").await.status, StatusCode::OK);
    let empty = grace.submit("/account", &[]).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn all_others_end_or_all() {
    let app = App::start().await;
    let (mut here, first, second) = (app.signed_in().await, app.signed_in().await, app.signed_in().await);
    assert_eq!(end(&mut here, "others").await.location(), "/account?ended=1#sessions");
    for other in [&first, &second] {
        assert_eq!(other.open("/").await.location(), "/login?reason=revoked&next=/");
    }
    assert_eq!(here.open("/account").await.status, StatusCode::OK);
    let (third, old) = (app.signed_in().await, here.clone());
    assert_eq!(end(&mut here, "all").await.location(), "/login?reason=signed-out");
    assert_eq!(here.cookie, None);
    assert_eq!(old.open("/").await.location(), "/login?reason=signed-out&next=/");
    assert_eq!(third.open("/").await.location(), "/login?reason=revoked&next=/");
}

#[tokio::test]
async fn after_a_while_ending_another_session_asks_for_a_sign_in_that_leads_back() {
    let app = start().await;
    let (mut here, there) = (app.signed_in().await, app.signed_in().await);
    let other = own(&there).await;
    assert!(!here.open("/account").await.body.contains("asked to sign in again"));
    tokio::time::sleep(A_WHILE).await;
    assert!(here.open("/account").await.body.contains("asked to sign in again"));
    let confirm = "/login?reason=confirm&next=/account%23sessions";
    for which in [other.as_str(), "others", "all"] {
        assert_eq!(end(&mut here, which).await.location(), confirm);
    }
    assert_eq!(there.open("/").await.status, StatusCode::OK, "nothing has happened yet");
    assert_eq!(here.open("/login?next=/account").await.location(), "/account", "only where it is asked for");
    let page = here.visit(confirm).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("show that it is you") && page.body.contains("value=\"/account#sessions\""));
    assert!(page.cookies("vestibule").is_empty(), "whoever turns back is still signed in");
    assert_eq!(here.open("/").await.status, StatusCode::OK);
    let answer = here.sign_in("ada", "right", "/account#sessions").await;
    assert_eq!(answer.location(), "/account#sessions");
    assert_eq!(here.open(confirm).await.location(), "/account#sessions", "that was enough");
    assert_eq!(end(&mut here, &other).await.location(), "/account?ended=1#sessions");
    assert_eq!(there.open("/").await.location(), "/login?reason=revoked&next=/");
}

#[tokio::test]
async fn the_own_session_ends_without_another_sign_in() {
    let app = start().await;
    let mut browser = app.signed_in().await;
    tokio::time::sleep(A_WHILE).await;
    let own = own(&browser).await;
    assert_eq!(end(&mut browser, &own).await.location(), "/login?reason=signed-out");
    let mut only = app.signed_in().await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(end(&mut only, "all").await.location(), "/login?reason=signed-out", "there is no other");
    assert!(!only.open("/account").await.location().is_empty());
}

#[tokio::test]
async fn another_site_ends_nothing() {
    let app = App::start().await;
    let (here, there) = (app.signed_in().await, app.signed_in().await);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = app.request(Method::POST, "/account").header(name, value).body("end=all");
        let cookie = format!("vestibule={}", here.cookie.clone().unwrap());
        let answer = here.send(request.header("cookie", cookie)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(there.open("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_address_that_a_session_is_used_from_is_noted_and_only_a_proxy_of_ours_is_believed() {
    for (trusted, expected) in [(&["127.0.0.1"][..], "198.51.100.7"), (&[], "127.0.0.1")] {
        let app = App::start_with(|settings| {
            settings.server.trusted_proxies = trusted.iter().map(|ip| ip.parse().unwrap()).collect();
            settings.session.idle_timeout = Duration::from_secs(4);
        })
        .await;
        let browser = app.signed_in().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let from_there = || browser.script(Method::GET, "/account").header("x-forwarded-for", "198.51.100.7");
        browser.send(from_there()).await;
        let page = browser.send(from_there()).await.body;
        assert!(page.contains(&format!("<code>{expected}</code>")), "{page}");
        assert!(page.contains("<code>127.0.0.1</code>"), "where it began: {page}");
    }
}
