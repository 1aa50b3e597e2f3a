//! Two APIs in one application: each is a door of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use http::{Method, StatusCode, header};
use reqwest::RequestBuilder;
use serde_json::json;

use super::{
    app::{Answer, App},
    upstream::{Reply, Upstream},
};
use crate::server::{config::UpstreamSettings, session::timestamp::Timestamp};

const STOCK: &str = "/apis/stock";

/// The default API, named `things`, and beside it `stock`, whose upstream is the second.
async fn two() -> (App, Upstream) {
    let stock = Upstream::start().await;
    let other = UpstreamSettings {
        name: Some("stock".into()),
        title: Some("Stockroom".into()),
        base_url: Some(stock.url.parse().unwrap()),
        ..UpstreamSettings::default()
    };
    let app = App::start_with(|settings| {
        settings.upstream.name = Some("things".into());
        settings.others.push(other);
        settings.home.glance = vec!["listItems".into()];
    })
    .await;
    for _ in 0..200 {
        if app
            .request(Method::GET, "/readyz")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains(r#""stock":"ok""#)
        {
            return (app, stock);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the document of the other API is never read");
}

/// A browser with all its cookies.
struct Visitor<'a> {
    app: &'a App,
    jar: BTreeMap<String, String>,
}

impl<'a> Visitor<'a> {
    fn new(app: &'a App) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// Somebody who is signed in to the API at `mount`.
    async fn signed_in(app: &'a App, mount: &str) -> Self {
        let mut visitor = Self::new(app);
        assert_eq!(visitor.sign_in(mount, "/").await.location(), format!("{mount}/"));
        visitor
    }

    async fn send(&mut self, request: RequestBuilder) -> Answer {
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self.app.browser().send(request.header(header::COOKIE, cookies.join("; "))).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => self.jar.remove(name),
                value => self.jar.insert(name.into(), value.into()),
            };
        }
        answer
    }

    async fn open(&mut self, path: &str) -> Answer {
        let request = self.app.request(Method::GET, path).header("sec-fetch-mode", "navigate");
        self.send(request.header(header::ACCEPT, "text/html")).await
    }

    async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.app.request(Method::POST, path).header("sec-fetch-mode", "navigate");
        let request = request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html");
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    async fn sign_in(&mut self, mount: &str, next: &str) -> Answer {
        let form = [("username", "ada"), ("password", "right"), ("next", next)];
        self.submit(&format!("{mount}/login"), &form).await
    }

    /// Calls a server function from a page at `mount`.
    async fn call(&mut self, mount: &str, function: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.app.request(Method::POST, &format!("{mount}/api/{function}"));
        let request = request.header("sec-fetch-mode", "cors").header("sec-fetch-site", "same-origin");
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }
}

#[tokio::test]
async fn signing_in_to_one_is_not_signing_in_to_the_other() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    assert_eq!(visitor.jar.keys().collect::<Vec<_>>(), ["vestibule-stock"]);
    assert_eq!(stock.seen("/auth/login").len(), 1);
    assert!(app.upstream.seen("/auth/login").is_empty());
    assert_eq!(visitor.open("/apis/stock/account").await.status, StatusCode::OK);
    assert_eq!(visitor.open("/account").await.location(), "/login?next=/account");

    visitor.sign_in("", "/").await;
    assert_eq!(visitor.jar.keys().collect::<Vec<_>>(), ["vestibule", "vestibule-stock"]);
    assert_eq!(visitor.open("/operations/listItems").await.status, StatusCode::OK);
    assert_eq!(visitor.open("/apis/stock/operations/listItems").await.status, StatusCode::OK);
    assert_eq!((app.upstream.seen("/items").len(), stock.seen("/items").len()), (1, 1));
}

#[tokio::test]
async fn the_cookie_of_one_opens_nothing_at_the_other() {
    let (app, stock) = two().await;
    for (mount, other, name) in [("", STOCK, "vestibule-stock"), (STOCK, "", "vestibule")] {
        let mut visitor = Visitor::signed_in(&app, mount).await;
        let value = visitor.jar.pop_first().unwrap().1;
        visitor.jar.insert(name.into(), value);
        let answer = visitor.open(&format!("{other}/account")).await;
        assert_eq!(answer.location(), format!("{other}/login?next=/account"));
    }
    assert!(app.upstream.seen("/me").len() == 1 && stock.seen("/me").len() == 1, "each by its own sign-in");
}

