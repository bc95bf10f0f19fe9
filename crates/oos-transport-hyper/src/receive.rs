//! Reads the body of an answer, up to a limit of length and with a limit for every pause.

use crate::builder::Settings;
use crate::failure;
use crate::gunzip;
use crate::within::{TimedOut, within};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header, response};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use oos_transport::{HttpResponse, TransportError, TransportErrorKind};

/// The whole answer, decompressed. A failure keeps the head.
pub(crate) async fn whole(
    mut head: response::Parts,
    body: Incoming,
    settings: &Settings,
) -> Result<HttpResponse, TransportError> {
    let body = match join(body, settings).await {
        Ok(bytes) if !bytes.is_empty() && is_gzip(&head.headers) => {
            head.headers.remove(header::CONTENT_ENCODING);
            head.headers.remove(header::CONTENT_LENGTH);
            gunzip::gunzip(&bytes, settings.body_limit)
        }
        other => other,
    };
    match body {
        Ok(body) => Ok(HttpResponse::new(head.status)
            .with_headers(head.headers)
            .with_body(body)),
        Err(error) => Err(error.with_head(head.status, head.headers)),
    }
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).is_some_and(|value| {
        let coding = value.as_bytes().trim_ascii();
        coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
    })
}

/// The frames in one piece. A body of a single frame, as most answers have, is not copied.
async fn join(mut body: Incoming, settings: &Settings) -> Result<Bytes, TransportError> {
    let (clock, limit) = (&*settings.clock, settings.body_limit);
    let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge);
    let announced = body.size_hint().lower();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut joined: Option<BytesMut> = None;
    loop {
        let frame = within(clock, settings.read_timeout, body.frame()).await;
        let Some(frame) = frame.map_err(stalled)? else {
            return Ok(joined.map_or(first, BytesMut::freeze));
        };
        let Ok(data) = frame.map_err(failure::of_body)?.into_data() else {
            continue;
        };
        let length = joined.as_ref().map_or(first.len(), BytesMut::len);
        if length.saturating_add(data.len()) > limit {
            return Err(too_large());
        }
        if length == 0 {
            first = data;
        } else {
            joined
                .get_or_insert_with(|| BytesMut::from(&first[..]))
                .extend_from_slice(&data);
        }
    }
}

pub(crate) fn stalled(source: TimedOut) -> TransportError {
    TransportError::new(TransportErrorKind::ReadTimeout).with_source(source)
}
