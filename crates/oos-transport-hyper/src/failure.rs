//! From hyper's failures to ours.

use crate::connector::ConnectTimedOut;
use hyper_util::client::legacy;
use oos_transport::{TransportError, TransportErrorKind};
use std::error::Error;

/// The failure of an exchange that has no answer yet.
pub(crate) fn of_exchange(error: legacy::Error) -> TransportError {
    TransportError::new(kind(&error)).with_source(error)
}

/// A failure while the answer's body was read.
pub(crate) fn of_body(error: hyper::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Broken).with_source(error)
}

fn kind(error: &legacy::Error) -> TransportErrorKind {
    if find::<ConnectTimedOut>(error).is_some() {
        return TransportErrorKind::ConnectTimeout;
    }
    // Hyper gives the request back, and calls that canceled, only when it wrote no byte of it: the
    // server closed an idle connection just as it was taken from the pool.
    let unsent = error.is_connect()
        || find::<hyper::Error>(error)
            .is_some_and(|cause| cause.is_canceled() || cause.is_closed());
    if unsent {
        TransportErrorKind::Connect
    } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_user) {
        TransportErrorKind::InvalidRequest
    } else {
        TransportErrorKind::Broken
    }
}

fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
