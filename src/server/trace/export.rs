//! To an OpenTelemetry collector: OTLP over HTTP, in its JSON encoding.
//!
//! Two kinds of span with a handful of attributes are one JSON document; OpenTelemetry's own crates would bring a
//! model of logs and metrics, protocol buffers and a second way of tracing for it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

use super::{Span, span::text};
use crate::server::{
    config::TraceSettings,
    upstream::{Collector, TlsError},
};

/// So many spans wait for the collector; what comes on top is dropped.
const WAITING: usize = 2048;
/// So many go at once.
const BATCH: usize = 256;
/// How long spans are gathered.
const GATHER: Duration = Duration::from_millis(500);

/// Where finished spans go: to the collector, or nowhere.
#[derive(Debug, Clone, Default)]
pub struct Spans(Option<mpsc::Sender<Waiting>>);

/// What waits for its turn.
#[derive(Debug)]
enum Waiting {
    Span(Span),
    /// Somebody who is told, by the end of this, that all before it have gone.
    Flush(#[expect(dead_code, reason = "its end is what is waited for")] oneshot::Sender<()>),
}

impl Spans {
    /// Begins to send spans, if the settings name a collector.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn start(settings: &TraceSettings) -> Result<Self, TlsError> {
        let Some(collector) = &settings.otlp else { return Ok(Self(None)) };
        let collector = Collector::new(collector)?;
        let (sender, waiting) = mpsc::channel(WAITING);
        tokio::spawn(export(collector, waiting));
        Ok(Self(Some(sender)))
    }

    /// Hands a span over. Nobody waits for the collector.
    pub fn note(&self, span: impl FnOnce() -> Option<Span>) {
        let Some(sender) = &self.0 else { return };
        if let Some(span) = span()
            && sender.try_send(Waiting::Span(span)).is_err()
        {
            dropped(1);
        }
    }

    /// Returns when every span that has been handed over by now has been sent, or dropped.
    pub async fn flush(&self) {
        let Some(sender) = &self.0 else { return };
        let (flush, flushed) = oneshot::channel();
        if sender.send(Waiting::Flush(flush)).await.is_ok() {
            let _ = flushed.await;
        }
    }
}

async fn export(collector: Collector, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let spans: Vec<_> = batch.iter().filter_map(Waiting::span).collect();
        if !spans.is_empty()
            && let Err(error) = collector.send(&document(&spans)).await
        {
            dropped(spans.len());
            tracing::warn!(%error, spans = spans.len(), "the collector does not take spans");
        }
        batch.clear();
        sleep(GATHER).await;
    }
}

impl Waiting {
    fn span(&self) -> Option<&Span> {
        match self {
            Self::Span(span) => Some(span),
            Self::Flush(_) => None,
        }
    }
}

fn dropped(spans: usize) {
    metrics::counter!("vestibule_spans_dropped_total").increment(spans as u64);
}

fn document(spans: &[&Span]) -> Value {
    let service = [text("service.name", "vestibule"), text("service.version", env!("CARGO_PKG_VERSION"))];
    let spans: Vec<_> = spans.iter().map(|span| span.to_otlp()).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": service},
        "scopeSpans": [{"scope": {"name": "vestibule"}, "spans": spans}],
    }]})
}
