//! Reading a page of a collection: its plan is made in memory, its bytes are cut out of segments.
//!
//! The body is written by concatenation of the stored bytes. A page of the newest segments never
//! reaches the database.

use noroshi_stix::Timestamp;
use noroshi_stix::taxii::STIX_MEDIA;
use noroshi_store::{Param, StoreError, Tx};
use serde::Deserialize;

use super::facts::Facts;
use super::plan::{Item, PageQuery, Part, Plan, What};
use super::segment::{SegmentRow, digest};
use super::{Shelf, VersionFilter, schema};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::release::{Action, write_event};

/// A page: JSON values joined by commas, after [`PAGE_PREFIX`] free bytes.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<u8>,
    pub(crate) count: usize,
    pub(crate) first: Option<Position>,
    pub(crate) last: Option<Position>,
    pub(crate) more: bool,
}

/// Bytes that a page leaves free at its start, for what an envelope says before its objects: a page
/// may have megabytes, and is not copied for twelve letters.
pub(crate) const PAGE_PREFIX: usize = 16;
/// Bytes that a page has room for at its end.
const PAGE_SUFFIX: usize = 64;

/// The number of a segment that is not what was verified.
struct Changed(usize);

impl Shelf {
    /// Reads a page.
    pub(crate) async fn page(&self, what: What, query: &PageQuery) -> Result<Page, OutletError> {
        self.read_planned(what, |shelf| shelf.view().plan(query)).await
    }

    /// Makes plans and reads them until one finds every segment as it was verified.
    pub(super) async fn read_planned(
        &self,
        what: What,
        plan: impl Fn(&Shelf) -> Plan,
    ) -> Result<Page, OutletError> {
        for _ in 0..MAX_RECHECKS {
            let plan = plan(self);
            match self.fill(what, plan).await? {
                Ok(page) => return Ok(page),
                Err(Changed(number)) => self.recheck(number).await?,
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

    async fn fill(&self, what: What, plan: Plan) -> Result<Result<Page, Changed>, OutletError> {
        let Plan { parts, count, bytes, first, last, more } = plan;
        let page = move |items| Page { items, count, first, last, more };
        let start = move || {
            let mut items = Vec::with_capacity(bytes + PAGE_PREFIX + PAGE_SUFFIX);
            if what != What::Events {
                items.resize(PAGE_PREFIX, b' ');
            }
            items
        };
        if what == What::Versions || parts.iter().all(|part| part.body.is_some()) {
            let mut items = start();
            for part in &parts {
                write(what, &mut items, part, part.body.as_deref().unwrap_or_default());
            }
            return Ok(Ok(page(items)));
        }
        let read = move |tx: &mut Tx<'_>| {
            let mut items = start();
            let changed = read_parts(tx, what, &parts, &mut items)?;
            Ok(changed.map_or_else(|| Ok(page(items)), |number| Err(Changed(number))))
        };
        Ok(self.0.store.read("page", read).await?)
    }
}

/// Reads the parts on one snapshot; the number of a segment that was changed, if one was.
fn read_parts(
    tx: &mut Tx<'_>,
    what: What,
    parts: &[Part],
    out: &mut Vec<u8>,
) -> Result<Option<usize>, StoreError> {
    let mut rest = parts;
    while let Some(part) = rest.first() {
        if let Some(body) = &part.body {
            write(what, out, part, body);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        // Segments that follow each other come in one answer.
        let joined =
            rest.iter().zip(part.number..).take_while(|(p, n)| p.number == *n && p.body.is_none());
        let (run, after) = rest.split_at(joined.count());
        let ends = [Some(part), run.last()].map(|p| p.map_or(0, |p| i64::from(p.first) + 1));
        let mut found = run.iter();
        let mut changed = None;
        tx.each(schema::SEGMENTS, &ends.map(Param::from), |row| {
            let row = SegmentRow::read(row)?;
            let Some(part) = found.next() else { return Ok(()) };
            if row.first_sequence != i64::from(part.first) + 1 || digest(row.body) != part.digest {
                changed.get_or_insert(part.number);
            } else {
                write(what, out, part, row.body);
            }
            Ok(())
        })?;
        let missing = found.next().map(|part| part.number);
        if changed.or(missing).is_some() {
            return Ok(changed.or(missing));
        }
        rest = after;
    }
    Ok(None)
}

/// Writes what a page takes of one segment.
fn write(what: What, out: &mut Vec<u8>, part: &Part, body: &[u8]) {
    let mut items = part.items.iter().peekable();
    while let Some(item) = items.next() {
        if what != What::Events && out.len() > PAGE_PREFIX {
            out.push(b',');
        }
        match what {
            What::Objects => {
                let mut end = item.range.end;
                // Neighbours are copied together, with the comma between them.
                while let Some(next) = items.next_if(|next| next.range.start == end + 1) {
                    end = next.range.end;
                }
                out.extend_from_slice(body.get(item.range.start..end).unwrap_or_default());
            }
            What::Manifest => write_entry(out, item, body.get(item.range.clone())),
            What::Events => write_release(out, item, body.get(item.range.clone())),
            What::Versions => {
                let version = Timestamp::from_micros(item.version);
                out.extend_from_slice(format!("\"{version}\"").as_bytes());
            }
        }
    }
}

fn write_entry(out: &mut Vec<u8>, item: &Item, object: Option<&[u8]>) {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        id: std::borrow::Cow<'a, str>,
    }
    let id = object.and_then(|o| serde_json::from_slice::<Named<'_>>(o).ok());
    let id = id.map(|named| named.id.to_ascii_lowercase()).unwrap_or_default();
    let added = Timestamp::from_micros(item.position.date_added).to_taxii();
    let version = Timestamp::from_micros(item.version);
    let media = if item.spec_20 { "application/stix+json;version=2.0" } else { STIX_MEDIA };
    // Ids and timestamps have no character that JSON would escape.
    let entry = format!(
        r#"{{"id":"{id}","date_added":"{added}","version":"{version}","media_type":"{media}"}}"#
    );
    out.extend_from_slice(entry.as_bytes());
}

/// Whether an event withdraws its object is read from the bytes, which are signed.
fn write_release(out: &mut Vec<u8>, item: &Item, object: Option<&[u8]>) {
    let Some(json) = object else { return };
    let revoked = Facts::read(json, Collection::Context).is_ok_and(|f| f.revoked);
    write_event(out, item.position, Action::of(revoked, item.oldest), json);
}

/// How often a page is planned anew because somebody changes the database under it.
const MAX_RECHECKS: usize = 8;
