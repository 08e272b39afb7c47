//! Every index over the shelf, in memory, made from what was verified.
//!
//! The database holds a log of signed batches, cut into segments. What may be served, in which
//! order, under which id, is written here and nowhere else, so the database cannot put anything in:
//! a segment that leaves is compared with the digest it had when its objects were verified.
//! An object takes 32 bytes here, and about 14 more in the tables over it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use hashbrown::HashTable;

use super::facts::Facts;
use crate::collection::Collection;
use crate::cursor::Position;
use crate::shelf::Contributor;

/// A place in the log, from 0; one less than the sequence number.
pub(super) type Place = u32;

/// What is known of one object.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    id: IdTag,
    /// Microseconds.
    pub(super) version: i64,
    /// Bytes of its JSON in the segment; 0 when they were deleted.
    pub(super) length: u32,
    /// Which type, in [`Index::types`].
    pub(super) kind: u16,
    flags: u8,
    /// Rank of its TLP marking.
    pub(super) tlp: u8,
}

/// Stands for an id in a collection. Keyed with randomness of this process, so that nobody can look
/// for two ids with one tag.
type IdTag = u128;

const NEWEST: u8 = 1;
const OLDEST: u8 = 2;
const SPEC_20: u8 = 4;
/// Deleted, or failed verification.
const GONE: u8 = 8;

impl Mark {
    /// Whether it is the newest version of its object.
    pub(super) fn newest(&self) -> bool {
        self.flags & NEWEST != 0
    }

    /// Whether it is the oldest version of its object.
    pub(super) fn oldest(&self) -> bool {
        self.flags & OLDEST != 0
    }

    /// Whether it is of STIX 2.0.
    pub(super) fn spec_20(&self) -> bool {
        self.flags & SPEC_20 != 0
    }

    /// Whether it must not be served.
    pub(super) fn gone(&self) -> bool {
        self.flags & GONE != 0
    }

    /// The bytes it takes in its segment, with the comma behind it.
    pub(super) fn stored(&self) -> usize {
        match self.length {
            0 => 0,
            length => length as usize + 1,
        }
    }

    fn set(&mut self, flag: u8, on: bool) {
        if on { self.flags |= flag } else { self.flags &= !flag }
    }
}

/// A piece of a batch: the unit in which the log is read.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub(super) first: Place,
    pub(super) count: u32,
    /// When its first object was added, microseconds; each further one a microsecond later.
    pub(super) date_added: i64,
    pub(super) digest: [u8; 32],
    pub(super) collection: Collection,
    pub(super) contributor: Option<Contributor>,
}

impl Segment {
    pub(super) fn places(&self) -> Range<Place> {
        self.first..self.first + self.count
    }

    /// Where one of its places stands in the order that readers see.
    pub(super) fn position(&self, place: Place) -> Position {
        let after = i64::from(place.saturating_sub(self.first));
        Position {
            date_added: self.date_added.saturating_add(after),
            sequence: i64::from(place) + 1,
        }
    }
}

/// The verified part of the shelf.
#[derive(Default)]
pub(super) struct Index {
    marks: Vec<Mark>,
    segments: Vec<Segment>,
    /// Places of each collection, in order.
    order: [Vec<Place>; Collection::ALL.len()],
    /// The only version of an id, or any one where `versions` has more.
    by_id: HashTable<Place>,
    /// Ids with several versions: version, place.
    versions: HashMap<IdTag, BTreeMap<i64, Place>>,
    /// Of each collection, so that what partners post takes no number of a release.
    types: [HashMap<String, u16>; Collection::ALL.len()],
    /// The newest date of partners' objects, and of releases.
    dates: [i64; 2],
    tags: [RandomState; 2],
}

impl Index {
    /// How many places have been looked at.
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    /// The mark at a place.
    pub(super) fn mark(&self, place: Place) -> Option<&Mark> {
        self.marks.get(place as usize)
    }

