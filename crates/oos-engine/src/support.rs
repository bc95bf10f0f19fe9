//! What this engine does not do yet, found before an execution exists.

use crate::StartRequest;
use crate::action::ActionRegistry;
use oos_template::actions::ActionKind;
use oos_template::{Span, Task, Template};
use thiserror::Error;

/// Something that the real OOS does and this engine does not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this local OOS does not do that yet: {what}")]
pub struct Unsupported {
    what: String,
    span: Option<Span>,
}

impl Unsupported {
    /// Where in the template it stands, if it stands there.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.span
    }
}

/// Refuses what would have to be left undone when it is reached.
pub(crate) fn check(
    template: &Template,
    actions: &ActionRegistry,
    request: &StartRequest,
) -> Result<(), Unsupported> {
    if template.kind != oos_template::TemplateKind::Automation {
        let what = String::from("running a template that is not an automation template");
        return Err(Unsupported { what, span: None });
    }
    for (name, value, supported) in [
        ("Mode", &request.mode, "Automatic"),
        ("LoopMode", &request.loop_mode, "Automatic"),
        ("SafetyCheck", &request.safety_check, "Skip"),
    ] {
        if value != supported {
            return Err(Unsupported {
                what: format!("{name} {value}"),
                span: None,
            });
        }
    }
    template
        .tasks
        .iter()
        .try_for_each(|task| check_task(task, actions))
}

fn check_task(task: &Task, actions: &ActionRegistry) -> Result<(), Unsupported> {
    let here = |what: String| {
        Err(Unsupported {
            what,
            span: Some(task.span),
        })
    };
    let own = matches!(task.action.kind(), ActionKind::Choice | ActionKind::Sleep)
        || task.action.is_child()
        || task.action.trigger().is_some();
    let action = task.action.as_str().to_owned();
    if !own && actions.get(&action).is_none() {
        return here(format!("the action {action} of the task `{}`", task.name));
    }
    if task.loop_.is_some() {
        return here(format!("the Loop of the task `{}`", task.name));
    }
    Ok(())
}
