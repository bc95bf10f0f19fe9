//! `NotifyExecution`: what a person tells a waiting execution.

use super::{Handle, execution};
use crate::fault::{EXECUTION_STATUS, Fault};
use crate::shared::Call;
use oos_engine::Refusal;
use oos_model::enums::NotifyType;
use oos_model::operations::{NotifyExecution, NotifyExecutionOutput};

impl Handle for NotifyExecution {
    /// Approvals, pauses, `Debug` and `FailurePause` are refused when an execution starts, so that no
    /// execution of this local OOS ever waits for a person: every notification is refused.
    async fn handle(self, call: &Call<'_>) -> Result<NotifyExecutionOutput, Fault> {
        if let NotifyType::Unknown(_) = self.notify_type {
            let reason = format!("it must be one of {}", NotifyType::KNOWN.join(", "));
            return Err(Fault::invalid("NotifyType", reason));
        }
        let execution = execution(call, &self.execution_id).await?;
        let (id, status) = (execution.start.id, execution.head.status);
        if status.is_final() {
            return Err(Refusal::Ended { id, status }.into());
        }
        let message = format!(
            "The execution `{id}` has the status {status} and does not wait for a notification."
        );
        Err(Fault::new(EXECUTION_STATUS, message))
    }
}
