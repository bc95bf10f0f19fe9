//! All tasks of a template, those that `ACS::Loop` repeats included.

use crate::actions::{ActionKind, ActionName};
use crate::diagnostic::Span;
use crate::expr::Expr;
use crate::template::{Task, Template};

/// A task, at the top of a template or inside of an `ACS::Loop`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Step<'t> {
    /// The name.
    pub name: &'t str,
    /// What it does.
    pub action: ActionName,
    /// What the action gets.
    pub properties: &'t Expr,
    /// The task itself.
    pub task: &'t Task,
    /// Where the name stands.
    pub span: Span,
    /// The names of the `ACS::Loop` tasks around it.
    pub loops: Vec<&'t str>,
}

/// A call of an API, as far as it is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an API is named by its product and its name"
)]
pub struct ApiCall<'t> {
    /// The code of the product, as written.
    pub service: &'t str,
    /// The name of the API, as written.
    pub api: &'t str,
}

/// The tasks of a template in the order of the text, the repeated ones after their `ACS::Loop`.
#[must_use]
pub fn steps(template: &Template) -> Vec<Step<'_>> {
    let mut all = Vec::new();
    for task in &template.tasks {
        add(&mut all, task, &[]);
    }
    all
}

fn add<'t>(all: &mut Vec<Step<'t>>, task: &'t Task, loops: &[&'t str]) {
    all.push(Step {
        name: &task.name,
        action: task.action.clone(),
        properties: &task.properties,
        task,
        span: task.name_span,
        loops: loops.to_vec(),
    });
    let mut inside = loops.to_vec();
    inside.push(&task.name);
    for inner in &task.tasks {
        add(all, inner, &inside);
    }
}

impl<'t> Step<'t> {
    /// The API that the task calls, if it calls one and its name is written out.
    #[must_use]
    pub fn api_call(&self) -> Option<ApiCall<'t>> {
        if !self.calls_api() {
            return None;
        }
        let text = |name: &str| self.properties.get(name)?.as_literal_str();
        Some(ApiCall {
            service: text("Service")?,
            api: text("API")?,
        })
    }

    /// Whether the task calls an API of a cloud product.
    #[must_use]
    pub const fn calls_api(&self) -> bool {
        matches!(
            self.action.kind(),
            ActionKind::ExecuteApi | ActionKind::WaitFor | ActionKind::CheckFor
        )
    }
}
