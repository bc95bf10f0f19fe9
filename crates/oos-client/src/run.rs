//! The attempts of a call, one after the other.

use crate::attempt::attempt;
use crate::client::{Inner, Limits};
use crate::error::Trace;
use crate::plan::Plan;
use crate::{Decision, Error, Event, Failure, ServiceError, TimeLimit};
use oos_transport::HttpResponse;
use std::time::Duration;

/// Attempts until one is answered with success (a status 2xx), the policy stops, the client's
/// budget is spent, or the pause would end after the call's deadline.
pub(crate) async fn run(
    client: &Inner,
    plan: &Plan<'_>,
    limits: Limits,
) -> Result<(HttpResponse, Trace), Error> {
    let started = client.clock.elapsed();
    let remaining = || {
        let passed = client.clock.elapsed().saturating_sub(started);
        limits.call.saturating_sub(passed)
    };
    let mut trace = Trace::new(plan.operation.clone());
    loop {
        trace.attempts += 1;
        let limit = tighter(limits.attempt, remaining());
        let error = match observed(client, plan, &trace, limit).await {
            Ok(response) => {
                client.budget.succeeded(trace.attempts);
                return Ok((response, trace));
            }
            Err(error) => error,
        };
        match pause_after(client, plan, &error) {
            Some(pause) if pause < remaining() && client.budget.take() => {
                let next_attempt = trace.attempts + 1;
                client.observe(&Event::Pausing {
                    operation: &plan.operation,
                    next_attempt,
                    pause,
                });
                client.clock.sleep(pause).await;
            }
            _ => return Err(error),
        }
        trace = error.trace().clone();
    }
}

fn tighter(attempt: Duration, call: Duration) -> (TimeLimit, Duration) {
    if call < attempt {
        (TimeLimit::Call, call)
    } else {
        (TimeLimit::Attempt, attempt)
    }
}

fn pause_after(client: &Inner, plan: &Plan<'_>, error: &Error) -> Option<Duration> {
    let mut failure = Failure::new(&plan.operation, error, &*client.entropy);
    failure.attempts = error.attempts();
    failure.is_repeatable = plan.is_repeatable;
    match client.retry.decide(&failure) {
        Decision::Stop => None,
        Decision::RetryAfter(pause) => Some(pause),
    }
}

async fn observed(
    client: &Inner,
    plan: &Plan<'_>,
    trace: &Trace,
    limit: (TimeLimit, Duration),
) -> Result<HttpResponse, Error> {
    if client.observer.is_none() {
        return answered(client, plan, trace, limit).await;
    }
    let (operation, attempt) = (&*plan.operation, trace.attempts);
    let endpoint = &plan.endpoint;
    client.observe(&Event::AttemptStarted {
        operation,
        attempt,
        endpoint,
    });
    let started = client.clock.elapsed();
    let result = answered(client, plan, trace, limit).await;
    let took = client.clock.elapsed().saturating_sub(started);
    client.observe(&match &result {
        Ok(response) => Event::AttemptSucceeded {
            operation,
            attempt,
            took,
            status: response.status.as_u16(),
            request_id: response.header("x-acs-request-id"),
        },
        Err(error) => Event::AttemptFailed {
            operation,
            attempt,
            took,
            error,
        },
    });
    result
}

/// OOS answers a success with 2xx. A redirect is no answer of OOS: a call is signed for its host
/// and is not carried elsewhere.
async fn answered(
    client: &Inner,
    plan: &Plan<'_>,
    trace: &Trace,
    limit: (TimeLimit, Duration),
) -> Result<HttpResponse, Error> {
    let response = attempt(client, plan, trace, limit).await?;
    if response.status.is_success() {
        Ok(response)
    } else {
        Err(ServiceError::raise(trace.clone(), response))
    }
}
