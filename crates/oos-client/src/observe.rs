//! The seam for logs, metrics and progress.

#[cfg(feature = "tracing")]
mod traced;

#[cfg(feature = "tracing")]
pub use traced::TracingObserver;

use crate::client::Inner;
use crate::plan::Plan;
use crate::{ClockSkew, Error};
use oos_transport::{Endpoint, HttpResponse};
use std::fmt::Debug;
use std::time::Duration;

/// Is told what happens to calls.
///
/// Contract: called from the task that makes the call, in order; it must return at once and can
/// not change the call. No event holds a secret, a signature or the value of a parameter.
pub trait Observe: Debug + Send + Sync + 'static {
    /// This happened.
    fn observe(&self, event: &Event<'_>);

    /// A call begins. If this gives an observer, the call's events go to that one, which is dropped
    /// when the call ends or is dropped; else they come here, among those of other calls.
    fn of_call(&self, call: &CallStart<'_>) -> Option<Box<dyn Observe>> {
        let _ = call;
        None
    }
}

/// A call that begins.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallStart<'a> {
    /// The operation.
    pub operation: &'a str,
    /// Where it goes.
    pub endpoint: &'a Endpoint,
    /// Whether doing it twice has the effect of doing it once.
    pub is_repeatable: bool,
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
    /// The server refused the date of an attempt; the next one follows at once, with its time.
    #[non_exhaustive]
    ClockCorrected {
        /// The operation.
        operation: &'a str,
        /// How far the clock is from the server's.
        skew: ClockSkew,
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
    /// The policy would repeat the call, but the client's calls have failed so often that it makes
    /// no more repeats for now.
    #[non_exhaustive]
    BudgetSpent {
        /// The operation.
        operation: &'a str,
        /// How many attempts were made.
        attempts: u32,
    },
    /// The call ended: what `result` says is what its caller gets, unless the answer can not be
    /// decoded.
    #[non_exhaustive]
    CallEnded {
        /// The operation.
        operation: &'a str,
        /// How many attempts were made.
        attempts: u32,
        /// How long they took with their pauses.
        took: Duration,
        /// The good answer, or why there is none.
        result: Result<&'a HttpResponse, &'a Error>,
    },
}

/// Whoever is told of one call.
pub(crate) struct Watch<'a> {
    shared: Option<&'a dyn Observe>,
    own: Option<Box<dyn Observe>>,
}

impl<'a> Watch<'a> {
    pub(crate) fn begin(client: &'a Inner, plan: &Plan<'_>) -> Self {
        let shared = client.observer.as_deref();
        let own = shared.and_then(|observer| {
            observer.of_call(&CallStart {
                operation: &plan.operation,
                endpoint: &plan.endpoint,
                is_repeatable: plan.is_repeatable,
            })
        });
        Self { shared, own }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shared.is_none()
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = self.own.as_deref().or(self.shared) {
            observer.observe(event);
        }
    }
}
