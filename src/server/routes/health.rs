use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::{Map, Value, json};

use crate::server::{
    session::timestamp::Timestamp,
    state::{Apis, AppState},
};

/// `GET /healthz`: this process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: whether people can be served, which takes the session store. A missing `OpenAPI` document is told
/// but is no reason to take this node away: signing in and out still works.
///
/// `document` is that of the default API; `documents` has those of the others by name, where there are others.
pub async fn readyz(State(apis): State<Apis>) -> impl IntoResponse {
    let store = apis.default.sessions().store().ping().await;
    let (status, word) =
        if store.is_ok() { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    let mut ready = json!({ "store": word, "document": document(&apis.default) });
    if let Value::Object(ready) = &mut ready
        && !apis.others.is_empty()
    {
        let name = |api: &AppState| api.mount().name().unwrap_or_default().to_owned();
        let documents = apis.others.iter().map(|api| (name(api), document(api).into()));
        ready.insert("documents".into(), documents.collect::<Map<String, Value>>().into());
    }
    (status, Json(ready))
}

fn document(api: &AppState) -> String {
    let current = api.document().get();
    match (current.problem, current.document) {
        (Some(problem), _) => problem,
        (None, Some(_)) => "ok".into(),
        (None, None) => "not read yet".into(),
    }
}

/// `GET /metrics`: in the text format of Prometheus.
pub async fn metrics(State(apis): State<Apis>) -> String {
    let state = &apis.default;
    apis.iter().for_each(|api| api.brake().look());
    if let Ok(live) = state.sessions().store().count_live(Timestamp::now()).await {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 sessions")]
        metrics::gauge!("vestibule_sessions_live").set(live as f64);
    }
    state.metrics().render()
}
