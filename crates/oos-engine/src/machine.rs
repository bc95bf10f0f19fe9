//! The step machines: what an execution does with an input. Pure: no I/O, no clock, no randomness.
//!
//! [`step`] changes the [`Loaded`] execution and notes in a [`Step`] what has to be written and
//! done. The driver writes first and does afterwards.

mod child;
mod filter;
mod flow;
mod task;
mod trigger;

use crate::bindings::Bindings;
use crate::history::{Happening, HistoryEntry};
use crate::input::{ChildEnd, Input};
use crate::{Execution, Moment, Outcome, Refusal, TaskExecution, TaskStatus};
use oos_template::Template;
use std::collections::BTreeSet;
use std::sync::Arc;

/// An execution with everything that a step needs of it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) template: Arc<Template>,
    pub(crate) execution: Execution,
    /// In the order of their numbers, without a gap.
    pub(crate) tasks: Vec<TaskExecution>,
}

/// What steps leave to write and to do.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// The head has changed.
    pub(crate) head_changed: bool,
    /// The places in [`Loaded::tasks`] that are new or have changed.
    pub(crate) tasks_changed: BTreeSet<usize>,
    /// Executions that begin to exist with this step.
    pub(crate) children: Vec<Newborn>,
    /// What happened.
    pub(crate) history: Vec<HistoryEntry>,
    /// What to do once all that is written.
    pub(crate) effects: Vec<Effect>,
}

/// An execution that begins to exist.
#[derive(Debug)]
pub(crate) struct Newborn {
    pub(crate) template: Arc<Template>,
    pub(crate) execution: Execution,
    /// The text of its template, if it has to be written.
    pub(crate) content: Option<Arc<str>>,
}

/// What to do once a step is written. Effects name tasks and never their resolved properties,
/// which may hold secrets.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// Make an attempt of a task's action.
    RunAction {
        task_execution_id: String,
        attempt: u32,
    },
    /// Find the template that a task runs.
    FindTemplate {
        task_execution_id: String,
        attempt: u32,
    },
    /// Cancel a child.
    CancelChild { id: String },
    /// Tell the parent that this execution has ended.
    TellParent { parent: String, end: ChildEnd },
}

impl Effect {
    /// Whether it begins an attempt, which looks at the execution.
    pub(crate) const fn is_attempt(&self) -> bool {
        matches!(self, Self::RunAction { .. } | Self::FindTemplate { .. })
    }
}

/// Lets an execution take an input. A refused input changes nothing.
pub(crate) fn step(
    loaded: &mut Loaded,
    step: &mut Step,
    input: Input,
    now: Moment,
) -> Option<Result<Outcome, Refusal>> {
    let mut run = Run { loaded, step, now };
    match input {
        Input::Resume => run.resume(),
        Input::Trigger(message) => return Some(run.trigger(message)),
        Input::ActionEnded {
            task_execution_id,
            attempt,
            report,
        } => {
            run.action_ended(&task_execution_id, attempt, report);
        }
        Input::TemplateFound {
            task_execution_id,
            attempt,
            found,
        } => {
            run.template_found(&task_execution_id, attempt, found);
        }
        Input::TimeHasCome => run.time_has_come(),
        Input::ChildEnded(end) => run.child_ended(end),
        Input::Cancel => return Some(run.cancel()),
    }
    None
}

impl Loaded {
    /// An execution that has only just been created.
    pub(crate) fn new(template: Arc<Template>, execution: Execution) -> Self {
        Self {
            template,
            execution,
            tasks: Vec::new(),
        }
    }

    /// When the earliest of its tasks wants to be looked at.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.tasks
            .iter()
            .filter(|task| !task.status.is_final())
            .filter_map(|task| task.wake_at)
            .min()
    }

    /// The place of a task execution.
    pub(crate) fn task_place(&self, task_execution_id: &str) -> Option<usize> {
        self.tasks
            .iter()
            .rposition(|task| task.id == task_execution_id)
    }

    /// Whether this attempt of a task execution is the one whose end is waited for.
    pub(crate) fn is_under_way(&self, task_execution_id: &str, attempt: u32) -> bool {
        self.task_place(task_execution_id).is_some_and(|place| {
            let task = &self.tasks[place];
            let open = task.status == TaskStatus::Running && task.child_execution_id.is_none();
            open && task.attempt == attempt
        })
    }

    /// What references in the template mean, at the time when a task began.
    pub(crate) fn bindings(&self, at: Moment) -> Bindings<'_> {
        Bindings::new(&self.execution.start, &self.tasks, at)
    }
}

/// A step that is being made; the machines are its methods, one file each.
struct Run<'a> {
    loaded: &'a mut Loaded,
    step: &'a mut Step,
    now: Moment,
}

impl Run<'_> {
    fn note(&mut self, place: Option<usize>, what: Happening) {
        let task_execution_id = place.map(|place| self.loaded.tasks[place].id.clone());
        self.step.history.push(HistoryEntry {
            at: self.now,
            task_execution_id,
            what,
        });
    }

    /// The head, to be changed.
    fn head(&mut self) -> &mut crate::ExecutionHead {
        self.step.head_changed = true;
        self.loaded.execution.head.updated = self.now;
        &mut self.loaded.execution.head
    }

    /// The task execution at this place, to be changed.
    fn task(&mut self, place: usize) -> &mut TaskExecution {
        self.step.tasks_changed.insert(place);
        let task = &mut self.loaded.tasks[place];
        task.updated = self.now;
        task
    }

    /// Ends a task execution, counts it, and notes it.
    fn close_task(&mut self, place: usize, status: TaskStatus, message: String) {
        let now = self.now;
        let task = self.task(place);
        task.status = status;
        task.ended = Some(now);
        task.wake_at = None;
        if !message.is_empty() {
            task.status_message.clone_from(&message);
        }
        let (name, outputs) = (task.name.clone(), task.outputs.clone());
        *self.head().counters.entry(status).or_default() += 1;
        self.note(
            Some(place),
            Happening::TaskEnded {
                name,
                status,
                message,
                outputs,
            },
        );
    }
}
