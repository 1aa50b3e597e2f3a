//! Putting the application together, running it, and stopping it.

use std::{
    io,
    net::SocketAddr,
    num::NonZeroUsize,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use leptos::prelude::{LeptosOptions, get_configuration};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use url::Url;

use super::{
    assets::{Assets, NotBuilt},
    cli::Loaded,
    config::{SessionSettings, Settings, SettingsError, StoreLocation, is_loopback},
    demo::{DemoApi, Lifetimes},
    document::{self, Documents},
    drafts::Drafts,
    history::History,
    items::{ItemStore, memory::MemoryItems, redis::RedisItems, sqlite::SqliteItems},
    logout::Brake,
    origin::PublicOrigin,
    router::router,
    session::{
        Sessions,
        cookie::{ForeignCookies, InvalidCookieName, SessionCookie},
        renewal::Renewals,
        seal::SealError,
        server_key::{ServerKey, ServerKeyError},
        store::{
            SessionStore,
            memory::MemoryStore,
            redis::{Link, RedisStore},
            sqlite::{Database, OpenError, SqliteStore},
        },
        timestamp::Timestamp,
    },
    sign_in::PasswordSignIn,
    state::{AppState, Parts},
    upstream::Client,
};
use crate::paths::Mount;

/// How often dead records are removed and measurements summed up.
const PURGE: Duration = Duration::from_mins(1);

/// How many sessions the memory store holds: about 2 KiB each.
const MOST_IN_MEMORY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// How many bytes of items the memory store holds.
const MOST_ITEMS_IN_MEMORY: usize = 64 << 20;

/// How long open answers may take to finish once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// How long tokens that are being refreshed may take to be saved, after that.
const SETTLE: Duration = Duration::from_secs(10);

/// Why the server does not start, or stopped. `Display` is the sentence that the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("Use: vestibule [--config FILE]")]
    Usage,
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
    #[error("The TLS library cannot start.")]
    Tls(#[from] reqwest::Error),
    #[error(transparent)]
    NotBuilt(#[from] NotBuilt),
    #[error("The server stopped.")]
    Serve(#[source] io::Error),
}

/// A server that listens but does not answer yet.
pub struct Application {
    listener: TcpListener,
    address: SocketAddr,
    state: AppState,
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
        let listener =
            TcpListener::bind(site_addr).await.map_err(|error| StartError::Listen(site_addr, error))?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(site_addr, error))?;
        let state = state(settings, leptos_options, address, demo.as_ref())?;
        Ok(Self { listener, address, state, demo })
    }

    /// Where it listens; with port 0, the port that it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The shared state, for tests that look behind the scenes.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Answers until SIGTERM or Ctrl-C, and lets what is open finish.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run_until_stopped(self) -> Result<(), StartError> {
        self.announce();
        let state = self.state.clone();
        let stopped = Arc::new(tokio::sync::Notify::new());
        tokio::spawn(tidy(state.clone()));
        tokio::spawn(document::keep_reading(state.clone()));
        let renewals = state.clone();
        let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = stopped.clone();
        let server = axum::serve(self.listener, service).with_graceful_shutdown(async move {
            stop_signal().await;
            stopping.notify_one();
        });
        let patience = async {
            stopped.notified().await;
            tokio::time::sleep(DRAIN).await;
        };
        let result = tokio::select! {
            result = server.into_future() => result,
            () = patience => Ok(()),
        };
        // A process that stops while it redeems a refresh token takes the new one with it.
        let _ = tokio::time::timeout(SETTLE, renewals.renewals().settled()).await;
        if let Some(demo) = self.demo {
            demo.stop().await;
        }
        result.map_err(StartError::Serve)
    }

    fn announce(&self) {
        println!("Vestibule is ready at {}/", self.state.origin().as_str());
        match &self.demo {
            Some(demo) => {
                println!("In front of the demo API at {}. Sign in with demo / demo.", demo.base_url());
            }
            None => println!("In front of {}", self.state.client().base()),
        }
    }
}

fn leptos_options(file: &Path) -> Result<LeptosOptions, StartError> {
    let name = file.display().to_string();
    match get_configuration(Some(&name)) {
        Ok(configuration) => Ok(configuration.leptos_options),
        Err(error) => Err(StartError::Leptos(name, error.to_string())),
    }
}

async fn start_demo(settings: &Settings) -> Result<Option<DemoApi>, StartError> {
    if settings.upstream.base_url.is_some() {
        return Ok(None);
    }
    let lifetimes = Lifetimes { access: settings.demo.access_token_lifetime, ..Lifetimes::default() };
    DemoApi::bind(settings.demo.listen, lifetimes).await.map(Some).map_err(StartError::Demo)
}

