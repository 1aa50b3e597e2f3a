use std::net::TcpListener;
use std::time::Instant;

use futures::StreamExt;

use super::super::Leases;
use super::super::conformance::{self, Shared, record_of, user};
use super::*;
use crate::server::config::RedisLocation;
use crate::server::tests::redis_server::{RedisServer, free_port, location};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn store(server: &RedisServer) -> RedisStore {
    store_at(&server.location(), 0)
}

fn store_at(location: &RedisLocation, replicas: u32) -> RedisStore {
    RedisStore::new(Arc::new(Link::new(location, replicas).unwrap()))
}

#[expect(clippy::unused_async, reason = "what the suite expects")]
async fn open() -> (RedisServer, Shared) {
    let server = RedisServer::start();
    let store = Arc::new(store(&server));
    (server, store)
}

conformance::suite!(open, expiring by itself);

#[tokio::test]
async fn redis_forgets_by_itself() {
    let server = RedisServer::start();
    let store = store(&server);
    let record = NewRecord { expires_at: NOW + Duration::from_millis(300), ..record_of(user("ann")) };
    store.create(record.clone()).await.unwrap();
    let ended = NewRecord { expires_at: NOW + Duration::from_millis(300), ..record_of(user("ann")) };
    store.create(ended.clone()).await.unwrap();
    store.end(ended.key, Reason::SignedOut, NOW).await.unwrap();
    for key in [rows::session(record.key), rows::session(ended.key), rows::user(record.user)] {
        let left: u64 = server.ask(&["PTTL", &key]).parse().unwrap();
        assert!((1..=rows::millis(AFTERWARDS) + 300).contains(&left), "{key}: {left}");
    }
    assert_eq!(store.load(record.key, record.expires_at).await.unwrap(), Found::Missing);
    store.purge(NOW + Duration::from_hours(24)).await.unwrap();
    let left = server.ask(&["--raw", "KEYS", "*"]);
    assert_eq!(left, rows::session(ended.key), "nothing else is left, and it goes by itself");
}

#[tokio::test]
async fn deadlines_are_told_once_and_not_by_a_clock_that_is_ahead() {
    let server = RedisServer::start();
    let (store, other) = (store(&server), store(&server));
    let now = Timestamp::now();
    let soon = |idle_timeout, lives: Duration| {
        let record = record_of(user("ann"));
        NewRecord { created_at: now, idle_timeout, expires_at: now + lives, ..record }
    };
    let minute = Duration::from_mins(1);
    let idle = soon(minute, Duration::from_hours(9));
    store.create(idle.clone()).await.unwrap();
    let short = soon(minute * 9, Duration::from_millis(200));
    store.create(short.clone()).await.unwrap();
    let forgotten = soon(minute * 9, Duration::from_millis(200));
    store.create(forgotten.clone()).await.unwrap();
    server.ask(&["DEL", &rows::session(forgotten.key)]);
    let signed_out = soon(minute, Duration::from_hours(9));
    store.create(signed_out.clone()).await.unwrap();
    store.end(signed_out.key, Reason::SignedOut, now).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(store.purge(now + minute * 5).await.unwrap(), Purged::default(), "others' clocks are behind");
    let scanned = store.scan(None, now).await.unwrap();
    assert!(scanned.records.iter().any(|record| record.key == idle.key), "by which it lives");
    let later = now + Duration::from_mins(30);
    let both = tokio::join!(store.purge(later), other.purge(later));
    let mut told = [both.0.unwrap().passed, both.1.unwrap().passed].concat();
    told.sort_by_key(|passed| (passed.reason.as_str(), passed.user));
    let passed = |record: &NewRecord, user, about: &[u8], reason| Passed {
        key: record.key,
        user,
        reason,
        about: about.to_vec(),
    };
    let ann = Some(user("ann"));
    let expected = [
        passed(&forgotten, None, b"", Reason::AbsoluteTimeout),
        passed(&short, ann, &short.about, Reason::AbsoluteTimeout),
        passed(&idle, ann, &idle.about, Reason::IdleTimeout),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.purge(later).await.unwrap(), Purged::default());
}

