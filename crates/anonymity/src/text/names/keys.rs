//! A multimap from hashes, made for asking millions of times for what is not there: a bitmap that
//! stays in the cache answers those.

/// Bits of a bitmap per key: one question in sixteen gets past it in vain.
const BITS_PER_KEY: usize = 16;

/// A set of hashes that sometimes says yes for another.
pub(super) struct Bits {
    words: Vec<u64>,
    /// How far a hash is shifted to be a place in `words`.
    shift: u32,
}

impl Bits {
    pub(super) fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        let count = (hashes.len() * BITS_PER_KEY).next_power_of_two().max(64);
        let mut bits = Self { words: vec![0; count / 64], shift: 64 - count.ilog2() };
        for hash in hashes {
            let bit = place(hash, bits.shift);
            if let Some(word) = bits.words.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
        }
        bits
    }

    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let bit = place(hash, self.shift);
        self.words.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

/// Entries by 64-bit hash.
pub(super) struct Keys {
    bits: Bits,
    /// Where the entries of each bucket begin, and where the last ends.
    buckets: Vec<u32>,
    bucket_shift: u32,
    entries: Vec<Entry>,
}

/// What a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The low half of the hash; the high half chose the bucket.
    low: u32,
    /// Number of the pattern.
    pub(super) pattern: u32,
    /// Whatever lets most candidates be refused without looking at the pattern.
    pub(super) hint: u32,
}

/// A hash of up to eight bytes, given as one number.
pub(super) fn hash(bytes: u64) -> u64 {
    let x = bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// The first `length` of eight bytes, the rest zero.
pub(super) fn first(eight: u64, length: usize) -> u64 {
    match u32::try_from(length) {
        Ok(n @ 0..8) => eight & ((1 << (8 * n)) - 1),
        _ => eight,
    }
}

impl Keys {
    /// From hashes with their pattern and hint.
    pub(super) fn new(mut given: Vec<(u64, u32, u32)>) -> Self {
        given.sort_unstable();
        given.dedup();
        let buckets = given.len().next_power_of_two();
        let bucket_shift = (64 - buckets.ilog2()).min(63);
        let mut keys = Self {
            bits: Bits::new(given.iter().map(|(hash, ..)| *hash).collect()),
            buckets: Vec::with_capacity(buckets + 2),
            bucket_shift,
            entries: Vec::with_capacity(given.len()),
        };
        for (hash, pattern, hint) in given {
            // Sorted by hash, so by bucket too.
            while keys.buckets.len() <= place(hash, keys.bucket_shift) {
                keys.buckets.push(u32::try_from(keys.entries.len()).unwrap_or(u32::MAX));
            }
            keys.entries.push(Entry { low: low(hash), pattern, hint });
        }
        let end = u32::try_from(keys.entries.len()).unwrap_or(u32::MAX);
        keys.buckets.resize((1 << (64 - bucket_shift)) + 1, end);
        keys
    }

    /// Whether no key was given.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries of a hash; very rarely also of another.
    #[inline]
    pub(super) fn of(&self, hash: u64) -> impl Iterator<Item = Entry> {
        let bucket = if self.bits.may_have(hash) { self.bucket(hash) } else { &[] };
        bucket.iter().filter(move |e| e.low == low(hash)).copied()
    }

    fn bucket(&self, hash: u64) -> &[Entry] {
        let bucket = place(hash, self.bucket_shift);
        let at = |i: usize| self.buckets.get(i).and_then(|b| usize::try_from(*b).ok());
        let range = at(bucket).zip(at(bucket + 1));
        range.and_then(|(from, to)| self.entries.get(from..to)).unwrap_or_default()
    }
}

/// The high bits of a hash as an index.
fn place(hash: u64, shift: u32) -> usize {
    usize::try_from(hash.checked_shr(shift).unwrap_or(0)).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(hash: u64) -> u32 {
    hash as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gives_what_was_given(
            given in proptest::collection::vec((0_u64..500, 0_u32..9, 0_u32..3), 0..300),
        ) {
            let keys = Keys::new(given.iter().map(|(k, p, h)| (hash(*k), *p, *h)).collect());
            for key in 0..600 {
                let mut expected: Vec<(u32, u32)> =
                    given.iter().filter(|g| g.0 == key).map(|g| (g.1, g.2)).collect();
                expected.sort_unstable();
                expected.dedup();
                let mut found: Vec<(u32, u32)> =
                    keys.of(hash(key)).map(|e| (e.pattern, e.hint)).collect();
                found.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
