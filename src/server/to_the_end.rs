//! What must not stay half done because a browser has gone.

use std::{future::pending, panic::resume_unwind};

use tokio::task::JoinError;
use tracing::Instrument;

/// Does `work` to its end, also when whoever waits for it is dropped, as a request is whose browser leaves: then its
/// result is dropped as well. A panic of it is handed on.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let done = tokio::spawn(work.in_current_span()).await;
    match done.map_err(JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(cause)) => resume_unwind(cause),
        // It is cancelled with its runtime alone, and whoever waits goes the same way.
        Err(Err(_)) => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        sync::oneshot,
        time::{sleep, timeout},
    };

    use super::*;

    #[tokio::test]
    async fn what_nobody_waits_for_is_done_all_the_same() {
        let (tell, told) = oneshot::channel();
        let work = async move {
            sleep(Duration::from_millis(50)).await;
            tell.send(()).unwrap();
        };
        assert!(timeout(Duration::from_millis(5), to_the_end(work)).await.is_err());
        told.await.unwrap();
    }

    #[tokio::test]
    async fn a_panic_is_handed_on() {
        async fn bug() {
            panic!("a bug")
        }
        let caught = tokio::spawn(to_the_end(bug())).await.unwrap_err();
        assert_eq!(caught.into_panic().downcast_ref(), Some(&"a bug"));
    }
}
