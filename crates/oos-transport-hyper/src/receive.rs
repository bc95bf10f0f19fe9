//! Reads the body of an answer, up to a limit.

use crate::failure;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use oos_transport::{TransportError, TransportErrorKind};

/// The whole body. One of a single frame, as most answers have, is not copied.
pub(crate) async fn whole(mut body: Incoming, limit: usize) -> Result<Bytes, TransportError> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(TransportError::new(TransportErrorKind::BodyTooLarge));
    }
    let mut first = Bytes::new();
    let mut joined: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(failure::of_body)?.into_data() else {
            continue;
        };
        let length = joined.as_ref().map_or(first.len(), BytesMut::len);
        if length.saturating_add(data.len()) > limit {
            return Err(TransportError::new(TransportErrorKind::BodyTooLarge));
        }
        if length == 0 {
            first = data;
        } else {
            joined
                .get_or_insert_with(|| BytesMut::from(&first[..]))
                .extend_from_slice(&data);
        }
    }
    Ok(joined.map_or(first, BytesMut::freeze))
}
