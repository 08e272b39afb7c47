//! Reading a page of a collection.
//!
//! Pages are cut by keyset: the cost of a page does not depend on how far it is from the start.
//! The body is written by concatenation of the stored bytes. A page that begins inside the window
//! of newest objects never reaches the database.

use noroshi_seal::leaf_hash;
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::STIX_MEDIA;
use noroshi_store::{Param, StoreError, Tx};

use super::recent::Slot;
use super::row::ObjectRow;
use super::{Shelf, schema};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::release::write_event;

/// What is written for each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The object itself.
    Objects,
    /// Its manifest entry.
    Manifest,
    /// Its version.
    Versions,
}

/// Which objects of which collection.
#[derive(Clone, Debug)]
pub(crate) struct PageQuery {
    pub(crate) collection: Collection,
    pub(crate) after: Position,
    pub(crate) limit: usize,
    /// Only TLP:CLEAR.
    pub(crate) clear_only: bool,
    /// Ids asked for; empty means all.
    pub(crate) ids: Vec<String>,
    /// Types asked for; empty means all.
    pub(crate) types: Vec<String>,
    /// Specification versions asked for; empty means all.
    pub(crate) specs: Vec<String>,
    pub(crate) versions: VersionFilter,
}

/// Which versions of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VersionFilter {
    pub(crate) all: bool,
    pub(crate) newest: bool,
    pub(crate) oldest: bool,
    /// Versions by their time, microseconds.
    pub(crate) exact: Vec<i64>,
}

impl VersionFilter {
    /// What a client gets that does not say: the newest version.
    pub(crate) fn newest() -> Self {
        Self { newest: true, ..Self::default() }
    }

    fn only_newest(&self) -> bool {
        self.newest && !self.all && !self.oldest && self.exact.is_empty()
    }

    fn wants(&self, row: &ObjectRow<'_>) -> bool {
        self.all
            || (self.newest && row.newest)
            || (self.oldest && row.oldest)
            || self.exact.contains(&row.version)
    }
}

/// A page: JSON values joined by commas.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<u8>,
    pub(crate) count: usize,
    pub(crate) first: Option<Position>,
    pub(crate) last: Option<Position>,
    pub(crate) more: bool,
}

impl Shelf {
    /// Reads a page.
    pub(crate) async fn page(&self, what: What, query: PageQuery) -> Result<Page, OutletError> {
        if let Some(page) = self.page_from_window(what, &query) {
            return Ok(page);
        }
        let shelf = self.clone();
        let page = self.0.store.read("page", move |tx| {
            let through = shelf.view().ledger.through();
            let mut collector = Collector::new(what, &query, Some(&shelf));
            if query.ids.is_empty() {
                scan(tx, &query, through, &mut collector)?;
            } else {
                by_id(tx, &query, through, &mut collector)?;
            }
            Ok(collector.page)
        });
        Ok(page.await?)
    }

    /// Whether any version of this object may be read.
    pub(crate) async fn has(
        &self,
        collection: Collection,
        id: &str,
        clear_only: bool,
    ) -> Result<bool, OutletError> {
        let query = PageQuery {
            collection,
            after: Position::START,
            limit: 1,
            clear_only,
            ids: vec![id.to_owned()],
            types: Vec::new(),
            specs: Vec::new(),
            versions: VersionFilter { all: true, ..VersionFilter::default() },
        };
        Ok(self.page(What::Versions, query).await?.count > 0)
    }

    /// Events for a listener that is behind, and the place they lead to. No events and the same
    /// place mean that there are none.
    pub(crate) async fn events_after(
        &self,
        after: Position,
        clear_only: bool,
    ) -> Result<(Vec<u8>, Position), OutletError> {
        let shelf = self.clone();
        let events = self.0.store.read("events", move |tx| {
            let (mut out, mut end) = (Vec::new(), after);
            let range = [
                Param::from(after.sequence.max(0)),
                Param::from(shelf.view().ledger.through()),
                Param::from(EVENTS_AT_ONCE),
            ];
            tx.each(schema::RELEASES_AFTER, &range, |row| {
                let row = ObjectRow::read(row)?;
                if out.len() >= MAX_PAGE_BYTES {
                    return Ok(());
                }
                end = row.position;
                if (!clear_only || row.tlp == 0) && shelf.is_verified(&row) {
                    write_event(&mut out, row.position, row.action(), row.json);
                }
                Ok(())
            })?;
            Ok((out, end))
        });
        Ok(events.await?)
    }

    /// Whether a row is what was signed. The view is locked for a moment only, so that a long page
    /// holds nobody up.
    fn is_verified(&self, row: &ObjectRow<'_>) -> bool {
        let leaf = leaf_hash(row.json);
        self.view().ledger.check(row.position.sequence, row.collection, row.tlp, &leaf)
    }

    fn page_from_window(&self, what: What, query: &PageQuery) -> Option<Page> {
        let view = self.view();
        let slots = view.recent.after(query.after)?;
        // The window was verified when it was filled and cannot be changed from outside.
        let mut collector = Collector::new(what, query, None);
        for slot in slots {
            collector.offer(&slot.row());
            if collector.page.more {
                break;
            }
        }
        Some(collector.page)
    }
}

