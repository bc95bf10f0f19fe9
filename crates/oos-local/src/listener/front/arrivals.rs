//! What has come in on a connection, for whoever answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The targets of the requests that hyper has not asked to be answered yet, the oldest first. Clones
/// are the same queue.
#[derive(Debug, Clone, Default)]
pub(in crate::listener) struct Arrivals(Arc<Mutex<VecDeque<Arrival>>>);

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::listener) enum Arrival {
    /// It has this target: path and query.
    Request(String),
    /// It is to be refused, and the connection ends.
    Refused(Problem),
}

/// Why a request is refused before anybody looks at what it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::listener) enum Problem {
    /// It is no HTTP/1.1, or could be read in two ways; a sentence says which.
    Malformed(&'static str),
    /// `CONNECT`: this is no proxy.
    Method,
    TargetTooLong,
    HeadersTooLarge,
    BodyTooLarge,
    TooSlow,
}

impl Arrivals {
    pub(super) fn push(&self, arrival: Arrival) {
        self.lock().push_back(arrival);
    }

    /// The next one.
    pub(in crate::listener) fn pop(&self) -> Option<Arrival> {
        self.lock().pop_front()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Arrival>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
