//! What only shows when all tasks are read: triggers out of place, jumps out of a list, tasks that
//! nothing leads to.

use super::check::Check;
use super::graph::Graph;
use super::order;
use super::read::duplicate_tasks;
use super::task::{Jump, Task};
use crate::actions::{ActionKind, choice_targets};
use crate::code;

/// Checks the tasks of a template, and those inside them.
pub(super) fn check(check: &mut Check<'_>, tasks: &[Task]) {
    check_list(check, tasks, true);
}

fn check_list(check: &mut Check<'_>, tasks: &[Task], may_trigger: bool) {
    duplicate_tasks(check, tasks);
    check_triggers(check, tasks, may_trigger);
    let graph = Graph::of(tasks);
    check_jumps(check, tasks, &graph);
    if graph.is_certain() {
        check_reached(check, tasks, &graph);
        order::check(check, tasks, &graph);
    }
    for task in tasks.iter().filter(|task| !task.tasks.is_empty()) {
        check_list(check, &task.tasks, false);
    }
}

fn check_triggers(check: &mut Check<'_>, tasks: &[Task], may_trigger: bool) {
    let triggers = tasks
        .iter()
        .enumerate()
        .filter(|(_, task)| task.action.trigger().is_some());
    for (seen, (at, task)) in triggers.enumerate() {
        let name = &task.name;
        let problem = match (may_trigger, seen, at) {
            (false, _, _) => format!("the trigger {name} cannot stand inside a loop"),
            (true, 0, 0) => String::new(),
            (true, 0, _) => format!("the trigger {name} must be the first task"),
            (true, _, _) => format!("the task {name} is a second trigger"),
        };
        if !problem.is_empty() {
            check.error(code::TRIGGER_PLACE, task.name_span, problem);
        }
        if let Some(loop_) = &task.loop_ {
            let message = "a trigger cannot have a loop";
            check.error(code::TRIGGER_PLACE, loop_.span, message);
        }
    }
}

/// The tasks inside a loop and those around it are two flows. Whether a jump may cross, nobody has said.
fn check_jumps(check: &mut Check<'_>, tasks: &[Task], graph: &Graph<'_>) {
    for task in tasks {
        let mut targets = vec![
            (&task.on_error, task.key_span("OnError")),
            (&task.on_success, task.key_span("OnSuccess")),
        ];
        let choices: Vec<_> = match task.action.kind() {
            ActionKind::Choice => choice_targets(&task.properties)
                .iter()
                .filter_map(|target| Some((Jump::parse(target.as_literal_str()?), target.span())))
                .collect(),
            _ => Vec::new(),
        };
        targets.extend(choices.iter().map(|(jump, span)| (jump, Some(*span))));
        for (jump, span) in targets {
            let Jump::Task(name) = jump else { continue };
            if graph.index(name).is_none() && check.names.task(name).is_some() {
                let message = format!("{name} is no task of the list that {} stands in", task.name);
                let span = span.unwrap_or(task.name_span);
                check.warning(code::JUMP_TARGET, span, message);
            }
        }
    }
}

/// Of tasks that only follow unreachable ones nothing is told.
fn check_reached(check: &mut Check<'_>, tasks: &[Task], graph: &Graph<'_>) {
    let mut reached = graph.reached_from(0);
    for (at, task) in tasks.iter().enumerate() {
        if reached[at] {
            continue;
        }
        let message = format!("no path leads to the task {}", task.name);
        check.warning(code::UNREACHABLE, task.name_span, message);
        for (known, more) in reached.iter_mut().zip(graph.reached_from(at)) {
            *known |= more;
        }
    }
}
