//! The machine of a trigger: arm, fire, and wait again.

use super::{Newborn, Run, filter};
use crate::history::Happening;
use crate::input::ChildEnd;
use crate::machine::flow::Flow;
use crate::state::{Firing, LastFiring};
use crate::{Execution, ExecutionHead, ExecutionStart, ExecutionStatus, Outcome, Refusal};
use crate::{TaskStatus, TriggerKind, TriggerMessage, ids};
use oos_template::{Map, Value};

impl Run<'_> {
    /// The trigger task begins to wait for messages.
    pub(super) fn arm(&mut self, place: usize, kind: TriggerKind) -> Flow {
        self.wait(place, String::new());
        if kind == TriggerKind::Timer {
            let message = String::from(
                "This local OOS does not run the schedule of ACS::TimerTrigger yet: \
                 fire it with TriggerExecution.",
            );
            self.note(Some(place), Happening::Warning { message });
        }
        Flow::Wait
    }

    /// A message has come for the trigger.
    pub(super) fn trigger(&mut self, message: TriggerMessage) -> Result<Outcome, Refusal> {
        self.refuse_if_ended()?;
        let place = self.armed(message.kind)?;
        if let Some(verdicts) = self.mismatch(place, &message) {
            let name = self.loaded.tasks[place].name.clone();
            self.note(
                Some(place),
                Happening::NotMatched {
                    name,
                    verdicts: verdicts.clone(),
                },
            );
            return Ok(Outcome::NotMatched { verdicts });
        }
        Ok(Outcome::Triggered {
            child: self.fire(place, message),
        })
    }

    fn armed(&self, kind: TriggerKind) -> Result<usize, Refusal> {
        let id = || self.loaded.execution.start.id.clone();
        let armed = self.loaded.tasks.iter().position(|task| {
            let action = &self.loaded.template.tasks[task.task].action;
            !task.status.is_final() && action.trigger().is_some()
        });
        let place = armed.ok_or_else(|| Refusal::NoTrigger { id: id() })?;
        let action = &self.loaded.template.tasks[self.loaded.tasks[place].task].action;
        match action.trigger() {
            Some(waits_on) if waits_on == kind => Ok(place),
            Some(waits_on) => Err(Refusal::OtherTrigger {
                id: id(),
                waits_on,
                got: kind,
            }),
            None => Err(Refusal::NoTrigger { id: id() }),
        }
    }

    /// The verdicts on a message that the trigger's filter does not let through. Only events are
    /// filtered: a timer has no filter, and an alarm message is the cloud's own proof that the
    /// alarm's condition was met.
    fn mismatch(&self, place: usize, message: &TriggerMessage) -> Option<Vec<crate::Verdict>> {
        if message.kind != TriggerKind::Event {
            return None;
        }
        let filter = &self.loaded.tasks[place].properties;
        let fits = filter::lets_through(filter, &message.content);
        (!fits).then(|| filter::judge(filter, &message.content))
    }

    fn fire(&mut self, place: usize, message: TriggerMessage) -> String {
        let outputs = self.outputs_of_message(place, &message.content);
        let (name, now) = (self.loaded.tasks[place].name.clone(), self.now);
        let id = self.loaded.execution.start.id.clone();
        let head = self.head();
        head.children += 1;
        let number = head.children;
        head.status = ExecutionStatus::Running;
        let last_success = head
            .last_firing
            .as_ref()
            .and_then(|firing| firing.last_success);
        head.last_firing = Some(LastFiring {
            child: ids::child_execution_id(&id, number),
            at: now,
            last_success,
            status: ExecutionStatus::Started,
            status_message: String::new(),
            outputs: Map::new(),
        });
        self.task(place).status = TaskStatus::Running;
        let child = self.child(
            number,
            Firing {
                task: name.clone(),
                outputs,
            },
        );
        let id = child.start.id.clone();
        self.head().active_children.insert(id.clone());
        let child = Newborn::of_parent(&self.loaded.template, child);
        self.step.children.push(child);
        let (kind, content) = (message.kind, message.content);
        self.note(
            Some(place),
            Happening::Triggered {
                name,
                kind,
                child: id.clone(),
                content,
            },
        );
        id
    }

    fn outputs_of_message(&self, place: usize, content: &Value) -> Result<Map, String> {
        let transformer = self.loaded.tasks[place].properties.get("OutputTransformer");
        match transformer {
            Some(Value::Map(map)) if !map.is_empty() => {
                let document = filter::transform(&Value::Map(map.clone()), content)?;
                self.select_outputs(place, &document)
            }
            _ => self.select_outputs(place, content),
        }
    }

    /// The same template with the same parameters, made by this firing.
    fn child(&self, number: u64, firing: Firing) -> Execution {
        let parent = &self.loaded.execution.start;
        let start = ExecutionStart {
            id: ids::child_execution_id(&parent.id, number),
            parent: Some(parent.id.clone()),
            firing: Some(firing),
            created: self.now,
            ..parent.clone()
        };
        Execution {
            start,
            head: ExecutionHead::new(self.now),
        }
    }

    /// A child has ended; when no other is at work, the trigger waits again. It counts only while
    /// the execution lists the child as active. What is told of the last firing is told of its own
    /// child: an older one that ends later does not change it.
    pub(super) fn child_ended(&mut self, end: ChildEnd) {
        if !self.loaded.execution.head.active_children.contains(&end.id) {
            let what = format!("the end of the child {}", end.id);
            return self.note(None, Happening::Dropped { what });
        }
        self.head().active_children.remove(&end.id);
        let (child, status) = (end.id.clone(), end.status);
        let task = self.task_of_child(&end.id);
        self.note(task, Happening::ChildEnded { child, status });
        match task {
            Some(place) if self.is_open(place) => self.child_of_task_ended(place, end),
            Some(_) => {}
            None => self.child_of_trigger_ended(end),
        }
    }

    fn child_of_trigger_ended(&mut self, end: ChildEnd) {
        let head = self.head();
        if let Some(firing) = &mut head.last_firing {
            if end.status == ExecutionStatus::Success {
                firing.last_success = firing.last_success.max(Some(end.created));
            }
            if firing.child == end.id {
                firing.status = end.status;
                firing.status_message = end.status_message;
                firing.outputs = end.outputs;
            }
        }
        if !self.loaded.execution.head.status.is_final() {
            self.wait_again();
        }
    }

    fn wait_again(&mut self) {
        if !self.loaded.execution.head.active_children.is_empty() {
            return;
        }
        let trigger = self
            .loaded
            .tasks
            .iter()
            .position(|task| !task.status.is_final());
        if let Some(place) = trigger {
            self.task(place).status = TaskStatus::Waiting;
            self.head().status = ExecutionStatus::Waiting;
        }
    }
}
