//! How a connection is made: to one server, to the master that the sentinels name, or to a cluster.

use futures::FutureExt;
use futures::future::select_ok;
use redis::aio::{ConnectionLike, MultiplexedConnection, PubSub};
use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, Pipeline,
    RedisConnectionInfo, RedisFuture, RedisResult, TlsMode, Value,
};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use super::link::{ANSWER, CONNECT};
use crate::server::config::{RedisLocation, Topology};

/// Where connections come from.
pub enum Origin {
    Single(Box<Client>),
    /// Each sentinel by itself, so that all can be asked at once.
    Sentinels(Vec<Mutex<SentinelClient>>),
    /// The cluster, and its known nodes, any of which passes on what is published.
    Cluster(Box<ClusterClient>, Vec<Client>),
}

/// A connection for many requests at once. Cheap to clone.
#[derive(Clone)]
pub enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Origin {
    /// Connects to nobody yet.
    pub fn new(location: &RedisLocation) -> RedisResult<Self> {
        let nodes = location.hosts.iter().map(|(name, port)| info(location, name, *port));
        let nodes = nodes.collect::<RedisResult<Vec<_>>>()?;
        let clients = || nodes.iter().cloned().map(Client::open).collect::<RedisResult<Vec<_>>>();
        match &location.topology {
            Topology::Single => {
                let first = clients()?.into_iter().next();
                first
                    .map(|client| Self::Single(Box::new(client)))
                    .ok_or_else(|| (redis::ErrorKind::InvalidClientConfig, "no host").into())
            }
            Topology::Sentinel { master } => {
                let each = location.hosts.iter().map(|host| sentinel(location, host, master).map(Mutex::new));
                each.collect::<RedisResult<_>>().map(Self::Sentinels)
            }
            Topology::Cluster => Ok(Self::Cluster(Box::new(cluster(nodes.clone())?), clients()?)),
        }
    }

    pub async fn connect(&self) -> RedisResult<Connection> {
        match self {
            Self::Single(client) => one(client).await,
            Self::Sentinels(sentinels) => one(&master(sentinels).await?).await,
            Self::Cluster(cluster, _) => cluster.get_async_connection().await.map(Connection::Cluster),
        }
    }

    /// A connection that hears what is published.
    pub async fn listen(&self) -> RedisResult<PubSub> {
        match self {
            Self::Single(client) => client.get_async_pubsub().await,
            Self::Sentinels(sentinels) => master(sentinels).await?.get_async_pubsub().await,
            Self::Cluster(_, nodes) => {
                let attempts = nodes.iter().map(|node| Box::pin(node.get_async_pubsub()));
                select_ok(attempts).await.map(|(connection, _)| connection)
            }
        }
    }
}

/// The master, as the first sentinel says that knows one: those that do not answer keep nobody waiting.
async fn master(sentinels: &[Mutex<SentinelClient>]) -> RedisResult<Client> {
    let answers =
        sentinels.iter().map(|sentinel| async { sentinel.lock().await.async_get_client().await }.boxed());
    select_ok(answers).await.map(|(client, _)| client)
}

async fn one(client: &Client) -> RedisResult<Connection> {
    let limits =
        AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(ANSWER));
    client.get_multiplexed_async_connection_with_config(&limits).await.map(Connection::One)
}

/// Small requests that do not wait for company.
fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

fn address(tls: bool, name: &str, port: u16) -> ConnectionAddr {
    let host = name.to_owned();
    if tls {
        return ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None };
    }
    ConnectionAddr::Tcp(host, port)
}

fn info(location: &RedisLocation, name: &str, port: u16) -> RedisResult<ConnectionInfo> {
    let mut account = RedisConnectionInfo::default().set_db(location.database);
    if let Some(username) = &location.username {
        account = account.set_username(username);
    }
    if let Some(password) = &location.password {
        account = account.set_password(password.expose_secret());
    }
    let info = address(location.tls, name, port).into_connection_info()?;
    Ok(info.set_redis_settings(account).set_tcp_settings(tcp()))
}

fn sentinel(
    location: &RedisLocation,
    (name, port): &(String, u16),
    master: &str,
) -> RedisResult<SentinelClient> {
    let access = &location.sentinels;
    let sentinel = [address(access.tls, name, *port)];
    let mut builder = SentinelClientBuilder::new(sentinel, master, SentinelServerType::Master)?
        .set_client_to_redis_db(location.database)
        .set_client_to_redis_tcp_settings(tcp());
    if location.tls {
        builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    }
    if access.tls {
        builder = builder.set_client_to_sentinel_tls_mode(TlsMode::Secure);
    }
    if let Some(username) = &access.username {
        builder = builder.set_client_to_sentinel_username(username);
    }
    if let Some(password) = &access.password {
        builder = builder.set_client_to_sentinel_password(password.expose_secret());
    }
    if let Some(username) = &location.username {
        builder = builder.set_client_to_redis_username(username);
    }
    if let Some(password) = &location.password {
        builder = builder.set_client_to_redis_password(password.expose_secret());
    }
    builder.build()
}

fn cluster(nodes: Vec<ConnectionInfo>) -> RedisResult<ClusterClient> {
    ClusterClientBuilder::new(nodes)
        .connection_timeout(CONNECT)
        .response_timeout(ANSWER)
        .tcp_settings(tcp())
        .build()
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(connection) => connection.req_packed_command(command),
            Self::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}