#[tokio::test]
async fn a_tombstone_has_no_data_and_every_key_one_slot() {
    let server = RedisServer::start();
    let store = store(&server);
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    store.acquire(record.key, Holder::new(), Duration::from_secs(9)).await.unwrap();
    for key in server.ask(&["--raw", "KEYS", "*"]).lines() {
        assert!(key.starts_with("{vestibule}:"), "{key}");
    }
    store.end(record.key, Reason::SignedOut, NOW).await.unwrap();
    let fields = server.ask(&["--raw", "HKEYS", &rows::session(record.key)]);
    assert!(fields.contains("reason") && !fields.contains("sealed") && !fields.contains("about"), "{fields}");
}

#[tokio::test]
async fn what_was_answered_survives_kill_9() {
    let mut server = RedisServer::start();
    let store = store(&server);
    let mut told = Vec::new();
    for number in 0..200 {
        let record = record_of(user("ann"));
        store.create(record.clone()).await.unwrap();
        if number % 2 == 0 {
            store.end(record.key, Reason::SignedOut, NOW).await.unwrap();
        }
        told.push((record.key, number % 2 == 1));
    }
    server.kill();
    assert!(matches!(store.load(told[0].0, NOW).await, Err(StoreError::Unavailable(_))));
    server.restart();
    tokio::time::sleep(Duration::from_millis(300)).await;
    for (key, is_live) in told {
        assert_eq!(matches!(store.load(key, NOW).await.unwrap(), Found::Live(_)), is_live);
    }
}

#[tokio::test]
async fn after_a_restart_the_first_write_succeeds() {
    let mut server = RedisServer::start();
    let store = store(&server);
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    server.kill();
    server.restart();
    assert_eq!(store.update(record.key, 1, vec![1], NOW).await.unwrap(), Updated::Done(2));
    server.kill();
    server.restart();
    assert_eq!(store.end(record.key, Reason::SignedOut, NOW).await.unwrap(), Ending::First);
}

