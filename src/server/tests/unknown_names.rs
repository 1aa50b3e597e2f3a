//! Nobody learns whether a name exists: neither from what a refused sign-in answers, nor from what it does meanwhile and
//! so from how long it takes.
//!
//! Durations are not compared, as they never come out the same. What is compared is the work: every command that Redis
//! gets, every call that the API gets, and what is answered.

use futures::{Stream, StreamExt};
use http::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::json;

use super::{
    app::{Answer, App},
    redis_server::RedisServer,
    upstream::Reply,
};
use crate::server::config::StoreLocation;

const HOME: &str = "192.0.2.1";
const ELSEWHERE: &str = "203.0.113.9";

/// All that a sign-in does and answers, as far as its duration can depend on it.
#[derive(Debug, PartialEq)]
struct Work {
    commands: Vec<Vec<String>>,
    calls: Vec<(String, Vec<String>, usize)>,
    status: StatusCode,
    headers: Vec<String>,
    length: usize,
}

/// An application on a Redis that is listened in on.
struct Watched<S> {
    app: App,
    redis: RedisServer,
    commands: S,
}

async fn watched() -> Watched<impl Stream<Item = String> + Unpin> {
    let redis = RedisServer::start();
    let app = App::start_with(|settings| {
        settings.session.store = StoreLocation::Redis(Box::new(redis.location()));
        settings.session.secret = Some(SecretString::from("07".repeat(32)));
        settings.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let monitor = redis::Client::open(redis.address()).unwrap().get_async_monitor().await.unwrap();
    Watched { app, redis, commands: monitor.into_on_message() }
}

impl<S: Stream<Item = String> + Unpin> Watched<S> {
    async fn try_once(&self, from: &str, username: &str, password: &str) -> Answer {
        let request = self.app.request(Method::POST, "/login").header("x-forwarded-for", from);
        let form = format!("username={username}&password={password}");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        self.app.browser().send(request).await
    }

    /// A try with a wrong password, of which the API says so in its own words.
    async fn refused(&mut self, from: &str, username: &str, reply: Reply) -> Work {
        self.app.upstream.script("/auth/login", [reply]);
        self.app.upstream.forget_seen();
        self.commands_so_far().await;
        let answer = self.try_once(from, username, "wrong").await;
        Work {
            commands: self.commands_so_far().await,
            calls: self.calls(),
            status: answer.status,
            headers: header_names(&answer),
            length: answer.body.len(),
        }
    }

    /// What Redis has been told since the last time, with what its scripts have done.
    async fn commands_so_far(&mut self) -> Vec<Vec<String>> {
        self.redis.ask(&["ECHO", "so far"]);
        let mut commands = Vec::new();
        while let Some(line) = self.commands.next().await {
            let (_, command) = line.split_once("] ").unwrap();
            if command == "\"ECHO\" \"so far\"" {
                break;
            }
            commands.push(command.split(' ').map(shape).collect());
        }
        commands
    }

    /// The document is read now and then, whoever signs in.
    fn calls(&self) -> Vec<(String, Vec<String>, usize)> {
        let seen = self.app.upstream.all_seen().into_iter().filter(|call| call.path != "/openapi.json");
        seen.map(|call| {
            let headers = call.headers.keys().map(ToString::to_string).collect();
            (format!("{} {}", call.method, call.path), headers, call.body.len())
        })
        .collect()
    }
}

fn header_names(answer: &Answer) -> Vec<String> {
    let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    names
}

/// A word of a command; of hashes and times, which are long and never the same, only how long they are.
fn shape(word: &str) -> String {
    if word.len() > 12 { word.len().to_string() } else { word.to_owned() }
}

fn wrong_password() -> Reply {
    Reply::Json(401, json!({"message": "wrong password"}))
}

fn no_such_user() -> Reply {
    Reply::Json(404, json!({"message": "no such user; did you mean ada?"}))
}

#[tokio::test]
async fn a_name_that_nobody_has_gives_as_much_work_as_a_wrong_password() {
    let mut watched = watched().await;
    assert_eq!(watched.try_once(HOME, "ada", "right").await.status, StatusCode::SEE_OTHER, "she exists");
    // A stranger for each network: what has been tried elsewhere counts as well.
    for (from, nobody) in [(HOME, "eve"), (ELSEWHERE, "bob")] {
        watched.refused(from, "the first of this network", wrong_password()).await;
        let mut statuses = Vec::new();
        for round in 1..=13 {
            let ada = watched.refused(from, "ada", wrong_password()).await;
            let unknown = watched.refused(from, nobody, no_such_user()).await;
            assert_eq!(ada, unknown, "try {round} from {from}");
            assert!(ada.commands.len() > 3, "Redis is listened in on: {ada:?}");
            let asked = ada.status == StatusCode::UNAUTHORIZED;
            assert_eq!(ada.calls.len(), usize::from(asked), "the API is listened in on: {ada:?}");
            statuses.push(ada.status.as_u16());
        }
        assert_eq!(statuses, [[401; 10].as_slice(), &[429; 3]].concat(), "also beyond the limit");
    }
}

#[tokio::test]
async fn nobody_learns_from_the_demo_api_whether_a_name_exists() {
    let app = App::start_with(|settings| settings.upstream.base_url = None).await;
    let mut answers = Vec::new();
    for (name, password) in [("demo", "wrong"), ("nobody", "wrong"), ("nobody", "demo")] {
        let answer = app.browser().sign_in(name, password, "/account").await;
        answers.push((answer.status, header_names(&answer), shown(&answer, name)));
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers[0].2.contains("Wrong user name or password."), "{}", answers[0].2);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(
        app.browser().sign_in("demo", "demo", "/").await.status,
        StatusCode::SEE_OTHER,
        "it does exist"
    );
}

/// What a page shows, with the name that was typed left out.
fn shown(answer: &Answer, typed: &str) -> String {
    let (_, rest) = answer.body.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0.replace(&format!("value=\"{typed}\""), "")
}
