use std::{
    future::pending,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::body::Bytes;
use futures::{StreamExt, stream};
use http::Method;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::*;
use crate::server::upstream::{Access, Upload};

/// More than the sockets between two programs hold.
const LONG: usize = 8 << 20;

/// An API that counts its connections, and tells when one has been closed.
struct Api {
    direct: Direct,
    url: Url,
    connections: Arc<AtomicUsize>,
    closed: mpsc::UnboundedReceiver<()>,
}

impl Api {
    /// Each connection is answered so many times with so many bytes, and closed without a word after that.
    async fn start(times: usize, length: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let (over, closed) = mpsc::unbounded_channel();
        let opened = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::Relaxed);
                let over = over.clone();
                tokio::spawn(async move {
                    answer(stream, times, length).await;
                    over.send(()).unwrap();
                });
            }
        });
        let direct = Direct::to(&url, Duration::from_secs(5)).unwrap().unwrap();
        Self { direct, url, connections, closed }
    }

    async fn ask(&self) -> Passing {
        self.direct.send(&self.url, &Call::get("/", Access::Anonymous), HeaderMap::new()).await.unwrap()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    fn pool(&self) -> &Arc<Pool> {
        self.direct.of_threads.get().unwrap()
    }
}

async fn answer(stream: TcpStream, times: usize, length: usize) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut said = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    said.resize(said.len() + length, b'x');
    for _ in 0..times {
        while lines.next_line().await.is_ok_and(|line| line.is_some_and(|line| !line.is_empty())) {}
        if writer.write_all(&said).await.is_err() {
            return;
        }
    }
}

async fn length(mut answer: Passing) -> usize {
    let mut length = 0;
    while let Some(part) = answer.part().await.unwrap() {
        length += part.len();
    }
    length
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let api = Api::start(usize::MAX, 2).await;
    for _ in 0..5 {
        assert_eq!(length(api.ask().await).await, 2);
    }
    assert_eq!(api.connections(), 1);
}

#[tokio::test]
async fn one_that_the_api_has_closed_costs_no_call() {
    let mut api = Api::start(1, 2).await;
    for _ in 0..3 {
        assert_eq!(length(api.ask().await).await, 2);
        api.closed.recv().await.unwrap();
    }
    assert_eq!(api.connections(), 3);
}

#[tokio::test]
async fn calls_at_once_have_connections_of_their_own() {
    let api = Api::start(usize::MAX, 2).await;
    for _ in 0..2 {
        let (one, other) = tokio::join!(api.ask(), api.ask());
        assert_eq!(length(one).await + length(other).await, 4);
    }
    assert_eq!(api.connections(), 2);
}

#[tokio::test]
async fn what_is_let_go_comes_by_itself_and_its_connection_is_kept() {
    let api = Api::start(usize::MAX, LONG).await;
    for _ in 0..3 {
        let mut answer = api.ask().await;
        answer.let_go();
        assert_eq!(length(answer).await, LONG);
        while !api.pool().sweep(Duration::MAX) {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(api.connections(), 1);
}

#[tokio::test]
async fn what_nobody_reads_to_its_end_is_closed() {
    let mut api = Api::start(usize::MAX, LONG).await;
    drop(api.ask().await);
    api.closed.recv().await.unwrap();
    let mut answer = api.ask().await;
    answer.let_go();
    drop(answer);
    api.closed.recv().await.unwrap();
    assert_eq!(length(api.ask().await).await, LONG);
    assert_eq!(api.connections(), 3);
}

#[tokio::test]
async fn what_nobody_uses_is_closed() {
    let mut api = Api::start(usize::MAX, 2).await;
    assert_eq!(length(api.ask().await).await, 2);
    assert!(api.pool().sweep(Duration::from_mins(1)), "it was used a moment ago");
    assert!(!api.pool().sweep(Duration::ZERO), "nothing is left");
    api.closed.recv().await.unwrap();
    assert_eq!(length(api.ask().await).await, 2);
    assert_eq!(api.connections(), 2);
}

/// Answers before the body has come, reads nothing of it for a while, and then all that comes.
async fn answer_early(stream: TcpStream, while_it_reads_nothing: Duration) -> usize {
    let (mut reader, mut writer) = stream.into_split();
    let mut read = reader.read(&mut [0; 1024]).await.unwrap();
    writer.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    tokio::time::sleep(while_it_reads_nothing).await;
    let mut part = vec![0; 64 << 10];
    while let Ok(length @ 1..) = reader.read(&mut part).await {
        read += length;
    }
    read
}

#[tokio::test]
async fn an_api_that_takes_nothing_more_of_an_upload_loses_its_connection() {
    const PART: &[u8] = &[b'x'; 64 << 10];
    let idle = Duration::from_millis(300);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let api = tokio::spawn(async move { answer_early(listener.accept().await.unwrap().0, idle * 5).await });
    let endless = stream::repeat(()).map(|()| Ok::<_, io::Error>(Bytes::from_static(PART)));
    let upload = Upload::of(Body::from_stream(endless), idle, pending());
    let call = Call { body: Some(upload.into()), ..Call::new(Method::POST, "/", Access::Anonymous) };
    let direct = Direct::to(&url, Duration::from_secs(5)).unwrap().unwrap();
    let answer = direct.send(&url, &call, HeaderMap::new()).await.unwrap();
    assert_eq!((answer.response.status().as_u16(), length(answer).await), (202, 0));
    let read = tokio::time::timeout(idle * 50, api).await.expect("it goes on").unwrap();
    assert!(read > PART.len(), "{read}");
}