/// Reads on until the page is full or the collection ends.
fn scan(
    tx: &mut Tx<'_>,
    query: &PageQuery,
    through: i64,
    collector: &mut Collector<'_>,
) -> Result<(), StoreError> {
    let newest = i64::from(query.versions.only_newest());
    let alias = query.collection.alias();
    let one_type = query.types.first().filter(|_| query.types.len() == 1);
    let mut after = query.after;
    while !collector.page.more {
        // One more than asked for tells whether there is more.
        let wanted = i64::try_from(query.limit - collector.page.count + 1).unwrap_or(i64::MAX);
        let mut params = vec![
            Param::from(alias),
            Param::from(after.date_added),
            Param::from(after.sequence),
            Param::from(through),
            Param::from(newest),
            Param::from(wanted),
        ];
        let statement = match one_type {
            Some(one) => {
                params.push(Param::from(one));
                schema::PAGE_OF_TYPE
            }
            None if query.clear_only => schema::PAGE_CLEAR,
            None => schema::PAGE,
        };
        let mut seen = 0;
        tx.each(statement, &params, |row| {
            let row = ObjectRow::read(row)?;
            after = row.position;
            seen += 1;
            collector.offer(&row);
            Ok(())
        })?;
        if seen < wanted {
            break;
        }
    }
    Ok(())
}

/// Reads the versions of the ids asked for and puts them in order.
fn by_id(
    tx: &mut Tx<'_>,
    query: &PageQuery,
    through: i64,
    collector: &mut Collector<'_>,
) -> Result<(), StoreError> {
    let mut found: Vec<(Position, Vec<u8>)> = Vec::new();
    for id in &query.ids {
        let params = [
            Param::from(query.collection.alias()),
            Param::from(id),
            Param::from(query.after.date_added),
            Param::from(query.after.sequence),
            Param::from(through),
        ];
        tx.each(schema::OBJECTS_OF_ID, &params, |row| {
            let row = ObjectRow::read(row)?;
            if collector.wants(&row) {
                let mut item = Vec::new();
                collector.what.write(&mut item, &row);
                found.push((row.position, item));
            }
            Ok(())
        })?;
    }
    found.sort_unstable_by_key(|(position, _)| *position);
    found.dedup_by_key(|(position, _)| *position);
    for (position, item) in found {
        collector.take(position, &item);
    }
    Ok(())
}

/// Fills a page with the rows that fit the query.
struct Collector<'a> {
    what: What,
    query: &'a PageQuery,
    /// Where rows are compared with what was signed; `None` for rows that come from memory.
    shelf: Option<&'a Shelf>,
    page: Page,
}

impl<'a> Collector<'a> {
    fn new(what: What, query: &'a PageQuery, shelf: Option<&'a Shelf>) -> Self {
        Self { what, query, shelf, page: Page::default() }
    }

    fn offer(&mut self, row: &ObjectRow<'_>) {
        if self.page.more || !self.wants(row) {
            return;
        }
        if self.full() {
            self.page.more = true;
            return;
        }
        self.separate(row.position);
        self.what.write(&mut self.page.items, row);
    }

    fn take(&mut self, position: Position, item: &[u8]) {
        if self.full() {
            self.page.more = true;
            return;
        }
        self.separate(position);
        self.page.items.extend_from_slice(item);
    }

    fn full(&self) -> bool {
        self.page.count >= self.query.limit || self.page.items.len() >= MAX_PAGE_BYTES
    }

    fn separate(&mut self, position: Position) {
        if self.page.count > 0 {
            self.page.items.push(b',');
        }
        self.page.count += 1;
        self.page.first.get_or_insert(position);
        self.page.last = Some(position);
    }

    fn wants(&self, row: &ObjectRow<'_>) -> bool {
        let q = self.query;
        let any = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
        q.collection.alias() == row.collection
            && (!q.clear_only || row.tlp == 0)
            && q.versions.wants(row)
            && any(&q.types, row.object_type)
            && any(&q.specs, row.spec_version)
            && any(&q.ids, row.id)
            && self.shelf.is_none_or(|shelf| shelf.is_verified(row))
    }
}

impl What {
    fn write(self, out: &mut Vec<u8>, row: &ObjectRow<'_>) {
        let version = Timestamp::from_micros(row.version);
        match self {
            What::Objects => out.extend_from_slice(row.json),
            // Ids and timestamps have no character that JSON would escape.
            What::Manifest => {
                let added = Timestamp::from_micros(row.position.date_added).to_taxii();
                let (id, media) = (row.id, media_type(row.spec_version));
                out.extend_from_slice(
                    format!(
                        r#"{{"id":"{id}","date_added":"{added}","version":"{version}","media_type":"{media}"}}"#
                    )
                    .as_bytes(),
                );
            }
            What::Versions => out.extend_from_slice(format!("\"{version}\"").as_bytes()),
        }
    }
}

impl Slot {
    fn row(&self) -> ObjectRow<'_> {
        let r = &self.release;
        ObjectRow {
            position: r.position,
            collection: r.collection.alias(),
            id: &r.id,
            object_type: &r.object_type,
            spec_version: &r.spec_version,
            version: r.version,
            tlp: i64::from(r.tlp.rank()),
            newest: self.newest,
            oldest: self.oldest,
            json: &r.json,
        }
    }
}

/// A page ends early rather than take more memory than this, in bytes.
const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;
/// How many objects a listener that is behind gets at once.
const EVENTS_AT_ONCE: i64 = 512;

fn media_type(spec_version: &str) -> &'static str {
    if spec_version == "2.0" { "application/stix+json;version=2.0" } else { STIX_MEDIA }
}
