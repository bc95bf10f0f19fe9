//! Hints for authors about what is no mistake: calls that can not be undone, and the role of the tasks.

use crate::children::{Step, steps};
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::expr::Expr;
use crate::risk;
use crate::template::Template;

/// Hints about a template that is otherwise fine: which calls can not be undone, and that no role is
/// named although APIs are called. Not part of [`inspect`](crate::inspect): a service that refuses
/// templates has no use for them.
///
/// ```
/// use oos_template::{advice, parse};
///
/// let template = parse("FormatVersion: OOS-2019-06-01
/// RamRole: OOSServiceRole
/// Tasks: [ { Name: drop, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: DeleteInstance } } ]
/// ")?;
/// assert_eq!(advice(&template)[0].code.as_str(), "OOS220");
/// # Ok::<(), oos_template::Diagnostics>(())
/// ```
#[must_use]
pub fn advice(template: &Template) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let steps = steps(template);
    for step in &steps {
        let Some(call) = step.api_call() else {
            continue;
        };
        if risk::is_risky(call.api) && !risk::is_normal(step) {
            let message = format!("{} of {} can not be undone", call.api, call.service);
            let span = step.properties.get("API").map_or(step.span, Expr::span);
            found.push(Diagnostic::hint(code::RISKY_CALL, span, message));
        }
    }
    let calls = steps.iter().any(Step::calls_api);
    if calls && template.ram_role.is_none() {
        let message = "the template calls APIs and names no RamRole: OOSServiceRole is taken";
        found.push(Diagnostic::hint(code::NO_RAM_ROLE, Span::START, message));
    }
    found
}
