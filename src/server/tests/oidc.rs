//! Signing in with an OpenID provider: rightly, and against one that lies.

mod callbacks;
mod confirm;
mod discovery;
mod id_tokens;
mod limits;
mod logout_tokens;
mod mounted;
mod nodes;
mod refresh;
mod sign_in;
mod sign_out;

use std::time::Duration;

use http::{Method, StatusCode, header};
use secrecy::SecretString;

use super::{
    app::{Answer, App},
    issuer::{CLIENT, Issuer, SECRET},
};
use crate::server::config::{OidcSettings, Settings};

/// The application with a provider called `corp`.
struct Door {
    app: App,
    issuer: Issuer,
}

impl Door {
    async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    async fn open_with(change: impl FnOnce(&mut OidcSettings)) -> Self {
        Self::open_among(|all| change(all.sign_in.oidc.get_mut("corp").unwrap())).await
    }

    /// With any settings changed.
    async fn open_among(change: impl FnOnce(&mut Settings)) -> Self {
        let issuer = Issuer::start().await;
        let app = App::start_with(|all| {
            all.sign_in.oidc.insert("corp".into(), settings(&issuer));
            change(all);
        })
        .await;
        issuer.serve(&app.upstream);
        Self { app, issuer }
    }

    fn visitor(&self) -> Visitor<'_> {
        Visitor::new(&self.app)
    }

    /// Somebody who has signed in by way of the provider.
    async fn signed_in(&self) -> Visitor<'_> {
        let mut visitor = self.visitor();
        let answer = visitor.sign_in(&self.issuer, "/account").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        visitor
    }
}

fn settings(issuer: &Issuer) -> OidcSettings {
    OidcSettings {
        issuer: issuer.url.clone(),
        client_id: CLIENT.into(),
        client_secret: Some(SecretString::from(SECRET)),
        timeout: Duration::from_millis(500),
        ..OidcSettings::default()
    }
}

/// What still comes, if the stream is over within a second.
async fn rest(events: reqwest::Response) -> String {
    tokio::time::timeout(Duration::from_secs(1), events.text()).await.expect("the stream goes on").unwrap()
}

/// What the provider sends from server to server.
async fn post_logout(app: &App, path: &str, form: String) -> Answer {
    let request = app.request(Method::POST, path).body(form);
    app.browser().send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")).await
}

/// A browser with all its cookies.
#[derive(Clone)]
struct Visitor<'a> {
    app: &'a App,
    cookies: Vec<(String, String)>,
}

impl<'a> Visitor<'a> {
    fn new(app: &'a App) -> Self {
        Self { app, cookies: Vec::new() }
    }

    /// The same browser, led to another node.
    fn at<'b>(&self, app: &'b App) -> Visitor<'b> {
        Visitor { app, cookies: self.cookies.clone() }
    }

    async fn open(&mut self, path: &str) -> Answer {
        self.open_from("none", path).await
    }

    async fn open_from(&mut self, site: &str, path: &str) -> Answer {
        let request = self.app.request(Method::GET, path).header("sec-fetch-mode", "navigate");
        let request = request.header("sec-fetch-site", site).header(header::COOKIE, self.cookie_header());
        self.keep(self.app.browser().send(request).await)
    }

    async fn submit(&mut self, path: &str) -> Answer {
        self.submit_form(path, "").await
    }

    async fn submit_form(&mut self, path: &str, form: &str) -> Answer {
        let request = self.app.request(Method::POST, path).header("sec-fetch-mode", "navigate");
        let request =
            request.header("sec-fetch-site", "same-origin").header(header::COOKIE, self.cookie_header());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.keep(self.app.browser().send(request.body(form.to_owned())).await)
    }

    /// Listens for the end of the session, as an open page does.
    async fn listen(&self, path: &str) -> reqwest::Response {
        let request = self.app.request(Method::GET, path).header("sec-fetch-mode", "cors");
        let request = request.header("sec-fetch-site", "same-origin");
        let mut events = request.header(header::COOKIE, self.cookie_header()).send().await.unwrap();
        assert_eq!(events.status(), StatusCode::OK);
        assert!(events.chunk().await.unwrap().unwrap().starts_with(b"retry:"));
        events
    }

    /// Starts, agrees at the provider, and comes back.
    async fn sign_in(&mut self, issuer: &Issuer, next: &str) -> Answer {
        let callback = self.go(issuer, "corp", next).await;
        self.open_from("cross-site", &callback).await
    }

    /// To the provider; answers the address that it sends back to.
    async fn go(&mut self, issuer: &Issuer, provider: &str, next: &str) -> String {
        let start = self.open(&format!("/auth/{provider}/start?next={next}")).await;
        assert_eq!(start.status, StatusCode::SEE_OTHER, "{start:?}");
        issuer.agree(start.location())
    }

    async fn is_signed_in(&mut self) -> bool {
        self.open("/account").await.status == StatusCode::OK
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn cookie_header(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: Answer) -> Answer {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.into(), value.into()));
            }
        }
        answer
    }
}
