//! What an engine does first: go on with what an earlier one left in the store.

use super::Driver;
use crate::input::{ChildEnd, Input};
use crate::store::EXECUTION;
use crate::{Execution, ReadProblem};
use oos_store::Query;

impl Driver {
    /// Every execution that is not settled has a turn: attempts are made again, timers are set, and
    /// ends that a parent has not heard of, or cancellations a child has not, are told again.
    pub(super) async fn recover(&mut self) -> Result<(), ReadProblem> {
        let mut query = Query::of(&EXECUTION).equal("settled", 0);
        loop {
            let page = self.shared.store.read(query.clone()).await?;
            for record in &page.records {
                if let Some(execution) = self.shared.execution_at(&record.key).await? {
                    self.recover_one(&execution).await?;
                }
            }
            if page.next.is_none() {
                return Ok(());
            }
            query = query.after(page.next);
        }
    }

    async fn recover_one(&mut self, execution: &Execution) -> Result<(), ReadProblem> {
        let Execution { start, head } = execution;
        self.enqueue(execution.key(), start.id.clone(), Input::Resume);
        for id in &head.active_children {
            let child = self.shared.execution_at(&start.tenant.key(id)).await?;
            if let Some(child) = child.filter(|child| child.head.status.is_final()) {
                let end = Input::ChildEnded(ChildEnd::of(&child));
                self.enqueue(execution.key(), start.id.clone(), end);
            }
        }
        Ok(())
    }
}
