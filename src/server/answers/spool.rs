use std::sync::{Arc, Weak};

use axum::body::Bytes;

use super::{Answers, Ending, Kept};
use crate::{error::Transient, server::upstream::Incoming};

/// Reads the rest of an answer, for as long as somebody keeps it.
pub(super) async fn read(answers: Answers, kept: Weak<Kept>, mut incoming: Incoming) {
    let ending = loop {
        let part = incoming.next().await;
        let Some(kept) = kept.upgrade() else { return };
        match part {
            Ok(Some(part)) => {
                if let Err(ending) = take(&answers, kept, part).await {
                    break ending;
                }
            }
            Ok(None) => break Ending::Whole,
            Err(transient) => break Ending::Broken(transient),
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
    if kept.is_neglected() {
        return Err(Ending::Neglected);
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
