use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::server::{session::timestamp::Timestamp, state::AppState};

/// `GET /healthz`: this process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: whether people can be served, which takes the session store. A missing `OpenAPI` document is told
/// but is no reason to take this node away: signing in and out still works.
pub async fn readyz(State(state): State<AppState>) -> impl IntoResponse {
    let store = state.sessions().store().ping().await;
    let reading = state.document().get();
    let document = match (&reading.problem, &reading.document) {
        (Some(problem), _) => problem.as_str(),
        (None, Some(_)) => "ok",
        (None, None) => "not read yet",
    };
    let (status, word) =
        if store.is_ok() { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    (status, Json(json!({ "store": word, "document": document })))
}

/// `GET /metrics`: in the text format of Prometheus.
pub async fn metrics(State(state): State<AppState>) -> String {
    if let Ok(live) = state.sessions().store().count_live(Timestamp::now()).await {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 sessions")]
        metrics::gauge!("vestibule_sessions_live").set(live as f64);
    }
    state.metrics().render()
}
