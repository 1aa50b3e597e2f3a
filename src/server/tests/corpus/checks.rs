//! What has to be true of one operation.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use super::report::{Fault, Report};
use crate::{
    components::operation_link::href,
    openapi::{Check, Document, OperationSummary, Values},
    server::{
        json_schema::Validator,
        router::router,
        state::{Apis, AppState},
        tests::app::App,
    },
};

/// The largest page that is looked at, in bytes.
const LARGEST_PAGE: usize = 64 << 20;

/// The pages of an application, as somebody sees them who is signed in.
pub struct Pages {
    router: Router,
    state: AppState,
    cookie: String,
}

impl Pages {
    pub async fn of(app: &App) -> Self {
        let cookie = app.signed_in().await.cookie.unwrap();
        let apis = Apis { default: app.state.clone(), others: Arc::default() };
        let router = Router::new().fallback_service(router(&apis, Duration::from_secs(30)));
        Self { router, state: app.state.clone(), cookie }
    }

    /// Looks at every operation of the application's document.
    pub async fn check(&self, name: &str, report: &Report) {
        let document: Arc<Document> = self.state.document().get().document.unwrap();
        for operation in document.operations() {
            let at = format!("{name}: {} {}", operation.method, operation.path);
            let example = example(&document, operation);
            let form = if example.is_none() { form(&document, operation) } else { None };
            report.operation(&at, [self.page(operation).await, example].into_iter().flatten(), form);
        }
    }

    /// The page, as opened by a link of another site: filled in, but not sent.
    async fn page(&self, operation: &OperationSummary) -> Option<Fault> {
        let request = Request::get(href(operation).as_str())
            .header(header::COOKIE, format!("vestibule={}", self.cookie))
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "cross-site")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), LARGEST_PAGE).await.unwrap();
        let page = String::from_utf8_lossy(&body);
        if status != StatusCode::OK {
            return Some(("its page is not shown", status.to_string()));
        }
        let shown = page.contains("#/components/") || page.contains("#/definitions/");
        shown.then(|| ("a reference is shown as it is written", String::new()))
    }
}

/// The example of the body keeps to the body's own schema.
fn example(document: &Document, operation: &OperationSummary) -> Option<Fault> {
    let body = document.operation(operation).body?;
    if !(body.is_json() || body.is_form()) {
        return None;
    }
    let schema = document.body_schema(operation, &body.media_type)?;
    let example: Value = match serde_json::from_str(&body.example) {
        Ok(example) => example,
        Err(error) => return Some(("its example is not JSON", error.to_string())),
    };
    let violation = Validator::new(&schema).violations(&example).into_iter().next()?;
    Some(("its example does not keep to its schema", format!("{} {}", violation.pointer, violation.message)))
}

/// The form, filled in with the example, gives a body back that keeps to the schema.
fn form(document: &Document, operation: &OperationSummary) -> Option<Fault> {
    let body = document.operation(operation).body?;
    let schema = document.body_schema(operation, &body.media_type)?;
    let example: Value = serde_json::from_str(&body.example).ok()?;
    let values = Values::from_body(&example);
    let form = document.body_form(operation, &values)?;
    match form.value(&values, Check::Strict) {
        Err(errors) => {
            let error = errors.into_iter().next()?;
            Some(("its form asks for more than its example", format!("{} {}", error.input, error.message)))
        }
        Ok(value) => {
            let violation = Validator::new(&schema).violations(&value?).into_iter().next()?;
            Some((
                "its form gives what does not keep to its schema",
                format!("{} {}", violation.pointer, violation.message),
            ))
        }
    }
}
