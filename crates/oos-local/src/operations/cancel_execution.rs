//! `CancelExecution`: ends an execution and its children.

use super::Handle;
use crate::fault::Fault;
use crate::shared::Call;
use oos_engine::Attach;
use oos_model::operations::{CancelExecution, CancelExecutionOutput};

impl Handle for CancelExecution {
    /// An execution that has ended can not be cancelled: the old help page names a code of its own
    /// for that.
    async fn handle(self, call: &Call<'_>) -> Result<CancelExecutionOutput, Fault> {
        let engine = &call.shared.engine;
        engine
            .cancel(&call.tenant, &self.execution_id, Attach::nothing())
            .await?;
        Ok(CancelExecutionOutput::default())
    }
}
