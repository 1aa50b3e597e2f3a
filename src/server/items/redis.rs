//! Items in Redis, beside the sessions and through the same connections. Redis forgets them by itself.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use data_encoding::HEXLOWER;
use redis::{Script, cmd};

use super::{Item, ItemId, ItemStore, Owner, Tally};
use crate::server::session::store::redis::{Call, Link, millis};
use crate::server::session::store::{Holder, StoreError};
use crate::server::session::timestamp::Timestamp;

/// The longest that Redis is told to keep anything. Its times must not overflow.
const LONGEST: Duration = Duration::from_hours(10 * 366 * 24);

macro_rules! script {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(concat!(include_str!("redis/prelude.lua"), include_str!($file))));
    };
}

script!(STORE, "redis/store.lua");
script!(TAKE, "redis/take.lua");
script!(LIST, "redis/list.lua");
script!(TRIM, "redis/trim.lua");
script!(INCREMENT, "redis/increment.lua");
script!(TAKE_BACK, "redis/take_back.lua");

/// Items and counts in Redis.
pub struct RedisItems {
    link: Arc<Link>,
}

impl RedisItems {
    /// The items at the other end of `link`.
    #[must_use]
    pub fn new(link: Arc<Link>) -> Self {
        Self { link }
    }

    async fn store(&self, way: &'static str, owner: Owner, item: Item) -> Result<bool, StoreError> {
        let Item { id, stored_at, expires_at, sealed } = item;
        let kept_for = expires_at.since(stored_at).clamp(Duration::from_millis(1), LONGEST);
        let call = Call::new(&STORE, &[&name(owner, id), &index(owner)])
            .arg(hex(id.as_bytes()))
            .arg(stored_at.as_millis())
            .arg(expires_at.as_millis())
            .arg(sealed)
            .arg(millis(kept_for))
            .arg(way)
            .arg(Holder::new().as_bytes().as_slice());
        self.link.write(&call).await
    }
}

#[async_trait]
impl ItemStore for RedisItems {
    async fn insert(&self, owner: Owner, item: Item) -> Result<bool, StoreError> {
        self.store("insert", owner, item).await
    }

    async fn put(&self, owner: Owner, item: Item) -> Result<(), StoreError> {
        self.store("put", owner, item).await.map(|_| ())
    }

    async fn get(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        let mut get = cmd("HMGET");
        get.arg(name(owner, id)).arg(&["stored", "expires", "sealed"]);
        let fields = match self.link.read(&get).await? {
            (Some(stored), Some(expires), Some(sealed)) => (stored, expires, sealed),
            (None::<u64>, None::<u64>, None::<Vec<u8>>) => return Ok(None),
            _ => return Err(unreadable()),
        };
        Ok(Some(item(id, fields)).filter(|item| now < item.expires_at))
    }

    async fn take(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        let call = Call::new(&TAKE, &[&name(owner, id), &index(owner)]);
        let call = call.arg(hex(id.as_bytes())).arg(now.as_millis());
        let fields: Option<(u64, u64, Vec<u8>)> = self.link.write_once(&call).await?;
        Ok(fields.map(|fields| item(id, fields)))
    }

    async fn list(&self, owner: Owner, limit: u32, now: Timestamp) -> Result<Vec<Item>, StoreError> {
        let call = Call::new(&LIST, &[&index(owner)]).arg(prefix(owner)).arg(limit).arg(now.as_millis());
        let found: Vec<(String, (u64, u64, Vec<u8>))> = self.link.look(&call).await?;
        found.into_iter().map(|(id, fields)| Ok(item(unhex(&id).ok_or_else(unreadable)?, fields))).collect()
    }

    async fn remove(&self, owner: Owner, id: ItemId) -> Result<(), StoreError> {
        let call = Call::new(&TAKE, &[&name(owner, id), &index(owner)]);
        self.link.write(&call.arg(hex(id.as_bytes())).arg(0)).await
    }

    async fn trim(&self, owner: Owner, keep: u32, now: Timestamp) -> Result<(), StoreError> {
        let call = Call::new(&TRIM, &[&index(owner)]);
        self.link.write(&call.arg(prefix(owner)).arg(keep).arg(now.as_millis())).await
    }

