//! The seam for logs, metrics and progress.

use crate::Error;
use oos_transport::Endpoint;
use std::fmt::Debug;
use std::time::Duration;

/// Is told what happens to calls.
///
/// Contract: called from the task that makes the call, in order; it must return at once and can
/// not change the call. No event holds a secret, a signature or the value of a parameter.
pub trait Observe: Debug + Send + Sync + 'static {
    /// This happened.
    fn observe(&self, event: &Event<'_>);
}

/// What happens to a call. Attempts count from 1.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An attempt begins.
    #[non_exhaustive]
    AttemptStarted {
        /// The operation.
        operation: &'a str,
        /// Which attempt.
        attempt: u32,
        /// Where it goes.
        endpoint: &'a Endpoint,
    },
    /// An attempt got a good answer.
    #[non_exhaustive]
    AttemptSucceeded {
        /// The operation.
        operation: &'a str,
        /// Which attempt.
        attempt: u32,
        /// How long it took.
        took: Duration,
        /// The HTTP status.
        status: u16,
        /// The id of the call, if the answer's headers have it.
        request_id: Option<&'a str>,
    },
    /// An attempt failed.
    #[non_exhaustive]
    AttemptFailed {
        /// The operation.
        operation: &'a str,
        /// Which attempt.
        attempt: u32,
        /// How long it took.
        took: Duration,
        /// Why.
        error: &'a Error,
    },
    /// Another attempt follows after a pause.
    #[non_exhaustive]
    Pausing {
        /// The operation.
        operation: &'a str,
        /// Which attempt follows.
        next_attempt: u32,
        /// How long the pause is.
        pause: Duration,
    },
}
