//! Reading single objects for people: their bytes, who refers to them, their versions.

use axum::body::Bytes;

use super::index::{Mark, Place};
use super::{Shelf, View};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;

/// One object with where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Picked {
    pub(crate) place: Place,
    pub(crate) position: Position,
    /// Its bytes as they were signed.
    pub(crate) json: Bytes,
    /// Whether it is the first version of its id.
    pub(crate) oldest: bool,
}

/// One version of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VersionAt {
    pub(crate) place: Place,
    /// Microseconds.
    pub(crate) version: i64,
    /// When it was added, microseconds.
    pub(crate) added: i64,
}

/// An object of a released collection, and what stands around it.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    pub(crate) place: Place,
    pub(crate) collection: Collection,
    /// Versions that may be seen, the newest first.
    pub(crate) versions: Vec<VersionAt>,
    /// Newest versions of objects that refer to it.
    pub(crate) referrers: Vec<Place>,
    pub(crate) translation: Option<Place>,
}

impl Shelf {
    /// Reads the objects at these places; what is gone meanwhile is left out. In the order asked
    /// for.
    pub(crate) async fn pick(&self, places: &[Place]) -> Result<Vec<Picked>, OutletError> {
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let items = self.read_items(move |shelf| shelf.view().plan_places(sorted.iter().copied()));
        let mut items = items.await?;
        let at = |position: Position| Place::try_from(position.sequence - 1).unwrap_or(Place::MAX);
        let mut order: Vec<Picked> = Vec::with_capacity(items.len());
        for place in places {
            let Some(found) = items.iter().position(|(item, _)| at(item.position) == *place) else {
                continue;
            };
            let (item, json) = items.swap_remove(found);
            let (position, oldest) = (item.position, item.oldest);
            order.push(Picked { place: *place, position, json, oldest });
        }
        Ok(order)
    }

    /// What stands around the newest version of an object; `None` where there is none, or it may
    /// not be seen.
    pub(crate) fn around(&self, id: &str, clear_only: bool) -> Option<Surroundings> {
        let view = self.view();
        let place = view.current(id).filter(|place| view.shows(*place, clear_only))?;
        let segment = view.index.segment(view.index.segment_at(place)?)?;
        let collection = segment.collection;
        let mut versions = view.index.of_id(collection, id);
        versions.reverse();
        let seen = versions.into_iter().filter(|place| view.shows(*place, clear_only));
        let versions = seen.filter_map(|place| {
            let added = view.index.position(place).date_added;
            Some(VersionAt { place, version: view.index.mark(place)?.version, added })
        });
        Some(Surroundings {
            place,
            collection,
            versions: versions.take(MAX_VERSIONS).collect(),
            referrers: view.referrers(id, clear_only),
            translation: view.translation(id, clear_only),
        })
    }

    /// The newest versions of these ids that may be seen.
    pub(crate) fn places_of(&self, ids: &[String], clear_only: bool) -> Vec<Place> {
        let view = self.view();
        let places = ids.iter().filter_map(|id| view.current(id));
        places.filter(|place| view.shows(*place, clear_only)).collect()
    }

    /// The words of these objects in another language.
    pub(crate) fn translations_of(&self, ids: &[String], clear_only: bool) -> Vec<Place> {
        let view = self.view();
        ids.iter().filter_map(|id| view.translation(id, clear_only)).collect()
    }
}

impl View {
    fn shows(&self, place: Place, clear_only: bool) -> bool {
        let seen = |m: &Mark| !m.gone() && (!clear_only || m.tlp == 0);
        self.index.mark(place).is_some_and(seen)
    }

    fn is_current(&self, place: Place, clear_only: bool) -> bool {
        self.shows(place, clear_only) && self.index.mark(place).is_some_and(Mark::newest)
    }

    fn referrers(&self, id: &str, clear_only: bool) -> Vec<Place> {
        let all = self.catalog.referrers(&self.index, id).iter().rev().copied();
        all.filter(|place| self.is_current(*place, clear_only)).take(MAX_REFERRERS).collect()
    }

    fn translation(&self, id: &str, clear_only: bool) -> Option<Place> {
        self.catalog.translation(&self.index, id).filter(|p| self.is_current(*p, clear_only))
    }
}

/// Most versions that are shown of an object.
const MAX_VERSIONS: usize = 50;
/// Most objects that refer to one.
const MAX_REFERRERS: usize = 40;
