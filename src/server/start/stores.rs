use std::{num::NonZeroUsize, sync::Arc};

use super::StartError;
use crate::server::{
    config::{SessionSettings, StoreLocation},
    items::{ItemStore, memory::MemoryItems, redis::RedisItems, sqlite::SqliteItems},
    session::{
        Endings,
        server_key::ServerKey,
        store::{
            SessionStore,
            memory::MemoryStore,
            redis::{Link, RedisStore},
            sqlite::{Database, SqliteStore},
        },
    },
};

/// How many sessions the memory store holds: about 2 KiB each.
const MOST_IN_MEMORY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// How many bytes of items the memory store holds.
const MOST_ITEMS_IN_MEMORY: usize = 64 << 20;

/// What `session.store` names: where sessions and items are kept, under which key.
#[derive(Clone)]
pub(in crate::server) struct Stores {
    pub sessions: Arc<dyn SessionStore>,
    pub endings: Endings,
    pub items: Arc<dyn ItemStore>,
    pub key: ServerKey,
}

impl Stores {
    pub fn open(settings: &SessionSettings) -> Result<Self, StartError> {
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
        Ok(Self { endings: Endings::of(sessions.clone()), sessions, items, key })
    }

    /// The same stores for one API, under a key of its own: nothing that another API has kept opens here.
    pub fn of_api(&self, name: Option<&str>) -> Self {
        Self { key: self.key.of_api(name), ..self.clone() }
    }
}
