//! How long it takes from a tick until the first reader has what it released, for each way out.
//!
//! Nobody is told apart here: of each tick and each way only the first reading counts, whoever it
//! was, so the figures say how fast the outlet is and nothing of who reads.

use std::sync::{Mutex, PoisonError};

/// A way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The stream of events.
    Stream,
    /// TAXII.
    Taxii,
    /// Block lists.
    Lists,
}

/// Upper ends of the classes, in seconds; above the last one there is one more class.
pub const DELIVERY_SECONDS: [u64; 9] = [1, 2, 5, 10, 15, 20, 30, 60, 300];

/// How many ticks were first read within which time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Each class alone, the last one for what took longer than all ends.
    pub classes: [u64; DELIVERY_SECONDS.len() + 1],
}

impl Delivered {
    /// All ticks counted.
    pub fn total(&self) -> u64 {
        self.classes.iter().sum()
    }
}

/// The figures of all ways.
#[derive(Debug, Default)]
pub(crate) struct Deliveries([Mutex<Way>; 3]);

#[derive(Debug, Default)]
struct Way {
    /// The last tick that was read, microseconds.
    last: i64,
    delivered: Delivered,
}

impl Channel {
    /// Every way out.
    pub const ALL: [Channel; 3] = [Channel::Stream, Channel::Taxii, Channel::Lists];

    fn index(self) -> usize {
        match self {
            Channel::Stream => 0,
            Channel::Taxii => 1,
            Channel::Lists => 2,
        }
    }
}

impl Deliveries {
    /// What was released before `tick` is old news.
    pub(crate) fn begin(&self, tick: i64) {
        for way in &self.0 {
            let mut way = lock(way);
            way.last = way.last.max(tick);
        }
    }

    /// Somebody got everything up to `tick` at the instant `now` (microseconds).
    pub(crate) fn note(&self, channel: Channel, tick: i64, now: i64) {
        let Some(way) = self.0.get(channel.index()) else { return };
        let mut way = lock(way);
        if tick <= way.last {
            return;
        }
        way.last = tick;
        let waited = u64::try_from(now.saturating_sub(tick)).unwrap_or(0);
        let class = DELIVERY_SECONDS.iter().position(|end| waited <= end * 1_000_000);
        let class = class.unwrap_or(DELIVERY_SECONDS.len());
        if let Some(count) = way.delivered.classes.get_mut(class) {
            *count += 1;
        }
    }

    pub(crate) fn of(&self, channel: Channel) -> Delivered {
        self.0.get(channel.index()).map(|way| lock(way).delivered).unwrap_or_default()
    }
}

fn lock(way: &Mutex<Way>) -> std::sync::MutexGuard<'_, Way> {
    way.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_tick_the_first_reading_counts() {
        let all = Deliveries::default();
        all.begin(10);
        all.note(Channel::Taxii, 10, 99_000_000);
        assert_eq!(all.of(Channel::Taxii).total(), 0, "read before the start");
        all.note(Channel::Taxii, 1_000_000, 1_500_000);
        all.note(Channel::Taxii, 1_000_000, 400_000_000);
        all.note(Channel::Taxii, 2_000_000, 400_000_000);
        let taxii = all.of(Channel::Taxii);
        assert_eq!((taxii.classes[0], taxii.classes[9], taxii.total()), (1, 1, 2));
        assert_eq!(all.of(Channel::Stream).total(), 0);
    }
}
