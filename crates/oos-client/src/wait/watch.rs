//! Looking at an execution again and again.

use super::{Pace, Wait, WaitError, WaitErrorKind};
use crate::{Client, Error};
use oos_model::shapes::Execution;
use std::time::Duration;

/// So many questions in a row may fail in a way that may pass.
const MOST_FAILURES: u32 = 5;

/// So many answers may be without the execution: one that was started just now may not be listed
/// yet.
const MOST_MISSES: u32 = 3;

/// A question that is asked when the time is nearly up still gets so long.
const GRACE: Duration = Duration::from_secs(5);

/// A time limit with pauses in it.
#[derive(Debug)]
pub(crate) struct Timer {
    client: Client,
    started: Duration,
    limit: Duration,
    pace: Pace,
    begun: bool,
}

impl Timer {
    pub(crate) fn new(client: &Client, limit: Duration, pace: Pace) -> Self {
        Self {
            started: client.inner.clock.elapsed(),
            client: client.clone(),
            limit,
            pace,
            begun: false,
        }
    }

    pub(crate) fn passed(&self) -> Duration {
        let now = self.client.inner.clock.elapsed();
        now.saturating_sub(self.started)
    }

    /// How long the next question may take.
    pub(crate) fn call_limit(&self) -> Duration {
        let left = self.limit.saturating_sub(self.passed());
        left.max(GRACE).min(self.client.inner.limits.call)
    }

    /// Makes the pause before the next question, none before the first; false if the time was up
    /// when the last one was asked.
    pub(crate) async fn pause(&mut self) -> bool {
        let left = self.limit.saturating_sub(self.passed());
        if !self.begun {
            self.begun = true;
            return true;
        }
        if left.is_zero() {
            return false;
        }
        let inner = &self.client.inner;
        let pause = self.pace.pause(&*inner.entropy).min(left);
        inner.clock.sleep(pause).await;
        true
    }
}

#[derive(Debug)]
pub(super) struct Watch {
    client: Client,
    execution_id: String,
    timer: Timer,
    last: Option<Box<Execution>>,
    misses: u32,
    failures: u32,
    failure: Option<Box<Error>>,
}

impl Watch {
    pub(super) fn new(wait: Wait) -> Self {
        Self {
            timer: Timer::new(&wait.client, wait.limit, wait.pace),
            client: wait.client,
            execution_id: wait.execution_id,
            last: None,
            misses: 0,
            failures: 0,
            failure: None,
        }
    }

    /// The execution as it is now; every look but the first comes after a pause.
    pub(super) async fn look(&mut self) -> Result<&Execution, WaitError> {
        loop {
            if !self.timer.pause().await {
                return Err(self.error(WaitErrorKind::TimedOut));
            }
            match self.ask().await {
                Ok(Some(execution)) => {
                    (self.failures, self.misses, self.failure) = (0, 0, None);
                    return Ok(self.last.insert(Box::new(execution)));
                }
                Ok(None) => {
                    self.misses += 1;
                    if self.misses >= MOST_MISSES {
                        return Err(self.error(WaitErrorKind::NotFound));
                    }
                }
                Err(error) => {
                    self.failures += 1;
                    let passes = may_pass(&error) && self.failures < MOST_FAILURES;
                    self.failure = Some(Box::new(error));
                    if !passes {
                        return Err(self.error(WaitErrorKind::Call));
                    }
                }
            }
        }
    }

    async fn ask(&self) -> Result<Option<Execution>, Error> {
        let id = &self.execution_id;
        let call = self
            .client
            .list_executions()
            .with(|list| list.with_execution_id(id))
            .timeout(self.timer.call_limit());
        let found = call.send().await?.output.executions.unwrap_or_default();
        // A service that does not know the filter would answer others too.
        Ok(found
            .into_iter()
            .find(|one| one.execution_id.as_deref() == Some(id)))
    }

    fn error(&mut self, kind: WaitErrorKind) -> WaitError {
        WaitError {
            kind,
            execution_id: self.execution_id.clone(),
            after: self.timer.passed(),
            last: self.last.take(),
            source: self.failure.take(),
        }
    }
}

/// The call's own limit is no reason to give up: the wait has its own.
fn may_pass(error: &Error) -> bool {
    error.is_retryable() || matches!(error, Error::Timeout(_))
}
