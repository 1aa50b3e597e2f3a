//! The demo API: a small bookshop to stand behind Vestibule when no other API is configured.
//!
//! It runs in the same process but shares nothing with the rest of the server: it listens on a loopback port of
//! its own, and is talked to over real HTTP like any other upstream. Every answer is `{data, message}`, access
//! tokens are short-lived, refresh tokens rotate, and a set of endpoints misbehaves on purpose. All it holds is
//! in memory, and bounded.

mod account;
mod answer;
mod books;
mod catalogue;
mod cover;
mod document;
mod extract;
mod files;
mod orders;
mod paper;
mod people;
mod sales;
mod seed;
mod stock;
#[cfg(test)]
mod tests;
mod till;
mod tokens;
mod trouble;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::answer::Refusal;

/// Largest request body in bytes, but for uploads, which have a limit of their own.
const MAX_BODY: usize = 64 * 1024;

/// How long the tokens of the demo API are good for.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Lifetime of an access token; told to clients in whole seconds.
    pub access: Duration,
    /// Lifetime of a refresh token. Each use gives a new one, good for as long again.
    pub refresh: Duration,
}

impl Default for Lifetimes {
    /// Five minutes and a day.
    fn default() -> Self {
        Self { access: Duration::from_mins(5), refresh: Duration::from_hours(24) }
    }
}

/// A running demo API. It stops when this handle is dropped: the port closes, requests in flight are finished.
#[derive(Debug)]
pub struct DemoApi {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl DemoApi {
    /// Starts the demo API on `address`; port 0 takes any free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind(address: impl ToSocketAddrs, lifetimes: Lifetimes) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = axum::serve(listener, router(lifetimes)).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(async move {
            if let Err(error) = service.await {
                tracing::error!(%error, "the demo API has stopped");
            }
        });
        Ok(Self { address, stop, server })
    }

    /// Where the demo API answers: scheme and authority, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the demo API and waits for the requests in flight, which may take as long as the slowest of them.
    pub async fn stop(self) {
        drop(self.stop);
        if let Err(error) = self.server.await {
            tracing::error!(%error, "the demo API did not stop in good order");
        }
    }
}

/// Everything the shop holds.
struct Shop {
    tokens: Mutex<tokens::Tokens>,
    orders: Mutex<orders::Orders>,
    files: Mutex<files::Files>,
    trouble: trouble::Trouble,
}

impl Shop {
    fn open(lifetimes: Lifetimes) -> Arc<Self> {
        Arc::new(Self {
            tokens: Mutex::new(tokens::Tokens::new(lifetimes)),
            orders: Mutex::new(orders::Orders::seeded()),
            files: Mutex::default(),
            trouble: trouble::Trouble::default(),
        })
    }
}

/// Takes a lock even when a request panicked while it held it: each change is made in one step, so what the lock
/// guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(lifetimes: Lifetimes) -> Router {
    let shop = Shop::open(lifetimes);
    let (routes, api) = document::routes(&shop).split_for_parts();
    routes
        .merge(document::serve(api))
        .fallback(async || Refusal::NotFound("page"))
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(shop)
}
