//! The body of a large answer: pieces of memory that are sent as they are, without being joined.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

/// Pieces that make up a list of JSON values. Values are joined by commas.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    pieces: Vec<Bytes>,
    /// Text that is not a piece yet.
    open: Vec<u8>,
    /// The last run, which takes the comma behind it along if something follows.
    run: Option<(Bytes, Range<usize>)>,
}

impl Frames {
    /// Adds a run of values that stand in `body`, joined there, with a comma behind it.
    pub(crate) fn put_run(&mut self, body: &Bytes, range: Range<usize>) {
        self.end_run(true);
        if !self.open.is_empty() {
            self.open.push(b',');
            self.flush();
        }
        self.run = Some((body.clone(), range));
    }

    /// Adds one value.
    pub(crate) fn put_value(&mut self, value: &[u8]) {
        self.end_run(true);
        // A run before it brought its comma.
        if !self.open.is_empty() {
            self.open.push(b',');
        }
        self.open.extend_from_slice(value);
    }

    /// Text that is joined to nothing.
    pub(crate) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.open
    }

    /// Nothing follows.
    pub(crate) fn close(&mut self) {
        self.end_run(false);
        self.flush();
    }

    /// All of it in one piece.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.pieces.concat()
    }

    /// The body of an answer, between what it opens and ends with.
    pub(crate) fn into_body(self, opening: &'static [u8], ending: String) -> Body {
        let length =
            self.pieces.iter().map(Bytes::len).sum::<usize>() + opening.len() + ending.len();
        if length <= JOINED {
            let mut whole = Vec::with_capacity(length);
            whole.extend_from_slice(opening);
            self.pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
            whole.extend_from_slice(ending.as_bytes());
            return Body::from(whole);
        }
        let mut pieces = VecDeque::with_capacity(self.pieces.len() + 2);
        pieces.push_back(Bytes::from_static(opening));
        pieces.extend(self.pieces);
        pieces.push_back(Bytes::from(ending));
        Body::new(Pieces { pieces, left: length as u64 })
    }

    fn end_run(&mut self, more: bool) {
        let Some((body, range)) = self.run.take() else { return };
        let end = if more { range.end + 1 } else { range.end };
        if range.start <= end && end <= body.len() {
            self.pieces.push(body.slice(range.start..end));
        }
    }

    fn flush(&mut self) {
        if !self.open.is_empty() {
            self.pieces.push(std::mem::take(&mut self.open).into());
        }
    }
}

struct Pieces {
    pieces: VecDeque<Bytes>,
    left: u64,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        if let Some(piece) = &piece {
            self.left -= piece.len() as u64;
        }
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// An answer up to so many bytes is sent in one piece: one system call beats many.
const JOINED: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(frames: Frames) -> String {
        String::from_utf8(frames.into_bytes()).unwrap()
    }

    #[test]
    fn runs_and_values_are_joined_by_one_comma() {
        let body = Bytes::from_static(b"{a},{b},{c},{d},");
        let mut frames = Frames::default();
        frames.put_run(&body, 0..7);
        frames.put_run(&body, 12..15);
        frames.put_value(b"1");
        frames.put_value(b"2");
        frames.put_run(&body, 8..11);
        frames.close();
        // After values that are written out a run needs the comma in front.
        assert_eq!(joined(frames), "{a},{b},{d},1,2,{c}");
    }

    #[tokio::test]
    async fn a_large_body_says_its_length_and_is_the_same() {
        for size in [10, JOINED, 3 * JOINED] {
            let body = Bytes::from(["x".repeat(size), ",".into()].concat());
            let mut frames = Frames::default();
            frames.put_run(&body, 0..size);
            frames.put_run(&body, 0..size);
            frames.close();
            let body = frames.into_body(b"[", "]".to_owned());
            assert_eq!(body.size_hint().exact(), Some(2 * size as u64 + 3));
            let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            assert_eq!(whole, format!("[{0},{0}]", "x".repeat(size)));
        }
    }
}
