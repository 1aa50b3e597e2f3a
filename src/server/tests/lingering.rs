use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::app::App;

/// More than the system keeps for whoever does not read.
const BODY: usize = 24 << 20;

/// How the answer begins, for a client that sends everything before it reads anything.
async fn answer(app: &App, path: &str, headers: &str) -> String {
    let host = app.url.trim_start_matches("http://").to_owned();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\nsec-fetch-site: same-origin\r\n{headers}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {BODY}\r\nconnection: close\r\n\r\n",
        app.url
    );
    let talk = move || {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b'x'; BODY]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap().to_owned()
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

#[tokio::test]
async fn whoever_is_still_sending_reads_the_refusal() {
    let app = App::start().await;
    assert_eq!(answer(&app, "/login", "").await, "HTTP/1.1 413 Payload Too Large");
    assert_eq!(answer(&app, "/nowhere", "").await, "HTTP/1.1 401 Unauthorized");
    assert_eq!(answer(&app, "/api/upstream/items", "").await, "HTTP/1.1 401 Unauthorized");
    let cookie = app.signed_in().await.cookie.unwrap();
    let cookie = format!("cookie: vestibule={cookie}\r\n");
    assert_eq!(answer(&app, "/account", &cookie).await, "HTTP/1.1 413 Payload Too Large");
}
