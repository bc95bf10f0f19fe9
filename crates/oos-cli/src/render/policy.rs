//! The policy of a template: the document for RAM, and why it says what it says.

use super::words::clean;
use super::{Paint, document as write};
use oos_template::policy::{Permission, Policy};
use serde_json::json;
use std::fmt::Write as _;

/// The policy document alone.
pub(crate) fn document(policy: &Policy) -> String {
    write(&policy.to_document())
}

/// The policy document and the reasons as one document.
pub(crate) fn json(policy: &Policy) -> String {
    let permissions = policy
        .statements
        .iter()
        .flat_map(|statement| &statement.actions);
    let reasons: Vec<_> = permissions
        .map(|one| json!({ "action": one.action, "tasks": one.tasks, "reason": reason(one) }))
        .collect();
    let unknown: Vec<_> = policy
        .unknown
        .iter()
        .map(|one| json!({ "task": one.task, "reason": one.reason }))
        .collect();
    write(&json!({ "policy": policy.to_document(), "reasons": reasons, "unknown": unknown }))
}

/// Why each action is needed, and which tasks are not covered.
pub(crate) fn reasons(policy: &Policy, paint: Paint) -> String {
    let mut text = String::new();
    for statement in &policy.statements {
        let _ = writeln!(text, "{}", paint.strong(&clean(&statement.service)));
        let width = statement
            .actions
            .iter()
            .map(|one| one.action.len())
            .max()
            .unwrap_or(0);
        for one in &statement.actions {
            let _ = writeln!(
                text,
                "  {:<width$}  {}",
                clean(&one.action),
                clean(&reason(one))
            );
        }
    }
    if policy.statements.is_empty() {
        text.push_str("The tasks call no API.\n");
    }
    if !policy.unknown.is_empty() {
        let _ = writeln!(text, "{}", paint.strong("not covered"));
    }
    for one in &policy.unknown {
        let _ = writeln!(text, "  {}: {}", clean(&one.task), clean(&one.reason));
    }
    text
}

fn reason(permission: &Permission) -> String {
    match permission.tasks.as_slice() {
        [] => String::from("whoever starts the execution hands over the RamRole of the template"),
        [task] => format!("task {task}"),
        tasks => format!("tasks {}", tasks.join(", ")),
    }
}
