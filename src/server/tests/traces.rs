use std::time::Duration;

use serde_json::Value;

use super::app::App;

/// The spans that the collector has, which is the upstream here, once there are that many.
async fn spans(app: &App, count: usize) -> Vec<Value> {
    for _ in 0..100 {
        let documents = app.upstream.seen("/v1/traces");
        let documents = documents.iter().map(|seen| serde_json::from_slice::<Value>(&seen.body).unwrap());
        let of = |document: Value| document["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().cloned();
        let spans: Vec<_> = documents.filter_map(of).flatten().collect();
        if spans.len() >= count {
            return spans;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the spans do not come");
}

#[tokio::test]
async fn what_a_sign_in_asks_of_the_api_is_part_of_its_trace() {
    let app = App::start_with(|settings| settings.trace.otlp = settings.upstream.base_url.clone()).await;
    app.signed_in().await;
    let spans = spans(&app, 3).await;
    let (calls, requests): (Vec<_>, Vec<_>) = spans.iter().partition(|span| span["kind"] == 3);
    let [request] = requests.as_slice() else { panic!("{spans:?}") };
    assert_eq!(calls.len(), 2);
    for path in ["/auth/login", "/me"] {
        let seen = app.upstream.seen(path).pop().unwrap();
        let parent = seen.headers["traceparent"].to_str().unwrap().to_owned();
        let is_it = |call: &&&Value| parent.contains(call["spanId"].as_str().unwrap());
        let call = calls.iter().find(is_it).unwrap_or_else(|| panic!("{path}: the API's span has no parent"));
        assert_eq!((&call["parentSpanId"], &call["traceId"]), (&request["spanId"], &request["traceId"]));
    }
}
