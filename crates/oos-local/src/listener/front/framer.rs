//! Where requests begin and end, whatever pieces they come in.

use super::arrivals::{Arrival, Arrivals, Problem};
use super::chunks::Chunks;
use super::head::{
    self, Framing, MOST_HEADER_BYTES, MOST_HEADERS, MOST_REQUEST_LINE_BYTES, is_token_byte,
};
use bytes::BytesMut;
use memchr::memchr;

/// So much memory is kept for the next head.
const KEPT_BYTES: usize = 8 * 1024;

/// The request that hyper is given in the place of one that is refused.
const REFUSED: &[u8] = b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n";

/// Takes the bytes of a connection and gives those that hyper may see.
#[derive(Debug)]
pub(super) struct Framer {
    arrivals: Arrivals,
    state: State,
    /// The lines of the head that have come, with their ends.
    head: Vec<u8>,
    /// Where the line that is coming begins.
    line: usize,
    /// Where the first header begins, 0 before.
    headers: usize,
    header_count: usize,
    /// One empty line before a request is passed over (RFC 9112, section 2.2).
    passed_over: bool,
    /// How many heads were read.
    number: u64,
}

#[derive(Debug)]
enum State {
    Head,
    /// So many bytes of the body are to come.
    Body(u64),
    Chunks(Chunks),
    /// Whatever comes is no request any more.
    Ended,
}

/// What the client has to send next, with the number of heads that were read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Idle(u64),
    Head(u64),
    Body,
    Ended,
}

impl Framer {
    pub(super) fn new(arrivals: Arrivals) -> Self {
        Self {
            arrivals,
            state: State::Head,
            head: Vec::new(),
            line: 0,
            headers: 0,
            header_count: 0,
            passed_over: false,
            number: 0,
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.state {
            State::Head if self.head.is_empty() => Phase::Idle(self.number),
            State::Head => Phase::Head(self.number),
            State::Body(_) | State::Chunks(_) => Phase::Body,
            State::Ended => Phase::Ended,
        }
    }

    /// Takes what has come; what hyper may see of it is appended to `out`.
    pub(super) fn feed(&mut self, mut input: &[u8], out: &mut BytesMut) {
        while !input.is_empty() {
            let taken = match &mut self.state {
                State::Head => self.take_of_head(input, out),
                State::Body(left) => {
                    let count = usize::try_from(*left).map_or(input.len(), |n| n.min(input.len()));
                    out.extend_from_slice(&input[..count]);
                    *left -= count as u64;
                    if *left == 0 {
                        self.state = State::Head;
                    }
                    count
                }
                State::Chunks(chunks) => match chunks.take(input, out) {
                    Ok(taken) => {
                        if chunks.is_complete() {
                            self.state = State::Head;
                        }
                        taken
                    }
                    // hyper has the head already: it sees the body break off.
                    Err(_) => self.end(input.len()),
                },
                State::Ended => return,
            };
            input = &input[taken..];
        }
    }

    /// Refuses the request whose head is coming, and everything after it.
    pub(super) fn refuse(&mut self, problem: Problem, out: &mut BytesMut) {
        self.arrivals.push(Arrival::Refused(problem));
        out.extend_from_slice(REFUSED);
        self.end(0);
    }

    fn end(&mut self, taken: usize) -> usize {
        self.state = State::Ended;
        self.head = Vec::new();
        taken
    }

    /// Takes one line of the head, or the piece of it that has come.
    fn take_of_head(&mut self, input: &[u8], out: &mut BytesMut) -> usize {
        let end = memchr(b'\n', input);
        let piece = &input[..end.map_or(input.len(), |at| at + 1)];
        if let Err(problem) = self.check_piece(piece) {
            self.refuse(problem, out);
            return piece.len();
        }
        self.head.extend_from_slice(piece);
        if end.is_some()
            && let Err(problem) = self.take_line(out)
        {
            self.refuse(problem, out);
        }
        piece.len()
    }

    /// What can be said before the line is complete.
    fn check_piece(&self, piece: &[u8]) -> Result<(), Problem> {
        let first = piece.first().copied().unwrap_or_default();
        if self.head.is_empty() && first != b'\r' && !is_token_byte(first) {
            return Err(Problem::Malformed(
                "it does not begin like HTTP/1.1: a client that speaks HTTPS has to be set to HTTP",
            ));
        }
        let length = self.head.len() - self.headers + piece.len();
        if self.headers == 0 && length > MOST_REQUEST_LINE_BYTES {
            return Err(Problem::TargetTooLong);
        }
        if self.headers > 0 && length > MOST_HEADER_BYTES {
            return Err(Problem::HeadersTooLarge);
        }
        Ok(())
    }

    /// The line that began at `line` is complete.
    fn take_line(&mut self, out: &mut BytesMut) -> Result<(), Problem> {
        let Some(line) = self.head[self.line..].strip_suffix(b"\r\n") else {
            return Err(Problem::Malformed("a line of its head ends without CR"));
        };
        match (line.is_empty(), self.headers) {
            (true, 0) if self.passed_over => {
                return Err(Problem::Malformed("it begins with empty lines"));
            }
            (true, 0) => {
                self.passed_over = true;
                self.head.clear();
            }
            (true, _) => return self.take_head(out),
            (false, 0) => self.headers = self.head.len(),
            (false, _) => {
                self.header_count += 1;
                if self.header_count > MOST_HEADERS {
                    return Err(Problem::HeadersTooLarge);
                }
            }
        }
        self.line = self.head.len();
        Ok(())
    }

    fn take_head(&mut self, out: &mut BytesMut) -> Result<(), Problem> {
        let head = head::read(&self.head)?;
        head.write(out);
        self.state = match head.framing {
            Framing::Length(0) => State::Head,
            Framing::Length(length) => State::Body(length),
            Framing::Chunked => State::Chunks(Chunks::default()),
        };
        self.arrivals.push(Arrival::Request(head.target.to_owned()));
        self.head.clear();
        self.head.shrink_to(KEPT_BYTES);
        (self.line, self.headers, self.header_count) = (0, 0, 0);
        self.passed_over = false;
        self.number += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
