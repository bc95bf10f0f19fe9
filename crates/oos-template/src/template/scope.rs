//! References that have no meaning where they stand: outputs in defaults, loop items outside of loops.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::check::Check;
use super::output::OutputDecl;
use super::parameter::Parameter;
use super::task::Task;
use crate::actions::ActionKind;
use crate::code;
use crate::expr::{Expr, Reference, Use};

pub(super) fn check(
    check: &mut Check<'_>,
    parameters: &IndexMap<String, Parameter>,
    tasks: &[Task],
    outputs: &IndexMap<String, OutputDecl>,
) {
    check_defaults(check, parameters);
    // What stands in the content of another template may be filled in by the task that runs it.
    if check.embedded {
        return;
    }
    let in_no_loop =
        |task: &&Task| task.key_span("Loop").is_none() && task.action.kind() != ActionKind::Loop;
    for task in tasks.iter().filter(in_no_loop) {
        let selectors = task.outputs.values().map(|output| &output.selector);
        for expr in task.expressions().chain(selectors) {
            let message = format!("the task {} has no loop, so it has no loop item", task.name);
            check_item(check, expr, &message);
        }
    }
    for output in outputs.values() {
        check_item(
            check,
            &output.value,
            "an output of the template has no loop item",
        );
    }
}

fn check_item(check: &mut Check<'_>, expr: &Expr, message: &str) {
    let is_item = |used: &Use<'_>| match used.reference {
        Reference::Pseudo(name) => name == "ACS::TaskLoopItem",
        _ => false,
    };
    for used in expr.uses().into_iter().filter(is_item) {
        let span = check.source.place(used.span, used.reference);
        check.warning(code::PSEUDO, span, message);
    }
}

/// Defaults may only use other parameters and pseudo parameters, and not in a circle.
fn check_defaults(check: &mut Check<'_>, parameters: &IndexMap<String, Parameter>) {
    for (name, parameter) in parameters {
        let Some(default) = &parameter.default else {
            continue;
        };
        let output = |used: &Use<'_>| matches!(used.reference, Reference::Output { .. });
        if let Some(used) = default.uses().into_iter().find(output) {
            let message = "a default is evaluated before any task runs and cannot use an output";
            let span = check.source.place(used.span, used.reference);
            check.error(code::DEFAULT, span, message);
        }
        check_item(
            check,
            default,
            "the default of a parameter has no loop item",
        );
        if depends_on_itself(parameters, name) {
            let message = format!("the default of {name} depends on itself");
            check.error(code::DEFAULT_CYCLE, default.span(), message);
        }
    }
}

fn depends_on_itself(parameters: &IndexMap<String, Parameter>, name: &str) -> bool {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = vec![name];
    while let Some(at) = open.pop() {
        let default = parameters
            .get(at)
            .and_then(|parameter| parameter.default.as_ref());
        for next in default.map(parameters_of).unwrap_or_default() {
            if next == name {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

/// The parameters an expression refers to.
pub(super) fn parameters_of(expr: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    for reference in expr.references() {
        if let Reference::Parameter(name) = reference {
            found.push(name.as_str());
        }
    }
    found
}
