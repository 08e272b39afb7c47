//! Built block lists, kept until the shelf changes or a line expires.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::BlockList;
use super::form::Form;
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
    written: Arc<Written>,
}

/// The other forms of a list, each from the first time somebody asks for it until the list changes.
#[derive(Default)]
struct Written {
    base64: OnceLock<Bytes>,
    zone: OnceLock<Bytes>,
}

impl BuiltList {
    /// The list in a form; however many ask, it is written once.
    pub(super) fn written(&self, form: Form) -> Bytes {
        let write = || Bytes::from(form.write(&String::from_utf8_lossy(&self.body), self.tick));
        match form {
            Form::Plain => self.body.clone(),
            Form::Base64 => self.written.base64.get_or_init(write).clone(),
            Form::Zone => self.written.zone.get_or_init(write).clone(),
        }
    }
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
            written: same.map(|old| old.written.clone()).unwrap_or_default(),
            tag,
            count: lines.count,
            end,
            next_expiry: lines.next_expiry,
        });
        *slot = Some(built.clone());
        Ok(built)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_written_once() {
        let built = BuiltList {
            body: Bytes::from_static(b"a.example\n"),
            tag: String::new(),
            count: 1,
            tick: 1_795_402_800_000_000,
            end: Position { date_added: 0, sequence: 0 },
            next_expiry: i64::MAX,
            written: Arc::default(),
        };
        for (form, part) in [
            (Form::Plain, "a.example\n"),
            (Form::Base64, "YS5leGFtcGxl\n"),
            (Form::Zone, "\na.example CNAME .\n*.a.example CNAME .\n"),
        ] {
            let (first, second) = (built.written(form), built.written(form));
            assert!(std::str::from_utf8(&first).unwrap().ends_with(part), "{form:?}");
            assert_eq!(first.as_ptr(), second.as_ptr(), "{form:?} was written again");
        }
    }
}
