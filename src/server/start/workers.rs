//! The threads that talk to browsers.
//!
//! Each has a runtime and connections of its own, so that a request that is only passed on stays on one thread from the
//! first byte to the last: changing threads would cost more than all the rest. What takes longer, such as a page, goes to
//! the runtime that all share ([`rendering`](crate::server::middleware::rendering)), and keeps no connection waiting.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, thread, time::Duration};

use axum::{BoxError, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{
    body::Incoming,
    server::conn::http1::{self, UpgradeableConnection},
    service::HttpService,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::{mpsc, watch},
};
use tower::ServiceExt;

use super::{lingering, stalled::WriteTimeout};
use crate::server::router::Layered;

/// How long a browser may take to send the head of a request, and a connection may stay without one. Longer than the
/// proxies that stand in front of servers keep theirs, so that it is not they who find a connection closed.
const HEAD: Duration = Duration::from_secs(75);

/// How often a thread wakes up by itself. tokio interrupts a thread with a system call for
/// each deadline that comes before all others: one that always comes first saves that for every call of the upstream.
const BEAT: Duration = Duration::from_millis(100);

/// How long is waited when the system has no more sockets to give.
const EXHAUSTED: Duration = Duration::from_secs(1);

/// How far a server has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    /// No more connections are taken, and what is open is finished.
    Draining,
}

/// The running threads. Dropped, they end, whatever is open.
pub struct Workers {
    phase: watch::Sender<Phase>,
    /// Closed with the last connection, once no more are taken.
    open: mpsc::Receiver<()>,
}

impl Workers {
    /// Serves what arrives at `listener`, with a thread for each core.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(listener: TcpListener, site: &impl Layered) -> io::Result<Self> {
        let (phase, watched) = watch::channel(Phase::Serving);
        let (held, open) = mpsc::channel(1);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers = (0..cores).map(|number| start(number, site.clone(), watched.clone()));
        let workers = workers.collect::<io::Result<Vec<_>>>()?;
        tokio::spawn(take(listener, workers, watched, held));
        Ok(Self { phase, open })
    }

    /// Takes no more connections, and returns when what is open has been finished. What is left behind on the threads'
    /// runtimes goes on until this is dropped.
    pub async fn drain(&mut self) {
        self.phase.send_replace(Phase::Draining);
        let _ = self.open.recv().await;
    }
}

/// One thread, as it is seen from where connections are taken.
struct Worker {
    connections: mpsc::UnboundedSender<Connection>,
    /// Held by each of its open connections.
    load: Arc<()>,
}

/// A connection on its way to a thread, with what it holds for as long as it is open.
struct Connection {
    stream: std::net::TcpStream,
    peer: SocketAddr,
    load: Arc<()>,
    held: mpsc::Sender<()>,
}

/// Takes connections until no more are to be taken. Each goes to the thread that has the fewest.
async fn take(
    listener: TcpListener,
    workers: Vec<Worker>,
    mut phase: watch::Receiver<Phase>,
    held: mpsc::Sender<()>,
) {
    while let Some((stream, peer)) = next(&listener, &mut phase).await {
        let Some(worker) = workers.iter().min_by_key(|worker| Arc::strong_count(&worker.load)) else {
            return;
        };
        let (load, held) = (worker.load.clone(), held.clone());
        let _ = worker.connections.send(Connection { stream, peer, load, held });
    }
}

fn start(number: usize, site: impl Layered, phase: watch::Receiver<Phase>) -> io::Result<Worker> {
    let (connections, arriving) = mpsc::unbounded_channel();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let serve = move || runtime.block_on(serve(arriving, site, phase));
    thread::Builder::new().name(format!("worker-{number}")).spawn(serve)?;
    Ok(Worker { connections, load: Arc::default() })
}

/// Serves the connections of one thread, until the server is over.
async fn serve(
    mut arriving: mpsc::UnboundedReceiver<Connection>,
    site: impl Layered,
    mut phase: watch::Receiver<Phase>,
) {
    tokio::spawn(beat());
    let of_connections = phase.clone();
    tokio::spawn(async move {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD);
        while let Some(Connection { stream, peer, load, held }) = arriving.recv().await {
            let Ok(stream) = TcpStream::from_std(stream) else { continue };
            let stream = TokioIo::new(WriteTimeout::new(stream));
            let connection = http.serve_connection(stream, service(site.clone(), peer));
            tokio::spawn(finish(connection.with_upgrades(), of_connections.clone(), (load, held)));
        }
    });
    while phase.changed().await.is_ok() {}
}

async fn beat() {
    loop {
        tokio::time::sleep(BEAT).await;
    }
}

/// The next connection; none once no more are taken.
async fn next(
    listener: &TcpListener,
    phase: &mut watch::Receiver<Phase>,
) -> Option<(std::net::TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = draining(phase) => return None,
        };
        match accepted.and_then(|(stream, peer)| Ok((prepared(stream)?, peer))) {
            Ok(connection) => return Some(connection),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection cannot be taken");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
}

/// A connection that can change threads, and sends at once what it is given: otherwise the last part of an answer would
/// wait until the browser has acknowledged the one before, up to 40 ms.
fn prepared(stream: TcpStream) -> io::Result<std::net::TcpStream> {
    stream.set_nodelay(true)?;
    stream.into_std()
}

/// Returns when no more connections are taken.
async fn draining(phase: &mut watch::Receiver<Phase>) {
    let _ = phase.wait_for(|phase| *phase == Phase::Draining).await;
}

/// Whether it says nothing about the next connection.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput, NotConnected};
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset | InvalidInput | NotConnected
    )
}

/// What answers the requests of one connection.
fn service(
    site: impl Layered,
    peer: SocketAddr,
) -> impl HttpService<Incoming, ResBody = Body, Error: Into<BoxError>, Future: Send> {
    TowerToHyperService::new(site.map_request(move |request: Request<Incoming>| {
        let mut request = lingering::request(request);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }))
}

/// Serves a connection to its end, which comes with the answer at hand when no more are taken.
async fn finish<S>(
    connection: UpgradeableConnection<TokioIo<WriteTimeout<TcpStream>>, S>,
    mut phase: watch::Receiver<Phase>,
    _open: (Arc<()>, mpsc::Sender<()>),
) where
    S: HttpService<Incoming, ResBody = Body, Error: Into<BoxError>>,
{
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = draining(&mut phase) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}
