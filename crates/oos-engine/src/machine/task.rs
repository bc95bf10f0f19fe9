//! The machine of a task: begin, attempt, wait, end.

use super::flow::Flow;
use super::{Effect, Run};
use crate::history::Happening;
use crate::turn::chain;
use crate::{ActionReport, ExecutionStatus, Moment, TaskStatus, TriggerKind};
use oos_template::actions::{self, ActionKind, Sleep};
use oos_template::{Jump, Map, Task, Value};
use std::sync::Arc;

impl Run<'_> {
    /// Begins the task at this position of the template.
    pub(super) fn begin_task(&mut self, position: usize) -> Flow {
        let template = Arc::clone(&self.loaded.template);
        let task = &template.tasks[position];
        let kind = task.action.trigger();
        if kind.is_some() && self.loaded.execution.start.firing.is_some() {
            self.head().position = position + 1;
            return Flow::GoOn;
        }
        match self.is_wanted(task) {
            Ok(true) => {}
            Ok(false) => return self.skip_task(position),
            Err(message) => return self.fail_to_begin(position, task, message),
        }
        match oos_template::evaluate(&task.properties, &self.loaded.bindings(self.now)) {
            Ok(properties) => {
                let place = self.open_and_note(position, task, properties);
                self.dispatch(place, task, kind)
            }
            Err(error) => self.fail_to_begin(position, task, chain(&error)),
        }
    }

    fn is_wanted(&self, task: &Task) -> Result<bool, String> {
        let Some(condition) = &task.when else {
            return Ok(true);
        };
        let bindings = self.loaded.bindings(self.now);
        oos_template::evaluate_condition(condition, &bindings).map_err(|error| chain(&error))
    }

    fn skip_task(&mut self, position: usize) -> Flow {
        let place = self.open_task(position, Value::Null);
        self.close_task(place, TaskStatus::Skipped, String::new());
        Flow::GoOn
    }

    fn fail_to_begin(&mut self, position: usize, task: &Task, message: String) -> Flow {
        let place = self.open_and_note(position, task, Value::Null);
        self.end_task(place, Err(message));
        Flow::GoOn
    }

    fn open_and_note(&mut self, position: usize, task: &Task, properties: Value) -> usize {
        let place = self.open_task(position, properties);
        let (name, action) = (task.name.clone(), task.action.as_str().to_owned());
        self.note(Some(place), Happening::TaskStarted { name, action });
        place
    }

    fn dispatch(&mut self, place: usize, task: &Task, kind: Option<TriggerKind>) -> Flow {
        match (task.action.kind(), kind) {
            (_, Some(kind)) => self.arm(place, kind),
            (ActionKind::Choice, None) => self.choose(place, task),
            (ActionKind::Sleep, None) => self.sleep(place, task),
            (ActionKind::Template | ActionKind::Product, None) => self.embed(place),
            _ => self.attempt(place),
        }
    }

    fn choose(&mut self, place: usize, task: &Task) -> Flow {
        match self.next_of_choice(task) {
            Ok(next) => {
                self.close_task(place, TaskStatus::Success, String::new());
                self.jump(&next);
            }
            Err(message) => self.end_task(place, Err(message)),
        }
        Flow::GoOn
    }

    fn next_of_choice(&self, task: &Task) -> Result<Jump, String> {
        let choice = actions::choice(task);
        let bindings = self.loaded.bindings(self.now);
        for branch in &choice.branches {
            let met = oos_template::evaluate_condition(branch.when, &bindings)
                .map_err(|error| chain(&error))?;
            if met {
                return Ok(branch.next.clone());
            }
        }
        Ok(choice.default.clone())
    }

    fn sleep(&mut self, place: usize, task: &Task) -> Flow {
        let end = match actions::sleep(task, &self.loaded.bindings(self.now)) {
            Ok(Sleep::For(duration)) => Ok(self.now.after(duration)),
            Ok(Sleep::Until(end)) => Ok(Moment::from(end)),
            Ok(_) => Err(String::from("This kind of sleep is not known here")),
            Err(error) => Err(chain(&error)),
        };
        let end = match end {
            Ok(end) if end > self.now => end,
            over => {
                self.end_task(place, over.map(|_| Map::new()));
                return Flow::GoOn;
            }
        };
        let message = format!("Sleep estimated finish time ({})", in_log(end));
        self.task(place).wake_at = Some(end);
        self.wait(place, message);
        Flow::Wait
    }

    /// Puts a task, and with it the execution, into Waiting.
    pub(super) fn wait(&mut self, place: usize, message: String) {
        let task = self.task(place);
        task.status = TaskStatus::Waiting;
        task.status_message.clone_from(&message);
        let name = task.name.clone();
        self.head().status = ExecutionStatus::Waiting;
        self.note(Some(place), Happening::TaskWaiting { name, message });
    }

    fn attempt(&mut self, place: usize) -> Flow {
        let task = self.task(place);
        task.attempt += 1;
        let (task_execution_id, attempt) = (task.id.clone(), task.attempt);
        self.step.effects.push(Effect::RunAction {
            task_execution_id,
            attempt,
        });
        Flow::Wait
    }

    /// An attempt has ended; if it is not the one that is under way, its report is dropped.
    pub(super) fn action_ended(&mut self, id: &str, attempt: u32, report: ActionReport) {
        let under_way = self.loaded.is_under_way(id, attempt);
        let Some(place) = self.loaded.task_place(id).filter(|_| under_way) else {
            let what = format!("the report of attempt {attempt} of {id}");
            return self.note(None, Happening::Dropped { what });
        };
        for exchange in report.calls {
            self.note(Some(place), Happening::ApiCalled(exchange));
        }
        for mock in report.mocks_used {
            *self.head().mock_positions.entry(mock).or_default() += 1;
        }
        let outputs = report
            .result
            .and_then(|document| self.select_outputs(place, &document));
        self.end_task(place, outputs);
        self.go_on();
    }

    /// The outputs that a task declares, selected from a document.
    pub(super) fn select_outputs(&self, place: usize, document: &Value) -> Result<Map, String> {
        let row = &self.loaded.tasks[place];
        let bindings = self.loaded.bindings(row.created);
        let declared = &self.loaded.template.tasks[row.task].outputs;
        let select = |(name, output): (&String, &oos_template::TaskOutput)| {
            let value = output.select(document, &bindings);
            let value = value.map_err(|error| format!("The output `{name}`: {}", chain(&error)))?;
            Ok((name.clone(), value))
        };
        declared.iter().map(select).collect()
    }

    pub(super) fn time_has_come(&mut self) {
        for place in 0..self.loaded.tasks.len() {
            let task = &self.loaded.tasks[place];
            let due = task.wake_at.is_some_and(|wake_at| wake_at <= self.now);
            if due && task.status == TaskStatus::Waiting {
                self.head().status = ExecutionStatus::Running;
                self.end_task(place, Ok(Map::new()));
                self.go_on();
            }
        }
    }
}

/// The service's form of a time in a log, `2019-10-16 07:27:35.615945`.
fn in_log(moment: Moment) -> String {
    let time = moment.to_datetime();
    format!(
        "{} {:02}:{:02}:{:02}.{:06}",
        time.date(),
        time.hour(),
        time.minute(),
        time.second(),
        time.microsecond()
    )
}
