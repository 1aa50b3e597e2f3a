//! Signing in with an OpenID provider: rightly, and against one that lies.

mod callbacks;
mod discovery;
mod id_tokens;
mod logout_tokens;
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
use crate::server::config::OidcSettings;

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
        let issuer = Issuer::start().await;
        let mut settings = settings(&issuer);
        change(&mut settings);
        let app = App::start_with(|all| {
            all.sign_in.oidc.insert("corp".into(), settings);
        })
        .await;
        issuer.serve(&app.upstream);
        Self { app, issuer }
    }

    fn visitor(&self) -> Visitor<'_> {
        Visitor { app: &self.app, cookies: Vec::new() }
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

/// A browser with all its cookies.
#[derive(Clone)]
struct Visitor<'a> {
    app: &'a App,
    cookies: Vec<(String, String)>,
}

impl Visitor<'_> {
    async fn open(&mut self, path: &str) -> Answer {
        self.open_from("none", path).await
    }

    async fn open_from(&mut self, site: &str, path: &str) -> Answer {
        let request = self.app.request(Method::GET, path).header("sec-fetch-mode", "navigate");
        let request = request.header("sec-fetch-site", site).header(header::COOKIE, self.cookie_header());
        self.keep(self.app.browser().send(request).await)
    }

    async fn submit(&mut self, path: &str) -> Answer {
        let request = self.app.request(Method::POST, path).header("sec-fetch-mode", "navigate");
        let request =
            request.header("sec-fetch-site", "same-origin").header(header::COOKIE, self.cookie_header());
        self.keep(self.app.browser().send(request).await)
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
