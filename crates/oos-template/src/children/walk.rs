//! The tasks of a template and of all templates under it.

use super::check::MAX_LAYERS;
use super::find::{Child, ChildName, FindChild};
use super::step::{Step, steps};
use crate::template::Template;

/// Templates under templates multiply; nobody reads a list longer than this.
const MAX_STEPS: usize = 20_000;

/// A task on the way through a template and those under it.
pub(crate) struct Visit<'a> {
    /// The tasks from the root template's down to this one's, this one's name last. Tasks that
    /// `ACS::Loop` repeats stand below it.
    pub(crate) path: Vec<String>,
    pub(crate) step: &'a Step<'a>,
    /// What became of the template that the task runs.
    pub(crate) embedded: Embedded,
}

/// What became of the template that a task runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Embedded {
    /// It runs none.
    None,
    /// It was found; its tasks follow.
    Found,
    /// Nobody has it.
    Missing(ChildName),
    /// Only at run time it shows which.
    Computed,
    /// It has mistakes, or is embedded too deeply or in itself.
    Refused,
}

/// Visits all tasks in the order in which they stand, those of a template below the task that runs it.
pub(crate) fn walk(template: &Template, find: &dyn FindChild, visit: &mut dyn FnMut(&Visit<'_>)) {
    let mut walker = Walker {
        find,
        visit,
        left: MAX_STEPS,
        names: Vec::new(),
    };
    walker.template(template, &[]);
}

struct Walker<'a> {
    find: &'a dyn FindChild,
    visit: &'a mut dyn FnMut(&Visit<'_>),
    left: usize,
    /// The templates around the present one; a given one has no name.
    names: Vec<String>,
}

impl Walker<'_> {
    fn template(&mut self, template: &Template, above: &[String]) {
        for step in steps(template) {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let mut path = above.to_vec();
            path.extend(step.loops.iter().map(|name| (*name).to_owned()));
            path.push(step.name.to_owned());
            self.step(&step, path);
        }
    }

    fn step(&mut self, step: &Step<'_>, path: Vec<String>) {
        let (name, child) = match Child::of(step) {
            None => return self.tell(step, path, Embedded::None),
            Some(Child::Computed) => return self.tell(step, path, Embedded::Computed),
            Some(Child::Given(given)) => (String::new(), given.ok()),
            Some(Child::Named(name)) => match self.find.find(&name) {
                None => return self.tell(step, path, Embedded::Missing(name)),
                Some(found) => (found.name, found.template.ok()),
            },
        };
        let again = !name.is_empty() && self.names.contains(&name);
        let Some(child) = child.filter(|_| !again && self.names.len() < MAX_LAYERS) else {
            return self.tell(step, path, Embedded::Refused);
        };
        self.tell(step, path.clone(), Embedded::Found);
        self.names.push(name);
        self.template(&child, &path);
        self.names.pop();
    }

    fn tell(&mut self, step: &Step<'_>, path: Vec<String>, embedded: Embedded) {
        (self.visit)(&Visit {
            path,
            step,
            embedded,
        });
    }
}
