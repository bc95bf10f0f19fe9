//! What only shows when all parts are read: unreachable tasks, circles of defaults.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::check::Check;
use super::parameter::Parameter;
use super::task::{Jump, Task};
use crate::actions::{ActionKind, choice_targets};
use crate::code;
use crate::expr::{Expr, Reference};

/// Checks the place of the trigger and that every task can be reached.
pub(super) fn check(check: &mut Check<'_>, tasks: &[Task]) {
    check_triggers(check, tasks);
    let reached = reached(tasks);
    for (task, _) in tasks.iter().zip(&reached).filter(|(_, reached)| !**reached) {
        let message = format!("no path leads to the task {}", task.name);
        check.warning(code::UNREACHABLE, task.name_span, message);
    }
}

fn check_triggers(check: &mut Check<'_>, tasks: &[Task]) {
    let triggers = tasks
        .iter()
        .enumerate()
        .filter(|(_, task)| task.action.trigger().is_some());
    for (seen, (at, task)) in triggers.enumerate() {
        if seen > 0 {
            let message = format!("the task {} is a second trigger", task.name);
            check.error(code::TRIGGER_PLACE, task.name_span, message);
        } else if at > 0 {
            let message = format!("the trigger {} must be the first task", task.name);
            check.error(code::TRIGGER_PLACE, task.name_span, message);
        }
        if let Some(loop_) = &task.loop_ {
            check.error(
                code::TRIGGER_PLACE,
                loop_.span,
                "a trigger cannot have a loop",
            );
        }
    }
}

fn reached(tasks: &[Task]) -> Vec<bool> {
    let mut reached = vec![false; tasks.len()];
    let mut open: Vec<usize> = if tasks.is_empty() { vec![] } else { vec![0] };
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        for next in successors(tasks, at) {
            if next < tasks.len() && !reached[next] {
                open.push(next);
            }
        }
    }
    reached
}

fn successors(tasks: &[Task], at: usize) -> Vec<usize> {
    let task = &tasks[at];
    let target = |jump: &Jump| match jump {
        Jump::End => None,
        Jump::Next => Some(at + 1),
        Jump::Task(name) => tasks
            .iter()
            .position(|task| task.name.eq_ignore_ascii_case(name)),
    };
    let mut next: Vec<Option<usize>> = vec![target(&task.on_error)];
    if task.when.is_some() {
        next.push(Some(at + 1));
    }
    if task.action.kind() == ActionKind::Choice {
        let targets = choice_targets(&task.properties);
        next.extend(
            targets
                .iter()
                .map(|t| target(&Jump::parse(t.as_literal_str()?))),
        );
        if task.properties.get("DefaultTask").is_none() {
            next.push(Some(at + 1));
        }
    } else {
        next.push(target(&task.on_success));
    }
    next.into_iter().flatten().collect()
}

/// Defaults may only use other parameters and pseudo parameters, and not in a circle.
pub(super) fn check_defaults(check: &mut Check<'_>, parameters: &IndexMap<String, Parameter>) {
    for (name, parameter) in parameters {
        let Some(default) = &parameter.default else {
            continue;
        };
        if default
            .references()
            .iter()
            .any(|r| matches!(r, Reference::Output { .. }))
        {
            let message = "a default is evaluated before any task runs and cannot use an output";
            check.error(code::DEFAULT, default.span(), message);
        }
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
