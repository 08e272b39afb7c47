//! Where a reader is: the opaque `next` of TAXII and the event id of the stream.
//!
//! A cursor is stateless: it holds the position of the last object the reader got. Positions are
//! pairs of the time an object was added and its sequence number, so that equal times cannot lose
//! or repeat an object. The cursor also says what it is a place in, because a place in one
//! collection means nothing in another; a cursor that was cut, changed or taken elsewhere is
//! refused instead of answering something plausible.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// A place on the shelf: everything up to and including this object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// When the object was added, microseconds since the epoch.
    pub(crate) date_added: i64,
    /// The object's sequence number.
    pub(crate) sequence: i64,
}

impl Position {
    /// Before everything.
    pub(crate) const START: Position = Position { date_added: i64::MIN, sequence: i64::MIN };

    /// After everything that was added at `date_added` or before, as `added_after` means it.
    pub(crate) const fn after(date_added: i64) -> Self {
        Self { date_added, sequence: i64::MAX }
    }

    /// The cursor text of this place in `scope`.
    pub(crate) fn to_cursor(self, scope: &str) -> String {
        let mut bytes = [0; LEN];
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&self.date_added.to_be_bytes());
        bytes[9..17].copy_from_slice(&self.sequence.to_be_bytes());
        let check = checksum(scope, &bytes[..17]);
        bytes[17..].copy_from_slice(&check);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads a cursor that was made for `scope`; `None` for anything else.
    pub(crate) fn from_cursor(text: &str, scope: &str) -> Option<Self> {
        // The length first: what clients send may be long.
        if text.len() != TEXT_LEN {
            return None;
        }
        let bytes: [u8; LEN] = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()?;
        if bytes[0] != VERSION || bytes[17..] != checksum(scope, &bytes[..17]) {
            return None;
        }
        Some(Self {
            date_added: i64::from_be_bytes(bytes[1..9].try_into().ok()?),
            sequence: i64::from_be_bytes(bytes[9..17].try_into().ok()?),
        })
    }
}

/// The scope of event ids of the stream.
pub(crate) const STREAM_SCOPE: &str = "stream";

const VERSION: u8 = 1;
const LEN: usize = 21;
const TEXT_LEN: usize = 28;

/// Four bytes against accidents. Not a secret: a reader may go to any place it likes.
fn checksum(scope: &str, bytes: &[u8]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(b"noroshi/1/cursor\0")
        .chain_update(scope.as_bytes())
        .chain_update([0])
        .chain_update(bytes)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn leads_back_and_only_in_its_scope(date_added: i64, sequence: i64) {
            let p = Position { date_added, sequence };
            let text = p.to_cursor("a");
            prop_assert_eq!(Position::from_cursor(&text, "a"), Some(p));
            prop_assert_eq!(Position::from_cursor(&text, "b"), None);
        }

        #[test]
        fn garbage_is_refused(text in ".{0,60}") {
            prop_assert_eq!(Position::from_cursor(&text, "a"), None);
        }

        #[test]
        fn one_changed_letter_is_refused(sequence: i64, at in 0usize..28) {
            let text = Position { date_added: 5, sequence }.to_cursor("a");
            let mut bytes = text.into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(Position::from_cursor(&text, "a"), None);
        }
    }
}
