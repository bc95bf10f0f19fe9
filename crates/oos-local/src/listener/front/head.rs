//! The head of a request: its line and its headers, read strictly.

use super::arrivals::Problem;
use crate::gateway::MOST_BODY_BYTES;
use bytes::BytesMut;
use memchr::{memchr, memchr_iter};

/// The most bytes of a target: a template of 64 KB, every byte of it percent-encoded, and room for
/// the other parameters.
pub const MOST_TARGET_BYTES: usize = 256 * 1024;
/// The most bytes of all headers of a request together.
pub const MOST_HEADER_BYTES: usize = 64 * 1024;
/// The most headers of a request.
pub const MOST_HEADERS: usize = 100;

/// The target with a method, a version and what stands between.
pub(super) const MOST_REQUEST_LINE_BYTES: usize = MOST_TARGET_BYTES + 64;

/// A head, as far as its reader has to understand it.
#[derive(Debug)]
pub(super) struct Head<'a> {
    method: &'a str,
    pub(super) target: &'a str,
    version: &'a str,
    /// The header lines and the empty line after them.
    rest: &'a [u8],
    pub(super) framing: Framing,
}

/// How long the body is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
}

/// Reads a head that ends with its empty line, and whose lines all end with CR and LF.
///
/// # Errors
/// Everything that two readers could understand in two ways is an error (RFC 9112, sections 3 to 6
/// and 11.2), and so is what is too large.
pub(super) fn read(head: &[u8]) -> Result<Head<'_>, Problem> {
    let end = memchr(b'\n', head).map_or(head.len(), |at| at + 1);
    let (line, rest) = head.split_at(end);
    let (method, target, version) = request_line(line.strip_suffix(b"\r\n").unwrap_or(line))?;
    let mut headers = Headers::default();
    let mut begin = 0;
    for end in memchr_iter(b'\n', rest) {
        let line = &rest[begin..=end];
        begin = end + 1;
        match line.strip_suffix(b"\r\n").unwrap_or(line) {
            b"" => break,
            line => headers.take(line)?,
        }
    }
    let framing = headers.framing(version)?;
    let target = origin_form(target, headers.host)?;
    if method == "CONNECT" {
        return Err(Problem::Method);
    }
    if target.len() > MOST_TARGET_BYTES {
        return Err(Problem::TargetTooLong);
    }
    Ok(Head {
        method,
        target,
        version,
        rest,
        framing,
    })
}

impl Head<'_> {
    /// The same head with the target `/`.
    pub(super) fn write(&self, out: &mut BytesMut) {
        for part in [self.method, " / ", self.version, "\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(self.rest);
    }
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_token_byte)
}

fn request_line(line: &[u8]) -> Result<(&str, &str, &str), Problem> {
    let malformed = Problem::Malformed("its first line is not METHOD, target and HTTP version");
    let text = str::from_utf8(line).map_err(|_| {
        Problem::Malformed("its first line is no text: percent-encode what is not ASCII")
    })?;
    let mut parts = text.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed);
    };
    if !is_token(method.as_bytes()) || target.is_empty() {
        return Err(malformed);
    }
    if !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
        return Err(Problem::Malformed(
            "its version of HTTP is neither 1.1 nor 1.0",
        ));
    }
    if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::Malformed(
            "its target holds what has to be percent-encoded",
        ));
    }
    Ok((method, target, version))
}

/// Path and query. A client that takes this for its proxy writes the whole URL (RFC 9112, section
/// 3.2.2); it has to mean the same host as the header.
fn origin_form<'a>(target: &'a str, host: Option<&[u8]>) -> Result<&'a str, Problem> {
    let Some(url) = target.strip_prefix("http://") else {
        return Ok(target);
    };
    let end = url.find(['/', '?']).unwrap_or(url.len());
    let (authority, rest) = url.split_at(end);
    if !host.is_some_and(|host| host.eq_ignore_ascii_case(authority.as_bytes())) {
        return Err(Problem::Malformed(
            "its target and its Host header name two hosts",
        ));
    }
    match rest {
        "" => Ok("/"),
        rest => Ok(rest),
    }
}

/// The headers that decide where the body ends, and the host.
#[derive(Debug, Default)]
struct Headers<'a> {
    host: Option<&'a [u8]>,
    length: Option<u64>,
    chunked: bool,
}

impl<'a> Headers<'a> {
    fn take(&mut self, line: &'a [u8]) -> Result<(), Problem> {
        let colon = memchr(b':', line);
        let (name, value) = colon.map_or((line, &[][..]), |at| (&line[..at], &line[at + 1..]));
        if colon.is_none() || !is_token(name) {
            return Err(Problem::Malformed("a header is not NAME: VALUE"));
        }
        if value
            .iter()
            .any(|byte| byte.is_ascii_control() && *byte != b'\t')
        {
            return Err(Problem::Malformed("a header holds control characters"));
        }
        let value = value.trim_ascii();
        if name.eq_ignore_ascii_case(b"host") {
            return once(
                self.host.replace(value).is_none(),
                "it has two Host headers",
            );
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = content_length(value)?;
            let first = self.length.replace(length).is_none();
            return once(first, "it has two Content-Length headers");
        }
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let first = !std::mem::replace(&mut self.chunked, true);
            once(first, "it has two Transfer-Encoding headers")?;
            let known = value.eq_ignore_ascii_case(b"chunked");
            return once(known, "its Transfer-Encoding is not `chunked`");
        }
        Ok(())
    }

    fn framing(&self, version: &str) -> Result<Framing, Problem> {
        match (self.chunked, self.length) {
            (true, Some(_)) => Err(Problem::Malformed(
                "it has both Content-Length and Transfer-Encoding",
            )),
            (true, None) if version == "HTTP/1.0" => {
                Err(Problem::Malformed("HTTP/1.0 has no Transfer-Encoding"))
            }
            (true, None) => Ok(Framing::Chunked),
            (false, Some(length)) if length > MOST_BODY_BYTES as u64 => Err(Problem::BodyTooLarge),
            (false, length) => Ok(Framing::Length(length.unwrap_or(0))),
        }
    }
}

fn once(good: bool, otherwise: &'static str) -> Result<(), Problem> {
    if good {
        Ok(())
    } else {
        Err(Problem::Malformed(otherwise))
    }
}

/// Digits only; more than a number can hold is too much anyway.
fn content_length(value: &[u8]) -> Result<u64, Problem> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(Problem::Malformed("its Content-Length is no number"));
    }
    let mut length: u64 = 0;
    for digit in value {
        length = length
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'));
    }
    Ok(length)
}
