//! Why a wait did not end as it should.

use crate::Error;
use oos_model::shapes::Execution;
use std::fmt;
use std::time::Duration;

/// A wait that ended before the execution was where it should be. Nothing is known to be wrong
/// with the execution itself: it goes on.
pub struct WaitError {
    pub(super) kind: WaitErrorKind,
    pub(super) execution_id: String,
    pub(super) after: Duration,
    pub(super) last: Option<Box<Execution>>,
    pub(super) source: Option<Box<Error>>,
}

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The time was up.
    TimedOut,
    /// The service does not know the execution, or not any more.
    NotFound,
    /// A question to the service failed for good.
    Call,
}

impl WaitError {
    /// What ended the wait.
    #[must_use]
    pub fn kind(&self) -> WaitErrorKind {
        self.kind
    }

    /// The execution waited for.
    #[must_use]
    pub fn execution_id(&self) -> &str {
        &self.execution_id
    }

    /// The execution as it was last seen, if it was seen.
    #[must_use]
    pub fn last_seen(&self) -> Option<&Execution> {
        self.last.as_deref()
    }

    /// How long was waited.
    #[must_use]
    pub fn after(&self) -> Duration {
        self.after
    }

    /// The failed question: the one that ended the wait, or that was the last when the time was up.
    #[must_use]
    pub fn call_error(&self) -> Option<&Error> {
        self.source.as_deref()
    }

    /// The failed question that ended the wait, taken out; `Err` gives the error back.
    ///
    /// # Errors
    /// This error, if no failed question ended it.
    pub fn into_call_error(self) -> Result<Error, Self> {
        match (self.kind, self.source) {
            (WaitErrorKind::Call, Some(error)) => Ok(*error),
            (kind, source) => Err(Self {
                kind,
                source,
                ..self
            }),
        }
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.execution_id;
        match self.kind {
            WaitErrorKind::Call => {
                return write!(
                    f,
                    "the execution {id} could not be watched any longer: a call failed"
                );
            }
            WaitErrorKind::NotFound => {
                return write!(
                    f,
                    "there is no execution {id}: check the id and the region, an execution is \
                     known only where it was started"
                );
            }
            WaitErrorKind::TimedOut => {}
        }
        write!(f, "the time was up after {} ms", self.after.as_millis())?;
        match self.last_seen().map(|last| last.status.as_ref()) {
            None => write!(f, ", and the execution {id} was not seen"),
            Some(None) => write!(f, ", and the execution {id} has no status"),
            Some(Some(status)) => write!(f, ", and the execution {id} is {status}"),
        }
    }
}

/// Parameters and outputs of the execution may hold secrets: only its status is shown.
impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.last_seen().and_then(|last| last.status.as_ref());
        f.debug_struct("WaitError")
            .field("kind", &self.kind)
            .field("execution_id", &self.execution_id)
            .field("after", &self.after)
            .field("last_status", &status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for WaitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
