//! Which objects make up a page: decided in memory, before anything is read.
//!
//! Pages are cut by keyset: where a page begins is found by binary search, so its cost does not
//! depend on how far it is from the start.

use std::ops::Range;

use axum::body::Bytes;

use super::View;
use super::index::{Index, Mark, Place};
use crate::collection::Collection;
use crate::cursor::Position;

/// What is written for each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The object itself.
    Objects,
    /// Its manifest entry.
    Manifest,
    /// Its version.
    Versions,
    /// Its event in the stream.
    Events,
    /// Its leaf hash.
    Leaves,
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
    /// Versions by their time, microseconds, sorted.
    pub(crate) exact: Vec<i64>,
}

impl VersionFilter {
    /// What a client gets that does not say: the newest version.
    pub(crate) fn newest() -> Self {
        Self { newest: true, ..Self::default() }
    }

    /// All versions.
    pub(crate) fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    pub(super) fn wants(&self, mark: &Mark) -> bool {
        self.all
            || (self.newest && mark.newest())
            || (self.oldest && mark.oldest())
            || self.exact.binary_search(&mark.version).is_ok()
    }
}

/// A page before its bytes are there.
#[derive(Default)]
pub(super) struct Plan {
    /// The segments to read, in order.
    pub(super) parts: Vec<Part>,
    pub(super) count: usize,
    pub(super) first: Option<Position>,
    pub(super) last: Option<Position>,
    pub(super) more: bool,
    /// Bytes of all segments to read.
    bytes: usize,
}

/// What a page takes of one segment.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) number: usize,
    pub(super) first: Place,
    pub(super) digest: [u8; 32],
    /// The body, where it is in memory.
    pub(super) body: Option<Bytes>,
    pub(super) items: Vec<Item>,
    /// Place and offset up to which lengths were added up.
    reached: (Place, usize),
}

/// One object of a page.
#[derive(Clone)]
pub(super) struct Item {
    /// Where its bytes are in the body.
    pub(super) range: Range<usize>,
    pub(super) position: Position,
    pub(super) version: i64,
    pub(super) spec_20: bool,
    pub(super) oldest: bool,
}

/// A query with its words looked up.
struct Filter<'q> {
    query: &'q PageQuery,
    kinds: Vec<u16>,
    spec_20: Option<bool>,
    nothing: bool,
}

impl<'q> Filter<'q> {
    fn new(index: &Index, query: &'q PageQuery) -> Self {
        let mut kinds: Vec<u16> =
            query.types.iter().filter_map(|t| index.type_number(query.collection, t)).collect();
        kinds.sort_unstable();
        let asks = |version: &str| query.specs.iter().any(|s| s == version);
        let spec_20 = match (asks("2.0"), asks("2.1")) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        let unknown_spec = !query.specs.is_empty() && !asks("2.0") && !asks("2.1");
        let nothing = unknown_spec || (kinds.is_empty() && !query.types.is_empty());
        Self { query, kinds, spec_20, nothing }
    }

    fn wants(&self, mark: &Mark) -> bool {
        !mark.gone()
            && (!self.query.clear_only || mark.tlp == 0)
            && self.query.versions.wants(mark)
            && (self.kinds.is_empty() || self.kinds.binary_search(&mark.kind).is_ok())
            && self.spec_20.is_none_or(|wanted| wanted == mark.spec_20())
    }
}

impl View {
    /// Plans a page.
    pub(super) fn plan(&self, query: &PageQuery) -> Plan {
        let mut plan = Plan::default();
        let filter = Filter::new(&self.index, query);
        if filter.nothing {
            return plan;
        }
        if query.ids.is_empty() {
            for place in self.index.after(query.collection, query.after) {
                if !self.offer(&mut plan, &filter, *place) {
                    break;
                }
            }
            return plan;
        }
        let ids = query.ids.iter();
        let mut places: Vec<Place> =
            ids.flat_map(|id| self.index.of_id(query.collection, id)).collect();
        places.sort_unstable();
        places.dedup();
        let start = places.partition_point(|p| self.index.position(*p) <= query.after);
        for place in places.get(start..).unwrap_or_default() {
            if !self.offer(&mut plan, &filter, *place) {
                break;
            }
        }
        plan
    }

