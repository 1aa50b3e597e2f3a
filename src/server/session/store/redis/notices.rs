//! Which sessions end, as Redis publishes it. What is published while nobody is connected is lost, so everything has
//! to be looked up after each connection.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use redis::RedisResult;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::time::timeout;

use super::super::Notice;
use super::link::{ANSWER, CONNECT};
use super::origin::Origin;
use super::rows;

/// Between attempts to connect.
const PAUSE: Duration = Duration::from_millis(300);
/// How often a silent connection is tried: one that is broken says nothing either.
const HEARTBEAT: Duration = Duration::from_secs(5);

struct Listener {
    origin: Arc<Origin>,
    connection: Option<(PubSubSink, PubSubStream)>,
}

pub fn stream(origin: Arc<Origin>) -> BoxStream<'static, Notice> {
    let listener = Listener { origin, connection: None };
    stream::unfold(listener, |mut listener| async { Some((listener.next().await, listener)) }).boxed()
}

impl Listener {
    async fn next(&mut self) -> Notice {
        loop {
            let Some(connection) = &mut self.connection else { return self.connect().await };
            match hear(connection).await {
                Some(notice) => return notice,
                None => self.connection = None,
            }
        }
    }

    async fn connect(&mut self) -> Notice {
        loop {
            match timeout(CONNECT + ANSWER, subscribe(&self.origin)).await {
                Ok(Ok(connection)) => {
                    self.connection = Some(connection);
                    return Notice::Listening;
                }
                Ok(Err(error)) => tracing::warn!(%error, "ended sessions cannot be listened for"),
                Err(_) => tracing::warn!("ended sessions cannot be listened for: Redis does not answer"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn subscribe(origin: &Origin) -> RedisResult<(PubSubSink, PubSubStream)> {
    let mut connection = origin.listen().await?;
    connection.subscribe(rows::ENDED).await?;
    Ok(connection.split())
}

/// The next session that has ended. None when the connection is broken.
async fn hear((sink, messages): &mut (PubSubSink, PubSubStream)) -> Option<Notice> {
    loop {
        match timeout(HEARTBEAT, messages.next()).await {
            Ok(message) => {
                let name: String = message?.get_payload().ok()?;
                if let Ok(key) = name.parse() {
                    return Some(Notice::Ended(key));
                }
            }
            Err(_) => timeout(ANSWER, sink.ping::<()>()).await.ok()?.ok()?,
        }
    }
}
