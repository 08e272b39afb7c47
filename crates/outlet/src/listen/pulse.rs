//! Whether a connection lives: counters that requests and writes touch, and one timer looks at.
//!
//! A timer that is set anew for every request is what most servers have; it costs more than the
//! rest of a small request's bookkeeping. Two counters and a look at them now and then say the same.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What happens on one connection. The counters guard no other data, so their order is free.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Requests whose header has come.
    begun: AtomicU64,
    /// Requests whose answer is not sent to its end.
    open: AtomicU64,
    /// Bytes the client's side took.
    written: AtomicU64,
    /// Whether the last write had to wait for the client.
    stuck: AtomicBool,
}

/// What a look at a connection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Something happened, or an answer is under way.
    Alive,
    /// No request is open, and none has begun since the last look.
    Idle,
    /// The client has taken no byte of its answer since the last look.
    Stuck,
}

/// What the last look saw.
#[derive(Debug, Default)]
pub(super) struct Look {
    begun: u64,
    written: u64,
    stuck: bool,
}

impl Pulse {
    /// A request begins; it is open until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Open {
        self.begun.fetch_add(1, Relaxed);
        self.open.fetch_add(1, Relaxed);
        Open(self.clone())
    }

    pub(super) fn has_open_requests(&self) -> bool {
        self.open.load(Relaxed) > 0
    }

    /// Compares with the last look, and remembers this one.
    pub(super) fn life(&self, last: &mut Look) -> Life {
        let now = Look {
            begun: self.begun.load(Relaxed),
            written: self.written.load(Relaxed),
            stuck: self.stuck.load(Relaxed),
        };
        let life = if now.stuck && last.stuck && now.written == last.written {
            Life::Stuck
        } else if now.begun == last.begun && !self.has_open_requests() {
            Life::Idle
        } else {
            Life::Alive
        };
        *last = now;
        life
    }
}

/// One open request.
#[derive(Debug)]
pub(super) struct Open(Arc<Pulse>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

/// The body of an answer. While it is sent, its request is open.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    _open: Open,
}

impl Answer {
    pub(super) fn new(body: Body, open: Open) -> Self {
        Self { body, _open: open }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket that tells its pulse what the client takes.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    fn note(&self, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &wrote {
            Poll::Pending => self.pulse.stuck.store(true, Relaxed),
            Poll::Ready(Ok(n)) => {
                self.pulse.stuck.store(false, Relaxed);
                self.pulse.written.fetch_add(u64::try_from(*n).unwrap_or(0), Relaxed);
            }
            Poll::Ready(Err(_)) => {}
        }
        wrote
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note(wrote)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note(wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_idle_only_between_requests() {
        let (pulse, mut look) = (Arc::new(Pulse::default()), Look::default());
        assert_eq!(pulse.life(&mut look), Life::Idle);
        let open = pulse.begin();
        assert_eq!(pulse.life(&mut look), Life::Alive);
        assert_eq!(pulse.life(&mut look), Life::Alive);
        drop(open);
        assert_eq!(pulse.life(&mut look), Life::Idle);
        // Begun and ended between two looks.
        drop(pulse.begin());
        assert_eq!(pulse.life(&mut look), Life::Alive);
        assert_eq!(pulse.life(&mut look), Life::Idle);
    }

    #[test]
    fn a_client_that_takes_nothing_is_stuck_and_a_slow_one_is_not() {
        let (pulse, mut look) = (Arc::new(Pulse::default()), Look::default());
        let _open = pulse.begin();
        pulse.stuck.store(true, Relaxed);
        assert_eq!(pulse.life(&mut look), Life::Alive);
        pulse.written.fetch_add(1, Relaxed);
        assert_eq!(pulse.life(&mut look), Life::Alive);
        assert_eq!(pulse.life(&mut look), Life::Stuck);
    }
}
