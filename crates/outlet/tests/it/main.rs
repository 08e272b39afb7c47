//! The outlet from outside: the shelf on both engines, and every route through the real router.
#![cfg(test)]

mod actor;
mod arrows;
mod compression;
mod documents;
mod feeds;
mod following;
mod forging;
mod fuzzed;
mod hardening;
mod holding;
mod http2;
mod inbox;
mod log;
mod objects;
mod page;
mod paging;
mod partners;
mod place;
mod proofs;
mod publishing;
mod routes;
mod search;
mod socket;
mod sockets;
mod stream;
mod tampering;
mod taxii;
mod taxii2_client;
mod texts;
mod tls;
mod world;

/// Runs each named `async fn(Place)` of the calling module once for each engine.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { crate::place::run(Some(crate::place::sqlite()), super::$name); })*
        }
        mod postgresql {
            $(#[test] fn $name() { crate::place::run(crate::place::postgresql(), super::$name); })*
        }
    };
}
pub(crate) use on_both_engines;
