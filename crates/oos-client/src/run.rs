//! A call's attempts, one after the other.

use crate::attempt::attempt;
use crate::client::{Inner, Limits};
use crate::error::Trace;
use crate::observe::Watch;
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
    let run = Run {
        client,
        plan,
        limits,
        watch: Watch::begin(client, plan),
        started: client.clock.elapsed(),
    };
    let result = run.attempts().await;
    run.tell_end(&result);
    result
}

struct Run<'a> {
    client: &'a Inner,
    plan: &'a Plan<'a>,
    limits: Limits,
    watch: Watch<'a>,
    started: Duration,
}

impl Run<'_> {
    async fn attempts(&self) -> Result<(HttpResponse, Trace), Error> {
        let Self { client, plan, .. } = *self;
        let mut trace = Trace::new(plan.operation.clone());
        loop {
            trace.attempts += 1;
            let correction = client.correction.seconds();
            let mut error = match self.observed(&trace).await {
                Ok(response) => {
                    client.budget.succeeded(trace.attempts);
                    return Ok((response, trace));
                }
                Err(error) => error,
            };
            if !self.corrects(&mut error, correction) {
                let Some(pause) = self.pause_after(&error) else {
                    return Err(error);
                };
                client.clock.sleep(pause).await;
            }
            trace = error.trace().clone();
        }
    }

    /// Whether the attempt was refused for its date, and signing it anew with the server's time may
    /// help. That is done once per call, whatever the policy: the refused attempt had no effect.
    fn corrects(&self, error: &mut Error, used: i64) -> bool {
        let Self { client, plan, .. } = *self;
        if error.trace().skew.is_some() || self.remaining().is_zero() {
            return false;
        }
        let learnt = client.correction.learn(error, used, client.clock.now());
        let Some(skew) = learnt else {
            return false;
        };
        error.trace_mut().skew = Some(skew);
        let operation = &*plan.operation;
        self.watch.tell(&Event::ClockCorrected { operation, skew });
        true
    }

    /// The pause until the next attempt, if one is to be made.
    fn pause_after(&self, error: &Error) -> Option<Duration> {
        let Self { client, plan, .. } = *self;
        let mut failure = Failure::new(&plan.operation, error, &*client.entropy);
        failure.attempts = error.attempts();
        failure.is_repeatable = plan.is_repeatable;
        let pause = match client.retry.decide(&failure) {
            Decision::RetryAfter(pause) if pause < self.remaining() => pause,
            Decision::Stop | Decision::RetryAfter(_) => return None,
        };
        let (operation, attempts) = (&*plan.operation, error.attempts());
        if !client.budget.take() {
            self.watch.tell(&Event::BudgetSpent {
                operation,
                attempts,
            });
            return None;
        }
        self.watch.tell(&Event::Pausing {
            operation,
            next_attempt: attempts + 1,
            pause,
        });
        Some(pause)
    }

    fn tell_end(&self, result: &Result<(HttpResponse, Trace), Error>) {
        if self.watch.is_empty() {
            return;
        }
        self.watch.tell(&Event::CallEnded {
            operation: &self.plan.operation,
            attempts: match result {
                Ok((_, trace)) => trace.attempts,
                Err(error) => error.attempts(),
            },
            took: self.passed(),
            result: result.as_ref().map(|(response, _)| response),
        });
    }

    async fn observed(&self, trace: &Trace) -> Result<HttpResponse, Error> {
        if self.watch.is_empty() {
            return self.answered(trace).await;
        }
        let (operation, attempt) = (&*self.plan.operation, trace.attempts);
        let endpoint = &self.plan.endpoint;
        self.watch.tell(&Event::AttemptStarted {
            operation,
            attempt,
            endpoint,
        });
        let before = self.passed();
        let result = self.answered(trace).await;
        let took = self.passed().saturating_sub(before);
        self.watch.tell(&match &result {
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

    /// OOS answers a success with 2xx. A redirect is no answer of OOS: a call is signed for its
    /// host and is not carried elsewhere.
    async fn answered(&self, trace: &Trace) -> Result<HttpResponse, Error> {
        let response = attempt(self.client, self.plan, trace, self.limit()).await?;
        if response.status.is_success() {
            Ok(response)
        } else {
            Err(ServiceError::raise(trace.clone(), response))
        }
    }

    /// The limit of the next attempt.
    fn limit(&self) -> (TimeLimit, Duration) {
        let (attempt, call) = (self.limits.attempt, self.remaining());
        if call < attempt {
            (TimeLimit::Call, call)
        } else {
            (TimeLimit::Attempt, attempt)
        }
    }

    fn passed(&self) -> Duration {
        self.client.clock.elapsed().saturating_sub(self.started)
    }

    fn remaining(&self) -> Duration {
        self.limits.call.saturating_sub(self.passed())
    }
}
