//! Waiting for an execution to come to a status.

mod changes;
mod error;
mod pace;
mod watch;

pub use changes::Changes;
pub use error::{WaitError, WaitErrorKind};
pub(crate) use pace::Pace;
pub(crate) use watch::Timer;

use crate::Client;
use oos_model::enums::ExecutionStatus;
use oos_model::shapes::Execution;
use std::time::Duration;
use watch::Watch;

const LIMIT: Duration = Duration::from_mins(10);

/// A wait for an execution; made by [`Client::wait`].
///
/// It asks ListExecutions for the execution, at once and then with pauses that grow from 200 ms to
/// 5 s and vary at random, until the execution is where it shall be, has ended, or the time is up.
/// Each question is a call of the client, repeated by its policy; one that fails all the same, in a
/// way that may pass, is asked again after the next pause, up to five in a row. An id that the
/// service does not know is an error after the third answer without it.
#[derive(Debug, Clone)]
#[must_use = "a wait does nothing until it is told for what"]
pub struct Wait {
    pub(crate) client: Client,
    pub(crate) execution_id: String,
    pub(crate) pace: Pace,
    pub(crate) limit: Duration,
}

/// How a wait ended.
#[derive(Clone, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an execution is where it shall be, or can not come there any more"
)]
pub enum Waited {
    /// The execution is in the status waited for.
    Reached(Box<Execution>),
    /// The execution has ended in another one, and will not change any more.
    EndedOtherwise(Box<Execution>),
}

impl Waited {
    /// The execution as last seen.
    #[must_use]
    pub fn execution(&self) -> &Execution {
        match self {
            Self::Reached(execution) | Self::EndedOtherwise(execution) => execution,
        }
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_execution(self) -> Execution {
        match self {
            Self::Reached(execution) | Self::EndedOtherwise(execution) => *execution,
        }
    }

    /// Whether the execution is in the status waited for.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        matches!(self, Self::Reached(_))
    }
}

/// Parameters and outputs may hold secrets: only id and status are shown.
impl std::fmt::Debug for Waited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.is_reached() {
            "Reached"
        } else {
            "EndedOtherwise"
        };
        f.debug_struct(name)
            .field("execution_id", &self.execution().execution_id)
            .field("status", &self.execution().status)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A wait for this execution.
    ///
    /// ```no_run
    /// # async fn example(client: oos_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// let ended = client
    ///     .wait("exec-0a1b2c3d4e5f60718293")
    ///     .limit(Duration::from_secs(300))
    ///     .until_ended()
    ///     .await?;
    /// println!("{:?}: {:?}", ended.status, ended.outputs);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(&self, execution_id: impl Into<String>) -> Wait {
        Wait {
            client: self.clone(),
            execution_id: execution_id.into(),
            pace: Pace::default(),
            limit: LIMIT,
        }
    }
}

impl Wait {
    /// How long to wait in all; 10 minutes if not set. The last question is asked when the time is
    /// up, and may take its own time.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The first and the longest pause between two questions; 200 ms and 5 s if not set. Each
    /// pause is twice the one before, shortened at random by up to a half.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.pace = Pace::new(first, longest);
        self
    }

    /// Waits until the execution waits (status Waiting): for its trigger, an approval, a sleep or
    /// a pause.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn until_waiting(self) -> Result<Waited, WaitError> {
        self.until(ExecutionStatus::Waiting).await
    }

    /// Waits until the execution has ended, however that went: its status tells.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn until_ended(self) -> Result<Execution, WaitError> {
        let mut watch = Watch::new(self);
        loop {
            let seen = watch.look().await?;
            if has_ended(seen) {
                return Ok(seen.clone());
            }
        }
    }

    /// Waits until the execution is in this status. A status that passes between two questions is
    /// not seen.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn until(self, status: ExecutionStatus) -> Result<Waited, WaitError> {
        let mut watch = Watch::new(self);
        loop {
            let seen = watch.look().await?;
            if seen.status.as_ref() == Some(&status) {
                return Ok(Waited::Reached(Box::new(seen.clone())));
            }
            if has_ended(seen) {
                return Ok(Waited::EndedOtherwise(Box::new(seen.clone())));
            }
        }
    }

    /// The execution whenever its status, its message or its current tasks have changed, beginning
    /// with how it is now; ends when the execution has ended.
    pub fn changes(self) -> Changes {
        Changes::new(Watch::new(self))
    }
}

/// Whether the execution will not change any more (Skipped: seen in the Terraform provider).
pub(crate) fn has_ended(execution: &Execution) -> bool {
    use ExecutionStatus::{Cancelled, Failed, Skipped, Success};
    matches!(
        execution.status,
        Some(Success | Failed | Cancelled | Skipped)
    )
}
