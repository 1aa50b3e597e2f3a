//! Putting the application together, running it, and stopping it.

mod apis;
mod lingering;
mod site;
mod stalled;
mod stores;
mod tidy;
mod workers;

use std::{io, net::SocketAddr, path::Path, time::Duration};

use futures::future::join_all;
use leptos::{
    config::{errors::LeptosConfigError, get_config_from_str},
    prelude::{LeptosOptions, get_configuration},
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    },
};

use super::{
    assets::NotBuilt,
    cli::Loaded,
    config::{Settings, SettingsError},
    console,
    demo::{DemoApi, Lifetimes},
    document,
    router::router,
    session::{
        cookie::InvalidCookieName, seal::SealError, server_key::ServerKeyError, store::sqlite::OpenError,
    },
    sign_in::oidc::ProviderError,
    state::{Apis, AppState},
    upstream::TlsError,
};
use crate::paths;

pub(super) use stores::Stores;
#[cfg(test)]
pub(super) use tidy::see_to_ends;
use workers::Workers;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long a browser may send nothing of a body that it has begun.
const SILENCE: Duration = Duration::from_secs(30);

/// How long open answers may take to finish once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// How long tokens that are being refreshed may take to be saved, after that.
const SETTLE: Duration = Duration::from_secs(10);

/// How long the last spans may take to reach the collector.
const FLUSH: Duration = Duration::from_secs(2);

