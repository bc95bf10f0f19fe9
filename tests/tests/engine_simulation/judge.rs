//! What holds in every scenario.

use crate::scenario::Scenario;
use oos_engine::{Attach, Execution, ExecutionStatus, Happening, Outcome};
use oos_engine::{TaskExecution, TaskStatus};
use oos_template::Value;
use oos_tests::engine_world::Dump;
use std::collections::{BTreeMap, BTreeSet};

impl Scenario {
    /// What holds when all has come to rest.
    pub(crate) fn judge(mut self) -> Result<BTreeMap<&'static str, usize>, String> {
        let resting = Dump::all(&mut self.world);
        for dump in &resting {
            self.judge_execution(dump, &resting)?;
        }
        self.judge_messages(&resting)?;
        Self::judge_children_of_tasks(&resting)?;
        self.judge_puts()?;
        // Triggers wait until they are cancelled; after that nothing is left.
        let waiting = resting
            .iter()
            .filter(|dump| !dump.execution.head.status.is_final());
        let cancels = waiting.map(|dump| {
            self.world
                .cancel(&dump.execution.start.id, Attach::nothing())
        });
        for answer in self.world.ask(cancels.collect()) {
            match answer {
                Some(Ok(Outcome::Cancelled)) => {}
                other => return Err(format!("a trigger was not cancelled: {other:?}")),
            }
        }
        self.come_to_rest()?;
        let ended = Dump::all(&mut self.world);
        for (before, after) in resting.iter().zip(&ended) {
            let (id, status) = (&after.execution.start.id, after.execution.head.status);
            if !status.is_final() {
                return Err(format!("{id} is {status} in the end"));
            }
            if before.execution.head.status.is_final() && before != after {
                return Err(format!("{id} had ended, and changed"));
            }
        }
        self.judge_puts()?;
        Ok(self.counts(&resting))
    }

    fn judge_execution(&self, dump: &Dump, dumps: &[Dump]) -> Result<(), String> {
        let Execution { start, head, .. } = &dump.execution;
        let id = &start.id;
        let trigger = dump
            .tasks
            .iter()
            .any(|task| task.name == "onEvent" && task.status == TaskStatus::Waiting);
        if !(head.status.is_final() || trigger && head.status == ExecutionStatus::Waiting) {
            return Err(format!(
                "{id} is {} and nothing goes on: {dump:#?}",
                head.status
            ));
        }
        if !head.active_children.is_empty() {
            return Err(format!("{id} has not heard of {:?}", head.active_children));
        }
        let mut counters = BTreeMap::<TaskStatus, u64>::new();
        for task in &dump.tasks {
            if task.status.is_final() {
                *counters.entry(task.status).or_default() += 1;
            }
            let made = self
                .world
                .calls()
                .iter()
                .any(|call| call.key.task_execution_id == task.id);
            Self::judge_child(task, dumps)?;
            let ended = matches!(task.status, TaskStatus::Success | TaskStatus::Failed);
            if ended && task.action == "ACS::ExecuteAPI" && !made {
                return Err(format!("{} ended without a call", task.id));
            }
        }
        if counters != head.counters {
            return Err(format!("{id} counts {:?}, not {counters:?}", head.counters));
        }
        judge_history(dump)
    }

    /// A task that has ended and its child have ended alike, and the child is its own.
    fn judge_child(task: &TaskExecution, dumps: &[Dump]) -> Result<(), String> {
        let Some(id) = &task.child_execution_id else {
            return Ok(());
        };
        let child = dumps.iter().find(|dump| dump.execution.start.id == *id);
        let Some(Execution { start, head, .. }) = child.map(|dump| &dump.execution) else {
            return Err(format!("{} has no child {id}", task.id));
        };
        let alike = match task.status {
            TaskStatus::Success => head.status == ExecutionStatus::Success,
            TaskStatus::Failed => head.status != ExecutionStatus::Success,
            // The child may have ended before it could be cancelled.
            TaskStatus::Cancelled => head.status.is_final(),
            _ => false,
        };
        let own = start.parent.as_ref() == Some(&task.execution_id) && start.firing.is_none();
        if alike && own {
            return Ok(());
        }
        Err(format!("{task:?} has the child {start:?} {head:?}"))
    }

    /// Every child of a task was made once, and is the child of one task.
    fn judge_children_of_tasks(dumps: &[Dump]) -> Result<(), String> {
        let mut made = BTreeMap::<&String, usize>::new();
        for entry in dumps.iter().flat_map(|dump| &dump.history) {
            if let Happening::ChildStarted { child, .. } = &entry.what {
                *made.entry(child).or_default() += 1;
            }
        }
        let there: BTreeMap<&String, usize> = dumps
            .iter()
            .filter(|dump| !dump.execution.start.ancestors.is_empty())
            .map(|dump| (&dump.execution.start.id, 1))
            .collect();
        if made == there {
            return Ok(());
        }
        Err(format!("made {made:?}, and there are {there:?}"))
    }

    /// An acknowledged message that matches has made exactly one child, any other at most one.
    fn judge_messages(&self, dumps: &[Dump]) -> Result<(), String> {
        let mut children = BTreeMap::<String, Vec<&String>>::new();
        for dump in dumps {
            let Some(firing) = &dump.execution.start.firing else {
                continue;
            };
            let n = firing
                .outputs
                .as_ref()
                .ok()
                .and_then(|outputs| outputs.get("n"));
            let n = n.map(Value::to_text).unwrap_or_default();
            children
                .entry(n)
                .or_default()
                .push(&dump.execution.start.id);
        }
        for (number, (matches, outcome)) in self.messages.iter().enumerate() {
            let made = children.remove(&number.to_string()).unwrap_or_default();
            let right = match outcome {
                Some(Outcome::Triggered { child }) => *matches && made == [child],
                Some(Outcome::NotMatched { .. }) => !*matches && made.is_empty(),
                _ => made.len() <= usize::from(*matches),
            };
            if !right {
                return Err(format!("message {number} ({outcome:?}) made {made:?}"));
            }
        }
        if children.is_empty() {
            Ok(())
        } else {
            Err(format!("nobody sent {children:?}"))
        }
    }

    /// Statuses change only as they may, as the commits show them; what is settled stays.
    fn judge_puts(&self) -> Result<(), String> {
        let mut last = BTreeMap::new();
        for put in self.world.store.puts() {
            let Some(status) = put.status.clone() else {
                continue;
            };
            let is_final = !matches!(status.as_str(), "Running" | "Waiting");
            let before = last.insert(
                (put.kind, put.key.clone()),
                (status.clone(), is_final, put.settled),
            );
            let right = match before {
                None | Some((_, false, _)) => status != "Started",
                Some((_, true, true)) => false,
                Some((before, true, false)) => put.kind == "execution" && before == status,
            };
            if !right {
                return Err(format!(
                    "{put:?} came after {:?}",
                    last.get(&(put.kind, put.key.clone()))
                ));
            }
        }
        Ok(())
    }

    fn counts(&self, dumps: &[Dump]) -> BTreeMap<&'static str, usize> {
        let status = |status| {
            dumps
                .iter()
                .filter(|dump| dump.execution.head.status == status)
                .count()
        };
        let answered = |yes: fn(&Outcome) -> bool| {
            self.messages
                .iter()
                .filter(|(_, outcome)| outcome.as_ref().is_some_and(yes))
                .count()
        };
        let tasks = dumps.iter().flat_map(|dump| &dump.tasks);
        BTreeMap::from([
            (
                "children",
                answered(|outcome| matches!(outcome, Outcome::Triggered { .. })),
            ),
            (
                "not matched",
                answered(|outcome| matches!(outcome, Outcome::NotMatched { .. })),
            ),
            ("cancelled", status(ExecutionStatus::Cancelled)),
            ("failed", status(ExecutionStatus::Failed)),
            (
                "children of tasks",
                dumps
                    .iter()
                    .filter(|dump| !dump.execution.start.ancestors.is_empty())
                    .count(),
            ),
            (
                "slept",
                tasks.filter(|task| task.action == "ACS::Sleep").count(),
            ),
            ("restarts", self.restarts),
            ("store errors", self.store_errors),
        ])
    }
}

