//! The machine of a task that runs another template: find it, make the child, wait for its end.

use super::flow::Flow;
use super::{Effect, Newborn, Run};
use crate::find_template;
use crate::history::Happening;
use crate::input::{ChildEnd, FoundChild};
use crate::{Execution, ExecutionHead, ExecutionStart, ExecutionStatus, TaskStatus};
use crate::{TemplateReference, WantedTemplate, bindings, ids};
use oos_template::{Map, Value};
use std::sync::Arc;

/// So many templates stand at most between a template and the root that embeds it, itself included
/// (help page "acs-template": "at most three layers"; docs/semantics.md, "Layers of templates").
const MOST_LAYERS: usize = 3;

impl Run<'_> {
    /// Asks for the template that a task runs.
    pub(super) fn embed(&mut self, place: usize) -> Flow {
        let row = &self.loaded.tasks[place];
        let action = &self.loaded.template.tasks[row.task].action;
        if let Err(message) = WantedTemplate::of(action, &row.properties) {
            self.end_task(place, Err(message));
            return Flow::GoOn;
        }
        let task = self.task(place);
        task.attempt += 1;
        let (task_execution_id, attempt) = (task.id.clone(), task.attempt);
        self.step.effects.push(Effect::FindTemplate {
            task_execution_id,
            attempt,
        });
        Flow::Wait
    }

    /// The search for a template has ended; if it is not the one that is under way, its result is
    /// dropped.
    pub(super) fn template_found(
        &mut self,
        id: &str,
        attempt: u32,
        found: Result<FoundChild, String>,
    ) {
        let under_way = self.loaded.is_under_way(id, attempt);
        let Some(place) = self.loaded.task_place(id).filter(|_| under_way) else {
            let what = format!("the template for attempt {attempt} of {id}");
            return self.note(None, Happening::Dropped { what });
        };
        match found.and_then(|found| self.child_of_task(place, found)) {
            Ok(child) => self.bear(place, child),
            Err(message) => {
                self.end_task(place, Err(message));
                self.go_on();
            }
        }
    }

    fn bear(&mut self, place: usize, child: Newborn) {
        let id = child.execution.start.id.clone();
        let head = self.head();
        head.children += 1;
        head.active_children.insert(id.clone());
        let task = self.task(place);
        task.child_execution_id = Some(id.clone());
        let name = task.name.clone();
        self.step.children.push(child);
        self.note(Some(place), Happening::ChildStarted { name, child: id });
    }

    fn child_of_task(&self, place: usize, found: FoundChild) -> Result<Newborn, String> {
        let FoundChild { found, template } = found;
        let ancestors = self.ancestors_of(&found.reference, &template)?;
        let parent = &self.loaded.execution.start;
        let row = &self.loaded.tasks[place];
        let id = ids::child_execution_id(&row.id, 1);
        let given = find_template::parameters(
            &self.loaded.template.tasks[row.task].action,
            &row.properties,
        )?;
        let pseudo = bindings::all_pseudo(&parent.tenant, &id, &parent.executed_by, self.now);
        let parameters = template
            .bind_parameters(&given, &pseudo)
            .map_err(|problems| {
                let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
                let name = label(&found.reference);
                format!("The parameters for {name}: {}", sentences.join("; "))
            })?;
        let mut start = ExecutionStart {
            id,
            parent: Some(parent.id.clone()),
            firing: None,
            template: TemplateReference {
                category: template.category().to_owned(),
                ..found.reference
            },
            parameters,
            ancestors,
            created: self.now,
            ..parent.clone()
        };
        if let Some(role) = bindings::ram_role(&template, &start, self.now)? {
            start.ram_role = role;
        }
        let head = ExecutionHead::new(self.now);
        Ok(Newborn {
            template,
            execution: Execution { start, head },
            content: Some(found.content),
        })
    }

    /// The templates around a template that is to be embedded here, if it may be (help page
    /// "acs-template").
    fn ancestors_of(
        &self,
        reference: &TemplateReference,
        template: &oos_template::Template,
    ) -> Result<Vec<String>, String> {
        let start = &self.loaded.execution.start;
        let mut ancestors = start.ancestors.clone();
        ancestors.push(label(&start.template).to_owned());
        let name = label(reference);
        let chain = || format!("{} > {name}", ancestors.join(" > "));
        if !reference.name.is_empty() && ancestors.contains(&reference.name) {
            return Err(format!(
                "A template can not embed itself, not by way of others either: {}",
                chain()
            ));
        }
        if ancestors.len() > MOST_LAYERS {
            return Err(format!(
                "Templates can be embedded in each other {MOST_LAYERS} layers deep, and no deeper: {}",
                chain()
            ));
        }
        match template.trigger() {
            None => Ok(ancestors),
            Some((task, _)) => Err(format!(
                "An embedded template can not have a trigger, as `{}` is one: {}",
                task.name,
                chain()
            )),
        }
    }

    /// The child of a task has ended, and the task with it. What a child that failed leaves in its
    /// outputs is taken over all the same, for the tasks that clean up.
    pub(super) fn child_of_task_ended(&mut self, place: usize, end: ChildEnd) {
        let outputs = Value::Map(end.outputs);
        let result = match end.status {
            ExecutionStatus::Success => self.select_outputs(place, &outputs),
            status => {
                let kept = self.select_what_there_is(place, &outputs);
                self.task(place).outputs = kept;
                Err(match (end.status_message.is_empty(), status) {
                    (false, _) => end.status_message,
                    (true, status) => format!("The child execution {} ended: {status}", end.id),
                })
            }
        };
        self.end_task(place, result);
        self.go_on();
    }

    /// The outputs that can be selected; the others are left out.
    fn select_what_there_is(&self, place: usize, document: &Value) -> Map {
        let row = &self.loaded.tasks[place];
        let bindings = self.loaded.bindings(row.created);
        let declared = &self.loaded.template.tasks[row.task].outputs;
        let select = |(name, output): (&String, &oos_template::TaskOutput)| {
            let value = output.select(document, &bindings).ok()?;
            Some((name.clone(), value))
        };
        declared.iter().filter_map(select).collect()
    }

    /// The place of the task that waits for this child.
    pub(super) fn task_of_child(&self, child: &str) -> Option<usize> {
        self.loaded
            .tasks
            .iter()
            .rposition(|task| task.child_execution_id.as_deref() == Some(child))
    }

    /// Whether a task waits for the end of its child, or for a template.
    pub(super) fn is_open(&self, place: usize) -> bool {
        self.loaded.tasks[place].status == TaskStatus::Running
    }
}

/// How a template is called in a chain of templates.
fn label(reference: &TemplateReference) -> &str {
    if reference.name.is_empty() {
        "(TemplateContent)"
    } else {
        &reference.name
    }
}

impl Newborn {
    /// A child that runs the template of its parent.
    pub(super) fn of_parent(template: &Arc<oos_template::Template>, execution: Execution) -> Self {
        Self {
            template: Arc::clone(template),
            execution,
            content: None,
        }
    }
}
