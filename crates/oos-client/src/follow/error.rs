//! Why there is no child to follow.

use crate::Error;
use std::fmt;
use std::time::Duration;

/// There is no child execution to follow.
#[derive(Debug)]
pub struct FollowError {
    kind: FollowErrorKind,
    execution_id: String,
    accepted: bool,
    request_id: Option<String>,
    after: Duration,
    with_token: bool,
    source: Option<Box<Error>>,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FollowErrorKind {
    /// A call failed: see [`FollowError::is_accepted`] for whether before or after the message.
    Call,
    /// The message was accepted, but no new child appeared in time.
    NoChild,
}

impl FollowError {
    /// A call failed before the message was accepted.
    pub(super) fn unsent(parent: &str, error: Error) -> Self {
        Self {
            kind: FollowErrorKind::Call,
            execution_id: parent.to_owned(),
            accepted: false,
            request_id: None,
            after: Duration::ZERO,
            with_token: false,
            source: Some(Box::new(error)),
        }
    }

    /// A call failed after the message was accepted.
    pub(super) fn lost(parent: &str, request_id: Option<String>, error: Error) -> Self {
        Self {
            accepted: true,
            request_id,
            ..Self::unsent(parent, error)
        }
    }

    pub(super) fn no_child(
        parent: &str,
        request_id: Option<String>,
        after: Duration,
        with_token: bool,
    ) -> Self {
        Self {
            kind: FollowErrorKind::NoChild,
            execution_id: parent.to_owned(),
            accepted: true,
            request_id,
            after,
            with_token,
            source: None,
        }
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> FollowErrorKind {
        self.kind
    }

    /// Whether the service has accepted the message. If not, the failed call tells whether it may
    /// have arrived all the same.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.accepted
    }

    /// The id of the TriggerExecution call, if it was answered well.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The execution that was to be triggered.
    #[must_use]
    pub fn execution_id(&self) -> &str {
        &self.execution_id
    }

    /// The call that failed.
    #[must_use]
    pub fn call_error(&self) -> Option<&Error> {
        self.source.as_deref()
    }
}

impl fmt::Display for FollowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.execution_id;
        match (self.kind, self.is_accepted()) {
            (FollowErrorKind::Call, false) => {
                write!(
                    f,
                    "the execution {id} could not be triggered: a call failed"
                )
            }
            (FollowErrorKind::Call, true) => write!(
                f,
                "the message to the execution {id} was accepted, but looking for its child failed"
            ),
            (FollowErrorKind::NoChild, _) => {
                write!(
                    f,
                    "the message to the execution {id} was accepted, but no new child execution \
                     appeared in {} ms: most likely it does not fit the filter of the trigger, of \
                     which the log of the execution tells (ListExecutionLogs)",
                    self.after.as_millis()
                )?;
                if self.with_token {
                    f.write_str(
                        "; or its ClientToken was used before, and the first call has made the child",
                    )?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for FollowError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
