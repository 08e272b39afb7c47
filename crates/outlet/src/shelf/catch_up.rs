//! Taking in what is new: the only way for an object to become visible.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Bytes;
use noroshi_seal::Hash;
use noroshi_store::{Param, StoreError, Tx};

use super::catalog::Translations;
use super::deletion::Deletions;
use super::entries::EntryTag;
use super::facts::Facts;
use super::index::{Mark, Place, Segment};
use super::plan::Part;
use super::verify::{BatchRow, Checked, Verdict, missing, segment_again, segments_of};
use super::{Shelf, Trust, Turn, View, schema};
use crate::cursor::Position;
use crate::error::OutletError;
use crate::release::{Action, Release, Wave};

/// What one reading of the log brought.
struct Round {
    deletions: Option<Arc<Deletions>>,
    deleted: Vec<Place>,
    segments: Vec<Checked>,
    /// The newest tick of a release.
    tick: i64,
    /// Hash of the last head of `partners`.
    partners: Option<Hash>,
}

impl Shelf {
    /// Verifies the batches that came since the last time, makes their objects visible, tells the
    /// listeners, and reads the credentials again where they changed.
    pub(super) async fn catch_up(&self) -> Result<(), OutletError> {
        let mut turn = self.0.turn.lock().await;
        self.catch_up_in(&mut turn).await
    }

    /// The same for one whose turn it is.
    pub(super) async fn catch_up_in(&self, turn: &mut Turn) -> Result<(), OutletError> {
        let counters = self
            .0
            .store
            .read("counters", |tx| {
                tx.query(schema::COUNTERS, &[], |row| Ok((row.text(0)?, row.int(1)?)))
            })
            .await?;
        let counter =
            |name: &str| counters.iter().find(|(n, _)| n == name).map_or(0, |(_, value)| *value);
        self.refresh_credentials(counter("credentials")).await?;
        self.refresh_documents(counter("documents")).await?;
        let (last, deletions) = (counter("sequence"), counter("deletions"));
        turn.partners_date = counter("partners_date_added");
        while self.through() < last || turn.deletions.read < deletions {
            let before = (self.through(), turn.deletions.read);
            let round = self.read_round(turn, last).await?;
            turn.last_partner_head = round.partners.or(turn.last_partner_head);
            self.show(round.segments, round.tick);
            // Counted as read when it is done: whoever waits for this may give up in between.
            if let Some(deletions) = round.deletions {
                self.take_out(&deletions, round.deleted).await?;
                turn.deletions = deletions;
            }
            if before == (self.through(), turn.deletions.read) {
                // The rows of the last batches are gone.
                let end = Place::try_from(last).unwrap_or(Place::MAX);
                let lost = Place::try_from(before.0).ok().and_then(|next| missing(next, end));
                self.show(lost.into_iter().collect(), 0);
                break;
            }
        }
        Ok(())
    }

    /// Sends what became visible to the open streams: `fresh` are all releases after `from`.
    pub(super) fn tell(&self, from: Position, tick: i64, fresh: &[Arc<Release>]) {
        // No listener is no error.
        let _ = self.0.waves.send(Arc::new(Wave::new(from, self.end(), tick, fresh)));
    }

    async fn read_round(&self, turn: &Turn, last: i64) -> Result<Round, OutletError> {
        let (trust, known) = (self.0.trust.clone(), Arc::clone(&turn.deletions));
        // At start the whole shelf passes by here; only its end is worth keeping.
        let window = i64::try_from(self.0.window).unwrap_or(i64::MAX);
        let keep_after = last.saturating_sub(window);
        let through = self.through();
        let read = move |tx: &mut Tx<'_>| round(tx, &trust, &known, through, keep_after);
        Ok(self.0.store.read("catch-up", read).await?)
    }

