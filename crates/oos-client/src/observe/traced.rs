//! Tells `tracing` what happens to calls.

use super::{CallStart, Event, Observe};
use crate::Error;
use std::error::Error as _;
use std::fmt::{self, Display};
use std::time::Duration;
use tracing::{Span, debug, field, info_span, warn};

/// Makes a span `oos_call` of each call and an event of each attempt, with the target `oos`.
///
/// The span (level info) has the fields `operation`, `endpoint`, and when the call ended `attempts`,
/// `took_ms`, `status`, `request_id`, and of a failure `error_class` and `error_code`. The events
/// are `attempt succeeded` (debug), `attempt failed` (warn, with the error and its causes as
/// `error`), `pausing` (debug), `clock corrected` and `retry budget spent` (warn). They belong to
/// the call's span, whatever span is entered. None holds a secret, a signature or the value of a
/// parameter.
///
/// The span follows from the span that is current when the call is sent. It is not entered while
/// the call waits, so that other work on the same thread does not fall into it.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingObserver;

impl Observe for TracingObserver {
    /// Events come to the observer of their call.
    fn observe(&self, _event: &Event<'_>) {}

    fn of_call(&self, call: &CallStart<'_>) -> Option<Box<dyn Observe>> {
        let span = info_span!(
            target: "oos",
            "oos_call",
            operation = call.operation,
            endpoint = %call.endpoint,
            attempts = field::Empty,
            took_ms = field::Empty,
            status = field::Empty,
            request_id = field::Empty,
            error_class = field::Empty,
            error_code = field::Empty,
        );
        Some(Box::new(CallSpan(span)))
    }
}

#[derive(Debug)]
struct CallSpan(Span);

impl Observe for CallSpan {
    fn observe(&self, event: &Event<'_>) {
        let Self(span) = self;
        match event {
            Event::AttemptStarted { .. } => {}
            Event::AttemptSucceeded {
                operation,
                attempt,
                took,
                status,
                request_id,
            } => debug!(
                target: "oos", parent: span, operation, attempt, took_ms = ms(*took), status,
                request_id, "attempt succeeded"
            ),
            Event::AttemptFailed {
                operation,
                attempt,
                took,
                error,
            } => warn!(
                target: "oos", parent: span, operation, attempt, took_ms = ms(*took),
                status = error.status(), request_id = error.request_id(),
                error_class = error.class(), error_code = error.code(), error = %Causes(error),
                "attempt failed"
            ),
            Event::ClockCorrected { operation, skew } => warn!(
                target: "oos", parent: span, operation, seconds = skew.seconds(), skew = %skew,
                "clock corrected"
            ),
            Event::Pausing {
                operation,
                next_attempt,
                pause,
            } => debug!(
                target: "oos", parent: span, operation, next_attempt, pause_ms = ms(*pause),
                "pausing"
            ),
            Event::BudgetSpent {
                operation,
                attempts,
            } => warn!(target: "oos", parent: span, operation, attempts, "retry budget spent"),
            Event::CallEnded { .. } => self.end(event),
        }
    }
}

impl CallSpan {
    fn end(&self, event: &Event<'_>) {
        let Event::CallEnded {
            attempts,
            took,
            result,
            ..
        } = event
        else {
            return;
        };
        let Self(span) = self;
        span.record("attempts", attempts);
        span.record("took_ms", ms(*took));
        match result {
            Ok(response) => {
                span.record("status", response.status.as_u16());
                span.record("request_id", response.header("x-acs-request-id"));
            }
            Err(error) => {
                span.record("status", error.status());
                span.record("request_id", error.request_id());
                span.record("error_class", error.class());
                span.record("error_code", error.code());
            }
        }
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// An error with all its causes in one line.
struct Causes<'a>(&'a Error);

impl Display for Causes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(formatter, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