    async fn increment(&self, key: ItemId, window: Duration, now: Timestamp) -> Result<Tally, StoreError> {
        let kept_for = window.clamp(Duration::from_millis(1), LONGEST);
        let call = Call::new(&INCREMENT, &[&count(key)]);
        let call = call.arg(now.as_millis()).arg((now + window).as_millis()).arg(millis(kept_for));
        let (count, ends_at): (u64, u64) = self.link.write_once(&call).await?;
        Ok(Tally { count, ends_at: Timestamp::from_millis(ends_at) })
    }

    async fn take_back(&self, key: ItemId, now: Timestamp) -> Result<(), StoreError> {
        let call = Call::new(&TAKE_BACK, &[&count(key)]);
        self.link.write_once::<u8>(&call.arg(now.as_millis())).await.map(|_| ())
    }

    async fn reset(&self, key: ItemId) -> Result<(), StoreError> {
        self.link.read(cmd("DEL").arg(count(key))).await
    }

    async fn purge(&self, _now: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }
}

fn item(id: ItemId, (stored, expires, sealed): (u64, u64, Vec<u8>)) -> Item {
    let (stored_at, expires_at) = (Timestamp::from_millis(stored), Timestamp::from_millis(expires));
    Item { id, stored_at, expires_at, sealed }
}

fn prefix(owner: Owner) -> String {
    format!("{{vestibule}}:item:{}:", hex(owner.as_bytes()))
}

fn name(owner: Owner, id: ItemId) -> String {
    format!("{}{}", prefix(owner), hex(id.as_bytes()))
}

fn index(owner: Owner) -> String {
    format!("{{vestibule}}:items:{}", hex(owner.as_bytes()))
}

fn count(key: ItemId) -> String {
    format!("{{vestibule}}:count:{}", hex(key.as_bytes()))
}

/// Sorts as the bytes do, which base64 does not: Redis orders items of the same time by name.
fn hex(bytes: &[u8; 32]) -> String {
    HEXLOWER.encode(bytes)
}

fn unhex(text: &str) -> Option<ItemId> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(ItemId::from_bytes)
}

#[derive(Debug, thiserror::Error)]
#[error("an item is not what this program has written")]
struct Unreadable;

fn unreadable() -> StoreError {
    StoreError::Corrupt(Box::new(Unreadable))
}

#[cfg(test)]
mod tests {
    use super::super::conformance::{self, START, Shared, item, owner};
    use super::*;
    use crate::server::tests::redis_server::RedisServer;

    fn items(server: &RedisServer) -> RedisItems {
        RedisItems::new(Arc::new(Link::new(&server.location(), 0).unwrap()))
    }

    #[expect(clippy::unused_async, reason = "what the suite expects")]
    async fn open() -> (RedisServer, Shared) {
        let server = RedisServer::start();
        let items = items(&server);
        (server, Arc::new(items))
    }

    conformance::suite!(open);

    #[tokio::test]
    async fn redis_forgets_by_itself_and_the_index_follows() {
        let server = RedisServer::start();
        let items = items(&server);
        let brief = || Item { expires_at: START + Duration::from_millis(200), ..item() };
        for _ in 0..5 {
            items.put(owner("ann"), brief()).await.unwrap();
        }
        let later = || Item { stored_at: START + Duration::from_millis(1), ..item() };
        let kept = later();
        items.put(owner("ann"), kept.clone()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(items.list(owner("ann"), 10, START).await.unwrap(), std::slice::from_ref(&kept));
        items.put(owner("ann"), later()).await.unwrap();
        items.put(owner("ann"), later()).await.unwrap();
        assert_eq!(server.ask(&["ZCARD", &index(owner("ann"))]), "3");
        items.clear(owner("ann")).await.unwrap();
        assert_eq!(server.ask(&["--raw", "KEYS", "*"]), "");
    }

    #[tokio::test]
    async fn after_a_restart_the_first_write_succeeds() {
        let mut server = RedisServer::start();
        let items = items(&server);
        let kept = item();
        items.put(owner("ann"), kept.clone()).await.unwrap();
        server.kill();
        server.restart();
        assert_eq!(items.take(owner("ann"), kept.id, START).await.unwrap(), Some(kept.clone()));
        server.kill();
        server.restart();
        assert_eq!(items.increment(kept.id, Duration::from_secs(9), START).await.unwrap().count, 1);
    }
}