fn state(
    settings: Settings,
    leptos_options: LeptosOptions,
    address: SocketAddr,
    demo: Option<&DemoApi>,
) -> Result<AppState, StartError> {
    let origin = origin(&settings, address)?;
    let base = match (demo.map(DemoApi::base_url), &settings.upstream.base_url) {
        (None, Some(url)) => url.clone(),
        (demo, _) => own_url(&demo.unwrap_or_default())?,
    };
    let client = Client::new(base, settings.upstream.clone())?;
    let sign_in = PasswordSignIn::new(
        client.clone(),
        settings.sign_in.password.clone(),
        settings.upstream.session_end.clone(),
    );
    let stores = Stores::open(&settings.session)?;
    let sessions = sessions(&settings, &origin, &stores)?;
    let foreign_cookies = ForeignCookies::new(&settings.logout.clear_cookies, !origin.is_local())?;
    Ok(AppState::new(Parts {
        mount: Mount::default(),
        assets: Assets::find(&leptos_options)?,
        brake: Brake::new(settings.logout.brake),
        document: Documents::new(&settings.upstream, client.base()),
        metrics: recorder(),
        demo: demo.is_some(),
        history: History::new(settings.history, &stores.items, &stores.key)?,
        drafts: Drafts::new(&stores.items, &stores.key)?,
        renewals: Renewals::default(),
        settings,
        leptos_options,
        origin,
        client,
        sessions,
        items: stores.items,
        sign_in,
        foreign_cookies,
    }))
}

/// The recorder of this process. There is one, as the metrics' macros know no other.
fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is installed: /metrics stays empty");
        }
        handle
    };
    HANDLE.get_or_init(install).clone()
}

fn origin(settings: &Settings, address: SocketAddr) -> Result<PublicOrigin, StartError> {
    if let Some(url) = &settings.server.public_url {
        return Ok(PublicOrigin::new(url.clone()));
    }
    let url = own_url(&format!("http://{address}"))?;
    if is_loopback(&url) {
        return Ok(PublicOrigin::new(url));
    }
    Err(SettingsError::key(
        "server.public_url",
        "it is not set, and the site address is open to the network",
        "Set it to the address that people type, like https://console.example.org.",
    )
    .into())
}

fn own_url(text: &str) -> Result<Url, StartError> {
    Url::parse(text).map_err(|error| StartError::Leptos("the site address".into(), error.to_string()))
}

/// What `session.store` names: where sessions and items are kept, under which key.
struct Stores {
    sessions: Arc<dyn SessionStore>,
    items: Arc<dyn ItemStore>,
    key: ServerKey,
}

impl Stores {
    fn open(settings: &SessionSettings) -> Result<Self, StartError> {
        let (sessions, items, key): (Arc<dyn SessionStore>, Arc<dyn ItemStore>, _) = match &settings.store {
            StoreLocation::Memory => {
                let items = MemoryItems::new(MOST_ITEMS_IN_MEMORY);
                (Arc::new(MemoryStore::new(MOST_IN_MEMORY)), Arc::new(items), None)
            }
            StoreLocation::Sqlite(path) => {
                let database = Arc::new(Database::open(path)?);
                let items = SqliteItems::new(database.clone());
                (Arc::new(SqliteStore::new(database)), Arc::new(items), Some(path.with_extension("key")))
            }
            StoreLocation::Redis(location) => {
                let link = Arc::new(Link::new(location, settings.replicas)?);
                (Arc::new(RedisStore::new(link.clone())), Arc::new(RedisItems::new(link)), None)
            }
        };
        let key = match (&settings.secret, key) {
            (Some(secret), _) => ServerKey::parse(secret)?,
            (None, Some(file)) => ServerKey::load_or_create(&file)?,
            (None, None) => ServerKey::generate()?,
        };
        Ok(Self { sessions, items, key })
    }
}

fn sessions(settings: &Settings, origin: &PublicOrigin, stores: &Stores) -> Result<Sessions, SealError> {
    let session = &settings.session;
    let cookie = SessionCookie::new(!origin.is_local(), session.absolute_timeout);
    let (store, key) = (stores.sessions.clone(), stores.key.clone());
    Sessions::new(store, key, cookie, session.idle_timeout, session.absolute_timeout)
}

async fn tidy(state: AppState) {
    loop {
        tokio::time::sleep(PURGE).await;
        state.metrics().run_upkeep();
        let now = Timestamp::now();
        if let Err(error) = state.sessions().store().purge(now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "dead sessions cannot be removed");
        }
        if let Err(error) = state.items().purge(now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "expired items cannot be removed");
        }
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
