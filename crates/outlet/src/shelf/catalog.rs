//! The words of everything released, in memory, in the order of release.
//!
//! Texts stand one behind the other in pieces of about 64 KiB and are scanned with SIMD from the
//! newest piece backwards. That needs no index, finds the middle of a host and two characters of
//! Japanese, and costs some milliseconds for a million values. A row takes 16 bytes and its text:
//! for a million indicators about 60 MiB in all.
//!
//! Pieces are shared with whoever scans them, so a search holds no lock while it reads texts. What
//! was replaced by a newer version stays until it is half of its piece, and is left out meanwhile
//! because the index knows what is newest.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::facts::{About, Band, Facts, Sort};
use super::index::{Index, Place, Segment};
use crate::collection::Collection;

/// Bytes of text after which a new piece begins.
const PIECE_BYTES: usize = 64 * 1024;
/// Rows after which a new piece begins.
const PIECE_ROWS: usize = 4_096;
/// Most references that are remembered.
const MAX_LINKS: usize = 1_000_000;
/// Ends each text; no byte of UTF-8.
const END: u8 = 0xff;

/// One object of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) place: Place,
    /// Where its text ends in its piece, behind the byte that ends it.
    pub(super) end: u32,
    /// End of validity, seconds since 1970; `u32::MAX` where there is none.
    pub(super) until: u32,
    pub(super) sort: u8,
    pub(super) band: u8,
    pub(super) tlp: u8,
    flags: u8,
}

const REVOKED: u8 = 1;
const CONTEXT: u8 = 2;

impl Row {
    pub(super) fn revoked(&self) -> bool {
        self.flags & REVOKED != 0
    }

    pub(super) fn collection(&self) -> Collection {
        if self.flags & CONTEXT != 0 { Collection::Context } else { Collection::Signals }
    }
}

/// Some rows that follow each other, and their texts.
#[derive(Clone, Default)]
pub(super) struct Piece {
    pub(super) text: Vec<u8>,
    pub(super) rows: Vec<Row>,
}

impl Piece {
    /// The text of the row with this number, without its end.
    pub(super) fn text_of(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.rows.get(before));
        let start = start.map_or(0, |before| before.end as usize);
        let end = self.rows.get(row).map_or(start, |r| (r.end as usize).saturating_sub(1));
        self.text.get(start..end).unwrap_or_default()
    }

    fn add(&mut self, row: Row, text: &[u8]) {
        self.text.extend_from_slice(text);
        self.text.push(END);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.rows.push(Row { end, ..row });
    }

    fn is_full(&self) -> bool {
        self.text.len() >= PIECE_BYTES || self.rows.len() >= PIECE_ROWS
    }

    fn first(&self) -> Place {
        self.rows.first().map_or(Place::MAX, |row| row.place)
    }
}

/// Everything released that people may look for.
#[derive(Default)]
pub(super) struct Catalog {
    pieces: Vec<Arc<Piece>>,
    /// How many rows of each piece were replaced.
    replaced: Vec<usize>,
    /// Who refers to an id.
    referrers: HashMap<u128, Vec<Place>>,
    links: usize,
    /// Where the words of an object in another language are.
    translations: HashMap<u128, Place>,
    headlines: BTreeMap<Place, (Headline, u8)>,
}

/// A report of the context lane in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Its title in English.
    pub title: String,
    /// When it was published, microseconds since 1970.
    pub published: i64,
}

/// The words of objects in other languages that came together with them.
#[derive(Default)]
pub(super) struct Translations(HashMap<String, String>);

impl Translations {
    /// Collects them from all objects that came together.
    pub(super) fn of<'f>(facts: impl Iterator<Item = &'f Facts>) -> Self {
        let about = facts.filter_map(|f| f.about.as_ref());
        let pairs = about.filter_map(|a| Some((a.translates.clone()?, a.text.clone())));
        Self(pairs.collect())
    }
}

