//! Signed-in people as readers of the outlet.

use axum::http::HeaderMap;
use futures::future::BoxFuture;
use noroshi_outlet::i18n::Locale;
use noroshi_outlet::{Chrome, Reader, ReaderAuth};

use crate::app::App;

/// Tells the outlet who reads.
pub struct Readers(#[expect(dead_code, reason = "sessions follow")] App);

impl Readers {
    /// Of this hub.
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

impl ReaderAuth for Readers {
    fn reader<'a>(&'a self, _: &'a HeaderMap) -> BoxFuture<'a, Reader> {
        Box::pin(std::future::ready(Reader::Anonymous))
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, _: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(std::future::ready(Chrome::default()))
    }
}
