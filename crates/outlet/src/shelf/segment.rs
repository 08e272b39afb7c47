//! How objects lie in the log: pieces of a batch, each object followed by a comma, so that a page
//! is cut out of them and never written again.

use axum::body::Bytes;
use noroshi_store::{Row, StoreError};

/// A segment is closed when it has this many bytes: small enough that one object is found without
/// reading much, large enough that a page is few reads.
const TARGET_BYTES: usize = 64 * 1024;

/// A segment as it is stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// Bytes of each object; 0 for one that was deleted.
    pub(super) lengths: Vec<u32>,
    /// The objects, each followed by a comma.
    pub(super) body: Bytes,
}

#[derive(Default)]
struct Packer {
    lengths: Vec<u32>,
    body: Vec<u8>,
}

impl Packer {
    fn push(&mut self, object: &[u8]) {
        // Objects are at most as large as a request body; far below 4 GiB.
        self.lengths.push(u32::try_from(object.len()).unwrap_or(0));
        self.body.extend_from_slice(object);
        self.body.push(b',');
    }

    fn close(&mut self) -> Packed {
        let Self { lengths, body } = std::mem::take(self);
        Packed { lengths, body: body.into() }
    }
}

impl Packed {
    /// Cuts objects into segments, in their order.
    pub(super) fn cut<'a>(objects: impl Iterator<Item = &'a [u8]>) -> Vec<Self> {
        let (mut segments, mut open) = (Vec::new(), Packer::default());
        for object in objects {
            if !open.lengths.is_empty() && open.body.len() + object.len() > TARGET_BYTES {
                segments.push(open.close());
            }
            open.push(object);
        }
        if !open.lengths.is_empty() {
            segments.push(open.close());
        }
        segments
    }

    /// The digest under which the body is recognised.
    pub(super) fn digest(&self) -> [u8; 32] {
        digest(&self.body)
    }

    /// The `lengths` column: four bytes each, big-endian.
    pub(super) fn lengths_column(&self) -> Vec<u8> {
        self.lengths.iter().flat_map(|length| length.to_be_bytes()).collect()
    }

    /// The same segment without the objects at these places, counted from its first.
    pub(super) fn without(lengths: &[u32], body: &[u8], gone: &[usize]) -> Self {
        let mut kept = Packer::default();
        for (at, object) in split(lengths, body).enumerate() {
            match object {
                Some(object) if !gone.contains(&at) => kept.push(object),
                _ => kept.lengths.push(0),
            }
        }
        kept.close()
    }
}

/// The digest of a segment's body. Not a signature: it says that the bytes are those whose objects
/// were verified one by one.
pub(super) fn digest(body: &[u8]) -> [u8; 32] {
    *blake3::hash(body).as_bytes()
}

/// One row of the segment table.
pub(super) struct SegmentRow<'a> {
    pub(super) first_sequence: i64,
    pub(super) contributor: &'a [u8],
    pub(super) lengths: Vec<u32>,
    pub(super) body: &'a [u8],
}

impl<'a> SegmentRow<'a> {
    /// Reads the columns of [`super::schema::SEGMENTS`].
    pub(super) fn read(row: &'a Row<'_>) -> Result<Self, StoreError> {
        let (lengths, _) = row.blob_ref(2)?.as_chunks::<4>();
        Ok(Self {
            first_sequence: row.int(0)?,
            contributor: row.blob_ref(1)?,
            lengths: lengths.iter().map(|l| u32::from_be_bytes(*l)).collect(),
            body: row.blob_ref(3)?,
        })
    }

    /// The objects in order; `None` where one was deleted or does not lie in the body before a
    /// comma.
    pub(super) fn objects(&self) -> impl Iterator<Item = Option<&'a [u8]>> + use<'_, 'a> {
        split(&self.lengths, self.body)
    }
}

/// The objects of these lengths in a body, in order; `None` where there is none.
pub(super) fn split<'a, 'l>(
    lengths: &'l [u32],
    body: &'a [u8],
) -> impl Iterator<Item = Option<&'a [u8]>> + use<'a, 'l> {
    let mut rest = body;
    lengths.iter().map(move |length| {
        let length = *length as usize;
        // The comma is checked too: whole runs of objects are served with those between them.
        if length == 0 || rest.get(length) != Some(&b',') {
            return None;
        }
        let (object, after) = rest.split_at(length);
        rest = after.get(1..).unwrap_or_default();
        Some(object)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_cut_comes_back(objects in proptest::collection::vec("[a-z]{1,40}", 0..60)) {
            let segments = Packed::cut(objects.iter().map(String::as_bytes));
            let back: Vec<_> = segments
                .iter()
                .flat_map(|s| split(&s.lengths, &s.body).map(|o| String::from_utf8_lossy(o.unwrap()).into_owned()))
                .collect();
            prop_assert_eq!(back, objects);
        }

        #[test]
        fn any_row_gives_an_answer(lengths: Vec<u32>, body: Vec<u8>) {
            prop_assert_eq!(split(&lengths, &body).count(), lengths.len());
        }

        #[test]
        fn what_is_taken_out_is_gone(gone in proptest::collection::vec(0usize..6, 0..6)) {
            let objects = ["{a}", "{bb}", "{ccc}", "{d}", "{ee}", "{f}"];
            let whole = Packed::cut(objects.iter().map(|o| o.as_bytes())).remove(0);
            let kept = Packed::without(&whole.lengths, &whole.body, &gone);
            for (at, object) in split(&kept.lengths, &kept.body).enumerate() {
                let want = (!gone.contains(&at)).then(|| objects[at].as_bytes());
                prop_assert_eq!(object, want);
            }
        }
    }

    #[test]
    fn a_large_object_has_a_segment_of_its_own() {
        let (small, large) = (vec![b'x'; 100], vec![b'y'; 3 * TARGET_BYTES]);
        let segments = Packed::cut([&small[..], &large, &small, &small].into_iter());
        let counts: Vec<_> = segments.iter().map(|s| s.lengths.len()).collect();
        assert_eq!(counts, [1, 1, 2]);
    }
}
