//! Built block lists, kept until the shelf changes or a line expires.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::BlockList;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::shelf::Shelf;

/// One list as it is served.
pub(crate) struct BuiltList {
    pub(crate) body: Bytes,
    /// The entity tag, with its quotes.
    pub(crate) tag: String,
    pub(crate) count: usize,
    /// The newest tick at the time the list last changed, microseconds.
    pub(crate) tick: i64,
    /// What was on the shelf when it was built.
    end: Position,
    next_expiry: i64,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<BuiltList>>>>;

/// Lists by name and by whether they are for the public.
#[derive(Default)]
pub(crate) struct ListCache {
    slots: Mutex<HashMap<(&'static str, bool), Slot>>,
}

impl ListCache {
    /// The list as of now (microseconds). However many ask at once, it is built once.
    pub(crate) async fn get(
        &self,
        shelf: &Shelf,
        list: &'static BlockList,
        clear_only: bool,
        now: i64,
    ) -> Result<Arc<BuiltList>, OutletError> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.entry((list.name, clear_only)).or_default().clone()
        };
        let mut slot = slot.lock().await;
        let (end, tick) = (shelf.end(), shelf.health().newest_tick);
        if let Some(built) = &*slot
            && built.end == end
            && now < built.next_expiry
        {
            return Ok(built.clone());
        }
        let lines = shelf.list(list.kinds, clear_only, now).await?;
        let hash = Sha256::digest(lines.text.as_bytes());
        let tag = format!("\"{}\"", HEXLOWER.encode(&hash[..16]));
        let same = slot.as_ref().filter(|old| old.tag == tag);
        let built = Arc::new(BuiltList {
            tick: same.map_or(tick, |old| old.tick),
            body: same.map_or_else(|| lines.text.into(), |old| old.body.clone()),
            tag,
            count: lines.count,
            end,
            next_expiry: lines.next_expiry,
        });
        *slot = Some(built.clone());
        Ok(built)
    }
}
