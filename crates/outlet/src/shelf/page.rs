//! Reading a page of a collection: its plan is made in memory, its bytes are cut out of segments.
//!
//! Nothing is parsed or written again, and what is in memory is not even copied: a page of the
//! newest segments, and the next page of whoever reads on, never reach the database.

use axum::body::Bytes;
use noroshi_seal::leaf_hash;
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::STIX_MEDIA;
use noroshi_store::{Param, StoreError, Tx};
use serde::Deserialize;

use super::facts::Facts;
use super::plan::{Item, PageQuery, Part, Plan, What};
use super::segment::{SegmentRow, digest};
use super::{Shelf, Turn, VersionFilter, schema};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::frames::Frames;
use crate::release::{Action, write_event};

/// A page: JSON values joined by commas (events and leaf hashes are joined by nothing).
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Frames,
    pub(crate) count: usize,
    pub(crate) first: Option<Position>,
    pub(crate) last: Option<Position>,
    pub(crate) more: bool,
}

/// The number of a segment that is not what was verified.
struct Changed(usize);

impl Shelf {
    /// Reads a page. Where another one follows, its segments are read ahead: whoever scans a
    /// collection asks for it next.
    pub(crate) async fn page(&self, what: What, query: &PageQuery) -> Result<Page, OutletError> {
        let page = self.read_planned(None, what, |shelf| shelf.view().plan(query)).await?;
        if let Some(after) = page.last.filter(|_| page.more && query.ids.is_empty()) {
            self.read_ahead(PageQuery { after, ..query.clone() });
        }
        Ok(page)
    }

    /// Makes plans and reads them until one finds every segment as it was verified. Whoever has the
    /// turn brings it.
    pub(super) async fn read_planned(
        &self,
        turn: Option<&Turn>,
        what: What,
        plan: impl Fn(&Shelf) -> Plan,
    ) -> Result<Page, OutletError> {
        for _ in 0..MAX_RECHECKS {
            let plan = plan(self);
            match self.fill(what, plan).await? {
                Ok(page) => return Ok(page),
                Err(Changed(number)) => match turn {
                    Some(turn) => self.look_again(&turn.deletions, number).await?,
                    None => self.recheck(number).await?,
                },
            }
        }
        Err(OutletError::Unsteady)
    }

    /// Whether any version of this object may be read.
    pub(crate) fn has(&self, collection: Collection, id: &str, clear_only: bool) -> bool {
        let query = PageQuery {
            collection,
            after: Position::START,
            limit: 1,
            clear_only,
            ids: vec![id.to_owned()],
            types: Vec::new(),
            specs: Vec::new(),
            versions: VersionFilter::all(),
        };
        self.view().plan(&query).count > 0
    }

    /// Reads the objects of a plan one by one, as they were verified.
    pub(super) async fn read_items(
        &self,
        plan: impl Fn(&Shelf) -> Plan,
    ) -> Result<Vec<(Item, Bytes)>, OutletError> {
        for _ in 0..MAX_RECHECKS {
            match self.bodies(plan(self).parts).await? {
                Ok(parts) => {
                    let of_part = |part: Part| {
                        let body = part.body.unwrap_or_default();
                        let cut = move |item: Item| {
                            let json = body.get(item.range.clone()).map(|j| body.slice_ref(j));
                            (item, json.unwrap_or_default())
                        };
                        part.items.into_iter().map(cut)
                    };
                    return Ok(parts.into_iter().flat_map(of_part).collect());
                }
                Err(Changed(number)) => self.recheck(number).await?,
            }
        }
        Err(OutletError::Unsteady)
    }

    /// The parts of a page with their bodies, on one snapshot.
    async fn bodies(&self, parts: Vec<Part>) -> Result<Result<Vec<Part>, Changed>, OutletError> {
        if parts.iter().all(|part| part.body.is_some()) {
            return Ok(Ok(parts));
        }
        let read = move |tx: &mut Tx<'_>| {
            let mut parts = parts.clone();
            Ok(read_parts(tx, &mut parts)?.map_or(Ok(parts), |number| Err(Changed(number))))
        };
        Ok(self.0.store.read("page", read).await?)
    }

    async fn fill(&self, what: What, plan: Plan) -> Result<Result<Page, Changed>, OutletError> {
        let Plan { mut parts, count, first, last, more, .. } = plan;
        let page = |items| Page { items, count, first, last, more };
        if what != What::Versions {
            parts = match self.bodies(parts).await? {
                Ok(parts) => parts,
                Err(changed) => return Ok(Err(changed)),
            };
        }
        let mut items = Frames::default();
        for part in &parts {
            write(what, &mut items, part, part.body.as_ref().unwrap_or(&Bytes::new()));
        }
        items.close();
        Ok(Ok(page(items)))
    }

    /// Reads the segments of a page into memory, unless enough others are being read.
    fn read_ahead(&self, query: PageQuery) {
        let Ok(permit) = std::sync::Arc::clone(&self.0.ahead).try_acquire_owned() else { return };
        let shelf = self.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let mut parts = shelf.view().plan(&query).parts;
            parts.retain(|part| part.body.is_none());
            // Piece by piece: who asks early finds at least the beginning.
            while !parts.is_empty() {
                let rest = parts.split_off(parts.len().min(PARTS_AHEAD));
                let read = move |tx: &mut Tx<'_>| {
                    let mut parts = parts.clone();
                    let changed = read_parts(tx, &mut parts)?;
                    Ok(if changed.is_none() { parts } else { Vec::new() })
                };
                // Whoever asks for the page meets the error, or finds what was changed.
                for part in shelf.0.store.read("read-ahead", read).await.unwrap_or_default() {
                    shelf.view_mut().keep(part);
                }
                parts = rest;
            }
        });
    }
}

