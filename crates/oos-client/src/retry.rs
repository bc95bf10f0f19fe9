//! The seam that decides whether a failed call is repeated.

mod backoff;
mod budget;

pub use backoff::Backoff;
pub(crate) use budget::Budget;

use crate::Error;
use oos_clock::Entropy;
use std::fmt::Debug;
use std::time::Duration;

/// Decides after each failed attempt whether another one follows.
///
/// Contract: decides only; the client makes the pause, signs the next attempt anew and keeps the
/// call's deadline and its retry budget, either of which ends a call that the policy would repeat.
/// Randomness comes from the failure, so that a test can hold it.
pub trait RetryPolicy: Debug + Send + Sync + 'static {
    /// What to do about this failure.
    fn decide(&self, failure: &Failure<'_>) -> Decision;
}

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a call is repeated or it is not")]
pub enum Decision {
    /// The call ends with this failure.
    Stop,
    /// Another attempt, after this pause.
    RetryAfter(Duration),
}

/// A failed attempt, as a policy sees it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The operation, such as `TriggerExecution`.
    pub operation: &'a str,
    /// How many attempts were made, this one included.
    pub attempts: u32,
    /// Why it failed.
    pub error: &'a Error,
    /// Whether doing the call twice has the effect of doing it once: it only reads, or carries a
    /// ClientToken.
    pub is_repeatable: bool,
    /// Randomness for the pause.
    pub entropy: &'a dyn Entropy,
}

impl<'a> Failure<'a> {
    /// The first failed attempt of a call that is not repeatable; the other fields can be set.
    pub fn new(operation: &'a str, error: &'a Error, entropy: &'a dyn Entropy) -> Self {
        Self {
            operation,
            attempts: 1,
            error,
            is_repeatable: false,
            entropy,
        }
    }

    /// Whether another attempt can do no harm: the call is repeatable, or surely had no effect.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.is_repeatable || !self.error.may_have_been_done()
    }

    /// A random duration from zero up to and including `limit`.
    #[must_use]
    pub fn random_up_to(&self, limit: Duration) -> Duration {
        let drawn = u128::from_be_bytes(self.entropy.bytes16()) >> 64;
        let nanos = limit.as_nanos().min(u128::from(u64::MAX));
        let share = ((nanos + 1) * drawn) >> 64;
        Duration::from_nanos(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

/// Repeats nothing but an attempt whose date was refused, which the client corrects by itself
/// ([`ClockSkew`](crate::ClockSkew)).
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRetry;

impl RetryPolicy for NoRetry {
    fn decide(&self, _failure: &Failure<'_>) -> Decision {
        Decision::Stop
    }
}
