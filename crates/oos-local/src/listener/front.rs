//! What stands between the socket and hyper: reads the heads of requests, takes their targets out,
//! and watches the time.
//!
//! Official clients put all parameters into the query, and templates make that longer than the
//! 65,534 bytes that `http::Uri` holds, so hyper can not be given such a request. The [`Framer`]
//! hands on every request with the target `/` and keeps the real one in [`Arrivals`], in the order
//! in which hyper will ask for them. To know where a request ends it has to read how its body is
//! framed, and two readers of one stream must not differ about that: what is ambiguous is refused,
//! and chunked bodies are framed anew.

mod alarm;
mod arrivals;
mod chunks;
mod framer;
mod head;

pub(super) use arrivals::{Arrival, Arrivals, Problem};
pub use head::{MOST_HEADER_BYTES, MOST_HEADERS, MOST_TARGET_BYTES};

use alarm::Alarm;
use bytes::{Buf, BytesMut};
use framer::{Framer, Phase};
use oos_clock::Clock;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So much is read from the socket at a time.
const READ_BYTES: usize = 16 * 1024;

/// So much of a request that nobody wants is read after its refusal, and for so long: a socket that
/// is closed with unread bytes resets the connection, and the refusal may be lost on the way.
const MOST_LINGERING_BYTES: usize = 4 * 1024 * 1024;
const LONGEST_LINGERING: Duration = Duration::from_secs(2);

/// The limits that are kept here.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeLimits {
    pub(super) idle: Duration,
    pub(super) head: Duration,
    pub(super) write: Duration,
}

/// A stream whose requests all have the target `/`.
pub(super) struct Front<S> {
    stream: S,
    framer: Framer,
    clock: Arc<dyn Clock>,
    limits: TimeLimits,
    /// From the socket, to be looked at.
    scratch: Box<[u8]>,
    /// Looked at, to be handed on.
    checked: BytesMut,
    /// The client sends nothing more, or was silent for too long.
    over: bool,
    reading: Alarm,
    writing: Alarm,
    lingered: usize,
}

impl<S> Front<S> {
    pub(super) fn new(
        stream: S,
        arrivals: Arrivals,
        clock: Arc<dyn Clock>,
        limits: TimeLimits,
    ) -> Self {
        Self {
            stream,
            framer: Framer::new(arrivals),
            clock,
            limits,
            scratch: vec![0; READ_BYTES].into_boxed_slice(),
            checked: BytesMut::new(),
            over: false,
            reading: Alarm::default(),
            writing: Alarm::default(),
            lingered: 0,
        }
    }

    /// What to do while the client sends nothing: nothing is ready once its time is over.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let (phase, limit) = match self.framer.phase() {
            Phase::Idle(number) => ((0, number), self.limits.idle),
            Phase::Head(number) => ((1, number), self.limits.head),
            // Whoever wants the body watches its time.
            Phase::Body | Phase::Ended => return Poll::Pending,
        };
        ready!(self.reading.poll(phase, limit, &*self.clock, context));
        if matches!(self.framer.phase(), Phase::Idle(_)) {
            self.over = true;
        } else {
            self.framer.refuse(Problem::TooSlow, &mut self.checked);
        }
        Poll::Ready(())
    }

    /// An error if the client has taken no byte for too long.
    fn watch_writing<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.writing.clear();
            return written;
        }
        ready!(
            self.writing
                .poll((0, 0), self.limits.write, &*self.clock, context)
        );
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> Front<S> {
    /// Fills `scratch`; 0 at the end of the stream.
    fn poll_socket(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(&mut self.scratch);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Reads what nobody wants, up to the limits.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.lingered < MOST_LINGERING_BYTES {
            match self.poll_socket(context) {
                Poll::Ready(Ok(count)) if count > 0 => self.lingered += count,
                Poll::Ready(_) => break,
                Poll::Pending => {
                    let clock = Arc::clone(&self.clock);
                    return self
                        .reading
                        .poll((2, 0), LONGEST_LINGERING, &*clock, context);
                }
            }
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Front<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if !this.checked.is_empty() {
                let count = this.checked.len().min(buffer.remaining());
                buffer.put_slice(&this.checked[..count]);
                this.checked.advance(count);
                return Poll::Ready(Ok(()));
            }
            if this.over || matches!(this.framer.phase(), Phase::Ended) {
                return Poll::Ready(Ok(()));
            }
            match this.poll_socket(context)? {
                Poll::Ready(0) => this.over = true,
                Poll::Ready(count) => this.framer.feed(&this.scratch[..count], &mut this.checked),
                Poll::Pending => ready!(this.poll_patience(context)),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Front<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watch_writing(written, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.watch_writing(flushed, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
        let unread = matches!(this.framer.phase(), Phase::Body | Phase::Ended);
        if unread && !this.over {
            ready!(this.poll_linger(context));
            this.over = true;
        }
        Poll::Ready(Ok(()))
    }
}