#[tokio::test]
async fn a_server_that_stands_still_is_an_error_in_time() {
    let server = RedisServer::start();
    let store = store(&server);
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    server.signal("-STOP");
    let began = Instant::now();
    let calls = (0..20).map(|_| store.load(record.key, NOW));
    for answer in futures::future::join_all(calls).await {
        assert!(matches!(answer, Err(StoreError::Unavailable(_))));
    }
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    server.signal("-CONT");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(matches!(store.load(record.key, NOW).await.unwrap(), Found::Live(_)));
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_listener_comes_back_after_a_restart_and_says_so() {
    let mut server = RedisServer::start();
    let store = store(&server);
    let mut ended = store.ended();
    assert_eq!(ended.next().await, Some(Notice::Listening));
    server.kill();
    server.restart();
    assert_eq!(ended.next().await, Some(Notice::Listening));
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    store.end(record.key, Reason::Revoked, NOW).await.unwrap();
    assert_eq!(ended.next().await, Some(Notice::Ended(record.key)));
}

#[tokio::test]
async fn a_write_counts_once_enough_replicas_have_it() {
    let master = RedisServer::start();
    master.ask(&["CONFIG", "SET", "repl-diskless-sync-delay", "0"]);
    let of_master = ["--replicaof", "127.0.0.1", &master.port.to_string()];
    let replica = RedisServer::start_with(&of_master);
    while !master.ask(&["INFO", "replication"]).contains("state=online") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let store = store_at(&master.location(), 1);
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    store.end(record.key, Reason::SignedOut, NOW).await.unwrap();
    let copy = store_at(&replica.location(), 0);
    assert!(matches!(copy.load(record.key, NOW).await.unwrap(), Found::Ended(_)));
    drop(replica);
    let refused = store.create(record_of(user("ann"))).await.unwrap_err();
    assert!(refused.to_string().contains("0 of 1 replicas"), "{refused}");
    let other = store_at(&master.location(), 0);
    let record = record_of(user("ann"));
    other.create(record.clone()).await.unwrap();
    for ended in [&[record.key][..], &[]] {
        let untold = store.end(record.key, Reason::SignedOut, NOW).await.unwrap_err();
        assert!(untold.to_string().contains("0 of 1 replicas"), "the second time as the first: {untold}");
        assert_eq!(untold.ended(), ended, "it has ended once");
        let untold = store.end_user(user("ann"), None, Reason::SignedOut, NOW).await.unwrap_err();
        assert!(untold.to_string().contains("0 of 1 replicas"), "nor of all of them: {untold}");
    }
    let unready = store.ping().await.unwrap_err();
    assert!(unready.to_string().contains("0 of 1 replicas"), "no sign-in would be told: {unready}");
}

#[tokio::test]
async fn sentinels_that_do_not_answer_keep_nobody_waiting() {
    let master = RedisServer::start();
    let sentinel = master.watched();
    // Each takes connections, and says nothing.
    let silent = [(); 4].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let silent = silent.iter().map(|listener| listener.local_addr().unwrap().port());
    let hosts = silent.chain([sentinel.port]).map(|port| format!("127.0.0.1:{port}"));
    let hosts = hosts.collect::<Vec<_>>().join(",");
    let store = store_at(&location(&format!("redis+sentinel://{hosts}/sessions")), 0);
    let began = Instant::now();
    let mut ended = store.ended();
    let (created, listening) = tokio::join!(store.create(record_of(user("ann"))), ended.next());
    created.unwrap();
    assert_eq!(listening, Some(Notice::Listening));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_account_with_few_rights_is_enough() {
    let rights = "user vestibule on >word ~{vestibule}:* &{vestibule}:* -@all +@read +@write +@connection +evalsha \
                  +script|load +publish +subscribe +wait";
    let server = RedisServer::start();
    server.ask(&[&["ACL", "SETUSER"], &rights.split(' ').skip(1).collect::<Vec<_>>()[..]].concat());
    server.ask(&["ACL", "SETUSER", "default", "off"]);
    let at = |account: &str| location(&format!("redis://{account}@127.0.0.1:{}", server.port));
    let store = store_at(&at("vestibule:word"), 0);
    let record = record_of(user("ann"));
    let mut ended = store.ended();
    assert_eq!(ended.next().await, Some(Notice::Listening));
    store.create(record.clone()).await.unwrap();
    store.ping().await.unwrap();
    assert_eq!(store.list_by_user(user("ann"), NOW).await.unwrap().len(), 1);
    assert_eq!(store.end(record.key, Reason::SignedOut, NOW).await.unwrap(), Ending::First);
    assert_eq!(ended.next().await, Some(Notice::Ended(record.key)));
    let wrong = store_at(&at("vestibule:other"), 0);
    assert!(matches!(wrong.ping().await, Err(StoreError::Unavailable(_))));
}

/// Three masters that share the slots.
async fn cluster() -> [RedisServer; 3] {
    let node =
        || RedisServer::start_with(&["--cluster-enabled", "yes", "--cluster-port", &free_port().to_string()]);
    let nodes = [node(), node(), node()];
    let addresses = nodes.each_ref().map(|node| format!("127.0.0.1:{}", node.port));
    let create = ["--cluster", "create", &addresses[0], &addresses[1], &addresses[2], "--cluster-yes"];
    nodes[0].ask(&create);
    for node in &nodes {
        while !node.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    nodes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cluster_keeps_the_rules_too() {
    use conformance::{ends, leases, notices, records, users};
    let nodes = cluster().await;
    let address = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", nodes[0].port, nodes[1].port);
    let store: Shared = Arc::new(store_at(&location(&address), 0));
    macro_rules! keeps {
        ($($rule:path),+) => { $(
            for node in &nodes {
                node.ask(&["FLUSHALL"]);
            }
            $rule(store.clone()).await;
        )+ };
    }
    keeps!(records::a_known_key_is_a_collision, records::one_of_50_updates_wins);
    keeps!(ends::updates_that_race_with_an_end_cannot_revive_it, ends::one_of_50_ends_is_first);
    keeps!(users::list_shows_only_own_and_live_records, users::counts_live_records);
    keeps!(users::one_of_20_end_users_names_each_record, leases::one_of_50_gets_the_lease);
    keeps!(notices::an_end_is_told_once_to_everybody);
}
