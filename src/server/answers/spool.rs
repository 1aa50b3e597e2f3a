use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use tokio::time::sleep;

use super::{Answers, Ending, Kept};
use crate::{
    error::Transient,
    server::upstream::{Incoming, Pace},
};

/// How often somebody looks whether an answer that says nothing is still wanted.
const LOOK: Duration = Duration::from_secs(15);

/// Reads the rest of an answer, for as long as somebody keeps it.
pub(super) async fn read(answers: Answers, kept: Weak<Kept>, mut incoming: Incoming) {
    let Some(mut progress) = kept.upgrade().map(|kept| kept.watch()) else { return };
    let ending = loop {
        let part = tokio::select! {
            biased;
            _ = progress.wait_for(|progress| progress.ending.is_some()) => return,
            part = incoming.next() => Some(part),
            () = sleep(LOOK) => None,
        };
        let Some(kept) = kept.upgrade() else { return };
        // What goes on and on may be long without being endless.
        let may_stop = kept.pace == Pace::Endless || part.is_none();
        match part {
            _ if may_stop && kept.is_neglected(Instant::now()) => break Ending::Neglected,
            None => {}
            Some(Ok(Some(part))) => {
                if let Err(ending) = take(&answers, kept, part).await {
                    break ending;
                }
            }
            Some(Ok(None)) => break Ending::Whole,
            Some(Err(transient)) => break Ending::Broken(transient),
        }
    };
    if let Some(kept) = kept.upgrade() {
        tracing::debug!(?ending, bytes = kept.progress().bytes, "a long answer has ended");
        kept.end(ending);
    }
}

async fn take(answers: &Answers, kept: Arc<Kept>, part: Bytes) -> Result<(), Ending> {
    let progress = kept.progress();
    if let Some(ending) = progress.ending {
        return Err(ending);
    }
    if progress.bytes + part.len() as u64 > answers.0.settings.max_answer as u64 {
        return Err(Ending::Broken(Transient::TooLarge));
    }
    answers.make_room(&kept, part.len() as u64);
    let written = tokio::task::spawn_blocking(move || kept.append(&part)).await;
    match written {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(%error, "an answer cannot be written to its file");
            Err(Ending::Broken(Transient::TooLarge))
        }
        Err(_) => Err(Ending::Broken(Transient::BrokeOff)),
    }
}
