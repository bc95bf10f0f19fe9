//! The policy that holds if none is set.

use crate::{Decision, Failure, RetryPolicy};
use std::time::Duration;

/// Repeats what failed for a passing reason, where that is safe, after a growing random pause.
///
/// Passing reasons are: no connection, a broken connection, an attempt out of time, an answer that
/// says the fault is the server's (status 5xx but 501), throttling, and a source of credentials
/// that did not answer. A call that may have had an effect is repeated only if it reads or carries
/// a ClientToken.
///
/// The pause is drawn evenly from zero to `base · 2ⁿ⁻¹` (full jitter), where `base` is 100 ms and
/// after throttling 500 ms, and never more than 20 s: the figures of the official Python core. If
/// the server says how long to wait, the pause is that long, at most 120 s, and up to 100 ms more.
#[derive(Debug, Clone)]
pub struct Backoff {
    max_attempts: u32,
    base: Duration,
    throttled_base: Duration,
    max_pause: Duration,
}

/// The most that the official clients wait because a server says so.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

impl Default for Backoff {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(100),
            throttled_base: Duration::from_millis(500),
            max_pause: Duration::from_secs(20),
        }
    }
}

impl Backoff {
    /// The policy with at most this many attempts, the first included; 3 if not set.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The policy with this longest pause of its own; 20 s if not set.
    #[must_use]
    pub fn with_max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    fn pause(&self, failure: &Failure<'_>) -> Duration {
        if let Some(wanted) = failure.error.retry_after() {
            return wanted.min(MAX_RETRY_AFTER) + failure.random_up_to(self.base);
        }
        let base = if failure.error.is_throttled() {
            self.throttled_base
        } else {
            self.base
        };
        let doublings = failure.attempts.saturating_sub(1).min(20);
        let limit = base.saturating_mul(1 << doublings).min(self.max_pause);
        failure.random_up_to(limit)
    }
}

impl RetryPolicy for Backoff {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        let again = failure.attempts < self.max_attempts
            && failure.error.is_retryable()
            && failure.is_safe();
        if again {
            Decision::RetryAfter(self.pause(failure))
        } else {
            Decision::Stop
        }
    }
}