/// Reads the bodies that are not in memory on one snapshot; the number of a segment that was
/// changed, if one was.
fn read_parts(tx: &mut Tx<'_>, parts: &mut [Part]) -> Result<Option<usize>, StoreError> {
    let mut rest = parts;
    loop {
        let known = rest.iter().take_while(|part| part.body.is_some()).count();
        rest = rest.get_mut(known..).unwrap_or_default();
        let Some(start) = rest.first().map(|part| part.number) else { return Ok(None) };
        // Segments that follow each other come in one answer.
        let follows =
            |(part, number): &(&Part, usize)| part.number == *number && part.body.is_none();
        let joined = rest.iter().zip(start..).take_while(follows).count();
        let (run, after) = rest.split_at_mut(joined);
        let ends = [run.first(), run.last()].map(|p| p.map_or(0, |p| i64::from(p.first) + 1));
        let mut wanted = run.iter_mut();
        tx.each(schema::SEGMENTS, &ends.map(Param::from), |row| {
            let row = SegmentRow::read(row)?;
            let Some(part) = wanted.next() else { return Ok(()) };
            if row.first_sequence == i64::from(part.first) + 1 && digest(row.body) == part.digest {
                part.body = Some(Bytes::copy_from_slice(row.body));
            }
            Ok(())
        })?;
        if let Some(part) = run.iter().find(|part| part.body.is_none()) {
            return Ok(Some(part.number));
        }
        rest = after;
    }
}

/// Writes what a page takes of one segment.
fn write(what: What, out: &mut Frames, part: &Part, body: &Bytes) {
    let mut items = part.items.iter().peekable();
    while let Some(item) = items.next() {
        let object = || body.get(item.range.clone()).unwrap_or_default();
        match what {
            What::Objects => {
                let mut end = item.range.end;
                // Neighbours go together, with the comma between them.
                while let Some(next) = items.next_if(|next| next.range.start == end + 1) {
                    end = next.range.end;
                }
                out.put_run(body, item.range.start..end);
            }
            What::Manifest => out.put_value(entry(item, object()).as_bytes()),
            What::Versions => {
                let version = Timestamp::from_micros(item.version);
                out.put_value(format!("\"{version}\"").as_bytes());
            }
            What::Leaves => out.text().extend_from_slice(&leaf_hash(object())),
            What::Events => {
                // Whether it withdraws its object is read from the bytes, which are signed.
                let json = object();
                let revoked = Facts::read(json, Collection::Context).is_ok_and(|f| f.revoked);
                write_event(out.text(), item.position, Action::of(revoked, item.oldest), json);
            }
        }
    }
}

/// A manifest entry. Ids and timestamps have no character that JSON would escape.
fn entry(item: &Item, object: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        id: std::borrow::Cow<'a, str>,
    }
    let id = serde_json::from_slice::<Named<'_>>(object).ok();
    let id = id.map(|named| named.id.to_ascii_lowercase()).unwrap_or_default();
    let added = Timestamp::from_micros(item.position.date_added).to_taxii();
    let version = Timestamp::from_micros(item.version);
    let media = if item.spec_20 { "application/stix+json;version=2.0" } else { STIX_MEDIA };
    format!(
        r#"{{"id":"{id}","date_added":"{added}","version":"{version}","media_type":"{media}"}}"#
    )
}

/// How often a page is planned anew because somebody changes the database under it.
const MAX_RECHECKS: usize = 8;
/// How many segments are read ahead at once.
const PARTS_AHEAD: usize = 16;
/// How many pages may be read ahead at a time.
pub(super) const PAGES_AHEAD: usize = 2;
