//! Where the flow may go from each task of a list.

use std::collections::HashMap;

use super::task::{Jump, Task};
use crate::actions::{ActionKind, choice_targets};

/// The ways from task to task.
pub(super) struct Graph<'t> {
    places: HashMap<&'t str, usize>,
    next: Vec<Vec<usize>>,
    previous: Vec<Vec<usize>>,
    /// Which tasks are the target of a jump.
    jumped_to: Vec<bool>,
    certain: bool,
}

impl<'t> Graph<'t> {
    pub(super) fn of(tasks: &'t [Task]) -> Self {
        let mut places = HashMap::new();
        for (at, task) in tasks.iter().enumerate() {
            places.entry(task.name.as_str()).or_insert(at);
        }
        let mut graph = Self {
            places,
            next: Vec::new(),
            previous: vec![Vec::new(); tasks.len()],
            jumped_to: vec![false; tasks.len()],
            certain: true,
        };
        for (at, task) in tasks.iter().enumerate() {
            let next = graph.successors(at, task);
            let inside = next.into_iter().filter(|next| *next < tasks.len());
            let inside: Vec<usize> = inside.collect();
            for next in &inside {
                graph.previous[*next].push(at);
            }
            graph.next.push(inside);
        }
        graph
    }

    /// Whether every way is known. A target that is not written out may be any task.
    pub(super) const fn is_certain(&self) -> bool {
        self.certain
    }

    /// The index of a task of this list by its declared name, else in any letter case.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        let exact = self.places.get(name).copied();
        exact.or_else(|| {
            let mut all = self.places.iter();
            all.find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, at)| *at)
        })
    }

    /// Whether a jump, not only the order of the tasks, leads to the task.
    pub(super) fn is_jumped_to(&self, at: usize) -> bool {
        self.jumped_to[at]
    }

    /// The tasks that may run once this one has begun, it included.
    pub(super) fn reached_from(&self, at: usize) -> Vec<bool> {
        spread(&self.next, self.next.len(), [at])
    }

    /// The tasks that may have run before this one: it is among them only if the flow returns to it.
    pub(super) fn before(&self, at: usize) -> Vec<bool> {
        spread(
            &self.previous,
            self.next.len(),
            self.previous[at].iter().copied(),
        )
    }

    fn successors(&mut self, at: usize, task: &Task) -> Vec<usize> {
        let mut next: Vec<usize> = Vec::new();
        next.extend(self.target(at, &task.on_error));
        if task.when.is_some() {
            next.push(at + 1);
        }
        if task.action.kind() != ActionKind::Choice {
            next.extend(self.target(at, &task.on_success));
            return next;
        }
        let unread = |expr: &crate::Expr| expr.as_list().is_none();
        self.certain &= !task.properties.get("Choices").is_some_and(unread);
        for target in choice_targets(&task.properties) {
            match target.as_literal_str() {
                Some(name) => next.extend(self.target(at, &Jump::parse(name))),
                None => self.certain = false,
            }
        }
        if task.properties.get("DefaultTask").is_none() {
            next.extend(self.target(at, &task.on_success));
        }
        next
    }

    fn target(&mut self, at: usize, jump: &Jump) -> Option<usize> {
        let target = match jump {
            Jump::End => return None,
            Jump::Next => return Some(at + 1),
            Jump::Task(name) => self.index(name)?,
        };
        self.jumped_to[target] = true;
        Some(target)
    }
}

fn spread(next: &[Vec<usize>], count: usize, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open: Vec<usize> = from.into_iter().filter(|at| *at < count).collect();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            open.extend(next[at].iter().filter(|next| !reached[**next]));
        }
    }
    reached
}
