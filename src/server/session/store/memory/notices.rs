//! Which sessions end, told within this process.

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

use super::super::super::token::RecordKey;
use super::super::Notice;

/// How many ends a listener may be behind before it misses some.
const CAPACITY: usize = 1024;

pub fn channel() -> Sender<RecordKey> {
    broadcast::channel(CAPACITY).0
}

pub fn tell(listeners: &Sender<RecordKey>, key: RecordKey) {
    // It fails when nobody listens.
    let _ = listeners.send(key);
}

pub fn stream(receiver: Receiver<RecordKey>) -> BoxStream<'static, Notice> {
    stream::once(async { Notice::Listening }).chain(stream::unfold(receiver, next)).boxed()
}

async fn next(mut receiver: Receiver<RecordKey>) -> Option<(Notice, Receiver<RecordKey>)> {
    let notice = match receiver.recv().await {
        Ok(key) => Notice::Ended(key),
        Err(RecvError::Lagged(_)) => Notice::Listening,
        Err(RecvError::Closed) => return None,
    };
    Some((notice, receiver))
}

#[cfg(test)]
mod tests {
    use super::super::super::conformance::{record_of, user};
    use super::*;

    #[tokio::test]
    async fn who_falls_behind_is_told_to_look_up() {
        let sender = channel();
        let mut stream = stream(sender.subscribe());
        let key = record_of(user("ann")).key;
        assert_eq!(stream.next().await, Some(Notice::Listening));
        for _ in 0..=CAPACITY {
            tell(&sender, key);
        }
        assert_eq!(stream.next().await, Some(Notice::Listening));
        assert_eq!(stream.next().await, Some(Notice::Ended(key)));
    }
}
