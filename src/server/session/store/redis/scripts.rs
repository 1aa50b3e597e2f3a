//! What Redis does in one go, in Lua. A script runs alone on its server, so all of it happens or nothing.

use std::sync::LazyLock;

use redis::Script;

macro_rules! script {
    ($name:ident, $file:literal) => {
        pub static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(concat!(include_str!("scripts/prelude.lua"), include_str!($file))));
    };
}

script!(CREATE, "scripts/create.lua");
script!(UPDATE, "scripts/update.lua");
script!(TOUCH, "scripts/touch.lua");
script!(END, "scripts/end.lua");
script!(END_USER, "scripts/end_user.lua");
script!(LIST, "scripts/list.lua");
script!(SCAN, "scripts/scan.lua");
script!(PURGE, "scripts/purge.lua");
script!(PING, "scripts/ping.lua");
script!(ACQUIRE, "scripts/acquire.lua");
script!(RENEW, "scripts/renew.lua");
script!(RELEASE, "scripts/release.lua");
