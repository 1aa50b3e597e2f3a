//! What has to be done now and then.

use std::time::{Duration, Instant};

use crate::server::{
    audit,
    session::{
        store::{Reason, StoreError},
        timestamp::Timestamp,
    },
    state::Apis,
};

/// How often dead records are removed, what was opened is forgotten, and measurements are summed up.
const PAUSE: Duration = Duration::from_mins(1);

/// Never returns.
pub(super) async fn keep_tidy(apis: Apis) {
    let state = &apis.default;
    loop {
        tokio::time::sleep(PAUSE).await;
        state.metrics().run_upkeep();
        state.answers().purge(Instant::now());
        apis.iter().for_each(|api| api.sessions().forget_opened());
        let now = Timestamp::now();
        if let Err(error) = see_to_ends(&apis, now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "dead sessions cannot be removed");
        }
        if let Err(error) = state.items().purge(now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired items cannot be removed");
        }
    }
}

/// Removes dead records, and tells of the ends that nobody has told yet: of sessions whose time was over, and of those
/// that an operator has ended.
///
/// # Errors
/// When the store does not answer; the rest is for the next time.
pub async fn see_to_ends(apis: &Apis, now: Timestamp) -> Result<(), StoreError> {
    let sessions = apis.default.sessions();
    loop {
        let purged = sessions.store().purge(now).await?;
        audit::passed(apis, &purged.passed);
        if !purged.more {
            break;
        }
    }
    for (api, count) in sessions.uncounted().take(now).await? {
        audit::count_ended(&api, Reason::Revoked, count);
    }
    Ok(())
}
