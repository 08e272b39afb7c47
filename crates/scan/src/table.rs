//! A compact, read-only multimap from fingerprints to texts and numbers.
//!
//! Layout: a blocked Bloom filter; buckets by the top bits of the fingerprint (one `u32` each, as
//! many as entries); per entry a 32-bit tag, the end of its text and its number; and all texts in
//! one piece of memory, in the order of the entries.

/// Collects entries for a [`Table`].
#[derive(Default)]
pub(crate) struct Builder {
    /// Fingerprint, start and end of the text, number.
    entries: Vec<(u64, u32, u32, u32)>,
    texts: Vec<u8>,
}

impl Builder {
    /// Adds one entry; `false` where 4 GiB of texts or 2^32 entries are full.
    pub(crate) fn add(&mut self, fingerprint: u64, tag: u8, text: &[u8], number: u32) -> bool {
        let start = self.texts.len();
        let ends = u32::try_from(start + 1 + text.len());
        let (Ok(start), Ok(end), Ok(_)) =
            (u32::try_from(start), ends, u32::try_from(self.entries.len() + 1))
        else {
            return false;
        };
        self.texts.push(tag);
        self.texts.extend_from_slice(text);
        self.entries.push((fingerprint, start, end, number));
        true
    }

    /// The table of everything added; what was added twice is kept once.
    pub(crate) fn build(mut self) -> Table {
        let texts = std::mem::take(&mut self.texts);
        let text = |e: &(u64, u32, u32, u32)| &texts[e.1 as usize..e.2 as usize];
        self.entries.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| text(a).cmp(text(b))).then(a.3.cmp(&b.3))
        });
        self.entries.dedup_by(|a, b| (a.0, a.3) == (b.0, b.3) && text(a) == text(b));
        let n = self.entries.len();
        let bits = n.next_power_of_two().trailing_zeros().clamp(1, 31);
        let mut table = Table {
            filter: vec![0; (n / 4).max(1)],
            buckets: vec![0; (1 << bits) + 1],
            shift: 64 - bits,
            tags: Vec::with_capacity(n),
            ends: Vec::with_capacity(n),
            numbers: Vec::with_capacity(n),
            texts: Vec::with_capacity(texts.len()),
        };
        for entry in &self.entries {
            let (fingerprint, number) = (entry.0, entry.3);
            let (word, mask) = table.filter_place(fingerprint);
            table.filter[word] |= mask;
            table.buckets[(fingerprint >> table.shift) as usize + 1] += 1;
            table.tags.push(fingerprint as u32);
            table.texts.extend_from_slice(text(entry));
            table.ends.push(table.texts.len() as u32);
            table.numbers.push(number);
        }
        let mut sum = 0;
        for bucket in &mut table.buckets {
            sum += *bucket;
            *bucket = sum;
        }
        table
    }
}

/// See the module.
pub(crate) struct Table {
    filter: Vec<u64>,
    buckets: Vec<u32>,
    shift: u32,
    tags: Vec<u32>,
    ends: Vec<u32>,
    numbers: Vec<u32>,
    texts: Vec<u8>,
}

impl Table {
    /// Whether an entry with this fingerprint may exist; wrong in about one of a hundred cases.
    #[inline]
    pub(crate) fn may_have(&self, fingerprint: u64) -> bool {
        let (word, mask) = self.filter_place(fingerprint);
        self.filter[word] & mask == mask
    }

    /// The entries whose fingerprint is this one (or, rarely, shares 32 bits of it): tag, text,
    /// number. The caller compares the text.
    pub(crate) fn find(&self, fingerprint: u64) -> impl Iterator<Item = (u8, &[u8], u32)> {
        let range = if self.may_have(fingerprint) {
            let bucket = (fingerprint >> self.shift) as usize;
            self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize
        } else {
            0..0
        };
        range.filter(move |i| self.tags[*i] == fingerprint as u32).filter_map(|i| {
            let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
            let (tag, text) = self.texts[start..self.ends[i] as usize].split_first()?;
            Some((*tag, text, self.numbers[i]))
        })
    }

    /// Number of entries.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Bytes of memory held.
    pub(crate) fn bytes(&self) -> usize {
        self.filter.len() * 8
            + (self.buckets.len() + self.tags.len() + self.ends.len() + self.numbers.len()) * 4
            + self.texts.len()
    }

    /// Which word of the filter, and three bits in it.
    #[inline]
    fn filter_place(&self, fingerprint: u64) -> (usize, u64) {
        let word = ((fingerprint >> 32) * self.filter.len() as u64) >> 32;
        let bit = |shift: u32| 1u64 << ((fingerprint >> shift) & 63);
        (word as usize, bit(0) | bit(6) | bit(12))
    }
}
