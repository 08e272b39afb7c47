//! Find millions of indicators in log bytes, fast.
//!
//! # How it works, and why so
//! A list of a million indicators does not fit an automaton: Aho-Corasick over it needs hundreds of
//! megabytes, and every log byte then misses the cache. Log text on the other hand is mostly *not*
//! an indicator, and what could be one is easy to recognise by a byte it must contain. So:
//!
//! 1. **Find candidate spans by their lead byte.** A name, URL, mail address or IPv4 address has a
//!    dot, which SIMD search finds at memory speed; a hash is at least 32 hexadecimal digits, so
//!    probing every 32nd byte finds it; IPv6 has colons, a CVE a hyphen, JA4 an underscore. Each
//!    search is skipped when no indicator of its kind is loaded, and all run over the same small
//!    block of lines while it is in the cache.
//! 2. **Ask a filter.** A span's 64-bit fingerprint meets a blocked Bloom filter (16 bits per
//!    indicator, one cache line), which answers "no" for about 99 of 100 innocent spans. A host's
//!    parents are fingerprinted from right to left, so all of them cost one pass.
//! 3. **Verify exactly.** What the filter lets through is compared byte by byte with the stored
//!    text: a hit is never a hash collision.
//!
//! Memory: about 18 bytes per indicator beside its text. See [`Matcher`] for what counts as a
//! match; `tests/it/oracle.rs` states the same rules a second time, naively.

mod address;
mod boundary;
mod digest;
mod freeform;
mod key;
mod line;
mod matcher;
mod name;
mod table;
mod web;

pub use line::{LineHit, LineScanner, MAX_LINE};
pub use matcher::{Hit, Matcher};