    /// Makes verified segments visible, and tells the listeners.
    fn show(&self, segments: Vec<Checked>, tick: i64) {
        let mut fresh = Vec::new();
        let mut rejected = 0;
        let facts = segments.iter().flat_map(|s| &s.objects).filter_map(|o| o.verdict.facts());
        let translations = Translations::of(facts);
        let mut view = self.view_mut();
        view.newest_tick = view.newest_tick.max(tick);
        let before = view.end;
        let mut from = before;
        for checked in segments {
            rejected += checked.bad();
            let objects: Vec<_> =
                checked.objects.iter().map(|o| (o.verdict.facts(), o.length)).collect();
            let body = checked.body.as_ref();
            fresh.extend(view.take_in(&checked.segment, &objects, body, &translations));
            if fresh.is_empty() {
                // What is not kept in memory, listeners read from the shelf.
                from = view.end;
            }
        }
        let grown = before < view.end;
        drop(view);
        if grown {
            self.tell(from, tick, &fresh);
        }
        if rejected > 0 {
            self.reject(rejected);
            tracing::error!(rejected, "rows of the shelf fail verification");
        }
    }

    /// Takes deleted objects out of the view: their segments were written anew.
    async fn take_out(
        &self,
        deletions: &Arc<Deletions>,
        places: Vec<Place>,
    ) -> Result<(), OutletError> {
        let numbers: BTreeSet<usize> = {
            let view = self.view();
            places.iter().filter_map(|place| view.index.segment_at(*place)).collect()
        };
        for number in numbers {
            self.look_again(deletions, number).await?;
        }
        Ok(())
    }

    /// Verifies a segment again that is not what it was: another process deleted objects, or
    /// somebody changed it. What is not signed is never served again.
    pub(super) async fn recheck(&self, number: usize) -> Result<(), OutletError> {
        let mut turn = self.0.turn.lock().await;
        self.catch_up_in(&mut turn).await?;
        self.look_again(&turn.deletions, number).await
    }

    /// The same for one whose turn it is, without taking in what is new.
    pub(super) async fn look_again(
        &self,
        deletions: &Arc<Deletions>,
        number: usize,
    ) -> Result<(), OutletError> {
        let Some(segment) = self.view().index.segment(number).copied() else { return Ok(()) };
        let (trust, deletions) = (self.0.trust.clone(), Arc::clone(deletions));
        let read = move |tx: &mut Tx<'_>| {
            // Those stated since, too: the segment may be as new as this snapshot.
            let mut deletions = Arc::clone(&deletions);
            Deletions::read_on(&mut deletions, tx, &trust)?;
            segment_again(tx, &trust, &segment, &deletions)
        };
        let found = self.0.store.read("recheck", read).await?;
        let found = found.or_else(|| missing(segment.first, segment.places().end));
        let Some(found) = found else { return Ok(()) };
        let mut view = self.view_mut();
        let rejected = view.replace(number, &found);
        drop(view);
        if rejected > 0 {
            self.reject(rejected);
            tracing::error!(rejected, "rows of the shelf were changed");
        }
        Ok(())
    }

    /// The last sequence number that has been looked at.
    pub(super) fn through(&self) -> i64 {
        i64::try_from(self.view().index.len()).unwrap_or(i64::MAX)
    }
}

fn round(
    tx: &mut Tx<'_>,
    trust: &Trust,
    known: &Arc<Deletions>,
    through: i64,
    keep_after: i64,
) -> Result<Round, StoreError> {
    let mut deletions = Arc::clone(known);
    let deleted = Deletions::read_on(&mut deletions, tx, trust)?;
    let params = [Param::from(through + 1), Param::from(BATCHES_AT_ONCE)];
    let (mut batches, mut objects) = (Vec::new(), 0);
    tx.each(schema::BATCHES_FROM, &params, |row| {
        if objects < OBJECTS_AT_ONCE {
            let batch = BatchRow::read(row)?;
            objects += batch.places().map_or(0, |places| places.len());
            batches.push(batch);
        }
        Ok(())
    })?;
    let mut round =
        Round { deletions: None, deleted, segments: Vec::new(), tick: 0, partners: None };
    let mut next = Place::try_from(through).unwrap_or(Place::MAX);
    for batch in &batches {
        let Some(Range { start: first, end }) = batch.places() else { continue };
        // Rows between batches belong to a batch that was deleted.
        round.segments.extend(missing(next, first));
        if first < next {
            continue;
        }
        let signed = batch.check(trust);
        match &signed {
            Some(s) if s.collection.is_released() => round.tick = round.tick.max(s.tick),
            Some(s) => round.partners = Some(s.hash),
            None => {}
        }
        let keep = |last: Place| i64::from(last) + 1 > keep_after;
        round.segments.extend(segments_of(
            tx,
            batch,
            first..end,
            signed.as_ref(),
            &deletions,
            keep,
        )?);
        next = end;
    }
    round.deletions = (deletions.read != known.read).then_some(deletions);
    Ok(round)
}