    /// The marks of a segment, in order.
    pub(super) fn marks_of(&self, segment: &Segment) -> &[Mark] {
        let Range { start, end } = segment.places();
        self.marks.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The number of the segment that holds a place.
    pub(super) fn segment_at(&self, place: Place) -> Option<usize> {
        let after = self.segments.partition_point(|s| s.first <= place);
        let number = after.checked_sub(1)?;
        self.segments.get(number).filter(|s| s.places().contains(&place)).map(|_| number)
    }

    /// A segment by its number.
    pub(super) fn segment(&self, number: usize) -> Option<&Segment> {
        self.segments.get(number)
    }

    /// Where a place stands in the order that readers see.
    pub(super) fn position(&self, place: Place) -> Position {
        let segment = self.segment_at(place).and_then(|n| self.segments.get(n));
        segment.map_or(Position::START, |s| s.position(place))
    }

    /// The places of a collection after a position.
    pub(super) fn after(&self, collection: Collection, position: Position) -> &[Place] {
        let order = &self.order[collection.index()];
        let start = order.partition_point(|place| self.position(*place) <= position);
        order.get(start..).unwrap_or_default()
    }

    /// The places of all versions of an id, oldest version first.
    pub(super) fn of_id(&self, collection: Collection, id: &str) -> Vec<Place> {
        let tag = self.tag(collection, id);
        match self.versions.get(&tag) {
            Some(versions) => versions.values().copied().collect(),
            None => self.single(tag).into_iter().collect(),
        }
    }

    /// The places of the versions of an id, newest version first.
    pub(super) fn newest_of(
        &self,
        collection: Collection,
        id: &str,
    ) -> impl Iterator<Item = Place> {
        let tag = self.tag(collection, id);
        let versions = self.versions.get(&tag);
        let single = if versions.is_none() { self.single(tag) } else { None };
        versions.into_iter().flat_map(|v| v.values().rev().copied()).chain(single)
    }

    /// Whether the object at a place can be served and was, `through` so many places, the newest
    /// version of its id.
    pub(super) fn was_newest(&self, place: Place, through: Place) -> bool {
        let Some(mark) = self.mark(place).filter(|mark| !mark.gone()) else { return false };
        let newest = self.versions.get(&mark.id).and_then(|v| v.last_key_value());
        mark.newest() || newest.is_some_and(|(_, newest)| *newest >= through)
    }

    /// The place of one version of an id.
    pub(super) fn of_version(
        &self,
        collection: Collection,
        id: &str,
        version: i64,
    ) -> Option<Place> {
        let tag = self.tag(collection, id);
        match self.versions.get(&tag) {
            Some(versions) => versions.get(&version).copied(),
            None => {
                self.single(tag).filter(|p| self.mark(*p).is_some_and(|m| m.version == version))
            }
        }
    }

    /// Which number a type has, if any object of the collection has that type.
    pub(super) fn type_number(&self, collection: Collection, name: &str) -> Option<u16> {
        self.types[collection.index()].get(name).copied()
    }

    /// Stands for an id whatever collection it is in.
    pub(super) fn link_tag(&self, id: &str) -> u128 {
        self.tag(Collection::Context, id)
    }

    /// Adds the next segment, of `objects` in order; `None` for one that must not be served. Each
    /// comes with the bytes it takes in the segment.
    pub(super) fn push(&mut self, mut segment: Segment, objects: &[(Option<&Facts>, u32)]) {
        if objects.iter().any(|(facts, _)| facts.is_some()) {
            // The date is not signed. Whatever it says, no object comes before an older one.
            let newest = &mut self.dates[usize::from(segment.collection.is_released())];
            segment.date_added = segment.date_added.max(newest.saturating_add(1));
            let last = (segment.first + segment.count).saturating_sub(1);
            *newest = segment.position(last).date_added;
        }
        self.segments.push(segment);
        for (place, (facts, length)) in segment.places().zip(objects) {
            let Some(facts) = facts else {
                self.marks.push(Mark {
                    id: 0,
                    version: 0,
                    length: *length,
                    kind: u16::MAX,
                    flags: GONE,
                    tlp: u8::MAX,
                });
                continue;
            };
            let mark = Mark {
                id: self.tag(segment.collection, &facts.id),
                version: facts.version.unwrap_or_else(|| segment.position(place).date_added),
                length: *length,
                kind: self.number_type(segment.collection, &facts.object_type),
                flags: if facts.spec_20 { SPEC_20 } else { 0 },
                tlp: facts.tlp.rank(),
            };
            self.marks.push(mark);
            self.order[segment.collection.index()].push(place);
            self.arrange(mark.id, mark.version, place);
        }
    }

    /// Notes what an object takes in its segment from now on.
    pub(super) fn measure(&mut self, place: Place, length: u32) {
        if let Some(mark) = self.marks.get_mut(place as usize) {
            mark.length = length;
        }
    }

    /// Takes an object out: it was deleted or does not verify any more. `length` is what it takes
    /// in its segment from now on.
    pub(super) fn remove(&mut self, place: Place, length: u32) {
        self.measure(place, length);
        let Some(mark) = self.marks.get_mut(place as usize) else { return };
        if mark.gone() {
            return;
        }
        mark.flags = GONE;
        let (id, version) = (mark.id, mark.version);
        match self.versions.get_mut(&id) {
            Some(versions) => {
                versions.remove(&version);
                let ends = [versions.first_key_value(), versions.last_key_value()];
                let [oldest, newest] = ends.map(|end| end.map(|(_, place)| *place));
                self.flag(oldest, OLDEST);
                self.flag(newest, NEWEST);
            }
            None => {
                let hash = hash_of(id);
                if let Ok(entry) = self.by_id.find_entry(hash, |p| *p == place) {
                    entry.remove();
                }
            }
        }
    }

    /// Notes that a segment was written anew, its objects unchanged or gone.
    pub(super) fn renew(&mut self, number: usize, digest: [u8; 32]) {
        if let Some(segment) = self.segments.get_mut(number) {
            segment.digest = digest;
        }
    }

    /// Puts a version among the others of its id.
    fn arrange(&mut self, id: IdTag, version: i64, place: Place) {
        let marks = &self.marks;
        let hash = hash_of(id);
        let id_at = |p: &Place| marks.get(*p as usize).is_some_and(|m| m.id == id);
        let Some(other) = self.by_id.find(hash, id_at).copied() else {
            self.by_id.insert_unique(hash, place, |p| {
                marks.get(*p as usize).map_or(0, |m| hash_of(m.id))
            });
            self.flag(Some(place), NEWEST | OLDEST);
            return;
        };
        let other_mark = marks.get(other as usize).copied();
        let versions = self.versions.entry(id).or_insert_with(|| {
            let alive = other_mark.filter(|m| !m.gone());
            alive.map(|m| (m.version, other)).into_iter().collect()
        });
        let was_newest = versions.last_key_value().map(|(version, place)| (*version, *place));
        let was_oldest = versions.first_key_value().map(|(version, place)| (*version, *place));
        versions.insert(version, place);
        if was_oldest.is_none_or(|(v, _)| version < v) {
            self.unflag(was_oldest, OLDEST);
            self.flag(Some(place), OLDEST);
        }
        if was_newest.is_none_or(|(v, _)| version >= v) {
            self.unflag(was_newest, NEWEST);
            self.flag(Some(place), NEWEST);
        }
    }

    fn flag(&mut self, place: Option<Place>, flag: u8) {
        if let Some(mark) = place.and_then(|p| self.marks.get_mut(p as usize)) {
            mark.set(flag, true);
        }
    }

    fn unflag(&mut self, at: Option<(i64, Place)>, flag: u8) {
        if let Some(mark) = at.and_then(|(_, p)| self.marks.get_mut(p as usize)) {
            mark.set(flag, false);
        }
    }

    fn single(&self, tag: IdTag) -> Option<Place> {
        let same = |p: &Place| self.mark(*p).is_some_and(|m| m.id == tag && !m.gone());
        self.by_id.find(hash_of(tag), same).copied()
    }

    fn tag(&self, collection: Collection, id: &str) -> IdTag {
        let [high, low] = &self.tags;
        let key = (collection.index(), id);
        (IdTag::from(high.hash_one(key)) << 64) | IdTag::from(low.hash_one(key))
    }

    /// There are a few dozen types. Beyond what fits, a partner's own ones share a number that no
    /// filter finds.
    fn number_type(&mut self, collection: Collection, name: &str) -> u16 {
        let types = &mut self.types[collection.index()];
        if let Some(number) = types.get(name) {
            return *number;
        }
        let next = u16::try_from(types.len()).unwrap_or(u16::MAX);
        if next < MAX_TYPES {
            types.insert(name.to_owned(), next);
            return next;
        }
        u16::MAX
    }
}

/// Most types that can be filtered by.
const MAX_TYPES: u16 = 10_000;

/// The tag is a keyed hash already.
fn hash_of(tag: IdTag) -> u64 {
    // The lower half; the cast keeps exactly that.
    (tag & IdTag::from(u64::MAX)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_partners_make_up_hide_no_release() {
        let mut index = Index::default();
        let mut push = |collection, facts: &[Facts]| {
            let segment = Segment {
                first: Place::try_from(index.len()).unwrap(),
                count: u32::try_from(facts.len()).unwrap(),
                date_added: 1,
                digest: [0; 32],
                collection,
                contributor: None,
            };
            index.push(segment, &facts.iter().map(|f| (Some(f), 1)).collect::<Vec<_>>());
        };
        let many = (0..=MAX_TYPES).map(|n| Facts::sample(&format!("x-{n}"), 1)).collect::<Vec<_>>();
        push(Collection::Partners, &many);
        push(Collection::Context, &[Facts::sample("malware", 1)]);
        assert_eq!(index.type_number(Collection::Context, "malware"), Some(0));
        assert_eq!(index.type_number(Collection::Partners, "malware"), None);
    }
}
