//! What one request carries through every layer: who is asking, in which way, and what became of the session.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

use leptos::prelude::use_context;
use tokio::sync::OnceCell;

use super::{
    caller::Caller,
    console,
    document::Current,
    session::{Session, renewal::Renewal, token::UserKey},
    state::AppState,
    trace::Trace,
    upstream::{Call, Exchanged},
};
use crate::error::ServerFnError;

/// What is over by then needs nobody to watch its session.
const SHORT: Duration = Duration::from_millis(500);

/// The context of one request, shared by its middleware, its page and its server functions.
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

struct Inner {
    state: AppState,
    trace: Trace,
    caller: Caller,
    session: RwLock<Option<Arc<Session>>>,
    ended: OnceLock<Ended>,
    nonce: OnceLock<String>,
    document: OnceLock<Current>,
    memo: Mutex<HashMap<String, Arc<OnceCell<Exchanged>>>>,
}

/// The context of the request at hand, for a server function: only with a live session.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] without one.
pub fn authorised() -> Result<RequestContext, ServerFnError> {
    let context = use_context::<RequestContext>().filter(|context| context.session().is_some());
    context.ok_or(ServerFnError::Unauthorized)
}

/// The session of this request ended while it was being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Whether this request ended it. Then the browser still holds its cookie, and the answer clears it. Otherwise it
    /// may hold a newer session's cookie, which is none of this verdict's business.
    pub first: bool,
}

impl RequestContext {
    pub fn new(state: AppState, trace: Trace, caller: Caller, session: Option<Session>) -> Self {
        Self(Arc::new(Inner {
            state,
            trace,
            caller,
            session: RwLock::new(session.map(Arc::new)),
            ended: OnceLock::new(),
            nonce: OnceLock::new(),
            document: OnceLock::new(),
            memo: Mutex::default(),
        }))
    }

    pub fn state(&self) -> &AppState {
        &self.0.state
    }

    pub fn trace(&self) -> &Trace {
        &self.0.trace
    }

    pub fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// What people call the API.
    pub fn api_title(&self) -> String {
        console::title(self.state(), &self.document())
    }

    /// The API's document, as this person sees it.
    pub fn document(&self) -> Current {
        self.0.document.get().cloned().unwrap_or_else(|| self.0.state.document().get())
    }

    /// Notes the document that this person sees.
    pub fn set_document(&self, current: Current) {
        let _ = self.0.document.set(current);
    }

    /// The live session, loaded once for this request; none also when it ended meanwhile.
    pub fn session(&self) -> Option<Arc<Session>> {
        if self.ended().is_some() {
            return None;
        }
        self.0.session.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whose request this is, also when the session ended while it was being answered.
    pub fn user(&self) -> Option<UserKey> {
        let session = self.0.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().map(|session| session.user)
    }

    /// Goes on with fresh tokens.
    pub fn renew_session(&self, session: Arc<Session>) {
        *self.0.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
    }

    /// What the answer has to tell the browser, if the session ended during this request.
    pub fn ended(&self) -> Option<Ended> {
        self.0.ended.get().copied()
    }

    /// Tells of a call that was passed on as `span` of the trace, which has begun then and is over now.
    pub fn note_call(
        &self,
        span: &str,
        call: &Call,
        began: Instant,
        outcome: impl FnOnce() -> Result<u16, &'static str>,
    ) {
        let (trace, method) = (self.trace(), call.method.as_str());
        self.state().spans().note(|| trace.call(span, method, &call.path, outcome(), began.elapsed()));
    }

    /// Tells of a renewal that was waited for, which has begun then and is over now.
    pub fn note_renewal(&self, renewal: &Renewal, began: Instant) {
        self.state().spans().note(|| self.trace().renewal(renewal.outcome(), began.elapsed()));
    }

    /// Returns when the session of this request has ended, by whichever process: for what stays open.
    pub fn over(&self) -> impl Future<Output = ()> + Send + use<> {
        let (state, session) = (self.state().clone(), self.session());
        async move {
            tokio::time::sleep(SHORT).await;
            if let Some(session) = session {
                state.endings().over(session.key()).await;
            }
        }
    }

    /// Notes the verdict. The first word counts.
    pub fn end_session(&self, ended: Ended) {
        let _ = self.0.ended.set(ended);
    }

    /// The nonce of this page's Content-Security-Policy, once the page has one.
    pub fn nonce(&self) -> Option<&str> {
        self.0.nonce.get().map(String::as_str)
    }

    pub fn set_nonce(&self, nonce: String) {
        let _ = self.0.nonce.set(nonce);
    }

    /// The shared cell of identical calls within this request, so that they are made once.
    pub fn memo(&self, call: &Call) -> Option<Arc<OnceCell<Exchanged>>> {
        let key = call.memo_key()?;
        let mut memo = self.0.memo.lock().unwrap_or_else(PoisonError::into_inner);
        Some(memo.entry(key).or_default().clone())
    }
}