/// Why the server does not start, or stopped. `Display` is the sentence that the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("The table [package.metadata.leptos] of {0} cannot be used: {1}. Correct it, and keep it last.")]
    Leptos(String, String),
    #[error("The address {0} cannot be listened on. Stop what uses it, or set LEPTOS_SITE_ADDR to another.")]
    Listen(SocketAddr, #[source] io::Error),
    #[error(
        "The demo API cannot start. Set demo.listen to a free address, or upstream.base_url to your API."
    )]
    Demo(#[source] io::Error),
    #[error(
        "The session store cannot be opened. Set session.store to a file on a local disk that may be written."
    )]
    Store(#[from] OpenError),
    #[error("The keys of sessions cannot be made.")]
    Seal(#[from] SealError),
    #[error("The connection to Redis cannot be prepared. Check session.store.")]
    Redis(#[from] redis::RedisError),
    #[error("The server's key cannot be used. Set session.secret to 32 random bytes in base64.")]
    Key(#[from] ServerKeyError),
    #[error(
        "The setting logout.clear_cookies is wrong. Name cookies as they appear in a browser, without spaces."
    )]
    Cookie(#[from] InvalidCookieName),
    #[error("The name of an API cannot stand in a cookie's name.")]
    ApiCookie(#[from] http::header::InvalidHeaderValue),
    #[error("The TLS library cannot start. Install the system's certificates (Debian: ca-certificates).")]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    NotBuilt(#[from] NotBuilt),
    #[error("The server cannot serve.")]
    Serve(#[source] io::Error),
}

/// A server that listens but does not answer yet.
pub struct Application {
    listener: TcpListener,
    address: SocketAddr,
    apis: Apis,
    demo: Option<DemoApi>,
}

impl Application {
    /// Checks everything, opens the store, starts the demo API if no other is set, and listens.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn build(Loaded { file, settings }: Loaded) -> Result<Self, StartError> {
        let leptos_options = leptos_options(&file)?;
        let demo = start_demo(&settings).await?;
        let site_addr = leptos_options.site_addr;
        let listen = |error| StartError::Listen(site_addr, error);
        let socket = bind(site_addr).map_err(listen)?;
        let address = socket.local_addr().map_err(listen)?;
        let site = site::site(&settings, leptos_options, address)?;
        let apis = apis::apis(&settings, site, demo.as_ref())?;
        let listener = socket.listen(BACKLOG).map_err(listen)?;
        Ok(Self { listener, address, apis, demo })
    }

    /// Where it listens; with port 0, the port that it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The state of each API, for tests that look behind the scenes.
    pub fn apis(&self) -> &Apis {
        &self.apis
    }

    /// Answers until SIGTERM or Ctrl-C, and lets what is open finish.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub async fn run_until_stopped(self) -> Result<(), StartError> {
        self.announce();
        tokio::spawn(tidy::keep_tidy(self.apis.clone()));
        tokio::spawn(document::heed_hangups(self.apis.clone()));
        for api in self.apis.iter() {
            tokio::spawn(document::keep_reading(api.clone()));
        }
        let apis = self.apis.clone();
        let mut workers =
            Workers::start(self.listener, &router(&self.apis, SILENCE)).map_err(StartError::Serve)?;
        stop_signal().await;
        apis.default.endings().stop();
        let _ = tokio::time::timeout(DRAIN, workers.drain()).await;
        // A process that stops while it redeems a refresh token takes the new one with it.
        let settled = apis.iter().map(|api| api.renewals().settled());
        let _ = tokio::time::timeout(SETTLE, join_all(settled)).await;
        let _ = tokio::time::timeout(FLUSH, apis.default.spans().flush()).await;
        if let Some(demo) = self.demo {
            demo.stop().await;
        }
        Ok(())
    }

    fn announce(&self) {
        let origin = self.apis.default.origin().as_str();
        println!("Vestibule is ready at {origin}/");
        println!("In front of {}", what(&self.apis.default));
        for api in self.apis.others.iter() {
            println!("{origin}{} is in front of {}", paths::HOME.on(api.mount()), what(api));
        }
    }
}

fn what(api: &AppState) -> String {
    let base = console::base_url(api);
    if api.is_demo() { format!("the demo API at {base}. Sign in with demo / demo.") } else { base }
}

/// What the file says to Leptos; a file that says nothing to it leaves that to the one that comes with the program.
/// `LEPTOS_*` of the environment wins over both.
fn leptos_options(file: &Path) -> Result<LeptosOptions, StartError> {
    let name = file.display().to_string();
    let options = match get_configuration(Some(&name)) {
        Err(LeptosConfigError::ConfigSectionNotFound) => {
            get_config_from_str(include_str!("../../Leptos.toml"))
        }
        read => read.map(|configuration| configuration.leptos_options),
    };
    options.map_err(|error| StartError::Leptos(name, error.to_string()))
}

/// Takes the address without listening yet: nobody is let in before everything has been checked.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As `TcpListener::bind` does: a server that is started again need not wait for the connections of the last one.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn start_demo(settings: &Settings) -> Result<Option<DemoApi>, StartError> {
    if !settings.has_demo() {
        return Ok(None);
    }
    let lifetimes = Lifetimes { access: settings.demo.access_token_lifetime, ..Lifetimes::default() };
    DemoApi::bind(settings.demo.listen, lifetimes).await.map(Some).map_err(StartError::Demo)
}

async fn stop_signal() {
    let interrupt = ctrl_c();
    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    } else {
        let _ = interrupt.await;
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpStream, sync::Arc};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::timeout,
    };

    use super::*;
    use crate::server::tests::app::App;

    /// A connection on which the head of a request has been sent, and nothing of its body.
    async fn silent(address: SocketAddr, path: &str, cookie: &str) -> tokio::net::TcpStream {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\nx-csrf: 1\r\n\
             cookie: vestibule={cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: 100\r\n\r\n"
        );
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    #[tokio::test]
    async fn whoever_sends_nothing_more_is_answered_and_let_go() {
        const SILENCE: Duration = Duration::from_millis(300);
        let app = App::start().await;
        let cookie = app.signed_in().await.cookie.unwrap();
        let apis = Apis { default: app.state.clone(), others: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let _workers = Workers::start(listener, &router(&apis, SILENCE)).unwrap();

        let mut passed_on = silent(address, "/api/upstream/items", &cookie).await;
        let paths = ["/login", "/account", "/operations/createItem", "/api/check_session"];
        let answers = paths.map(async |path| {
            let (mut stream, mut answer) = (silent(address, path, &cookie).await, String::new());
            let read = timeout(Duration::from_secs(30), stream.read_to_string(&mut answer)).await;
            read.expect(path).unwrap();
            assert!(answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
        });
        join_all(answers).await;
        let told = timeout(Duration::from_millis(10), passed_on.read_u8()).await;
        assert!(told.is_err(), "the proxy has a time of its own");
    }

    #[tokio::test]
    async fn nobody_is_let_in_before_it_listens() {
        let socket = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = socket.local_addr().unwrap();
        assert!(TcpStream::connect(address).is_err());
        let _listener = socket.listen(BACKLOG).unwrap();
        assert!(TcpStream::connect(address).is_ok());
        let taken = bind(address).and_then(|socket| socket.listen(BACKLOG));
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }

    #[test]
    fn a_file_that_says_nothing_to_leptos_will_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[upstream]\nsession_end = [{status = 403}]\n").unwrap();
        let options = leptos_options(file.path()).unwrap();
        assert_eq!((&*options.output_name, &*options.site_root), ("vestibule", "target/site"));
        assert!(options.hash_files);
    }
}
