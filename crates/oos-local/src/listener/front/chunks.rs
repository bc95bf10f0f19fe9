//! A chunked body, read strictly and written anew without extensions and trailers.

use super::arrivals::Problem;
use bytes::BytesMut;
use std::fmt::Write;

/// The most bytes of the line that says how long a chunk is, with its extensions.
const MOST_LINE_BYTES: usize = 256;
/// The most bytes of all trailers together.
const MOST_TRAILER_BYTES: usize = 8 * 1024;

const BROKEN: Problem = Problem::Malformed("its chunks are broken");

/// The chunks of one body.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    part: Part,
    /// The line that is coming.
    line: Vec<u8>,
    trailers: usize,
}

#[derive(Debug, Default)]
enum Part {
    #[default]
    Size,
    /// So many bytes of the chunk are to come.
    Data(u64),
    /// The end of the line after a chunk.
    DataEnd,
    Trailers,
    Complete,
}

impl Chunks {
    /// Whether the last chunk and the trailers have come.
    pub(super) fn is_complete(&self) -> bool {
        matches!(self.part, Part::Complete)
    }

    /// Takes the next piece and gives its length, at least 1 unless there is nothing to take.
    pub(super) fn take(&mut self, input: &[u8], out: &mut BytesMut) -> Result<usize, Problem> {
        match &mut self.part {
            Part::Data(left) => {
                let count = usize::try_from(*left).map_or(input.len(), |n| n.min(input.len()));
                out.extend_from_slice(&input[..count]);
                *left -= count as u64;
                if *left == 0 {
                    self.part = Part::DataEnd;
                }
                Ok(count)
            }
            Part::Complete => Ok(0),
            Part::Size | Part::DataEnd | Part::Trailers => self.take_of_line(input, out),
        }
    }

    fn take_of_line(&mut self, input: &[u8], out: &mut BytesMut) -> Result<usize, Problem> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let piece = &input[..end.map_or(input.len(), |at| at + 1)];
        let most = match self.part {
            Part::DataEnd => 2,
            Part::Trailers => MOST_TRAILER_BYTES - self.trailers,
            _ => MOST_LINE_BYTES,
        };
        if self.line.len() + piece.len() > most {
            return Err(BROKEN);
        }
        self.line.extend_from_slice(piece);
        if end.is_some() {
            let line = std::mem::take(&mut self.line);
            self.take_line(line.strip_suffix(b"\r\n").ok_or(BROKEN)?, out)?;
        }
        Ok(piece.len())
    }

    fn take_line(&mut self, line: &[u8], out: &mut BytesMut) -> Result<(), Problem> {
        self.part = match self.part {
            Part::Size => match size(line)? {
                0 => Part::Trailers,
                size => {
                    write!(out, "{size:x}\r\n").map_err(|_| BROKEN)?;
                    Part::Data(size)
                }
            },
            Part::Trailers if line.is_empty() => {
                out.extend_from_slice(b"0\r\n\r\n");
                Part::Complete
            }
            Part::Trailers => {
                self.trailers += line.len() + 2;
                Part::Trailers
            }
            _ => {
                out.extend_from_slice(b"\r\n");
                Part::Size
            }
        };
        Ok(())
    }
}

fn size(line: &[u8]) -> Result<u64, Problem> {
    if line.iter().any(u8::is_ascii_control) {
        return Err(BROKEN);
    }
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let digits = str::from_utf8(digits.trim_ascii_end()).map_err(|_| BROKEN)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(BROKEN);
    }
    u64::from_str_radix(digits, 16).map_err(|_| BROKEN)
}
