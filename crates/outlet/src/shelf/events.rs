//! Releases for a listener of the stream that is behind.

use super::Shelf;
use super::index::Place;
use super::plan::What;
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;

impl Shelf {
    /// Events for a listener that is behind, and the place they lead to. No events and the same
    /// place mean that there are none.
    pub(crate) async fn events_after(
        &self,
        after: Position,
        clear_only: bool,
    ) -> Result<(Vec<u8>, Position), OutletError> {
        let places = self.released_after(after);
        let Some(last) = places.last().copied() else { return Ok((Vec::new(), after)) };
        let end = self.view().index.position(last);
        let wanted = |shelf: &Shelf| {
            let view = shelf.view();
            let shown = places.iter().copied().filter(|place| {
                view.index.mark(*place).is_some_and(|mark| !clear_only || mark.tlp == 0)
            });
            view.plan_places(shown)
        };
        let page = self.read_planned(None, What::Events, wanted).await?;
        Ok((page.items.into_bytes(), end))
    }

    /// The next releases after a place, in the order of the log.
    fn released_after(&self, after: Position) -> Vec<Place> {
        let view = self.view();
        let of = |collection| view.index.after(collection, after).iter().take(EVENTS_AT_ONCE);
        let mut places: Vec<Place> =
            of(Collection::Signals).chain(of(Collection::Context)).copied().collect();
        places.sort_unstable();
        places.truncate(EVENTS_AT_ONCE);
        places
    }
}

/// How many objects a listener that is behind gets at once.
const EVENTS_AT_ONCE: usize = 512;
