//! The demo API over real sockets.

#![expect(clippy::disallowed_methods, reason = "the tests call the demo API itself, not an upstream")]

mod account;
mod document;
mod shop;

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use super::{DemoApi, Lifetimes};

/// A demo API of its own for each test, and somebody to call it.
struct Visitor {
    api: DemoApi,
    http: reqwest::Client,
    access: String,
    refresh: String,
}

impl Visitor {
    async fn stranger(lifetimes: Lifetimes) -> Self {
        let api = DemoApi::bind("127.0.0.1:0", lifetimes).await.unwrap();
        Self { api, http: reqwest::Client::new(), access: String::new(), refresh: String::new() }
    }

    async fn signed_in() -> Self {
        let mut visitor = Self::stranger(Lifetimes::default()).await;
        visitor.sign_in("demo").await;
        visitor
    }

    async fn sign_in(&mut self, name: &str) {
        let answer = self.log_in(name, name).await;
        assert_eq!(answer.status(), StatusCode::OK);
        self.keep(&answer.json().await.unwrap());
    }

    async fn log_in(&self, username: &str, password: &str) -> Response {
        self.post("/auth/login", json!({"username": username, "password": password})).await
    }

    /// Spends the refresh token, and keeps the new pair.
    async fn renew(&mut self) -> StatusCode {
        let answer = self.spend(&self.refresh).await;
        let status = answer.status();
        if status.is_success() {
            self.keep(&answer.json().await.unwrap());
        }
        status
    }

    async fn spend(&self, token: &str) -> Response {
        self.post("/auth/refresh", json!({"refreshToken": token})).await
    }

    fn keep(&mut self, answer: &Value) {
        self.access = text(&answer["data"]["accessToken"]);
        self.refresh = text(&answer["data"]["refreshToken"]);
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.api.base_url())).bearer_auth(&self.access)
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path).json(&body).send().await.unwrap()
    }

    /// The `data` of a call that must succeed.
    async fn data(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        data(answer).await
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.get(path).await.status()
    }
}

async fn data(answer: Response) -> Value {
    let mut body: Value = answer.json().await.unwrap();
    assert!(body["message"].is_string(), "every answer has a message: {body}");
    body["data"].take()
}

/// The field errors of an answer that must be 422.
async fn errors(answer: Response) -> Value {
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    data(answer).await["errors"].take()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
