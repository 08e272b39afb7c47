//! One suite over both engines.
#![cfg(test)]

mod crash;
mod files;
mod place;
mod schema;
mod secrecy;
mod snapshot;
mod transactions;
mod values;

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
