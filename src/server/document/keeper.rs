//! When documents are read again: one that all share now and then and when its files change, any at `SIGHUP`.

use std::{future, sync::Arc, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

use super::{
    place::{Asker, Stamp, file_stamp},
    reader::{Part, ReadError, Version},
};
use crate::server::{
    config::DocumentAccess,
    state::{Apis, AppState},
};

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// How often a document is read again; a file is looked at more often.
pub(super) const REREAD: Duration = Duration::from_mins(5);
/// How often files are looked at. The system's own notices would be sooner, but they do not come from network
/// drives, nor when a whole folder is exchanged by way of a link, as Kubernetes does.
const LOOK: Duration = Duration::from_secs(2);

/// Keeps the document of `state` up to date for as long as the server runs. One that needs a token is read by those who
/// have one.
pub async fn keep_reading(state: AppState) {
    if state.document().access != DocumentAccess::Shared {
        return;
    }
    let asker = Asker::Nobody(state.clone());
    let (mut last, mut retry) = (None, FIRST_RETRY);
    loop {
        let before = now(&state, last.as_deref()).await;
        let result = read(&state, &asker, last.clone()).await;
        state.document().publish(result.as_ref());
        let is_whole = result.as_ref().is_ok_and(|version| version.is_whole());
        retry = if is_whole { FIRST_RETRY } else { (retry * 2).min(LONGEST_RETRY) };
        let watched = result.as_ref().map_or(before, |version| version.parts().to_vec());
        last = result.ok().or(last);
        let pause = if is_whole { REREAD } else { retry };
        tokio::select! {
            () = sleep(pause) => {}
            () = state.document().asked_for.notified() => {}
            () = change(&watched) => {}
        }
    }
}

/// Has every document read again when an operator asks for it by `SIGHUP`.
pub async fn heed_hangups(apis: Apis) {
    let mut hangups = match signal(SignalKind::hangup()) {
        Ok(hangups) => hangups,
        Err(error) => {
            tracing::warn!(%error, "SIGHUP cannot be heeded");
            return;
        }
    };
    while hangups.recv().await.is_some() {
        tracing::info!("asked to read the OpenAPI document again");
        apis.iter().for_each(|api| api.document().read_again());
    }
}

async fn read(
    state: &AppState,
    asker: &Asker,
    last: Option<Arc<Version>>,
) -> Result<Arc<Version>, ReadError> {
    let reader = &state.document().reader;
    let look = reader.look(asker, last.as_deref()).await?;
    reader.settle(asker, look, last, |_| None).await
}

/// The parts as they are before they are read.
async fn now(state: &AppState, last: Option<&Version>) -> Vec<Part> {
    let main = Part { place: state.document().reader.place().clone(), stamp: Stamp::Missing, digest: None };
    let mut parts = last.map_or_else(|| vec![main], |last| last.parts().to_vec());
    for part in &mut parts {
        part.stamp = stamp(part).await;
    }
    parts
}

/// Returns when a file is not what it was. What is no file never changes by itself.
async fn change(parts: &[Part]) {
    if parts.iter().all(|part| part.place.scheme() != "file") {
        future::pending::<()>().await;
    }
    loop {
        sleep(LOOK).await;
        for part in parts {
            if stamp(part).await != part.stamp {
                return;
            }
        }
    }
}

async fn stamp(part: &Part) -> Stamp {
    match part.place.to_file_path() {
        Ok(path) if part.place.scheme() == "file" => file_stamp(&path).await,
        _ => part.stamp.clone(),
    }
}