/// An execution starts once and first and ends once; after its end nothing of its own happens. A task
/// starts before it waits, and ends once.
fn judge_history(dump: &Dump) -> Result<(), String> {
    let id = &dump.execution.start.id;
    let wrong = |what: &str| Err(format!("{id}: {what}: {:#?}", dump.history));
    let (mut over, mut open, mut closed) = (false, BTreeSet::new(), BTreeSet::new());
    for (number, entry) in dump.history.iter().enumerate() {
        let task = entry.task_execution_id.clone().unwrap_or_default();
        let right = match &entry.what {
            Happening::ExecutionStarted => number == 0,
            Happening::ExecutionEnded { status, .. } => {
                let right = !over && *status == dump.execution.head.status;
                over = true;
                right
            }
            Happening::TaskStarted { .. } => !over && open.insert(task),
            Happening::TaskWaiting { .. }
            | Happening::ApiCalled(_)
            | Happening::Triggered { .. }
            | Happening::ChildStarted { .. } => {
                !over && open.contains(&task) && !closed.contains(&task)
            }
            Happening::TaskEnded { status, .. } => {
                let known = open.contains(&task) || *status == TaskStatus::Skipped;
                !over && known && closed.insert(task)
            }
            _ => true,
        };
        if !right {
            return wrong(&format!("entry {number}"));
        }
    }
    if over == dump.execution.head.status.is_final() {
        Ok(())
    } else {
        wrong("the end")
    }
}
