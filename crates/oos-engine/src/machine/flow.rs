//! The machine of an execution: which task comes next, and how it ends.

use super::{Effect, Run};
use crate::history::Happening;
use crate::input::ChildEnd;
use crate::{ExecutionStatus, Outcome, Refusal, TaskExecution, TaskStatus, ids};
use oos_template::{Jump, Map, Value};
use std::sync::Arc;

/// So many tasks an execution runs at most: templates can jump back.
const MOST_TASKS: u64 = 10_000;

/// Whether the flow goes on at once or has to wait for an input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    GoOn,
    Wait,
}

impl Run<'_> {
    /// Begins an execution that has not begun, and asks again for what it has asked for before:
    /// nobody knows whether that was done.
    pub(super) fn resume(&mut self) {
        if self.loaded.execution.head.status == ExecutionStatus::Started {
            return self.begin();
        }
        for task in self.loaded.tasks.iter().filter(|task| {
            task.status == TaskStatus::Running
                && task.attempt > 0
                && task.child_execution_id.is_none()
        }) {
            let (task_execution_id, attempt) = (task.id.clone(), task.attempt);
            let action = &self.loaded.template.tasks[task.task].action;
            self.step.effects.push(if action.is_child() {
                Effect::FindTemplate {
                    task_execution_id,
                    attempt,
                }
            } else {
                Effect::RunAction {
                    task_execution_id,
                    attempt,
                }
            });
        }
        if self.loaded.execution.head.status.is_final() {
            self.cancel_children();
            self.tell_parent();
        }
    }

    fn begin(&mut self) {
        self.note(None, Happening::ExecutionStarted);
        self.head().status = ExecutionStatus::Running;
        let firing = self.loaded.execution.start.firing.as_ref();
        if let Some(reason) = firing.and_then(|firing| firing.outputs.as_ref().err()) {
            let message = format!("The outputs of the trigger can not be computed: {reason}");
            return self.end(ExecutionStatus::Failed, message);
        }
        self.go_on();
    }

    /// Runs tasks until one has to be waited for or the execution ends.
    pub(super) fn go_on(&mut self) {
        while !self.loaded.execution.head.status.is_final() {
            let position = self.loaded.execution.head.position;
            if position >= self.loaded.template.tasks.len() {
                return self.end_of_flow();
            }
            if self.loaded.execution.head.tasks >= MOST_TASKS {
                let message = format!("More than {MOST_TASKS} tasks were run; do jumps go round?");
                return self.end(ExecutionStatus::Failed, message);
            }
            if self.begin_task(position) == Flow::Wait {
                return;
            }
        }
    }

    /// Makes the row of a task that begins.
    pub(super) fn open_task(&mut self, position: usize, properties: Value) -> usize {
        let template = Arc::clone(&self.loaded.template);
        let task = &template.tasks[position];
        let now = self.now;
        let head = self.head();
        head.tasks += 1;
        head.position = position + 1;
        let number = head.tasks;
        let execution_id = self.loaded.execution.start.id.clone();
        let place = self.loaded.tasks.len();
        self.loaded.tasks.push(TaskExecution {
            id: ids::task_execution_id(&execution_id, number),
            number,
            execution_id,
            task: position,
            name: task.name.clone(),
            action: task.action.as_str().to_owned(),
            status: TaskStatus::Running,
            status_message: String::new(),
            properties,
            outputs: Map::new(),
            child_execution_id: None,
            attempt: 0,
            wake_at: None,
            created: now,
            updated: now,
            ended: None,
        });
        self.step.tasks_changed.insert(place);
        place
    }

    /// Ends a task and decides where the flow goes on (help page "task": `OnError`, `OnSuccess`).
    pub(super) fn end_task(&mut self, place: usize, result: Result<Map, String>) {
        let template = Arc::clone(&self.loaded.template);
        let task = &template.tasks[self.loaded.tasks[place].task];
        match result {
            Ok(outputs) => {
                self.task(place).outputs = outputs;
                self.close_task(place, TaskStatus::Success, String::new());
                self.jump(&task.on_success);
            }
            Err(message) => {
                self.close_task(place, TaskStatus::Failed, message.clone());
                self.remember_failure(message);
                self.jump(&task.on_error);
            }
        }
    }

    /// The first failure is the one that the execution ends with, even if `OnError` handles it and
    /// the flow goes on; its message can be read meanwhile (docs/semantics.md, "Failures that
    /// `OnError` handles").
    fn remember_failure(&mut self, message: String) {
        let head = self.head();
        if head.failure.is_none() {
            head.status_message.clone_from(&message);
            head.failure = Some(message);
        }
    }

    /// Lets the flow go on elsewhere than at the next task.
    pub(super) fn jump(&mut self, to: &Jump) {
        let position = match to {
            Jump::Next => return,
            Jump::End => self.loaded.template.tasks.len(),
            Jump::Task(name) => {
                let Some(position) = self.loaded.template.task_index(name) else {
                    let message = format!("There is no task `{name}` to go on with");
                    return self.end(ExecutionStatus::Failed, message);
                };
                position
            }
        };
        self.head().position = position;
    }

    fn end_of_flow(&mut self) {
        match self.loaded.execution.head.failure.clone() {
            None => self.end(ExecutionStatus::Success, String::new()),
            Some(failure) => self.end(ExecutionStatus::Failed, failure),
        }
    }

    /// Ends the execution; its outputs are computed as far as they can be.
    pub(super) fn end(&mut self, status: ExecutionStatus, message: String) {
        let outputs = match status {
            ExecutionStatus::Cancelled => Map::new(),
            _ => self
                .loaded
                .template
                .evaluate_outputs(&self.loaded.bindings(self.now)),
        };
        let now = self.now;
        let head = self.head();
        head.status = status;
        head.status_message.clone_from(&message);
        head.outputs = outputs;
        head.ended = Some(now);
        self.note(None, Happening::ExecutionEnded { status, message });
        self.tell_parent();
    }

    fn tell_parent(&mut self) {
        if let Some(parent) = self.loaded.execution.start.parent.clone() {
            let end = ChildEnd::of(&self.loaded.execution);
            self.step.effects.push(Effect::TellParent { parent, end });
        }
    }

    pub(super) fn cancel(&mut self) -> Result<Outcome, Refusal> {
        self.refuse_if_ended()?;
        for place in 0..self.loaded.tasks.len() {
            if !self.loaded.tasks[place].status.is_final() {
                self.close_task(place, TaskStatus::Cancelled, String::new());
            }
        }
        self.end(ExecutionStatus::Cancelled, String::new());
        self.cancel_children();
        Ok(Outcome::Cancelled)
    }

    fn cancel_children(&mut self) {
        let children = self.loaded.execution.head.active_children.iter().cloned();
        self.step
            .effects
            .extend(children.map(|id| Effect::CancelChild { id }));
    }

    pub(super) fn refuse_if_ended(&self) -> Result<(), Refusal> {
        let (id, status) = (
            &self.loaded.execution.start.id,
            self.loaded.execution.head.status,
        );
        if status.is_final() {
            Err(Refusal::Ended {
                id: id.clone(),
                status,
            })
        } else {
            Ok(())
        }
    }
}