    /// Plans the objects at these places, in order.
    pub(super) fn plan_places(&self, places: impl Iterator<Item = Place>) -> Plan {
        let mut plan = Plan::default();
        for place in places {
            if let Some(mark) = self.index.mark(place).filter(|m| !m.gone()) {
                self.add(&mut plan, place, mark);
            }
        }
        plan
    }

    /// Takes an object if the query wants it; false when the page is full.
    fn offer(&self, plan: &mut Plan, filter: &Filter<'_>, place: Place) -> bool {
        let Some(mark) = self.index.mark(place).filter(|m| filter.wants(m)) else { return true };
        if plan.count >= filter.query.limit || plan.bytes >= MAX_PAGE_BYTES {
            plan.more = true;
            return false;
        }
        self.add(plan, place, mark);
        true
    }

    fn add(&self, plan: &mut Plan, place: Place, mark: &Mark) {
        let same = plan.parts.last().and_then(|p| self.index.segment(p.number));
        if !same.is_some_and(|s| s.places().contains(&place)) {
            let Some(number) = self.index.segment_at(place) else { return };
            let Some(segment) = self.index.segment(number) else { return };
            plan.bytes += self.index.marks_of(segment).iter().map(Mark::stored).sum::<usize>();
            plan.parts.push(Part {
                number,
                first: segment.first,
                digest: segment.digest,
                body: self.window.body(segment.first).cloned(),
                items: Vec::new(),
                reached: (segment.first, 0),
            });
        }
        let Some(part) = plan.parts.last_mut() else { return };
        let Some(segment) = self.index.segment(part.number) else { return };
        let (from, mut offset) = part.reached;
        let marks = self.index.marks_of(segment);
        let between = (from - segment.first) as usize..(place - segment.first) as usize;
        offset += marks.get(between).unwrap_or_default().iter().map(Mark::stored).sum::<usize>();
        part.reached = (place, offset);
        // One search for the whole segment: objects of a segment are a microsecond apart.
        let position = segment.position(place);
        part.items.push(Item {
            range: offset..offset + mark.length as usize,
            position,
            version: mark.version,
            spec_20: mark.spec_20(),
            oldest: mark.oldest(),
        });
        plan.count += 1;
        plan.first.get_or_insert(position);
        plan.last = Some(position);
    }
}

/// A page ends early rather than take more memory than this, in bytes: segments are read whole,
/// also for one object.
const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::facts::Facts;
    use crate::shelf::index::Segment;
    use crate::shelf::{catalog, entries, window};

    fn view() -> View {
        View {
            index: Index::default(),
            entries: entries::Entries::default(),
            window: window::Window::new(0),
            catalog: catalog::Catalog::default(),
            end: Position::START,
            newest_tick: 0,
            verified: 0,
            releases: 0,
        }
    }

    #[test]
    fn a_page_of_scattered_objects_reads_no_more_than_its_share() {
        const SEGMENTS: u32 = 2_000;
        let mut view = view();
        for n in 0..SEGMENTS {
            let (rare, other) = (Facts::sample("report", n), Facts::sample("tool", n));
            let segment = Segment {
                first: 2 * n,
                count: 2,
                date_added: i64::from(2 * n) + 1,
                digest: [0; 32],
                collection: Collection::Partners,
                contributor: None,
            };
            view.index.push(segment, &[(Some(&rare), 100), (Some(&other), 64 * 1024 - 200)]);
        }
        let mut query = PageQuery {
            collection: Collection::Partners,
            after: Position::START,
            limit: 10_000,
            clear_only: false,
            ids: Vec::new(),
            types: vec!["report".to_owned()],
            specs: Vec::new(),
            versions: VersionFilter::newest(),
        };
        let (mut found, mut pages) = (0, 0);
        loop {
            let plan = view.plan(&query);
            let read: usize = plan.parts.len() * 64 * 1024;
            assert!(read <= MAX_PAGE_BYTES + 2 * 64 * 1024, "{read} bytes for one page");
            (found, pages) = (found + plan.count, pages + 1);
            if !plan.more {
                break;
            }
            query.after = plan.last.unwrap();
        }
        assert_eq!((found, pages), (SEGMENTS as usize, 4));
    }
}