impl Catalog {
    /// Adds an object of a released segment. Its mark is in the index already.
    pub(super) fn add(
        &mut self,
        index: &Index,
        segment: &Segment,
        place: Place,
        facts: &Facts,
        translations: &Translations,
    ) {
        let Some(about) = &facts.about else { return };
        self.link(index, place, about);
        if about.sort == Sort::Part {
            return;
        }
        self.forget_earlier(index, segment.collection, place, &facts.id);
        if let (Some((title, published)), Collection::Context, false) =
            (about.headline.clone(), segment.collection, facts.revoked)
        {
            let headline = Headline { title, published };
            self.headlines.insert(place, (headline, facts.tlp.rank()));
        }
        let mut flags = if facts.revoked { REVOKED } else { 0 };
        if segment.collection == Collection::Context {
            flags |= CONTEXT;
        }
        let row = Row {
            place,
            end: 0,
            until: seconds(facts.until),
            sort: about.sort.number(),
            band: band_number(about.band),
            tlp: facts.tlp.rank(),
            flags,
        };
        if self.pieces.last().is_none_or(|p| p.is_full()) {
            self.pieces.push(Arc::default());
            self.replaced.push(0);
        }
        let Some(piece) = self.pieces.last_mut().map(Arc::make_mut) else { return };
        match translations.0.get(&facts.id) {
            Some(other) => piece.add(row, format!("{}\n{other}", about.text).as_bytes()),
            None => piece.add(row, about.text.as_bytes()),
        }
    }

    /// The pieces, oldest first, to be scanned without a lock.
    pub(super) fn pieces(&self) -> Vec<Arc<Piece>> {
        self.pieces.clone()
    }

    /// Places of the objects that refer to an id, oldest first.
    pub(super) fn referrers(&self, index: &Index, id: &str) -> &[Place] {
        self.referrers.get(&index.link_tag(id)).map_or(&[], Vec::as_slice)
    }

    /// Where the words of an object in another language are.
    pub(super) fn translation(&self, index: &Index, id: &str) -> Option<Place> {
        self.translations.get(&index.link_tag(id)).copied()
    }

    /// Reports that hold, newest first.
    pub(super) fn headlines(&self, index: &Index, clear_only: bool) -> Vec<Headline> {
        let newest = |place: &Place| index.mark(*place).is_some_and(|m| m.newest() && !m.gone());
        let all = self.headlines.iter().rev().filter(|(place, _)| newest(place));
        let seen = all.filter(|(_, (_, tlp))| !clear_only || *tlp == 0);
        seen.map(|(_, (headline, _))| headline.clone()).collect()
    }

    /// The row of a place.
    pub(super) fn row(&self, place: Place) -> Option<Row> {
        let piece = self.pieces.get(self.piece_of(place)?)?;
        let at = piece.rows.binary_search_by_key(&place, |row| row.place).ok()?;
        piece.rows.get(at).copied()
    }

    fn piece_of(&self, place: Place) -> Option<usize> {
        self.pieces.partition_point(|p| p.first() <= place).checked_sub(1)
    }

    fn link(&mut self, index: &Index, place: Place, about: &About) {
        if let Some(id) = &about.translates {
            self.translations.insert(index.link_tag(id), place);
            return;
        }
        for id in &about.links {
            if self.links < MAX_LINKS {
                self.referrers.entry(index.link_tag(id)).or_default().push(place);
                self.links += 1;
            }
        }
    }

    /// Counts the versions that this one replaces, and lets them go where they are too many.
    fn forget_earlier(&mut self, index: &Index, collection: Collection, place: Place, id: &str) {
        let mut earlier = index.newest_of(collection, id).filter(|other| *other != place);
        let Some(other) = earlier.next() else { return };
        self.headlines.remove(&other);
        let Some(number) = self.piece_of(other) else { return };
        // The last piece still grows.
        let Some(replaced) = self.replaced.get_mut(number) else { return };
        *replaced += 1;
        let Some(piece) = self.pieces.get(number) else { return };
        if *replaced * 2 <= piece.rows.len() || number + 1 == self.pieces.len() {
            return;
        }
        let mut kept = Piece::default();
        for (at, row) in piece.rows.iter().enumerate() {
            if index.mark(row.place).is_some_and(|m| m.newest() && !m.gone()) {
                kept.add(*row, piece.text_of(at));
            }
        }
        if kept.rows.is_empty() {
            self.pieces.remove(number);
            self.replaced.remove(number);
            return;
        }
        *replaced = 0;
        if let Some(slot) = self.pieces.get_mut(number) {
            *slot = Arc::new(kept);
        }
    }
}

/// The number a band is kept as.
pub(super) fn band_number(band: Band) -> u8 {
    Band::ALL.iter().position(|b| *b == band).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

/// Microseconds as seconds, rounded up; what has no end stays without one.
fn seconds(micros: i64) -> u32 {
    if micros == i64::MAX {
        return u32::MAX;
    }
    u32::try_from(micros.div_euclid(1_000_000) + 1).unwrap_or(if micros < 0 { 0 } else { u32::MAX })
}
