//! References to outputs of tasks that have not run when they are used.

use std::collections::{HashMap, HashSet};

use super::check::Check;
use super::graph::Graph;
use super::task::Task;
use crate::actions::ActionKind;
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::expr::{Reference, Use};

/// Checks the references of each task of a list, those of the tasks inside it included.
pub(super) fn check(check: &mut Check<'_>, tasks: &[Task], graph: &Graph<'_>) {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (at, task) in tasks.iter().enumerate() {
        for inner in task.with_inner() {
            owners.entry(&inner.name).or_insert(at);
        }
    }
    let reached = graph.reached_from(0);
    for (at, task) in tasks.iter().enumerate().filter(|(at, _)| reached[*at]) {
        let mut told = HashSet::new();
        let mut before = None;
        for (of, used) in uses(task) {
            let Reference::Output { task: name, output } = used.reference else {
                continue;
            };
            if !check.names.task(name).is_some_and(|task| task.has(output)) {
                continue;
            }
            let Some(&source) = owners.get(name.as_str()).filter(|at| reached[**at]) else {
                continue;
            };
            if source == at && (of != Part::Itself || tasks[source].name != *name) {
                continue;
            }
            let before: &Vec<bool> = before.get_or_insert_with(|| graph.before(at));
            let found = if before[source] {
                may_be_skipped(tasks, at, source, graph, &used).filter(|_| of == Part::Itself)
            } else {
                Some(too_early(task, &tasks[source], used.span))
            };
            if let Some(mut found) = found.filter(|_| told.insert(source)) {
                found.span = check.source.place(used.span, used.reference);
                check.found.push(found);
            }
        }
    }
}

/// What of a task uses a reference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The task itself, when it runs.
    Itself,
    /// Its outputs, once it has run.
    Outputs,
    /// A task inside it.
    Inner,
}

fn uses(task: &Task) -> Vec<(Part, Use<'_>)> {
    let mut found = Vec::new();
    for (nth, inner) in task.with_inner().into_iter().enumerate() {
        let part = |part| if nth == 0 { part } else { Part::Inner };
        for expr in inner.expressions() {
            found.extend(
                expr.uses()
                    .into_iter()
                    .map(|used| (part(Part::Itself), used)),
            );
        }
        for output in inner.outputs.values() {
            let uses = output.selector.uses().into_iter();
            found.extend(uses.map(|used| (part(Part::Outputs), used)));
        }
    }
    found
}

/// The task that is named can never have run: the value is always null. The service may take that
/// as it is, so it is a warning.
fn too_early(task: &Task, source: &Task, span: Span) -> Diagnostic {
    let message = if task.name == source.name {
        format!(
            "the task {} uses an output of its own before it has run",
            task.name
        )
    } else {
        format!(
            "the task {} cannot have run before {}",
            source.name, task.name
        )
    };
    Diagnostic::warning(code::TOO_EARLY, span, message)
}

/// The task that is named has a `When`, and nothing shows that the author thought of it.
fn may_be_skipped(
    tasks: &[Task],
    at: usize,
    source: usize,
    graph: &Graph<'_>,
    used: &Use<'_>,
) -> Option<Diagnostic> {
    let chosen = |task: &Task| task.action.kind() == ActionKind::Choice;
    let thought_of = used.in_function
        || tasks[source].when.is_none()
        || tasks[at].when.is_some()
        || graph.is_jumped_to(at)
        || source > at
        || tasks[source..at].iter().any(chosen);
    (!thought_of).then(|| {
        let name = &tasks[source].name;
        let message = format!("if the When of {name} does not hold, this is null");
        Diagnostic::hint(code::MAY_BE_SKIPPED, used.span, message)
    })
}