impl Checked {
    /// How many objects failed.
    fn bad(&self) -> u64 {
        let bad = self.objects.iter().filter(|o| matches!(o.verdict, Verdict::Bad));
        u64::try_from(bad.count()).unwrap_or(u64::MAX)
    }
}

impl View {
    /// Adds the next segment to every index; answers the releases in it where its body is given.
    pub(super) fn take_in(
        &mut self,
        segment: &Segment,
        objects: &[(Option<&Facts>, u32)],
        body: Option<&Bytes>,
        translations: &Translations,
    ) -> Vec<Arc<Release>> {
        self.index.push(*segment, objects);
        if let Some(body) = body {
            self.window.push(segment, body.clone());
        }
        let good = objects.iter().filter(|(facts, _)| facts.is_some()).count();
        let good = u64::try_from(good).unwrap_or(u64::MAX);
        self.verified += good;
        if !segment.collection.is_released() {
            return Vec::new();
        }
        self.releases += good;
        let (mut fresh, mut at) = (Vec::new(), 0);
        for (place, (facts, length)) in segment.places().zip(objects) {
            let start = at;
            let mark = self.index.mark(place);
            at += mark.map_or(0, Mark::stored);
            let Some(facts) = facts else { continue };
            let position = self.index.position(place);
            let oldest = mark.is_some_and(Mark::oldest);
            self.end = self.end.max(position);
            self.list(position, facts);
            self.catalog.add(&self.index, segment, place, facts, translations);
            let json =
                body.and_then(|b| b.get(start..start + *length as usize).map(|j| b.slice_ref(j)));
            fresh.extend(json.map(|json| {
                Arc::new(Release {
                    position,
                    tlp: facts.tlp,
                    action: Action::of(facts.revoked, oldest),
                    json,
                })
            }));
        }
        fresh
    }

    /// Keeps a segment that was read ahead, unless it was written anew meanwhile.
    pub(super) fn keep(&mut self, part: Part) {
        let current = self.index.segment(part.number).is_some_and(|s| s.digest == part.digest);
        if let Some(body) = part.body.filter(|_| current) {
            self.window.keep_ahead(part.first, body);
        }
    }

    /// Notes the block list lines of an object.
    fn list(&mut self, position: Position, facts: &Facts) {
        if facts.revoked {
            return;
        }
        let tlp = i64::from(facts.tlp.rank());
        for (kind, value) in &facts.entries {
            let (sequence, value) = (position.sequence, value.as_bytes());
            self.entries.accept(EntryTag::new(sequence, kind.as_str(), value, facts.until, tlp));
        }
    }

    /// Replaces what is known of a segment; answers how many of its objects are lost.
    fn replace(&mut self, number: usize, found: &Checked) -> u64 {
        let released = self.index.segment(number).is_some_and(|s| s.collection.is_released());
        let mut rejected = 0;
        for (place, object) in found.segment.places().zip(&found.objects) {
            let was_gone = self.index.mark(place).is_none_or(Mark::gone);
            let erased = match object.verdict {
                Verdict::Good(_) => {
                    // It stays away where it was changed before, but it has its own length again.
                    self.index.measure(place, object.length);
                    continue;
                }
                Verdict::Deleted => true,
                Verdict::Bad => false,
            };
            self.index.remove(place, object.length);
            if !was_gone {
                self.verified = self.verified.saturating_sub(1);
                if released {
                    self.releases = self.releases.saturating_sub(1);
                }
                rejected += u64::from(!erased);
            }
        }
        self.index.renew(number, found.segment.digest);
        self.window.forget(found.segment.first);
        rejected
    }
}

impl Verdict {
    /// The facts of an object that may be served.
    fn facts(&self) -> Option<&Facts> {
        match self {
            Verdict::Good(facts) => Some(facts),
            Verdict::Deleted | Verdict::Bad => None,
        }
    }
}

/// How many batch heads are read at once.
const BATCHES_AT_ONCE: i64 = 256;
/// How many objects are read at once, unless one batch has more.
const OBJECTS_AT_ONCE: usize = 10_000;
