//! Templates: the document, its parts, and reading them.

mod bind;
mod check;
mod condition;
mod constraints;
mod flow;
mod graph;
mod inspect;
mod loops;
mod order;
mod output;
mod parameter;
mod pattern;
mod rate_control;
mod read;
mod retry;
mod scope;
mod task;

use indexmap::IndexMap;

pub use bind::{ParameterProblem, ProblemKind};
pub(crate) use check::{Check, suggest};
pub use inspect::{Inspection, inspect, parse};
pub use loops::{Aggregate, Loop};
pub use output::{DataType, OutputDecl, TaskOutput};
pub use parameter::Parameter;
pub use pattern::Pattern;
pub use retry::{DelayType, Retry};
pub use task::{Jump, Task};

use crate::actions::TriggerKind;
use crate::diagnostic::Diagnostic;
use crate::document::Format;
use crate::expr::{Expr, Scope, evaluate};
use crate::value::{Map, Value};

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemplateKind {
    /// `OOS-2019-06-01`: tasks to run.
    Automation,
    /// `OOS-2019-06-01-State`: a desired state of instances. Its `States` are kept, not run.
    State,
}

/// A template that has been read and checked.
///
/// Names inside expressions are those of the declarations, so a [`Scope`] needs no folding of letter
/// case, with one exception: an output of a child template that the task does not declare keeps the
/// spelling of the reference.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Template {
    /// How the text was written.
    pub format: Format,
    /// What the template is for.
    pub kind: TemplateKind,
    /// A text, or a map of texts by language.
    pub description: Option<Value>,
    /// The parameters by name.
    pub parameters: IndexMap<String, Parameter>,
    /// The role the engine assumes.
    pub ram_role: Option<Expr>,
    /// The tasks in order.
    pub tasks: Vec<Task>,
    /// The outputs by name.
    pub outputs: IndexMap<String, OutputDecl>,
    /// The conditions by name.
    pub conditions: IndexMap<String, Expr>,
    /// What consoles need; without meaning at run time.
    pub metadata: Option<Value>,
    /// The `States` of a state template, as written.
    pub states: Option<Value>,
    warnings: Vec<Diagnostic>,
}

impl Template {
    /// What was found that does not stop the template, in the order of the text.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The index of a task, its name in any letter case.
    #[must_use]
    pub fn task_index(&self, name: &str) -> Option<usize> {
        let exact = self.tasks.iter().position(|task| task.name == name);
        exact.or_else(|| {
            self.tasks
                .iter()
                .position(|task| task.name.eq_ignore_ascii_case(name))
        })
    }

    /// All tasks: those of `tasks`, and the ones inside each `ACS::Loop` behind it.
    pub fn all_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().flat_map(Task::with_inner)
    }

    /// The trigger task and what makes it fire.
    #[must_use]
    pub fn trigger(&self) -> Option<(&Task, TriggerKind)> {
        let task = self.tasks.first()?;
        Some((task, task.action.trigger()?))
    }

    /// The `Category` of the template's executions: that of its trigger, or `Other`.
    #[must_use]
    pub fn category(&self) -> &'static str {
        self.trigger().map_or("Other", |(_, kind)| kind.category())
    }

    /// The outputs of an execution. What does not evaluate is null, and what does not convert to its
    /// declared type stays what it is: an output never fails an execution.
    #[must_use]
    pub fn evaluate_outputs(&self, scope: &dyn Scope) -> Map {
        let output = |(name, output): (&String, &OutputDecl)| {
            let value = evaluate(&output.value, scope).unwrap_or_default();
            let converted = output.type_.convert(value.clone()).unwrap_or(value);
            (name.clone(), converted)
        };
        self.outputs.iter().map(output).collect()
    }
}

#[cfg(test)]
mod tests;
