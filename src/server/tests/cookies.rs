use http::{HeaderValue, Method, StatusCode, header};

use super::app::App;

/// Whether `/account` opens with these `Cookie` headers.
async fn opens(app: &App, cookies: &[&[u8]]) -> bool {
    let mut request = app.request(Method::GET, "/account").header(header::ACCEPT, "text/html");
    for cookie in cookies {
        request = request.header(header::COOKIE, HeaderValue::from_bytes(cookie).unwrap());
    }
    let answer = app.browser().send(request).await;
    assert!(!answer.status.is_server_error(), "{cookies:?}");
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn any_bytes_are_allowed_and_none_is_anybody_elses_session() {
    let app = App::start().await;
    let cookie = app.signed_in().await.cookie.unwrap();
    let own = format!("vestibule={cookie}").into_bytes();
    let with = |prefix: &[u8]| [prefix, &own].concat();
    assert!(opens(&app, &[&own]).await);
    assert!(opens(&app, &[&with(b"x=\xc3\xa9; ")]).await, "another cookie's bytes do not matter");
    assert!(opens(&app, &[b"a=b", &own, b"c=d"]).await);
    assert!(opens(&app, &[&with(b";;; = ;=;")]).await);
    assert!(opens(&app, &[&with(b"%76estibule=no.session; ")]).await, "names are not decoded");
    assert!(opens(&app, &[&with(b"\xe2\x80\x80vestibule=no.session; ")]).await, "Unicode space is no space");
    assert!(!opens(&app, &[&with(b"vestibule=no.session; ")]).await, "two cookies of the name are no cookie");
    assert!(!opens(&app, &[&own, &own]).await);
    for value in [
        "",
        "x",
        ".",
        "a.b",
        "\u{1f600}",
        &"A".repeat(66),
        &cookie[1..],
        &format!("{cookie}="),
        &"9".repeat(60_000),
    ] {
        assert!(!opens(&app, &[format!("vestibule={value}").as_bytes()]).await, "{value:.80}");
    }
    assert!(
        !opens(&app, &[format!("__Host-vestibule={cookie}").as_bytes()]).await,
        "another name is another cookie"
    );
}

#[tokio::test]
async fn a_secret_that_does_not_fit_its_id_opens_nothing() {
    let app = App::start().await;
    let (one, two) = (app.signed_in().await.cookie.unwrap(), app.signed_in().await.cookie.unwrap());
    let (id, secret) = (one.split('.').next().unwrap(), two.split('.').nth(1).unwrap());
    assert!(!opens(&app, &[format!("vestibule={id}.{secret}").as_bytes()]).await);
    assert!(
        opens(&app, &[format!("vestibule={one}").as_bytes()]).await,
        "the session that was tried lives on"
    );
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_its_address_allows() {
    let app = App::start().await;
    let answer = app.browser().sign_in("ada", "right", "/").await;
    let line = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(attribute), "{line}");
    }
    assert!(!line.contains("Domain") && !line.contains("Secure"), "plain http on a loopback address: {line}");

    let https = App::start_with(|settings| {
        settings.server.public_url = Some("https://console.example.org".parse().unwrap());
    })
    .await;
    let answer = https.browser().sign_in("ada", "right", "/").await;
    let line = answer.header("set-cookie");
    assert!(line.starts_with("__Host-vestibule=") && line.contains("Secure"), "{line}");
    assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"));
}