#[tokio::test]
async fn a_401_of_one_ends_only_that() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    visitor.sign_in("", "/").await;
    stock.expire_all();
    let answer = visitor.open("/apis/stock/operations/listItems?send=1").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let next = "/operations/listItems%3Fsend%3D1";
    assert_eq!(answer.location(), format!("/apis/stock/api/logout?reason=expired&next={next}"));
    assert_eq!(answer.body, "");
    assert_eq!(visitor.jar.keys().collect::<Vec<_>>(), ["vestibule"]);
    let login = visitor.open(answer.location()).await;
    assert_eq!(login.location(), format!("/apis/stock/login?reason=expired&next={next}"));
    assert_eq!(visitor.open("/account").await.status, StatusCode::OK);

    let back = visitor.sign_in(STOCK, "/operations/listItems?send=1").await;
    assert_eq!(back.location(), "/apis/stock/operations/listItems?send=1");
}

#[tokio::test]
async fn scripts_are_told_by_status_at_a_mount_too() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    let proxy = || app.request(Method::GET, "/apis/stock/api/upstream/items?page=2").header("x-csrf", "1");
    assert_eq!(visitor.send(proxy()).await.status, StatusCode::OK);
    assert_eq!(stock.seen("/items").len(), 1);
    assert_eq!(visitor.call(STOCK, "check_session", &[]).await.status, StatusCode::OK);
    visitor.call("", "check_session", &[]).await.assert_unauthorized();
    stock.expire_all();
    visitor.call(STOCK, "check_session", &[]).await.assert_unauthorized();
    assert!(visitor.jar.is_empty());
}

#[tokio::test]
async fn a_page_that_is_already_coming_moves_on_within_the_mount() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    let refused = Reply::Json(401, json!({"message": "UnAuthentication"}));
    stock.script("/items", [Reply::Late(Duration::from_millis(300), refused.into())]);
    stock.script("/auth/refresh", [Reply::Json(401, json!({}))]);
    let page = visitor.open("/apis/stock/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("location.replace(\"/apis/stock/api/logout?reason=expired&next=/\")"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn the_way_back_never_leaves_the_mount() {
    let (app, _stock) = two().await;
    for (mount, next, location) in [
        (STOCK, "/account", "/apis/stock/account"),
        (STOCK, "/apis/stock/account", "/apis/stock/"),
        (STOCK, "/apis/other/account", "/apis/stock/"),
        (STOCK, "//evil.example", "/apis/stock/"),
        (STOCK, "/login", "/apis/stock/"),
        ("", "/account", "/account"),
        ("", "/apis/stock/account", "/"),
    ] {
        let mut visitor = Visitor::new(&app);
        assert_eq!(visitor.sign_in(mount, next).await.location(), location);
        let again = visitor.open(&format!("{mount}/login?next={next}")).await;
        assert_eq!(again.location(), location, "who is signed in already goes on");
    }
    for path in ["/apis/stock", "/apis/stock/"] {
        assert_eq!(Visitor::new(&app).open(path).await.location(), "/apis/stock/login?next=/");
    }
    for path in ["/apis/stocks/account", "/apis/things/account", "/apis/%73tock/account"] {
        let answer = Visitor::new(&app).open(path).await;
        assert!(answer.location().starts_with("/login?"), "{path} is nobody's: {}", answer.location());
    }
}

#[tokio::test]
async fn signing_out_of_one_leaves_the_other() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    visitor.sign_in("", "/").await;
    let asked = visitor.open("/apis/stock/api/logout").await;
    assert!(asked.body.contains("action=\"/apis/stock/api/logout\""), "{}", asked.body);
    let answer = visitor.submit("/apis/stock/api/logout", &[]).await;
    assert_eq!(answer.location(), "/apis/stock/login?reason=signed-out");
    assert_eq!(visitor.jar.keys().collect::<Vec<_>>(), ["vestibule"]);
    assert_eq!(visitor.open("/account").await.status, StatusCode::OK);
    for _ in 0..100 {
        if !stock.seen("/auth/logout").is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((stock.seen("/auth/logout").len(), app.upstream.seen("/auth/logout").len()), (1, 0));
}

/// The addresses that a document leads to.
fn addresses(html: &str) -> BTreeSet<String> {
    let of = |attribute: &str| {
        let begin = format!(" {attribute}=\"");
        html.split(&begin)
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
            .collect::<Vec<_>>()
    };
    ["href", "action", "formaction"].into_iter().flat_map(of).collect()
}

/// The document without the way to the other APIs, and that way alone.
fn apart(html: &str) -> (String, String) {
    let Some((before, rest)) = html.split_once("<nav aria-label=\"APIs\"") else {
        return (html.into(), String::new());
    };
    let (chooser, after) = rest.split_once("</nav>").unwrap();
    (format!("{before}{after}"), chooser.into())
}

#[tokio::test]
async fn no_page_at_a_mount_leads_out_of_it() {
    let (app, _stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    let mut waiting =
        vec!["/apis/stock/".to_owned(), "/apis/stock/nowhere".into(), "/apis/stock/api/logout".into()];
    let mut seen = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        let page = visitor.open(&path).await;
        assert!(
            page.status == StatusCode::OK || page.status == StatusCode::NOT_FOUND,
            "{path}: {}",
            page.status
        );
        for address in addresses(&apart(&page.body).0) {
            let is_elsewhere = address.contains("://") || address.starts_with("mailto:");
            let is_file = address.starts_with("/pkg/") || address == "/favicon.svg";
            if address.is_empty() || address.starts_with('#') || is_elsewhere || is_file {
                continue;
            }
            assert!(address.starts_with("/apis/stock/"), "{path} leads to {address}");
            let page = address.split('#').next().unwrap().to_owned();
            if seen.insert(page.clone()) {
                waiting.push(page);
            }
        }
    }
    for page in
        ["/apis/stock/", "/apis/stock/account", "/apis/stock/operations/listItems", "/apis/stock/operations"]
    {
        assert!(seen.contains(page), "{page} was never reached, only {seen:?}");
    }
}

#[tokio::test]
async fn what_is_put_into_an_open_page_stays_in_the_mount() {
    let (app, stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    let form = [("address", "createItem"), ("form", "body={\"name\":\"x\"}")];
    for reply in [Reply::Json(201, json!({"data": {"id": 1}})), Reply::Json(500, json!({}))] {
        stock.script("/items", [reply]);
        let sent = visitor.call(STOCK, "send_operation", &form).await;
        assert_eq!(sent.status, StatusCode::OK);
        let html: String = serde_json::from_str(&sent.body).unwrap();
        let addresses = addresses(&html);
        assert!(
            addresses.iter().any(|address| address.starts_with("/apis/stock/operations/createItem")),
            "{html}"
        );
        let inside = |address: &String| address.starts_with("/apis/stock/") || address.starts_with('#');
        assert!(addresses.iter().all(inside), "{addresses:?}");
    }
}

#[tokio::test]
async fn the_page_tells_its_script_where_it_stands() {
    let (app, _stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    visitor.sign_in("", "/").await;
    assert!(
        visitor
            .open("/apis/stock/account")
            .await
            .body
            .contains("<html lang=\"en\" data-mount=\"/apis/stock\">")
    );
    assert!(visitor.open("/account").await.body.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn the_header_and_the_login_page_lead_to_the_other_api() {
    let (app, _stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    visitor.sign_in("", "/").await;
    for page in ["/account", "/apis/stock/account"] {
        let chooser = apart(&visitor.open(page).await.body).1;
        assert_eq!(addresses(&chooser), ["/", "/apis/stock/"].map(String::from).into(), "{page}");
        assert!(chooser.contains("Things") && chooser.contains("Stockroom"), "{chooser}");
    }
    let login = Visitor::new(&app).open("/apis/stock/login").await.body;
    assert!(login.contains("Sign in to Stockroom") && addresses(&login).contains("/"), "{login}");
    let login = Visitor::new(&app).open("/login").await.body;
    assert!(login.contains("Sign in to Things") && addresses(&login).contains("/apis/stock/"), "{login}");
}

#[tokio::test]
async fn nothing_of_it_shows_with_one_api() {
    let app = App::start().await;
    let home = app.signed_in().await.open("/account").await.body;
    assert!(!home.contains("APIs") && !home.contains("data-mount"), "{home}");
    assert!(!app.browser().open("/login").await.body.contains("another API"));
}

#[tokio::test]
async fn the_same_name_at_two_apis_is_two_people() {
    let (app, _stock) = two().await;
    let mut visitor = Visitor::signed_in(&app, STOCK).await;
    visitor.sign_in("", "/").await;
    let user = app.state.sessions().user_key("ada");
    let sessions = app.state.sessions().store().list_by_user(user, Timestamp::now());
    assert_eq!(sessions.await.unwrap().len(), 1, "of two sessions under one name, one is of this API");
}
